"""Files of source code: a program in a language, by its printer and its template."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Any

from symbattery.output.code.documentation import Samples
from symbattery.output.code.languages import Language
from symbattery.output.code.program import Program
from symbattery.output.code.statements import Increase, Loop, Statement, When, Zero
from symbattery.output.code.text import camel, identifier, identifiers, wrapped
from symbattery.symbols import t

__all__ = ["Writer"]

# A constant is explained by its formula up to this length.
_REMARK = 60
# What templates call their own.
_OWN = frozenset(("ordered_root", "binomial", "self_check"))


class Writer:
    """A program in one language.

    Attributes
    ----------
    name : str
        Of the function.
    arguments : list of str
        Their names, the time first.
    text : FormulaPrinter
        Gives the text of an expression or condition.
    """

    def __init__(self, language: Language, program: Program) -> None:
        self._language, self._program = language, program
        self._macros = _macros(language.text())
        self.name = identifier(program.name)
        self.name = camel(self.name) if language.camel_case else self.name
        wanted = {t: "t", **{symbol: name for name, symbol in program.arguments.items()}}
        wanted |= {s: s.name for s in (*program.indices, *program.locals)}
        self.text = language.printer({})
        functions = map(str, self.text.known_functions.values())
        taken = {
            *language.reserved.split(),
            *self.text.reserved_words,
            *functions,
            *_OWN,
            self.name,
        }
        self._names = self.text.names = identifiers(
            wanted, taken, folded=language.folded, camel_case=language.camel_case
        )
        self.arguments = [self._names[s] for s in (t, *program.arguments.values())]

    def lines(self, text: str, depth: int = 0) -> list[str]:
        """Code as lines of a fit length, ``depth`` levels further in."""
        row = self._language
        remark = row.remark.partition(" {}")[0]
        return [
            part
            for line in text.split("\n")
            for part in wrapped("    " * depth + line, remark, row.continued, row.bracketed)
        ]

    def block(self, body: Iterable[Statement]) -> str:
        """Statements, lines of any length."""
        return "\n".join(row for statement in body for row in self._statement(statement))

    def _statement(self, statement: Statement) -> list[str]:
        macros, text, names = self._macros, self.text, self._names
        if isinstance(statement, Loop):
            values = (names[statement.index], text(statement.first), text(statement.last))
            return self._nested("loop", macros.loop(*values), statement.body)
        if isinstance(statement, When):
            return self._nested("when", macros.when(text(statement.condition)), statement.body)
        name = names[statement.name]
        if isinstance(statement, Zero):
            return [macros.zero(name)]
        if isinstance(statement, Increase):
            return [macros.increase(name, text(statement.value))]
        if statement.number is None:
            return [macros.assign(name, text(statement.value))]
        value, exact = text.constant(statement.value, statement.number)
        said = str(exact) if exact is not None and len(str(exact)) <= _REMARK else ""
        return [macros.assign(name, value) + (said and "  " + self._language.remark.format(said))]

    def _nested(self, kind: str, begin: str, body: Iterable[Statement]) -> list[str]:
        inside = ["    " + line for line in self.block(body).split("\n")]
        end = self._macros.ends[kind]
        return [*begin.strip("\n").split("\n"), *inside, *([end] if end else [])]

    def rows(self, samples: Samples) -> list[list[str]]:
        """The numbers of each sample, those of the value last."""
        pairs = zip(samples.points, samples.values, strict=True)
        return [[self.text.number(x) for x in (*point, *value)] for point, value in pairs]

    def file(self, documentation: str, samples: Samples) -> str:
        """The whole file."""
        program, size = self._program, len(self.arguments)
        body, value = self.block(program.body), self._number([*map(self.text, program.result)])
        if program.divided_by_time:
            value = self._macros.quotient(value, self.arguments[0])
        body = f"{body}\n{self._macros.result(value)}".lstrip("\n")
        context = {
            "name": self.name,
            "arguments": self.arguments,
            "locals": [self._names[s] for s in (*program.indices, *program.locals)],
            "indices": [self._names[s] for s in program.indices],
            "body": body,
            "complex": program.is_complex,
            "helpers": self.text.helpers,
            "documentation": documentation,
            "checks": [
                {"given": row[:size], "value": self._number(row[size:]), "numbers": row}
                for row in self.rows(samples)
            ],
            "tolerance": f"{samples.tolerance:.1e}",
        }
        return "\n".join(self.lines(self._macros.file(context).rstrip("\n"))) + "\n"

    def _number(self, parts: list[str]) -> str:
        return str(self._macros.pair(*parts)) if len(parts) > 1 else parts[0]


@cache
def _macros(template: str) -> Any:
    # Jinja is imported where source code is written: it is a tenth of the start of the package.
    jinja = import_module("jinja2")
    undefined = jinja.StrictUndefined
    environment = jinja.Environment(trim_blocks=True, lstrip_blocks=True, undefined=undefined)
    return environment.from_string(template).module
