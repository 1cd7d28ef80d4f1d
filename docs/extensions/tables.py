"""Tables of what was computed before: ``{verdicts}``, ``{ledger}`` and ``{benchmarks}``.

The records are ``docs/claims.json`` and ``docs/field.json``, which the tests compare with what is
computed, and ``docs/benchmarks.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from texts import Record, measured, origin, printed, result

from symbattery.paper.claim import Verdict
from symbattery.paper.field import PAPERS
from symbattery.paper.ledger import BEGIN, END, FIELD, counts, of_the_paper, paper_of, stored
from symbattery.paper.sections import BEYOND, SECTIONS

_MOST = re.compile(r"\b([EP])_max\b")

# The class of each verdict, and its name in a column.
_VERDICTS = {
    Verdict.HOLDS: ("holds", "holds"),
    Verdict.READING: ("reading", "under a reading"),
    Verdict.FAILS: ("fails", "does not hold"),
    Verdict.UNKNOWN: ("unknown", "not computed"),
}


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
        found += nodes.entry("", *([content] if cell else []))
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
    """The number of claims of each verdict, side by side: of the paper, or of ``field``."""

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir).parent
        every = stored(root, FIELD) if self.arguments else of_the_paper(stored(root))
        found = {verdict: count for verdict, count in counts(every).items() if count}
        which = (
            f"statements of {len(PAPERS)} papers" if self.arguments else "statements of the paper"
        )
        head = (which, *(verdict.value for verdict in found))
        totals = row((str(len(every)), *map(str, found.values())), ["counts"])
        for entry, verdict in zip(totals.children[1:], found, strict=True):
            entry["classes"].append(_VERDICTS[verdict][0])
        return [table("counts", head, [totals], (25,) * len(head))]


class Ledger(SphinxDirective):
    """All claims, section by section.

    Of ``failing`` ones a single table, with the reasons; of ``field`` those of other papers, paper
    by paper.
    """

    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir).parent
        if self.arguments == ["field"]:
            return [self._paper(key, stored(root, FIELD)) for key in PAPERS]
        every = stored(root)
        if self.arguments:
            fails = [one for one in of_the_paper(every) if one["verdict"] == Verdict.FAILS.value]
            return [_claims(fails, "what holds", "what gives it", origin)]
        found: list[nodes.Node] = []
        for name, title in SECTIONS.items():
            section = nodes.section("", nodes.title(title, title), ids=[nodes.make_id(title)])
            chosen = [one for one in every if one["section"] == name]
            says = "statement" if name == BEYOND else "what the paper says"
            section += _claims(chosen, "computed", "verdict", _verdict, says)
            found.append(section)
        return found

    def _paper(self, key: str, records: Iterable[Record]) -> nodes.section:
        """A section with what is read how, and all statements."""
        paper = PAPERS[key]
        title = nodes.title(paper.name, paper.name)
        section = nodes.section("", title, ids=[f"paper-{nodes.make_id(paper.name)}"])
        address = nodes.reference("", f"arXiv {key}", refuri=f"https://arxiv.org/abs/{key}")
        words = prose(f". {paper.model}.")
        section += nodes.paragraph("", "", address, *words)
        chosen = [one for one in records if paper_of(one["identifier"]) == key]
        section += _claims(chosen, "computed", "verdict", _verdict)
        return section


def _verdict(record: Record) -> str:
    return _VERDICTS[Verdict(record["verdict"])][1]


def _claims(
    records: Iterable[Record],
    holds: str,
    last: str,
    words: Callable[[Record], str],
    says: str = "what the paper says",
) -> nodes.table:
    """A table of claims; the words of the last column are made of the record."""
    rows = []
    for one in records:
        where = one["where"].split(", ", 1)[-1]
        cells = (where, one["says"], printed(one["printed"]), result(one), words(one))
        rows.append(row(cells, [_VERDICTS[Verdict(one["verdict"])][0]]))
    head = ("where", says, "printed", holds, last)
    return table("ledger", head, rows, (12, 32, 10, 30, 16))


def typeset(app: Sphinx, page: str, source: list[str]) -> None:
    """Put the table of claims where Markdown has it as text."""
    before, found, rest = source[0].partition(BEGIN)
    if found:
        shown = "{verdicts} field" if page == "field" else "{ledger} failing"
        source[0] = f"{before}```{shown}\n```{rest.partition(END)[2]}"


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
        section += self.parse_text_to_nodes(_MOST.sub(r"$\1_{\\max}$", file["about"]))
        section += nodes.literal_block(file["command"], file["command"], language="sh")
        machine = file["machine"]
        versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
        text = f"{file['date']}, {machine['processor']}, {machine['cores']} cores; {versions}."
        section += nodes.paragraph(text, text, classes=["machine"])
        section += table("measured", ("measured", "ratio"), map(_measured, file["runs"]), (80, 20))
        yield section


def _measured(run: Mapping[str, str]) -> nodes.row:
    """The text that a benchmark printed, and its ratios beside it."""
    text, found = measured(run["printed"])
    return row([nodes.literal_block(text, text, language="text"), found], [])


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("verdicts", Verdicts)
    app.add_directive("ledger", Ledger)
    app.add_directive("benchmarks", Benchmarks)
    app.connect("source-read", typeset)
    return {"parallel_read_safe": True}
