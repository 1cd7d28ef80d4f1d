"""Printers of expressions: SymPy's own, with the names and the numbers of a program."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import reduce
from typing import Any, ClassVar

import sympy as sp
from sympy import Basic, Expr, Integer, S, Symbol
from sympy.printing.c import C99CodePrinter
from sympy.printing.codeprinter import CodePrinter
from sympy.printing.fortran import FCodePrinter
from sympy.printing.jscode import JavascriptCodePrinter
from sympy.printing.julia import JuliaCodePrinter
from sympy.printing.mathematica import MCodePrinter
from sympy.printing.octave import OctaveCodePrinter
from sympy.printing.precedence import precedence
from sympy.printing.pycode import PythonCodePrinter

from symbattery.core.expressions import UnsolvedError
from symbattery.output.code.statements import Eigenvectors, Entry, RootCall, with_calls

__all__ = [
    "CPrinter", "FormulaPrinter", "FortranPrinter", "JavaScriptPrinter", "JuliaPrinter",
    "OctavePrinter", "PythonPrinter", "WolframPrinter", "digits",
]  # fmt: skip

_LARGEST_WHOLE = 2**53
_PARTS = (
    sp.Add, sp.Float, sp.Max, sp.Min, sp.Mul, sp.NumberSymbol, sp.Pow, sp.Rational, Symbol,
)  # fmt: skip
# What a language must have; binomial is a function that its template writes out.
_FUNCTIONS = frozenset(
    ("Abs", "Eigenvectors", "Entry", "Piecewise", "RootCall", "acos", "asin", "atanh", "binomial",
     "cos", "exp", "floor", "log", "sin", "tan", "tanh")
)  # fmt: skip


def digits(value: Any) -> str:
    """A real number with the 17 digits that a double is read back from."""
    try:
        text = f"{float(value):.17g}"
    except OverflowError:
        text = "inf"
    if text in ("inf", "-inf", "nan"):
        raise UnsolvedError("a constant of this formula is beyond double precision")
    return text if any(mark in text for mark in ".e") else f"{text}.0"


class FormulaPrinter(CodePrinter):
    """Expressions of a program; to be mixed in ahead of a code printer of SymPy.

    Parameters
    ----------
    names : mapping of Symbol to str
        Identifiers.

    Attributes
    ----------
    helpers : set of str
        The functions ``"binomial"``, ``"eigenvectors"`` and ``"ordered_root"`` that were called.
    """

    # Constants are written exactly, in terms of each other.
    exact: ClassVar[bool] = False
    # A whole number and any other as real numbers.
    whole: ClassVar[str] = "{}"
    real: ClassVar[str] = "{}"
    brackets: ClassVar[str] = "()"
    choice: ClassVar[str] = "({0} ? {1} : {2})"
    minimum: ClassVar[str] = "min"
    maximum: ClassVar[str] = "max"
    ordered_root: ClassVar[str] = "ordered_root"
    # An array, and an entry of one by its name and its index, which begins with ``origin``.
    array: ClassVar[str] = "[{}]"
    entry: ClassVar[str] = "{}[{}]"
    origin: ClassVar[int] = 0
    # Names of functions that are not SymPy's.
    renamed: ClassVar[Mapping[str, str]] = {}

    def __init__(self, names: Mapping[Symbol, str]) -> None:
        super().__init__({"user_functions": {"binomial": "binomial", **self.renamed}})
        self.names = names
        self.helpers: set[str] = set()

    def __call__(self, expression: Basic) -> str:
        """The text of an expression or a condition."""
        for part in sp.preorder_traversal(expression):
            name = type(part).__name__
            if isinstance(part, Expr) and not (isinstance(part, _PARTS) or name in _FUNCTIONS):
                raise UnsolvedError(
                    f"no source code is written for {name}, which stands in this formula"
                )
            if name == "binomial":
                self.helpers.add(name)
        return str(self._print(expression))

    def number(self, value: Any) -> str:
        """A number, rounded once."""
        if getattr(value, "is_Integer", False) and abs(value) < _LARGEST_WHOLE:
            return self.whole.format(int(value))
        return self.real.format(digits(value))

    def constant(self, value: Expr, number: Expr) -> tuple[str, Expr | None]:
        """A constant given exactly and as a number, and what is to be said of it."""
        # One or two roundings are no loss.
        plain = value.is_Rational or (value.is_Pow and value.base.is_Rational)
        return (self(value), None) if plain else (self.number(number), value)

    def call(self, function: str, *arguments: str) -> str:
        """A function of printed arguments."""
        return f"{function}{self.brackets[0]}{', '.join(arguments)}{self.brackets[1]}"

    def _extreme(self, name: str, *arguments: str) -> str:
        """The least or largest of several numbers, two at a time."""
        return reduce(lambda one, other: self.call(name, one, other), arguments)

    # Written for every class that a printer of SymPy has a method of its own for.
    def _print_Integer(self, e: Expr) -> str:
        return self.number(e)

    _print_Zero = _print_One = _print_NegativeOne = _print_Float = _print_Integer
    _print_NumberSymbol = _print_Exp1 = _print_Integer

    def _print_Rational(self, e: Expr) -> str:
        return f"{self.number(Integer(e.p))}/{self.number(Integer(e.q))}"

    _print_Half = _print_Rational

    def _print_Symbol(self, e: Symbol) -> str:
        return self.names[e]

    _print_Dummy = _print_Symbol

    def _as_ordered_terms(self, e: Expr, order: Any = None) -> list[Expr]:
        # 1 - x, not -x + 1.
        terms = super()._as_ordered_terms(e, order=order)
        return sorted(terms, key=lambda term: bool(term.as_coeff_Mul()[0].is_negative))

    def _print_Mul(self, e: Expr) -> str:
        # Of p/q the numerator stands above and the denominator below: one rounding less.
        factor, rest = e.as_coeff_Mul()
        if factor.is_Rational and not factor.is_Integer:
            below = sp.Pow(Integer(factor.q), -1, evaluate=False)
            above = () if factor.p == 1 else (Integer(factor.p),)
            e = sp.Mul(*above, *sp.Mul.make_args(rest), below, evaluate=False)
        return str(super()._print_Mul(e))

    def _print_Max(self, e: Expr) -> str:
        name = self.minimum if isinstance(e, sp.Min) else self.maximum
        return self._extreme(name, *map(self._print, sorted(e.args, key=str)))

    _print_Min = _print_Max

    def _print_Piecewise(self, e: Expr) -> str:
        *choices, (last, _) = e.args
        text = self._print(last)
        for value, condition in reversed(choices):
            text = self.choice.format(self._print(condition), self._print(value), text)
        return str(text)

    def _print_acos(self, e: Expr) -> str:
        # Rounding must not take a cosine beyond ±1.
        least = self._extreme(self.maximum, self.number(S.NegativeOne), self._print(e.args[0]))
        bounded = self._extreme(self.minimum, self.number(S.One), least)
        return self.call(self.known_functions["acos"], bounded)

    def _print_RootCall(self, e: RootCall) -> str:
        self.helpers.add("ordered_root")
        *coefficients, index = e.args
        return self._root([self._print(a) for a in coefficients], int(index))

    def _print_Eigenvectors(self, e: Eigenvectors) -> str:
        self.helpers.add("eigenvectors")
        parts = [self._print(a) for a in e.args]
        sites = (len(parts) + 1) // 2
        arrays = [self.array.format(", ".join(row)) for row in (parts[:sites], parts[sites:])]
        return self._chain(arrays, e.size)

    def _chain(self, arrays: list[str], size: int) -> str:
        """The eigenvectors by printed diagonal and hops."""
        return self.call("eigenvectors", *arrays)

    def _print_Entry(self, e: Entry) -> str:
        return self.entry.format(self.names[e.args[0]], int(e.args[1]) + self.origin)

    def _root(self, coefficients: list[str], index: int) -> str:
        """The root with that index, counted from 0."""
        return self.call(self.ordered_root, f"[{', '.join(coefficients)}]", str(index))


class CPrinter(FormulaPrinter, C99CodePrinter):
    """C99."""

    whole, minimum, maximum = "{}.0", "fmin", "fmax"
    array = "(const double[]){{{}}}"
    math_macros: ClassVar[Mapping[Expr, str]] = {}

    def _print_Pow(self, e: Expr) -> str:
        base, exponent = e.as_base_exp()
        if isinstance(base, Symbol) and exponent in (2, 3):
            # A product of names is shorter and faster than a power; it needs brackets as one.
            return "(" + "*".join([self.names[base]] * int(exponent)) + ")"
        return str(super()._print_Pow(e))

    def _root(self, coefficients: list[str], index: int) -> str:
        row = self.array.format(", ".join(coefficients))
        return self.call(self.ordered_root, row, str(len(coefficients) - 1), str(index))

    def _chain(self, arrays: list[str], size: int) -> str:
        sites = str(math.isqrt(size))
        return self.call("eigenvectors", sites, *arrays, f"(double[{size}]){{0.0}}")


class FortranPrinter(FormulaPrinter, FCodePrinter):
    """Fortran 2008."""

    whole, real, choice = "{}.0_dp", "{}_dp", "merge({1}, {2}, {0})"
    entry, origin = "{}({})", 1
    renamed: ClassVar[Mapping[str, str]] = {"atanh": "atanh", "floor": "aint"}

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
    origin = 1
    renamed: ClassVar[Mapping[str, str]] = {"binomial": "_binomial"}

    def __call__(self, expression: Basic) -> str:
        # Operators of arrays have dots, and SymPy sets them apart.
        return re.sub(r" \.?([*/^]) ", r"\1", super().__call__(expression))


class OctavePrinter(FormulaPrinter, OctaveCodePrinter):
    """Octave and MATLAB."""

    choice = "(({0}).*({1}) + (1 - ({0})).*({2}))"
    entry, origin = "{}({})", 1


class PythonPrinter(FormulaPrinter, PythonCodePrinter):
    """Python with nothing but ``math``."""

    choice = "({1} if {0} else {2})"

    def _print_binomial(self, e: Expr) -> str:
        return self.call("math.comb", *(f"int({self._print(a)})" for a in e.args))


class WolframPrinter(FormulaPrinter, MCodePrinter):
    """Wolfram Language; exact constants stay exact, so that exact arguments give exact values."""

    brackets, minimum, maximum, choice = "[]", "Min", "Max", "If[{0}, {1}, {2}]"
    exact = True
    array, entry, origin = "{{{}}}", "{}[[{}]]", 1
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
