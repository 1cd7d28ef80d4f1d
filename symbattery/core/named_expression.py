"""An exact expression together with the named quantities it is written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import mpmath
from sympy import Expr, Float, Symbol, Tuple

__all__ = ["NamedExpression"]

_GUARD_BITS = 64


class NamedExpression(Expr):
    """``expression`` where its named quantities stand for their definitions.

    It prints as the short expression, and evaluates to any number of digits once its parameters
    are numbers: each definition once, in terms of those before it.

    Parameters
    ----------
    expression : Expr
    definitions : mapping of Symbol to Expr
        Each in terms of those before it.
    """

    is_commutative = True
    is_real = True

    def __new__(
        cls, expression: Expr, definitions: Mapping[Symbol, Expr] | Iterable[Any]
    ) -> NamedExpression:
        pairs = definitions.items() if isinstance(definitions, Mapping) else definitions
        return Expr.__new__(cls, expression, Tuple(*(Tuple(*pair) for pair in pairs)))

    @property
    def expression(self) -> Expr:
        return self.args[0]

    @property
    def definitions(self) -> dict[Symbol, Expr]:
        return dict(self.args[1].args)

    @property
    def free_symbols(self) -> set[Symbol]:
        every: set[Symbol] = set(self.expression.free_symbols)
        return every.union(*(v.free_symbols for v in self.definitions.values())) - set(
            self.definitions
        )

    def _eval_subs(self, old: Expr, new: Expr) -> Expr | None:
        return self if old in self.definitions else None

    def evaluated(self) -> Expr:
        """The expression with numbers for its names, at mpmath's working precision."""
        return self.expression.xreplace(_numbers(self.args[1], mpmath.mp.prec))

    def _eval_evalf(self, prec: int) -> Expr:
        if self.free_symbols:
            return self
        with mpmath.workprec(prec + _GUARD_BITS):
            value = self.evaluated().evalf(mpmath.mp.dps)
        return Float._new(mpmath.mpmathify(value)._mpf_, prec)

    def explicit(self) -> Expr:
        """The expression with every definition substituted."""
        whole = self.expression
        for name, value in reversed(list(self.definitions.items())):
            whole = whole.xreplace({name: value})
        return whole

    def _sympystr(self, printer: Any) -> str:
        return str(printer.doprint(self.expression))

    def _latex(self, printer: Any) -> str:
        return str(printer.doprint(self.expression))


@lru_cache(maxsize=64)
def _numbers(definitions: Tuple, precision: int) -> dict[Symbol, Expr]:
    found: dict[Symbol, Expr] = {}
    with mpmath.workprec(precision + _GUARD_BITS):
        for name, value in definitions:
            found[name] = value.xreplace(found).evalf(mpmath.mp.dps)
    return found
