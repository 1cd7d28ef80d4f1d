"""A piece of work: a table that can be computed anywhere, and known again when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symbattery.paper.figures.plots import Plot
from symbattery.paper.figures.tables import Head, Table

__all__ = ["FigureSpec", "TableTask", "Tables"]

Tables = Mapping[str, Table]
Rows = Iterable[Sequence[float]]


@dataclass(frozen=True)
class TableTask:
    """What will be in a table, and the function (of a module, so that it travels) of its rows."""

    head: Head
    rows: Callable[..., Rows]
    arguments: tuple[Any, ...]

    @property
    def name(self) -> str:
        return self.head.name

    def compute(self) -> Table:
        """The table."""
        return Table.of(self.head, self.rows(*self.arguments))


def _nothing(tables: Tables) -> tuple[Table, ...]:
    return ()


@dataclass(frozen=True)
class FigureSpec:
    """One figure.

    Attributes
    ----------
    name : str
        Of its files.
    pieces : tuple of Piece
        The tables to compute.
    plate : callable
        What is drawn, from all tables by name.
    derive : callable
        Further tables, quickly made from those of the pieces.
    caption : str
        What is seen, in the words of the ledger.
    """

    name: str
    table_tasks: tuple[TableTask, ...]
    plot: Callable[[Tables], Plot]
    derive: Callable[[Tables], tuple[Table, ...]] = _nothing
    caption: str = ""
