"""Beyond the paper: the largest energy of N = M = 1 … 10 in its three senses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from numerics import SpinCharger, charge
from symbattery import solve
from symbattery.core.errors import UnsolvedError
from symbattery.model.symbols import omega_0
from symbattery.paper.figures.maxima import WINDOW
from symbattery.paper.figures.plots import Axis, Curve, Panel, Plot
from symbattery.paper.figures.table_tasks import FigureSpec, Tables, TableTask
from symbattery.paper.figures.tables import Column, Head

__all__ = ["SHEET", "three_senses"]

SIZES = tuple(range(1, 11))
_COLUMNS = (
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
_METHOD = (
    "first peak, window and power by numerics, double precision; suprema in closed form by "
    "symbattery.solve, which proves the frequencies rationally independent up to M = N = 8"
)


def three_senses(sizes: Sequence[int]) -> Iterator[Sequence[float]]:
    """Rows for N = M at γ = 0."""
    for cells in sizes:
        model = SpinCharger(cells, cells)
        charging = charge(model)
        peaks = charging.first_peak(), charging.max_energy(WINDOW)
        power = charging.max_power()
        try:
            top = solve(model).maximum("supremum")
            supremum = float((top.value / omega_0).evalf()), float(top.attained)
        except UnsolvedError:
            supremum = np.nan, np.nan
        numbers = (number for peak in peaks for number in (peak.value, peak.time))
        yield (cells, *numbers, *supremum, power.value, power.time)


def _plate(tables: Tables) -> Plot:
    table = tables["beyond-maxima"]
    m = table["M"]
    curves = tuple(
        Curve(label, m, table[name] / m, look)
        for label, name, look in (
            ("supremum", "E_supremum", "black circles"),
            (rf"$gt\leq{WINDOW:g}$", "E_window", "green squares"),
            ("first peak", "E_first", "blue crosses"),
        )
    )
    x, y = Axis("$M=N$", (0.5, 10.5)), Axis(r"$E_{\max}/(M\omega_0)$", (0.948, 1.004))
    notes = ((0.98, 0.9, "not derived"),)
    return Plot((Panel("", x, y, curves, None, notes),), height=2.5, legend_columns=3)


def _piece() -> TableTask:
    parameters = (
        ("M", "1 ... 10"),
        ("N/M", "1"),
        ("gamma", "0"),
        ("initial state", "all cells down, all charger spins up"),
    )
    head = Head("beyond-maxima", "largest energies in three senses", parameters, _METHOD, _COLUMNS)
    return TableTask(head, three_senses, (SIZES,))


CAPTION = (
    "Largest energy for N = M in its three senses, at γ = 0: first peak, largest value in "
    "gt ≤ 10, supremum over all times."
)
SHEET = FigureSpec("beyond-maxima", (_piece(),), _plate, caption=CAPTION)
