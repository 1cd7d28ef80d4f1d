"""``{paper-figures}``: the figures, drawn from their tables while the site is built.

The tables are those in the folder that the environment variable ``SYMBATTERY_FIGURES`` names
(``build/figures`` of the checkout without it); what is missing there is computed, on all cores.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.fileutil import copy_asset_file

from symbattery.paper.figures import chosen, produce
from symbattery.paper.figures.pieces import Sheet


def folder(app: Sphinx) -> Path:
    """Where the tables are, or will be."""
    given = os.environ.get("SYMBATTERY_FIGURES")
    return Path(given).resolve() if given else Path(app.srcdir).parent / "build" / "figures"


class PaperFigures(SphinxDirective):
    """The figures of some names, with their data as files."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        sheets = chosen(self.arguments[0].split())
        source = folder(self.env.app)
        made = produce(sheets, source)
        target = Path(self.env.app.outdir) / "_static" / "figures"
        target.mkdir(parents=True, exist_ok=True)
        for path in made.written:
            copy_asset_file(path, target)
        names = {path.name for path in made.written}
        return [node for sheet in sheets for node in _shown(sheet, names)]


def _shown(sheet: Sheet, names: set[str]) -> list[nodes.Node]:
    name = sheet.name
    title = name.replace("-", " ").capitalize()
    data = sorted(n for n in names if n.startswith(f"{name}-") and n.endswith(".csv"))
    data += [f"{name}.csv"] if f"{name}.csv" in names else []
    links = "".join(f'<li><a href="../_static/figures/{n}" download>{n}</a></li>' for n in data)
    html = (
        f'<figure class="paper-figure" id="{name}">'
        f'<img src="../_static/figures/{name}.png" alt="{title}" loading="lazy">'
        f'<figcaption>{title}: <a href="../_static/figures/{name}.pdf">PDF</a>'
        f"<details><summary>data ({len(data)} CSV)</summary><ul>{links}</ul></details>"
        f"</figcaption></figure>"
    )
    return [nodes.raw("", html, format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("paper-figures", PaperFigures)
    return {"parallel_read_safe": True}
