r"""Where a smooth curve rises and then falls: certified between samples, not read off a grid.

A peak of E or P is a zero of :math:`\sigma=E'` or :math:`\sigma=tE'-E`. Between two samples,
:math:`|\sigma''|\le J` leaves :math:`\sigma` above the two parabolas that continue its value and
slope at both ends, and :math:`|E'''|\le` ``jerk`` keeps the sign of :math:`E''`, on which the slope
of :math:`\sigma` depends. So an interval is *clear* (no zero), *single* (:math:`\sigma` is
monotone), or it is halved; also where a zero pair would change E by less than its rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import numpy.typing as npt

from numerics.dynamics.interface import Dynamics, Floats, LocalDynamics

__all__ = ["Crests", "Curve", "Gaps", "Samples", "energy_curve", "isolated", "power_curve"]

Flags = npt.NDArray[np.bool_]

# The part of a sum that is rounding, before it accumulates in time.
_NOISE = 1e-13
_EPS = float(np.finfo(float).eps)
_ROUNDS = 3


@dataclass(frozen=True)
class Samples:
    """A curve at increasing times: σ, its derivative, and what certifies the gaps between."""

    time: Floats
    value: Floats  # E or P
    sigma: Floats
    tilt: Floats  # σ'
    sign: Floats  # of σ; 0 where it is rounding
    bend: Floats  # E'', set to 0 where it is rounding
    energy: Floats
    slope: Floats
    noise: Floats  # of the value
    grain: Floats  # of the energy

    def at(self, chosen: slice | Flags | npt.NDArray[np.intp]) -> Samples:
        return Samples(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def joined(self, other: Samples) -> Samples:
        """Both, in order of time."""
        columns = [
            np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)
        ]
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
    """What E cannot leave in each interval, but for its third derivative."""

    half: Floats  # of the width
    low: Floats
    high: Floats

    @classmethod
    def of(cls, left: Samples, right: Samples) -> Span:
        """From either end to the middle."""
        half = (right.time - left.time) / 2
        # Along the first axis both ends, time running towards the middle.
        energy = np.stack([left.energy, right.energy])
        slope, bend = np.stack([left.slope, -right.slope]), np.stack([left.bend, right.bend])
        low, high = (
            energy + half * (bound(slope, 0) + half / 2 * bound(bend, 0))
            for bound in (np.minimum, np.maximum)
        )
        return cls(half, low.min(axis=0), high.max(axis=0))

    def within(self, jerk: Floats) -> tuple[Floats, Floats]:
        """The least and the largest E where the third derivative is at most ``jerk``."""
        rest = jerk * self.half**3 / 6
        return self.low - rest, self.high + rest


@dataclass(frozen=True)
class Curve:
    """E(t), or P(t) = E/t with P(0) = 0: samples of it, and bounds between them."""

    dynamics: Dynamics
    power: bool

    @cached_property
    def local(self) -> LocalDynamics | None:
        """The dynamics, where they know more of the third derivative than one bound."""
        return self.dynamics if isinstance(self.dynamics, LocalDynamics) else None

    def __call__(self, times: Floats) -> Samples:
        m, d = self.dynamics.moments(times), self.dynamics
        share = _NOISE + _EPS * d.bandwidth / 2 * np.abs(times)
        grain = share * m.traffic
        # E' and E'' are made of products of what stayed and what moved: of size √traffic at first,
        # and never more than the most there is.
        moved = share * np.sqrt(np.minimum(m.traffic, 1.0))
        slope_noise = np.minimum(moved * d.bandwidth, share * d.bend * (d.bend / d.jerk))
        bend_noise = (moved + 4 * _EPS) * d.bend
        bend = np.where(np.abs(m.curvature) > bend_noise, m.curvature, 0.0)
        value, sigma, tilt, floor, noise = m.excitation, m.slope, m.curvature, slope_noise, grain
        if self.power:
            after = np.where(times > 0, times, 1.0)
            value = m.excitation / after
            sigma, tilt = times * m.slope - m.excitation, times * m.curvature
            floor, noise = grain + times * slope_noise, grain / after
        sign = np.where(np.abs(sigma) > floor, np.sign(sigma), 0.0)
        return Samples(times, value, sigma, tilt, sign, bend, m.excitation, m.slope, noise, grain)

    def _jerk(self, span: Span) -> Floats:
        """A bound on the third derivative of E in each interval."""
        jerk = np.full(len(span.half), self.dynamics.jerk)
        if self.local is not None:
            # Where E can go bounds its jerk, which bounds where it can go.
            for _ in range(_ROUNDS):
                jerk = np.minimum(jerk, self.local.jerk_between(*span.within(jerk)))
        return jerk

    def _swing(self, left: Samples, right: Samples, jerk: Floats) -> Floats:
        """The largest |σ''| in each interval."""
        if not self.power:
            return jerk
        width = right.time - left.time
        bend = np.maximum(np.abs(left.bend), np.abs(right.bend)) + jerk * width / 2
        return np.minimum(bend, self.dynamics.bend) + right.time * jerk

    def gaps(self, samples: Samples) -> Gaps:
        """What the samples say about the intervals between them."""
        left, right = samples.at(slice(None, -1)), samples.at(slice(1, None))
        span = Span.of(left, right)
        width, jerk = right.time - left.time, self._jerk(span)
        swing = self._swing(left, right, jerk)
        single = (left.bend * right.bend > 0) & (
            np.abs(left.bend) + np.abs(right.bend) > jerk * width
        )
        grain = np.maximum(left.grain, right.grain)
        hidden = swing * width**3 / 8 <= grain * (right.time if self.power else 1.0)
        hidden |= width <= 8 * _EPS * right.time
        highest = span.within(jerk)[1]
        if self.power:
            early = np.where(left.time > 0, left.time, np.inf)
            growth = self.dynamics.bend * right.time / 2  # as E ≤ bend·t²/2
            highest = np.where(left.time > 0, np.maximum(highest, 0) / early, growth)
        return Gaps(single | hidden | _clear(left, right, swing), highest)


def _clear(left: Samples, right: Samples, swing: Floats) -> Flags:
    """Whether σ keeps its sign, by the crossing of the parabolas that bound it from both ends."""
    width = right.time - left.time
    same = (left.sign * right.sign > 0) | ((left.time == 0) & (left.sigma == 0))
    sign = right.sign
    a, da, b, db = (sign * x for x in (left.sigma, left.tilt, right.sigma, right.tilt))
    # |db − da| ≤ swing·width, but for rounding.
    spread = np.maximum(swing * width + db - da, swing * width * _EPS)
    meet = (a - b + db * width + swing * width**2 / 2) / spread
    meet = np.clip(meet, 0, width)
    low = a + da * meet - swing * meet**2 / 2
    rest = width - meet
    low = np.maximum(low, b - db * rest - swing * rest**2 / 2)
    return same & (sign != 0) & (low > 0)


@dataclass(frozen=True)
class Crests:
    """Intervals in which a curve rises, then falls, in order, and what it cannot exceed there."""

    left: Floats
    right: Floats
    bound: Floats

    def __len__(self) -> int:
        return len(self.left)

    def at(self, chosen: Flags) -> Crests:
        return Crests(self.left[chosen], self.right[chosen], self.bound[chosen])


def _crests(samples: Samples, gaps: Gaps) -> Crests:
    certain = np.flatnonzero(samples.sign)
    falls = (samples.sign[certain[:-1]] > 0) & (samples.sign[certain[1:]] < 0)
    left, right = certain[:-1][falls], certain[1:][falls]
    bounds = [float(np.max(gaps.ceiling[i:j])) for i, j in zip(left, right, strict=True)]
    return Crests(samples.time[left], samples.time[right], np.array(bounds))


Wanted = Callable[[Samples, Gaps], Flags]
"""Which intervals are worth halving."""


def isolated(curve: Curve, samples: Samples, wanted: Wanted) -> tuple[Samples, Crests]:
    """Halve the intervals that are ``wanted`` until each is resolved; the crests among them."""
    while True:
        gaps = curve.gaps(samples)
        halved = ~gaps.resolved & wanted(samples, gaps)
        # Where neither σ nor E'' ever rises above rounding there is nothing to be found.
        if not np.any(halved) or not (np.any(samples.sign) or np.any(samples.bend)):
            return samples, _crests(samples, gaps)
        middle = (samples.time[:-1][halved] + samples.time[1:][halved]) / 2
        samples = samples.joined(curve(middle))


def energy_curve(dynamics: Dynamics) -> Curve:
    """E(t), whose slope is σ."""
    return Curve(dynamics, power=False)


def power_curve(dynamics: Dynamics) -> Curve:
    """P(t) = E/t, whose slope has the sign of σ = tE' − E, with σ' = tE''."""
    return Curve(dynamics, power=True)
