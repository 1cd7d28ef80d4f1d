"""Beyond the paper: every battery and charger up to 200 × 200, and the best start of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from numerics import SpinCharger, charge, dicke
from symbattery.paper.figures.best_start import best_excited
from symbattery.paper.figures.plots import DOUBLE, Axis, Curve, Field, Panel, Plot
from symbattery.paper.figures.table_tasks import FigureSpec, Tables, TableTask
from symbattery.paper.figures.tables import Column, Floats, Head

__all__ = ["BEST", "LANDSCAPE", "map_pieces", "map_rows"]

LARGEST, STRIP = 200, 10
_CELLS, _CHARGERS = Axis("cells $M$", (1, None)), Axis("charger spins $N$", (1, None))
_COLUMNS = (
    Column("M", "1", "number of cells"),
    Column("N", "1", "number of charger spins"),
    Column("E_max", "omega_0", "first local maximum of the stored energy, all spins up"),
    Column("t_E", "1/g", "its time"),
    Column("P_max", "g omega_0", "largest average power, over all times, all spins up"),
    Column("t_P", "1/g", "its time"),
    Column("m", "1", "number of charger spins up with the highest first maximum of E"),
    Column("E_m", "omega_0", "that maximum"),
)
_METHOD = (
    "numerics, double precision, peaks certified between samples; E and P with all spins up do not "
    "change when M and N are exchanged (the chain is the same), so each is computed once; m by "
    "climbing from the start with equal hops at both ends, (M+N)/2, over Dicke states, by peaks "
    "between samples a sixteenth of a passage apart"
)


def map_rows(first: int, last: int, largest: int) -> Iterator[Sequence[float]]:
    """Rows for all pairs whose smaller number is between ``first`` and ``last``."""
    for small in range(first, last + 1):
        either = [((small, large), (large, small)) for large in range(small, largest + 1)]
        best = best_excited(pair for pairs in either for pair in pairs)
        for pairs in either:
            charging = charge(SpinCharger(*pairs[0]))
            top, power = charging.first_peak(), charging.max_power()
            both = (top.value, top.time, power.value, power.time)
            for pair in dict.fromkeys(pairs):
                yield (*pair, *both, best[pair], _height(pair, best[pair], top.value))


def _height(pair: tuple[int, int], excited: int, all_up: float) -> float:
    """The first maximum of E with so many charger spins up."""
    if excited == pair[1]:
        return all_up
    return charge(SpinCharger(*pair), dicke(0, excited)).first_peak().value


def map_pieces(largest: int = LARGEST, strip: int = STRIP) -> tuple[TableTask, ...]:
    """The map in strips, so that an interruption costs little."""
    table_tasks = []
    for first in range(1, largest + 1, strip):
        last = min(first + strip - 1, largest)
        parameters = (
            ("M, N", f"1 ... {largest}, the smaller of the two {first} ... {last}"),
            ("gamma", "0"),
            ("initial state", "all cells down; all charger spins up, or m of them"),
        )
        name = f"beyond-map-{first:03}-{last:03}"
        head = Head(
            name, "E_max and P_max over (M, N), and the best m", parameters, _METHOD, _COLUMNS
        )
        table_tasks.append(TableTask(head, map_rows, (first, last, largest)))
    return tuple(table_tasks)


_PIECES = map_pieces()


def _grid(tables: Tables, column: str) -> Floats:
    """A column as a matrix: row N − 1, column M − 1."""
    matrix = np.full((LARGEST, LARGEST), np.nan)
    for table_task in _PIECES:
        table = tables[table_task.name]
        m, n = table["M"].astype(int), table["N"].astype(int)
        matrix[n - 1, m - 1] = table[column]
    return matrix


_SIZES: Floats = np.arange(1.0, LARGEST + 1)


def _panel(title: str, label: str, values: Floats, levels: tuple[float, ...]) -> Panel:
    field = Field(label, _SIZES, _SIZES, values, levels)
    diagonal = Curve("", _SIZES, _SIZES, "diagonal")
    return Panel(title, _CELLS, _CHARGERS, (diagonal,), field)


def _landscape(tables: Tables) -> Plot:
    energy, power = _grid(tables, "E_max"), _grid(tables, "P_max")
    m, n = _SIZES[None, :], _SIZES[:, None]
    panels = (
        _panel(
            "(a)",
            r"$E_{\max}/(M\omega_0)$, first peak",
            energy / m,
            (0.2, 0.4, 0.6, 0.85, 0.9),
        ),
        _panel(
            "(b)",
            r"$P_{\max}/(M\sqrt{N}\,g\,\omega_0)$",
            power / (m * np.sqrt(n)),
            (0.5, 1, 1.5, 2, 2.5),
        ),
    )
    return Plot(panels, columns=2, width=DOUBLE, height=2.9)


def _best(tables: Tables) -> Plot:
    best, gain = _grid(tables, "m"), _grid(tables, "E_m") - _grid(tables, "E_max")
    panels = (
        _panel("(a)", r"best $m/N$", best / _SIZES[:, None], (0.55, 0.6, 0.7, 0.8)),
        _panel(
            "(b)",
            r"$[E_{\max}(m)-E_{\max}(N)]/(M\omega_0)$",
            gain / _SIZES[None, :],
            (0.03, 0.1, 0.15),
        ),
    )
    return Plot(panels, columns=2, width=DOUBLE, height=2.9)


LANDSCAPE = FigureSpec(
    "beyond-map",
    _PIECES,
    _landscape,
    caption="Largest energy (first peak) and largest power of every battery of M cells with N "
    "charger spins, all up, at γ = 0.",
)
BEST = FigureSpec(
    "beyond-best-start",
    _PIECES,
    _best,
    caption="(a) The best number m of charger spins that are up at the start, as a share of N; "
    "(b) what it gains over m = N.",
)
