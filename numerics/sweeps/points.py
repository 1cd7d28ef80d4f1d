"""Points of a sweep: one battery each, the quantities asked of it, and what they cost."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache, partial
from hashlib import sha256
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.charging import charge
from numerics.model.checks import number
from numerics.model.models import Model
from numerics.model.noise import Noise
from numerics.model.resources import TooLargeError, blas
from numerics.model.side_states import Level, Superposed
from numerics.model.states import InitialState
from numerics.storage.fingerprints import Record, code_fingerprint
from numerics.storage.fingerprints import modules as imported

__all__ = [
    "Point",
    "Request",
    "array",
    "column_name",
    "computed",
    "cost",
    "foreign",
    "key",
    "program",
    "typed",
]

_DIGITS = 32
_OWN = ("numerics.", "symbattery.")
# Seconds on one core of 2025: of a quantity of the smallest battery, and of a level of a chain,
# a grid (to the power 3/2) and a Liouville block (likewise).
_LEAST, _CHAIN, _GRID, _BLOCK = 4e-3, 3e-5, 3e-6, 2e-6
# Seconds of a level at one time.
_TIME = 1e-6
_BRANCHES = 1000
# What another machine, or the same one later, may not run into.
_OF_THE_MACHINE = (MemoryError, OSError, TooLargeError)


@dataclass(frozen=True)
class Request:
    """A quantity to compute: a method of `Charging`, or a function of it, with options.

    Attributes
    ----------
    name : str
        Of its column.
    method : str
    options : tuple of (str, object)
    curve : bool
        It takes times.
    times : tuple of float, optional
        Its own, in place of those of the point.
    function : callable, optional
        From a `Charging` and the options to a number or an array, in place of the method.
    """

    name: str
    method: str
    options: tuple[tuple[str, Any], ...] = ()
    curve: bool = False
    times: tuple[float, ...] | None = None
    function: Callable[..., Any] | None = None


@dataclass(frozen=True)
class Point:
    """One battery of a sweep, as `numerics.charge` takes it, and times for curves."""

    model: Model
    start: InitialState | None = None
    noise: tuple[Noise, ...] = ()
    tolerance: Any = 1e-10
    times: tuple[float, ...] | None = None


def computed(
    points: Mapping[str, Point], requests: Sequence[Request], modules: Sequence[str], parent: int
) -> Iterator[dict[str, Record]]:
    """The records of some points by key, all at once.

    Parameters
    ----------
    points : mapping of str to Point
    requests : sequence of Request
    modules : sequence of str
        Modules that extend the packages, as they are in :func:`foreign`.
    parent : int
        The process that asks, which limits its threads itself: in all others there is one of BLAS,
        so that numbers are the same wherever they are computed.
    """
    for name in modules:
        if name != "__main__":
            import_module(name)
    if os.getpid() != parent:
        blas().limit(limits=1)
    yield {key: _record(point, requests) for key, point in points.items()}


def _record(point: Point, requests: Sequence[Request]) -> Record:
    """Values by column, and errors by quantity; the error of the battery itself is that of ""."""
    record: Record = {"values": {}, "errors": {}}
    try:
        charging = charge(point.model, point.start, point.tolerance, point.noise)
    # Whatever it is, the other points go on.
    except Exception as error:
        _note(record, "", error)
        return record
    for request in requests:
        try:
            function = request.function
            method = partial(function, charging) if function else getattr(charging, request.method)
            chosen = point.times if request.times is None else request.times
            given = (np.array(chosen, dtype=np.float64),) if request.curve else ()
            result = method(*given, **dict(request.options))
            named = [(request.name, result)] if function else _columns(request.name, result)
            record["values"] |= {column: _plain(value) for column, value in named}
        except Exception as error:
            _note(record, request.name, error)
    return record


def _note(record: Record, quantity: str, error: Exception) -> None:
    record["errors"][quantity] = f"{type(error).__name__}: {error}"
    if isinstance(error, _OF_THE_MACHINE):
        record["again"] = True


def _columns(name: str, result: Any) -> Iterator[tuple[str, Any]]:
    """A result by column: each field of a peak in one of its own."""
    parts = getattr(result, "_fields", ())
    if is_dataclass(result):
        parts = tuple(spot.name for spot in fields(result))
    for part in parts or ("value",):
        yield column_name(name, part), getattr(result, part, result)


def column_name(name: str, part: str) -> str:
    """The name of a column: that of the value is the name of the quantity."""
    method, bracket, options = name.partition("(")
    return name if part == "value" else f"{method}_{part}{bracket}{options}"


def _plain(value: Any) -> Any:
    """A number or an array as JSON writes it, exactly."""
    numbers = np.asarray(value)
    if numbers.dtype.kind == "c":
        return {"real": numbers.real.tolist(), "imag": numbers.imag.tolist()}
    if numbers.dtype.kind not in "biuf":
        # Each by itself: NumPy makes nan of None, and a number of a text.
        flat = [float(number("result", one, "be a number or an array")) for one in numbers.flat]
        numbers = np.array(flat).reshape(numbers.shape)
    return numbers.astype(np.float64).tolist()


def array(value: Any) -> npt.NDArray[Any]:
    """The numbers of a record."""
    if isinstance(value, dict):
        return np.asarray(value["real"]) + 1j * np.asarray(value["imag"])
    return np.asarray(value, dtype=np.float64)


def key(point: Point, requests: Sequence[Request]) -> str:
    """The name of the results of a point: all that they depend on but the program."""
    text = json.dumps([_canonical(point), _of_requests(tuple(requests))])
    return sha256(text.encode()).hexdigest()[:_DIGITS]


@lru_cache(maxsize=8)
def _of_requests(requests: tuple[Request, ...]) -> str:
    return json.dumps(_canonical(requests))


def _canonical(value: Any) -> Any:
    """One form of equal values."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, tuple | list):
        return [_canonical(entry) for entry in value]
    kind = value if callable(value) else type(value)
    name = f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(value, np.ndarray):
        return [name, _canonical(value.tolist())]
    if callable(value):
        return name
    if is_dataclass(value):
        return [name, *([f.name, _canonical(getattr(value, f.name))] for f in fields(value))]
    return [name, repr(value)]


def foreign(points: Sequence[Point], functions: Iterable[Any]) -> tuple[str, ...]:
    """The modules of models, starts, noise and functions that this one does not import itself."""
    kinds = {type(part) for p in points for part in (p.model, p.start, *p.noise)}
    names = {one.__module__ for one in (*kinds, *functions)} - {"builtins"}
    return tuple(sorted(names - imported(__name__)))


def program(modules: Sequence[str]) -> str:
    """The fingerprint of the code that computes points: of this program, and what extends it."""
    others = [name for name in modules if not name.startswith(_OWN)]
    ours = (name for name in modules if name.startswith(_OWN))
    own, digest = code_fingerprint(__name__, *ours), sha256()
    for name in others:
        source = _source(name)
        content = source.read_bytes() if source else b""
        digest.update(name.encode() + b"\0" + content + b"\0")
    return f"{own}+{digest.hexdigest()[:12]}" if others else own


def _source(module: str) -> Path | None:
    """The file of a module, if it has one."""
    path = Path(getattr(sys.modules.get(module), "__file__", None) or "")
    return path if path.is_file() else None


def typed(modules: Sequence[str]) -> bool:
    """True where one of the modules is a notebook or a prompt, and in no file."""
    return "__main__" in modules and _source("__main__") is None


def cost(point: Point, requests: Sequence[Request]) -> float:
    """About how many seconds a point takes, to within an order of magnitude."""
    try:
        battery, charger = point.model.battery, point.model.charger
        cells = float(battery.top or charger.top or 1)
        # A charger without a top climbs about as far as the cells do.
        spins = float(charger.top or cells)
        sectors = _sectors(point, cells, spins)
    except Exception:  # an error of the point, which is recorded where it is computed
        return _LEAST
    levels = (cells + 1) * (spins + 1) / 2
    if point.noise:
        levels = levels**2
        seconds = _BLOCK * levels**1.5
    elif point.model.groups or point.model.anisotropy != 0:
        seconds = _GRID * levels**1.5
    else:
        levels = min(cells, spins) + 1
        seconds = _CHAIN * levels
    total = 0.0
    for request in requests:
        times = (point.times if request.times is None else request.times) or ()
        total += _LEAST + sectors * (seconds + _TIME * levels * len(times) * request.curve)
    return total


def _sectors(point: Point, cells: float, spins: float) -> float:
    """About how many sectors a start has a part in: those of total spins, where spins differ."""
    start, pure = point.start or point.model.default_start(), (Level, Superposed)
    found = 0.0
    for branch in islice(start.branches(point.model), _BRANCHES):
        of_cells = 1 if isinstance(branch.battery, pure) else cells / 2 + 1
        found += of_cells * (1 if isinstance(branch.charger, pure) else spins / 2 + 1)
    return found
