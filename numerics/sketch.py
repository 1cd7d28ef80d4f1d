"""Small drawings (SVG), tables and pages for notebooks, without any plotting."""

from __future__ import annotations

import html
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

__all__ = ["page", "sketch", "table"]

_WIDTH, _HEIGHT = 300.0, 130.0
_LEFT, _BOTTOM, _RIGHT, _TOP = 44.0, 30.0, 8.0, 8.0
_CELL = "text-align: right; padding: 0.15em 0.8em"
_FRAME = "fill:none;stroke:currentColor;stroke-width:0.8"
_CURVE = "fill:none;stroke:#0058A8;stroke-width:1.6"


def sketch(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], x_label: str, y_label: str
) -> str:
    """A curve in a frame, with the ends of both axes; it scales with the width there is.

    Parameters
    ----------
    x, y : arrays (n,)
        With at least two points, in the order of x.
    x_label, y_label : str
    """
    low, high = float(min(y.min(), 0)), float(max(y.max(), 0))
    high = high if high > low else low + 1
    left, right = float(x[0]), float(x[-1])
    across = _LEFT + (x - left) / (right - left) * (_WIDTH - _LEFT - _RIGHT)
    down = _HEIGHT - _BOTTOM - (y - low) / (high - low) * (_HEIGHT - _BOTTOM - _TOP)
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, down, strict=True))
    bottom, middle = _HEIGHT - _BOTTOM, (_LEFT + _WIDTH - _RIGHT) / 2
    texts = (
        (_LEFT, bottom + 12, "start", f"{left:.3g}"),
        (_WIDTH - _RIGHT, bottom + 12, "end", f"{right:.3g}"),
        (middle, bottom + 24, "middle", x_label),
        (_LEFT - 4, bottom, "end", f"{low:.3g}"),
        (_LEFT - 4, _TOP + 8, "end", f"{high:.3g}"),
        (_LEFT - 4, (bottom + _TOP) / 2, "end", y_label),
    )
    written = "".join(
        f'<text x="{a:.1f}" y="{b:.1f}" text-anchor="{anchor}">{html.escape(text)}</text>'
        for a, b, anchor, text in texts
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" width="{_WIDTH:g}" role="img" '
        'style="max-width:100%;font:10px sans-serif;fill:currentColor">'
        f'<rect x="{_LEFT:g}" y="{_TOP:g}" width="{_WIDTH - _LEFT - _RIGHT:g}" '
        f'height="{_HEIGHT - _BOTTOM - _TOP:g}" style="{_FRAME}"/>'
        f'<polyline points="{points}" style="{_CURVE}"/>{written}</svg>'
    )


def page(parts: Iterable[str]) -> str:
    """Parts of a page, HTML, one below the other; what is too wide scrolls within it."""
    inner = "".join(f"<div>{part}</div>" for part in parts if part)
    return f'<div style="max-width:100%;overflow-x:auto">{inner}</div>'


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of texts, HTML."""

    def row(tag: str, cells: Iterable[str]) -> str:
        inner = "".join(f'<{tag} style="{_CELL}">{html.escape(cell)}</{tag}>' for cell in cells)
        return f"<tr>{inner}</tr>"

    body = "".join(row("td", cells) for cells in rows)
    return f'<table class="docutils"><thead>{row("th", head)}</thead><tbody>{body}</tbody></table>'
