"""The constants of an emitted formula, from its parameters: exact until they are rounded once.

A few sets of parameters are computed by mpmath with many bits. Very many go through
:mod:`symbattery.observables.double_double` first, where the definitions are closed forms in square
roots; the few sets whose rounding that leaves open go to mpmath as well. Both give the same
doubles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import mpmath
import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Symbol, lambdify

from symbattery.dynamics.radicals import ordered_root
from symbattery.observables.double_double import DoubleDouble, can_evaluate, evaluated

__all__ = ["Constants", "Pickled"]

_DOUBLE_BITS = 256
_GUARD_BITS = 64

# From so many sets of parameters on, arrays are faster than mpmath.
_MANY = 32
# Sets that are computed at once in two doubles: all their parts stay in the cache.
_BLOCK = 4096
# Sets that are remembered.
_MOST_SEEN = 65536


class Pickled:
    """A dataclass of which only the fields are pickled.

    What is compiled and remembered is made again where the object arrives.
    """

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def __getstate__(self) -> dict[str, Any]:
        every: dict[str, Any] = vars(self)
        return {name: every[name] for name in type(self).__dataclass_fields__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


@dataclass(frozen=True)
class Constants(Pickled):
    """Named quantities as functions of the parameters.

    Attributes
    ----------
    symbols : tuple of Symbol
        The parameters.
    definitions : mapping
        Each in terms of parameters and of those before it.
    wanted : tuple of Symbol
        Those of ``definitions`` that are returned, in this order.
    """

    symbols: tuple[Symbol, ...]
    definitions: Mapping[Symbol, Expr]
    wanted: tuple[Symbol, ...]

    def compiled(self, modules: Any) -> Callable[..., Any]:
        """A function of the parameters, for one of the languages of ``lambdify``."""

        def in_order(names: Any) -> tuple[list[tuple[Symbol, Expr]], Any]:
            return list(self.definitions.items()), names

        return lambdify(
            list(self.symbols),
            list(self.wanted),
            modules=modules,
            cse=in_order,
            docstring_limit=0,
        )

    @cached_property
    def _define(self) -> Callable[..., Any]:
        return self.compiled([{"ordered_root": ordered_root}, "mpmath"])

    @cached_property
    def _seen(self) -> dict[tuple[float, ...], tuple[float, ...]]:
        """Doubles computed before, by parameters."""
        return {}

    @cached_property
    def _has_double_doubles(self) -> bool:
        return can_evaluate(self.definitions)

    def exact(self, values: Sequence[Any]) -> list[Any]:
        """Of mpmath numbers, to more than the working precision."""
        if not self.wanted:
            return []
        with mpmath.workprec(2 * mpmath.mp.prec + _GUARD_BITS):
            return list(self._define(*values))

    def doubles(self, point: tuple[float, ...]) -> tuple[float, ...]:
        """Of one set of parameters, each rounded once: differences of roots may cancel."""
        if not self.wanted:
            return ()
        if point not in self._seen:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            with mpmath.workprec(_DOUBLE_BITS):
                self._seen[point] = tuple(float(v) for v in self._define(*map(mpmath.mpf, point)))
        return self._seen[point]

    def arrays(self, values: Sequence[NDArray[np.float64]]) -> list[Any]:
        """Of parameters that are broadcast, each rounded once."""
        if not self.wanted:
            return []
        shape = np.broadcast_shapes(*(v.shape for v in values))
        if not shape:
            return [np.float64(v) for v in self.doubles(tuple(float(v) for v in values))]
        points = np.stack([np.broadcast_to(v, shape).ravel() for v in values], axis=-1)
        many = len(points) >= _MANY and self._has_double_doubles
        table = self._in_blocks(points) if many else self._one_by_one(points)
        return [np.ascontiguousarray(column).reshape(shape) for column in table.T]

    def _one_by_one(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        distinct, where = np.unique(points, axis=0, return_inverse=True)
        table = np.array([self.doubles(tuple(point)) for point in distinct.tolist()])
        return table.reshape(len(distinct), len(self.wanted))[where.ravel()]

    def _in_blocks(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        table = np.empty((len(points), len(self.wanted)))
        certain = np.empty(len(points), dtype=bool)
        for start in range(0, len(points), _BLOCK):
            here = slice(start, start + _BLOCK)
            table[here], certain[here] = self._in_double_doubles(points[here])
        if not certain.all():
            table[~certain] = self._one_by_one(points[~certain])
        return table

    def _in_double_doubles(
        self, points: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        known: dict[Expr, DoubleDouble] = {
            s: DoubleDouble.exactly(v) for s, v in zip(self.symbols, points.T, strict=True)
        }
        for name, value in self.definitions.items():
            known[name] = evaluated(value, known)
        rounded = [known[name].rounded() for name in self.wanted]
        size = len(points)
        table = np.stack([np.broadcast_to(value, size) for value, _ in rounded], axis=-1)
        return table, np.all([np.broadcast_to(sure, size) for _, sure in rounded], axis=0)
