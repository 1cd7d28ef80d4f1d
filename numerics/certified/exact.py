"""Numbers as they are: rationals exactly, balls as balls, and no double taken for a decimal."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from dataclasses import fields
from decimal import Context, Decimal
from fractions import Fraction
from functools import partial, reduce
from typing import Any

import numpy as np
from flint import arb, ctx, fmpq, fmpz
from mpmath.libmp import to_rational

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.problem import Problem

__all__ = [
    "Exact",
    "ball",
    "centre",
    "dyadic",
    "exact",
    "exact_problem",
    "inflated",
    "largest",
    "least",
    "short",
    "upper",
    "working",
]

Exact = fmpq | arb
"""A rational number, or a ball."""

working = ctx.workprec
"""A context in which balls carry so many bits."""

upper = arb.abs_upper
"""The largest absolute value in a ball, as an exact ball."""

# Of irrational numbers.
_BITS = 4096

_MUST = "be exact: a string such as '0.1', a Fraction, an integer, an mpf or a ball"
_BINARY = "Fraction(x) or `floats=True` takes the binary value of a float x as it is"


def exact(name: str, value: Any, *, floats: bool = False) -> Exact:
    """``value`` without any rounding; an irrational SymPy number as a ball of 1200 digits.

    Raises
    ------
    InvalidArgument
        It is no real number, or a float (unless ``floats``): 0.1 is not one tenth.
    """
    if isinstance(value, str):
        value = checks.written(name, value, _MUST)
    if isinstance(value, fmpq | fmpz):
        return fmpq(value)
    if isinstance(value, arb):
        if not value.is_finite():
            raise invalid(name, "be a finite ball", value)
        if checks.is_far(value.mid()) or checks.is_far(value.rad()):
            raise invalid(name, "be of moderate size", value)
        return value
    checks.real(name, value)
    inexact = isinstance(value, float | np.floating) or getattr(value, "is_Float", False)
    if inexact and not floats:
        raise invalid(name, f"{_MUST} ({_BINARY})", value)
    try:
        return _rational(value)
    except TypeError:
        if not hasattr(value, "_to_mpmath"):
            raise invalid(name, _MUST, value) from None
    number = value._to_mpmath(_BITS + 16).real
    if checks.is_far(number):
        raise invalid(name, "be of moderate size", value)
    middle = _rational(number)
    with working(_BITS + 16):
        return arb(middle, abs(arb(middle)) * arb(2) ** -_BITS)


def _rational(value: Any) -> fmpq:
    """A real number of any kind but balls; a TypeError where it is not rational."""
    if hasattr(value, "_mpf_"):
        return fmpq(*map(int, to_rational(value._mpf_)))
    if hasattr(value, "numerator") and hasattr(value, "denominator"):
        return fmpq(int(value.numerator), int(value.denominator))
    if hasattr(value, "as_integer_ratio"):
        return fmpq(*map(int, value.as_integer_ratio()))
    return fmpq(operator.index(value))


def ball(value: Exact | Fraction | int) -> arb:
    """A ball at the working precision around a number or a ball."""
    if isinstance(value, Fraction):
        return arb(fmpq(value.numerator, value.denominator))
    return arb(value)


def dyadic(value: Any) -> Fraction:
    """The exact value of an mpf or an exact ball."""
    return Fraction(*map(int, to_rational(value._mpf_)))


def short(value: Fraction) -> str:
    """A number in few digits, however large or small it is."""
    return (
        f"{Context(6).divide(Decimal(value.numerator), Decimal(value.denominator)).normalize():g}"
    )


def centre(value: arb) -> Fraction:
    """The midpoint of a ball."""
    return dyadic(value.mid())


def largest(values: Iterable[arb]) -> arb:
    """At least the largest absolute value in any of the balls; 0 for none."""
    return upper(reduce(arb.max, map(upper, values), arb(0)))


def inflated(value: arb, error: arb) -> arb:
    """The ball with ``error`` ≥ 0 added to its radius."""
    return value + error * arb(0, 1)


def exact_problem(
    model: Any, initial: Any, *, floats: bool = False, noise: Iterable[Any] = ()
) -> Problem[Exact]:
    """The problem of a model, a start (the ideal one for ``None``) and noise, all exact.

    Raises
    ------
    InvalidArgument
        As `numerics.model.problem.Problem.of`, or a float among the numbers.
    """
    given = partial(exact, floats=checks.truth("floats", floats))
    problem: Problem[Exact] = Problem.of(model, initial, partial(given, "value"), noise)
    if problem.grouped:
        raise invalid("model", "be without groups of spins for proven digits", problem.model)
    for i, one in enumerate(problem.noise):
        for spot in fields(one):
            if spot.name in ("rate", "temperature"):
                found = given(f"noise[{i}].{spot.name}", getattr(one, spot.name))
                if not (found > 0 or (found == 0 and spot.name == "rate")):
                    raise invalid(f"noise[{i}].{spot.name}", "be certainly positive", found)
    described = [entry for entry in problem.model.values() if entry[1] is not None]
    for name, value in described:
        given(name, value)
    for label, kind, value in problem.initial.values():
        found = given(label, value)
        # Zero itself is a weight, but no ball around it: it would be neither counted nor missed.
        certain = found == 0 or not ball(found).contains(0)
        if kind.endswith("inverse_temperature") and not certain:
            raise invalid(label, "have a sign that is certain, or be exactly 0", value)
        share = kind.endswith("population") or kind == "weight"
        if share and not (certain and 0 <= found <= 1):
            raise invalid(label, "be certainly between 0 and 1", value)
    shares = (map(problem.number, branch.weights) for branch in problem.branches())
    total: Exact = sum((reduce(operator.mul, share, fmpq(1)) for share in shares), fmpq(0))
    # Weights given as doubles sum to 1 only as doubles do.
    if not (floats or (total.contains(1) if isinstance(total, arb) else total == 1)):
        raise InvalidArgument(f"`weights` must sum to exactly 1, but sum to {total}")
    for name, value in described:
        if not name.endswith("frequency"):
            continue
        found = given(name, value)
        if (name == "frequency" or problem.charger.top is None) and not found > 0:
            raise invalid(name, "be certainly positive", value)
        if not (found == 0 or found > 0 or found < 0):
            raise invalid(name, "have a sign that is certain, or be exactly 0", value)
    with working(_BITS):
        _ = problem.parameters  # computed once, whatever the precision around it
    return problem


def least(enough: Callable[[int], bool], low: int, high: int, most: float = math.inf) -> int | None:
    """The least integer above ``low`` that is ``enough``; None if ``most`` is not.

    All are that are larger than one that is. ``high`` > ``low`` is where to begin.
    """
    while not enough(high):
        low, high = high, 2 * high
        if low > most:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
