"""A solution where it is the last line of a notebook's cell: formula, conditions, a small curve."""

from __future__ import annotations

import html
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
from sympy import Expr, Integer, Rational, S, Symbol

from numerics.model.checks import InvalidArgument
from numerics.sketch import page, sketch
from symbattery.core.expressions import UnsolvedError
from symbattery.core.latex_dispatch import NOTEBOOK, inline
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.model.exact_model import system
from symbattery.observables.arguments import drawn, time_scale
from symbattery.observables.function import emit
from symbattery.output.latex.results import standalone

__all__ = ["solution_page"]

_POINTS = 200
# In the inverse of the largest matrix element: some two periods of few cells.
_REACH = 8.0
_SEED = 2021


def solution_page(solution: ClosedForm) -> str:
    """HTML of E(t) with what it is written in, its conditions, and a curve for some numbers."""
    latex = inline(standalone(solution, "energy", width=NOTEBOOK)).strip("$")
    conditions = ", ".join(map(str, solution.assumptions))
    return page(
        (
            html.escape(str(system(solution.model, solution.initial))),
            rf'<div class="tex2jax_process">\[{html.escape(latex)}\]</div>',
            html.escape(f"for {conditions}") if conditions else "",
            _curve(solution),
        )
    )


def _curve(solution: ClosedForm) -> str:
    """E(t) for small numbers in place of the parameters; nothing where it would take long."""
    if solution.sector_sums:
        return ""
    random = Random(_SEED)

    def small(symbol: Symbol) -> Expr:
        return (
            Integer(random.randint(1, 6))
            if symbol.is_integer
            else Rational(random.randint(1, 7), 8)
        )

    units = [solution.parameters.get(name) for name in ("coupling", "frequency")]
    try:
        numbers = drawn(solution, small, {s: S.One for s in units if s is not None})
        scale = time_scale(solution, numbers)
        if scale is None:
            return ""
        times = np.linspace(0, _REACH * scale, _POINTS)
        given: dict[str, Any] = {
            name: int(value) if value.is_Integer else float(Fraction(str(value)))
            for name, value in numbers.items()
            if solution.parameters[name] not in units
        }
        energy = emit(solution, "energy", **given)(times)
    except (InvalidArgument, UnsolvedError):
        return ""
    with_numbers = ", ".join(f"{solution.parameters[n]} = {numbers[n]}" for n in given)
    x_label = "t" if "coupling" not in solution.parameters else "gt"
    y_label = "E" if "frequency" not in solution.parameters else "E/ω₀"
    return sketch(times, energy, f"{x_label}, {with_numbers}" if with_numbers else x_label, y_label)
