"""Judges of Sec. IV: crosstalk, and starts that are not ideal, by walking or on all states."""

import itertools
import math

import numpy as np
from scipy.linalg import expm

from numerics.model.models import SpinCharger
from numerics.model.states import dicke, mixture, product
from tests.symbattery.paper.judges.histories import Mixed, fall, flipped, spins
from tests.symbattery.paper.judges.register import OMEGA, P1, G, T, judge, judges
from tests.systems import oracle
from tests.systems.oracle import X, Z, total

PAIR, BARE = SpinCharger(2, 2, G, OMEGA), SpinCharger(2, 2, 1, 1)
IDEAL = SpinCharger(2, 4, 1, 1)
TIMES = np.linspace(0.0, 10.0, 200)


def first(history):
    return history.first(2.0)[1]


def power(history):
    return history.power(2.0)[1]


def coupled(g1=0.0, g2=0.0):
    """M = 2 and N = 4 with crosstalk."""
    return spins(2, 4, g1=g1, g2=g2)


def falls(of):
    steps = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 7.0, 10.0)
    return fall(lambda g1: of(coupled(g1)), steps)


@judge("IV.decouple")
def _():
    """E_max falls like (g/g₁)²: at g₁/g = 10⁶ nothing is left to twelve digits."""
    tops = [coupled(g1).first(2 / g1, 200)[1] for g1 in (1e3, 1e6)]
    assert math.isclose(tops[0], 1e6 * tops[1], rel_tol=1e-3)
    return round(tops[1], 11)


@judge("IV.self-charging: plain, instead")
def _():
    """Without coupling to the charger, five cells: nothing moves."""
    model = SpinCharger(4, 1, 1, 1, cell_crosstalk=0.7)
    matrix = oracle.hamiltonian(model) - oracle.hamiltonian(SpinCharger(4, 1, 1, 1))
    return np.abs(matrix @ oracle.basis_vector((0, 0, 0, 0, 1))).max()


@judge("IV.self-charging: reading 0", tolerance=1e-6)
def _():
    """⟨H_B⟩ = ⟨H⟩ − ⟨the rest⟩ on all 64 states, on the same times."""
    whole = oracle.hamiltonian(SpinCharger(2, 4, 1, 1, cell_crosstalk=1))
    added = (whole - oracle.hamiltonian(IDEAL)).real
    values, modes = np.linalg.eigh(whole)
    start = modes.conj().T @ oracle.basis_vector((0, 0, 1, 1, 1, 1))
    phases = np.exp(-1j * np.outer(values, np.linspace(0.0, 10.0, 4001))) * start[:, None]
    states = modes @ phases
    return (states.conj() * (added @ states)).sum(axis=0).real.max()


judges({
    "fig-6a.ideal": lambda: first(coupled()),
    "fig-6a.solid": lambda: first(coupled(0.1)),
    "fig-6a.dash-dotted": lambda: first(coupled(1)),
    "fig-6a.seven": lambda: first(coupled(7)) / 2,
    "fig-6a.dotted": lambda: first(coupled(10)),
    "fig-6a.dotted: reading 0": lambda: first(coupled(10)) / 2,
    "fig-6b.ideal": lambda: power(coupled()),
    "fig-6b.solid": lambda: power(coupled(0.1)),
    "fig-6b.dash-dotted": lambda: power(coupled(1)),
    "fig-6a.falls": lambda: falls(first),
    "fig-6b.falls": lambda: falls(power),
    "IV.decouple-any: reading 0": lambda: spins(2, 2, g1=100.0).within(1.0, 20_001),
    "IV.cells-weak": lambda: coupled().within(10.0) - coupled(g2=0.1).within(10.0),
    "IV.cells-strong: plain, instead": lambda: coupled(g2=20.0).within(100.0, 100_001),
    "IV.cells-strong: reading 0": lambda: coupled(g2=20.0).first(0.3)[1],
})  # fmt: skip
judges({
    # Until the slow oscillation is over; the fast ripple on it is of height (g/g₁)².
    "IV.decouple-any: plain, instead": lambda:
        spins(2, 2, g1=1000.0).within(1.2 * np.pi * 1000 / 4, 40_001),
}, 1e-5)  # fmt: skip


# By size of the system


def loss(value, ratio, harmed=None):
    """The loss by crosstalk, or of another start, as a function of M; ratio 0: N = 4."""
    harmed = harmed or (lambda m: spins(m, ratio * m or 4, g1=0.1))
    return lambda m: 1 - value(harmed(m)) / value(spins(m, ratio * m or 4))


def decline(*arguments, sizes=(2, 3, 4, 6, 8)):
    return fall(loss(*arguments), sizes)


def partly_full(cells):
    """Eq. (19) with p₀ = 0.6 and 0.4/N for each number of spins up from 0 to N − 1."""
    n = 2 * cells
    others = ((0.4 / n, spins(cells, n, up=up)) for up in range(1, n))
    return Mixed((0.6, spins(cells, n)), *others)


def one_flipped(cells):
    """Eq. (21): the flipped cell by itself, 2^M states of the cells."""
    return Mixed((0.6, spins(cells, 2 * cells)), (0.4, flipped(cells, 2 * cells)))


judges({
    "IV.size": lambda: decline(first, 2),
    "IV.size: reading 0": lambda: decline(first, 1),
    "IV.size: reading 1": lambda: decline(first, 0),
    "IV.size: instead": lambda: loss(first, 2)(8),
    "IV.size: compared 0": lambda: loss(first, 2)(2),
    "IV.size: compared 1": lambda: loss(first, 0)(8),
    "IV.size-power": lambda: decline(power, 2),
    "IV.size-power: reading 0": lambda: decline(power, 1),
    "IV.size-power: reading 1": lambda: decline(power, 0),
    "IV.size-power: instead": lambda: loss(power, 2)(8),
    "IV.size-power: compared 0": lambda: loss(power, 2)(2),
    "IV.size-power: compared 1": lambda: loss(power, 0)(8),
    "IV.size-charger": lambda: decline(first, 2, partly_full),
    "IV.size-charger: reading 0": lambda: decline(power, 2, partly_full),
    "IV.size-start": lambda: decline(first, 2, one_flipped, sizes=range(2, 7)),
})  # fmt: skip


# Starts


def printed_17(p0, angle=G * T):
    """Eq. (17) at the numbers of the point, or at another gt."""
    slow, fast = math.sin(math.sqrt(2) * angle) ** 2, math.sin(2 * angle) ** 2
    return OMEGA * (2 * slow - p0 * (2 * slow - fast))


def brute(initial):
    return oracle.energy(PAIR, initial, T)


@judge("eq-17.not-full", tolerance=1e-7)
def _():
    """Two frequencies without a common measure: the supremum is the sum of their weights in E."""
    times = np.linspace(0.1, 5.0, 40)
    e = oracle.energy(BARE, product([0, 0], [1, 0.99]), times)
    waves = np.sin(np.outer(times, [math.sqrt(2), 2])) ** 2
    weights, left, *_ = np.linalg.lstsq(waves, e, rcond=None)
    assert left[0] < 1e-20
    return 2 - weights.sum()


@judge("eq-18")
def _():
    """⟨J_z⟩/2 of the Dicke vector with l − 1 of four spins up is −N/2 + l − 1."""
    levels = total(Z, range(4), 4).real.diagonal() / 2
    vectors = [oracle.dicke_vector(4, up) for up in range(4)]
    return [levels @ v**2 / (v @ v) - (-2 + i) for i, v in enumerate(vectors)]


def excess(parts):
    """The trace of a mixture of vectors, less 1."""
    return np.trace(sum(p * np.outer(v, v) / (v @ v) for p, v in parts)) - 1


@judge("eq-20")
def _():
    found = [oracle.site(X, k, 2) @ oracle.basis_vector((0, 0)) for k in (0, 1)]
    return [f - oracle.basis_vector(b) for f, b in zip(found, ((1, 0), (0, 1)), strict=True)]


ONE, OTHER = (product(cells, [1] * 4) for cells in ([1, 0], [0, 1]))


def apart(initial):
    """The largest distance of E from that of one flipped cell, on all 64 states, in the lab."""
    energies = (oracle.energy(IDEAL, one, TIMES) for one in (initial, ONE))
    return np.abs(np.subtract(*energies)).max()


@judge("fig-7.half")
def _():
    """One spin up can excite one cell, and does at 2gt√2 = π/2: hop² = 2·4."""
    top = oracle.energy(IDEAL, dicke(0, 1), np.pi / 2 / math.sqrt(8))
    assert oracle.energy(IDEAL, dicke(0, 1), TIMES).max() <= top + 1e-12
    return 2 - top


def extractable(state):
    """The most that reordering the levels of a diagonal state of two cells can take out."""
    levels = np.array([1, 0, 0, -1])
    orders = itertools.permutations(range(4))
    return max(levels @ state - levels @ np.array(state)[list(order)] for order in orders)


def share(value, harmed):
    return value(harmed(2)) / value(coupled())


judges({
    "eq-17": lambda: printed_17(1 - P1) - brute(product([0, 0], [1, P1])),
    "eq-17: instead": lambda: oracle.energy(BARE, product([0, 0], [1, 0]), np.pi / 4),
    "eq-17: compared 0": lambda: printed_17(1, np.pi / 4) / OMEGA,
    "eq-17: source 0": lambda:
        printed_17(1 - P1) - brute(mixture([(P1, dicke(0, 2)), (1 - P1, dicke(0, 1))])),
    "eq-17.ideal": lambda: printed_17(0) - brute(None),
    "eq-19": lambda:
        excess((0.6 if up == 4 else 0.1, oracle.dicke_vector(4, up)) for up in range(5)),
    "eq-20.interference": lambda: apart(mixture([(0.5, ONE), (0.5, OTHER)])),
    # (Ψ₁ + Ψ₂)/√2 is the Dicke state of one cell up.
    "eq-20.interference: source 0": lambda: apart(dicke(1, 4)),
    # Of |01⟩ and |11⟩ alone.
    "eq-20.interference: reading 0": lambda:
        abs(expm(-0.25j * np.pi * np.array([[0, 2], [2, 0]]))[1, 0]) ** 2
        - flipped(2, 4).energy(np.array([np.pi / 4]))[0],
    "eq-20.interference: instead": lambda: first(flipped(2, 4)) / first(spins(2, 4, excited=1)),
    "eq-21": lambda: excess((p, oracle.basis_vector(bits)) for p, bits in (
        (0.6, (0, 0)), (0.2, (1, 0)), (0.2, (0, 1)))),
    # Fig. 7
    "fig-7a.charger": lambda: share(first, partly_full),
    "fig-7a.charger: reading 0": lambda: share(lambda h: h.within(60.0, 60_001), partly_full),
    "fig-7a.charger: source 0": lambda: int(100 * share(first, partly_full)) / 100,
    "fig-7b.charger": lambda: share(power, partly_full),
    "fig-7a.battery": lambda: share(first, one_flipped),
    "fig-7a.battery: reading 0": lambda: share(lambda h: h.within(10.0, 20_001), one_flipped),
    "fig-7b.battery": lambda: share(power, one_flipped),
    "fig-7a.worse": lambda: share(first, partly_full) - share(first, one_flipped),
    "fig-7b.worse": lambda: share(power, partly_full) - share(power, one_flipped),
    "fig-7.dark": lambda: oracle.energy(IDEAL, dicke(0, 0), np.linspace(0, 60, 601)).max(),
    # π/√20 for the ideal start; half of |01⟩ moves at hop² = 2·4, its other half is dark.
    "fig-7.asynchronous": lambda: np.pi / math.sqrt(20) - np.pi / 2 / math.sqrt(8),
    "IV.passive": lambda: extractable([0, 1, 0, 0]),
    "IV.passive: reading 0": lambda: extractable([0, 0.2, 0.2, 0.6]),
})  # fmt: skip
judges({
    "fig-7.others": lambda: 1.92 - min(spins(2, 4, up=up).within(60.0, 60_001) for up in (2, 3)),
}, 1e-9)  # fmt: skip
