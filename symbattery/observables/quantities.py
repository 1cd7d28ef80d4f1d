"""The quantities of a closed form by name: rows with values of their options, and levels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from sympy import Basic, Expr, Mul, S, Symbol
from sympy.core.traversal import bottom_up

from numerics.model import checks
from numerics.model.checks import InvalidArgument
from numerics.model.options import (
    Need,
    checked,
    separated,
    written,
)
from symbattery.core.expressions import UnsolvedError
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.observables.battery import Battery
from symbattery.observables.level_means import ClosedLevels, Means
from symbattery.observables.table import OBSERVABLES, Observable, rows_by_name
from symbattery.symbols import t

__all__ = ["Quantities", "Request", "RowMethod", "named", "quantities"]

# p0, c0, and c(0, 1) where pair terms reach a number of excited cells twice.
_LEVEL = re.compile(r"[pc][0-9(].*")


@dataclass(frozen=True)
class Request:
    """A row with values of its options, asked of a closed form.

    Attributes
    ----------
    row : Observable
    options : mapping
        The value of each option of the row, checked.
    means : Means
        The symbols of the formulas in terms of the solution.
    """

    row: Observable
    options: Mapping[str, Any]
    means: Means

    @property
    def solution(self) -> ClosedForm:
        """The closed form that it is asked of."""
        return self.means.solution

    @property
    def name(self) -> str:
        """The canonical text: the options that differ from their defaults."""
        return written(self.row.name, self.row.options, self.options)

    @property
    def differing(self) -> dict[str, Any]:
        """The options that differ from their defaults."""
        values = self.options
        return {o.name: values[o.name] for o in self.row.options if values[o.name] != o.default}

    def _formula(self, computed: bool) -> Expr:
        assert self.row.function is not None
        charger = self.solution.model.charger
        if Need.CHARGER in self.row.needs and not charger.distinguishable:
            raise checks.invalid("name", f"be one that a {charger.noun} has", self.row.name)
        value = self.row.function(Battery(self.solution, computed, self.row.name), **self.options)
        value = self.solution.model.frequency**self.row.order * S(value)
        return value / t if self.row.per_time else value

    @cached_property
    def formula(self) -> Expr:
        """The function in the symbols of a battery, as an author prints it.

        Raises
        ------
        InvalidArgument, UnsolvedError
            It is not exact for this start, or has no closed form.
        """
        return self._formula(computed=False)

    @cached_property
    def computed(self) -> Expr:
        """The function in the symbols of a battery, in the form that keeps its digits.

        Raises
        ------
        InvalidArgument, UnsolvedError
            As for ``formula``.
        """
        return self._formula(computed=True)

    @property
    def expression(self) -> Expr:
        """The observable in the ``definitions`` of the solution; raises as ``formula``."""
        row, solution = self.row, self.solution
        if row.weight is not None:
            value = solution.gain(row.weight, solution.model.frequency**row.order)
            return value / t if row.per_time else value
        return bottom_up(self.formula.xreplace(self.means.every(self.formula)), _flat)

    @property
    def reduced(self) -> tuple[Expr, dict[Symbol, Expr]]:
        """The computed form, and the expressions of its symbols that move in time."""
        every = self.means.every(self.computed)
        still = {symbol: value for symbol, value in every.items() if value.is_number}
        formula = self.computed.xreplace(still)
        return formula, {s: v for s, v in every.items() if s in formula.free_symbols}

    @property
    def is_derived(self) -> bool:
        """The solution has it."""
        if self.row.weight is None:
            try:
                return bool(self.formula is not None)
            except (InvalidArgument, UnsolvedError):
                return False
        return True


def _flat(part: Basic) -> Basic:
    """A product without products in it, which roots that were squared leave behind."""
    nested = isinstance(part, Mul) and any(isinstance(factor, Mul) for factor in part.args)
    return part.func(*part.args) if nested else part


class Quantities(Mapping[str, Expr]):
    """Every function of time that a closed form has, by name; each is derived when asked for.

    The rows of the table with each of the words that their options may be, the populations ``p0``,
    ``p1``, …, and the amplitudes ``c0``, ``c1``, … of a pure start. Not listed, but known, are
    aliases and all other values of options.
    """

    def __init__(self, solution: ClosedForm) -> None:
        self._solution = solution

    @cached_property
    def indexed(self) -> dict[str, Expr]:
        """The populations, and the amplitudes of a pure start, by name."""
        solution = self._solution
        every = {f"p{k}": p for k, p in solution.populations.items()}
        if solution.is_pure:
            every |= {f"c{k}": amplitude for k, amplitude in solution.amplitudes.items()}
        return every

    def _level(self, name: str) -> Expr | None:
        """A population or an amplitude; levels are derived for what may be the name of one."""
        return self.indexed.get(name) if _LEVEL.fullmatch(name) else None

    @property
    def observables(self) -> tuple[str, ...]:
        """The rows of the table, by their names and aliases."""
        return tuple(rows_by_name())

    @cached_property
    def _means(self) -> Means:
        return Means(ClosedLevels(self._solution))

    @property
    def requests(self) -> dict[str, Request]:
        """The rows that the solution has, with each of the words that their options may be."""
        found = {}
        for row in OBSERVABLES.values():
            words = ({o.name: word} for o in row.options for word in o.choices)
            for given in ({}, *words):
                request = self._requested(row, given)
                if request.name not in found and request.is_derived:
                    found[request.name] = request
        return found

    def _requested(self, row: Observable, given: Mapping[str, Any]) -> Request:
        cells = self._solution.model.number_of_cells
        if cells is None:
            cells = Battery(self._solution).cells
        most = None if checks.is_symbolic(cells) else int(cells)
        return Request(row, checked(row.name, row.options, given, most), self._means)

    def knows(self, name: object) -> bool:
        """A row has that name, whatever stands behind it in brackets, or a level."""
        if not isinstance(name, str):
            return False
        return self._level(name) is not None or name.partition("(")[0].strip() in rows_by_name()

    def refuse(self, name: Any, more: Iterable[str] = (), argument: str = "name") -> NoReturn:
        """The error of a name that no quantity has.

        Raises
        ------
        InvalidArgument
        """
        every = dict.fromkeys((*rows_by_name(), *more, *self.indexed))
        raise checks.invalid(argument, f"be one of {', '.join(map(repr, every))}", name)

    def request(self, name: str) -> Request | None:
        """The row of a name; None for a population or an amplitude.

        Raises
        ------
        InvalidArgument
            The solution has nothing of that name, or an option is none or has a wrong value.
        """
        return self.asked(name, {})[0]

    def asked(self, name: str, given: Mapping[str, Any]) -> tuple[Request | None, dict[str, Any]]:
        """The row of a name and of options by keyword, and the keywords that are no options.

        Raises
        ------
        InvalidArgument
            As for `request`, or an option is given twice.
        """
        if not self.knows(name):
            self.refuse(name)
        if self._level(name) is not None:
            return None, dict(given)
        stem, options = separated(name)
        row = rows_by_name()[stem]
        known = {option.name for option in row.options}
        for option in known & given.keys() & options.keys():
            raise InvalidArgument(f"`{option}` must be given once, but is given twice")
        every = {**options, **{o: v for o, v in given.items() if o in known}}
        return self._requested(row, every), {o: v for o, v in given.items() if o not in known}

    def only(self, name: str, given: Mapping[str, Any]) -> Request | None:
        """The row of a name and of options by keyword, which must all be its own.

        Raises
        ------
        InvalidArgument
            As for `asked`, or a keyword is no option of the row.
        """
        request, rest = self.asked(name, given)
        if rest:
            checked(name, () if request is None else request.row.options, rest)
        return request

    def __getitem__(self, name: str) -> Expr:
        if (level := self._level(name)) is not None:
            return level
        request = self.request(name)
        assert request is not None
        return request.expression

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        if self._level(name) is not None:
            return True
        try:
            request = self.request(name)
        except InvalidArgument:
            return False
        return request is not None and request.is_derived

    def __iter__(self) -> Iterator[str]:
        return iter((*self.requests, *self.indexed))

    def __len__(self) -> int:
        return len(self.requests) + len(self.indexed)


class RowMethod:
    """A row with options as a method of a solution: its expression for values of the options."""

    def __init__(self, solution: ClosedForm, row: Observable) -> None:
        self._solution, self._row = solution, row
        options = ", ".join(f"{o.name}={o.default!r}" for o in row.options)
        self.__doc__ = f"{row.title}, {row.unit} ({options}). Source: {row.reference}."

    def __repr__(self) -> str:
        return f"{self._row.name}({', '.join(option.name for option in self._row.options)})"

    def __call__(self, *values: Any, **given: Any) -> Expr:
        """The expression in the definitions of the solution.

        Raises
        ------
        InvalidArgument
            An unknown option, a value that it cannot have, one that is given twice, or a quantity
            that is not exact for this start.
        UnsolvedError
            There is no closed form for this start.
        """
        options = self._row.options
        if len(values) > len(options):
            most = f"have at most {len(options)} options"
            raise InvalidArgument(f"`{self._row.name}` must {most}, but has {len(values)}")
        for option, value in zip(options, values, strict=False):
            if option.name in given:
                raise InvalidArgument(f"`{option.name}` must be given once, but is given twice")
            given[option.name] = value
        request = Quantities(self._solution).only(self._row.name, given)
        assert request is not None
        return request.expression


def named(solution: ClosedForm, name: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The canonical name of a quantity, and what of the keywords is none of its options.

    Raises
    ------
    InvalidArgument
        An unknown name or option, or a value that an option cannot have.
    """
    request, rest = Quantities(solution).asked(name, given)
    return (name if request is None else request.name), rest


def quantities(solution: ClosedForm) -> Quantities:
    """Every function of time that ``solution`` has, by name."""
    return Quantities(solution)
