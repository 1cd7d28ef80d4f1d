r"""Peaks of a closed form with numbers in it: none missed, each with an enclosure of its time.

A function f (E, or P = E/t) with :math:`|f''|\le D_2` and :math:`|f'''|\le D_3`, the bounds of
:mod:`symbattery.maxima.waves`, stays below :math:`f(c)+h|f'(c)|+h^2D_2/2` on a cell of half-width h
about c. It has no stationary point there if :math:`|f'(c)|>h|f''(c)|+h^2D_3/2`, and is concave or
convex if :math:`|f''(c)|>hD_3`; a cell for which none of this holds is halved. A scan in double
precision, with a margin far above its rounding, leaves the cells that can hold the peak sought;
what it cannot decide is decided at more digits. Adjacent concave cells hold one peak together, or
none. Peaks of which double precision does not tell the higher one are compared at the digits asked
for, and those equal to all digits give the earliest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import ceil, log10, nextafter, sqrt
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf
from sympy import Expr, Float, Rational, S

from numerics.model import checks
from symbattery.core.expressions import UnsolvedError, exact
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.maxima.waves import Curve, Waves, waves

__all__ = ["CertainPeak", "around", "first_peak", "highest_power", "largest_until", "peaks"]

# Digits of the waves that the scan in double precision starts from.
_SCAN_DIGITS = 25
_MORE_DIGITS = 15
# Squares of sines at once, and in all (about half a minute).
_AT_ONCE = 2**20
_MOST = 10**8
_MOST_EXACT = 10**6
_HALVINGS, _EXACT_HALVINGS = 24, 44
# Of the slope at a peak: down to neighbouring doubles.
_BISECTIONS = 60
_Hidden = Callable[[Any, Any], Any]
# Rounding takes no more of a power.
_LESS = 1 - 1e-9
_WINDOWS = 64


@dataclass(frozen=True)
class CertainPeak:
    """A maximum of E(t) or P(t): its value and time, and rational bounds on the time.

    ``alone`` is a wider interval that holds no other stationary point.
    """

    value: Expr
    time: Expr
    enclosure: tuple[Rational, Rational]
    alone: tuple[Rational, Rational]


_AT_START = CertainPeak(S.Zero, S.Zero, (S.Zero, S.Zero), (S.Zero, S.Zero))


class _Undecided(ArithmeticError):
    """The precision does not decide where the peaks are."""


class _ConstantEnergy(UnsolvedError):
    """E(t) never changes: it has no peak."""


def _motion(solution: ClosedForm) -> tuple[Waves, float, bool]:
    """The waves, a time before which the slope keeps its first sign, and if E rises at first.

    Raises
    ------
    UnsolvedError
        A parameter is a symbol, or E is constant.
    """
    found = waves(solution, _SCAN_DIGITS)
    # E is even in t: with p the lowest power in it, the rest of the slope is bounded by D_(p+2).
    for p in range(2, 2 * len(found.sizes) + 2, 2):
        leading = found.derivative_at_start(p)
        if abs(leading) > mpf(10) ** -_SCAN_DIGITS * found.derivative_bound(p):
            rest = found.derivative_bound(p + 2)
            return found, sqrt(abs(leading) * (p - 1) * (p + 2) / rest) / 2, bool(leading > 0)
    raise _ConstantEnergy("E(t) is constant: it has no peak")


# Cells


def _cells(curve: Curve, start: float, end: float) -> Iterator[Any]:
    """The edges of adjacent cells from ``start`` to ``end``, some at a time."""
    count = max(1, ceil((end - start) / _step(curve)))
    some = max(1, _AT_ONCE // len(curve.motion.sizes))
    for first in range(0, count, some):
        last = min(first + some, count)
        edges = start + (end - start) * (np.arange(first, last + 1) / count)
        if last == count:
            edges[-1] = end
        yield edges


def _step(curve: Curve) -> float:
    return curve.curvature_bound / curve.third_bound


def _affordable(curve: Curve, start: float, end: float) -> bool:
    work = (end - start) / _step(curve) * len(curve.motion.sizes)
    return work < (_MOST_EXACT if curve.exact else _MOST)


def _concave(
    curve: Curve, edges: Any, floor: float | None = None, hidden: _Hidden | None = None
) -> tuple[Any, Any]:
    """The concave cells that can hold a peak, in order of time; with ``floor`` one as high.

    The floor is returned as high as the heights seen make it.
    """
    a, b = edges[:-1], edges[1:]
    held = []
    for _ in range(_EXACT_HALVINGS if curve.exact else _HALVINGS):
        c, h = (a + b) / 2, (b - a) / 2
        (height, slope, turn), (off, slope_off, turn_off) = curve(c), curve.rounding(c)
        steep = abs(slope) + slope_off
        clear = abs(slope) > h * (abs(turn) + turn_off) + h * h * curve.third_bound / 2 + slope_off
        sure = abs(turn) > h * curve.third_bound + turn_off
        upper = height + h * steep + h * h * curve.curvature_bound / 2 + off
        if floor is not None:
            floor = max(floor, float(max(height - off)))
            clear |= upper < floor
        if hidden is not None:
            clear |= upper < hidden(c, h)
        here = ~clear & sure & (turn < 0)
        held.append(np.stack([a[here], b[here]], axis=1))
        rest = ~clear & ~sure
        a, b = np.concatenate([a[rest], c[rest]]), np.concatenate([c[rest], b[rest]])
        if not len(a):
            cells = np.concatenate(held)
            return cells[np.argsort(cells[:, 0])], floor
    raise _Undecided


def _runs(cells: Any) -> Any:
    """The intervals that adjacent cells fill."""
    if not len(cells):
        return cells
    apart = cells[1:, 0] != cells[:-1, 1]
    first, last = np.concatenate([[True], apart]), np.concatenate([apart, [True]])
    return np.stack([cells[first, 0], cells[last, 1]], axis=1)


def _brackets(curve: Curve, runs: Any, floor: float | None = None) -> Any:
    """Those of the concave intervals that hold a peak."""
    if not len(runs):
        return runs
    signs = []
    for column, times in enumerate(runs.T):
        height, slope, _ = curve(times)
        off, slope_off, _ = curve.rounding(times)
        unsure = abs(slope) <= slope_off
        if floor is not None:
            # A peak at the end of an interval is in the next one as well, if that is not lower.
            unsure &= height + off >= floor
        if unsure.any():
            raise _Undecided
        signs.append(slope > 0 if column == 0 else slope < 0)
    return runs[signs[0] & signs[1]]


def _decided(solution: ClosedForm, per_time: bool, search: Callable[[Curve], Any]) -> Any:
    """The result of a search, in double precision or else at more digits."""
    for digits, accurate in ((_SCAN_DIGITS, False), (2 * _SCAN_DIGITS, True)):
        try:
            return search(Curve(waves(solution, digits), per_time, exact=accurate))
        except _Undecided:
            continue
    raise UnsolvedError("a peak is too flat, or two are too close together, to be told apart")


# The searches


def first_peak(solution: ClosedForm, digits: int = 30) -> CertainPeak:
    """The first local maximum of E at t > 0, in `time_unit` and ω₀; errors as for `peaks`."""
    return next(peak for _, peak in peaks(solution, digits) if peak)


def peaks(
    solution: ClosedForm, digits: int = 30, hidden: _Hidden | None = None
) -> Iterator[tuple[float, CertainPeak | None]]:
    """All local maxima of E at t > 0 with their times, and None where there are no more so far.

    In order of time, in `time_unit` and ω₀. Where E is below ``hidden``, of the centres and
    half-widths of cells, its peaks may be left out.

    Raises
    ------
    UnsolvedError
        A parameter is a symbol, E is constant, or no more peaks are found in the time there is.
    """
    checks.digits(digits)
    motion, begin, _ = _motion(solution)
    curve, waiting, end = Curve(motion), np.empty((0, 2)), begin
    for start, end in _windows(curve, begin):
        for whole in _cells(curve, start, end):
            later = [whole]
            while later:
                edges = later.pop()
                search = partial(_next_brackets, edges, waiting, hidden)
                try:
                    brackets, waiting = _decided(solution, False, search)
                except UnsolvedError:
                    # A peak that is too flat may come after the one that is sought.
                    if len(edges) == 2:
                        raise
                    middle = len(edges) // 2
                    later += [edges[middle:], edges[: middle + 1]]
                    continue
                for a, b in brackets:
                    peak = _Refinement(solution, digits, b).peak(a, b)
                    yield float(peak.time), peak
                yield (waiting[0, 0] if len(waiting) else edges[-1]), None
    raise UnsolvedError(f"E(t) has no maximum up to t = {end:g}")


def _next_brackets(
    edges: Any, waiting: Any, hidden: _Hidden | None, curve: Curve
) -> tuple[Any, Any]:
    """Intervals with one peak each among adjacent cells, and those that may go on after them."""
    if not _affordable(curve, edges[0], edges[-1]):
        raise _Undecided
    runs = _runs(np.concatenate([waiting, _concave(curve, edges, hidden=hidden)[0]]))
    over = runs[:, 1] < edges[-1]
    return _brackets(curve, runs[over]), runs[~over]


def _windows(curve: Curve, start: float) -> Iterator[tuple[float, float]]:
    """Windows of time from ``start`` on, each twice as long as that before it."""
    begin, span = start, 8 * _step(curve)
    for _ in range(_WINDOWS):
        if not _affordable(curve, begin, start + span):
            return
        yield start, start + span
        start, span = start + span, 2 * span


def _highest(curve: Curve, start: float, end: float, floor: float) -> tuple[Any, Any]:
    """Intervals with one peak each, the highest of all among them; and one that ends at ``end``."""
    if not _affordable(curve, start, end):
        raise _Undecided
    cells = [np.empty((0, 2))]
    for edges in _cells(curve, start, end):
        found, floor = _concave(curve, edges, floor)
        cells.append(found)
    runs = _runs(np.concatenate(cells))
    last = runs[:, 1] == end
    brackets = _brackets(curve, runs[~last], floor)
    if not len(brackets):
        return brackets, runs[last]
    a, b = brackets.T
    for _ in range(_BISECTIONS):
        c = (a + b) / 2
        rising = curve(c)[1] > 0
        a, b = np.where(rising, c, a), np.where(rising, b, c)
    height, off = curve(b)[0], curve.rounding(b)[0]
    near = height + 2 * off >= max(floor, max(height - 2 * off))
    return brackets[near], runs[last]


def largest_until(
    solution: ClosedForm, until: Any, digits: int = 30, least: float = 0.0
) -> CertainPeak:
    """The largest E in [0, ``until``]; units and errors as for `first_peak`.

    Peaks below ``least`` may be left out.

    Raises
    ------
    InvalidArgument
        ``until`` is no positive number, or so large that the search would take minutes.
    """
    end = exact(checks.positive_number("until", until))
    checks.digits(digits)
    try:
        motion, begin, rises = _motion(solution)
    except _ConstantEnergy:
        return _AT_START
    # The double above the end: where E is concave up to it, the slope at the end itself decides.
    beyond = nextafter(float(end), float("inf"))
    curve = Curve(motion)
    if not _affordable(curve, 0, beyond):
        most = _MOST * _step(curve) / len(motion.sizes)
        raise checks.invalid("until", f"be at most {most:.0e} here", until)
    if begin < beyond:
        brackets, last = _decided(solution, False, lambda c: _highest(c, begin, beyond, least))
    else:
        brackets = last = np.empty((0, 2))
    refine = _Refinement(solution, digits, beyond)
    with mpmath.workdps(refine.digits):
        stop = mpmath.mpmathify(end.evalf(refine.digits))
        for a, _ in last:
            # Rising at a, and concave: a peak in front of the end if E falls there.
            if refine.slope(stop) < -refine.small and refine.slope(mpf(a)) > 0:
                brackets = np.concatenate([brackets, [[a, beyond]]])
        peaks: list[Any] = [(*refine.top(a, b), (a, b)) for a, b in brackets]
        # Where E rises at first, some later time does better than t = 0; at first it only falls.
        if begin < beyond or not rises:
            peaks.append((mpf(0), mpf(0), None))
        if begin < beyond or rises:
            peaks.append((stop, refine.height(stop), None))
        time, value, bracket = refine.first_of_highest(peaks)
        if bracket is not None:
            return refine.peak(*bracket)
        if time == 0:
            return _AT_START
        bounds = (end, end) if end.is_Rational else around(stop, digits)
        return CertainPeak(refine.written(value), end, bounds, bounds)


def highest_power(solution: ClosedForm, digits: int = 30, least: float = 0.0) -> CertainPeak | None:
    """The largest E/t over all times, with an offset that is not positive; None below ``least``.

    Units and errors as for `first_peak`.
    """
    motion, begin, _ = _motion(solution)
    curve, ceiling, most = Curve(motion, per_time=True), float(motion.ceiling), least
    begin = curve.begin or begin
    for start, end in _windows(curve, begin):
        for edges in _cells(curve, start, end):
            most = max(most, float(max(curve(edges)[0])))
        # No later time reaches more than the ceiling of E over t.
        if ceiling / end < most * _LESS:
            break
    else:
        raise UnsolvedError(f"P(t) has no maximum up to t = {end:g}")
    floor = most * _LESS
    brackets, _ = _decided(solution, True, lambda c: _highest(c, begin, end, floor))
    if not len(brackets):
        return None
    refine = _Refinement(solution, digits, end, per_time=True)
    with mpmath.workdps(refine.digits):
        _, _, bracket = refine.first_of_highest([(*refine.top(a, b), (a, b)) for a, b in brackets])
    return refine.peak(*bracket)


# The digits


class _Refinement:
    """Peaks in intervals that hold no other, up to some time, to a number of digits."""

    def __init__(
        self, solution: ClosedForm, digits: int, until: float, per_time: bool = False
    ) -> None:
        fastest = waves(solution, _SCAN_DIGITS).frequencies[-1]
        self.wanted = digits
        # The phases at late times need more.
        self.digits = digits + _MORE_DIGITS + ceil(log10(1 + float(fastest) * until))
        self.curve = Curve(waves(solution, self.digits), per_time, exact=True)
        self.bound = 2 * self.curve.motion.derivative_bound(0)
        self.small = mpf(10) ** (-digits - 5) * self.curve.motion.derivative_bound(1)

    def height(self, time: mpf) -> mpf:
        """E, or P."""
        return self.curve(np.array([time]))[0][0]

    def slope(self, time: mpf) -> mpf:
        """Its derivative."""
        return self.curve(np.array([time]))[1][0]

    def top(self, a: float, b: float) -> tuple[mpf, mpf]:
        """The time and the height of the peak between ``a`` and ``b``, where f is concave."""
        low, high = mpf(a), mpf(b)
        time = (low + high) / 2
        for _ in range(20 + 4 * self.digits):
            height, slope, turn = (row[0] for row in self.curve(np.array([time])))
            low, high = (time, high) if slope > 0 else (low, time)
            step = slope / turn if turn < 0 else mpf(0)
            if abs(step) < time * mpf(10) ** (-self.wanted - 10) and turn < 0:
                return time - step, height
            # Newton's step, unless it leaves the interval.
            time = time - step if turn < 0 and low < time - step < high else (low + high) / 2
        raise UnsolvedError("the peak is too flat for its time to be enclosed")

    def first_of_highest(self, peaks: list[Any]) -> Any:
        """Of (time, height, …) the highest; of equal ones the earliest."""
        most = max(height for _, height, _ in peaks)
        equal = mpf(10) ** -self.wanted * max(abs(most), self.bound * mpf(10) ** -10)
        return min((p for p in peaks if p[1] >= most - equal), key=lambda p: p[0])

    def peak(self, a: float, b: float) -> CertainPeak:
        """The peak between ``a`` and ``b``, with bounds on its time at which the slope is known."""
        with mpmath.workdps(self.digits):
            time, height = self.top(a, b)
            bounds = around(time, self.wanted)
            low, high = (mpf(v.p) / v.q for v in bounds)
            if not (self.slope(low) > 0 > self.slope(high)):
                raise UnsolvedError("the peak is too flat for its time to be enclosed")
            alone = Rational(float(a)), Rational(float(b))
            return CertainPeak(self.written(height), self.written(time), bounds, alone)

    def written(self, value: mpf) -> Float:
        """The value to the digits asked for."""
        return Float(mpmath.nstr(value, self.wanted + 2), self.wanted)


def around(time: mpf, digits: int) -> tuple[Rational, Rational]:
    """Rational bounds around a positive time, to a number of digits."""
    with mpmath.workdps(digits + _MORE_DIGITS):
        width = time * mpf(10) ** -digits
        low, high = (Rational(mpmath.nstr(v, digits + 10)) for v in (time - width, time + width))
    return low, high
