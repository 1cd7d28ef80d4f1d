"""Records that are kept as they are finished: one JSON file, which says what made it.

An interrupted run finds in it what it need not compute again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numerics.storage.code_fingerprint import code_fingerprint
from numerics.storage.files import write_text

__all__ = ["Record", "ResultCache"]

Record = dict[str, Any]


@dataclass
class ResultCache:
    """Records by name, all of one program, in a file that is always whole.

    Parameters
    ----------
    path : Path
        The file.
    what : str
        The key of the records in it.
    conditions : dict
        Whatever else they depend on: with other conditions they count for nothing.
    """

    path: Path
    what: str
    conditions: Record = field(default_factory=dict)
    records: dict[str, Record] = field(init=False)

    def __post_init__(self) -> None:
        self.records = self._read()

    @property
    def _head(self) -> Record:
        return {"symbattery": code_fingerprint(), **self.conditions}

    def _read(self) -> dict[str, Record]:
        try:
            found = json.loads(self.path.read_text("utf-8"))
            records = found.pop(self.what)
            if found == self._head:
                return {str(name): dict(record) for name, record in records.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        return {}

    def keep(self, name: str, record: Record) -> None:
        """Add a record and write the file."""
        self.records[name] = record
        self._write()

    def ordered(self, names: list[str]) -> list[Record]:
        """The records of these names; in the file they stand in this order from now on."""
        known = {name: self.records[name] for name in names} | self.records
        if list(known) != list(self.records):
            self.records = known
            self._write()
        return [self.records[name] for name in names]

    def _write(self) -> None:
        content = {**self._head, self.what: self.records}
        write_text(self.path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
