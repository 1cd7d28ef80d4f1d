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
from typing import Any

import mpmath
from sympy import Abs, Add, Expr, Float, Rational, S, sin, sqrt

from numerics.model import checks
from symbattery.core.errors import UnsolvedError
from symbattery.dynamics.closed_form import Branch, ClosedForm
from symbattery.dynamics.solve import from_branches
from symbattery.model.exact_model import substituted
from symbattery.observables.function import EmittedFunction
from symbattery.observables.table import quantities
from symbattery.symbols import t

__all__ = ["CertainPeak", "first_peak", "force_bounds", "highest_power", "largest_until"]

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
    """E and its derivatives, with bounds on |E''| and |E'''|."""

    energy: Callable[[Any], Any]
    slope: Callable[[Any], Any]
    curvature: Callable[[Any], Any]
    curvature_bound: float
    third_derivative_bound: float

    def height(self, time: Any) -> Any:
        """The function whose largest value is sought."""
        return self.energy(time)

    def sign(self, time: Any) -> Any:
        """A function of the sign of its slope."""
        return self.slope(time)

    def turn(self, time: Any) -> Any:
        """The derivative of ``sign``."""
        return self.curvature(time)

    def turn_bound(self, until: float) -> float:
        """A bound on the second derivative of ``sign``."""
        return self.third_derivative_bound

    def rounding(self, until: float) -> float:
        """``sign`` may have the wrong sign below this."""
        return _MARGIN * self.curvature_bound**2 / self.third_derivative_bound


class _PowerCurve(_Curve):
    """The same for P = E/t, whose slope has the sign of tE' − E."""

    def height(self, time: Any) -> Any:
        return self.energy(time) / time

    def sign(self, time: Any) -> Any:
        return time * self.slope(time) - self.energy(time)

    def turn(self, time: Any) -> Any:
        return time * self.curvature(time)

    def turn_bound(self, until: float) -> float:
        return self.curvature_bound + until * self.third_derivative_bound

    def rounding(self, until: float) -> float:
        # At the scale τ of the bounds E is of the size of τ²E'', and tE' grows from there.
        scale = self.curvature_bound / self.third_derivative_bound
        return _MARGIN * self.curvature_bound * min(until, scale) * until


def _emitted(solution: ClosedForm, expression: Expr, backend: str) -> EmittedFunction:
    return EmittedFunction(
        "E", backend, expression, solution.definitions, dict(solution.parameters)
    )


def _curve(solution: ClosedForm, backend: str, kind: type[_Curve] = _Curve) -> _Curve:
    energy = quantities(solution)["energy"]
    E, slope, curvature = (_emitted(solution, energy.diff(t, n), backend) for n in range(3))
    return kind(E, slope, curvature, *_bounds(solution))


def _bounds(solution: ClosedForm) -> tuple[float, float]:
    """Bounds on |E''| and |E'''|."""
    if all(chain.is_chiral for chain in solution.sectors):
        omega = float(solution.model.frequency)
        bounds = [force_bounds(chain.hops_squared) for chain in solution.sectors]
        second, third = (
            max(float(b) for each in some for b in each) for some in zip(*bounds, strict=True)
        )
        return omega * second, omega * third
    energy = quantities(solution)["energy"].expand()
    terms = [term.as_independent(t) for term in Add.make_args(energy)]
    if not all(wave.is_Pow and wave.base.func is sin and wave.exp == 2 for _, wave in terms):
        raise UnsolvedError("E(t) is no sum of squares of sines: no bound on its slope is derived")
    sizes = [abs(_number(solution, size)) for size, _ in terms]
    rates = [abs(_number(solution, 2 * wave.base.args[0].diff(t))) for _, wave in terms]
    second, third = (sum(b * r**n / 2 for b, r in zip(sizes, rates, strict=True)) for n in (2, 3))
    return second, third


def force_bounds(squares: Sequence[Expr]) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    """Bounds on |E''| and |E'''| in units of ω₀, from the squared hops of a chain.

    One for each level: the force on the excitations, and how it changes along its hops. The
    largest of each bounds the derivative.
    """
    padded = [S.Zero, *squares, S.Zero]
    force = [2 * (after - before) for before, after in pairwise(padded)]
    changes = (Abs(after - before) for before, after in pairwise(force))
    steps = [S.Zero, *(sqrt(h) * c for h, c in zip(squares, changes, strict=True)), S.Zero]
    return tuple(map(Abs, force)), tuple(a + b for a, b in pairwise(steps))


def _number(solution: ClosedForm, expression: Expr) -> float:
    return float(_emitted(solution, expression, "numpy")(0.0))


def _needs_numbers(solution: ClosedForm) -> None:
    used = quantities(solution)["energy"].free_symbols
    open_ = {name for name, s in solution.parameters.items() if s in used}
    open_ |= {
        name
        for name, symbol in solution.parameters.items()
        if any(symbol in value.free_symbols for value in solution.definitions.values())
    }
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


def _refined(
    solution: ClosedForm, a: float, b: float, digits: int, kind: type[_Curve] = _Curve
) -> CertainPeak:
    exact = _curve(solution, "mpmath", kind)
    with mpmath.workdps(digits + 15):
        time = mpmath.findroot(
            exact.sign, (mpmath.mpf(a), mpmath.mpf(b)), solver="anderson",
            tol=mpmath.mpf(10) ** (-2 * digits - 10), maxsteps=200, verify=False,
        )  # fmt: skip
        width = mpmath.mpf(10) ** -digits * (1 + abs(time))
        low, high = time - width, time + width
        if not (exact.sign(low) > 0 > exact.sign(high)):
            raise UnsolvedError("the peak is too flat for its time to be enclosed")
        bounds = tuple(Rational(mpmath.nstr(v, digits + 10)) for v in (low, high))
        value = exact.height(time)
    alone = Rational(a), Rational(b)
    return CertainPeak(_float(value, digits), _float(time, digits), (bounds[0], bounds[1]), alone)


def _float(value: Any, digits: int) -> Float:
    return Float(mpmath.nstr(value, digits + 2), digits)


def _begin(curve: _Curve) -> float:
    """A time before which the slope has one sign, because the curvature at 0 keeps its own."""
    curvature = abs(float(curve.curvature(0.0)))
    if curvature <= _MARGIN * curve.curvature_bound:
        raise UnsolvedError("E(t) is constant, or so flat at the start that no peak can be proven")
    return curvature / (2 * curve.third_derivative_bound)


def first_peak(solution: ClosedForm, digits: int = 30) -> CertainPeak:
    """The first local maximum of E at t > 0, in units of 1/g and ω₀ where these are open.

    Raises
    ------
    UnsolvedError
        A parameter is a symbol, or E is constant.
    """
    _needs_numbers(solution)
    checks.positive_integer("digits", digits)
    unit = _with_units(solution)
    curve = _curve(unit, "numpy")
    start = _begin(curve)
    span = 8 * (curve.curvature_bound / curve.third_derivative_bound)
    for _ in range(64):
        for a, b in _critical(curve, start, start + span):
            return _refined(unit, a, b, digits)
        start, span = start + span, 2 * span
    raise UnsolvedError(f"E(t) has no maximum up to t = {start:g}")


def largest_until(solution: ClosedForm, until: Any, digits: int = 30) -> CertainPeak:
    """The largest E in [0, ``until``], in units of 1/g and ω₀ where these are open."""
    _needs_numbers(solution)
    checks.positive_integer("digits", digits)
    end = float(checks.positive_number("until", until))
    unit = _with_units(solution)
    curve = _curve(unit, "numpy")
    start = _begin(curve)
    brackets = list(_critical(curve, start, end)) if start < end else []
    highest = max((float(curve.energy((a + b) / 2)) for a, b in brackets), default=0.0)
    # A peak can be higher than the middle of its interval by what the bound on E'' allows.
    peaks = [
        _refined(unit, a, b, digits)
        for a, b in brackets
        if curve.energy((a + b) / 2) + curve.curvature_bound * (b - a) ** 2 >= highest
    ]
    with mpmath.workdps(digits + 15):
        last = _curve(unit, "mpmath").energy(mpmath.mpf(end))
    edge = Rational(str(end))
    at_end = CertainPeak(_float(last, digits), Float(end, digits), (edge, edge), (edge, edge))
    tie = Rational(1, 10 ** (digits - 5))
    top = max(peak.value for peak in [*peaks, at_end])
    return next(peak for peak in [*peaks, at_end] if peak.value >= top - tie)


def highest_power(solution: ClosedForm, digits: int = 30) -> CertainPeak:
    """The largest E/t over all times, in units of 1/g and ω₀ where these are open.

    Raises
    ------
    UnsolvedError
        A parameter is a symbol, or E is constant.
    """
    _needs_numbers(solution)
    unit = _with_units(solution)
    curve = _curve(unit, "numpy", _PowerCurve)
    most = float(unit.model.cells * unit.model.frequency)
    start = _begin(curve)
    span = 8 * (curve.curvature_bound / curve.third_derivative_bound)
    best: tuple[float, float, float] | None = None
    for _ in range(64):
        for a, b in _critical(curve, start, start + span):
            height = float(curve.height((a + b) / 2))
            if best is None or height > best[0]:
                best = height, a, b
        start, span = start + span, 2 * span
        # No later time reaches more than M ω₀ / t.
        if best is not None and most / start < best[0]:
            return _refined(unit, best[1], best[2], digits, _PowerCurve)
    raise UnsolvedError(f"P(t) has no maximum up to t = {start:g}")


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
