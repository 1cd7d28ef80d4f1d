"""Beyond the paper: maxima in three senses, and the advantage of large batteries."""

from __future__ import annotations

import numpy as np

from symbattery.paper.figures.laws import LAW_FROM, law_task, sense_task
from symbattery.paper.figures.maxima import WINDOW
from symbattery.paper.figures.plots import Axis, Curve, FigureSpec, Panel, Plot, Tables

__all__ = ["ADVANTAGE", "MAXIMA"]


def _plot_maxima(tables: Tables) -> Plot:
    table = tables["beyond-maxima"]
    m = table["M"]
    curves = tuple(
        Curve(label, m, table[name] / m, style)
        for label, name, style in (
            ("supremum", "E_supremum", "black circles"),
            (rf"$gt\leq{WINDOW:g}$", "E_window", "green squares"),
            ("first peak", "E_first", "blue crosses"),
        )
    )
    x, y = Axis("$M=N$", (0.5, 10.5)), Axis(r"$E_{\max}/(M\omega_0)$", (0.948, 1.004))
    notes = ((0.98, 0.9, "not derived"),)
    return Plot((Panel("", x, y, curves, None, notes),), height=2.5, legend_columns=3)


MAXIMA = FigureSpec(
    "beyond-maxima",
    (sense_task("beyond-maxima", range(1, 11)),),
    _plot_maxima,
    caption=r"Largest energy for $N = M$ in its three senses, at $\gamma = 0$: first peak, "
    r"largest value in $gt \le 10$, supremum over all times.",
    title="The largest energy in three senses",
)


def _plot_advantage(tables: Tables) -> Plot:
    table = tables["beyond-advantage"]
    m, eta = table["M"], table["eta"]
    known, x = m >= LAW_FROM, Axis("$M$", (0.8, 1.3e4), "log")
    laws = (
        ("law of large $M$", "eta_0", "red dot-dashed"),
        ("and next order", "eta_1", "blue solid"),
    )
    upper = Panel(
        "(a)",
        x,
        Axis(r"$\eta$", (0.8, None), "log"),
        (
            Curve("exact numerics", m, eta, "black circles"),
            *(Curve(label, m, table[name], style) for label, name, style in laws),
        ),
    )
    lower = Panel(
        "(b)",
        x,
        Axis(r"$|\eta_{\mathrm{law}}/\eta-1|$", (None, None), "log"),
        tuple(
            Curve(label, m[known], np.abs(table[name] / eta - 1)[known], style)
            for label, name, style in laws
        ),
    )
    return Plot((upper, lower), height=4.4, legend_columns=3, share_x=True)


_LARGE = np.unique(np.round(np.geomspace(1, 10_000, 49)).astype(int)).tolist()
ADVANTAGE = FigureSpec(
    "beyond-advantage",
    (law_task("beyond-advantage", _LARGE),),
    _plot_advantage,
    caption=r"(a) $\eta$ for $N = M$ up to 10 000 cells at $\gamma = 0$, and the law of large "
    "batteries; (b) how far the law is off.",
    title="The collective advantage of large batteries",
)
