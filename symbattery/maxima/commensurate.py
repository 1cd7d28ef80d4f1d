r"""Rabi terms whose rates are whole multiples of one: a polynomial in a single cosine.

With rates :math:`n_i\mu` and :math:`c=\cos2\mu t`, :math:`\sin^2n_i\mu t=(1-T_{n_i}(c))/2`, so that
the energy is a polynomial on [-1, 1], largest at an end or where its derivative vanishes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sympy import Add, CRootOf, Expr, Poly, S, Symbol, acos, chebyshevt, radsimp, real_roots

from symbattery.core.errors import UnsolvedError
from symbattery.dynamics.single_frequency import RabiTerm

__all__ = ["TimedMaximum", "period_maximum"]

_c = Symbol("c")
_DIGITS = 50
_EQUAL = S(10) ** -35


class TimedMaximum(NamedTuple):
    """A largest value and the first time that reaches it."""

    value: Expr
    time: Expr


def _stationary(polynomial: Poly) -> list[Expr]:
    """The real zeros of the derivative, exactly."""
    slope = polynomial.diff()
    if slope.degree() < 1:
        return []
    if slope.degree() == 1:
        return [-slope.TC() / slope.LC()]
    if not (slope.domain.is_QQ or slope.domain.is_ZZ):
        raise UnsolvedError(
            "the maximum of commensurate frequencies needs rational weights, but one is not; the "
            "kinds 'first peak' and 'window' do without"
        )
    return [root for root, _ in real_roots(slope, multiple=False)]


def period_maximum(
    rabi_terms: Sequence[RabiTerm], multiples: Sequence[int], unit: Expr
) -> TimedMaximum:
    r"""The largest sum of ``rabi_terms`` over one period, exactly, in units of ω₀.

    Parameters
    ----------
    rabi_terms : sequence of RabiTerm
        Of rates ``multiples`` times ``unit``.
    multiples : sequence of int
        Positive.
    unit : Expr
        :math:`\mu`.

    Raises
    ------
    UnsolvedError
        The sizes hold symbols, or are not rational where roots of a polynomial are needed.
    """
    total = Add(
        *(
            rabi_term.energy((1 - chebyshevt(n, _c)) / 2)
            for rabi_term, n in zip(rabi_terms, multiples, strict=True)
        )
    )
    if total.free_symbols - {_c}:
        raise UnsolvedError(
            "two frequencies are commensurate and not up together: the maximum needs numbers in "
            "place of the populations"
        )
    polynomial = Poly(total.expand(), _c)
    candidates = [S.One, S.NegativeOne, *_stationary(polynomial)]
    places = [c.evalf(_DIGITS) for c in candidates]
    inside = [
        (c, x, polynomial.as_expr().subs(_c, x))
        for c, x in zip(candidates, places, strict=True)
        if abs(x) <= 1
    ]
    highest_of_all = max(height for _, _, height in inside)
    # Of equal ones the earliest: the largest cosine.
    first, _, _ = max(
        (part for part in inside if part[2] > highest_of_all - _EQUAL), key=lambda part: part[1]
    )
    value = polynomial.as_expr().subs(_c, first)
    return TimedMaximum(value if value.has(CRootOf) else radsimp(value), acos(first) / (2 * unit))
