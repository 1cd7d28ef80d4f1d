r"""Linear independence of frequencies over the rationals, by proof.

Only then do their phases come arbitrarily close to any values together (Kronecker). Let
:math:`\lambda_r^2` be the roots of a rational polynomial :math:`Q`.

**Two frequencies.** If :math:`Q` is irreducible, some automorphism exchanges
:math:`\lambda_1^2,\lambda_2^2` and sends :math:`q=\lambda_1/\lambda_2` to :math:`\pm1/q`; a
rational q would be 1. If it is not, q is rational just where :math:`q^2` is the square of a
rational number.

**More.** Let a prime p divide neither the discriminant nor :math:`Q(0)`, let :math:`Q` have all its
roots modulo p, and exactly one of them be no square. Then the Frobenius automorphism at p changes
the sign of one frequency and keeps all others: in a relation :math:`\sum_rn_r\lambda_r=0` its
coefficient vanishes, and so do those of all frequencies of the same irreducible factor, by
conjugation. The same follows where all but one of a factor are no squares: then any such part of
the sum vanishes, hence every term. If just the two of one quadratic factor are no squares, the
relation holds for these two alone, which are independent. If such primes exist for all irreducible
factors but one linear one, there is no relation.

**Mirror-symmetric chains of even length** have :math:`\pm Q(x^2)=h(x)h(-x)` with a rational h: the
relations between the roots of h are a subspace invariant under its Galois group. For degree 3, or
degree 4 with the group :math:`S_4` or :math:`A_4`, the only candidates are "all equal" and "sum
zero", and the trace of h excludes the latter.
"""

from __future__ import annotations

from sympy import Poly, Rational, Symbol, sieve, sqrt
from sympy.polys.domains import ZZ
from sympy.polys.galoistools import gf_eval, gf_pow_mod, gf_rem, gf_trunc

__all__ = ["independent"]

_x = Symbol("x")
_MOST_FREQUENCIES = 4
_LARGEST_PRIME = 4000


def _two(half: Poly) -> bool:
    factors = [factor for factor, _ in half.factor_list()[1]]
    if len(factors) == 1:
        return True
    first, second = (Rational(-factor.TC(), factor.LC()) for factor in factors)
    return not sqrt(first / second).is_Rational


def _splits(coefficients: list[int], p: int) -> bool:
    """y^p = y modulo the polynomial and p: all roots lie in the prime field."""
    modulus = gf_trunc(coefficients, p)
    power = gf_pow_mod([ZZ(1), ZZ(0)], p, modulus, p, ZZ)
    return bool(power == gf_rem([ZZ(1), ZZ(0)], modulus, p, ZZ))


def _flipped(half: Poly) -> bool:
    """Primes prove that frequencies can change sign apart from those of other factors."""
    factors = [f.clear_denoms(convert=True)[1] for f, _ in half.factor_list()[1]]
    integral = half.clear_denoms(convert=True)[1]
    whole = [int(a) for a in integral.all_coeffs()]
    bad = int(integral.discriminant()) * whole[0] * whole[-1]
    waiting = set(range(len(factors)))
    for p in sieve.primerange(3, _LARGEST_PRIME):
        if bad % p == 0 or not _splits(whole, p):
            continue
        wholes = ([int(a) for a in f.all_coeffs()] for f in factors)
        per_factor = [[v for v in range(p) if gf_eval(f, v, p, ZZ) == 0] for f in wholes]
        flipped = [
            i
            for i, roots in enumerate(per_factor)
            for root in roots
            if pow(root, (p - 1) // 2, p) != 1
        ]
        if len(set(flipped)) == 1:
            count, degree = len(flipped), factors[flipped[0]].degree()
            if count in (1, degree - 1) or count == degree == 2:
                waiting.discard(flipped[0])
        if not waiting or (len(waiting) == 1 and factors[min(waiting)].degree() == 1):
            return True
    return False


def _mirrored(half: Poly) -> bool:
    """Q(x²) = ±h(x)h(−x) with h of degree 3 or 4 and a Galois group that settles it."""
    doubled = Poly(half.as_expr().subs(half.gen, _x**2), _x)
    factors = [factor.monic() for factor, _ in doubled.factor_list()[1]]
    if len(factors) != 2 or factors[0].degree() != factors[1].degree():
        return False
    h = factors[0]
    trace = h.all_coeffs()[1]
    if trace == 0 or h.degree() not in (3, 4):
        return False
    if h.degree() == 3:
        return True
    group, _ = h.galois_group()
    return bool(group.order() in (12, 24))


def independent(half: Poly) -> bool | None:
    r"""Independence of the frequencies :math:`\lambda_r`, :math:`Q(\lambda_r^2)=0`.

    Parameters
    ----------
    half : Poly
        :math:`Q(y)` with rational coefficients, distinct positive roots.

    Returns
    -------
    bool or None
        None where neither is proven.
    """
    count = half.degree()
    if count == 1:
        return True
    if count == 2:
        return _two(half)
    if count > _MOST_FREQUENCIES:
        return None
    return True if _mirrored(half) or _flipped(half) else None
