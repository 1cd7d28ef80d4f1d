"""All sectors at γ ≠ 0 together, each by the propagator that suits it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from numerics.dynamics.concave_bounds import ConcaveBound, concave_bound
from numerics.dynamics.eigenvectors import SpectralPropagator
from numerics.dynamics.first_order import monotonic_until
from numerics.dynamics.grid_chebyshev import REMEMBERED, ChebyshevPropagator
from numerics.dynamics.interface import Bounds, Dynamics, SummedEvolution
from numerics.model.resources import Floats, Integers
from numerics.sectors.operator import Basis, Block, Operator
from numerics.sectors.starts import Start, vectors

__all__ = ["DENSE_LIMIT", "Propagator", "Sector", "SectorEvolution", "grid_propagators"]

Propagator = SpectralPropagator | ChebyshevPropagator
"""The evolution in some sectors."""

DENSE_LIMIT = 600
"""Up to this dimension all eigenvectors are cheaper than propagation."""


class Sector(Protocol):
    """The part of a grid that H mixes, with the weighted starts in it."""

    @property
    def start(self) -> Start: ...

    @property
    def numbers(self) -> Integers: ...

    @property
    def dimension(self) -> int: ...

    @property
    def bases(self) -> tuple[tuple[Basis, ...], tuple[Basis, ...]]: ...

    def block(self) -> Block: ...

    def operator(self) -> tuple[Operator, Integers]: ...


def grid_propagators(grids: Sequence[Sector]) -> list[list[Propagator]]:
    """The propagators that suit each sector at γ ≠ 0: one for each start at large size."""
    # What may be remembered is shared by all starts.
    share = REMEMBERED // max(1, sum(len(grid.start.weight) for grid in grids))
    every: list[list[Propagator]] = []
    for grid in grids:
        if grid.dimension <= DENSE_LIMIT:
            every.append([SpectralPropagator(grid.block())])
            continue
        operator, sites = grid.operator()
        states: Iterable[Any]
        numbers, weights, states = grid.numbers, grid.start.weight, itertools.repeat(None)
        found = vectors(grid.start, 0 * sites, sites, operator.lengths[0])
        if found is not None:
            sites, numbers, weights = sites[found.heads], numbers[found.heads], found.weights
            states = found.amplitudes
        starts = zip(sites.tolist(), weights.tolist(), numbers.tolist(), states, strict=False)
        every.append(
            [
                ChebyshevPropagator(operator, site, weight, share, grid.bases, number, state)
                for site, weight, number, state in starts
            ]
        )
    return every


@dataclass(frozen=True)
class SectorEvolution(SummedEvolution):
    """All sectors together."""

    propagators: Sequence[Dynamics]

    @property
    def bandwidth(self) -> float:
        return max((p.bandwidth for p in self.propagators), default=0.0)

    @cached_property
    def bounds(self) -> Bounds:
        return Bounds.sum(p.bounds for p in self.propagators)

    def parts(self, times: Floats) -> Sequence[Dynamics]:
        return self.propagators

    @cached_property
    def monotonic_until(self) -> float:
        """The energy and the power are monotonic up to this time; 0 where that is not known."""
        known = [p for p in self.propagators if isinstance(p, Propagator)]
        every = [p.powers for p in known]
        starts = [start for some in every if some is not None for start in some]
        if len(known) < len(self.propagators) or None in every:
            return 0.0
        gains = [p.range_of_gains for p in known]
        return monotonic_until(starts, self.bandwidth, math.fsum(gains))

    def max_third_derivative_between(self, low: Floats, high: Floats) -> Floats:
        """No |d³/dt³| is larger while the excitations gained are between ``low`` and ``high``."""
        if self._local_bound is None:
            return np.full(len(low), self.bounds.third)
        return self._local_bound.between(low, high)

    @cached_property
    def _local_bound(self) -> ConcaveBound | None:
        recursions = [p for p in self.propagators if isinstance(p, ChebyshevPropagator)]
        if not recursions or len(recursions) < len(self.propagators):
            return None
        # What does not move gains nothing.
        points = [(np.zeros(1), np.zeros(1)), *(p.third_derivative_points for p in recursions)]
        return concave_bound([gains for gains, _ in points], [largest for _, largest in points])

    def error(self, times: Floats) -> Floats:
        """Bounds on the error of `excitation` from truncated series, rounding apart."""
        recursions = (p for p in self.propagators if isinstance(p, ChebyshevPropagator))
        return sum((p.error(times) for p in recursions), np.zeros(len(times)))
