"""Results in a folder, chunk by chunk: each a file that is always whole, of one program.

A chunk has a name of its own, made from its keys and its program, so that several processes may
write to one folder: at worst both compute a result, and it is the same. Each file has a digest of
its content; one that is damaged, or none of ours, does not count. A plan beside them lists
the keys that a run wants, so that anybody can tell how far it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from numerics.model.checks import InvalidArgument
from numerics.storage.cache import Record
from numerics.storage.files import output_folder, read_text, write_file

__all__ = ["ChunkStore", "Progress", "progress"]

_PLAN, _CHUNK = "plan", "chunk"
_DIGITS = 16


def _digest(*texts: str) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()[:_DIGITS]


def _of(content: Record) -> str:
    return _digest(json.dumps(content))


@dataclass(frozen=True)
class ChunkStore:
    """The finished results of one program in a folder; ``program`` is its fingerprint."""

    folder: Path
    program: str

    @classmethod
    def of(cls, folder: str | Path, program: str) -> ChunkStore:
        """A store in a folder, which is made if need be.

        Raises
        ------
        InvalidArgument
            It cannot be made or written to.
        """
        try:
            return cls(output_folder(folder), program)
        except InvalidArgument as error:
            raise InvalidArgument(str(error).replace("`output`", "`store`", 1)) from None

    def records(self, keys: Iterable[str]) -> dict[str, Record]:
        """The records of some keys, as far as there are any."""
        wanted = set(keys)
        return {
            key: record
            for chunk in _documents(
                self.folder, f"{_CHUNK}-{_digest(self.program)}-*.json", "results"
            )
            for key, record in chunk["results"].items()
            if key in wanted
        }

    def keep(self, results: Mapping[str, Record]) -> None:
        """Add some results, all or none of them."""
        name = f"{_CHUNK}-{_digest(self.program)}-{_digest(*results)}.json"
        self._write(name, {"symbattery": self.program, "results": dict(results)})

    def plan(self, what: str, keys: Sequence[str]) -> None:
        """Say which results a run wants, and what they are."""
        name = f"{_PLAN}-{_digest(what, *keys)}.json"
        self._write(name, {"symbattery": self.program, "what": what, "keys": list(keys)})

    def _write(self, name: str, content: Record) -> None:
        write_file(self.folder / name, json.dumps({**content, "digest": _of(content)}) + "\n")


@dataclass(frozen=True)
class Progress:
    """A run: what it computes, and how many results it wants, has, and has as errors."""

    what: str
    program: str
    total: int
    finished: int
    failed: int


def progress(folder: str | Path) -> list[Progress]:
    """The runs whose plans are in a folder, each by the program that last ran it."""
    found = []
    for plan in _documents(Path(folder), f"{_PLAN}-*.json", "keys"):
        store = ChunkStore(Path(folder), plan["symbattery"])
        there = store.records(plan["keys"])
        failed = sum(bool(record.get("errors")) for record in there.values())
        found.append(
            Progress(plan["what"], store.program, len(set(plan["keys"])), len(there), failed)
        )
    return found


def _documents(folder: Path, pattern: str, content: str) -> Iterator[Record]:
    """The undamaged files of some names that have some content and a program."""
    for path in sorted(folder.glob(pattern)):
        try:
            found = json.loads(read_text(path))
        # Something else of this name is none of ours.
        except (OSError, ValueError):
            continue
        if not isinstance(found, dict) or found.pop("digest", None) != _of(found):
            continue
        if found.keys() >= {"symbattery", content}:
            yield found
