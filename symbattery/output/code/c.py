"""C99."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from sympy import Abs, Expr, Symbol, binomial

from symbattery.output.code.expressions import Writer
from symbattery.output.code.identifiers import words
from symbattery.output.code.language import Language
from symbattery.output.code.lines import BREAK
from symbattery.output.code.program import RootCall

__all__ = ["C"]

_RESERVED = words("""
auto break case char const continue default do double else enum extern float for goto if inline int
long register restrict return short signed sizeof static struct switch typedef union unsigned void
volatile while main printf fabs sqrt pow sin cos tan acos asin atan exp log floor ceil fmin fmax
tanh gamma lgamma tgamma y0 y1 yn j0 j1 jn erf hypot round trunc remainder complex I creal cimag
cexp signgam div abs
""")

_BINOMIAL = """\
static double binomial(double n, double k)
{
    double value = 1.0;
    if (k > n - k) {
        k = n - k;
    }
    for (double i = 1.0; i <= k; i += 1.0) {
        value *= (n - k + i)/i;
    }
    return value;
}
"""

_ROOT = """\
/* The index-th smallest root (from 0) of a polynomial with real simple roots only, highest power
   first. The signs of the coefficients shifted by x count the roots above x (Budan, Fourier). */
static double ordered_root(const double *coefficients, int degree, int index)
{
    double bound = 0.0;
    for (int i = 1; i <= degree; i++) {
        bound = fmax(bound, fabs(coefficients[i]/coefficients[0]));
    }
    double lower = -1.0 - bound, upper = 1.0 + bound;
    for (int step = 0; step < 400; step++) {
        const double middle = 0.5*(lower + upper);
        if (middle <= lower || middle >= upper) {
            break;
        }
        double shifted[degree + 1];
        for (int i = 0; i <= degree; i++) {
            shifted[i] = coefficients[i];
        }
        for (int last = degree; last > 0; last--) {
            for (int i = 1; i <= last; i++) {
                shifted[i] += middle*shifted[i - 1];
            }
        }
        int above = 0;
        double sign = shifted[0];
        for (int i = 1; i <= degree; i++) {
            if (shifted[i]*sign < 0.0) {
                above++;
            }
            if (shifted[i] != 0.0) {
                sign = shifted[i] < 0.0 ? -1.0 : 1.0;
            }
        }
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
    functions: ClassVar[Mapping[type, str]] = {**Writer.functions, Abs: "fabs"}

    def raised(self, base: Expr, exponent: Expr) -> str:
        if isinstance(base, Symbol) and exponent in (2, 3):
            # A product of names is shorter and faster than a power; it needs brackets as one.
            return "(" + "*".join([self.names[base]] * int(exponent)) + ")"
        return self.call("pow", self(base), self(exponent))

    def extreme(self, which: str, arguments: Sequence[str]) -> str:
        text = arguments[0]
        for argument in arguments[1:]:
            text = self.call(f"f{which}", text, argument)
        return text

    def root(self, coefficients: Sequence[str], index: int) -> str:
        row = f", {BREAK}".join(coefficients)
        return f"ordered_root((const double[]){{{row}}}, {BREAK}{len(coefficients) - 1}, {index})"


class C(Language):
    """One function, and a main program behind ``SYMBATTERY_SELF_CHECK``."""

    suffix = ".c"
    reserved = _RESERVED
    writer: ClassVar[type[Writer]] = _Writer

    def assign(self, name: str, value: str) -> str:
        return f"const double {name} = {BREAK}{value};"

    def increase(self, name: str, value: str) -> str:
        return f"{name} += {BREAK}{value};"

    def loop(self, index: str, first: str, last: str) -> tuple[list[str], str]:
        plain = (text.replace(BREAK, "") for text in (first, last))
        first, last = plain
        return [f"for (double {index} = {first}; {index} <= {last}; {index} += 1.0) {{"], "}"

    def when(self, condition: str) -> tuple[str, str]:
        return f"if ({condition.replace(BREAK, '')}) {{", "}"

    def remark(self, text: str) -> str:
        return f"  /* {text} */"

    def _returned(self) -> list[str]:
        parts = self.results()
        if self.program.is_complex:
            real, imaginary = parts
            return self.lines(f"return ({real}) + {BREAK}({imaginary})*I;", 1)
        if self.program.divided_by_time:
            time = self.names[self._time]
            rows = self.lines(f"const double stored = {BREAK}{parts[0]};", 1)
            return [*rows, f"    return {time} == 0.0 ? 0.0 : stored/{time};"]
        return self.lines(f"return {parts[0]};", 1)

    @property
    def _time(self) -> Symbol:
        return next(iter(self.names))

    def file(self) -> str:
        kind = "double complex" if self.program.is_complex else "double"
        body = self.block(self.program.body, 1)
        if self.program.has_sum:
            body.insert(0, "    double total = 0.0;")
        body += self._returned()
        helpers = []
        if binomial in self.text.helpers:
            helpers.append(_BINOMIAL)
        if RootCall in self.text.helpers:
            helpers.append(_ROOT)
        arguments = ", ".join(f"double {name}" for name in self.arguments)
        rows = [
            "/*",
            *(f" * {line}".rstrip() for line in self.unit.documentation),
            " *",
            " * Self-check: cc -std=c99 -DSYMBATTERY_SELF_CHECK FILE -lm, and run it.",
            " */",
            *(["#include <complex.h>"] if self.program.is_complex else []),
            "#include <math.h>",
            "",
            *helpers,
            f"{kind} {self.name}({arguments});",
            "",
            f"{kind} {self.name}({arguments})",
            "{",
            *body,
            "}",
            "",
            *self._check(),
        ]
        return "\n".join(rows) + "\n"

    def _check(self) -> list[str]:
        count = len(self.arguments)
        given = ", ".join(f"row[{i}]" for i in range(count))
        expected = f"row[{count}]" + (f" - row[{count + 1}]*I" if self.program.is_complex else "")
        size = "cabs" if self.program.is_complex else "fabs"
        rows = self.rows()
        return [
            "#ifdef SYMBATTERY_SELF_CHECK",
            "#include <stdio.h>",
            "",
            "/* Arguments and values; the values were computed at 50 digits. */",
            "int main(void)",
            "{",
            f"    static const double table[][{len(rows[0])}] = {{",
            *(line for row in rows for line in self.lines(f"{{{f', {BREAK}'.join(row)}}},", 2)),
            "    };",
            "    int failed = 0;",
            f"    for (int i = 0; i < {len(rows)}; i++) {{",
            "        const double *row = table[i];",
            f"        if (!({size}({self.name}({given}) - {expected}) <= {self.tolerance})) {{",
            "            failed++;",
            "        }",
            "    }",
            f'    printf("{self.name}: %d of {len(rows)} values differ\\n", failed);',
            "    return failed != 0;",
            "}",
            "#endif",
        ]
