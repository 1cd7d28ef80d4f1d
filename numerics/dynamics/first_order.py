r"""The order of the first growth: :math:`E\propto t^{2n}`, where n steps of H first change K.

From a real start under a real H the stored energy is even in time, and

.. math:: \langle\Delta K\rangle = c\,t^{2n} + R,\qquad
    c = \langle H^ns|\Delta K|H^ns\rangle/n!^2,\qquad
    |R^{(2n+2)}|\le W^{2n+2}\,(\max\Delta K-\min\Delta K)

with the bandwidth W. So the energy, and the power, are monotonic until a time that is known. No
bound on the third derivative alone excludes peaks next to t = 0 where n > 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from numerics.model.resources import Floats

__all__ = ["FirstOrder", "Leading", "leading", "monotonic_until"]

# Orders that are tried; and of sizes what is rounding.
_MOST, _ROUNDING = 32, 1e-10


class Leading(NamedTuple):
    """The order n and the coefficient c of the first growth; order 0 where they are not known."""

    order: int
    coefficient: float


@runtime_checkable
class FirstOrder(Protocol):
    """Dynamics that know how the energy begins to change."""

    @property
    def monotonic_until(self) -> float:
        """The energy and the power are monotonic up to this time; 0 where that is not known."""


def leading(vectors: Iterator[tuple[Floats, Floats]], weight: float) -> Leading | None:
    """The first growth from one start; None where nothing moves.

    ``vectors`` yields Hs, H²s, … each with ΔK on its side.
    """
    for order, (vector, gains) in zip(range(1, _MOST), vectors, strict=False):
        square = vector * vector
        size, value = float(np.abs(gains) @ square), float(gains @ square)
        # Rounding of exact cancellation is many orders below what has not cancelled.
        if size > _ROUNDING**2 * float(square.sum()):
            known = abs(value) > _ROUNDING * size
            return Leading(order if known else 0, weight * value / math.factorial(order) ** 2)
        if not np.any(square):
            break
    return None


def monotonic_until(every: Iterable[Leading | None], bandwidth: float, gain: float) -> float:
    """The time until which the sum of all starts is monotonic, if it begins slower than t²."""
    found = [one for one in every if one is not None]
    if not found or bandwidth == 0:
        return 0.0
    n = min(one.order for one in found)
    c = abs(math.fsum(one.coefficient for one in found if one.order == n))
    if n < 2 or c <= _ROUNDING * math.fsum(abs(o.coefficient) for o in found if o.order == n):
        return 0.0
    # 2nc against W²ⁿ⁺²/(2n+1)! in E', (2n−1)c against W²ⁿ⁺²/(2n)!(2n+2) in tE' − E.
    slopes = (
        2 * n * math.factorial(2 * n + 1),
        (2 * n - 1) * math.factorial(2 * n) * (2 * n + 2),
    )
    scaled = c / (gain * bandwidth ** (2 * n))
    return 0.9 * math.sqrt(min(slopes) * scaled) / bandwidth
