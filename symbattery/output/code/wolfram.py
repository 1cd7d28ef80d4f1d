"""Wolfram Language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from sympy import Abs, Expr, binomial, cos, exp, floor, log, sin, tan, tanh

from symbattery.output.code.expressions import Writer, digits
from symbattery.output.code.identifiers import camel, identifier
from symbattery.output.code.language import Language
from symbattery.output.code.lines import BREAK
from symbattery.output.code.program import with_calls

__all__ = ["Wolfram"]


class _Writer(Writer):
    functions: ClassVar[Mapping[type, str]] = {
        sin: "Sin", cos: "Cos", tan: "Tan", exp: "Exp", log: "Log", tanh: "Tanh", Abs: "Abs",
        floor: "Floor", binomial: "Binomial",
    }  # fmt: skip
    square_root = "Sqrt"
    brackets = "[]"
    power = "^"
    pi = "Pi"

    def whole(self, number: int) -> str:
        return str(number)

    def _whole(self, number: Expr) -> str:
        return str(number)

    def real(self, value: Expr) -> str:
        return digits(value).replace("e", "*^")

    def constant(self, value: Expr, number: Expr) -> str:
        # Exact constants stay exact, so that exact arguments give exact values.
        return self(with_calls(value))

    def arc_cosine(self, cosine: str) -> str:
        return self.call("ArcCos", cosine)

    def extreme(self, which: str, arguments: Sequence[str]) -> str:
        return self.call(which.capitalize(), *arguments)

    def root(self, coefficients: Sequence[str], index: int) -> str:
        # Real roots come first, in increasing order.
        degree = len(coefficients) - 1
        powers = ("", "*#", *(f"*#^{k}" for k in range(2, degree + 1)))
        terms = [f"({a}){powers[degree - k]}" for k, a in enumerate(coefficients)]
        return f"Root[{f' + {BREAK}'.join(terms)} &, {BREAK}{index + 1}]"


class Wolfram(Language):
    """One function of exact or approximate numbers, and its self-check."""

    suffix = ".wl"
    camel_case = True
    reserved = ("stored", "selfCheck")
    writer: ClassVar[type[Writer]] = _Writer

    def function_name(self, name: str) -> str:
        return camel(identifier(name))

    def assign(self, name: str, value: str) -> str:
        return f"{name} = {BREAK}{value};"

    def increase(self, name: str, value: str) -> str:
        return f"{name} += {BREAK}{value};"

    def loop(self, index: str, first: str, last: str) -> tuple[list[str], str]:
        first, last = (text.replace(BREAK, "") for text in (first, last))
        return ["Do["], f", {{{index}, {first}, {last}}}];"

    def when(self, condition: str) -> tuple[str, str]:
        return f"If[{condition.replace(BREAK, '')},", "];"

    def remark(self, text: str) -> str:
        # Constants are written exactly as they are.
        return ""

    def file(self) -> str:
        body = self.block(self.program.body, 1)
        if self.program.has_sum:
            body.insert(0, "    total = 0;")
        parts = self.results()
        names = [self.names[s] for s in self.program.locals]
        names += ["total"] if self.program.has_sum else []
        time = self.arguments[0]
        if self.program.is_complex:
            body += self.lines(f"({parts[0]}) + {BREAK}I*({parts[1]})", 1)
        elif self.program.divided_by_time:
            names.append("stored")
            body += self.lines(f"stored = {BREAK}{parts[0]};", 1)
            body.append(f"    If[{time} == 0, 0, stored/{time}]")
        else:
            body += self.lines(parts[0], 1)
        patterns = f", {BREAK}".join(f"{name}_?NumericQ" for name in self.arguments)
        rows = [
            "(*",
            *(f"  {line}".rstrip() for line in self.unit.documentation),
            "",
            f"  Self-check: {self.name}SelfCheck[] gives True. Not run when it was generated.",
            "*)",
            f'{self.name}::usage = "{self.name}[{", ".join(self.arguments)}]";',
            "",
            *self.lines(f"{self.name}[{patterns}] := {BREAK}Module[", 0),
            *self.lines(f"{{{f', {BREAK}'.join(names)}}},", 1),
            *body,
            "]",
            "",
            *self._check(),
        ]
        return "\n".join(rows) + "\n"

    def _check(self) -> list[str]:
        count, rows = len(self.arguments), self.rows()
        given = ", ".join(f"#[[{i}]]" for i in range(1, count + 1))
        expected = f"#[[{count + 1}]]"
        if self.program.is_complex:
            expected = f"(#[[{count + 1}]] + I*#[[{count + 2}]])"
        tolerance = self.tolerance.replace("e", "*^")
        return [
            "(* Compare with values computed at 50 digits. *)",
            f"{self.name}SelfCheck[] := With[{{table = {{",
            *(
                line
                for i, row in enumerate(rows)
                for line in self.lines(
                    f"{{{f', {BREAK}'.join(row)}}}{',' * (i + 1 < len(rows))}", 2
                )
            ),
            "    }},",
            f"    AllTrue[table, Abs[{self.name}[{given}] - {expected}] <= {tolerance} &]",
            "]",
        ]
