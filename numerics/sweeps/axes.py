"""The axes of a sweep: products, zips, and functions of other axes, as a grid of points."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.groups import SpinGroup
from numerics.model.models import Model, brief
from numerics.model.noise import Noise
from numerics.model.states import InitialState
from numerics.sweeps.points import Point

__all__ = ["Axis", "Grid", "grid", "label"]

_CHARGE = ("start", "noise", "times", "tolerance")
# So deep are the sequences that one value is.
_DEPTH = {"noise": 1, "times": 1, "couplings": 2}
_MOST = 10**6


@dataclass(frozen=True, eq=False)
class Axis:
    """A parameter of the points: its values over some of the dimensions of the grid."""

    name: str
    dims: tuple[str, ...]
    values: npt.NDArray[np.object_]

    def at(self, place: Mapping[str, int]) -> Any:
        """The value at an index of each dimension."""
        return self.values[tuple(place[dim] for dim in self.dims)]


@dataclass(frozen=True, eq=False)
class Grid:
    """All points of a sweep.

    Attributes
    ----------
    sizes : mapping of str to int
        The dimensions.
    axes : tuple of Axis
        What differs between points, in the order in which it was given.
    fixed : mapping of str to object
        What does not.
    """

    sizes: Mapping[str, int]
    axes: tuple[Axis, ...]
    fixed: Mapping[str, Any]

    def indices(self) -> Iterator[tuple[int, ...]]:
        """The indices of the points; that of the last dimension runs fastest."""
        return product(*map(range, self.sizes.values()))

    def arguments(self, index: tuple[int, ...]) -> dict[str, Any]:
        """The values of the axes at a point."""
        place = dict(zip(self.sizes, index, strict=True))
        return {axis.name: axis.at(place) for axis in self.axes}

    def point(self, index: tuple[int, ...]) -> Point:
        """The point at an index.

        Raises
        ------
        InvalidArgument
            Its model has a field that is not what it must be.
        """
        given = {**self.fixed, **self.arguments(index)}
        other = {name: given.pop(name) for name in _CHARGE if name in given}
        model = given.pop("model")
        known = {spot.name for spot in fields(model)}
        given = {name: value for name, value in given.items() if name in known}
        built = model(**given) if isinstance(model, type) else replace(model, **given)
        times = other.pop("times", None)
        noise = tuple(other.pop("noise", ()))
        instants = None if times is None else tuple(map(float, times))
        return Point(built, noise=noise, times=instants, **other)


def grid(model: Any, zipped: Any, given: Mapping[str, Any]) -> Grid:
    """The grid of a model, or of several, and of parameters by name.

    Parameters
    ----------
    model : Model, class of models, or sequence of these
    zipped : sequence of sequences of str
        The names of parameters whose values run together.
    given : mapping
        Fields of the model, start, noise, times and tolerance, and whatever else functions need:
        each a value, a sequence of values, or a function of others, whose names are those of its
        arguments.

    Raises
    ------
    InvalidArgument
        No such parameter, no values, values of different number that are zipped, a function of
        what is not there or of itself, or one of them is not what it must be.
    """
    parameters = {
        name: checks.entries(name, value, "be a value, a sequence of values or a function")
        if isinstance(value, Iterator)
        else value
        for name, value in {"model": model, **given}.items()
    }
    _check_names(parameters)
    groups = _groups(zipped, parameters)
    axes: dict[str, Axis] = {}
    functions = _functions(parameters)
    fixed: dict[str, Any] = {}
    sizes: dict[str, int] = {}
    for name, value in parameters.items():
        if name in functions:
            continue
        if _is_axis(name, value):
            values = checks.entries(name, value, "be a sequence of values")
            if not values:
                raise invalid(name, "have at least one value", value)
            dim = groups.get(name, name)
            if sizes.setdefault(dim, len(values)) != len(values):
                must = f"have as many values as `{dim}`, {sizes[dim]}, with which it is zipped"
                raise InvalidArgument(f"`{name}` must {must}, but has {len(values)}")
            axes[name] = Axis(name, (dim,), _objects(values, (len(values),)))
        else:
            fixed[name] = value
    if np.prod(list(sizes.values()), dtype=float) > _MOST:
        raise invalid("axes", f"have at most {_MOST} points together", dict(sizes))
    for name in _in_order(functions, parameters):
        axes[name] = _of_function(name, functions[name], axes, fixed, sizes)
    for name, value in (
        *fixed.items(),
        *((a.name, v) for a in axes.values() for v in a.values.flat),
    ):
        _check_value(name, value)
    ordered = tuple(axes[name] for name in parameters if name in axes)
    return Grid(sizes, ordered, fixed)


def _check_names(parameters: Mapping[str, Any]) -> None:
    model = parameters["model"]
    models = (
        [model]
        if _is_model(model) or callable(model)
        else checks.entries("model", model, "be a model, a class of models, or a sequence of these")
    )
    functions = _functions(parameters)
    used = {one for name, value in functions.items() for one in _needed(name, value, parameters)}
    for one in models:
        if not (_is_model(one) or _is_function(one)):
            raise invalid("model", "be a model, a class of models, or a sequence of these", one)
        if not _is_model(one):
            continue
        known = {spot.name: spot for spot in fields(one)}
        for name in parameters:
            if name not in {*known, "model", *_CHARGE, *used}:
                words = ", ".join((*known, *_CHARGE))
                kind = one if isinstance(one, type) else type(one)
                raise InvalidArgument(
                    f"`{name}` must be a parameter of {kind.__name__}, one of {words}, but is none"
                )
        if isinstance(one, type):
            for name, spot in known.items():
                if spot.default is MISSING and name not in parameters:
                    raise InvalidArgument(
                        f"`{name}` must be given for {one.__name__}, but is left out"
                    )


def _is_model(value: Any) -> bool:
    return isinstance(value, Model) or (isinstance(value, type) and issubclass(value, Model))


def _is_function(value: Any) -> bool:
    return callable(value) and not isinstance(value, type)


def _functions(parameters: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
    return {name: value for name, value in parameters.items() if _is_function(value)}


def _is_axis(name: str, value: Any) -> bool:
    if isinstance(value, str | bytes | Mapping) or not np.iterable(value):
        return False
    depth = 0
    entry: Any = value
    while np.iterable(entry) and not isinstance(entry, str | bytes | Mapping):
        entries = entry if isinstance(entry, list | tuple | range | np.ndarray) else list(entry)
        depth += 1
        if not len(entries):
            break
        entry = entries[0]
    # A side of several groups is one value.
    return depth > _DEPTH.get(name, int(isinstance(entry, SpinGroup)))


def _groups(zipped: Any, parameters: Mapping[str, Any]) -> dict[str, str]:
    """The dimension of each name that is zipped: the first name of its group."""
    must = "be a sequence of groups of names, such as [('cells', 'chargers')]"
    found: dict[str, str] = {}
    for i, group in enumerate(checks.entries("zipped", zipped, must)):
        names = checks.entries(f"zipped[{i}]", group, must)
        for name in names:
            if not isinstance(name, str) or name in found:
                raise invalid(f"zipped[{i}]", "have names, each once", name)
            if name not in parameters or not _is_axis(name, parameters[name]):
                raise invalid(f"zipped[{i}]", "have names of sequences of values", name)
            found[name] = names[0]
    return found


def _objects(values: Iterable[Any], shape: tuple[int, ...]) -> npt.NDArray[np.object_]:
    array = np.empty(shape, dtype=object)
    for index, value in zip(np.ndindex(shape), values, strict=True):
        array[index] = value
    return array


def _needed(name: str, function: Callable[..., Any], parameters: Mapping[str, Any]) -> list[str]:
    """The names of the arguments of a function of other axes."""
    needed = [
        one.name
        for one in inspect.signature(function).parameters.values()
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    for one in needed:
        if one not in parameters or one == name:
            must = f"be a function of others that are given: {', '.join(parameters)}"
            raise InvalidArgument(f"`{name}` must {must}, but needs {one!r}")
    return needed


def _in_order(
    functions: Mapping[str, Callable[..., Any]], parameters: Mapping[str, Any]
) -> list[str]:
    """The functions, each after those that it needs."""
    needed = {name: _needed(name, function, parameters) for name, function in functions.items()}
    order: list[str] = []
    while len(order) < len(needed):
        ready = [
            name
            for name in needed
            if name not in order and all(n in order or n not in needed for n in needed[name])
        ]
        if not ready:
            left = next(name for name in needed if name not in order)
            raise InvalidArgument(
                f"`{left}` must be a function of others, but they are functions of it"
            )
        order += ready
    return order


def _of_function(
    name: str,
    function: Callable[..., Any],
    axes: Mapping[str, Axis],
    fixed: Mapping[str, Any],
    sizes: Mapping[str, int],
) -> Axis:
    needed = _needed(name, function, {**axes, **fixed})
    used = {dim for one in needed if one in axes for dim in axes[one].dims}
    dims = tuple(dim for dim in sizes if dim in used)

    def values() -> Iterator[Any]:
        for index in product(*(range(sizes[dim]) for dim in dims)):
            place = dict(zip(dims, index, strict=True))
            given = {one: axes[one].at(place) if one in axes else fixed[one] for one in needed}
            try:
                yield function(**given)
            except InvalidArgument:
                raise
            except Exception as error:  # whatever a function of the reader's may raise
                shown = ", ".join(f"{one}={label(value)}" for one, value in given.items())
                raise InvalidArgument(
                    f"`{name}` must have a value for {shown}, but its function raises"
                    f" {type(error).__name__}: {error}"
                ) from None

    return Axis(name, dims, _objects(values(), tuple(sizes[dim] for dim in dims)))


def _check_value(name: str, value: Any) -> None:
    """Refuse what is no value of a parameter; fields are checked by their model."""
    if name == "start" and not (value is None or isinstance(value, InitialState)):
        raise invalid("start", "be an initial state", value)
    if name == "tolerance":
        checks.positive_number("tolerance", value)
    if name == "noise":
        for i, one in enumerate(checks.entries("noise", value, "be a sequence of noise")):
            if not isinstance(one, Noise):
                raise invalid(f"noise[{i}]", "be loss, pump, dephasing or a bath", one)
    if name == "times" and value is not None:
        times = checks.times_array(value)
        if times.ndim != 1 or not times.size:
            raise invalid("times", "be in one row, at least one", np.shape(times))


def label(value: Any) -> Any:
    """A value as an index shows it: a number, or words."""
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, Model | InitialState | Noise):
        return brief(value)
    if isinstance(value, tuple | list | np.ndarray):
        return ", ".join(str(label(entry)) for entry in value)
    return value
