r"""An expression rearranged before it is printed: numbers in front, roots without squares in them.

:math:`\sqrt{4(73N^2-1)}` becomes :math:`2\sqrt{73N^2-1}`, and :math:`\lambda^2(96-46N)` becomes
:math:`-2\lambda^2(23N-48)`. Values never change; nothing is expanded or factored.
"""

from __future__ import annotations

from functools import lru_cache

from sympy import (
    Abs,
    Add,
    Expr,
    Function,
    Integer,
    Min,
    Mul,
    Piecewise,
    Pow,
    Rational,
    S,
    Sum,
    binomial,
    conjugate,
    factorint,
    floor,
)
from sympy.core.function import AppliedUndef

from symbattery.core.expressions import leads_negative
from symbattery.core.implicit import ImplicitRoot
from symbattery.core.named_expression import NamedExpression
from symbattery.dynamics.radicals import OrderedRoot
from symbattery.model import symbols

__all__ = ["PLAIN", "authored", "has_function"]

SIZES = {"M", "N", "m", "n"}
# Every other symbol counts as a named quantity.
PLAIN = SIZES | {"k", "c", "t", "g", "g_1", "g_2", "gamma", "omega_0", "omega_C"}


@lru_cache(maxsize=65536)
def has_function(expression: Expr) -> bool:
    """Whether a function, or the bare time, stands in ``expression`` (named roots are names)."""
    if isinstance(expression, ImplicitRoot | OrderedRoot | AppliedUndef | floor | Min | binomial):
        return False
    if isinstance(expression, Function) or expression == symbols.t:
        return True
    return any(has_function(part) for part in expression.args)


def _square_part(number: Rational) -> Rational:
    """The largest s with s² a divisor of a positive rational number."""
    found = S.One
    for n, sign in ((number.p, 1), (number.q, -1)):
        for prime, power in factorint(n, limit=10_000).items():
            found *= Integer(prime) ** (sign * (power // 2))
    return found


def _content(total: Add) -> tuple[Rational, Expr]:
    content, primitive = total.as_content_primitive()
    names = {s.name for s in total.free_symbols}
    plain = names & SIZES and names <= PLAIN
    if plain and isinstance(primitive, Add) and leads_negative(primitive):
        return -content, -primitive
    return content, primitive


def _factor(factor: Expr) -> tuple[Expr, Expr]:
    """The number in front of a factor of a product, and the rest."""
    base, power = factor.as_base_exp()
    if isinstance(base, Add) and power.is_Integer and not has_function(base):
        content, primitive = _content(base)
        return content**power, Pow(primitive, power)
    return S.One, factor


def _root(base: Expr, power: Expr) -> Expr:
    """(c x)^(n/2) with the squares in c in front."""
    if isinstance(base, Add):
        number, rest = base.as_content_primitive()
    else:
        number, rest = base.as_coeff_Mul()
    if not number.is_Rational or not number.is_positive:
        return Pow(base, power)
    square = _square_part(number)
    return square ** (2 * power) * Pow(number / square**2 * rest, power)


def _moduli(factors: list[Expr]) -> list[Expr]:
    """|c|² in place of c times its conjugate."""
    for i, factor in enumerate(factors):
        other = conjugate(factor)
        if other != factor and other in factors and not factor.is_Number:
            left = [f for j, f in enumerate(factors) if j != i and f != other]
            return _moduli([*left, Abs(factor) ** 2])
    return factors


@lru_cache(maxsize=4096)
def authored(expression: Expr) -> Expr:
    """The expression as it is to be printed."""
    if not expression.args or isinstance(expression, ImplicitRoot | OrderedRoot):
        return expression
    if isinstance(expression, NamedExpression):
        return authored(expression.expression)
    if isinstance(expression, Piecewise):
        return expression.func(*((authored(value), held) for value, held in expression.args))
    if not isinstance(expression, Add | Mul | Pow | Function | Sum):
        return expression
    if isinstance(expression, Sum):
        return expression.func(authored(expression.function), *expression.limits)
    args = [authored(part) for part in expression.args]
    if isinstance(expression, Mul):
        pairs = [_factor(part) for part in _moduli(args)]
        number = Mul(*(a for a, _ in pairs))
        return number * Mul(*(b for _, b in pairs))
    if isinstance(expression, Pow):
        base, power = args
        if power.is_Rational and power.q == 2 and not base.is_Number:
            return _root(base, power)
        return Pow(base, power)
    if isinstance(expression, Add):
        return Add(*args)
    return expression.func(*args)
