"""From a program to a file of source code: what all languages do alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Expr, Symbol

from symbattery.model.symbols import t
from symbattery.output.code.expressions import Writer, is_plain
from symbattery.output.code.identifiers import identifier, identifiers
from symbattery.output.code.lines import broken
from symbattery.output.code.program import (
    TOTAL,
    Assign,
    Increase,
    Loop,
    Program,
    Statement,
    When,
)
from symbattery.output.code.samples import Samples

__all__ = ["Language", "Unit"]

# A constant is explained by its formula up to this length.
_REMARK = 60


@dataclass(frozen=True)
class Unit:
    """What goes into one file.

    Attributes
    ----------
    program : Program
    documentation : tuple of str
        Lines, fit for a comment.
    samples : Samples
        For the self-check.
    """

    program: Program
    documentation: tuple[str, ...]
    samples: Samples


class Language(ABC):
    """One language; an object writes one file."""

    suffix: ClassVar[str]
    reserved: ClassVar[Collection[str]] = ()
    folded: ClassVar[bool] = False
    camel_case: ClassVar[bool] = False
    writer: ClassVar[type[Writer]] = Writer
    continued: ClassVar[str] = ""
    indent: ClassVar[int] = 4

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.program = unit.program
        self.name = self.function_name(unit.program.name)
        wanted: dict[Symbol, str] = {t: "t"}
        wanted |= {symbol: name for name, symbol in self.program.arguments.items()}
        wanted |= {TOTAL: "total"}
        wanted |= {s: s.name for s in (*self.program.indices, *self.program.locals)}
        taken = {*self.reserved, self.name, "ordered_root", "binomial", "self_check", "stored"}
        self.names = identifiers(wanted, taken, folded=self.folded, camel_case=self.camel_case)
        self.text = self.writer(self.names)

    def function_name(self, name: str) -> str:
        return identifier(name)

    @property
    def arguments(self) -> list[str]:
        """The names of all arguments, the time first."""
        return [self.names[t], *(self.names[s] for s in self.program.arguments.values())]

    @abstractmethod
    def file(self) -> str:
        """The whole file."""

    # -- statements ---------------------------------------------------------------------------

    @abstractmethod
    def assign(self, name: str, value: str) -> str: ...

    @abstractmethod
    def increase(self, name: str, value: str) -> str: ...

    @abstractmethod
    def loop(self, index: str, first: str, last: str) -> tuple[list[str], str]:
        """How a loop begins, and how it ends."""

    @abstractmethod
    def when(self, condition: str) -> tuple[str, str]:
        """How a conditional block begins, and how it ends."""

    @abstractmethod
    def remark(self, text: str) -> str:
        """A comment at the end of a line."""

    def lines(self, statement: str, depth: int) -> list[str]:
        """One statement as lines."""
        return broken(statement, depth * self.indent, self.continued)

    def constant(self, statement: Assign) -> tuple[str, str]:
        """A constant's value, and what it is."""
        if statement.number is None:
            return self.text(statement.value), ""
        exact = str(statement.value)
        remark = "" if is_plain(statement.value) or len(exact) > _REMARK else self.remark(exact)
        return self.text.constant(statement.value, statement.number), remark

    def block(self, body: Iterable[Statement], depth: int) -> list[str]:
        """Statements as lines."""
        rows: list[str] = []
        for statement in body:
            if isinstance(statement, Assign):
                value, remark = self.constant(statement)
                made = self.lines(self.assign(self.names[statement.name], value), depth)
                rows += [*made[:-1], made[-1] + remark]
            elif isinstance(statement, Increase):
                name, value = self.names[statement.name], self.text(statement.value)
                rows += self.lines(self.increase(name, value), depth)
            elif isinstance(statement, Loop):
                begin, end = self.loop(
                    self.names[statement.index],
                    self.text(statement.first),
                    self.text(statement.last),
                )
                margin = " " * (depth * self.indent)
                inner = margin + " " * self.indent
                rows += [margin + begin[0], *(inner + row for row in begin[1:])]
                rows += [*self.block(statement.body, depth + 1), *([margin + end] if end else [])]
            else:
                rows += self._when(statement, depth)
        return rows

    def _when(self, statement: When, depth: int) -> list[str]:
        begin, end = self.when(self.text.condition(statement.condition))
        margin = " " * (depth * self.indent)
        inside = self.block(statement.body, depth + 1)
        return [margin + begin, *inside, *([margin + end] if end else [])]

    def results(self) -> list[str]:
        """The text of the value, or of its real and imaginary part."""
        return [self.text(part) for part in self.program.result]

    def rows(self) -> list[list[str]]:
        """Arguments and expected values of the self-check."""
        pairs = zip(self.unit.samples.points, self.unit.samples.values, strict=True)
        return [[*map(self.number, point), *map(self.number, value)] for point, value in pairs]

    def number(self, value: Any) -> str:
        """A number of the self-check."""
        if isinstance(value, Expr) and value.is_Integer:
            return self.text(value)
        return self.text.real(value)

    @property
    def tolerance(self) -> str:
        return f"{self.unit.samples.tolerance:.1e}"
