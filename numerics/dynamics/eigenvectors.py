r"""Evolution by eigenvectors, in stacks of real symmetric matrices.

:math:`\psi - |s\rangle = V(e^{-i\Lambda t}-1)V^T|s\rangle` keeps small times relatively exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from numerics.dynamics.interface import add_populations
from numerics.model.resources import CHUNK, Floats, Integers, slices
from numerics.sectors.operator import Amplitudes

__all__ = ["DensityPropagator", "Eigenvectors", "Some", "largest_gain"]

Some = slice | Integers
"""Some of the starts of a stack."""


@dataclass(frozen=True)
class Eigenvectors:
    """B matrices of L sites by their eigenvalues (B, L) and eigenvectors (B, L, L), and S starts.

    Start number s is basis state ``sites[s]`` of matrix ``sectors[s]``.
    """

    values: Floats
    vectors: Floats
    sectors: Integers
    sites: Integers

    def portions(self, times: Floats) -> Iterator[tuple[slice, slice]]:
        """Portions of starts and of times whose working arrays stay small."""
        length, starts = self.values.shape[1], len(self.sites)
        width = max(1, min(len(times), CHUNK // length))
        for part in slices(starts, CHUNK // (length * max(length, width))):
            for window in slices(len(times), width):
                yield part, window

    def amplitudes(self, part: slice, times: Floats, count: int = 1) -> list[Amplitudes]:
        """ψ, Hψ, H²ψ, … (``count`` of them) of some starts, (S, L, T) each."""
        sectors, sites = self.sectors[part], self.sites[part]
        vectors = self.vectors if len(self.vectors) == 1 else self.vectors[sectors]
        rows, values = self.vectors[sectors, sites][:, :, None], self.values[sectors][:, :, None]
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

    def largest(self) -> Iterator[tuple[slice, Floats]]:
        r"""Bounds on the \|ψ\| (S, L) of some starts at all times.

        By :math:`|\psi_k|\le\min(1,\sum_a|V_{ka}V_{sa}|)`.
        They see that cells far off resonance are hardly ever excited.
        """
        for part in slices(len(self.sites), CHUNK // self.values.shape[1] ** 2):
            vectors = self.vectors[self.sectors[part]]
            rows = np.take_along_axis(vectors, self.sites[part][:, None, None], axis=1)
            yield part, np.minimum(1.0, np.sum(np.abs(vectors * rows), axis=2)) * (1 + 1e-12)


class _Starts(Protocol):
    @property
    def weights(self) -> Floats: ...

    @property
    def gains(self) -> Floats: ...

    @property
    def cells(self) -> Integers: ...


class DensityPropagator:
    """Means of diagonal operators, for what yields densities."""

    @property
    def starts(self) -> _Starts:
        """The starts, with weights (S,), gains and cells (S, L)."""
        raise NotImplementedError

    def densities(self, times: Floats) -> Iterator[tuple[Some, slice, Floats]]:
        """Some starts at some times: their |ψ|² (S, L, T)."""
        raise NotImplementedError

    def excitation(self, times: Floats) -> Floats:
        gains, result = self.starts.weights[:, None] * self.starts.gains, np.zeros(len(times))
        for some, window, density in self.densities(times):
            result[window] += gains[some].ravel() @ density.reshape(-1, density.shape[2])
        return result

    def populations(self, times: Floats, count: int) -> Floats:
        result, cells = np.zeros((count, len(times))), self.starts.cells
        weights = np.broadcast_to(self.starts.weights[:, None], cells.shape)
        for some, window, density in self.densities(times):
            add_populations(result[:, window], cells[some], weights[some], density)
        return result


def largest_gain(starts: _Starts, part: slice, largest: Floats) -> float:
    """A bound on the excitations that some starts gain, by ``largest`` amplitudes."""
    gains = np.maximum(starts.gains[part], 0.0)
    most = np.minimum(np.sum(gains * largest**2, axis=1), gains.max(axis=1))
    return float(starts.weights[part] @ most)
