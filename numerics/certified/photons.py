r"""A cavity with counter-rotating terms: a photon cutoff with a proven price.

Let :math:`a_n` bound the norm of the part of the state with n photons. One hop changes n by one
and has a norm of at most :math:`\lambda\sqrt{\max(n,n')}`, with
:math:`\lambda=g(1+\gamma)(j+\tfrac12)` because :math:`\|S_\pm\|\le j+\tfrac12`. In the interaction
picture of everything that conserves n, Dyson's series with norms in place of operators gives,
from :math:`n_0` photons and with :math:`x=\lambda t`,

.. math::

    a_n(t) \le \langle n|e^{x(b+b^\dagger)}|n_0\rangle
    = e^{x^2/2}\sum_{i\le n_0}\frac{x^{n_0-i}}{(n_0-i)!}\frac{x^{n-i}}{(n-i)!}
      \frac{\sqrt{n_0!\,n!}}{i!},

with or without a cutoff, and it grows with t. Cut at :math:`n_c`, the state is off by at most
:math:`\int_0^t\lambda\sqrt{n_c+1}\,a_{n_c}(s)\,ds\le x\sqrt{n_c+1}\,a_{n_c}(t)` (Duhamel).
"""

from __future__ import annotations

from flint import arb

from numerics.certified.exact import upper
from numerics.cutoff import CutoffError

__all__ = ["cutoff_error", "photon_cutoff"]

_MOST = 4000


def cutoff_error(x: arb, start: int, cutoff: int) -> arb:
    """At least the distance from the true state when photons beyond ``cutoff`` are left out."""
    total = arb(0)
    for i in range(start + 1):
        square = arb(start).fac() * arb(cutoff).fac()
        total += (
            x ** (start + cutoff - 2 * i)
            * square.sqrt()
            / (arb(start - i).fac() * arb(cutoff - i).fac() * arb(i).fac())
        )
    return upper(x * arb(cutoff + 1).sqrt() * (x * x / 2).exp() * total)


def photon_cutoff(x: arb, start: int, bits: int) -> int:
    """The least number of photons with a price below 2^−bits.

    Raises
    ------
    CutoffError
        There is none below some thousands.
    """
    small = arb(2) ** -bits

    def enough(cutoff: int) -> bool:
        return bool(cutoff_error(x, start, cutoff) < small)

    low, high = start, start + 16
    while not enough(high):
        low, high = high, 2 * high
        if low > _MOST:
            raise CutoffError(
                f"the photon cutoff that `digits` needs at this `time` cannot be proven with "
                f"{_MOST} photons (coupling × time is too large); ask for an earlier time"
            )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
