r"""Maxima of curves with kinks: f with :math:`f+At^2/2` convex, from values alone.

An ergotropy is the largest of many smooth means, :math:`\max_U\langle O_U\rangle`, whose second
derivatives are no less than −A. So its kinks point downward, and no maximum is at one. Between
samples at a and b it is below chord :math:`+A(t-a)(b-t)/2`; beyond them its slope is at least that
of the chord less A times the distance from its middle. Intervals are halved until nothing of note
can hide in them; where f is smooth around its maximum, a polynomial gives it to the last digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from numpy.polynomial import chebyshev

from numerics.maxima.search import NoPeakError, Peak
from numerics.model.resources import Floats

__all__ = ["SemiconvexCurve", "first_peak", "highest_power", "largest_value"]

Flags = npt.NDArray[np.bool_]

VISIBLE = 1e-9
"""Of the scale: what a curve falls by beyond a first peak, and what a maximum is proved to."""

# What is rounding, and so many intervals that are searched down to it.
_ROUNDING, _MANY = 1e-14, 2**12
_TIE = 1e-12
# Samples in the first and the largest block, of an open search, and of a window.
_FIRST_BLOCK, _LARGEST_BLOCK, _MOST_SAMPLES, _LARGEST_WINDOW = 8, 1024, 2**20, 2**26
# Of a curve that has gained nothing at so many times on the natural scale no power is expected.
_ENOUGH = 2**16
# Samples to begin with at the natural scale √(scale/A).
_STEP = 0.5
# The interpolation around a maximum: its degree, how often it is narrowed, what is left of it.
_DEGREE, _NARROWED, _NARROWER, _LEFT = 20, 40, 0.7, 1e-14


@dataclass(frozen=True)
class SemiconvexCurve:
    """f(t) ≥ 0.

    Attributes
    ----------
    function : callable
        From times (T,) to f.
    curvature : float
        A: f + At²/2 is convex.
    scale : float
        What f is at most.
    """

    function: Callable[[Floats], Floats]
    curvature: float
    scale: float

    @property
    def step(self) -> float:
        """The time between samples to begin with."""
        return float(_STEP * np.sqrt(self.scale / self.curvature))

    @cached_property
    def start(self) -> float:
        """f(0)."""
        return float(self.function(np.zeros(1))[0])

    @property
    def longest(self) -> float:
        """The longest window."""
        return _LARGEST_WINDOW * self.step

    def __call__(self, times: Floats) -> Floats:
        return self.function(times)


@dataclass(frozen=True)
class _Samples:
    """Values at increasing times."""

    curve: SemiconvexCurve
    time: Floats
    value: Floats

    @classmethod
    def at(cls, curve: SemiconvexCurve, times: Floats) -> _Samples:
        return cls(curve, times, curve(times))

    @property
    def width(self) -> Floats:
        return np.diff(self.time)

    @property
    def chord(self) -> Floats:
        """The slopes of the chords."""
        return np.diff(self.value) / self.width

    def since(self, place: int) -> _Samples:
        return _Samples(self.curve, self.time[place:], self.value[place:])

    def joined(self, other: _Samples) -> _Samples:
        time = np.concatenate([self.time, other.time])
        order = np.argsort(time, kind="stable")
        value = np.concatenate([self.value, other.value])
        return _Samples(self.curve, time[order], value[order])

    def halved(self, chosen: Flags) -> _Samples:
        """Samples in the middle of some intervals, too."""
        middle = (self.time[:-1][chosen] + self.time[1:][chosen]) / 2
        return self.joined(_Samples.at(self.curve, middle))

    def ceilings(self) -> Floats:
        """The ceiling of f in each interval: the largest of chord + A(t − a)(b − t)/2."""
        curvature, slope = self.curve.curvature, self.chord
        shift = np.clip(slope / curvature, -self.width / 2, self.width / 2)
        rest = (self.width / 2 + shift) * (self.width / 2 - shift)
        middle = (self.value[1:] + self.value[:-1]) / 2
        return middle + slope * shift + curvature / 2 * rest

    def power_ceilings(self) -> Floats:
        """The ceiling of (f − f(0))/t in each interval."""
        curvature, slope = self.curve.curvature, self.chord
        a, b = self.time[:-1], self.time[1:]
        base = self.value[:-1] - self.curve.start - slope * a - curvature / 2 * a * b
        linear = slope + curvature / 2 * (a + b)
        best = np.clip(np.sqrt(np.maximum(-2 * base / curvature, 0)), np.maximum(a, b * 1e-9), b)
        # From 0 on nothing is left of the base.
        return np.where(a > 0, base / best, 0.0) + linear - curvature / 2 * best

    def direction(self) -> tuple[Flags, Flags, Floats]:
        """The intervals in which f surely rises, or falls, and its lower bound in each."""
        curvature, width, slope = self.curve.curvature, self.width, self.chord
        # At 0, too, the slope may be negative: from a superposition, or with noise.
        before = np.append(-np.inf, slope[:-1] - curvature * width[:-1] / 2)
        after = np.append(slope[1:] + curvature * width[1:] / 2, np.inf)
        rises, falls = before > curvature * width, after < -curvature * width
        left, right = self.value[:-1], self.value[1:]
        with np.errstate(invalid="ignore"):
            forward = np.minimum(left, left + before * width - curvature / 2 * width**2)
            backward = np.minimum(right, right - after * width - curvature / 2 * width**2)
        return rises, falls, np.maximum(np.maximum(forward, backward), 0.0)


def _blocks(curve: SemiconvexCurve, until: float = np.inf) -> Iterator[Floats]:
    """Times from 0 to ``until``, in growing blocks that share their ends."""
    begin, taken = 0.0, 0
    while begin < until:
        size = min(max(_FIRST_BLOCK, taken // 4), _LARGEST_BLOCK)
        times = begin + curve.step * np.arange(size + 1, dtype=np.float64)
        if times[-1] >= until:
            times = np.append(times[times < until], until)
        yield times
        begin, taken = float(times[-1]), taken + size


def _resolvable(samples: _Samples) -> Flags:
    return samples.width > 16 * np.finfo(float).eps * samples.time[1:]


@dataclass(frozen=True)
class _Turn:
    """The end of a rise (or of a fall, of −f) by more than what is visible.

    ``place`` is the sample where it turns, None as long as it does not; ``wanted`` are the
    intervals that may hide an earlier turn, or a higher one.
    """

    place: int | None
    wanted: Flags


def _turn(samples: _Samples, upward: bool) -> _Turn:
    """The first turn of f, or of −f."""
    rises, falls, low = samples.direction()
    high, value, steady = samples.ceilings(), samples.value, rises
    if not upward:
        low, high, value, steady = -high, -low, -value, falls
    visible = VISIBLE * samples.curve.scale
    seen = np.maximum.accumulate(value)
    after = np.flatnonzero(value < seen - visible)
    unresolved = ~steady & (np.maximum(seen[:-1], high) - low > visible)
    number = np.arange(len(high))
    if not len(after):
        return _Turn(None, unresolved)
    place = int(np.argmax(value[: after[0] + 1]))
    wanted = (number < place) & unresolved
    wanted |= (number < after[0]) & (high > value[place] + visible)
    return _Turn(place, wanted)


def first_peak(curve: SemiconvexCurve) -> Peak:
    """The first maximum at t > 0, before and beyond which f is visibly less.

    Raises
    ------
    NoPeakError
        There is none within the bounded search.
    """
    upward, rest, taken = False, None, 0
    for times in _blocks(curve):
        samples = _Samples.at(curve, times if rest is None else times[1:])
        samples = samples if rest is None else rest.joined(samples)
        while True:
            turn = _turn(samples, upward)
            wanted = turn.wanted & _resolvable(samples)
            if np.any(wanted):
                samples = samples.halved(wanted)
            elif turn.place is None:
                break
            elif upward:
                return _refined(_Heights(curve), samples, turn.place)
            else:
                samples, upward = samples.since(turn.place), True
        # The rise, or fall, goes on from the highest sample; one interval more for its slope.
        place = int(np.argmax(samples.value if upward else -samples.value))
        rest, taken = samples.since(max(place - 1, 0)), taken + len(samples.time)
        if taken > _MOST_SAMPLES:
            break
    raise NoPeakError(
        f"there is no local maximum up to time {float(times[-1]):g}, where the search ends"
    )


@dataclass(frozen=True)
class _Heights:
    """The quantity that is to be largest: f, or (f − f(0))/t."""

    curve: SemiconvexCurve
    power: bool = False

    def values(self, samples: _Samples) -> Floats:
        if not self.power:
            return samples.value
        gain, time = samples.value - self.curve.start, samples.time
        # What gains less is rounding.
        some = (gain > _TIE * self.curve.scale) & (time > 0)
        return np.divide(gain, time, out=np.zeros_like(gain), where=some)

    def excess(self, samples: _Samples, seen: float, part: float) -> Flags:
        """The intervals that may exceed ``seen`` by a part of the scale."""
        least, scale = part * abs(seen), part * self.curve.scale
        if not self.power:
            return samples.ceilings() > seen + scale
        some = samples.ceilings() > self.curve.start + VISIBLE * self.curve.scale
        return some & (samples.power_ceilings() > seen + least + scale / samples.time[1:])

    def searched(self, samples: _Samples, seen: float) -> _Samples:
        """Samples between which nothing exceeds the largest of them, or what was seen before."""
        while True:
            seen = max(seen, float(np.max(self.values(samples))))
            possible = _resolvable(samples)
            wanted = possible & self.excess(samples, seen, _ROUNDING)
            if np.count_nonzero(wanted) > _MANY:
                wanted = possible & self.excess(samples, seen, VISIBLE)
            if not np.any(wanted):
                return samples
            samples = samples.halved(wanted)


def largest_value(curve: SemiconvexCurve, until: float) -> Peak:
    """The largest f in [0, until], both ends included; of equal ones, the earliest."""
    return _highest(_Heights(curve), until)


def highest_power(curve: SemiconvexCurve) -> Peak:
    """The largest (f − f(0))/t over all times; (0, 0) where f is not seen to gain.

    Raises
    ------
    NoPeakError
        The search that would prove the maximum global is too long.
    """
    return _highest(_Heights(curve, power=True))


def _seen(heights: _Heights, until: float) -> float:
    """The largest at samples on the natural scale; of a power, as long as it may be exceeded."""
    curve, seen, taken = heights.curve, 0.0, 0
    for times in _blocks(curve, until):
        seen = max(seen, float(np.max(heights.values(_Samples.at(curve, times)))))
        taken += len(times)
        enough = float(times[-1]) * seen >= curve.scale - curve.start or taken > _ENOUGH
        if heights.power and enough:
            break
    return seen


def _highest(heights: _Heights, until: float = np.inf) -> Peak:
    """The largest of all up to a time, or up to the time that nothing later can exceed it."""
    curve, seen, taken = heights.curve, _seen(heights, until), 0
    best = Peak(0.0, 0.0 if heights.power else curve.start)
    if heights.power and not seen:
        return best
    for times in _blocks(curve, until):
        samples = heights.searched(_Samples.at(curve, times), max(seen, best.value))
        value, taken = heights.values(samples), taken + len(samples.time)
        place = int(np.argmax(value >= value.max() - _TIE * abs(value.max())))
        if value[place] > best.value + _TIE * abs(best.value):
            best = _refined(heights, samples, place, until)
        last = float(times[-1])
        if heights.power and last * best.value >= curve.scale - curve.start:
            break
        if heights.power and taken > _MOST_SAMPLES:
            raise NoPeakError(
                f"the power has no maximum that could be proved global: up to time {last:g} it is "
                f"{seen:g}, in units of ω0, and may be exceeded"
            )
    return best


def _refined(heights: _Heights, samples: _Samples, place: int, until: float = np.inf) -> Peak:
    """The maximum next to a sample, by interpolation around it."""
    curve, time = heights.curve, float(samples.time[place])
    if time == until:
        return Peak(until, float(samples.value[place]))

    def value(times: Floats) -> Floats:
        return heights.values(_Samples.at(curve, times))

    here = float(heights.values(samples)[place])
    reach = min(4 * curve.step, time / (2 if heights.power else 1))
    nodes = chebyshev.chebpts1(_DEGREE + 1)
    fit = np.linalg.inv(chebyshev.chebvander(nodes, _DEGREE))
    for _ in range(_NARROWED):
        series = fit @ value(time + reach * nodes)
        if np.max(np.abs(series[-3:])) <= _LEFT * np.max(np.abs(series)):
            slope = chebyshev.chebder(series)
            roots = chebyshev.chebroots(slope)
            inside = roots.real[(np.abs(roots.imag) < 1e-6) & (np.abs(roots.real) <= 1)]
            falling = chebyshev.chebval(inside, chebyshev.chebder(slope)) < 0
            tops = time + reach * inside[falling & (time + reach * inside <= until)]
            if len(tops):
                top = float(tops[np.abs(tops - time).argmin()])
                found = float(value(np.array([top]))[0])
                if found >= here - _TIE * abs(here):
                    return Peak(top, found)
        reach *= _NARROWER
    return Peak(time, here)
