r"""The order of the first growth: :math:`E\propto t^{2n}`, where n steps of H first change K.

From a real start under a real H the stored energy is even in time,

.. math:: \langle\Delta K\rangle = \sum_{j=n}^m e_j(Wt)^{2j} + R,\qquad
    e_j = \sum_a\frac{(-1)^{a+j}}{a!\,(2j-a)!}\,W^{-2j}\langle H^as|\Delta K|H^{2j-a}s\rangle,

with :math:`|R^{(2m+2)}|\le W^{2m+2}(\max\Delta K-\min\Delta K)` and the bandwidth W. As long as the
first term outweighs all others, the energy and the power are monotonic. No bound on the third
derivative alone excludes peaks next to t = 0 where n > 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from numerics.model.resources import Floats

__all__ = ["FirstOrder", "Powers", "monotonic_until"]

# Orders that are tried, and those that must be known beyond the first.
_TRIED, _BEYOND = (8, 16, 32), 6
# Of squares that are 0 but for rounding, and of sums.
_ZERO, _ROUNDING = 1e-24, 1e-10
_STEPS = 60


class Powers(NamedTuple):
    """A start, and what powers of H make of it.

    Attributes
    ----------
    weight : float
    vectors : iterator
        Yields s, Hs, H²s, … each with ΔK on its side.
    """

    weight: float
    vectors: Iterator[tuple[Floats, Floats]]


@runtime_checkable
class FirstOrder(Protocol):
    """Dynamics that know how the energy begins to change."""

    @property
    def monotonic_until(self) -> float:
        """The energy and the power are monotonic up to this time; 0 where that is not known."""


class _Series:
    """The coefficients of one start, as far as they are asked for."""

    def __init__(self, powers: Powers, bandwidth: float) -> None:
        self._weight, self._vectors, self._unit = *powers, bandwidth
        self._known: list[tuple[Floats, Floats]] = []

    def _extend(self, count: int) -> None:
        while len(self._known) < count:
            vector, gains = next(self._vectors)
            self._known.append((vector / self._unit ** len(self._known), gains))

    def size(self, order: int) -> float:
        """The term of the first order without signs; 0 where that is rounding."""
        self._extend(order + 1)
        vector, gains = self._known[order]
        square = vector * vector
        size = float(np.abs(gains) @ square)
        moved = size > _ZERO * float(square.sum())
        return self._weight * size / math.factorial(order) ** 2 if moved else 0.0

    def coefficient(self, order: int) -> float:
        """E of an order, times the weight."""
        self._extend(2 * order + 1)
        total = 0.0
        for a in range(2 * order + 1):
            (left, gains), (right, _) = self._known[a], self._known[2 * order - a]
            share = math.factorial(a) * math.factorial(2 * order - a)
            total += (-1) ** (a + order) * float((left * gains) @ right) / share
        return self._weight * total


def monotonic_until(every: Iterable[Powers], bandwidth: float, gain: float) -> float:
    """The time until which the sum of all starts is monotonic, if it begins slower than t²."""
    if bandwidth == 0:
        return 0.0
    starts = [_Series(powers, bandwidth) for powers in every]
    for most in _TRIED:
        for n in range(1, most - _BEYOND + 1):
            size = math.fsum(start.size(n) for start in starts)
            if not size:
                continue
            first = math.fsum(start.coefficient(n) for start in starts)
            if n == 1 or abs(first) <= _ROUNDING * size:
                return 0.0
            rest = [math.fsum(s.coefficient(j) for s in starts) for j in range(n + 1, most + 1)]
            return _outweighed(n, first, rest, gain) / bandwidth
    return 0.0


def _outweighed(n: int, first: float, rest: Sequence[float], gain: float) -> float:
    """The Wt up to which the first term of E' and of tE' − E exceeds all others."""
    orders = range(n + 1, n + 1 + len(rest))
    last = 2 * orders[-1]
    terms = [
        # Coefficients and powers, in units of those of the first.
        [(2 * j * abs(e), 2 * (j - n)) for j, e in zip(orders, rest, strict=True)]
        + [(gain / math.factorial(last + 1), last + 2 - 2 * n)],
        [((2 * j - 1) * abs(e), 2 * (j - n)) for j, e in zip(orders, rest, strict=True)]
        + [(gain / math.factorial(last) / (last + 2), last + 2 - 2 * n)],
    ]
    heads = 2 * n * abs(first), (2 * n - 1) * abs(first)
    low, high = 0.0, float(last)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        sums = (math.fsum(c * middle**power for c, power in some) for some in terms)
        holds = all(total < 0.9 * head for total, head in zip(sums, heads, strict=True))
        low, high = (middle, high) if holds else (low, middle)
    return low
