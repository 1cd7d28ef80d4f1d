"""The explorer, a page of its own: written beside the pages of the site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from symbattery.app.explorer import write_explorer


def make(app: Sphinx, failure: Exception | None) -> None:
    """Write the page, with formulas and curves as they are derived now."""
    if failure is None:
        write_explorer(Path(app.outdir) / "explore", home="../index.html")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("build-finished", make)
    return {"parallel_read_safe": True}
