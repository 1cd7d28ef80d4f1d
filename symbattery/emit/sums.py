"""Sums over families of chains as functions of time: term by term, each as accurate as the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
from sympy import Integer, Symbol

if TYPE_CHECKING:
    from symbattery.emit.functions import EmittedFunction
    from symbattery.families import Family

__all__ = ["EmittedSum"]


@dataclass(frozen=True)
class EmittedSum:
    """The terms of one sum, and its ranges.

    Attributes
    ----------
    term : EmittedFunction
        One term; its last arguments are the indices.
    family : Family
        What it is the sum over.
    """

    term: EmittedFunction
    family: Family

    @cached_property
    def _sizes(self) -> tuple[str, ...]:
        """The parameters that decide how many terms there are."""
        bounds = (bound for _, *both in self.family.ranges for bound in both)
        free = self.family.condition.free_symbols.union(*(b.free_symbols for b in bounds))
        free -= set(self.family.indices)
        return tuple(name for name, symbol in self.term.symbols.items() if symbol in free)

    def _points(self, sizes: tuple[Any, ...]) -> Iterator[list[Any]]:
        """The indices of every term."""
        put: Mapping[Symbol, Any] = {
            self.term.symbols[name]: Integer(int(value))
            for name, value in zip(self._sizes, sizes, strict=True)
        }
        for point in self.family.points(put):
            yield [point[index] for index in self.family.indices]

    def __call__(self, time: Any, values: Mapping[str, Any]) -> Any:
        """The sum at ``time``, for ``values`` of the parameters by name, read and checked."""
        if self.term.backend == "mpmath":
            sizes = tuple(values[name] for name in self._sizes)
            given = list(values.values())
            each = ([mpmath.mpf(int(i)) for i in point] for point in self._points(sizes))
            return mpmath.fsum(self.term.value(time, [*given, *point]) for point in each)
        shape = np.broadcast_shapes(time.shape, *(v.shape for v in values.values()))
        if not any(values[name].ndim for name in self._sizes):
            sizes = tuple(values[name].item() for name in self._sizes)
            return self._summed(sizes, time, list(values.values()), shape)
        total = np.zeros(shape)
        spread = np.stack([np.broadcast_to(values[name], shape) for name in self._sizes], axis=-1)
        for row in np.unique(spread.reshape(-1, len(self._sizes)), axis=0):
            here = np.all(spread == row, axis=-1)
            given = [np.broadcast_to(v, shape)[here] for v in values.values()]
            at = np.broadcast_to(time, shape)[here]
            total[here] = self._summed(tuple(row.tolist()), at, given, at.shape)
        return total

    def _summed(
        self, sizes: tuple[float, ...], time: Any, values: list[Any], shape: tuple[int, ...]
    ) -> Any:
        """All terms, with what rounding takes from the sum carried along (Kahan)."""
        total, lost = np.zeros(shape), np.zeros(shape)
        for point in self._points(sizes):
            term = self.term.value(time, [*values, *(np.float64(i) for i in point)]) - lost
            larger = total + term
            lost = (larger - total) - term
            total = larger
        return total
