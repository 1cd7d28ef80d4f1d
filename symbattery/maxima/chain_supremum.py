r"""Suprema of several frequencies: whole multiples of one, or those of one chain.

**Rabi terms with the rates** :math:`n_i\mu`: with :math:`c=\cos2\mu t`, :math:`\sin^2n_i\mu
t=(1-T_{n_i}(c))/2`, so that the energy is a polynomial on [-1, 1], largest at an end or where its
derivative vanishes.

**A chain without a diagonal.** With :math:`u_r=\cos\lambda_rgt`, :math:`s_r=\sin\lambda_rgt` the
amplitudes of an even distance are linear in :math:`z=(1,u_1,\dots,u_R)`, those of an odd distance
in :math:`s`, so that

.. math::

    E/\omega_0=z^TQ_uz+s^TQ_ss\le\mu_0+\sum_r\mu_r

for all multipliers that make :math:`\mathrm{diag}(\mu)-Q_u` and :math:`\mathrm{diag}(\mu)-Q_s`
positive semidefinite, because :math:`u_r^2+s_r^2=1`. For independent frequencies the phases come
arbitrarily close to every set of values (Kronecker). The point with alternating signs,
:math:`s=(1,-1,1,\dots)`, :math:`u=0` for an even number of levels and
:math:`u=(-1,1,-1,\dots)`, :math:`s=0` for an odd one, determines the multipliers that make the
bound an equality there: where both matrices are semidefinite with no more zeros than that, it is
the supremum and no other point has it. No time reaches it: all phases would be multiples of
:math:`\pi/2`, and their ratios rational.

**A chain with a diagonal**, detuned or with crosstalk, has
:math:`E/\omega_0=\sum_{r<s}B_{rs}\sin^2\frac{(x_s-x_r)t}{2}` over the levels x of the sector.
Rational or equally spaced levels make it periodic, as above. Three other levels have two
independent spacings. (For an irreducible cubic some automorphism moves the levels in a circle, so
that a rational ratio q of two neighbouring spacings would solve :math:`q^3=1`, and equal spacings
that sum to zero vanish.) With :math:`a_{12}+a_{23}=a_{13}` the angles are free otherwise
(Kronecker), and :math:`\sum B\sin^2(a/2)` is stationary where all sines vanish, or where
:math:`B_{12}\sin a_{12}=B_{23}\sin a_{23}=-B_{13}\sin a_{13}\ne0`: the law of sines in a triangle
with the sides :math:`1/|B|`. By the law of cosines its value is

.. math::

    \frac{(B_{12}B_{23}+B_{12}B_{13}+B_{23}B_{13})^2}{4B_{12}B_{23}B_{13}},

symmetric in the levels, so a rational number. No time reaches either: the phases would be
algebraic numbers with an irrational algebraic ratio of logarithms (Gelfond and Schneider).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from operator import itemgetter
from typing import Any, NamedTuple

import mpmath
import sympy
from sympy import Add, CRootOf, Expr, Integer, Poly, S, Symbol, acos, pi, prod, radsimp, sqrt

from symbattery.core.expressions import UnsolvedError, factored
from symbattery.core.named_roots import NamedExpression
from symbattery.dynamics.frequencies import (
    characteristic_polynomials,
    halved,
    resolvent,
    slopes_at,
    x,
)
from symbattery.dynamics.rational_independence import independent
from symbattery.dynamics.several_frequencies import MultiFrequencyMotion
from symbattery.dynamics.single_frequency import RabiTerm
from symbattery.sectors.chains import Chain

__all__ = ["detuned_supremum", "independent_phases_supremum", "period_maximum", "whole_multiples"]

_DIGITS = 60
# Signs are decided on numbers of 60 digits: what is smaller counts as zero.
_ZERO = mpmath.mpf(10) ** -30
_c = Symbol("c")
_COSINE_DIGITS = 50
_EQUAL = S(10) ** -35


def _slope_zeros(polynomial: Poly) -> list[Expr]:
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
    return [root for root, _ in sympy.real_roots(slope, multiple=False)]


def whole_multiples(rabi_terms: Sequence[RabiTerm]) -> tuple[list[int], Expr]:
    r"""The rates of commensurate Rabi terms as multiples of :math:`\mu`, and the largest such μ."""
    first = rabi_terms[0].rate
    ratios = [sqrt(factored((term.rate / first) ** 2)) for term in rabi_terms]
    common = sympy.ilcm(1, *(ratio.q for ratio in ratios))
    whole = [int(ratio * common) for ratio in ratios]
    step = sympy.igcd(0, *whole)
    return [n // step for n in whole], first * step / common


def period_maximum(rabi_terms: Sequence[RabiTerm]) -> tuple[Expr, Expr]:
    r"""The largest sum of commensurate Rabi terms, exactly, and the first time that has it.

    Returns
    -------
    value, time : Expr
        In units of ω₀, and of 1/energy.

    Raises
    ------
    UnsolvedError
        The sizes hold symbols, or are not rational where roots of a polynomial are needed.
    """
    multiples, unit = whole_multiples(rabi_terms)
    waves = ((1 - sympy.chebyshevt(n, _c)) / 2 for n in multiples)
    total = Add(*(term.energy(wave) for term, wave in zip(rabi_terms, waves, strict=True)))
    if total.free_symbols - {_c}:
        raise UnsolvedError(
            "two frequencies are commensurate and not up together: the maximum needs numbers in "
            "place of the populations"
        )
    polynomial = Poly(total.expand(), _c)
    height = polynomial.as_expr()
    inside = []
    for cosine in (S.One, S.NegativeOne, *_slope_zeros(polynomial)):
        place = cosine.evalf(_COSINE_DIGITS)
        if abs(place) <= 1:
            inside.append((cosine, place, height.subs(_c, place)))
    most = max(value for _, _, value in inside)
    # Of equal ones the earliest: the largest cosine.
    least = most - _EQUAL * max(1, abs(most))
    first, _, _ = max((part for part in inside if part[2] >= least), key=itemgetter(1))
    value = height.subs(_c, first)
    return value if value.has(CRootOf) else radsimp(value.expand()), acos(first) / (2 * unit)


def _numbers(sizes: Iterable[Expr], motion: MultiFrequencyMotion) -> list[mpmath.mpf]:
    named = (NamedExpression(size, motion.definitions) for size in sizes)
    return [mpmath.mpmathify(size.evalf(_DIGITS)) for size in named]


class _Point(NamedTuple):
    """The point of alternating signs: even amplitudes in (1, u), odd ones in s."""

    u: tuple[int, ...]
    s: tuple[int, ...]


def _amplitude(sizes: tuple[Expr, ...], k: int, point: _Point) -> Expr:
    """The amplitude of level k at the point (but for −i), for a start at level 0."""
    if k % 2:
        return sum((a * s for a, s in zip(sizes, point.s, strict=True)), S.Zero)
    lost = sum((a * (1 - u) / 2 for a, u in zip(sizes, point.u, strict=True)), S.Zero)
    return Integer(k == 0) - lost


def _forms(chain: Chain, sizes: list[list[Any]]) -> tuple[Any, Any]:
    """The matrices Q_u on (1, u) and Q_s on s, as numbers."""
    count = len(sizes[0])
    cosines, sines = mpmath.zeros(count + 1), mpmath.zeros(count)
    for k, (gained, row) in enumerate(zip(chain.levels, sizes, strict=True)):
        if k % 2:
            vector = mpmath.matrix(row)
            sines += gained * vector * vector.T
        else:
            vector = mpmath.matrix([(k == 0) - sum(row) / 2, *(a / 2 for a in row)])
            cosines += gained * vector * vector.T
    return cosines, sines


def _certified(chain: Chain, sizes: list[list[Any]], point: _Point) -> bool:
    """True where the multipliers of the point prove that no other phases do as well."""
    cosines, sines = _forms(chain, sizes)
    z, s = mpmath.matrix([1, *point.u]), mpmath.matrix(list(point.s))
    pull, push = cosines * z, sines * s
    count = len(point.s)
    multipliers = [pull[r + 1] / z[r + 1] if z[r + 1] else push[r] / s[r] for r in range(count)]
    slack = mpmath.diag([pull[0], *multipliers]) - cosines
    # Without a constant part of the even amplitudes only the block of the cosines counts.
    slacks = slack if point.u[0] else slack[1:, 1:], mpmath.diag(multipliers) - sines
    values = [list(mpmath.eigsy(matrix, eigvals_only=True)) for matrix in slacks]
    tight, loose = values if point.u[0] else values[::-1]
    small = _ZERO * max(map(max, values))
    return abs(tight[0]) < small and all(v > small for v in [*tight[1:], *loose])


def _closed(motion: MultiFrequencyMotion, chain: Chain, point: _Point) -> Expr:
    """The stored energy at the point; only amplitudes of one parity are left there."""
    left = 0 if point.u[0] else 1
    rows = list(enumerate(zip(chain.levels, motion.sizes, strict=True)))[left::2]
    return Add(*(gained * _amplitude(sizes, k, point) ** 2 for k, (gained, sizes) in rows))


def _of_two(named: Expr, motion: MultiFrequencyMotion, half: Poly) -> Expr:
    r"""The same for two frequencies, as a number: by their sum of squares and their product."""
    first, second = motion.rates
    _, minus, product = half.monic().all_coeffs()
    sizes = {a: value for a, value in motion.definitions.items() if a not in motion.rates}
    parts = [Poly(part, first, second) for part in sympy.fraction(factored(named.xreplace(sizes)))]
    if all(i % 2 == j % 2 == 0 for part in parts for i, j in part.monoms()):
        root = sqrt(minus**2 - 4 * product)
        low, high = (-minus - root) / 2, (-minus + root) / 2
        at = [sum(a * low ** (i // 2) * high ** (j // 2) for (i, j), a in p.terms()) for p in parts]
    else:
        # Symmetric in the frequencies, whose sum has the square -minus + 2 λ₁λ₂.
        together = sqrt(-minus + 2 * sqrt(product))
        elementary = together, sqrt(product)
        at = [_symmetric(part.as_expr(), motion.rates, elementary) for part in parts]
    return radsimp(at[0].expand() / at[1].expand())


def _symmetric(expression: Expr, roots: Sequence[Symbol], values: Iterable[Expr]) -> Expr:
    """A symmetric polynomial in ``roots``, for the values of the elementary ones."""
    symmetric, rest, names = sympy.symmetrize(expression.expand(), *roots, formal=True)
    assert rest == 0
    return symmetric.subs(dict(zip((name for name, _ in names), values, strict=True)))


def independent_phases_supremum(motion: MultiFrequencyMotion, chain: Chain, coupling: Expr) -> Expr:
    """The supremum of E/ω₀ of a chain that starts at its lowest level.

    For more than two frequencies in the named quantities of ``motion``: it is short only there.

    Parameters
    ----------
    motion : MultiFrequencyMotion
        In named quantities.
    chain : Chain
        Chiral, with numbers for hops in units of ``coupling``.
    coupling : Expr

    Raises
    ------
    UnsolvedError
        Symbols, frequencies not proven independent, or a supremum at other phases.
    """
    hops = tuple(factored(h / coupling**2) for h in chain.hops_squared)
    if any(h.free_symbols for h in hops):
        raise UnsolvedError(
            "the supremum of several frequencies needs numbers in place of symbols: solve with "
            "numbers in the model"
        )
    half = halved(characteristic_polynomials(chain.diagonal, hops)[-1])
    if not independent(half):
        raise UnsolvedError(
            "no closed form of the supremum is derived for frequencies that are not proven to be "
            "rationally independent; ask for the kind 'first peak' or 'window'"
        )
    count = len(motion.rates)
    signs, zeros = tuple((-1) ** (r + 1) for r in range(count)), (0,) * count
    point = _Point(signs, zeros) if len(chain.levels) % 2 else _Point(zeros, signs)
    with mpmath.workdps(_DIGITS):
        sizes = [_numbers(row, motion) for row in motion.sizes]
        certified = _certified(chain, sizes, point)
    if not certified:
        raise UnsolvedError("the supremum is not at alternating phases: no closed form is derived")
    if hops == hops[::-1]:
        # Mirror symmetry: |v_{Lr}| = |v_{0r}|, so the last amplitude is a sum of squares, 1.
        return Integer(chain.levels[-1])
    named = _closed(motion, chain, point)
    if len(motion.rates) == 2:
        return _of_two(named, motion, half)
    return NamedExpression(named, motion.definitions)


def _pair_size(sizes: list[list[Expr]], levels: tuple[int, ...], r: int, s: int) -> Expr:
    return -4 * sum((k * a[r] * a[s] for k, a in zip(levels, sizes, strict=True)), S.Zero)


def _exact_sizes(chain: Chain, roots: list[Expr]) -> list[list[Expr]]:
    """A_kr for exact levels ``roots``."""
    found = resolvent(chain)
    slopes = slopes_at(roots)
    return [
        [
            found.hops(k) * found.numerator(k).as_expr().subs(x, root) / slope
            for root, slope in zip(roots, slopes, strict=True)
        ]
        for k in range(len(chain.levels))
    ]


def _spacings(chi: Poly) -> list[Expr] | None:
    """The levels in increasing order, if all their distances are commensurate; else None."""
    factors = [factor.monic() for factor, _ in chi.factor_list()[1]]
    if all(factor.degree() == 1 for factor in factors):
        return sorted(-factor.TC() for factor in factors)
    if chi.degree() == 3 and len(factors) == 2:
        linear, square = sorted(factors, key=lambda f: f.degree())
        middle, (_, slope, rest) = -linear.TC(), square.all_coeffs()
        if middle == -slope / 2:
            half_width = sqrt(middle**2 - rest)
            return [middle - half_width, middle, middle + half_width]
    return None


def _periodic(chain: Chain, roots: list[Expr]) -> tuple[Expr, Expr]:
    sizes = _exact_sizes(chain, roots)
    pairs = list(combinations(range(len(roots)), 2))
    weights = (factored(_pair_size(sizes, chain.levels, r, s)) for r, s in pairs)
    rates = ((roots[s] - roots[r]) / 2 for r, s in pairs)
    return period_maximum([RabiTerm(*both, S.Zero) for both in zip(rates, weights, strict=True)])


def _stationary(chain: Chain, chi: Poly) -> Expr:
    """The value in the triangle, as a symmetric function of the levels."""
    roots = [Symbol(f"x_{r}") for r in range(3)]
    sizes = _exact_sizes(chain, roots)
    b = [factored(_pair_size(sizes, chain.levels, r, s)) for r, s in combinations(range(3), 2)]
    pairs = b[0] * b[1] + b[0] * b[2] + b[1] * b[2]
    value = factored(factored(pairs) ** 2 / (4 * prod(b)))
    _, first, second, third = chi.monic().all_coeffs()
    above, below = (_symmetric(p, roots, (-first, second, -third)) for p in sympy.fraction(value))
    return factored(above / below)


def _three(
    motion: MultiFrequencyMotion, chain: Chain, chi: Poly
) -> tuple[Expr, tuple[int, int] | None]:
    """The supremum for independent spacings; the pair of levels that move, if only two do."""
    sizes = [list(row) for row in motion.sizes]
    pairs = list(combinations(range(3), 2))
    sizes_of_pairs = [_pair_size(sizes, chain.levels, r, s) for r, s in pairs]
    with mpmath.workdps(_DIGITS):
        numbers = _numbers(sizes_of_pairs, motion)
        small = _ZERO * max(map(abs, numbers))
        moving = [i for i, b in enumerate(numbers) if abs(b) > small]
        # At every corner two of the sines of half the angles are ±1, or none.
        height, i, j = max((numbers[i] + numbers[j], i, j) for i, j in pairs)
        # Without one of the sizes there is no triangle, and a flat one is one of the corners.
        sides = sorted(1 / abs(numbers[i]) for i in moving)
        if len(sides) == 3 and sides[0] + sides[1] - sides[2] > _ZERO * sides[2]:
            inside = _stationary(chain, chi)
            if mpmath.mpmathify(inside.evalf(_DIGITS)) > height:
                return inside, None
    # An explicit motion has no names for them.
    named = [name for name in motion.definitions if name.name.startswith("B")]
    written = named or sizes_of_pairs
    value: Expr = NamedExpression(
        Add(*(written[k] for k in (i, j) if k in moving)), motion.definitions
    )
    if not chi.is_irreducible:
        # With a mirror symmetry the roots cancel.
        roots = sorted(sympy.roots(chi, multiple=True), key=lambda root: root.evalf(_DIGITS))
        levels = _exact_sizes(chain, roots)
        plain = (_pair_size(levels, chain.levels, *pairs[k]) for k in (i, j))
        short = radsimp(Add(*plain).expand()).expand()
        value = short if short.is_Rational else value
    return value, pairs[moving[0]] if len(moving) == 1 else None


def detuned_supremum(motion: MultiFrequencyMotion, chain: Chain) -> tuple[Expr, Expr | None]:
    """The supremum of E/ω₀, and the time that reaches it.

    Parameters
    ----------
    motion : MultiFrequencyMotion
        In named quantities.
    chain : Chain
        With numbers.

    Raises
    ------
    UnsolvedError
        Symbols, or more than three levels that are not commensurate.
    """
    found = resolvent(chain).chi
    if not (found.domain.is_QQ or found.domain.is_ZZ):
        raise UnsolvedError(
            "the supremum of several frequencies needs rational numbers in place of symbols: solve "
            "with numbers in the model"
        )
    roots = _spacings(found)
    if roots is not None:
        return _periodic(chain, roots)
    if len(chain.levels) != 3:
        raise UnsolvedError(
            "no closed form of the supremum is derived for more than three levels with a diagonal; "
            "ask for the kind 'first peak' or 'window'"
        )
    value, pair = _three(motion, chain, found)
    if pair is None:
        return value, None
    period = pi / (motion.rates[pair[1]] - motion.rates[pair[0]])
    return value, NamedExpression(period, motion.definitions)
