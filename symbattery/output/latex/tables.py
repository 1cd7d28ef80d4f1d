r"""Tables of numbers in LaTeX, with digits that are correct and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Any

import mpmath
from sympy import Basic, Expr, S

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from symbattery.core.latex_dispatch import aslatex
from symbattery.maxima.result import Maximum

__all__ = ["Table", "digits", "tabular"]

_MOST_DIGITS = 1000
_GUARD = 15


@dataclass(frozen=True)
class Table:
    """Columns side by side.

    Attributes
    ----------
    columns : mapping
        The entries by the heading of the column (text with LaTeX mathematics). Exact numbers and
        expressions are rounded to ``digits``; text stands as it is; a pair (value, error) shows
        the digits that the error leaves.
    digits : int
        Significant digits.
    """

    columns: Mapping[str, Sequence[Any]]
    digits: int = 6

    def __post_init__(self) -> None:
        checks.positive_integer("digits", self.digits)
        if self.digits > _MOST_DIGITS:
            raise invalid("digits", f"be at most {_MOST_DIGITS}", self.digits)
        if not isinstance(self.columns, Mapping) or not self.columns:
            raise invalid("columns", "be a mapping of headings to entries", self.columns)
        if len({len(entries) for entries in self.columns.values()}) > 1:
            raise InvalidArgument("`columns` must have as many entries each")


def _decimal(value: Expr, places: int) -> str:
    """A real number rounded to ``places`` significant digits, from digits enough to be sure."""
    with mpmath.workdps(places + _GUARD):
        number = value.evalf(places + _GUARD)
        if not number.is_Float and not number.is_Rational:
            raise invalid("value", "be a real number once evaluated", value)
        text = mpmath.nstr(mpmath.mpmathify(number), places + _GUARD, strip_zeros=False)
    with localcontext() as context:
        context.prec = places + _GUARD + 5
        exact = Decimal(text)
        if exact == 0:
            return "0"
        unit = Decimal((0, (1,), exact.adjusted() - places + 1))
        rounded = exact.quantize(unit, ROUND_HALF_EVEN)
        if rounded.adjusted() > exact.adjusted():
            rounded = rounded.quantize(unit.scaleb(1))
    return _written(rounded)


def _written(rounded: Decimal) -> str:
    exponent = rounded.adjusted()
    if -4 <= exponent < 16 and rounded.as_tuple().exponent <= 0:  # type: ignore[operator]
        return format(rounded, "f")
    mantissa = format(rounded.scaleb(-exponent), "f")
    return rf"{mantissa} \times 10^{{{exponent}}}"


def _with_error(value: Any, error: Any) -> str:
    """A number with the digits that its error leaves, and that error is at most half a unit."""
    number, width = (S(str(v)) if isinstance(v, float) else S(v) for v in (value, error))
    if not (number.is_real and width.is_nonnegative):
        raise invalid("value", "be a pair of a real number and its error", (value, error))
    if width == 0:
        return digits(number, _GUARD)
    places = 0
    if number != 0:
        magnitude = int(mpmath.floor(mpmath.log10(abs(mpmath.mpmathify(number.evalf(30))))))
        reach = int(mpmath.ceil(mpmath.log10(2 * mpmath.mpmathify(width.evalf(30)))))
        places = magnitude - reach + 1
    if places < 1:
        return rf"\pm {_decimal(width, 1)}"
    return _decimal(number, places)


def digits(value: Any, places: int = 6) -> str:
    r"""A number in LaTeX with ``places`` correct digits, rounded once.

    Exact integers are shown whole. A :class:`Maximum` counts by its value.

    Raises
    ------
    InvalidArgument
        Not a real number, or one that is not finite.
    """
    checks.positive_integer("places", places)
    if isinstance(value, Maximum):
        value = value.value if value.approximate is None else value.approximate
    if isinstance(value, tuple) and len(value) == 2:
        return _with_error(*value)
    if isinstance(value, bool) or not isinstance(value, int | float | Basic | mpmath.mpf | Decimal):
        raise invalid("value", "be a number", value)
    exact = S(str(value)) if isinstance(value, float | Decimal) else S(value)
    if exact.free_symbols or exact.is_finite is False or exact is S.NaN:
        raise invalid("value", "be a finite number without open parameters", value)
    if exact.is_Integer:
        return str(exact)
    return _decimal(exact, places)


def _cell(entry: Any, places: int) -> str:
    return entry if isinstance(entry, str) else f"${digits(entry, places)}$"


def tabular(headings: Sequence[str], rows: Sequence[Sequence[str]], alignment: str = "") -> str:
    """A ``tabular`` with the rules of booktabs."""
    lines = [" & ".join(row) + r" \\" for row in rows]
    return "\n".join(
        [
            rf"\begin{{tabular}}{{{alignment or 'r' * len(headings)}}}",
            r"\toprule",
            " & ".join(headings) + r" \\",
            r"\midrule",
            *lines,
            r"\bottomrule",
            r"\end{tabular}",
        ]
    )


@aslatex.register(Table)
def _(obj: Table, *, names: Any = None, width: Any = None) -> str:
    del names, width
    rows = zip(*obj.columns.values(), strict=True)
    return tabular(list(obj.columns), [[_cell(e, obj.digits) for e in row] for row in rows])
