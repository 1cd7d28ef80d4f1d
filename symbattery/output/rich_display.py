"""A solution where it is the last line of a notebook's cell: formula, conditions, a small curve."""

from __future__ import annotations

import html
from random import Random
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sympy import Expr, Integer, Rational, S, Symbol

from numerics.model.checks import InvalidArgument
from numerics.sketch import page, sketch
from symbattery.core.expressions import UnsolvedError
from symbattery.core.latex_dispatch import NOTEBOOK, inline
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.observables.arguments import drawn, time_scale
from symbattery.observables.emission import emit
from symbattery.output.latex.results import standalone

__all__ = ["Example", "example", "solution_page"]

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
            html.escape(solution.summary()),
            rf'<div class="tex2jax_process">\[{html.escape(latex)}\]</div>',
            html.escape(f"for {conditions}") if conditions else "",
            _curve(solution),
        )
    )


class Example(NamedTuple):
    """E(t) for small numbers in place of the parameters, with what these are."""

    times: npt.NDArray[np.float64]
    energy: npt.NDArray[np.float64]
    numbers: dict[Symbol, Expr]


def example(solution: ClosedForm) -> Example | None:
    """A curve for numbers that satisfy the conditions; None where it would take long."""
    if solution.sector_sums:
        return None
    random = Random(_SEED)

    def small(symbol: Symbol) -> Expr:
        whole = symbol.is_integer
        return Integer(random.randint(1, 6)) if whole else Rational(random.randint(1, 7), 8)

    parameters = solution.parameters
    units = [parameters[name] for name in ("coupling", "frequency") if name in parameters]
    try:
        numbers = drawn(solution, small, dict.fromkeys(units, S.One))
        scale = time_scale(solution, numbers)
        if scale is None:
            return None
        given = {n: v for n, v in numbers.items() if parameters[n] not in units}
        plain: dict[str, Any] = {n: int(v) if v.is_Integer else float(v) for n, v in given.items()}
        times = np.linspace(0, _REACH * scale, _POINTS)
        energy = emit(solution, "energy", **plain)(times)
    except (InvalidArgument, UnsolvedError):
        return None
    return Example(times, energy, {parameters[name]: value for name, value in given.items()})


def _curve(solution: ClosedForm) -> str:
    """The drawing of an example."""
    made = example(solution)
    if made is None:
        return ""
    x_label = "gt" if "coupling" in solution.parameters else "t"
    y_label = "E/ω₀" if "frequency" in solution.parameters else "E"
    numbers = (f"{symbol} = {value}" for symbol, value in made.numbers.items())
    return sketch(made.times, made.energy, ", ".join((x_label, *numbers)), y_label)
