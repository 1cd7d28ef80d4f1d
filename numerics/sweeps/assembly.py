"""The records of points as labelled arrays, with their units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.model.checks import exactly
from numerics.storage.fingerprints import Record
from numerics.sweeps.axes import Axis, Grid, label
from numerics.sweeps.points import Point, Request, array
from numerics.sweeps.quantities import Column, columns
from numerics.sweeps.table import Coordinate, Failure, Quantity, Table

__all__ = ["assembled"]

# Symbols and meanings of parameters; "energy" is a unit, which may be open.
_PARAMETERS = {
    "cells": ("M", "The number of cells.", "1"),
    "chargers": ("N", "The number of charger spins.", "1"),
    "coupling": ("g", "The coupling.", "energy"),
    "frequency": (r"\omega_0", "The frequency of the cells.", "energy"),
    "charger_frequency": (r"\omega_C", "The frequency of the charger.", "energy"),
    "anisotropy": (r"\gamma", "The anisotropy of the coupling.", "1"),
    "charger_crosstalk": ("g_1", "The coupling among the charger spins.", "energy"),
    "cell_crosstalk": ("g_2", "The coupling among the cells.", "energy"),
    "longitudinal": (r"\kappa", "The longitudinal coupling.", "energy"),
    "charger_longitudinal": (r"\kappa_1", "That among the charger spins.", "energy"),
    "cell_longitudinal": (r"\kappa_2", "That among the cells.", "energy"),
    "cell_spin": ("s", "The spin of each cell.", "1"),
    "charger_spin": ("s_C", "The spin of each charger spin.", "1"),
    "start": (r"\rho_0", "The initial state.", "1"),
    "noise": (r"\Gamma", "The noise.", "1"),
    "model": ("H", "The model.", "1"),
}


class _Units:
    """The units of energy and rate: ω₀ and g where they are open, and count as 1."""

    def __init__(self, points: Sequence[Point]) -> None:
        coupling, frequency = (
            all(getattr(p.model, name) is None for p in points)
            for name in ("coupling", "frequency")
        )
        self.energy = "omega_0" if frequency else "g" if coupling else "energy"
        self.rate = "g" if coupling else self.energy

    def named(self, unit: str) -> str:
        """A unit of the table of observables, with "frequency" and "time" in these units."""
        power = 2 if unit.endswith(", squared") else 1
        counts: dict[str, int] = {}
        for unit_of, words in ((self.rate, "per time"), (self.energy, "``frequency``")):
            if words in unit:
                counts[unit_of] = counts.get(unit_of, 0) + power
        if unit == "time":
            return f"1/{self.rate}"
        if not counts:
            return unit
        return " ".join(name if n == 1 else f"{name}^{n}" for name, n in counts.items())


def assembled(
    grid: Grid,
    points: Sequence[Point],
    wanted: Sequence[Request],
    records: Sequence[Record],
    program: str,
) -> Table:
    """The table of a sweep from the record of each point, in the order of the grid."""
    units, shape = _Units(points), tuple(grid.sizes.values())
    coordinates = [_coordinate(axis, units) for axis in grid.axes if axis.name != "times"]
    quantities = []
    shared = any(request.curve and request.times is None for request in wanted)
    instants: dict[tuple[float, ...] | None, str] = {None: "time"} if shared else {}
    for request in wanted:
        time: tuple[str, ...] = ()
        if request.curve:
            new = "time" if not instants else f"time_{len(instants) + 1}"
            time = (instants.setdefault(request.times, new),)
        for column in columns(request):
            found = [record["values"].get(column.name) for record in records]
            dims, values = _array(column, found, shape, time)
            unit = units.named(column.unit)
            quantities.append(
                Quantity(
                    column.name,
                    (*grid.sizes, *dims),
                    values,
                    unit,
                    column.definition,
                    column.symbol,
                )
            )
    coordinates += [_times(grid, points, own, name, units) for own, name in instants.items()]
    indices = list(grid.indices())
    failures = tuple(
        Failure(index, {n: label(v) for n, v in grid.arguments(index).items()}, quantity, message)
        for index, record in zip(indices, records, strict=True)
        for quantity, message in record["errors"].items()
    )
    fixed = {
        name: str(label(value))
        for name, value in grid.fixed.items()
        if value is not None and name != "times"
    }
    return Table(
        tuple(grid.sizes), tuple(coordinates), tuple(quantities), failures,
        {"symbattery": program, **fixed},
    )  # fmt: skip


def _coordinate(axis: Axis, units: _Units) -> Coordinate:
    symbol, definition, unit = _PARAMETERS.get(axis.name, (axis.name, "", "1"))
    shown = [label(value) for value in axis.values.flat]
    if len({*map(str, shown)}) < len(shown) and any(isinstance(one, str) for one in shown):
        # Long descriptions begin alike.
        shown = [repr(value) for value in axis.values.flat]
    values = np.array(shown).reshape(axis.values.shape)
    if values.dtype.kind in "OU":
        numbers = _numbers(shown)
        words = list(map(str, shown)) if numbers is None else numbers
        values = np.array(words).reshape(axis.values.shape)
    unit = units.rate if unit == "energy" else unit
    return Coordinate(axis.name, axis.dims, values, unit, definition, symbol)


def _numbers(values: Sequence[Any]) -> list[float] | None:
    """Values as doubles, if all are numbers."""
    try:
        return [float(exactly("axis", value)) for value in values]
    # Words, and symbols, which have a ``__float__`` that raises.
    except (TypeError, ValueError, OverflowError):
        return None


def _array(
    column: Column, results: Sequence[Any], shape: tuple[int, ...], time: tuple[str, ...]
) -> tuple[tuple[str, ...], npt.NDArray[Any]]:
    """The further dimensions of a column, and its values: as long as the longest, else nan."""
    arrays = [None if value is None else array(value) for value in results]
    there = [one for one in arrays if one is not None]
    depth = max((one.ndim for one in there), default=len(time))
    shapes = [one.shape for one in there]
    longest = tuple(max((s[i] for s in shapes if len(s) > i), default=0) for i in range(depth))
    values = np.full((len(results), *longest), np.nan, np.result_type(float, *there))
    for i, one in enumerate(arrays):
        if one is not None:
            # Where others have more dimensions it stands at their beginning.
            place: tuple[Any, ...] = (i, *map(slice, one.shape), *[0] * (depth - one.ndim))
            values[place] = one
    extra = tuple(f"{column.name}_{i}" for i in range(depth - len(time)))
    return (*time, *extra), values.reshape((*shape, *longest))


def _times(
    grid: Grid,
    points: Sequence[Point],
    own: tuple[float, ...] | None,
    name: str,
    units: _Units,
) -> Coordinate:
    """The times of some curves: their own, or those of the points."""
    dims: tuple[str, ...] = ()
    if own is not None:
        values = np.array(own)
    else:
        axis = next((axis for axis in grid.axes if axis.name == "times"), None)
        dims = () if axis is None else axis.dims
        rows = list(grid.fixed["times"] if axis is None else axis.values.flat)
        values = np.full((len(rows), max(map(len, rows))), np.nan) if axis else np.array(rows)
        for row, times in zip(values, rows, strict=True) if axis else ():
            row[: len(times)] = times
        if axis is not None:
            values = values.reshape(*axis.values.shape, -1)
    unit = units.named("time")
    return Coordinate(name, (*dims, name), values, unit, "The time.", "t")
