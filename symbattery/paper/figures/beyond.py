"""Beyond the paper: maxima in three senses, the advantage of large batteries, the best starts."""

from __future__ import annotations

import numpy as np

from symbattery.paper.figures.best_starts import SIZES, map_task
from symbattery.paper.figures.laws import LAW_FROM, law_task, sense_task
from symbattery.paper.figures.maxima import WINDOW
from symbattery.paper.figures.plots import (
    DOUBLE,
    Axis,
    Curve,
    Field,
    FigureSpec,
    Panel,
    Plot,
    Tables,
)
from symbattery.paper.figures.tables import Floats

__all__ = ["ADVANTAGE", "BEST_START", "EXTRACTABLE_MAP", "MAP", "MAXIMA"]


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
)

_TASK = map_task("beyond-map")
_SIZES: Floats = np.array(SIZES, float)


def _matrix(tables: Tables, column: str) -> Floats:
    """A column as a matrix: rows by N, columns by M."""
    matrix, table = np.full((len(SIZES), len(SIZES)), np.nan), tables[_TASK.name]
    m, n = (np.searchsorted(_SIZES, table[name]) for name in ("M", "N"))
    matrix[n, m] = table[column]
    return matrix


def _two_maps(*maps: tuple[str, Floats, tuple[float, ...]]) -> Plot:
    """Maps over M and N side by side, each with a label and the levels of its contours."""
    x, y = Axis("cells $M$", (1, None)), Axis("charger spins $N$", (1, None))
    diagonal = Curve("", _SIZES, _SIZES, "diagonal")
    panels = tuple(
        Panel(title, x, y, (diagonal,), Field(label, _SIZES, _SIZES, values, levels))
        for title, (label, values, levels) in zip(("(a)", "(b)"), maps, strict=True)
    )
    return Plot(panels, columns=2, width=DOUBLE, height=2.9)


_M, _N = _SIZES[None, :], _SIZES[:, None]


def _plot_map(tables: Tables) -> Plot:
    energy, power = _matrix(tables, "E_max"), _matrix(tables, "P_max")
    return _two_maps(
        (r"$E_{\max}/(M\omega_0)$, first peak", energy / _M, (0.2, 0.4, 0.6, 0.85, 0.9)),
        (r"$P_{\max}/(M\sqrt{N}\,g\,\omega_0)$", power / (_M * np.sqrt(_N)), (0.5, 1, 1.5, 2, 2.5)),
    )


def _plot_best_start(tables: Tables) -> Plot:
    best, gain = _matrix(tables, "m"), _matrix(tables, "E_m") - _matrix(tables, "E_max")
    return _two_maps(
        (r"best $m/N$", best / _N, (0.55, 0.6, 0.7, 0.8)),
        (r"$[E_{\max}(m)-E_{\max}(N)]/(M\omega_0)$", gain / _M, (0.03, 0.1, 0.15)),
    )


def _plot_extractable(tables: Tables) -> Plot:
    share = _matrix(tables, "W") / _matrix(tables, "E_max")
    return _two_maps(
        (r"$\mathcal{E}/E$ at the first peak", share, (0.94, 0.96, 0.98, 0.99)),
        ("entropy $S$ at the first peak", _matrix(tables, "S"), (1.5, 2, 2.5, 2.9)),
    )


MAP = FigureSpec(
    "beyond-map",
    (_TASK,),
    _plot_map,
    caption="Largest energy (first peak) and largest power of batteries of $M$ cells with $N$ "
    r"charger spins, all up, at $\gamma = 0$: every size up to 40, every tenth beyond.",
)
BEST_START = FigureSpec(
    "beyond-best-start",
    (_TASK,),
    _plot_best_start,
    caption="(a) The best number $m$ of charger spins that are up at the start, as a share of "
    "$N$; (b) what it gains over $m = N$.",
)
EXTRACTABLE_MAP = FigureSpec(
    "beyond-map-extractable",
    (_TASK,),
    _plot_extractable,
    caption=r"(a) The share of the energy that unitaries on the battery can extract at its first "
    r"peak, and (b) the battery's entropy there, at $\gamma = 0$ with all charger spins up.",
)
