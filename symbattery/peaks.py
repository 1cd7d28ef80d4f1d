r"""Peaks of a closed form with numbers in it: none missed, each with an enclosure of its time.

:math:`E` stays within :math:`[E_-,E_+]` and holds no frequency above :math:`\Omega`, so by
Bernstein's inequality :math:`|E^{(n)}|\le\Omega^n(E_+-E_-)/2`; a plain sum of sin² is bounded term
by term. On an interval of half-width
:math:`h` about :math:`c` there is no zero of :math:`E'` if :math:`|E'(c)|>h\max|E''|`, and at most
one if :math:`|E''(c)|>h\max|E'''|`; otherwise it is halved. Signs are taken in double precision
with a margin far above its rounding, and the time is refined at any number of digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import mpmath
from sympy import Add, Expr, Float, Rational, sin

from numerics import checks
from symbattery.descriptions import substituted
from symbattery.emit.functions import EmittedFunction
from symbattery.errors import UnsolvedError
from symbattery.symbols import t

if TYPE_CHECKING:
    from symbattery.solutions import Branch, Solution

__all__ = ["CertainPeak", "first_peak", "largest_until"]

# What is smaller than this against its bound may be rounding of the double-precision sign.
_MARGIN = 1e-9
_MOST_INTERVALS = 10**6


@dataclass(frozen=True)
class CertainPeak:
    """A maximum of E(t): its value and time, and rational bounds on the time."""

    value: Float
    time: Float
    enclosure: tuple[Rational, Rational]


@dataclass(frozen=True)
class _Curve:
    """E and its derivatives, with bounds on |E''| and |E'''|."""

    energy: Callable[[Any], Any]
    slope: Callable[[Any], Any]
    bend: Callable[[Any], Any]
    most_bend: float
    most_jerk: float


def _emitted(solution: Solution, expression: Expr, backend: str) -> EmittedFunction:
    return EmittedFunction(
        "E", backend, expression, solution.definitions, dict(solution.parameters)
    )


def _curve(solution: Solution, backend: str) -> _Curve:
    energy = solution.energy
    E, slope, bend = (_emitted(solution, energy.diff(t, n), backend) for n in range(3))
    return _Curve(E, slope, bend, *_bounds(solution))


def _bounds(solution: Solution) -> tuple[float, float]:
    """Bounds on |E''| and |E'''|."""
    terms = [term.as_independent(t) for term in Add.make_args(solution.energy.expand())]
    if all(wave.is_Pow and wave.base.func is sin and wave.exp == 2 for _, wave in terms):
        # A sum of B sin²(Δt/2) bounds itself, closely even where little is stored.
        sizes = [abs(_number(solution, size)) for size, _ in terms]
        rates = [abs(_number(solution, 2 * wave.base.args[0].diff(t))) for _, wave in terms]
        bend, jerk = (sum(b * r**n / 2 for b, r in zip(sizes, rates, strict=True)) for n in (2, 3))
        return bend, jerk
    # No row of a Jacobi matrix sums to more than the two hops and the diagonal beside it.
    radius = 0.0
    for chain in solution.sectors:
        hops = [0.0, *(float(h) ** 0.5 for h in chain.hops_squared), 0.0]
        radius = max(
            radius,
            *(abs(float(a)) + hops[k] + hops[k + 1] for k, a in enumerate(chain.diagonal)),
        )
    bandwidth, swing = 2 * radius, float(solution.model.cells * solution.model.frequency)
    return swing / 2 * bandwidth**2, swing / 2 * bandwidth**3


def _number(solution: Solution, expression: Expr) -> float:
    return float(_emitted(solution, expression, "numpy")(0.0))


def _needs_numbers(solution: Solution) -> None:
    open_ = {name for name, s in solution.parameters.items() if s in solution.energy.free_symbols}
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
            "a peak of several frequencies needs numbers, but "
            f"{', '.join(sorted(open_))} are symbols; solve with numbers in the model"
        )


def _critical(curve: _Curve, start: float, end: float) -> Iterator[tuple[float, float]]:
    """Intervals in order of time, each with one falling zero of E', and no others elsewhere."""
    waiting = [(start, end)]
    for _ in range(_MOST_INTERVALS):
        if not waiting:
            return
        a, b = waiting.pop()
        c, h = (a + b) / 2, (b - a) / 2
        slope, bend = float(curve.slope(c)), float(curve.bend(c))
        small = _MARGIN * curve.most_bend**2 / curve.most_jerk
        if abs(slope) > h * curve.most_bend + small:
            continue
        if abs(bend) > h * curve.most_jerk + _MARGIN * curve.most_bend:
            left, right = float(curve.slope(a)), float(curve.slope(b))
            if min(abs(left), abs(right)) > small:
                if left > 0 > right:
                    yield a, b
                continue
        waiting += [(c, b), (a, c)]
    raise UnsolvedError("the peaks lie too close together to be told apart")


def _refined(solution: Solution, a: float, b: float, digits: int) -> CertainPeak:
    exact = _curve(solution, "mpmath")
    with mpmath.workdps(digits + 15):
        time = mpmath.findroot(
            lambda x: exact.slope(x), (mpmath.mpf(a), mpmath.mpf(b)), solver="anderson",
            tol=mpmath.mpf(10) ** (-2 * digits - 10), maxsteps=200, verify=False,
        )  # fmt: skip
        width = mpmath.mpf(10) ** -digits * (1 + abs(time))
        low, high = time - width, time + width
        if not (exact.slope(low) > 0 > exact.slope(high)):
            raise UnsolvedError("the peak is too flat for its time to be enclosed")
        bounds = tuple(Rational(mpmath.nstr(v, digits + 10)) for v in (low, high))
        value = exact.energy(time)
    return CertainPeak(_float(value, digits), _float(time, digits), (bounds[0], bounds[1]))


def _float(value: Any, digits: int) -> Float:
    return Float(mpmath.nstr(value, digits + 2), digits)


def _begin(curve: _Curve) -> float:
    """A time before which the slope has one sign, because the curvature at 0 keeps its own."""
    bend = abs(float(curve.bend(0.0)))
    if bend <= _MARGIN * curve.most_bend:
        raise UnsolvedError("E(t) is constant, or so flat at the start that no peak can be proven")
    return bend / (2 * curve.most_jerk)


def first_peak(solution: Solution, digits: int = 30) -> CertainPeak:
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
    span = 8 * (curve.most_bend / curve.most_jerk)
    for _ in range(64):
        for a, b in _critical(curve, start, start + span):
            return _refined(unit, a, b, digits)
        start, span = start + span, 2 * span
    raise UnsolvedError(f"E(t) has no maximum up to t = {start:g}")


def largest_until(solution: Solution, until: Any, digits: int = 30) -> CertainPeak:
    """The largest E in [0, ``until``], in units of 1/g and ω₀ where these are open."""
    _needs_numbers(solution)
    checks.positive_integer("digits", digits)
    end = float(checks.positive_number("until", until))
    unit = _with_units(solution)
    curve = _curve(unit, "numpy")
    start = _begin(curve)
    crests = list(_critical(curve, start, end)) if start < end else []
    highest = max((float(curve.energy((a + b) / 2)) for a, b in crests), default=0.0)
    # A crest can be higher than its middle by what the bound on E'' allows.
    peaks = [
        _refined(unit, a, b, digits)
        for a, b in crests
        if curve.energy((a + b) / 2) + curve.most_bend * (b - a) ** 2 >= highest
    ]
    with mpmath.workdps(digits + 15):
        last = _curve(unit, "mpmath").energy(mpmath.mpf(end))
    edge = Rational(str(end))
    at_end = CertainPeak(_float(last, digits), Float(end, digits), (edge, edge))
    tie = Rational(1, 10 ** (digits - 5))
    top = max(peak.value for peak in [*peaks, at_end])
    return next(peak for peak in [*peaks, at_end] if peak.value >= top - tie)


def _with_units(solution: Solution) -> Solution:
    """The solution with 1 for an open coupling and frequency."""
    from symbattery.solutions import from_branches

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
        substituted(solution.model, put),
        substituted(solution.initial, put),
        tuple(map(without_units, solution.branches)),
        solution.form,
    )
