"""Tables of what was computed before: ``{verdicts}``, ``{ledger}`` and ``{benchmarks}``.

The records are ``docs/claims.json``, which the tests compare with what is computed, and
``docs/benchmarks.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from symbattery.paper.claim import Verdict
from symbattery.paper.ledger import counts, stored

Record = Mapping[str, Any]

# "ratio 12.3", "ratio over 500", with an aim or without.
_RATIO = re.compile(r"ratio ((?:over )?[\d.]+(?:, aim [\d.]+)?)")

# The class of each verdict, and its name in a column.
_VERDICTS = {
    Verdict.HOLDS: ("holds", "holds"),
    Verdict.READING: ("reading", "under a reading"),
    Verdict.FAILS: ("fails", "does not hold"),
    Verdict.UNKNOWN: ("unknown", "not computed"),
}


def shown(value: Any) -> str:
    """A result: a number to seven digits, an exact one as it is, a long one by what it is."""
    if isinstance(value, float):
        return f"{value:.7g}"
    text = str(value)
    if not text.startswith("Matrix"):
        return text if len(text) <= 40 else f"{text[:37]}…"
    return "a matrix that differs" if any(digit in text for digit in "123456789") else "0"


def result(record: Record) -> str:
    """The result for a claim, and the words that define it."""
    if "failure" in record:
        return str(record["failure"])
    if record["verdict"] == Verdict.READING.value:
        found = next(r for r in (record["plain"], *record["readings"]) if r["agrees"])
    else:
        found = record.get("instead", record["plain"])
    exact = record["printed"] == "equal" and record["verdict"] != Verdict.FAILS.value
    return f"{'0' if exact else shown(found['result'])}: {found['words']}"


def origin(record: Record) -> str:
    """The calculation that gives the printed value."""
    return next((s["words"] for s in record.get("sources", ()) if s["agrees"]), "")


def prose(text: str) -> Iterator[nodes.Node]:
    """Words, and what stands between dollars as mathematics."""
    for number, part in enumerate(text.split("$")):
        if part:
            yield nodes.math(part, part) if number % 2 else nodes.Text(part)


def row(cells: Iterable[nodes.Node | str], classes: list[str]) -> nodes.row:
    """One row of a table."""
    found = nodes.row(classes=classes)
    for cell in cells:
        content = nodes.paragraph("", "", *prose(cell)) if isinstance(cell, str) else cell
        found += nodes.entry("", content)
    return found


def table(
    kind: str, head: tuple[str, ...], rows: Iterable[nodes.row], widths: tuple[int, ...]
) -> nodes.table:
    """A table; ``kind`` is its class."""
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=width) for width in widths]
    group += nodes.thead("", row(head, []))
    group += nodes.tbody("", *rows)
    return nodes.table("", group, classes=[kind])


class Verdicts(SphinxDirective):
    """The number of claims of each verdict, side by side."""

    def run(self) -> list[nodes.Node]:
        every = stored(Path(self.env.srcdir).parent)
        found = {verdict: count for verdict, count in counts(every).items() if count}
        head = ("statements of the paper", *(verdict.value for verdict in found))
        totals = row((str(len(every)), *map(str, found.values())), ["counts"])
        for entry, verdict in zip(totals.children[1:], found, strict=True):
            entry["classes"].append(_VERDICTS[verdict][0])
        return [table("counts", head, [totals], (25,) * len(head))]


class Ledger(SphinxDirective):
    """The claims of one section; without one, all that do not hold and why."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        every = stored(Path(self.env.srcdir).parent)
        if self.arguments:
            chosen = [record for record in every if record["section"] == self.arguments[0]]
            head = ("where", "what the paper says", "printed", "computed", "verdict")
            widths = (12, 34, 10, 32, 12)
        else:
            chosen = [r for r in every if r["verdict"] == Verdict.FAILS.value]
            head = ("where", "what the paper says", "printed", "what holds", "what gives it")
            widths = (12, 30, 10, 28, 20)
        rows = []
        for record in chosen:
            where = record["where"].split(", ", 1)[-1]
            kind, words = _VERDICTS[Verdict(record["verdict"])]
            last = words if self.arguments else origin(record)
            printed = record["printed"].replace("<=", "≤")
            cells = (where, record["says"], printed, result(record), last)
            rows.append(row(cells, [kind]))
        return [table("ledger", head, rows, widths)]


class Benchmarks(SphinxDirective):
    """Each file of benchmarks: the machine, the ratios, and all that it printed."""

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir) / "benchmarks.json"
        self.env.note_dependency(str(path))
        measured = json.loads(path.read_text("utf-8"))
        return [node for file in measured["files"] for node in self._file(file)]

    def _file(self, file: Mapping[str, Any]) -> Iterator[nodes.Node]:
        section = nodes.section(ids=[nodes.make_id(file["file"])])
        title = Path(file["file"]).stem.removeprefix("test_").replace("_", " ").capitalize()
        section += nodes.title(title, title)
        section += self.parse_text_to_nodes(file["about"].replace("``", "`"))
        section += nodes.literal_block(file["command"], file["command"], language="sh")
        machine = file["machine"]
        versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
        text = f"{file['date']}, {machine['processor']}, {machine['cores']} cores; {versions}."
        section += nodes.paragraph(text, text, classes=["machine"])
        section += table("measured", ("measured", "ratio"), map(_measured, file["runs"]), (80, 20))
        yield section


def _measured(run: Mapping[str, str]) -> nodes.row:
    """The text that a benchmark printed, and its ratios beside it."""
    ratios = [match[1] for match in _RATIO.finditer(run["printed"])]
    lines = [_RATIO.sub("", line).rstrip(" ,") for line in run["printed"].splitlines()]
    text = "\n".join(line for line in lines if line.strip())
    found = "\n".join(ratios)
    return row([nodes.literal_block(text, text, language="text"), found], [])


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("verdicts", Verdicts)
    app.add_directive("ledger", Ledger)
    app.add_directive("benchmarks", Benchmarks)
    return {"parallel_read_safe": True}
