"""Octave and MATLAB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from sympy import binomial

from symbattery.output.code.expressions import Writer
from symbattery.output.code.identifiers import words
from symbattery.output.code.language import Language
from symbattery.output.code.lines import BREAK
from symbattery.output.code.program import RootCall

__all__ = ["Octave"]

_RESERVED = words("""
break case catch classdef continue do else elseif end end_try_catch end_unwind_protect endfor
endfunction endif endswitch endwhile enumeration events for function global if methods otherwise
parfor persistent properties return spmd switch try until unwind_protect while sin cos tan acos exp
log sqrt abs min max floor pi i j e eps inf nan gamma beta zeros size complex value nargin tanh sign
""")

_BINOMIAL = """\

function value = binomial(n, k)
    value = 1;
    k = min(k, n - k);
    for i = 1:k
        value = value*(n - k + i)/i;
    end
end
"""

_ROOT = """\

% The index-th smallest root (from 0) of a polynomial with real simple roots only, highest power
% first. The signs of the coefficients shifted by x count the roots above x (Budan, Fourier).
function value = ordered_root(coefficients, index)
    degree = numel(coefficients) - 1;
    upper = 1 + max(abs(coefficients/coefficients(1)));
    lower = -upper;
    for step = 1:400
        value = 0.5*(lower + upper);
        if value <= lower || value >= upper
            break
        end
        shifted = coefficients;
        for last = degree:-1:1
            for k = 1:last
                shifted(k + 1) = shifted(k + 1) + value*shifted(k);
            end
        end
        signs = sign(shifted(shifted ~= 0));
        above = sum(diff(signs) ~= 0);
        if degree - above > index
            upper = value;
        else
            lower = value;
        end
    end
end
"""


class _Writer(Writer):
    times, over, power = ".*", "./", ".^"
    pi = "pi"

    def whole(self, number: int) -> str:
        return str(number)

    def extreme(self, which: str, arguments: Sequence[str]) -> str:
        text = arguments[0]
        for argument in arguments[1:]:
            text = self.call(which, text, argument)
        return text


class Octave(Language):
    """A function file, vectorised over times, with a test block."""

    suffix = ".m"
    reserved = _RESERVED
    writer: ClassVar[type[Writer]] = _Writer
    continued = " ..."

    def assign(self, name: str, value: str) -> str:
        return f"{name} = {BREAK}{value};"

    def increase(self, name: str, value: str) -> str:
        return f"{name} = {name} + {BREAK}{value};"

    def loop(self, index: str, first: str, last: str) -> tuple[list[str], str]:
        first, last = (text.replace(BREAK, "") for text in (first, last))
        return [f"for {index} = ({first}):({last})"], "end"

    def when(self, condition: str) -> tuple[str, str]:
        return f"if {condition.replace(BREAK, '')}", "end"

    def remark(self, text: str) -> str:
        return f"  % {text}"

    def file(self) -> str:
        body = self.block(self.program.body, 1)
        if self.program.has_sum:
            body.insert(0, "    total = 0;")
        parts = self.results()
        if self.program.is_complex:
            body += self.lines(f"value = complex({parts[0]}, {BREAK}{parts[1]});", 1)
        else:
            body += self.lines(f"value = {BREAK}{parts[0]};", 1)
        if self.program.divided_by_time:
            time = self.arguments[0]
            body += [f"    value = value./{time};", f"    value({time} == 0) = 0;"]
        helpers = [_BINOMIAL] if binomial in self.text.helpers else []
        helpers += [_ROOT] if RootCall in self.text.helpers else []
        *documented, last = self.unit.documentation
        rows = [
            f"function value = {self.name}({', '.join(self.arguments)})",
            *(f"% {line}".rstrip() for line in (*documented, last)),
            "%",
            "% Vectorised over t. Save as FILE and check with: test FILE".replace(
                "FILE", f"{self.name}.m"
            ),
            *body,
            "end",
            *(line for helper in helpers for line in helper.splitlines()),
            "",
            "% Compared with values computed at 50 digits.",
            "%!test",
            *self._check(),
        ]
        return "\n".join(rows) + "\n"

    def _check(self) -> list[str]:
        count = len(self.arguments)
        rows = []
        for row in self.rows():
            given, value = ", ".join(row[:count]), row[count]
            if self.program.is_complex:
                value = f"complex({row[count]}, {row[count + 1]})"
            rows.append(f"%! assert({self.name}({given}), {value}, {self.tolerance});")
        return rows
