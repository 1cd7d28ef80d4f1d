"""How curves look: told apart by line or marker alone, so that grey is enough."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

__all__ = ["LOOKS"]

# Colours of unequal lightness that the colour-blind can tell apart (after Okabe and Ito).
_ORANGE, _GREEN, _BLUE, _RED, _GREY = "#E08A00", "#009E73", "#0058A8", "#C8102E", "0.55"
_DASHED, _DOTTED, _DOT_DASHED = (0, (5, 2)), (0, (1, 1.3)), (0, (6, 1.8, 1, 1.8))


def _line(colour: str, line: Any, width: float = 1.1) -> dict[str, Any]:
    return {"color": colour, "linestyle": line, "linewidth": width}


def _marker(colour: str, marker: str, size: float = 4.2) -> dict[str, Any]:
    return {
        "color": colour,
        "linestyle": "none",
        "marker": marker,
        "markersize": size,
        "markerfacecolor": "none",
        "markeredgewidth": 0.9,
    }


LOOKS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "orange diamonds": _marker(_ORANGE, "D"),
        "green squares": _marker(_GREEN, "s"),
        "black circles": _marker("black", "o"),
        "blue crosses": _marker(_BLUE, "x"),
        "red circles": _marker(_RED, "o", 3.2),
        "red pluses": _marker(_RED, "+", 4.5),
        "red dot-dashed": _line(_RED, _DOT_DASHED),
        "red dotted": _line(_RED, _DOTTED, 1.4),
        "orange dashed": _line(_ORANGE, _DASHED),
        "green dotted": _line(_GREEN, _DOTTED, 1.4),
        "black dot-dashed": _line("black", _DOT_DASHED),
        "black solid": _line("black", "-"),
        "black dashed": _line("black", _DASHED),
        "blue solid": _line(_BLUE, "-"),
        "blue dot-dashed": _line(_BLUE, _DOT_DASHED),
        "grey solid": _line(_GREY, "-", 0.9),
        "diagonal": _line("black", (0, (1, 2)), 0.7),
        "guide": _line("0.65", "-", 0.6) | {"zorder": 1},
    }
)
