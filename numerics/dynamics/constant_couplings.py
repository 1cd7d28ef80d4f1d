r"""Couplings that are constant on intervals of time, by the eigenvectors of one after another.

H = D + gX with a diagonal D and the coupling X. The state at the end of a segment, in the
eigenvectors of the next one, is what that begins with: nothing is approximated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from numerics.dynamics.conservation import latest_time, refuse_late
from numerics.dynamics.interface import Bounds, Moments, SummedEvolution, Wave, add_populations
from numerics.model.problem import Problem
from numerics.model.resources import CHUNK, Floats, Integers, require, require_time, slices
from numerics.sectors.chains import Chains, chains
from numerics.sectors.grids import grids
from numerics.sectors.operator import Basis
from numerics.sectors.starts import Start

__all__ = ["Sector", "Segment", "sectors", "segment"]

Complex = npt.NDArray[np.complex128]

# Bytes and seconds of the eigenvectors of L sites, for each L² and L³.
_BYTES, _SECONDS = 48, 2e-9


@dataclass(frozen=True)
class Sector:
    """One sector of L states, with S weighted starts in it.

    Attributes
    ----------
    diagonal : array (L,)
    coupling : array (L, L)
        The rest of H, for the coupling 1.
    sites, weights, numbers : arrays (S,)
        The basis states of the starts, their weights, and which of all starts they are.
    gains : array (S, L)
        The excitations gained in each state.
    rows : array (S, L)
        The rows among all `levels`.
    basis : Basis, optional
        Where the states are on a grid; they are those of a chain without it.
    """

    diagonal: Floats
    coupling: Floats
    sites: Integers
    weights: Floats
    numbers: Integers
    gains: Floats
    rows: Integers
    basis: Basis | None = None

    @property
    def origin(self) -> Complex:
        """The starts, (S, L)."""
        state = np.zeros(self.gains.shape, dtype=np.complex128)
        state[np.arange(len(self.sites)), self.sites] = 1
        return state

    def wave(self, window: slice, psi: Complex) -> Wave:
        """The amplitudes (S, L, T) as observables take them."""
        if self.basis is None:
            return Wave(self.numbers, window, psi, self.sites)
        grid = np.zeros((len(psi), *self.basis.shape, psi.shape[2]), dtype=np.complex128)
        for total, one in zip(grid, psi, strict=True):
            self.basis.place(one.real, total.real)
            self.basis.place(one.imag, total.imag)
        return Wave(self.numbers, window, grid)


def sectors(problem: Problem[float], start: Start) -> list[Sector]:
    """The sectors of a problem with the coupling 1.

    Raises
    ------
    TooLargeError
        Their eigenvectors do not fit into memory, or take too long.
    """
    found: list[Sector] = []
    if problem.conserved:
        for stack in chains(problem, start):
            _require(len(stack.hops) * [stack.length])
            found += _of_chains(stack)
        return found
    every = list(grids(problem, start))
    _require([grid.dimension for grid in every])
    for grid in every:
        block = grid.block()
        matrix = block.matrix.toarray()
        own = np.diag(matrix).copy()
        matrix[np.diag_indices_from(matrix)] = 0
        found.append(
            Sector(
                own, matrix, block.sites, block.weights, block.numbers, block.gains, block.rows,
                block.basis,
            )
        )  # fmt: skip
    return found


def _require(lengths: Sequence[int]) -> None:
    what = f"eigenvectors of {sum(lengths)} states"
    require(int(_BYTES * sum(n**2 for n in lengths)), what)
    require_time(_SECONDS * float(sum(n**3 for n in lengths)), what, "a constant coupling")


def _of_chains(stack: Chains) -> Iterator[Sector]:
    numbers = np.broadcast_to(stack.numbers, stack.sites.shape)
    for sector, (diagonal, hops) in enumerate(zip(stack.diagonal, stack.hops, strict=True)):
        mine = np.flatnonzero(stack.sectors == sector)
        coupling = np.diag(hops, 1) + np.diag(hops, -1)
        yield Sector(
            diagonal, coupling, stack.sites[mine], stack.weights[mine], numbers[mine],
            stack.gains[mine], stack.rows[mine],
        )  # fmt: skip


@dataclass(frozen=True)
class _Moving:
    """A sector during one segment, by the eigenvectors of H."""

    sector: Sector
    matrix: Floats
    values: Floats
    vectors: Floats
    begin: Complex  # (S, L)
    parts: Complex  # the same in the eigenvectors

    @classmethod
    def of(cls, sector: Sector, state: Complex, coupling: float) -> _Moving:
        matrix = np.diag(sector.diagonal) + coupling * sector.coupling
        values, vectors = np.linalg.eigh(matrix)
        return cls(sector, matrix, values, vectors, state, state @ vectors)

    def states(self, times: Floats) -> Complex:
        """ψ (S, L, T) at times after the beginning."""
        half = self.values[:, None] * times / 2
        # What e^{−iλt} − 1 moves is exact at small times.
        moved = self.parts[:, :, None] * (-2 * np.sin(half) * (np.sin(half) + 1j * np.cos(half)))
        return np.asarray(self.begin[:, :, None] + self.vectors @ moved, dtype=np.complex128)

    def portions(self, times: Floats) -> Iterator[tuple[slice, Complex]]:
        width = max(1, CHUNK // self.begin.size)
        for window in slices(len(times), width):
            yield window, self.states(times[window])

    @cached_property
    def bounds(self) -> Bounds:
        """By the gains, and by row sums of the commutators."""
        sector, nested = self.sector, np.diag(self.sector.gains[0])
        norms = []
        for _ in range(3):
            nested = self.matrix @ nested - nested @ self.matrix
            norms.append(float(np.abs(nested).sum(axis=1).max()))
        weight = float(sector.weights.sum())
        gain = float(sector.weights @ sector.gains.max(axis=1))
        return Bounds(gain, weight * norms[1], weight * norms[2])


@dataclass(frozen=True)
class Segment(SummedEvolution):
    """All sectors during one segment; times count from its beginning.

    Attributes
    ----------
    moving : sequence
    """

    moving: Sequence[_Moving]

    @property
    def bandwidth(self) -> float:
        """No frequency in E(t) is larger."""
        return max((float(m.values[-1] - m.values[0]) for m in self.moving), default=0.0)

    @cached_property
    def bounds(self) -> Bounds:
        """Bounds on the excitations gained since t = 0, and on derivatives, in this segment."""
        return Bounds.sum(m.bounds for m in self.moving)

    def error(self, times: Floats) -> Floats:
        """Nothing is left out."""
        return np.zeros(len(times))

    def ends(self, duration: float) -> list[Complex]:
        """The states (S, L) of each sector after some time."""
        return [m.states(np.array([duration]))[:, :, 0] for m in self.moving]

    def _portions(self, times: Floats) -> Iterator[tuple[_Moving, slice, Complex]]:
        refuse_late(self.bandwidth / 2, latest_time(times))
        for moving in self.moving:
            for window, psi in moving.portions(times):
                yield moving, window, psi

    def excitation(self, times: Floats) -> Floats:
        return self.moments(times).excitation

    def moments(self, times: Floats) -> Moments:
        result = np.zeros((4, len(times)))
        for moving, window, psi in self._portions(times):
            gains = moving.sector.weights[:, None] * moving.sector.gains
            once = moving.matrix @ psi
            twice = moving.matrix @ once
            present = np.abs(psi) ** 2
            values = (
                (gains, present),
                (gains, 2 * (psi.conj() * once).imag),
                (gains, 2 * (np.abs(once) ** 2 - (psi.conj() * twice).real)),
                (np.abs(gains), present),
            )
            result[:, window] += [np.einsum("sl,slt->t", *pair) for pair in values]
        return Moments(*result)

    def populations(self, times: Floats, count: int) -> Floats:
        result = np.zeros((count, len(times)))
        for moving, window, psi in self._portions(times):
            rows = moving.sector.rows
            weights = np.broadcast_to(moving.sector.weights[:, None], rows.shape)
            add_populations(result[:, window], rows, weights, np.abs(psi) ** 2)
        return result

    def waves(self, times: Floats) -> Iterator[Wave]:
        for moving, window, psi in self._portions(times):
            yield moving.sector.wave(window, psi)


def segment(every: Sequence[Sector], states: Sequence[Complex], coupling: float) -> Segment:
    """The motion with one coupling from the states of each sector, (S, L)."""
    return Segment([_Moving.of(s, psi, coupling) for s, psi in zip(every, states, strict=True)])
