r"""Single values as LaTeX commands, so that a manuscript never copies a digit by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sympy import Basic

from numerics.model.checks import invalid
from symbattery.core.latex_dispatch import aslatex
from symbattery.maxima.result import Maximum
from symbattery.output.latex.tables import digits

__all__ = ["macros"]

# What \newcommand refuses, or what a manuscript would miss.
_TAKEN = frozenset(
    (
        *("alpha", "beta", "gamma", "delta", "xi", "pi", "omega", "lambda", "mu", "nu", "tau"),
        *("sin", "cos", "tan", "log", "exp", "max", "min", "frac", "sqrt", "sum", "left", "right"),
        *("begin", "end", "def", "let", "input", "include", "write", "newcommand", "relax", "par"),
        *("section", "label", "ref", "cite", "text", "bar", "hat", "tilde", "dot", "a", "b", "c"),
    )
)


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
    lines = []
    for name, value in values.items():
        if not isinstance(name, str) or not re.fullmatch("[A-Za-z]+", name) or name in _TAKEN:
            raise invalid("values", "have names of letters that LaTeX does not use itself", name)
        lines.append(rf"\newcommand{{\{name}}}{{\ensuremath{{{_body(value, places, names)}}}}}")
    return "\n".join(lines) + "\n"


def _body(value: Any, places: int, names: Any) -> str:
    if isinstance(value, Maximum):
        value = value.value if value.approximate is None else value.approximate
    if isinstance(value, Basic) and value.free_symbols:
        return aslatex(value, names=names)
    return digits(value, places)
