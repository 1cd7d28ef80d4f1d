"""Figures as files: made on all cores, nothing computed twice, nothing half-written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from numerics.model.checks import InvalidArgument
from numerics.storage import files
from numerics.storage.processes import Task, results
from symbattery.output.pictures import pictures, saved
from symbattery.paper.figures.drawing import write
from symbattery.paper.figures.plots import FigureSpec
from symbattery.paper.figures.tables import Table, TableTask, from_csv, to_csv

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


def _reusable(task: TableTask, folder: Path) -> Table | None:
    """The table, if it is there as this version would make it."""
    try:
        table = from_csv(files.read_text(_file(folder, task.name)))
    except (OSError, UnicodeDecodeError, InvalidArgument):
        return None
    return table if table.head == task.head else None


def _tasks(figures: Iterable[FigureSpec]) -> dict[str, TableTask]:
    """The tables to compute, by name; figures may share them."""
    return {task.name: task for figure in figures for task in figure.table_tasks}


def share_missing(figures: Iterable[FigureSpec], folder: Path) -> float:
    """The share of the tables of figures that are not in a folder."""
    tasks = _tasks(figures)
    return sum(_reusable(task, folder) is None for task in tasks.values()) / len(tasks)


def _computed(task: TableTask) -> Iterator[Table]:
    yield task.compute()


def produce(
    figures: Iterable[FigureSpec], output: str | Path, processes: int | None = None
) -> Produced:
    """Compute, save and draw figures; an interrupted run goes on where it stopped.

    Every table is saved as soon as it is there, and taken from its file where that says the same
    parameters, method and program; a picture is drawn again only if one of its tables is new.

    Parameters
    ----------
    figures : iterable of FigureSpec
    output : path
        A folder; made if it is not there.
    processes : int, optional
        As many as there are cores.

    Raises
    ------
    InvalidArgument
        The folder cannot be written.
    """
    waiting = list(figures)
    tasks = _tasks(waiting)
    # Of tables that figures share it is that of one of them.
    commands = {task.name: figure.command for figure in waiting for task in figure.table_tasks}
    names = [path.name for figure in waiting for path in pictures(Path(), figure.name)]
    folder = files.output_folder(output, (*names, *(_file(Path(), name).name for name in tasks)))
    there = {name: _reusable(task, folder) for name, task in tasks.items()}
    tables = {name: table for name, table in there.items() if table is not None}
    missing = [task for name, task in tasks.items() if name not in tables]
    old = frozenset(tables)
    written: list[Path] = []
    total = len(missing) + len(waiting)
    with tqdm(total=total, disable=None, leave=False, unit="file") as bar:

        def draw_ready() -> None:
            ready = [f for f in waiting if all(task.name in tables for task in f.table_tasks)]
            for figure in ready:
                bar.set_description(figure.name)
                written.extend(_drawn(figure, tables, folder, old))
                waiting.remove(figure)
                bar.update()

        draw_ready()
        for _, table in results([Task(_computed, (task,)) for task in missing], processes):
            text = to_csv(table, commands[table.head.name])
            files.write_file(_file(folder, table.head.name), text)
            tables[table.head.name] = table
            bar.update()
            draw_ready()
    return Produced(tuple(written), len(missing), len(old))


def _drawn(
    figure: FigureSpec, tables: dict[str, Table], folder: Path, old: frozenset[str]
) -> list[Path]:
    """The picture and the data of one figure; ``old`` tables were there before."""
    names = [task.name for task in figure.table_tasks]
    # A picture is the same in whichever order its tables arrived.
    own = {name: tables[name] for name in names}
    derived = {table.head.name: table for table in figure.derive(own)}
    for name, table in derived.items():
        files.write_file(_file(folder, name), to_csv(table, figure.command))
    if not (old.issuperset(names) and saved(folder, figure.name)):
        every = {**own, **derived}
        about = " | ".join(dict.fromkeys(table.about for table in every.values()))
        write(figure.plot(every), folder, figure.name, about, figure.command)
    data = (_file(folder, name) for name in (*names, *derived))
    return [*pictures(folder, figure.name), *data]
