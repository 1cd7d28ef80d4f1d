r"""Figs. 2 to 5: largest energy and power by size, and the collective advantage :math:`\eta`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from symbattery.paper.figures.maxima import ANISOTROPIES, benchmark_task, power_tasks, spin_task
from symbattery.paper.figures.plots import DOUBLE, Axis, Curve, FigureSpec, Panel, Plot, Tables
from symbattery.paper.figures.tables import Column, Floats, Table, TableKind

__all__ = ["FIGURE_2", "FIGURE_3", "FIGURE_4", "FIGURE_5", "fitted"]

_SIZES = range(1, 11)
_ENERGY = Axis(r"$E_{\max}/\omega_0$", (0, None))
_POWER = r"$P_{\max}/(\sqrt{N}\,g\,\omega_0)$"
_MARKERS = ("orange diamonds", "green squares", "black circles", "blue crosses")
_LINES = ("orange dashed", "green dotted", "black dot-dashed", "blue solid")
_READINGS = (
    "The cavity is drawn in both readings: $M$ photons that charge an empty battery, and the "
    r"limit $N \to \infty$ of the spins, full cells that emit into an empty cavity."
)

# Fig. 2 -------------------------------------------------------------------------------------------

_RATIOS_2 = dict(zip((1, 2, 10, 100), _MARKERS, strict=True))


def _plot_2(tables: Tables) -> Plot:
    rows = (
        *((f"ratio-{ratio}", f"$N/M={ratio}$", style) for ratio, style in _RATIOS_2.items()),
        ("tc-photons", "TC, $M$ photons", "red dot-dashed"),
        ("tc-limit", r"$N\to\infty$", "grey solid"),
    )
    named = ((tables[f"figure-2-{name}"], label, style) for name, label, style in rows)
    curves = (Curve(label, table["E_max"], table["P_max"], style) for table, label, style in named)
    panel = Panel("", _ENERGY, Axis(_POWER, (0, None)), tuple(curves))
    return Plot((panel,), legend_columns=3, height=3.0)


FIGURE_2 = FigureSpec(
    "figure-2",
    (
        *(spin_task(f"figure-2-ratio-{ratio}", _SIZES, ratio, 0.0) for ratio in _RATIOS_2),
        *(benchmark_task(f"figure-2-tc-{r}", _SIZES, r) for r in ("photons", "limit")),
    ),
    _plot_2,
    caption=r"Largest power against largest energy (in $gt \le 10$) for $M = 1 \dots 10$ cells at "
    rf"$\gamma = 0$ and several ratios $N/M$. {_READINGS}",
)

# Fig. 3 -------------------------------------------------------------------------------------------

_RATIOS_3 = {"a": 1, "b": 2, "c": 3, "d": 10}


def _name_3(panel: str, anisotropy: float) -> str:
    return f"figure-3-{panel}-gamma-{anisotropy:g}"


def _slopes(tables: Tables) -> Iterator[tuple[float, ...]]:
    for panel, ratio in _RATIOS_3.items():
        mine = [tables[_name_3(panel, anisotropy)] for anisotropy in ANISOTROPIES]
        energy, power = (np.concatenate([t[name] for t in mine]) for name in ("E_max", "P_max"))
        slope, offset = np.polyfit(energy, power, 1)
        yield ratio, float(slope), float(offset)


_LINES_THROUGH = TableKind(
    "straight lines through E_max (abscissa) and P_max (ordinate) of each panel",
    "least squares, P_max = slope E_max + offset, of the values in the other files",
    (
        Column("N/M", "1", "the panel"),
        Column("slope", "sqrt(N) g", "of the line"),
        Column("offset", "sqrt(N) g omega_0", "P_max of the line at E_max = 0"),
    ),
    _slopes,
)


def _derive_3(tables: Tables) -> tuple[Table, ...]:
    parameters = (("gamma", "0, 0.2, 0.6 and 1 together"), ("M", "1 ... 10"), ("g/omega_0", "0.1"))
    return (_LINES_THROUGH.table("figure-3-slopes", parameters, list(_slopes(tables))),)


def _plot_3(tables: Tables) -> Plot:
    fits, panels, ends = tables["figure-3-slopes"], [], np.array([0.0, 10.0])
    for number, (panel, ratio) in enumerate(_RATIOS_3.items()):
        slope, offset = fits["slope"][number], fits["offset"][number]
        curves = [Curve(r"least squares, all $\gamma$", ends, slope * ends + offset, "guide")]
        for anisotropy, style in zip(ANISOTROPIES, _MARKERS, strict=True):
            table = tables[_name_3(panel, anisotropy)]
            label = rf"$\gamma={anisotropy:g}$"
            curves.append(Curve(label, table["E_max"], table["P_max"], style))
        title, notes = f"({panel}) $N/M={ratio}$", ((0.95, 0.07, f"slope {slope:.3f}"),)
        panels.append(Panel(title, _ENERGY, Axis(_POWER, (0, 12)), tuple(curves), None, notes))
    return Plot(tuple(panels), columns=2, width=DOUBLE, height=4.8, legend_columns=5)


FIGURE_3 = FigureSpec(
    "figure-3",
    tuple(
        spin_task(_name_3(panel, anisotropy), _SIZES, ratio, anisotropy)
        for panel, ratio in _RATIOS_3.items()
        for anisotropy in ANISOTROPIES
    ),
    _plot_3,
    _derive_3,
    r"Largest power against largest energy (in $gt \le 10$) for $M = 1 \dots 10$ cells and "
    r"several $\gamma$; $N/M$ is 1, 2, 3 and 10 in panels (a) to (d). The lines are least squares "
    "of all points.",
)

# Figs. 4 and 5 ------------------------------------------------------------------------------------

_BENCHMARKS = {
    "photons": ("TC, $M$ photons", "red circles"),
    "limit": (r"TC, from $N\to\infty$", "red pluses"),
}


def _by_size(figure: str) -> Iterator[tuple[str, str, str, float]]:
    """Table, label, line style and number of each curve: γ, or −1 and −2 for the cavity."""
    for anisotropy, style in zip(ANISOTROPIES, _LINES, strict=True):
        yield f"{figure}-gamma-{anisotropy:g}", rf"$\gamma={anisotropy:g}$", style, anisotropy
    for number, (reading, (label, style)) in zip((-1, -2), _BENCHMARKS.items(), strict=True):
        yield f"{figure}-tc-{reading}", label, style, number


def _plot_4(tables: Tables) -> Plot:
    panels = tuple(
        Panel(
            f"({panel})",
            Axis("$M$", (0, None)),
            Axis(label, (0, None)),
            tuple(
                Curve(text, tables[name]["M"], tables[name][column], style)
                for name, text, style, _ in _by_size("figure-4")
            ),
        )
        for panel, column, label in (("a", "E_max", _ENERGY.label), ("b", "P_max", _POWER))
    )
    return Plot(panels, height=4.6, legend_columns=3, share_x=True)


FIGURE_4 = FigureSpec(
    "figure-4",
    (
        *(spin_task(f"figure-4-gamma-{g:g}", range(1, 31), 1, g) for g in ANISOTROPIES),
        *(benchmark_task(f"figure-4-tc-{r}", range(1, 31), r) for r in _BENCHMARKS),
    ),
    _plot_4,
    caption=r"Largest energy (in $gt \le 10$) and largest power against the number of cells, for "
    f"$N = M$. {_READINGS}",
)

# The sizes of the fit: its slope is that of the curve at the end of the figure.
_FITTED = (90, 100)
# Places of the sizes with a marker: more would cover each other.
_DRAWN = np.unique(np.round(np.geomspace(1, 100, 25)).astype(np.intp)) - 1


def fitted(cells: Floats, eta: Floats) -> tuple[float, float]:
    """The exponent and the prefactor at the end of a curve."""
    chosen = (cells >= _FITTED[0]) & (cells <= _FITTED[1])
    beta, constant = np.polyfit(np.log(cells[chosen]), np.log(eta[chosen]), 1)
    return float(beta), float(np.exp(constant))


def _exponents(tables: Tables) -> Iterator[tuple[float, ...]]:
    for name, _, _, number in _by_size("figure-5"):
        yield number, *fitted(tables[name]["M"], tables[name]["eta"])


_POWER_LAWS = TableKind(
    "power laws eta = prefactor M^beta of Eq. (11)",
    "least squares of ln eta against ln M, of the values in the other files",
    (
        Column("curve", "1", "gamma of the spin charger; -1 for M photons, -2 for the limit"),
        Column("beta", "1", "the exponent"),
        Column("prefactor", "1", "of the power law"),
    ),
    _exponents,
)


def _derive_5(tables: Tables) -> tuple[Table, ...]:
    parameters = (("M", f"{_FITTED[0]} ... {_FITTED[1]}"), ("N/M", "1"))
    return (_POWER_LAWS.table("figure-5-exponents", parameters, list(_exponents(tables))),)


def _plot_5(tables: Tables) -> Plot:
    fits, span = tables["figure-5-exponents"], np.array([10.0, 100.0])
    curves: list[Curve] = []
    guides: list[Curve] = []
    for number, (name, label, style, _) in enumerate(_by_size("figure-5")):
        table = tables[name]
        beta, prefactor = fits["beta"][number], fits["prefactor"][number]
        text = rf"{label}, $\beta={beta:.2f}$"
        drawn = slice(None) if name.startswith("figure-5-gamma") else _DRAWN
        curves.append(Curve(text, table["M"][drawn], table["eta"][drawn], style))
        label = r"$\propto M^{\beta}$" if not guides else ""
        guides.append(Curve(label, span, prefactor * span**beta, "guide"))
    x, y = Axis("$M$", (0.9, 112), "log"), Axis(r"$\eta$", (0.8, 40), "log")
    return Plot((Panel("", x, y, (*curves, *guides)),), height=3.4, legend_columns=2)


FIGURE_5 = FigureSpec(
    "figure-5",
    tuple(power_tasks("figure-5", range(1, 101))),
    _plot_5,
    _derive_5,
    r"Collective advantage $\eta$ of Eq. (10) against $M$, for $N = M$, with the exponents "
    rf"$\beta$ of $\eta \propto M^\beta$ fitted from $M = 90$ to 100. {_READINGS}",
)
