"""Expressions as the text of a language; the parts of a program that languages share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from sympy import (
    Abs,
    Add,
    And,
    Expr,
    Integer,
    Max,
    Min,
    Mul,
    Or,
    Pow,
    S,
    Symbol,
    acos,
    binomial,
    cos,
    exp,
    floor,
    log,
    sin,
    tan,
    tanh,
)
from sympy.core.relational import Ge, Gt, Le, Lt
from sympy.logic.boolalg import Boolean

from symbattery.core.errors import UnsolvedError
from symbattery.output.code.lines import BREAK
from symbattery.output.code.program import RootCall

__all__ = ["Writer", "digits", "is_plain"]

_SUM, _PRODUCT, _ATOM = range(3)
_LARGEST_WHOLE = 2**53

_COMPARISONS = {Ge: ">=", Gt: ">", Le: "<=", Lt: "<"}


def digits(value: Expr) -> str:
    """A real number with the 17 digits that a double is read back from."""
    try:
        text = f"{float(value):.17g}"
    except OverflowError:
        text = "inf"
    if text in ("inf", "-inf", "nan"):
        raise UnsolvedError("a constant of this formula is beyond double precision")
    return text if any(mark in text for mark in ".e") else f"{text}.0"


def is_plain(value: Expr) -> bool:
    """Whether a constant is computed from its formula with one rounding or two."""
    return bool(value.is_Rational or (value.is_Pow and value.base.is_Rational))


class Writer:
    """Text of expressions; a language overrides what it writes in its own way.

    Parameters
    ----------
    names : mapping of Symbol to str
        Identifiers.
    """

    # Names of functions; binomial and RootCall are helpers that a language writes out.
    functions: ClassVar[Mapping[type, str]] = {
        sin: "sin", cos: "cos", tan: "tan", exp: "exp", log: "log", tanh: "tanh", Abs: "abs",
        floor: "floor", binomial: "binomial",
    }  # fmt: skip
    square_root = "sqrt"
    brackets = "()"
    times, over, power = "*", "/", "**"
    pi = "3.1415926535897931"
    both, either = "&&", "||"

    def __init__(self, names: Mapping[Symbol, str]) -> None:
        self.names = names
        self.helpers: set[type] = set()

    def __call__(self, expression: Expr) -> str:
        """The text of an expression, with a mark wherever a line may be broken."""
        return self._text(expression, _SUM)

    # -- what languages differ in -------------------------------------------------------------

    def whole(self, number: int) -> str:
        """An integer as a real number."""
        return f"{number}.0"

    def real(self, value: Expr) -> str:
        """A real constant, rounded once."""
        return digits(value)

    def constant(self, value: Expr, number: Expr) -> str:
        """A constant given exactly and as a number."""
        return self(value) if is_plain(value) else self.real(number)

    def raised(self, base: Expr, exponent: Expr) -> str:
        return f"{self._text(base, _ATOM)}{self.power}{self._text(exponent, _ATOM)}"

    def call(self, function: str, *arguments: str) -> str:
        left, right = self.brackets[0], self.brackets[1]
        return f"{function}{left}{f', {BREAK}'.join(arguments)}{right}"

    def arc_cosine(self, cosine: str) -> str:
        """An angle; rounding must not take its cosine beyond ±1."""
        least = self.extreme("max", [self.whole(-1), cosine])
        return self.call("acos", self.extreme("min", [self.whole(1), least]))

    def extreme(self, which: str, arguments: Sequence[str]) -> str:
        """The least or largest of several numbers."""
        return self.call(which, *arguments)

    def root(self, coefficients: Sequence[str], index: int) -> str:
        """An ordered root."""
        return self.call("ordered_root", f"[{f', {BREAK}'.join(coefficients)}]", str(index))

    # -- what they share ----------------------------------------------------------------------

    def condition(self, condition: Boolean) -> str:
        """A condition on the parameters."""
        if isinstance(condition, And | Or):
            word = self.both if isinstance(condition, And) else self.either
            every = sorted(condition.args, key=str)
            return f" {word} ".join(f"({self.condition(part)})" for part in every)
        sign = _COMPARISONS.get(type(condition))
        if sign is None:
            raise UnsolvedError(f"the condition {condition} is not written as source code")
        return f"{self(condition.lhs)} {sign} {self(condition.rhs)}"

    def _text(self, e: Expr, level: int) -> str:
        if isinstance(e, Symbol):
            return self.names[e]
        if e.is_Integer:
            return self._bracketed(self._whole(e), level >= _PRODUCT and e.is_negative)
        if e is S.Pi:
            return self.pi
        if e.is_Float:
            return self._bracketed(self.real(e), level >= _PRODUCT and e.is_negative)
        if isinstance(e, Add):
            return self._bracketed(self._sum(e), level > _SUM)
        if isinstance(e, Mul) or e.is_Rational:
            return self._bracketed(self._product(e), level > _PRODUCT or (level and _negative(e)))
        if isinstance(e, Pow) or e is S.Exp1:
            return self._power(e, level)
        return self._function(e)

    def _bracketed(self, text: str, needed: object) -> str:
        return f"({text})" if needed else text

    def _whole(self, number: Expr) -> str:
        return self.whole(int(number)) if abs(number) < _LARGEST_WHOLE else self.real(number)

    def _sum(self, e: Expr) -> str:
        text = ""
        for i, term in enumerate(_in_order(e)):
            negative = _negative(term)
            shown = self._text(-term if negative else term, _PRODUCT if negative else _SUM)
            if i:
                text += f" {'-' if negative else '+'} {BREAK}{shown}"
            else:
                text = f"-{shown}" if negative else shown
        return text

    def _product(self, e: Expr) -> str:
        coefficient, _ = e.as_coeff_Mul()
        sign = "-" if coefficient.is_negative else ""
        above, below = [], []
        for factor in _factors(e):
            base, exponent = factor.as_base_exp() if isinstance(factor, Pow) else (factor, S.One)
            if exponent.is_Rational and exponent.is_negative:
                below.append(Pow(base, -exponent, evaluate=False) if exponent != -1 else base)
            else:
                above.append(factor)
        size = abs(coefficient)
        top, bottom = (Integer(size.p), Integer(size.q)) if size.is_Rational else (size, S.One)
        if top != 1 or not above:
            above.insert(0, top)
        if bottom != 1:
            below.insert(0, bottom)
        text = sign + f"{self.times}{BREAK}".join(self._text(f, _PRODUCT) for f in above)
        if not below:
            return text
        if len(below) == 1:
            return f"{text}{self.over}{BREAK}{self._text(below[0], _ATOM)}"
        product = f"{self.times}{BREAK}".join(self._text(f, _PRODUCT) for f in below)
        return f"{text}{self.over}{BREAK}({product})"

    def _power(self, e: Expr, level: int) -> str:
        base, exponent = e.as_base_exp() if isinstance(e, Pow) else (e, S.One)
        if exponent.is_Rational and exponent.is_negative:
            inverse = base if exponent == -1 else Pow(base, -exponent, evaluate=False)
            text = f"{self.whole(1)}{self.over}{BREAK}{self._text(inverse, _ATOM)}"
            return self._bracketed(text, level > _SUM)
        if exponent == S.Half:
            return self.call(self.square_root, self(base))
        # Powers need brackets wherever they are a base or an exponent.
        return self._bracketed(self.raised(base, exponent), level >= _ATOM)

    def _function(self, e: Expr) -> str:
        if isinstance(e, RootCall):
            self.helpers.add(RootCall)
            return self.root([self(a) for a in e.args[:-1]], int(e.args[-1]))
        if isinstance(e, acos):
            return self.arc_cosine(self(e.args[0]))
        if isinstance(e, Min | Max):
            which = "min" if isinstance(e, Min) else "max"
            return self.extreme(which, [self(a) for a in sorted(e.args, key=str)])
        name = self.functions.get(type(e))
        if name is None:
            raise UnsolvedError(
                f"no source code is written for {type(e).__name__}, which stands in this formula"
            )
        if isinstance(e, binomial):
            self.helpers.add(binomial)
        return self.call(name, *(self(a) for a in e.args))


def _negative(term: Expr) -> bool:
    return bool(term.as_coeff_Mul()[0].is_negative)


def _in_order(e: Expr) -> list[Expr]:
    """Positive terms first."""
    return sorted(e.as_ordered_terms(), key=_negative)


def _factors(e: Expr) -> list[Expr]:
    """The factors without their number, i and units aside in SymPy's order."""
    _, rest = e.as_coeff_Mul()
    if rest is S.One:
        return []
    if isinstance(rest, Mul):
        return list(rest.as_ordered_factors())
    return [rest]
