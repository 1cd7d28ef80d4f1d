"""From pieces to files: on all cores, nothing computed twice, nothing half-written."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path

from threadpoolctl import threadpool_limits
from tqdm import tqdm

from numerics.checks import InvalidArgument
from symbattery import files
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


def _prepare() -> None:
    # An interruption is the parent's to handle, and one BLAS thread for each process is enough.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threadpool_limits(1)


def _computed(pieces: Sequence[Piece], processes: int) -> Iterator[Table]:
    """The tables as they get ready."""
    if processes == 1 or len(pieces) <= 1:
        yield from (piece.compute() for piece in pieces)
        return
    # Fresh processes: a copy of one that has threads may hang.
    pool = ProcessPoolExecutor(
        min(processes, len(pieces)), mp_context=get_context("spawn"), initializer=_prepare
    )
    try:
        for done in as_completed([pool.submit(piece.compute) for piece in pieces]):
            yield done.result()
    except BaseException:
        for process in list(pool._processes.values()):
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def produce(sheets: Iterable[Sheet], output: str | Path, processes: int | None = None) -> Produced:
    """Compute, save and draw figures; an interrupted run goes on where it stopped.

    Every table is saved as soon as it is there, and taken from its file where that says the same
    parameters, method and version.

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
    pictures = [f"{sheet.name}{suffix}" for sheet in sheets for suffix in (".pdf", ".png")]
    data = [f"{piece.name}.csv" for sheet in sheets for piece in sheet.pieces]
    folder = files.output_folder(output, (*pictures, *data))
    tables: dict[str, Table] = {}
    missing: list[Piece] = []
    for piece in (piece for sheet in sheets for piece in sheet.pieces):
        table = _kept(piece, folder)
        if table is None:
            missing.append(piece)
        else:
            tables[piece.name] = table
    kept = len(tables)
    written: list[Path] = []
    waiting = list(sheets)
    total = len(missing) + len(sheets)
    with tqdm(total=total, disable=None, leave=False, unit="piece") as bar:

        def draw_ready() -> None:
            for sheet in [s for s in waiting if all(p.name in tables for p in s.pieces)]:
                bar.set_description(sheet.name)
                written.extend(_drawn(sheet, tables, folder))
                waiting.remove(sheet)
                bar.update()

        draw_ready()
        for table in _computed(missing, processes or cpu_count() or 1):
            files.write_text(folder / f"{table.head.name}.csv", to_csv(table))
            tables[table.head.name] = table
            bar.update()
            draw_ready()
    return Produced(tuple(written), len(missing), kept)


def _drawn(sheet: Sheet, tables: dict[str, Table], folder: Path) -> list[Path]:
    """The picture and the data of one figure."""
    derived = sheet.derive(tables)
    for table in derived:
        files.write_text(folder / f"{table.head.name}.csv", to_csv(table))
    everything = {**tables, **{table.head.name: table for table in derived}}
    names = [piece.name for piece in sheet.pieces] + [table.head.name for table in derived]
    pictures = write(sheet.plate(everything), folder, sheet.name)
    return [*pictures, *(folder / f"{name}.csv" for name in names)]
