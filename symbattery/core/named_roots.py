"""Exact numbers with a short name: expressions in named quantities, and roots of an equation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import mpmath
from sympy import Expr, Float, Function, Symbol, Tuple, lambdify, sympify
from sympy.printing.precedence import PRECEDENCE, precedence
from sympy.printing.pretty.stringpict import prettyForm

__all__ = ["ImplicitRoot", "NamedExpression", "NamedNumber", "WrittenFunction", "argument"]

_GUARD_BITS = 64
_ROOT_GUARD_BITS = 20
_STEP_BITS = 64


def argument(index: int) -> Any:
    """A property that is one of the arguments."""
    return property(lambda self: self.args[index])


class NamedNumber(Expr):
    """A real number that binds some names of its arguments."""

    is_commutative = True
    is_real = True

    @property
    def bound(self) -> set[Symbol]:
        """The names that stand for something inside only."""
        raise NotImplementedError

    @property
    def free_symbols(self) -> set[Symbol]:
        """The symbols of all parts, but for those bound inside."""
        return set().union(*(part.free_symbols for part in self.args)) - self.bound

    def _eval_subs(self, old: Expr, new: Expr) -> Expr | None:
        # Asked first: to go through a long function costs seconds.
        return self if old.is_Symbol and old not in self.free_symbols else None

    def _eval_evalf(self, prec: int) -> Expr:
        return self if self.free_symbols else Float._new(self._digits(prec)._mpf_, prec)

    def _digits(self, prec: int) -> mpmath.mpf:
        """The value to a number of bits, once there are no free symbols."""
        raise NotImplementedError


class _Written:
    """A number or function that is printed as ``expression``, in brackets as a part of more."""

    expression: Expr

    def _brackets(self, printer: Any) -> bool:
        # SymPy's printers ask an object for its class, which says nothing of how it prints.
        return printer._print_level > 1 and precedence(self.expression) < PRECEDENCE["Atom"]

    def _sympystr(self, printer: Any) -> str:
        text = printer._print(self.expression)
        return f"({text})" if self._brackets(printer) else str(text)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        text = printer._print(self.expression)
        return rf"\left({text}\right)" if self._brackets(printer) else str(text)

    def _pretty(self, printer: Any) -> prettyForm:
        form = printer._print(self.expression)
        return prettyForm(*form.parens()) if self._brackets(printer) else form


class NamedExpression(_Written, NamedNumber):
    """``expression`` where its named quantities stand for their definitions.

    It prints as the short expression, and evaluates to any number of digits once its parameters
    are numbers: each definition once, in terms of those before it.

    Parameters
    ----------
    expression : Expr
    definitions : mapping of Symbol to Expr
        Each in terms of those before it.
    """

    expression: Expr = argument(0)

    def __new__(
        cls, expression: Expr, definitions: Mapping[Symbol, Expr] | Iterable[Any]
    ) -> NamedExpression:
        pairs = definitions.items() if isinstance(definitions, Mapping) else definitions
        return Expr.__new__(cls, expression, Tuple(*(Tuple(*pair) for pair in pairs)))

    @property
    def definitions(self) -> dict[Symbol, Expr]:
        return dict(self.args[1].args)

    @property
    def bound(self) -> set[Symbol]:
        return set(self.definitions)

    def evaluated(self) -> Expr:
        """The expression with numbers for its names, at mpmath's working precision."""
        return self.expression.xreplace(_numbers(self.args[1], mpmath.mp.prec))

    def _digits(self, prec: int) -> mpmath.mpf:
        with mpmath.workprec(prec + _GUARD_BITS):
            return mpmath.mpmathify(self.evaluated().evalf(mpmath.mp.dps))

    def explicit(self) -> Expr:
        """The expression with every definition substituted."""
        whole = self.expression
        for name, value in reversed(self.definitions.items()):
            whole = whole.xreplace({name: value})
        return whole


@lru_cache(maxsize=64)
def _numbers(definitions: Tuple, precision: int) -> dict[Symbol, Expr]:
    found: dict[Symbol, Expr] = {}
    with mpmath.workprec(precision + _GUARD_BITS):
        for name, value in definitions:
            found[name] = value.xreplace(found).evalf(mpmath.mp.dps)
    return found


class WrittenFunction(_Written, Function):
    """A real function that is printed as an expression, and computed so that none of it cancels.

    ``_imp_`` has the value of numbers at mpmath's working precision; ``lambdify`` calls it, too.
    """

    is_real = True

    @property
    def expression(self) -> Expr:
        """The function as an author writes it."""
        raise NotImplementedError

    def _eval_evalf(self, prec: int) -> Expr | None:
        if self.free_symbols:
            return None
        with mpmath.workprec(prec + _ROOT_GUARD_BITS):
            numbers = [mpmath.mpmathify(part.evalf(mpmath.mp.dps)) for part in self.args]
            return Float._new(type(self)._imp_(*numbers)._mpf_, prec)

    def fdiff(self, argindex: int = 1) -> Expr:
        place = Symbol("place")
        at = [place if i == argindex else part for i, part in enumerate(self.args, start=1)]
        slope = self.func(*at).expression.diff(place)
        return slope.subs(place, self.args[argindex - 1])


class ImplicitRoot(_Written, NamedNumber):
    r"""The only zero of ``function`` of ``variable`` in the interval (``lower``, ``upper``).

    The function is positive above ``lower`` and negative below ``upper``; whoever builds the object
    has shown that it changes sign once. Parameters may be symbols: ``subs`` reaches them, and
    ``evalf`` gives any number of digits once they are numbers.

    Parameters
    ----------
    variable : Symbol
        How the root is written.
    function : Expr
        In ``variable`` and parameters.
    upper : Expr
        End of the interval.
    equation : Expr
        The stationarity condition as an author writes it (an ``Eq``), for printing.
    lower : Expr
        Where the interval begins.
    """

    is_positive = True

    def __new__(
        cls, variable: Symbol, function: Any, upper: Any, equation: Any, lower: Any = 0
    ) -> ImplicitRoot:
        arguments = (sympify(part) for part in (function, upper, equation, lower))
        return Expr.__new__(cls, variable, *arguments)

    variable: Symbol = argument(0)
    expression: Expr = argument(0)
    function: Expr = argument(1)
    upper: Expr = argument(2)
    equation: Expr = argument(3)
    lower: Expr = argument(4)

    @property
    def bound(self) -> set[Symbol]:
        return {self.variable}

    def _digits(self, prec: int) -> mpmath.mpf:
        # In steps, so that the many evaluations of one expression share a result.
        return _root(self, _STEP_BITS * (prec // _STEP_BITS + 1))


@lru_cache(maxsize=256)
def _root(root: ImplicitRoot, precision: int) -> mpmath.mpf:
    with mpmath.workprec(precision + _ROOT_GUARD_BITS):
        body = root.function
        numbers = body.evaluated() if isinstance(body, NamedExpression) else body
        function = lambdify(root.variable, numbers, modules="mpmath", cse=True)
        lower, upper = (
            mpmath.mpmathify(end.evalf(mpmath.mp.dps)) for end in (root.lower, root.upper)
        )
        if lower == 0:
            lower, upper = _sign_change(function, upper)
        if not function(lower) > 0 > function(upper):
            ends = f"{mpmath.nstr(lower)} and {mpmath.nstr(upper)}"
            raise ArithmeticError(f"no sign change between {ends}")
        tolerance = mpmath.mpf(2) ** (-2 * mpmath.mp.prec)
        return mpmath.findroot(
            function, (lower, upper), solver="anderson", tol=tolerance, maxsteps=200, verify=False
        )


def _sign_change(f: Any, upper: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
    """An interval in (0, upper) in which ``f`` changes its sign."""
    # f may vanish at the very end, which is not the root meant.
    whole = upper
    while f(upper) >= -(mpmath.mpf(2) ** -20):
        upper *= 1 - mpmath.mpf(2) ** -8
        if upper < whole / 2:
            raise ArithmeticError(f"no sign change below {mpmath.nstr(whole)}")
    lower = upper
    while f(lower) <= 0:
        lower /= 2
        if lower < upper * mpmath.mpf(2) ** -200:
            raise ArithmeticError(f"no sign change below {mpmath.nstr(upper)}")
    return lower, upper
