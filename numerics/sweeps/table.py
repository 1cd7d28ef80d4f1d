"""The table of a sweep: labelled arrays with units and definitions, for other programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from itertools import islice, product
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.model.checks import InvalidArgument, choice
from numerics.sketch import page, table
from numerics.storage.files import write_file

__all__ = ["Coordinate", "Failure", "Quantity", "Table"]

# Rows where a table is printed, or the last line of a notebook's cell.
_SHOWN = 12


@dataclass(frozen=True, eq=False)
class Quantity:
    """A labelled array.

    Attributes
    ----------
    name : str
    dims : tuple of str
        The dimensions, in the order of the axes of ``values``.
    values : array
        Where there is no value, nan.
    unit, definition : str
    symbol : str
        In LaTeX.
    """

    name: str
    dims: tuple[str, ...]
    values: npt.NDArray[Any] = field(repr=False)
    unit: str = "1"
    definition: str = ""
    symbol: str = ""

    def __post_init__(self) -> None:
        self.values.flags.writeable = False


class Coordinate(Quantity):
    """The values of a parameter of the points, or of the time, along some dimensions."""


@dataclass(frozen=True)
class Failure:
    """A quantity of a point, or the point, that could not be computed.

    Attributes
    ----------
    index : tuple of int
        The point, by the dimensions of the sweep.
    parameters : mapping of str to object
        What distinguishes it.
    quantity : str
        Empty where the battery itself is refused.
    message : str
        The kind of error, and its words.
    """

    index: tuple[int, ...]
    parameters: Mapping[str, Any]
    quantity: str
    message: str

    def __str__(self) -> str:
        point = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        what = f"{self.quantity} of " * bool(self.quantity)
        return f"{what}{point or 'the point'}: {self.message}"


@dataclass(frozen=True, eq=False)
class Table:
    """Quantities over the axes of a sweep.

    ``table["max_power"]`` is the array of one, or of a coordinate.

    Attributes
    ----------
    dims : tuple of str
        The dimensions of the sweep; curves have that of their times besides.
    coordinates : tuple of Coordinate
    quantities : tuple of Quantity
    failures : tuple of Failure
        What could not be computed, and is nan in the arrays.
    attributes : mapping of str to str
        What all points share, and the program.
    """

    dims: tuple[str, ...]
    coordinates: tuple[Coordinate, ...]
    quantities: tuple[Quantity, ...]
    failures: tuple[Failure, ...] = field(default=(), repr=False)
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        return self.described(name).values

    def described(self, name: str) -> Quantity:
        """A quantity or a coordinate with its dimensions, unit and definition.

        Raises
        ------
        InvalidArgument
            There is none of that name.
        """
        every = {one.name: one for one in (*self.coordinates, *self.quantities)}
        return every[choice("name", name, every)]

    def to_numpy(self) -> dict[str, npt.NDArray[Any]]:
        """The arrays of all coordinates and quantities by name."""
        return {one.name: one.values for one in (*self.coordinates, *self.quantities)}

    def to_xarray(self) -> Any:
        """An ``xarray.Dataset``; units and definitions are attributes.

        Raises
        ------
        ImportError
            xarray is not installed; it is in the extra ``sweeps``.
        """
        xarray = _imported("xarray")

        def variable(one: Quantity) -> tuple[Any, ...]:
            about = {"units": one.unit, "long_name": one.definition, "symbol": one.symbol}
            return one.dims, one.values, about

        # A zip may have a value twice, and then it is no index; to have none is no error.
        failures = [str(failure) for failure in self.failures]
        return xarray.Dataset(
            {one.name: variable(one) for one in self.quantities},
            {one.name: variable(one) for one in self.coordinates},
            {**self.attributes, "failures": failures},
        )

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame`` with a row for each point, and for each time of curves.

        Raises
        ------
        ImportError
            pandas is not installed; it is in the extra ``sweeps``.
        """
        pandas = _imported("pandas")

        names, rows = self._rows()
        frame = pandas.DataFrame(rows, columns=names)
        frame.attrs = dict(self.attributes) | {
            "units": {one.name: one.unit for one in (*self.coordinates, *self.quantities)},
            "definitions": {one.name: one.definition for one in self.quantities},
            "failures": [str(failure) for failure in self.failures],
        }
        return frame

    def _rows(self) -> tuple[list[str], Iterator[list[Any]]]:
        """The names of columns, and rows over all dimensions that there are."""
        every = (*self.coordinates, *self.quantities)
        sizes: dict[str, int] = dict.fromkeys(self.dims, 0)
        for one in every:
            sizes.update(zip(one.dims, one.values.shape, strict=True))
        named = {one.name for one in self.coordinates}
        # Dimensions without a coordinate, such as that of populations, are counted.
        counted = [dim for dim in sizes if dim not in named]

        def rows() -> Iterator[list[Any]]:
            for index in product(*map(range, sizes.values())):
                place = dict(zip(sizes, index, strict=True))
                values = [one.values[tuple(place[dim] for dim in one.dims)] for one in every]
                plain = [v.item() if isinstance(v, np.generic) else v for v in values]
                yield [*(place[dim] for dim in counted), *plain]

        return [*counted, *(one.name for one in every)], rows()

    def _repr_html_(self) -> str:
        names, rows, notes = self._first()
        return page([table(names, rows), *notes])

    def __str__(self) -> str:
        names, rows, notes = self._first()
        widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
        lines = [
            "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in (names, *rows)
        ]
        return "\n".join([*lines, *notes])

    def _first(self) -> tuple[list[str], list[list[str]], list[str]]:
        """The first rows as texts, and what there is besides."""
        names, rows = self._rows()
        first = list(islice(rows, _SHOWN + 1))
        cells = [[f"{v:.6g}" if isinstance(v, float) else str(v) for v in row] for row in first]
        more = ["… and further rows"] * (len(first) > _SHOWN)
        failed = [f"{len(self.failures)} failures"] * bool(self.failures)
        return names, cells[:_SHOWN], more + failed

    def to_csv(self, path: str | Path | None = None) -> str:
        """The text of a CSV file, written to ``path`` if there is one; numbers are exact.

        Lines that begin with ``#`` say the program, what all points share, units, definitions and
        failures; pandas reads it with ``comment="#"``.

        Raises
        ------
        InvalidArgument
            ``path`` cannot be written.
        """
        text = io.StringIO()
        for name, value in self.attributes.items():
            print(f"# {name}: {_line(value)}", file=text)
        for one in (*self.coordinates, *self.quantities):
            print(f"# column {one.name} [{one.unit}]: {_line(one.definition)}", file=text)
        for failure in self.failures:
            print(f"# failed: {_line(str(failure))}", file=text)
        names, rows = self._rows()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([_cell(value) for value in row] for row in rows)
        return _saved(text.getvalue(), path)

    def to_json(self, path: str | Path | None = None) -> str:
        """The same as JSON, written to ``path`` if there is one; numbers are exact, nan is null.

        Raises
        ------
        InvalidArgument
            ``path`` cannot be written.
        """

        def described(one: Quantity) -> dict[str, Any]:
            about = {"dims": one.dims, "unit": one.unit, "definition": one.definition}
            return {**about, "values": _numbers(one.values)}

        content = {
            **self.attributes,
            "dims": self.dims,
            "coordinates": {one.name: described(one) for one in self.coordinates},
            "quantities": {one.name: described(one) for one in self.quantities},
            "failures": [
                {"index": f.index, "quantity": f.quantity, "message": f.message}
                for f in self.failures
            ],
        }
        return _saved(json.dumps(content, indent=1, ensure_ascii=False) + "\n", path)


def _imported(name: str) -> Any:
    if find_spec(name) is None:
        raise ImportError(
            f"`to_{name}` must have {name}, but it is not installed: "
            'python -m pip install "symbattery[sweeps]"'
        )
    return import_module(name)


def _line(text: str) -> str:
    return " ".join(text.split())


def _cell(value: Any) -> Any:
    """A double as the shortest text that is it, and no value as nothing."""
    return "" if isinstance(value, float | complex) and value != value else value


def _numbers(values: npt.NDArray[Any]) -> Any:
    if values.dtype.kind == "c":
        return {"real": _numbers(values.real), "imag": _numbers(values.imag)}
    if values.dtype.kind == "f":
        plain = values.astype(object)
        plain[np.isnan(values)] = None
        return plain.tolist()
    return values.tolist()


def _saved(text: str, path: str | Path | None) -> str:
    if path is not None:
        if not isinstance(path, str | Path):
            raise InvalidArgument(f"`path` must be the path of a file, but is {path!r}")
        write_file(path, text)
    return text
