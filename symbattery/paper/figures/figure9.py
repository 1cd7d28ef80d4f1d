"""Fig. 9: the average power of two cells in time, for N = 2, 20 and 200 spins and for a cavity."""

from __future__ import annotations

from symbattery.paper.figures.figure8 import four_panels, two_cell_pieces
from symbattery.paper.figures.plots import Plot
from symbattery.paper.figures.table_tasks import FigureSpec, Tables

__all__ = ["SHEET"]


def _plate(tables: Tables) -> Plot:
    return four_panels("figure-9", tables, "P", r"$P(t)/(\sqrt{N}\,g\,\omega_0)$")


CAPTION = (
    "Average power of two cells in time at γ = 0: N = 2, 20 and 200 charger spins in panels"
    " (a) to (c), a cavity in (d) in both readings."
)
SHEET = FigureSpec("figure-9", two_cell_pieces("figure-9"), _plate, caption=CAPTION)
