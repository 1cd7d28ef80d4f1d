"""Batteries and chargers up to 200 × 200, and the best start of each: the tables of a map."""

from __future__ import annotations

from numerics import SpinCharger, charge, dicke
from numerics.maxima.search import Peak
from symbattery.paper.figures.tables import Column, Rows, TableKind, TableTask

__all__ = ["SIZES", "best_excited", "map_rows", "map_tasks"]

SIZES = (*range(1, 41), *range(44, 201, 4))
"""Every size up to 40, and every fourth beyond, where the maps are smooth."""

_STRIP = 8
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
    known: dict[int, Peak] = {}

    def height(m: int) -> float:
        if not 1 <= m <= chargers:
            return 0.0
        if m not in known:
            known[m] = charge(SpinCharger(cells, chargers), dicke(0, m)).first_peak()
        return known[m].value

    best = min((cells + chargers) // 2, chargers)
    while True:
        better = max(best - 1, best + 1, key=height)
        if height(better) <= height(best) + _TIE * cells:
            return best, known[best]
        best = better


def map_rows(first: int, last: int, sizes: tuple[int, ...]) -> Rows:
    """Rows for all pairs of ``sizes`` whose smaller number is between ``first`` and ``last``."""
    for small in (size for size in sizes if first <= size <= last):
        for large in (size for size in sizes if size >= small):
            charging = charge(SpinCharger(small, large))
            top, power = charging.first_peak(), charging.max_power()
            both = (top.value, top.time, power.value, power.time)
            state = (float(charging.ergotropy(top.time)), float(charging.entropy(top.time)))
            for pair in dict.fromkeys(((small, large), (large, small))):
                m, best = best_excited(*pair)
                yield (*pair, *both, m, top.value if m == pair[1] else best.value, *state)


_MAP = TableKind("E_max and P_max over (M, N), and the best m", _METHOD, _COLUMNS, map_rows)


def map_tasks(sizes: tuple[int, ...] = SIZES, strip: int = _STRIP) -> tuple[TableTask, ...]:
    """The map in strips, so that an interruption costs little."""
    table_tasks = []
    for i in range(0, len(sizes), strip):
        first, last = sizes[i], sizes[i : i + strip][-1]
        parameters = (
            ("M, N", f"{', '.join(map(str, sizes))}; the smaller of the two {first} ... {last}"),
            ("gamma", "0"),
            ("initial state", "all cells down; all charger spins up, or m of them"),
        )
        name = f"beyond-map-{first:03}-{last:03}"
        table_tasks.append(_MAP.task(name, parameters, first, last, sizes))
    return tuple(table_tasks)
