"""Certified results: numbers with a proven radius, and the claims they stand for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_CEILING, ROUND_DOWN, Context, Decimal
from fractions import Fraction
from typing import Any

import mpmath
from flint import arb
from mpmath import mpf

from numerics.certified.exact import centre, dyadic, exact, upper

__all__ = ["CertifiedPeak", "Check", "Enclosure", "NotCertifiedError"]


class NotCertifiedError(ValueError):
    """The claim could not be proven; the message says what stood in the way."""


def _ends(name: str, value: Any) -> tuple[Fraction, Fraction]:
    """The exact ends of a number or ball of any kind."""
    if isinstance(value, Enclosure):
        return value.lower, value.upper
    number = exact(name, value, floats=True)
    if isinstance(number, arb):
        return centre(number) - dyadic(number.rad()), centre(number) + dyadic(number.rad())
    return (Fraction(int(number.p), int(number.q)),) * 2


def _decimal(value: Fraction, digits: int, rounding: str) -> Decimal:
    """A number ≥ 0 rounded to so many significant digits."""
    context = Context(digits, rounding, MIN_EMIN, MAX_EMAX)
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))


def _exponent(value: Fraction) -> int:
    """The decimal exponent of a positive number: 10^e ≤ value < 10^(e+1)."""
    return _decimal(value, 1, ROUND_DOWN).adjusted()


@dataclass(frozen=True)
class Enclosure:
    """The true value is no farther than ``radius`` from ``midpoint``: this is proven.

    Attributes
    ----------
    midpoint, radius : mpf
    remainder : mpf
        The part of the radius that bounds what was left out: the terms of the series beyond the
        last, and photons beyond a cutoff.
    """

    midpoint: mpf
    radius: mpf
    remainder: mpf

    @classmethod
    def of(cls, value: arb, remainder: arb) -> Enclosure:
        """A ball as midpoint and radius in mpmath's numbers, both exact."""
        parts = value.mid(), value.rad(), upper(remainder)
        return cls(*(mpmath.mp.make_mpf(part._mpf_) for part in parts))

    @property
    def lower(self) -> Fraction:
        """The exact lower end."""
        return dyadic(self.midpoint) - dyadic(self.radius)

    @property
    def upper(self) -> Fraction:
        """The exact upper end."""
        return dyadic(self.midpoint) + dyadic(self.radius)

    @property
    def digits(self) -> int:
        """The number of significant digits of the midpoint that are proven."""
        middle, radius = abs(dyadic(self.midpoint)), dyadic(self.radius)
        if radius == 0 or middle == 0:
            return 0
        return max(0, -_exponent(radius / middle) - 1)

    @property
    def ball(self) -> arb:
        """An ``arb`` of python-flint that holds all of it."""
        return arb(self.midpoint, self.radius)

    def contains(self, value: Any) -> bool:
        """True where a number, or the whole of a ball, lies inside; compared exactly."""
        low, high = _ends("value", value)
        return self.lower <= low and high <= self.upper

    def overlaps(self, other: Any) -> bool:
        """True where some number lies in both."""
        low, high = _ends("other", other)
        return self.lower <= high and low <= self.upper

    def __repr__(self) -> str:
        return f"Enclosure: {self}"

    def __str__(self) -> str:
        middle, radius = dyadic(self.midpoint), dyadic(self.radius)
        if radius == 0:
            return mpmath.nstr(self.midpoint, 30)
        exponent = _exponent(abs(middle)) if middle else 0
        places = max(1 - _exponent(radius), 2 - exponent)
        power = exponent if exponent < -5 else 0
        digits = round(middle * Fraction(10) ** places)
        text = f"{Decimal(f'{digits}e{-places - power}'):f}"
        # The radius as printed holds for the midpoint as printed.
        off = abs(digits / Fraction(10) ** places - middle)
        width = _decimal(radius + off, 2, ROUND_CEILING)
        size = width.adjusted()
        scale = f"e{power:+03d}" if power else ""
        return f"{text}{scale} ± {width.scaleb(-size):.1f}e{size:+03d}"


@dataclass(frozen=True)
class CertifiedPeak:
    """A maximum, proven to be what it is called.

    Attributes
    ----------
    time : Enclosure
        Holds exactly one zero of the derivative.
    value : Enclosure
    claim : str
        What has been proven of it.
    samples : int
        At how many times the curve was enclosed to exclude all others.
    """

    time: Enclosure
    value: Enclosure
    claim: str
    samples: int

    def __str__(self) -> str:
        return f"{self.claim}\n  time  {self.time}\n  value {self.value}"


@dataclass(frozen=True)
class Check:
    """The distance of a curve in double precision from the truth.

    Attributes
    ----------
    times : tuple of float
    deviations : tuple of float
        Proven upper bounds of |error| at these times, in the unit of the frequency.
    unit : float
        M ω0, the scale of E.
    """

    times: tuple[float, ...]
    deviations: tuple[float, ...]
    unit: float

    @property
    def deviation(self) -> float:
        """The largest of the deviations."""
        return max(self.deviations)

    @property
    def correct(self) -> tuple[int, ...]:
        """The number of correct digits of E/(M ω0) at each time."""
        return tuple(
            max(0, math.floor(-math.log10(deviation / self.unit))) if deviation else 17
            for deviation in self.deviations
        )

    @property
    def digits(self) -> int:
        """The number of correct digits at all times."""
        return min(self.correct)

    def __repr__(self) -> str:
        return f"Check: {self}"

    def __str__(self) -> str:
        worst = self.times[max(range(len(self.times)), key=self.deviations.__getitem__)]
        return (
            f"{self.digits} digits of E/(M ω0) are correct at {len(self.times)} times; the "
            f"largest error is at most {self.deviation:.2g}, at time {worst:g}"
        )
