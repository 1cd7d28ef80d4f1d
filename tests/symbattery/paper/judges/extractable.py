"""Judges of what is beyond the paper: spectra of walks, and density matrices of all spins."""

import math
from functools import cache

import numpy as np
from scipy.optimize import minimize_scalar

from numerics.model.models import SpinCharger
from numerics.model.states import dicke, mixture
from tests.symbattery.paper.judges.histories import cavity, fall, spins
from tests.symbattery.paper.judges.register import judges
from tests.symbattery.paper.judges.starts import (
    ONE,
    OTHER,
    extractable,
    one_flipped,
    partly_full,
)
from tests.systems.figures_of_merit import quantity

GAMMAS = (0.0, 0.2, 0.6, 1.0)
PAIR, MORE = SpinCharger(2, 2, 1, 1), SpinCharger(2, 4, 1, 1)
CELLS = mixture([(0.6, dicke(0, 4)), (0.2, ONE), (0.2, OTHER)])


def levels(history, time):
    """The battery's state on its levels of k excited cells."""
    matrix = np.zeros(
        (1 + max(k for k, _ in history.states), 1 + max(c for _, c in history.states))
    )
    matrix = matrix + 0j
    for (k, c), amplitude in zip(history.states, history.amplitudes(time)[:, 0], strict=True):
        matrix[k, c] = amplitude
    return matrix @ matrix.conj().T


def work(rho, cells, local=False):
    """What all unitaries, or rotations, take out of a state that permutations do not change."""
    mean = np.arange(len(rho)) @ rho.diagonal().real
    if local:
        return max(0.0, 2 * mean - cells)
    return mean - 1 + np.linalg.eigvalsh(rho)[-1]


@cache
def at_first(cells, gamma=0.0, local=False, mode=False):
    history = cavity(cells) if mode else spins(cells, cells, gamma)
    end = 4.0 / math.sqrt(cells) if mode else 3.0
    time, height = history.first(end, 600)
    return height, work(levels(history, time), cells, local)


@cache
def power(cells):
    history = spins(cells, cells)
    times = np.linspace(0, 2.5 * (1.5 + math.log(4 * cells)) / (2 * cells), 1500)[1:]

    def lost(time):
        return -work(levels(history, time), cells) / time

    best = int(np.argmin([lost(time) for time in times]))
    near = times[best - 1], times[min(best + 1, len(times) - 1)]
    return -minimize_scalar(lost, near, near, method="bounded", options={"xatol": 1e-10}).fun


def eta(cells):
    return power(cells) / power(1) / cells


def falls(local=False):
    sizes = range(2, 11)
    return fall(lambda g: np.array([at_first(m, g, local)[1] for m in sizes]), GAMMAS)


def excess(local=False):
    return min(at_first(m, 0.0, local)[1] - at_first(m, 0.0, local, True)[1] for m in range(2, 11))


def crosstalk(local=False):
    history = spins(2, 4, g1=1.0)
    times = np.linspace(0, 10, 2001)
    best = times[int(np.argmax([work(levels(history, t), 2, local) for t in times]))]
    near = best - 0.005, best + 0.005
    found = minimize_scalar(lambda t: -work(levels(history, t), 2, local), near, near,
        method="bounded", options={"xatol": 1e-12})  # fmt: skip
    return -found.fun


def chargers(local=False):
    """At its first peak, from all charger spins up with 0.6, and 0.1 for each number fewer."""
    mixed = partly_full(2)
    time = mixed.first(2.0)[0]
    rho = np.zeros((3, 3), complex)
    for weight, history in mixed.parts:
        part = levels(history, time)
        rho[: len(part), : len(part)] += weight * part
    rho[0, 0] += 1 - np.trace(rho)
    return work(rho, 2, local)


def flipped_cells(sense="full"):
    time = one_flipped(2).first(2.0)[0]
    (found,) = quantity("ergotropy", MORE, CELLS, [time], sense=sense)
    return found


def left(sense):
    (held,), (taken,) = (
        quantity(name, PAIR, None, [0.6], **options)
        for name, options in (("energy", {}), ("ergotropy", {"sense": sense}))
    )
    return held - taken


judges({
    "beyond.reversal": lambda: left("full"),
    "beyond.reversal: reading 0": lambda: left("daemonic"),
    "beyond.locked": lambda:
        max(np.subtract(*at_first(m, g)) for m in range(1, 11) for g in GAMMAS),
    "beyond.anisotropy": falls,
    "beyond.anisotropy: reading 0": lambda: falls(True),
    "beyond.cavity": excess,
    "beyond.cavity: reading 0": lambda: excess(True),
    "beyond.advantage": lambda: np.diff([eta(m) for m in (1, 2, 5, 10, 20, 50)]).min(),
    "beyond.advantage: compared 0": lambda: eta(50),
    "beyond.advantage: compared 1": lambda:
        spins(50, 50).power(0.2)[1] / spins(1, 1).power(2.0)[1] / 50,
    "beyond.crosstalk": crosstalk,
    "beyond.crosstalk: reading 0": lambda: crosstalk(True),
    "beyond.worse": lambda: chargers() - flipped_cells(),
    "beyond.worse: reading 0": lambda: chargers(True) - flipped_cells("local"),
    "beyond.worse: instead": flipped_cells,
    "beyond.worse: compared 0": chargers,
    "beyond.passive": lambda: extractable([0, 0.2, 0.2, 0.6]),
    "beyond.single": lambda:
        quantity("ergotropy", MORE, ONE, [0.0], sense="symmetric")[0],
    "beyond.single: compared 0": lambda: extractable([0, 1, 0, 0]),
})  # fmt: skip
