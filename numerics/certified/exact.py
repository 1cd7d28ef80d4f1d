"""Numbers as they are: rationals exactly, balls as balls, and no double taken for a decimal."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import partial, reduce
from typing import Any

import mpmath
import numpy as np
from flint import arb, ctx, fmpq, fmpz

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
    "is_blurred",
    "largest",
    "upper",
    "working",
]

Exact = fmpq | arb
"""A rational number, or a ball."""

_MUST = "be exact: a string such as '0.1', a Fraction, an integer, an mpf or a ball"
_BINARY = "Fraction(x) or `floats=True` takes the binary value of a float x as it is"


def exact(name: str, value: Any, *, floats: bool = False) -> Exact:
    """``value`` without any rounding.

    Raises
    ------
    InvalidArgument
        It is no real number, or a float (unless ``floats``): 0.1 is not one tenth.
    """
    if isinstance(value, str):
        value = checks.written(name, value, _MUST)
    if isinstance(value, fmpq):
        return value
    if isinstance(value, fmpz):
        return fmpq(value)
    if isinstance(value, arb):
        if not value.is_finite():
            raise invalid(name, "be a finite ball", value)
        return value
    checks.real(name, value)
    if isinstance(value, float | np.floating) or getattr(value, "is_Float", False):
        if not floats:
            raise invalid(name, f"{_MUST} ({_BINARY})", value)
        value = Fraction(float(value))
    rational = _rational(value)
    if rational is None:
        raise invalid(name, _MUST, value)
    return rational


def _rational(value: Any) -> fmpq | None:
    if isinstance(value, mpmath.mpf):
        return fmpq(*map(int, mpmath.libmp.to_rational(value._mpf_)))
    if isinstance(value, Decimal):
        return fmpq(*value.as_integer_ratio())
    if getattr(value, "is_Rational", False):
        return fmpq(int(value.p), int(value.q))
    if hasattr(value, "numerator") and hasattr(value, "denominator"):
        return fmpq(int(value.numerator), int(value.denominator))
    try:
        return fmpq(operator.index(value))
    except TypeError:
        return None


def ball(value: Exact | Fraction | int | None) -> arb:
    """A ball at the working precision around a number or a ball."""
    if isinstance(value, Fraction):
        return arb(fmpq(value.numerator, value.denominator))
    return arb(value)


def dyadic(value: arb) -> Fraction:
    """The exact value of an exact ball."""
    mantissa, exponent = (int(part) for part in value.man_exp())
    return Fraction(mantissa << exponent) if exponent >= 0 else Fraction(mantissa, 1 << -exponent)


def centre(value: arb) -> Fraction:
    """The midpoint of a ball."""
    return dyadic(value.mid())


def upper(value: arb) -> arb:
    """The largest absolute value in a ball, as an exact ball."""
    return value.abs_upper()


def largest(values: Iterable[arb]) -> arb:
    """At least the largest absolute value in any of the balls; 0 for none."""
    return upper(reduce(arb.max, map(upper, values), arb(0)))


def inflated(value: arb, error: arb) -> arb:
    """The ball with ``error`` ≥ 0 added to its radius."""
    return value + error * arb(0, 1)


def exact_problem(model: Any, initial: Any, *, floats: bool = False) -> Problem[Exact]:
    """The problem of a model and a start (the ideal one for ``None``), every number exact.

    Raises
    ------
    InvalidArgument
        As `numerics.model.problem.Problem.of`, or a float among the numbers.
    """
    problem: Problem[Exact] = Problem.of(model, initial, partial(exact, "value", floats=floats))
    model = problem.model
    for name, value in model.values():
        if value is not None:
            exact(name, value, floats=floats)
    for label, kind, value in problem.initial.values():
        if kind.endswith("inverse_temperature"):
            known = ball(exact(label, value, floats=floats))
            if known.contains(0) and not known.is_zero():
                raise invalid(label, "have a sign that is certain, or be exactly 0", value)
        elif kind.endswith("population") or kind == "weight":
            _probability(label, value, floats)
    shares = (map(problem.number, branch.weights) for branch in problem.branches())
    total: Exact = sum((reduce(operator.mul, share, fmpq(1)) for share in shares), fmpq(0))
    # Weights given as doubles sum to 1 only as doubles do.
    if not (floats or (total.contains(1) if isinstance(total, arb) else total == 1)):
        raise InvalidArgument(f"`weights` must sum to exactly 1, but sum to {total}")
    for name in ("frequency", "charger_frequency"):
        value = getattr(model, name)
        if value is not None and not ball(exact(name, value, floats=floats)) > 0:
            raise invalid(name, "be certainly positive", value)
    return problem


def is_blurred(problem: Problem[Exact]) -> bool:
    """A ball with a radius is among the numbers, so that digits have an end."""
    values = [value for _, value in problem.model.values()]
    values += [entry.value for entry in problem.initial.values()]
    return any(isinstance(value, arb) and not value.is_exact() for value in values)


def _probability(name: str, value: Any, floats: bool) -> Exact:
    """A weight that is certainly one: what is dropped of positive weights is what is missing."""
    found = exact(name, value, floats=floats)
    # Zero itself, but no ball around it: such a weight would be neither counted nor missed.
    if not (found == 0 or found > 0) or not found <= 1:
        raise invalid(name, "be certainly between 0 and 1", value)
    return found


def working(bits: int) -> Any:
    """A context in which balls carry so many bits."""
    return ctx.workprec(bits)
