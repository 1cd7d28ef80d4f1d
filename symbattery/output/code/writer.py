"""Files of source code: a program in a language, by its printer and its template.

With identifiers that are free, comments that cannot end early, and lines of a fit length.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from itertools import chain, count
from typing import Any

from sympy import Symbol

from symbattery.output.code.documentation import Samples
from symbattery.output.code.languages import Language
from symbattery.output.code.program import Program
from symbattery.output.code.statements import Increase, Loop, Statement, When, Zero, live
from symbattery.symbols import t

__all__ = ["WIDTH", "Writer", "identifiers", "prose", "wrapped"]

WIDTH = 92
_LONGEST_NAME = 40
# After a comma, an operator that no other one follows, or the sign of an assignment.
_BREAK = re.compile(r"(?<=, )|(?<= [-+=] )|(?<=[^*]\*)(?![*^])|(?<=[\w.)\]]/)")
_STATEMENT = re.compile(r"(\s*)(\w+ \+?= |return )(.+)")
# A constant is explained by its formula up to this length.
_REMARK = 60
# What templates call their own.
_OWN = frozenset(("ordered_root", "eigenvectors", "binomial", "self_check"))


def _identifier(text: str) -> str:
    """``text`` as an identifier that every language takes."""
    word = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:_LONGEST_NAME].rstrip("_")
    return word if word[:1].isalpha() else f"v_{word}".rstrip("_")


def _camel(text: str) -> str:
    """An identifier without underscores, beginning in lower case; numbers stay apart."""
    head, *rest = text.split("_")
    word = head[:1].lower() + head[1:]
    for part in rest:
        word += f"x{part}" if part[:1].isdigit() and word[-1:].isdigit() else part.capitalize()
    return word


def identifiers(
    wanted: Mapping[Symbol, str],
    reserved: Collection[str],
    *,
    folded: bool = False,
    camel_case: bool = False,
) -> dict[Symbol, str]:
    """A distinct identifier for each symbol, none of them reserved.

    Those that come first are served first; ``folded`` and ``camel_case`` as of a :class:`Language`.
    """

    def key(word: str) -> str:
        return word.lower() if folded else word

    taken = {key(word) for word in reserved}
    names: dict[Symbol, str] = {}
    for symbol, text in wanted.items():
        word = _camel(_identifier(text)) if camel_case else _identifier(text)
        joint = "" if camel_case else "_"
        candidates = chain((word,), (f"{word}{joint}v{number}" for number in count(2)))
        names[symbol] = next(each for each in candidates if key(each) not in taken)
        taken.add(key(names[symbol]))
    return names


def wrapped(line: str, remark: str = "", continued: str = "", bracketed: bool = False) -> list[str]:
    """A line of code as lines of a fit length; texts and comments are never broken.

    ``remark`` begins a comment; ``continued`` and ``bracketed`` are as of a :class:`Language`.
    """
    line = line.rstrip()
    code, mark, comment = line.partition(f"  {remark} ") if remark else (line, "", "")
    if len(code) <= WIDTH or '"' in code or (remark and code.lstrip().startswith(remark)):
        return [line]
    statement = _STATEMENT.fullmatch(code) if bracketed else None
    if statement:
        margin, head, value = statement.groups()
        rows = [f"{margin}{head}(", *wrapped(f"{margin}    {value}"), f"{margin})"]
    else:
        rows = list(_broken(code, continued))
    return [*rows[:-1], rows[-1] + mark + comment]


def _broken(code: str, continued: str) -> Iterator[str]:
    margin = code[: len(code) - len(code.lstrip())]
    row = margin
    for part in _BREAK.split(code.lstrip()):
        if len(row + part.rstrip()) > WIDTH - len(continued) and row.strip():
            yield row.rstrip() + continued
            row = f"{margin}    "
        row += part
    yield row.rstrip()


def _plain(text: str) -> str:
    """``text`` for a comment of any language: ASCII, and nothing that could end the comment."""
    shown = text.replace("ħ", "hbar").encode("ascii", "replace").decode("ascii")
    shown = "".join(c if c.isprintable() else " " for c in shown)
    for mark in ("*/", "/*", "*)", "(*", "=#", "#=", '"""', "\\", "$", "??"):
        while mark in shown:
            shown = shown.replace(mark, " ".join(mark) if len(mark) > 1 else "|")
    return shown


def prose(paragraphs: Iterable[str]) -> str:
    """Paragraphs as lines for a comment; an indented one keeps its indent on every line."""
    lines: list[str] = []
    for paragraph in paragraphs:
        text = _plain(paragraph)
        indent = " " * (len(text) - len(text.lstrip()))
        further = indent + "  " * bool(indent)
        lines += textwrap.wrap(text.strip(), WIDTH - 8, initial_indent=indent,
                               subsequent_indent=further) or [""]  # fmt: skip
    return "\n".join(lines)


class Writer:
    """A program in one language: ``text`` prints expressions; ``arguments`` begin with the time."""

    def __init__(self, language: Language, program: Program) -> None:
        body = live(program.body, program.result, language.printer.exact)
        program = replace(program, body=body)
        self._language, self._program = language, program
        self._macros = _macros(language.text())
        self.name = _identifier(program.name)
        self.name = _camel(self.name) if language.camel_case else self.name
        wanted = {t: "t", **{symbol: name for name, symbol in program.arguments.items()}}
        wanted |= {s: s.name for s in (*program.indices, *program.locals)}
        self.text = language.printer({})
        functions = map(str, self.text.known_functions.values())
        words = {*language.reserved.split(), *self.text.reserved_words, *functions, *_OWN}
        if self.name in words:
            self.name += "_"
        self._names = self.text.names = identifiers(
            wanted, {*words, self.name}, folded=language.folded, camel_case=language.camel_case
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
            "name": self.name, "arguments": self.arguments, "body": body,
            "locals": [self._names[s] for s in (*program.indices, *program.locals)],
            "arrays": {self._names[s]: size for s, size in program.arrays.items()},
            "indices": [self._names[s] for s in program.indices],
            "complex": program.is_complex, "helpers": self.text.helpers,
            "documentation": documentation, "tolerance": f"{samples.tolerance:.1e}",
            "checks": [
                {"given": row[:size], "value": self._number(row[size:]), "numbers": row}
                for row in self.rows(samples)
            ],
        }  # fmt: skip
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
