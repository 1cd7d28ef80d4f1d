r"""Every closed form against independent routes.

At seeded random parameters and times every row of the table of observables is compared with

- the same from its amplitudes, with the populations :math:`|c_k|^2`, and these with their norm;
- the numerical engine in double precision (:func:`numerics.charge`), its own rows of the same names
  or its populations;
- proven enclosures, by the populations of :func:`numerics.certified.populations`, which builds the
  matrix elements on its own and shares no code with the symbolic engine: the closed form is
  *certified* at the points where all rows lie inside (but for rows whose functions take no balls).

Random parameters and times are dyadic fractions, so that double precision takes them exactly.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from time import perf_counter as clock
from typing import Any

import mpmath
import sympy
from flint import arb
from sympy import Abs, Expr, Integer, Rational, S, Symbol, conjugate, im, re, sqrt
from sympy.logic.boolalg import Boolean

from numerics import certified, charging
from numerics.certified import Enclosure
from numerics.certified.exact import ball, exact, working
from numerics.model import checks
from numerics.model.checks import InvalidArgument
from numerics.model.models import Model
from numerics.model.states import InitialState
from numerics.observables import table as numerical
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.model.exact_model import require_parameters, substituted
from symbattery.observables.arguments import drawn, time_scale
from symbattery.observables.battery import Battery
from symbattery.observables.emission import emitted
from symbattery.observables.level_means import ClosedLevels, Means
from symbattery.observables.numbers import RowFunction, weighted_mean
from symbattery.observables.quantities import quantities
from symbattery.observables.rewriting import accurate_at_start, needed
from symbattery.observables.table import USUAL
from symbattery.sectors.chains import Chain
from symbattery.verification_results import Certification, Verification, dyadic, mpf, route

__all__ = ["verify"]

_GUARD = 10
_LARGEST = 1000
# Seconds that a verification may take.
_LONGEST = 600
# A double sum has about N²/4 terms.
_LARGEST_SUMMED = 24
# Draws of the other parameters at the boundary of an assumption.
_TRIES = 200
# The scale of the time where nothing moves.
_STILL = 0.6


def _draw(source: random.Random, solution: ClosedForm) -> dict[str, Expr]:
    """Random values of the parameters, for which every assumption holds."""
    return drawn(solution, _values(source, solution))


def _values(source: random.Random, solution: ClosedForm) -> Callable[[Symbol], Expr]:
    """Random values of single symbols, by their own assumptions."""
    largest = _LARGEST_SUMMED if solution.sector_sums else _LARGEST

    def value(symbol: Symbol) -> Expr:
        if symbol.is_integer:
            # Small and large sizes alike.
            return Integer(int(largest ** source.random()))
        high = source.choice((1, 2))
        low = 1 / 16 if symbol.is_positive else 0 if symbol.is_nonnegative else -high
        return dyadic(source, low, high)

    return value


def _at_boundary(source: random.Random, solution: ClosedForm, relation: Boolean) -> dict[str, Expr]:
    """Random values for which an assumption just holds; any others where there are none."""
    values = _draw(source, solution)
    *others, last = sorted(relation.free_symbols, key=str)
    put = {s: values[name] for name, s in solution.parameters.items() if s in others}
    for root in sympy.solve((relation.lhs - relation.rhs).subs(put), last):
        kinds = ("integer", "positive", "nonnegative", "real")
        if all(getattr(root, f"is_{k}") for k in kinds if getattr(last, f"is_{k}")):
            with suppress(InvalidArgument):
                return drawn(solution, _values(source, solution), {**put, last: root}, most=_TRIES)
    return values


def _points(
    solution: ClosedForm, points: int, seed: int
) -> Iterator[tuple[dict[str, Expr], Rational]]:
    """Values of the parameters and times of up to several periods; boundaries come first."""
    source = random.Random(seed)
    boundaries = solution.assumptions[: points - 1]
    for i in range(points):
        if i < len(boundaries):
            values = _at_boundary(source, solution, boundaries[i])
        else:
            values = _draw(source, solution)
        scale = time_scale(solution, values) or _STILL
        # Of few bits and never 0, however fast the system is.
        unit = Rational(2) ** math.floor(math.log2(scale))
        yield values, unit * dyadic(source, 1 / 16, 40)


@dataclass(frozen=True)
class _AmplitudeLevels:
    """The levels by their amplitudes, computed as they stand, and by Schrödinger's equation."""

    solution: ClosedForm

    def populations(self, chain: Chain) -> list[Expr]:
        return [Abs(c) ** 2 for c in self.solution.level_amplitudes(chain)]

    def rates(self, chain: Chain) -> list[Expr]:
        sign = -1 if self.solution.model.coupling.is_negative else 1
        amplitudes = self.solution.level_amplitudes(chain)
        flows = [
            2 * sign * chain.sign(k, k + 1) * sqrt(hop) * im(conjugate(amplitudes[k]) * later)
            for k, (hop, later) in enumerate(zip(chain.hops_squared, amplitudes[1:], strict=True))
        ]
        return [a - b for a, b in zip([*flows, S.Zero], [S.Zero, *flows], strict=True)]

    def pairs(self, chain: Chain) -> list[Expr]:
        amplitudes = self.solution.level_amplitudes(chain)
        second = zip(amplitudes, amplitudes[2:], strict=False)
        return [re(conjugate(c) * later) for c, later in second]

    def gained(self) -> None:
        """Nothing better than the sum over all levels."""


def _as_they_stand(
    expression: Expr, definitions: Mapping[Symbol, Expr]
) -> tuple[Expr, dict[Symbol, Expr]]:
    return expression, needed(expression, definitions)


_Known = Mapping[Symbol, Any]


class _Rows:
    """The rows of a solution: means of weights, and functions of the symbols of its battery."""

    def __init__(self, solution: ClosedForm, names: Iterable[str]) -> None:
        every = (quantities(solution).request(name) for name in names)
        self.requests = {request.name: request for request in every if request is not None}
        self.weights = {
            name: request.row
            for name, request in self.requests.items()
            if request.row.weight is not None
        }
        symbols = tuple(solution.parameters.values())
        self.functions = {
            name: RowFunction(request, symbols)
            for name, request in self.requests.items()
            if name not in self.weights
        }
        battery = Battery(solution)
        self.populations, self.cells = battery.populations, S(battery.cells)
        needed_symbols = {symbol for f in self.functions.values() for symbol in f.symbols}
        needed_symbols |= set(self.populations.values())
        accurate = accurate_at_start(solution)
        closed, plain = Means(ClosedLevels(accurate)), Means(_AmplitudeLevels(solution))
        self._energies = {
            name: emitted(solution, quantities(solution)[name], "mpmath") for name in self.weights
        }
        self._closed = {s: emitted(accurate, closed.of(s), "mpmath") for s in needed_symbols}
        self._plain = {
            s: emitted(solution, plain.of(s), "mpmath", rewriting=_as_they_stand)
            for s in needed_symbols
        }

    def closed_values(self, time: Any, values: Mapping[str, Expr], put: _Known) -> dict[str, Any]:
        """The rows in closed form."""
        found = {name: f(time, **values) for name, f in self._energies.items()}
        known = {symbol: f(time, **values) for symbol, f in self._closed.items()}
        return found | {name: f.at(known, put) for name, f in self.functions.items()}

    def of_amplitudes(self, time: Any, values: Mapping[str, Expr]) -> dict[Symbol, Any]:
        """The symbols by amplitudes."""
        return {symbol: mpmath.re(f(time, **values)) for symbol, f in self._plain.items()}

    def known(self, populations: Sequence[Any]) -> dict[Symbol, Any]:
        """Populations by symbol; the closed form's levels beyond the battery's are empty."""
        return {
            symbol: populations[k] if k < len(populations) else 0 * populations[0]
            for k, symbol in self.populations.items()
        }


@dataclass(frozen=True)
class _Point:
    """A model with numbers in every field, a start and a time; the closed form there."""

    model: Model
    initial: InitialState
    time: Rational
    parameters: Mapping[Symbol, Expr]
    rows: _Rows
    values: Mapping[str, Any]

    @property
    def unit(self) -> Any:
        """Mω₀, by which deviations are measured."""
        return self.cells * mpf(self.model.frequency)

    @property
    def cells(self) -> int:
        """The largest number of excitations of the battery, at least 1."""
        return max(1, int(self.rows.cells.subs(self.parameters)))

    @property
    def put(self) -> dict[Symbol, Any]:
        """The parameters in numbers."""
        return {symbol: mpf(value) for symbol, value in self.parameters.items()}

    def scaled(self, sizes: Mapping[str, Any]) -> Any:
        """The largest of some sizes, one for each row, in units of Mω₀ (or of its powers).

        Where a row is larger than that, in units of itself.
        """
        largest = mpmath.mpf(0)
        for name, size in sizes.items():
            row = self.rows.requests[name].row
            unit = self.unit**row.order / (mpf(self.time) if row.per_time else 1)
            largest = max(largest, abs(size) / max(unit, abs(self.values[name])))
        return largest

    def deviation(self, others: Mapping[str, Any]) -> Any:
        """The largest deviation from what others have."""
        return self.scaled(
            {
                name: other - self.values[name]
                for name, other in others.items()
                if other is not None and self.values[name] is not None
            }
        )

    def by_symbols(self, now: _Known, start: _Known) -> dict[str, Any]:
        """The rows of what is known of the battery at the time and at t = 0."""
        found = {}
        unit, time = mpf(self.model.frequency), mpf(self.time)
        gains = [(k, now[s] - start[s]) for k, s in self.rows.populations.items()]
        for name, row in self.rows.weights.items():
            found[name] = weighted_mean(row, gains, unit, time)
        for name, function in self.rows.functions.items():
            if function.needs_only(now):
                found[name] = function.at(now, self.put)
        return found

    def by_numerics(self) -> dict[str, Any]:
        """The rows of the numerical engine: its own, and otherwise those of its populations."""
        numbers, when = charging.charge(self.model, self.initial), float(self.time)
        now, start = (
            self.rows.known([mpmath.mpf(p) for p in numbers.populations(time).tolist()])
            for time in (when, 0.0)
        )
        found = self.by_symbols(now, start)
        for name, request in self.rows.requests.items():
            if request.row.name in numerical.OBSERVABLES:
                own = getattr(numbers, request.row.name)(when, **request.differing)
                found[name] = mpmath.mpmathify(own.item())
        return found

    def enclosures(self, now: _Known, start: _Known) -> dict[str, Enclosure]:
        """Proven balls around the rows, of balls around the populations, where there are any."""
        found: dict[str, arb | None] = {}
        unit, time = (ball(exact("value", x)) for x in (self.model.frequency, self.time))
        put = {s: ball(exact("value", value)) for s, value in self.parameters.items()}
        gains = [(k, now[s] - start[s]) for k, s in self.rows.populations.items()]
        for name, row in self.rows.weights.items():
            found[name] = weighted_mean(
                row,
                gains,
                unit,
                time,
                lambda parts: sum(parts, arb(0)),
                lambda weight: ball(exact("weight", weight)),
            )
        for name, function in self.rows.functions.items():
            if function.needs_only(now) and self.values[name] is not None:
                found[name] = function.enclosure(now, put)
        return {name: Enclosure.of(b, arb(0)) for name, b in found.items() if b is not None}


_Populations = tuple[Enclosure, ...]


def _populations(point: _Point, digits: int) -> tuple[_Populations, _Populations]:
    """Proven populations at the time and at t = 0, with some digits more for sums over them.

    Raises
    ------
    ValueError
        There are none.
    """
    digits += 2 + len(str(point.cells))
    now, start = (
        certified.populations(point.model, t, digits, point.initial) for t in (point.time, 0)
    )
    return now, start


def verify(
    solution: ClosedForm,
    *,
    digits: int = 50,
    points: int = 8,
    seed: int = 2021,
    names: Iterable[str] | None = None,
) -> Verification:
    """Compare a solution with independent routes at random points.

    Parameters
    ----------
    solution : ClosedForm
    digits : int
        Of the exact routes.
    points : int
        How many random points.
    seed : int
        Of the random points.
    names : iterable of str, optional
        Quantities that are compared as well, as in ``"ergotropy(sense=local)"``, besides energy,
        power, variance and all populations.

    Raises
    ------
    InvalidArgument
        ``digits`` or ``points`` is not a positive integer, ``seed`` is negative, or ``names`` has a
        name that no quantity has.
    """
    require_parameters(solution.model)
    checks.digits(digits)
    points = checks.positive_integer("points", points)
    seed = checks.non_negative_integer("seed", seed)
    further = () if names is None else checks.entries("names", names, "be names of quantities")
    rows = _Rows(solution, (*USUAL, *further))
    deviations: dict[str, list[Any]] = {name: [] for name in ("amplitudes", "double", "proven")}
    inside, widest, obstacle = 0, 0.0, ""
    began = clock()
    for i, (values, time) in enumerate(_points(solution, points, seed)):
        if i == 1 and (seconds := (clock() - began) * points) > _LONGEST:
            raise checks.invalid(
                "points",
                f"be fewer: they would take some {seconds / 3600:.1g} hours, of which ten minutes "
                f"are enough for {max(1, int(points * _LONGEST / seconds))}",
                points,
            )
        put = {solution.parameters[name]: value for name, value in values.items()}
        model, initial = (substituted(d, put) for d in (solution.model, solution.initial))
        here, proven = _Point(model, initial, time, put, rows, {}), None
        if not obstacle:
            try:
                proven = _populations(here, digits)
            except ValueError as refused:
                obstacle = str(refused)
        # The closed form must not miss a ball by its own rounding.
        radii = [p.radius for every in proven or () for p in every if p.radius]
        finer = max((int(-mpmath.log10(radius)) for radius in radii), default=0)
        with mpmath.workdps(max(digits, finer) + _GUARD):
            here = replace(here, values=rows.closed_values(time, values, here.put))
            now, start = (rows.of_amplitudes(at, values) for at in (time, 0))
            deviations["amplitudes"].append(here.deviation(here.by_symbols(now, start)))
            norm = mpmath.fsum(now[symbol] for symbol in rows.populations.values())
            deviations["amplitudes"].append(abs(norm - 1))
            deviations["double"].append(here.deviation(here.by_numerics()))
            if proven:
                now, start = (rows.known([p.midpoint for p in every]) for every in proven)
                deviations["proven"].append(here.deviation(here.by_symbols(now, start)))
                with working(max(4 * mpmath.mp.dps, 256)):
                    now, start = (rows.known([p.ball for p in every]) for every in proven)
                    balls = here.enclosures(now, start)
                inside += all(e.contains(here.values[name]) for name, e in balls.items())
                radius = here.scaled({name: e.radius for name, e in balls.items()})
                widest = max(widest, float(radius))
    routes = [
        route("amplitudes and norm", deviations["amplitudes"], digits, True),
        route("numerics, double precision", deviations["double"], digits, False),
    ]
    if obstacle:
        return Verification(digits, tuple(routes), Certification(obstacle=obstacle))
    routes.append(route("proven enclosures", deviations["proven"], digits, True))
    return Verification(digits, tuple(routes), Certification(points, inside, widest))
