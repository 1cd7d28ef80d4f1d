"""``{benchmarks}``: what was measured, from ``docs/benchmarks.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from ledger import row, table
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

# "ratio 12.3", "ratio over 500", with an aim or without.
_RATIO = re.compile(r"ratio ((?:over )?[\d.]+(?:, aim [\d.]+)?)")


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
        section += table("measured", ("measured", "ratio"), map(_row, file["runs"]), (80, 20))
        yield section


def _row(run: Mapping[str, str]) -> nodes.row:
    """What a benchmark printed, and its ratios beside it."""
    ratios = [match[1] for match in _RATIO.finditer(run["printed"])]
    lines = [_RATIO.sub("", line).rstrip(" ,") for line in run["printed"].splitlines()]
    text = "\n".join(line for line in lines if line.strip())
    found = "\n".join(ratios)
    return row([nodes.literal_block(text, text, language="text"), found], [])


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("benchmarks", Benchmarks)
    return {"parallel_read_safe": True}
