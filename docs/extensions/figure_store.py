"""The folder of each figure: the store of the report, or the site's own.

The store is ``report/figures`` of the checkout, where the main command of the README puts them, or
the folder that the environment variable ``SYMBATTERY_FIGURES`` names. What is not there, as this
program makes it, is made in ``build/figures`` and there for the next time; but for the maps, which
take minutes.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from symbattery.output.pictures import saved
from symbattery.paper.figures import FIGURES, FigureSpec, produce
from symbattery.paper.figures.tables import TableTask, from_csv

__all__ = ["STORE", "folder_of"]

STORE = "report/figures"


def _has(folder: Path, task: TableTask) -> bool:
    """The table is there, as this program computes it."""
    try:
        return from_csv((folder / f"{task.name}.csv").read_text("utf-8")).head == task.head
    except (OSError, ValueError):
        return False


def folder_of(root: Path, figure: FigureSpec) -> Path | None:
    """The folder of a checkout in which a figure is, once this returns; none for a missing map."""
    store = Path(os.environ.get("SYMBATTERY_FIGURES", root / STORE))
    if saved(store, figure.name):
        return store
    own = root / "build" / "figures"
    own.mkdir(parents=True, exist_ok=True)
    for task in figure.table_tasks:
        if _has(store, task):
            shutil.copy2(store / f"{task.name}.csv", own)
        elif figure in FIGURES["maps"] and not _has(own, task):
            return None
    produce([figure], own)
    return own
