"""Judges of Sec. II: Figs. 2, 3 and 4 from all eigenvectors of ladder matrices."""

import itertools
import math
from functools import cache

import numpy as np

from tests.symbattery.paper.judges.histories import Emission, cavity, spins
from tests.symbattery.paper.judges.register import judge, judges

SIZES = np.arange(1, 11)
GAMMAS = (0.0, 0.2, 0.6, 1.0)
RATIOS = (1, 2, 3, 10)


@cache
def row(ratio, gamma=0.0):
    """First peaks and P_max/(√N gω₀) of M = 1…10 cells and N = ratio·M charger spins."""
    histories = [spins(int(m), int(ratio * m), gamma) for m in SIZES]
    root = math.sqrt(ratio)
    energies = [h.first(2.0 / root, 300)[1] for h in histories]
    powers = [h.power(2.0 / root, 300)[1] for h in histories]
    return np.array(energies), np.array(powers) / np.sqrt(ratio * SIZES)


def windows(ratio, gamma, end):
    """The largest E up to ``end``, M = 1…10."""
    return np.array([spins(int(m), int(ratio * m), gamma).within(end, 8001) for m in SIZES])


@cache
def photons():
    """First peaks and P_max/(g̃ω₀) of the cavity with M photons."""
    histories = [cavity(int(m)) for m in SIZES]
    return tuple(np.array([f(h)[1] for h in histories]) for f in (_first, _power))


@cache
def emitted():
    """The same of what M full cells give to an empty cavity."""
    histories = [Emission(int(m)) for m in SIZES]
    return tuple(np.array([f(h)[1] for h in histories]) for f in (_first, _power))


def _first(history):
    return history.first(3.0)


def _power(history):
    return history.power(3.0)


def off(mine, other):
    """Largest relative distance, M = 2…10."""
    return np.abs(mine / other - 1)[1:].max()


def room(mine, other, smallest):
    """The distance to 0 and to 15 % of the relative losses, whichever is nearer."""
    losses = 1 - (mine / other)[smallest - 1 :]
    return min(losses.min(), 0.15 - losses.max())


def rise(of):
    """The smallest step along the sizes of the charger, M = 2…10."""
    return min((b - a)[1:].min() for a, b in itertools.pairwise(map(of, (1, 2, 10, 100))))


def slope(x, y):
    return np.polyfit(x, y, 1)[0]


def correlation(ratios):
    """Of E_max and P_max, every γ."""
    x, y = (np.concatenate([row(r, a)[i] for r in ratios for a in GAMMAS]) for i in (0, 1))
    x, y = x - x.mean(), y - y.mean()
    return x @ y / math.sqrt((x @ x) * (y @ y))


@judge("fig-3.departure")
def _():
    far = []
    for r in RATIOS:
        line = np.poly1d(np.polyfit(*row(r), 1))
        far.append(np.abs(row(r, 1.0)[1] - line(row(r, 1.0)[0])).max())
    return np.diff(far).min()


def falls(which, ratios):
    """The smallest fall from one γ to the next, M = 2…10."""
    return min(
        (row(r, a)[which] - row(r, b)[which])[1:].min()
        for r in ratios for a, b in itertools.pairwise(GAMMAS)
    )  # fmt: skip


def loss(which, ratio):
    """1 − (γ = 1)/(γ = 0) at M = 10."""
    return 1 - row(ratio, 1.0)[which][9] / row(ratio)[which][9]


judges({
    # Energies against the cavity
    "fig-2.coincide-energy: plain, instead": lambda:
        max(off(row(r)[0], photons()[0]) for r in (10, 100)),
    "fig-2.coincide-energy: source 1": lambda: np.abs(row(100)[0] / emitted()[0] - 1).max(),
    "fig-2.departs": lambda: off(row(1)[0], photons()[0]),
    "fig-2.twice-energy": lambda: np.diff(row(2)[0] - photons()[0])[1:].min(),
    "fig-2.twice-energy: reading 0": lambda: np.diff(row(2)[0] - emitted()[0])[1:].min(),
    "fig-2.same-energy": lambda:
        min(row(1)[0][m - 1] / photons()[0][m - 1] for m in range(3, 11)) - 1,
    "fig-4a.above": lambda: min(row(1)[0][m - 1] / photons()[0][m - 1] for m in range(2, 11)) - 1,
    "fig-4a.coincide": lambda: off(row(1, 0.2)[0], photons()[0]),
    "fig-4a.coincide: reading 0": lambda: off(row(1, 0.2)[0], emitted()[0]),
    "fig-4a.coincide: instead": lambda:
        spins(10, 10, 0.2).first(1.0)[1] / cavity(10).first(2.0)[1] - 1,
    "fig-2.coincide-power": lambda: max(off(row(r)[1], photons()[1]) for r in (10, 100)),
    "fig-2.coincide-power: reading 0, instead": lambda:
        max(off(row(r)[1], photons()[1] / np.sqrt(SIZES)) for r in (10, 100)),
    "fig-2.coincide-power: source 0": lambda: max(off(row(r)[1], emitted()[1]) for r in (10, 100)),
    "fig-2.twice-power": lambda: off(row(2)[1], photons()[1]),
    "fig-2.twice-power: reading 1": lambda: off(row(2)[1], emitted()[1]),
    "fig-2.same-power": lambda: room(row(1)[1], photons()[1], 3),
    "fig-2.same-power: reading 1": lambda: room(row(1)[1], emitted()[1], 3),
    "fig-4b.below": lambda: room(row(1)[1], photons()[1], 2),
    "fig-4b.below: reading 1": lambda: room(row(1)[1], emitted()[1], 2),
    # M = N = 10
    "fig-3a.energy-0": lambda: spins(10, 10).first(1.0)[1],
    "fig-3a.energy-0: reading 0": lambda: spins(10, 10).within(10.0, 20001),
    "fig-3a.power-0: plain, instead": lambda: spins(10, 10).power(1.0)[1] / math.sqrt(10),
    "fig-3a.power-0: source 0": lambda:
        int(100 * spins(10, 10).power(1.0)[1] / math.sqrt(10)) / 100,
    "fig-3a.energy-1": lambda: spins(10, 10, 1.0).first(1.0)[1],
    "fig-3a.energy-1: reading 0, instead": lambda: spins(10, 10, 1.0).within(10.0, 12001),
    "fig-3a.energy-1: reading 1": lambda: spins(10, 10, 1.0).within(100.0, 40001),
    "fig-3a.energy-1: compared 0": lambda:
        spins(10, 10).energy(np.arange(0.0, 10.1, 0.25)[:41]).max(),
    "fig-3a.energy-1: source 0": lambda: spins(10, 10, 1.0, 0.2).within(10.0, 12001),
    "fig-3a.power-1": lambda: spins(10, 10, 1.0).power(1.0)[1] / math.sqrt(10),
    "II.slope-1": lambda: slope(*row(1)),
    "fig-3.proportional: reading 0": lambda: slope(*row(1)),
    "II.slope-10: plain, instead": lambda: slope(*row(10)),
    "II.slope-10: reading 0": lambda: slope(windows(10, 0.0, 10.0), row(10)[1]),
    "II.slope-10: source 0": lambda: slope(windows(10, 0.0, 3.2), row(10)[1]),
    "II.slope-10: compared 0": lambda: slope(windows(1, 0.0, 3.2), row(1)[1]),
    "fig-3.proportional": lambda: np.linalg.lstsq(row(1)[0][:, None], row(1)[1], rcond=None)[0][0],
    "fig-3.linear": lambda: min(correlation([r]) for r in RATIOS),
    "fig-3.same-line": lambda: correlation(RATIOS),
    "fig-3.departure: reading 0": lambda:
        np.diff([abs(slope(*row(r, 1.0)) - slope(*row(r))) for r in RATIOS]).min(),
    "fig-3.energy-falls": lambda: falls(0, RATIOS),
    "fig-3.power-falls": lambda: falls(1, RATIOS),
    "fig-3d.smaller": lambda: min(loss(0, 10), loss(1, 10)),
    "fig-4a.monotonic": lambda: falls(0, (1,)),
    "fig-4b.monotonic": lambda: falls(1, (1,)),
    "fig-4.power-suffers": lambda: loss(1, 1) - loss(0, 1),
    "fig-4.power-suffers: reading 0": lambda: loss(1, 1) - 1 + (
        spins(10, 10, 1.0).within(10.0, 20001) / spins(10, 10).within(10.0, 20001)),
    "fig-2.larger-power": lambda: rise(lambda r: row(r)[1]),
    "fig-2.larger-power: reading 0": lambda: rise(lambda r: row(r)[1] * np.sqrt(r * SIZES)),
    "fig-2.smaller-energy": lambda: rise(lambda r: -row(r)[0]),
    "fig-4a.grows": lambda: min(itertools.starmap(
        lambda a, b: b - a, itertools.pairwise((row(1)[0] - photons()[0])[1:]))),
    "fig-3.slopes": lambda: min(
        slope(*row(b)) - slope(*row(a)) for a, b in itertools.pairwise(RATIOS)),
})  # fmt: skip
