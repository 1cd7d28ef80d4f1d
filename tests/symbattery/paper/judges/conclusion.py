"""Judges of Sec. V: full charging, and larger chargers."""

import math

import numpy as np
from scipy.optimize import minimize

from tests.symbattery.paper.judges.histories import cavity, spins
from tests.symbattery.paper.judges.register import judge
from tests.symbattery.paper.judges.two_cells import scaled_power

NUMBERS = (*range(2, 41), 60, 100, 200)


@judge("V.full")
def _():
    return min(spins(m, m, coupling=1.0).first(2.0, 600)[1] / m for m in range(1, 11))


def supremum(size):
    """The largest E over all phases of the eigenvalues in ± pairs, as if they ran independently."""
    history = spins(size, size, coupling=1.0)
    order = np.argsort(history.values)
    modes, pairs = history.modes[:, order], (size + 1) // 2

    def energy(phases):
        turned = np.concatenate([phases, [0.0] * ((size + 1) % 2), -phases[::-1]])
        moved = modes @ (np.exp(-1j * turned) * modes[0])
        return -history.count @ np.abs(moved) ** 2

    starts = np.random.default_rng(5).uniform(0, 2 * np.pi, (20, pairs))
    return max(-minimize(energy, start, tol=1e-14).fun for start in starts)


@judge("V.full", "reading 0")
def _():
    return min(supremum(size) / size for size in (1, 2, 3))


@judge("V.cavity")
def _():
    return min(1 - cavity(m).within(200.0, 100_001) / m for m in range(2, 7))


@judge("V.larger")
def _():
    return np.diff([scaled_power(n) for n in NUMBERS]).min()


@judge("V.larger", "reading 0")
def _():
    return np.diff([scaled_power(n) * math.sqrt(n) for n in range(2, 41)]).min()
