r"""Stacks of short chains, by the eigenvectors of their matrices.

Without a diagonal these are singular vectors and all arithmetic is real. With one (detuning,
crosstalk), :math:`\psi - |s\rangle = V(e^{-i\Lambda t}-1)V^T|s\rangle` keeps small times relatively
exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.linalg import eigh_tridiagonal

from numerics.dynamics.chain_svd import MirrorSystem, SingularSystem, singular_system
from numerics.dynamics.interface import Moments, add_populations
from numerics.model.resources import CHUNK, Floats, Integers, slices
from numerics.sectors.chains import Chains
from numerics.sectors.operator import Amplitudes, density

__all__ = ["ChainEigenvectors", "ChiralPropagator", "DetunedPropagator"]

# Numbers in one array of amplitudes: with those beside it, within the caches.
_CHUNK = 2**18
# Up to this dimension a stack of dense matrices is diagonalised faster than one after another.
_DENSE = 24

Some = slice | Integers
"""Some of the starts of a stack."""


@dataclass(frozen=True)
class ChainEigenvectors:
    """The evolution of the starts in a stack of chains."""

    chains: Chains

    def _densities(self, times: Floats) -> Iterator[tuple[Some, slice, Floats]]:
        """Some starts at some times: their |ψ|² (S, L, T)."""
        raise NotImplementedError

    def excitation(self, times: Floats) -> Floats:
        result, gains = np.zeros(len(times)), self.chains.weights[:, None] * self.chains.gains
        for some, window, squares in self._densities(times):
            result[window] += _total(gains[None, some], squares)[0]
        return result

    def populations(self, times: Floats, count: int) -> Floats:
        result, cells = np.zeros((count, len(times))), self.chains.cells
        weights = np.broadcast_to(self.chains.weights[:, None], cells.shape)
        for some, window, squares in self._densities(times):
            add_populations(result[:, window], cells[some], weights[some], squares)
        return result


@dataclass(frozen=True)
class ChiralPropagator(ChainEigenvectors):
    """The evolution of the starts in a stack of chains without diagonal."""

    _system: SingularSystem | MirrorSystem = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_system", singular_system(self.chains.hops, self.chains.cutoffs))

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

    def _densities(self, times: Floats) -> Iterator[tuple[Some, slice, Floats]]:
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
class DetunedPropagator(ChainEigenvectors):
    """The evolution of the starts in a stack of chains of any diagonal."""

    _values: Floats = field(init=False, repr=False)
    _vectors: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        values, vectors = _eigensystems(self.chains)
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_vectors", vectors)

    @cached_property
    def bounds(self) -> Floats:
        r"""Bounds on E, \|E''\| and \|E'''\|, by :math:`|\psi_k|\le\min(1,\sum_a|V_{ka}V_{sa}|)`.

        They see that cells far off resonance are hardly ever excited.
        """
        total = np.zeros(3)
        for part in slices(len(self.chains.sites), CHUNK // self._values.shape[1] ** 2):
            chains = self.chains.part(part)
            vectors = self._vectors[self.chains.sectors[part]]
            rows = np.take_along_axis(vectors, chains.sites[:, None, None], axis=1)
            largest = np.minimum(1.0, np.sum(np.abs(vectors * rows), axis=2)) * (1 + 1e-12)
            gains = np.maximum(chains.gains, 0.0)
            most = np.minimum(np.sum(gains * largest**2, axis=1), gains.max(axis=1))
            total += (chains.weights @ most, *chains.rates(largest))
        return total

    def _states(self, times: Floats) -> Iterator[tuple[slice, slice, Amplitudes]]:
        """Some starts at some times, with their amplitudes (S, L, T)."""
        length, starts = self._values.shape[1], len(self.chains.sites)
        width = max(1, min(len(times), CHUNK // length))
        for part in slices(starts, CHUNK // (length * max(length, width))):
            for window in slices(len(times), width):
                yield part, window, self._state(part, times[window])

    def _state(self, part: slice, times: Floats) -> Amplitudes:
        sectors, sites = self.chains.sectors[part], self.chains.sites[part]
        vectors = self._vectors if len(self._vectors) == 1 else self._vectors[sectors]
        row = self._vectors[sectors, sites][:, :, None]
        half = self._values[sectors][:, :, None] * times / 2
        sine, cosine = np.sin(half), np.cos(half)
        psi = Amplitudes(vectors @ (-2 * sine**2 * row), vectors @ (-2 * sine * cosine * row))
        psi.real[np.arange(len(sites)), sites] += 1
        return psi

    def _densities(self, times: Floats) -> Iterator[tuple[Some, slice, Floats]]:
        for part, window, psi in self._states(times):
            yield part, window, density(psi)

    def moments(self, times: Floats) -> Moments:
        result = np.zeros((4, len(times)))
        for part, window, psi in self._states(times):
            result[:, window] += self.chains.part(part).moments(psi)
        return Moments(*result)


def _eigensystems(chains: Chains) -> tuple[Floats, Floats]:
    """Eigenvalues (B, L) and eigenvectors (B, L, L)."""
    diagonal, hops = chains.diagonal, chains.hops
    if chains.length > _DENSE:
        pairs = [
            eigh_tridiagonal(a, b, lapack_driver="stemr")
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
