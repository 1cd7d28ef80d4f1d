"""Evolution inside small sectors at γ ≠ 0, by eigenvectors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from numerics.dynamics.eigenvectors import DensityPropagator, Eigenvectors, Some, largest_gain
from numerics.dynamics.interface import Bounds, Moments, moments_of
from numerics.model.resources import Floats, single_blas_thread
from numerics.sectors.operator import Block, density, symmetric

__all__ = ["SpectralPropagator"]


@dataclass(frozen=True)
class SpectralPropagator(DensityPropagator):
    """Evolution by eigenvectors, in a small sector."""

    block: Block
    _eigen: Eigenvectors = field(init=False, repr=False)

    @single_blas_thread
    def __post_init__(self) -> None:
        values, vectors = np.linalg.eigh(self.block.matrix.toarray())
        only = np.zeros(len(self.block.sites), dtype=np.int64)
        found = Eigenvectors(values[None], vectors[None], only, self.block.sites)
        object.__setattr__(self, "_eigen", found)

    @property
    def starts(self) -> Block:
        return self.block

    @property
    def bandwidth(self) -> float:
        return float(self._eigen.values[0, -1] - self._eigen.values[0, 0])

    @cached_property
    def bounds(self) -> Bounds:
        block = self.block
        shells, weight = np.zeros(len(block.levels), dtype=np.int64), float(block.weights.sum())
        operator = symmetric(block.matrix, block.levels, shells)
        return Bounds(
            sum(largest_gain(block, *found) for found in self._eigen.largest()),
            weight * operator.max_second_derivative,
            weight * float(operator.max_third_derivatives[0].max()),
        )

    def densities(self, times: Floats) -> Iterator[tuple[Some, slice, Floats]]:
        for part, window in self._eigen.portions(times):
            yield part, window, density(*self._eigen.amplitudes(part, times[window]))

    excitation = single_blas_thread(DensityPropagator.excitation)
    populations = single_blas_thread(DensityPropagator.populations)

    @single_blas_thread
    def moments(self, times: Floats) -> Moments:
        gains, result = self.block.weights[:, None] * self.block.gains, np.zeros((4, len(times)))
        for part, window in self._eigen.portions(times):
            psi, once, twice = self._eigen.amplitudes(part, times[window], 3)
            result[:, window] += moments_of(psi, once, twice, gains[part])
        return Moments(*result)

    def norms(self, times: Floats, rim: Floats) -> Floats:
        result = np.zeros(len(times))
        for part, window, squares in self.densities(times):
            norm = np.sqrt(np.einsum("l,slt->st", rim**2, squares))
            result[window] += self.block.weights[part] @ norm
        return result
