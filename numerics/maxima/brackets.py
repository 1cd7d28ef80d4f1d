r"""Intervals in which a smooth curve rises and then falls: certified between samples.

A peak of E or P is a zero of :math:`\sigma=E'` or :math:`\sigma=tE'-E`. Between two samples,
:math:`|\sigma''|\le J` leaves :math:`\sigma` above the two parabolas that continue its value and
slope at both ends, and a bound on :math:`|E'''|` keeps the sign of :math:`E''`, on which the slope
of :math:`\sigma` depends. So an interval is *clear* (no zero), *single* (:math:`\sigma` is
monotone), or it is halved; also where a zero pair would change E by less than its rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from numerics.dynamics.first_order import FirstOrder
from numerics.dynamics.interface import Dynamics, LocalDynamics
from numerics.model.resources import Floats

__all__ = ["Curve", "Gaps", "PeakBrackets", "Samples", "falls", "isolated"]

Flags = npt.NDArray[np.bool_]

# The part of a sum that is rounding, before it accumulates in time.
_NOISE = 1e-13
_EPS, _TINY = float(np.finfo(float).eps), float(np.finfo(float).tiny)
_ROUNDS = 3


@dataclass(frozen=True)
class Samples:
    """A curve at increasing times: σ, its derivative, and what certifies the gaps between."""

    time: Floats
    value: Floats  # E or P
    sigma: Floats
    slope_of_sigma: Floats
    sign: Floats  # of σ; 0 where it is rounding
    energy: Floats
    slope: Floats  # E'
    curvature: Floats  # E'', set to 0 where it is rounding
    noise: Floats  # of the value
    energy_rounding: Floats

    def at(self, chosen: slice | Flags | npt.NDArray[np.intp]) -> Samples:
        return Samples(*(column[chosen] for column in vars(self).values()))

    def joined(self, other: Samples) -> Samples:
        """Both, in order of time."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        columns = [np.concatenate(pair) for pair in pairs]
        order = np.argsort(columns[0], kind="stable")
        return Samples(*(column[order] for column in columns))


@dataclass(frozen=True)
class Gaps:
    """The intervals between samples.

    ``resolved`` where σ has no zero, or a single one, or none that rounding shows; ``ceiling`` is
    what the curve cannot exceed.
    """

    resolved: Flags
    ceiling: Floats


@dataclass(frozen=True)
class Span:
    """The range of E in each interval, but for its third derivative."""

    half: Floats  # of the width
    low: Floats
    high: Floats

    @classmethod
    def of(cls, left: Samples, right: Samples) -> Span:
        """From either end to the middle."""
        half = (right.time - left.time) / 2
        # Along the first axis both ends, time running towards the middle.
        energy = np.stack([left.energy, right.energy])
        slope = np.stack([left.slope, -right.slope])
        curvature = np.stack([left.curvature, right.curvature])
        low, high = (
            energy + half * (bound(slope, 0) + half / 2 * bound(curvature, 0))
            for bound in (np.minimum, np.maximum)
        )
        return cls(half, low.min(axis=0), high.max(axis=0))

    def within(self, third: Floats) -> tuple[Floats, Floats]:
        """The least and the largest E where the third derivative is at most ``third``."""
        rest = third * self.half**3 / 6
        return self.low - rest, self.high + rest


@dataclass(frozen=True)
class Curve:
    """E(t), or P(t) = (E − a)/t: the slope is σ, or has the sign of σ = tE' − E + a."""

    dynamics: Dynamics
    power: bool
    less: float = 0.0  # a

    @cached_property
    def local(self) -> LocalDynamics | None:
        """The dynamics, where they know more of the third derivative than one bound."""
        return self.dynamics if isinstance(self.dynamics, LocalDynamics) else None

    @cached_property
    def _monotonic(self) -> float:
        """The time up to which σ is known to have no zero."""
        if isinstance(self.dynamics, FirstOrder) and self.less == 0:
            return self.dynamics.monotonic_until
        return 0.0

    def __call__(self, times: Floats) -> Samples:
        m, d = self.dynamics.moments(times), self.dynamics
        second, third = d.bounds.second, d.bounds.third
        share = _NOISE + _EPS * d.bandwidth / 2 * np.abs(times)
        rounding = share * m.absolute_gain
        # E' and E'' are made of products of what stayed and what moved: of the size of the root of
        # what moved at first, and never more than the most there is.
        moved = share * np.sqrt(np.minimum(m.absolute_gain, 1.0))
        floor = np.minimum(moved * d.bandwidth, share * second * (second / third))
        curvature = np.where(np.abs(m.curvature) > (moved + 4 * _EPS) * second, m.curvature, 0.0)
        value, noise, sigma, slope_of_sigma = m.excitation, rounding, m.slope, m.curvature
        if self.power:
            after = np.where(times > 0, times, 1.0)
            gained = m.excitation - self.less
            # Jumps and coherences move E at once: P begins with E'.
            begins = m.slope if self.less == 0 else gained
            value, noise = np.where(times > 0, gained / after, begins), rounding / after
            sigma, slope_of_sigma = times * m.slope - gained, times * m.curvature
            floor = rounding + times * floor
        sign = np.where(np.abs(sigma) > floor, np.sign(sigma), 0.0)
        of_energy = m.excitation, m.slope, curvature
        return Samples(times, value, sigma, slope_of_sigma, sign, *of_energy, noise, rounding)

    def _third(self, span: Span) -> Floats:
        """A bound on the third derivative of E in each interval."""
        third = np.full(len(span.half), self.dynamics.bounds.third)
        if self.local is not None:
            # The range of E bounds its third derivative, which bounds the range.
            for _ in range(_ROUNDS):
                local = self.local.max_third_derivative_between(*span.within(third))
                third = np.minimum(third, local)
        return third

    def _second_of_sigma(self, left: Samples, right: Samples, third: Floats) -> Floats:
        """The largest |σ''| in each interval."""
        if not self.power:
            return third
        largest = np.maximum(np.abs(left.curvature), np.abs(right.curvature))
        largest += third * (right.time - left.time) / 2
        return np.minimum(largest, self.dynamics.bounds.second) + right.time * third

    def gaps(self, samples: Samples) -> Gaps:
        """The certificates of the intervals between samples."""
        left, right = samples.at(slice(None, -1)), samples.at(slice(1, None))
        span = Span.of(left, right)
        width, third = right.time - left.time, self._third(span)
        second = self._second_of_sigma(left, right, third)
        together = np.abs(left.curvature) + np.abs(right.curvature)
        single = (left.curvature * right.curvature > 0) & (together > third * width)
        rounding = np.maximum(left.energy_rounding, right.energy_rounding)
        hidden = second * width**3 / 8 <= rounding * (right.time if self.power else 1.0)
        hidden |= width <= 8 * _EPS * right.time
        highest = span.within(third)[1]
        if self.power:
            early = np.where(left.time > 0, left.time, np.inf)
            # As E ≤ E'(0) t + max E''·t²/2.
            growth = np.maximum(left.slope, 0) + self.dynamics.bounds.second * right.time / 2
            highest = np.where(left.time > 0, np.maximum(highest - self.less, 0) / early, growth)
        hidden |= right.time <= self._monotonic
        return Gaps(single | hidden | _clear(left, right, second), highest)


def _clear(left: Samples, right: Samples, second: Floats) -> Flags:
    """σ keeps its sign, by the crossing of the parabolas that bound it from both ends."""
    width = right.time - left.time
    same = (left.sign * right.sign > 0) | ((left.time == 0) & (left.sigma == 0))
    sign = right.sign
    a, da, b, db = (
        sign * x for x in (left.sigma, left.slope_of_sigma, right.sigma, right.slope_of_sigma)
    )
    # |db − da| ≤ max|σ''|·width, but for rounding.
    rest = np.maximum(second * width + db - da, np.maximum(second * width * _EPS, _TINY))
    meet = np.clip((a - b + db * width + second * width**2 / 2) / rest, 0, width)
    low = a + da * meet - second * meet**2 / 2
    rest = width - meet
    low = np.maximum(low, b - db * rest - second * rest**2 / 2)
    return same & (sign != 0) & (low > 0)


@dataclass(frozen=True)
class PeakBrackets:
    """Intervals in which a curve rises, then falls, in order, and what it cannot exceed there."""

    left: Floats
    right: Floats
    bound: Floats

    def __len__(self) -> int:
        return len(self.left)

    def at(self, chosen: Flags) -> PeakBrackets:
        return PeakBrackets(self.left[chosen], self.right[chosen], self.bound[chosen])


def falls(samples: Samples) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The samples of certain sign before and after each change from rise to fall."""
    certain = np.flatnonzero(samples.sign)
    down = (samples.sign[certain[:-1]] > 0) & (samples.sign[certain[1:]] < 0)
    return certain[:-1][down], certain[1:][down]


def _brackets(samples: Samples, gaps: Gaps) -> PeakBrackets:
    left, right = falls(samples)
    bounds = [float(np.max(gaps.ceiling[i:j])) for i, j in zip(left, right, strict=True)]
    return PeakBrackets(samples.time[left], samples.time[right], np.array(bounds))


Wanted = Callable[[Samples, Gaps], Flags]
"""The intervals that are worth halving."""


def isolated(curve: Curve, samples: Samples, wanted: Wanted) -> tuple[Samples, PeakBrackets]:
    """Halve the intervals that are ``wanted`` until each is resolved; the peaks among them."""
    while True:
        gaps = curve.gaps(samples)
        halved = ~gaps.resolved & wanted(samples, gaps)
        # Where neither σ nor E'' ever rises above rounding there is nothing to find.
        if not np.any(halved) or not (np.any(samples.sign) or np.any(samples.curvature)):
            return samples, _brackets(samples, gaps)
        middle = (samples.time[:-1][halved] + samples.time[1:][halved]) / 2
        samples = samples.joined(curve(middle))
