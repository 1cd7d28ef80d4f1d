"""Expressions in the form an author prints, and the errors where there is none."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np
import sympy
from sympy import (
    Add,
    Basic,
    Dummy,
    Expr,
    Float,
    Mul,
    Poly,
    Pow,
    Rational,
    S,
    Symbol,
    cos,
    expand,
    factor,
    powsimp,
)
from sympy.core.function import AppliedUndef

from numerics.model.checks import InvalidArgument, invalid, is_far

__all__ = [
    "MixedStateError",
    "UnsolvedError",
    "checked_symbols",
    "convolved",
    "distinct_parts",
    "exact",
    "factored",
    "is_symbol_name",
    "leads_negative",
    "rank",
    "shortest_form",
    "vanishes",
]


class UnsolvedError(ValueError):
    """No closed form is derived for this request; the message says for which there is one."""


class MixedStateError(ValueError):
    """Amplitudes were asked of a mixed initial state, which has none."""


# Sizes of the system lead in a polynomial, then the start, then everything else.
_LEADING = ("M", "N", "n", "m")

_GREEK = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi
    varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi
    Pi Sigma Upsilon Phi Psi Omega
"""
_LETTER = rf"(?:[A-Za-z\u0391-\u03a9\u03b1-\u03c9]|\\(?:{'|'.join(_GREEK.split())})(?![A-Za-z]))"
_SCRIPT = rf"(?:{_LETTER}|[0-9+\-*,'\u2080-\u2089])"
# Letters with digits, then scripts; each part may have one pair of braces.
_NAME = re.compile(
    rf"_?{_LETTER}(?:{_LETTER}|[0-9'\u2080-\u2089])*(?:[_^]{{1,2}}(?:{_SCRIPT}+|\{{{_SCRIPT}+\}}))*"
)
_LONGEST_NAME = 60
# What can be factored in reasonable time.
_MOST_DIGITS = 1000
_MOST_BITS = int(_MOST_DIGITS * math.log2(10))
_WORDS = "letters, digits and Greek, with sub- and superscripts"


def is_symbol_name(name: str) -> bool:
    """True for a name of letters, digits and Greek with scripts, which every output can hold."""
    return len(name) <= _LONGEST_NAME and _NAME.fullmatch(name) is not None


def _is_moderate(part: Any) -> bool:
    """False for a power that is a number too long to be written out; its parts are moderate."""
    if not isinstance(part, Pow):
        return True
    base, exponent = part.args
    if not (base.is_number and exponent.is_number) or (exponent.is_Rational and abs(exponent) <= 2):
        return True
    size, times = (abs(mpmath.mpmathify(value.evalf(5))) for value in (base, exponent))
    return size == 0 or bool(abs(mpmath.log10(size)) * times <= _MOST_DIGITS)


@lru_cache(maxsize=512)
def distinct_parts(expression: Basic) -> tuple[Basic, ...]:
    """All parts of an expression, each once and after its own parts; the last is itself.

    SymPy's traversals meet a part as often as it stands there, which took most of the time of
    printing a long formula.
    """
    found: dict[Basic, None] = {}
    waiting = [(expression, False)]
    while waiting:
        part, met = waiting.pop()
        if met:
            found[part] = None
        elif part not in found:
            waiting.append((part, True))
            waiting += [(one, False) for one in part.args if isinstance(one, Basic)]
    return tuple(found)


def checked_symbols(argument: str, value: Any) -> None:
    """Refuse a symbol or a function whose name is no name, and a number too long to be written.

    Raises
    ------
    InvalidArgument
        ``value`` has one.
    """
    parts = distinct_parts(value) if isinstance(value, Basic) else (value,)
    for number in parts:
        if isinstance(number, Basic) and not isinstance(number, Rational):
            continue
        sizes = (getattr(number, part, 0) for part in ("numerator", "denominator"))
        if any(
            isinstance(size, int) and size.bit_length() > _MOST_DIGITS * math.log2(10)
            for size in sizes
        ):
            raise InvalidArgument(
                f"`{argument}` must have numbers of at most {_MOST_DIGITS} digits"
            )
    if isinstance(value, Basic):
        far = any(isinstance(part, Float) and is_far(part) for part in parts)
        if far or not all(map(_is_moderate, parts)):
            raise InvalidArgument(f"`{argument}` must have powers of at most {_MOST_DIGITS} digits")
        named = {part for part in parts if isinstance(part, Symbol)}
        named |= {part.func for part in parts if isinstance(part, AppliedUndef)}
        for each in named:
            name = each.name if isinstance(each, Symbol) else each.__name__
            if not isinstance(each, Dummy) and not is_symbol_name(name):
                raise invalid(argument, f"have symbols whose names are {_WORDS}", name)


def exact(value: Any) -> Expr:
    """``value`` as an exact expression; a decimal is read as it prints, 0.1 as 1/10.

    So decimal weights sum to 1 exactly, and formulas print the number that was typed. An mpf is
    taken for the binary number it is.
    """
    if isinstance(value, float | np.floating | Decimal | Float):
        return Rational(str(value.item() if isinstance(value, np.float64) else value))
    if isinstance(value, mpmath.mpf):
        return Rational(*map(int, mpmath.libmp.to_rational(value._mpf_)))
    return sympy.sympify(value)


def rank(symbol: Symbol) -> tuple[int, str]:
    """Sort key of a symbol in a polynomial."""
    name = symbol.name
    return (_LEADING.index(name) if name in _LEADING else len(_LEADING), name)


def leads_negative(total: Add) -> bool:
    """True where the leading term of a sum has a minus sign."""
    symbols = sorted(total.free_symbols, key=rank)
    if not symbols or not total.is_polynomial(*symbols):
        return bool(total.could_extract_minus_sign())
    return bool(Poly(total, *symbols).LC().is_negative)


@lru_cache(maxsize=8192, typed=True)
def factored(expression: Expr) -> Expr:
    """A rational expression in factored form, every factor leading with a positive term."""
    if S(expression).is_Rational:
        return S(expression)
    number, factors = S.One, []
    for term in Mul.make_args(factor(expression)):
        base, power = term.as_base_exp()
        if isinstance(base, Add) and power.is_integer:
            # Numbers are kept apart: SymPy would multiply them into a single sum again.
            content, base = base.as_content_primitive()
            if leads_negative(base):
                content, base = -content, -base
            number *= content**power
        factors.append(base**power)
    return number * Mul(*factors)


@lru_cache(maxsize=8192, typed=True)
def shortest_form(total: Expr) -> Expr:
    """The shortest of a sum as it stands, factored, and expanded then factored."""
    candidates = (factored(total.expand()), factored(total), total)
    return min(candidates, key=lambda form: form.count_ops())


def convolved(left: Mapping[int, Expr], right: Mapping[int, Expr]) -> dict[int, Expr]:
    """The coefficients of a product, from those of its factors by power."""
    total: dict[int, Expr] = {}
    for i, a in left.items():
        for j, b in right.items():
            total[i + j] = total.get(i + j, S.Zero) + a * b
    return total


def vanishes(expression: Expr) -> bool:
    """True where an expression in exponentials and algebraic parameters is 0, by algebra."""
    flat = powsimp(expand(expression.rewrite(cos).expand(trig=True)))
    return bool(flat == 0 or sympy.simplify(flat) == 0)
