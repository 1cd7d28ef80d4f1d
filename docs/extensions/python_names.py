"""Names in docstrings lead where Python would look: to what the module calls by that name."""

from __future__ import annotations

import sys
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx


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


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-read", resolve)
    return {"parallel_read_safe": True}
