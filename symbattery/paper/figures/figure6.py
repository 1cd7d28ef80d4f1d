"""Fig. 6: energy and power in time with crosstalk among the charger spins, M = 2 and N = 4."""

from __future__ import annotations

from symbattery import SpinCharger
from symbattery.paper.figures.histories import history
from symbattery.paper.figures.plots import Axis, Curve, Panel, Plot
from symbattery.paper.figures.table_tasks import FigureSpec, Tables

__all__ = ["SHEET", "stacked"]

UNTIL = 5.0
LOOKS = {"0.1": "black solid", "1": "blue dot-dashed", "10": "red dotted"}


def stacked(tables: Tables, curves: tuple[tuple[str, str, str], ...], columns: int = 3) -> Plot:
    """E(t) above P(t) of some tables, each with a label and a look."""
    panels = tuple(
        Panel(
            f"({panel})",
            Axis("$gt$", (0, float(tables[curves[0][0]]["gt"][-1]))),
            Axis(label, (0, None)),
            tuple(Curve(text, tables[t]["gt"], tables[t][name], look) for t, text, look in curves),
        )
        for panel, name, label in (
            ("a", "E", r"$E(t)/\omega_0$"),
            ("b", "P", r"$P(t)/(g\,\omega_0)$"),
        )
    )
    return Plot(panels, height=4.2, legend_columns=columns, share_x=True)


def _plate(tables: Tables) -> Plot:
    return stacked(
        tables,
        tuple((f"figure-6-g1-{ratio}", f"$g_1/g={ratio}$", look) for ratio, look in LOOKS.items()),
    )


CAPTION = (
    "Energy and power in time for M = 2, N = 4 at γ = 0, with crosstalk g₁ among the charger spins."
)
SHEET = FigureSpec(
    "figure-6",
    tuple(
        history(
            f"figure-6-g1-{ratio}",
            SpinCharger(2, 4, charger_crosstalk=float(ratio)),
            "all cells down, all charger spins up",
            UNTIL,
        )
        for ratio in LOOKS
    ),
    _plate,
    caption=CAPTION,
)
