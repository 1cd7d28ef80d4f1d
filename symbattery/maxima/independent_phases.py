r"""The supremum of a chiral chain with several independent frequencies.

With :math:`u_r=\cos\lambda_rgt`, :math:`s_r=\sin\lambda_rgt` the amplitudes of an even distance are
linear in :math:`z=(1,u_1,\dots,u_R)`, those of an odd distance in :math:`s`, so that

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
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mpmath
from sympy import Expr, Integer, Poly, S, fraction, radsimp, sqrt, symmetrize

from symbattery.core.errors import UnsolvedError
from symbattery.core.expressions import factored
from symbattery.core.named_expression import NamedExpression
from symbattery.dynamics.frequencies import characteristic_polynomials, halved
from symbattery.dynamics.rational_independence import independent
from symbattery.dynamics.several_frequencies import MultiFrequencyMotion
from symbattery.sectors.chains import Chain

__all__ = ["independent_phases_supremum"]

_DIGITS = 60
# The signs are decided on numbers of 60 digits: what is smaller counts as zero.
_ZERO = mpmath.mpf(10) ** -30


@dataclass(frozen=True)
class _Point:
    """The point of alternating signs: even amplitudes in (1, u), odd ones in s."""

    u: tuple[int, ...]
    s: tuple[int, ...]


def _alternating(levels: int, count: int) -> _Point:
    signs = tuple((-1) ** (r + 1) for r in range(count))
    zeros = (0,) * count
    return _Point(zeros, signs) if levels % 2 == 0 else _Point(signs, zeros)


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
    slack_sines = mpmath.diag(multipliers) - sines
    if point.u[0]:
        slack_cosines = mpmath.diag([pull[0], *multipliers]) - cosines
    else:
        # Even amplitudes have no constant part: only the block of the cosines counts.
        slack_cosines = mpmath.diag(multipliers) - cosines[1:, 1:]
    values = [list(mpmath.eigsy(m, eigvals_only=True)) for m in (slack_cosines, slack_sines)]
    tight, loose = values if point.u[0] else values[::-1]
    small = _ZERO * max(map(max, values))
    return abs(tight[0]) < small and all(v > small for v in [*tight[1:], *loose])


def _closed(motion: MultiFrequencyMotion, chain: Chain, point: _Point) -> Expr:
    """The stored energy at the point; only amplitudes of one parity are left there."""
    left = 0 if point.u[0] else 1
    parts = (
        gained * _amplitude(sizes, k, point) ** 2
        for k, (gained, sizes) in enumerate(zip(chain.levels, motion.sizes, strict=True))
        if k % 2 == left
    )
    return sum(parts, S.Zero)


def _of_two(named: Expr, motion: MultiFrequencyMotion, half: Poly) -> Expr:
    r"""The same for two frequencies, as a number: by their sum of squares and their product."""
    first, second = motion.rates
    _, minus, product = half.monic().all_coeffs()
    sizes = {a: value for a, value in motion.definitions.items() if a not in motion.rates}
    parts = [Poly(part, first, second) for part in fraction(factored(named.xreplace(sizes)))]
    if all(i % 2 == j % 2 == 0 for part in parts for i, j in part.monoms()):
        root = sqrt(minus**2 - 4 * product)
        low, high = (-minus - root) / 2, (-minus + root) / 2
        at = [sum(a * low ** (i // 2) * high ** (j // 2) for (i, j), a in p.terms()) for p in parts]
    else:
        # Symmetric in the frequencies, whose sum has the square -minus + 2 λ₁λ₂.
        together = sqrt(-minus + 2 * sqrt(product))
        at = [_symmetric(part, together, sqrt(product)) for part in parts]
    return radsimp(at[0].expand() / at[1].expand())


def _symmetric(polynomial: Poly, total: Expr, product: Expr) -> Expr:
    symmetric, rest, names = symmetrize(polynomial.as_expr(), *polynomial.gens, formal=True)
    assert rest == 0
    return symmetric.subs({names[0][0]: total, names[1][0]: product})


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
    point = _alternating(len(chain.levels), len(motion.rates))
    with mpmath.workdps(_DIGITS):
        sizes = [[_number(a, motion) for a in row] for row in motion.sizes]
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


def _number(size: Expr, motion: MultiFrequencyMotion) -> mpmath.mpf:
    return mpmath.mpmathify(NamedExpression(size, motion.definitions).evalf(_DIGITS))
