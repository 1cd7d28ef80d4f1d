r"""Bounds on the third derivative of E at a given E, where not all of a chain is within reach.

The commutator :math:`[H,[H,[H,K]]]` is at most a diagonal D of absolute row sums, so
:math:`|E'''|\le\langle D\rangle`. With :math:`\hat D` the least concave function of the gain
above all D's, Jensen's inequality makes that :math:`|E'''|\le\hat D(E)`: of order M³ instead
of M⁴ where a battery is nearly empty or nearly full, and hops are small.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from numerics.model.resources import Floats

__all__ = ["ConcaveBound", "concave_bound", "least_concave"]

# So many gains at both ends are told apart, and then blocks of growing width.
_FINE, _GROWTH = 40, 1.06


@dataclass(frozen=True)
class ConcaveBound:
    """A concave function by its vertices, and constant beyond them."""

    points: Floats
    values: Floats

    def between(self, low: Floats, high: Floats) -> Floats:
        """The largest value in each interval."""
        top = self.points[np.argmax(self.values)]
        return np.interp(np.clip(top, low, high), self.points, self.values)


def concave_bound(gains: Iterable[Floats], values: Iterable[Floats]) -> ConcaveBound:
    """A concave function above all points (gain, value); gains are whole numbers.

    The least one, but that neighbours among many points count as high as the highest of them.
    """
    least, highest = 0, np.zeros(1)
    for part, heights in zip(gains, values, strict=True):
        places = np.ravel(part).astype(np.int64)
        low, high = min(least, int(places.min())), max(least + len(highest) - 1, int(places.max()))
        highest = np.pad(highest, (least - low, high - least - len(highest) + 1))
        least = low
        np.maximum.at(highest, places - least, np.ravel(heights))
    points, tops = least_concave(*_thinned(highest))
    return ConcaveBound(points + least, tops)


def least_concave(points: Floats, values: Floats) -> tuple[Floats, Floats]:
    """The corners of the least concave function above some points, which ascend."""
    corners: list[tuple[float, float]] = []
    for x, y in zip(points.tolist(), values.tolist(), strict=True):
        while len(corners) > 1:
            (x0, y0), (x1, y1) = corners[-2:]
            # The middle one of three lies below the line through the others.
            if (y1 - y0) * (x - x0) > (y - y0) * (x1 - x0):
                break
            corners.pop()
        corners.append((x, y))
    found, tops = np.array(corners).T
    return found, tops


def _thinned(highest: Floats) -> tuple[Floats, Floats]:
    """Fewer points, such that no concave function above them is below one of ``highest``."""
    count = len(highest)
    if count <= 2 * _FINE:
        return np.arange(float(count)), highest
    # Blocks that are as much wider as they are further from the nearer end: there hops are small.
    widths = _FINE * _GROWTH ** np.arange(np.log(count / 2 / _FINE) / np.log(_GROWTH))
    half = np.concatenate([np.arange(_FINE), widths.astype(np.int64)])
    first = np.concatenate([half, count - half[:0:-1]])
    last = np.append(first[1:], count) - 1
    # Where a concave function is above both ends of a block, it is above the block.
    ends = np.stack([first, last]).T.ravel()
    return ends.astype(float), np.repeat(np.maximum.reduceat(highest, first), 2)
