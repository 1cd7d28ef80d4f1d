r"""The printer: LaTeX as an author writes it.

SymPy's printer sorts the factors of a product by name and puts everything above one fraction bar.
Here numbers and sizes come first, then :math:`\xi g t`, then the functions of time; only what is
algebraic stands in the fraction. Sums go by descending powers of the named quantities, then of the
sizes; roots come last, and constant terms lead a sum that depends on time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sympy import (
    Add,
    Expr,
    I,
    Integer,
    Mul,
    Pow,
    S,
    Sum,
    Symbol,
    binomial,
    fraction,
    ilcm,
    srepr,
)
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter

from symbattery.core.expressions import rank
from symbattery.core.implicit import ImplicitRoot
from symbattery.core.named_expression import NamedExpression
from symbattery.dynamics.radicals import OrderedRoot
from symbattery.model import symbols
from symbattery.output.latex.authored import PLAIN, authored, has_function

__all__ = ["AuthorPrinter"]

_UNITS = (symbols.omega_0, symbols.omega_C)
_LAST = (symbols.g, symbols.g_1, symbols.g_2, symbols.t)


def _is_weight(factor: Expr) -> bool:
    """Whether a factor counts starts, or is a probability to the power of a number of spins."""
    return isinstance(factor, binomial) or bool(factor.is_Pow and factor.exp.free_symbols)


def _is_half(power: Expr) -> bool:
    return bool(power.is_Rational and power.q == 2)


class AuthorPrinter(LatexPrinter):
    """SymPy's LaTeX printer with an author's order of factors and terms.

    Parameters
    ----------
    names : mapping, optional
        LaTeX by the name of a symbol or of a function.
    roots : mapping, optional
        LaTeX by :class:`OrderedRoot`.
    """

    def __init__(
        self,
        names: Mapping[str, str] | None = None,
        roots: Mapping[OrderedRoot, str] | None = None,
    ) -> None:
        super().__init__({"inv_trig_style": "full", "mul_symbol": None})
        self.names = dict(names or {})
        self.roots = dict(roots or {})

    def authored(self, expression: Any) -> str:
        """LaTeX of an expression, rearranged first."""
        ready = authored(expression) if isinstance(expression, Expr) else expression
        return str(self.doprint(ready))

    # -- products ---------------------------------------------------------------------------

    def _place(self, factor: Expr) -> tuple[int, int, str]:
        base, _ = factor.as_base_exp()
        if factor.is_Number:
            place = 0
        elif isinstance(base, ImplicitRoot):
            place = 11
        elif not factor.free_symbols and not has_function(factor):
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
        elif has_function(factor):
            place = 16 if isinstance(base, Add) else 15
        else:
            place = 4 if isinstance(base, Add) else 2
        order = rank(base) if isinstance(base, Symbol) else (9, self._sum_order(base))
        return (place, *order)

    def _sum_order(self, base: Expr) -> str:
        """N - 2 before N - 3, and N - 10 after both."""
        if isinstance(base, Add) and len(base.args) <= 4:
            constant, rest = base.as_coeff_Add()
            if constant.is_Integer:
                return f"{srepr(rest)}{'-' if constant <= 0 else '+'}{abs(int(constant)):09d}"
        return str(srepr(base))

    def _root_merged(self, factors: list[Expr]) -> list[Expr]:
        """√a √b as one root of a product, numbers included."""
        radicands = [f.base for f in factors if f.is_Pow and f.exp is S.Half]
        if len(radicands) < 2:
            return factors
        others = [f for f in factors if not (f.is_Pow and f.exp is S.Half)]
        parts = [part for radicand in radicands for part in Mul.make_args(radicand)]
        return [*others, Pow(Mul(*parts, evaluate=False), S.Half, evaluate=False)]

    def _factors(self, product: Expr) -> list[Expr]:
        return [f for f in Mul.make_args(product) if f is not S.One]

    def _rationalised(self, above: list[Expr], below: list[Expr]) -> tuple[list[Expr], list[Expr]]:
        """√2/4 as 1/(2√2), and √2 √(a/b)/2 as √(a/(2b))."""
        root = next((f for f in above if f.is_Pow and f.exp is S.Half and f.base.is_Integer), None)
        number = next((f for f in below if f.is_Integer), None)
        if root is None or number is None or number % root.base:
            return above, below
        above = [f for f in above if f is not root]
        below = [f for f in below if f is not number]
        left = number / root.base
        if left != 1:
            below = [left, *below]
        inner = next((f for f in above if f.is_Pow and f.exp is S.Half), None)
        if inner is None:
            return above, [*below, root]
        numerator, denominator = fraction(inner.base, exact=True)
        merged = Mul(
            numerator,
            Pow(Mul(root.base, denominator, evaluate=False), S.NegativeOne, evaluate=False),
            evaluate=False,
        )
        return [Pow(merged, S.Half, evaluate=False) if f is inner else f for f in above], below

    def _bracketed(self, factor: Expr, alone: bool) -> str:
        if isinstance(factor, Add) and not alone:
            inside = self._print(factor)
            pair = ("(", ")")
            if has_function(factor):
                pair = (r"\{", r"\}") if r"\left[" in inside else ("[", "]")
            return rf"\left{pair[0]}{inside}\right{pair[1]}"
        return str(self._print(factor))

    def _row(self, factors: Sequence[Expr]) -> str:
        if not factors:
            return "1"
        return " ".join(self._bracketed(f, len(factors) == 1) for f in factors)

    def _print_Mul(self, expr: Expr) -> str:
        number, _ = expr.as_coeff_Mul()
        if number.is_negative:
            return "- " + self._bracketed(-expr, False)
        if I in Mul.make_args(expr):
            remaining = expr / I
            if remaining.as_coeff_Mul()[0].is_negative:
                return "- " + self._print(-expr)
            row = "" if remaining is S.One else " " + self._bracketed(remaining, False)
            return "i" + row
        numerator, denominator = fraction(self._whole(expr), exact=True)
        above, below = self._rationalised(self._factors(numerator), self._factors(denominator))
        above, below = (sorted(self._root_merged(part), key=self._place) for part in (above, below))
        if not below:
            return self._row(above)
        # Only what is algebraic goes above the bar; a phase such as ξgt/2 goes there as one.
        moves = [
            (has_function(f) and f != symbols.t) or f in _UNITS or _is_weight(f) for f in above
        ]
        if not any(has_function(f) and f != symbols.t for f in above):
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
            if isinstance(factor, Add) and not has_function(factor):
                denominator, whole = self._common_denominator(factor)
                factors += [S.One / denominator, whole]
            else:
                factors.append(factor)
        return Mul(*factors, evaluate=False) if len(factors) > 1 else expr

    # -- sums -------------------------------------------------------------------------------

    def _common_denominator(self, expr: Add) -> tuple[Integer, Expr]:
        """1/2 - p/2 is (1 - p)/2."""
        rational = [term.as_coeff_Mul()[0] for term in expr.args]
        denominator = ilcm(*(r.q for r in rational if r.is_Rational), 1)
        return Integer(denominator), Add(*(term * denominator for term in expr.args))

    def _named_degree(self, term: Expr) -> Expr:
        """The power of named quantities such as λ in a term."""
        powers = (f.as_base_exp() for f in Mul.make_args(term))
        named = (p for b, p in powers if isinstance(b, Symbol) and b.name not in PLAIN)
        return sum((p for p in named if p.is_Rational), S.Zero)

    def _has_root(self, term: Expr) -> bool:
        return any(
            f.is_Pow and _is_half(f.exp) and f.base.free_symbols for f in Mul.make_args(term)
        )

    def _terms(self, expr: Add) -> list[Expr]:
        """Named quantities by descending power, then the sizes, then roots; 1 + … sin²."""
        terms = expr.as_ordered_terms()
        if symbols.t in expr.free_symbols:
            terms = sorted(terms, key=lambda term: bool(term.could_extract_minus_sign()))
            if not any(t.could_extract_minus_sign() for t in terms):
                terms = sorted(terms, key=has_function)
            return terms
        terms = sorted(
            terms, key=lambda t: (self._has_root(t) or has_function(t), -self._named_degree(t))
        )
        # 1 - p, but -N³ + 4N² - N + 2
        positive = [t for t in terms if not t.could_extract_minus_sign()]
        if positive and positive[0] is not terms[0] and len(terms) <= 3:
            terms = [positive[0], *(t for t in terms if t is not positive[0])]
        return terms

    def _print_Add(self, expr: Add, order: Any = None) -> str:
        if not has_function(expr):
            denominator, whole = self._common_denominator(expr)
            if denominator != 1:
                return rf"\frac{{{self._print(whole)}}}{{{denominator}}}"
        text = ""
        for i, term in enumerate(self._terms(expr)):
            negative = bool(term.as_coeff_Mul()[0].is_negative)
            sign = "-" if negative else "+" if i else ""
            text += f" {sign} " if i else f"{sign} " if sign else ""
            text += str(self._print(-term if negative else term))
        return text

    # -- powers and functions ---------------------------------------------------------------

    def _print_Pow(self, expr: Expr) -> str:
        base, power = expr.base, expr.exp
        if power is S.Half:
            return rf"\sqrt{{{self._radicand(base)}}}"
        if isinstance(base, Add) and power.is_Rational and power.is_positive:
            written = str(power) if power.q != 1 else self._print(power)
            return f"{self._bracketed(base, False)}^{{{written}}}"
        if base.is_Symbol and power.is_Rational and power.q != 1 and power.is_positive:
            return self.parenthesize_super(self._print(base)) + f"^{{{power}}}"
        return str(super()._print_Pow(expr))

    def _radicand(self, base: Expr) -> str:
        if isinstance(base, Add) and not has_function(base):
            content, primitive = base.as_content_primitive()
            if content != 1 and isinstance(primitive, Add):
                if not content.is_Integer:
                    return self._print_Mul(Mul(content, primitive, evaluate=False))
                return rf"{self._print(content)} \left({self._print(primitive)}\right)"
        if isinstance(base, Mul):
            if fraction(base, exact=True)[1] is not S.One:
                return self._print_Mul(base)
            # Not multiplied out: √(2 (N-1)) keeps its factors.
            return " ".join(self._bracketed(f, False) for f in sorted(base.args, key=self._place))
        return str(self._print(base))

    def _print_Symbol(self, expr: Symbol, style: str = "plain") -> str:
        del style
        return self.names.get(expr.name) or self._spelled(expr.name)

    def _spelled(self, name: str) -> str:
        """A_{01}, but A_{1,10}."""
        text = str(self._deal_with_super_sub(name))
        several = len(re.findall(r"\d\d", text)) > 0
        return re.sub(r"(?<=\d) (?=\d)", "," if several else "", text)

    def _print_Function(self, expr: Expr, exp: Any = None) -> str:
        if isinstance(expr, AppliedUndef):
            name = expr.func.__name__
            head = self.names.get(name) or self._spelled(name)
            rows = ", ".join(self._print(argument) for argument in expr.args)
            power = f"^{{{exp}}}" if exp is not None else ""
            return rf"{head}{power}{{\left({rows}\right)}}"
        return str(super()._print_Function(expr, exp=exp))

    def _print_OrderedRoot(self, expr: OrderedRoot, exp: Any = None) -> str:
        name = self.roots.get(expr, rf"y_{{{expr.index + 1}}}")
        return f"{name}^{{{exp}}}" if exp is not None else name

    def _print_ImplicitRoot(self, expr: ImplicitRoot) -> str:
        return str(self._print(expr.variable))

    def _print_NamedExpression(self, expr: NamedExpression) -> str:
        return str(self._print(authored(expr.expression)))

    def _print_Piecewise(self, expr: Expr) -> str:
        """What is there under one condition only, times the indicator of the condition."""
        (value, condition), *others = expr.args
        if [tuple(pair) for pair in others] != [(S.Zero, S.true)]:
            return str(super()._print_Piecewise(expr))
        return rf"{self._bracketed(value, False)} \mathbf{{1}}_{{{self._print(condition)}}}"

    def _print_Derivative(self, expr: Expr) -> str:
        """df/dx of a function named by a letter."""
        inner = expr.args[0]
        if isinstance(inner, AppliedUndef) and len(expr.variables) == 1:
            name = self._print(Symbol(inner.func.__name__))
            return rf"\frac{{d {name}}}{{d {self._print(expr.variables[0])}}}"
        return str(super()._print_Derivative(expr))

    def _print_Float(self, expr: Any) -> str:
        return str(expr) if "e" not in str(expr) else str(super()._print_Float(expr))
