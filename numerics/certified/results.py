"""Certified results: numbers with a proven radius, and the claims they stand for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
from flint import arb
from mpmath import mpf

from numerics.model import checks

__all__ = ["CertifiedPeak", "Check", "Enclosure", "NotCertifiedError"]


class NotCertifiedError(ValueError):
    """The claim could not be proven; the message says what stood in the way."""


def _fraction(value: mpf) -> Fraction:
    return Fraction(*map(int, mpmath.libmp.to_rational(value._mpf_)))


def _exact(value: Any) -> tuple[Fraction, Fraction]:
    """The ends of a number or ball."""
    if isinstance(value, Enclosure):
        return value.lower, value.upper
    if isinstance(value, str):
        number = checks.written("value", value, "be the text of a number")
        return number, number
    if hasattr(value, "mid") and hasattr(value, "rad"):
        middle, radius = (_man_exp(part) for part in (value.mid(), value.rad()))
        return middle - radius, middle + radius
    if hasattr(value, "_mpf_"):
        checks.real("value", value)
        number = _fraction(mpmath.mp.make_mpf(value._mpf_))
    elif hasattr(value, "p") and hasattr(value, "q"):
        number = Fraction(int(value.p), int(value.q))
    else:
        checks.real("value", value)
        number = Fraction(*map(int, value.as_integer_ratio()))
    return number, number


def _man_exp(value: Any) -> Fraction:
    mantissa, exponent = (int(part) for part in value.man_exp())
    return Fraction(mantissa) * Fraction(2) ** exponent


def _decimal(value: Fraction, places: int) -> tuple[str, Fraction]:
    """``value`` rounded to so many places, as text and exactly."""
    scaled = round(value * Fraction(10) ** places)
    digits = f"{abs(scaled):0{max(places, 0) + 1}d}"
    sign = "-" if scaled < 0 else ""
    if places <= 0:
        text = sign + digits + "0" * -places
    else:
        text = f"{sign}{digits[:-places]}.{digits[-places:]}"
    return text, scaled / Fraction(10) ** places


def _exponent(value: Fraction) -> int:
    """The decimal exponent of a positive number: 10^e ≤ value < 10^(e+1)."""
    guess = math.floor((math.log2(value.numerator) - math.log2(value.denominator)) * math.log10(2))
    while Fraction(10) ** guess > value:
        guess -= 1
    while Fraction(10) ** (guess + 1) <= value:
        guess += 1
    return guess


def _above(value: Fraction) -> str:
    """Two digits of a positive number, rounded up."""
    exponent = _exponent(value)
    mantissa = math.ceil(value / Fraction(10) ** (exponent - 1))
    if mantissa == 100:
        mantissa, exponent = 10, exponent + 1
    return f"{mantissa / 10:.1f}e{exponent:+03d}"


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

    @property
    def lower(self) -> Fraction:
        """The exact lower end."""
        return _fraction(self.midpoint) - _fraction(self.radius)

    @property
    def upper(self) -> Fraction:
        """The exact upper end."""
        return _fraction(self.midpoint) + _fraction(self.radius)

    @property
    def digits(self) -> int:
        """The number of significant digits of the midpoint that are proven."""
        middle, radius = abs(_fraction(self.midpoint)), _fraction(self.radius)
        if radius == 0 or middle == 0:
            return 0
        return max(0, -_exponent(radius / middle) - 1)

    @property
    def ball(self) -> Any:
        """An ``arb`` of python-flint that holds all of it."""
        return arb(self.midpoint, self.radius)

    def contains(self, value: Any) -> bool:
        """True where a number, or the whole of a ball, lies inside; compared exactly."""
        low, high = _exact(value)
        return self.lower <= low and high <= self.upper

    def overlaps(self, other: Any) -> bool:
        """True where some number lies in both."""
        low, high = _exact(other)
        return self.lower <= high and low <= self.upper

    def __str__(self) -> str:
        middle, radius = _fraction(self.midpoint), _fraction(self.radius)
        if radius == 0:
            return mpmath.nstr(self.midpoint, 30)
        exponent = _exponent(abs(middle)) if middle else 0
        places = max(1 - _exponent(radius), 2 - exponent)
        if exponent < -5:
            text, printed = _decimal(middle / Fraction(10) ** exponent, places + exponent)
            text, printed = f"{text}e{exponent:+03d}", printed * Fraction(10) ** exponent
        else:
            text, printed = _decimal(middle, places)
        # The radius as printed holds for the midpoint as printed.
        return f"{text} ± {_above(radius + abs(printed - middle))}"


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
        return tuple(_digits(deviation / self.unit) for deviation in self.deviations)

    @property
    def digits(self) -> int:
        """The number of correct digits at all times."""
        return min(self.correct)

    def __str__(self) -> str:
        worst = self.times[max(range(len(self.times)), key=self.deviations.__getitem__)]
        return (
            f"{self.digits} digits of E/(M ω0) are correct at {len(self.times)} times; the "
            f"largest error is at most {self.deviation:.2g}, at time {worst:g}"
        )


def _digits(deviation: float) -> int:
    return 17 if deviation == 0 else max(0, math.floor(-math.log10(deviation)))
