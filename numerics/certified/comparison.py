"""Double precision against certified values."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb

from numerics.certified.energies import prepared
from numerics.certified.exact import ball, dyadic, exact_problem, upper, working
from numerics.certified.results import Check
from numerics.charging import Charging
from numerics.maxima.search import NoPeakError
from numerics.model.checks import InvalidArgument, invalid

__all__ = ["check"]

_DIGITS = 25
_DEFAULT_TIMES = 33


def _default_times(charging: Charging) -> np.ndarray:
    try:
        end = 1.5 * charging.first_peak().time
    except NoPeakError:
        end = 1.0
    return np.linspace(0.0, end, _DEFAULT_TIMES)


def _times(charging: Charging, times: Any) -> np.ndarray:
    if times is None:
        return _default_times(charging)
    # Charging refuses what are no times.
    charging.energy(times)
    found = np.asarray(times, dtype=np.float64).ravel()
    if found.size == 0:
        raise InvalidArgument("`times` must hold at least one time, but is empty")
    return found


def _above(value: arb) -> float:
    """A double that is no less than a ball."""
    return math.nextafter(float(upper(value)), math.inf) if value != 0 else 0.0


def check(charging: Charging, times: Any = None) -> Check:
    """Proven deviations of a double-precision curve, and its number of correct digits.

    Parameters
    ----------
    charging : Charging
        From `numerics.charge`; the floats in it stand for their binary values.
    times : array of reals, optional
        Taken as doubles; 33 times up to one and a half first-peak times by default.

    Raises
    ------
    InvalidArgument
        No charging, or no finite times.
    """
    if not isinstance(charging, Charging):
        raise invalid("charging", "be what `numerics.charge` returns", charging)
    found = _times(charging, times)
    curve = charging.energy(found)
    problem = exact_problem(charging.model, charging.initial, floats=True)
    # E is even in time; one walk through all times in order.
    until = Fraction(float(np.max(np.abs(found))))
    bits, here = prepared(problem, until, _DIGITS)
    deviations = [0.0] * len(found)
    with working(bits):
        for i in np.argsort(np.abs(found)):
            here = here.at(abs(Fraction(float(found[i]))))
            energy, _ = here.energy()
            deviations[i] = _above(energy - ball(Fraction(float(curve[i]))))
        unit = float(dyadic((here.frequency * here.cells).mid()))
    return Check(tuple(map(float, found)), tuple(deviations), unit)
