"""Exact numbers given by an equation: roots that no formula gives, to any number of digits."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import mpmath
from sympy import Expr, Float, Symbol, lambdify, sympify

from symbattery.core.named_expression import NamedExpression

__all__ = ["ImplicitRoot"]

_GUARD_BITS = 20
_STEP_BITS = 64


class ImplicitRoot(Expr):
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

    is_commutative = True
    is_real = True
    is_positive = True

    def __new__(
        cls, variable: Symbol, function: Any, upper: Any, equation: Any, lower: Any = 0
    ) -> ImplicitRoot:
        arguments = (sympify(part) for part in (function, upper, equation, lower))
        return Expr.__new__(cls, variable, *arguments)

    @property
    def variable(self) -> Symbol:
        return self.args[0]

    @property
    def function(self) -> Expr:
        return self.args[1]

    @property
    def upper(self) -> Expr:
        return self.args[2]

    @property
    def equation(self) -> Expr:
        return self.args[3]

    @property
    def lower(self) -> Expr:
        return self.args[4]

    @property
    def free_symbols(self) -> set[Symbol]:
        return (self.function.free_symbols | self.upper.free_symbols) - {self.variable}

    def _eval_subs(self, old: Expr, new: Expr) -> Expr | None:
        return self if old == self.variable else None

    def _eval_evalf(self, prec: int) -> Expr:
        if self.free_symbols:
            return self
        # In steps, so that the many evaluations of one expression share a result.
        return Float._new(_value(self, _STEP_BITS * (prec // _STEP_BITS + 1))._mpf_, prec)

    def _sympystr(self, printer: Any) -> str:
        return str(printer.doprint(self.variable))

    def _latex(self, printer: Any) -> str:
        return str(printer.doprint(self.variable))


@lru_cache(maxsize=256)
def _value(root: ImplicitRoot, precision: int) -> Any:
    with mpmath.workprec(precision + _GUARD_BITS):
        body = root.function
        numbers = body.evaluated() if isinstance(body, NamedExpression) else body
        function = lambdify(root.variable, numbers, modules="mpmath", cse=True)
        upper = mpmath.mpmathify(root.upper.evalf(mpmath.mp.dps))
        if root.lower == 0:
            return _sign_change(function, upper)
        return _between(function, mpmath.mpmathify(root.lower.evalf(mpmath.mp.dps)), upper)


def _sign_change(f: Any, upper: mpmath.mpf) -> mpmath.mpf:
    """The sign change of ``f`` in (0, upper), to the working precision."""
    # f may vanish at the very end, which is not the root meant.
    while f(upper) >= -(mpmath.mpf(2) ** -20):
        upper *= 1 - mpmath.mpf(2) ** -8
    lower = upper
    while f(lower) <= 0:
        lower /= 2
        if lower < upper * mpmath.mpf(2) ** -200:
            raise ArithmeticError(f"no sign change below {mpmath.nstr(upper)}")
    return _between(f, lower, upper)


def _between(f: Any, lower: mpmath.mpf, upper: mpmath.mpf) -> mpmath.mpf:
    if not f(lower) > 0 > f(upper):
        raise ArithmeticError(
            f"no sign change between {mpmath.nstr(lower)} and {mpmath.nstr(upper)}"
        )
    tolerance = mpmath.mpf(2) ** (-2 * mpmath.mp.prec)
    return mpmath.findroot(
        f, (lower, upper), solver="anderson", tol=tolerance, maxsteps=200, verify=False
    )
