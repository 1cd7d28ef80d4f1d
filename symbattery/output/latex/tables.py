r"""Numbers in manuscripts: tables and macros, with digits that are correct and no more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Any

import mpmath
import numpy as np
from sympy import Basic, Expr, Float, Integral, S
from sympy.logic.boolalg import BooleanAtom

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from symbattery.core.expressions import checked_symbols
from symbattery.core.latex_dispatch import aslatex
from symbattery.maxima.result import Maximum
from symbattery.output.latex.equations import formula
from symbattery.output.latex.typesetting import Typesetting

__all__ = ["Table", "checked_columns", "digits", "macros", "tabular"]

_GUARD = 15
# What \newcommand refuses, or what a manuscript would miss.
_TAKEN = """
    alpha beta gamma delta xi pi omega lambda mu nu tau sin cos tan log exp max min frac sqrt sum
    left right begin end def let input include write newcommand relax par section label ref cite
    text bar hat tilde dot a b c
"""


def checked_columns(name: str, columns: Any) -> None:
    """Refuse what is no mapping of headings to columns of the same length.

    Raises
    ------
    InvalidArgument
        By the name of the argument.
    """
    if not isinstance(columns, Mapping) or not columns:
        raise invalid(name, "be a mapping of headings to entries", columns)
    for heading, entries in columns.items():
        if not isinstance(heading, str):
            raise invalid(name, "have headings that are text", heading)
        if isinstance(entries, str) or not isinstance(entries, Sequence | np.ndarray):
            raise invalid(f"{name}[{heading!r}]", "be a sequence of entries", entries)
    if len({len(entries) for entries in columns.values()}) > 1:
        raise InvalidArgument(f"`{name}` must have as many entries in each column")


@dataclass(frozen=True)
class Table:
    """Columns side by side.

    Attributes
    ----------
    columns : mapping
        The entries by the heading of the column (text with LaTeX mathematics). Exact numbers are
        rounded to ``digits``; expressions with symbols and text stand as they are; truth values are
        yes and no; a pair (value, error) shows the digits that the error leaves.
    digits : int or None
        Significant digits; exact values as formulas if None.
    """

    columns: Mapping[str, Sequence[Any]]
    digits: int | None = 6

    def __post_init__(self) -> None:
        if self.digits is not None:
            checks.digits(self.digits)
        checked_columns("columns", self.columns)

    def __repr__(self) -> str:
        rows = max((len(column) for column in self.columns.values()), default=0)
        return f"Table of {rows} rows: {', '.join(map(str, self.columns))}"

    def _repr_html_(self) -> str:
        """The table as HTML, for notebooks: they typeset what stands between dollars."""

        def row(tag: str, cells: Iterable[str]) -> str:
            return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"

        body = "".join(row("td", cells) for cells in _rows(self, Typesetting()))
        return f"<table>{row('th', self.columns)}{body}</table>"


def _decimal(value: Expr, places: int) -> str:
    """A real number rounded to ``places`` significant digits, from digits enough to be sure."""
    with mpmath.workdps(places + _GUARD):
        try:
            number = value.evalf(places + _GUARD)
        except ValueError:  # a sum that diverges
            number = value
        if not number.is_Float and not number.is_Rational:
            raise invalid("value", "be a real number once evaluated", value)
        exact = Decimal(mpmath.nstr(mpmath.mpmathify(number), places + _GUARD, strip_zeros=False))
    if exact == 0:
        return "0"
    mantissa, _, exponent = f"{exact:.{places - 1}e}".partition("e")
    power = int(exponent)
    if -4 <= power < min(16, places):
        return f"{exact:.{places - 1 - power}f}"
    return rf"{mantissa} \times 10^{{{power}}}"


def _with_error(value: Any, error: Any) -> str:
    """A number with the digits that its error leaves, and that error is at most half a unit."""
    number, width = (S(str(v)) if isinstance(v, float) else S(v) for v in (value, error))
    if not (number.is_real and width.is_nonnegative):
        raise invalid("value", "be a pair of a real number and its error", (value, error))
    if width == 0:
        return digits(number, _GUARD)
    if number != 0:
        size, unit = (mpmath.log10(mpmath.mpmathify(v.evalf(30))) for v in (abs(number), 2 * width))
        places = 1 + int(mpmath.floor(size)) - int(mpmath.ceil(unit))
        if places > 0:
            return _decimal(number, places)
    return rf"\pm {_decimal(width, 1)}"


def _value(entry: Any) -> Any:
    """The value of a maximum; anything else as it is."""
    if isinstance(entry, Maximum):
        return entry.value if entry.approximate is None else entry.approximate
    return entry


def digits(value: Any, places: int = 6) -> str:
    r"""A number in LaTeX with ``places`` correct digits, rounded once.

    Exact integers are shown whole. A :class:`Maximum` counts by its value.

    Raises
    ------
    InvalidArgument
        Not a real number, or one that is not finite.
    """
    checks.digits(places, "places")
    value = _value(value)
    if isinstance(value, tuple) and len(value) == 2:
        return _with_error(*value)
    if isinstance(value, bool) or not isinstance(value, int | float | Expr | mpmath.mpf | Decimal):
        raise invalid("value", "be a number", value)
    if checks.is_far(value):
        raise invalid("value", "be a number of moderate size", value)
    exact = S(str(value)) if isinstance(value, float | Decimal) else S(value)
    checked_symbols("value", exact)
    # Of an integral that diverges a quadrature gives digits all the same.
    if exact.free_symbols or exact.has(Integral) or exact.is_finite is False or exact is S.NaN:
        raise invalid("value", "be a finite number without open parameters", value)
    return str(exact) if exact.is_Integer else _decimal(exact, places)


def tabular(headings: Sequence[str], rows: Sequence[Sequence[str]], alignment: str = "") -> str:
    """A ``tabular`` with the rules of booktabs."""
    head, *body = (" & ".join(row) + r" \\" for row in (headings, *rows))
    begin = rf"\begin{{tabular}}{{{alignment or 'r' * len(headings)}}}"
    lines = [begin, r"\toprule", head, r"\midrule", *body, r"\bottomrule", r"\end{tabular}"]
    return "\n".join(lines)


@aslatex.register(Table)
def _(obj: Table, *, names: Any = None, width: Any = None) -> str:
    del width
    entries = (_value(entry) for column in obj.columns.values() for entry in column)
    free = set().union(*(getattr(entry, "free_symbols", ()) for entry in entries))
    setting = Typesetting.checked(names, None, known=(symbol.name for symbol in free))
    # The names are checked on what is no number.
    formula(S.Zero, setting)
    return tabular(list(obj.columns), _rows(obj, setting))


def _rows(table: Table, setting: Typesetting) -> list[tuple[str, ...]]:
    columns = ([_cell(e, table.digits, setting) for e in c] for c in table.columns.values())
    return list(zip(*columns, strict=True))


def _cell(entry: Any, places: int | None, setting: Typesetting) -> str:
    if isinstance(entry, str):
        return entry
    if isinstance(entry, bool | np.bool_ | BooleanAtom):
        return "yes" if entry else "no"
    exact = _value(entry) if places else getattr(entry, "value", entry)
    is_exact = isinstance(exact, int | Fraction | Basic) and not isinstance(exact, Float)
    if getattr(exact, "free_symbols", None) or (places is None and is_exact):
        return f"${formula(S(exact), setting)}$"
    if places is None and isinstance(exact, float):
        places = len(Decimal(repr(float(exact))).normalize().as_tuple().digits)
    return f"${digits(entry, places or _GUARD)}$"


def macros(values: Mapping[str, Any], places: int = 6, *, names: Any = None) -> str:
    r"""``\newcommand`` for each value: formulas as formulas, numbers with correct digits.

    Parameters
    ----------
    values : mapping of str to number, expression or Maximum
        By the name of the command, without its backslash: letters only.
    places : int
        Significant digits of numbers.
    names : mapping of Symbol to str, optional
        How symbols are written in formulas.

    Raises
    ------
    InvalidArgument
        A name that is no command (or one of LaTeX), or a value that is none of the above.
    """
    if not isinstance(values, Mapping) or not values:
        raise invalid("values", "be a mapping of names to values", values)
    exact = {name: _value(value) for name, value in values.items()}
    free = set().union(*(getattr(value, "free_symbols", ()) for value in exact.values()))
    setting = Typesetting.checked(names, None, known=(symbol.name for symbol in free))
    lines = []
    for name, value in exact.items():
        if (
            not isinstance(name, str)
            or not re.fullmatch("[A-Za-z]+", name)
            or name in _TAKEN.split()
        ):
            raise invalid("values", "have names of letters that LaTeX does not use itself", name)
        is_formula = isinstance(value, Basic) and value.free_symbols
        body = formula(value, setting) if is_formula else digits(value, places)
        lines.append(rf"\newcommand{{\{name}}}{{\ensuremath{{{body}}}}}")
    return "\n".join(lines) + "\n"
