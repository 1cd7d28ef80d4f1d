"""Fortran 2008."""

from __future__ import annotations

from typing import Any, ClassVar

from sympy import Expr, binomial

from symbattery.output.code.expressions import Writer, digits
from symbattery.output.code.identifiers import words
from symbattery.output.code.language import Language
from symbattery.output.code.lines import BREAK
from symbattery.output.code.program import RootCall

__all__ = ["Fortran"]

_RESERVED = words("""
sin cos tan acos asin atan exp log sqrt abs min max floor aint nint real int cmplx tanh gamma sum
index size dp value program module function subroutine end if then else do call return result pure
elemental use only implicit none integer logical parameter stop contains private public allocatable
dimension intent in out inout type class kind write read print where case select exit cycle counter
merge mod sign dble char len passed table difference row
""")

_BINOMIAL = """\

    pure function binomial(n, k) result(value)
        real(dp), intent(in) :: n, k
        real(dp) :: value
        integer :: i
        value = 1.0_dp
        do i = 1, nint(min(k, n - k))
            value = value*(n - min(k, n - k) + i)/i
        end do
    end function binomial
"""

_ROOT = """\

    ! The index-th smallest root (from 0) of a polynomial with real simple roots only, highest
    ! power first. The signs of the coefficients shifted by x count the roots above x (Budan,
    ! Fourier).
    pure function ordered_root(coefficients, index) result(value)
        real(dp), intent(in) :: coefficients(0:)
        integer, intent(in) :: index
        real(dp) :: value, lower, upper, last_sign
        real(dp) :: shifted(0:size(coefficients) - 1)
        integer :: degree, i, last, step, above
        degree = size(coefficients) - 1
        upper = 1.0_dp + maxval(abs(coefficients/coefficients(0)))
        lower = -upper
        value = 0.0_dp
        do step = 1, 400
            value = 0.5_dp*(lower + upper)
            if (value <= lower .or. value >= upper) exit
            shifted = coefficients
            do last = degree, 1, -1
                do i = 1, last
                    shifted(i) = shifted(i) + value*shifted(i - 1)
                end do
            end do
            above = 0
            last_sign = shifted(0)
            do i = 1, degree
                if (shifted(i)*last_sign < 0.0_dp) above = above + 1
                if (abs(shifted(i)) > 0.0_dp) last_sign = sign(1.0_dp, shifted(i))
            end do
            if (degree - above > index) then
                upper = value
            else
                lower = value
            end if
        end do
    end function ordered_root
"""


class _Writer(Writer):
    pi = "3.1415926535897931_dp"
    both, either = ".and.", ".or."

    def whole(self, number: int) -> str:
        return f"{number}.0_dp"

    def real(self, value: Expr) -> str:
        return f"{digits(value)}_dp"

    def raised(self, base: Expr, exponent: Expr) -> str:
        shown = str(exponent) if exponent.is_Integer else self._text(exponent, 2)
        return f"{self._text(base, 2)}**{shown}"

    def call(self, function: str, *arguments: str) -> str:
        return super().call("aint" if function == "floor" else function, *arguments)


class Fortran(Language):
    """A module with one elemental function and its self-check."""

    suffix = ".f90"
    folded = True
    reserved = _RESERVED
    writer: ClassVar[type[Writer]] = _Writer
    continued = " &"

    def assign(self, name: str, value: str) -> str:
        return f"{name} = {BREAK}{value}"

    def increase(self, name: str, value: str) -> str:
        return f"{name} = {name} + {BREAK}{value}"

    def loop(self, index: str, first: str, last: str) -> tuple[list[str], str]:
        first, last = (text.replace(BREAK, "") for text in (first, last))
        counter = f"i_{index}"
        begin = f"do {counter} = nint({first}), floor({last})"
        return [begin, f"{index} = real({counter}, dp)"], "end do"

    def when(self, condition: str) -> tuple[str, str]:
        return f"if ({condition.replace(BREAK, '')}) then", "end if"

    def remark(self, text: str) -> str:
        return f"  ! {text}"

    def number(self, value: Any) -> str:
        return f"{digits(value)}_dp"

    def file(self) -> str:
        text, kind = self.text, "complex(dp)" if self.program.is_complex else "real(dp)"
        body = self.block(self.program.body, 2)
        parts = self.results()
        if self.program.is_complex:
            parts = [f"cmplx({parts[0]}, {BREAK}{parts[1]}, {BREAK}dp)"]
        result = self.lines(f"value = {BREAK}{parts[0]}", 2)
        if self.program.divided_by_time:
            time = self.arguments[0]
            result += [f"        if (abs({time}) > 0.0_dp) value = value/{time}"]
        helpers = [_BINOMIAL] if binomial in text.helpers else []
        helpers += [_ROOT] if RootCall in text.helpers else []
        module = f"symbattery_{self.name}"
        return "\n".join(
            [
                *(f"! {line}".rstrip() for line in self.unit.documentation),
                "!",
                "! Self-check: print *, self_check() in a program that uses this module; it is",
                "! .true. where every value agrees.",
                f"module {module}",
                "    use, intrinsic :: iso_fortran_env, only: dp => real64",
                "    implicit none",
                "    private",
                f"    public :: {self.name}, self_check",
                "contains",
                "",
                *self.lines(
                    f"elemental function {self.name}({f', {BREAK}'.join(self.arguments)}) "
                    f"{BREAK}result(value)",
                    1,
                ),
                *self.lines(f"real(dp), intent(in) :: {f', {BREAK}'.join(self.arguments)}", 2),
                f"        {kind} :: value",
                *self._declared(),
                *(["        total = 0.0_dp"] if self.program.has_sum else []),
                *body,
                *result,
                f"    end function {self.name}",
                *(line for helper in helpers for line in helper.splitlines()),
                "",
                *self._check(kind),
                f"end module {module}",
                "",
            ]
        )

    def _declared(self) -> list[str]:
        names = [self.names[s] for s in (*self.program.indices, *self.program.locals)]
        names += ["total"] if self.program.has_sum else []
        rows = self.lines(f"real(dp) :: {f', {BREAK}'.join(names)}", 2) if names else []
        counters = [f"i_{self.names[s]}" for s in self.program.indices]
        return [*rows, *([f"        integer :: {', '.join(counters)}"] if counters else [])]

    def _check(self, kind: str) -> list[str]:
        rows = self.rows()
        count, width = len(self.arguments), len(rows[0])
        flat = f", {BREAK}".join(entry for row in rows for entry in row)
        given = ", ".join(f"table({i}, row)" for i in range(1, count + 1))
        expected = f"table({count + 1}, row)"
        if self.program.is_complex:
            expected = f"cmplx({expected}, table({count + 2}, row), dp)"
        return [
            "    ! Compare with values computed at 50 digits.",
            "    function self_check() result(passed)",
            "        logical :: passed",
            *self.lines(
                f"real(dp), parameter :: table({width}, {len(rows)}) = {BREAK}reshape([{flat}], "
                f"{BREAK}[{width}, {len(rows)}])",
                2,
            ),
            f"        {kind} :: difference",
            "        integer :: row",
            "        passed = .true.",
            f"        do row = 1, {len(rows)}",
            *self.lines(f"difference = {BREAK}{self.name}({given}) - {BREAK}{expected}", 3),
            f"            passed = passed .and. abs(difference) <= {self.tolerance}_dp",
            "        end do",
            "    end function self_check",
        ]
