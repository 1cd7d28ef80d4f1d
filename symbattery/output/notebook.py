r"""Output of a script: typeset in a notebook, as text where there is none.

``show`` takes formulas with names, tables and figures. It needs no IPython: a notebook lends its
``display`` to the built-in names, and where there is none ``print`` serves. No window is opened
and no file is written.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sympy import Basic, sympify

from numerics.model import checks
from numerics.model.checks import invalid
from numerics.sketch import page, table
from symbattery.core.latex_dispatch import NOTEBOOK, inline
from symbattery.output.latex.equations import Statement, rows
from symbattery.output.latex.line_breaking import aligned
from symbattery.output.latex.tables import checked_columns
from symbattery.output.latex.typesetting import Typesetting, width_in_points

__all__ = ["Columns", "Formulas", "Picture", "panels", "show"]

_SPACED = " \\\\[0.5ex]\n"
_DIGITS = 6
_PANEL = (6.2, 2.9)


@dataclass(frozen=True)
class Formulas:
    """Equations, one below the other.

    Attributes
    ----------
    values : mapping
        The right-hand sides, expressions or numbers, by the left-hand sides, which are LaTeX or
        expressions; a left-hand side without a letter stays away.
    relation : str
        What stands between both.
    width : float
        Lines are broken at this width, in points.
    """

    values: Mapping[Any, Any]
    relation: str = "="
    width: float = NOTEBOOK

    def __post_init__(self) -> None:
        if not isinstance(self.values, Mapping) or not self.values:
            raise invalid("values", "be a mapping of names to expressions", self.values)
        width_in_points(self.width)

    def _repr_latex_(self) -> str:
        statements = [
            Statement(_guarded(head), self.relation if head else "", sympify(value))
            for head, value in self.values.items()
        ]
        printed = rows(statements, Typesetting(width=self.width))
        return inline(aligned(printed, self.width).replace(" \\\\\n", _SPACED))

    def __str__(self) -> str:
        return "\n".join(
            f"{head} {self.relation} {value}" if head else str(value)
            for head, value in self.values.items()
        )


def _guarded(head: Any) -> Any:
    """A bracket after the beginning of an environment would be read as an option of it."""
    return "{}" + head if isinstance(head, str) and head.startswith("[") else head


@dataclass(frozen=True)
class Columns:
    """Numbers side by side.

    Attributes
    ----------
    values : mapping
        The entries by the heading of the column. Floats are shown with ``digits`` significant
        digits, everything else as it is.
    digits : int
        Significant digits.
    """

    values: Mapping[str, Sequence[Any]]
    digits: int = _DIGITS

    def __post_init__(self) -> None:
        checks.digits(self.digits)
        checked_columns("values", self.values)

    def _cells(self) -> list[tuple[str, ...]]:
        columns = (map(self._cell, entries) for entries in self.values.values())
        return list(zip(*columns, strict=True))

    def _cell(self, entry: Any) -> str:
        if isinstance(entry, Basic) and entry.is_Float:
            entry = float(entry)
        return f"{entry:.{self.digits}g}" if isinstance(entry, float) else str(entry)

    def _repr_html_(self) -> str:
        return page([table(self.values, self._cells())])

    def __str__(self) -> str:
        lines = [tuple(self.values), *self._cells()]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(cell.rjust(size) for cell, size in zip(line, widths, strict=True))
            for line in lines
        )


@dataclass(frozen=True)
class Picture:
    """A figure, as a drawing that scales; its text in a script is what it has on its axes."""

    figure: Figure

    def _repr_svg_(self) -> str:
        drawing = StringIO()
        # Ids that do not change from run to run.
        with rc_context({"svg.hashsalt": "symbattery"}):
            self.figure.savefig(drawing, format="svg", metadata={"Date": None})
        return drawing.getvalue()

    def __str__(self) -> str:
        every = [f"{a.get_ylabel()} over {a.get_xlabel()}" for a in self.figure.axes]
        return f"[figure: {'; '.join(every)}]"


def panels(count: int = 1, *, height: float = _PANEL[1], **options: Any) -> tuple[Figure, Any]:
    """A figure with ``count`` axes, one below the other, and the axes: one, or an array of them.

    ``height`` is that of one of them, in inches; ``options`` go to ``Figure.subplots``. The figure
    belongs to no window.
    """
    checks.positive_integer("count", count)
    figure = Figure(figsize=(_PANEL[0], height * count), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(count, 1, **options)
    for each in figure.axes:
        each.tick_params(direction="in", top=True, right=True, which="both")
    return figure, axes


def show(thing: Any, *, relation: str = "=") -> None:
    """Show formulas (a mapping or an expression), a figure, or anything that can be printed."""
    if isinstance(thing, Mapping):
        thing = Formulas(thing, relation)
    elif isinstance(thing, Basic):
        thing = Formulas({"": thing}, relation)
    elif isinstance(thing, Figure):
        thing = Picture(thing)
    getattr(builtins, "display", print)(thing)
