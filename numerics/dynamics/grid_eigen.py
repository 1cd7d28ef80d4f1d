"""Evolution inside small sectors at γ ≠ 0, by eigenvectors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from numerics.dynamics.eigenvectors import DensityPropagator, Eigenvectors, Some, largest_gain
from numerics.dynamics.interface import Moments, moments_of
from numerics.model.resources import Floats, single_blas_thread
from numerics.sectors.operator import Block, Operator, density, symmetric

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

    @property
    def ceiling(self) -> float:
        return sum(largest_gain(self.block, *found) for found in self._eigen.largest())

    @cached_property
    def _operator(self) -> Operator:
        block = self.block
        return symmetric(block.matrix, block.levels, np.zeros(len(block.levels), dtype=np.int64))

    @property
    def max_second_derivative(self) -> float:
        return float(self.block.weights.sum()) * self._operator.max_second_derivative

    @property
    def max_third_derivative(self) -> float:
        largest = float(self._operator.max_third_derivatives[0].max())
        return float(self.block.weights.sum()) * largest

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
