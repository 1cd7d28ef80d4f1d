r"""Small chains with a zero diagonal, by the singular vectors of their half-size block.

Even sites couple only to odd ones: :math:`H=\begin{pmatrix}0&B^T\\B&0\end{pmatrix}` with
:math:`B=U\Sigma V^T`. From an even site s, ψ is :math:`V\cos(\Sigma t)V^T|s\rangle` on even sites,
which is real, and :math:`-iU\sin(\Sigma t)V^T|s\rangle` on odd ones; from an odd site U and V
change places. With :math:`\cos = 1-2\sin^2(\Sigma t/2)` small times keep their relative accuracy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from numerics.bidiagonal import singular
from numerics.chains import Chains
from numerics.dynamics import CHUNK, Floats, Integers, Moments, slices

__all__ = ["ChiralPropagator"]


def _chosen(stack: Floats, sectors: Integers) -> Floats:
    """``stack[sectors]``, without a copy where one sector serves all."""
    return stack if len(stack) == 1 else stack[sectors]


@dataclass(frozen=True)
class ChiralPropagator:
    """The evolution of the starts in a stack of chains without diagonal."""

    chains: Chains
    _values: Floats = field(init=False, repr=False)
    _even: Floats = field(init=False, repr=False)
    _odd: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        hops, length = self.chains.hops, self.chains.length
        n = (length + 1) // 2
        # An odd number of sites gets one more, which nothing leads to.
        padded = np.pad(hops, ((0, 0), (0, 2 * n - length)))
        parts = [singular(row[0::2], row[1::2]) for row in padded]
        object.__setattr__(self, "_values", np.array([values for _, values, _ in parts]))
        object.__setattr__(self, "_even", np.array([even for _, _, even in parts]))
        object.__setattr__(self, "_odd", np.array([odd[: length // 2] for odd, _, _ in parts]))

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
                    yield some, window, self._wave(chosen, parity, times[window])

    def _wave(self, chosen: Integers, parity: int, times: Floats) -> Floats:
        own, other = (self._even, self._odd)[:: 1 - 2 * parity]
        sectors, sites = self.chains.sectors[chosen], self.chains.sites[chosen]
        row = own[sectors, sites // 2][:, :, None]
        half = _chosen(self._values, sectors)[:, :, None] * (times / 2)
        sine = np.sin(half)
        wave = np.empty((len(sites), self.chains.length, len(times)))
        wave[:, 1 - parity :: 2] = _chosen(other, sectors) @ (2 * sine * np.cos(half) * row)
        sine *= sine
        wave[:, parity::2] = _chosen(own, sectors) @ (-2 * sine * row)
        wave[np.arange(len(sites)), sites] += 1
        return wave

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
