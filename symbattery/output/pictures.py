"""Figures as files: PDF and PNG, which say what they show, and how they were made."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from numerics.storage.files import write_file
from numerics.storage.fingerprints import code_fingerprint

__all__ = ["pictures", "save", "saved"]


def pictures(folder: Path, name: str) -> list[Path]:
    """The files that :func:`save` writes, the PNG last."""
    return [folder / f"{name}.pdf", folder / f"{name}.png"]


def save(figure: Figure, folder: Path, name: str, about: str = "", command: str = "") -> list[Path]:
    """Write a figure to the files of :func:`pictures`, each whole or not at all.

    Their metadata have the name, the program, ``about`` (what is shown, of which model), and the
    ``command`` that makes it again.
    """
    paths, program = pictures(folder, name), code_fingerprint()
    pdf = {"Title": name, "Creator": f"symbattery {program}", "Subject": about, "Keywords": command}
    # The program in front: `saved` looks for it there.
    png = {"Software": program, "Title": name, "Description": about, "Source": command}
    options: tuple[dict[str, Any], ...] = (
        {"metadata": {**_filled(pdf), "CreationDate": None}},
        {"metadata": _filled(png), "dpi": 300},
    )
    for path, chosen in zip(paths, options, strict=True):
        drawn = BytesIO()
        figure.savefig(drawn, format=path.suffix[1:], **chosen)
        write_file(path, drawn.getvalue())
    return paths


def _filled(entries: dict[str, str]) -> dict[str, str]:
    return {key: text for key, text in entries.items() if text}


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
