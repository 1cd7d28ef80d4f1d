"""``{paper-figures}``: the figures and their data; in place of a missing map, how to get it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from figure_store import FOLDER, folder_of
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from symbattery.output.pictures import pictures
from symbattery.paper.figures import FigureSpec, chosen

# As seen from the page.
_FILES = "../_static/figures/"
_MISSING = (
    "This one takes minutes to compute, which a build of the site does not do: "
    f"`symbattery figure maps --output {FOLDER}` makes it, and the next build shows it."
)


class PaperFigures(SphinxDirective):
    """The figures of some names, with their data as files."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        # What the report holds is not known from the page.
        self.env.note_reread()
        figures = chosen(self.arguments[0].split())
        return [node for figure in figures for node in self._shown(figure)]

    def _shown(self, figure: FigureSpec) -> list[nodes.Node]:
        name, title = figure.name, figure.heading
        folder = folder_of(Path(self.env.srcdir).parent, figure)
        if folder is None:
            return self.parse_text_to_nodes(f"*{title}.* {figure.caption} {_MISSING}")
        target = Path(self.env.app.outdir) / "_static" / "figures"
        target.mkdir(parents=True, exist_ok=True)
        # Tables that are made of those computed begin with the name of the figure.
        tables = {task.name for task in figure.table_tasks}
        data = sorted(
            path
            for path in folder.glob("*.csv")
            if path.stem in tables or path.stem.startswith(f"{name}-")
        )
        for path in (*data, *pictures(folder, name)):
            shutil.copy2(path, target)
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
        return [nodes.raw("", html, format="html"), *self.parse_text_to_nodes(figure.caption)]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("paper-figures", PaperFigures)
    return {"parallel_read_safe": True}
