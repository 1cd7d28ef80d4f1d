"""Fig. 3: largest power against largest energy, with anisotropy, for four ratios N/M."""

from __future__ import annotations

import numpy as np

from symbattery.paper.figures.figure2 import ENERGY
from symbattery.paper.figures.maxima import ANISOTROPIES, spin_piece
from symbattery.paper.figures.plots import DOUBLE, Axis, Curve, Panel, Plot
from symbattery.paper.figures.table_tasks import FigureSpec, Tables
from symbattery.paper.figures.tables import Column, Head, Table

__all__ = ["SHEET"]

SIZES = range(1, 11)
RATIOS = {"a": 1, "b": 2, "c": 3, "d": 10}
POWER = Axis(r"$P_{\max}/(\sqrt{N}\,g\,\omega_0)$", (0, 12))
LOOKS = ("orange diamonds", "green squares", "black circles", "blue crosses")
_FITS = Head(
    "figure-3-slopes",
    "straight lines through E_max (abscissa) and P_max (ordinate) of each panel",
    (("gamma", "0, 0.2, 0.6 and 1 together"), ("M", "1 ... 10"), ("g/omega_0", "0.1")),
    "least squares, P_max = slope E_max + offset, of the values in the other files",
    (
        Column("N/M", "1", "the panel"),
        Column("slope", "sqrt(N) g", "of the line"),
        Column("offset", "sqrt(N) g omega_0", "P_max of the line at E_max = 0"),
    ),
)


def _name(panel: str, anisotropy: float) -> str:
    return f"figure-3-{panel}-gamma-{anisotropy:g}"


def _derive(tables: Tables) -> tuple[Table, ...]:
    rows = []
    for panel, ratio in RATIOS.items():
        mine = [tables[_name(panel, anisotropy)] for anisotropy in ANISOTROPIES]
        energy, power = (np.concatenate([t[name] for t in mine]) for name in ("E_max", "P_max"))
        slope, offset = np.polyfit(energy, power, 1)
        rows.append((ratio, float(slope), float(offset)))
    return (Table.of(_FITS, rows),)


def _plate(tables: Tables) -> Plot:
    fits, panels = tables[_FITS.name], []
    for number, (panel, ratio) in enumerate(RATIOS.items()):
        ends = np.array([0.0, 10.0])
        slope, offset = fits["slope"][number], fits["offset"][number]
        curves = [Curve(r"least squares, all $\gamma$", ends, slope * ends + offset, "guide")]
        for anisotropy, look in zip(ANISOTROPIES, LOOKS, strict=True):
            table = tables[_name(panel, anisotropy)]
            label = rf"$\gamma={anisotropy:g}$"
            curves.append(Curve(label, table["E_max"], table["P_max"], look))
        notes = ((0.95, 0.07, f"slope {slope:.3f}"),)
        panels.append(Panel(f"({panel}) $N/M={ratio}$", ENERGY, POWER, tuple(curves), None, notes))
    return Plot(tuple(panels), columns=2, width=DOUBLE, height=4.8, legend_columns=5)


CAPTION = (
    "Largest power against largest energy (in gt ≤ 10) for M = 1 … 10 cells and several γ; "
    "N/M is 1, 2, 3 and 10 in panels (a) to (d). The lines are least squares of all points."
)
SHEET = FigureSpec(
    "figure-3",
    tuple(
        spin_piece(_name(panel, anisotropy), SIZES, ratio, anisotropy)
        for panel, ratio in RATIOS.items()
        for anisotropy in ANISOTROPIES
    ),
    _plate,
    _derive,
    caption=CAPTION,
)
