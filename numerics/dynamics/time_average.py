r"""Means over all times: what is coherent between different energies averages out.

:math:`\overline{|\psi_k|^2}=\sum_E|\langle k|P_E|s\rangle|^2` with the projectors on the
eigenspaces. Energies that rounding cannot tell apart count as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy

from numerics.dynamics.eigenvectors import DensityPropagator, Some
from numerics.dynamics.interface import Bounds, Evolution, Moments, SummedEvolution, Wave
from numerics.model.checks import InvalidArgument
from numerics.model.problem import Problem
from numerics.model.resources import Floats, Integers, require, require_time, single_blas_thread
from numerics.sectors.chains import Chains, chains
from numerics.sectors.grids import Grid
from numerics.sectors.groups import GroupGrid, sectors
from numerics.sectors.operator import Block
from numerics.sectors.starts import Complex, Start

__all__ = ["TimeAverage", "time_average"]

# Energies that differ by less, of the norm of H, are equal.
_EQUAL = 1e-13
# Bytes of an element of the eigenvectors, and seconds of each n³ that they take.
_BYTES, _TRIDIAGONAL, _DENSE = 32, 2e-10, 2e-9


def _averaged(
    values: Floats, vectors: Floats, sites: Integers, states: Complex | None = None
) -> Floats:
    """The mean densities (S, L) of starts on some sites, or of some states (S, L)."""
    norm = max(abs(values[0]), abs(values[-1]), np.finfo(float).tiny)
    groups = np.flatnonzero(np.diff(values, prepend=-np.inf) > _EQUAL * norm)
    rows = vectors[sites] if states is None else states @ vectors
    if len(groups) == len(values):
        return np.asarray(np.abs(rows) ** 2 @ (vectors**2).T, dtype=np.float64)
    every = [np.add.reduceat(vectors * row, groups, axis=1) for row in rows]
    return np.stack([(np.abs(part) ** 2).sum(axis=1) for part in every])


@dataclass(frozen=True)
class _MeanPropagator(DensityPropagator):
    """The mean densities of the starts in some sectors, the same at all times."""

    starts: Chains | Block
    density: Floats  # (S, L)

    def densities(self, times: Floats) -> Iterator[tuple[Some, slice, Floats]]:
        shape = (*self.density.shape, len(times))
        yield slice(None), slice(None), np.broadcast_to(self.density[..., None], shape)

    def moments(self, times: Floats) -> Moments:
        none = np.zeros(len(times))
        return Moments(self.excitation(times), none, none, np.abs(self.excitation(times)))

    def waves(self, times: Floats) -> Iterator[Wave]:
        """Real amplitudes of these densities; their phases have no meaning."""
        starts = self.starts
        psi = np.repeat(np.sqrt(self.density)[..., None], len(times), axis=2)
        if isinstance(starts, Chains):
            numbers = np.broadcast_to(starts.numbers, starts.sites.shape)
            yield Wave(numbers, slice(None), psi.astype(np.complex128), starts.sites)
            return
        grid = np.zeros((len(psi), *starts.basis.shape, len(times)), dtype=np.complex128)
        for total, amplitudes in zip(grid.real, psi, strict=True):
            starts.basis.place(amplitudes, total)
        yield Wave(starts.numbers, slice(None), grid)


@dataclass(frozen=True)
class TimeAverage(SummedEvolution):
    """All sectors together, in place of their dynamics."""

    propagators: tuple[_MeanPropagator, ...]
    bandwidth: float = 0.0

    @cached_property
    def bounds(self) -> Bounds:
        return Bounds()

    def parts(self, times: Floats) -> Iterable[Evolution]:
        return self.propagators


@single_blas_thread
def time_average(problem: Problem[float], start: Start) -> TimeAverage:
    """The means over all times.

    Raises
    ------
    InvalidArgument
        Counter-rotating terms fill a charger without a top, for ever.
    TooLargeError
        The eigenvectors do not fit into memory, or take too long.
    """
    if problem.parameters.coupling == 0 and not problem.grouped:
        return TimeAverage(())
    if problem.counter_rotating:
        raise InvalidArgument(
            "`anisotropy` must be 0 for long-time means of a cavity, whose photons no cutoff "
            f"holds for ever, but is {problem.model.anisotropy}"
        )
    if problem.chained:
        stacks = list(chains(problem, start))
        sizes = [(stack.length, len(stack.hops)) for stack in stacks]
        _require(max((n for n, _ in sizes), default=0), sum(s * n**3 for n, s in sizes), True)
        return TimeAverage(tuple(_of_chains(stack) for stack in stacks))
    blocks = [grid.block() for grid in _checked(problem, start)]
    return TimeAverage(tuple(_of_block(block) for block in blocks))


def _require(largest: int, cubes: int, tridiagonal: bool) -> None:
    what = f"A mean by the {largest} eigenvectors of a sector"
    require(_BYTES * largest**2, what)
    seconds = (_TRIDIAGONAL if tridiagonal else _DENSE) * float(cubes)
    require_time(seconds, "Eigenvectors for a mean", "fewer cells would do")


def _checked(problem: Problem[float], start: Start) -> list[Grid | GroupGrid]:
    every = list(sectors(problem, start))
    sizes = [grid.dimension for grid in every]
    _require(max(sizes, default=0), sum(n**3 for n in sizes), False)
    return every


def _of_chains(stack: Chains) -> _MeanPropagator:
    density = np.zeros((len(stack.sites), stack.length))
    for sector, (diagonal, hops) in enumerate(zip(stack.diagonal, stack.hops, strict=True)):
        mine = np.flatnonzero(stack.sectors == sector)
        values, vectors = scipy.linalg.eigh_tridiagonal(diagonal, hops)
        states = None if stack.vectors is None else stack.vectors[mine]
        density[mine] = _averaged(values, vectors, stack.sites[mine], states)
    return _MeanPropagator(stack, density)


def _of_block(block: Block) -> _MeanPropagator:
    values, vectors = np.linalg.eigh(block.matrix.toarray())
    return _MeanPropagator(block, _averaged(values, vectors, block.sites, block.vectors))
