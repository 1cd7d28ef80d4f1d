r"""The Chebyshev series of :math:`e^{-izx}`, with a bound on what is left out.

.. math:: e^{-izx} = \sum_{n\ge0} (2-\delta_{n0})\,(-i)^n J_n(z)\,T_n(x), \qquad |x|\le1.

Even orders are real and odd ones imaginary: a real start needs real vectors only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from numerics.model.resources import Floats, Integers

__all__ = ["Series", "bessel", "series"]

_NEGLIGIBLE = 1e-18
# Below this two terms of the power series are exact.
_SMALL = 1e-7
_FEWEST = 4


@dataclass(frozen=True)
class Series:
    r"""Real coefficients of :math:`e^{-izx} = \sum_n e_n T_{2n}(x) - i\sum_n o_n T_{2n+1}(x)`.

    For T arguments z: ``even`` and ``odd`` (n, T), of which ``orders`` (T,) are not zero; the rest
    of each series is at most ``tail`` (T,). An error ε made in some T_n and carried along by the
    recurrence of the T's is at most 2ε ``growth`` (T,) in the sum.
    """

    even: Floats
    odd: Floats
    orders: Integers
    tail: Floats
    growth: Floats


def bessel(z: Floats) -> Floats:
    r"""J_n(z) for ascending z ≥ 0, shape (orders, T), each to full relative precision.

    By the backward recurrence :math:`J_{n-1} = (2n/z)J_n - J_{n+1}`, which is stable, and
    :math:`J_0 + 2\sum_k J_{2k} = 1`.
    """
    small = int(np.searchsorted(z, _SMALL))
    # Beyond these orders they are below 1e-28 and fall by half at each step.
    tops = (z + 14 * np.cbrt(z)).astype(np.int64) + 32
    result = np.zeros((int(tops.max(initial=_FEWEST)) + 2, len(z)))
    # Every column starts at an order of its own, from where 1e-300 cannot grow beyond a float.
    result[tops[small:], np.arange(small, len(z))] = 1e-300
    orders = np.arange(len(result))
    ratios = orders[:, None] * (2 / z[small:])
    first = np.maximum(small, np.searchsorted(tops, orders)).tolist()
    for n in range(len(result) - 2, 0, -1):
        j, lower = first[n], result[n - 1, first[n] :]
        np.multiply(ratios[n, j - small :], result[n, j:], out=lower)
        lower -= result[n + 1, j:]
    result[:, small:] /= result[0, small:] + 2 * np.sum(result[2::2, small:], axis=0)
    x = z[:small]
    result[0, :small], result[1, :small], result[2, :small] = 1 - x**2 / 4, x / 2, x**2 / 8
    return result


def series(radians: Floats) -> Series:
    """The series for arguments of either sign, ascending in size, to 1e-18."""
    terms = bessel(np.abs(radians))
    terms[1:] *= 2
    size = np.abs(terms)
    last = len(terms) - np.argmax(size[::-1] > _NEGLIGIBLE, axis=0)
    orders = np.maximum.accumulate(np.maximum(last, _FEWEST))
    used = np.arange(len(terms))[:, None] < orders
    # What lies beyond the last order computed is less than that order itself.
    tail = np.sum(size, axis=0, where=~used) + 1e-28
    growth = np.arange(1.0, len(size) + 1) @ size
    terms *= used
    terms = terms[: int(orders[-1])]
    terms[2::4] *= -1
    terms[3::4] *= -1
    terms[1::2] *= np.sign(radians)
    return Series(terms[0::2], terms[1::2], orders, tail, growth)
