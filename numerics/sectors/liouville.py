r"""Liouville blocks: density matrices that permutations of the spins of a side leave as they are.

Such a state is :math:`\rho=\sum x\,|j,k\rangle\langle j,k'|\otimes|J,c\rangle\langle J,c'|`, each
operator the mean over the copies of its total spins (:mod:`numerics.sectors.lindblad_terms`).

At γ = 0 the difference :math:`(k-k')+(c-c')` is conserved, otherwise its parity. In place of ρ
stands :math:`i^{k-k'}\rho`, whose motion is real where no level has an energy of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

from numerics.model.checks import invalid
from numerics.model.noise import Jump
from numerics.model.problem import Problem
from numerics.model.resources import Floats, Integers, TooLargeError, require
from numerics.model.sides import Side
from numerics.sectors.lindblad_terms import Labels, able, jumps, raised, terms
from numerics.sectors.starts import Start

__all__ = [
    "Liouville",
    "alone",
    "elements",
    "endless",
    "ends",
    "keys",
    "liouville",
    "most_excited",
]

# Bytes for each element: labels, what is made of them on the way, and its column of the generator.
_BYTES = 1000


@dataclass(frozen=True)
class Liouville:
    """The elements of a state that the start reaches, and how they move.

    Attributes
    ----------
    problem : Problem
    battery, charger : labels of each element, (D,)
    generator : sparse array (D, D), real where it can be
    start : array (D,)
    """

    problem: Problem[float]
    battery: Labels
    charger: Labels
    generator: scipy.sparse.csr_array
    start: Floats

    @cached_property
    def excited(self) -> Integers:
        """The number of excited cells of each ket, (D,)."""
        return self.battery.ket + self.problem.battery.bottom(self.battery.size)

    @cached_property
    def quanta(self) -> Integers:
        """The number of excitations of the charger of each ket, (D,)."""
        return self.charger.ket + self.problem.charger.bottom(self.charger.size)

    @cached_property
    def diagonal(self) -> npt.NDArray[np.bool_]:
        """True for the elements that the trace sums, (D,)."""
        return (self.battery.ket == self.battery.bra) & (self.charger.ket == self.charger.bra)

    def exchange(self, into: int) -> tuple[Integers, Floats]:
        """The elements that ⟨S₊J₋⟩ (−1) or ⟨S₊J₊⟩ (1) sums, and −i times the factor of each."""
        own, other = self.battery, self.charger
        (here,) = np.nonzero((own.bra == own.ket + 1) & (other.bra == other.ket + into))
        squares = (
            raised(side, labels.chosen(here), 1, step)
            for side, labels, step in (
                (self.problem.battery, own, 1),
                (self.problem.charger, other, into),
            )
        )
        return here, np.sqrt(math.prod(squares))

    @property
    def totals(self) -> tuple[Floats, Floats]:
        """The number of all excitations of ket and bra, (D,) each."""
        return _totals(self.problem, self.battery, self.charger)

    def leaks(self, most: int) -> list[tuple[Integers, Floats]]:
        """The elements that a mean sums, and the factor of each, of three operators.

        The square of what H leads beyond ``most`` excitations, and the rates of the jumps that lead
        there, and of all that pump.
        """
        (here,) = np.nonzero(self.diagonal)
        own, other = self.battery.chosen(here), self.charger.chosen(here)
        p, total = self.problem.parameters, self.totals[0][here]
        square = raised(self.problem.battery, own, 1, 1) * raised(self.problem.charger, other, 1, 1)
        out = (p.coupling * p.anisotropy) ** 2 * square * (total + 2 > most)
        pumped = np.zeros(len(here))
        for jump in jumps(self.problem):
            side, labels = (
                (self.problem.battery, own)
                if jump.side == "battery"
                else (self.problem.charger, other)
            )
            if jump.step > 0:
                pumped += jump.rate * able(side, labels, jump)
        return [(here, out), (here, pumped * (total + 1 > most)), (here, pumped)]

    def phases(self, battery: Labels) -> npt.NDArray[Any]:
        """The factors that lead from the elements here to those of ρ."""
        return np.array([1, -1j, -1, 1j])[(battery.ket - battery.bra) % 4]

    def norm(self, observable: npt.NDArray[Any]) -> float:
        """A bound on |Tr Oρ| over all states, of an O with these elements (D,)."""
        own = (self.battery.size, self.battery.ket, self.charger.size, self.charger.ket)
        _, rows = np.unique(np.stack(own), axis=1, return_inverse=True)
        return float(np.bincount(rows.ravel(), np.abs(observable)).max())


def endless(problem: Problem[Any], every: Sequence[Jump]) -> bool:
    """True where the number of photons has no end."""
    return problem.charger.top is None and (
        not problem.conserved or any(jump.step > 0 for jump in every)
    )


def liouville(problem: Problem[float], start: Start, most: int | None = None) -> Liouville:
    """The Liouville block that a start reaches, up to ``most`` excitations in all.

    Raises
    ------
    InvalidArgument
        The number of photons has no end.
    TooLargeError
        The block does not fit into memory.
    """
    every = jumps(problem)
    found = elements(problem, start, every, most)
    return _assembled(problem, found, every, *_start_elements(start), most)


def alone(
    problem: Problem[float], irreps: Sequence[tuple[int, Any, npt.NDArray[Any]]]
) -> Liouville:
    """The Liouville block of the battery by itself, from a state.

    Parameters
    ----------
    problem : Problem
        Without coupling; the noise is that of the cells.
    irreps : sequence
        2j, levels (K,), and the state (K,) or (K, K) of each irrep.

    Raises
    ------
    InvalidArgument
        The number of excitations has no end.
    TooLargeError
        The block does not fit into memory.
    """
    every, side = jumps(problem), problem.battery
    columns: list[list[Any]] = [[], [], []]
    values = []
    for size, levels, state in irreps:
        matrix = np.diag(state) if state.ndim == 1 else state
        ket, bra = np.nonzero(matrix)
        for column, some in zip(columns, (0 * ket + size, levels[ket], levels[bra]), strict=True):
            column.append(some)
        values.append(matrix[ket, bra])
    first = Labels(*(np.concatenate(column).astype(np.int64) for column in columns))
    apart = np.unique(first.ket - first.bra)
    most = (
        None if any(jump.step > 0 for jump in every) else int(max(first.ket.max(), first.bra.max()))
    )
    sizes = _sizes(side, first.size, every, "battery")
    tops = [_top(side.irrep(size), most) for size in sizes]
    require(_BYTES * len(apart) * sum(top + 1 for top in tops), "the state of this battery")
    parts = []
    for size, top in zip(sizes, tops, strict=True):
        k, step = (a.ravel() for a in np.meshgrid(np.arange(top + 1), apart, indexing="ij"))
        inside = (k - step >= 0) & (k - step <= top)
        parts.append(np.stack([np.full_like(k, size), k, k - step])[:, inside])
    battery = Labels(*np.concatenate(parts, axis=1).astype(np.int64))
    none, here = (Labels(*np.zeros((3, len(b.ket)), dtype=np.int64)) for b in (battery, first))
    phases = 1j ** ((first.ket - first.bra) % 4)
    elements = np.concatenate(values) * (phases if np.any(phases != 1) else 1.0)
    return _assembled(problem, (battery, none), every, (first, here), elements)


def _assembled(
    problem: Problem[float],
    labels: tuple[Labels, Labels],
    every: Sequence[Jump],
    places: tuple[Labels, Labels],
    elements: npt.NDArray[Any],
    most: int | None = None,
) -> Liouville:
    """The block of some elements, with those of a start at its places."""
    shape = ends(*labels)
    numbers = keys(shape, *labels)
    order = np.argsort(numbers)
    numbers, (battery, charger) = numbers[order], (side.chosen(order) for side in labels)
    rows, columns, values = [], [], []
    for on_battery, on_charger, factor in terms(problem, battery, charger, every):
        (moved,) = np.nonzero(factor)
        there = battery.chosen(moved).moved(on_battery), charger.chosen(moved).moved(on_charger)
        if most is not None:
            inside = np.maximum(*_totals(problem, *there)) <= most
            moved, there = moved[inside], (there[0].chosen(inside), there[1].chosen(inside))
        rows.append(np.searchsorted(numbers, keys(shape, *there)))
        columns.append(moved)
        values.append(factor[moved])
    size = len(numbers)
    entries = np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))
    generator = scipy.sparse.coo_array(entries, shape=(size, size)).tocsr()
    begin = np.zeros(size, dtype=np.result_type(elements, generator))
    np.add.at(begin, np.searchsorted(numbers, keys(shape, *places)), elements)
    return Liouville(problem, battery, charger, generator, begin)


def _pairs(start: Start) -> tuple[Integers, Integers]:
    """The basis states between which the start has elements: ket and bra of each."""
    every = np.arange(len(start.weight))
    if start.group is None:
        return every, every
    labels = np.stack([start.group, start.cell_spin, start.charger_spin])
    ket, bra = np.nonzero(np.all(labels[:, :, None] == labels[:, None], axis=0))
    return ket.astype(np.int64), bra.astype(np.int64)


def _start_elements(start: Start) -> tuple[tuple[Labels, Labels], npt.NDArray[Any]]:
    """The elements of the start, and the values there."""
    ket, bra = _pairs(start)
    sides = (
        Labels(start.cell_spin[ket], start.cell_level[ket], start.cell_level[bra]),
        Labels(start.charger_spin[ket], start.charger_level[ket], start.charger_level[bra]),
    )
    if start.amplitude is None:
        return sides, start.weight
    phases = 1j ** ((sides[0].ket - sides[0].bra) % 4)
    return sides, phases * start.amplitude[ket] * start.amplitude[bra].conj()


def ends(*sides: Labels) -> list[int]:
    """One more than the largest of each column of labels."""
    return [int(column.max()) + 1 for labels in sides for column in labels]


def keys(shape: Sequence[int], *sides: Labels) -> Integers:
    """One number for the labels of each element, which are less than ``shape``."""
    columns = tuple(column for labels in sides for column in labels)
    return np.asarray(np.ravel_multi_index(columns, shape), dtype=np.int64)


# Elements


def _sizes(side: Side, present: Integers, every: Sequence[Jump], name: str) -> list[int]:
    """The irreps that are reached: all, where single spins jump."""
    single = any(jump.side == name and not jump.collective for jump in every)
    if single and side.spins is not None:
        # An irrep has at least as many elements as levels.
        least = (int(side.spins) // 2 + 1) ** 2
        what = f"an open battery with more than {least} elements of its state"
        require(_BYTES * least, what, least)
        return list(range(int(side.spins) % 2, int(side.spins) + 1, 2))
    return np.unique(present).tolist()


def _totals(problem: Problem[Any], battery: Labels, charger: Labels) -> tuple[Floats, Floats]:
    """The number of all excitations of ket and bra, (D,) each."""
    bottom = problem.battery.bottom(battery.size) + problem.charger.bottom(charger.size)
    return bottom + battery.ket + charger.ket, bottom + battery.bra + charger.bra


def most_excited(problem: Problem[Any], start: Start) -> int:
    """The largest number of all excitations at the start."""
    return int(np.max(_totals(problem, *_start_elements(start)[0])))


def _limits(
    problem: Problem[Any], start: Start, every: Sequence[Jump], most: int | None
) -> tuple[int, int | None]:
    """The least and the largest number of excitations that is reached; None without an end."""
    totals = _totals(problem, *_start_elements(start)[0])
    steps = {jump.step for jump in every}
    if not problem.conserved:
        return 0, most
    low, high = int(np.min(totals)), int(np.max(totals))
    return 0 if -1 in steps else low, most if 1 in steps else high


def elements(
    problem: Problem[Any],
    start: Start,
    every: Sequence[Jump],
    most: int | None = None,
    largest: float = math.inf,
) -> tuple[Labels, Labels]:
    """The labels of the elements that are reached, up to ``most`` excitations in all.

    Raises
    ------
    InvalidArgument
        The number of photons has no end.
    TooLargeError
        There are more than ``largest``, or they do not fit into memory.
    """
    least, most = _limits(problem, start, every, most)
    battery, charger = problem.battery, problem.charger
    sizes = (
        _sizes(battery, start.cell_spin, every, "battery"),
        _sizes(charger, start.charger_spin, every, "charger"),
    )
    pairs = [
        (size, other, _top(battery.irrep(size), most), _top(charger.irrep(other), most))
        for size, other in product(*sizes)
    ]
    battery_start, charger_start = _start_elements(start)[0]
    differences = battery_start.ket - battery_start.bra + charger_start.ket - charger_start.bra
    differences = np.unique(differences if problem.conserved else differences % 2)
    count = len(differences) * sum(_count(problem.conserved, *pair[2:]) for pair in pairs)
    require(_BYTES * count, f"an open battery with {count} elements of its state", count)
    if count > largest:
        raise TooLargeError(
            f"proven digits are known of at most {largest} elements of the state of an open "
            f"battery, but this one has up to {count}; fewer spins would do"
        )
    parts = []
    for (size, other, top, last), apart in product(pairs, differences.tolist()):
        if problem.conserved:
            width = min(top, last + abs(apart))
            step, k, c = (a.ravel() for a in np.indices((2 * width + 1, top + 1, last + 1)))
            bra, bra_c = k + step - width, c + width - step - apart
        else:
            k, bra, c, bra_c = (a.ravel() for a in np.indices(2 * (top + 1,) + 2 * (last + 1,)))
        here = (k - bra + c - bra_c - apart) % 2 == 0
        for level, end in ((bra, top), (bra_c, last)):
            here &= (level >= 0) & (level <= end)
        bottom = battery.bottom(size) + charger.bottom(other)
        for total in (bottom + k + c, bottom + bra + bra_c):
            here &= (total >= least) & (total <= (total if most is None else most))
        columns = (np.full_like(k, size), k, bra, np.full_like(k, other), c, bra_c)
        parts.append(np.stack(columns)[:, here])
    labels = np.concatenate(parts, axis=1).astype(np.int64)
    return Labels(*labels[:3]), Labels(*labels[3:])


def _top(side: Side, most: int | None) -> int:
    """The highest level of an irrep that is reached."""
    if side.top is not None:
        return int(side.top)
    if most is None:
        must = "leave the number of excitations an end (neither pumping nor anisotropy)"
        raise invalid("noise", must, "one that does not")
    return most


def _count(conserved: bool, top: int, last: int) -> int:
    """The number of elements of a pair of irreps, at most."""
    if not conserved:
        return (top + 1) ** 2 * (last + 1) ** 2
    apart = range(-min(top, last), min(top, last) + 1)
    return sum((top + 1 - abs(d)) * (last + 1 - abs(d)) for d in apart)
