"""Figures of a sector: closed forms as lines, numerics as markers."""

from __future__ import annotations

import numpy as np
from sympy import sympify

from numerics import charging
from symbattery.app.catalogue import Sector
from symbattery.model.exact_model import substituted
from symbattery.paper.figures.plots import Axis, Curve, Panel, Plot

__all__ = ["sector_plot"]

_QUANTITIES = {"energy": r"$E(t)/\omega_0$", "power": r"$P(t)/(g\omega_0)$"}
_STYLES = (
    ("blue solid", "blue crosses"),
    ("orange dashed", "orange diamonds"),
    ("green dotted", "green squares"),
)


def sector_plot(sector: Sector) -> Plot:
    """E(t) above P(t) for the curves of a sector, in units of g and ω₀, one column wide."""
    solution = sector.derive()
    times = np.linspace(0, sector.reach, 600)
    curves: dict[str, list[Curve]] = {name: [] for name in _QUANTITIES}
    styles = zip(sector.curves.items(), _STYLES, strict=False)
    for i, ((label, values), (line, marker)) in enumerate(styles):
        put = {solution.parameters[name]: sympify(value) for name, value in values.items()}
        put |= {solution.parameters[name]: sympify(1) for name in ("coupling", "frequency")}
        model, start = substituted(solution.model, put), substituted(solution.initial, put)
        charged = charging.charge(model, start)
        # Markers of different curves at different times, so that none hides another.
        some = times[12 * (i + 1) :: 45]
        for name, drawn in curves.items():
            exact = solution.function(name, **values)(times)
            points = getattr(charged, name)(some)
            drawn += [Curve(label, times, exact, line), Curve("", some, points, marker)]
    panels = tuple(
        Panel("", Axis("$gt$", (0, sector.reach)), Axis(label, (0, None)), tuple(curves[name]))
        for name, label in _QUANTITIES.items()
    )
    return Plot(panels, height=4.1, legend_columns=len(sector.curves), share_x=True)
