r"""LaTeX as an author writes it.

SymPy's printer sorts the factors of a product by name and puts everything above one fraction bar.
Here numbers and sizes come first, then :math:`\xi g t`, then the functions of time; only what is
algebraic stands in the fraction, and constant terms lead a sum that depends on time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sympy import (
    Add,
    And,
    Expr,
    Function,
    I,
    Integer,
    Min,
    Mul,
    Pow,
    S,
    Sum,
    Symbol,
    binomial,
    expand_mul,
    floor,
    fraction,
    ilcm,
    srepr,
)
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter

from numerics import checks
from symbattery import symbols
from symbattery.errors import UnsolvedError
from symbattery.forms import rank
from symbattery.implicit import ImplicitRoot

if TYPE_CHECKING:
    from symbattery.maximum import Maximum
    from symbattery.solutions import Solution

__all__ = ["QUANTITIES", "AuthorPrinter", "aslatex", "equations", "quantity"]

QUANTITIES = ("energy", "power", "amplitudes", "definitions", "maximum", "max_power")

_DIGITS_SHOWN = 8
_UNITS = (symbols.omega_0, symbols.omega_C)
_LAST = (symbols.g, symbols.g_1, symbols.g_2, symbols.t)


def _has_function(expression: Expr) -> bool:
    """Whether a function, or the bare time, stands in ``expression`` (implicit roots are names)."""
    if isinstance(expression, ImplicitRoot | AppliedUndef | floor | Min | binomial):
        return False
    if isinstance(expression, Function) or expression == symbols.t:
        return True
    return any(_has_function(part) for part in expression.args)


def _is_weight(factor: Expr) -> bool:
    """Whether a factor counts starts, or is a probability to the power of a number of spins."""
    return isinstance(factor, binomial) or bool(factor.is_Pow and factor.exp.free_symbols)


class AuthorPrinter(LatexPrinter):
    """SymPy's LaTeX printer with an author's order of factors and terms."""

    def __init__(self) -> None:
        super().__init__({"inv_trig_style": "full", "mul_symbol": None})

    # -- products ---------------------------------------------------------------------------

    def _place(self, factor: Expr) -> tuple[int, int, str]:
        base, _ = factor.as_base_exp()
        if factor.is_Number:
            place = 0
        elif isinstance(base, ImplicitRoot):
            place = 11
        elif not factor.free_symbols and not _has_function(factor):
            place = 1
        elif base in _UNITS:
            place = 12
        elif _is_weight(factor):
            place = 13 if isinstance(factor, binomial) else 14
        elif base in _LAST:
            place = 8 + _LAST.index(base)
        elif isinstance(base, AppliedUndef):
            place = 7
        elif isinstance(base, Symbol):
            place = 7 if base.name.split("_")[0] in ("xi", "Omega") else 3
        elif isinstance(base, Sum):
            place = 17
        elif _has_function(factor):
            place = 16 if isinstance(base, Add) else 15
        else:
            place = 4 if isinstance(base, Add) else 2
        order = rank(base) if isinstance(base, Symbol) else (9, srepr(factor))
        return (place, *order)

    def _root_merged(self, factors: list[Expr]) -> list[Expr]:
        """√a √b as one root of a product, numbers included."""
        radicands = [f.base for f in factors if f.is_Pow and f.exp is S.Half]
        if len(radicands) < 2:
            return factors
        others = [f for f in factors if not (f.is_Pow and f.exp is S.Half)]
        return [*others, Pow(Mul(*radicands, evaluate=False), S.Half, evaluate=False)]

    def _factors(self, product: Expr) -> list[Expr]:
        factors = self._root_merged([f for f in Mul.make_args(product) if f is not S.One])
        return sorted(factors, key=self._place)

    def _bracketed(self, factor: Expr, alone: bool) -> str:
        if isinstance(factor, Add) and not alone:
            pair = ("[", "]") if _has_function(factor) else ("(", ")")
            return rf"\left{pair[0]}{self._print(factor)}\right{pair[1]}"
        return str(self._print(factor))

    def _row(self, factors: Sequence[Expr]) -> str:
        if not factors:
            return "1"
        return " ".join(self._bracketed(f, len(factors) == 1) for f in factors)

    def _print_Mul(self, expr: Expr) -> str:
        number, _ = expr.as_coeff_Mul()
        if number.is_negative:
            return "- " + self._in_product(-expr)
        imaginary = [f for f in Mul.make_args(expr) if f is I]
        if imaginary:
            remaining = expr / I
            row = "" if remaining is S.One else " " + self._in_product(remaining)
            return "i" + row
        numerator, denominator = fraction(self._whole(expr), exact=True)
        above, below = self._factors(numerator), self._factors(denominator)
        if not below:
            return self._row(above)
        # Only what is algebraic goes above the bar; a phase such as ξgt/2 goes there as one.
        moves = [
            (_has_function(f) and f != symbols.t) or f in _UNITS or _is_weight(f) for f in above
        ]
        if not any(_has_function(f) and f != symbols.t for f in above):
            algebraic = [f for f, out in zip(above, moves, strict=True) if not out]
        else:
            algebraic = [f for f in above if self._place(f)[0] < 6]
        algebraic = algebraic or [f for f in above if f in _UNITS]
        trailing = [f for f in above if f not in algebraic]
        head = rf"\frac{{{self._row(algebraic)}}}{{{self._row(below)}}}"
        return " ".join([head, *(self._bracketed(f, False) for f in trailing)])

    def _whole(self, expr: Expr) -> Expr:
        """(1/2 - p/2) x as (1 - p) x / 2, for one bar instead of two."""
        factors = []
        for factor in Mul.make_args(expr):
            if isinstance(factor, Add) and not _has_function(factor):
                denominator, whole = self._common_denominator(factor)
                factors += [S.One / denominator, whole]
            else:
                factors.append(factor)
        return Mul(*factors, evaluate=False) if len(factors) > 1 else expr

    def _in_product(self, expression: Expr) -> str:
        return self._bracketed(expression, alone=False)

    # -- sums -------------------------------------------------------------------------------

    def _common_denominator(self, expr: Add) -> tuple[Integer, Expr]:
        """1/2 - p/2 is (1 - p)/2."""
        rational = [term.as_coeff_Mul()[0] for term in expr.args]
        denominator = ilcm(*(r.q for r in rational if r.is_Rational), 1)
        return Integer(denominator), Add(*(term * denominator for term in expr.args))

    def _terms(self, expr: Add) -> list[Expr]:
        """Descending powers, positive terms first; 1 + … sin² but cos - 1."""
        terms = expr.as_ordered_terms()
        terms = sorted(terms, key=lambda term: bool(term.could_extract_minus_sign()))
        if _has_function(expr) and not any(t.could_extract_minus_sign() for t in terms):
            terms = sorted(terms, key=_has_function)
        elif not _has_function(expr) and not expr.as_ordered_terms()[0].could_extract_minus_sign():
            terms = expr.as_ordered_terms()
        return terms

    def _print_Add(self, expr: Add, order: Any = None) -> str:
        if not _has_function(expr):
            denominator, whole = self._common_denominator(expr)
            if denominator != 1:
                return rf"\frac{{{self._print(whole)}}}{{{denominator}}}"
        text = ""
        for i, term in enumerate(self._terms(expr)):
            negative = term.as_coeff_Mul()[0].is_negative
            sign = "-" if negative else "+" if i else ""
            text += f" {sign} " if i else sign
            text += str(self._print(-term if negative else term))
        return text

    # -- powers and functions ---------------------------------------------------------------

    def _print_Pow(self, expr: Expr) -> str:
        _base, power = expr.as_base_exp()
        if power is S.Half or expr.exp is S.Half:
            return rf"\sqrt{{{self._radicand(expr.base)}}}"
        return str(super()._print_Pow(expr))

    def _radicand(self, base: Expr) -> str:
        if isinstance(base, Add):
            content, primitive = base.as_content_primitive()
            if content != 1:
                return rf"{self._print(content)} \left({self._print(primitive)}\right)"
        if isinstance(base, Mul):
            if fraction(base, exact=True)[1] is not S.One:
                return self._print_Mul(base)
            # Not multiplied out: √(2 (N-1)) keeps its factors.
            return " ".join(self._bracketed(f, False) for f in sorted(base.args, key=self._place))
        return str(self._print(base))

    def _print_Symbol(self, expr: Symbol, style: str = "plain") -> str:
        del style
        return str(self._deal_with_super_sub(expr.name))


def aslatex(expression: Any) -> str:
    """LaTeX of one expression, in an author's form."""
    return AuthorPrinter().doprint(expression)


def _definition(symbol: Symbol, value: Expr) -> str:
    return rf"{aslatex(symbol)} \equiv {aslatex(value)}"


def _amplitude_rows(solution: Solution) -> list[str]:
    if not solution.is_pure:
        return []
    return [rf"c_{{{k}}}(t) = {aslatex(c)}" for k, c in solution.amplitudes.items()]


def _reached(maximum: Maximum) -> str:
    if maximum.time is None:
        return r"\quad\text{(approached, never reached)}"
    return rf"\quad\text{{at }} t = {aslatex(maximum.time)}"


def _maximum_rows(symbol: str, maximum: Maximum) -> list[str]:
    rows = []
    here: Maximum | None = maximum
    while here is not None:
        where = "" if here.condition == S.true else rf"\quad\text{{for }} {_where(here.condition)}"
        if here.approximate is None:
            value = aslatex(here.value)
        else:
            # Written out it would repeat the whole of P(t).
            value = rf"{symbol[0]}(t) \simeq {aslatex(here.approximate.n(_DIGITS_SHOWN))}"
        rows.append(rf"{symbol} = {value}{_reached(here)}{where}")
        here = here.otherwise
    return rows


def _where(condition: Any) -> str:
    """A condition; a population strictly between 0 and 1 as 0 < p < 1."""
    if isinstance(condition, And):
        inner = sorted(condition.free_symbols, key=str)
        if condition == And(*(And(p > 0, p < 1) for p in inner)):
            return r",\ ".join(f"0 < {aslatex(p)} < 1" for p in inner)
    return aslatex(condition)


def _implicit_rows(maximum: Maximum) -> list[str]:
    return [
        rf"{aslatex(root.equation)},\quad "
        rf"{_bound(root.lower)} < {aslatex(root.variable)} < {_bound(root.upper)}"
        for root in sorted(maximum.value.atoms(ImplicitRoot), key=str)
    ]


def _bound(value: Expr) -> str:
    """A bound of an interval; decimals are kept as such."""
    if not value.is_Rational or value.is_Integer:
        return aslatex(value)
    places = next(n for n in range(60) if (value * 10**n).is_Integer)
    return f"{float(value):.{places}f}" if places < 15 else aslatex(value)


def equations(solution: Solution, name: str) -> list[str]:
    """The equations that state one quantity; empty where the solution does not have it.

    Raises
    ------
    InvalidArgument
        An unknown name.
    """
    checks.choice("name", name, QUANTITIES)
    if name == "energy":
        # Sums stand side by side, so that a line may end between them.
        energy = solution.energy
        parts = expand_mul(energy, deep=False) if solution.families else energy
        return [f"E(t) = {aslatex(parts)}"]
    if name == "power":
        several = len(solution.swings) > 1 or solution.families
        return [r"P(t) = \frac{E(t)}{t}" if several else f"P(t) = {aslatex(solution.power)}"]
    if name == "definitions":
        return [_definition(symbol, value) for symbol, value in solution.definitions.items()]
    if name == "amplitudes":
        return _amplitude_rows(solution)
    try:
        if name == "maximum":
            return _maximum_rows(r"E_{\max}", solution.maximum())
        power = solution.max_power()
        return [*_maximum_rows(r"P_{\max}", power), *_implicit_rows(power)]
    except UnsolvedError:
        return []


def quantity(solution: Solution, name: str) -> str:
    """LaTeX of one quantity: the right-hand side for energy and power, else its equations."""
    if name in ("energy", "power"):
        return aslatex(getattr(solution, name))
    return r" \\ ".join(equations(solution, name))
