"""Tables that say what they are: columns, units, parameters, method, program; as CSV and back."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.model.checks import InvalidArgument
from numerics.storage.cache import code_fingerprint

__all__ = [
    "Column",
    "Floats",
    "Head",
    "Rows",
    "Table",
    "TableKind",
    "TableTask",
    "from_csv",
    "to_csv",
]

Floats = npt.NDArray[np.float64]
Rows = Iterable[Sequence[float]]


@dataclass(frozen=True)
class Column:
    """One quantity: a name, its unit (``"1"`` for a pure number) and what it is."""

    name: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class Head:
    """The description of a table, known before it is computed.

    Attributes
    ----------
    name : str
        Of its file.
    what : str
    parameters : tuple of (str, str)
    method : str
        How it is computed, and in which reading.
    columns : tuple of Column
    version : str
        Of the program, with a digest of the sources that compute it.
    """

    name: str
    what: str
    parameters: tuple[tuple[str, str], ...]
    method: str
    columns: tuple[Column, ...]
    version: str


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length; what has no value is nan."""

    head: Head
    values: tuple[Floats, ...]

    def __getitem__(self, name: str) -> Floats:
        return self.values[[column.name for column in self.head.columns].index(name)]

    @property
    def about(self) -> str:
        """The quantities, the system and the method, in a line."""
        given = (f"{name}: {value}" for name, value in self.head.parameters)
        return "; ".join((self.head.what, *given, self.head.method))

    @staticmethod
    def of(head: Head, rows: Rows) -> Table:
        """A table from its rows."""
        array = np.array(list(rows), dtype=np.float64).reshape(-1, len(head.columns))
        return Table(head, tuple(array.T.copy()))


@dataclass(frozen=True)
class TableKind:
    """Tables of the same quantities, computed by the same function.

    Attributes
    ----------
    what, method : str
    columns : tuple of Column
        As in :class:`Head`.
    rows : callable
        The rows of a table; a function of a module, so that it travels.
    """

    what: str
    method: str
    columns: tuple[Column, ...]
    rows: Callable[..., Rows]

    def task(self, name: str, parameters: Iterable[tuple[str, str]], *arguments: Any) -> TableTask:
        """One of these tables, of the function's rows for some arguments."""
        return TableTask(self, name, tuple(parameters), arguments)


@dataclass(frozen=True)
class TableTask:
    """A table to compute; ``parameters`` say what the ``arguments`` are."""

    kind: TableKind
    name: str
    parameters: tuple[tuple[str, str], ...]
    arguments: tuple[Any, ...]

    @property
    def head(self) -> Head:
        """The description, with the program: the module of the rows and all that it imports."""
        kind, version = self.kind, code_fingerprint(self.kind.rows.__module__)
        return Head(self.name, kind.what, self.parameters, kind.method, kind.columns, version)

    def compute(self) -> Table:
        """The table."""
        return Table.of(self.head, self.kind.rows(*self.arguments))


def _cell(value: float) -> str:
    """The shortest text that is this double; counts without a point, and no value as nothing."""
    if np.isnan(value):
        return ""
    return str(int(value)) if value == int(value) else repr(float(value))


def to_csv(table: Table, command: str = "") -> str:
    """The text of a CSV file, with a header of lines that begin with ``#``.

    ``command`` makes the table; it is no part of its description.
    """
    head = table.head
    lines = [
        f"# symbattery: {head.version}",
        *([f"# command: {command}"] if command else []),
        f"# name: {head.name}",
        f"# what: {head.what}",
        *(f"# parameter {name}: {value}" for name, value in head.parameters),
        f"# computed: {head.method}",
        *(f"# column {c.name} [{c.unit}]: {c.meaning}" for c in head.columns),
    ]
    rows = [",".join(column.name for column in head.columns)]
    rows += [",".join(map(_cell, row)) for row in zip(*table.values, strict=True)]
    return "\n".join([*lines, *rows]) + "\n"


def from_csv(text: str) -> Table:
    """The table that :func:`to_csv` wrote.

    Raises
    ------
    InvalidArgument
        ``text`` is not such a file.
    """
    try:
        return _parsed(text)
    except (ValueError, KeyError, StopIteration) as error:
        raise InvalidArgument(f"`text` must be a CSV file of this program: {error}") from None


def _parsed(text: str) -> Table:
    single: dict[str, str] = {}
    parameters, columns = [], []
    lines = text.splitlines()
    comments = [line[2:] for line in lines if line.startswith("# ")]
    for line in comments:
        key, value = line.split(": ", 1)
        kind, _, rest = key.partition(" ")
        if kind == "parameter":
            parameters.append((rest, value))
        elif kind == "column":
            name, unit = rest.removesuffix("]").split(" [", 1)
            columns.append(Column(name, unit, value))
        else:
            single[key] = value
    head = Head(
        single["name"],
        single["what"],
        tuple(parameters),
        single["computed"],
        tuple(columns),
        single["symbattery"],
    )
    reader = csv.reader(io.StringIO("\n".join(lines[len(comments) :])))
    if next(reader) != [column.name for column in columns]:
        raise ValueError("the columns are not those of its header")
    rows = [[float(cell) if cell else np.nan for cell in row] for row in reader]
    if any(len(row) != len(columns) for row in rows):
        raise ValueError("a row is not whole")
    return Table.of(head, rows)
