r"""The sectors of groups of spins: the part of a grid of all their levels that H reaches.

At γ = 0 it has one number of excitations, otherwise one parity of it. States are ordered in
*shells* as of :mod:`numerics.sectors.grids`, by the larger of the number of exchanges they are away
from the start and of the number of counter-rotating terms over γ.

**The fold.** Where all diagonal elements are equal and every exchange leads from an even to an odd
number of exchanges, orders of Chebyshev vectors alternate between these two halves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import scipy

from numerics.model.groups import GroupedSpins, SpinGroups
from numerics.model.problem import Problem
from numerics.model.resources import Floats, Integers, require
from numerics.model.sides import CollectiveSpin
from numerics.sectors.grids import Grid, grids
from numerics.sectors.operator import Basis, Block, Operator, symmetric
from numerics.sectors.starts import Start, levels

__all__ = ["GroupGrid", "Interactions", "group_grids", "interactions", "sectors"]

# Bytes of a state for each group and bond, and with some dozen vectors.
_BYTES, _VECTORS = 60, 64 * 8
_SLOWEST = 1e-3


class Interactions(NamedTuple):
    """The parameters of groups, in doubles."""

    energies: Floats  # of an excitation of each group, but for what is conserved, (G,)
    stored: Floats  # the share in the stored energy, in units of ω0, (G,)
    crosstalk: Floats  # (G,)
    bonds: tuple[tuple[int, int, float, float], ...]  # a < b, exchange and pair terms
    anisotropy: float

    @property
    def weakest(self) -> float:
        """The least coupling there is."""
        return min((abs(exchange) for _, _, exchange, _ in self.bonds), default=0.0)


def interactions(problem: Problem[float]) -> Interactions:
    """The parameters of a problem of groups."""
    model, p, number = problem.model, problem.parameters, problem.number
    assert isinstance(model, GroupedSpins)
    own = np.array(
        [p.frequency if g.frequency is None else number(g.frequency) for g in model.groups]
    )
    stored = np.where(np.arange(len(own)) < len(model.cells), own / p.frequency, 0.0)
    bonds = []
    for a, b, factor, across in model.bonds():
        exchange = p.coupling * number(factor)
        if exchange:
            bonds.append((a, b, exchange, exchange * p.anisotropy if across else 0.0))
    return Interactions(
        own - p.frequency if problem.conserved else own,
        stored,
        np.array([number(g.crosstalk) for g in model.groups]),
        tuple(bonds),
        p.anisotropy,
    )


class _States(NamedTuple):
    """The states that H reaches from the starts, in order of the shells."""

    levels: Integers  # of each group, (L, G)
    shells: Floats
    sites: Integers  # of the starts
    matrix: scipy.sparse.csr_array
    odd: Integers  # 1 for an odd number of steps from the nearest start
    folds: bool


@dataclass(frozen=True)
class GroupGrid:
    """One sector of groups: an irrep of each, and the weighted starts in it."""

    parameters: Interactions
    sizes: tuple[int, ...]  # the irreps 2j
    bottoms: Integers  # excitations at level 0 of each group
    cells: int  # the number of groups that are battery
    label: int  # the number of excitations at level 0 and above, or its parity
    conserved: bool
    begin: Integers  # the levels of the starts, (S, G)
    start: Start
    numbers: Integers
    first_row: int  # of the irrep among all `levels` of the battery

    @property
    def dimension(self) -> int:
        """The number of states that are reached."""
        return len(self._states.levels)

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of levels of battery and rest."""
        counts = [size + 1 for size in self.sizes]
        return int(np.prod(counts[: self.cells])), int(np.prod(counts[self.cells :]))

    @property
    def gains(self) -> Floats:
        """The stored energy of each state in units of ω0, but for a constant."""
        return self._states.levels @ self.parameters.stored

    def block(self) -> Block:
        """The whole sector as one sparse matrix."""
        found = self._states
        every = np.arange(len(found.levels))
        return Block(
            found.matrix, self.gains, found.sites, self.start.weight, self._basis(every),
            self.numbers,
        )  # fmt: skip

    def operator(self) -> tuple[Operator, Integers]:
        """H between even and odd orders (folded if it can be), and the sites of the starts."""
        found, gains = self._states, self.gains
        if not found.folds:
            return symmetric(found.matrix, gains, found.shells), found.sites
        even, odd = (np.flatnonzero(found.odd == parity) for parity in (0, 1))
        forward = scipy.sparse.csr_array(found.matrix[odd][:, even])
        operator = Operator(
            forward,
            scipy.sparse.csr_array(forward.T),
            (gains[even], gains[odd]),
            (found.shells[even], found.shells[odd]),
        )
        return operator, np.searchsorted(even, found.sites)

    @property
    def bases(self) -> tuple[tuple[Basis, ...], tuple[Basis, ...]]:
        """The basis states of either side of `operator`."""
        found = self._states
        if not found.folds:
            whole = (self._basis(np.arange(len(found.levels))),)
            return whole, whole
        even, odd = (self._basis(np.flatnonzero(found.odd == parity)) for parity in (0, 1))
        return (even,), (odd,)

    def _basis(self, states: Integers) -> Basis:
        every = self._states.levels[states]
        counts = [size + 1 for size in self.sizes]
        k, c = (
            np.ravel_multi_index(tuple(every[:, part].T), counts[part])
            for part in (slice(None, self.cells), slice(self.cells, None))
        )
        sites = np.arange(len(states))
        return Basis(sites, k, c, self.first_row + k, np.ones(len(states)), self.shape)

    @cached_property
    def _states(self) -> _States:
        every = _combinations(self.sizes, self.label, self.conserved)
        strides = np.cumprod([1, *(size + 1 for size in self.sizes[:0:-1])])[::-1]
        keys = every @ strides
        source, target, value = self._elements(every, keys, strides)
        sites = np.searchsorted(keys, self.begin @ strides)
        depth = _depths(len(every), source, target, sites)
        reached = np.flatnonzero(depth >= 0)
        heaviest = self.begin[int(np.argmax(self.start.weight))]
        made = np.abs(every.sum(axis=1) - heaviest.sum()) / 2
        strength = np.clip(abs(self.parameters.anisotropy), _SLOWEST, 1.0)
        shells = np.maximum(depth - made, made / strength)
        order = reached[np.lexsort((keys[reached], shells[reached]))]
        place = np.full(len(every), -1)
        place[order] = np.arange(len(order))
        inside = depth[source] >= 0
        diagonal = self._diagonal(every[order])
        here, there = place[source[inside]], place[target[inside]]
        size = np.abs(value[inside])
        radii = np.bincount(here, size, len(order)) + np.bincount(there, size, len(order))
        middle = float(np.min(diagonal - radii) + np.max(diagonal + radii)) / 2
        odd = depth[order] % 2
        level = len(here) > 0 and not np.any(diagonal - diagonal[0])
        folds = level and bool(np.all(odd[here] != odd[there]))
        if folds:
            middle = float(diagonal[0])
        matrix = _symmetric(here, there, value[inside], diagonal - middle)
        return _States(every[order], shells[order], place[sites], matrix, odd, folds)

    def _elements(
        self, every: Integers, keys: Integers, strides: Integers
    ) -> tuple[Integers, Integers, Floats]:
        """The elements of H that raise the first group of each bond: from, to and value."""
        source, target, value = [], [], []
        roots = [np.sqrt(CollectiveSpin(size).raising(np.arange(size + 1))) for size in self.sizes]
        for a, b, exchange, pair in self.parameters.bonds:
            for strength, step in ((exchange, -1), (pair, 1)):
                k, c = every[:, a], every[:, b]
                possible = (k < self.sizes[a]) & (c > 0 if step < 0 else c < self.sizes[b])
                (some,) = np.nonzero(possible if strength else np.zeros(len(every), dtype=bool))
                source.append(some)
                target.append(np.searchsorted(keys, keys[some] + strides[a] + step * strides[b]))
                value.append(strength * roots[a][k[some]] * roots[b][np.minimum(c, c + step)[some]])
        none = np.zeros(0, dtype=np.int64)
        return (
            np.concatenate([none, *source]), np.concatenate([none, *target]),
            np.concatenate([none.astype(np.float64), *value]),
        )  # fmt: skip

    def _diagonal(self, every: Integers) -> Floats:
        p = self.parameters
        diagonal = every @ p.energies
        for i, size in enumerate(self.sizes):
            if p.crosstalk[i]:
                diagonal = diagonal + p.crosstalk[i] * CollectiveSpin(size).crosstalk(every[:, i])
        return np.asarray(diagonal, dtype=np.float64)


def _combinations(sizes: tuple[int, ...], label: int, conserved: bool) -> Integers:
    """The levels of all groups, with one total or one parity of it, in lexicographic order."""
    count = _count(sizes, label, conserved)
    require((_BYTES * len(sizes) ** 2 + _VECTORS) * count, f"A sector of {count} states")
    rows, total = np.zeros((1, 0), dtype=np.int64), np.zeros(1, dtype=np.int64)
    for i, size in enumerate(sizes):
        left = sum(sizes[i + 1 :])
        low, high = 0 * total, 0 * total + size
        step = 1
        if conserved:
            low, high = np.maximum(low, label - total - left), np.minimum(high, label - total)
        elif i == len(sizes) - 1:
            low, step = (label - total) % 2, 2
        many = np.maximum((high - low) // step + 1, 0)
        parents = np.repeat(np.arange(len(rows)), many)
        within = np.arange(len(parents)) - np.repeat(np.cumsum(many) - many, many)
        level = low[parents] + step * within
        rows = np.concatenate([rows[parents], level[:, None]], axis=1)
        total = total[parents] + level
    return rows


def _count(sizes: tuple[int, ...], label: int, conserved: bool) -> int:
    """The number of these combinations, at least."""
    if not conserved:
        return (int(np.prod([float(size + 1) for size in sizes])) + 1) // 2
    ways = np.ones(1)
    for size in sizes:
        ways = np.convolve(ways, np.ones(size + 1))
    return int(ways[label])


def _symmetric(
    source: Integers, target: Integers, value: Floats, diagonal: Floats
) -> scipy.sparse.csr_array:
    own = np.flatnonzero(diagonal)
    rows = np.concatenate([target, source, own])
    columns = np.concatenate([source, target, own])
    data = np.concatenate([value, value, diagonal[own]])
    shape = (len(diagonal), len(diagonal))
    return scipy.sparse.csr_array((data, (rows, columns)), shape=shape)


def _depths(count: int, source: Integers, target: Integers, sites: Integers) -> Integers:
    """The number of steps to each state from the nearest start; −1 where there is no way."""
    # One more state that leads to every start.
    ends = np.concatenate([source, np.full(len(sites), count)]), np.concatenate([target, sites])
    shape = (count + 1, count + 1)
    graph = scipy.sparse.csr_array((np.ones(len(ends[0])), ends), shape=shape)
    order, before = scipy.sparse.csgraph.breadth_first_order(graph, count, directed=False)
    before[count] = count
    before = np.where(before < 0, count, before)
    depth = np.ones(count + 1, dtype=np.int64)
    depth[count] = 0
    while np.any(before != count):
        depth += depth[before]
        before = before[before]
    found = np.full(count + 1, -1)
    found[order] = depth[order] - 1
    return found[:count]


def sectors(problem: Problem[float], start: Start, cutoff: int = 0) -> Iterator[Grid | GroupGrid]:
    """The sectors that are no chains, of groups or of two ladders; raises as `grids`."""
    return group_grids(problem, start) if problem.grouped else grids(problem, start, cutoff)


def group_grids(problem: Problem[float], start: Start) -> Iterator[GroupGrid]:
    """The sectors of groups: an irrep of each, and the number of excitations or its parity.

    Raises
    ------
    TooLargeError
        They do not fit into memory.
    """
    found, size = interactions(problem), 0
    battery, rest = problem.battery, problem.charger
    assert isinstance(battery, SpinGroups)
    assert isinstance(rest, SpinGroups)
    begin = [
        np.concatenate([battery.levels(one)[k], rest.levels(other)[c]])
        for one, k, other, c in zip(
            start.cell_spin.tolist(), start.cell_level.tolist(),
            start.charger_spin.tolist(), start.charger_level.tolist(), strict=True,
        )
    ]  # fmt: skip
    every = np.array(begin)
    total = every.sum(axis=1)
    label = total if problem.conserved else total % 2
    keys = np.stack([start.cell_spin, start.charger_spin, label], axis=1)
    sectors, index = np.unique(keys, axis=0, return_inverse=True)
    rows = levels(problem, start).row(sectors[:, 0], 0 * sectors[:, 0])
    for number, (one, other, number_of) in enumerate(sectors.tolist()):
        mine = np.flatnonzero(index.ravel() == number)
        grid = GroupGrid(
            found,
            (*battery.irrep_sizes(one), *rest.irrep_sizes(other)),
            np.concatenate([battery.bottoms(one), rest.bottoms(other)]),
            len(battery.sizes),
            number_of,
            problem.conserved,
            every[mine],
            start[mine],
            mine,
            int(rows[number]),
        )
        size += _BYTES * len(grid.sizes) ** 2 * grid.dimension
        require(size, "The sectors of these groups")
        yield grid
