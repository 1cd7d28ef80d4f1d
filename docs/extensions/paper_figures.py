"""``{paper-figures}``: the figures and their data, from the store of the report.

The store is ``report/figures`` of the checkout, where the main command of the README puts them, or
the folder that the environment variable ``SYMBATTERY_FIGURES`` names. What is not there, as this
program makes it, is made in ``build/figures`` and there for the next time; but for the maps, which
take minutes: in their place stands how to get them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.fileutil import copy_asset_file

from symbattery.output.pictures import pictures, saved
from symbattery.paper.figures import FigureSpec, chosen, produce
from symbattery.paper.figures.best_starts import map_rows
from symbattery.paper.figures.tables import TableTask, from_csv

_STORE = "report/figures"
# As seen from the page.
_FILES = "../_static/figures/"
_MISSING = (
    "This one takes minutes to compute, which a build of the site does not do: "
    f"`symbattery figure beyond --output {_STORE}` makes it, and the next build shows it."
)


def _has(folder: Path, task: TableTask) -> bool:
    """The table is there, as this program computes it."""
    try:
        return from_csv((folder / f"{task.name}.csv").read_text("utf-8")).head == task.head
    except (OSError, ValueError):
        return False


def folder_of(root: Path, figure: FigureSpec) -> Path | None:
    """The folder of a checkout in which a figure is, once this returns; none for a missing map."""
    store = Path(os.environ.get("SYMBATTERY_FIGURES", root / _STORE))
    if saved(store, figure.name):
        return store
    own = root / "build" / "figures"
    own.mkdir(parents=True, exist_ok=True)
    for task in figure.table_tasks:
        if _has(store, task):
            shutil.copy2(store / f"{task.name}.csv", own)
        elif task.kind.rows is map_rows and not _has(own, task):
            return None
    produce([figure], own)
    return own


class PaperFigures(SphinxDirective):
    """The figures of some names, with their data as files."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        # What the store holds is not known from the page.
        self.env.note_reread()
        figures = chosen(self.arguments[0].split())
        return [node for figure in figures for node in self._shown(figure)]

    def _shown(self, figure: FigureSpec) -> list[nodes.Node]:
        name, title = figure.name, figure.name.replace("-", " ").capitalize()
        folder = folder_of(Path(self.env.srcdir).parent, figure)
        if folder is None:
            return self.parse_text_to_nodes(f"*{title}.* {figure.caption} {_MISSING}")
        target = Path(self.env.app.outdir) / "_static" / "figures"
        target.mkdir(parents=True, exist_ok=True)
        # The map of all batteries is in strips that begin with its name.
        data = sorted(path for path in folder.glob("*.csv") if _belongs(path.stem, name))
        for path in (*data, *pictures(folder, name)):
            copy_asset_file(path, target)
        links = "".join(
            f'<li><a href="{_FILES}{path.name}" download>{path.name}</a></li>' for path in data
        )
        html = (
            f'<figure class="paper-figure" id="{name}">'
            f'<img src="{_FILES}{name}.png" alt="{title}" loading="lazy">'
            f'<figcaption>{title}: <a href="{_FILES}{name}.pdf">PDF</a>'
            f"<details><summary>data ({len(data)} CSV)</summary><ul>{links}</ul></details>"
            f"</figcaption></figure>"
        )
        return [nodes.raw("", html, format="html")]


def _belongs(table: str, figure: str) -> bool:
    return table == figure or table.startswith(f"{figure}-")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("paper-figures", PaperFigures)
    return {"parallel_read_safe": True}
