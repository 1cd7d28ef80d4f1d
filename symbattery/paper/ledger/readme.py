"""The summary of the ledger in the README, generated: ``python -m symbattery.paper.ledger.readme``.

The whole ledger is computed and kept in ``docs/claims.json``; the summary is made from that.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from numerics.storage.files import write_text
from symbattery.paper.ledger.registry import claims
from symbattery.paper.ledger.text import record, summary
from symbattery.paper.run import run

__all__ = ["BEGIN", "END", "block", "stored", "update"]

BEGIN, END = "<!-- claims: generated -->", "<!-- claims: end -->"


def stored(root: Path) -> list[dict[str, Any]]:
    """The records kept in a checkout."""
    found: list[dict[str, Any]] = json.loads((root / "docs" / "claims.json").read_text("utf-8"))
    return found


def block(records: list[dict[str, Any]]) -> str:
    """What stands between the two comments of the README, these included."""
    return f"{BEGIN}\n{summary(records)}\n{END}"


def _rounded(value: Any) -> Any:
    """Ten digits: what is beyond them may differ from machine to machine."""
    if isinstance(value, float):
        return float(f"{value:.10g}") if abs(value) > 1e-12 else 0.0
    if isinstance(value, dict):
        return {key: _rounded(entry) for key, entry in value.items()}
    return [_rounded(entry) for entry in value] if isinstance(value, list) else value


def update(root: Path) -> None:
    """Compute every claim, and write the records and the README of a checkout."""
    done = {outcome.claim.identifier: outcome for outcome in run(claims())}
    records = [_rounded(record(done[claim.identifier])) for claim in claims()]
    write_text(
        root / "docs" / "claims.json", json.dumps(records, indent=1, ensure_ascii=False) + "\n"
    )
    readme = root / "README.md"
    text = readme.read_text("utf-8")
    before, rest = text.split(BEGIN)
    write_text(readme, before + block(records) + rest.split(END)[1])


if __name__ == "__main__":
    update(Path(__file__).parents[2])
