"""Figures as files: their points are one sweep, whose store is beside them."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from numerics.storage import files
from numerics.storage.chunks import STORE, ChunkStore
from numerics.storage.fingerprints import Record
from numerics.sweeps.running import records
from symbattery.output.pictures import pictures, saved
from symbattery.paper.figures.drawing import write
from symbattery.paper.figures.plots import FigureSpec
from symbattery.paper.figures.tables import Table, TableTask, to_csv

__all__ = ["Produced", "produce", "share_missing"]


@dataclass(frozen=True)
class Produced:
    """The files that :func:`produce` made.

    Attributes
    ----------
    written : tuple of Path
        Pictures and data, those that were there before included.
    computed, reused : int
        How many tables were computed now, and how many had been before.
    """

    written: tuple[Path, ...]
    computed: int
    reused: int


def _file(folder: Path, table: str) -> Path:
    return folder / f"{table}.csv"


def _tasks(figures: Iterable[FigureSpec]) -> dict[str, TableTask]:
    """The tables to compute, by name; figures may share them."""
    return {task.name: task for figure in figures for task in figure.table_tasks}


def share_missing(figures: Iterable[FigureSpec], store: Path) -> float:
    """The share of the points of figures that are not in a store."""
    batches = [task.batch for task in _tasks(figures).values()]
    programs = {key: batch.program for batch in batches for key in batch.points}
    return ChunkStore(store, programs).share_missing()


def produce(
    figures: Iterable[FigureSpec],
    output: str | Path,
    processes: int | None = None,
    *,
    executor: Executor | None = None,
    store: str | Path | None = None,
) -> Produced:
    """Compute, save and draw figures; an interrupted run goes on where it stopped.

    The points of all tables are one sweep. A table and a figure are written as soon as their points
    are there; a picture is drawn again only if one of its tables has changed.

    Parameters
    ----------
    figures : iterable of FigureSpec
    output : path
        A folder; made if it is not there.
    processes, executor
        As for :func:`numerics.sweep`.
    store : path, optional
        The folder of the points; the folder ``STORE`` in ``output`` if left out.

    Raises
    ------
    InvalidArgument
        A folder cannot be written.
    WorkFailed
        A point could not be computed.
    """
    waiting = list(figures)
    tasks = _tasks(waiting)
    # Of tables that figures share it is that of one of them.
    commands = {task.name: figure.command for figure in waiting for task in figure.table_tasks}
    names = [path.name for figure in waiting for path in pictures(Path(), figure.name)]
    folder = files.output_folder(output, (*names, *(_file(Path(), name).name for name in tasks)))
    what = f"the points of {', '.join(figure.name for figure in waiting)}"
    known: dict[str, Record] = {}
    tables: dict[str, Table] = {}
    changed: set[str] = set()
    written: list[Path] = []
    reused = None
    for found in records(
        [task.batch for task in tasks.values()], what, folder / STORE if store is None else store,
        executor=executor, processes=processes,
    ):  # fmt: skip
        known |= found
        for name, task in tasks.items():
            if name not in tables and task.batch.points.keys() <= known.keys():
                tables[name] = task.table(known)
                if _saved(folder, tables[name], commands[name]):
                    changed.add(name)
        if reused is None:
            reused = len(tables)
        for figure in list(waiting):
            if all(task.name in tables for task in figure.table_tasks):
                written += _drawn(figure, tables, folder, changed)
                waiting.remove(figure)
    reused = reused or 0
    return Produced(tuple(written), len(tables) - reused, reused)


def _saved(folder: Path, table: Table, command: str) -> bool:
    """Write a table, unless it is there; true if it was not."""
    path, text = _file(folder, table.name), to_csv(table, command)
    with suppress(OSError, UnicodeDecodeError):
        if files.read_text(path) == text:
            return False
    files.write_file(path, text)
    return True


def _drawn(
    figure: FigureSpec, tables: dict[str, Table], folder: Path, changed: set[str]
) -> list[Path]:
    """The picture and the data of one figure, of whose tables some have changed."""
    names = [task.name for task in figure.table_tasks]
    # A picture is the same in whichever order its tables arrived.
    own = {name: tables[name] for name in names}
    derived = {table.name: table for table in figure.derive(own)}
    new = [_saved(folder, table, figure.command) for table in derived.values()]
    if any(new) or not changed.isdisjoint(names) or not saved(folder, figure.name):
        every = {**own, **derived}
        about = " | ".join(dict.fromkeys(table.about for table in every.values()))
        write(figure.plot(every), folder, figure.name, about, figure.command)
    data = (_file(folder, name) for name in (*names, *derived))
    return [*pictures(folder, figure.name), *data]
