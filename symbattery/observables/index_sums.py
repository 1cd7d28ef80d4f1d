"""Sums over families of chains as functions of time: term by term, each as accurate as the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from sympy import Integer, Symbol

from numerics.model.checks import invalid
from symbattery.observables.backends import backend_named, is_traced

if TYPE_CHECKING:
    from symbattery.observables.function import EmittedFunction
    from symbattery.sectors.sector_sums import SectorSum

__all__ = ["EmittedSum"]


@dataclass(frozen=True)
class EmittedSum:
    """The terms of one sum, and its ranges.

    Attributes
    ----------
    term : EmittedFunction
        One term; its last arguments are the indices.
    sector_sum : SectorSum
        What it is the sum over.
    """

    term: EmittedFunction
    sector_sum: SectorSum

    @cached_property
    def _sizes(self) -> tuple[str, ...]:
        """The parameters that decide how many terms there are."""
        bounds = (bound for _, *both in self.sector_sum.ranges for bound in both)
        free = self.sector_sum.condition.free_symbols.union(*(b.free_symbols for b in bounds))
        free -= set(self.sector_sum.indices)
        return tuple(name for name, symbol in self.term.symbols.items() if symbol in free)

    @cached_property
    def _known_points(self) -> dict[tuple[int, ...], list[list[int]]]:
        """The indices of every term, by the sizes they were found for."""
        return {}

    def _points(self, sizes: Sequence[Any]) -> list[list[int]]:
        """The indices of every term."""
        key = tuple(int(size) for size in sizes)
        if key not in self._known_points:
            put: Mapping[Symbol, Any] = {
                self.term.symbols[name]: Integer(value)
                for name, value in zip(self._sizes, key, strict=True)
            }
            points = self.sector_sum.points(put)
            self._known_points[key] = [
                [int(point[index]) for index in self.sector_sum.indices] for point in points
            ]
        return self._known_points[key]

    def __call__(
        self, part: str, time: Any, values: Mapping[str, Any], shape: tuple[int, ...]
    ) -> Any:
        """The sum of one part of the term, its ``value`` or its ``start``.

        Parameters are numbers or arrays by name, read and checked.
        """
        for name in self._sizes:
            if is_traced(values[name]):
                raise invalid(name, "be a number outside of jax's tracing", values[name])
        if not any(np.ndim(values[name]) for name in self._sizes):
            sizes = [values[name] for name in self._sizes]
            return self._summed(part, sizes, time, list(values.values()), shape)
        total = np.zeros(shape)
        spread = np.stack([np.broadcast_to(values[name], shape) for name in self._sizes], axis=-1)
        for row in np.unique(spread.reshape(-1, len(self._sizes)), axis=0):
            here = np.all(spread == row, axis=-1)
            given = [np.broadcast_to(v, shape)[here] for v in values.values()]
            at = np.broadcast_to(time, shape)[here]
            total[here] = self._summed(part, row, at, given, at.shape)
        return total

    def _summed(
        self,
        part: str,
        sizes: Sequence[Any],
        time: Any,
        values: list[Any],
        shape: tuple[int, ...],
    ) -> Any:
        backend = backend_named(self.term.backend)
        of_term = getattr(self.term, part)
        terms = (
            of_term(time, [*values, *(backend.read("index", i) for i in point)], shape)
            for point in self._points(sizes)
        )
        return backend.total(terms, shape)

    def __getstate__(self) -> dict[str, Any]:
        return {"term": self.term, "sector_sum": self.sector_sum}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
