"""E(t) with a proven radius, and the proven error of a curve in double precision."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import fields
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
from flint import arb, fmpq

from numerics.certified.exact import (
    Exact,
    ball,
    centre,
    dyadic,
    exact,
    exact_problem,
    short,
    upper,
    working,
)
from numerics.certified.open_batteries import open_series
from numerics.certified.results import Check, Enclosure, NotCertifiedError
from numerics.certified.weighted_states import Ensemble, ensemble
from numerics.charging import Charging
from numerics.maxima.search import NoPeakError
from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import Model
from numerics.model.noise import Noise
from numerics.model.problem import Problem
from numerics.model.states import InitialState
from numerics.switched_off import StoredCharge

__all__ = ["check", "enclosed", "energy", "populations", "reached"]

T = TypeVar("T")

_TRIES = 6
# Weights below 2^−1000 vanish as doubles, which is how their number is estimated.
_LEAST = 1000
# Of double precision.
_DIGITS = 25
_DEFAULT_TIMES = 33


def _log2(value: Fraction) -> float:
    """Of any positive size."""
    return math.log2(value.numerator) - math.log2(value.denominator)


def _bits(digits: int, angle: Fraction, size: int) -> int:
    """Bits that make the sum of all bounds smaller than asked for: z^(5/2) √d units, and room.

    At small times E grows as t²; it shall have as many significant digits.
    """
    growth = 2.5 * _log2(1 + angle) + 0.5 * math.log2(size) + 2 * _log2(1 + 1 / angle)
    return math.ceil(digits * math.log2(10) + growth) + 16


def _prepared(problem: Problem[Exact], until: Fraction, digits: int) -> Ensemble:
    """An ensemble at time 0 that carries ``digits`` digits to the time ``until``."""
    bits = math.ceil(digits * math.log2(10)) + 24
    while True:
        with working(bits):
            made = ensemble(problem, bits, until, arb(2) ** -min(bits, _LEAST))
        matrices = [walker.matrix for _, walker in made.walkers]
        angle = max((m.scale for m in matrices), default=Fraction(0)) * until
        needed = _bits(digits, angle, max(m.size for m in matrices)) if angle else bits
        if needed <= bits:
            return made
        bits = needed


def _blurred(problem: Problem[Exact]) -> bool:
    """A ball with a radius is among the numbers."""
    values = [value for _, value in problem.model.values()]
    values += [entry.value for entry in problem.initial.values()]
    values += [getattr(one, spot.name) for one in problem.noise for spot in fields(one)]
    return any(isinstance(value, arb) and not value.is_exact() for value in values)


def reached(
    problem: Problem[Exact],
    until: Fraction,
    digits: int,
    where: str,
    attempt: Callable[[Ensemble], tuple[T, bool]],
    *,
    spare: int = 0,
) -> T:
    """The result of the first ``attempt``, with ever more bits, that has the digits asked for.

    An attempt says whether it has. The first one carries ``spare`` digits more than those, and is
    all there is where a ball with a radius is among the numbers.

    Raises
    ------
    NotCertifiedError
        None of them has.
    """
    blurred = _blurred(problem)
    for more in range(spare, spare + 10 * _TRIES, 10):
        start = _prepared(problem, until, digits + more)
        with working(start.bits):
            result, enough = attempt(start)
        if enough or blurred:
            return result
    raise NotCertifiedError(f"`digits` = {digits} could not be reached {where}")


def energy(
    model: Model,
    time: Any,
    digits: Any = 50,
    initial: InitialState | None = None,
    *,
    floats: bool = False,
    noise: Iterable[Noise] = (),
) -> Enclosure:
    r"""The stored energy E(t) of Eq. (7), with a proven radius.

    Parameters
    ----------
    model : Model, such as SpinCharger
        With exact numbers; a ball (``arb``) stands for each of its values.
    time : real
        In 1/energy, exact or a ball.
    digits : positive int
        The radius is at most ``10**-digits`` M ω0 (balls in model, state or time make it as large
        as they must). At small times, where :math:`E\propto t^2`, so many digits are significant.
    initial : state, optional
        The ideal start by default.
    floats : bool
        Take floats for the binary numbers they are instead of refusing them.
    noise : sequence, optional
        Of `loss`, `pump`, `dephasing` and `bath`, with exact numbers; for up to 20 000 elements of
        the state, and times that are not negative.

    Returns
    -------
    Enclosure
        In the unit of ``frequency``.

    Raises
    ------
    InvalidArgument
        No model or state, a symbol or a float in it, or a ``time`` or ``digits`` that is none.
    CutoffError
        A cavity with γ ≠ 0 would need more photons than can be afforded.
    TooLargeError
        The proof would take more than some minutes; the message says how long.
    """
    problem = exact_problem(model, initial, floats=floats, noise=noise)
    at, wanted = exact("time", time, floats=floats), checks.digits(digits)
    if problem.noise:
        return _open(problem, at, wanted)
    (found,) = enclosed(
        problem, at, wanted, lambda here, around: ([here.energy(around)], here.unit)
    )
    return found


def _open(problem: Problem[Exact], time: Exact, digits: int) -> Enclosure:
    """The energy of an open battery."""
    if not time >= 0:
        raise invalid("time", "not be negative for an open battery", time)
    middle = centre(time) if isinstance(time, arb) else Fraction(int(time.p), int(time.q))
    around = None if isinstance(time, fmpq) or time.rad() == 0 else time.rad()
    for more in range(0, 10 * _TRIES, 10):
        series = open_series(problem, middle, digits + more)
        with working(series.bits):
            value, remainder = series.energy(middle, around)
            allowed = (ball(Fraction(1, 10**digits)) * series.unit).lower()
            if value.rad() <= allowed or around is not None or _blurred(problem):
                return Enclosure.of(value, remainder)
    raise NotCertifiedError(f"`digits` = {digits} could not be reached at `time` = {short(middle)}")


def populations(
    model: Model,
    time: Any,
    digits: Any = 50,
    initial: InitialState | None = None,
    *,
    floats: bool = False,
) -> tuple[Enclosure, ...]:
    """The probabilities of 0, 1, … excited cells at a time, with proven radii.

    Every observable that is made of them has its own ball by the arithmetic of their ``ball``.

    Parameters
    ----------
    model, time, digits, initial, floats
        As in `energy`; each radius is at most ``10**-digits``.

    Returns
    -------
    tuple of Enclosure
        Up to all cells; for a battery without a top, up to all excitations.

    Raises
    ------
    InvalidArgument, CutoffError, TooLargeError
        As for `energy`.
    """
    return enclosed(
        exact_problem(model, initial, floats=floats),
        exact("time", time, floats=floats),
        checks.digits(digits),
        lambda here, around: (here.populations(around), arb(1)),
    )


def enclosed(
    problem: Problem[Exact],
    time: Exact,
    digits: int,
    values: Callable[[Ensemble, arb | None], tuple[list[tuple[arb, arb]], arb]],
    *,
    spare: int = 0,
) -> tuple[Enclosure, ...]:
    """Balls, each with what truncation makes of its radius, at a time; and their unit."""
    # All is even in time, H and the start being real.
    middle = abs(centre(time) if isinstance(time, arb) else Fraction(int(time.p), int(time.q)))
    radius = arb(0) if isinstance(time, fmpq) else time.rad()
    around = None if radius == 0 else radius

    def attempt(start: Ensemble) -> tuple[tuple[Enclosure, ...], bool]:
        every, unit = values(start.at(middle), around)
        allowed = (ball(Fraction(1, 10**digits)) * unit).lower()
        enough = around is not None or all(value.rad() <= allowed for value, _ in every)
        return tuple(Enclosure.of(*value) for value in every), enough

    where = f"at `time` = {short(middle)}"
    return reached(problem, middle + dyadic(radius), digits, where, attempt, spare=spare)


def check(charging: Charging, times: Any = None) -> Check:
    """Proven deviations of a double-precision curve, and its number of correct digits.

    Parameters
    ----------
    charging : Charging
        From `numerics.charge`; the floats in it stand for their binary values.
    times : array of reals, optional
        Taken as doubles; 33 times up to one and a half first-peak times by default.

    Raises
    ------
    InvalidArgument
        No charging, or no finite times.
    """
    if not isinstance(charging, Charging) or isinstance(charging, StoredCharge):
        raise invalid("charging", "be what `numerics.charge` returns", charging)
    if times is None:
        try:
            end = 1.5 * charging.first_peak().time
        except NoPeakError:
            end = 1.0
        times = np.linspace(0.0, end, _DEFAULT_TIMES)
    # Charging refuses what are no times.
    curve = np.ravel(charging.energy(times))
    found = np.asarray(times, dtype=np.float64).ravel()
    if found.size == 0:
        raise InvalidArgument("`times` must hold at least one time, but is empty")
    noise = charging._at_start.problem.noise
    problem = exact_problem(charging.model, charging.initial, floats=True, noise=noise)
    if noise:
        series = open_series(problem, Fraction(float(np.max(found, initial=0.0))), _DIGITS)
        with working(series.bits):
            balls = [series.energy(Fraction(float(time)))[0] for time in found]
            deviations = [_deviation(*pair) for pair in zip(balls, curve, strict=True)]
            unit = float(dyadic(series.unit.mid()))
        return Check(tuple(map(float, found)), tuple(deviations), unit)
    # E is even in time; one walk through all times in order.
    here = _prepared(problem, Fraction(float(np.max(np.abs(found)))), _DIGITS)
    deviations = [0.0] * len(found)
    with working(here.bits):
        for i in np.argsort(np.abs(found)):
            here = here.at(abs(Fraction(float(found[i]))))
            deviations[i] = _deviation(here.energy()[0], curve[i])
        unit = float(dyadic(here.unit.mid()))
    return Check(tuple(map(float, found)), tuple(deviations), unit)


def _deviation(true: arb, value: float) -> float:
    """A double that is no less than the error of a value."""
    error = upper(true - ball(Fraction(float(value))))
    return math.nextafter(float(error), math.inf) if error != 0 else 0.0
