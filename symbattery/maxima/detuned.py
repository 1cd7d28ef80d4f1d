r"""The supremum of a chain with a diagonal: detuned, or with crosstalk.

:math:`E/\omega_0=\sum_{r<s}B_{rs}\sin^2\frac{(x_s-x_r)t}{2}` over the levels x of the sector.

**Rational or equally spaced levels** make it periodic: a polynomial in one cosine.

**Three other levels** have two independent spacings. (For an irreducible cubic some automorphism
moves the levels in a circle, so that a rational ratio q of two neighbouring spacings would solve
:math:`q^3=1`, and equal spacings that sum to zero vanish.) With
:math:`a_{12}+a_{23}=a_{13}` the angles are free otherwise (Kronecker), and
:math:`\sum B\sin^2(a/2)` is stationary where all sines vanish, or where
:math:`B_{12}\sin a_{12}=B_{23}\sin a_{23}=-B_{13}\sin a_{13}\ne0`: the law of sines in a triangle
with the sides :math:`1/|B|`. By the law of cosines its value is

.. math::

    \frac{(B_{12}B_{23}+B_{12}B_{13}+B_{23}B_{13})^2}{4B_{12}B_{23}B_{13}},

symmetric in the levels, so a rational number. No time reaches either: the phases would be
algebraic numbers with an irrational algebraic ratio of logarithms (Gelfond and Schneider).
"""

from __future__ import annotations

from itertools import combinations

import mpmath
from sympy import Expr, Poly, Rational, S, Symbol, fraction, gcd_list, ilcm, prod, sqrt, symmetrize

from symbattery.core.errors import UnsolvedError
from symbattery.core.expressions import factored
from symbattery.core.named_expression import NamedExpression
from symbattery.dynamics.frequencies import resolvent, x
from symbattery.dynamics.several_frequencies import MultiFrequencyMotion
from symbattery.dynamics.single_frequency import RabiTerm
from symbattery.maxima.commensurate import period_maximum
from symbattery.sectors.chains import Chain

__all__ = ["detuned_supremum"]

_DIGITS = 60
_MARGIN = mpmath.mpf(10) ** -30


def _pair_size(sizes: list[list[Expr]], levels: tuple[int, ...], r: int, s: int) -> Expr:
    return -4 * sum((k * a[r] * a[s] for k, a in zip(levels, sizes, strict=True)), S.Zero)


def _exact_sizes(chain: Chain, roots: list[Expr]) -> list[list[Expr]]:
    """A_kr for exact levels ``roots``."""
    rows = []
    found = resolvent(chain)
    for k in range(len(chain.levels)):
        numerator, hops = found.numerator(k).as_expr(), found.hops(k)
        rows.append(
            [
                hops
                * numerator.subs(x, root)
                / prod(root - other for other in roots if other != root)
                for root in roots
            ]
        )
    return rows


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
    first = roots[1] - roots[0]
    pairs = list(combinations(range(len(roots)), 2))
    ratios = [Rational(factored((roots[s] - roots[r]) / first)) for r, s in pairs]
    common = gcd_list([ratio * ilcm(1, *(q.q for q in ratios)) for ratio in ratios])
    unit = first * common / ilcm(1, *(q.q for q in ratios))
    rabi_terms = [
        RabiTerm((roots[s] - roots[r]) / 2, factored(_pair_size(sizes, chain.levels, r, s)), S.Zero)
        for r, s in pairs
    ]
    return period_maximum(
        rabi_terms, [int(factored(ratio * first / unit)) for ratio in ratios], unit / 2
    )


def _stationary(chain: Chain, chi: Poly) -> Expr:
    """The value in the triangle, as a symmetric function of the levels."""
    roots = [Symbol(f"x_{r}") for r in range(3)]
    sizes = _exact_sizes(chain, roots)
    b = [factored(_pair_size(sizes, chain.levels, r, s)) for r, s in combinations(range(3), 2)]
    pairs = b[0] * b[1] + b[0] * b[2] + b[1] * b[2]
    value = factored(factored(pairs) ** 2 / (4 * prod(b)))
    _, first, second, third = chi.monic().all_coeffs()
    parts = []
    for part in fraction(value):
        symmetric, rest, names = symmetrize(part.expand(), *roots, formal=True)
        assert rest == 0
        parts.append(
            symmetric.subs(dict(zip((n for n, _ in names), (-first, second, -third), strict=True)))
        )
    return factored(parts[0] / parts[1])


def _three(motion: MultiFrequencyMotion, chain: Chain, chi: Poly) -> Expr:
    """The supremum for independent spacings."""
    sizes = [list(row) for row in motion.sizes]
    pairs = list(combinations(range(3), 2))
    sizes_of_pairs = [
        NamedExpression(_pair_size(sizes, chain.levels, r, s), motion.definitions) for r, s in pairs
    ]
    with mpmath.workdps(_DIGITS):
        numbers = [mpmath.mpmathify(b.evalf(_DIGITS)) for b in sizes_of_pairs]
        # At every corner two of the sines of half the angles are ±1, or none.
        height, i, j = max((numbers[i] + numbers[j], i, j) for i, j in pairs)
        sides = sorted(1 / abs(b) for b in numbers)
        gap = sides[0] + sides[1] - sides[2]
        # A flat triangle is one of the corners.
        if gap > _MARGIN * sides[2]:
            inside = _stationary(chain, chi)
            if mpmath.mpmathify(inside.evalf(_DIGITS)) > height:
                return inside
    # An explicit motion has no names for them.
    named = [name for name in motion.definitions if name.name.startswith("B")]
    written = named or [b.expression for b in sizes_of_pairs]
    return NamedExpression(written[i] + written[j], motion.definitions)


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
    return _three(motion, chain, found), None
