"""The accuracy that emitted functions state, against the same formula at 60 digits."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

# Of one cell: rounding, and that of the phase for every unit of rate × time.
_ROUNDING = 4e-16


def values_of(function: Any, times: Any, *given: Any) -> Any:
    """The values at many times, one by one where only numbers are taken."""
    if function.backend == "math":
        return np.array([function(float(time), *given) for time in times])
    return np.asarray(function(times, *given))


def assert_accurate(
    function: Any,
    exact: Callable[..., Any],
    early: Any,
    late: Any,
    rate: float,
    size: float,
    *given: float,
) -> None:
    """To 14 digits at early times, and to the rounding of a phase of ``rate`` at late ones.

    ``size`` is the largest energy; ``given`` are parameters by position, as the doubles they are.
    """
    known = [Fraction(value) for value in given]
    with mpmath.workdps(60):
        for time, value in zip(early, values_of(function, early, *given), strict=True):
            assert abs(mpmath.mpf(float(value)) / exact(Fraction(time), *known) - 1) <= 1e-14
        for time, value in zip(late, values_of(function, late, *given), strict=True):
            bound = _ROUNDING * size * (10 + rate * time)
            assert abs(mpmath.mpf(float(value)) - exact(Fraction(time), *known)) <= bound
