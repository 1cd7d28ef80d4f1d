"""Maps of batteries and chargers up to 200 × 200, and of the best start of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from numerics import Charging, SpinCharger
from numerics.sweeps.points import Point
from symbattery.paper.figures.best_starts import best_excited
from symbattery.paper.figures.plots import FigureSpec, Plot, Tables, maps_of_sizes
from symbattery.paper.figures.tables import Column, TableKind, TableTask

__all__ = ["BEST_START", "EXTRACTABLE_MAP", "MAP", "SIZES", "map_task"]

SIZES = (*range(1, 41), *range(50, 201, 10))
"""Every size up to 40, and every tenth beyond, where the maps are smooth."""

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


_TASK = map_task("beyond-map")


def _plot_map(tables: Tables) -> Plot:
    table = tables[_TASK.name]
    m, n = table["M"], table["N"]
    energy, power = table["E_max"] / m, table["P_max"] / (m * np.sqrt(n))
    return maps_of_sizes(
        table,
        2.9,
        (r"$E_{\max}/(M\omega_0)$, first peak", energy, (0.2, 0.4, 0.6, 0.85, 0.9)),
        (r"$P_{\max}/(M\sqrt{N}\,g\,\omega_0)$", power, (0.5, 1, 1.5, 2, 2.5)),
    )


def _plot_best_start(tables: Tables) -> Plot:
    table = tables[_TASK.name]
    gain = (table["E_m"] - table["E_max"]) / table["M"]
    # A single cell is charged in full from every start.
    best = np.where(table["M"] == 1, np.nan, table["m"] / table["N"])
    return maps_of_sizes(
        table,
        2.9,
        (r"best $m/N$", best, (0.55, 0.6, 0.7, 0.8)),
        (r"$[E_{\max}(m)-E_{\max}(N)]/(M\omega_0)$", gain, (0.03, 0.1, 0.15)),
    )


def _plot_extractable(tables: Tables) -> Plot:
    table = tables[_TASK.name]
    return maps_of_sizes(
        table,
        2.9,
        (
            r"$\mathcal{E}/E$ at the first peak",
            table["W"] / table["E_max"],
            (0.94, 0.96, 0.98, 0.99),
        ),
        ("entropy $S$ at the first peak", table["S"], (1.5, 2, 2.5, 2.9)),
    )


MAP = FigureSpec(
    "beyond-map",
    (_TASK,),
    _plot_map,
    caption="Largest energy (first peak) and largest power of batteries of $M$ cells with $N$ "
    r"charger spins, all up, at $\gamma = 0$: every size up to 40, every tenth beyond. Dotted: "
    "$N = M$.",
    title="Largest energy and power of all sizes",
)
BEST_START = FigureSpec(
    "beyond-best-start",
    (_TASK,),
    _plot_best_start,
    caption="(a) The number $m$ of charger spins that are up at the start with the highest first "
    "peak of the energy, as a share of $N$; (b) what it gains over $m = N$. Dotted: $N = M$.",
    title="The best start for the energy",
)
EXTRACTABLE_MAP = FigureSpec(
    "beyond-map-extractable",
    (_TASK,),
    _plot_extractable,
    caption=r"(a) The share of the energy that unitaries on the battery can extract at its first "
    r"peak, and (b) the battery's entropy there, at $\gamma = 0$ with all charger spins up.",
    title="Ergotropy and entropy of all sizes",
)
