"""Initial states in double precision: weighted basis states of both sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import truediv

import numpy as np

from numerics.model.problem import Problem
from numerics.model.resources import Floats, Integers, require
from numerics.sectors.irreps import Arithmetic, terms

__all__ = [
    "NEGLIGIBLE",
    "Levels",
    "Start",
    "at_rest",
    "chain_ends",
    "distinct",
    "levels",
    "populations_at_rest",
    "starts",
]

NEGLIGIBLE = 1e-15
"""The total weight that may be dropped from an initial state: half by sides, half by pairs."""

_DOUBLES = Arithmetic[float](
    NEGLIGIBLE / 4, float, truediv, lambda x: float(np.exp(x)), lambda x: float(np.expm1(x))
)
# Of a pair of starts, one of each side.
_BYTES = 80
# Sums of few integers up to this one do not overflow.
_LARGEST = 2**60


def _integers(values: Iterable[int]) -> Integers:
    """An array of 64-bit integers, or of Python's where these are too small."""
    every = list(values)
    return np.array(every, np.int64 if max(every, default=0) < _LARGEST else object)


def distinct(*columns: Integers) -> tuple[list[Integers], Integers]:
    """The distinct rows of some columns of integers, ascending, and the row of each entry."""
    rows = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        values, place = np.unique(column, return_inverse=True)
        _, rows = np.unique(rows * len(values) + place.ravel(), return_inverse=True)
    _, first = np.unique(rows, return_index=True)
    return [column[first] for column in columns], rows


@dataclass(frozen=True)
class Start:
    """Weighted initial basis states: (irrep, level) of cells and charger, arrays (S,)."""

    cell_spin: Integers
    cell_level: Integers
    charger_spin: Integers
    charger_level: Integers
    weight: Floats

    def __getitem__(self, chosen: np.ndarray) -> Start:
        return Start(*(column[chosen] for column in vars(self).values()))


def starts(problem: Problem[float]) -> Start:
    """The starts of a problem, without those whose weights sum to less than `NEGLIGIBLE`."""
    columns: list[list[Integers]] = []
    weights = []
    for share, cells, charger in terms(problem, _DOUBLES):
        require(_BYTES * len(cells) * len(charger), "The pairs of starts of both sides")
        products = share * np.outer(list(cells.values()), list(charger.values()))
        i, j = np.nonzero(_heavy(products))
        sides = ((cells, i), (charger, j))
        columns.append([_integers(key)[n] for keys, n in sides for key in zip(*keys, strict=True)])
        weights.append(products[i, j])
    rows, weight = [np.concatenate(c) for c in zip(*columns, strict=True)], np.hstack(weights)
    if len(columns) > 1:
        rows, index = distinct(*rows)
        weight = np.bincount(index, weights=weight).astype(np.float64)
    cell_spin, cell_level, charger_spin, charger_level = rows
    start = Start(cell_spin, cell_level, charger_spin, charger_level, weight)
    return start[_heavy(weight)] if len(columns) > 1 else start


def _heavy(weights: Floats) -> np.ndarray:
    """All but the least weights, which sum to half of `NEGLIGIBLE` at most."""
    flat = weights.ravel()
    order = np.argsort(flat)
    heavy = np.ones(len(flat), dtype=bool)
    heavy[order[: np.searchsorted(np.cumsum(flat[order]), NEGLIGIBLE / 2, side="right")]] = False
    return heavy.reshape(weights.shape)


def chain_ends(
    problem: Problem[float], cell_spin: Integers, charger_spin: Integers, total: Integers
) -> tuple[Integers, Integers]:
    """The least and the highest level of the cells at γ = 0, for irreps and total excitations."""
    top, most = problem.battery.irrep(cell_spin).top, problem.charger.irrep(charger_spin).top
    first = np.zeros_like(total) if most is None else np.maximum(0, total - most)
    return first, total if top is None else np.minimum(top, total)


@dataclass(frozen=True)
class Levels:
    """The levels of the battery that may have a probability, irrep after irrep: R rows.

    Irreps are by decreasing spin, levels of each ascending.
    """

    spin: Integers  # the irreps 2j, (I,)
    least: Integers  # the first level of each that may have one, (I,)
    most: Integers  # and the last
    bottom: Integers  # the number of excited cells at level 0 of each
    # The number of excited cells of each row, where levels are no ladder, (R,).
    counted: Integers | None = None

    @cached_property
    def ends(self) -> Integers:
        """The row after the last one of each irrep, (I,)."""
        return np.cumsum((self.most - self.least + 1).astype(np.int64))

    @property
    def count(self) -> int:
        """The number R of rows."""
        return int(self.ends[-1])

    @property
    def irreps(self) -> Iterator[tuple[int, slice]]:
        """The number of each irrep, and its rows."""
        ends = [0, *self.ends.tolist()]
        return ((i, slice(*pair)) for i, pair in enumerate(pairwise(ends)))

    @cached_property
    def cells(self) -> Integers:
        """The number of excited cells of each row, (R,)."""
        if self.counted is not None:
            return self.counted
        low, ends = self.bottom + self.least, self.ends
        return np.repeat(low - np.append(0, ends[:-1]), np.diff(ends, prepend=0)) + np.arange(
            ends[-1]
        )

    def row(self, spin: Integers, level: Integers) -> Integers:
        """The rows of some levels of some irreps."""
        place = len(self.spin) - 1 - np.searchsorted(self.spin[::-1], spin)
        first = np.concatenate([[0], self.ends[:-1]])[place]
        return (first + level - self.least[place]).astype(np.int64)


def levels(problem: Problem[float], start: Start) -> Levels:
    """The levels of the battery that may have a probability."""
    if problem.grouped:
        spin = np.unique(start.cell_spin)[::-1]
        excited = [problem.battery.excited(label) for label in spin.tolist()]
        most = np.array([len(cells) - 1 for cells in excited])
        return Levels(spin, 0 * spin, most, 0 * spin, np.concatenate(excited))
    first = last = start.cell_level
    if not problem.conserved:
        first, last = np.zeros_like(first), problem.battery.irrep(start.cell_spin).top + 0 * last
    elif problem.parameters.coupling != 0:
        total = start.cell_level + start.charger_level
        first, last = chain_ends(problem, start.cell_spin, start.charger_spin, total)
    spin, index = np.unique(-start.cell_spin, return_inverse=True)
    least, most = last.max() + 0 * spin, 0 * spin
    np.minimum.at(least, index, first)
    np.maximum.at(most, index, last)
    return Levels(-spin, least, most, problem.battery.bottom(-spin))


def at_rest(problem: Problem[float], start: Start) -> np.ndarray:
    """True for each start that no sector moves."""
    total = start.cell_level + start.charger_level
    if problem.grouped:
        return np.zeros(len(total), dtype=bool)
    if problem.parameters.coupling == 0:
        return np.ones(len(total), dtype=bool)
    if problem.conserved:
        first, last = chain_ends(problem, start.cell_spin, start.charger_spin, total)
        return first == last
    return np.broadcast_to(problem.battery.irrep(start.cell_spin).top == 0, total.shape)


def populations_at_rest(problem: Problem[float], start: Start) -> Floats:
    """The probabilities of `levels`, of the starts that no sector moves, (R,)."""
    reached, still = levels(problem, start), at_rest(problem, start)
    rows = reached.row(start.cell_spin[still], start.cell_level[still])
    return np.bincount(rows, start.weight[still], minlength=reached.count).astype(np.float64)
