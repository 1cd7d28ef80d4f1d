"""Sweeps whose tables can be drawn, at the width of a journal's column or on any axes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, fields
from functools import partial
from io import BytesIO
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps, rcParams
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from numerics import sweeps
from numerics.model.checks import choice, invalid
from numerics.storage.files import write_file
from numerics.sweeps import Quantity
from symbattery.output.pictures import metadata, save
from symbattery.paper.figures.drawing import journal_style
from symbattery.paper.figures.plots import LINE_STYLES, SINGLE

__all__ = ["Table", "sweep"]

_HEIGHT = 2.5
# So many lines are told apart by their style; more by a colour bar, if they have numbers.
_STYLES = (
    ("black solid", "o"), ("orange dashed", "D"), ("green dotted", "s"), ("blue dot-dashed", "x"),
    ("red dotted", "+"), ("grey solid", "^"),
)  # fmt: skip
_LEGEND_COLUMNS = 3
# So many values of an axis are written out in a file.
_LISTED = 12
# Beyond these many points there are no markers.
_MARKED = 15
_COLOURS = "viridis"
# The lightest colours are not seen on paper.
_LIGHTEST = 0.88
# Products of powers of g, ω₀ and an energy; other units are words.
_MATHEMATICS = re.compile(r"(1/)?((g|omega_0|energy)(\^\d)? ?)+")


@dataclass(frozen=True, eq=False)
class Table(sweeps.Table):
    """A table of :func:`sweep`, as :class:`numerics.sweeps.Table`, that can be drawn."""

    def plot(
        self,
        name: str,
        x: str | None = None,
        hue: str | None = None,
        *,
        at: Mapping[str, Any] | None = None,
        axes: Axes | None = None,
        path: str | Path | None = None,
    ) -> Axes:
        """Lines of a quantity, with labels and units.

        The files say how they were made, and so do those of ``savefig`` of a figure that was not
        handed in; of one that was, with ``metadata=table.metadata("pdf")``.

        Parameters
        ----------
        name : str
            The quantity.
        x : str, optional
            A coordinate; the last dimension if left out.
        hue : str, optional
            A coordinate, with a line for each of its values.
        at : mapping, optional
            The values of the other coordinates, where they have several.
        axes : matplotlib.axes.Axes, optional
            Drawn on, as they are; if left out, on a figure as wide as a column of RevTeX.
        path : path, optional
            Of files, PDF and PNG, to which the figure is saved in the style of a journal.

        Returns
        -------
        matplotlib.axes.Axes
            ``figure`` is their figure.

        Raises
        ------
        InvalidArgument
            No such quantity or coordinate, a coordinate that has several values and is not chosen,
            a value that is not there, axes that are none, or a path that cannot be written.
        """
        lines = list(self._lines(name, x, hue, dict(at or {})))
        if not isinstance(axes, Axes | None):
            raise invalid("axes", "be axes of matplotlib", axes)
        if path is not None and Path(path).suffix not in ("", ".pdf", ".png"):
            raise invalid("path", "be that of a PDF or PNG, both of which are written", str(path))
        if axes is not None:
            _draw(axes, False, lines, *self._labels(name, x, hue))
            return axes
        command = _call("table.plot", name, x, hue, at)
        with journal_style():
            figure = _Described(figsize=(SINGLE, _HEIGHT), layout="constrained")
            figure.described = partial(self.metadata, title=name, command=command)
            FigureCanvasAgg(figure)
            axes = figure.subplots()
            _draw(axes, True, lines, *self._labels(name, x, hue))
            # The layout is made with the fonts of the style.
            figure.canvas.draw()
            if path is not None:
                save(figure, Path(path).parent, Path(path).stem, self._about, command)
        return axes

    def metadata(
        self, form: str = "pdf", *, title: str = "", command: str = ""
    ) -> dict[str, str | None]:
        """The metadata of a figure of this table, for ``savefig`` of matplotlib.

        Parameters
        ----------
        form : str
            "pdf", "png" or "svg"; other files say nothing.
        title, command : str, optional
            Of the figure.
        """
        return metadata(form, title, self._about, command)

    @property
    def _about(self) -> str:
        """All that points share, and the axes."""
        axes = {one.name: _listed(one.values) for one in self.coordinates}
        return "; ".join(f"{key}: {value}" for key, value in {**self.attributes, **axes}.items())

    def _labels(self, name: str, x: str | None, hue: str | None) -> tuple[str, str, str]:
        quantity = self.described(name)
        abscissa = self.described(x or quantity.dims[-1])
        return (
            _label(abscissa, abscissa.name),
            _label(quantity),
            "" if hue is None else _label(self.described(hue), hue),
        )

    def _lines(
        self, name: str, x: str | None, hue: str | None, at: dict[str, Any]
    ) -> Iterator[_Line]:
        quantity = self.described(choice("name", name, [one.name for one in self.quantities]))
        if np.iscomplexobj(quantity.values):
            raise invalid("name", "be a real quantity", name)
        named = {one.name: one for one in self.coordinates}
        if not quantity.dims or not named:
            raise invalid("name", "be a quantity over an axis", name)
        abscissa = named[choice("x", x or quantity.dims[-1], named)]
        place = dict(_place(named, at))
        hues = [({}, "")] if hue is None else list(_hues(named[choice("hue", hue, named)]))
        for chosen, label in hues:
            where = {**place, **chosen}
            free = [dim for dim in abscissa.dims if dim not in where]
            for dim, size in zip(quantity.dims, quantity.values.shape, strict=True):
                if dim not in where and dim not in free:
                    if size > 1:
                        must = f"have a value of `{dim}`, which is neither `x` nor `hue`"
                        raise invalid("at", must, at)
                    where[dim] = 0
            if len(free) != 1 or free[0] not in quantity.dims:
                raise invalid("x", f"be a coordinate along an axis of {name}", x)
            yield _Line(_at(abscissa, where), _at(quantity, where), label)


class _Described(Figure):
    """A figure that says in its files how it was made."""

    described: Callable[[str], dict[str, str | None]]

    def savefig(self, fname: Any, **options: Any) -> None:
        named = isinstance(fname, str | PathLike)
        suffix = Path(fname).suffix if named else ""
        form = options.get("format") or suffix[1:] or rcParams["savefig.format"]
        drawn = BytesIO() if named else fname
        given = {"metadata": self.described(form.lower()), **options, "format": form}
        super().savefig(drawn, **given)
        if named:
            ending = "" if suffix or options.get("format") else f".{form}"
            write_file(f"{fspath(fname)}{ending}", drawn.getvalue())


def _call(function: str, name: str, x: Any, hue: Any, at: Any) -> str:
    given = {"x": x, "hue": hue, "at": at}
    options = (f", {key}={value!r}" for key, value in given.items() if value)
    return f"{function}({name!r}{''.join(options)})"


def _listed(values: npt.NDArray[Any]) -> str:
    """Numbers or words, of which those at both ends are enough."""
    shown = [str(value) for value in values.flat]
    if len(shown) > _LISTED:
        shown = [*shown[: _LISTED - 1], "…", shown[-1]]
    return ", ".join(shown)


@dataclass(frozen=True, eq=False)
class _Line:
    x: npt.NDArray[Any]
    y: npt.NDArray[Any]
    label: Any


def _at(one: Quantity, where: Mapping[str, int]) -> npt.NDArray[Any]:
    return np.asarray(one.values[tuple(where.get(dim, slice(None)) for dim in one.dims)])


def _place(named: Mapping[str, Quantity], at: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The index of each value that is chosen."""
    for name, value in at.items():
        coordinate = named[choice("at", name, named)]
        indices = np.flatnonzero(coordinate.values == value)
        if len(coordinate.dims) != 1 or len(indices) != 1:
            raise invalid("at", f"have values of `{name}` that are there, each once", dict(at))
        yield coordinate.dims[0], int(indices[0])


def _hues(coordinate: Quantity) -> Iterator[tuple[dict[str, int], Any]]:
    if len(coordinate.dims) != 1:
        raise invalid("hue", "be a coordinate along one axis", coordinate.name)
    for i, value in enumerate(coordinate.values):
        yield {coordinate.dims[0]: i}, value


def _label(one: Quantity, word: str = "") -> str:
    """A symbol with its unit, in mathematics; a coordinate with its word in front."""
    symbol = "" if one.symbol in ("", word) else f"${one.symbol}$"
    unit = "" if one.unit == "1" else f"({one.unit})"
    if _MATHEMATICS.fullmatch(one.unit) and unit:
        shown = one.unit.replace("omega_0", r"\omega_0").replace("energy", r"\mathrm{energy}")
        unit = f"(${shown}$)"
    return " ".join(filter(None, (word.replace("_", " "), symbol, unit)))


def _draw(axes: Axes, own: bool, lines: list[_Line], x: str, y: str, hue: str) -> None:
    """Lines with labels, and a legend: above the axes in a figure of their own."""
    figure = axes.figure
    numbers = all(np.issubdtype(np.asarray(line.label).dtype, np.number) for line in lines)
    if numbers and len(lines) > len(_STYLES):
        colours = ListedColormap(colormaps[_COLOURS](np.linspace(0, _LIGHTEST, 256)))
        values = np.array([line.label for line in lines], dtype=float)
        shown = ScalarMappable(Normalize(values.min(), values.max()), colours)
        for line, colour in zip(lines, shown.to_rgba(values), strict=True):
            axes.plot(line.x, line.y, color=colour, linewidth=1.0)
        figure.colorbar(shown, ax=axes, label=hue, pad=0.02, aspect=28)
    else:
        for i, line in enumerate(lines):
            style, marker = _STYLES[i % len(_STYLES)]
            marked = {"marker": marker, "markersize": 3.5, "markerfacecolor": "none"}
            drawn = marked if len(line.x) <= _MARKED else {}
            axes.plot(line.x, line.y, label=line.label, **{**LINE_STYLES[style], **drawn})
        if hue and own:
            figure.legend(title=hue, loc="outside upper center", ncols=_LEGEND_COLUMNS)
        elif hue:
            axes.legend(title=hue)
    axes.set(xlabel=x, ylabel=y)
    if all(line.x.dtype.kind in "iuf" and np.all(line.x == np.round(line.x)) for line in lines):
        axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))


def sweep(
    model: Any,
    *,
    compute: Any,
    zipped: Any = (),
    executor: Executor | None = None,
    processes: int | None = None,
    store: str | Path | None = None,
    progress: bool = True,
    **axes: Any,
) -> Table:
    """Quantities of many batteries by the numerical engine: :func:`numerics.sweep`, to be drawn."""
    found = sweeps.sweep(
        model,
        compute=compute,
        zipped=zipped,
        executor=executor,
        processes=processes,
        store=store,
        progress=progress,
        **axes,
    )
    return Table(**{spot.name: getattr(found, spot.name) for spot in fields(found)})
