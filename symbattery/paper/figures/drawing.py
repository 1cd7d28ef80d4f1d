"""Plots drawn with matplotlib, in RevTeX's widths and without TeX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal

import numpy as np
from matplotlib import style
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from symbattery.output.pictures import save
from symbattery.paper.figures.plots import LINE_STYLES, Field, Panel, Plot
from symbattery.paper.figures.tables import Floats

__all__ = ["draw", "journal_style", "write"]


def _roomy(segments: Sequence[Floats]) -> tuple[float, float]:
    """A point for a label on the longest of some lines, where they are far from each other.

    Contours meet near the origin and the axes; three quarters of the way to larger M they do not.
    """
    lengths = [np.hypot(*np.diff(points, axis=0).T) for points in segments]
    longest = int(np.argmax([length.sum() for length in lengths]))
    points, way = segments[longest], np.cumsum(lengths[longest])
    part = 0.75 if points[0, 0] <= points[-1, 0] else 0.25
    x, y = points[int(np.searchsorted(way, part * way[-1]))]
    return float(x), float(y)


def _draw_field(figure: Figure, axes: Axes, field: Field) -> None:
    # Colours run smoothly over sizes that are left out.
    whole = np.ptp(np.diff(field.x)) < 1e-9
    shading: Literal["nearest", "gouraud"] = "nearest" if whole else "gouraud"
    mesh = axes.pcolormesh(
        field.x, field.y, field.values, cmap=field.colours, shading=shading, rasterized=True
    )
    lines = axes.contour(
        field.x, field.y, field.values, levels=field.levels, colors="white", linewidths=0.7
    )
    # White with a dark rim is seen on any colour of the map, and in grey.
    lines.set_path_effects([withStroke(linewidth=1.7, foreground="0.15")])
    drawn = [[part for part in segments if len(part)] for segments in lines.allsegs]
    places = [_roomy(segments) for segments in drawn if segments]
    for label in axes.clabel(
        lines, fontsize=7, inline=True, inline_spacing=2, fmt="%g", manual=places
    ):
        label.set_path_effects([withStroke(linewidth=1.5, foreground="0.15")])
    figure.colorbar(mesh, ax=axes, label=field.label, pad=0.02, aspect=28)


def _draw_panel(figure: Figure, axes: Axes, panel: Panel) -> None:
    if panel.field is not None:
        _draw_field(figure, axes, panel.field)
    for curve in panel.curves:
        axes.plot(curve.x, curve.y, label=curve.label, **LINE_STYLES[curve.style])
    for axis, name in ((panel.x, "x"), (panel.y, "y")):
        axes.set(**{f"{name}label": axis.label, f"{name}scale": axis.scale})
        low, high = axis.limits
        axes.set(**{f"{name}lim": (low, high)})
    drawn = [curve.x for curve in panel.curves] + ([] if panel.field is None else [panel.field.x])
    if panel.x.scale == "linear" and all(np.all(x == np.round(x)) for x in drawn):
        axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
    if panel.title:
        axes.set_title(panel.title, loc="left", pad=3)
    for x, y, text in panel.notes:
        axes.text(x, y, text, transform=axes.transAxes, ha="right", va="bottom")


@contextmanager
def journal_style() -> Iterator[None]:
    """The settings of a journal's figures, and nothing of the reader's own."""
    source = files(__package__) / "revtex.mplstyle"
    with as_file(source) as path, style.context(path, after_reset=True):
        yield


def draw(plot: Plot) -> Figure:
    """The figure, of the width of the page."""
    with journal_style():
        figure = Figure(figsize=(plot.width, plot.height), layout="constrained")
        FigureCanvasAgg(figure)
        rows = -(-len(plot.panels) // plot.columns)
        grid = figure.subplots(rows, plot.columns, squeeze=False, sharex=plot.share_x)
        labels: dict[str, Artist] = {}
        for axes, panel in zip(np.ravel(grid), plot.panels, strict=True):
            _draw_panel(figure, axes, panel)
            if plot.share_x:
                axes.label_outer()
            for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
                labels.setdefault(label, handle)
        if len(labels) > 1:
            figure.legend(
                list(labels.values()),
                list(labels),
                loc="outside upper center",
                ncols=plot.legend_columns,
            )
        # The layout is made with the fonts of the style.
        figure.canvas.draw()
    return figure


def write(plot: Plot, folder: Path, name: str, about: str = "", command: str = "") -> list[Path]:
    """Draw, and save as PDF and PNG, with the metadata of `save`."""
    figure = draw(plot)
    with journal_style():
        return save(figure, folder, name, about, command)
