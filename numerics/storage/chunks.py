"""Results in a folder, chunk by chunk: each a file that is always whole, of one program.

A chunk has a name of its own, made from its keys and its program, so that several processes may
write to one folder: at worst both compute a result, and it is the same. Each file has a digest of
its content; one that is damaged, or none of ours, does not count. A plan beside them lists
the keys that a run wants, so that anybody can tell how far it is.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from numerics.model.checks import InvalidArgument
from numerics.storage.files import output_folder, read_text, write_file
from numerics.storage.fingerprints import Record

__all__ = ["STORE", "ChunkStore", "Progress", "progress"]

STORE = "store"
"""The folder of results beside what is made of them."""

_PLAN, _CHUNK = "plan", "chunk"
_DIGITS = 16
# Seconds for which the results of another program stay, so that one can go back to it: a month.
_STAY = 30 * 86400


def _digest(*texts: str) -> str:
    return sha256("\0".join(texts).encode()).hexdigest()[:_DIGITS]


def _of(content: Record) -> str:
    return _digest(json.dumps(content))


def _chunks_of(program: str) -> str:
    return f"{_CHUNK}-{_digest(program)}-"


@dataclass(frozen=True)
class ChunkStore:
    """The finished results of a run in a folder.

    Attributes
    ----------
    folder : Path
    programs : mapping of str to str
        The keys of all results that the run wants, and the fingerprint of the program of each.
    """

    folder: Path
    programs: Mapping[str, str]

    @classmethod
    def of(cls, folder: str | Path, programs: Mapping[str, str]) -> ChunkStore:
        """A store in a folder, which is made if need be.

        Raises
        ------
        InvalidArgument
            It cannot be made or written to.
        """
        try:
            return cls(output_folder(folder), programs)
        except InvalidArgument as error:
            raise InvalidArgument(str(error).replace("`output`", "`store`", 1)) from None

    def records(self) -> dict[str, Record]:
        """The records by key, as far as there are any."""
        return {
            key: record
            for program in set(self.programs.values())
            for chunk in _documents(self.folder.glob(f"{_chunks_of(program)}*.json"), "results")
            for key, record in chunk["results"].items()
            if self.programs.get(key) == program
        }

    def share_missing(self) -> float:
        """The share of the results that are not there."""
        return 1 - len(self.records()) / len(self.programs)

    def keep(self, results: Mapping[str, Record]) -> None:
        """Add some results; of each program all or none of them."""
        for program in {self.programs[key]: None for key in results}:
            own = {key: one for key, one in results.items() if self.programs[key] == program}
            name = f"{_chunks_of(program)}{_digest(*own)}.json"
            self._write(name, {"symbattery": program, "results": own})

    def plan(self, what: str) -> None:
        """Say which results the run wants, and what they are.

        What other programs made of them more than a month ago is removed.
        """
        keys: dict[str, list[str]] = {program: [] for program in self.programs.values()}
        for key, program in self.programs.items():
            keys[program].append(key)
        name = f"{_PLAN}-{_digest(what, *self.programs)}.json"
        self._write(name, {"what": what, "programs": keys})
        own, old = tuple(map(_chunks_of, keys)), time.time() - _STAY
        for path in self.folder.glob(f"{_CHUNK}-*.json"):
            # Another process may have removed it.
            with suppress(OSError):
                if not path.name.startswith(own) and path.stat().st_mtime < old:
                    for chunk in _documents([path], "results"):
                        if chunk["results"].keys() <= self.programs.keys():
                            path.unlink()

    def _write(self, name: str, content: Record) -> None:
        write_file(self.folder / name, json.dumps({**content, "digest": _of(content)}) + "\n")


@dataclass(frozen=True)
class Progress:
    """A run: what it computes, and how many results it wants, has, and has as errors."""

    what: str
    programs: tuple[str, ...]
    total: int
    finished: int
    failed: int


def progress(folder: str | Path) -> list[Progress]:
    """The runs whose plans are in a folder, each by the programs that last ran it."""
    found = []
    for plan in _documents(Path(folder).glob(f"{_PLAN}-*.json"), "programs"):
        programs = {key: program for program, keys in plan["programs"].items() for key in keys}
        there = ChunkStore(Path(folder), programs).records()
        failed = sum(bool(record.get("errors")) for record in there.values())
        found.append(
            Progress(plan["what"], tuple(plan["programs"]), len(programs), len(there), failed)
        )
    return found


def _documents(paths: Iterable[Path], content: str) -> Iterator[Record]:
    """The undamaged files among some that have some content."""
    for path in sorted(paths):
        try:
            found = json.loads(read_text(path))
        # Something else of this name is none of ours.
        except (OSError, ValueError):
            continue
        if not isinstance(found, dict) or found.pop("digest", None) != _of(found):
            continue
        if content in found:
            yield found
