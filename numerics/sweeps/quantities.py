"""The quantities of a sweep by name: what is asked of each point, and what its columns are."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.options import checked, separated, written
from numerics.observables.speed import SpeedLimits
from numerics.observables.table import OBSERVABLES, Observable, named
from numerics.sweeps.points import Request, column_name

__all__ = ["Column", "columns", "requests"]

_LONGEST = 30
# The unit of what a function of the reader's returns.
_UNSTATED = "unstated"
_PEAK = ("value", "time")
_MUST = (
    "be names of quantities such as 'max_power' or 'ergotropy(sense=local)', functions, or pairs "
    "of a name and times"
)


@dataclass(frozen=True)
class Column:
    """A column of the table, described.

    Attributes
    ----------
    name : str
    unit : str
        With "frequency" for the unit of energy, and "time" for that of time.
    definition : str
    symbol : str
        In LaTeX.
    """

    name: str
    unit: str
    definition: str
    symbol: str


@dataclass(frozen=True)
class _Method:
    """A method of `Charging` that takes a quantity rather than times."""

    definition: str
    symbol: str
    fields: tuple[str, ...] = ("value",)
    unit: str = "{}"
    options: tuple[str, ...] = ("quantity",)


_METHODS = {
    "first_peak": _Method(
        "The first local maximum at t > 0 of {}", r"{}\ \mathrm{{(first\ peak)}}", _PEAK
    ),
    "maximum": _Method(
        "The largest value, in a window that begins at t = 0, of {}",
        r"\max_t {}", _PEAK, options=("quantity", "until"),
    ),
    "max_power": _Method(
        "The largest power over all times: the gain over t of {}",
        r"P_{{\max}}", _PEAK, unit="{} per time",
    ),
    "mean": _Method("The mean over all times of {}", r"\overline{{{}}}"),
    "steady": _Method("The value in the steady state of {}", r"{}(\infty)"),
    "speed_limits": _Method(
        "The time of the first peak, or a bound on it from below", r"t", SpeedLimits._fields,
        unit="time", options=(),
    ),
}  # fmt: skip


def requests(compute: Any, times: bool) -> tuple[Request, ...]:
    """The quantities of each point, from names, options and times.

    Parameters
    ----------
    compute : sequence
        Names, with options in brackets; or tuples of a name, times, and a mapping of options, each
        of the last two where it is needed.
    times : bool
        Times are given for all curves.

    Raises
    ------
    InvalidArgument
        An unknown name or option, a value that it cannot have, a curve without times, a maximum
        with them, or the same quantity twice.
    """
    entries = checks.entries("compute", compute, _MUST)
    if not entries:
        raise invalid("compute", _MUST, compute)
    found = tuple(_request(f"compute[{i}]", entry, times) for i, entry in enumerate(entries))
    for request in found:
        if sum(request.name == other.name for other in found) > 1:
            raise invalid("compute", "be different quantities", request.name)
    return found


def _request(label: str, entry: Any, times: bool) -> Request:
    parts: tuple[Any, ...] = entry if isinstance(entry, tuple) else (entry,)
    mappings = [part for part in parts[1:] if isinstance(part, Mapping)]
    own = [part for part in parts[1:] if not isinstance(part, Mapping)]
    if not parts or len(own) > 1 or len(mappings) > 1:
        raise invalid(label, f"be one of these: {_MUST}", entry)
    if callable(parts[0]) and not own:
        return _of_function(label, parts[0], dict(mappings[0]) if mappings else {})
    name, given = separated(parts[0], label)
    beside: Mapping[str, Any] = mappings[0] if mappings else {}
    for twice in given.keys() & beside.keys():
        raise invalid(f"{label}.{twice}", "be given once", entry)
    options: dict[str, Any] = {**given, **beside}
    if name in OBSERVABLES:
        row = OBSERVABLES[name]
        values = checked(name, row.options, options)
        if not own and not times:
            raise InvalidArgument(
                f"`{label}` must have times, its own or those of all, but {name!r} has none"
            )
        instants = tuple(_times(label, own[0])) if own else None
        differing = tuple(
            (o.name, values[o.name]) for o in row.options if values[o.name] is not None
        )
        return Request(written(name, row.options, values), name, differing, True, instants)
    if name not in _METHODS:
        known = (*_METHODS, *OBSERVABLES)
        raise invalid(label, f"be a quantity, one of {', '.join(known)}", name)
    if own:
        raise invalid(label, f"be {name!r} without times, which it finds or does not need", entry)
    return _method_request(label, name, options)


def _method_request(label: str, name: str, options: dict[str, Any]) -> Request:
    method = _METHODS[name]
    if "until" in method.options:
        until = options.get("until")
        if isinstance(until, str):
            until = float(checks.written("until", until, "be a positive finite number"))
        options["until"] = float(checks.positive_number("until", until))
    quantity = options.get("quantity", "energy")
    if "quantity" in method.options:
        others = {k: v for k, v in options.items() if k not in method.options}
        row, values = named(quantity, others)
        settled = {o.name: values[o.name] for o in row.options if values[o.name] != o.default}
        own = {"quantity": row.name} if row.name != "energy" else {}
        own |= {k: options[k] for k in ("until",) if k in method.options}
        options = {**own, **settled}
    elif options:
        raise invalid(label, f"be {name!r} without options", options)
    return Request(_with_options(name, options), name, tuple(options.items()))


def _of_function(label: str, function: Any, options: dict[str, Any]) -> Request:
    try:
        pickle.dumps(function)
        name = str(function.__name__)
    except Exception:  # whatever pickle says of what is no function of a module
        must = "be a function of a module, so that it reaches other processes"
        raise invalid(label, must, function) from None
    return Request(_with_options(name, options), name, tuple(options.items()), function=function)


def _with_options(name: str, options: Mapping[str, Any]) -> str:
    shown = ", ".join(f"{key}={value}" for key, value in options.items())
    return f"{name}({shown})" if shown else name


def _times(label: str, values: Any) -> list[float]:
    times = checks.times_array(values)
    if times.ndim != 1 or not times.size:
        raise invalid(label, "have times in one row, at least one", np.shape(values))
    return [float(time) for time in times]


def columns(request: Request) -> Iterator[Column]:
    """The columns of a quantity."""
    if request.function is not None:
        words = (request.function.__doc__ or "").strip().split("\n")[0]
        yield Column(request.name, _UNSTATED, words, "")
        return
    if request.curve:
        row = OBSERVABLES[request.method]
        yield Column(request.name, row.unit, row.definition, _symbol(row))
        return
    method = _METHODS[request.method]
    row = OBSERVABLES[str(dict(request.options).get("quantity", "energy"))]
    words = re.split("[:;.]", row.definition)[0]
    definition = method.definition.format(words[0].lower() + words[1:])
    for field in method.fields:
        name = column_name(request.name, field)
        if field == "time" and len(method.fields) == 2:
            yield Column(name, "time", f"The time of {request.name}.", "t")
        else:
            unit, symbol = method.unit.format(row.unit), method.symbol.format(_symbol(row))
            if row.name != "energy" and "{" not in method.symbol.replace("{{", ""):
                symbol = rf"{symbol}\ \mathrm{{of}}\ {_symbol(row)}"
            yield Column(name, unit, f"{definition}.", symbol)


def _symbol(row: Observable) -> str:
    """The left side of the equation that defines a row, without its time; its name if long."""
    left = row.symbol.partition("=")[0].strip().removesuffix("(t)")
    if len(left) > _LONGEST or left.count("(") != left.count(")"):
        words = row.name.replace("_", r"\ ")
        return rf"\mathrm{{{words}}}"
    return left
