"""Sums over indices that stay as they are written until their ranges are numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Add, Expr, Integer, Sum, Symbol

__all__ = ["IndexRange", "TermSum", "nested_sum", "points", "table"]

IndexRange = tuple[Symbol, Expr, Expr]
"""A summation index, its first and its last value."""


class TermSum(Sum):
    """A ``Sum`` that is evaluated term by term, and only where its range is a number.

    SymPy first looks for a closed form of the inner sum, with the outer index still a symbol. There
    is none for squared sines of roots, and the search takes minutes from two cells on; its
    numerical evaluation takes a sum for a series and extrapolates. Ranges that run backwards are
    empty here, whereas SymPy's convention makes them negative.
    """

    def doit(self, **hints: Any) -> Expr:
        """The sum of all terms where the range is a number, else what it is."""
        *inner, (index, first, last) = self.limits
        if not (first.is_Integer and last.is_Integer):
            return self
        term = self.func(self.function, *inner) if inner else self.function
        numbers = range(int(first), int(last) + 1)
        return Add(*(term.xreplace({index: Integer(i)}).doit(**hints) for i in numbers))

    def _eval_evalf(self, prec: int) -> Expr:
        done = self.doit()
        return self if done == self else done._eval_evalf(prec)

    def _sympyrepr(self, printer: Any) -> str:
        # As SymPy alone can read it.
        return f"Sum({', '.join(printer._print(argument) for argument in self.args)})"


def nested_sum(term: Expr, ranges: Sequence[IndexRange]) -> Expr:
    """The unevaluated sum of ``term``, what an index does not move standing before its sum."""
    total = term
    for index, first, last in reversed(ranges):
        before, within = total.as_independent(index, as_Add=False)
        total = before * TermSum(within, (index, first, last))
    return total


def points(
    ranges: Sequence[IndexRange], values: Mapping[Symbol, Expr]
) -> Iterator[dict[Symbol, Expr]]:
    """The indices of every term, for numbers in place of the parameters."""
    if not ranges:
        yield {}
        return
    (index, first, last), *inner = ranges
    for i in range(int(first.subs(values)), int(last.subs(values)) + 1):
        here = {index: Integer(i)}
        for deeper in points(inner, {**values, **here}):
            yield here | deeper


def table(ranges: Sequence[IndexRange], values: Mapping[Symbol, Expr]) -> NDArray[np.float64]:
    """The indices of every term as doubles, a row for each."""
    if not ranges:
        return np.zeros((1, 0))
    *outer, (_, first, last) = ranges
    blocks = [np.zeros((0, len(ranges)))]
    for point in points(outer, values):
        put = {**values, **point}
        inner = np.arange(int(first.subs(put)), int(last.subs(put)) + 1, dtype=np.float64)
        before = np.array([int(i) for i in point.values()], dtype=np.float64)
        blocks.append(np.column_stack([np.tile(before, (len(inner), 1)), inner]))
    return np.concatenate(blocks)
