"""What is to be drawn, as data: panels of curves, or of a map, and nothing of how."""

from __future__ import annotations

from dataclasses import dataclass

from symbattery.paper.figures.tables import Floats

__all__ = ["DOUBLE", "SINGLE", "Axis", "Curve", "Field", "Panel", "Plot"]

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
    """Points, what they are, and a name in :data:`symbattery.paper.figures.looks.LOOKS`."""

    label: str
    x: Floats
    y: Floats
    look: str


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
