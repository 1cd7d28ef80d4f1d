"""The documentation of a program, and the values that it is checked against."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any

import mpmath
from sympy import Expr, Integer, Rational, S, Symbol

from symbattery.dynamics.closed_form import ClosedForm
from symbattery.observables.arguments import MEANINGS, drawn, time_scale
from symbattery.observables.battery import Battery
from symbattery.observables.emission import emit
from symbattery.observables.quantities import quantities
from symbattery.observables.rewriting import needed
from symbattery.observables.table import described
from symbattery.output.code.program import Program, fixed_values

__all__ = ["Samples", "header", "samples"]

# A longer formula is read better in the code, step by step.
_LONGEST = 700
# Characters of a description that are written out.
_LONGEST = 10_000
_DIGITS = 50
_POINTS = 4
_LARGEST = 20
_MUST = "`fixed` must leave parameters that satisfy the"
# What a double formula keeps of its digits, with the rounding of the phase: in units of Mω₀.
_TOLERANCE = 1e-12


def header(solution: ClosedForm, made: Program, fixed: Mapping[str, Any]) -> list[str]:
    """Paragraphs on formula, origin, conditions and parameters; items of a list are indented."""
    quantity = described(made.name)
    source = solution.model.source
    origin = f"The model is that of {source}. " if source else ""
    rows = [
        f"{quantity.title}, {quantity.unit}.",
        "",
        *_formula(solution, made, quantity.symbol),
        "",
        f"Derived exactly by symbattery {version('symbattery')} for "
        f"{solution.summary(_LONGEST)}. {origin}Only real arithmetic, in "
        "forms that keep their digits at small times.",
    ]
    held = [str(a) for a in solution.assumptions]
    rows += ["", "Conditions: " + "; ".join(held) + "."] if held else []
    if fixed:
        rows += ["Fixed: " + ", ".join(f"{n} = {v}" for n, v in fixed.items()) + "."]
    if made.has_roots:
        rows += [
            "Frequencies are found numerically, as roots of their polynomial or levels of their "
            "chain: where radicals exist, they would lose digits in double precision."
        ]
    rows += ["", "Parameters:", "  t: time, in the unit of 1/coupling (hbar = 1)"]
    for name, symbol in made.arguments.items():
        called = f" ({symbol.name} above)" if symbol.name != name else ""
        meaning = solution.meanings.get(name) or MEANINGS.get(name, "a number without a unit")
        rows.append(f"  {name}{called}: {meaning}")
    return rows


def _formula(solution: ClosedForm, made: Program, sign: str) -> list[str]:
    expression = quantities(solution)[made.name]
    text = f"  {sign} = {expression}"
    plain = solution.plain_definitions
    named = solution.definitions if solution.sector_sums else needed(expression, plain)
    rows = [f"  {symbol} = {value}" for symbol, value in named.items()]
    if len(text) + sum(map(len, rows)) <= _LONGEST:
        return [text, *(["with", *rows] if rows else [])]
    if len(text) <= _LONGEST:
        return [text, "with the named quantities computed below."]
    return ["The formula is computed below, step by step, in its named quantities."]


@dataclass(frozen=True)
class Samples:
    """Arguments (the time first), the values there, and how far they may be missed.

    The arguments are exact in double precision, and a value may have a real and an imaginary part.
    """

    points: tuple[tuple[Expr, ...], ...]
    values: tuple[tuple[Any, ...], ...]
    tolerance: float


def samples(
    solution: ClosedForm, made: Program, fixed: Mapping[str, Any], seed: int = 1
) -> Samples:
    """A few seeded points and the values there, computed at 50 digits.

    Raises
    ------
    InvalidArgument
        The parameters given in advance leave none that satisfy the assumptions.
    """
    source = random.Random(seed)
    put = fixed_values(solution, fixed)
    function = emit(solution, made.name, "mpmath")
    points, values, largest = [], [], 0.0
    for _ in range(_POINTS):
        chosen = drawn(solution, partial(_any, source), put, _MUST)
        # On the scale of the system, and exact in double precision.
        scale = Integer(2) ** round(math.log2(time_scale(solution, chosen, levels=True) or 1))
        time = Rational(source.randint(8, 128), 32) * scale
        with mpmath.workdps(_DIGITS):
            value = function(time, **{n: chosen[n] for n in function.arguments})
        at = {solution.parameters[n]: v for n, v in chosen.items()}
        most = S(Battery(solution).cells * solution.model.frequency).subs(at)
        size = 1.0 if made.is_complex else float(most)
        size = max(size, float(abs(value)))
        largest = max(largest, size / float(time) if made.divided_by_time else size)
        points.append((time, *(chosen[name] for name in made.arguments)))
        values.append((value.real, value.imag) if made.is_complex else (value,))
    return Samples(tuple(points), tuple(values), float(f"{_TOLERANCE * largest:.1e}"))


def _any(source: random.Random, symbol: Symbol) -> Expr:
    if symbol.is_integer:
        return Integer(source.randint(1, _LARGEST))
    if symbol.is_positive:
        return Rational(source.randint(32, 128), 64)
    return Rational(source.randint(0, 64), 64)
