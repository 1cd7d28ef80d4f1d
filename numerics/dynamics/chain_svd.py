r"""The singular vectors of zero-diagonal chains, by every symmetry they have.

Even sites couple only to odd ones: :math:`H=\begin{pmatrix}0&B^T\\B&0\end{pmatrix}` with
:math:`B=U\Sigma V^T`. From an even site s, ψ is :math:`V\cos(\Sigma t)V^T|s\rangle` on even sites,
which is real, and :math:`-iU\sin(\Sigma t)V^T|s\rangle` on odd ones; from an odd site U and V
change places. With :math:`\cos = 1-2\sin^2(\Sigma t/2)` small times keep their relative accuracy.

A chain that is its own mirror image (:math:`b_k=b_{L-2-k}`, as at M = N) has one symmetry more.
With L even the mirror joins even sites to odd ones: a Jacobi matrix of half the size, with the
middle hop as its last diagonal element, has the eigenvalues ±σ and holds U and V at once. With L
odd the chain falls into a symmetric and an antisymmetric one of half the length each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from numerics.dynamics.compiled_routines import singular
from numerics.dynamics.inner_spectrum import inner_spectrum
from numerics.model.resources import Floats, Integers

__all__ = ["MirrorSystem", "SingularSystem", "chosen", "singular_system"]

# Below this length symmetry saves nothing.
_FOLDED = 48
# So many starts in a sector are worth the motion of all, if they have so many amplitudes.
_MANY, _WORTH = 3, 2**12
# Fewer coarse and fine angles than this save nothing.
_FEW = 5


@dataclass(frozen=True)
class SingularSystem:
    """A stack of B chains of L sites by n pairs of singular vectors; those of no start are 0."""

    values: Floats  # Σ, (B, n)
    even: Floats  # V, (B, L_even, n)
    odd: Floats  # U, (B, L_odd, n)

    @classmethod
    def of(cls, hops: Floats, cutoffs: Floats) -> SingularSystem:
        """From the hops (B, L − 1) and the energies (B,) up to which starts have amplitudes."""
        length = hops.shape[1] + 1
        fold = length % 2 == 0 and length >= _FOLDED and _is_mirror(hops)
        if not fold and np.all(cutoffs == np.inf):
            return cls(*_paired(hops))
        parts = [
            _inner(row, cutoff) if cutoff < np.inf else _folded(row) if fold else _paired_alone(row)
            for row, cutoff in zip(hops, cutoffs.tolist(), strict=True)
        ]
        values, even, odd = (_stacked(column) for column in zip(*parts, strict=True))
        return cls(values, even, odd)

    def wave(self, sectors: Integers, sites: Integers, times: Floats) -> Floats:
        """Amplitudes (S, L, T) of starts on sites of one parity, −i taken off every other site."""
        parity, length = int(sites[0]) % 2, self.even.shape[1] + self.odd.shape[1]
        own, other = (self.even, self.odd)[:: 1 - 2 * parity]
        if len(sites) * length >= _WORTH:
            few, index = np.unique(sectors, return_inverse=True)
            if _MANY * len(few) <= len(sites):
                return self._waves_of_all(own[few], other[few], few, (index, sites), times)
        row = own[sectors, sites // 2][:, :, None]
        sine, cosine = _phases(chosen(self.values, sectors) / 2, times)
        wave = np.empty((len(sites), length, len(times)))
        cosine *= sine
        sine *= sine
        wave[:, 1 - parity :: 2] = chosen(other, sectors) @ (2 * row * cosine)
        wave[:, parity::2] = chosen(own, sectors) @ (-2 * row * sine)
        wave[np.arange(len(sites)), sites] += 1
        return wave

    def _waves_of_all(
        self,
        own: Floats,
        other: Floats,
        few: Integers,
        starts: tuple[Integers, Integers],
        times: Floats,
    ) -> Floats:
        """The same for several starts in each of a ``few`` sectors, by what all of it would do."""
        index, sites = starts
        parity, place = int(sites[0]) % 2, sites // 2
        sine, cosine = _phases(self.values[few] / 2, times)
        wave = np.empty((len(sites), self.even.shape[1] + self.odd.shape[1], len(times)))
        back = own.transpose(0, 2, 1)
        for n in range(len(times)):
            s, c = sine[:, None, :, n], cosine[:, None, :, n]
            wave[:, 1 - parity :: 2, n] = ((2 * s * c * other) @ back)[index, :, place]
            wave[:, parity::2, n] = ((-2 * s**2 * own) @ back)[index, :, place]
        wave[np.arange(len(sites)), sites] += 1
        return wave


@dataclass(frozen=True)
class MirrorSystem:
    """Chains of an odd number of sites that are their own mirror images, by their two halves."""

    symmetric: SingularSystem
    antisymmetric: SingularSystem

    @classmethod
    def of(cls, hops: Floats, cutoffs: Floats) -> MirrorSystem:
        """As `SingularSystem.of`."""
        half = hops[:, : hops.shape[1] // 2].copy()
        antisymmetric = SingularSystem.of(half[:, :-1], cutoffs)
        half[:, -1] *= np.sqrt(2)
        return cls(SingularSystem.of(half, cutoffs), antisymmetric)

    def wave(self, sectors: Integers, sites: Integers, times: Floats) -> Floats:
        """As `SingularSystem.wave`: half the sum of both parts here, half the difference there."""
        middle = self.symmetric.even.shape[1] + self.symmetric.odd.shape[1] - 1
        near = np.minimum(sites, 2 * middle - sites)
        one = self.symmetric.wave(sectors, near, times)
        # From the middle nothing is antisymmetric, and the symmetric part is all there is.
        centred = near == middle
        two = self.antisymmetric.wave(sectors, near - 2 * centred, times)
        one[centred] *= np.sqrt(2)
        two[centred] = 0
        wave = np.empty((len(sites), 2 * middle + 1, len(times)))
        np.add(one[:, :-1], two, out=wave[:, :middle])
        np.subtract(one[:, :-1], two, out=wave[:, : -middle - 1 : -1])
        wave[:, middle] = one[:, -1] * np.sqrt(2)
        wave /= 2
        beyond = sites > middle
        wave[beyond] = wave[beyond, ::-1]
        return wave


def singular_system(hops: Floats, cutoffs: Floats | None = None) -> SingularSystem | MirrorSystem:
    """The system that suits a stack of chains, from the hops (B, L − 1).

    ``cutoffs`` (B,) are energies beyond which nothing is asked for (`Chains.cutoffs`).
    """
    cutoffs = np.full(len(hops), np.inf) if cutoffs is None else cutoffs
    length = hops.shape[1] + 1
    if length % 2 and length >= _FOLDED and _is_mirror(hops):
        return MirrorSystem.of(hops, cutoffs)
    return SingularSystem.of(hops, cutoffs)


def _phases(frequencies: Floats, times: Floats) -> tuple[Floats, Floats]:
    """Sine and cosine of every frequency (B, n) at all times, shape (B, n, T).

    At equal steps from t ≥ 0 by addition theorems from √T coarse and √T fine angles.
    """
    size = int(np.ceil(np.sqrt(len(times))))
    fine, coarse = times[:size] - times[0], times[::size]
    sums = (coarse[:, None] + fine).ravel()[: len(times)]
    off = np.max(np.abs(sums - times))
    if size < _FEW or times[0] < 0 or fine[1] <= 0 or off > 2 * np.finfo(float).eps * times[-1]:
        angles = frequencies[:, :, None] * times
        return np.sin(angles), np.cos(angles)
    (s, c), (ds, dc) = (
        (np.sin(angles), np.cos(angles))
        for angles in (
            frequencies[:, :, None, None] * coarse[:, None],
            frequencies[:, :, None, None] * fine,
        )
    )
    shape = (*frequencies.shape, -1)
    sine, cosine = (s * dc + c * ds).reshape(shape), (c * dc - s * ds).reshape(shape)
    return sine[:, :, : len(times)].copy(), cosine[:, :, : len(times)].copy()


def _is_mirror(hops: Floats) -> bool:
    return np.array_equal(hops, hops[:, ::-1])


def chosen(stack: Floats, sectors: Integers) -> Floats:
    """``stack[sectors]``, without a copy where one sector serves all."""
    return stack if len(stack) == 1 else stack[sectors]


def _stacked(parts: tuple[Floats, ...]) -> Floats:
    """One array of all parts, those of fewer columns filled up with zeros."""
    if len(parts) == 1:
        return parts[0][None]
    columns = max(part.shape[-1] for part in parts)
    widened = np.zeros((len(parts), *parts[0].shape[:-1], columns))
    for wide, part in zip(widened, parts, strict=True):
        wide[..., : part.shape[-1]] = part
    return widened


def _inner(hops: Floats, cutoff: float) -> tuple[Floats, Floats, Floats]:
    """Σ, V, U of one chain, up to the energy ``cutoff`` and without the one of energy zero."""
    values, vectors = inner_spectrum(hops, cutoff)
    even, odd = (np.sqrt(2) * vectors[:, parity::2] for parity in (0, 1))
    return values, even.T, odd.T


def _paired(hops: Floats) -> tuple[Floats, Floats, Floats]:
    """Σ, V, U of a stack; an odd number of sites gets one more, which nothing leads to."""
    length = hops.shape[1] + 1
    padded = np.pad(hops, ((0, 0), (0, length % 2)))
    odd, values, even = singular(padded[:, 0::2], padded[:, 1::2])
    return values, even, odd[:, : length // 2]


def _paired_alone(hops: Floats) -> tuple[Floats, Floats, Floats]:
    values, even, odd = _paired(hops[None])
    return values[0], even[0], odd[0]


def _folded(hops: Floats) -> tuple[Floats, Floats, Floats]:
    """Σ, V, U of one mirror-symmetric chain of an even number of sites."""
    length = len(hops) + 1
    diagonal = np.zeros(length // 2)
    diagonal[-1] = hops[length // 2 - 1]
    values, vectors = scipy.linalg.eigh_tridiagonal(
        diagonal, hops[: length // 2 - 1], lapack_driver="stemr"
    )
    site = np.arange(length)
    folded = vectors[np.minimum(site, length - 1 - site)]
    return np.abs(values), folded[0::2], folded[1::2] * np.sign(values)
