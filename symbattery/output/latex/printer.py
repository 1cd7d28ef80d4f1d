r"""The printer: LaTeX as an author writes it.

SymPy's printer sorts the factors of a product by name and puts everything above one fraction bar.
Here numbers and sizes come first, then :math:`\xi g t`, then the functions of time; only what is
algebraic stands in the fraction. Sums go by descending powers of the named quantities, then of the
sizes; roots come last, and constant terms lead a sum that depends on time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any
from unicodedata import normalize

import sympy as sp
from sympy import (
    Abs,
    Add,
    Expr,
    Function,
    I,
    Mul,
    Piecewise,
    Pow,
    S,
    Sum,
    Symbol,
    binomial,
    fraction,
)
from sympy.core.function import AppliedUndef
from sympy.printing.latex import LatexPrinter

from symbattery import symbols
from symbattery.core.expressions import leads_negative, rank
from symbattery.core.named_roots import ImplicitRoot, NamedExpression, WrittenFunction
from symbattery.dynamics.radicals import OrderedRoot
from symbattery.output.latex.math_list import Atom, parse, source

__all__ = ["AuthorPrinter", "authored", "spelled"]

_SIZES = {"M", "N", "m", "n"}
# Every other symbol counts as a named quantity.
_PLAIN = _SIZES | {"k", "c", "t", "g", "g_1", "g_2", "gamma", "omega_0", "omega_C"}
_UNITS = (symbols.omega_0, symbols.omega_C)
# Of factors in a product, as those of _place.
_PLACES = {symbols.g: 8, symbols.g_1: 9, symbols.g_2: 10, symbols.t: 11}
_PLACES |= dict.fromkeys(_UNITS, 12)


@lru_cache(maxsize=65536)
def _has_function(expression: Expr) -> bool:
    """True where a function, or the bare time, stands in ``expression`` (roots are names)."""
    if isinstance(
        expression, ImplicitRoot | OrderedRoot | AppliedUndef | sp.floor | sp.Min | binomial
    ):
        return False
    if isinstance(expression, Function) or expression == symbols.t:
        return True
    return any(_has_function(part) for part in expression.args)


def _is_weight(factor: Expr) -> bool:
    """True where a factor counts starts, or is a probability to the power of a count."""
    return isinstance(factor, binomial) or bool(factor.is_Pow and factor.exp.free_symbols)


def _is_root(factor: Expr) -> bool:
    return bool(factor.is_Pow and factor.exp is S.Half)


@lru_cache(maxsize=65536)
def _sum_order(base: Expr) -> str:
    """N - 2 before N - 3, and N - 10 after both."""
    constant, rest = base.as_coeff_Add()
    if isinstance(base, Add) and len(base.args) <= 4 and constant.is_Integer:
        return f"{sp.srepr(rest)}{'-' if constant <= 0 else '+'}{abs(int(constant)):09d}"
    return str(sp.srepr(base))


@lru_cache(maxsize=65536)
def _place(factor: Expr) -> tuple[int, int, str]:
    """The place of a factor in a product."""
    base, _ = factor.as_base_exp()
    of_time, is_sum = _has_function(factor), isinstance(base, Add)
    places = (
        (factor.is_Number, 0),
        (isinstance(base, ImplicitRoot), 11),
        (not factor.free_symbols and not of_time, 1),
        (isinstance(factor, binomial), 13),
        (_is_weight(factor), 14),
        (base in _PLACES, _PLACES.get(base, 0)),
        (isinstance(base, AppliedUndef), 7),
        (isinstance(base, Symbol), 7 if str(base).split("_")[0] in ("xi", "Omega") else 3),
        (isinstance(base, Sum), 17),
        (of_time, 16 if is_sum else 15),
        (True, 4 if is_sum else 2),
    )
    place = next(place for holds, place in places if holds)
    order = rank(base) if isinstance(base, Symbol) else (9, _sum_order(base))
    return (place, *order)


# Expressions rearranged: numbers in front, roots without squares in them


def _root(base: Expr, power: Expr) -> Expr:
    """(c x)^(n/2) with the squares in c in front."""
    split = base.as_content_primitive if isinstance(base, Add) else base.as_coeff_Mul
    number, rest = split()
    if not number.is_Rational or not number.is_positive:
        return Pow(base, power)
    primes = number.factors(limit=10_000).items()
    square = Mul(*(S(prime) ** int(times / 2) for prime, times in primes))
    return square ** (2 * power) * Pow(number / square**2 * rest, power)


def _factor(factor: Expr) -> tuple[Expr, Expr]:
    """The number in front of a factor of a product, and the rest."""
    base, power = factor.as_base_exp()
    if not isinstance(base, Add) or not power.is_Integer or _has_function(base):
        return S.One, factor
    content, primitive = base.as_content_primitive()
    names = {s.name for s in base.free_symbols}
    plain = names & _SIZES and names <= _PLAIN
    if plain and isinstance(primitive, Add) and leads_negative(primitive):
        content, primitive = -content, -primitive
    return content**power, Pow(primitive, power)


def _moduli(factors: list[Expr]) -> list[Expr]:
    """|c|² in place of c times its conjugate."""
    for i, factor in enumerate(factors):
        other = sp.conjugate(factor)
        if other != factor and other in factors and not factor.is_Number:
            left = [f for j, f in enumerate(factors) if j != i and f != other]
            return _moduli([*left, Abs(factor) ** 2])
    return factors


@lru_cache(maxsize=4096)
def authored(expression: Expr) -> Expr:
    r"""The expression as it is to be printed; nothing is expanded or factored.

    :math:`\sqrt{4(73N^2-1)}` becomes :math:`2\sqrt{73N^2-1}`, and :math:`\lambda^2(96-46N)` becomes
    :math:`-2\lambda^2(23N-48)`.
    """
    if isinstance(expression, NamedExpression | WrittenFunction):
        return authored(expression.expression)
    if isinstance(expression, Piecewise):
        return expression.func(*((authored(value), held) for value, held in expression.args))
    if isinstance(expression, Sum):
        return expression.func(authored(expression.function), *expression.limits)
    rearranged = isinstance(expression, Add | Mul | Pow | Function) and expression.args
    if not rearranged or isinstance(expression, ImplicitRoot | OrderedRoot):
        return expression
    args = [authored(part) for part in expression.args]
    if isinstance(expression, Mul):
        pairs = [_factor(part) for part in _moduli(args)]
        return Mul(*(number for number, _ in pairs)) * Mul(*(rest for _, rest in pairs))
    if isinstance(expression, Pow) and args[1].is_Rational and args[1].q == 2:
        return Pow(*args) if args[0].is_Number else _root(*args)
    return expression.func(*args)


def spelled(name: str) -> str:
    """A name with its Greek letters spelled as SymPy knows them."""

    def word(letter: str) -> str:
        if letter.isascii():
            return letter
        name = unicodedata.name(letter, letter).split()[-1].lower().replace("lamda", "lambda")
        return name.capitalize() if letter.isupper() else name

    return "".join(map(word, normalize("NFKC", name)))


def _renamed(row: Sequence[Atom], put: Mapping[Any, tuple[Atom, ...]]) -> tuple[Atom, ...]:
    """The row with other atoms in place of those with a kernel and an index of ``put``."""
    made: list[Atom] = []
    for atom in row:
        name = put.get((atom.tex, atom.sub, atom.parts))
        above = None if atom.sup is None else _renamed(atom.sup, put)
        if name is None:
            inside = tuple(_renamed(part, put) for part in atom.parts)
            below = None if atom.sub is None else _renamed(atom.sub, put)
            made.append(replace(atom, parts=inside, sub=below, sup=above))
        elif above is None:
            made += name
        else:
            free = len(name) == 1 and name[0].sup is None
            made.append(replace(name[0] if free else Atom("command", parts=(name,)), sup=above))
    return tuple(made)


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
        super().__init__({"inv_trig_style": "full", "full_prec": True})
        self.names = dict(names or {})
        self.roots = dict(roots or {})
        self._printed: dict[Expr, str] = {}

    def _print(self, expr: Any, **kwargs: Any) -> str:
        """LaTeX of a part, remembered unless it depends on what stands around it."""
        bracketed_inside = isinstance(expr, NamedExpression | WrittenFunction)
        if kwargs or bracketed_inside or not isinstance(expr, Expr):
            return str(super()._print(expr, **kwargs))
        if expr not in self._printed:
            self._printed[expr] = str(super()._print(expr))
        return self._printed[expr]

    def authored(self, expression: Any) -> str:
        """LaTeX of an expression, rearranged first."""
        ready = authored(expression) if isinstance(expression, Expr) else expression
        return str(self.doprint(ready))

    def renamed(self, latex: str) -> str:
        r"""LaTeX as it stands, such as E(t), with the names given in place of plain symbols."""
        put = {}
        for name, text in self.names.items():
            atom, *others = parse(self._plain(name))
            if not others:
                put[atom.tex, atom.sub, atom.parts] = parse(text)
        if not put:
            return latex
        return source(_renamed(parse(latex), put)).replace(" ( ", "(").replace(" )", ")")

    # Products

    def _sorted(self, factors: list[Expr]) -> list[Expr]:
        """The factors in their order, √a √b as one root, numbers included."""
        roots = [f.base for f in factors if _is_root(f)]
        if len(roots) > 1:
            inside = Mul(*(part for root in roots for part in Mul.make_args(root)), evaluate=False)
            factors = [f for f in factors if not _is_root(f)]
            factors.append(Pow(inside, S.Half, evaluate=False))
        return sorted(factors, key=_place)

    def _rationalised(self, above: list[Expr], below: list[Expr]) -> tuple[list[Expr], list[Expr]]:
        """√2/4 as 1/(2√2), and √2 √(a/b)/2 as √(a/(2b))."""
        root = next((f for f in above if _is_root(f) and f.base.is_Integer), None)
        number = next((f for f in below if f.is_Integer), None)
        if root is None or number is None or number % root.base:
            return above, below
        above = [f for f in above if f is not root]
        left = number / root.base
        below = [*([left] if left != 1 else []), *(f for f in below if f is not number)]
        inner = next((f for f in above if _is_root(f)), None)
        if inner is None:
            return above, [*below, root]
        numerator, denominator = fraction(inner.base, exact=True)
        inverse = Pow(Mul(root.base, denominator, evaluate=False), S.NegativeOne, evaluate=False)
        merged = Pow(Mul(numerator, inverse, evaluate=False), S.Half, evaluate=False)
        return [merged if f is inner else f for f in above], below

    def _bracketed(self, factor: Expr, alone: bool = False) -> str:
        inside = str(self._print(factor))
        if alone or not isinstance(factor, Add):
            return inside
        left, right = "()"
        if _has_function(factor):
            left, right = (r"\{", r"\}") if r"\left[" in inside else ("[", "]")
        return rf"\left{left}{inside}\right{right}"

    def _row(self, factors: Sequence[Expr]) -> str:
        return " ".join(self._bracketed(f, len(factors) == 1) for f in factors) or "1"

    def _print_Mul(self, expr: Expr) -> str:
        if expr.as_coeff_Mul()[0].is_negative:
            return "- " + self._bracketed(-expr)
        if I in Mul.make_args(expr):
            remaining = expr / I
            if remaining.as_coeff_Mul()[0].is_negative:
                return "- " + self._print(-expr)
            return "i" + ("" if remaining is S.One else " " + self._bracketed(remaining))
        parts = fraction(self._whole(expr), exact=True)
        factors = ([f for f in Mul.make_args(part) if f is not S.One] for part in parts)
        above, below = map(self._sorted, self._rationalised(*factors))
        if not below:
            return self._row(above)
        # Only what is algebraic goes above the bar; a phase such as ξgt/2 goes there as one.
        moving = [f for f in above if _has_function(f) and f != symbols.t]
        if moving:
            algebraic = [f for f in above if _place(f)[0] < 6]
        else:
            algebraic = [f for f in above if f not in _UNITS and not _is_weight(f)]
        algebraic = algebraic or [f for f in above if f in _UNITS]
        trailing = [f for f in above if f not in algebraic]
        head = rf"\frac{{{self._row(algebraic)}}}{{{self._row(below)}}}"
        return " ".join([head, *map(self._bracketed, trailing)])

    def _whole(self, expr: Expr) -> Expr:
        """(1/2 - p/2) x as (1 - p) x / 2, for one bar instead of two."""
        factors: list[Expr] = []
        for factor in Mul.make_args(expr):
            if isinstance(factor, Add) and not _has_function(factor):
                denominator, whole = self._common_denominator(factor)
                factors += [S.One / denominator, whole]
            else:
                factors.append(factor)
        return Mul(*factors, evaluate=False) if len(factors) > 1 else expr

    # Sums

    def _common_denominator(self, expr: Add) -> tuple[Expr, Expr]:
        """1/2 - p/2 is (1 - p)/2."""
        rational = [term.as_coeff_Mul()[0] for term in expr.args]
        denominator = sp.ilcm(*(r.q for r in rational if r.is_Rational), 1)
        return S(denominator), Add(*(term * denominator for term in expr.args))

    def _named_degree(self, term: Expr) -> Expr:
        """The power of named quantities such as λ in a term."""
        powers = (f.as_base_exp() for f in Mul.make_args(term))
        named = (p for b, p in powers if isinstance(b, Symbol) and b.name not in _PLAIN)
        return sum((p for p in named if p.is_Rational), S.Zero)

    def _terms(self, expr: Add) -> list[Expr]:
        """Named quantities by descending power, then the sizes, then roots; 1 + … sin²."""
        terms: list[Expr] = expr.as_ordered_terms()
        positive = [t for t in terms if not t.could_extract_minus_sign()]
        if symbols.t in expr.free_symbols:
            all_positive = len(positive) == len(terms)
            return sorted(terms, key=_has_function if all_positive else lambda t: t not in positive)

        def is_last(term: Expr) -> bool:
            powers = (f for f in Mul.make_args(term) if f.is_Pow and f.exp.is_Rational)
            return any(f.exp.q == 2 and f.base.free_symbols for f in powers) or _has_function(term)

        terms.sort(key=lambda t: (is_last(t), -self._named_degree(t)))
        # 1 - p, but -N³ + 4N² - N + 2
        if positive and len(terms) <= 3:
            first = next(t for t in terms if t in positive)
            terms.sort(key=lambda t: t is not first)
        return terms

    def _print_Add(self, expr: Add, order: Any = None) -> str:
        if not _has_function(expr):
            denominator, whole = self._common_denominator(expr)
            if denominator != 1:
                return rf"\frac{{{self._print(whole)}}}{{{denominator}}}"
        text = ""
        for term in self._terms(expr):
            negative = bool(term.as_coeff_Mul()[0].is_negative)
            text += f" - {self._print(-term)}" if negative else f" + {self._print(term)}"
        return text.removeprefix(" + ").lstrip()

    # Powers and functions

    def _print_Pow(self, expr: Expr) -> str:
        base, power = expr.base, expr.exp
        if power is S.Half:
            return rf"\sqrt{{{self._radicand(base)}}}"
        if power.is_Rational and power.is_positive:
            if isinstance(base, Add):
                return f"{self._bracketed(base)}^{{{power}}}"
            if base.is_Symbol and power.q != 1:
                return self.parenthesize_super(self._print(base)) + f"^{{{power}}}"
        return str(super()._print_Pow(expr))

    def _radicand(self, base: Expr) -> str:
        if isinstance(base, Add) and not _has_function(base):
            content, primitive = base.as_content_primitive()
            if content != 1 and isinstance(primitive, Add):
                return self._print_Mul(Mul(content, primitive, evaluate=False))
        if isinstance(base, Mul) and fraction(base, exact=True)[1] is S.One:
            # Not multiplied out: √(2 (N-1)) keeps its factors.
            return " ".join(map(self._bracketed, sorted(base.args, key=_place)))
        return str(self._print(base))

    def _print_Symbol(self, expr: Symbol, style: str = "plain") -> str:
        del style
        return self._named(expr.name)

    def _named(self, name: str) -> str:
        """The name given, or its own."""
        return self.names.get(name) or self._plain(name)

    def _plain(self, name: str) -> str:
        """A_{01}, but A_{1,10}; Greek letters by their commands."""
        text = str(self._deal_with_super_sub(spelled(name)))
        comma = "," if re.search(r"\d\d", text) else ""
        return re.sub(r"(?<=\d) (?=\d)", comma, text)

    def _print_Function(self, expr: Expr, exp: Any = None) -> str:
        if not isinstance(expr, AppliedUndef):
            return str(super()._print_Function(expr, exp=exp))
        arguments = ", ".join(map(self._print, expr.args))
        return rf"{self._raised(self._named(expr.func.__name__), exp)}{{\left({arguments}\right)}}"

    def _print_OrderedRoot(self, expr: OrderedRoot, exp: Any = None) -> str:
        return self._raised(self.roots.get(expr, rf"y_{{{expr.index + 1}}}"), exp)

    _print_ComplexRoot = _print_OrderedRoot

    def _raised(self, name: str, exp: Any) -> str:
        return name if exp is None else f"{self.parenthesize_super(name)}^{{{exp}}}"

    def _print_ImplicitRoot(self, expr: ImplicitRoot) -> str:
        return str(self._print(expr.variable))

    def _print_NamedExpression(self, expr: NamedExpression) -> str:
        return str(self._print(authored(expr.expression)))

    def _print_Piecewise(self, expr: Expr) -> str:
        """A part that is there under one condition only, times the indicator of the condition."""
        (value, condition), *others = expr.args
        if [tuple(pair) for pair in others] != [(S.Zero, S.true)]:
            return str(super()._print_Piecewise(expr))
        return rf"{self._bracketed(value)} \mathbf{{1}}_{{{self._print(condition)}}}"

    def _print_Derivative(self, expr: Expr) -> str:
        """df/dx of a function named by a letter."""
        inner = expr.args[0]
        if isinstance(inner, AppliedUndef) and len(expr.variables) == 1:
            name = self._named(inner.func.__name__)
            return rf"\frac{{d {name}}}{{d {self._print(expr.variables[0])}}}"
        return str(super()._print_Derivative(expr))
