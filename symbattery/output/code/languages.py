"""The table of languages, and how a program is written in one of them."""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from symbattery.model.symbols import t
from symbattery.output.code.documentation import Samples
from symbattery.output.code.printers import (
    CPrinter,
    FormulaPrinter,
    FortranPrinter,
    JavaScriptPrinter,
    JuliaPrinter,
    OctavePrinter,
    PythonPrinter,
    WolframPrinter,
)
from symbattery.output.code.program import Program
from symbattery.output.code.statements import Increase, Loop, Statement, When, Zero
from symbattery.output.code.text import camel, identifier, identifiers, wrapped

__all__ = ["LANGUAGES", "Language", "Writer"]

# A constant is explained by its formula up to this length.
_REMARK = 60
# What templates call their own.
_OWN = frozenset(("ordered_root", "binomial", "self_check", "stored"))


@dataclass(frozen=True)
class Language:
    """A language: one row of the table.

    Attributes
    ----------
    name : str
    printer : type of FormulaPrinter
        Of its expressions.
    remark : str
        A comment that ends a line, ``{}`` standing for its text; none where it is empty.
    reserved : str
        Words that are no identifiers, apart from those of the template.
    folded, camel_case : bool
        Whether case makes no difference, and whether underscores are not allowed.
    continued : str
        The end of a line that goes on.
    bracketed : bool
        Whether a statement goes on only where it stands in brackets.
    template : str
        Text for Jinja with the macros ``zero``, ``assign``, ``increase``, ``loop``, ``when`` (how
        a statement is written, or begins), ``pair`` (a complex number) and ``file``, and ``ends``
        (of loops and conditions); left out, that of the file with the name of the language.
    """

    name: str
    printer: type[FormulaPrinter]
    remark: str
    reserved: str = ""
    folded: bool = False
    camel_case: bool = False
    continued: str = ""
    bracketed: bool = False
    template: str = ""

    def text(self) -> str:
        """The template."""
        file = files(__package__) / "templates" / f"{self.name}.jinja"
        return self.template or file.read_text(encoding="utf-8")


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
        self._names = identifiers(
            wanted,
            {*language.reserved.split(), *_OWN, self.name},
            folded=language.folded,
            camel_case=language.camel_case,
        )
        self.arguments = [self._names[s] for s in (t, *program.arguments.values())]
        self.text = language.printer(self._names)

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
        program = self._program
        body, parts = self.block(program.body), [self.text(part) for part in program.result]
        context = {
            "name": self.name,
            "arguments": self.arguments,
            "time": self.arguments[0],
            "locals": [self._names[s] for s in (*program.indices, *program.locals)],
            "indices": [self._names[s] for s in program.indices],
            "body": body,
            "value": self._macros.pair(*parts) if program.is_complex else parts[0],
            "complex": program.is_complex,
            "divided": program.divided_by_time,
            "helpers": self.text.helpers,
            "documentation": documentation,
            "checks": [self._check(row) for row in self.rows(samples)],
            "tolerance": f"{samples.tolerance:.1e}",
        }
        return "\n".join(self.lines(self._macros.file(context).rstrip("\n"))) + "\n"

    def _check(self, row: list[str]) -> dict[str, Any]:
        given, value = row[: len(self.arguments)], row[len(self.arguments) :]
        expected = self._macros.pair(*value) if len(value) > 1 else value[0]
        return {"given": given, "value": expected, "numbers": row}


@cache
def _macros(template: str) -> Any:
    # Jinja is imported where source code is written: it is a tenth of the start of the package.
    from jinja2 import Environment, StrictUndefined

    environment = Environment(trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    return environment.from_string(template).module


LANGUAGES: dict[str, Language] = {
    row.name: row
    for row in (
        Language(
            "c", CPrinter, "/* {} */", """
            auto break case char const continue default do double else enum extern float for goto
            if inline int long register restrict return short signed sizeof static struct switch
            typedef union unsigned void volatile while main printf fabs sqrt pow sin cos tan acos
            asin atan exp log floor ceil fmin fmax tanh gamma lgamma tgamma y0 y1 yn j0 j1 jn erf
            hypot round trunc remainder complex I creal cimag cexp signgam div abs copysign
            """,
        ),
        Language(
            "fortran", FortranPrinter, "! {}", """
            sin cos tan acos asin atan exp log sqrt abs min max floor aint nint real int cmplx tanh
            gamma sum index size dp value program module function subroutine end if then else do
            call return result pure elemental use only implicit none integer logical parameter stop
            contains private public allocatable dimension intent in out inout type class kind write
            read print where case select exit cycle counter merge mod sign dble char len passed
            table difference row
            """, folded=True, continued=" &",
        ),
        Language(
            "julia", JuliaPrinter, "# {}", """
            baremodule begin break catch const continue do else elseif end export false finally for
            function global if import let local macro module quote return struct true try using
            while abstract mutable primitive type where in isa outer sin cos tan acos exp log sqrt
            abs min max floor pi im float zero complex iszero binomial value tanh
            """,
        ),
        Language(
            "javascript", JavaScriptPrinter, "// {}", """
            break case catch class const continue debugger default delete do else enum export
            extends false finally for function if implements import in instanceof interface let new
            null package private protected public return static super switch this throw true try
            typeof var void while with yield await async eval arguments undefined NaN Infinity Math
            module console selfCheck of
            """,
        ),
        Language(
            "octave", OctavePrinter, "% {}", """
            break case catch classdef continue do else elseif end end_try_catch end_unwind_protect
            endfor endfunction endif endswitch endwhile enumeration events for function global if
            methods otherwise parfor persistent properties return spmd switch try until
            unwind_protect while sin cos tan acos exp log sqrt abs min max floor pi i j e eps inf
            nan gamma beta zeros size complex value nargin tanh sign
            """, continued=" ...",
        ),
        Language("wolfram", WolframPrinter, "", "selfCheck", camel_case=True),
        Language(
            "python", PythonPrinter, "# {}",
            f"math abs min max range int len sum list zip {' '.join(keyword.kwlist)}",
            bracketed=True,
        ),
    )
}  # fmt: skip
