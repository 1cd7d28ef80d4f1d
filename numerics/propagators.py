r"""All sectors of a battery together, each by the propagator that suits it.

:math:`H` is real in the basis of excitation numbers, so all arithmetic is real.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from numerics.chebyshev import REMEMBERED, ChebyshevPropagator
from numerics.dynamics import Block, Floats, Integers, Moments, Propagator
from numerics.operators import Operator, symmetric
from numerics.spectral import SpectralPropagator

if TYPE_CHECKING:
    from numerics.grids import Grid

__all__ = ["DENSE_LIMIT", "Evolution", "grid_propagators", "propagators"]

DENSE_LIMIT = 600
"""Up to this dimension all eigenvectors are cheaper than propagation."""


def propagators(block: Block) -> list[Propagator]:
    """The propagators that suit a block: one for a stack, one for each start at large size."""
    matrix = block.matrices
    if isinstance(matrix, np.ndarray) or matrix.shape[0] <= DENSE_LIMIT:
        return [SpectralPropagator(block)]
    operator = symmetric(matrix, block.levels[0], np.zeros(matrix.shape[0], dtype=np.int64))
    return _recursions(operator, block.sites, block.weights)


def grid_propagators(grid: Grid) -> list[Propagator]:
    """The propagators that suit a sector at γ ≠ 0."""
    if grid.dimension <= DENSE_LIMIT:
        return [SpectralPropagator(grid.block())]
    operator, sites = grid.operator()
    return _recursions(operator, sites, grid.start.weight)


def _recursions(operator: Operator, sites: Integers, weights: Floats) -> list[Propagator]:
    share = REMEMBERED // len(sites)
    pairs = zip(sites.tolist(), weights.tolist(), strict=True)
    return [ChebyshevPropagator(operator, site, weight, share) for site, weight in pairs]


@dataclass(frozen=True)
class Evolution:
    """All sectors together."""

    propagators: Sequence[Propagator]

    @property
    def bandwidth(self) -> float:
        return max((p.bandwidth for p in self.propagators), default=0.0)

    @property
    def ceiling(self) -> float:
        return sum(p.ceiling for p in self.propagators)

    def excitation(self, times: Floats) -> Floats:
        return sum((p.excitation(times) for p in self.propagators), np.zeros(len(times)))

    def moments(self, times: Floats) -> Moments:
        total = np.zeros((4, len(times)))
        for propagator in self.propagators:
            total += np.stack(propagator.moments(times))
        return Moments(*total)
