"""The best numbers of excited charger spins for energy, ergotropy and power, size by size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from numerics import Charging, NoPeakError, SpinCharger, charge, dicke
from numerics.sweeps.points import Point
from symbattery.limits.best_start import best_power
from symbattery.paper.figures.best_starts import climbed
from symbattery.paper.figures.plots import (
    DOUBLE,
    Axis,
    Curve,
    Field,
    FigureSpec,
    Panel,
    Plot,
    Tables,
)
from symbattery.paper.figures.tables import Column, Floats, TableKind, TableTask

__all__ = ["BEST_STARTS", "best_numbers", "best_task", "law_for_power"]

SIZES = range(1, 81)
# Values this close, per cell, count as equal.
_TIE = 1e-11
# Of (M + N)/2 − m in cells: for N ≫ M, and what of (M/N)² is added.
_LESS = 0.1554, 0.0759
_COLUMNS = (
    Column("M", "1", "number of cells"),
    Column("N", "1", "number of charger spins"),
    Column("m_E", "1", "excited charger spins with the highest first maximum of E"),
    Column("m_W", "1", "with the largest ergotropy, by all unitaries, at the first maximum of E"),
    Column("m_P", "1", "with the largest average power"),
)
_METHOD = (
    "numerics, double precision, peaks certified between samples; uphill in m from what the laws "
    "say, over Dicke states; of equal ones the first that was met"
)


def _near(cells: int, chargers: int) -> float:
    """About the number m that charges with the largest power."""
    if chargers < cells:
        return 0.77 * chargers + 0.5
    far, more = _LESS
    return (cells + chargers) / 2 - (cells - 1) * far - cells * more * (cells / chargers) ** 2


def best_numbers(charging: Charging) -> tuple[int, int, int]:
    """The best numbers of excited charger spins for energy, ergotropy and power."""
    cells, chargers = charging.model.cells, charging.model.chargers

    @cache
    def battery(m: int) -> Charging:
        return charge(SpinCharger(cells, chargers), dicke(0, m))

    @cache
    def peak(m: int) -> tuple[float, float]:
        try:
            found = battery(m).first_peak()
        except NoPeakError:
            return 0.0, 0.0
        return found.value, float(battery(m).ergotropy(found.time))

    @cache
    def power(m: int) -> float:
        return battery(m).max_power().value

    def best(height: Callable[[int], float], near: float) -> int:
        return climbed(height, round(near), chargers, _TIE * cells)

    energy = best(lambda m: peak(m)[0], (cells + chargers + 1) // 2)
    ergotropy = best(lambda m: peak(m)[1], energy)
    return energy, ergotropy, best(power, _near(cells, chargers))


_KIND = TableKind("best numbers m of excited charger spins", _METHOD, _COLUMNS, best_numbers)


def best_task(name: str, sizes: Sequence[int] = SIZES) -> TableTask:
    """The table of all pairs of some sizes."""
    parameters = (
        ("M, N", f"{min(sizes)} ... {max(sizes)}"),
        ("gamma", "0"),
        ("initial state", "all cells down; m charger spins up, in the symmetric state"),
    )
    pairs = ((cells, chargers) for cells in sizes for chargers in sizes)
    return _KIND.task(name, parameters, ((pair, Point(SpinCharger(*pair))) for pair in pairs))


@cache
def _less() -> np.polynomial.Chebyshev:
    """The classical optimum of m less (M + N)/2, in cells, over (M/N)²."""

    def exact(squares: Floats) -> Floats:
        ends = squares**-0.5
        return np.array([float(best_power(r, 6).excited) * r - (1 + r) / 2 for r in ends.tolist()])

    return np.polynomial.Chebyshev.interpolate(exact, 5, (0, 1))


def law_for_power(cells: Floats, chargers: Floats) -> Floats:
    r""":math:`\tfrac{M+N}2+(M-1)\,a(N/M)` for N ≥ M, with a of the classical motion; else nan."""
    law = (cells + chargers) / 2 + (cells - 1) * _less()((cells / chargers) ** 2)
    return np.where(chargers < cells, np.nan, law)


_TASK = best_task("best-starts")


def _plot(tables: Tables) -> Plot:
    table = tables[_TASK.name]
    cells, chargers, energy, _, power = (table[column.name] for column in _COLUMNS)
    sizes = np.unique(cells)
    x, y = Axis("cells $M$", (1, None)), Axis("charger spins $N$", (1, None))
    shown = (
        (r"best $m/N$, energy", energy / chargers, (0.55, 0.6, 0.7, 0.8, 0.9)),
        (r"best $m/N$, power", power / chargers, (0.55, 0.6, 0.65, 0.7, 0.75)),
        (r"best $m$, power $-$ law", power - law_for_power(cells, chargers), ()),
    )
    panels = []
    for title, (label, values, levels) in zip(("(a)", "(b)", "(c)"), shown, strict=True):
        matrix = np.full((len(sizes), len(sizes)), np.nan)
        matrix[np.searchsorted(sizes, chargers), np.searchsorted(sizes, cells)] = values
        field = Field(label, sizes, sizes, matrix, levels)
        panels.append(Panel(title, x, y, (Curve("", sizes, sizes, "diagonal"),), field))
    return Plot(tuple(panels), columns=3, width=DOUBLE, height=2.3)


BEST_STARTS = FigureSpec(
    "best-starts",
    (_TASK,),
    _plot,
    caption="The best number $m$ of charger spins that are up at the start, of all sizes up to "
    "80: (a) for the first peak of the energy, (b) for the largest power, (c) how far the latter "
    r"is from its law, for $N \geq M$.",
)
