"""Evolution inside small sectors, by eigenvectors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from numerics.dynamics.interface import Moments, add_populations, moments_of
from numerics.model.resources import CHUNK, Floats, single_blas_thread, slices
from numerics.sectors.operator import Amplitudes, Block, Operator, density, symmetric

__all__ = ["SpectralPropagator"]


@dataclass(frozen=True)
class SpectralPropagator:
    r"""Evolution by eigenvectors, in a small sector.

    :math:`\psi - |s\rangle = V(e^{-i\Lambda t}-1)V^T|s\rangle` keeps small times relatively exact.
    """

    block: Block
    _values: Floats = field(init=False, repr=False)
    _vectors: Floats = field(init=False, repr=False)

    @single_blas_thread
    def __post_init__(self) -> None:
        values, vectors = np.linalg.eigh(self.block.matrix.toarray())
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_vectors", vectors)

    @property
    def bandwidth(self) -> float:
        return float(self._values[-1] - self._values[0])

    @property
    def ceiling(self) -> float:
        r"""From :math:`|\psi_k|\le\min(1,\sum_a|V_{ka}V_{sa}|)`, which sees detuned cells too."""
        block, total = self.block, 0.0
        for part in slices(len(block.sites), CHUNK // len(self._values) ** 2):
            rows = self._vectors[block.sites[part], None]
            reach = np.minimum(1.0, np.sum(np.abs(self._vectors * rows), axis=2) ** 2)
            gains = np.maximum(block.gains[part], 0.0)
            most = np.minimum(np.sum(gains * reach, axis=1), gains.max(axis=1))
            total += float(block.weights[part] @ most)
        return total * (1 + 1e-12)

    @cached_property
    def _operator(self) -> Operator:
        block = self.block
        return symmetric(block.matrix, block.levels, np.zeros(len(block.levels), dtype=np.int64))

    @property
    def max_second_derivative(self) -> float:
        return float(self.block.weights.sum()) * self._operator.max_second_derivative

    @property
    def max_third_derivative(self) -> float:
        return float(self.block.weights.sum()) * float(
            self._operator.max_third_derivatives[0].max()
        )

    def _parts(self, times: Floats) -> Iterator[tuple[slice, slice]]:
        """Chunks of starts and of times whose working arrays stay small."""
        length, starts = len(self._values), len(self.block.sites)
        width = max(1, min(len(times), CHUNK // length))
        for part in slices(starts, CHUNK // (length * max(length, width))):
            for window in slices(len(times), width):
                yield part, window

    def _powers(self, part: slice, times: Floats, count: int) -> list[Amplitudes]:
        """ψ, Hψ, H²ψ, … (``count`` of them) for some starts."""
        vectors, sites = self._vectors, self.block.sites[part]
        rows, values = vectors[sites][:, :, None], self._values[:, None]
        half = values * times / 2
        sine, cosine = np.sin(half), np.cos(half)
        real, imag = -2 * sine**2 * rows, -2 * sine * cosine * rows  # of e^{−iλt} − 1
        psi = Amplitudes(vectors @ real, vectors @ imag)
        psi.real[np.arange(len(sites)), sites] += 1
        powers = [psi]
        real = real + rows
        for _ in range(1, count):
            real, imag = values * real, values * imag
            powers.append(Amplitudes(vectors @ real, vectors @ imag))
        return powers

    @single_blas_thread
    def excitation(self, times: Floats) -> Floats:
        gains, result = self.block.weights[:, None] * self.block.gains, np.zeros(len(times))
        for part, window in self._parts(times):
            (psi,) = self._powers(part, times[window], 1)
            result[window] += np.einsum("sl,slt->t", gains[part], density(psi))
        return result

    @single_blas_thread
    def moments(self, times: Floats) -> Moments:
        gains, result = self.block.weights[:, None] * self.block.gains, np.zeros((4, len(times)))
        for part, window in self._parts(times):
            result[:, window] += self._moments(part, times[window], gains[part])
        return Moments(*result)

    def _moments(self, part: slice, times: Floats, gains: Floats) -> Floats:
        psi, once, twice = self._powers(part, times, 3)
        return moments_of(psi, once, twice, gains)

    @single_blas_thread
    def populations(self, times: Floats, count: int) -> Floats:
        result, cells = np.zeros((count, len(times))), self.block.levels.astype(np.int64)
        for part, window in self._parts(times):
            (psi,) = self._powers(part, times[window], 1)
            density_now = np.tensordot(self.block.weights[part], density(psi), axes=1)
            add_populations(result[:, window], cells, np.ones(len(cells)), density_now)
        return result

    def norms(self, times: Floats, rim: Floats) -> Floats:
        result = np.zeros(len(times))
        for part, window in self._parts(times):
            (psi,) = self._powers(part, times[window], 1)
            norm = np.sqrt(np.einsum("l,slt->st", rim**2, density(psi)))
            result[window] += self.block.weights[part] @ norm
        return result
