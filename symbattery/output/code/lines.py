"""Lines of source code: broken where they may be, and comments that cannot end early."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

__all__ = ["BREAK", "WIDTH", "broken", "plain", "prose"]

# Stands wherever a line may be broken.
BREAK = "\x1f"
WIDTH = 92


def broken(text: str, indent: int = 0, continued: str = "") -> list[str]:
    """One statement as lines; all but the last end in ``continued``."""
    margin = " " * indent
    if len(text.replace(BREAK, "")) + indent <= WIDTH:
        return [margin + text.replace(BREAK, "")]
    lines, line = [], margin
    for piece in text.split(BREAK):
        if len(line) + len(piece.rstrip()) > WIDTH - len(continued) and line.strip():
            lines.append(line.rstrip() + continued)
            line = margin + "    "
        line += piece
    return [*lines, line.rstrip()]


def plain(text: str) -> str:
    """``text`` for a comment of any language: ASCII, and nothing that could end the comment."""
    shown = text.encode("ascii", "replace").decode("ascii")
    shown = "".join(c if c.isprintable() else " " for c in shown)
    for mark in ("*/", "/*", "*)", "(*", "=#", "#=", '"""', "\\", "$", "??"):
        while mark in shown:
            shown = shown.replace(mark, " ".join(mark) if len(mark) > 1 else "|")
    return shown


def prose(paragraphs: Iterable[str]) -> list[str]:
    """Paragraphs as lines; an indented one keeps its indent on every line."""
    lines: list[str] = []
    for paragraph in paragraphs:
        text = plain(paragraph)
        indent = " " * (len(text) - len(text.lstrip()))
        rows = textwrap.wrap(
            text.strip(),
            WIDTH - 8,
            initial_indent=indent,
            subsequent_indent=indent + "  " * bool(indent),
        )
        lines += rows or [""]
    return lines
