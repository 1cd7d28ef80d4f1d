r"""The intervals of time in which each branch of an extreme of populations holds, exactly.

On a chain with one frequency all populations are polynomials of degree 2 at most in one
:math:`s=\sin^2\varphi`, which rises from 0 to 1 and falls again within a period. Branches change at
roots of differences of these polynomials, so that the times are
:math:`\arcsin\sqrt{s}` over the frequency.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from sympy import (
    Expr,
    Max,
    Min,
    Piecewise,
    Poly,
    S,
    Symbol,
    asin,
    cos,
    expand,
    pi,
    roots,
    simplify,
    sin,
    sqrt,
)

from symbattery.core.expressions import UnsolvedError
from symbattery.dynamics import single_frequency
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.observables.battery import Battery
from symbattery.observables.quantities import Request
from symbattery.sectors.chains import Chain
from symbattery.symbols import t

__all__ = ["WAVE", "Intervals", "intervals", "level_polynomials"]

WAVE = Symbol("s", nonnegative=True)
_DIGITS = 50


@dataclass(frozen=True)
class Intervals:
    """The branches of a quantity within a period.

    Attributes
    ----------
    period : Expr
        After it everything is repeated.
    branches : tuple of (Expr, Expr, Expr)
        The beginning and the end of each interval, and the quantity in it.
    """

    period: Expr
    branches: tuple[tuple[Expr, Expr, Expr], ...]

    @property
    def crossings(self) -> tuple[Expr, ...]:
        """The times between the intervals."""
        return tuple(end for _, end, _ in self.branches[:-1])

    @property
    def piecewise(self) -> Expr:
        """The quantity from t = 0 to the end of the period."""
        choices = [(value, t <= end) for _, end, value in self.branches]
        return Piecewise(*choices, evaluate=False)


def intervals(solution: ClosedForm, request: Request) -> Intervals:
    """The intervals of the branches of a row that holds the largest or the least of populations.

    Raises
    ------
    UnsolvedError
        The chain of the start has several frequencies, or the times depend on a parameter other
        than by the frequency: then they are found for numbers.
    """
    polynomials, rate = _in_one_wave(solution)
    formula = request.formula
    known = {s: polynomials[k] for k, s in Battery(solution).populations.items()}
    if not set(known) >= {s for s in formula.free_symbols if s.name.startswith("_")}:
        raise UnsolvedError(f"`name` must be a function of populations, but is {request.name}")
    points = [S.Zero, *_crossings(formula, known), S.One]
    explicit = request.means.every(formula)
    branches: list[tuple[Expr, Expr, Expr]] = []
    for low, high in pairwise(points):
        middle = {s: p.subs(WAVE, (low + high) / 2).n(_DIGITS) for s, p in known.items()}
        chosen = _chosen(formula, middle)
        if branches and branches[-1][2] == chosen:
            branches[-1] = (branches[-1][0], high, chosen)
        else:
            branches.append((low, high, chosen))
    period = pi / rate
    rising = [(_time(low, rate), _time(high, rate), f) for low, high, f in branches]
    falling = [(period - high, period - low, f) for low, high, f in reversed(rising)]
    whole = [*rising[:-1], (rising[-1][0], falling[0][1], rising[-1][2]), *falling[1:]]
    every = tuple((low, high, f.xreplace(explicit)) for low, high, f in whole)
    return Intervals(period, every)


def _in_one_wave(solution: ClosedForm) -> tuple[dict[int, Expr], Expr]:
    """The populations as polynomials in s = sin²(rate t), and the rate."""
    if solution.is_open:
        raise UnsolvedError("`intervals` are derived for closed batteries: this one has noise")
    if not solution.is_pure or not solution.sectors[0].has_one_frequency:
        raise UnsolvedError(
            "`initial` must be a pure start with one frequency for intervals in closed form; with "
            "several, the zeros of differences of populations are found for numbers"
        )
    ((branch,), (chain,)) = solution.branches, solution.sectors
    every, rate = level_polynomials(chain)
    return dict(zip(branch.cells, every, strict=True)), rate


def level_polynomials(chain: Chain) -> tuple[list[Expr], Expr]:
    """The probability of each level of a chain with one frequency, and the rate.

    Polynomials of degree 2 in `WAVE` = sin²(rate t).
    """
    frequency = Symbol("frequency", positive=True)
    whole = single_frequency.populations(chain, frequency, t)
    rate = sqrt(single_frequency.frequency_squared(chain))
    if len(chain.levels) == 2:
        waves = {sin(frequency * t): sqrt(WAVE), cos(frequency * t): sqrt(1 - WAVE)}
    else:
        waves = {
            sin(frequency * t): 2 * sqrt(WAVE) * sqrt(1 - WAVE),
            sin(frequency * t / 2): sqrt(WAVE),
            cos(frequency * t): 1 - 2 * WAVE,
        }
    put = {frequency: rate}
    return [expand(p.subs(waves).subs(put)) for p in whole], rate if len(
        chain.levels
    ) == 2 else rate / 2


def _crossings(formula: Expr, known: dict[Symbol, Expr]) -> list[Expr]:
    """The points between 0 and 1 at which two arguments of an extreme are equal, in order."""
    found: dict[Expr, None] = {}
    for extreme in formula.atoms(Max, Min):
        for one, other in combinations(extreme.args, 2):
            difference = simplify(expand((one - other).xreplace(known)))
            if not difference.has(WAVE):
                continue
            polynomial = Poly(difference, WAVE)
            if any(a.free_symbols for a in polynomial.monic().all_coeffs()):
                raise UnsolvedError(
                    "`solution` must have numbers for its parameters, but for the units: the order "
                    "of the crossings depends on them"
                )
            for root in roots(polynomial.monic()):
                if root.is_real and 0 < root.n(_DIGITS) < 1:
                    found.setdefault(root)
    ordered = sorted(found, key=lambda root: root.n(_DIGITS))
    return list(_distinct(ordered))


def _distinct(ordered: list[Expr]) -> Iterator[Expr]:
    last = None
    for root in ordered:
        if last is None or abs((root - last).n(_DIGITS)) > S(10) ** (5 - _DIGITS):
            yield root
        last = root


def _chosen(formula: Expr, values: dict[Symbol, Expr]) -> Expr:
    """The formula with every extreme replaced by the argument that it is."""

    def pick(extreme: Expr) -> Expr:
        best = max if isinstance(extreme, Max) else min
        return best(extreme.args, key=lambda value: value.xreplace(values).n(_DIGITS))

    return formula.replace(lambda part: isinstance(part, Max | Min), pick)


def _time(point: Expr, rate: Expr) -> Expr:
    return asin(sqrt(point)) / rate
