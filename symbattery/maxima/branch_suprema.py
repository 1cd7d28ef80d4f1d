r"""The supremum of the largest of several means of populations, exactly.

It is the largest of their suprema. With one frequency each is a polynomial of degree 2 in
:math:`s=\sin^2\varphi`, :math:`s^2=\sin^2\varphi-\tfrac14\sin^22\varphi`. With a symbolic number
of spins no sign of what is compared changes beyond its last real root, and smaller numbers are
put in one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

import sympy
from sympy import Add, Eq, Expr, Ge, Integer, Max, Poly, S, asin, floor, fraction, sqrt
from sympy.logic.boolalg import Boolean

from symbattery.core.expressions import UnsolvedError, factored
from symbattery.dynamics import single_frequency
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.dynamics.single_frequency import RabiTerm
from symbattery.maxima.branches import WeightedMean, line
from symbattery.maxima.chain_supremum import period_maximum
from symbattery.maxima.result import Maximum, needs_charging
from symbattery.maxima.supremum import chain_supremum, grouped

__all__ = ["cases", "largest_supremum"]

_DIGITS = 60
_EQUAL = S(10) ** -40
_MOST_CASES = 100

_Line = Sequence[Expr]


def largest_supremum(solution: ClosedForm, every: Sequence[WeightedMean]) -> Maximum:
    """The largest of the suprema of all branches; attained, if one of equal ones is.

    Raises
    ------
    UnsolvedError
        No closed form is derived for a branch that may be the largest.
    """
    found, missing = [], []
    for mean in every:
        try:
            value, time = _supremum(solution, mean)
        except UnsolvedError as error:
            missing.append((mean.most * mean.share, error))
        else:
            found.append(((mean.share * value).evalf(_DIGITS), mean.share * value, time))
    most = max((number for number, _, _ in found), default=-S.Infinity)
    for bound, failed in missing:
        if (bound <= most) != True:  # noqa: E712
            raise failed
    least = most - _EQUAL * Max(1, abs(most))
    equal = [(value, time) for number, value, time in found if number >= least]
    reached = [(value, time) for value, time in equal if time is not None]
    unit = next((time for _, time in reached if time != 0), S.One)
    value, time = min(reached, key=lambda pair: (pair[1] / unit).evalf(), default=equal[0])
    return Maximum(solution.model.frequency * value, time, "supremum")


def _supremum(solution: ClosedForm, mean: WeightedMean) -> tuple[Expr, Expr | None]:
    """The supremum of a branch, but for its share, and the first time that reaches it."""
    if mean.is_constant:
        return mean.offset, S.Zero
    if not mean.has_single_frequencies:
        needs_charging(solution)
        return chain_supremum(solution, mean.motion.branches[0].chain.levels)
    value, sizes = S.Zero, dict[Expr, Expr]()
    for rate, (a, b, c) in mean.polynomials:
        value += a
        for multiple, size in ((rate, b + c), (2 * rate, -c / 4)):
            sizes[multiple] = factored(sizes.get(multiple, S.Zero) + size)
    if set().union(value.free_symbols, *(size.free_symbols for size in sizes.values())):
        raise UnsolvedError(
            "this supremum of an ergotropy needs numbers in place of symbols: solve with numbers "
            "in the model"
        )
    terms = [RabiTerm(rate, size, S.Zero) for rate, size in sizes.items() if size != 0]
    tops = [period_maximum(group) for group in grouped(terms)]
    times = [time for _, time in tops]
    # Of independent groups as for the energy (Gelfond and Schneider), unless all are best at t = 0.
    time = times[0] if len(times) == 1 else None if any(times) else S.Zero
    return Add(value, *(top for top, _ in tops)), time


def cases(solution: ClosedForm, every: Sequence[WeightedMean], kind: str) -> Maximum | None:
    """The supremum or the first peak with a symbolic number of spins; None without such a symbol.

    Raises
    ------
    UnsolvedError
        Other symbols, or a first peak that is not the supremum.
    """
    if len(solution.branches) > 1 or not solution.sectors[0].has_one_frequency:
        return None
    lines = [[m.share * a for a in line(m.motion.branches[0].chain)[1]] for m in every]
    free = set().union(*(a.free_symbols for one in lines for a in one))
    if not free:
        return None
    size, *others = sorted(free, key=str)
    if others or not size.is_integer:
        raise UnsolvedError(
            "the maximum of an ergotropy is derived for one symbol, a number of spins, but there "
            f"are {', '.join(sorted(map(str, free)))}: solve with numbers in the model"
        )
    last = _last_change(size, (v for a, b, c in lines for v in (b, c, b + c, b + 2 * c)))
    tops = [value for value, _ in _tops(lines, {size: last})]
    last = max(last, _last_change(size, (one - two for one, two in combinations(tops, 2))))
    value, point = _tops(lines, {size: last})[0]
    last = max(last, _last_change(size, (b + 2 * c * point for _, b, c in lines)))
    (chain,), omega = solution.sectors, solution.model.frequency
    rate = solution.names.rates[single_frequency.frequency_squared(chain)]
    rate = rate if len(chain.levels) == 2 else rate / 2

    def stated(value: Expr, point: Expr, at: int, condition: Boolean) -> Maximum:
        put = {size: Integer(at)}
        slopes = [part.subs(put) for _, b, c in lines for part in (b, b + 2 * c * point)]
        if kind == "first peak" and (point == 0 or any(slope < 0 for slope in slopes)):
            raise UnsolvedError("the first peak needs numbers in place of symbols here")
        time = asin(sqrt(point)) / rate
        if isinstance(condition, Eq):
            time = time.subs(dict(solution.names.definitions)).subs(put)
        return Maximum(omega * value, time, kind, condition)

    smaller: list[tuple[Expr, Expr, int]] = []
    for number in range(last - 1, 0, -1):
        put = {size: Integer(number)}
        if any(held.subs(put) == S.false for held in solution.assumptions):
            break
        top, at = (part.subs(put) for part in _tops(lines, put)[0])
        if not smaller and (top, at) == (value.subs(put), point.subs(put)):
            last = number
        else:
            smaller.append((top, at, number))
    result = None
    for top, at, number in reversed(smaller):
        result = replace(stated(top, at, number, Eq(size, number)), otherwise=result)
    condition = Ge(size, last) if smaller else S.true
    return replace(stated(value, point, last, condition), otherwise=result)


def _tops(lines: Iterable[_Line], put: dict[Expr, Expr]) -> list[tuple[Expr, Expr]]:
    """The largest value of each a + b s + c s² and its s in [0, 1], as they are for one number.

    The highest is first, and of equal ones that of the smallest s.
    """
    found = []
    for a, b, c in lines:
        slope, square = b.subs(put), c.subs(put)
        inside = square < 0 < slope and slope + 2 * square < 0
        s = factored(-b / (2 * c)) if inside else S.One if slope + square > 0 else S.Zero
        found.append((factored(a + b * s + c * s**2), s))
    return sorted(found, key=lambda top: (-top[0].subs(put), top[1].subs(put)))


def _last_change(size: Expr, values: Iterable[Expr]) -> int:
    """A number from which on rational functions of it keep their signs."""
    last = 1
    for value in values:
        for part in fraction(factored(value)):
            if part.has(size):
                roots = sympy.real_roots(Poly(part, size), multiple=False)
                last = max([last, *(int(floor(root)) + 1 for root, _ in roots)])
    if last > _MOST_CASES:
        raise UnsolvedError("this supremum has too many cases: solve with numbers in the model")
    return last
