"""From pieces to files: on all cores, nothing computed twice, nothing half-written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from numerics.model.checks import InvalidArgument
from numerics.storage import files
from numerics.storage.processes import Task, results
from symbattery.app.sector_figures import pictures, saved
from symbattery.paper.figures.drawing import write
from symbattery.paper.figures.pieces import Piece, Sheet
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


def _kept(piece: Piece, folder: Path) -> Table | None:
    """The table, if it is there as this version would make it."""
    try:
        table = from_csv((folder / f"{piece.name}.csv").read_text("utf-8"))
    except (OSError, UnicodeDecodeError, InvalidArgument):
        return None
    return table if table.head == piece.head else None


def _rows(piece: Piece) -> Iterator[Table]:
    yield piece.compute()


def produce(sheets: Iterable[Sheet], output: str | Path, processes: int | None = None) -> Produced:
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
    sheets = tuple(sheets)
    names = [f"{sheet.name}{suffix}" for sheet in sheets for suffix in (".pdf", ".png")]
    data = [f"{piece.name}.csv" for sheet in sheets for piece in sheet.pieces]
    folder = files.output_folder(output, (*names, *data))
    tables: dict[str, Table] = {}
    missing: list[Piece] = []
    # Figures may share their tables.
    pieces = {piece.name: piece for sheet in sheets for piece in sheet.pieces}
    for piece in pieces.values():
        table = _kept(piece, folder)
        if table is None:
            missing.append(piece)
        else:
            tables[piece.name] = table
    old = frozenset(tables)
    written: list[Path] = []
    waiting = list(sheets)
    total = len(missing) + len(sheets)
    with tqdm(total=total, disable=None, leave=False, unit="piece") as bar:

        def draw_ready() -> None:
            for sheet in [s for s in waiting if all(p.name in tables for p in s.pieces)]:
                bar.set_description(sheet.name)
                written.extend(_drawn(sheet, tables, folder, old))
                waiting.remove(sheet)
                bar.update()

        draw_ready()
        tasks = [Task(_rows, (piece,)) for piece in missing]
        for _, table in results(tasks, processes):
            files.write_text(folder / f"{table.head.name}.csv", to_csv(table))
            tables[table.head.name] = table
            bar.update()
            draw_ready()
    return Produced(tuple(written), len(missing), len(old))


def _drawn(sheet: Sheet, tables: dict[str, Table], folder: Path, old: frozenset[str]) -> list[Path]:
    """The picture and the data of one figure; ``old`` tables were there before."""
    derived = sheet.derive(tables)
    for table in derived:
        files.write_text(folder / f"{table.head.name}.csv", to_csv(table))
    everything = {**tables, **{table.head.name: table for table in derived}}
    names = [piece.name for piece in sheet.pieces] + [table.head.name for table in derived]
    if not (old.issuperset(p.name for p in sheet.pieces) and saved(folder, sheet.name)):
        write(sheet.plate(everything), folder, sheet.name)
    return [*pictures(folder, sheet.name), *(folder / f"{name}.csv" for name in names)]
