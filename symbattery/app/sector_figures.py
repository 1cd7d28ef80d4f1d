"""Figures of a sector: closed forms as lines, numerics as markers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sympy import sympify

from numerics import charging
from symbattery.api import Solution
from symbattery.app.catalogue import Sector
from symbattery.model.exact_model import substituted

__all__ = ["sector_figure"]

# One column of a two-column page, in inches.
_WIDTH = 3.4
_HEIGHT = 4.1
_STYLES = (("C0", "-", "o"), ("C1", "--", "s"), ("C2", "-.", "^"))


def _numerics(solution: Solution, values: Mapping[str, Any], times: Any) -> tuple[Any, Any]:
    """Stored energy and power of the same case by the numerical engine, in units of g and ω₀."""
    put = {solution.parameters[name]: sympify(value) for name, value in values.items()}
    put |= {solution.parameters[name]: sympify(1) for name in ("coupling", "frequency")}
    charged = charging.charge(substituted(solution.model, put), substituted(solution.initial, put))
    return charged.energy(times), charged.power(times)


def sector_figure(sector: Sector) -> Figure:
    """E(t) above P(t) for the curves of a sector, one column wide."""
    figure = Figure(figsize=(_WIDTH, _HEIGHT), layout="constrained")
    FigureCanvasAgg(figure)
    upper, lower = figure.subplots(2, 1, sharex=True)
    times = np.linspace(0, sector.reach, 600)
    solution = sector.derive()
    curves = zip(sector.curves.items(), _STYLES, strict=False)
    for i, ((label, values), (colour, line, marker)) in enumerate(curves):
        # Markers of different curves at different times, so that none hides another.
        sparse = times[12 * (i + 1) :: 45]
        for axes, name, points in zip(
            (upper, lower),
            ("energy", "power"),
            _numerics(solution, values, sparse),
            strict=True,
        ):
            exact = solution.function(name, **values)(times)
            axes.plot(times, exact, color=colour, linestyle=line, linewidth=1, label=label)
            axes.plot(
                sparse, points, marker, color=colour, markersize=3, markerfacecolor="white",
                markeredgewidth=0.7,
            )  # fmt: skip
    upper.set_ylabel(r"$E(t)/\omega_0$")
    lower.set_ylabel(r"$P(t)/(g\omega_0)$")
    lower.set_xlabel(r"$gt$")
    lower.set_xlim(0, sector.reach)
    for axes in (upper, lower):
        axes.set_ylim(bottom=0)
        axes.tick_params(direction="in", top=True, right=True, labelsize=8)
    upper.plot([], [], "o", color="0.3", markersize=3, markerfacecolor="white", label="numerics")
    figure.legend(
        *upper.get_legend_handles_labels(), loc="outside upper center", ncols=4, fontsize=7,
        frameon=False, handlelength=1.8, columnspacing=1.0,
    )  # fmt: skip
    return figure
