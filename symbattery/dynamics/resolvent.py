"""Characteristic polynomials of a Jacobi matrix and of its leading blocks."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Poly, S, Symbol

__all__ = ["characteristic_polynomials", "x"]

x = Symbol("x")


def characteristic_polynomials(
    diagonal: Sequence[Expr], hops_squared: Sequence[Expr]
) -> list[Poly]:
    """det(x - H) of the first 0, 1, 2, … levels, by the three-term recurrence."""
    found, before = [Poly(1, x)], Poly(0, x)
    for k, a in enumerate(diagonal):
        hop = hops_squared[k - 1] if k else S.Zero
        found.append(Poly(x - a, x) * found[-1] - Poly(hop, x) * before)
        before = found[-2]
    return found
