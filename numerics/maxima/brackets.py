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

from numerics.dynamics.interface import Dynamics, LocalDynamics
from numerics.model.resources import Floats

__all__ = ["Curve", "Gaps", "PeakBrackets", "Samples", "energy_curve", "isolated", "power_curve"]

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
    max_second_derivative: Floats  # E'', set to 0 where it is rounding
    energy: Floats
    slope: Floats
    noise: Floats  # of the value
    energy_rounding: Floats  # of the energy

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
        slope, max_second_derivative = (
            np.stack([left.slope, -right.slope]),
            np.stack([left.max_second_derivative, right.max_second_derivative]),
        )
        low, high = (
            energy + half * (bound(slope, 0) + half / 2 * bound(max_second_derivative, 0))
            for bound in (np.minimum, np.maximum)
        )
        return cls(half, low.min(axis=0), high.max(axis=0))

    def within(self, max_third_derivative: Floats) -> tuple[Floats, Floats]:
        """The least and the largest E where the third derivative is at most ``jerk``."""
        rest = max_third_derivative * self.half**3 / 6
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
        energy_rounding = share * m.absolute_gain
        # E' and E'' are made of products of what stayed and what moved: of size √traffic at first,
        # and never more than the most there is.
        moved = share * np.sqrt(np.minimum(m.absolute_gain, 1.0))
        slope_noise = np.minimum(
            moved * d.bandwidth,
            share * d.max_second_derivative * (d.max_second_derivative / d.max_third_derivative),
        )
        bend_noise = (moved + 4 * _EPS) * d.max_second_derivative
        max_second_derivative = np.where(np.abs(m.curvature) > bend_noise, m.curvature, 0.0)
        value, sigma, tilt, floor, noise = (
            m.excitation,
            m.slope,
            m.curvature,
            slope_noise,
            energy_rounding,
        )
        if self.power:
            after = np.where(times > 0, times, 1.0)
            value = m.excitation / after
            sigma, tilt = times * m.slope - m.excitation, times * m.curvature
            floor, noise = energy_rounding + times * slope_noise, energy_rounding / after
        sign = np.where(np.abs(sigma) > floor, np.sign(sigma), 0.0)
        return Samples(
            times,
            value,
            sigma,
            tilt,
            sign,
            max_second_derivative,
            m.excitation,
            m.slope,
            noise,
            energy_rounding,
        )

    def _jerk(self, span: Span) -> Floats:
        """A bound on the third derivative of E in each interval."""
        max_third_derivative = np.full(len(span.half), self.dynamics.max_third_derivative)
        if self.local is not None:
            # Where E can go bounds its jerk, which bounds where it can go.
            for _ in range(_ROUNDS):
                max_third_derivative = np.minimum(
                    max_third_derivative,
                    self.local.max_third_derivative_between(*span.within(max_third_derivative)),
                )
        return max_third_derivative

    def _rabi_term(self, left: Samples, right: Samples, max_third_derivative: Floats) -> Floats:
        """The largest |σ''| in each interval."""
        if not self.power:
            return max_third_derivative
        width = right.time - left.time
        max_second_derivative = (
            np.maximum(np.abs(left.max_second_derivative), np.abs(right.max_second_derivative))
            + max_third_derivative * width / 2
        )
        return (
            np.minimum(max_second_derivative, self.dynamics.max_second_derivative)
            + right.time * max_third_derivative
        )

    def gaps(self, samples: Samples) -> Gaps:
        """What the samples say about the intervals between them."""
        left, right = samples.at(slice(None, -1)), samples.at(slice(1, None))
        span = Span.of(left, right)
        width, max_third_derivative = right.time - left.time, self._jerk(span)
        rabi_term = self._rabi_term(left, right, max_third_derivative)
        single = (left.max_second_derivative * right.max_second_derivative > 0) & (
            np.abs(left.max_second_derivative) + np.abs(right.max_second_derivative)
            > max_third_derivative * width
        )
        energy_rounding = np.maximum(left.energy_rounding, right.energy_rounding)
        hidden = rabi_term * width**3 / 8 <= energy_rounding * (right.time if self.power else 1.0)
        hidden |= width <= 8 * _EPS * right.time
        highest = span.within(max_third_derivative)[1]
        if self.power:
            early = np.where(left.time > 0, left.time, np.inf)
            growth = self.dynamics.max_second_derivative * right.time / 2  # as E ≤ bend·t²/2
            highest = np.where(left.time > 0, np.maximum(highest, 0) / early, growth)
        return Gaps(single | hidden | _clear(left, right, rabi_term), highest)


def _clear(left: Samples, right: Samples, rabi_term: Floats) -> Flags:
    """Whether σ keeps its sign, by the crossing of the parabolas that bound it from both ends."""
    width = right.time - left.time
    same = (left.sign * right.sign > 0) | ((left.time == 0) & (left.sigma == 0))
    sign = right.sign
    a, da, b, db = (sign * x for x in (left.sigma, left.tilt, right.sigma, right.tilt))
    # |db − da| ≤ swing·width, but for rounding.
    spread = np.maximum(rabi_term * width + db - da, rabi_term * width * _EPS)
    meet = (a - b + db * width + rabi_term * width**2 / 2) / spread
    meet = np.clip(meet, 0, width)
    low = a + da * meet - rabi_term * meet**2 / 2
    rest = width - meet
    low = np.maximum(low, b - db * rest - rabi_term * rest**2 / 2)
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


def _crests(samples: Samples, gaps: Gaps) -> PeakBrackets:
    certain = np.flatnonzero(samples.sign)
    falls = (samples.sign[certain[:-1]] > 0) & (samples.sign[certain[1:]] < 0)
    left, right = certain[:-1][falls], certain[1:][falls]
    bounds = [float(np.max(gaps.ceiling[i:j])) for i, j in zip(left, right, strict=True)]
    return PeakBrackets(samples.time[left], samples.time[right], np.array(bounds))


Wanted = Callable[[Samples, Gaps], Flags]
"""Which intervals are worth halving."""


def isolated(curve: Curve, samples: Samples, wanted: Wanted) -> tuple[Samples, PeakBrackets]:
    """Halve the intervals that are ``wanted`` until each is resolved; the crests among them."""
    while True:
        gaps = curve.gaps(samples)
        halved = ~gaps.resolved & wanted(samples, gaps)
        # Where neither σ nor E'' ever rises above rounding there is nothing to be found.
        if not np.any(halved) or not (
            np.any(samples.sign) or np.any(samples.max_second_derivative)
        ):
            return samples, _crests(samples, gaps)
        middle = (samples.time[:-1][halved] + samples.time[1:][halved]) / 2
        samples = samples.joined(curve(middle))


def energy_curve(dynamics: Dynamics) -> Curve:
    """E(t), whose slope is σ."""
    return Curve(dynamics, power=False)


def power_curve(dynamics: Dynamics) -> Curve:
    """P(t) = E/t, whose slope has the sign of σ = tE' − E, with σ' = tE''."""
    return Curve(dynamics, power=True)
