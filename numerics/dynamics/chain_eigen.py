"""Stacks of chains by their eigenvectors.

Without a diagonal these are singular vectors and all arithmetic is real.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import scipy

from numerics.dynamics.chain_svd import MirrorSystem, SingularSystem, singular_system
from numerics.dynamics.eigenvectors import DensityPropagator, Eigenvectors, Some, largest_gain
from numerics.dynamics.interface import Bounds, Moments
from numerics.model.resources import Floats, slices
from numerics.sectors.chains import Chains
from numerics.sectors.operator import density

__all__ = ["ChiralPropagator", "DetunedPropagator"]

# Numbers in one array of amplitudes: with those beside it, within the caches.
_CHUNK = 2**18
# Up to this dimension a stack of dense matrices is diagonalised faster than one after another.
_DENSE = 24


@dataclass(frozen=True)
class ChiralPropagator(DensityPropagator):
    """The evolution of the starts in a stack of chains without diagonal."""

    chains: Chains
    _system: SingularSystem | MirrorSystem = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_system", singular_system(self.chains.hops, self.chains.cutoffs))

    @property
    def starts(self) -> Chains:
        return self.chains

    @cached_property
    def _weighed(self) -> tuple[Floats, Floats]:
        """The factors of squares (3, S, L) and of products of neighbours (S, L − 1) in the moments.

        For a zero diagonal E'' = 2 Σ F_k φ_k², and E' = 2 Σ ± b_k φ_k φ_{k+1} with + where k is as
        even as the start.
        """
        chains = self.chains
        weight, mine = chains.weights[:, None], chains.sectors
        gains = weight * chains.gains
        sign = 1 - 2 * ((np.arange(chains.length - 1) - chains.sites[:, None]) % 2)
        squares = np.stack([gains, 2 * weight * chains.force[mine], np.abs(gains)])
        return squares, 2 * weight * sign * chains.hops[mine]

    def _waves(self, times: Floats) -> Iterator[tuple[Some, slice, Floats]]:
        """Some starts at some times: their amplitudes (S, L, T), −i taken off every other site."""
        length, sites = self.chains.length, self.chains.sites
        width = max(1, min(len(times), _CHUNK // length))
        for parity in (0, 1):
            group = np.flatnonzero(sites % 2 == parity)
            for part in slices(len(group), _CHUNK // (length * max(length // 2, width))):
                some: Some = group[part]
                if len(group[part]) == len(sites):
                    some = slice(None)  # a view, where no start is left out
                for window in slices(len(times), width):
                    wave = self._system.wave(self.chains.sectors[some], sites[some], times[window])
                    yield some, window, wave

    def densities(self, times: Floats) -> Iterator[tuple[Some, slice, Floats]]:
        for some, window, wave in self._waves(times):
            yield some, window, np.square(wave, out=wave)

    def moments(self, times: Floats) -> Moments:
        result = np.zeros((4, len(times)))
        squares, neighbours = self._weighed
        for some, window, wave in self._waves(times):
            result[1, window] += _total(neighbours[None, some], wave[:, :-1] * wave[:, 1:])[0]
            np.square(wave, out=wave)
            result[[0, 2, 3], window] += _total(squares[:, some], wave)
        return Moments(*result)


@dataclass(frozen=True)
class DetunedPropagator(DensityPropagator):
    """The evolution of the starts in a stack of chains of any diagonal."""

    chains: Chains
    _eigen: Eigenvectors = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found = Eigenvectors(*_eigensystems(self.chains), self.chains.sectors, self.chains.sites)
        object.__setattr__(self, "_eigen", found)

    @property
    def starts(self) -> Chains:
        return self.chains

    @cached_property
    def bounds(self) -> Bounds:
        return Bounds.sum(
            Bounds(largest_gain(self.chains, part, largest), *self.chains.part(part).rates(largest))
            for part, largest in self._eigen.largest()
        )

    def densities(self, times: Floats) -> Iterator[tuple[Some, slice, Floats]]:
        for part, window in self._eigen.portions(times):
            yield part, window, density(*self._eigen.amplitudes(part, times[window]))

    def moments(self, times: Floats) -> Moments:
        result = np.zeros((4, len(times)))
        for part, window in self._eigen.portions(times):
            (psi,) = self._eigen.amplitudes(part, times[window])
            result[:, window] += self.chains.part(part).moments(psi)
        return Moments(*result)


def _eigensystems(chains: Chains) -> tuple[Floats, Floats]:
    """Eigenvalues (B, L) and eigenvectors (B, L, L)."""
    diagonal, hops = chains.diagonal, chains.hops
    if chains.length > _DENSE:
        pairs = [
            scipy.linalg.eigh_tridiagonal(a, b, lapack_driver="stemr")
            for a, b in zip(diagonal, hops, strict=True)
        ]
        return np.array([values for values, _ in pairs]), np.array([v for _, v in pairs])
    matrices = np.zeros((*diagonal.shape, chains.length))
    site = np.arange(chains.length)
    matrices[:, site, site] = diagonal
    matrices[:, site[1:], site[:-1]] = hops
    values, vectors = np.linalg.eigh(matrices)
    return values, vectors


def _total(weights: Floats, values: Floats) -> Floats:
    """Sums (n, T) of ``values`` (S, L, T) with ``weights`` (n, S, L)."""
    return weights.reshape(len(weights), -1) @ values.reshape(-1, values.shape[2])
