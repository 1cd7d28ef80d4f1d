r"""Peaks of E(t) and P(t), to double precision: never read off a grid, and none missed.

E changes on the time scale of the largest E″ over the largest E‴, which is far slower than the
bandwidth of H: by Ehrenfest :math:`E''=-\langle[H,[H,K]]\rangle` and
:math:`E^{(3)}=-i\langle[H,[H,[H,K]]]\rangle` with K the number of excited cells, which is linear in
k, so that two thirds of these products cancel. At M = N they are of order M³ and M⁴, while the
bandwidth alone would allow M⁵ and M⁷. E is sampled at that scale; between samples the same two
bounds decide where a peak may hide (:mod:`numerics.maxima.brackets`), and only there more samples
are taken. Every peak is then refined on the derivative itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from numerics.dynamics.conservation import refuse_late
from numerics.dynamics.interface import Dynamics
from numerics.maxima.brackets import (
    Curve,
    Flags,
    Gaps,
    PeakBrackets,
    Samples,
    falls,
    isolated,
)
from numerics.model.checks import invalid

__all__ = ["NoPeakError", "Peak", "first_peak", "highest_power", "largest_energy"]

# Samples to begin with on the natural time scale, and in the largest block.
_FIRST_BLOCK, _LARGEST_BLOCK = 4, 1024
_STEP = 1.0
_TIE = 1e-12
# Open searches end after so many samples, and call E constant if it has not moved after so many.
_MOST_SAMPLES = 2**18
_ENOUGH_FLAT = 2**13
# A window asked for may be longer: this many samples take minutes even for the smallest battery.
_LARGEST_WINDOW = 2**26
# Steps that find the highest of many peaks; so short a step changes no height within rounding.
_NEWTON_STEPS, _ARRIVED = 6, 1e-9
_MOST_STEPS = 200


class NoPeakError(ValueError):
    """There is no such peak, or none within a bounded search; the message says which."""


@dataclass(frozen=True)
class Peak:
    """A maximum: its time and its value."""

    time: float
    value: float


def _blocks(curve: Curve, until: float) -> Iterator[Samples]:
    """Samples from 0 to ``until`` in growing blocks.

    Each begins with the last one of the block before whose sign is certain, and what followed.
    """
    block, taken = curve(np.zeros(1)), 0
    while (begin := float(block.time[-1])) < until:
        size = min(max(_FIRST_BLOCK, taken // 4), _LARGEST_BLOCK)
        # The scale may change on the way, with a photon cutoff.
        step = _STEP * curve.dynamics.bounds.second / curve.dynamics.bounds.third
        times = begin + step * np.arange(1, size + 1, dtype=np.float64)
        times = np.array([*times[times < until], until]) if times[-1] >= until else times
        certain = np.flatnonzero(block.sign)
        last = block.at(slice(certain[-1] if len(certain) else -1, None))
        block = last.joined(curve(times))
        yield block
        taken += size


def _refined(curve: Curve, left: float, right: float, guess: float | None = None) -> Peak:
    """The peak between two times, to the last digit: Newton steps on σ, inside the interval."""
    time, step = (left + right) / 2 if guess is None else guess, np.inf
    for _ in range(_MOST_STEPS):
        s = curve(np.array([time]))
        sigma, slope = float(s.sigma[0]), float(s.slope_of_sigma[0])
        left, right = (time, right) if sigma > 0 else (left, time)
        newton = time - sigma / slope if slope < 0 else np.nan
        after = newton if left < newton < right else (left + right) / 2
        before, step = step, abs(after - time)
        # Steps that no longer shrink, of a σ that is rounding, would go on for ever.
        if step <= 2 * np.spacing(time) or (s.sign[0] == 0 and step > before / 2):
            break
        time = after
    return Peak(time, float(s.value[0]))


@dataclass(frozen=True)
class _Candidate:
    """A peak: its height and time, approximately, and the interval it is in."""

    height: float
    time: float
    left: float
    right: float


def _climbed(curve: Curve, brackets: PeakBrackets) -> list[_Candidate]:
    """Many peaks at once, by some Newton steps inside the intervals."""
    a, b = brackets.left, brackets.right
    time = (a + b) / 2
    for _ in range(_NEWTON_STEPS):
        s, at = curve(time), time
        a, b = np.where(s.sigma > 0, time, a), np.where(s.sigma > 0, b, time)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = time - s.sigma / s.slope_of_sigma
        # A step past an end goes to that end: the peak may be just inside it.
        time = np.where(s.slope_of_sigma < 0, np.clip(newton, a, b), (a + b) / 2)
        if np.all(np.abs(time - at) <= _ARRIVED * time):
            break
    columns = s.value, time, a, b
    return [_Candidate(*map(float, row)) for row in zip(*columns, strict=True)]


@dataclass
class _Highest:
    """The highest of many peaks, seen in order of time; of equal ones the earliest."""

    curve: Curve
    seen: float = 0.0
    noise: float = 0.0
    taken: int = 0
    # Those higher than all before them: whatever comes, the earliest highest is among these.
    records: list[_Candidate] = field(default_factory=list)

    @property
    def level(self) -> float:
        """From here on, heights equal the highest within rounding."""
        return self.seen - _TIE * abs(self.seen) - self.noise

    def _see(self, samples: Samples) -> None:
        self.seen = max(self.seen, float(np.max(samples.value)))
        self.noise = max(self.noise, float(np.max(samples.noise)))

    def _wanted(self, samples: Samples, gaps: Gaps) -> Flags:
        self._see(samples)
        return gaps.ceiling > self.level

    def visit(self, block: Samples) -> None:
        samples, brackets = isolated(self.curve, block, self._wanted)
        self._see(samples)
        self.taken += len(samples.time)
        hopeful = brackets.at(brackets.bound > self.level)
        if not len(hopeful):
            return
        for bracket in _climbed(self.curve, hopeful):
            if not self.records or bracket.height > self.records[-1].height:
                self.records.append(bracket)
        self.seen = max(self.seen, self.records[-1].height)

    def earliest(self) -> Peak | None:
        """The earliest peak that equals the highest."""
        highest = [bracket for bracket in self.records if bracket.height >= self.level]
        if not highest:
            return None
        bracket = highest[0]
        return _refined(self.curve, bracket.left, bracket.right, bracket.time)


def _before_the_first(samples: Samples, gaps: Gaps) -> Flags:
    """The intervals that may hold a peak before the first one that is certain."""
    unresolved = np.concatenate([[0], np.cumsum(~gaps.resolved)])
    for left, right in zip(*falls(samples), strict=True):
        if unresolved[right] == unresolved[left]:
            return np.arange(len(gaps.resolved)) < left
    return np.ones(len(gaps.resolved), dtype=bool)


def first_peak(dynamics: Dynamics, above: float = -np.inf) -> Peak:
    """The first local maximum of E at t > 0, of those that exceed ``above``.

    Raises
    ------
    NoPeakError
        E is constant, or has no maximum within the bounded search.
    """
    constant = "E has no peak: it is constant (nothing moves from this initial state)"
    if not dynamics.bounds.second:
        raise NoPeakError(constant)
    curve, time, moved, taken = Curve(dynamics, power=False), 0.0, False, 0
    enough = above + _TIE * (1 + abs(above))

    def wanted(samples: Samples, gaps: Gaps) -> Flags:
        # Of low peaks the first is not the one asked for.
        return _before_the_first(samples, gaps) if above == -np.inf else gaps.ceiling > enough

    for block in _blocks(curve, np.inf):
        samples, brackets = isolated(curve, block, wanted)
        for bracket in zip(brackets.left, brackets.right, strict=True):
            peak = _refined(curve, *map(float, bracket))
            if peak.value > enough or above == -np.inf:
                return peak
        moved = moved or bool(np.any(samples.sign))
        time, taken = float(samples.time[-1]), taken + len(samples.time)
        if not moved and taken > _ENOUGH_FLAT:
            raise NoPeakError(constant)
        if taken > _MOST_SAMPLES:
            break
    raise NoPeakError(f"E has no local maximum up to time {time:g}, where the search ends")


def largest_energy(dynamics: Dynamics, until: float) -> Peak:
    """The largest E in [0, until], both ends included; of equal ones, the earliest."""
    if not dynamics.bounds.second:
        return Peak(0.0, 0.0)
    scale = dynamics.bounds.second / dynamics.bounds.third
    longest = _LARGEST_WINDOW * _STEP * scale
    if until > longest:
        raise invalid("until", f"be at most {longest:.3g} for this battery", until)
    refuse_late(dynamics.bandwidth / 2, until)
    curve = Curve(dynamics, power=False)
    highest = _Highest(curve)
    for block in _blocks(curve, until):
        highest.visit(block)
    end = curve(np.array([until]))
    last, tie = float(end.value[0]), max(highest.noise, float(end.noise[0]))
    peak = highest.earliest() or Peak(0.0, 0.0)
    if last > peak.value + _TIE * abs(last) + tie:
        peak = Peak(until, last)
    return peak if peak.value > tie else Peak(0.0, 0.0)


def highest_power(dynamics: Dynamics, less: float = 0.0) -> Peak:
    """The global maximum of P: beyond t = ceiling/P no later time can exceed a power P seen.

    Of the excitations gained so many are taken off; (0, 0) where they are never reached. At t = 0
    where P begins at its supremum.

    Raises
    ------
    NoPeakError
        The search that would prove the maximum global is too long.
    """
    ceiling = dynamics.bounds.gain - less
    if not dynamics.bounds.second or ceiling <= 0:
        return Peak(0.0, 0.0)
    curve = Curve(dynamics, power=True, less=less)
    highest = _Highest(curve)
    gained, time, begins = False, 0.0, float(curve(np.zeros(1)).value[0])
    for block in _blocks(curve, np.inf):
        highest.visit(block)
        gained = gained or bool(np.any(block.value > block.noise))
        time = float(block.time[-1])
        if gained and time * highest.seen >= ceiling:
            peak = highest.earliest()
            if peak is not None:
                return peak
            if begins >= highest.level:
                return Peak(0.0, begins)
        if highest.taken > (_MOST_SAMPLES if gained else _MOST_SAMPLES // 4):
            break
    if not gained:
        return Peak(0.0, 0.0)
    raise NoPeakError(
        f"P has no maximum that could be proved global: up to time {time:g} the largest "
        f"is {highest.seen:g} excitations per time, which times up to {ceiling / highest.seen:g} "
        "could exceed"
    )
