"""Bars in docstrings are absolute values and kets, never substitutions of reStructuredText."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

# What stays as it is: displays, mathematics and code; then the bar itself.
_KEPT = re.compile(
    r"(\.\. math::.*?\n(?:[ \t]*\n|[ \t]+\S.*\n)*|:math:`[^`]*`|``.*?``)|\|", re.DOTALL
)


def escaped(text: str) -> str:
    r"""``|x|`` as ``\|x\|``, outside mathematics and code."""
    return _KEPT.sub(lambda match: match[1] or r"\|", text)


def escape(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Escape the bars of a docstring."""
    lines[:] = escaped("\n".join(lines) + "\n").split("\n")[:-1]


def setup(app: Sphinx) -> dict[str, Any]:
    # After the docstring has been read as a NumPy one, before formulas are inserted.
    app.connect("autodoc-process-docstring", escape, priority=800)
    return {"parallel_read_safe": True}
