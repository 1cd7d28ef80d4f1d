r"""Chains with weak hops: levels and energy differences in powers of the squared hops.

With the hops :math:`\sqrt{e\,\beta_k}` between levels :math:`a_k`, all different, the level
:math:`x_r` solves the continued fraction

.. math:: x=a_r+\frac{e\beta_{r-1}}{x-a_{r-1}-\dots}+\frac{e\beta_r}{x-a_{r+1}-\dots},

of which each pass from :math:`x=a_r` on gives one more power of e. The oscillations of the energy,
:math:`E/\omega_0=\sum_{r<s}B_{rs}\sin^2\frac{(x_s-x_r)t}2` for a start in the first level, have
:math:`B_{rs}=-4\sum_kk\,A_{kr}A_{ks}` with the residues :math:`A_{kr}` of
:mod:`symbattery.dynamics.several_frequencies`.
A level k is populated in order :math:`e^k` only: to order :math:`e^p` the first p + 1 levels
suffice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from typing import Any

from sympy import QQ, Expr, factor
from sympy.polys.ring_series import rs_mul, rs_series_inversion, rs_trunc
from sympy.polys.rings import ring

__all__ = ["WeakHops", "weak_hops"]

Series = Any  # a PolyElement in e alone


@dataclass(frozen=True)
class WeakHops:
    r"""Coefficients of a chain with weak hops.

    Attributes
    ----------
    levels : tuple of tuple of Expr
        Entry k of level r belongs to :math:`e^k` in :math:`x_r`, k = 0, …, order.
    motions : mapping
        Entry k of the pair (r, s) belongs to :math:`e^{k+1}` in :math:`B_{rs}`, k = 0, …, order.
    """

    levels: tuple[tuple[Expr, ...], ...]
    motions: Mapping[tuple[int, int], tuple[Expr, ...]]


@dataclass(frozen=True)
class _Jacobi:
    """The chain over truncated power series in e."""

    e: Series
    terms: int
    diagonal: Sequence[Series]
    hops_squared: Sequence[Series]

    def times(self, *factors: Series) -> Series:
        return reduce(lambda p, q: rs_mul(p, q, self.e, self.terms), factors, self.e.ring.one)

    def over(self, p: Series) -> Series:
        return rs_series_inversion(p, self.e, self.terms)

    def level(self, r: int) -> Series:
        x, last = self.diagonal[r], len(self.diagonal) - 1
        for _ in range(self.terms - 1):
            below = above = self.e.ring.zero
            for k in range(r):
                below = self.times(self.hops_squared[k], self.over(x - self.diagonal[k] - below))
            for k in range(last, r, -1):
                above = self.times(
                    self.hops_squared[k - 1], self.over(x - self.diagonal[k] - above)
                )
            x = self.diagonal[r] + rs_trunc(below + above, self.e, self.terms)
        return x

    def minors_above(self, x: Series) -> list[Series]:
        """The characteristic polynomials at x of the levels beyond 0, 1, …, last."""
        found, before = [self.e.ring.one], self.e.ring.zero
        for k in range(len(self.diagonal) - 1, 0, -1):
            hop = self.hops_squared[k] if k < len(self.hops_squared) else before
            found.append(self.times(x - self.diagonal[k], found[-1]) - self.times(hop, before))
            before = found[-2]
        return found[::-1]


def weak_hops(diagonal: Sequence[Expr], hops_squared: Sequence[Expr], order: int) -> WeakHops:
    r"""Levels and oscillations of a chain to relative order :math:`e^{\text{order}}`.

    Parameters
    ----------
    diagonal, hops_squared : sequence of Expr
        :math:`a_k`, different from one another, and :math:`\beta_k`: rational expressions.
    order : int

    Raises
    ------
    ZeroDivisionError
        Two levels agree.
    """
    symbols = sorted(set().union(*(a.free_symbols for a in [*diagonal, *hops_squared])), key=str)
    numbers = QQ.frac_field(*symbols) if symbols else QQ
    polynomials, e = ring("e", numbers)
    chain = _Jacobi(
        e,
        order + 1,
        [polynomials(numbers.from_sympy(a)) for a in diagonal],
        [e * numbers.from_sympy(b) for b in hops_squared],
    )
    count = range(len(diagonal))
    x = [chain.level(r) for r in count]
    above = [chain.minors_above(root) for root in x]
    slopes = [chain.times(*(chain.over(x[r] - x[s]) for s in count if s != r)) for r in count]
    # The products of hops are not truncated: they bring the one power of e that is left over.
    climbed = [reduce(lambda p, q: p * q, chain.hops_squared[:k], polynomials.one) for k in count]

    def size(r: int, s: int) -> Series:
        weights = (k * climbed[k] * chain.times(above[r][k], above[s][k]) for k in count)
        # The first factor e is set apart, because the slopes are known to `order` only.
        return -4 * sum(weights, polynomials.zero).quo(e)

    def coefficients(series: Series) -> tuple[Expr, ...]:
        powers = [polynomials.one, *(e**k for k in range(1, order + 1))]
        return tuple(factor(numbers.to_sympy(series.coeff(power))) for power in powers)

    return WeakHops(
        tuple(coefficients(root) for root in x),
        {
            (r, s): coefficients(chain.times(size(r, s), slopes[r], slopes[s]))
            for r, s in combinations(count, 2)
        },
    )
