"""The first peak of E and the largest power, isolated by interval Newton steps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

from flint import arb

from numerics.certified.energies import reached
from numerics.certified.exact import (
    Exact,
    ball,
    centre,
    dyadic,
    exact_problem,
    inflated,
    upper,
    working,
)
from numerics.certified.isolation import (
    Sample,
    first_fall,
    monotone,
    no_power_above,
    refined,
    sample,
)
from numerics.certified.results import CertifiedPeak, Enclosure, NotCertifiedError
from numerics.certified.weighted_states import Ensemble, ensemble
from numerics.charging import charge
from numerics.maxima.search import NoPeakError
from numerics.model import checks
from numerics.model.checks import InvalidArgument
from numerics.model.models import Model
from numerics.model.problem import Problem
from numerics.model.side_states import Boltzmann, Geometric, Superposed
from numerics.model.states import InitialState

__all__ = ["PowerZero", "first_peak", "max_power"]

# To follow a curve: twenty digits and more, whatever the angle.
_SCAN_BITS = 128
_NEWTON_STEPS = 20
_CONSTANT = "E has no peak: it is constant (nothing moves from this initial state)"


@dataclass(frozen=True)
class _Zero:
    """Exactly one zero of E' in an interval around a sample's time."""

    sample: Sample
    time: arb  # holds the zero
    size: arb  # at least the largest absolute value of the function in there

    @staticmethod
    def curve(s: Sample) -> tuple[arb, arb, arb]:
        """The function, its slope, and a bound of the slope's change per time."""
        return s.rise, s.curvature, s.third

    @property
    def unit(self) -> arb:
        """The scale of the value."""
        return self.sample.ensemble.unit

    @property
    def radius(self) -> arb:
        """A bound on the distance of the zero from the sample."""
        return upper(self.time - ball(self.sample.time))

    @property
    def value(self) -> arb:
        """E at the zero."""
        s, r = self.sample, self.radius
        change = upper(s.rise) + r * (upper(s.curvature) + r * s.third)
        return inflated(s.value, upper(r * change))

    def truncations(self) -> tuple[arb, arb]:
        """The parts of the radii of the function and of the value that truncation makes."""
        ensemble = self.sample.ensemble
        return ensemble.truncation_of_slope(), ensemble.energy()[1]

    @classmethod
    def near(cls, s: Sample, wanted: arb) -> Self:
        """Interval Newton steps until the radius is ``wanted``, or no longer shrinks."""
        best: Self | None = None
        for _ in range(_NEWTON_STEPS):
            value, slope, change = cls.curve(s)
            middle = ball(s.time)
            if slope.contains(0):
                raise NotCertifiedError(
                    f"the peak near time {float(s.time):.6g} is too flat to be told from its "
                    "curvature"
                )
            distance = upper(2 * value / slope) + ball(abs(s.time)) * arb(2) ** -_SCAN_BITS
            steepness = inflated(slope, upper(distance * change))
            if distance < middle and not steepness.contains(0):
                image = middle - value / steepness
                if inflated(middle, distance).contains_interior(image):
                    found = cls(s, image, upper(value) + upper(distance * steepness))
                    if found.radius <= wanted:
                        return found
                    if best is not None and 2 * found.radius > best.radius:
                        return best
                    best = found
            s = s.at(centre(middle - value / slope))
        if best is None:
            raise NotCertifiedError(f"Newton steps near time {float(s.time):.6g} do not contract")
        return best

    @classmethod
    def isolated(cls, problem: Problem[Exact], near: Fraction, digits: int) -> Self:
        """The zero near a time, with so many digits."""
        wanted = near / 10 ** (digits + 1)

        def attempt(start: Ensemble) -> tuple[Self, bool]:
            here = sample(start.at(centre(ball(near))), start.bounds()[2])
            zero = cls.near(here, ball(wanted))
            allowed = ball(Fraction(1, 10**digits)) * zero.unit
            return zero, bool(zero.radius <= ball(wanted) and zero.value.rad() <= allowed.lower())

        where = f"near time {float(near):.6g}"
        return reached(problem, near * 9 / 8, digits, where, attempt, spare=4)

    def peak(self, claim: str, samples: int) -> CertifiedPeak:
        """The maximum, with the ``claim`` that was proven by so many ``samples``."""
        of_function, of_value = self.truncations()
        _, steepness, _ = self.curve(self.sample)
        time = Enclosure.of(self.time, upper(of_function / steepness))
        return CertifiedPeak(time, Enclosure.of(self.value, of_value), claim, samples)


class PowerZero(_Zero):
    """Exactly one zero of tE' − E = t²P' in an interval around a sample's time."""

    @staticmethod
    def curve(s: Sample) -> tuple[arb, arb, arb]:
        time = ball(s.time)
        # (tE'')' = E'' + tE''', for times up to twice this one.
        change = upper(s.curvature) + 3 * time * s.third
        return time * s.rise - s.value, time * s.curvature, upper(change)

    @property
    def unit(self) -> arb:
        return super().unit / ball(self.sample.time)

    @property
    def value(self) -> arb:
        """P at the zero, where P' is all but 0."""
        s, r = self.sample, self.radius
        time = ball(s.time)
        return inflated(s.value / time, upper(r * self.size / (time - r) ** 2))

    def truncations(self) -> tuple[arb, arb]:
        of_slope, of_energy = super().truncations()
        time = ball(self.sample.time)
        return time * of_slope + of_energy, of_energy / time


def _checked(model: Any, digits: Any, initial: Any, floats: bool) -> tuple[Problem[Exact], int]:
    digits = checks.digits(digits)
    problem = exact_problem(model, initial, floats=floats)
    for branch in problem.branches():
        pairs = (problem.battery, branch.battery), (problem.charger, branch.charger)
        if any(
            side.top is None and isinstance(state, Boltzmann | Geometric | Superposed)
            for side, state in pairs
        ):
            raise InvalidArgument(
                "`initial` must have finitely many photons for a certified peak, but a thermal "
                "cavity has no largest number: only `energy` is certified"
            )
    return problem, digits


def _scanned(problem: Problem[Exact], until: Fraction) -> Ensemble:
    """An ensemble to follow the curve with, nothing dropped; ``until`` is for photon cutoffs."""
    start = ensemble(problem, _SCAN_BITS, until, arb(0))
    if not start.walkers or start.bounds()[0] == 0:
        raise NoPeakError(_CONSTANT)
    return start


def _enough(time: float) -> Fraction:
    """Somewhat more than a time in double precision."""
    return Fraction(time) * 5 / 4


def first_peak(
    model: Model, digits: Any = 50, initial: InitialState | None = None, *, floats: bool = False
) -> CertifiedPeak:
    r"""The first local maximum of E at t > 0: isolated, and proven to have none before it.

    Between two times where E and its derivatives are enclosed, a bound of :math:`|E'''|` at all
    times (a norm of :math:`[H,[H,[H,K]]]`) decides whether E' can vanish; the zero itself is
    enclosed by interval Newton steps.

    Parameters
    ----------
    model, initial, floats
        As in `energy`.
    digits : positive int
        Significant digits of the time, and digits of E/(M ω0).

    Raises
    ------
    InvalidArgument
        As for `energy`; or a thermal cavity, whose photon number has no bound at the start.
    NoPeakError
        E is constant.
    NotCertifiedError
        No peak could be proven: E' and E'' vanish together, or the search is too long.
    """
    problem, digits = _checked(model, digits, initial, floats)
    until = Fraction(0)
    if problem.counter_rotating:
        until = _enough(charge(problem.model, problem.initial).first_peak().time)
    with working(_SCAN_BITS):
        start = _scanned(problem, until)
        left, right, samples = first_fall(sample(start, start.bounds()[2]))
        near = refined(left, right)
    zero = _Zero.isolated(problem, near, digits)
    with working(zero.sample.ensemble.bits):
        if not ball(left.time) < zero.time < ball(right.time):
            raise NotCertifiedError("the zero of E' is not the one that was bracketed")
        return zero.peak("first local maximum of E", samples)


def max_power(
    model: Model, digits: Any = 50, initial: InitialState | None = None, *, floats: bool = False
) -> CertifiedPeak:
    r"""The largest P = E/t over *all* times t > 0: isolated, and every other time excluded.

    A zero of :math:`tE'-E` is enclosed by interval Newton steps; at all other times up to
    :math:`(\text{largest possible }E)/P`, beyond which nothing can exceed P, Taylor's formula with
    the bound of :math:`|E'''|` proves E(t) < Pt.

    Parameters
    ----------
    model, digits, initial, floats
        As in `first_peak`.

    Raises
    ------
    InvalidArgument
        As for `first_peak`.
    NoPeakError
        No energy is ever gained.
    NotCertifiedError
        The maximum could not be proven to be the only one, or the search is too long.
    """
    problem, digits = _checked(model, digits, initial, floats)
    with working(_SCAN_BITS):
        start = _scanned(problem, Fraction(0))
        if not start.ceiling > 0:
            raise NoPeakError("P has no maximum: no energy can be gained")
    # Where to look; what is found there is proven, wherever the hint came from.
    hint = charge(problem.model, problem.initial).max_power()
    if not (hint.time > 0 and math.isfinite(hint.time) and hint.value > 0):
        raise NoPeakError("P has no maximum: no energy is gained")
    zero = PowerZero.isolated(problem, Fraction(hint.time), digits)
    with working(zero.sample.ensemble.bits):
        least = zero.value.lower()
        # E'' < 0 this far to both sides, so P rises before the zero and falls after it.
        around = min(monotone(zero.sample), zero.sample.time / 16)
        if not (zero.sample.curvature < 0 and zero.radius < ball(around)):
            raise NotCertifiedError("the zero of tE' − E is no isolated maximum of P")
        middle = zero.sample.time
    with working(_SCAN_BITS):
        start = _scanned(problem, _enough(float(start.unit) / hint.value))
        before = sample(start, start.bounds()[2])
        samples = no_power_above(before, least, middle - around)
        after = before.at(middle + around)
        samples += no_power_above(after, least, dyadic(upper(start.ceiling / least)))
    with working(zero.sample.ensemble.bits):
        return zero.peak("largest E/t of all times", samples)
