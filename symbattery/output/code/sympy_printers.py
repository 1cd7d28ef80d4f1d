"""SymPy's printers of the languages, with the names and the numbers of a program.

Parts of SymPy that nothing else needs stand behind them: this module is imported where source code
is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from sympy import Basic, Expr, S, Symbol
from sympy.printing.c import C99CodePrinter
from sympy.printing.codeprinter import CodePrinter
from sympy.printing.fortran import FCodePrinter
from sympy.printing.jscode import JavascriptCodePrinter
from sympy.printing.julia import JuliaCodePrinter
from sympy.printing.mathematica import MCodePrinter
from sympy.printing.octave import OctaveCodePrinter
from sympy.printing.precedence import precedence
from sympy.printing.pycode import PythonCodePrinter

from symbattery.output.code.printer import FormulaPrinter, digits
from symbattery.output.code.statements import with_calls

__all__ = [
    "CPrinter",
    "FortranPrinter",
    "JavaScriptPrinter",
    "JuliaPrinter",
    "OctavePrinter",
    "PythonPrinter",
    "WolframPrinter",
]


class CPrinter(FormulaPrinter, C99CodePrinter):
    """C99."""

    whole, minimum, maximum = "{}.0", "fmin", "fmax"
    math_macros: ClassVar[Mapping[Expr, str]] = {}

    def _print_Pow(self, e: Expr) -> str:
        base, exponent = e.as_base_exp()
        if isinstance(base, Symbol) and exponent in (2, 3):
            # A product of names is shorter and faster than a power; it needs brackets as one.
            return "(" + "*".join([self.names[base]] * int(exponent)) + ")"
        return str(super()._print_Pow(e))

    def _root(self, coefficients: list[str], index: int) -> str:
        row = f"(const double[]){{{', '.join(coefficients)}}}"
        return self.call(self.ordered_root, row, str(len(coefficients) - 1), str(index))


class FortranPrinter(FormulaPrinter, FCodePrinter):
    """Fortran 2008."""

    whole, real = "{}.0_dp", "{}_dp"
    renamed: ClassVar[Mapping[str, str]] = {"floor": "aint"}

    # SymPy's own rounds constant arguments.
    _print_Function = CodePrinter._print_Function

    def _print_Pow(self, e: Expr) -> str:
        level = precedence(e)
        if e.exp == S.Half:
            return self.call("sqrt", self._print(e.base))
        base = self.parenthesize(e.base, level)
        if e.exp == -1:
            return f"{self.number(S.One)}/{base}"
        if e.exp.is_Integer:
            # Whole exponents are no real numbers.
            return f"{base}**{e.exp}" if e.exp > 0 else f"{base}**({e.exp})"
        return f"{base}**{self.parenthesize(e.exp, level)}"


class JavaScriptPrinter(FormulaPrinter, JavascriptCodePrinter):
    """JavaScript."""

    minimum, maximum = "Math.min", "Math.max"


class JuliaPrinter(FormulaPrinter, JuliaCodePrinter):
    """Julia, one number at a time."""

    ordered_root = "_ordered_root"
    renamed: ClassVar[Mapping[str, str]] = {"binomial": "_binomial"}

    def __call__(self, expression: Basic) -> str:
        # Operators of arrays have dots, and SymPy sets them apart.
        return re.sub(r" \.?([*/^]) ", r"\1", super().__call__(expression))


class OctavePrinter(FormulaPrinter, OctaveCodePrinter):
    """Octave and MATLAB."""


class PythonPrinter(FormulaPrinter, PythonCodePrinter):
    """Python with nothing but ``math``."""

    def _print_binomial(self, e: Expr) -> str:
        return self.call("math.comb", *(f"int({self._print(a)})" for a in e.args))


class WolframPrinter(FormulaPrinter, MCodePrinter):
    """Wolfram Language; exact constants stay exact, so that exact arguments give exact values."""

    brackets, minimum, maximum = "[]", "Min", "Max"
    renamed: ClassVar[Mapping[str, str]] = {
        "binomial": "Binomial", "floor": "Floor", "Abs": "Abs",
    }  # fmt: skip

    def number(self, value: Any) -> str:
        whole = getattr(value, "is_Integer", False)
        return str(value) if whole else digits(value).replace("e", "*^")

    def constant(self, value: Expr, number: Expr) -> tuple[str, Expr | None]:
        return self(with_calls(value)), None

    def _print_Pow(self, e: Expr) -> str:
        if e.exp == S.Half:
            return self.call("Sqrt", self._print(e.base))
        return str(super()._print_Pow(e))

    def _print_acos(self, e: Expr) -> str:
        return self.call("ArcCos", self._print(e.args[0]))

    def _root(self, coefficients: list[str], index: int) -> str:
        # Real roots come first, in increasing order.
        degree = len(coefficients) - 1
        powers = ("", "*#", *(f"*#^{k}" for k in range(2, degree + 1)))
        terms = [f"({a}){powers[degree - k]}" for k, a in enumerate(coefficients)]
        return self.call("Root", f"{' + '.join(terms)} &", str(index + 1))
