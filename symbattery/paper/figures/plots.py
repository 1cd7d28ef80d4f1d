"""Figures as data: panels of curves or of a map, the line styles, and the tables behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from symbattery.paper.figures.tables import Floats, Table, TableTask

__all__ = [
    "DOUBLE",
    "LINE_STYLES",
    "SINGLE",
    "Axis",
    "Curve",
    "Field",
    "FigureSpec",
    "Panel",
    "Plot",
    "Tables",
    "maps_of_sizes",
]

Tables = Mapping[str, Table]

# RevTeX: one column, and the text of both, in inches.
SINGLE, DOUBLE = 3.375, 7.0


@dataclass(frozen=True)
class Axis:
    """A label with its unit, in mathtext; limits where they are not those of the data."""

    label: str
    limits: tuple[float | None, float | None] = (None, None)
    scale: str = "linear"


@dataclass(frozen=True, eq=False)
class Curve:
    """Points, their label, and a name in ``LINE_STYLES``."""

    label: str
    x: Floats
    y: Floats
    style: str


@dataclass(frozen=True, eq=False)
class Field:
    """Values over a rectangle of integers: ``values[j, i]`` at (x[i], y[j])."""

    label: str
    x: Floats
    y: Floats
    values: Floats
    levels: tuple[float, ...]
    colours: str = "cividis"


@dataclass(frozen=True, eq=False)
class Panel:
    """One pair of axes.

    Attributes
    ----------
    title : str
        "(a)" and what distinguishes the panel.
    x, y : Axis
    curves : tuple of Curve
    field : Field, optional
        Under the curves.
    notes : tuple of (x, y, text)
        At fractions of the panel.
    """

    title: str
    x: Axis
    y: Axis
    curves: tuple[Curve, ...] = ()
    field: Field | None = None
    notes: tuple[tuple[float, float, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Plot:
    """A whole figure: panels row by row, and one legend above them in some columns."""

    panels: tuple[Panel, ...]
    columns: int = 1
    width: float = SINGLE
    height: float = 2.6
    legend_columns: int = 2
    share_x: bool = False


def maps_of_sizes(
    table: Table, height: float, *maps: tuple[str, Floats, tuple[float, ...]]
) -> Plot:
    """Maps over the columns M and N of a table, side by side.

    Parameters
    ----------
    table : Table
    height : float
        In inches.
    *maps : (str, array, tuple of float)
        A label, the value in each row of the table, and contours.
    """
    cells, chargers = table["M"], table["N"]
    sizes = np.unique(cells)
    places = np.searchsorted(sizes, chargers), np.searchsorted(sizes, cells)
    x, y = Axis("cells $M$", (1, None)), Axis("charger spins $N$", (1, None))
    panels = []
    for letter, (label, values, levels) in zip("abc", maps, strict=False):
        matrix = np.full((len(sizes), len(sizes)), np.nan)
        matrix[places] = values
        field = Field(label, sizes, sizes, matrix, levels)
        panels.append(Panel(f"({letter})", x, y, (Curve("", sizes, sizes, "diagonal"),), field))
    return Plot(tuple(panels), columns=len(panels), width=DOUBLE, height=height)


def _nothing(tables: Tables) -> tuple[Table, ...]:
    return ()


@dataclass(frozen=True)
class FigureSpec:
    """One figure, as files: a picture and the tables behind it.

    Attributes
    ----------
    name : str
        Of its files.
    table_tasks : tuple of TableTask
        The tables to compute.
    plot : callable
        The plot, from all tables by name.
    derive : callable
        Further tables, quickly made from those computed.
    caption : str
        A description, in the words of the ledger.
    title : str
        A noun phrase for headings; that of a figure of the paper is its number.
    apart : bool
        Made when it is asked for by its name only: it takes many minutes.
    """

    name: str
    table_tasks: tuple[TableTask, ...]
    plot: Callable[[Tables], Plot]
    derive: Callable[[Tables], tuple[Table, ...]] = _nothing
    caption: str = ""
    title: str = ""
    apart: bool = False

    @property
    def heading(self) -> str:
        """The title, or "Figure 2"."""
        return self.title or self.name.replace("-", " ").capitalize()

    @property
    def command(self) -> str:
        """The command that makes it."""
        return f"symbattery figure {self.name}"


# Line styles differ by line or marker alone, so that grey is enough; colours are of unequal
# lightness, and the colour-blind can tell them apart (after Okabe and Ito).
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


LINE_STYLES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
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
