"""``{drawing}``: a picture drawn while the site is built, as SVG within the page.

It is in the page's own colour, legible by day and night.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from docutils import nodes
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import numerics
from numerics import SpinCharger
from symbattery import solve, two_cells
from symbattery.symbols import g, omega_0

# Legible on white and on black.
COLOURS = ("#2b7bd4", "#d9631e", "#2f9e57", "#b04fc4")


def _axes(width: float, height: float, x: str, y: str) -> tuple[Figure, Any]:
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.set(xlabel=x, ylabel=y)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0)
    return figure, axes


def first_look() -> Figure:
    """E(t) of two cells: the closed form as lines, the numerical engine as points."""
    figure, axes = _axes(3.9, 2.5, r"$gt$", r"$E(t)/\omega_0$")
    solution = two_cells()
    times = np.linspace(0, 2.4, 400)
    for spins, colour, line in zip((1, 2, 20), COLOURS, ("-", "--", "-."), strict=False):
        energy = solution.function("energy", chargers=spins)
        axes.plot(times, energy(times), line, color=colour, label=f"$N={spins}$")
        some = times[20 + 3 * spins :: 40]
        points = numerics.charge(SpinCharger(2, spins)).energy(some)
        axes.plot(some, points, "o", color=colour, markersize=3.5, markerfacecolor="none")
    axes.set_ylim(0, 2.2)
    axes.legend(ncols=3, loc="upper center", frameon=False, bbox_to_anchor=(0.5, 1.16))
    return figure


def three_senses() -> Figure:
    """Three cells, four charger spins: first peak, largest in a window, supremum."""
    figure, axes = _axes(5.6, 2.7, r"$gt$", r"$E(t)/\omega_0$")
    solution = solve(SpinCharger(3, 4))
    times = np.linspace(0, 12, 1500)
    axes.plot(times, solution.function("energy")(times), color=COLOURS[0], linewidth=1.1)
    battery = numerics.charge(SpinCharger(3, 4))
    first, window = battery.first_peak(), battery.maximum(until=12.0)
    highest = float(solution.maximum().value.subs({g: 1, omega_0: 1}))
    axes.axhline(highest, color=COLOURS[1], linestyle="--", linewidth=1.2)
    axes.text(12, highest + 0.08, "supremum, never reached", ha="right", color=COLOURS[1])
    axes.plot(first.time, first.value, "o", color=COLOURS[2], markersize=6)
    axes.annotate(
        "first peak", (first.time, first.value), (1.6, 3.35), color=COLOURS[2], va="center",
        arrowprops={"arrowstyle": "-", "color": COLOURS[2]},
    )  # fmt: skip
    axes.plot(window.time, window.value, "s", color=COLOURS[3], markersize=6)
    axes.annotate(
        "largest for $gt\\leq12$", (window.time, window.value), (4.2, 3.35), color=COLOURS[3],
        va="center", arrowprops={"arrowstyle": "-", "color": COLOURS[3]},
    )  # fmt: skip
    axes.set_ylim(0, 3.6)
    return figure


_DRAWINGS: dict[str, Callable[[], Figure]] = {
    "first-look": first_look,
    "three-senses": three_senses,
}


def picture(figure: Figure, alternative: str, name: str) -> nodes.raw:
    """The figure as a node; what it draws in black takes the colour of the text.

    Parameters
    ----------
    figure : Figure
    alternative : str
        What is to be seen, in words.
    name : str
        Keeps the identifiers within the SVG apart from those of other pictures.
    """
    out = io.StringIO()
    with rc_context({"svg.hashsalt": name, "svg.fonttype": "path"}):
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r"#000000\b", "currentColor", text)
    # Glyphs have no colour of their own.
    text = text.replace("<svg ", '<svg fill="currentColor" ', 1)
    text = re.sub(r'(<svg [^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg [^>]*?) height="[^"]*"', r"\1", text, count=1)
    # Within a page the namespaces of HTML hold.
    text = re.sub(r' xmlns(:xlink)?="[^"]*"', "", text).replace("xlink:href", "href")
    for found in set(re.findall(r'id="([^"]+)"', text)):
        text = re.sub(
            rf'(id="|href="#|url\(#){re.escape(found)}(?=["\)])', rf"\1{name}-{found}", text
        )
    label = alternative.replace('"', "&quot;")
    text = text.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    return nodes.raw("", f'<div class="drawing">{text}</div>', format="html")


class Drawing(SphinxDirective):
    """One of the pictures above, by name."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        make = _DRAWINGS[name]
        return [picture(make(), (make.__doc__ or "").strip(), name)]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("drawing", Drawing)
    return {"parallel_read_safe": True}
