"""Solutions as data: everything that was derived, readable by a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Basic, srepr

from symbattery.core.errors import UnsolvedError
from symbattery.core.latex_dispatch import aslatex
from symbattery.observables.function import quantities

if TYPE_CHECKING:
    from symbattery.dynamics.closed_form import ClosedForm
    from symbattery.maxima.result import Maximum
    from symbattery.printed_formulas import Comparison, comparisons

__all__ = ["record"]


def _expression(value: Basic) -> dict[str, str]:
    return {"text": str(value), "srepr": srepr(value), "latex": aslatex(value)}


def _maximum(maximum: Maximum | None) -> dict[str, Any] | None:
    if maximum is None:
        return None
    return {
        "value": _expression(maximum.value),
        "time": None if maximum.time is None else _expression(maximum.time),
        "attained": maximum.attained,
        "kind": maximum.kind,
        "condition": str(maximum.condition),
        "otherwise": _maximum(maximum.otherwise),
    }


def _maximum_of(solution: ClosedForm, name: str) -> dict[str, Any] | None:
    try:
        return _maximum(getattr(solution, name)())
    except UnsolvedError:
        return None


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "reference": comparison.reference,
        "quantity": comparison.quantity,
        "agrees": comparison.agrees,
        "condition": str(comparison.condition),
        "printed": _expression(comparison.printed),
        "derived": _expression(comparison.derived),
        "remark": comparison.remark,
    }


def record(solution: ClosedForm) -> dict[str, Any]:
    """A solution as a JSON-ready mapping; expressions as text, ``srepr`` and LaTeX."""
    return {
        "model": {
            "kind": type(solution.model).__name__,
            **{key: str(value) for key, value in vars(solution.model).items()},
        },
        "initial": str(solution.initial),
        "parameters": {name: srepr(symbol) for name, symbol in solution.parameters.items()},
        "assumptions": [str(assumption) for assumption in solution.assumptions],
        "definitions": {
            str(symbol): {"symbol": srepr(symbol), **_expression(value)}
            for symbol, value in solution.definitions.items()
        },
        "quantities": {name: _expression(value) for name, value in quantities(solution).items()},
        "maximum": _maximum_of(solution, "maximum"),
        "max_power": _maximum_of(solution, "max_power"),
        "paper": [_comparison(comparison) for comparison in comparisons(solution)],
    }
