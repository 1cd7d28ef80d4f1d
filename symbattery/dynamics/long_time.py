r"""Long-time means on a chain: rational in its elements, whatever its frequencies.

The spectrum of a chain is simple, so the phases of different levels average out and

.. math::

    \bar p_k=\sum_r\langle k|v_r\rangle^2\langle v_r|s\rangle^2
    =\prod b^2\,\sum_r\frac{n_k(x_r)^2}{\chi'(x_r)^2},

the squared residues of the resolvent at the roots of :math:`\chi`. A sum over all roots is a trace
in the polynomials modulo :math:`\chi`: for a monic :math:`P` of degree d

.. math::

    T_i=\sum_r\frac{y_r^i}{P'(y_r)^2}=[y^{d-1}]\,\Big(\frac{y^i}{P'}\bmod P\Big),

and the other :math:`T_i`, of negative i too, follow by the recurrence that :math:`P` is.

**Chiral** chains have :math:`\chi=x^{L\bmod2}Q(x^2)`, and half the degree is enough. The levels
:math:`\pm\lambda` are different ones and both count, with :math:`\chi'^2=4y\,Q'(y)^2` for even L
and :math:`4y^2\,Q'(y)^2` for odd L, where the level 0 adds :math:`n_k(0)^2/Q(0)^2`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sympy import Expr, Poly, S, prod

from symbattery.core.expressions import factored
from symbattery.dynamics.frequencies import halved, resolvent
from symbattery.sectors.chains import Chain, check_effort

__all__ = ["mean_populations"]

# Seconds for a polynomial of degree d: this times d^5, and a factor d for each symbol but one.
_SECONDS, _POWER = 2e-3, 5


def _traces(polynomial: Poly, lowest: int, highest: int) -> Mapping[int, Any]:
    """T_i of a monic polynomial over a field, in elements of this field."""
    degree, y = polynomial.degree(), Poly(polynomial.gen, polynomial.gen, domain=polynomial.domain)
    *below, _ = coefficients = polynomial.rep.to_list()[::-1]
    found, power = {}, polynomial.diff().invert(polynomial)
    for i in range(degree):
        found[i] = power.rep.nth(degree - 1)
        power = (power * y).rem(polynomial)
    zero = polynomial.domain.zero
    for i in range(degree, highest + 1):
        found[i] = -sum((c * found[i - degree + j] for j, c in enumerate(below)), zero)
    for i in range(-1, lowest - 1, -1):
        above = sum((c * found[i + j] for j, c in enumerate(coefficients[1:], 1)), zero)
        found[i] = -above / coefficients[0]
    return found


@lru_cache(maxsize=128)
def mean_populations(chain: Chain, coupling: Expr) -> tuple[Expr, ...]:
    """The long-time mean of the probability of each level of a chain.

    Parameters
    ----------
    chain : Chain
    coupling : Expr
        The unit of the frequencies of a chiral chain, which drops out.

    Raises
    ------
    UnsolvedError
        So many levels with symbols would take hours.
    """
    size, odd = len(chain.levels), len(chain.levels) % 2
    if size == 1:
        return (S.One,)
    if chain.is_chiral:
        hops = tuple(factored(h / coupling**2) for h in chain.hops_squared)
        chain = replace(chain, hops_squared=hops)
    elements = (*chain.hops_squared, *chain.diagonal)
    symbols = len(set().union(*(element.free_symbols for element in elements)))
    if symbols:
        degree = size // 2 if chain.is_chiral else size
        what = f"long-time means of {size} levels with symbols in them"
        seconds = _SECONDS * float(degree) ** (_POWER + symbols - 1)
        check_effort(seconds, "cells", what, "with numbers for all symbols they take a second")
    parts = resolvent(chain)
    polynomial, lowest = parts.chi.to_field(), 0
    squares = [parts.numerator(k) ** 2 for k in range(size)]
    if chain.is_chiral:
        polynomial, squares = halved(polynomial), list(map(halved, squares))
        lowest = -1 - odd
    domain = polynomial.domain
    traces = _traces(polynomial, lowest, max(s.degree() for s in squares) + lowest)
    means = []
    for k, square in enumerate(squares):
        rising = square.set_domain(domain).rep.to_list()[::-1]
        mean = sum((c * traces[i] for i, c in enumerate(rising, lowest)), domain.zero)
        if chain.is_chiral:
            mean /= domain(2)
            if odd:
                mean += rising[0] / polynomial.rep.nth(0) ** 2
        means.append(factored(prod(parts.hops_squared(k)) * domain.to_sympy(mean)))
    return tuple(means)
