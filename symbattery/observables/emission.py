r"""Closed forms made into functions of time.

The emitted formula is built from :math:`\sin^2` of half phases, never from :math:`1-\cos`, and its
named quantities are computed first, so that it is as accurate as the arithmetic: to rounding at
small times, and to the rounding of the phase at large ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sympy import Expr, Mul, Symbol
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from numerics.model.checks import invalid
from symbattery.core.finite_sums import IndexRange
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.model.exact_model import require_parameters
from symbattery.observables.backends import backend_named
from symbattery.observables.function import EmittedFunction, EmittedSum, Origin
from symbattery.observables.quantities import Request, quantities
from symbattery.observables.rewriting import accurate_at_start, needed, prepared, sums_apart
from symbattery.symbols import t

__all__ = ["emit", "emitted"]


def emit(
    solution: ClosedForm,
    name: str,
    backend: str = "numpy",
    source: Callable[[ClosedForm, str], str] | None = None,
    **fixed: Any,
) -> EmittedFunction:
    """One quantity of a solution as a function of time.

    Parameters
    ----------
    solution : ClosedForm
    name : str
        One of :func:`~symbattery.observables.quantities.quantities`: ``"energy"``, ``"power"``, …,
        ``"p0"``, ``"p1"``, … for a population, or ``"c0"``, ``"c1"``, … for an amplitude.
    backend : {"numpy", "mpmath", "math", "numexpr", "jax", "torch"}
    source : callable, optional
        Makes of the solution and the name what the docstring says of the source.
    **fixed
        Options of the quantity, and parameters given in advance, by field name.

    Raises
    ------
    InvalidArgument
        An unknown name, backend, option or parameter, a backend whose package is not installed, a
        value that is no finite real number, or a quantity that is not exact for this start.
    UnsolvedError
        A quantity without a closed form for this start.
    """
    require_parameters(solution.model)
    reader = backend_named(backend)
    request, given = quantities(solution).asked(name, fixed)
    for parameter, value in given.items():
        checks.choice("parameter", parameter, tuple(solution.parameters))
        reader.read(parameter, value)
    if request is not None:
        _refuse_open(request)
        name = request.name
    formula = quantities(solution)[name]
    made = _emitted_quantity(solution, name, backend)
    arguments = {p: s for p, s in solution.parameters.items() if p in made.used}
    return replace(
        made,
        symbols=arguments,
        assumptions=solution.assumptions,
        fixed={p: value for p, value in given.items() if p in arguments},
        origin=source
        and Origin(formula, solution.definitions, source(solution, name), solution.meanings),
    )


def _refuse_open(request: Request) -> None:
    """Refuse an option that is a symbol, of which a function would know no value."""
    for option, value in request.options.items():
        if checks.is_symbolic(value):
            raise invalid(option, "be a number in a function", value)


def _emitted_quantity(solution: ClosedForm, name: str, backend: str) -> EmittedFunction:
    """A quantity by its canonical name, as a function of all parameters."""
    computed = accurate_at_start(solution)
    request = quantities(computed).request(name)
    if request is None or request.row.weight is not None or request.row.per_time:
        return emitted(computed, quantities(computed)[name], backend, name)
    formula, inputs = request.reduced
    made = {
        symbol: emitted(computed, value, backend, symbol.name.strip("_"))
        for symbol, value in inputs.items()
    }
    return EmittedFunction(
        name,
        backend,
        formula,
        needed(formula, computed.plain_definitions),
        solution.parameters,
        undefined=request.row.undefined,
        inputs={
            symbol: replace(each, symbols={n: s for n, s in each.symbols.items() if n in each.used})
            for symbol, each in made.items()
        },
    )


Rewriting = Callable[[Expr, Mapping[Symbol, Expr]], tuple[Expr, dict[Symbol, Expr]]]


def emitted(
    solution: ClosedForm,
    expression: Expr,
    backend: str,
    name: str = "f",
    rewriting: Rewriting = prepared,
) -> EmittedFunction:
    """An expression in t and the definitions of a solution as a function of all its parameters.

    A factor 1/t is divided by at the end: the value is then 0 at t = 0. ``rewriting`` brings the
    expression to the form that is computed, with the definitions that it needs.
    """
    bare = dict(zip(solution.definitions, solution.plain_definitions, strict=True))
    divided = 1 / t in Mul.make_args(expression)
    whole = (expression * t if divided else expression).xreplace(bare)
    whole, every = sums_apart(whole)
    names = {total: Symbol(total.func.__name__) for total in every}

    def function(name: str, value: Expr, symbols: Mapping[str, Symbol]) -> EmittedFunction:
        value, definitions = rewriting(value, solution.plain_definitions)
        return EmittedFunction(name, backend, value.xreplace(names), definitions, symbols)

    def summed(term: Expr, ranges: tuple[IndexRange, ...], condition: Boolean) -> EmittedSum:
        indices = {f"index {index}": index for index, _, _ in ranges}
        return EmittedSum(
            function("term", term, {**solution.parameters, **indices}), ranges, condition
        )

    return replace(
        function(name, whole, solution.parameters),
        divided_by_time=divided,
        sums={names[total]: summed(*each) for total, each in every.items()},
    )
