"""The best numbers of excited charger spins for energy, ergotropy and power, size by size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from numerics import Charging, SpinCharger, charge, dicke
from numerics.maxima.search import Peak
from numerics.sweeps.points import Point
from symbattery.limits.best_start import best_power
from symbattery.paper.figures.plots import FigureSpec, Plot, Tables, maps_of_sizes
from symbattery.paper.figures.tables import Column, Floats, TableKind, TableTask

__all__ = ["BEST_STARTS", "best_excited", "best_numbers", "law_for_power"]

SIZES = range(1, 201)
# Values this close, per cell, count as equal.
_TIE = 1e-13
_COLUMNS = (
    Column("M", "1", "number of cells"),
    Column("N", "1", "number of charger spins"),
    Column("m_E", "1", "excited charger spins with the highest first maximum of E"),
    Column("m_W", "1", "with the largest ergotropy, by all unitaries, at the first maximum of E"),
    Column("m_P", "1", "with the largest average power"),
)
_METHOD = (
    "numerics, double precision, peaks certified between samples; uphill in m from what the laws "
    "say, over Dicke states; of equal ones the least"
)


@cache
def _classical() -> tuple[np.polynomial.Chebyshev, np.polynomial.Chebyshev]:
    """The classical optimum: m/M − (1 + r)/2 over 1/r², r = N/M ≥ 1, and m/N over r ≤ 1."""

    def wide(squares: Floats) -> Floats:
        ends = squares**-0.5
        return np.array([float(best_power(r, 6).excited) * r - (1 + r) / 2 for r in ends.tolist()])

    def narrow(ends: Floats) -> Floats:
        return np.array([float(best_power(r, 6).excited) for r in ends.tolist()])

    fit = np.polynomial.Chebyshev.interpolate
    return fit(wide, 5, (0, 1)), fit(narrow, 5, (0, 1))


def law_for_power(cells: Any, chargers: Any) -> Any:
    r""":math:`\tfrac{M+N}2+(M-1)\,a(N/M)` for N ≥ M, else :math:`N\mu(N/M)`: a classical motion."""
    wide, narrow = _classical()
    balanced = (cells + chargers) / 2 + (cells - 1) * wide((cells / chargers) ** 2)
    return np.where(chargers < cells, chargers * narrow(chargers / cells), balanced)


def climbed(height: Callable[[int], float], near: int, last: int, tie: float) -> int:
    """The integer from 1 to ``last`` that is uphill from ``near``; of equal heights the least."""
    best = min(max(near, 1), last)
    while True:
        beside = [m for m in (best - 1, best + 1) if 1 <= m <= last]
        better = max(beside, key=height, default=best)
        if height(better) <= height(best) + tie:
            break
        best = better
    least = height(best) - tie
    while best > 1 and height(best - 1) >= least:
        best -= 1
    return best


@dataclass(frozen=True)
class _Starts:
    """All Dicke starts of one size with empty cells, each charged once."""

    cells: int
    chargers: int
    charged: dict[int, Charging] = field(default_factory=dict)
    peaks: dict[int, Peak] = field(default_factory=dict)

    def charging(self, m: int) -> Charging:
        if m not in self.charged:
            self.charged[m] = charge(SpinCharger(self.cells, self.chargers), dicke(0, m))
        return self.charged[m]

    def peak(self, m: int) -> Peak:
        if m not in self.peaks:
            self.peaks[m] = self.charging(m).first_peak()
        return self.peaks[m]

    def best(self, height: Callable[[int], float], near: float) -> int:
        return climbed(height, round(near), self.chargers, _TIE * self.cells)

    def best_for_energy(self) -> int:
        return self.best(lambda m: self.peak(m).value, (self.cells + self.chargers + 1) // 2)


def best_excited(cells: int, chargers: int) -> tuple[int, Peak]:
    """The number m of charger spins up, from 1 to N, with the highest first peak of E; this peak.

    The hops are the same from both ends for m = (M + N)/2, where the wave arrives least dispersed.
    From there, or from m = N, m climbs while that helps: the height has a single maximum in m
    wherever it was computed for all m.
    """
    starts = _Starts(cells, chargers)
    best = starts.best_for_energy()
    return best, starts.peak(best)


def best_numbers(charging: Charging) -> tuple[int, int, int]:
    """The best numbers of excited charger spins for energy, ergotropy and power."""
    cells, chargers = charging.model.cells, charging.model.chargers
    starts = _Starts(cells, chargers)

    @cache
    def ergotropy(m: int) -> float:
        return float(starts.charging(m).ergotropy(starts.peak(m).time))

    @cache
    def power(m: int) -> float:
        return starts.charging(m).max_power().value

    energy = starts.best_for_energy()
    near = float(law_for_power(cells, chargers))
    return energy, starts.best(ergotropy, energy), starts.best(power, near)


_KIND = TableKind("best numbers m of excited charger spins", _METHOD, _COLUMNS, best_numbers)


def _task(name: str, sizes: Sequence[int] = SIZES) -> TableTask:
    """The table of all pairs of some sizes."""
    parameters = (
        ("M, N", f"{min(sizes)} ... {max(sizes)}"),
        ("gamma", "0"),
        ("initial state", "all cells down; m charger spins up, in the symmetric state"),
    )
    pairs = ((cells, chargers) for cells in sizes for chargers in sizes)
    return _KIND.task(name, parameters, ((pair, Point(SpinCharger(*pair))) for pair in pairs))


_TASK = _task("best-starts")


def _plot(tables: Tables) -> Plot:
    table = tables[_TASK.name]
    cells, chargers, energy, _, power = (table[column.name] for column in _COLUMNS)
    # A single cell is charged in full from every start.
    energy = np.where(cells == 1, np.nan, energy)
    return maps_of_sizes(
        table,
        2.3,
        (r"best $m/N$, energy", energy / chargers, (0.55, 0.6, 0.7, 0.8, 0.9)),
        (r"best $m/N$, power", power / chargers, (0.55, 0.6, 0.65, 0.7, 0.75)),
        (r"best $m$, power $-$ law", power - law_for_power(cells, chargers), ()),
    )


BEST_STARTS = FigureSpec(
    "best-starts",
    (_TASK,),
    _plot,
    caption="The best number $m$ of charger spins that are up at the start, of all sizes up to "
    "200: (a) for the first peak of the energy, (b) for the largest power, (c) how far the latter "
    "is from its law. Dotted: $N = M$.",
    apart=True,
    title="The best starts of all sizes",
)
