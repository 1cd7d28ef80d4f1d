"""Bounds on E, P and the Fisher information: thousands of models that try to violate them."""

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.special import ellipj, ellipk

from numerics import (
    CavityCharger,
    CoupledOscillators,
    InvalidArgument,
    SpinCharger,
    charge,
    coherent,
    energy_bound,
    fisher_information_bound,
    power_bound,
    superposition,
)
from numerics.model.states import Thermal, dicke, fock, mixture, thermal
from tests.errors import one_clear_error

# The largest sin²y/y.
TIMES = np.linspace(0, 1.5, 60)
SINE = 0.7246113537767085
CAVITY = "cell_crosstalk", "cell_longitudinal", "charger_frequency"
ENERGIES = ("charger_crosstalk", "cell_crosstalk", "longitudinal", "cell_longitudinal")


KINDS = ("spins up", "Dicke", "thermal", "cavity", "γ ≠ 0")


def drawn(seed, kind):
    """Fifty models, most of them small, and their starts: a thousand with twenty seeds."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    for i in range(50):
        largest = 4 if kind in ("thermal", "γ ≠ 0") else 100 if i == 0 else 20 if i < 3 else 6
        cells, quanta = rng.integers(1, largest + 1, 2).tolist()
        excited = int(rng.integers(0, cells + 1)) * int(rng.integers(0, 2))
        own = {
            name: float(rng.normal() * 10 ** rng.uniform(-1, 1))
            for name in ENERGIES
            if rng.random() < 0.25
        }
        if rng.random() < 0.4:
            own["charger_frequency"] = float(10 ** rng.uniform(-0.5, 1))
        scale = {
            "coupling": float(rng.choice([-1, 1]) * 10 ** rng.uniform(-1, 1)),
            "frequency": float(10 ** rng.uniform(-1, 1)),
        }
        if kind == "cavity":
            own = {name: own[name] for name in own.keys() & set(CAVITY)}
            start = fock(quanta, excited_cells=excited)
            yield CavityCharger(cells, **scale, **own), start
            continue
        if kind == "γ ≠ 0":
            own["anisotropy"] = float(rng.normal() * rng.choice([0.1, 1.0, 3.0]))
        start = None
        if kind == "Dicke":
            start = dicke(excited, int(rng.integers(0, quanta + 1)))
        elif kind == "thermal":
            start = thermal(charger_population=float(rng.random()))
        yield SpinCharger(cells, quanta, **scale, **own), start


def spins(cells, chargers, t):
    """K in closed form for spins that are all up, in 1/g: Jacobi's elliptic functions."""
    a, b = max(cells + 1, chargers), min(cells + 1, chargers)
    modulus = b * (a + 1) / (a * (b + 1))
    sn, *_ = ellipj(np.minimum(np.sqrt(a * (b + 1)) * t, ellipk(modulus)), modulus)
    return b * sn**2 / (b + 1 - b * sn**2)


def photons(cells, quanta, t):
    """K in closed form for a cavity, in 1/g."""
    a, b = max(cells + 1, quanta), min(cells + 1, quanta)
    angle = np.minimum(np.sqrt(a) * t, ellipk(b / a))
    return b * ellipj(angle, b / a)[0] ** 2


def closed(model, initial, t):
    """The rows of `docs/laws.md` that are of this model: bounds on E at t and on P, over ω0."""
    cells, g = model.cells, abs(model.coupling)
    if isinstance(model, CavityCharger):
        if initial.excited_cells:
            return
        quanta = initial.photons
        least, rate = min(cells, quanta), g * math.sqrt(max(cells, quanta))
        yield (
            least * np.sin(np.minimum(rate * t, math.pi / 2)) ** 2,
            SINE * least * rate * (1 + 1e-12),
        )
        yield photons(cells, quanta, g * t), math.inf
        return
    chargers = model.chargers
    rate, least = g * math.sqrt(cells * chargers), min(cells, chargers)
    if isinstance(initial, Thermal):
        yield initial.charger_population * np.sinh(rate * t) ** 2, math.inf
        return
    up = chargers
    if initial is not None:
        if initial.excited_cells:
            return
        up = initial.excited_chargers
    if model.anisotropy:
        rate *= 1 + abs(model.anisotropy)
        yield np.sinh(rate * t) ** 2, cells * rate / math.asinh(math.sqrt(cells))
        return
    # All starts of the spins with m of them up: the same mean ⟨J₊J₋⟩.
    first, slope = up * (chargers - up + 1), max(0, 2 * up - chargers - 2)
    yield first / chargers * np.sinh(rate * t) ** 2, math.inf
    least = min(cells, up)
    if slope:
        fast = g * math.sqrt(cells * slope)
        most = fast * least / math.asinh(math.sqrt(least * slope / first)) if least else 0
        yield first / slope * np.sinh(fast * t) ** 2, most
    else:
        yield first * cells * (g * t) ** 2, g * math.sqrt(least * cells * first)
    if initial is None:
        yield np.sinh(rate * t) ** 2, least * rate / math.asinh(math.sqrt(least))
        yield spins(cells, chargers, g * t), math.inf


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("kind", KINDS)
def test_no_model_exceeds_them(kind, seed):
    rng, rows = np.random.default_rng([seed, KINDS.index(kind), 1]), 0
    for model, initial in drawn(seed, kind):
        battery, most = charge(model, initial), power_bound(model, initial)
        information = fisher_information_bound(model, initial)
        scale = abs(model.coupling) * math.sqrt(
            model.cells * getattr(model, "chargers", model.cells)
        )
        # Where the bound is near, where it is weak, and around what bounds the power.
        times = np.concatenate([rng.uniform(0, 4, 16), 10 ** rng.uniform(-3, 0.5, 16)]) / scale
        energy, allowed = battery.energy(times), energy_bound(model, times, initial)
        assert np.all(energy <= allowed * (1 + 1e-12) + 1e-14 * model.frequency), (model, initial)
        assert np.all(battery.power(times) <= most * (1 + 1e-12)), (model, initial)
        assert np.all(allowed <= most * times * (1 + 1e-9)), (model, initial)
        found = battery.fisher_information(times)
        assert np.all(found <= information * (1 + 1e-7)), (model, initial)
        for above, fastest in closed(model, initial, times):
            rows += 1
            assert np.all(energy <= model.frequency * above * (1 + 1e-12) + 1e-13), model
            assert np.all(battery.power(times) <= model.frequency * fastest * (1 + 1e-12)), model
    assert rows >= 20


@pytest.mark.parametrize("seed", range(20))
def test_no_detuned_battery_exceeds_its_own_bound(seed):
    """The closed form of spins up with ωa − ωc = δ, on both sides of |δ| = 2g√(MN)."""
    rng = np.random.default_rng([seed, 2])
    for cells, chargers in rng.integers(1, 8, (50, 2)).tolist():
        g, frequency = (10 ** rng.uniform(-1, 1, 2)).tolist()
        fast = 2 * g * math.sqrt(cells * chargers)
        other = frequency + fast * rng.choice([-1, 1]) * rng.uniform(0, 3)
        other = float(other if other > 0 else 2 * frequency - other)
        model = SpinCharger(
            cells, chargers, coupling=g, frequency=frequency, charger_frequency=other
        )
        square = complex(fast**2 - (other - frequency) ** 2)
        times = rng.uniform(0, 4, 32) / fast
        # A sine stays at its top.
        angle = np.sqrt(square) * times / 2
        angle = angle.real + 1j * np.minimum(angle.imag, math.pi / 2)
        allowed = (fast**2 / square * np.sinh(angle) ** 2).real
        energy = charge(model).energy(times) / frequency
        assert np.all(energy <= allowed * (1 + 1e-9) + 1e-13), model


@pytest.mark.parametrize("apart", [1e2, 1e4, 1e6, 1e8, 1e10, 1e12])
@pytest.mark.parametrize(
    ("model", "initial"),
    [
        (SpinCharger(1, 3, charger_frequency=1), None),
        (SpinCharger(3, 2, cell_crosstalk=1), None),
        (SpinCharger(4, 4, cell_crosstalk=-1, charger_crosstalk=0.3), None),
        (SpinCharger(3, 4, cell_crosstalk=1), dicke(1, 2)),
        (SpinCharger(2, 5, longitudinal=1), None),
        (CavityCharger(3, charger_frequency=1), fock(4)),
    ],
)
def test_they_hold_where_little_is_charged(apart, model, initial):
    """Energies that are so large beside g leave a small part of a quantum to be gained."""
    given = {name: apart * getattr(model, name) for name in ENERGIES if getattr(model, name, 0)}
    if model.charger_frequency is not None:
        given["charger_frequency"] = 1 + apart
    model = replace(model, **given)
    times = np.array([0.1, 0.5, 1, 2, 5, 1e4]) / apart
    energy, allowed = charge(model, initial).energy(times), energy_bound(model, times, initial)
    assert np.all(energy <= allowed * (1 + 1e-12))
    assert np.all(charge(model, initial).power(times) <= power_bound(model, initial))
    if model.cells == 1:
        np.testing.assert_allclose(energy[:3], allowed[:3], rtol=1e-9)


@pytest.mark.parametrize(
    ("model", "initial"),
    [
        (SpinCharger(7, 4, coupling=-0.3), None),
        (SpinCharger(5, 6, charger_frequency=3, cell_crosstalk=2), dicke(0, 4)),
        (CavityCharger(5, frequency=2), fock(3)),
        (SpinCharger(4, 3, anisotropy=0.8), None),
        (SpinCharger(4, 3), thermal(charger_population=0.3)),
    ],
)
def test_they_are_reached_at_small_times(model, initial):
    """To order t²: there is room for no better constant in them."""
    times = np.array([1e-4, 1e-3])
    energy, allowed = charge(model, initial).energy(times), energy_bound(model, times, initial)
    np.testing.assert_allclose(energy, allowed, rtol=0.01)
    assert np.array_equal(energy_bound(model, -times, initial), allowed)


@pytest.mark.parametrize(
    ("model", "initial"),
    [
        (SpinCharger(1, 6), None),
        (SpinCharger(6, 1, coupling=2), None),
        (SpinCharger(2, 2), None),
        (SpinCharger(1, 5, charger_frequency=4), None),
        (SpinCharger(1, 4, longitudinal=0.7), None),
        (SpinCharger(1, 4), thermal(charger_population=0.4)),
        (CavityCharger(1), fock(7)),
        (CavityCharger(8), fock(1)),
        (CoupledOscillators(), fock(6)),
    ],
)
def test_one_cell_or_one_quantum_attains_them(model, initial):
    battery = charge(model, initial)
    # Of a mixture the fastest part turns back before the first peak.
    times = np.linspace(0, 0.7, 30) * battery.first_peak().time
    allowed = energy_bound(model, times, initial)
    np.testing.assert_allclose(allowed, battery.energy(times), atol=1e-9)
    # And the bound of its power is the mean of the largest powers.
    if not isinstance(initial, Thermal):
        most = power_bound(model, initial)
        assert battery.max_power().value == pytest.approx(most, rel=1e-9)


@pytest.mark.parametrize(
    ("cells", "shares"),
    [(3, (0.935, 0.840)), (10, (0.872, 0.893)), (100, (0.880, 0.970)), (1000, (0.899, 0.992))],
)
def test_the_largest_power_is_close_to_its_bound(cells, shares):
    for model, share in zip((SpinCharger(cells, cells), CavityCharger(cells)), shares, strict=True):
        assert charge(model).max_power().value / power_bound(model) == pytest.approx(
            share, abs=5e-4
        )


@pytest.mark.parametrize(("cells", "quanta"), [(1, 1), (3, 8), (8, 3), (20, 20), (400, 90)])
def test_closed_forms_are_above(cells, quanta):
    """Those that `docs/laws.md` states; the second also of any crosstalk and detuning."""
    model, least = SpinCharger(cells, quanta), min(cells, quanta)
    root = math.sqrt(cells * quanta)
    times = np.linspace(0, 2, 60) * math.asinh(math.sqrt(least)) / root
    above, most = energy_bound(model, times), power_bound(model)
    squeezed = np.sinh(root * times) ** 2
    assert np.all(above <= squeezed * (1 + 1e-12))
    assert most <= least * root / math.asinh(math.sqrt(least)) * (1 + 1e-12)
    for p in (0.2, 0.9):
        mixed = thermal(charger_population=p)
        if cells * quanta < 100:
            assert np.all(energy_bound(model, times, mixed) <= p * squeezed * (1 + 1e-12))
    charged = charge(model).energy(times)
    assert np.all(charged <= spins(cells, quanta, times) * (1 + 1e-12) + 1e-12)
    cavity, fast = CavityCharger(cells), math.sqrt(max(cells, quanta))
    rise = np.linspace(0, math.pi / 2, 60) / fast
    above = energy_bound(cavity, rise, fock(quanta))
    assert np.all(above <= least * np.sin(fast * rise) ** 2 * (1 + 1e-12))
    assert np.all(charge(cavity, fock(quanta)).energy(rise) <= photons(cells, quanta, rise) + 1e-9)
    assert power_bound(cavity, fock(quanta)) <= SINE * least * fast * (1 + 1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_no_cavity_is_slower(seed):
    """Than K₋ sn²(√K₊ gt | K₋/K₊) up to its first peak: fifty of all sizes, by their levels."""
    rng = np.random.default_rng(seed)
    for cells, quanta in rng.integers(1, rng.choice([4, 12, 30], size=(50, 1)) + 1, (50, 2)):
        k = np.arange(min(cells, quanta) + 1)
        hops = np.sqrt((k[1:] * (cells + 1 - k[1:]) * (quanta + 1 - k[1:])).astype(float))
        levels, vectors = np.linalg.eigh(np.diag(hops, 1) + np.diag(hops, -1))
        width = math.sqrt((cells - quanta) ** 2 / 4 + (cells + quanta) / 4 + 1 / 16)
        least, most = ((cells + quanta) / 2 + 0.25 + sign * width for sign in (-1, 1))
        top = ellipk(least / most) / math.sqrt(most)
        times = np.linspace(0, 1.2, 40) * top
        phases = np.exp(-1j * np.outer(times, levels)) * vectors[0]
        energy = np.abs(phases @ vectors.T) ** 2 @ k
        rising = np.logical_and.accumulate(np.diff(energy, prepend=-1) > 0)
        angle = np.minimum(math.sqrt(most) * times, ellipk(least / most))
        bound = least * ellipj(angle, least / most)[0] ** 2
        assert np.all((energy >= bound - 1e-9)[rising])
        assert np.max(energy) >= least - 1e-9
        assert rising[20]


@pytest.mark.parametrize("up", range(1, 10))
def test_any_number_of_spins_up(up):
    """With a = m(N−m+1) and c = 2m−N−2 at most (a/c) sinh²(√(Mc) t), at any detuning."""
    times, cells, chargers = np.linspace(0, 0.3, 30), 4, 9
    a, c = up * (chargers - up + 1), max(2 * up - chargers - 2, 0)
    most = a / c * np.sinh(np.sqrt(cells * c) * times) ** 2 if c else a * cells * times**2
    for own in ({}, {"charger_frequency": 3}, {"charger_crosstalk": 0.7}):
        model = SpinCharger(cells, chargers, **own)
        assert np.all(energy_bound(model, times, dicke(0, up)) <= most * (1 + 1e-12))


def test_far_from_resonance_little_is_stored():
    """At most 4G²/(δ² − 4G²) cells at any time, G = √(MN)."""
    times = np.linspace(0, 20, 400)
    for cells, chargers, detuning in ((4, 4, 9), (6, 3, 20), (2, 9, 40)):
        model = SpinCharger(cells, chargers, charger_frequency=1 + detuning)
        square = 4 * cells * chargers
        allowed = energy_bound(model, times)
        assert np.max(allowed) <= square / (detuning**2 - square)
        slow = math.sqrt(detuning**2 - square)
        rise = times[times < math.pi / slow]
        most = square / slow**2 * np.sin(slow * rise / 2) ** 2
        assert np.all(energy_bound(model, rise) <= most * (1 + 1e-12))
        assert np.max(charge(model).energy(times)) > 0.6 * np.max(allowed)


@pytest.mark.parametrize("gamma", [-0.4, 1, 1 + 1e-9, 2.5])
def test_counter_rotating_terms_by_their_differential_equation(gamma):
    model, times = SpinCharger(30, 20, anisotropy=gamma), np.linspace(0, 0.1, 8)
    rate = math.sqrt(600)
    angle = solve_ivp(
        lambda _, y: rate * (1 + abs(gamma) * np.tanh(y)), (0, 0.1), [0], t_eval=times,
        rtol=1e-11, atol=1e-13,
    ).y[0]  # fmt: skip
    found = energy_bound(model, times)
    np.testing.assert_allclose(found, np.minimum(np.sinh(angle) ** 2, 30), rtol=1e-8, atol=1e-12)
    assert np.all(found <= np.sinh(rate * (1 + abs(gamma)) * times) ** 2 * (1 + 1e-12))
    none = replace(model, anisotropy=1e-300)
    squeezed = np.sinh(rate * times) ** 2
    np.testing.assert_allclose(energy_bound(none, times), np.minimum(squeezed, 30), rtol=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_superpositions_of_levels_do_not_exceed_them(seed):
    rng = np.random.default_rng(seed)
    model = SpinCharger(3, 3, charger_frequency=1.5 + seed, cell_crosstalk=0.3 * (seed % 2))
    both = rng.normal(size=(2, 4)) + 1j * rng.normal(size=(2, 4))
    initial, times = superposition(both[0].tolist(), excited_cells=both[1].tolist()), TIMES
    energy, allowed = charge(model, initial).energy(times), energy_bound(model, times, initial)
    assert np.all(energy <= allowed + 1e-12)
    assert np.all(energy <= power_bound(model, initial) * times + 1e-12)


def test_powers_by_hand():
    """And of more where the root is an integer, or nothing moves."""
    assert power_bound(SpinCharger(1, 1)) == pytest.approx(SINE, rel=1e-14)
    assert power_bound(CavityCharger(1), fock(9)) == pytest.approx(3 * SINE, rel=1e-14)
    assert power_bound(SpinCharger(3, 3, coupling=0)) == 0
    assert power_bound(CavityCharger(3), fock(0)) == 0
    # From the middle of three levels it is largest at once: 2h₁√(K/(K+1)).
    middle = power_bound(SpinCharger(2, 2), dicke(1, 1))
    assert middle == pytest.approx(math.sqrt(8), rel=1e-14)
    np.testing.assert_array_equal(energy_bound(CavityCharger(3), [0, 1.0], fock(0)), 0)


@pytest.mark.parametrize("level", [(0, 5), (2, 3), (4, 0)])
def test_the_fisher_information_of_a_dicke_start_is_constant(level):
    k, up = level
    model, times = SpinCharger(4, 5, coupling=0.7), np.linspace(0.1, 3, 20)
    out = (k + 1) * (4 - k) * up * (6 - up), k * (5 - k) * (up + 1) * (5 - up)
    wanted = 4 * 0.49 * sum(out)
    found = charge(model, dicke(*level)).fisher_information(times)
    np.testing.assert_allclose(found, wanted, rtol=1e-9)
    assert fisher_information_bound(model, dicke(*level)) == pytest.approx(wanted, rel=1e-14)
    # Counter-rotating terms add their two elements of H; of an ideal start none is left.
    more = (k + 1) * (4 - k) * (up + 1) * (5 - up), k * (5 - k) * up * (6 - up)
    turning = fisher_information_bound(replace(model, anisotropy=0.3), dicke(*level))
    assert turning == pytest.approx(wanted + 4 * 0.49 * 0.09 * sum(more), rel=1e-14)


def test_the_fisher_information_of_mixtures():
    model, p = SpinCharger(3, 4), 0.3
    found = fisher_information_bound(model, thermal(charger_population=p))
    assert found == pytest.approx(4 * 3 * 4 * p, rel=1e-13)
    half = mixture([(0.5, dicke(0, 4)), (0.5, dicke(1, 2))])
    mean = sum(fisher_information_bound(model, s) for s in (dicke(0, 4), dicke(1, 2))) / 2
    assert fisher_information_bound(model, half) == pytest.approx(mean, rel=1e-14)
    assert np.min(charge(model, half).fisher_information([0.2, 0.4])) < 0.95 * mean


def test_counter_rotating_terms_lower_the_fisher_information():
    model, times = SpinCharger(3, 3, anisotropy=0.6), np.linspace(0.01, 2, 50)
    found = charge(model).fisher_information(times) / fisher_information_bound(model)
    assert found[0] == pytest.approx(1, abs=1e-3)
    assert 0 < np.min(found) < 0.8
    assert np.max(found) <= 1 + 1e-9


@pytest.mark.parametrize("size", [1e-200, 1e-61, 1e61, 1e160])
def test_energies_of_no_size_for_doubles_are_refused(size):
    model = SpinCharger(3, 2, coupling=size)
    for bound in (partial(energy_bound, times=1), power_bound, fisher_information_bound):
        one_clear_error("coupling", partial(bound, model))


@pytest.mark.parametrize("size", [10**15, 10**16, 10**17, 10**30])
@pytest.mark.parametrize("anisotropy", [0, 0.5])
def test_the_fisher_information_of_more_spins_than_doubles_count(size, anisotropy):
    model = SpinCharger(3, size, 1e-8, 1, anisotropy=anisotropy)
    wanted = pytest.approx(12e-16 * size, rel=1e-12)
    assert fisher_information_bound(model) == wanted
    if not anisotropy:
        work = charge(model).maximum("ergotropy", until=0.2 / (1e-8 * size**0.5))
        assert work.value > 0


def test_superpositions_have_no_bound_on_the_fisher_information():
    with pytest.raises(InvalidArgument, match="`initial` must be a mixture of levels"):
        fisher_information_bound(CavityCharger(2), coherent(1))
