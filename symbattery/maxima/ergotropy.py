r"""The largest ergotropy, capacity or other mean, and its largest power.

An ergotropy is the largest of some means of populations, its branches, none of which is ever above
it: its largest value in a window, its supremum and that of its power are the largest of those of
all branches. A local maximum is one of a branch that is the largest there: where two branches cross
the slope of their maximum grows, so that a kink is no peak. A row of the table that is the mean of
a weight w(k) is one branch.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf
from sympy import Expr, Float, S, asin, pi, sqrt

from numerics.model import checks
from numerics.model.options import separated
from symbattery.core.expressions import UnsolvedError, factored
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.maxima import energy, power
from symbattery.maxima.branch_suprema import cases, largest_supremum
from symbattery.maxima.branches import WeightedMean, branches, in_numbers
from symbattery.maxima.peaks import CertainPeak, highest_power, largest_until, peaks
from symbattery.maxima.result import Maximum, needs_charging, needs_number
from symbattery.maxima.waves import Curve, time_unit
from symbattery.observables.battery import Battery
from symbattery.observables.quantities import Request, quantities
from symbattery.observables.table import rows_by_name

__all__ = ["QUANTITIES", "max_power", "maximum"]

QUANTITIES = ("energy", "ergotropy", "capacity")

_SCAN_DIGITS = 25
_MORE_DIGITS = 15
_NEARLY = 1 - 1e-9
# More than the digits of an enclosure.
_EXACT_DIGITS = 1000


def maximum(
    solution: ClosedForm,
    kind: str | None = None,
    *,
    until: Any = None,
    digits: int = 30,
    quantity: str = "energy",
    **options: Any,
) -> Maximum:
    """A largest stored energy, ergotropy, capacity or other mean, in one of three senses.

    Parameters
    ----------
    solution, kind, until, digits
        As for :func:`symbattery.maxima.energy.maximum`.
    quantity : str
        "energy", "ergotropy" or "capacity", perhaps with options: ``"ergotropy(sense=local)"``; or
        another row of the table that has a weight, with whole numbers or fractions.
    **options
        Those of the quantity.

    Raises
    ------
    InvalidArgument
        As for the energy; or an unknown quantity or option, or cells that start in different
        states.
    UnsolvedError
        As for the energy; or an ergotropy that is not the largest of some means of populations.
    """
    request = _requested(solution, quantity, options)
    if request is None:
        return energy.maximum(solution, kind, until=until, digits=digits)
    end = energy.checked_kind(solution, kind, until)
    checks.digits(digits)
    return _in_unit(_largest(solution, request, kind, end, digits), request)


def _largest(
    solution: ClosedForm, request: Request, kind: str | None, end: Any, digits: int
) -> Maximum:
    if kind == "window":
        checks.positive_number("until", end)
        return _window(solution, branches(solution, request), end, digits)
    every = branches(solution, request)
    if kind != "first peak":
        try:
            return cases(solution, every, "supremum") or largest_supremum(solution, every)
        except UnsolvedError:
            if kind is not None:
                raise
    return cases(solution, every, "first peak") or _first_peak(solution, every, digits)


def max_power(solution: ClosedForm, quantity: str = "energy", **options: Any) -> Maximum:
    """The largest energy, ergotropy or mean over time, over all times; arguments as for `maximum`.

    Raises
    ------
    InvalidArgument
        An unknown quantity or option, or cells that start in different states.
    UnsolvedError
        The battery does not start empty, nothing can be extracted, or symbols where numbers are
        needed.
    """
    request = _requested(solution, quantity, options, QUANTITIES[:2])
    if request is None:
        return power.max_power(solution)
    needs_number(solution, "max_power")
    needs_charging(solution)
    return _in_unit(_power(solution, branches(solution, request), request.row.name), request)


def _in_unit(top: Maximum, request: Request) -> Maximum:
    """A maximum in the unit of its row, found in that of the frequency."""
    unit = request.solution.model.frequency ** (request.row.order - 1)
    if unit == 1:
        return top
    return replace(
        top,
        value=unit * top.value,
        approximate=None if top.approximate is None else unit * top.approximate,
        otherwise=None if top.otherwise is None else _in_unit(top.otherwise, request),
    )


def _requested(
    solution: ClosedForm,
    quantity: Any,
    options: Mapping[str, Any],
    known: tuple[str, ...] = QUANTITIES,
) -> Request | None:
    """The row with its options; None for the energy, and for what is the energy."""
    name, _ = separated(quantity) if isinstance(quantity, str) else (quantity, None)
    means = (n for n, row in rows_by_name().items() if row.weight and not row.per_time)
    checks.choice("quantity", name, tuple(dict.fromkeys((*known, *means))))
    request = quantities(solution).only(quantity, options)
    if name == "energy" or request is None:
        return None
    if request.row.weight is not None:
        return request
    # A pure battery that starts empty holds what it has stored, and all of that is work.
    stored = solution.model.frequency * Battery(solution).excited
    return None if request.formula == stored and Battery(solution).start == {0} else request


# Values and times


def _first_peak(solution: ClosedForm, every: list[WeightedMean], digits: int) -> Maximum:
    """The first of all peaks of branches at which that branch is the largest."""
    parts, unit = in_numbers(solution, every)
    least = max((m.offset for m in parts if m.is_constant), default=-S.Infinity)
    moving = [m for m in parts if not m.is_constant and m.waves(_SCAN_DIGITS).ceiling > least]
    searches = (_with_branch(mean, parts, digits) for mean in moving)
    for _, peak, mean in heapq.merge(*searches, key=lambda event: event[0]):
        if peak and _is_largest(mean, parts, peak, digits):
            return _stated(solution, mean, peak, unit, "first peak", digits)
    raise UnsolvedError("it is constant: it has no peak")


def _with_branch(
    mean: WeightedMean, parts: Sequence[WeightedMean], digits: int
) -> Iterator[tuple[float, CertainPeak | None, WeightedMean]]:
    curves = [
        (float(other.offset - mean.offset), Curve(other.waves(_SCAN_DIGITS)))
        for other in parts
        if other is not mean
    ]

    def others(centre: Any, half: Any) -> Any:
        """A lower bound on the largest other branch in each cell, less the offset of this one."""
        every = []
        for apart, curve in curves:
            (height, slope, _), (off, slope_off, _) = curve(centre), curve.rounding(centre)
            drop = half * half * curve.curvature_bound / 2
            every.append(apart + height - off - half * (abs(slope) + slope_off) - drop)
        return np.max(every, axis=0)

    found = peaks(mean.motion, digits + _MORE_DIGITS, others if curves else None)
    return ((time, peak, mean) for time, peak in found)


def _is_largest(
    mean: WeightedMean, parts: Sequence[WeightedMean], peak: CertainPeak, digits: int
) -> bool:
    """True where a peak of a branch is one of the largest of all branches."""
    heights = [_at(other, peak.time, digits) for other in parts]
    own, _, _ = heights[parts.index(mean)]
    with mpmath.workdps(digits + 2 * _MORE_DIGITS):
        small = mpf(10) ** -digits * (1 + abs(own) + mpmath.mpmathify(peak.time))
        for other, (height, slope, turn) in zip(parts, heights, strict=True):
            if other is mean or height < own - small:
                continue
            # One that crosses here is higher on one side, one that is not lower nearby on both.
            if height > own + small or abs(slope) > small or turn > small or other.is_constant:
                return False
            if turn > -small:
                raise UnsolvedError("two peaks are too close together to be told apart")
    return True


def _at(mean: WeightedMean, time: Expr, digits: int) -> tuple[mpf, mpf, mpf]:
    """The height, slope and curvature of a branch at a time."""
    motion = mean.waves(digits + 2 * _MORE_DIGITS)
    with mpmath.workdps(motion.digits):
        height, slope, turn = Curve(motion, exact=True)(np.array([mpmath.mpmathify(time)]))
        return height[0] + motion.offset, slope[0], turn[0]


def _window(solution: ClosedForm, every: list[WeightedMean], until: Any, digits: int) -> Maximum:
    """The largest of the largest values of all branches; of equal ones the earliest."""
    unit, more = time_unit(solution), digits + _MORE_DIGITS
    found: list[Any] = []
    for mean in every:
        most = max((float(value) for value, _, _ in found), default=0.0)
        least = max(0.0, most * _NEARLY - float(mean.offset))
        peak = largest_until(mean.motion, until, more, least)
        found.append((mean.offset.evalf(more) + peak.value, peak, mean))
    highest = max(value for value, _, _ in found)
    small = Float(10, more) ** -digits * max(1, abs(highest))
    equal = [(peak, mean) for value, peak, mean in found if value >= highest - small]
    peak, mean = min(equal, key=lambda pair: pair[0].time.evalf(more))
    return _stated(solution, mean, peak, unit, "window", digits)


def _stated(
    solution: ClosedForm, mean: WeightedMean, peak: CertainPeak, unit: Expr, kind: str, digits: int
) -> Maximum:
    """A peak of a branch, exactly where it has one frequency."""
    omega = solution.model.frequency * mean.share
    bounds = tuple(bound / unit for bound in peak.enclosure)
    exact = _exactly(mean, peak)
    if exact is None:
        value = Float(mean.offset.evalf(digits + _MORE_DIGITS) + peak.value, digits)
        time = Float(peak.time, digits) if peak.time.is_Float else peak.time
        return Maximum(omega * value, time / unit, kind, enclosure=bounds)
    value, time = exact
    return Maximum(omega * value, time / unit, kind, enclosure=bounds if kind == "window" else None)


def _exactly(mean: WeightedMean, peak: CertainPeak) -> tuple[Expr, Expr] | None:
    """The stationary point of one frequency that the bounds on a peak enclose."""
    if peak.time == 0:
        return mean.offset, S.Zero
    if len(mean.motion.branches) > 1 or not mean.has_single_frequencies:
        return None
    ((rate, (a, b, c)),) = mean.polynomials
    points = [(S.One, pi / 2), (S.Zero, pi)]
    if c and 0 < (s := factored(-b / (2 * c))) < 1:
        points += [(s, asin(sqrt(s))), (s, pi - asin(sqrt(s)))]
    low, high = peak.enclosure
    for s, phase in points:
        time = phase * time_unit(mean.motion) / rate
        if low < time.evalf(_EXACT_DIGITS) < high:
            return factored(a + b * s + c * s**2), time
    return None


def _power(solution: ClosedForm, every: list[WeightedMean], name: str) -> Maximum:
    """The largest of the largest values over time of all branches."""
    parts, unit = in_numbers(solution, every)
    found: list[tuple[CertainPeak, WeightedMean]] = []
    least = 0.0
    for mean in parts:
        if not mean.is_constant and mean.waves(_SCAN_DIGITS).ceiling > 0:
            peak = highest_power(mean.motion, least=least)
            if peak:
                found.append((peak, mean))
                least = max(least, float(peak.value) * _NEARLY)
    if not found:
        raise UnsolvedError("nothing is gained at any time: no power is the largest")
    peak, mean = max(found, key=lambda pair: pair[0].value)
    scale = solution.model.frequency * mean.share * unit
    return power.implicit(peak, *mean.written(solution), unit, scale, name)
