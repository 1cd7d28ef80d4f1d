r"""Enclosures along time: E and its derivatives at one time, and proofs for the times after it.

With :math:`|E'''|\le B` at all times,

.. math::

    sE'(c+h) \ge sE'(c) + h\,sE''(c) - \tfrac{h^2}2B,\qquad
    |E''(c+h)| \ge |E''(c)| - hB .

The first right-hand side is concave in h and the second falls, so either is positive on all of
(0, h] when it is so at h (and not negative at 0).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from flint import arb

from numerics.certified.exact import ball, centre
from numerics.certified.results import NotCertifiedError

__all__ = ["Moving", "Sample", "first_fall", "monotone", "no_power_above", "refined", "sample"]

_MOST_SAMPLES = 20_000
_MOST_TRIES = 60
# How far to go of what a bound allows: the rest is for rounding.
_CAUTION = Fraction(15, 16)


class Moving(Protocol):
    """A battery at one time, enclosed."""

    @property
    def time(self) -> Fraction: ...

    @property
    def unit(self) -> arb:
        """The scale of E."""

    @property
    def bits(self) -> int:
        """The working precision."""

    def at(self, time: Fraction) -> Moving:
        """The same battery at another time."""

    def energy(self) -> tuple[arb, arb]:
        """E, and the part of its radius that truncation makes."""

    def slopes(self) -> tuple[arb, arb]:
        """E' and E''."""

    def truncation_of_slope(self) -> arb:
        """The part of the radius of E' that truncation makes."""


@dataclass(frozen=True)
class Sample:
    """E, E' and E'' at one time, and the bound of |E'''| at all times."""

    ensemble: Moving
    value: arb
    rise: arb
    curvature: arb
    third: arb

    @property
    def time(self) -> Fraction:
        return self.ensemble.time

    def at(self, time: Fraction) -> Sample:
        """The same state at another time."""
        return sample(self.ensemble.at(time), self.third)


def sample(ensemble: Moving, third: arb) -> Sample:
    """The enclosures at the present time of an ensemble."""
    value, _ = ensemble.energy()
    rise, curvature = ensemble.slopes()
    if ensemble.time == 0:
        # E is even in t.
        value, rise = arb(0), arb(0)
    return Sample(ensemble, value, rise, curvature, third)


def _sign(value: arb) -> int:
    """1, −1, or 0 for a ball around 0."""
    return int(value > 0) - int(value < 0)


def _short(step: float) -> Fraction:
    """A step as a dyadic fraction of few bits; 0 for none."""
    if not step > 0:
        return Fraction(0)
    mantissa, power = math.frexp(step)
    return Fraction(int(mantissa * 2**20)) * Fraction(2) ** (power - 20) * _CAUTION


def _definite(s: Sample, sign: int) -> Fraction:
    """A step beyond which E' keeps its ``sign``, 0 where none is proven."""
    slope, change = s.rise * sign, s.curvature * sign
    rise, curvature, third = float(slope), float(change), float(s.third)
    root = (curvature * curvature + 2 * third * max(rise, 0.0)) ** 0.5
    # The positive root of rise + curvature h − third h²/2, without cancellation.
    if curvature > 0:
        step = _short((curvature + root) / third)
    else:
        step = _short(2 * rise / (root - curvature) if root > curvature else 0.0)
    x = ball(step)
    return step if slope >= 0 and slope + change * x - s.third * x * x / 2 > 0 else Fraction(0)


def monotone(s: Sample) -> Fraction:
    """A step beyond which E'' keeps its sign, 0 where none is proven."""
    step = _short(abs(float(s.curvature)) / float(s.third))
    return step if s.curvature.abs_lower() > s.third * ball(step) else Fraction(0)


def first_fall(start: Sample) -> tuple[Sample, Sample, int]:
    """Follow E' from time 0 to the first time that it falls through zero.

    Returns
    -------
    left, right : Sample
        E' falls through zero exactly once between them, and it is the first time that it does.
    samples : int
        The number of enclosures of E that prove it.

    Raises
    ------
    NotCertifiedError
        E' and E'' vanish together, or the search is too long.
    """
    here, sign, count = start, _sign(start.curvature), 1
    if sign == 0:
        raise NotCertifiedError(
            "E'(0) and E''(0) both vanish: how E moves away from the start cannot be proven"
        )
    step = _definite(here, sign)
    while count < _MOST_SAMPLES and step != 0:
        there = here.at(here.time + step)
        count += 1
        seen = _sign(there.rise)
        if seen == 0:
            # So close to a zero that its sign is not known: land elsewhere.
            step = step * 3 / 4
            if step * 2**60 < here.time:
                break
            continue
        if seen != sign and sign > 0:
            return here, there, count
        here, sign = there, seen
        step = _definite(here, sign)
        if _sign(here.curvature) == -sign:
            # Past this step E' has crossed zero once or not at all; the landing tells.
            step = max(step, monotone(here))
    raise NotCertifiedError(
        f"no maximum of E could be proven: the search ended at time {float(here.time):.6g} after "
        f"{count} enclosures, with E' = {float(here.rise):.2g} and "
        f"E'' = {float(here.curvature):.2g}"
    )


def no_power_above(start: Sample, power: arb, until: Fraction) -> int:
    """Prove E(t) < ``power`` × t from the time of ``start`` (itself excluded if 0) to ``until``.

    Returns
    -------
    int
        At how many times E was enclosed.

    Raises
    ------
    NotCertifiedError
        Some time could not be excluded.
    """
    here, count = start, 1
    while here.time < until:
        # P(c+h) − E(c+h) is no less than a + bh − E''h²/2 − Bh³/6.
        a = power * ball(here.time) - here.value
        b = power - here.rise
        step = _below(a, b, here.curvature, here.third)
        if count > _MOST_SAMPLES:
            raise NotCertifiedError(
                f"the largest power is proven up to time {float(here.time):.6g} only, with "
                f"{count} enclosures, but times up to {float(until):.6g} could exceed it"
            )
        if step == 0:
            raise NotCertifiedError(
                f"another time could have as much power: near {float(here.time):.6g}, E/t may be "
                f"{float(power):.6g} too"
            )
        if here.time + step >= until:
            break
        here = here.at(here.time + step)
        count += 1
    return count


def _below(a: arb, b: arb, curvature: arb, third: arb) -> Fraction:
    """A step h with a + bx − max(curvature, 0)x²/2 − third x³/6 > 0 for 0 < x ≤ h, or 0.

    The cubic is concave: positive at h and not negative at 0, it is positive in between.
    """
    curvature = curvature.max(arb(0))
    if not a >= 0:
        return Fraction(0)
    cubic, square = (6 * max(float(x), 0.0) / float(third) for x in (a, b))
    guess = cubic ** (1 / 3) + square**0.5
    step = _short(2 * guess)
    for _ in range(_MOST_TRIES):
        x = ball(step)
        if step == 0 or a + x * (b - x * (curvature / 2 + third * x / 6)) > 0:
            return step
        step = step * 3 / 4
    return Fraction(0)


def refined(left: Sample, right: Sample) -> Fraction:
    """A time between two samples, near where E' vanishes, by Newton steps."""
    here, low, high = left, left.time, right.time
    for _ in range(8):
        if here.rise > 0:
            low = here.time
        elif here.rise < 0:
            high = here.time
        else:
            break
        slope = centre(here.curvature) if here.curvature < 0 else 0
        newton = here.time - centre(here.rise) / slope if slope else low
        time = newton if low < newton < high else (low + high) / 2
        here = here.at(centre(ball(time)))
    return here.time
