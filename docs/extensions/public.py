"""``{public}``: the names that a package offers, each with its first sentence and a link."""

from __future__ import annotations

import inspect
from importlib import import_module
from types import ModuleType
from typing import Any

from bars import escaped
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


def _sentence(found: Any) -> str:
    return escaped(" ".join((inspect.getdoc(found) or "").split("\n\n")[0].split()))


class Public(SphinxDirective):
    """``__all__`` of a package as a table."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        package = import_module(self.arguments[0])
        lines = [".. list-table::", "   :widths: 30 70", ""]
        for name in package.__all__:
            found = getattr(package, name)
            if isinstance(found, ModuleType):
                shown, words = f":py:mod:`{name} <{found.__name__}>`", _sentence(found)
            elif hasattr(found, "__qualname__"):
                shown = f":py:obj:`{name} <{found.__module__}.{found.__qualname__}>`"
                words = _sentence(found)
            else:
                shown, words = f"``{name}``", f"a constant: {type(found).__name__}"
            lines += [f"   * - {shown}", f"     - {words}"]
        return self.parse_text_to_nodes(
            "\n".join(["```{eval-rst}", *lines, "```"]), allow_section_headings=False
        )


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("public", Public)
    return {"parallel_read_safe": True}
