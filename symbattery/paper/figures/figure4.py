"""Fig. 4: largest energy and power against the number of cells, for N = M."""

from __future__ import annotations

from symbattery.paper.figures.maxima import ANISOTROPIES, benchmark_piece, spin_piece
from symbattery.paper.figures.plots import Axis, Curve, Panel, Plot
from symbattery.paper.figures.table_tasks import FigureSpec, Tables

__all__ = ["BENCHMARK_LOOKS", "CELLS", "LOOKS", "SHEET"]

SIZES = range(1, 31)
LOOKS = ("orange dashed", "green dotted", "black dot-dashed", "blue solid")
BENCHMARK_LOOKS = {
    "photons": ("TC, $M$ photons", "red circles"),
    "limit": (r"TC, from $N\to\infty$", "red pluses"),
}
CELLS = Axis("$M$", (0, None))


def _plate(tables: Tables) -> Plot:
    panels = []
    for panel, column, label in (
        ("a", "E_max", r"$E_{\max}/\omega_0$"),
        ("b", "P_max", r"$P_{\max}/(\sqrt{N}\,g\,\omega_0)$"),
    ):
        curves = []
        for anisotropy, look in zip(ANISOTROPIES, LOOKS, strict=True):
            table = tables[f"figure-4-gamma-{anisotropy:g}"]
            curves.append(Curve(rf"$\gamma={anisotropy:g}$", table["M"], table[column], look))
        for reading, (name, look) in BENCHMARK_LOOKS.items():
            table = tables[f"figure-4-tc-{reading}"]
            curves.append(Curve(name, table["M"], table[column], look))
        panels.append(Panel(f"({panel})", CELLS, Axis(label, (0, None)), tuple(curves)))
    return Plot(tuple(panels), height=4.6, legend_columns=3, share_x=True)


CAPTION = (
    "Largest energy (in gt ≤ 10) and largest power against the number of cells, for N = M. "
    "The cavity is drawn in both readings: M photons that charge an empty battery, and the "
    "limit N → ∞ of the spins, full cells that emit into an empty cavity."
)
SHEET = FigureSpec(
    "figure-4",
    (
        *(spin_piece(f"figure-4-gamma-{g:g}", SIZES, 1, g) for g in ANISOTROPIES),
        *(benchmark_piece(f"figure-4-tc-{reading}", SIZES, reading) for reading in BENCHMARK_LOOKS),
    ),
    _plate,
    caption=CAPTION,
)
