"""From pieces to files: on all cores, nothing computed twice, nothing half-written."""

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
from symbattery.paper.figures.table_tasks import FigureSpec, TableTask
from symbattery.paper.figures.tables import Table, from_csv, to_csv

__all__ = ["Produced", "produce"]


@dataclass(frozen=True)
class Produced:
    """What :func:`produce` made.

    Attributes
    ----------
    written : tuple of Path
        Pictures and data, those that were there before included.
    computed, kept : int
        How many tables were computed now, and how many had been before.
    """

    written: tuple[Path, ...]
    computed: int
    kept: int


def _kept(table_task: TableTask, folder: Path) -> Table | None:
    """The table, if it is there as this version would make it."""
    try:
        table = from_csv((folder / f"{table_task.name}.csv").read_text("utf-8"))
    except (OSError, UnicodeDecodeError, InvalidArgument):
        return None
    return table if table.head == table_task.head else None


def _rows(table_task: TableTask) -> Iterator[Table]:
    yield table_task.compute()


def produce(
    figure_specs: Iterable[FigureSpec], output: str | Path, processes: int | None = None
) -> Produced:
    """Compute, save and draw figures; an interrupted run goes on where it stopped.

    Every table is saved as soon as it is there, and taken from its file where that says the same
    parameters, method and program; a picture is drawn again only if one of its tables is new.

    Parameters
    ----------
    sheets : iterable of Sheet
    output : path
        A folder; made if it is not there.
    processes : int, optional
        As many as there are cores.

    Raises
    ------
    InvalidArgument
        The folder cannot be written.
    """
    figure_specs = tuple(figure_specs)
    names = [
        f"{figure_spec.name}{suffix}" for figure_spec in figure_specs for suffix in (".pdf", ".png")
    ]
    data = [
        f"{table_task.name}.csv"
        for figure_spec in figure_specs
        for table_task in figure_spec.table_tasks
    ]
    folder = files.output_folder(output, (*names, *data))
    tables: dict[str, Table] = {}
    missing: list[TableTask] = []
    # Figures may share their tables.
    table_tasks = {
        table_task.name: table_task
        for figure_spec in figure_specs
        for table_task in figure_spec.table_tasks
    }
    for table_task in table_tasks.values():
        table = _kept(table_task, folder)
        if table is None:
            missing.append(table_task)
        else:
            tables[table_task.name] = table
    old = frozenset(tables)
    written: list[Path] = []
    waiting = list(figure_specs)
    total = len(missing) + len(figure_specs)
    with tqdm(total=total, disable=None, leave=False, unit="piece") as bar:

        def draw_ready() -> None:
            for figure_spec in [s for s in waiting if all(p.name in tables for p in s.table_tasks)]:
                bar.set_description(figure_spec.name)
                written.extend(_drawn(figure_spec, tables, folder, old))
                waiting.remove(figure_spec)
                bar.update()

        draw_ready()
        tasks = [Task(_rows, (table_task,)) for table_task in missing]
        for _, table in results(tasks, processes):
            files.write_text(folder / f"{table.head.name}.csv", to_csv(table))
            tables[table.head.name] = table
            bar.update()
            draw_ready()
    return Produced(tuple(written), len(missing), len(old))


def _drawn(
    figure_spec: FigureSpec, tables: dict[str, Table], folder: Path, old: frozenset[str]
) -> list[Path]:
    """The picture and the data of one figure; ``old`` tables were there before."""
    derived = figure_spec.derive(tables)
    for table in derived:
        files.write_text(folder / f"{table.head.name}.csv", to_csv(table))
    everything = {**tables, **{table.head.name: table for table in derived}}
    names = [table_task.name for table_task in figure_spec.table_tasks] + [
        table.head.name for table in derived
    ]
    if not (
        old.issuperset(p.name for p in figure_spec.table_tasks) and saved(folder, figure_spec.name)
    ):
        write(figure_spec.plot(everything), folder, figure_spec.name)
    return [*pictures(folder, figure_spec.name), *(folder / f"{name}.csv" for name in names)]
