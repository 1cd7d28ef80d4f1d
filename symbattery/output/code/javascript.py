"""JavaScript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from sympy import Abs, asin, binomial, cos, exp, floor, log, sin, tan, tanh

from symbattery.output.code.expressions import Writer
from symbattery.output.code.identifiers import words
from symbattery.output.code.language import Language
from symbattery.output.code.lines import BREAK
from symbattery.output.code.program import RootCall

__all__ = ["JavaScript"]

_RESERVED = words("""
break case catch class const continue debugger default delete do else enum export extends false
finally for function if implements import in instanceof interface let new null package private
protected public return static super switch this throw true try typeof var void while with yield
await async eval arguments undefined NaN Infinity Math module console selfCheck of
""")

_BINOMIAL = """\
function binomial(n, k) {
    let value = 1;
    k = Math.min(k, n - k);
    for (let i = 1; i <= k; i++) {
        value *= (n - k + i)/i;
    }
    return value;
}
"""

_ROOT = """\
// The index-th smallest root (from 0) of a polynomial with real simple roots only, highest power
// first. The signs of the coefficients shifted by x count the roots above x (Budan, Fourier).
function ordered_root(coefficients, index) {
    const degree = coefficients.length - 1;
    const bound = 1 + Math.max(...coefficients.map(a => Math.abs(a/coefficients[0])));
    let lower = -bound, upper = bound;
    for (let step = 0; step < 400; step++) {
        const middle = 0.5*(lower + upper);
        if (middle <= lower || middle >= upper) {
            break;
        }
        const shifted = coefficients.slice();
        for (let last = degree; last > 0; last--) {
            for (let i = 1; i <= last; i++) {
                shifted[i] += middle*shifted[i - 1];
            }
        }
        const signs = shifted.filter(a => a !== 0).map(Math.sign);
        const above = signs.filter((sign, i) => i > 0 && sign !== signs[i - 1]).length;
        if (degree - above > index) {
            upper = middle;
        } else {
            lower = middle;
        }
    }
    return 0.5*(lower + upper);
}
"""


class _Writer(Writer):
    functions: ClassVar[Mapping[type, str]] = {
        sin: "Math.sin", cos: "Math.cos", tan: "Math.tan", exp: "Math.exp", log: "Math.log",
        tanh: "Math.tanh", asin: "Math.asin", Abs: "Math.abs", floor: "Math.floor",
        binomial: "binomial",
    }  # fmt: skip
    square_root = "Math.sqrt"
    pi = "Math.PI"

    def whole(self, number: int) -> str:
        return str(number)

    def arc_cosine(self, cosine: str) -> str:
        return self.call(
            "Math.acos", self.extreme("min", ["1", self.extreme("max", ["-1", cosine])])
        )

    def extreme(self, which: str, arguments: Sequence[str]) -> str:
        return self.call(f"Math.{which}", *arguments)


class JavaScript(Language):
    """A script, or a CommonJS module, with one function and ``selfCheck``."""

    suffix = ".js"
    reserved = _RESERVED
    writer: ClassVar[type[Writer]] = _Writer

    def assign(self, name: str, value: str) -> str:
        return f"const {name} = {BREAK}{value};"

    def increase(self, name: str, value: str) -> str:
        return f"{name} += {BREAK}{value};"

    def loop(self, index: str, first: str, last: str) -> tuple[list[str], str]:
        first, last = (text.replace(BREAK, "") for text in (first, last))
        return [f"for (let {index} = {first}; {index} <= {last}; {index}++) {{"], "}"

    def when(self, condition: str) -> tuple[str, str]:
        return f"if ({condition.replace(BREAK, '')}) {{", "}"

    def remark(self, text: str) -> str:
        return f"  // {text}"

    def file(self) -> str:
        body = self.block(self.program.body, 1)
        if self.program.has_sum:
            body.insert(0, "    let total = 0;")
        parts = self.results()
        if self.program.is_complex:
            body += self.lines(f"return {{re: {parts[0]}, {BREAK}im: {parts[1]}}};", 1)
        elif self.program.divided_by_time:
            time = self.arguments[0]
            body += self.lines(f"const stored = {BREAK}{parts[0]};", 1)
            body.append(f"    return {time} === 0 ? 0 : stored/{time};")
        else:
            body += self.lines(f"return {parts[0]};", 1)
        helpers = [_BINOMIAL] if binomial in self.text.helpers else []
        helpers += [_ROOT] if RootCall in self.text.helpers else []
        value = "an object {re, im}" if self.program.is_complex else "a number"
        rows = [
            "/**",
            *(f" * {line}".rstrip() for line in self.unit.documentation),
            " *",
            f" * Returns {value}. selfCheck() throws an error where a value does not agree.",
            " */",
            f"function {self.name}({', '.join(self.arguments)}) {{",
            *body,
            "}",
            "",
            *helpers,
            *self._check(),
            "",
            'if (typeof module !== "undefined") {',
            f"    module.exports = {{{self.name}, selfCheck}};",
            "}",
        ]
        return "\n".join(rows) + "\n"

    def _check(self) -> list[str]:
        count = len(self.arguments)
        error = f"Math.abs(value - row[{count}])"
        if self.program.is_complex:
            error = f"Math.hypot(value.re - row[{count}], value.im - row[{count + 1}])"
        return [
            "// Compare with values computed at 50 digits.",
            "function selfCheck() {",
            "    const table = [",
            *(
                line
                for row in self.rows()
                for line in self.lines(f"[{f', {BREAK}'.join(row)}],", 2)
            ),
            "    ];",
            "    for (const row of table) {",
            f"        const value = {self.name}(...row.slice(0, {count}));",
            f"        if (!({error} <= {self.tolerance})) {{",
            f'            throw new Error("{self.name} differs at " + row.slice(0, {count}));',
            "        }",
            "    }",
            "    return true;",
            "}",
        ]
