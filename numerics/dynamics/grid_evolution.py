"""All sectors at γ ≠ 0 together, each by the propagator that suits it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from numerics.dynamics.concave_bounds import ConcaveBound, concave_bound
from numerics.dynamics.grid_chebyshev import REMEMBERED, ChebyshevPropagator
from numerics.dynamics.grid_eigen import SpectralPropagator
from numerics.dynamics.interface import Dynamics, Moments, Propagator
from numerics.model.resources import Floats
from numerics.sectors.grids import Grid

__all__ = ["DENSE_LIMIT", "SectorEvolution", "grid_propagators"]

DENSE_LIMIT = 600
"""Up to this dimension all eigenvectors are cheaper than propagation."""


def grid_propagators(grids: Sequence[Grid]) -> list[list[Propagator]]:
    """The propagators that suit each sector at γ ≠ 0: one for each start at large size."""
    # What may be remembered is shared by all starts.
    share = REMEMBERED // max(1, sum(len(grid.start.weight) for grid in grids))
    return [_propagators(grid, share) for grid in grids]


def _propagators(grid: Grid, share: int) -> list[Propagator]:
    if grid.dimension <= DENSE_LIMIT:
        return [SpectralPropagator(grid.block())]
    operator, sites = grid.operator()
    starts = zip(sites.tolist(), grid.start.weight.tolist(), strict=True)
    return [ChebyshevPropagator(operator, site, weight, share) for site, weight in starts]


@dataclass(frozen=True)
class SectorEvolution:
    """All sectors together."""

    propagators: Sequence[Dynamics]

    @property
    def bandwidth(self) -> float:
        return max((p.bandwidth for p in self.propagators), default=0.0)

    @property
    def ceiling(self) -> float:
        return sum(p.ceiling for p in self.propagators)

    @property
    def max_second_derivative(self) -> float:
        return sum(p.max_second_derivative for p in self.propagators)

    @property
    def max_third_derivative(self) -> float:
        return sum(p.max_third_derivative for p in self.propagators)

    def max_third_derivative_between(self, low: Floats, high: Floats) -> Floats:
        """No |d³/dt³| is larger while the excitations gained are between ``low`` and ``high``."""
        if self._local_bound is None:
            return np.full(len(low), self.max_third_derivative)
        return self._local_bound.between(low, high)

    @cached_property
    def _local_bound(self) -> ConcaveBound | None:
        recursions = [p for p in self.propagators if isinstance(p, ChebyshevPropagator)]
        if not recursions or len(recursions) < len(self.propagators):
            return None
        # What does not move gains nothing.
        points = [(np.zeros(1), np.zeros(1)), *(p.third_derivative_points for p in recursions)]
        return concave_bound(
            [gains for gains, _ in points],
            [max_third_derivatives for _, max_third_derivatives in points],
        )

    def error(self, times: Floats) -> Floats:
        """Bounds on the error of `excitation` from truncated series, rounding apart."""
        recursions = (p for p in self.propagators if isinstance(p, ChebyshevPropagator))
        return sum((p.error(times) for p in recursions), np.zeros(len(times)))

    def excitation(self, times: Floats) -> Floats:
        return sum((p.excitation(times) for p in self.propagators), np.zeros(len(times)))

    def populations(self, times: Floats, count: int) -> Floats:
        every = (p.populations(times, count) for p in self.propagators)
        return sum(every, np.zeros((count, len(times))))

    def moments(self, times: Floats) -> Moments:
        total = np.zeros((4, len(times)))
        for propagator in self.propagators:
            total += np.stack(propagator.moments(times))
        return Moments(*total)
