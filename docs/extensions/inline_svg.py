"""A matplotlib figure as SVG within a page: in the page's own colour, legible by day and night."""

from __future__ import annotations

import io
import re

from docutils import nodes
from matplotlib import rc_context
from matplotlib.figure import Figure

__all__ = ["COLOURS", "picture"]

# Legible on white and on black.
COLOURS = ("#2b7bd4", "#d9631e", "#2f9e57", "#b04fc4")


def picture(figure: Figure, alternative: str, name: str) -> nodes.raw:
    """The figure as a node; what it draws in black takes the colour of the text.

    Parameters
    ----------
    figure : Figure
    alternative : str
        What is to be seen, in words.
    name : str
        Keeps the identifiers within the SVG apart from those of other pictures.
    """
    out = io.StringIO()
    with rc_context({"svg.hashsalt": name, "svg.fonttype": "path"}):
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r"#000000\b", "currentColor", text)
    # Glyphs have no colour of their own.
    text = text.replace("<svg ", '<svg fill="currentColor" ', 1)
    text = re.sub(r'(<svg [^>]*?) width="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg [^>]*?) height="[^"]*"', r"\1", text, count=1)
    # Within a page the namespaces of HTML hold.
    text = re.sub(r' xmlns(:xlink)?="[^"]*"', "", text).replace("xlink:href", "href")
    for found in set(re.findall(r'id="([^"]+)"', text)):
        text = re.sub(
            rf'(id="|href="#|url\(#){re.escape(found)}(?=["\)])', rf"\1{name}-{found}", text
        )
    label = alternative.replace('"', "&quot;")
    text = text.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    return nodes.raw("", f'<div class="drawing">{text}</div>', format="html")
