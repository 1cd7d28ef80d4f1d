r"""The supremum of the stored energy over all times, exactly.

For one Rabi term :math:`E/\omega_0=F(S)=a\,S(1+rS)`, :math:`S=\sin^2\varphi`, :math:`a>0`:
:math:`F'(S)=a(1+2rS)` is positive on [0, 1) when :math:`r\ge-\tfrac12`, so that
:math:`E_{\max}=a(1+r)` at :math:`\varphi=\pi/2`; otherwise :math:`E_{\max}=-a/(4r)` at
:math:`S=-1/(2r)`.

Several terms are grouped by commensurate rates. Groups are independent of each other, each is
periodic, and the supremum is the sum of their maxima.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import sympy
from sympy import Add, And, Eq, Expr, Ge, Gt, Lt, Ne, Poly, Rational, S, asin, ceiling, fraction, pi
from sympy.logic.boolalg import Boolean

from symbattery.core.expressions import UnsolvedError, factored
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.dynamics.single_frequency import RabiTerm
from symbattery.maxima.chain_supremum import (
    detuned_supremum,
    independent_phases_supremum,
    period_maximum,
    whole_multiples,
)
from symbattery.maxima.result import Maximum
from symbattery.maxima.waves import reduced, time_unit
from symbattery.sectors.chains import Chain

__all__ = ["chain_supremum", "complement", "grouped", "half_reached", "supremum"]


def half_reached(ratio: Expr) -> Boolean:
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


def complement(condition: Boolean) -> Boolean:
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
        value, time = chain_supremum(solution)
        return Maximum(omega * value, time, "supremum")
    if not rabi_terms:
        return Maximum(S.Zero, S.Zero, "supremum")
    if len(rabi_terms) == 1:
        return _single(rabi_terms[0], omega, solution)
    return _several(rabi_terms, omega)


def chain_supremum(
    solution: ClosedForm, weights: tuple[int, ...] | None = None
) -> tuple[Expr, Expr | None]:
    """The supremum of the mean of ``weights`` of the levels, or of E/ω₀, of one chain; its time.

    For a start in the lowest level and several frequencies; errors as for `supremum`.
    """
    if len(solution.branches) > 1:
        raise UnsolvedError(
            "no closed form of the supremum is derived for a mixture of several frequencies; "
            "ask for the kind 'first peak' or 'window'"
        )
    if not solution.motions:
        raise UnsolvedError(
            "no supremum of this quantity is derived for a spin that turns; ask for the kind "
            "'first peak' or 'window'"
        )
    ((chain, motion),) = solution.motions.items()
    coupling = solution.model.coupling
    if chain.is_chiral:
        weighted = replace(chain, levels=weights or chain.levels)
        return independent_phases_supremum(motion, weighted, coupling), None
    time_unit(solution)
    unit = _rational_unit(chain, coupling)
    if unit != 1:
        ((chain, motion),) = reduced(solution, unit).motions.items()
    if weights is not None:
        # The names of the sizes are those of the energy.
        named = {a: value for a, value in motion.definitions.items() if not str(a).startswith("B")}
        chain, motion = replace(chain, levels=weights), replace(motion, definitions=named)
    value, time = detuned_supremum(motion, chain)
    if value.evalf() < 0:
        # Not an energy, which is never less than at the start.
        value = time = S.Zero
    return chain.levels[chain.start] + value, time and time / unit


def _rational_unit(chain: Chain, coupling: Expr) -> Expr:
    """A unit in which all elements of a chain are rational; the coupling where none is seen."""
    units = (S.One, abs(coupling), *(abs(a) for a in chain.diagonal if a != 0))
    for unit in units:
        hops = (factored(hop / unit**2) for hop in chain.hops_squared)
        if all(a.is_Rational for a in (*hops, *(factored(a / unit) for a in chain.diagonal))):
            return unit
    return units[1]


def _single(rabi_term: RabiTerm, omega: Expr, solution: ClosedForm) -> Maximum:
    a, r = rabi_term.size, rabi_term.ratio
    condition = half_reached(r)
    top = Maximum(omega * factored(a * (1 + r)), pi / (2 * rabi_term.rate), "supremum", condition)
    if condition == S.true:
        return top
    value = omega * factored(-a / (4 * r))
    time = asin(sympy.sqrt(factored(-1 / (2 * r)))) / rabi_term.rate
    if condition == S.false:
        return Maximum(value, time, "supremum")
    otherwise = complement(condition)
    if isinstance(otherwise, Eq):
        # A single value is left: put it in, for a statement without parameters.
        at = {otherwise.lhs: otherwise.rhs}
        value, time = value.subs(at), time.subs(dict(solution.definitions)).subs(at)
    return replace(top, otherwise=Maximum(value, time, "supremum", otherwise))


def _commensurate(rate: Expr, other: Expr) -> bool:
    """True where the ratio of two rates, whose square is rational, is rational itself."""
    square = factored((rate / other) ** 2)
    if not square.is_Rational:
        raise UnsolvedError(
            f"`maximum` of several frequencies needs numbers, but one is {rate}; numerics.charge "
            "has first_peak and maximum"
        )
    return all(sympy.integer_nthroot(int(n), 2)[1] for n in (square.p, square.q))


def _group(rabi_terms: Sequence[RabiTerm]) -> tuple[Expr, Expr]:
    """The largest sum of Rabi terms of commensurate rates, and when."""
    multiples, unit = whole_multiples(rabi_terms)
    if all(n % 2 for n in multiples) and all(half_reached(s.ratio) == S.true for s in rabi_terms):
        # All are up at the first quarter of the common period.
        return Add(*(s.size * (1 + s.ratio) for s in rabi_terms)), pi / (2 * unit)
    return period_maximum(rabi_terms)


def grouped(rabi_terms: Iterable[RabiTerm]) -> list[list[RabiTerm]]:
    """Groups of commensurate rates, which move independently of each other.

    √d of distinct squarefree d are linearly independent over the rationals (Besicovitch 1940), so
    the phases of different groups come arbitrarily close to any values together (Kronecker).
    """
    groups: list[list[RabiTerm]] = []
    for term in rabi_terms:
        found = (group for group in groups if _commensurate(term.rate, group[0].rate))
        if group := next(found, None):
            group.append(term)
        else:
            groups.append([term])
    return groups


def _several(rabi_terms: tuple[RabiTerm, ...], omega: Expr) -> Maximum:
    tops = [_group(group) for group in grouped(rabi_terms)]
    total = Add(*(value for value, _ in tops)).expand()
    product = total.factor()
    short = product.count_ops() <= total.count_ops() and not product.could_extract_minus_sign()
    value = omega * (product if short else total)
    if len(tops) == 1:
        return Maximum(value, tops[0][1], "supremum")
    # At a time that reaches all the tops, two phases would be algebraic numbers with an irrational
    # algebraic ratio of logarithms (Gelfond and Schneider). Where a part vanishes the others may
    # reach their sum.
    weights = {s.size for s in rabi_terms if s.size.is_positive is not True}
    simple = {w for size in weights for w in size.free_symbols}
    ranges = And(*(And(Gt(p, 0), Lt(p, 1)) for p in sorted(simple, key=str)))
    populations = all(map(_is_population, weights))
    condition = ranges if populations else And(*(Ne(w, 0) for w in weights))
    return Maximum(value, None, "supremum", condition)


def _is_population(size: Expr) -> bool:
    """True where a size is positive for populations strictly between 0 and 1: p^i (1-p)^j sums."""
    inside = {p: Rational(1, 2) for p in size.free_symbols}
    ends = [size.subs(p, end) for p in size.free_symbols for end in (0, 1)]
    nonnegative = all(p.is_nonnegative for p in size.free_symbols)
    return nonnegative and size.subs(inside) > 0 and any(end == 0 for end in ends)
