r"""Groups of equal spins: inhomogeneous couplings by classes, several chargers, mediators.

Spins that are coupled alike act as one collective spin, so a system of few groups is a small grid
of the levels of all of them. Groups are counted in the order cells, mediators, chargers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from itertools import product as combinations
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import Model
from numerics.model.side_states import (
    Boltzmann,
    Branch,
    Groupwise,
    Independent,
    Level,
    Primitive,
    Value,
)
from numerics.model.sides import HALF, CollectiveSpin, Side
from numerics.model.states import InitialState, System

__all__ = [
    "GroupDicke",
    "GroupProduct",
    "GroupThermal",
    "GroupedSpins",
    "SpinGroup",
    "SpinGroups",
    "group_dicke",
    "group_product",
    "group_thermal",
]

# Levels of all groups of a side together are numbered by integers of 64 bits.
_MOST_LEVELS = 2**60
_SIDES = ("cells", "mediators", "chargers")
_CHECKS: dict[str, Callable[..., Any]] = {
    "coupling": checks.real,
    "frequency": checks.real,
    "crosstalk": checks.real,
}


@dataclass(frozen=True)
class SpinGroup:
    r"""So many equal spins.

    Parameters
    ----------
    spins : int
    coupling : real
        The factor :math:`h` of its couplings: :math:`g\,h_ah_b` between the groups a and b. For
        closed forms with one cell also one of each spin, such as ``IndexedBase("g")[l]``.
    frequency : real, optional
        Of each of its spins, positive in a battery; that of the model when left open.
    crosstalk : real
        Among its spins, as :math:`g_2` of :class:`~numerics.model.models.SpinCharger`.

    Raises
    ------
    InvalidArgument
        A field is not what it must be.
    """

    spins: Any
    coupling: Any = 1
    frequency: Any = None
    crosstalk: Any = 0

    def __post_init__(self) -> None:
        count = checks.positive_integer("spins", self.spins, symbolic=True)
        object.__setattr__(self, "spins", count)
        for name, check in _CHECKS.items():
            value = checks.exactly(name, getattr(self, name))
            object.__setattr__(self, name, value)
            if value is not None or name != "frequency":
                check(name, value, symbolic=True)


@dataclass(frozen=True)
class SpinGroups(Side):
    """A side of several groups of spins.

    An irrep is one total spin of each group; its label and its levels count the combinations of
    the sizes 2j, and of the levels, of all groups, those of the last one fastest.
    """

    sizes: tuple[Any, ...]
    quanta: ClassVar[str] = "groups"
    noun: ClassVar[str] = "side of several groups"
    states: ClassVar[str] = "group_dicke, group_product or group_thermal for groups of spins"

    @property
    def top(self) -> Any:
        return sum(self.sizes)

    @property
    def spins(self) -> Any:
        return sum(self.sizes)

    @property
    def spin(self) -> Fraction:
        return HALF

    @property
    def members(self) -> Any:
        return self.spins

    @property
    def size(self) -> int:
        return math.prod(n + 1 for n in self.sizes) - 1

    @property
    def groups(self) -> tuple[CollectiveSpin, ...]:
        """The groups one by one."""
        return tuple(map(CollectiveSpin, self.sizes))

    def irrep_sizes(self, label: int) -> tuple[int, ...]:
        """The size 2j of every group in an irrep."""
        found = np.unravel_index(int(label), [n + 1 for n in self.sizes])
        return tuple(int(size) for size in found)

    def joined(self, parts: Sequence[tuple[int, int]]) -> tuple[int, int]:
        """The irrep and the level of a (2j, level) of each group."""
        label = level = 0
        for n, (size, own) in zip(self.sizes, parts, strict=True):
            label, level = label * (n + 1) + size, level * (size + 1) + own
        return label, level

    def levels(self, label: int) -> npt.NDArray[np.int64]:
        """The levels (K, G) of all groups in each level of an irrep."""
        counts = [np.arange(size + 1) for size in self.irrep_sizes(label)]
        return np.stack(np.meshgrid(*counts, indexing="ij"), axis=-1).reshape(-1, len(counts))

    def bottoms(self, label: int) -> npt.NDArray[np.int64]:
        """The excitations (G,) of each group at its level 0."""
        pairs = zip(self.groups, self.irrep_sizes(label), strict=True)
        return np.array([group.bottom(size) for group, size in pairs], dtype=np.int64)

    def excited(self, label: int) -> npt.NDArray[np.int64]:
        """The number of excitations (K,) of each level of an irrep."""
        return (self.levels(label) + self.bottoms(label)).sum(axis=1)

    def multiplicity(self, size: int) -> int:
        pairs = zip(self.groups, self.irrep_sizes(size), strict=True)
        return math.prod(group.multiplicity(own) for group, own in pairs)

    def degeneracy(self, excited: int) -> int:
        return math.comb(int(self.spins), excited)


@dataclass(frozen=True)
class GroupedSpins(Model):
    r"""Groups of equal spins, each with its own coupling, frequency and crosstalk.

    .. math::

        H = \sum_a\Big(\omega_aS^{(a)}_z
            + x_a\sum_{k\neq q}(\sigma^+_k\sigma^-_q+\mathrm{h.c.})\Big)
          + \sum_{a<b}g_{ab}\,[S^{(a)}_-(\gamma S^{(b)}_-+S^{(b)}_+)+\mathrm{h.c.}]

    over groups of cells (the battery), of charger spins and of spins that mediate between them.
    :math:`g_{ab}=g\,h_ah_b` between cells and charger, or, with mediators, between these and both;
    or :math:`g` times any matrix. Within one side :math:`\gamma=0`. Stored energy is that of the
    cells. Compare D. Ferraro et al., Phys. Rev. Lett. 120, 117702 (2018) for equal spins.

    Parameters
    ----------
    cells, chargers : sequence of SpinGroup or int
        The groups of the battery and of the charger; an integer stands for so many spins.
    mediators : sequence of SpinGroup or int
        Groups that are part of neither.
    coupling, frequency : optional
        :math:`g` and :math:`\omega_0`, as of SpinCharger.
    anisotropy : real
        :math:`\gamma`, as of SpinCharger.
    couplings : matrix, optional
        :math:`g_{ab}/g` for all groups in the order cells, mediators, chargers: symmetric, with
        zeros on the diagonal; in place of the factors of the groups.

    Raises
    ------
    InvalidArgument
        A field is not what it must be.
    """

    cells: Any
    chargers: Any
    mediators: Any = ()
    coupling: Any = None
    frequency: Any = None
    anisotropy: Any = 0
    couplings: Any = None

    def __post_init__(self) -> None:
        for name in _SIDES:
            object.__setattr__(self, name, _groups(name, getattr(self, name)))
        if self.couplings is not None:
            object.__setattr__(self, "couplings", _matrix(self.couplings, self.groups))
        super().__post_init__()
        for i, group in enumerate(self.cells):
            if group.frequency is not None:
                name = f"cells[{i}].frequency"
                checks.positive_number(name, group.frequency, symbolic=True)
        for side in (self.battery, self.charger):
            if all(not checks.is_symbolic(n) for n in side.sizes) and side.size >= _MOST_LEVELS:
                name = "cells" if side is self.battery else "chargers"
                raise invalid(name, f"have at most {_MOST_LEVELS:.0e} levels", side.sizes)

    def values(self) -> Iterator[tuple[str, Any]]:
        for name in _SIDES:
            for i, group in enumerate(getattr(self, name)):
                for spot in fields(SpinGroup):
                    yield f"{name}[{i}].{spot.name}", getattr(group, spot.name)
        for name in ("coupling", "frequency", "anisotropy"):
            yield name, getattr(self, name)
        for i, row in enumerate(self.couplings or ()):
            for j, value in enumerate(row):
                yield f"couplings[{i}][{j}]", value

    @property
    def groups(self) -> tuple[SpinGroup, ...]:
        return (*self.cells, *self.mediators, *self.chargers)

    @property
    def battery(self) -> SpinGroups:
        return SpinGroups(tuple(group.spins for group in self.cells))

    @property
    def charger(self) -> SpinGroups:
        """Mediators and charger: all that is not battery."""
        return SpinGroups(tuple(group.spins for group in (*self.mediators, *self.chargers)))

    def default_start(self) -> GroupDicke:
        """Charger spins up, all others down."""
        return GroupDicke(
            (0,) * len(self.cells),
            tuple(group.spins for group in self.chargers),
            (0,) * len(self.mediators),
        )

    def single_cell(self, chargers_per_cell: Any = None) -> Self:
        raise invalid("model", "have one group on either side for the parallel scheme", self)

    @property
    def number_of_cells(self) -> Any:
        return self.battery.top

    def bonds(self) -> Iterator[tuple[int, int, Any, bool]]:
        """The groups a < b that are coupled, :math:`g_{ab}/g`, and False within a side."""
        sides = [i for i, name in enumerate(_SIDES) for _ in getattr(self, name)]
        for b, two in enumerate(self.groups):
            for a, one in enumerate(self.groups[:b]):
                strength: Any = 0
                if self.couplings is not None:
                    strength = self.couplings[a][b]
                elif sides[b] - sides[a] == (1 if self.mediators else 2):
                    strength = one.coupling * two.coupling
                if strength != 0:
                    yield a, b, strength, sides[a] != sides[b]


def _groups(name: str, values: Any) -> tuple[SpinGroup, ...]:
    must = "be a sequence of groups (SpinGroup, or numbers of spins)"
    given = checks.entries(name, values, must)
    if not given and name != "mediators":
        raise invalid(name, must, values)
    found = []
    for i, value in enumerate(given):
        group = value
        if not isinstance(value, SpinGroup):
            group = SpinGroup(checks.positive_integer(f"{name}[{i}]", value, symbolic=True))
        found.append(group)
    return tuple(found)


def _matrix(values: Any, groups: Sequence[SpinGroup]) -> tuple[tuple[Any, ...], ...]:
    """The couplings of all groups, checked."""
    must = f"be a symmetric {len(groups)} x {len(groups)} matrix with zeros on its diagonal"
    rows = checks.entries("couplings", values, must)
    every = [checks.entries(f"couplings[{i}]", row, must) for i, row in enumerate(rows)]
    if len(every) != len(groups) or any(len(row) != len(groups) for row in every):
        raise invalid("couplings", must, values)
    for i, row in enumerate(every):
        for j, value in enumerate(row):
            row[j] = checks.exactly(f"couplings[{i}][{j}]", value)
            checks.real(f"couplings[{i}][{j}]", row[j], symbolic=True)
    for i, j in combinations(range(len(every)), repeat=2):
        if every[i][j] != (every[j][i] if i != j else 0):
            raise invalid("couplings", must, values)
    for i, group in enumerate(groups):
        if group.coupling != 1:
            raise InvalidArgument(
                "`couplings` must be left out where groups have a `coupling` of their own, but "
                f"group {i} has {group.coupling}"
            )
    return tuple(map(tuple, every))


# Initial states


@dataclass(frozen=True)
class _OfGroups(InitialState):
    """One number for each group; mediators that are left out are down."""

    cells: tuple[Any, ...]
    chargers: tuple[Any, ...]
    mediators: tuple[Any, ...] | None = None

    def _one(self, name: str, value: Any) -> Any:
        """A number, checked."""
        raise NotImplementedError

    def _primitive(self, value: Any, group: SpinGroup, frequency: Any) -> Primitive:
        raise NotImplementedError

    def __post_init__(self) -> None:
        for name in _SIDES:
            values = getattr(self, name)
            if values is None and name == "mediators":
                continue
            given = checks.entries(name, values, "be a sequence with one number for each group")
            checked = tuple(self._one(f"{name}[{i}]", value) for i, value in enumerate(given))
            object.__setattr__(self, name, checked)

    def branches(self, model: System) -> Iterator[Branch]:
        assert isinstance(model, GroupedSpins)
        own = model.frequencies[0]

        def parts(name: str) -> tuple[Primitive, ...]:
            groups, values = getattr(model, name), getattr(self, name)
            if values is None:
                return tuple(Level(0) for _ in groups)
            return tuple(
                self._primitive(value, group, own if group.frequency is None else group.frequency)
                for value, group in zip(values, groups, strict=True)
            )

        rest = (*parts("mediators"), *parts("chargers"))
        yield Branch((), Groupwise(parts("cells")), Groupwise(rest))

    def check(self, model: System) -> None:
        if not isinstance(model, GroupedSpins):
            raise invalid("initial", "be a state without groups for a model without them", self)
        for name in _SIDES:
            groups, values = getattr(model, name), getattr(self, name)
            if values is not None and len(values) != len(groups):
                raise InvalidArgument(
                    f"`initial.{name}` must have one entry for each of the {len(groups)} groups, "
                    f"but has {len(values)}"
                )
            for i, (value, group) in enumerate(zip(values or (), groups, strict=False)):
                self._fits(f"initial.{name}[{i}]", value, group)

    def _fits(self, name: str, value: Any, group: SpinGroup) -> None:
        """Refuse a number that the group has no room for."""

    def values(self, label: str = "initial") -> Iterator[Value]:
        for name in _SIDES:
            for i, value in enumerate(getattr(self, name) or ()):
                yield Value(f"{label}.{name}[{i}]", self._field(name), value)

    def _field(self, side: str) -> str:
        return "population"


@dataclass(frozen=True)
class GroupDicke(_OfGroups):
    """The symmetric state with so many excited spins of each group."""

    def _one(self, name: str, value: Any) -> Any:
        return checks.non_negative_integer(name, value, symbolic=True)

    def _primitive(self, value: Any, group: SpinGroup, frequency: Any) -> Primitive:
        return Level(value)

    def _fits(self, name: str, value: Any, group: SpinGroup) -> None:
        if (value > group.spins) == True:  # noqa: E712  # undecided for symbols
            raise invalid(name, f"be at most the {group.spins} spins of the group", value)

    def _field(self, side: str) -> str:
        return "excited_cells" if side == "cells" else "excited_chargers"


@dataclass(frozen=True)
class GroupProduct(_OfGroups):
    """Every spin for itself, with one population for each group."""

    def _one(self, name: str, value: Any) -> Any:
        return checks.probability(name, checks.exactly(name, value), symbolic=True)

    def _primitive(self, value: Any, group: SpinGroup, frequency: Any) -> Primitive:
        return Independent(((value, group.spins),))


@dataclass(frozen=True)
class GroupThermal(_OfGroups):
    """Thermal spins, with one inverse temperature for each group."""

    def _one(self, name: str, value: Any) -> Any:
        return checks.real(name, checks.exactly(name, value), symbolic=True)

    def _primitive(self, value: Any, group: SpinGroup, frequency: Any) -> Primitive:
        return Boltzmann(value, frequency)

    def _field(self, side: str) -> str:
        return "inverse_temperature"


def group_dicke(cells: Any, chargers: Any, mediators: Any = None) -> GroupDicke:
    """The product of symmetric states with so many excited spins of each group.

    Mediators that are left out are down.

    Raises
    ------
    InvalidArgument
        No sequences of non-negative integers.
    """
    return GroupDicke(cells, chargers, mediators)


def group_product(cells: Any, chargers: Any, mediators: Any = None) -> GroupProduct:
    """Independent spins with one population for each group; mediators left out are down.

    Raises
    ------
    InvalidArgument
        No sequences of numbers between 0 and 1.
    """
    return GroupProduct(cells, chargers, mediators)


def group_thermal(cells: Any, chargers: Any, mediators: Any = None) -> GroupThermal:
    """Thermal spins with one inverse temperature for each group; mediators left out are down.

    Raises
    ------
    InvalidArgument
        No sequences of real numbers.
    """
    return GroupThermal(cells, chargers, mediators)
