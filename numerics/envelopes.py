r"""How fast E can change at a given E: bounds that know where along the chains the state can be.

The commutator :math:`[H,[H,[H,K]]]` is at most a diagonal D of absolute row sums, so
:math:`|E'''|\le\langle D\rangle`. With :math:`\hat D` the least concave function of the gain
above all D's, Jensen's inequality makes that :math:`|E'''|\le\hat D(E)`: of order M³ instead
of M⁴ where a battery is nearly empty or nearly full, and hops are small.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from numerics.dynamics import Floats

__all__ = ["Envelope", "envelope"]


@dataclass(frozen=True)
class Envelope:
    """A concave function by its vertices, and constant beyond them."""

    points: Floats
    values: Floats

    def between(self, low: Floats, high: Floats) -> Floats:
        """The largest value in each interval."""
        top = self.points[np.argmax(self.values)]
        return np.interp(np.clip(top, low, high), self.points, self.values)


def envelope(gains: Iterable[Floats], values: Iterable[Floats]) -> Envelope:
    """The least concave function above all points (gain, value); gains are whole numbers."""
    every, heights = (np.concatenate([np.ravel(part) for part in x]) for x in (gains, values))
    least = int(every.min())
    highest = np.zeros(int(every.max()) - least + 1)
    np.maximum.at(highest, every.astype(np.int64) - least, heights)
    corners: list[tuple[float, float]] = []
    for x, y in enumerate(highest.tolist()):
        while len(corners) > 1:
            (x0, y0), (x1, y1) = corners[-2:]
            # The middle one of three lies below the line through the others.
            if (y1 - y0) * (x - x0) > (y - y0) * (x1 - x0):
                break
            corners.pop()
        corners.append((x, y))
    points, tops = np.array(corners).T
    return Envelope(points + least, tops)
