"""The folder of each figure: that of the report, or the site's own.

The figures of the report are in ``report/figures`` of the checkout, where the main command of the
README puts them, or in the folder that the environment variable ``SYMBATTERY_FIGURES`` names. What
is not there, as this program draws it, is made in ``build/figures`` from the results that are
stored, and there for the next time; a map of which some are missing would take minutes, and is not.
"""

from __future__ import annotations

import os
from pathlib import Path

from numerics.storage.chunks import STORE
from symbattery.output.pictures import saved
from symbattery.paper.figures import FIGURES, FigureSpec, produce, share_missing

__all__ = ["FOLDER", "folder_of"]

FOLDER = "report/figures"


def folder_of(root: Path, figure: FigureSpec) -> Path | None:
    """The folder of a checkout in which a figure is, once this returns; none for a missing map."""
    folder = Path(os.environ.get("SYMBATTERY_FIGURES", root / FOLDER))
    if saved(folder, figure.name):
        return folder
    own = root / "build" / "figures"
    # Of the report, of the command that makes figures, and of the site.
    stores = [folder.parent / STORE, folder / STORE, own / STORE]
    whole = [store for store in stores if not share_missing([figure], store)]
    if figure in FIGURES["maps"] and not whole:
        return None
    produce([figure], own, store=[*whole, stores[-1]][0])
    return own
