r"""From the form an author prints to one that is computed with few operations, and accurately.

- What does not depend on time is named, so that it is computed once, exactly, and rounded once.
- :math:`\sin2\varphi` becomes :math:`2\sin\varphi\cos\varphi` where :math:`\sin\varphi` is needed
  anyhow: two transcendental functions for each frequency of a chiral chain, without cancellation.
- :math:`e^{-iy}` becomes :math:`1-2\sin^2\frac y2-2i\sin\frac y2\cos\frac y2`, and the ones are
  added up exactly: an amplitude that starts at 0 keeps its digits there.
- A polynomial in one :math:`S=\sin^2\varphi` becomes :math:`S(a_1+S(a_2+\dots))`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import TypeVar

import sympy
from sympy import Add, Expr, Function, I, Integer, Mul, Piecewise, Pow, S, Sum, Symbol, cos, sin
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from symbattery.core.expressions import convolved
from symbattery.core.finite_sums import IndexRange
from symbattery.symbols import t

__all__ = ["Summed", "needed", "prepared", "sums_apart"]

_Coefficients = dict[int, Expr]


_Name = TypeVar("_Name", bound=Expr)


def needed(expression: Expr, definitions: Mapping[_Name, Expr]) -> dict[_Name, Expr]:
    """The definitions that ``expression`` depends on, directly or through others.

    Their names are symbols, or functions of indices within a sum.
    """
    used = expression.atoms(Symbol, AppliedUndef)
    below = []
    for name, value in reversed(list(definitions.items())):
        if name in used:
            used |= value.atoms(Symbol, AppliedUndef)
            below.append((name, value))
    return dict(reversed(below))


def prepared(
    expression: Expr, definitions: Mapping[Symbol, Expr]
) -> tuple[Expr, dict[Symbol, Expr]]:
    """``expression`` ready to be computed, and everything it is written in, in order.

    Parameters
    ----------
    expression : Expr
        In :math:`t`, parameters and the names of ``definitions``.
    definitions : mapping
        Each in terms of those before it; what is not needed is left out.
    """
    below = needed(expression, definitions)
    names: dict[Expr, Symbol] = {}
    apart = _apart(_horner(_halved(_from_rest(expression))), names)
    return apart, {**below, **{name: value for value, name in names.items()}}


def _from_rest(expression: Expr) -> Expr:
    """The waves e^(-iy) as 1 and what they have moved away from it."""
    put = {}
    for wave in expression.atoms(sympy.exp):
        y = I * wave.args[0]
        if y.has(t) and not y.has(I):
            put[wave] = 1 - 2 * sin(y / 2) ** 2 - 2 * I * sin(y / 2) * cos(y / 2)
    return sympy.expand_mul(expression.xreplace(put)) if put else expression


def _halved(expression: Expr) -> Expr:
    """Write sin 2φ as 2 sin φ cos φ where sin φ is there as well."""
    phases = {wave.args[0] for wave in expression.atoms(sin)}
    doubled = {phase for phase in phases if phase / 2 in phases}
    put = {sin(x): 2 * sin(x / 2) * cos(x / 2) for x in doubled if x / 2 not in doubled}
    return expression.xreplace(put)


def _horner(expression: Expr) -> Expr:
    """The terms that are polynomials in a sin²φ, collected by φ; the others as they are."""
    collected: dict[Expr, _Coefficients] = {}
    rest = []
    for term in Add.make_args(expression):
        waves = [wave for wave in term.atoms(sin) if wave.has(t)]
        powers = _coefficients(term, waves[0]) if len(waves) == 1 else None
        if powers is None or powers.get(0, S.Zero) != 0:
            rest.append(term)
        else:
            collected[waves[0]] = _sum(collected.get(waves[0], {}), powers)
    for wave, coefficients in collected.items():
        total: Expr = S.Zero
        for power in range(max(coefficients), 0, -1):
            total = wave**2 * (coefficients.get(power, S.Zero) + total)
        rest.append(total)
    return Add(*rest)


def _coefficients(expression: Expr, wave: Expr) -> _Coefficients | None:
    """Coefficients by the power of ``wave``², not multiplied out; None if it is no polynomial."""
    if not expression.has(t):
        return {0: expression}
    if isinstance(expression, Pow) and expression.base == wave:
        power = expression.exp
        return {int(power) // 2: S.One} if power.is_Integer and power % 2 == 0 else None
    if not isinstance(expression, Add | Mul):
        return None
    parts = [_coefficients(argument, wave) for argument in expression.args]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return reduce(_sum if isinstance(expression, Add) else convolved, known)


def _sum(left: _Coefficients, right: _Coefficients) -> _Coefficients:
    return {k: left.get(k, S.Zero) + right.get(k, S.Zero) for k in left | right}


def _named(value: Expr, names: dict[Expr, Symbol]) -> Expr:
    if value.is_Symbol or value is I or (isinstance(value, Integer) and abs(value) < 2**53):
        return value
    return names.setdefault(value, Symbol(f"_constant{len(names)}"))


def _apart(expression: Expr, names: dict[Expr, Symbol]) -> Expr:
    """``expression`` with everything that does not depend on time named in ``names``."""
    if not expression.has(t):
        return _named(expression, names)
    if isinstance(expression, Add | Mul):
        constant, moving = expression.as_independent(t, as_Add=isinstance(expression, Add))
        if isinstance(expression, Mul) and constant.has(I):
            # i stays in place: what is named is real.
            parts = [I, _named(constant / I, names)]
        else:
            parts = [_named(constant, names)]
        parts += [_apart(part, names) for part in type(expression).make_args(moving)]
        return expression.func(*parts)
    if expression == t:
        return t
    if isinstance(expression, Pow):
        return Pow(_apart(expression.base, names), expression.exp)
    return expression.func(*(_apart(argument, names) for argument in expression.args))


# A sum without an index is there on a condition only.
_SUMS = (Sum, Piecewise)

Summed = tuple[Expr, tuple[IndexRange, ...], Boolean]
"""A term, its ranges, outermost first, and the condition for the sum to be there."""


def sums_apart(expression: Expr) -> tuple[Expr, dict[Expr, Summed]]:
    """``expression`` with a function of time in place of every sum, and what each of these is."""
    totals: dict[Expr, Expr] = {}
    rest = _without_sums(expression, totals)
    return rest, {total: _terms(whole) for whole, total in totals.items()}


def _without_sums(expression: Expr, totals: dict[Expr, Expr]) -> Expr:
    """``expression`` with a function of time for every sum, by which ``totals`` has it."""
    if not expression.has(*_SUMS):
        return expression
    factors = [factor for factor in Mul.make_args(expression) if factor.has(*_SUMS)]
    if len(factors) == 1 and isinstance(factors[0], _SUMS):
        return totals.setdefault(expression, Function(f"_total{len(totals)}")(t))
    return expression.func(*(_without_sums(part, totals) for part in expression.args))


def _terms(whole: Expr) -> Summed:
    if not whole.has(*_SUMS):
        return whole, (), S.true
    if isinstance(whole, Piecewise):
        (value, condition), _ = whole.args
        term, ranges, _ = _terms(value)
        return term, ranges, condition
    if isinstance(whole, Sum):
        term, inner, condition = _terms(whole.function)
        ranges = tuple(tuple(limits) for limits in reversed(whole.limits))
        return term, (*ranges, *inner), condition
    before, summed = whole.as_independent(*_SUMS, as_Add=False)
    term, ranges, condition = _terms(summed)
    return before * term, ranges, condition
