"""Writing files so that none is ever half-written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from numerics.model.checks import InvalidArgument, invalid

__all__ = ["output_folder", "write_text"]


def write_text(path: Path, text: str) -> None:
    """Write ``text`` beside ``path`` and move it there once it is whole.

    Raises
    ------
    InvalidArgument
        ``path`` cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    except OSError as error:
        raise _unwritable("path", path, error) from None
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        # mkstemp makes private files; give what any new file would have.
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(0o666 & ~mask)
        part.replace(path)
    except OSError as error:
        raise _unwritable("path", path, error) from None
    finally:
        part.unlink(missing_ok=True)


def output_folder(path: str | Path, names: Iterable[str] = ()) -> Path:
    """The folder ``path``, made if need be, and known to be writable.

    Parameters
    ----------
    path : path
    names : iterable of str
        Files that are going to be written there.

    Raises
    ------
    InvalidArgument
        It cannot be made or written to, or a folder stands where a file is to go.
    """
    if not str(path):
        raise invalid("output", "be the path of a folder", path)
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _unwritable("output", folder, error) from None
    for name in names:
        if (folder / name).is_dir():
            raise invalid("output", f"be a folder in which {name} can be written", str(folder))
    return folder


def _unwritable(name: str, path: Path, error: OSError) -> InvalidArgument:
    reason = error.strerror or str(error)
    return InvalidArgument(f"`{name}` must be writable, but is {str(path)!r}: {reason}")
