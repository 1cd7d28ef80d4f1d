"""Judges of Sec. IV B, Eqs. (16) to (21) and Fig. 7: starts that are not ideal."""

import itertools
import math

import numpy as np

from numerics.model.models import SpinCharger
from numerics.model.states import dicke, mixture, product
from tests.symbattery.paper.judges.brute import OMEGA, G, X, Z, peak, power, total
from tests.symbattery.paper.judges.crosstalk import IDEAL
from tests.symbattery.paper.judges.histories import Mixed, flipped, spins
from tests.symbattery.paper.judges.register import POINT, judge, judges
from tests.systems import oracle

PAIR = SpinCharger(2, 2, G, OMEGA)
T, P1 = POINT["t"], POINT["p_1"]
P0 = 1 - P1
CHARGER = mixture([(0.6, dicke(0, 4)), *((0.1, dicke(0, up)) for up in range(4))])
BATTERY = mixture([(0.6, dicke(0, 4)), *((0.2, product(s, [1] * 4)) for s in ([1, 0], [0, 1]))])


def printed_17(p0, angle=G * T):
    """Eq. (17) at the numbers of the point, or at another gt."""
    slow, fast = math.sin(math.sqrt(2) * angle) ** 2, math.sin(2 * angle) ** 2
    return OMEGA * (2 * slow - p0 * (2 * slow - fast))


def brute(initial):
    return float(oracle.energy(PAIR, initial, np.array([T]))[0])


@judge("eq-17", "instead")
def _():
    time = np.array([np.pi / 4])
    return oracle.energy(SpinCharger(2, 2, 1, 1), product([0, 0], [1, 0]), time)[0]


@judge("eq-17.not-full", tolerance=1e-7)
def _():
    """Two frequencies without a common measure: the supremum is the sum of their weights in E."""
    times = np.linspace(0.1, 5.0, 40)
    e = oracle.energy(SpinCharger(2, 2, 1, 1), product([0, 0], [1, 0.99]), times)
    waves = np.sin(np.outer(times, [math.sqrt(2), 2])) ** 2
    weights, left, *_ = np.linalg.lstsq(waves, e, rcond=None)
    assert left[0] < 1e-20
    return 2 - weights.sum()


@judge("eq-18")
def _():
    """⟨J_z⟩/2 of the Dicke vector with l − 1 of four spins up is −N/2 + l − 1."""
    levels = total(Z, range(4), 4).real.diagonal() / 2
    vectors = [oracle.dicke_vector(4, l - 1) for l in range(1, 5)]  # noqa: E741
    return [levels @ v**2 / (v @ v) - (-2 + i) for i, v in enumerate(vectors)]


@judge("eq-19")
def _():
    parts = [(0.6, 4), (0.1, 3), (0.1, 2), (0.1, 1), (0.1, 0)]
    vectors = [(p, oracle.dicke_vector(4, up)) for p, up in parts]
    return np.trace(sum(p * np.outer(v, v) / (v @ v) for p, v in vectors)) - 1


@judge("eq-20")
def _():
    empty = oracle.basis_vector((0, 0))
    found = [oracle.site(X, k, 2) @ empty for k in (0, 1)]
    return [f - oracle.basis_vector(b) for f, b in zip(found, ((1, 0), (0, 1)), strict=True)]


@judge("eq-21")
def _():
    parts = [(0.6, (0, 0)), (0.2, (1, 0)), (0.2, (0, 1))]
    vectors = [(p, oracle.basis_vector(bits)) for p, bits in parts]
    return np.trace(sum(p * np.outer(v, v) for p, v in vectors)) - 1


TIMES = np.linspace(0.0, 10.0, 200)


@judge("eq-20.interference")
def _():
    """On all 64 states, in the lab frame."""
    one, other = (product(cells, [1] * 4) for cells in ([1, 0], [0, 1]))
    both = oracle.energy(IDEAL, mixture([(0.5, one), (0.5, other)]), TIMES)
    return np.abs(both - oracle.energy(IDEAL, one, TIMES)).max()


@judge("eq-20.interference", "source 0")
def _():
    """(Ψ₁ + Ψ₂)/√2 is the Dicke state of one cell up."""
    apart = oracle.energy(IDEAL, dicke(1, 4), TIMES) - oracle.energy(
        IDEAL, product([1, 0], [1] * 4), TIMES
    )
    return np.abs(apart).max()


def histories():
    ideal = spins(2, 4, coupling=1.0)
    parts = [(0.1, spins(2, 4, coupling=1.0, up=up)) for up in (1, 2, 3)]
    return ideal, Mixed((0.6, ideal), *parts), Mixed((0.6, ideal), (0.4, flipped(2, 4)))


@judge("fig-7a.charger", "reading 0")
def _():
    ideal, charger, _ = histories()
    return charger.within(60.0, 60_001) / ideal.within(60.0, 60_001)


@judge("fig-7a.battery", "reading 0")
def _():
    ideal, _, battery = histories()
    return battery.within(10.0, 20_001) / ideal.within(10.0, 20_001)


@judge("fig-7.half")
def _():
    """One spin up can excite one cell, and does at 2gt√2 = π/2: hop² = 2·4."""
    top = oracle.energy(IDEAL, dicke(0, 1), np.array([np.pi / 2 / math.sqrt(8)]))[0]
    assert oracle.energy(IDEAL, dicke(0, 1), TIMES).max() <= top + 1e-12
    return 2 - top


def extractable(state):
    """The most that reordering the levels of a diagonal state of two cells can take out."""
    levels = np.array([1, 0, 0, -1])
    orders = itertools.permutations(range(4))
    return max(levels @ state - levels @ np.array(state)[list(order)] for order in orders)


judges({
    "eq-17": lambda: printed_17(P0) - brute(product([0, 0], [1, P1])),
    "eq-17: compared 0": lambda: printed_17(1, np.pi / 4) / OMEGA,
    "eq-17: source 0": lambda:
        printed_17(P0) - brute(mixture([(P1, dicke(0, 2)), (P0, dicke(0, 1))])),
    "eq-17.ideal": lambda: printed_17(0) - brute(None),
    "eq-20.interference: instead": lambda:
        peak(IDEAL, product([1, 0], [1] * 4)) / peak(IDEAL, dicke(1, 4)),
    # Fig. 7
    "fig-7a.charger: plain, instead": lambda: peak(IDEAL, CHARGER) / peak(IDEAL),
    "fig-7a.charger: source 0": lambda: int(100 * peak(IDEAL, CHARGER) / peak(IDEAL)) / 100,
    "fig-7b.charger": lambda: power(IDEAL, CHARGER) / power(IDEAL),
    "fig-7a.battery": lambda: peak(IDEAL, BATTERY) / peak(IDEAL),
    "fig-7b.battery": lambda: power(IDEAL, BATTERY) / power(IDEAL),
    "fig-7a.worse": lambda: (peak(IDEAL, CHARGER) - peak(IDEAL, BATTERY)) / peak(IDEAL),
    "fig-7b.worse": lambda: (power(IDEAL, CHARGER) - power(IDEAL, BATTERY)) / power(IDEAL),
    "fig-7.dark": lambda: oracle.energy(IDEAL, dicke(0, 0), np.linspace(0, 60, 601)).max(),
    # π/√20 for the ideal start; half of |01⟩ moves at hop² = 2·4, its other half is dark.
    "fig-7.asynchronous": lambda: np.pi / math.sqrt(20) - np.pi / 2 / math.sqrt(8),
    "IV.passive": lambda: extractable([0, 1, 0, 0]),
    "IV.passive: reading 0": lambda: extractable([0, 0.2, 0.2, 0.6]),
})  # fmt: skip


judges({
    "fig-7.others": lambda:
        1.92 - min(spins(2, 4, coupling=1.0, up=up).within(60.0, 60_001) for up in (2, 3)),
}, 1e-9)  # fmt: skip
