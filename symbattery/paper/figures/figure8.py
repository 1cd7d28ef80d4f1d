"""Fig. 8: the energy of two cells in time, for N = 2, 20 and 200 spins and for a cavity."""

from __future__ import annotations

from symbattery import SpinCharger
from symbattery.paper.figures.histories import benchmark_history, history
from symbattery.paper.figures.plots import DOUBLE, Axis, Curve, Panel, Plot
from symbattery.paper.figures.table_tasks import FigureSpec, Tables, TableTask

__all__ = ["SHEET", "four_panels", "two_cell_pieces"]

UNTIL = 2.5
CHARGERS = {"a": 2, "b": 20, "c": 200}


def two_cell_pieces(figure: str) -> tuple[TableTask, ...]:
    """The tables of Fig. 8, or of Fig. 9."""
    ideal = "all cells down, all charger spins up"
    spins = (
        history(f"{figure}-{panel}", SpinCharger(2, number), ideal, UNTIL)
        for panel, number in CHARGERS.items()
    )
    cavity = (
        benchmark_history(f"{figure}-d-{reading}", 2, reading, UNTIL)
        for reading in ("photons", "limit")
    )
    return (*spins, *cavity)


def four_panels(figure: str, tables: Tables, column: str, label: str) -> Plot:
    """One column of the tables, the power in units of √N g ω₀."""
    numbers = {**CHARGERS, "d-photons": 2, "d-limit": 2}
    units = {key: number**0.5 if column == "P" else 1.0 for key, number in numbers.items()}
    x, y = Axis("$gt$", (0, UNTIL)), Axis(label, (0, 2.08 if column == "E" else 1.95))

    def curve(key: str, text: str, look: str) -> Curve:
        table = tables[f"{figure}-{key}"]
        return Curve(text, table["gt"], table[column] / units[key], look)

    panels = [
        Panel(f"({key}) $N={number}$", x, y, (curve(key, "spin charger", "blue solid"),))
        for key, number in CHARGERS.items()
    ]
    benchmark = (
        curve("d-photons", "TC, two photons", "red dot-dashed"),
        curve("d-limit", r"TC, from $N\to\infty$", "grey solid"),
    )
    panels.append(Panel(r"(d) TC, $\tilde g=\sqrt{2}\,g$", x, y, benchmark))
    return Plot(tuple(panels), columns=2, width=DOUBLE, height=4.2, legend_columns=3)


def _plate(tables: Tables) -> Plot:
    return four_panels("figure-8", tables, "E", r"$E(t)/\omega_0$")


CAPTION = (
    "Energy of two cells in time at γ = 0: N = 2, 20 and 200 charger spins in panels (a) to"
    " (c), a cavity in (d) in both readings."
)
SHEET = FigureSpec("figure-8", two_cell_pieces("figure-8"), _plate, caption=CAPTION)
