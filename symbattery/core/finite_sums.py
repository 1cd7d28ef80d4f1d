r"""Sums over indices that stay as they are written until their ranges are numbers.

A sum without end carries a proven rule for the end of what is computed of it. Where the weights
fall as :math:`w_{n+1}/w_n=r/(n+1)^p`, the weight beyond n, each term n times as large at most
squared, is at most :math:`w_{n+1}(n+1)^2/(1-\rho)` with the ratio
:math:`\rho=r(n+2)^2/(n+1)^{p+2}<1` of the first two of these, which only falls.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Add, Expr, Function, Integer, Sum, Symbol

from numerics.model.checks import InvalidArgument

__all__ = ["Endless", "IndexRange", "TermSum", "nested_sum", "points", "table"]

_MOST_TERMS = 10**6
# Of sums without end where nobody asks for more.
_BITS = 64

IndexRange = tuple[Symbol, Expr, Expr]
"""A summation index, its first and its last value."""


class Endless(Function):
    """The end ∞ of a sum over n, with weights w of w(n + 1)/w(n) = ratio/(n + 1)^power."""

    nargs = 2
    is_extended_positive = True
    is_infinite = True

    def _latex(self, printer: Any) -> str:
        return r"\infty"

    def _sympystr(self, printer: Any) -> str:
        return "oo"

    def last(self, values: Mapping[Symbol, Any], bits: int) -> int:
        """The last term that is needed for so many bits of the whole sum.

        Raises
        ------
        InvalidArgument
            There are too many terms.
        """
        ratio, power = float(self.args[0].subs(values)), int(self.args[1])
        if ratio <= 0:
            return 0

        def weight(n: int) -> float:
            return n * math.log(ratio) - power * math.lgamma(n + 1)

        top = 0 if power == 0 else int(ratio ** (1 / power))
        wanted = weight(top) - bits * math.log(2)

        def enough(n: int) -> bool:
            further = ratio * (n + 2) ** 2 / (n + 1) ** (power + 2)
            if further >= 1:
                return False
            return weight(n + 1) + 2 * math.log(n + 1) - math.log1p(-further) <= wanted

        low, high = top, top + 1
        while not enough(high):
            low, high = high, 2 * high
            if high > _MOST_TERMS:
                raise InvalidArgument(
                    f"`initial` must have weights that fall within {_MOST_TERMS} terms, but their "
                    f"ratio is {ratio:.9g}"
                )
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if enough(middle) else (middle, high)
        return high


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
        *_, (index, first, last) = self.limits
        if isinstance(last, Endless) and last.args[0].is_number and first.is_Integer:
            whole = range(int(first), last.last({}, prec + _BITS) + 1)
            return Add(
                *(self.function.xreplace({index: Integer(n)})._eval_evalf(prec) for n in whole)
            )
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
    end = last.last(values, _BITS) if isinstance(last, Endless) else int(last.subs(values))
    for i in range(int(first.subs(values)), end + 1):
        here = {index: Integer(i)}
        for deeper in points(inner, {**values, **here}):
            yield here | deeper


def table(
    ranges: Sequence[IndexRange], values: Mapping[Symbol, Expr], bits: int = 0
) -> NDArray[np.float64]:
    """The indices of every term as doubles, a row for each; of sums without end for so many bits.

    Raises
    ------
    InvalidArgument
        A sum without end has too many terms.
    """
    if not ranges:
        return np.zeros((1, 0))
    *outer, (_, first, last) = ranges
    blocks = [np.zeros((0, len(ranges)))]
    for point in points(outer, values):
        put = {**values, **point}
        end = last.last(put, bits) if isinstance(last, Endless) else int(last.subs(put))
        inner = np.arange(int(first.subs(put)), end + 1, dtype=np.float64)
        before = np.array([int(i) for i in point.values()], dtype=np.float64)
        blocks.append(np.column_stack([np.tile(before, (len(inner), 1)), inner]))
    return np.concatenate(blocks)
