"""Closed forms beside numerics: the law of large batteries, and maxima in three senses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from numerics import Charging, SpinCharger
from numerics.sweeps.points import Point
from symbattery.core.expressions import UnsolvedError
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.dynamics.solve import solve
from symbattery.limits.large_battery import LargeBattery
from symbattery.maxima.energy import maximum
from symbattery.paper.figures.maxima import IDEAL, SINGLE_POWER, WINDOW, span
from symbattery.paper.figures.tables import Column, TableKind, TableTask
from symbattery.symbols import g, omega_0

__all__ = ["LAW_FROM", "law_numbers", "law_task", "sense_numbers", "sense_task"]

# The law of large batteries has no largest power for fewer cells.
LAW_FROM = 3
_LAW = (
    Column("M", "1", "number of cells, and of charger spins"),
    Column("P_max", "g omega_0", "largest average power, over all times"),
    Column("eta", "1", "P_max/(M p_max) of Eq. (10)"),
    Column("eta_0", "1", "the law of large batteries, with the exact p_max; empty: no such law"),
    Column("eta_1", "1", "the law with the next order in 1/M"),
    Column("beta", "1", "d ln eta/d ln M of the law"),
)
_SENSES = (
    Column("M", "1", "number of cells, and of charger spins"),
    Column("E_first", "omega_0", "first local maximum"),
    Column("t_first", "1/g", "its time"),
    Column("E_window", "omega_0", f"largest value with 0 <= g t <= {WINDOW:g}"),
    Column("t_window", "1/g", "its time"),
    Column("E_supremum", "omega_0", "supremum over all times; empty: not derived"),
    Column("attained", "1", "1 where some time reaches the supremum, 0 where none does"),
    Column("P_max", "g omega_0", "largest average power, over all times"),
    Column("t_P", "1/g", "its time"),
)


def law_numbers(charging: Charging) -> tuple[float, ...]:
    """The power and η for N = M at γ = 0, and the law of large batteries."""
    cells, law, units = charging.model.cells, LargeBattery(), {g: 1, omega_0: 1}
    power, parallel = charging.max_power().value, cells * SINGLE_POWER
    laws = [np.nan] * 3
    if cells >= LAW_FROM:
        tops = (law.max_power(cells, order).value.subs(units) for order in (0, 1))
        laws = [float(top.evalf()) / parallel for top in tops]
        laws.append(float(law.exponent(cells).evalf()))
    return power, power / parallel, *laws


def sense_numbers(charging: Charging) -> tuple[float, ...]:
    """The largest energy in its three senses, and the power, for N = M at γ = 0."""
    peaks = charging.first_peak(), charging.maximum(until=WINDOW)
    power = charging.max_power()
    try:
        top = maximum(solve(ClosedForm, charging.model), "supremum")
        supremum = float((top.value / omega_0).evalf()), float(top.attained)
    except UnsolvedError:
        supremum = np.nan, np.nan
    numbers = (number for peak in peaks for number in (peak.value, peak.time))
    return (*numbers, *supremum, power.value, power.time)


_LAW_TABLE = TableKind(
    "collective advantage eta",
    "P_max by numerics, double precision; laws by symbattery.limits.large_battery.LargeBattery",
    _LAW,
    law_numbers,
)
_SENSE_TABLE = TableKind(
    "largest energies in three senses",
    "first peak, window and power by numerics, double precision; suprema in closed form by "
    "symbattery.solve, which proves the frequencies rationally independent up to M = N = 8",
    _SENSES,
    sense_numbers,
)


def _equal_sizes(sizes: Sequence[int]) -> Iterator[tuple[Sequence[float], Point]]:
    """Points of N = M at γ = 0."""
    for cells in sizes:
        yield (cells,), Point(SpinCharger(cells, cells))


_EQUAL = (("N/M", "1"), ("gamma", "0"), IDEAL)


def law_task(name: str, sizes: Sequence[int]) -> TableTask:
    """The advantage up to large sizes, and its law."""
    parameters = (("M", f"{span(sizes)}, {len(sizes)} sizes"), *_EQUAL)
    return _LAW_TABLE.task(name, parameters, _equal_sizes(sizes))


def sense_task(name: str, sizes: Sequence[int]) -> TableTask:
    """The largest energy in its three senses."""
    return _SENSE_TABLE.task(name, (("M", span(sizes)), *_EQUAL), _equal_sizes(sizes))
