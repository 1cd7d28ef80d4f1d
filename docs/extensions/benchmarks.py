"""``{benchmarks}``: the ratios that were measured, from ``docs/benchmarks.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Benchmarks(SphinxDirective):
    """Each file of benchmarks with what it printed."""

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir) / "benchmarks.json"
        self.env.note_dependency(str(path))
        measured = json.loads(path.read_text("utf-8"))
        machine = measured["machine"]
        words = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
        text = f"Measured on {machine['date']}: {machine['processor']}, {machine['cores']} cores, {words}."
        every: list[nodes.Node] = [nodes.paragraph(text, text)]
        for file in measured["files"]:
            every.append(nodes.rubric("", file["about"]))
            command = file["command"]
            every.append(nodes.literal_block(command, command, language="sh"))
            for run in file["runs"]:
                printed = run["printed"].strip()
                every.append(nodes.literal_block(printed, printed, language="text"))
        return every


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("benchmarks", Benchmarks)
    return {"parallel_read_safe": True}
