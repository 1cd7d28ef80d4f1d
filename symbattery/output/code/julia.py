"""Julia."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from sympy import binomial

from symbattery.output.code.expressions import Writer
from symbattery.output.code.identifiers import words
from symbattery.output.code.language import Language
from symbattery.output.code.lines import BREAK
from symbattery.output.code.program import RootCall

__all__ = ["Julia"]

_RESERVED = words("""
baremodule begin break catch const continue do else elseif end export false finally for function
global if import let local macro module quote return struct true try using while abstract mutable
primitive type where in isa outer sin cos tan acos exp log sqrt abs min max floor pi im float zero
complex iszero binomial clamp value tanh
""")

_BINOMIAL = """\
function _binomial(n, k)
    value = 1.0
    k = min(k, n - k)
    for i in 1.0:k
        value *= (n - k + i)/i
    end
    return value
end
"""

_ROOT = """\
# The index-th smallest root (from 0) of a polynomial with real simple roots only, highest power
# first. The signs of the coefficients shifted by x count the roots above x (Budan, Fourier).
function _ordered_root(coefficients, index)
    degree = length(coefficients) - 1
    upper = 1 + maximum(abs.(coefficients/coefficients[1]))
    lower = -upper
    for _ in 1:400
        middle = (lower + upper)/2
        lower < middle < upper || break
        shifted = copy(coefficients)
        for last in degree:-1:1, i in 1:last
            shifted[i + 1] += middle*shifted[i]
        end
        signs = sign.(filter(!iszero, shifted))
        above = count(i -> signs[i] != signs[i + 1], 1:length(signs) - 1)
        if degree - above > index
            upper = middle
        else
            lower = middle
        end
    end
    return (lower + upper)/2
end
"""


class _Writer(Writer):
    functions: ClassVar[Mapping[type, str]] = {**Writer.functions, binomial: "_binomial"}
    power = "^"
    pi = "pi"

    def whole(self, number: int) -> str:
        return str(number)

    def call(self, function: str, *arguments: str) -> str:
        helper = "_ordered_root" if function == "ordered_root" else function
        return super().call(helper, *arguments)

    def arc_cosine(self, cosine: str) -> str:
        return self.call("acos", self.call("clamp", cosine, "-1", "1"))


class Julia(Language):
    """One function for broadcasting, and its self-check."""

    suffix = ".jl"
    reserved = _RESERVED
    writer: ClassVar[type[Writer]] = _Writer

    def assign(self, name: str, value: str) -> str:
        return f"{name} = {BREAK}{value}"

    def increase(self, name: str, value: str) -> str:
        return f"{name} += {BREAK}{value}"

    def loop(self, index: str, first: str, last: str) -> tuple[list[str], str]:
        first, last = (text.replace(BREAK, "") for text in (first, last))
        return [f"for {index} in float({first}):({last})"], "end"

    def when(self, condition: str) -> tuple[str, str]:
        return f"if {condition.replace(BREAK, '')}", "end"

    def remark(self, text: str) -> str:
        return f"  # {text}"

    def file(self) -> str:
        names = ", ".join(self.arguments)
        floats = ", ".join(f"float({name})" for name in self.arguments)
        # Whole numbers would overflow in products.
        body = [f"    {names} = {floats}", *self.block(self.program.body, 1)]
        if self.program.has_sum:
            body.insert(0, "    total = 0.0")
        parts = self.results()
        if self.program.is_complex:
            body += self.lines(f"return complex({parts[0]}, {BREAK}{parts[1]})", 1)
        elif self.program.divided_by_time:
            time = self.arguments[0]
            body += self.lines(f"stored = {BREAK}{parts[0]}", 1)
            body.append(f"    return iszero({time}) ? zero(stored) : stored/{time}")
        else:
            body += self.lines(f"return {parts[0]}", 1)
        helpers = [_BINOMIAL] if binomial in self.text.helpers else []
        helpers += [_ROOT] if RootCall in self.text.helpers else []
        typed = ", ".join(f"{name}::Real" for name in self.arguments)
        rows = [
            '"""',
            *self.unit.documentation,
            "",
            f"For many times: {self.name}.(times, ...). Self-check: {self.name}_self_check().",
            "Not run when it was generated.",
            '"""',
            f"function {self.name}({typed})",
            *body,
            "end",
            "",
            *helpers,
            *self._check(),
        ]
        return "\n".join(rows) + "\n"

    def _check(self) -> list[str]:
        count = len(self.arguments)
        expected = f"row[{count + 1}]"
        if self.program.is_complex:
            expected = f"complex(row[{count + 1}], row[{count + 2}])"
        return [
            "# Compare with values computed at 50 digits.",
            f"function {self.name}_self_check()",
            "    table = [",
            *(
                line
                for row in self.rows()
                for line in self.lines(f"({f', {BREAK}'.join(row)}),", 2)
            ),
            "    ]",
            "    for row in table",
            f"        value = {self.name}(row[1:{count}]...)",
            f"        @assert abs(value - {expected}) <= {self.tolerance}",
            "    end",
            "    return true",
            "end",
        ]
