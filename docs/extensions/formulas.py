"""Formulas on the pages: computed while the site is built, and set by the package's own exporter.

``{formula}`` takes an expression of Python and shows its LaTeX; the docstrings of the solvable
sectors get their formulas the same way.
"""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sympy import Tuple

import symbattery
from symbattery import Solution, aslatex, symbols
from symbattery.output.latex.results import displays, standalone

# Points, at the width of the text.
_WIDTH = 350.0

# What is inserted below which docstring.
_SECTORS = {
    "symbattery.api.single_cell": "single_cell()",
    "symbattery.api.two_cells": "two_cells()",
    "symbattery.api.thermal_charger": "thermal_charger()",
    "symbattery.limits.short_times.short_times": "short_times(SpinCharger(M, N), order=4)",
    "symbattery.limits.many_chargers.charger_limit": "charger_limit(two_cells())",
    "symbattery.limits.many_chargers.many_chargers": "many_chargers(two_cells())",
    "symbattery.limits.strong_crosstalk.strong_crosstalk": (
        "strong_crosstalk(SpinCharger(2, N, charger_crosstalk=g_1))"
    ),
}


# The names that expressions on the pages may use.
_NAMES: dict[str, Any] = {
    **{name: getattr(symbattery, name) for name in symbattery.__all__},
    **{name: getattr(symbols, name) for name in symbols.__all__},
    "Tuple": Tuple,
}


def value(expression: str) -> Any:
    """The value of an expression of a page; pages are as trusted as code."""
    return eval(expression, dict(_NAMES))


def written(found: Any, quantities: tuple[str, ...], width: float = _WIDTH) -> list[str]:
    """LaTeX of a result, one text for each display."""
    if not isinstance(found, Solution):
        return [aslatex(found, width=width)]
    stated = displays(found, width=width)
    every = (stated[n] if n in stated else standalone(found, n, width=width) for n in quantities)
    return [text for text in every if text]


def block(latex: str) -> nodes.math_block:
    """One display."""
    latex = latex.strip()
    node = nodes.math_block(latex, latex, nowrap=latex.startswith(r"\begin{align*}"))
    node["label"] = node["number"] = None
    return node


class Formula(SphinxDirective):
    """The LaTeX of what an expression gives."""

    has_content = True
    option_spec: ClassVar = {"show": directives.unchanged, "width": float, "head": str}

    def run(self) -> list[nodes.Node]:
        names = tuple(self.options.get("show", "definitions energy").split())
        found = value("\n".join(self.content))
        head = self.options.get("head", "")
        width = self.options.get("width", _WIDTH)
        every = [block(f"{head} {text}") for text in written(found, names, width)]
        for node in every:
            node["docname"] = self.env.docname
            self.set_source_info(node)
        return list(every)


def insert(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Append the computed formulas to the docstring of a sector."""
    if name not in _SECTORS:
        return
    expression = _SECTORS[name]
    lines += ["", ".. rubric:: Computed", "", f"``{expression}``", ""]
    for latex in written(value(expression), ("definitions", "energy", "maximum", "max_power")):
        lines += [".. math::"]
        if latex.startswith(r"\begin{align*}"):
            lines += ["   :no-wrap:"]
        lines += ["", *(f"   {line}" for line in latex.strip().splitlines()), ""]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("formula", Formula)
    # After the docstring has been read as a NumPy one.
    app.connect("autodoc-process-docstring", insert, priority=900)
    return {"parallel_read_safe": True}
