r"""Evolution inside a large sector, by Chebyshev expansions of :math:`e^{-iHt}`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import sparse

from numerics.commutators import block_rates
from numerics.dynamics import (
    CHUNK,
    Amplitudes,
    Block,
    Floats,
    Integers,
    Moments,
    density,
    moments_of,
    slices,
)

__all__ = ["ChebyshevPropagator", "gershgorin"]

# Radians (half bandwidth × time) that one expansion covers.
_WINDOW = 128.0
_BESSEL_NEGLIGIBLE = 1e-18


@dataclass(frozen=True)
class ChebyshevPropagator:
    r"""Evolution of the starts in one large sector by Chebyshev expansions.

    :math:`e^{-iRx t} = \sum_n (2-\delta_{n0})(-i)^n J_n(Rt)\,T_n(x)` over windows of fixed length;
    the state at the beginning of each window is kept, as its real and imaginary parts.
    """

    block: Block
    _scaled: sparse.csr_array = field(init=False, repr=False)
    _radius: float = field(init=False, repr=False)
    _checkpoints: list[Floats] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        matrix = sparse.csr_array(self.block.matrices)
        low, high = gershgorin(matrix)
        radius = max((high - low) / 2, np.finfo(float).tiny)
        centred = matrix - (high + low) / 2 * sparse.eye_array(matrix.shape[0], format="csr")
        start = np.zeros((2, len(self.block.sites), matrix.shape[0]))
        start[0, np.arange(len(self.block.sites)), self.block.sites] = 1
        object.__setattr__(self, "_scaled", sparse.csr_array(centred / radius))
        object.__setattr__(self, "_radius", radius)
        object.__setattr__(self, "_checkpoints", [start])

    @property
    def bandwidth(self) -> float:
        return 2 * self._radius

    @property
    def ceiling(self) -> float:
        return float(self.block.weights @ self.block.gains.max(axis=1))

    @property
    def bend(self) -> float:
        return self._rates[0]

    @property
    def jerk(self) -> float:
        return self._rates[1]

    @cached_property
    def _rates(self) -> tuple[float, float]:
        return block_rates(self.block)

    def _apply(self, columns: Floats) -> Floats:
        """The scaled matrix on the second-last axis of (S, L, T)."""
        starts, length, width = columns.shape
        flat = columns.transpose(1, 0, 2).reshape(length, starts * width)
        return (self._scaled @ flat).reshape(length, starts, width).transpose(1, 0, 2)

    def _expand(self, origin: Floats, radians: Floats) -> Amplitudes:
        """``origin`` (2, S, L) evolved by ``radians`` (T,) of half bandwidth × time."""
        even, odd = _chebyshev_coefficients(radians)
        # A − iB on real + i imag, with A the even and B the odd part of the series.
        a = np.zeros((*origin.shape, len(radians)))
        b = np.zeros_like(a)
        for first, evens, odds in _chebyshev_vectors(self._scaled, origin, len(even) + len(odd)):
            a += np.tensordot(evens, even[first : first + len(evens)], axes=(0, 0))
            b += np.tensordot(odds, odd[first : first + len(odds)], axes=(0, 0))
        return Amplitudes(a[0] + b[1], a[1] - b[0])

    def _checkpoint(self, number: int) -> Floats:
        while len(self._checkpoints) <= number:
            psi = self._expand(self._checkpoints[-1], np.array([_WINDOW]))
            self._checkpoints.append(np.stack([psi.real[..., 0], psi.imag[..., 0]]))
        return self._checkpoints[number]

    def _states(self, times: Floats) -> Iterator[tuple[Integers, Amplitudes]]:
        """ψ at chunks of the times, with their positions in ``times``."""
        radians = self._radius * np.abs(times)
        windows = np.floor(radians / _WINDOW).astype(np.int64)
        # Each chunk costs an expansion of its own: they may be larger than elsewhere.
        width = 8 * CHUNK // (2 * len(self.block.sites) * self._scaled.shape[0])
        for number in np.unique(windows):
            origin = self._checkpoint(int(number))
            inside = np.flatnonzero(windows == number)
            for part in slices(len(inside), width):
                chosen = inside[part]
                yield chosen, self._expand(origin, radians[chosen] - number * _WINDOW)

    def excitation(self, times: Floats) -> Floats:
        gains, result = self.block.weights[:, None] * self.block.gains, np.zeros(len(times))
        for chosen, psi in self._states(times):
            result[chosen] = np.einsum("sl,slt->t", gains, density(psi))
        return result

    def moments(self, times: Floats) -> Moments:
        gains, result = self.block.weights[:, None] * self.block.gains, np.zeros((4, len(times)))
        for chosen, psi in self._states(times):
            once = Amplitudes(*map(self._apply, psi))
            twice = Amplitudes(*map(self._apply, once))
            result[:, chosen] = moments_of(psi, once, twice, gains)
        r = self._radius
        # States ran forward in |t|: the slope is odd in time.
        slope = np.sign(times) * result[1] * r
        return Moments(result[0], slope, result[2] * r * r, result[3])

    def norms(self, times: Floats, rim: Floats) -> Floats:
        result = np.zeros(len(times))
        for chosen, psi in self._states(times):
            norm = np.sqrt(np.einsum("l,slt->st", rim**2, density(psi)))
            result[chosen] = self.block.weights @ norm
        return result


def _bessel(count: int, z: Floats) -> Floats:
    r"""J_n(z) for n < ``count`` and z ≥ 0, shape (count, T), each to full relative precision.

    By the backward recurrence :math:`J_{n-1} = (2n/z)J_n - J_{n+1}`, which is stable, and
    :math:`J_0 + 2\sum_k J_{2k} = 1`. ``count`` must reach beyond the turning point n = z.
    """
    small = z < 1e-7
    safe = np.where(small, 1.0, z)
    result = np.zeros((count + 1, len(z)))
    result[count - 1] = 1e-300
    for n in range(count - 1, 0, -1):
        result[n - 1] = 2 * n / safe * result[n] - result[n + 1]
        grown = np.abs(result[n - 1]) > 1e250
        if np.any(grown):
            result[n - 1 :, grown] *= 1e-250
    result /= result[0] + 2 * np.sum(result[2::2], axis=0)
    # Two terms of the power series are exact there.
    result[:, small] = 0
    result[0, small], result[1, small] = 1 - z[small] ** 2 / 4, z[small] / 2
    result[2, small] = z[small] ** 2 / 8
    return result[:count]


def _chebyshev_coefficients(radians: Floats) -> tuple[Floats, Floats]:
    r"""The coefficients of the even and of the odd terms, signs included: (2−δ)(−i)^n J_n.

    Beyond n > z the Bessel functions fall faster than exponentially, and monotonically with n.
    """
    longest = float(np.max(radians, initial=0.0))
    bessel = 2 * _bessel(int(longest + 12 * longest ** (1 / 3)) + 32, radians)
    largest = np.max(np.abs(bessel), axis=1)
    bessel = bessel[: max(4, int(np.flatnonzero(largest > _BESSEL_NEGLIGIBLE)[-1]) + 1)]
    bessel[0] /= 2
    bessel *= ((-1.0) ** (np.arange(len(bessel)) // 2))[:, None]
    return bessel[0::2], bessel[1::2]


def _chebyshev_vectors(
    scaled: sparse.csr_array, origin: Floats, count: int
) -> Iterator[tuple[int, Floats, Floats]]:
    """T_n(scaled) on ``origin`` (2, S, L) for n < ``count``, some at a time to save memory.

    Yields how many even (and as many odd) orders came before, the even and the odd vectors.
    """
    now = np.ascontiguousarray(origin.reshape(-1, origin.shape[-1]).T)
    after = scaled @ now
    pairs = max(1, 8 * CHUNK // origin.size)
    for first in range(0, (count + 1) // 2, pairs):
        orders = range(2 * first, min(2 * (first + pairs), count))
        vectors: tuple[list[Floats], list[Floats]] = [], []
        for n in orders:
            vectors[n % 2].append(now.T.reshape(origin.shape))
            now, after = after, 2 * (scaled @ after) - now
        empty = np.empty((0, *origin.shape))
        yield first, np.array(vectors[0]), np.array(vectors[1]) if vectors[1] else empty


def gershgorin(matrix: sparse.csr_array) -> tuple[float, float]:
    """Bounds on the spectrum of a symmetric matrix."""
    diagonal = matrix.diagonal()
    radii = np.asarray(abs(matrix).sum(axis=1)).ravel() - np.abs(diagonal)
    return float(np.min(diagonal - radii)), float(np.max(diagonal + radii))
