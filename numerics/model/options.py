"""The needs of observables, and their options, with one text form: ``ergotropy(sense=local)``."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from fractions import Fraction
from keyword import iskeyword
from numbers import Rational
from typing import Any

import numpy as np

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid

__all__ = [
    "BETWEEN",
    "CELLS",
    "CONJUGATE",
    "ORDER",
    "PART",
    "SENSE",
    "Need",
    "Option",
    "check_row",
    "checked",
    "names_of",
    "separated",
    "written",
]


class Need(Enum):
    """A condition of an observable beside the populations, which every battery has.

    A battery says which of them it lacks, and refuses the observables that need one.
    """

    AMPLITUDES = "amplitudes of the state of battery and charger, without noise"
    LADDER = "a collective ladder on either side, rather than groups of spins"
    FREQUENCY = "one frequency of all cells"
    CHARGER = "states of the charger that can be told apart"
    COUPLING = "a charger that the battery is still coupled to"
    COUNT = "one number of excited cells at the start"


@dataclass(frozen=True)
class Option:
    """An option of an observable.

    Attributes
    ----------
    name : str
        The keyword.
    default : object
        Its value where it is left out.
    check : callable
        From the name, a value and the number M of cells (None if it does not matter yet) to the
        value in its one form, by which equal choices compare equal; raises `InvalidArgument`.
    choices : tuple of str
        The words that it may be, if it is one of some.
    meaning : str
        What docstrings say of it.
    """

    name: str
    default: Any
    check: Callable[[str, Any, int | None], Any]
    choices: tuple[str, ...] = ()
    meaning: str = ""


def _word(name: str, default: str | None, *others: str, meaning: str) -> Option:
    """An option that is one of some words, or left out."""
    words = others if default is None else (default, *others)

    def check(name: str, value: Any, cells: int | None) -> str:
        return checks.choice(name, value, words)

    return Option(name, default, check, words, meaning)


def _cells(name: str, value: Any, cells: int | None) -> int:
    must = "be a positive integer"
    if isinstance(value, str):
        exact = checks.written(name, value, must)
        value = int(exact) if exact.denominator == 1 else value
    number = int(checks.positive_integer(name, value))
    if cells is not None and number > cells:
        raise invalid(name, f"be at most the number of cells, {cells}", number)
    return number


def _order(name: str, value: Any, cells: int | None) -> int | float | Fraction:
    must = "be a positive number (1 for von Neumann's entropy) or infinity"
    if not isinstance(value, np.ndarray) and value in ("inf", math.inf):
        return math.inf
    number = _exact_number(name, value, must)
    if float(number) <= 0:
        raise invalid(name, must, value)
    return number.numerator if number.denominator == 1 else number


def _real(name: str, value: Any, cells: int | None) -> Any:
    if checks.is_symbolic(value):
        return checks.real(name, value, symbolic=True)
    number = _exact_number(name, value, "be a finite real number")
    return number.numerator if number.denominator == 1 else number


def _exact_number(name: str, value: Any, must: str) -> Fraction:
    """A number as the fraction that its decimals say."""
    written = checks.written(name, value, must) if isinstance(value, str) else value
    try:
        double = checks.number(name, written, must)
    except InvalidArgument:
        raise invalid(name, must, value) from None
    if isinstance(written, Rational):
        return Fraction(int(written.numerator), int(written.denominator))
    return Fraction(repr(double))


SENSE = _word(
    "sense",
    "full",
    "symmetric",
    "local",
    "daemonic",
    meaning="The unitaries: all, those of the levels of each total spin, products of single-cell "
    "ones, or all that follow a measurement of the charger's excitation number.",
)

CELLS = Option(
    "cells", None, _cells, meaning="So many of the cells, taken out of the battery; or all of them."
)

PART = _word(
    "part",
    None,
    "coherent",
    "incoherent",
    meaning="What coherences between numbers of excitations add, or what is there without them.",
)

ORDER = Option(
    "order", 1, _order, meaning="Rényi's order: 1 is von Neumann's entropy, infinity the smallest."
)

BETWEEN = _word(
    "between", "cells", "cell-charger", meaning="Two cells, or one cell and one charger spin."
)

CONJUGATE = Option("u", 1, _real, meaning="The variable conjugate to the work, in 1/energy.")


_NAME = re.compile(r"\s*([^()\s]+)\s*(?:\((.*)\))?\s*", re.DOTALL)


def separated(text: str, argument: str = "name") -> tuple[str, dict[str, str]]:
    """The name and the options of a text such as ``"entropy(order=2)"``, not yet checked.

    ``argument`` is what errors call it.

    Raises
    ------
    InvalidArgument
        The text is no name with, perhaps, options in brackets.
    """
    must = "be a name, perhaps with options as in 'entropy(order=2)'"
    match = _NAME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise invalid(argument, must, text)
    name, inside = match[1], (match[2] or "").strip()
    given: dict[str, str] = {}
    for entry in inside.split(",") if inside else ():
        option, equals, value = (part.strip() for part in entry.partition("="))
        if not (option and equals and value) or option in given:
            raise invalid(argument, must, text)
        given[option] = value
    return name, given


def checked(
    name: str, options: Sequence[Option], given: Mapping[str, Any], cells: int | None = None
) -> dict[str, Any]:
    """The value of every option, in the order of the row.

    Parameters
    ----------
    name : str
        The observable.
    options : sequence of Option
        Those that it has.
    given : mapping
        Values, or their texts; None stands for the default.
    cells : int, optional
        The number of cells that there are.

    Raises
    ------
    InvalidArgument
        An unknown option, or a value that it cannot have.
    """
    known = tuple(option.name for option in options)
    for option in given:
        if option not in known:
            has = f"has the options {', '.join(known)}" if known else "has no options"
            raise InvalidArgument(
                f"`{option}` must be an option of {name}, which {has}, but is none"
            )
    values = {}
    for each in options:
        value = given.get(each.name)
        default = value is None or (isinstance(value, str) and value == str(each.default))
        values[each.name] = each.default if default else each.check(each.name, value, cells)
    return values


def check_row(name: Any, order: Any, taken: Container[str]) -> None:
    """Refuse a row of a table of observables by its name, or the power of the frequency.

    Raises
    ------
    InvalidArgument
        The name is no lower-case word of three letters or more, one of Python's, or is taken; the
        order is no whole number.
    """
    if not (isinstance(name, str) and re.fullmatch(r"[a-z][a-z_]{2,40}", name)):
        raise invalid("name", "be a lower-case word of at least three letters", name)
    if iskeyword(name):
        raise invalid("name", "be no word of Python", name)
    if name in taken:
        raise invalid("name", "be one that nothing else has", name)
    if not isinstance(order, int) or isinstance(order, bool):
        raise invalid("order", "be an integer", order)


def names_of(kind: Any) -> set[str]:
    """The names that objects of a dataclass have, which no row may take."""
    return {*dir(kind), *(spot.name for spot in fields(kind))}


def written(name: str, options: Sequence[Option], values: Mapping[str, Any]) -> str:
    """The text form of a name with checked values: those that differ from their defaults."""
    differing = [f"{o.name}={values[o.name]}" for o in options if values[o.name] != o.default]
    return f"{name}({', '.join(differing)})" if differing else name
