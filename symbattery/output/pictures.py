"""Figures as files: PDF and PNG, the second with the fingerprint of the program in it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from numerics.storage.cache import code_fingerprint
from numerics.storage.files import write_file

__all__ = ["pictures", "save", "saved"]


def pictures(folder: Path, name: str) -> list[Path]:
    """The files that :func:`save` writes, the PNG last."""
    return [folder / f"{name}.pdf", folder / f"{name}.png"]


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """Write a figure to the files of :func:`pictures`, each whole or not at all."""
    paths = pictures(folder, name)
    options: tuple[dict[str, Any], ...] = (
        {"metadata": {"CreationDate": None}},
        {"metadata": {"Software": code_fingerprint()}, "dpi": 300},
    )
    for path, chosen in zip(paths, options, strict=True):
        drawn = BytesIO()
        figure.savefig(drawn, format=path.suffix[1:], **chosen)
        write_file(path, drawn.getvalue())
    return paths


def saved(folder: Path, name: str) -> bool:
    """Both pictures are there, as this program draws them."""
    pdf, png = pictures(folder, name)
    try:
        if not (pdf.is_file() and png.is_file()):
            return False
        # The text stands in front of the pixels, and the PNG is written last.
        with png.open("rb") as stream:
            return code_fingerprint().encode() in stream.read(4096)
    except OSError:
        return False
