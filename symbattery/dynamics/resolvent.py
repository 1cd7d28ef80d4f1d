"""Characteristic polynomials of a Jacobi matrix, and the numerators of its resolvent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, Poly, S, Symbol, prod, sqrt

from symbattery.core.expressions import factored
from symbattery.sectors.chains import Chain

__all__ = ["Resolvent", "characteristic_polynomials", "resolvent", "x"]

x = Symbol("x")


def characteristic_polynomials(
    diagonal: Sequence[Expr], hops_squared: Sequence[Expr]
) -> list[Poly]:
    """det(x - H) of the first 0, 1, 2, … levels, by the three-term recurrence."""
    minors, before = [Poly(1, x)], Poly(0, x)
    for k, a in enumerate(diagonal):
        hop = hops_squared[k - 1] if k else S.Zero
        minors.append(Poly(x - a, x) * minors[-1] - Poly(hop, x) * before)
        before = minors[-2]
    return minors


@dataclass(frozen=True)
class Resolvent:
    """Numerators of the resolvent from the start, and the characteristic polynomial."""

    chain: Chain
    below: list[Poly]
    above: list[Poly]

    @property
    def chi(self) -> Poly:
        return self.below[-1]

    def numerator(self, k: int) -> Poly:
        low, high = sorted((self.chain.start, k))
        return self.below[low] * self.above[len(self.chain.levels) - 1 - high]

    def hops(self, k: int) -> Expr:
        """The product of the hops between the start and level ``k``."""
        low, high = sorted((self.chain.start, k))
        return sqrt(factored(prod(self.chain.hops_squared[low:high])))


def resolvent(chain: Chain) -> Resolvent:
    """The resolvent of a chain between its start and every level."""
    return Resolvent(
        chain,
        characteristic_polynomials(chain.diagonal, chain.hops_squared),
        characteristic_polynomials(chain.diagonal[::-1], chain.hops_squared[::-1]),
    )
