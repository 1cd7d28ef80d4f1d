r"""Small chains with a diagonal (detuning, crosstalk), by the eigenvectors of their matrices.

:math:`\psi - |s\rangle = V(e^{-i\Lambda t}-1)V^T|s\rangle` keeps small times relatively exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from numerics.dynamics.interface import Moments
from numerics.model.arrays import CHUNK, Floats, slices
from numerics.sectors.chains import Chains
from numerics.sectors.operator import Amplitudes, density

__all__ = ["DetunedPropagator"]

# Up to this dimension a stack of dense matrices is diagonalised faster than one after another.
_DENSE = 24


def _eigensystems(chains: Chains) -> tuple[Floats, Floats]:
    """Eigenvalues (B, L) and eigenvectors (B, L, L)."""
    diagonal, hops = chains.diagonal, chains.hops
    if chains.length > _DENSE:
        from scipy.linalg import eigh_tridiagonal

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


@dataclass(frozen=True)
class DetunedPropagator:
    """The evolution of the starts in a stack of chains of any diagonal."""

    chains: Chains
    _values: Floats = field(init=False, repr=False)
    _vectors: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        values, vectors = _eigensystems(self.chains)
        object.__setattr__(self, "_values", values)
        object.__setattr__(self, "_vectors", vectors)

    @cached_property
    def bounds(self) -> tuple[float, float, float]:
        r"""Ceiling, bend and jerk, from :math:`|\psi_k|\le\min(1,\sum_a|V_{ka}V_{sa}|)` too.

        It sees that cells far off resonance are hardly ever excited.
        """
        ceiling, max_second_derivative, max_third_derivative = 0.0, 0.0, 0.0
        for part in slices(len(self.chains.sites), CHUNK // self._values.shape[1] ** 2):
            chains = self.chains.part(part)
            vectors = self._vectors[self.chains.sectors[part]]
            rows = np.take_along_axis(vectors, chains.sites[:, None, None], axis=1)
            reach = np.minimum(1.0, np.sum(np.abs(vectors * rows), axis=2)) * (1 + 1e-12)
            gains = np.maximum(chains.gains, 0.0)
            most = np.minimum(np.sum(gains * reach**2, axis=1), gains.max(axis=1))
            rates = chains.rates(reach)
            ceiling += float(chains.weights @ most)
            max_second_derivative, max_third_derivative = (
                max_second_derivative + rates[0],
                max_third_derivative + rates[1],
            )
        return ceiling, max_second_derivative, max_third_derivative

    def _states(self, times: Floats) -> Iterator[tuple[Chains, slice, Amplitudes]]:
        """Some starts at some times, with their amplitudes (S, L, T)."""
        length, starts = self._values.shape[1], len(self.chains.sites)
        width = max(1, min(len(times), CHUNK // length))
        for part in slices(starts, CHUNK // (length * max(length, width))):
            chains = self.chains.part(part)
            for window in slices(len(times), width):
                yield chains, window, self._state(part, times[window])

    def _state(self, part: slice, times: Floats) -> Amplitudes:
        sectors, sites = self.chains.sectors[part], self.chains.sites[part]
        vectors = self._vectors if len(self._vectors) == 1 else self._vectors[sectors]
        row = self._vectors[sectors, sites][:, :, None]
        half = self._values[sectors][:, :, None] * times / 2
        sine, cosine = np.sin(half), np.cos(half)
        psi = Amplitudes(vectors @ (-2 * sine**2 * row), vectors @ (-2 * sine * cosine * row))
        psi.real[np.arange(len(sites)), sites] += 1
        return psi

    def excitation(self, times: Floats) -> Floats:
        result = np.zeros(len(times))
        for chains, window, psi in self._states(times):
            gains = chains.weights[:, None] * chains.gains
            result[window] += np.einsum("sl,slt->t", gains, density(psi))
        return result

    def moments(self, times: Floats) -> Moments:
        result = np.zeros((4, len(times)))
        for chains, window, psi in self._states(times):
            result[:, window] += chains.moments(psi)
        return Moments(*result)

    def norms(self, times: Floats) -> Floats:
        """The mean of the squared norms, which must be the total weight."""
        result = np.zeros(len(times))
        for chains, window, psi in self._states(times):
            result[window] += chains.weights @ density(psi).sum(axis=1)
        return result
