"""Times and parameters as the backends compute with them, checked."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np

from numerics.model import checks
from numerics.model.checks import invalid

__all__ = ["read_array", "read_double", "read_exact"]


def read_array(name: str, value: Any) -> Any:
    """Finite real numbers as an array of doubles, without a copy where they are one already."""
    must = "be finite real numbers"
    try:
        array = np.asarray(value)
    except ValueError:
        raise invalid(name, f"{must} in an array", value) from None
    if array.dtype.kind not in "iuf":
        try:
            if array.dtype.kind != "O":
                raise TypeError
            array = array.astype(np.float64)
        except (TypeError, ValueError):
            raise invalid(name, must, value) from None
    array = array.astype(np.float64, copy=False)
    if not np.isfinite(array).all():
        raise invalid(name, must, value)
    return array


def read_double(name: str, value: Any) -> float:
    """A finite real number as a double."""
    return checks.number(name, value)


def read_exact(name: str, value: Any) -> Any:
    """A finite real number at mpmath's working precision; an exact one is not rounded earlier."""
    must = "be a finite real number"
    if isinstance(value, bool | str | bytes | complex) or value is None:
        raise invalid(name, must, value)
    if hasattr(value, "_to_mpmath"):
        if checks.is_symbolic(value):
            raise invalid(name, must, value)
        value = value._to_mpmath(mpmath.mp.prec)
    try:
        number = mpmath.mpmathify(value)
    except (TypeError, ValueError):
        raise invalid(name, must, value) from None
    if not isinstance(number, mpmath.mpf):
        number = getattr(number, "real", number) * mpmath.mpf(1)
        if isinstance(value, mpmath.mpc) or not isinstance(number, mpmath.mpf):
            raise invalid(name, must, value)
    if not mpmath.isfinite(number):
        raise invalid(name, must, value)
    return number
