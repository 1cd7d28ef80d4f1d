"""``{course}``: the derivations in the order in which they are read, from ``course.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Course(SphinxDirective):
    """The table of contents of the lessons."""

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir).parent / "derivations" / "course.toml"
        self.env.note_dependency(str(path))
        lessons = tomllib.loads(path.read_text("utf-8"))["lessons"]
        pages = "\n".join(f"derivations/{lesson}" for lesson in lessons)
        return self.parse_text_to_nodes(f"```{{toctree}}\n:maxdepth: 1\n:numbered:\n\n{pages}\n```")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("course", Course)
    return {"parallel_read_safe": True}
