r"""Small chains with a zero diagonal, by their singular vectors: all arithmetic is real."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from numerics.chains import Chains
from numerics.dynamics import CHUNK, Floats, Moments, slices
from numerics.singular_systems import MirrorSystem, SingularSystem, singular_system

__all__ = ["ChiralPropagator"]


@dataclass(frozen=True)
class ChiralPropagator:
    """The evolution of the starts in a stack of chains without diagonal."""

    chains: Chains
    _system: SingularSystem | MirrorSystem = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_system", singular_system(self.chains.hops))

    def _waves(self, times: Floats) -> Iterator[tuple[Chains, slice, Floats]]:
        """Some starts at some times: their amplitudes (S, L, T), −i taken off every other site."""
        length = self.chains.length
        width = max(1, min(len(times), CHUNK // length))
        for parity in (0, 1):
            group = np.flatnonzero(self.chains.sites % 2 == parity)
            for part in slices(len(group), CHUNK // (length * max(length // 2, width))):
                chosen = group[part]
                some = self.chains.part(chosen)
                for window in slices(len(times), width):
                    sectors, sites = self.chains.sectors[chosen], self.chains.sites[chosen]
                    yield some, window, self._system.wave(sectors, sites, times[window])

    def excitation(self, times: Floats) -> Floats:
        result = np.zeros(len(times))
        for chains, window, wave in self._waves(times):
            np.square(wave, out=wave)
            gains = chains.weights[:, None] * chains.gains
            result[window] += gains.reshape(-1) @ wave.reshape(-1, wave.shape[2])
        return result

    def moments(self, times: Floats) -> Moments:
        result = np.zeros((4, len(times)))
        for chains, window, wave in self._waves(times):
            result[:, window] += chains.chiral_moments(wave)
        return Moments(*result)

    def norms(self, times: Floats) -> Floats:
        """The mean of the squared norms, which must be the total weight."""
        result = np.zeros(len(times))
        for chains, window, wave in self._waves(times):
            result[window] += chains.weights @ np.sum(wave**2, axis=1)
        return result
