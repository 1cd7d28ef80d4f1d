"""Plates drawn with matplotlib, in RevTeX's widths and without TeX."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from matplotlib import style
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from symbattery.figures import save
from symbattery.paper.figures.looks import LOOKS
from symbattery.paper.figures.plates import Field, Panel, Plate

__all__ = ["draw", "write"]


def _draw_field(figure: Figure, axes: Axes, field: Field) -> None:
    mesh = axes.pcolormesh(
        field.x, field.y, field.values, cmap=field.colours, shading="nearest", rasterized=True
    )
    lines = axes.contour(
        field.x, field.y, field.values, levels=field.levels, colors="white", linewidths=0.7
    )
    axes.clabel(lines, fontsize=6.5, inline_spacing=2, fmt="%g")
    figure.colorbar(mesh, ax=axes, label=field.label, pad=0.02, aspect=28)


def _draw_panel(figure: Figure, axes: Axes, panel: Panel) -> None:
    if panel.field is not None:
        _draw_field(figure, axes, panel.field)
    for curve in panel.curves:
        axes.plot(curve.x, curve.y, label=curve.label, **LOOKS[curve.look])
    for axis, name in ((panel.x, "x"), (panel.y, "y")):
        axes.set(**{f"{name}label": axis.label, f"{name}scale": axis.scale})
        low, high = axis.limits
        axes.set(**{f"{name}lim": (low, high)})
    if panel.title:
        axes.set_title(panel.title, loc="left", pad=3)
    for x, y, text in panel.notes:
        axes.text(x, y, text, transform=axes.transAxes, ha="right", va="bottom")


@contextmanager
def _style() -> Iterator[None]:
    with as_file(files(__package__) / "revtex.mplstyle") as path, style.context(path):
        yield


def draw(plate: Plate) -> Figure:
    """The figure, of the width of the page."""
    with _style():
        figure = Figure(figsize=(plate.width, plate.height), layout="constrained")
        FigureCanvasAgg(figure)
        rows = -(-len(plate.panels) // plate.columns)
        grid = figure.subplots(rows, plate.columns, squeeze=False, sharex=plate.share_x)
        labels: dict[str, Artist] = {}
        for axes, panel in zip(np.ravel(grid), plate.panels, strict=True):
            _draw_panel(figure, axes, panel)
            if plate.share_x:
                axes.label_outer()
            for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
                labels.setdefault(label, handle)
        if len(labels) > 1:
            figure.legend(
                list(labels.values()),
                list(labels),
                loc="outside upper center",
                ncols=plate.legend_columns,
            )
        # The layout is found with the fonts of the style.
        figure.canvas.draw()
    return figure


def write(plate: Plate, folder: Path, name: str) -> list[Path]:
    """Draw, and save as PDF and PNG."""
    figure = draw(plate)
    with _style():
        return save(figure, folder, name)
