r"""Beyond the paper: :math:`\eta(M)` to 10 000 cells, and the law of large batteries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from numerics import SpinCharger, charge
from symbattery.limits.large_battery import LargeBattery
from symbattery.model.symbols import g, omega_0
from symbattery.paper.figures.figure5 import SINGLE_POWER
from symbattery.paper.figures.plots import Axis, Curve, Panel, Plot
from symbattery.paper.figures.table_tasks import FigureSpec, Tables, TableTask
from symbattery.paper.figures.tables import Column, Head

__all__ = ["SHEET", "SIZES", "advantage_rows"]

SIZES = tuple(np.unique(np.round(np.geomspace(1, 10_000, 49)).astype(int)).tolist())
# The law has no largest power for fewer cells.
_LEAST = 3
_COLUMNS = (
    Column("M", "1", "number of cells, and of charger spins"),
    Column("P_max", "g omega_0", "largest average power, over all times"),
    Column("eta", "1", "P_max/(M p_max) of Eq. (10)"),
    Column("eta_0", "1", "the law of large batteries, with the exact p_max; empty: no such law"),
    Column("eta_1", "1", "the law with the next order in 1/M"),
    Column("beta", "1", "d ln eta/d ln M of the law"),
)
_METHOD = "P_max by numerics, double precision; laws by symbattery.large_battery"


def advantage_rows(sizes: Sequence[int]) -> Iterator[Sequence[float]]:
    """Rows for N = M at γ = 0."""
    law, units = LargeBattery(), {g: 1, omega_0: 1}
    for cells in sizes:
        power, parallel = charge(SpinCharger(cells, cells)).max_power().value, cells * SINGLE_POWER
        laws = [np.nan] * 3
        if cells >= _LEAST:
            tops = (law.max_power(cells, order).value.subs(units) for order in (0, 1))
            laws = [float(top.evalf()) / parallel for top in tops]
            laws.append(float(law.exponent(cells).evalf()))
        yield (cells, power, power / parallel, *laws)


def _plate(tables: Tables) -> Plot:
    table = tables["beyond-advantage"]
    m, eta = table["M"], table["eta"]
    upper = Panel(
        "(a)",
        Axis("$M$", (0.8, 1.3e4), "log"),
        Axis(r"$\eta$", (0.8, None), "log"),
        (
            Curve("exact numerics", m, eta, "black circles"),
            Curve("law of large $M$", m, table["eta_0"], "red dot-dashed"),
            Curve("and next order", m, table["eta_1"], "blue solid"),
        ),
    )
    known = m >= _LEAST
    lower = Panel(
        "(b)",
        Axis("$M$", (0.8, 1.3e4), "log"),
        Axis(r"$|\eta_{\mathrm{law}}/\eta-1|$", (None, None), "log"),
        tuple(
            Curve(label, m[known], np.abs(table[name] / eta - 1)[known], look)
            for label, name, look in (
                ("law of large $M$", "eta_0", "red dot-dashed"),
                ("and next order", "eta_1", "blue solid"),
            )
        ),
    )
    return Plot((upper, lower), height=4.4, legend_columns=3, share_x=True)


def _piece() -> TableTask:
    parameters = (
        ("M", f"{SIZES[0]} ... {SIZES[-1]}, {len(SIZES)} sizes"),
        ("N/M", "1"),
        ("gamma", "0"),
        ("initial state", "all cells down, all charger spins up"),
    )
    head = Head("beyond-advantage", "collective advantage eta", parameters, _METHOD, _COLUMNS)
    return TableTask(head, advantage_rows, (SIZES,))


CAPTION = (
    "(a) η for N = M up to 10 000 cells at γ = 0, and the law of large batteries; (b) how "
    "far the law is off."
)
SHEET = FigureSpec("beyond-advantage", (_piece(),), _plate, caption=CAPTION)
