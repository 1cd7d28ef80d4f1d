r"""Closed forms of open batteries against their equation of motion, numerics, and proven balls.

The equation is derived anew for numbers in place of all symbols, and solved by the exponential of
its matrix at as many digits as are asked for.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any

import mpmath
from sympy import Expr, Integer, Rational, S, Symbol

from numerics import certified, charging
from numerics.certified import Enclosure
from numerics.model import checks
from numerics.model.problem import Problem
from symbattery.core.expressions import exact
from symbattery.dynamics.open_form import OpenForm, jumps_of
from symbattery.model.exact_model import require_parameters, substituted
from symbattery.observables.arguments import drawn
from symbattery.observables.battery import Battery
from symbattery.observables.emission import emit
from symbattery.observables.numbers import RowFunction, weighted_mean
from symbattery.observables.quantities import quantities
from symbattery.observables.table import USUAL
from symbattery.sectors.liouville import open_sector
from symbattery.verification_results import Certification, Verification, dyadic, mpf, route

__all__ = ["verify_open"]

_GUARD = 25
_LARGEST = 5


def verify_open(
    solution: OpenForm,
    *,
    digits: int = 50,
    points: int = 8,
    seed: int = 2021,
    names: Iterable[str] | None = None,
) -> Verification:
    """Compare an open solution with the exponential of its generator, and with numerics.

    Parameters
    ----------
    solution, digits, points, seed, names
        As for :func:`symbattery.verification.verify`.

    Raises
    ------
    InvalidArgument
        As there.
    UnsolvedError
        The populations have no closed form.
    """
    require_parameters(solution.model)
    checks.digits(digits)
    points = checks.positive_integer("points", points)
    source = random.Random(checks.non_negative_integer("seed", seed))
    further = () if names is None else checks.entries("names", names, "be names of quantities")
    every = {r.name: r for r in map(quantities(solution).request, (*USUAL, *further)) if r}
    functions = {name: emit(solution, name, "mpmath") for name in every}
    shares: dict[str, list[Any]] = {"equation": [], "double": []}
    inside, widest, obstacle, proven = 0, 0.0, "", list[Any]()
    for _ in range(points):
        values = drawn(solution, lambda symbol: _value(source, symbol))
        put = {solution.parameters[name]: value for name, value in values.items()}
        time = dyadic(source, 1 / 16, 4)
        with mpmath.workdps(digits + _GUARD):
            found = {name: f(time, **_used(f, values)) for name, f in functions.items()}
            unit = max(1, int(S(Battery(solution).cells).subs(put)))
            exactly, double = _judged(solution, every, put, time)
            for kind, others in (("equation", exactly), ("double", double)):
                deviations = [abs(found[n] - v) / max(unit, abs(v)) for n, v in others.items()]
                shares[kind].append(max(deviations))
            try:
                ball = _proven(solution, put, time, digits)
            except ValueError as refused:
                obstacle = str(refused)
                continue
            proven.append(abs(ball.midpoint - found["energy"]) / unit)
            inside += ball.contains(found["energy"])
            widest = max(widest, float(ball.radius / unit))
    routes = [
        route("the exponential of the generator", shares["equation"], digits, True),
        route("numerics, double precision", shares["double"], digits, False),
    ]
    if obstacle:
        return Verification(digits, tuple(routes), Certification(obstacle=obstacle))
    routes.append(route("proven enclosures of the energy", proven, digits, True))
    return Verification(digits, tuple(routes), Certification(points, inside, widest))


def _proven(
    solution: OpenForm, put: Mapping[Symbol, Expr], time: Rational, digits: int
) -> Enclosure:
    """A ball around the stored energy.

    Raises
    ------
    ValueError
        There is none.
    """
    model, initial = (substituted(d, put) for d in (solution.model, solution.initial))
    noise = tuple(substituted(one, put) for one in solution.noise)
    return certified.energy(model, time, digits, initial, noise=noise)


def _used(function: Any, values: Mapping[str, Expr]) -> dict[str, Expr]:
    return {name: value for name, value in values.items() if name in function.symbols}


def _value(source: random.Random, symbol: Symbol) -> Expr:
    if symbol.is_integer:
        return Integer(source.randint(1, _LARGEST))
    return dyadic(source, 0.0 if not symbol.is_positive else 1 / 16, 2)


def _judged(
    solution: OpenForm, every: Mapping[str, Any], put: Mapping[Symbol, Expr], time: Rational
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rows by the exponential of the generator of numbers, and by numerics."""
    model, initial = (substituted(d, put) for d in (solution.model, solution.initial))
    noise = tuple(substituted(one, put) for one in solution.noise)
    problem: Problem[Expr] = Problem(model, initial, exact)
    jumps, named = jumps_of(problem, noise)
    sector = open_sector(problem, jumps)
    quanta = {name: value.evalf(mpmath.mp.dps) for name, value in named.items()}
    count = len(sector.unknowns)
    matrix, start = mpmath.zeros(count), mpmath.zeros(count, 1)
    for (i, j), value in sector.flows.items():
        matrix[i, j] = mpf(value.xreplace(quanta)) * mpf(time)
    for i, value in sector.start.items():
        start[i] = mpf(value)
    state = mpmath.expm(matrix) * start
    numbers = charging.charge(model, initial, noise=noise)
    here: dict[str, Any] = {}
    known: dict[Symbol, Any] = {}
    battery, gains = Battery(solution), {}
    for (b, k), weights in sector.cells.items():
        now = mpmath.fsum(mpf(w) * state[i] for i, w in weights.items())
        gains[b, k] = now, mpmath.fsum(mpf(w) * start[i] for i, w in weights.items())
    blocks = () if checks.is_symbolic(battery.cells) else battery.blocks.values()
    for symbol in {*battery.populations.values(), *blocks}:
        _, *key = symbol.name[1:].split("_")
        chosen = [
            p
            for (b, k), (p, _) in gains.items()
            if k == int(key[-1]) and (len(key) == 1 or int(battery.cells) - 2 * b == int(key[0]))
        ]
        known[symbol] = mpmath.fsum(chosen)
    parameters = tuple(solution.parameters.values())
    double: dict[str, Any] = {}
    for name, request in every.items():
        row = request.row
        if row.weight is not None:
            changes = ((k, p - q) for (_, k), (p, q) in gains.items())
            here[name] = weighted_mean(row, changes, mpf(model.frequency), mpf(time))
        else:
            function = RowFunction(request, parameters)
            if function.needs_only(known):
                values = {s: mpf(v) for s, v in put.items()}
                here[name] = function.at(known, values)
        own = getattr(numbers, row.name, None)
        if own is not None:
            double[name] = mpmath.mpmathify(own(float(time), **request.differing).item())
    return {n: v for n, v in here.items() if v is not None}, double
