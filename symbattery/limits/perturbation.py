r"""Series in a small parameter: chains with weak hops, and the value at a stationary point.

**Weak hops.** With the hops :math:`\sqrt{e\,\beta_k}` between levels :math:`a_k`, all different,
the level :math:`x_r` solves the continued fraction

.. math:: x=a_r+\frac{e\beta_{r-1}}{x-a_{r-1}-\dots}+\frac{e\beta_r}{x-a_{r+1}-\dots},

of which each pass from :math:`x=a_r` on gives one more power of e. The oscillations of the energy,
:math:`E/\omega_0=\sum_{r<s}B_{rs}\sin^2\frac{(x_s-x_r)t}2` for a start in the first level, have
:math:`B_{rs}=-4\sum_kk\,A_{kr}A_{ks}` with the residues :math:`A_{kr}` of
:mod:`symbattery.dynamics.several_frequencies`.
A level k is populated in order :math:`e^k` only: to order :math:`e^p` the first p + 1 levels
suffice.

**Stationary points.** :math:`p(\varphi,\varepsilon)` is stationary where
:math:`h(\varphi,\varepsilon)=0`. With the total derivative
:math:`D=\partial_\varepsilon+\varphi'\partial_\varphi+\varphi''\partial_{\varphi'}+\dots`
:math:`D^kh=0` is linear in :math:`\varphi^{(k)}`, and :math:`D^kp/k!` at :math:`\varepsilon=0` is
the k-th coefficient of the stationary value; there :math:`\varphi^{(k)}` drops out, because its
factor is :math:`\partial_\varphi p=0`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import combinations, pairwise
from typing import Any

from sympy import QQ, Expr, Symbol, factor, factorial
from sympy.polys.ring_series import rs_mul, rs_series_inversion, rs_trunc
from sympy.polys.rings import ring

__all__ = ["along_stationary_point", "weak_hops"]

Series = Any  # a PolyElement in e alone
Coefficients = tuple[Expr, ...]


def weak_hops(
    diagonal: Sequence[Expr], hops_squared: Sequence[Expr], order: int
) -> tuple[tuple[Coefficients, ...], Mapping[tuple[int, int], Coefficients]]:
    r"""Levels and oscillations of a chain to relative order :math:`e^{\text{order}}`.

    Parameters
    ----------
    diagonal, hops_squared : sequence of Expr
        :math:`a_k`, different from one another, and :math:`\beta_k`: rational expressions.
    order : int

    Returns
    -------
    levels : tuple of tuple of Expr
        Entry k of level r belongs to :math:`e^k` in :math:`x_r`, k = 0, …, order.
    motions : mapping
        Entry k of the pair (r, s) belongs to :math:`e^{k+1}` in :math:`B_{rs}`, k = 0, …, order.

    Raises
    ------
    ZeroDivisionError
        Two levels agree.
    """
    symbols = sorted(set().union(*(a.free_symbols for a in [*diagonal, *hops_squared])), key=str)
    numbers = QQ.frac_field(*symbols) if symbols else QQ
    polynomials, e = ring("e", numbers)
    a = [polynomials(numbers.from_sympy(value)) for value in diagonal]
    hops = [e * numbers.from_sympy(value) for value in hops_squared]
    one, zero, count = polynomials.one, polynomials.zero, range(len(a))

    def times(*factors: Series) -> Series:
        return reduce(lambda p, q: rs_mul(p, q, e, order + 1), factors, one)

    def over(series: Series) -> Series:
        return rs_series_inversion(series, e, order + 1)

    def fraction(x: Series, levels: Iterable[Series], hops: Iterable[Series]) -> Series:
        """The continued fraction from the end of the chain on."""
        pairs = zip(levels, hops, strict=True)
        return reduce(lambda rest, pair: times(pair[1], over(x - pair[0] - rest)), pairs, zero)

    def level(r: int) -> Series:
        x = a[r]
        for _ in range(order):
            shift = fraction(x, a[:r], hops[:r]) + fraction(x, a[:r:-1], hops[r:][::-1])
            x = a[r] + rs_trunc(shift, e, order + 1)
        return x

    def minors_above(x: Series) -> list[Series]:
        """The characteristic polynomials at x of the levels beyond 0, 1, …, last."""
        minors = [zero, one]
        for level, hop in zip(a[:0:-1], [zero, *hops[:0:-1]], strict=False):
            minors.append(times(x - level, minors[-1]) - times(hop, minors[-2]))
        return minors[:0:-1]

    x = [level(r) for r in count]
    above = [minors_above(root) for root in x]
    slopes = [times(*(over(x[r] - x[s]) for s in count if s != r)) for r in count]
    # The products of hops are not truncated: they bring the one power of e that is left over.
    climbed = [reduce(lambda p, q: p * q, hops[:k], one) for k in count]

    def size(r: int, s: int) -> Series:
        weights = (k * climbed[k] * times(above[r][k], above[s][k]) for k in count)
        # The first factor e is set apart, because the slopes are known to `order` only.
        return times(-4 * sum(weights, zero).quo(e), slopes[r], slopes[s])

    def coefficients(series: Series) -> Coefficients:
        powers = [one, *(e**k for k in range(1, order + 1))]
        return tuple(factor(numbers.to_sympy(series.coeff(power))) for power in powers)

    motions = {(r, s): coefficients(size(r, s)) for r, s in combinations(count, 2)}
    return tuple(map(coefficients, x)), motions


def along_stationary_point(
    value: Expr, equation: Expr, variable: Symbol, parameter: Symbol, root: Expr, order: int
) -> tuple[Coefficients, Coefficients]:
    """Taylor coefficients in ``parameter`` of a stationary point and of the value there.

    Parameters
    ----------
    value : Expr
        p.
    equation : Expr
        h, which vanishes where the derivative of p with respect to φ does.
    variable, parameter : Symbol
        φ and ε.
    root : Expr
        φ at ε = 0, a simple root.
    order : int

    Returns
    -------
    points, values : tuple of Expr
        Entry k belongs to the k-th power, k = 0, …, ``order``.
    """
    moving = [variable, *(Symbol(f"{variable.name}_{k}") for k in range(1, order + 1))]

    def along(expression: Expr) -> Expr:
        moved = (after * expression.diff(phi) for phi, after in pairwise(moving))
        return expression.diff(parameter) + sum(moved)

    known: dict[Symbol, Expr] = {variable: root}
    values = [value.subs(parameter, 0).subs(known)]
    for k in range(1, order + 1):
        equation, value = along(equation), along(value)
        linear = equation.subs(parameter, 0)
        slope = linear.diff(moving[k])
        values.append(value.subs(parameter, 0).subs({moving[k]: 0, **known}) / factorial(k))
        known[moving[k]] = (-linear.subs(moving[k], 0) / slope).subs(known)
    return tuple(known[phi] / factorial(k) for k, phi in enumerate(moving)), tuple(values)
