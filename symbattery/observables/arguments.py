"""The arguments of functions: what they mean, checked as backends read them, or at random."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from numbers import Integral
from typing import Any

import mpmath
import numpy as np
from sympy import Expr, S, Symbol

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from symbattery.core.expressions import checked_symbols
from symbattery.dynamics.closed_form import ClosedForm

__all__ = [
    "MEANINGS",
    "check_assumptions",
    "check_exact",
    "drawn",
    "read_array",
    "read_exact",
    "time_scale",
]

# What the parameters with a field of their own are.
MEANINGS = {
    "cells": "number of cells",
    "chargers": "number of charger spins",
    "excited_chargers": "number of charger spins that start up",
    "photons": "number of photons at the start",
    "coupling": "the coupling of cells and charger, an energy (ħ = 1)",
    "frequency": "the frequency of the cells, the unit of the energy",
    "charger_frequency": "the frequency of the charger, in the unit of the coupling",
    "charger_crosstalk": "the coupling of the charger spins, in the unit of the coupling",
    "cell_crosstalk": "the coupling of the cells, in the unit of the coupling",
    "longitudinal": "the longitudinal coupling of both sides, in the unit of the coupling",
    "charger_longitudinal": "that of the charger spins, in the unit of the coupling",
    "cell_longitudinal": "that of the cells, in the unit of the coupling",
    "anisotropy": "the anisotropy",
    "population": "the excited population of a thermal spin, between 0 and 1",
    "spins": "number of spins",
}

_MOST_DRAWS = 20_000


def check_exact(name: str, values: Iterable[Any]) -> None:
    """Refuse integers that doubles would round: in differences such as N - m nothing is left."""
    for value in values:
        if isinstance(value, Integral) and int(float(value)) != value:
            must = "be exact in double precision (the backend mpmath takes any size)"
            raise invalid(name, must, value)


def read_array(name: str, value: Any) -> Any:
    """Finite real numbers as an array of doubles, without a copy where they are one already."""
    must = "be finite real numbers"
    checks.require_plain(name, value)
    try:
        array = np.asarray(value)
    except Exception:  # whatever foreign objects raise
        raise invalid(name, f"{must} in an array", value) from None
    try:
        if array.dtype.kind not in "iufO":
            raise TypeError
        given, array = array, array.astype(np.float64, copy=False)
    except OverflowError:
        raise invalid(name, "be below 1.8e308 (the backend mpmath takes any size)", value) from None
    except (TypeError, ValueError):
        raise invalid(name, must, value) from None
    if not np.isfinite(array).all():
        raise invalid(name, must, value)
    if given.dtype.kind in "iuO" and (np.abs(array) >= 2**53).any():
        check_exact(name, given.ravel().tolist())
    return array


def read_exact(name: str, value: Any) -> Any:
    """A finite real number at mpmath's working precision; an exact one is not rounded earlier."""
    number = value
    if not getattr(value, "is_Number", True):
        checked_symbols(name, value)
    try:
        if isinstance(value, bool | str | bytes | complex) or checks.is_symbolic(value):
            raise TypeError
        if hasattr(value, "_to_mpmath"):
            number = value._to_mpmath(mpmath.mp.prec)
        if isinstance(number, mpmath.mpc):
            raise TypeError
        number = mpmath.mpmathify(number)
        if not isinstance(number, mpmath.mpf):
            number = getattr(number, "real", number) * mpmath.mpf(1)
        if not isinstance(number, mpmath.mpf) or not mpmath.isfinite(number):
            raise TypeError
    except (TypeError, ValueError):
        raise invalid(name, "be a finite real number", value) from None
    if checks.is_far(number):
        raise invalid(name, "be a finite real number of moderate size", value)
    return number


def check_assumptions(
    name: str, symbol: Symbol, value: Any, everywhere: Callable[[Any], bool] = bool
) -> None:
    """Refuse a value, or an array of them, that is not what a symbol is assumed to be."""
    for must, holds in (
        ("integers", not symbol.is_integer or everywhere(value % 1 == 0)),
        ("positive", not symbol.is_positive or everywhere(value > 0)),
        ("non-negative", not symbol.is_nonnegative or everywhere(value >= 0)),
    ):
        if not holds:
            raise invalid(name, f"be {must}", value)


def time_scale(
    solution: ClosedForm, values: Mapping[str, Expr], levels: bool = False
) -> float | None:
    """The inverse of the largest hop, for numbers in place of the parameters; None if none hops.

    The fastest motion is at least as fast. With ``levels`` that of the largest element of H, so
    that no phase is large.
    """
    put = {solution.parameters[name]: value for name, value in values.items()}
    chains = [(branch.chain, put) for branch in solution.branches]
    for each in solution.sector_sums:
        chains += [(each.chain, {**put, **point}) for point in each.points(put)]
    hops = [float(h.subs(at)) ** 0.5 for chain, at in chains for h in chain.hops_squared]
    own = [abs(float(a.subs(at))) for chain, at in chains for a in chain.diagonal if levels]
    return 1 / max(hops + own) if any(hops) else None


def drawn(
    solution: ClosedForm,
    value: Callable[[Symbol], Expr],
    given: Mapping[Symbol, Expr] | None = None,
    must: str = "`solution` must have parameters that satisfy its",
    most: int = _MOST_DRAWS,
) -> dict[str, Expr]:
    """Random values of the parameters for which every assumption holds.

    Parameters
    ----------
    solution : ClosedForm
    value : callable
        A random value of a symbol, by its own assumptions.
    given : mapping, optional
        Values that are not drawn.
    must : str
        The beginning of the error.
    most : int
        How often it is tried.

    Raises
    ------
    InvalidArgument
        No values satisfy the assumptions.
    """
    put = given or {}
    for _ in range(most):
        at = {s: put[s] if s in put else value(s) for s in solution.parameters.values()}
        if all(assumption.subs(at) == S.true for assumption in solution.assumptions):
            return {name: at[s] for name, s in solution.parameters.items()}
    raise InvalidArgument(
        f"{must} assumptions, but none were found: " + ", ".join(map(str, solution.assumptions))
    )
