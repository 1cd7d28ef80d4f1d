"""An outside judge of open batteries: QuTiP's ``mesolve`` on all spins, and its ``piqs``."""

from functools import reduce

import numpy as np
import pytest

from numerics import SpinCharger, bath, charge, dephasing, dicke, loss, pump

qutip = pytest.importorskip("qutip", minversion="5", reason="QuTiP 5 is not installed")
piqs = pytest.importorskip("qutip.piqs.piqs", reason="QuTiP has no piqs")

KINDS = {"loss": loss, "pump": pump, "dephasing": dephasing}
TIMES = np.linspace(0, 3, 7)
# QuTiP's integrator holds about ten digits with these.
TOLERANCE = 1e-9
OPTIONS = {"atol": 1e-13, "rtol": 1e-11, "nsteps": 10**6, "progress_bar": ""}


def pauli(name, site, spins):
    """σ⁻, σ⁺ or σᶻ/2 of one of some spins."""
    single = {"loss": qutip.sigmam(), "pump": qutip.sigmap(), "dephasing": qutip.sigmaz() / 2}
    return qutip.tensor([single[name] if i == site else qutip.qeye(2) for i in range(spins)])


def exchange(model, S, J):
    """H of Eq. (3) with the bare energies, from S₊ and J₊ of the whole space."""
    w, own = (float(x) for x in model.frequencies)
    gamma = float(model.anisotropy)
    H = S * J.dag() + S.dag() * J + gamma * (S * J + S.dag() * J.dag())
    H = float(model.coupling) * H
    return H + (w * (S * S.dag() - S.dag() * S) + own * (J * J.dag() - J.dag() * J)) / 2


def on_all_spins(model, start, channels, baths=()):
    """⟨Σσ⁺σ⁻⟩ of the cells, and the ergotropy, by Pauli matrices; channels as of numerics."""
    cells, spins = model.cells, model.cells + model.chargers
    sides = {"cells": range(cells), "chargers": range(cells, spins)}
    frequencies = dict(zip(sides, map(float, model.frequencies), strict=True))
    rows = list(channels)
    for side, rate, temperature, together in baths:
        # Detailed balance: the occupation of the bath and one more.
        photons = 1 / (np.exp(frequencies[side] / temperature) - 1)
        rows += [("loss", side, rate * (photons + 1), together)]
        rows += [("pump", side, rate * photons, together)]
    jumps = []
    for kind, side, rate, together in rows:
        single = [np.sqrt(rate) * pauli(kind, i, spins) for i in sides[side]]
        jumps += [reduce(lambda a, b: a + b, single)] if together else single
    S, J = (sum(pauli("pump", i, spins) for i in sides[side]) for side in sides)
    ups = [dicke_state(cells, start.excited_cells)]
    ups += [dicke_state(model.chargers, start.excited_chargers)]
    first = qutip.ket2dm(qutip.tensor(ups))
    solved = qutip.mesolve(exchange(model, S, J), first, TIMES, jumps, options=OPTIONS)
    stored = sum(pauli("pump", i, cells) * pauli("loss", i, cells) for i in range(cells))
    passive = np.sort(stored.diag().real)
    found = []
    for state in solved.states:
        battery = state.ptrace(list(range(cells)))
        mean = qutip.expect(stored, battery)
        found.append((mean, mean - battery.eigenenergies()[::-1] @ passive))
    return np.array(found).T


def dicke_state(spins, up):
    """The Dicke state as a vector of all spins; QuTiP's spin up comes first."""
    vector = np.array([float(spins - i.bit_count() == up) for i in range(2**spins)])
    return qutip.Qobj(vector / np.linalg.norm(vector), dims=[[2] * spins, [1] * spins])


TUNED = {"coupling": 0.7, "charger_frequency": 1.4}
EVERY = [
    (kind, side, rate, together)
    for rate, (side, kind, together) in zip(
        (0.21, 0.12, 0.33, 0.17, 0.08, 0.27, 0.19, 0.14),
        [
            ("cells", "loss", False), ("cells", "pump", False), ("cells", "dephasing", False),
            ("chargers", "loss", False), ("chargers", "pump", True),
            ("chargers", "dephasing", False), ("cells", "loss", True),
            ("cells", "dephasing", True),
        ],
        strict=True,
    )
]  # fmt: skip
CASES = {
    "loss": (SpinCharger(2, 2, 1.0), dicke(0, 2), EVERY[:1] + EVERY[3:4], ()),
    "every": (SpinCharger(2, 2, **TUNED), dicke(1, 2), EVERY, ()),
    "anisotropic": (SpinCharger(2, 2, anisotropy=0.4, **TUNED), dicke(0, 1), EVERY, ()),
    "five spins": (SpinCharger(3, 2, 1.0), dicke(0, 2), EVERY[2:6], ()),
    "baths": (
        SpinCharger(2, 2, **TUNED), dicke(0, 2), (),
        [("cells", 0.3, 0.8, False), ("chargers", 0.2, 1.7, True)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_all_spins(case):
    model, start, channels, baths = CASES[case]
    noise = [KINDS[kind](side, rate, collective=alone) for kind, side, rate, alone in channels]
    noise += [bath(side, rate, heat, collective=alone) for side, rate, heat, alone in baths]
    battery = charge(model, start, noise=noise)
    excited, work = on_all_spins(model, start, channels, baths)
    np.testing.assert_allclose(battery.energy(TIMES), excited - excited[0], rtol=0, atol=TOLERANCE)
    np.testing.assert_allclose(battery.ergotropy(TIMES), work, rtol=0, atol=TOLERANCE)


def of_one_side(spins, rates):
    """QuTiP's Liouvillian of some spins that permutations leave alone.

    It keeps rates in single precision, so these are fractions of powers of two.
    """
    names = {"loss": "emission", "pump": "pumping", "dephasing": "dephasing"}
    system = piqs.Dicke(spins)
    for kind, rate in rates.items():
        # Its dephasing has the jumps σᶻ/2, as here.
        setattr(system, names[kind], rate)
    return system.lindbladian()


@pytest.mark.parametrize(
    ("cells", "chargers", "own", "other"),
    [
        (2, 3, {"loss": 0.25, "pump": 0.125}, {"dephasing": 0.375, "loss": 0.1875}),
        (4, 1, {"loss": 0.375, "dephasing": 0.25}, {}),
    ],
)
def test_a_product_of_two_permutation_symmetric_liouvillians(cells, chargers, own, other):
    model, sizes = SpinCharger(cells, chargers, 1.0), (cells, chargers)
    one = [qutip.qeye(piqs.num_dicke_states(spins)) for spins in sizes]
    up = [piqs.jspin(spins, "+", basis="dicke") for spins in sizes]
    S, J = qutip.tensor(up[0], one[1]), qutip.tensor(one[0], up[1])
    # No bare energies: on resonance they move nothing here.
    generator = qutip.liouvillian(S * J.dag() + S.dag() * J)
    for place, rates in enumerate((own, other)):
        parts = [qutip.to_super(each) for each in one]
        parts[place] = of_one_side(sizes[place], rates)
        generator = generator + qutip.super_tensor(*parts)
    start = qutip.tensor(
        piqs.dicke(cells, cells / 2, -cells / 2), piqs.dicke(chargers, chargers / 2, chargers / 2)
    )
    stored = qutip.tensor(piqs.jspin(cells, "z", basis="dicke"), one[1]) + cells / 2
    theirs = qutip.mesolve(generator, start, TIMES, e_ops=[stored], options=OPTIONS).expect[0]
    noise = [KINDS[kind]("cells", rate) for kind, rate in own.items()]
    noise += [KINDS[kind]("chargers", rate) for kind, rate in other.items()]
    ours = charge(model, noise=noise).energy(TIMES)
    np.testing.assert_allclose(ours, np.real(theirs), rtol=0, atol=TOLERANCE)


def test_collective_noise_of_piqs():
    """Superradiant loss of the cells, with all of the noise in one total spin."""
    system = piqs.Dicke(4)
    system.collective_emission, system.collective_dephasing = 0.375, 0.25
    first = piqs.dicke(4, 2, 2)
    stored = piqs.jspin(4, "z", basis="dicke") + 2
    theirs = qutip.mesolve(system.lindbladian(), first, TIMES, e_ops=[stored], options=OPTIONS)
    noise = [loss("cells", 0.375, collective=True), dephasing("cells", 0.25, collective=True)]
    battery = charge(SpinCharger(4, 1, 0.0), dicke(4, 0), noise=noise)
    excited = np.real(theirs.expect[0])
    np.testing.assert_allclose(4 + battery.energy(TIMES), excited, rtol=0, atol=TOLERANCE)


def test_a_bath_leads_to_the_steady_state_of_qutip():
    model = SpinCharger(2, 1, **TUNED)
    rates = {"cells": (0.3, 0.8), "chargers": (0.2, 1.7)}
    battery = charge(model, noise=[bath(side, *values) for side, values in rates.items()])
    spins, jumps = 3, []
    for side, (rate, heat) in rates.items():
        frequency = float(model.frequencies[side == "chargers"])
        photons = 1 / np.expm1(frequency / heat)
        for i in range(2) if side == "cells" else (2,):
            jumps += [np.sqrt(rate * (photons + 1)) * pauli("loss", i, spins)]
            jumps += [np.sqrt(rate * photons) * pauli("pump", i, spins)]
    S = pauli("pump", 0, spins) + pauli("pump", 1, spins)
    state = qutip.steadystate(exchange(model, S, pauli("pump", 2, spins)), jumps)
    number = sum(pauli("pump", i, spins) * pauli("loss", i, spins) for i in range(2))
    excited = np.real(qutip.expect(number, state))
    assert battery.steady() == pytest.approx(excited, abs=1e-9)
