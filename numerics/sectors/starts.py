"""Initial states in double precision: weighted basis states of both sides."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from operator import truediv
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from numerics.model.checks import invalid
from numerics.model.problem import Problem
from numerics.model.resources import Floats, Integers, require
from numerics.model.side_states import Primitive, Superposed
from numerics.model.sides import Side
from numerics.sectors.irreps import Arithmetic, expanded, weight_of

__all__ = [
    "NEGLIGIBLE",
    "Levels",
    "Start",
    "Vectors",
    "at_rest",
    "chain_ends",
    "distinct",
    "heavy",
    "levels",
    "populations_at_rest",
    "starts",
    "vectors",
]

NEGLIGIBLE = 1e-15
"""The total weight that may be dropped from an initial state: half by sides, half by pairs."""

Complex = npt.NDArray[np.complex128]

_DOUBLES = Arithmetic[float](
    NEGLIGIBLE / 4,
    float,
    truediv,
    lambda x: float(np.exp(x)),
    lambda x: float(np.expm1(x)),
    math.cos,
)
# The total weight that may be dropped from a superposition.
_UNSEEN = 1e-32
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
    """Weighted initial basis states: (irrep, level) of cells and charger, arrays (S,).

    Basis states of one ``group`` are one pure state, a superposition with each ``amplitude``,
    whose squares are the weights. Where both are None every basis state is one for itself.
    """

    cell_spin: Integers
    cell_level: Integers
    charger_spin: Integers
    charger_level: Integers
    weight: Floats
    amplitude: Complex | None = None
    group: Integers | None = None

    def __getitem__(self, chosen: np.ndarray) -> Start:
        some: list[Any] = [c if c is None else c[chosen] for c in vars(self).values()]
        return Start(*some)

    @property
    def superposed(self) -> bool:
        """Some basis states belong to one pure state."""
        return self.group is not None

    @property
    def shared(self) -> bool:
        """Some of these share their irreps and number of excitations."""
        if self.group is None:
            return False
        total = self.cell_level + self.charger_level
        keys = self.cell_spin, self.charger_spin, total, self.group
        return len(distinct(*keys)[0][0]) < len(self.weight)


@dataclass(frozen=True)
class Vectors:
    """Superpositions inside sectors, normalised: of V pure states the parts in one sector each."""

    heads: Integers  # the heaviest basis state of each, (V,), which stands for all
    weights: Floats  # (V,)
    amplitudes: Complex  # (V, L), with a positive one at the head


def vectors(start: Start, sectors: Integers, sites: Integers, length: int) -> Vectors | None:
    """The superpositions of starts in some sectors; None where no two share a sector.

    Parameters
    ----------
    start : Start
        S of them.
    sectors, sites : arrays (S,)
        The sector of each, and the site there.
    length : int
        Of the sectors.
    """
    if start.group is None or start.amplitude is None:
        return None
    (_, _), place = distinct(sectors, start.group)
    count = int(place.max()) + 1
    if count == len(place):
        return None
    require(16 * count * length, f"{count} superpositions in sectors of {length} states")
    order = np.lexsort((-start.weight, place))
    heads = order[np.searchsorted(place[order], np.arange(count))]
    amplitudes = np.zeros((count, length), dtype=np.complex128)
    amplitudes[place, sites] = start.amplitude
    phase = start.amplitude[heads] / np.abs(start.amplitude[heads])
    weights = np.bincount(place, start.weight)
    amplitudes /= (phase * np.sqrt(weights))[:, None]
    return Vectors(heads, weights.astype(np.float64), amplitudes)


def starts(problem: Problem[float]) -> Start:
    """The starts of a problem, without those whose weights sum to less than `NEGLIGIBLE`.

    Of a superposition the amplitudes that are left out have a norm of less than 1e-16.
    """
    columns: list[list[Integers]] = []
    weights: list[Floats] = []
    amplitudes: list[Complex] = []
    groups: list[Integers] = []
    number = 0
    for branch in problem.branches():
        if problem.grouped and any(isinstance(state, Superposed) for state in branch[1:]):
            raise invalid("initial", "be a state of each group for groups", problem.initial)
        share = weight_of(branch, _DOUBLES)
        if share == 0:
            continue
        sides = [
            _side("cell", problem.battery, branch.battery),
            _side("charger", problem.charger, branch.charger),
        ]
        (own, apart), (other, between) = ((side.keys, side.apart) for side in sides)
        first, second = sides
        require(_BYTES * len(apart) * len(between), "The pairs of starts of both sides")
        products = share * np.outer(first.weights, second.weights)
        mixed = bool(np.all(apart) and np.all(between))
        budget = NEGLIGIBLE / 2 if mixed else _UNSEEN
        i, j = np.nonzero(heavy(products, budget))
        columns.append([column[n] for side, n in ((own, i), (other, j)) for column in side])
        weights.append(products[i, j])
        # 0 for what is no superposition; basis states of a mixed side belong to different states.
        if mixed:
            amplitudes.append(np.sqrt(weights[-1]).astype(np.complex128))
            groups.append(np.zeros(len(i), dtype=np.int64))
            continue
        amplitudes.append(np.sqrt(share) * first.amplitudes[i] * second.amplitudes[j])
        _, label = distinct(np.where(apart[i], i, -1), np.where(between[j], j, -1))
        groups.append(number + 1 + label)
        number += int(label.max()) + 1
    rows = [np.concatenate(c) for c in zip(*columns, strict=True)]
    weight, group = np.concatenate(weights), np.concatenate(groups)
    amplitude = np.concatenate(amplitudes)
    if len(columns) > 1:
        every, index = distinct(*rows, *([group] if number else []))
        rows = every[:4]
        _, head = np.unique(index, return_index=True)
        weight, group = np.bincount(index, weights=weight).astype(np.float64), group[head]
        amplitude = np.where(group == 0, np.sqrt(weight), amplitude[head])
    # Of what is no superposition each is a pure state of its own.
    alone = group == 0
    group = np.where(alone, number + 1 + np.arange(len(group)), group)
    cell_spin, cell_level, charger_spin, charger_level = rows[:4]
    charger_level = problem.charger_level(cell_level, charger_level)
    start = Start(cell_spin, cell_level, charger_spin, charger_level, weight)
    # Beside levels of the charger that are one state every start keeps its coherences.
    if number or not problem.charger.distinguishable:
        start = replace(start, amplitude=amplitude, group=group)
    return start if len(columns) == 1 else start[heavy(weight, NEGLIGIBLE / 2) | ~alone]


class _Side(NamedTuple):
    """The starts of one side."""

    keys: list[Integers]  # irreps and levels
    weights: Floats
    amplitudes: Complex
    apart: npt.NDArray[np.bool_]  # those that are in no superposition


def _side(name: str, side: Side, state: Primitive) -> _Side:
    if isinstance(state, Superposed):
        state.check("initial", side)
        first, amplitudes = state.expanded(side)
        (some,) = np.nonzero(amplitudes)
        label, level = side.place(first + some)
        keys = [_integers(np.broadcast_to(label, some.shape).tolist()), np.asarray(level)]
        apart = np.full(len(some), len(some) == 1)
        return _Side(keys, np.abs(amplitudes[some]) ** 2, amplitudes[some], apart)
    found = expanded(name, side, state, _DOUBLES)
    weights = np.array(list(found.values()), dtype=np.float64)
    keys = [_integers(column) for column in zip(*found, strict=True)]
    apart = np.ones(len(weights), dtype=bool)
    return _Side(keys, weights, np.sqrt(weights).astype(np.complex128), apart)


def heavy(weights: Floats, budget: float) -> npt.NDArray[np.bool_]:
    """All but the least weights, which sum to ``budget`` at most."""
    flat = weights.ravel()
    order = np.argsort(flat)
    rest = np.ones(len(flat), dtype=bool)
    rest[order[: np.searchsorted(np.cumsum(flat[order]), budget, side="right")]] = False
    return rest.reshape(weights.shape)


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
