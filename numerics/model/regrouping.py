"""The groups of a system whose spins start unlike: one for each population."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product as combinations
from typing import Any

from numerics.model.groups import GroupedSpins, SpinGroup
from numerics.model.models import Model
from numerics.model.side_states import Boltzmann, Branch, Groupwise, Independent, Level, Primitive
from numerics.model.sides import CollectiveSpin, Side
from numerics.model.states import InitialState, System

__all__ = ["GroupBranches", "regrouped"]


@dataclass(frozen=True)
class GroupBranches(InitialState):
    """Weighted products of states of all groups."""

    every: tuple[Branch, ...]

    def branches(self, model: System) -> Iterator[Branch]:
        yield from self.every


def regrouped(model: Model, initial: InitialState) -> tuple[GroupedSpins, GroupBranches] | None:
    """The same system with a group for each distinct population of the spins; None where none is.

    Spins of different populations are told apart in some state of independent spins only.
    """
    if any(getattr(model, name) != getattr(Model, name, 0) for name in _others(model)):
        return None
    branches = list(initial.branches(model))
    sides = [
        _divided(side, [getattr(branch, name) for branch in branches])
        for side, name in ((model.battery, "battery"), (model.charger, "charger"))
    ]
    cells, chargers = sides
    if cells is None or chargers is None:
        return None
    sizes = [*cells[0], *chargers[0]]
    own, mine = (1 if model.coupling is None else model.coupling), len(cells[0])
    tables = [[0 for _ in sizes] for _ in sizes]
    for i, j in combinations(range(len(sizes)), repeat=2):
        # Of the ordered pairs of the crosstalk two are of the same spins.
        crosstalk = 2 * (model.cell_crosstalk if i < mine else model.charger_crosstalk)
        tables[i][j] = 0 if i == j else crosstalk if (i < mine) == (j < mine) else own
    groups = [
        SpinGroup(n, crosstalk=model.cell_crosstalk)
        if i < mine
        else SpinGroup(n, frequency=model.charger_frequency, crosstalk=model.charger_crosstalk)
        for i, n in enumerate(sizes)
    ]
    found = GroupedSpins(
        groups[:mine], groups[mine:], coupling=1, frequency=model.frequency,
        anisotropy=model.anisotropy, couplings=tables,
    )  # fmt: skip
    pairs = zip(branches, cells[1], chargers[1], strict=True)
    return found, GroupBranches(tuple(Branch(b.weights, *parts) for b, *parts in pairs))


def _others(model: Model) -> set[str]:
    """The fields that groups do not have."""
    known = {"coupling", "frequency", "anisotropy", "charger_frequency"}
    known |= {"charger_crosstalk", "cell_crosstalk"}
    return {name for name, _ in model.values()} - known - {"cells", "chargers"}


_Divided = tuple[list[int], list[Primitive]]


def _divided(side: Side, states: Sequence[Primitive]) -> _Divided | None:
    """The sizes of the groups of a side, and each of its states by groups."""
    if not isinstance(side, CollectiveSpin):
        return None
    if not any(isinstance(state, Independent) for state in states):
        return [side.n], [Groupwise((state,)) for state in states]
    spins: list[tuple[Any, ...]] = [() for _ in range(side.n)]
    for state in states:
        match state:
            case Independent(groups):
                own: list[Primitive] = [
                    Independent(((p, 1),)) for p, count in groups for _ in range(count)
                ]
            case Boltzmann():
                own = [state] * side.n
            case Level(level) if level in (0, side.n):
                own = [Level(int(level > 0))] * side.n
            case _:
                return None
        spins = [(*before, now) for before, now in zip(spins, own, strict=True)]
    classes = list(dict.fromkeys(spins))
    sizes = [spins.count(one) for one in classes]
    every: list[Primitive] = []
    for number in range(len(states)):
        parts = (_of_many(one[number], n) for one, n in zip(classes, sizes, strict=True))
        every.append(Groupwise(tuple(parts)))
    return sizes, every


def _of_many(state: Primitive, spins: int) -> Primitive:
    """The state of so many spins, each in the same."""
    match state:
        case Independent(((population, _),)):
            return Independent(((population, spins),))
        case Level(level):
            return Level(level * spins)
    return state
