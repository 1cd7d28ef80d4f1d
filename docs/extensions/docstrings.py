"""Docstrings as pages: bars, names and the table ``{public}`` of what a package offers."""

from __future__ import annotations

import inspect
import re
import sys
from importlib import import_module
from types import ModuleType
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

# Displays, mathematics and code stay as they are; then the bar itself.
_VERBATIM = re.compile(
    r"(\.\. math::.*?\n(?:[ \t]*\n|[ \t]+\S.*\n)*|:math:`[^`]*`|``.*?``)|\|", re.DOTALL
)


def escaped(text: str) -> str:
    r"""``|x|`` as ``\|x\|``, outside mathematics and code."""
    return _VERBATIM.sub(lambda match: match[1] or r"\|", text)


def escape(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Escape the bars of a docstring."""
    lines[:] = escaped("\n".join(lines) + "\n").split("\n")[:-1]


def resolve(app: Sphinx, doctree: nodes.document) -> None:
    """Write the full name into each reference that a module's own names explain."""
    for reference in list(doctree.findall(addnodes.pending_xref)):
        if reference.get("refdomain") != "py":
            continue
        module = sys.modules.get(reference.get("py:module") or "")
        name = reference["reftarget"]
        head, dot, rest = name.partition(".")
        found = getattr(module, head, None)
        home = getattr(found, "__module__", None)
        if isinstance(home, str) and home.partition(".")[0] in ("symbattery", "numerics"):
            qualified = getattr(found, "__qualname__", head)
            reference["reftarget"] = f"{home}.{qualified}{dot}{rest}"
        elif reference.get("refspecific") and not name.startswith("."):
            # A word such as "real" is no function of that name in some other module.
            reference.replace_self(reference.children)


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
    # After the docstring has been read as a NumPy one, before formulas are inserted.
    app.connect("autodoc-process-docstring", escape, priority=800)
    app.connect("doctree-read", resolve)
    app.add_directive("public", Public)
    return {"parallel_read_safe": True}
