r"""Peaks of a closed form with numbers in it: none missed, each with an enclosure of its time.

For a chain without a diagonal :math:`E''=2\omega_0\sum_k(b_k^2-b_{k-1}^2)|c_k|^2`, and
:math:`E'''` is the mean of a matrix with the elements
:math:`\pm2i\omega_0\,b_k(b_{k+1}^2-2b_k^2+b_{k-1}^2)` beside the diagonal: both are bounded by
their rows. A sum of sin² is bounded term by term. A function f with :math:`|f'|\le D_1` and
:math:`|f''|\le D_2` has no zero on an interval of half-width :math:`h` about :math:`c` if
:math:`|f(c)|>h|f'(c)|+h^2D_2/2`, and at most one if :math:`|f'(c)|>hD_2`; otherwise the interval is
halved. Signs are taken in double precision with a margin far above its rounding, and the time is
refined at any number of digits. For E the function is :math:`E'`, for P it is :math:`tE'-E`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import itemgetter
from typing import Any

import mpmath
from sympy import Abs, Add, Expr, Float, Rational, S, sin, sqrt

from numerics.model import checks
from symbattery.core.expressions import UnsolvedError
from symbattery.dynamics.closed_form import Branch, ClosedForm
from symbattery.dynamics.solve import from_branches
from symbattery.model.exact_model import substituted
from symbattery.observables.function import EmittedFunction
from symbattery.observables.table import quantities
from symbattery.symbols import t

__all__ = [
    "CertainPeak",
    "first_peak",
    "force_bounds",
    "highest_power",
    "largest_until",
    "sine_bounds",
]

# What is smaller than this against its bound may be rounding of the double-precision sign.
_MARGIN = 1e-9
_MOST_INTERVALS = 10**6


@dataclass(frozen=True)
class CertainPeak:
    """A maximum of E(t) or P(t): its value and time, and rational bounds on the time.

    ``alone`` is a wider interval that holds no other stationary point.
    """

    value: Float
    time: Float
    enclosure: tuple[Rational, Rational]
    alone: tuple[Rational, Rational]


@dataclass(frozen=True)
class _Curve:
    """E, or P = E/t whose slope has the sign of tE' − E, with bounds on |E''| and |E'''|."""

    solution: ClosedForm
    energy: Callable[[Any], Any]
    slope: Callable[[Any], Any]
    curvature: Callable[[Any], Any]
    curvature_bound: float
    third_derivative_bound: float
    per_time: bool

    def height(self, time: Any) -> Any:
        """The function whose largest value is sought."""
        return self.energy(time) / time if self.per_time else self.energy(time)

    def sign(self, time: Any) -> Any:
        """A function of the sign of its slope."""
        return time * self.slope(time) - self.energy(time) if self.per_time else self.slope(time)

    def turn(self, time: Any) -> Any:
        """The derivative of ``sign``."""
        return time * self.curvature(time) if self.per_time else self.curvature(time)

    def turn_bound(self, until: float) -> float:
        """A bound on the second derivative of ``sign``."""
        if self.per_time:
            return self.curvature_bound + until * self.third_derivative_bound
        return self.third_derivative_bound

    def rounding(self, until: float) -> float:
        """``sign`` may have the wrong sign below this."""
        # At the scale τ of the bounds E is of the size of τ²E'', and tE' grows from there.
        scale = self.curvature_bound / self.third_derivative_bound
        size = min(until, scale) * until if self.per_time else scale
        return _MARGIN * self.curvature_bound * size


def _emitted(solution: ClosedForm, expression: Expr, backend: str = "numpy") -> EmittedFunction:
    return EmittedFunction(
        "E", backend, expression, solution.definitions, dict(solution.parameters)
    )


def _curve(solution: ClosedForm, backend: str, per_time: bool) -> _Curve:
    energy = quantities(solution)["energy"]
    E, slope, curvature = (_emitted(solution, energy.diff(t, n), backend) for n in range(3))
    return _Curve(solution, E, slope, curvature, *_bounds(solution), per_time)


def _bounds(solution: ClosedForm) -> tuple[float, float]:
    """Bounds on |E''| and |E'''|."""
    if all(chain.is_chiral for chain in solution.sectors):
        omega = float(solution.model.frequency)
        of_chains = [force_bounds(chain.hops_squared) for chain in solution.sectors]
        second, third = (max(float(b) for one in of_chains for b in one[i]) for i in (0, 1))
        return omega * second, omega * third
    bounds = sine_bounds(quantities(solution)["energy"].expand())
    second, third = (float(_emitted(solution, bound)(0.0)) for bound in bounds)
    return second, third


def force_bounds(hops_squared: Sequence[Expr]) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    """Expressions of which the largest bound |E''|/ω₀ and |E'''|/ω₀ of a chiral chain."""
    padded = [S.Zero, *hops_squared, S.Zero]
    force = [2 * (after - before) for before, after in pairwise(padded)]
    changes = (abs(after - before) for before, after in pairwise(force))
    steps = (sqrt(h) * change for h, change in zip(hops_squared, changes, strict=True))
    return tuple(map(Abs, force)), tuple(a + b for a, b in pairwise((S.Zero, *steps, S.Zero)))


def sine_bounds(energy: Expr) -> tuple[Expr, Expr]:
    """The bounds on |E''| and |E'''| of an expanded sum of squared sines, term by term.

    Raises
    ------
    UnsolvedError
        The energy is no such sum.
    """
    second = third = S.Zero
    for size, wave in (term.as_independent(t) for term in Add.make_args(energy)):
        if not (wave.is_Pow and wave.base.func is sin and wave.exp == 2):
            raise UnsolvedError(
                "E(t) is no sum of squares of sines: no bound on its slope is derived"
            )
        rate = 2 * wave.base.args[0].diff(t)
        second += Abs(size) * rate**2 / 2
        third += Abs(size * rate**3) / 2
    return second, third


def _needs_numbers(solution: ClosedForm) -> None:
    parts = (quantities(solution)["energy"], *solution.definitions.values())
    used = set().union(*(part.free_symbols for part in parts))
    open_ = {name for name, symbol in solution.parameters.items() if symbol in used}
    # Without a diagonal 1/g and ω₀ are mere units, and may stay open.
    if all(chain.is_chiral for chain in solution.sectors):
        open_ -= {"coupling", "frequency"}
    if open_:
        raise UnsolvedError(
            "a peak of several frequencies needs numbers, but these are symbols: "
            f"{', '.join(sorted(open_))}; solve with numbers in the model"
        )


def _critical(curve: _Curve, start: float, end: float) -> Iterator[tuple[float, float]]:
    """Intervals in order of time, each with one falling zero of the sign; no others elsewhere."""
    waiting = [(start, end)]
    for _ in range(_MOST_INTERVALS):
        if not waiting:
            return
        a, b = waiting.pop()
        c, h = (a + b) / 2, (b - a) / 2
        sign, turn = float(curve.sign(c)), float(curve.turn(c))
        small, twist = curve.rounding(b), curve.turn_bound(b)
        if abs(sign) > h * abs(turn) + h * h * twist / 2 + small:
            continue
        if abs(turn) > h * twist * (1 + _MARGIN):
            left, right = float(curve.sign(a)), float(curve.sign(b))
            if min(abs(left), abs(right)) > small:
                if left > 0 > right:
                    yield a, b
                continue
        waiting += [(c, b), (a, c)]
    raise UnsolvedError("the peaks lie too close together to be told apart")


def _windows(curve: _Curve, start: float) -> Iterator[tuple[float, float]]:
    """Windows of time from ``start`` on, each twice as long as that before it."""
    span = 8 * (curve.curvature_bound / curve.third_derivative_bound)
    for _ in range(64):
        yield start, start + span
        start, span = start + span, 2 * span


def _searched(solution: ClosedForm, digits: int, per_time: bool = False) -> tuple[_Curve, float]:
    """The curve in units of 1/g and ω₀ where these are open, and where the search begins."""
    _needs_numbers(solution)
    checks.positive_integer("digits", digits)
    curve = _curve(_with_units(solution), "numpy", per_time)
    curvature = abs(float(curve.curvature(0.0)))
    if curvature <= _MARGIN * curve.curvature_bound:
        raise UnsolvedError("E(t) is constant, or so flat at the start that no peak can be proven")
    # Before this time the slope has one sign, because the curvature at 0 keeps its own.
    return curve, curvature / (2 * curve.third_derivative_bound)


def _refined(curve: _Curve, a: float, b: float, digits: int) -> CertainPeak:
    """The peak in an interval that holds no other."""
    exact = _curve(curve.solution, "mpmath", curve.per_time)
    with mpmath.workdps(digits + 15):
        time = mpmath.findroot(
            exact.sign, (mpmath.mpf(a), mpmath.mpf(b)), solver="anderson",
            tol=mpmath.mpf(10) ** (-2 * digits - 10), maxsteps=200, verify=False,
        )  # fmt: skip
        width = mpmath.mpf(10) ** -digits * (1 + abs(time))
        low, high = time - width, time + width
        if not (exact.sign(low) > 0 > exact.sign(high)):
            raise UnsolvedError("the peak is too flat for its time to be enclosed")
        below, above = (Rational(mpmath.nstr(v, digits + 10)) for v in (low, high))
        value = exact.height(time)
    alone = Rational(a), Rational(b)
    return CertainPeak(_float(value, digits), _float(time, digits), (below, above), alone)


def _float(value: Any, digits: int) -> Float:
    return Float(mpmath.nstr(value, digits + 2), digits)


def first_peak(solution: ClosedForm, digits: int = 30) -> CertainPeak:
    """The first local maximum of E at t > 0, in units of 1/g and ω₀ where these are open.

    Raises
    ------
    UnsolvedError
        A parameter is a symbol, or E is constant.
    """
    curve, begin = _searched(solution, digits)
    for start, end in _windows(curve, begin):
        for a, b in _critical(curve, start, end):
            return _refined(curve, a, b, digits)
    raise UnsolvedError(f"E(t) has no maximum up to t = {end:g}")


def largest_until(solution: ClosedForm, until: Any, digits: int = 30) -> CertainPeak:
    """The largest E in [0, ``until``]; units and errors as for `first_peak`."""
    end = float(checks.positive_number("until", until))
    curve, begin = _searched(solution, digits)
    brackets = list(_critical(curve, begin, end)) if begin < end else []
    highest = max((float(curve.energy((a + b) / 2)) for a, b in brackets), default=0.0)
    # A peak can be higher than the middle of its interval by what the bound on E'' allows.
    peaks = [
        _refined(curve, a, b, digits)
        for a, b in brackets
        if curve.energy((a + b) / 2) + curve.curvature_bound * (b - a) ** 2 >= highest
    ]
    with mpmath.workdps(digits + 15):
        last = _curve(curve.solution, "mpmath", per_time=False).energy(mpmath.mpf(end))
    edge = Rational(str(end))
    peaks.append(CertainPeak(_float(last, digits), Float(end, digits), (edge, edge), (edge, edge)))
    top = max(peak.value for peak in peaks)
    return next(peak for peak in peaks if peak.value >= top - Rational(1, 10 ** (digits - 5)))


def highest_power(solution: ClosedForm, digits: int = 30) -> CertainPeak:
    """The largest E/t over all times; units and errors as for `first_peak`."""
    curve, begin = _searched(solution, digits, per_time=True)
    most = float(curve.solution.model.cells * curve.solution.model.frequency)
    best = (0.0, 0.0, 0.0)
    for start, end in _windows(curve, begin):
        for a, b in _critical(curve, start, end):
            best = max(best, (float(curve.height((a + b) / 2)), a, b), key=itemgetter(0))
        # No later time reaches more than M ω₀ / t.
        if most / end < best[0]:
            return _refined(curve, *best[1:], digits)
    raise UnsolvedError(f"P(t) has no maximum up to t = {end:g}")


def _with_units(solution: ClosedForm) -> ClosedForm:
    """The solution with 1 for an open coupling and frequency."""
    units = ("coupling", "frequency")
    put = {symbol: 1 for name, symbol in solution.parameters.items() if name in units}

    def without_units(branch: Branch) -> Branch:
        chain = replace(
            branch.chain,
            hops_squared=tuple(hop.subs(put) for hop in branch.chain.hops_squared),
            diagonal=tuple(a.subs(put) for a in branch.chain.diagonal),
        )
        return replace(branch, weight=branch.weight.subs(put), chain=chain)

    # From the chains: they need not be those of the model, as in a limit.
    return from_branches(
        type(solution),
        substituted(solution.model, put),
        substituted(solution.initial, put),
        tuple(map(without_units, solution.branches)),
        solution.form,
    )
