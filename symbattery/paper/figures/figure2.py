"""Fig. 2: largest power against largest energy for several ratios N/M, at γ = 0."""

from __future__ import annotations

from symbattery.paper.figures.maxima import benchmark_piece, spin_piece
from symbattery.paper.figures.plots import Axis, Curve, Panel, Plot
from symbattery.paper.figures.table_tasks import FigureSpec, Tables

__all__ = ["ENERGY", "SHEET"]

SIZES = range(1, 11)
RATIOS = {1: "orange diamonds", 2: "green squares", 10: "black circles", 100: "blue crosses"}
ENERGY = Axis(r"$E_{\max}/\omega_0$", (0, None))
POWER = Axis(r"$P_{\max}/(\sqrt{N}\,g\,\omega_0)$", (0, None))


def _plate(tables: Tables) -> Plot:
    curves = [
        Curve(f"$N/M={ratio}$", table["E_max"], table["P_max"], look)
        for ratio, look in RATIOS.items()
        for table in [tables[f"figure-2-ratio-{ratio}"]]
    ]
    for reading, label, look in (
        ("photons", "TC, $M$ photons", "red dot-dashed"),
        ("limit", r"$N\to\infty$", "grey solid"),
    ):
        table = tables[f"figure-2-tc-{reading}"]
        curves.append(Curve(label, table["E_max"], table["P_max"], look))
    return Plot((Panel("", ENERGY, POWER, tuple(curves)),), legend_columns=3, height=3.0)


CAPTION = (
    "Largest power against largest energy (in gt ≤ 10) for M = 1 … 10 cells at γ = 0 and "
    "several ratios N/M. The cavity is drawn in both readings: M photons that charge an "
    "empty battery, and the limit N → ∞ of the spins, full cells that emit into an empty "
    "cavity."
)
SHEET = FigureSpec(
    "figure-2",
    (
        *(spin_piece(f"figure-2-ratio-{ratio}", SIZES, ratio, 0.0) for ratio in RATIOS),
        *(benchmark_piece(f"figure-2-tc-{r}", SIZES, r) for r in ("photons", "limit")),
    ),
    _plate,
    caption=CAPTION,
)
