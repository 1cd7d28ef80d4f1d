"""Plain Python: nothing but ``math``."""

from __future__ import annotations

import keyword
from collections.abc import Collection, Mapping
from typing import ClassVar

from sympy import Abs, binomial, cos, exp, floor, log, sin, tan, tanh

from symbattery.output.code.expressions import Writer
from symbattery.output.code.identifiers import words
from symbattery.output.code.language import Language
from symbattery.output.code.lines import BREAK, WIDTH
from symbattery.output.code.program import RootCall

__all__ = ["Python"]

_ROOT = '''\
def ordered_root(coefficients, index):
    """The index-th smallest root (from 0) of a polynomial with real simple roots only.

    Coefficients from the highest power down. The signs of the coefficients shifted by x count
    the roots above x (Budan, Fourier).
    """
    degree = len(coefficients) - 1
    bound = 1.0 + max(abs(a / coefficients[0]) for a in coefficients)
    lower, upper = -bound, bound
    for _ in range(400):
        middle = 0.5 * (lower + upper)
        if not lower < middle < upper:
            break
        shifted = list(coefficients)
        for last in range(degree, 0, -1):
            for i in range(1, last + 1):
                shifted[i] += middle * shifted[i - 1]
        signs = [a > 0 for a in shifted if a != 0]
        above = sum(one != other for one, other in zip(signs, signs[1:]))
        if degree - above > index:
            upper = middle
        else:
            lower = middle
    return 0.5 * (lower + upper)


'''


class _Writer(Writer):
    functions: ClassVar[Mapping[type, str]] = {
        sin: "math.sin", cos: "math.cos", tan: "math.tan", exp: "math.exp", log: "math.log",
        tanh: "math.tanh", Abs: "abs", floor: "math.floor", binomial: "math.comb",
    }  # fmt: skip
    square_root = "math.sqrt"
    pi = "math.pi"
    both, either = "and", "or"

    def whole(self, number: int) -> str:
        return str(number)

    def arc_cosine(self, cosine: str) -> str:
        return self.call("math.acos", self.call("min", "1", self.call("max", "-1", cosine)))

    def call(self, function: str, *arguments: str) -> str:
        if function == "math.comb":
            arguments = tuple(f"int({a})" for a in arguments)
        return super().call(function, *arguments)


class Python(Language):
    """A module with one function; run as a script it checks itself."""

    suffix = ".py"
    reserved: ClassVar[Collection[str]] = words("math abs min max range int len sum list zip") | {
        *keyword.kwlist
    }
    writer: ClassVar[type[Writer]] = _Writer

    def lines(self, statement: str, depth: int) -> list[str]:
        margin = " " * (depth * self.indent)
        flat = margin + statement.replace(BREAK, "")
        head, _, value = statement.partition(BREAK)
        if len(flat) <= WIDTH or not head.endswith(("= ", "return ")):
            return super().lines(statement, depth)
        return [f"{margin}{head}(", *super().lines(value, depth + 1), f"{margin})"]

    def assign(self, name: str, value: str) -> str:
        return f"{name} = {BREAK}{value}"

    def increase(self, name: str, value: str) -> str:
        return f"{name} += {BREAK}{value}"

    def loop(self, index: str, first: str, last: str) -> tuple[list[str], str]:
        first, last = (text.replace(BREAK, "") for text in (first, last))
        return [f"for {index} in range({first}, math.floor({last}) + 1):"], ""

    def when(self, condition: str) -> tuple[str, str]:
        return f"if {condition.replace(BREAK, '')}:", ""

    def remark(self, text: str) -> str:
        return f"  # {text}"

    def file(self) -> str:
        body = self.block(self.program.body, 1)
        if self.program.has_sum:
            body.insert(0, "    total = 0.0")
        parts = self.results()
        if self.program.is_complex:
            body += self.lines(f"return {BREAK}complex({parts[0]}, {BREAK}{parts[1]})", 1)
        elif self.program.divided_by_time:
            body += self.lines(f"stored = {BREAK}{parts[0]}", 1)
            body.append("    return stored / t if t else 0.0")
        else:
            body += self.lines(f"return {BREAK}{parts[0]}", 1)
        rows = [
            '"""',
            *self.unit.documentation,
            '"""',
            "",
            "import math",
            "",
            "",
            *(_ROOT.splitlines() if RootCall in self.text.helpers else []),
            f"def {self.name}({', '.join(self.arguments)}):",
            f'    """{self.unit.documentation[0]} Documented above."""',
            *body,
            "",
            "",
            "def self_check():",
            '    """Compare with values computed at 50 digits."""',
            "    table = (",
            *(
                line
                for row in self.rows()
                for line in super(Python, self).lines(f"({f', {BREAK}'.join(self._row(row))}),", 2)
            ),
            "    )",
            "    for *arguments, expected in table:",
            f"        difference = abs({self.name}(*arguments) - expected)",
            f"        assert difference <= {self.tolerance}, arguments",
            "",
            "",
            'if __name__ == "__main__":',
            "    self_check()",
            f'    print("{self.name}: all {len(self.rows())} values agree")',
        ]
        return "\n".join(rows) + "\n"

    def _row(self, row: list[str]) -> list[str]:
        if self.program.is_complex:
            *given, real, imaginary = row
            return [*given, f"complex({real}, {imaginary})"]
        return row
