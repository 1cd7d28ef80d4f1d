r"""Closed forms as functions of time.

The emitted formula is built from :math:`\sin^2` of half phases, never from :math:`1-\cos`, and its
named quantities are computed first, so that it is as accurate as the arithmetic: to rounding at
small times, and to the rounding of the phase at large ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
from sympy import Expr, Symbol, cse, lambdify, numbered_symbols

from numerics import checks
from numerics.checks import InvalidArgument, invalid
from symbattery.symbols import t

if TYPE_CHECKING:
    from symbattery.solutions import Solution

__all__ = ["BACKENDS", "EmittedFunction", "emit", "quantities"]

BACKENDS = ("numpy", "mpmath")

# Left open, a unit is 1: times in 1/g, energies in ω₀.
_UNITS = ("coupling", "frequency")


def _numpy_real(name: str, value: Any) -> Any:
    must = "be finite real numbers"
    array = np.asarray(value)
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


def _mpmath_real(name: str, value: Any) -> Any:
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


_READ: Mapping[str, Callable[[str, Any], Any]] = {"numpy": _numpy_real, "mpmath": _mpmath_real}


@dataclass(frozen=True)
class EmittedFunction:
    """A closed form as a function ``f(t, ...)``.

    Parameters go by position, in the order of ``arguments``, or by name. With numpy, times and
    parameters are broadcast; with mpmath they are numbers, and the result has the working
    precision at the time of the call. ``coupling`` and ``frequency`` are 1 unless given.

    Attributes
    ----------
    name, backend : str
    expression : Expr
        In the named quantities of ``definitions``.
    definitions : mapping
        Computed first.
    symbols : mapping
        Argument name to symbol.
    fixed : mapping
        Arguments given in advance.
    divided_by_time : bool
        Whether the value is ``expression``/t, and 0 at t = 0.
    """

    name: str
    backend: str
    expression: Expr
    definitions: Mapping[Symbol, Expr]
    symbols: Mapping[str, Symbol]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    divided_by_time: bool = False

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments after the time."""
        return tuple(name for name in self.symbols if name not in self.fixed)

    def _values(self, given: tuple[Any, ...], named: Mapping[str, Any]) -> list[Any]:
        if len(given) > len(self.arguments):
            raise InvalidArgument(
                f"`{self.name}` must have at most the arguments t, {', '.join(self.arguments)}, "
                f"but has {len(given) + 1}"
            )
        values = dict(self.fixed) | dict(zip(self.arguments, given, strict=False))
        for name, value in named.items():
            if name not in self.symbols:
                checks.choice("parameter", name, tuple(self.symbols))
            if name in values:
                raise InvalidArgument(f"`{name}` must be given once, but is given twice")
            values[name] = value
        for unit in _UNITS:
            if unit in self.symbols:
                values.setdefault(unit, 1)
        missing = [name for name in self.symbols if name not in values]
        if missing:
            raise InvalidArgument(f"`{missing[0]}` must be given: {self.name} depends on it")
        return [_READ[self.backend](name, values[name]) for name in self.symbols]

    @cached_property
    def _evaluate(self) -> Callable[..., Any]:
        return lambdify(
            [t, *self.symbols.values()],
            self.expression,
            modules=self.backend,
            cse=self._definitions_first,
            docstring_limit=0,
        )

    def _definitions_first(self, expressions: Any) -> tuple[list[tuple[Symbol, Expr]], Any]:
        shared, reduced = cse(expressions, symbols=numbered_symbols("_shared"), list=False)
        return [*self.definitions.items(), *shared], reduced

    def __call__(self, time: Any, *given: Any, **named: Any) -> Any:
        values = self._values(given, named)
        at = _READ[self.backend]("time", time)
        result = self._evaluate(at, *values)
        if self.backend == "mpmath":
            return (result / at if at else mpmath.mpf(0)) if self.divided_by_time else result
        result = np.broadcast_to(result, np.broadcast_shapes(at.shape, *(v.shape for v in values)))
        if self.divided_by_time:
            result = np.divide(result, at, out=np.zeros(result.shape), where=at != 0)
        return result[()] if result.ndim == 0 else np.array(result)

    def __getstate__(self) -> dict[str, Any]:
        # The compiled function is made again where the object arrives.
        return {spot.name: getattr(self, spot.name) for spot in fields(self)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def quantities(solution: Solution) -> dict[str, Expr]:
    """The quantities that can be emitted, by name: energy, power, and c0, c1, … of a pure start."""
    named = {"energy": solution.energy, "power": solution.power}
    if len(solution.branches) == 1:
        named |= {f"c{k}": amplitude for k, amplitude in solution.amplitudes.items()}
    return named


def emit(solution: Solution, name: str, backend: str = "numpy", **fixed: Any) -> EmittedFunction:
    """One quantity of a solution as a function of time.

    Parameters
    ----------
    solution : Solution
    name : str
        ``"energy"``, ``"power"``, or ``"c0"``, ``"c1"``, … for an amplitude.
    backend : {"numpy", "mpmath"}
    **fixed
        Parameters given in advance, by field name.

    Raises
    ------
    InvalidArgument
        An unknown name, backend or parameter, or a value that is no finite real number.
    """
    checks.choice("backend", backend, BACKENDS)
    available = quantities(solution)
    checks.choice("name", name, tuple(available))
    for parameter, value in fixed.items():
        checks.choice("parameter", parameter, tuple(solution.parameters))
        _READ[backend](parameter, value)
    divided = name == "power"
    expression = solution.energy if divided else available[name]
    used = expression.free_symbols | {
        symbol for value in solution.definitions.values() for symbol in value.free_symbols
    }
    arguments = {p: symbol for p, symbol in solution.parameters.items() if symbol in used}
    return EmittedFunction(
        name=name,
        backend=backend,
        expression=expression,
        definitions={s: v for s, v in solution.definitions.items() if s in expression.free_symbols},
        symbols=arguments,
        fixed={p: value for p, value in fixed.items() if p in arguments},
        divided_by_time=divided,
    )
