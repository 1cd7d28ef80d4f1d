"""Values that a generated function is checked against, computed at 50 digits."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mpmath
from sympy import Expr, Integer, Rational, S, Symbol

from numerics.model.checks import InvalidArgument
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.observables.function import emit
from symbattery.output.code.program import Program, fixed_values

__all__ = ["Samples", "samples"]

_DIGITS = 50
_POINTS = 4
_LARGEST = 20
_MOST_DRAWS = 20_000
# What a double formula keeps of its digits, with the rounding of the phase: in units of Mω₀.
_TOLERANCE = 1e-12


@dataclass(frozen=True)
class Samples:
    """Arguments (the time first), the values there, and how far they may be missed.

    Attributes
    ----------
    points : tuple of tuples of Rational
        Exact in double precision.
    values : tuple of tuples of mpf
        The value, or its real and imaginary part.
    tolerance : float
        Absolute.
    """

    points: tuple[tuple[Expr, ...], ...]
    values: tuple[tuple[Any, ...], ...]
    tolerance: float


def _any(source: random.Random, symbol: Symbol) -> Expr:
    if symbol.is_integer:
        return Integer(source.randint(1, _LARGEST))
    if symbol.is_positive:
        return Rational(source.randint(32, 128), 64)
    return Rational(source.randint(0, 64), 64)


def _drawn(
    source: random.Random, solution: ClosedForm, put: Mapping[Symbol, Expr]
) -> dict[str, Expr]:
    """Random values of the parameters for which every assumption holds."""
    for _ in range(_MOST_DRAWS):
        values = {n: put.get(s) or _any(source, s) for n, s in solution.parameters.items()}
        values |= {n: put[s] for n, s in solution.parameters.items() if s in put}
        at = {solution.parameters[n]: v for n, v in values.items()}
        if all(assumption.subs(at) == S.true for assumption in solution.assumptions):
            return values
    raise InvalidArgument(
        "`fixed` must leave parameters that satisfy the assumptions, but none were found: "
        + ", ".join(map(str, solution.assumptions))
    )


def samples(
    solution: ClosedForm, made: Program, fixed: Mapping[str, Any], seed: int = 1
) -> Samples:
    """A few seeded points and the values there."""
    source = random.Random(seed)
    put = fixed_values(solution, fixed)
    function = emit(solution, made.name, "mpmath")
    points, values, scale = [], [], 0.0
    cells = int(solution.model.cells)
    for _ in range(_POINTS):
        drawn = _drawn(source, solution, put)
        time = Rational(source.randint(8, 128), 64)
        with mpmath.workdps(_DIGITS):
            value = function(time, **{n: drawn[n] for n in function.arguments})
            parts = (value.real, value.imag) if made.is_complex else (value,)
        unit = drawn.get("frequency", solution.model.frequency)
        size = 1.0 if made.name not in ("energy", "power") else cells * float(unit)
        scale = max(scale, size / float(time) if made.divided_by_time else size)
        points.append((time, *(drawn[name] for name in made.arguments)))
        values.append(parts)
    return Samples(tuple(points), tuple(values), float(f"{_TOLERANCE * scale:.1e}"))
