r"""Coefficients of the Chebyshev series of :math:`e^{-izx}`, proven by their own residual.

Any numbers :math:`j_n = (-1)^n j_{-n}` that vanish for :math:`n>L` are coefficients of the series
:math:`f(\theta)=\sum_n j_n e^{in\theta}`, and

.. math::

    f'(\theta) - iz\cos\theta\,f(\theta) = i\sum_n\rho_n e^{in\theta},\qquad
    \rho_n = n j_n - \tfrac z2(j_{n-1}+j_{n+1}).

:math:`F=e^{iz\sin\theta}` has no such residual and :math:`F(0)=1`, so variation of constants gives
:math:`|f-F|\le|f(0)-1|+\pi\sum_n|\rho_n|` for all :math:`\theta`. With :math:`x=\cos\phi` and
:math:`\theta=\phi-\pi/2` the left side is the error of
:math:`\sum_n(2-\delta_{n0})(-i)^nj_nT_n(x)` as :math:`e^{-izx}`: rounding of the coefficients *and*
the terms left out, bounded by sums of integers. How the :math:`j_n` were found does not matter
(Miller's backward recurrence, as it happens, so they are all but Bessel functions).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Series", "residual_bound", "series"]

_PI_ABOVE = Fraction(22, 7)


@dataclass(frozen=True)
class Series:
    r""":math:`\sum_n c_n(-i)^nT_n(x)` in place of :math:`e^{-izx}` on [−1, 1].

    Attributes
    ----------
    coefficients : tuple of int
        :math:`2^\mathrm{bits}c_n`.
    bits : int
    remainder : Fraction
        The proven largest error on [−1, 1].
    """

    coefficients: tuple[int, ...]
    bits: int
    remainder: Fraction

    def growth(self) -> Fraction:
        r""":math:`\sum_n|c_n|\,n(n+1)/2`: what one unit of rounding in every step can become.

        An error :math:`e_j` made in step j returns as :math:`U_{n-1-j}(A)e_j` in :math:`T_n(A)v`,
        with :math:`\|U_k(A)\|\le k+1`.
        """
        total = sum(abs(c) * (n * (n + 1) // 2) for n, c in enumerate(self.coefficients))
        return Fraction(total, 2**self.bits)


def _length(z: Fraction, bits: int) -> int:
    """The least L with (z/2)^L/L! below 2^−bits: a matter of speed only."""
    logarithm = math.log(z.numerator) - math.log(z.denominator) - math.log(2)

    def enough(n: int) -> bool:
        return n * logarithm - math.lgamma(n + 1) < -bits * math.log(2)

    low = math.ceil(z / 2)
    high = low + 2
    while not enough(high):
        high *= 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def residual_bound(values: list[int], bits: int, z: Fraction) -> Fraction:
    """The proven error on [−1, 1] of the series with ``values`` / 2^bits as the j_n, n ≥ 0."""
    p, q = z.numerator, z.denominator
    around = [*values, 0, 0]
    residual = sum(
        abs(2 * q * n * around[n] - p * (around[n - 1] + around[n + 1]))
        for n in range(1, len(values) + 1)
    )
    at_zero = values[0] + 2 * sum(values[2::2])
    # Twice for the negative n; the residual at n = 0 vanishes by symmetry.
    return abs(Fraction(at_zero, 2**bits) - 1) + _PI_ABOVE * 2 * Fraction(residual, 2 * q) / 2**bits


def series(z: Fraction, bits: int) -> Series:
    """The series for z ≥ 0 with a remainder of about 2^−bits."""
    if z == 0:
        return Series((2**bits,), bits, Fraction(0))
    # The residual of the first term left out is z times that term.
    last = _length(z, bits + math.ceil(z).bit_length() + 3)
    # The residual is a sum of as many roundings, each enlarged by n and z.
    bits += 2 * (last + math.ceil(z)).bit_length() + 4
    p, q = z.numerator, z.denominator
    values = [0] * (last + 2)
    values[last] = 2 ** (bits - last.bit_length())
    for n in range(last, 0, -1):
        values[n - 1] = 2 * n * q * values[n] // p - values[n + 1]
        if values[n - 1].bit_length() > 4 * bits:
            # Only ratios count: what falls below the last bit will be seen in the residual.
            values[n - 1 :] = [v >> 2 * bits for v in values[n - 1 :]]
    total = values[0] + 2 * sum(values[2::2])
    scaled = [(v << bits) // total for v in values]
    while scaled[-1] == 0:
        scaled.pop()
    remainder = residual_bound(scaled, bits, z)
    return Series((scaled[0], *(2 * c for c in scaled[1:])), bits, remainder)
