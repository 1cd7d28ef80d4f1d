r"""The exact motion on a chain that has one frequency.

With the leading and trailing characteristic polynomials of a Jacobi matrix the amplitude from
level :math:`s` to level :math:`k` is the sum of residues

.. math::

    c_k(t)=\Big(\prod_{\text{hops }s\to k} b\Big)\sum_x
    \frac{\chi_{<\min}(x)\,\chi_{>\max}(x)}{\chi'(x)}\,e^{-ixt}

over the roots :math:`x` of :math:`\chi`. A chiral chain (constant diagonal) has the roots
:math:`\pm\Omega`, and 0 for an odd length, which combine to real cosines and sines. The value at
:math:`t=0` fixes the part of the zero root, so that :math:`1-\cos` never appears, only
:math:`\sin^2`: nothing cancels at small times.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, I, Integer, Poly, S, cos, exp, prod, sin, sqrt

from symbattery.core.expressions import factored, shortest_form
from symbattery.dynamics.resolvent import characteristic_polynomials
from symbattery.sectors.chains import Chain

__all__ = ["Pulse", "amplitudes", "frequency_squared", "has_one_frequency", "pulse"]


@dataclass(frozen=True)
class Pulse:
    r"""A stored energy :math:`E/\omega_0=a\,S\,(1+r\,S)` with :math:`S=\sin^2(\Phi t)`.

    Attributes
    ----------
    rate_squared : Expr
        :math:`\Phi^2`.
    size, ratio : Expr
        :math:`a` and :math:`r`.
    """

    rate_squared: Expr
    size: Expr
    ratio: Expr


def has_one_frequency(chain: Chain) -> bool:
    """Whether the chain has two levels, or three without a diagonal."""
    return len(chain.levels) == 2 or (len(chain.levels) == 3 and chain.is_chiral)


def frequency_squared(chain: Chain) -> Expr:
    r"""The square of the only frequency :math:`\Omega` of the chain."""
    if len(chain.levels) == 2:
        # A detuned pair of levels: the generalised Rabi frequency.
        detuning = chain.diagonal[1] - chain.diagonal[0]
        # Not expanded: near resonance the terms of the square would cancel.
        return chain.hops_squared[0] + detuning**2 / 4
    return shortest_form(sum(chain.hops_squared, S.Zero))


def _residue(chain: Chain, k: int, rate: Expr) -> Expr:
    """Weight of e^(-iΩt) in c_k, for a chiral chain and ``rate`` = Ω."""
    low, high = sorted((chain.start, k))
    b2 = chain.hops_squared
    below = characteristic_polynomials(chain.diagonal, b2)
    above = characteristic_polynomials(chain.diagonal, b2[::-1])[len(chain.levels) - 1 - high]
    square = sum(b2, S.Zero)
    value, odd = _at_root(below[low] * above, square)
    steepness, slope_odd = _at_root(below[-1].diff(), square)
    hops = prod(b2[low:high])
    if odd == slope_odd:
        return sqrt(hops) * factored(value / steepness)
    # A single power of Ω left over stands below the line, unless the hops cancel it.
    value = factored(value * square / steepness) if odd else factored(value / steepness)
    cancelled = factored(hops / square)
    return value * (sqrt(hops) / rate if cancelled.free_symbols else sqrt(cancelled))


def _at_root(polynomial: Poly, square: Expr) -> tuple[Expr, bool]:
    """An even or odd polynomial at x = Ω: its value but for a last odd power, and if it is odd."""
    terms = polynomial.terms()
    odd = bool(terms[0][0][0] % 2)
    return sum((a * square ** (power // 2) for (power,), a in terms), S.Zero), odd


def amplitudes(chain: Chain, rate: Expr, time: Expr, sign: int = 1) -> dict[int, Expr]:
    r"""The amplitudes :math:`c_k(t)`, by excited cells relative to the start.

    Parameters
    ----------
    chain : Chain
        Of at most three levels (two, if it has a diagonal).
    rate : Expr
        How :math:`\Omega` is to be written.
    time : Expr
    sign : int
        Sign of the coupling: the hops are known by their squares only.
    """
    if len(chain.levels) == 1:
        return {0: S.One}
    if not chain.is_chiral:
        return _detuned(chain, rate, time, sign)
    has_zero_root = len(chain.levels) % 2 == 1
    result = {}
    for k, excited in enumerate(chain.levels):
        distance = abs(k - chain.start)
        weight = sign**distance * _residue(chain, k, rate)
        if distance % 2:
            result[excited] = -2 * I * weight * sin(rate * time)
        elif has_zero_root:
            result[excited] = Integer(distance == 0) - 4 * weight * sin(rate * time / 2) ** 2
        else:
            result[excited] = 2 * weight * cos(rate * time)
    return result


def _detuned(chain: Chain, rate: Expr, time: Expr, sign: int) -> dict[int, Expr]:
    here, there = chain.start, 1 - chain.start
    half = chain.diagonal[there] / 2
    phase = exp(-I * half * time)
    return {
        chain.levels[here]: phase * (cos(rate * time) + I * half / rate * sin(rate * time)),
        chain.levels[there]: -I
        * sign
        * phase
        * sqrt(chain.hops_squared[0])
        / rate
        * sin(rate * time),
    }


def pulse(chain: Chain) -> Pulse | None:
    r"""The stored energy :math:`\sum_k k\,|c_k|^2` of a chain; None if the start is dark."""
    if len(chain.levels) == 1:
        return None
    square = frequency_squared(chain)
    if not chain.is_chiral:
        level = Integer(chain.levels[1 - chain.start])
        return Pulse(square, level * chain.hops_squared[0] / square, S.Zero)
    # |c_k|² = 4w² sin²Ωt at odd distance, and 16w² sin⁴(Ωt/2) at even distance.
    rate = sqrt(square)
    near = far = S.Zero
    for k, excited in enumerate(chain.levels):
        distance = abs(k - chain.start)
        if distance:
            weight = 4 * factored(_residue(chain, k, rate) ** 2)
            if distance % 2:
                near += excited * weight
            else:
                far += 4 * excited * weight
    near, far = factored(near), factored(far)
    if far == 0:
        return None if near == 0 else Pulse(square, near, S.Zero)
    # sin²Ωt = 4S(1-S) in S = sin²(Ωt/2)
    return Pulse(square / 4, 4 * near, factored((far - 4 * near) / (4 * near)))
