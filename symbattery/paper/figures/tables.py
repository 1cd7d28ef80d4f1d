"""Tables that say what they are: columns, units, parameters, method, program; points to CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.storage.fingerprints import Record
from numerics.storage.processes import WorkFailed
from numerics.sweeps.points import Point, Request, key, program
from numerics.sweeps.running import Batch

__all__ = [
    "Column",
    "Floats",
    "Parameters",
    "Table",
    "TableKind",
    "TableTask",
    "to_csv",
]

Floats = npt.NDArray[np.float64]
Parameters = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    """One quantity: a name, its unit (``"1"`` for a pure number) and what it is."""

    name: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class TableKind:
    """Tables of the same quantities, computed by the same function.

    Attributes
    ----------
    what : str
    method : str
        How they are computed, and in which reading.
    columns : tuple of Column
    numbers : callable
        A function of a module, of a :class:`numerics.Charging` and of the times of its point, if it
        has some: numbers of rows. Of a table that is made from others: of these, to its rows.
    """

    what: str
    method: str
    columns: tuple[Column, ...]
    numbers: Callable[..., Any]

    def task(
        self, name: str, parameters: Parameters, points: Iterable[tuple[Sequence[float], Point]]
    ) -> TableTask:
        """One of these tables, of some points."""
        return TableTask(self, name, parameters, points)

    def table(self, name: str, parameters: Parameters, numbers: Sequence[Any]) -> Table:
        """One of these tables, from its rows or from their numbers one after another."""
        array = np.array(numbers, dtype=np.float64).reshape(-1, len(self.columns))
        return Table(self, name, parameters, tuple(array.T.copy()))


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length; what has no value is nan.

    Attributes
    ----------
    kind : TableKind
    name : str
        Of its file.
    parameters : tuple of (str, str)
    values : tuple of arrays
    """

    kind: TableKind
    name: str
    parameters: Parameters
    values: tuple[Floats, ...]

    def __getitem__(self, name: str) -> Floats:
        return self.values[[column.name for column in self.kind.columns].index(name)]

    @property
    def about(self) -> str:
        """The quantities, the system and the method, in a line."""
        given = (f"{name}: {value}" for name, value in self.parameters)
        return "; ".join((self.kind.what, *given, self.kind.method))


@dataclass(frozen=True, eq=False)
class TableTask:
    """A table to compute.

    Attributes
    ----------
    kind : TableKind
    name : str
    parameters : tuple of (str, str)
        What the points are, in words.
    given : iterable of (numbers, Point)
        The numbers that are known of each, and the battery that those behind them, to the end of a
        row or beyond it, are computed from. It is read when the table is wanted: maps have many.
    """

    kind: TableKind
    name: str
    parameters: Parameters
    given: Iterable[tuple[Sequence[float], Point]]

    @cached_property
    def points(self) -> tuple[tuple[Sequence[float], Point], ...]:
        """The same, read once."""
        return tuple(self.given)

    @cached_property
    def _request(self) -> Request:
        timed = any(point.times is not None for _, point in self.points)
        return Request(self.kind.numbers.__name__, "", (), timed, None, self.kind.numbers)

    @cached_property
    def _keys(self) -> tuple[str, ...]:
        return tuple(key(point, (self._request,)) for _, point in self.points)

    @cached_property
    def batch(self) -> Batch:
        """The points, and what is computed of each."""
        points = (point for _, point in self.points)
        return Batch(dict(zip(self._keys, points, strict=True)), (self._request,))

    def table(self, records: Mapping[str, Record]) -> Table:
        """The table from the records of its points.

        Raises
        ------
        WorkFailed
            One of them could not be computed.
        """
        numbers: list[float] = []
        for (known, _), one in zip(self.points, self._keys, strict=True):
            for error in records[one]["errors"].values():
                raise WorkFailed(f"{self.name}: {error}")
            numbers += [*known, *np.ravel(records[one]["values"][self._request.name])]
        return self.kind.table(self.name, self.parameters, numbers)


def _cell(value: float) -> str:
    """The shortest text that is this double; counts without a point, and no value as nothing."""
    if np.isnan(value):
        return ""
    return str(int(value)) if value == int(value) else repr(float(value))


def to_csv(table: Table, command: str) -> str:
    """The text of a CSV file, with a header of lines that begin with ``#``.

    ``command`` makes the table.
    """
    kind = table.kind
    lines = [
        f"# symbattery: {program((kind.numbers.__module__,))}",
        f"# command: {command}",
        f"# name: {table.name}",
        f"# what: {kind.what}",
        *(f"# parameter {name}: {value}" for name, value in table.parameters),
        f"# computed: {kind.method}",
        *(f"# column {c.name} [{c.unit}]: {c.meaning}" for c in kind.columns),
        ",".join(column.name for column in kind.columns),
        *(",".join(map(_cell, row)) for row in zip(*table.values, strict=True)),
    ]
    return "\n".join(lines) + "\n"
