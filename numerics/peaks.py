"""Peaks of E(t) and P(t), to double precision: never read off a grid.

E(t) holds no frequency above the bandwidth of H. Sampled eight times as densely as that asks
for, between two samples E' is all but a cubic whose values and slopes at both ends are known, so
a zero of E' shows as a change of sign, or as two ends that lean towards zero (two zeros close
together). Every zero is then refined on E' itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from numerics.checks import invalid
from numerics.dynamics import Dynamics, Floats

__all__ = ["NoPeakError", "Peak", "first_peak", "highest_power", "largest_energy"]

_PER_NYQUIST = 8
_FIRST_BLOCK, _LARGEST_BLOCK = 64, 1024
# What is smaller than this against its parts is rounding.
_NOISE = 1e-13
_TIE = 1e-12
# Open searches end after so many samples, and call E constant if it has not moved after so many.
_MOST_SAMPLES = 2**18
_ENOUGH_FLAT = 2**13
# A window asked for may be longer: this many samples take minutes even for the smallest battery.
_LARGEST_WINDOW = 2**26


class NoPeakError(ValueError):
    """There is no such peak, or none within a bounded search; the message says which."""


@dataclass(frozen=True)
class Peak:
    """A maximum: when, and how high."""

    time: float
    value: float


@dataclass(frozen=True)
class _Samples:
    """A curve f at some times: its value and derivative, and σ of the same sign as f', and σ'.

    Where σ is below ``floor`` its sign is rounding; so is a value below ``noise``.
    """

    time: Floats
    value: Floats
    rise: Floats
    sign: Floats
    bend: Floats
    floor: Floats
    noise: Floats

    @property
    def _columns(self) -> list[Floats]:
        return [self.time, self.value, self.rise, self.sign, self.bend, self.floor, self.noise]

    def at(self, chosen: slice | npt.NDArray[np.bool_]) -> _Samples:
        return _Samples(*(column[chosen] for column in self._columns))

    def followed_by(self, other: _Samples) -> _Samples:
        pairs = zip(self._columns, other._columns, strict=True)
        return _Samples(*(np.concatenate(pair) for pair in pairs))


_Curve = Callable[[Floats], _Samples]


def _energy_curve(dynamics: Dynamics) -> _Curve:
    def curve(times: Floats) -> _Samples:
        m = dynamics.moments(times)
        noise = _NOISE * m.traffic
        floor = noise * dynamics.bandwidth
        return _Samples(times, m.excitation, m.slope, m.slope, m.curvature, floor, noise)

    return curve


def _power_curve(dynamics: Dynamics) -> _Curve:
    """P = E/t, whose slope has the sign of h = tE' − E, with h' = tE''."""

    def curve(times: Floats) -> _Samples:
        m = dynamics.moments(times)
        h, noise = times * m.slope - m.excitation, _NOISE * m.traffic
        floor = noise * (1 + times * dynamics.bandwidth)
        return _Samples(
            times, m.excitation / times, h / times**2, h, times * m.curvature, floor, noise / times
        )

    return curve


class _Crest(NamedTuple):
    """An interval in which a curve rises, then falls, and what it cannot exceed there."""

    left: float
    right: float
    bound: float


def _blocks(dynamics: Dynamics, curve: _Curve, until: float) -> Iterator[_Samples]:
    """Samples from just above 0 to ``until`` in blocks, each joined to the one before."""
    begin, size = 0.0, _FIRST_BLOCK
    carried: _Samples | None = None
    while begin < until:
        # The bandwidth may grow on the way, with a photon cutoff.
        step = float(np.pi) / (_PER_NYQUIST * dynamics.bandwidth)
        times = begin + step * np.arange(1, size + 1, dtype=np.float64)
        times = np.array([*times[times < until], until]) if times[-1] >= until else times
        block = curve(times)
        kept = block.at(np.abs(block.sign) > block.floor)
        if carried is not None:
            kept = carried.followed_by(kept)
        yield kept
        carried = kept.at(slice(-1, None)) if len(kept.time) else None
        begin, size = float(times[-1]), min(2 * size, _LARGEST_BLOCK)


def _root(f: Callable[[float], float], a: float, b: float) -> float:
    """The zero of f in [a, b] to the last digit; the better end where rounding hides the sign."""
    at_a, at_b = f(a), f(b)
    if at_a * at_b >= 0:
        return a if abs(at_a) < abs(at_b) else b
    # The heaviest import of all, and only peaks need it.
    from scipy.optimize import brentq

    tiny, least = np.finfo(float).tiny, 4 * np.finfo(float).eps
    return float(brentq(f, a, b, xtol=tiny, rtol=least))


def _crests(curve: _Curve, s: _Samples) -> list[_Crest]:
    """Where σ falls through zero between consecutive samples, in order of time."""
    width = np.diff(s.time)
    left, right = s.at(slice(None, -1)), s.at(slice(1, None))
    bound = np.maximum(
        left.value + np.maximum(left.rise, 0) * width,
        right.value + np.maximum(-right.rise, 0) * width,
    )
    found = [
        _Crest(s.time[i], s.time[i + 1], bound[i])
        for i in np.flatnonzero((left.sign > 0) & (right.sign < 0))
    ]
    # Both ends on one side of zero but leaning towards it: their tangents meet beyond zero.
    leaning = (
        (left.sign * right.sign > 0) & (left.sign * left.bend < 0) & (right.sign * right.bend > 0)
    )
    for i in np.flatnonzero(leaning):
        meet = (right.sign[i] - right.bend[i] * width[i] - left.sign[i]) / (
            left.bend[i] - right.bend[i]
        )
        if left.sign[i] * (left.sign[i] + left.bend[i] * meet) > 0:
            continue
        time = _root(lambda t: float(curve(np.array([t])).bend[0]), s.time[i], s.time[i + 1])
        middle = curve(np.array([time]))
        if left.sign[i] * middle.sign[0] >= 0 or abs(middle.sign[0]) <= middle.floor[0]:
            continue
        rising = left.sign[i] > 0
        found.append(
            _Crest(s.time[i] if rising else time, time if rising else s.time[i + 1], np.inf)
        )
    return sorted(found)


def _refined(curve: _Curve, crest: _Crest) -> Peak:
    """The peak of a crest, to the last digit of its time."""
    time = _root(lambda t: float(curve(np.array([t])).sign[0]), crest.left, crest.right)
    return Peak(time, float(curve(np.array([time])).value[0]))


def _heights(curve: _Curve, crests: list[_Crest]) -> Floats:
    """The heights of many crests at once, by Newton steps kept inside the intervals."""
    a = np.array([crest.left for crest in crests])
    b = np.array([crest.right for crest in crests])
    time = (a + b) / 2
    for _ in range(5):
        s = curve(time)
        a, b = np.where(s.sign > 0, time, a), np.where(s.sign > 0, b, time)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = time - s.sign / s.bend
        time = np.where((a <= newton) & (newton <= b), newton, (a + b) / 2)
    return curve(time).value


@dataclass
class _Highest:
    """The highest of many crests, seen in order of time; of equal ones the earliest."""

    curve: _Curve
    seen: float = 0.0
    noise: float = 0.0
    # Crests higher than all before them: whatever comes, the earliest highest is among these.
    records: list[tuple[float, _Crest]] = field(default_factory=list)

    @property
    def level(self) -> float:
        """From here on, heights equal the highest within rounding."""
        return self.seen - _TIE * abs(self.seen) - self.noise

    def visit(self, block: _Samples) -> None:
        self.seen = max(self.seen, float(np.max(block.value, initial=0.0)))
        self.noise = max(self.noise, float(np.max(block.noise, initial=0.0)))
        hopeful = [c for c in _crests(self.curve, block) if c.bound > self.level]
        if not hopeful:
            return
        for crest, height in zip(hopeful, _heights(self.curve, hopeful), strict=True):
            if not self.records or height > self.records[-1][0]:
                self.records.append((float(height), crest))
        self.seen = max(self.seen, self.records[-1][0])

    def earliest(self) -> Peak | None:
        """The earliest crest that equals the highest."""
        highest = [crest for height, crest in self.records if height >= self.level]
        return _refined(self.curve, highest[0]) if highest else None


def first_peak(dynamics: Dynamics) -> Peak:
    """The first local maximum of E at t > 0.

    Raises
    ------
    NoPeakError
        E is constant, or has no maximum within the bounded search.
    """
    constant = "E has no peak: it is constant (nothing moves from this initial state)"
    if not dynamics.bandwidth:
        raise NoPeakError(constant)
    curve, time, moved = _energy_curve(dynamics), 0.0, False
    samples, size = 0, _FIRST_BLOCK
    for block in _blocks(dynamics, curve, np.inf):
        for crest in _crests(curve, block):
            return _refined(curve, crest)
        moved = moved or len(block.time) > 0
        samples, size = samples + size, min(2 * size, _LARGEST_BLOCK)
        if not moved and samples > _ENOUGH_FLAT:
            raise NoPeakError(constant)
        time = float(np.max(block.time, initial=time))
        if samples > _MOST_SAMPLES:
            break
    raise NoPeakError(f"E has no local maximum up to time {time:g}, where the search ends")


def largest_energy(dynamics: Dynamics, until: float) -> Peak:
    """The largest E in [0, until], both ends included; of equal ones, the earliest."""
    if not dynamics.bandwidth:
        return Peak(0.0, 0.0)
    longest = _LARGEST_WINDOW * np.pi / (_PER_NYQUIST * dynamics.bandwidth)
    if until > longest:
        raise invalid("until", f"be at most {longest:.3g} for this battery", until)
    curve = _energy_curve(dynamics)
    highest = _Highest(curve)
    for block in _blocks(dynamics, curve, until):
        highest.visit(block)
    end = curve(np.array([until]))
    last, tie = float(end.value[0]), max(highest.noise, float(end.noise[0]))
    peak = highest.earliest() or Peak(0.0, 0.0)
    if last > peak.value + _TIE * abs(last) + tie:
        peak = Peak(until, last)
    return peak if peak.value > tie else Peak(0.0, 0.0)


def highest_power(dynamics: Dynamics) -> Peak:
    """The global maximum of P: beyond t = ceiling/P no later time can beat a power P seen.

    Raises
    ------
    NoPeakError
        The search that would prove the maximum global is too long.
    """
    ceiling = dynamics.ceiling
    if not dynamics.bandwidth or ceiling <= 0:
        return Peak(0.0, 0.0)
    curve = _power_curve(dynamics)
    highest = _Highest(curve)
    samples, size, gained, time = 0, _FIRST_BLOCK, False, 0.0
    for block in _blocks(dynamics, curve, np.inf):
        highest.visit(block)
        gained = gained or bool(np.any(block.value > block.noise))
        samples, size = samples + size, min(2 * size, _LARGEST_BLOCK)
        time = float(np.max(block.time, initial=time))
        if gained and time * highest.seen >= ceiling:
            peak = highest.earliest()
            if peak is not None:
                return peak
        if samples > (_MOST_SAMPLES if gained else _MOST_SAMPLES // 4):
            break
    if not gained:
        return Peak(0.0, 0.0)
    raise NoPeakError(
        f"P has no maximum that could be proved global: up to time {time:g} the largest "
        f"is {highest.seen:g} excitations per time, which times up to {ceiling / highest.seen:g} "
        "could exceed"
    )
