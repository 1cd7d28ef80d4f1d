"""Oscillators as batteries and beside them, against dense matrices of modes and Pauli spins.

At γ = 0 no quanta are made, so that a mode cut at all quanta there are is whole.
"""

import itertools
from functools import reduce

import numpy as np
import pytest

from numerics import (
    CoupledOscillators,
    OscillatorBattery,
    SpinCharger,
    TwoPhotonCharger,
    certified,
    charge,
    dicke,
    fock,
    loss,
    mixture,
    product,
    superposition,
    thermal,
)
from numerics.model.checks import InvalidArgument
from numerics.observables.table import OBSERVABLES
from symbattery import UnsolvedError, solve
from symbattery.symbols import N
from tests.systems import oracle

TIMES = np.array([0.0, 0.4, 1.3, -2.7, 6.1])
SPINS = OscillatorBattery(3, "0.7", "1.2", "0.9", "0.2", "-0.15")
SYSTEMS = {
    "two-level charger": (OscillatorBattery(1, frequency="1.3"), dicke(2, 1)),
    "spins": (SPINS, None),
    "spins and quanta": (SPINS, dicke(1, 2)),
    "mixture": (OscillatorBattery(2), mixture([("1/4", dicke(0, 2)), ("3/4", dicke(2, 1))])),
    "product": (OscillatorBattery(2, "-0.4"), product([], [1, "0.3"])),
    "thermal spins": (OscillatorBattery(2), thermal(charger_population="0.8")),
    "oscillators": (CoupledOscillators("0.6"), fock(3)),
    "detuned oscillators": (CoupledOscillators("0.6", "1.1", "0.7"), fock(2, excited_cells=1)),
    "thermal oscillator": (CoupledOscillators("-0.5"), thermal(charger_inverse_temperature=3)),
}  # fmt: skip


def mode(size):
    return np.diag(np.sqrt(np.arange(1.0, size)), 1)


class Dense:
    """H, ρ(0) as a matrix A with ρ = AAᵀ, and ω₀ of a system; the battery comes first."""

    def __init__(self, model, initial):
        self.omega, omega_c = map(float, model.frequencies)
        g = 1.0 if model.coupling is None else float(model.coupling)
        spins = getattr(model, "chargers", None)
        initial = initial or model.default_start()
        parts = initial.parts if hasattr(initial, "parts") else [(1, initial)]
        self.size = 14 if type(initial).__name__ == "Thermal" else 6
        columns = []
        if spins is None:
            charger, lower = np.arange(float(self.size)), mode(self.size)
            own = omega_c * np.diag(charger)
        else:
            sites = range(spins)
            z = oracle.total(oracle.Z, sites, spins).real
            lower = oracle.total(oracle.LOWER, sites, spins).real
            own = omega_c * z / 2
            for one, other in itertools.permutations(sites, 2):
                pairs = oracle.embed({one: oracle.RAISE, other: oracle.LOWER}, (2,) * spins)
                own = own + float(model.charger_crosstalk) * (pairs + pairs.T).real
                ising = oracle.embed({one: oracle.Z, other: oracle.Z}, (2,) * spins).real
                own = own + float(model.charger_longitudinal) * ising
            charger = (z.diagonal() + spins) / 2
        self.quanta, self.k = charger, np.arange(float(self.size))
        self.wide = len(charger)
        hop = np.kron(mode(self.size).T, lower)
        energies = np.kron(np.diag(self.omega * self.k), np.eye(self.wide))
        self.matrix = energies + np.kron(np.eye(self.size), own) + g * (hop + hop.T)
        self.charger_energy = np.kron(np.eye(self.size), omega_c * np.diag(self.quanta))
        self.battery_energy = energies
        for weight, state in parts:
            for share, cells, vector in self._products(state, spins, omega_c):
                start = np.kron(np.eye(self.size)[cells], vector)
                columns.append(np.sqrt(float(weight) * share) * start)
        self.columns = np.array(columns).T
        self.values, self.vectors = np.linalg.eigh(self.matrix)

    def _products(self, state, spins, omega_c):
        kind = type(state).__name__
        if kind == "Fock":
            yield 1.0, state.excited_cells, np.eye(self.wide)[state.photons]
        elif kind == "Dicke":
            vector = oracle.dicke_vector(spins, state.excited_chargers)
            yield 1.0, state.excited_cells, vector / np.linalg.norm(vector)
        elif spins is None:
            x = np.exp(-float(state.charger_inverse_temperature) * omega_c)
            for n in range(self.wide):
                yield (1 - x) * x**n, 0, np.eye(self.wide)[n]
        else:
            p = getattr(state, "charger_populations", None) or (state.charger_population,) * spins
            for up in itertools.product((0, 1), repeat=spins):
                share = float(
                    np.prod([float(q) if u else 1 - float(q) for q, u in zip(p, up, strict=True)])
                )
                yield share, 0, reduce(np.kron, [oracle.UP if u else oracle.DOWN for u in up])

    def at(self, time):
        phases = np.exp(-1j * self.values * time)[:, None]
        return self.vectors @ (phases * (self.vectors.T @ self.columns))

    def quantities(self, time):
        moved = self.at(time)
        rho = np.einsum(
            "kcr,lcr->kl", *(m.reshape(self.size, self.wide, -1) for m in (moved, moved.conj()))
        )
        p, levels = rho.diagonal().real, np.sort(np.linalg.eigvalsh(rho))[::-1]
        mean = p @ self.k
        power = 1j * (self.matrix @ self.battery_energy - self.battery_energy @ self.matrix)
        means = [np.einsum("ir,ir->", moved.conj(), x @ moved).real for x in (power, power @ power)]
        after, before = (
            np.einsum("ir,ir->", m.conj(), (self.charger_energy + self.battery_energy) @ m).real
            for m in (moved, self.columns)
        )
        start = np.abs(self.columns.reshape(self.size, self.wide, -1)) ** 2
        some = levels[levels > 1e-14]
        transposed = np.einsum(
            "kcr,ldr->kdlc", *(m.reshape(self.size, self.wide, -1) for m in (moved, moved.conj()))
        )
        size = self.size * self.wide
        ergotropy = self.omega * (mean - levels @ self.k)
        return {
            "energy": self.omega * (mean - start.sum(axis=(1, 2)) @ self.k),
            "populations": p,
            "energy_variance": self.omega**2 * (p @ self.k**2 - mean**2),
            "ergotropy": ergotropy,
            "ergotropy(sense=symmetric)": ergotropy,
            "locked_energy": self.omega * mean - ergotropy,
            "passive_energy": self.omega * mean - ergotropy,
            "entropy": -some @ np.log(some),
            "purity": (levels**2).sum(),
            "instantaneous_power": means[0],
            "power_variance": means[1] - means[0] ** 2,
            "switching_work": after - before,
            "negativity": np.abs(np.linalg.eigvalsh(transposed.reshape(size, size))).sum() / 2 - 0.5
            if size < 200
            else None,
        }


@pytest.mark.parametrize("name", SYSTEMS)
def test_quantities(name):
    model, initial = SYSTEMS[name]
    battery, dense = charge(model, initial), Dense(model, initial)
    for time in TIMES:
        for quantity, wanted in dense.quantities(time).items():
            own, _, option = quantity.rstrip(")").partition("(sense=")
            # Unequal charger spins have no negativity by sectors.
            if wanted is None or (quantity, name) == ("negativity", "product"):
                continue
            given = {"sense": option} if option else {}
            found = getattr(battery, own)(time, **given)
            if quantity == "populations":
                wanted = wanted[: len(found)]
            np.testing.assert_allclose(found, wanted, rtol=0, atol=2e-12, err_msg=quantity)
        if "thermal" not in name:
            found = certified.energy(model, time, 20, initial, floats=True)
            assert float(found.midpoint) == pytest.approx(
                dense.quantities(time)["energy"], abs=1e-11
            )


@pytest.mark.parametrize("name", ["spins", "detuned oscillators"])
def test_proven_ergotropies(name):
    model, initial = SYSTEMS[name]
    for sense in ("full", "symmetric", "daemonic"):
        found = certified.ergotropy(model, "1.3", 20, initial, sense=sense)
        wanted = charge(model, initial).ergotropy(1.3, sense=sense)
        assert float(found.midpoint) == pytest.approx(wanted, abs=1e-12)


def test_what_an_oscillator_has_no_meaning_for_is_refused_by_name():
    battery = charge(SPINS)
    for call, message in (
        (lambda: battery.capacity(1.0), "`capacity` must be asked of a battery with a highest"),
        (lambda: battery.first_peak("capacity"), "`capacity` must be asked of a battery with"),
        (lambda: battery.ergotropy(1.0, sense="local"), "`model` must have a battery of spins"),
        (lambda: battery.ergotropy(1.0, cells=1), "`model` must have a battery of spins"),
        (lambda: battery.reduced_state(1, 1.0), "`cells` must be left out for a harm"),
        (lambda: battery.concurrence(1.0), "`cells` must be at least 2 spins"),
        (lambda: battery.concurrence(1.0, between="cell-charger"), "`between` must be cells"),
        (lambda: battery.quantum_fisher_information(1.0), "`model` must have a battery of spins"),
        (lambda: SPINS.single_cell(), "`model` must consist of cells"),
        (lambda: solve(OscillatorBattery(2)).capacity, "`model` must have a battery with a"),
        (lambda: solve(OscillatorBattery(2)).ergotropy("local"), "`model` must have a battery"),
        (lambda: charge(CoupledOscillators(), thermal(charger_population=0.5)), "be left open"),
        (lambda: charge(CoupledOscillators(), thermal(cell_inverse_temperature=0)), "positive"),
        (lambda: charge(TwoPhotonCharger(1), noise=[loss("cavity", 1)]), "`side` must be another"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            call()
    with pytest.raises(UnsolvedError, match="the chain of this start must end"):
        solve(OscillatorBattery(N))


def test_every_row_is_had_or_refused():
    battery = charge(SPINS)
    for name, row in OBSERVABLES.items():
        options = {o.name: 0.5 for o in row.options if o.default is None and o.name == "u"}
        try:
            values = np.asarray(getattr(battery, name)(TIMES, **options))
        except InvalidArgument:
            assert name in {"capacity", "concurrence", "quantum_fisher_information"}
        else:
            assert values.shape[0] == len(TIMES)


@pytest.mark.parametrize("quantity", ["energy", "ergotropy"])
def test_maxima(quantity):
    battery = charge(CoupledOscillators(), fock(2))
    peak = battery.first_peak(quantity)
    assert (peak.time, peak.value) == pytest.approx((np.pi / 2, 2), abs=1e-8)
    assert battery.maximum(quantity, until=9).value == pytest.approx(2, abs=1e-9)
    times = np.linspace(1e-3, 4, 4001)
    wanted = (getattr(battery, quantity)(times) / times).max()
    assert battery.max_power(quantity).value == pytest.approx(wanted, rel=1e-5)


def test_oscillators_with_loss():
    """Linear: n quanta are n times one, E = g² exp(-(Γ+κ)t/2) (sin Ωt/Ω)², Ω² = g² - (κ-Γ)²/16."""
    own, other = 0.3, 0.5
    noise = [loss("cells", own), loss("cavity", other)]
    found = charge(CoupledOscillators(), fock(3), noise=noise).energy(TIMES[:3])
    omega = np.sqrt(1 - (other - own) ** 2 / 16)
    swing = (np.sin(omega * TIMES[:3]) / omega) ** 2
    wanted = 3 * np.exp(-(own + other) * TIMES[:3] / 2) * swing
    np.testing.assert_allclose(found, wanted, atol=1e-9)
    # A spin and an oscillator with one quantum are alike.
    one = charge(OscillatorBattery(1), noise=[loss("chargers", own)]).energy(TIMES[:3])
    two = charge(SpinCharger(1, 1), noise=[loss("chargers", own)]).energy(TIMES[:3])
    np.testing.assert_allclose(one, two, atol=1e-12)


def test_superposed_photons_of_both_parities():
    """Of two ladders, in both engines and proven."""
    model, start = TwoPhotonCharger(2, "1/3"), superposition([0, 1, "2/3", 1, "1/2"])
    found = charge(model, start).energy(1.3)
    closed = solve(model, start).function("energy", frequency=1)(1.3)
    assert float(closed) == pytest.approx(found, abs=1e-13)
    proven = certified.energy(model, "1.3", 20, start)
    assert float(proven.midpoint) == pytest.approx(found, abs=1e-13)
