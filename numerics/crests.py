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

import numpy as np
import numpy.typing as npt

from numerics.dynamics import Dynamics, Floats, LocalDynamics

__all__ = ["Crests", "Curve", "Samples", "energy_curve", "isolated", "power_curve"]

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
class Curve:
    """E(t), or P(t) = E/t with P(0) = 0: samples of it, and bounds between them."""

    dynamics: Dynamics
    power: bool

    def __call__(self, times: Floats) -> Samples:
        m, d = self.dynamics.moments(times), self.dynamics
        share = _NOISE + _EPS * d.bandwidth / 2 * np.abs(times)
        grain = share * m.traffic
        # Rounding is relative to what moves, and never larger than relative to the most there is.
        slope_noise = np.minimum(grain * d.bandwidth, share * d.bend * (d.bend / d.jerk))
        bend_noise = np.minimum(grain * d.bandwidth**2, share * d.bend) + 4 * _EPS * d.bend
        bend = np.where(np.abs(m.curvature) > bend_noise, m.curvature, 0.0)
        value, sigma, tilt, floor, noise = m.excitation, m.slope, m.curvature, slope_noise, grain
        if self.power:
            after = np.where(times > 0, times, 1.0)
            value = m.excitation / after
            sigma, tilt = times * m.slope - m.excitation, times * m.curvature
            floor, noise = grain + times * slope_noise, grain / after
        sign = np.where(np.abs(sigma) > floor, np.sign(sigma), 0.0)
        return Samples(times, value, sigma, tilt, sign, bend, m.excitation, m.slope, noise, grain)

    def _range(self, left: Samples, right: Samples, jerk: Floats) -> tuple[Floats, Floats]:
        """What E cannot leave in each interval, from either end to its middle."""
        half = (right.time - left.time) / 2

        def furthest(s: Samples, direction: int, up: int) -> Floats:
            slope = np.maximum(up * direction * s.slope, 0) * half
            bend: Floats = np.maximum(up * s.bend, 0) * half**2 / 2
            return s.energy + up * (slope + bend + jerk * half**3 / 6)

        low, high = ((furthest(left, 1, up), furthest(right, -1, up)) for up in (-1, 1))
        return np.minimum(*low), np.maximum(*high)

    def _jerk(self, left: Samples, right: Samples) -> Floats:
        """A bound on the third derivative of E in each interval."""
        jerk = np.full(len(left.time), self.dynamics.jerk)
        if isinstance(self.dynamics, LocalDynamics):
            # Where E can go bounds its jerk, which bounds where it can go.
            for _ in range(_ROUNDS):
                local = self.dynamics.jerk_between(*self._range(left, right, jerk))
                jerk = np.minimum(jerk, local)
        return jerk

    def _swing(self, left: Samples, right: Samples, jerk: Floats) -> Floats:
        """The largest |σ''| in each interval."""
        if not self.power:
            return jerk
        width = right.time - left.time
        bend = np.maximum(np.abs(left.bend), np.abs(right.bend)) + jerk * width / 2
        return np.minimum(bend, self.dynamics.bend) + right.time * jerk

    def resolved(self, left: Samples, right: Samples) -> Flags:
        """Whether an interval has no zero of σ, or a single one, or none that rounding shows."""
        width, jerk = right.time - left.time, self._jerk(left, right)
        swing = self._swing(left, right, jerk)
        single = (left.bend * right.bend > 0) & (
            np.abs(left.bend) + np.abs(right.bend) > jerk * width
        )
        grain = np.maximum(left.grain, right.grain)
        hidden = swing * width**3 / 8 <= grain * (right.time if self.power else 1.0)
        hidden |= width <= 8 * _EPS * right.time
        return single | hidden | _clear(left, right, swing)

    def ceiling(self, left: Samples, right: Samples) -> Floats:
        """What the curve cannot exceed in each interval."""
        energy = self._range(left, right, self._jerk(left, right))[1]
        if not self.power:
            return energy
        early = np.where(left.time > 0, left.time, np.inf)
        growth = self.dynamics.bend * right.time / 2  # as E ≤ bend·t²/2
        return np.where(left.time > 0, np.maximum(energy, 0) / early, growth)


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


def _crests(curve: Curve, s: Samples) -> Crests:
    certain = s.at(s.sign != 0)
    left, right = certain.at(slice(None, -1)), certain.at(slice(1, None))
    falls = (left.sign > 0) & (right.sign < 0)
    left, right = left.at(falls), right.at(falls)
    return Crests(left.time, right.time, curve.ceiling(left, right))


Wanted = Callable[[Samples, Flags], Flags]
"""Which intervals are worth halving, given the samples and which intervals are resolved."""


def isolated(curve: Curve, samples: Samples, wanted: Wanted) -> tuple[Samples, Crests]:
    """Halve the intervals that are ``wanted`` until each is resolved; the crests among them."""
    # Where neither σ nor E'' ever rises above rounding there is nothing to be found.
    while np.any((samples.sign != 0) | (samples.bend[: len(samples.time)] != 0)):
        left, right = samples.at(slice(None, -1)), samples.at(slice(1, None))
        resolved = curve.resolved(left, right)
        halved = ~resolved & wanted(samples, resolved)
        if not np.any(halved):
            break
        samples = samples.joined(curve((left.time[halved] + right.time[halved]) / 2))
    return samples, _crests(curve, samples)


def energy_curve(dynamics: Dynamics) -> Curve:
    """E(t), whose slope is σ."""
    return Curve(dynamics, power=False)


def power_curve(dynamics: Dynamics) -> Curve:
    """P(t) = E/t, whose slope has the sign of σ = tE' − E, with σ' = tE''."""
    return Curve(dynamics, power=True)
