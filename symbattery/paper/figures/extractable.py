"""Beyond the paper: the ergotropy beside the energy, from the tables of Figs. 2, 4 and 6 to 9."""

from __future__ import annotations

import numpy as np

from symbattery.paper.figures.plots import DOUBLE, Axis, Curve, FigureSpec, Panel, Plot, Tables
from symbattery.paper.figures.size_figures import FIGURE_2, FIGURE_4
from symbattery.paper.figures.tables import Floats, Table, TableTask
from symbattery.paper.figures.time_figures import FIGURE_6, FIGURE_7, FIGURE_8, FIGURE_9

__all__ = ["BY_SIZE", "IN_TIME"]

_SIZES = {
    "figure-2-ratio-1": "(a) $N/M=1$",
    "figure-2-ratio-10": "(b) $N/M=10$",
    "figure-2-tc-photons": "(c) TC, $M$ photons",
    "figure-4-gamma-0": r"(d) $N=M$, $\gamma=0$",
    "figure-4-gamma-0.2": r"(e) $N=M$, $\gamma=0.2$",
    "figure-4-gamma-1": r"(f) $N=M$, $\gamma=1$",
}
_TIMES = {
    "figure-6-g1-0.1": "(a) $g_1/g=0.1$",
    "figure-6-g1-1": "(b) $g_1/g=1$",
    "figure-6-g1-10": "(c) $g_1/g=10$",
    "figure-7-ideal": "(d) ideal",
    "figure-7-chargers": "(e) non-ideal chargers",
    "figure-7-cells": "(f) non-empty battery",
    "figure-8-a": "(g) $N=2$",
    "figure-8-b": "(h) $N=20$",
    "figure-8-d-photons": "(i) TC, two photons",
}
# With N, in whose root the power is measured.
_POWERS = {
    "figure-9-a": ("(j) $N=2$", 2),
    "figure-9-b": ("(k) $N=20$", 20),
    "figure-9-d-photons": ("(l) TC, two photons", 2),
}


def _panel(title: str, x: Axis, y: Axis, table: Table, first: str, at: str, unit: Floats) -> Panel:
    """The energy, in the column ``first``, and both ergotropies in a unit against a column."""
    drawn = (
        ("stored energy $E$", first, "black solid"),
        (r"ergotropy $\mathcal{E}$", "W", "orange dashed"),
        (r"$\mathcal{E}_{\mathrm{local}}$", "W_local", "green dotted"),
    )
    shown = unit > 0
    curves = (
        Curve(label, table[at][shown], table[name][shown] / unit[shown], style)
        for label, name, style in drawn
    )
    return Panel(title, x, y, tuple(curves))


def _plot_sizes(tables: Tables) -> Plot:
    def panel(name: str, title: str) -> Panel:
        table = tables[name]
        y = Axis(
            r"$E,\ \mathcal{E}\ /(M\omega_0)$", (0.6 if name.startswith("figure-2") else 0, 1.03)
        )
        return _panel(title, Axis("$M$", (0, None)), y, table, "E_max", "M", table["M"])

    panels = (panel(name, title) for name, title in _SIZES.items())
    return Plot(tuple(panels), columns=3, width=DOUBLE, height=4.0, legend_columns=3)


def _plot_times(tables: Tables) -> Plot:
    def panel(name: str, title: str, y: Axis, unit: Floats) -> Panel:
        table = tables[name]
        x = Axis("$gt$", (0, float(table["gt"][-1])))
        return _panel(title, x, y, table, "E", "gt", unit)

    def energy(table: Table) -> Axis:
        # Little is on a scale of its own.
        return Axis(r"$E,\ \mathcal{E}\ /\omega_0$", (0, 2.1 if table["E"].max() > 0.1 else None))

    power = Axis(r"$E,\ \mathcal{E}\ /(\sqrt{N}\,gt\,\omega_0)$", (0, 1.95))
    panels = [
        panel(name, title, energy(tables[name]), np.ones_like(tables[name]["gt"]))
        for name, title in _TIMES.items()
    ]
    panels += [
        panel(name, title, power, tables[name]["gt"] * number**0.5)
        for name, (title, number) in _POWERS.items()
    ]
    return Plot(tuple(panels), columns=3, width=DOUBLE, height=7.2, legend_columns=3)


def _tasks(names: frozenset[str], *figures: FigureSpec) -> tuple[TableTask, ...]:
    every = (task for figure in figures for task in figure.table_tasks)
    return tuple(task for task in every if task.name in names)


_SENSES = (
    r"$\mathcal{E}$ by all unitaries on the battery, $\mathcal{E}_{\mathrm{local}}$ by rotations "
    "of each cell."
)
BY_SIZE = FigureSpec(
    "beyond-ergotropy-by-size",
    _tasks(frozenset(_SIZES), FIGURE_2, FIGURE_4),
    _plot_sizes,
    caption=r"Largest energy (in $gt \le 10$) and the ergotropy at its time: (a) to (c) for Fig. 2 "
    f"at $\\gamma = 0$, (d) to (f) for Fig. 4 at $N = M$. {_SENSES}",
    title="Ergotropy by size",
)
IN_TIME = FigureSpec(
    "beyond-ergotropy-in-time",
    _tasks(frozenset((*_TIMES, *_POWERS)), FIGURE_6, FIGURE_7, FIGURE_8, FIGURE_9),
    _plot_times,
    caption="Energy and ergotropy of two cells in time: (a) to (c) for Fig. 6, (d) to (f) for "
    "Fig. 7, (g) to (i) for Fig. 8; (j) to (l) both over the time, for Fig. 9. The energy is "
    f"what the cells have gained; the ergotropy is of all that they hold. {_SENSES}",
    title="Ergotropy in time",
)
