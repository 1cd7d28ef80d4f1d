r"""The supremum of the stored energy over all times, exactly.

For one Rabi term :math:`E/\omega_0=F(S)=a\,S(1+rS)`, :math:`S=\sin^2\varphi`, :math:`a>0`:
:math:`F'(S)=a(1+2rS)` is positive on [0, 1) when :math:`r\ge-\tfrac12`, so that
:math:`E_{\max}=a(1+r)` at :math:`\varphi=\pi/2`; otherwise :math:`E_{\max}=-a/(4r)` at
:math:`S=-1/(2r)`.

Several terms are grouped by commensurate rates. Groups are independent of each other, each is
periodic, and the supremum is the sum of their maxima.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from sympy import (
    Add,
    And,
    Eq,
    Expr,
    Ge,
    Gt,
    Integer,
    Lt,
    Ne,
    Poly,
    Rational,
    S,
    asin,
    ceiling,
    factorint,
    fraction,
    igcd,
    ilcm,
    pi,
    sqrt,
)
from sympy.logic.boolalg import Boolean

from symbattery.core.errors import UnsolvedError
from symbattery.core.expressions import factored
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.dynamics.single_frequency import RabiTerm
from symbattery.maxima.commensurate import TimedMaximum, period_maximum
from symbattery.maxima.detuned import detuned_supremum
from symbattery.maxima.independent_phases import independent_phases_supremum
from symbattery.maxima.result import Maximum

__all__ = ["supremum"]


def _half_reached(ratio: Expr) -> Boolean:
    """The condition r ≥ -1/2, solved for an integer parameter where there is just one."""
    numerator, _ = fraction(factored(1 + 2 * ratio))
    if not numerator.free_symbols:
        return S.true if numerator >= 0 else S.false
    symbols = list(numerator.free_symbols)
    if len(symbols) == 1 and symbols[0].is_integer and Poly(numerator, *symbols).degree() == 1:
        slope, offset = Poly(numerator, *symbols).all_coeffs()
        if slope > 0:
            return Ge(symbols[0], ceiling(-offset / slope))
    return Ge(numerator.expand(), 0)


def _complement(condition: Boolean) -> Boolean:
    """The negation; N < 2 for a positive integer N is N = 1."""
    if isinstance(condition, Ge) and condition.rhs == 2 and condition.lhs.is_integer:
        return Eq(condition.lhs, 1)
    return Lt(condition.lhs, condition.rhs)


def supremum(solution: ClosedForm) -> Maximum:
    """The supremum of the stored energy, from a battery that starts empty.

    Raises
    ------
    UnsolvedError
        No closed form is derived; the message says why.
    """
    rabi_terms, omega = solution.rabi_terms, solution.model.frequency
    if solution.motions:
        return _one_chain(solution)
    if not rabi_terms:
        return Maximum(S.Zero, S.Zero, "supremum")
    if len(rabi_terms) == 1:
        return _single(rabi_terms[0], omega, solution)
    return _several(rabi_terms, omega)


def _one_chain(solution: ClosedForm) -> Maximum:
    if len(solution.branches) > 1:
        raise UnsolvedError(
            "no closed form of the supremum is derived for a mixture of several frequencies; ask "
            "for the kind 'first peak' or 'window'"
        )
    ((chain, motion),) = solution.motions.items()
    omega = solution.model.frequency
    if chain.is_chiral:
        value, time = independent_phases_supremum(motion, chain, solution.model.coupling), None
    else:
        value, time = detuned_supremum(motion, chain)
    return Maximum(omega * value, time, "supremum")


def _single(rabi_term: RabiTerm, omega: Expr, solution: ClosedForm) -> Maximum:
    a, r = rabi_term.size, rabi_term.ratio
    condition = _half_reached(r)
    top = Maximum(omega * factored(a * (1 + r)), pi / (2 * rabi_term.rate), "supremum", condition)
    if condition == S.true:
        return top
    below = Maximum(
        omega * factored(-a / (4 * r)),
        asin(sqrt(factored(-1 / (2 * r)))) / rabi_term.rate,
        "supremum",
        _complement(condition) if condition != S.false else S.true,
    )
    if condition == S.false:
        return below
    if isinstance(below.condition, Eq):
        # A single value is left: put it in, for a statement without parameters.
        at = {below.condition.lhs: below.condition.rhs}
        put = {**solution.definitions}
        assert below.time is not None
        below = Maximum(
            below.value.subs(at), below.time.subs(put).subs(at), below.kind, below.condition
        )
    return Maximum(top.value, top.time, top.kind, condition, below)


def _squarefree(rate: Expr, unit: Expr) -> tuple[Expr, int]:
    """Write rate/unit = q √d with d squarefree: (q, d)."""
    square = factored((rate / unit) ** 2)
    if not square.is_Rational:
        raise UnsolvedError(
            f"`maximum` of several frequencies needs numbers, but one is {rate}; numerics.charge "
            "has first_peak and max_energy"
        )
    product = Integer(square.p * square.q)
    core = 1
    for prime, power in factorint(product).items():
        core *= prime ** (power % 2)
    return sqrt(product / core) / square.q, core


def _odd_ratio(a: Expr, b: Expr) -> bool:
    ratio = Rational(a / b)
    return bool(ratio.p % 2 and ratio.q % 2)


def _group(rabi_terms: Sequence[RabiTerm], multiples: Sequence[Expr], unit: Expr) -> TimedMaximum:
    """The largest sum of Rabi terms of the rates ``multiples`` times ``unit``, and when."""
    together = all(_odd_ratio(a, b) for a, b in combinations(multiples, 2))
    if together and all(_half_reached(s.ratio) == S.true for s in rabi_terms):
        # All are up at φ = π/2 of the slowest, or at an odd multiple of it.
        slowest = min(multiples)
        odd = ilcm(1, *(Rational(q / slowest).q for q in multiples))
        top = Add(*(s.size * (1 + s.ratio) for s in rabi_terms))
        return TimedMaximum(top, pi * odd / (2 * slowest * unit))
    common = ilcm(1, *(Rational(q).q for q in multiples))
    whole = [int(q * common) for q in multiples]
    step = igcd(0, *whole)
    return period_maximum(rabi_terms, [n // step for n in whole], unit * step / common)


def _several(rabi_terms: tuple[RabiTerm, ...], omega: Expr) -> Maximum:
    # √d of distinct squarefree d are linearly independent over the rationals (Besicovitch 1940),
    # so the phases of different groups come arbitrarily close to any values together (Kronecker).
    unit = rabi_terms[0].rate
    groups: dict[int, list[tuple[RabiTerm, Expr]]] = {}
    for rabi_term in rabi_terms:
        multiple, core = _squarefree(rabi_term.rate, unit)
        groups.setdefault(core, []).append((rabi_term, multiple))
    tops = [
        _group([s for s, _ in group], [q for _, q in group], unit * sqrt(core))
        for core, group in groups.items()
    ]
    total = Add(*(top.value for top in tops)).expand()
    factored = total.factor()
    short = factored.count_ops() <= total.count_ops() and not factored.could_extract_minus_sign()
    value = omega * (factored if short else total)
    if len(tops) == 1:
        return Maximum(value, tops[0].time, "supremum")
    # At a time that reaches all the tops, two phases would be algebraic numbers with an irrational
    # algebraic ratio of logarithms (Gelfond and Schneider). Where a part vanishes the others may
    # reach their sum.
    weights = {s.size for s in rabi_terms if s.size.is_positive is not True}
    simple = {w for size in weights for w in size.free_symbols}
    ranges = And(*(And(Gt(p, 0), Lt(p, 1)) for p in sorted(simple, key=str)))
    populations = all(_is_population(size) for size in weights)
    condition = ranges if populations else And(*(Ne(w, 0) for w in weights))
    return Maximum(value, None, "supremum", condition)


def _is_population(size: Expr) -> bool:
    """True where a size is positive for populations strictly between 0 and 1: p^i (1-p)^j sums."""
    inside = {p: Rational(1, 2) for p in size.free_symbols}
    ends = [size.subs(p, end) for p in size.free_symbols for end in (0, 1)]
    nonnegative = all(p.is_nonnegative for p in size.free_symbols)
    return nonnegative and size.subs(inside) > 0 and any(end == 0 for end in ends)
