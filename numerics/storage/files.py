"""Writing files: what a program leaves is whole, and what stands in its place is respected."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from numerics.model.checks import InvalidArgument, invalid

__all__ = ["output_folder", "read_text", "write_file"]

_PART = ".part"
# Of the name of a file, in the name of its unfinished part: the whole would be too long for some.
_SHORT = 40
_STREAMS = ("/dev/stdin", "/dev/stdout", "/dev/stderr")


def write_file(path: str | Path, content: str | bytes) -> None:
    """Write ``content`` to ``path``; every writer of the two packages goes through here.

    A new file, and one that a new one can replace, is written beside and moved to its place once it
    is whole; links are followed. All else is written into: pipes, devices, files with several
    names or of another owner.

    Raises
    ------
    InvalidArgument
        ``path`` cannot be written, its permissions among the reasons.
    """
    data = content.encode() if isinstance(content, str) else content
    if str(path).endswith(tuple(filter(None, (os.sep, os.altsep)))):
        raise invalid("path", "be the path of a file, not of a folder", str(path))
    try:
        if (descriptor := _descriptor(path)) is not None:
            with open(os.dup(descriptor), "wb") as stream:
                stream.write(data)
            return
        target = Path(os.path.realpath(path))
        try:
            present = os.stat(path)
        except FileNotFoundError:
            # As any new file.
            mask = os.umask(0)
            os.umask(mask)
            _replace(target, data, 0o666 & ~mask)
            return
        if _read_only(present, path):
            raise PermissionError(0, "it is read-only")
        if _replaceable(present, target.parent):
            _replace(target, data, stat.S_IMODE(present.st_mode), present.st_gid)
        else:
            with open(path, "wb", opener=_existing) as stream:
                stream.write(data)
    except (OSError, ValueError) as error:
        raise _unwritable("path", path, error) from None


def _descriptor(path: str | Path) -> int | None:
    """The number of an open stream of this process that is named as a file."""
    name = os.path.abspath(path)
    if name in _STREAMS:
        return _STREAMS.index(name)
    number = re.fullmatch(r"/(?:dev|proc/self)/fd/(\d+)", name)
    return int(number[1]) if number and os.name == "posix" else None


def _read_only(present: os.stat_result, path: str | Path) -> bool:
    # An administrator may write everywhere; what nobody may write is protected all the same.
    return not (present.st_mode & 0o222 and os.access(path, os.W_OK))


def _replaceable(present: os.stat_result, folder: Path) -> bool:
    """True where a new file differs from this one by nothing but its content."""
    mine = not hasattr(os, "geteuid") or (
        present.st_uid == os.geteuid() and present.st_gid in (os.getegid(), *os.getgroups())
    )
    alone = stat.S_ISREG(present.st_mode) and present.st_nlink == 1
    return alone and mine and os.access(folder, os.W_OK)


def _existing(name: str, _: int) -> int:
    # Without O_CREAT: a device or a pipe that has gone must not become a file.
    return os.open(name, os.O_WRONLY | os.O_TRUNC | getattr(os, "O_BINARY", 0))


def _replace(target: Path, data: bytes, mode: int, group: int = -1) -> None:
    while True:
        handle, name = tempfile.mkstemp(
            dir=target.parent, prefix=f".{target.name[:_SHORT]}.", suffix=_PART
        )
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            if hasattr(os, "chown"):
                os.chown(part, -1, group)
            part.chmod(mode)
            with suppress(FileNotFoundError):
                # Extended attributes, where there are any; the times are new.
                shutil.copystat(target, part)
                os.utime(part)
            part.replace(target)
            return
        except FileNotFoundError:
            # Another process has tidied the folder up; where it is gone, the next round fails.
            continue
        finally:
            part.unlink(missing_ok=True)


def _leftovers(folder: Path, names: Iterable[str]) -> Iterator[Path]:
    """Unfinished files of processes that were killed, or (they begin again) that still write."""
    known = {name[:_SHORT] for name in names}
    for part in folder.glob(f".*{_PART}"):
        name, _, _ = part.name[1:].removesuffix(_PART).rpartition(".")
        if name in known:
            yield part


def read_text(path: Path) -> str:
    """The text of a regular file: to read a pipe or a device might never end.

    Raises
    ------
    OSError
        There is none.
    UnicodeDecodeError
        It is not text.
    """
    if not path.is_file():
        raise FileNotFoundError(f"no file is at {path}")
    return path.read_text("utf-8")


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
        It cannot be made or written to, or what stands where a file is to go cannot be.
    """
    if not isinstance(path, str | os.PathLike) or not str(path):
        raise invalid("output", "be the path of a folder", path)
    folder, names = Path(path), tuple(names)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        for part in _leftovers(folder, names):
            part.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise _unwritable("output", folder, error) from None
    for name in names:
        place = folder / name
        if place.is_dir() or (place.exists() and _read_only(place.stat(), place)):
            raise invalid("output", f"be a folder in which {name} can be written", str(folder))
    return folder


def _unwritable(name: str, path: str | Path, error: Exception) -> InvalidArgument:
    reason = getattr(error, "strerror", None) or str(error)
    return InvalidArgument(f"`{name}` must be writable, but is {str(path)!r}: {reason}")
