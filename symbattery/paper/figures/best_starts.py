"""Batteries and chargers up to 200 × 200, and the best start of each: the table of a map."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from numerics import Charging, SpinCharger, charge, dicke
from numerics.maxima.search import Peak
from numerics.sweeps.points import Point
from symbattery.paper.figures.tables import Column, TableKind, TableTask

__all__ = ["SIZES", "best_excited", "climbed", "map_numbers", "map_task"]

SIZES = (*range(1, 41), *range(50, 201, 10))
"""Every size up to 40, and every tenth beyond, where the maps are smooth."""

# Energies this close, per cell, count as equal.
_TIE = 1e-11
_COLUMNS = (
    Column("M", "1", "number of cells"),
    Column("N", "1", "number of charger spins"),
    Column("E_max", "omega_0", "first local maximum of the stored energy, all spins up"),
    Column("t_E", "1/g", "its time"),
    Column("P_max", "g omega_0", "largest average power, over all times, all spins up"),
    Column("t_P", "1/g", "its time"),
    Column("m", "1", "number of charger spins up with the highest first maximum of E"),
    Column("E_m", "omega_0", "that maximum"),
    Column("W", "omega_0", "ergotropy at t_E, by all unitaries, all spins up"),
    Column("S", "nat", "entropy of the battery at t_E, all spins up"),
)
_METHOD = (
    "numerics, double precision, peaks certified between samples; with all spins up E, P, W and S "
    "do not change when M and N are exchanged (the chain is the same), so each is computed once; m "
    "by climbing from the start with equal hops at both ends, (M+N)/2, over Dicke states"
)


def best_excited(cells: int, chargers: int) -> tuple[int, Peak]:
    """The number m of charger spins up, from 1 to N, with the highest first peak of E; this peak.

    The hops are the same from both ends for m = (M + N)/2, where the wave arrives least dispersed.
    From there, or from m = N, m climbs while that helps: the height has a single maximum in m
    wherever it was computed for all m. Of equal heights the m first met stays.
    """

    @cache
    def peak(m: int) -> Peak:
        return charge(SpinCharger(cells, chargers), dicke(0, m)).first_peak()

    best = climbed(lambda m: peak(m).value, (cells + chargers) // 2, chargers, _TIE * cells)
    return best, peak(best)


def climbed(height: Callable[[int], float], near: int, last: int, tie: float) -> int:
    """The integer from 1 to ``last`` that is uphill from ``near``, by more than ``tie`` a step."""
    best = min(max(near, 1), last)
    while True:
        beside = [m for m in (best - 1, best + 1) if 1 <= m <= last]
        better = max(beside, key=height, default=best)
        if height(better) <= height(best) + tie:
            return best
        best = better


def map_numbers(charging: Charging) -> list[tuple[float, ...]]:
    """The rows of a size and of that with cells and charger spins exchanged."""
    small, large = charging.model.cells, charging.model.chargers
    top, power = charging.first_peak(), charging.max_power()
    both = (top.value, top.time, power.value, power.time)
    state = (float(charging.ergotropy(top.time)), float(charging.entropy(top.time)))
    rows: list[tuple[float, ...]] = []
    for pair in dict.fromkeys(((small, large), (large, small))):
        m, best = best_excited(*pair)
        rows.append((*pair, *both, m, top.value if m == pair[1] else best.value, *state))
    return rows


_MAP = TableKind("E_max and P_max over (M, N), and the best m", _METHOD, _COLUMNS, map_numbers)


def map_task(name: str, sizes: Sequence[int] = SIZES) -> TableTask:
    """The map over all pairs of some sizes."""
    parameters = (
        ("M, N", ", ".join(map(str, sizes))),
        ("gamma", "0"),
        ("initial state", "all cells down; all charger spins up, or m of them"),
    )
    pairs = ((small, large) for small in sizes for large in sizes if large >= small)
    return _MAP.task(name, parameters, (((), Point(SpinCharger(*pair))) for pair in pairs))
