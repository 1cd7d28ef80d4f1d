r"""Small chains with a zero diagonal, by their singular vectors: all arithmetic is real."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from numerics.dynamics.chain_svd import MirrorSystem, SingularSystem, singular_system
from numerics.dynamics.interface import Moments
from numerics.model.arrays import Floats, Integers, slices
from numerics.sectors.chains import Chains

__all__ = ["ChiralPropagator"]

# Numbers in one array of amplitudes: with those beside it, within the caches.
_CHUNK = 2**18


@dataclass(frozen=True)
class ChiralPropagator:
    """The evolution of the starts in a stack of chains without diagonal."""

    chains: Chains
    _system: SingularSystem | MirrorSystem = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_system", singular_system(self.chains.hops, self.chains.reaches))

    @cached_property
    def _weighed(self) -> tuple[Floats, Floats]:
        """What squares (3, S, L) and neighbours (S, L − 1) count in E, E'' and traffic, and in E'.

        For a zero diagonal E'' = 2 Σ F_k φ_k², and E' = 2 Σ ± b_k φ_k φ_{k+1} with + where k is as
        even as the start.
        """
        chains = self.chains
        weight, mine = chains.weights[:, None], chains.sectors
        gains = weight * chains.gains
        sign = 1 - 2 * ((np.arange(chains.length - 1) - chains.sites[:, None]) % 2)
        squares = np.stack([gains, 2 * weight * chains.force[mine], np.abs(gains)])
        return squares, 2 * weight * sign * chains.hops[mine]

    def _waves(self, times: Floats) -> Iterator[tuple[slice | Integers, slice, Floats]]:
        """Some starts at some times: their amplitudes (S, L, T), −i taken off every other site."""
        length, sites = self.chains.length, self.chains.sites
        width = max(1, min(len(times), _CHUNK // length))
        for parity in (0, 1):
            group = np.flatnonzero(sites % 2 == parity)
            for part in slices(len(group), _CHUNK // (length * max(length // 2, width))):
                some: slice | Integers = group[part]
                if len(group[part]) == len(sites):
                    some = slice(None)  # a view, where no start is left out
                for window in slices(len(times), width):
                    wave = self._system.wave(self.chains.sectors[some], sites[some], times[window])
                    yield some, window, wave

    def excitation(self, times: Floats) -> Floats:
        result = np.zeros(len(times))
        for some, window, wave in self._waves(times):
            np.square(wave, out=wave)
            result[window] += _total(self._weighed[0][:1, some], wave)[0]
        return result

    def moments(self, times: Floats) -> Moments:
        result = np.zeros((4, len(times)))
        squares, neighbours = self._weighed
        for some, window, wave in self._waves(times):
            result[1, window] += _total(neighbours[None, some], wave[:, :-1] * wave[:, 1:])[0]
            np.square(wave, out=wave)
            result[[0, 2, 3], window] += _total(squares[:, some], wave)
        return Moments(*result)

    def norms(self, times: Floats) -> Floats:
        """The mean of the squared norms, which must be the total weight."""
        result = np.zeros(len(times))
        for some, window, wave in self._waves(times):
            result[window] += self.chains.weights[some] @ np.sum(wave**2, axis=1)
        return result


def _total(weights: Floats, values: Floats) -> Floats:
    """Sums (n, T) of ``values`` (S, L, T) with ``weights`` (n, S, L)."""
    return weights.reshape(len(weights), -1) @ values.reshape(-1, values.shape[2])
