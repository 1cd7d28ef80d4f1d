r"""Evolution by eigenvectors, in stacks of real symmetric matrices.

:math:`\psi - |s\rangle = V(e^{-i\Lambda t}-1)V^T|s\rangle` keeps small times relatively exact. For
chains without a diagonal these are singular vectors and all arithmetic is real.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy

from numerics.dynamics.chain_svd import MirrorSystem, SingularSystem, chosen, singular_system
from numerics.dynamics.conservation import latest_time, refuse_late
from numerics.dynamics.first_order import Powers
from numerics.dynamics.interface import Bounds, Moments, Wave, add_populations
from numerics.model.resources import CHUNK, Floats, Integers, single_blas_thread, slices
from numerics.sectors.chains import Chains
from numerics.sectors.operator import Amplitudes, Block, density, symmetric

__all__ = ["ChiralPropagator", "DetunedPropagator", "SpectralPropagator"]

# Numbers in one array of amplitudes: with those beside it, within the caches.
_CHUNK = 2**18
# Up to this dimension a stack of dense matrices is diagonalised faster than one after another.
_DENSE = 24

Complex = npt.NDArray[np.complex128]

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
    # Superpositions on the sites, (S, L), if there are any.
    origins: Complex | None = None

    def _coefficients(self, part: slice) -> Floats | Complex:
        """The starts in terms of the eigenvectors, (S, L)."""
        if self.origins is None:
            return self.vectors[self.sectors[part], self.sites[part]]
        vectors = chosen(self.vectors, self.sectors[part])
        return np.asarray((self.origins[part, None] @ vectors)[:, 0], dtype=np.complex128)

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
        vectors, values = chosen(self.vectors, sectors), self.values[sectors][:, :, None]
        rows = self._coefficients(part)[:, :, None]
        half = values * times / 2
        sine, cosine = np.sin(half), np.cos(half)
        real, imag = -2 * sine**2 * rows.real, -2 * sine * cosine * rows.real  # of e^{−iλt} − 1
        if self.origins is not None:
            real, imag = real + 2 * sine * cosine * rows.imag, imag - 2 * sine**2 * rows.imag
        psi = Amplitudes(vectors @ real, vectors @ imag)
        if self.origins is None:
            psi.real[np.arange(len(sites)), sites] += 1
        else:
            np.add(psi.real, self.origins[part].real[..., None], out=psi.real)
            np.add(psi.imag, self.origins[part].imag[..., None], out=psi.imag)
        powers = [psi]
        real, imag = real + rows.real, imag + rows.imag
        for _ in range(1, count):
            real, imag = values * real, values * imag
            powers.append(Amplitudes(vectors @ real, vectors @ imag))
        return powers

    def largest(self) -> Iterator[tuple[slice, Floats]]:
        r"""Bounds on the \|ψ\| (S, L) of some starts at all times.

        By :math:`|\psi_k|\le\min(1,\sum_a|V_{ka}||\langle a|s\rangle|)`.
        They see that cells far off resonance are hardly ever excited.
        """
        for part in slices(len(self.sites), CHUNK // self.values.shape[1] ** 2):
            vectors = self.vectors[self.sectors[part]]
            rows = self._coefficients(part)[:, None]
            yield part, np.minimum(1.0, np.sum(np.abs(vectors * rows), axis=2)) * (1 + 1e-12)


class DensityPropagator:
    """Means of diagonal operators, for what yields densities."""

    starts: Chains | Block

    def densities(self, times: Floats) -> Iterator[tuple[Some, slice, Floats]]:
        """Some starts at some times: their |ψ|² (S, L, T)."""
        raise NotImplementedError

    def excitation(self, times: Floats) -> Floats:
        gains, result = self.starts.weights[:, None] * self.starts.gains, np.zeros(len(times))
        for some, window, squares in self.densities(times):
            result[window] += gains[some].ravel() @ squares.reshape(-1, squares.shape[2])
        return result

    def populations(self, times: Floats, count: int) -> Floats:
        result, rows = np.zeros((count, len(times))), self.starts.rows
        weights = np.broadcast_to(self.starts.weights[:, None], rows.shape)
        for some, window, squares in self.densities(times):
            add_populations(result[:, window], rows[some], weights[some], squares)
        return result


class _EigenPropagator(DensityPropagator):
    _eigen: Eigenvectors

    @property
    def bandwidth(self) -> float:
        """No difference of two eigenvalues of one matrix is larger."""
        return float(np.max(self._eigen.values[:, -1] - self._eigen.values[:, 0]))

    def densities(self, times: Floats) -> Iterator[tuple[Some, slice, Floats]]:
        for part, window, psi in self._amplitudes(times):
            yield part, window, density(psi)

    def _amplitudes(self, times: Floats) -> Iterator[tuple[slice, slice, Amplitudes]]:
        refuse_late(self.bandwidth / 2, latest_time(times))
        for part, window in self._eigen.portions(times):
            (psi,) = self._eigen.amplitudes(part, times[window])
            yield part, window, psi


def _scales(starts: Chains | Block) -> Floats:
    """The norms of superpositions in units of the amplitudes of their heads, (S,)."""
    if starts.vectors is None:
        return np.ones(len(starts.sites))
    return 1 / np.abs(starts.vectors[np.arange(len(starts.sites)), starts.sites])


def _largest_gain(starts: Chains | Block, part: slice, largest: Floats) -> float:
    """A bound on the excitations that some starts gain, by ``largest`` amplitudes."""
    gains = np.maximum(starts.gains[part], 0.0)
    most = np.minimum(np.sum(gains * largest**2, axis=1), gains.max(axis=1))
    return float(starts.weights[part] @ most)


@dataclass(frozen=True)
class ChiralPropagator(DensityPropagator):
    """The evolution of the starts in a stack of chains without diagonal."""

    starts: Chains
    _system: SingularSystem | MirrorSystem = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_system", singular_system(self.starts.hops, self.starts.cutoffs))

    @cached_property
    def _weighed(self) -> tuple[Floats, Floats]:
        """The factors of squares (3, S, L) and of products of neighbours (S, L − 1) in the moments.

        For a zero diagonal E'' = 2 Σ F_k φ_k², and E' = 2 Σ ± b_k φ_k φ_{k+1} with + where k is as
        even as the start.
        """
        chains = self.starts
        weight, mine = chains.weights[:, None], chains.sectors
        gains = weight * chains.gains
        sign = 1 - 2 * ((np.arange(chains.length - 1) - chains.sites[:, None]) % 2)
        squares = np.stack([gains, 2 * weight * chains.force[mine], np.abs(gains)])
        return squares, 2 * weight * sign * chains.hops[mine]

    def _waves(self, times: Floats) -> Iterator[tuple[Some, slice, Floats]]:
        """Some starts at some times: their amplitudes (S, L, T), −i taken off every other site."""
        length, sites = self.starts.length, self.starts.sites
        width = max(1, min(len(times), _CHUNK // length))
        for parity in (0, 1):
            group = np.flatnonzero(sites % 2 == parity)
            for part in slices(len(group), _CHUNK // (length * max(length // 2, width))):
                some: Some = group[part]
                if len(group[part]) == len(sites):
                    some = slice(None)  # a view, where no start is left out
                for window in slices(len(times), width):
                    wave = self._system.wave(self.starts.sectors[some], sites[some], times[window])
                    yield some, window, wave

    def densities(self, times: Floats) -> Iterator[tuple[Some, slice, Floats]]:
        for some, window, wave in self._waves(times):
            yield some, window, np.square(wave, out=wave)

    def waves(self, times: Floats) -> Iterator[Wave]:
        numbers, sites = (
            np.broadcast_to(self.starts.numbers, self.starts.sites.shape),
            self.starts.sites,
        )
        for some, window, wave in self._waves(times):
            phase = np.array([1, -1j])[(np.arange(self.starts.length) - sites[some, None]) % 2]
            psi: npt.NDArray[np.complex128] = phase[:, :, None] * wave
            yield Wave(numbers[some], window, psi, sites[some])

    def moments(self, times: Floats) -> Moments:
        result = np.zeros((4, len(times)))
        squares, neighbours = self._weighed
        for some, window, wave in self._waves(times):
            result[1, window] += _total(neighbours[None, some], wave[:, :-1] * wave[:, 1:])[0]
            np.square(wave, out=wave)
            result[[0, 2, 3], window] += _total(squares[:, some], wave)
        return Moments(*result)


@dataclass(frozen=True)
class DetunedPropagator(_EigenPropagator):
    """The evolution of the starts in a stack of chains of any diagonal."""

    starts: Chains
    _eigen: Eigenvectors = field(init=False, repr=False)

    def __post_init__(self) -> None:
        own = self.starts
        found = Eigenvectors(*_eigensystems(own), own.sectors, own.sites, own.vectors)
        object.__setattr__(self, "_eigen", found)

    @cached_property
    def bounds(self) -> Bounds:
        return Bounds.sum(
            Bounds(
                _largest_gain(self.starts, part, largest), *self.starts.part(part).rates(largest)
            )
            for part, largest in self._eigen.largest()
        )

    def moments(self, times: Floats) -> Moments:
        result = np.zeros((4, len(times)))
        for part, window, psi in self._amplitudes(times):
            result[:, window] += self.starts.part(part).moments(psi)
        return Moments(*result)

    def waves(self, times: Floats) -> Iterator[Wave]:
        starts = self.starts
        numbers = np.broadcast_to(starts.numbers, starts.sites.shape)
        scale = _scales(starts)[:, None, None]
        for part, window, psi in self._amplitudes(times):
            waves = psi.real + 1j * psi.imag
            waves *= scale[part]
            yield Wave(numbers[part], window, waves, starts.sites[part], starts.energies[part])


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


@dataclass(frozen=True)
class SpectralPropagator(_EigenPropagator):
    """Evolution by eigenvectors, in a small sector."""

    starts: Block
    _eigen: Eigenvectors = field(init=False, repr=False)

    @single_blas_thread
    def __post_init__(self) -> None:
        values, vectors = np.linalg.eigh(self.starts.matrix.toarray())
        only = np.zeros(len(self.starts.sites), dtype=np.int64)
        own = self.starts
        found = Eigenvectors(values[None], vectors[None], only, own.sites, own.vectors)
        object.__setattr__(self, "_eigen", found)

    @cached_property
    def bounds(self) -> Bounds:
        block = self.starts
        shells, weight = np.zeros(len(block.levels)), float(block.weights.sum())
        operator = symmetric(block.matrix, block.levels, shells)
        return Bounds(
            sum(_largest_gain(block, *found) for found in self._eigen.largest()),
            weight * operator.max_second_derivative,
            weight * float(operator.max_third_derivatives[0].max()),
        )

    @property
    def powers(self) -> list[Powers] | None:
        """The powers of H on each start; None for superpositions."""
        block = self.starts
        if block.vectors is not None:
            return None

        def vectors(site: int) -> Iterator[tuple[Floats, Floats]]:
            gains, vector = block.levels - block.levels[site], np.zeros(len(block.levels))
            vector[site] = 1
            while True:
                yield vector, gains
                vector = block.matrix @ vector

        pairs = zip(block.sites.tolist(), block.weights.tolist(), strict=True)
        return [Powers(weight, vectors(site)) for site, weight in pairs]

    @property
    def range_of_gains(self) -> float:
        """The largest difference of ΔK, times the weight of all starts."""
        return float(np.ptp(self.starts.levels) * self.starts.weights.sum())

    excitation = single_blas_thread(DensityPropagator.excitation)
    populations = single_blas_thread(DensityPropagator.populations)

    @single_blas_thread
    def moments(self, times: Floats) -> Moments:
        refuse_late(self.bandwidth / 2, latest_time(times))
        gains, result = self.starts.weights[:, None] * self.starts.gains, np.zeros((4, len(times)))
        for part, window in self._eigen.portions(times):
            psi, once, twice = self._eigen.amplitudes(part, times[window], 3)
            result[:, window] += _moments_of(psi, once, twice, gains[part])
        return Moments(*result)

    def waves(self, times: Floats) -> Iterator[Wave]:
        starts, scale = self.starts, _scales(self.starts)[:, None, None, None]
        for part, window, psi in self._amplitudes(times):
            shape = len(psi.real), *starts.basis.shape, psi.real.shape[2]
            grid = np.zeros(shape, dtype=np.complex128)
            for part_of, amplitudes in ((grid.real, psi.real), (grid.imag, psi.imag)):
                for total, one in zip(part_of, amplitudes, strict=True):
                    starts.basis.place(one, total)
            grid *= scale[part]
            yield Wave(starts.numbers[part], window, grid, None, starts.energies[part])

    def norms(self, times: Floats, rim: Floats) -> Floats:
        result = np.zeros(len(times))
        for part, window, squares in self.densities(times):
            norm = np.sqrt(np.einsum("l,slt->st", rim**2, squares))
            result[window] += self.starts.weights[part] @ norm
        return result


def _overlap(a: Amplitudes, b: Amplitudes) -> tuple[Floats, Floats]:
    """Real and imaginary part of a* b."""
    return a.real * b.real + a.imag * b.imag, a.real * b.imag - a.imag * b.real


def _moments_of(psi: Amplitudes, h_psi: Amplitudes, hh_psi: Amplitudes, gains: Floats) -> Floats:
    """The four moments from ψ, Hψ and H²ψ: ψ' = −iHψ, ψ'' = −H²ψ; ``gains`` carry the weights."""
    present = density(psi)
    slope = 2 * _overlap(psi, h_psi)[1]
    curvature = 2 * (density(h_psi) - _overlap(psi, hh_psi)[0])
    return np.stack(
        [
            np.einsum("sl,slt->t", gains, present),
            np.einsum("sl,slt->t", gains, slope),
            np.einsum("sl,slt->t", gains, curvature),
            np.einsum("sl,slt->t", np.abs(gains), present),
        ]
    )
