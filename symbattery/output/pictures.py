"""Figures as files: PDF and PNG, which say what they show, and how they were made."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from numerics.storage.files import write_file
from numerics.storage.fingerprints import code_fingerprint

__all__ = ["metadata", "pictures", "save", "saved"]


def pictures(folder: Path, name: str) -> list[Path]:
    """The files that :func:`save` writes, the PNG last."""
    return [folder / f"{name}.pdf", folder / f"{name}.png"]


def save(figure: Figure, folder: Path, name: str, about: str = "", command: str = "") -> list[Path]:
    """Write a figure to the files of :func:`pictures`, each whole or not at all.

    Their metadata have the name, the program, ``about`` (what is shown, of which model), and the
    ``command`` that makes it again.
    """
    paths = pictures(folder, name)
    for path in paths:
        drawn, form = BytesIO(), path.suffix[1:]
        options: dict[str, Any] = {"dpi": 300} if form == "png" else {}
        figure.savefig(drawn, format=form, metadata=metadata(form, name, about, command), **options)
        write_file(path, drawn.getvalue())
    return paths


def metadata(form: str, name: str, about: str = "", command: str = "") -> dict[str, str | None]:
    """The entries of PDF, PNG or SVG files with their contents; of other files there are none."""
    program = code_fingerprint()
    creator = f"symbattery {program}"
    # Without a date the same figure is the same file.
    forms: dict[str, dict[str, str | None]] = {
        "pdf": {
            "Title": name, "Creator": creator, "Subject": about, "Keywords": command,
            "CreationDate": None,
        },
        # The program in front: `saved` looks for it there.
        "png": {"Software": program, "Title": name, "Description": about, "Source": command},
        "svg": {
            "Title": name, "Creator": creator, "Description": about, "Source": command,
            "Date": None,
        },
    }  # fmt: skip
    return {key: text for key, text in forms.get(form, {}).items() if text != ""}


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
