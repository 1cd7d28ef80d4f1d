"""Argument checks: one clear error that names the argument, before any work starts.

Numbers are accepted in every exact or inexact kind Python has (int, float, ``Fraction``,
mpmath, NumPy scalars, SymPy numbers) and are returned as they came, so nothing is rounded
on the way in; in a model or a state the text "0.1" or "1/3" stands for that exact Fraction.
A *symbol* (anything with free symbols) passes where ``symbolic=True``, unless its own
assumptions already contradict what the argument must be.
"""

from __future__ import annotations

import cmath
import math
import operator
import re
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from numbers import Complex, Real
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "InvalidArgument",
    "as_given",
    "choice",
    "complex_number",
    "digits",
    "entries",
    "exactly",
    "half_integer",
    "invalid",
    "is_far",
    "is_labelled",
    "is_symbolic",
    "non_negative",
    "non_negative_integer",
    "normalised",
    "number",
    "positive_integer",
    "positive_number",
    "probability",
    "real",
    "require_plain",
    "times_array",
    "truth",
    "written",
]

# Weights typed as decimals (0.6, 0.1, …) miss 1 by some rounding; a mistake misses by far more.
_SUM_TOLERANCE = 1e-12
# A distribution that misses no more is scaled.
_SCALED = 1e-9

# A number written out: 12, -0.1, 1/3, 2.5e-7. Three digits of exponent, so that no few characters
# stand for a number that fills the memory.
_WRITTEN = re.compile(r"[+-]?(\d+/\d+|(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?)", re.ASCII)
_LONGEST = 4000
# Python writes integers of at most 4300 digits.
_MOST_DIGITS = 4000
# Products of two sizes are doubles, and far beyond every number of spins.
_LARGEST = 10**100
_MOST_ENTRIES = 10**6
_LARGEST_SPIN = 10**6
_FARTHEST = 10**5
_SHOWN = 200


class InvalidArgument(ValueError):
    """An argument is not what it must be; the message says which, what, and what it is."""


def invalid(name: str, must: str, value: Any) -> InvalidArgument:
    """The error "`name` must …, but is …"."""
    try:
        shown = str(value) if is_symbolic(value) else repr(value)
    except Exception:  # integers of more than some thousand digits, and foreign objects
        shown = f"too long to be shown ({type(value).__name__})"
    if len(shown) > _SHOWN:
        shown = f"{shown[:_SHOWN]}…"
    return InvalidArgument(f"`{name}` must {must}, but is {shown}")


def is_symbolic(value: Any) -> bool:
    """True where ``value`` contains a free symbol (so that it has no numerical value yet)."""
    return bool(getattr(value, "free_symbols", ()))


def _symbol(name: str, must: str, value: Any, allowed: bool, **assumptions: bool) -> Any:
    if not allowed:
        raise invalid(name, f"{must} (a number, not a symbol)", value)
    # Matrices, sets, relations and tuples have free symbols too; only SymPy's scalar expressions
    # commute and can be factored (asked this way, because SymPy itself stays outside).
    scalar = getattr(value, "is_commutative", None) is True
    if not scalar or not hasattr(value, "extract_multiplicatively"):
        raise invalid(name, must, value)
    for assumption, wanted in assumptions.items():
        if getattr(value, f"is_{assumption}", None) is (not wanted):
            raise invalid(name, must, value)
    return value


def is_far(value: Any) -> bool:
    """True for a number whose exponent is so large that it fills the memory once written out."""
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value.adjusted()) > _FARTHEST
    return abs(getattr(value, "_mpf_", (0, 0, 0))[2]) > _FARTHEST


def number(name: str, value: Any, must: str = "be a finite real number") -> float:
    """``value`` as a float, or the error that says why it is none."""
    # float() would take all of these: truth values, text, arrays of one, complex NumPy scalars.
    if value is None or isinstance(
        value, str | bytes | bytearray | memoryview | bool | np.bool_ | np.ndarray
    ):
        raise invalid(name, must, value)
    if isinstance(value, Complex) and not isinstance(value, Real):
        raise invalid(name, must, value)
    if is_symbolic(value):
        raise invalid(name, f"{must} (a number, not a symbol)", value)
    try:
        result = float(value)
    except Exception:  # whatever a foreign object raises, it is no number
        raise invalid(name, must, value) from None
    if not math.isfinite(result):
        raise invalid(name, must, value)
    if is_far(value):
        raise invalid(name, f"{must} of moderate size", value)
    return result


def written(name: str, value: str, must: str) -> Fraction:
    """The number that a text says exactly: a decimal or a quotient of integers.

    Raises
    ------
    InvalidArgument
        It says none.
    """
    if len(value) <= _LONGEST and _WRITTEN.fullmatch(value.strip()):
        try:
            return Fraction(value.strip())
        except ZeroDivisionError:
            pass
    raise invalid(name, must, value if len(value) <= _LONGEST else f"{value[:20]}…")


def exactly(name: str, value: Any) -> Any:
    """``value``, with a number that is written out as text replaced by the Fraction it says."""
    must = "be a number, or the text of one such as '0.1' or '1/3'"
    return written(name, value, must) if isinstance(value, str) else value


def _checked(
    name: str, value: Any, must: str, fits: Callable[[float], bool], allowed: bool, **known: bool
) -> Any:
    if is_symbolic(value):
        return _symbol(name, must, value, allowed, **known)
    if not fits(number(name, value, must)):
        raise invalid(name, must, value)
    return value


def real(name: str, value: Any, *, symbolic: bool = False) -> Any:
    """A finite real number."""
    known = {"extended_real": True, "finite": True}
    return _checked(name, value, "be a finite real number", math.isfinite, symbolic, **known)


def positive_number(name: str, value: Any, *, symbolic: bool = False) -> Any:
    """A finite real number above zero."""
    must, known = "be a positive finite number", {"extended_positive": True, "finite": True}
    return _checked(name, value, must, lambda x: x > 0, symbolic, **known)


def non_negative(name: str, value: Any, *, symbolic: bool = False) -> Any:
    """A finite real number, not below zero."""
    must = "be a finite number that is not negative"
    known = {"extended_real": True, "finite": True, "negative": False}
    return _checked(name, value, must, lambda x: x >= 0, symbolic, **known)


def complex_number(name: str, value: Any, *, symbolic: bool = False) -> Any:
    """``value`` as a complex double, or the error that says why it is none; or a symbol."""
    must = "be a finite number, real or complex"
    if is_symbolic(value):
        return _symbol(name, must, value, symbolic, finite=True)
    if isinstance(value, Real) or not isinstance(value, Complex):
        parts = getattr(value, "as_real_imag", None)
        if parts is None:
            return complex(number(name, value, must))
        return complex(*(number(name, part, must) for part in parts()))
    result = complex(value)
    if not cmath.isfinite(result):
        raise invalid(name, must, value)
    return result


def probability(name: str, value: Any, *, symbolic: bool = False) -> Any:
    """A number between 0 and 1, both included."""
    must, known = "be between 0 and 1", {"extended_real": True, "negative": False}
    _checked(name, value, must, lambda x: 0 <= x <= 1, symbolic, **known)
    if is_symbolic(value) and (value - 1).is_positive is True:
        raise invalid(name, must, value)
    return value


def _integer(name: str, value: Any, must: str, least: int, allowed: bool, **known: bool) -> Any:
    if is_symbolic(value):
        return _symbol(name, must, value, allowed, integer=True, **known)
    if isinstance(value, bool | np.ndarray):
        raise invalid(name, must, value)
    try:
        result = operator.index(value)
    except TypeError:
        raise invalid(name, must, value) from None
    if result < least:
        raise invalid(name, must, value)
    if result > _LARGEST:
        raise invalid(name, f"{must} of at most a hundred digits", value)
    return result


def positive_integer(name: str, value: Any, *, symbolic: bool = False) -> Any:
    """An integer of at least one; returned as ``int``."""
    return _integer(name, value, "be a positive integer", 1, symbolic, positive=True)


def non_negative_integer(name: str, value: Any, *, symbolic: bool = False) -> Any:
    """An integer of at least zero; returned as ``int``."""
    return _integer(name, value, "be a non-negative integer", 0, symbolic, negative=False)


def half_integer(name: str, value: Any) -> Fraction:
    """A positive multiple of 1/2 that is no symbol; returned as ``Fraction``."""
    must = "be a positive half-integer: 1/2, 1, 3/2, …"
    value = exactly(name, value)
    twice = 2 * number(name, value, must)
    whole = twice.is_integer() and float(2 * value - int(twice)) == 0
    if not (whole and 1 <= twice <= _LARGEST_SPIN):
        raise invalid(name, must, value)
    return Fraction(int(twice), 2)


def digits(value: Any, name: str = "digits") -> int:
    """A number of digits that can be printed; returned as ``int``."""
    result = int(positive_integer(name, value))
    if result > _MOST_DIGITS:
        raise invalid(name, f"be at most {_MOST_DIGITS}", value)
    return result


def choice(name: str, value: Any, allowed: Collection[str]) -> str:
    """One of the ``allowed`` words."""
    if not isinstance(value, str) or value not in allowed:
        words = ", ".join(repr(word) for word in allowed)
        raise invalid(name, f"be one of {words}" if words else "be left out (there is none)", value)
    return value


def truth(name: str, value: Any) -> bool:
    """One of the truth values; what only counts as one is refused."""
    if not isinstance(value, bool | np.bool_):
        raise invalid(name, "be True or False", value)
    return bool(value)


def entries(name: str, values: Any, must: str) -> list[Any]:
    """The entries of a sequence, which end."""
    if isinstance(values, str | bytes | Set | Mapping) or not np.iterable(values):
        raise invalid(name, must, values)
    found = list(islice(values, _MOST_ENTRIES + 1))
    if len(found) > _MOST_ENTRIES:
        raise invalid(name, f"have at most {_MOST_ENTRIES} entries", values)
    return found


def normalised(name: str, weights: Sequence[Any]) -> list[Any]:
    """Probabilities that sum to 1 (decided as far as no symbol is left in the sum).

    A sum that misses 1 by more than rounding, but by at most 1e-9, is scaled to 1.
    """
    symbols = [weight for weight in weights if is_symbolic(weight)]
    # Kinds of numbers that do not add up among themselves (Decimal, Fraction) do so as floats.
    rest = math.fsum(float(weight) for weight in weights if not is_symbolic(weight))
    total: Any = sum(symbols, start=rest)
    if is_symbolic(total) or abs(float(total) - 1) <= _SUM_TOLERANCE:
        return list(weights)
    if symbols or abs(rest - 1) > _SCALED:
        raise InvalidArgument(f"`{name}` must sum to 1, but sum to {float(total):.12g}")
    return [float(weight) / rest for weight in weights]


def require_plain(name: str, value: Any, must: str = "be finite real numbers") -> None:
    """Refuse what NumPy would drop in silence: masks and units."""
    inner = getattr(value, "data", value) if is_labelled(value) else value
    if np.ma.is_masked(value) or np.ma.is_masked(inner):
        raise invalid(name, f"{must}, none of them masked (x.compressed() has the rest)", value)
    kinds = (type(value), type(inner), getattr(value, "dtype", None))
    if any(hasattr(kind, unit) for kind in kinds for unit in ("unit", "units")):
        raise invalid(name, f"{must} without a unit (divide by one)", value)


def is_labelled(value: Any) -> bool:
    """True for arrays that are more than numbers: of pandas, xarray, subclasses of NumPy's."""
    kind = type(value)
    return (
        hasattr(kind, "__array_ufunc__")
        and kind is not np.ndarray
        and not isinstance(value, np.generic)
    )


def as_given(name: str, given: Any, values: Any) -> Any:
    """Values in the kind of array that the times are, as NumPy's functions give them back.

    Raises
    ------
    InvalidArgument
        The times have labels, and the values have not their shape.
    """
    if not is_labelled(given):
        return values
    if np.shape(values) != np.shape(given):
        must = f"be a plain array, numpy.asarray({name}), where values have axes of their own"
        raise invalid(name, must, given)
    result = np.multiply(given, 0.0) + values
    # Of xarray and pandas: the unit, and what else is said of the times.
    getattr(result, "attrs", {}).clear()
    return result


def times_array(values: Any) -> npt.NDArray[np.float64]:
    """Finite real times, of any shape, from any kind of numbers."""
    must = "be finite real numbers"
    require_plain("times", values)
    try:
        array = np.asarray(values)
    except Exception:  # lists that are no array, units in them, tensors with gradients
        raise invalid("times", f"{must} in an array", values) from None
    if array.dtype.kind == "O":
        flat = [number("times", value, must) for value in array.ravel()]
        return np.array(flat, dtype=np.float64).reshape(array.shape)
    if array.dtype.kind not in "iuf":
        raise invalid("times", must, values)
    result = array.astype(np.float64)
    if not np.all(np.isfinite(result)):
        raise invalid("times", must, result[~np.isfinite(result)].flat[0].item())
    return result
