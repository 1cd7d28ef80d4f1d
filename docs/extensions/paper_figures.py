"""``{paper-figures}``: the figures and their data.

They are taken from the folder that the environment variable ``SYMBATTERY_FIGURES`` names, where
``symbattery report`` or ``symbattery figure`` has made them; what is missing there, or all without
it, is made in ``build/figures`` of the checkout, on all cores, and there for the next time.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.fileutil import copy_asset_file

from symbattery.paper.figures import FigureSpec, chosen, produce

_PICTURES = (".png", ".pdf")
# As seen from the page.
_FILES = "../_static/figures/"


def _complete(folder: Path, figure: FigureSpec) -> bool:
    return all((folder / f"{figure.name}{suffix}").exists() for suffix in _PICTURES)


def folder_of(app: Sphinx, figure: FigureSpec) -> Path:
    """The folder in which a figure is, once this returns."""
    given = os.environ.get("SYMBATTERY_FIGURES")
    if given and _complete(Path(given), figure):
        return Path(given)
    own = Path(app.srcdir).parent / "build" / "figures"
    produce([figure], own)
    return own


class PaperFigures(SphinxDirective):
    """The figures of some names, with their data as files."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        return [self._shown(figure) for figure in chosen(self.arguments[0].split())]

    def _shown(self, figure: FigureSpec) -> nodes.Node:
        name, folder = figure.name, folder_of(self.env.app, figure)
        target = Path(self.env.app.outdir) / "_static" / "figures"
        target.mkdir(parents=True, exist_ok=True)
        # The map of all batteries is in strips that begin with its name.
        data = sorted(path.name for path in folder.glob("*.csv") if _belongs(path.stem, name))
        for file in (*data, *(f"{name}{suffix}" for suffix in _PICTURES)):
            copy_asset_file(folder / file, target)
        title = name.replace("-", " ").capitalize()
        links = "".join(f'<li><a href="{_FILES}{file}" download>{file}</a></li>' for file in data)
        html = (
            f'<figure class="paper-figure" id="{name}">'
            f'<img src="{_FILES}{name}.png" alt="{title}" loading="lazy">'
            f'<figcaption>{title}: <a href="{_FILES}{name}.pdf">PDF</a>'
            f"<details><summary>data ({len(data)} CSV)</summary><ul>{links}</ul></details>"
            f"</figcaption></figure>"
        )
        return nodes.raw("", html, format="html")


def _belongs(table: str, figure: str) -> bool:
    return table == figure or table.startswith(f"{figure}-")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("paper-figures", PaperFigures)
    return {"parallel_read_safe": True}
