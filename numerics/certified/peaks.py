"""The first peak of E and the largest power, isolated by interval Newton steps."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from numerics.certified.energies import enclosed, prepared
from numerics.certified.exact import (
    Exact,
    ball,
    centre,
    dyadic,
    exact_problem,
    inflated,
    is_blurred,
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
from numerics.certified.results import CertifiedPeak, NotCertifiedError
from numerics.certified.weighted_states import Ensemble, ensemble
from numerics.charging import charge
from numerics.maxima.search import NoPeakError
from numerics.model.checks import InvalidArgument, positive_integer
from numerics.model.models import Model
from numerics.model.problem import Problem
from numerics.model.states import Boltzmann, InitialState

__all__ = ["first_peak", "max_power"]

# To follow a curve: twenty digits and more, whatever the angle.
_SCAN_BITS = 128
_TRIES = 6
_NEWTON_STEPS = 20
_CONSTANT = "E has no peak: it is constant (nothing moves from this initial state)"


@dataclass(frozen=True)
class _Zero:
    """Exactly one zero of a function in an interval around a sample's time.

    ``size`` bounds the function in there.
    """

    sample: Sample
    time: arb
    size: arb

    @property
    def radius(self) -> arb:
        """A bound on the distance of the zero from the sample."""
        return upper(self.time - ball(self.sample.time))


Curve = Callable[[Sample], tuple[arb, arb, arb]]
"""A function at a sample: its value, its slope, and a bound of the slope's change per time."""


def _slope(s: Sample) -> tuple[arb, arb, arb]:
    """E'."""
    return s.rise, s.curvature, s.third


def _lag(s: Sample) -> tuple[arb, arb, arb]:
    """The sign of P' is that of tE' − E, whose slope is tE''."""
    time = ball(s.time)
    # (tE'')' = E'' + tE''', for times up to twice this one.
    return (
        time * s.rise - s.value,
        time * s.curvature,
        upper(s.curvature) + 3 * time * s.third,
    )


def _zero(curve: Curve, s: Sample, wanted: Fraction) -> _Zero:
    """Interval Newton steps from ``s`` until the radius is ``wanted``, or no longer shrinks."""
    best: _Zero | None = None
    for _ in range(_NEWTON_STEPS):
        value, slope, change = curve(s)
        middle = ball(s.time)
        if slope.contains(0):
            raise NotCertifiedError(
                f"the peak near time {float(s.time):.6g} is too flat to be told from its curvature"
            )
        distance = upper(2 * value / slope) + ball(abs(s.time)) * arb(2) ** -_SCAN_BITS
        inside = inflated(middle, distance)
        steepness = inflated(slope, upper(distance * change))
        if distance < middle and not steepness.contains(0):
            image = middle - value / steepness
            if inside.contains_interior(image):
                found = _Zero(s, image, upper(value) + upper(distance * steepness))
                if found.radius <= ball(wanted):
                    return found
                if best is not None and 2 * found.radius > best.radius:
                    return best
                best = found
        s = s.at(centre(middle - value / slope))
    if best is None:
        raise NotCertifiedError(f"Newton steps near time {float(s.time):.6g} do not contract")
    return best


def _value(zero: _Zero) -> arb:
    """E at the zero."""
    s, r = zero.sample, zero.radius
    return inflated(s.value, upper(r * (upper(s.rise) + r * (upper(s.curvature) + r * s.third))))


def _power(zero: _Zero) -> arb:
    """P at the zero of tE' − E, where P' = (tE' − E)/t² is all but 0."""
    s, r = zero.sample, zero.radius
    time = ball(s.time)
    return inflated(s.value / time, upper(r * zero.size / (time - r) ** 2))


def _checked(model: Any, digits: Any, initial: Any, floats: bool) -> tuple[Problem[Exact], int]:
    digits = positive_integer("digits", digits)
    problem = exact_problem(model, initial, floats=floats)
    for branch in problem.branches():
        pairs = (problem.battery, branch.battery), (problem.charger, branch.charger)
        if any(side.top is None and isinstance(state, Boltzmann) for side, state in pairs):
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


def _isolated(
    problem: Problem[Exact],
    near: Fraction,
    digits: int,
    curve: Curve,
    value: Callable[[_Zero], arb],
) -> tuple[_Zero, int]:
    """The zero of ``curve`` near a time with so many digits, and the bits it took."""
    asked = digits + 4
    for _ in range(_TRIES):
        bits, start = prepared(problem, near * 9 / 8, asked)
        with working(bits):
            third = start.bounds()[2]
            wanted = near / 10 ** (digits + 1)
            zero = _zero(curve, sample(start.at(centre(ball(near))), third), wanted)
            scale = start.frequency * start.cells * (1 if curve is _slope else 1 / ball(near))
            allowed = ball(Fraction(1, 10**digits)) * scale
            reached = zero.radius <= ball(wanted) and value(zero).rad() <= allowed.lower()
            if reached or is_blurred(problem):
                return zero, bits
        asked += 10
    raise NotCertifiedError(f"`digits` = {digits} could not be reached near time {float(near):.6g}")


def _peak(
    zero: _Zero, curve: Curve, value: Callable[[_Zero], arb], claim: str, samples: int
) -> CertifiedPeak:
    s = zero.sample
    _, of_energy = s.ensemble.energy()
    of_slope = s.ensemble.truncation_of_slope()
    steepness = curve(s)[1]
    if curve is _lag:
        time = ball(s.time)
        of_slope, of_energy = time * of_slope + of_energy, of_energy / time
    return CertifiedPeak(
        enclosed(zero.time, upper(of_slope / steepness)),
        enclosed(value(zero), of_energy),
        claim,
        samples,
    )


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
        bracket = first_fall(sample(start, start.bounds()[2]))
        near = refined(bracket)
    zero, bits = _isolated(problem, near, digits, _slope, _value)
    with working(bits):
        low, high = ball(bracket.left.time), ball(bracket.right.time)
        if not (low < zero.time and zero.time < high):
            raise NotCertifiedError("the zero of E' is not the one that was bracketed")
        return _peak(zero, _slope, _value, "first local maximum of E", bracket.samples)


def max_power(
    model: Model, digits: Any = 50, initial: InitialState | None = None, *, floats: bool = False
) -> CertifiedPeak:
    r"""The largest P = E/t over *all* times t > 0: isolated, and every other time excluded.

    A zero of :math:`tE'-E` is enclosed by interval Newton steps; at all other times up to
    :math:`(\text{largest possible }E)/P`, beyond which nothing can beat P, Taylor's formula with
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
    with working(_SCAN_BITS):
        frequency = float(ball(problem.parameters.frequency))
        start = _scanned(problem, _enough(frequency * start.cells / hint.value))
    zero, bits = _isolated(problem, Fraction(hint.time), digits, _lag, _power)
    with working(bits):
        power = _power(zero)
        # E'' < 0 this far to both sides, so P rises before the zero and falls after it.
        around = min(monotone(zero.sample), zero.sample.time / 16)
        if not (zero.sample.curvature < 0 and zero.radius < ball(around)):
            raise NotCertifiedError("the zero of tE' − E is no isolated maximum of P")
        middle = zero.sample.time
    with working(_SCAN_BITS):
        least = power.lower()
        third = start.bounds()[2]
        samples = no_power_above(sample(start, third), least, middle - around)
        after = sample(start.at(middle + around), third)
        end = dyadic(upper(start.ceiling / least))
        samples += no_power_above(after, least, end)
    with working(bits):
        return _peak(zero, _lag, _power, "largest E/t of all times", samples)
