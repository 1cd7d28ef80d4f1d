"""The commands ``sweep`` and ``status``: a sweep from a TOML file, and how far a store is."""

from __future__ import annotations

import argparse
import ast
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any

import numpy as np

import numerics
from numerics.model import checks
from numerics.model.checks import InvalidArgument, choice, invalid
from numerics.model.models import Model
from numerics.storage.chunks import progress
from numerics.storage.files import read_text
from symbattery.sweeps import Table
from symbattery.sweeps import sweep as run

__all__ = ["described", "status", "sweep"]

_KEYS = ("model", "compute", "zipped", "axes")
_RANGE = {"from", "to", "step", "number"}
_MODELS = {
    name: value
    for name, value in vars(numerics).items()
    if isinstance(value, type) and issubclass(value, Model)
}
# What a text may call: descriptions but for models, which are starts, noise and groups.
_CALLED = {
    name: value
    for name, value in vars(numerics).items()
    if name in numerics.__all__
    and getattr(value, "__module__", "").startswith("numerics.model.")
    and not (isinstance(value, type) and issubclass(value, Model | Exception))
}
_NODES = (
    *(ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Call, ast.keyword, ast.Tuple, ast.List),
    *(ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod),
    *(ast.UnaryOp, ast.USub, ast.UAdd),
)


def sweep(arguments: argparse.Namespace) -> int:
    """Compute the sweep of a file; the exit code is 1 if a point could not be computed."""
    output = None if arguments.output is None else Path(arguments.output)
    write = _writer(output)
    given = described(_content(arguments.file))
    table = run(**given, processes=arguments.processes, store=arguments.store)
    about = {**table.attributes, "command": f"symbattery sweep {arguments.file}"}
    write(replace(table, attributes=about))
    for failure in table.failures:
        print(f"symbattery: {failure}", file=sys.stderr)
    return 1 if table.failures else 0


def _writer(output: Path | None) -> Callable[[Table], Any]:
    if output is None:
        return lambda table: print(table.to_csv(), end="")
    forms: dict[str, Callable[[Table], Any]] = {
        ".csv": lambda table: table.to_csv(output),
        ".json": lambda table: table.to_json(output),
    }
    if output.suffix not in forms:
        raise invalid("output", f"end with one of {', '.join(forms)}", str(output))
    return forms[output.suffix]


def status(arguments: argparse.Namespace) -> int:
    """Tell how far the runs of a store are."""
    if not Path(arguments.store).is_dir():
        raise invalid("store", "be the folder of a store", arguments.store)
    for one in progress(arguments.store):
        failed = f", {one.failed} of them with errors" * bool(one.failed)
        more = f" and {len(one.programs) - 1} more" * (len(one.programs) > 1)
        print(
            f"{one.what}: {one.finished} of {one.total} finished"
            f" ({one.finished / one.total:.0%}){failed}, by {one.programs[0]}{more}"
        )
    return 0


def _content(file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(Path(file)))
    except (OSError, ValueError) as error:
        raise InvalidArgument(f"`file` must be a TOML file, but is {file!r}: {error}") from None


def described(content: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a sweep from the content of a file.

    A text is a number, or an expression with starts, noise and the names of other axes, which
    makes it a function of these. ``{ from = 1, to = 40 }`` is a range with both ends, with a
    ``step`` or a ``number`` of values.

    Raises
    ------
    InvalidArgument
        A key, a model, a range or an expression is not what it must be.
    """
    for name in content:
        if name not in _KEYS:
            raise invalid("file", f"have the keys {', '.join(_KEYS)}", name)
    for name in ("model", "compute"):
        if name not in content:
            raise InvalidArgument(f"`file` must have the key {name}, but has {list(content)}")
    axes = content.get("axes", {})
    if not isinstance(axes, Mapping):
        raise invalid("axes", "be a table of names and values", axes)
    model = _MODELS[choice("model", content["model"], _MODELS)]
    compute = content["compute"]
    if not isinstance(compute, list):
        raise invalid("compute", "be a list of names, or of lists of a name and times", compute)
    timed = [tuple(entry) if isinstance(entry, list) else entry for entry in compute]
    zipped = content.get("zipped", ())
    values = {name: _value(name, value, frozenset(axes)) for name, value in axes.items()}
    return {"model": model, "compute": timed, "zipped": zipped, **values}


def _value(label: str, value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, Mapping):
        return _range(label, value)
    if isinstance(value, list):
        return [_value(label, entry, frozenset()) for entry in value]
    return _expression(label, value, names) if isinstance(value, str) else value


def _range(label: str, given: Mapping[str, Any]) -> list[Any]:
    """The values from one number to another."""
    must = "be a range such as { from = 1, to = 40 }, with a step or a number of values"
    if not {"from", "to"} <= given.keys() <= _RANGE or len(given) > 3:
        raise invalid(label, must, dict(given))
    first, last = (checks.real(f"{label}.{name}", given[name]) for name in ("from", "to"))
    if "number" in given:
        number = checks.positive_integer(f"{label}.number", given["number"])
        return [float(value) for value in np.linspace(first, last, number)]
    step = checks.positive_number(f"{label}.step", given.get("step", 1))
    count = int((last - first) / step * (1 + 1e-12) + 1e-9) + 1
    if last < first or count > 10**6:
        raise invalid(label, must, dict(given))
    return [first + i * step for i in range(count)]


def _expression(label: str, text: str, names: frozenset[str]) -> Any:
    """A number as it is written, a start or noise, or a function of other axes."""
    must = "be a number, or an expression of other axes, starts and noise"
    try:
        checks.written(label, text, must)
    except InvalidArgument:
        pass
    else:
        # Models take the number that a text says exactly.
        return text
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise invalid(label, must, text) from None
    nodes = list(ast.walk(tree))
    called = {node.func for node in nodes if isinstance(node, ast.Call)}
    used = {node.id for node in nodes if isinstance(node, ast.Name) and node not in called}
    known = all(isinstance(node, ast.Name) and node.id in _CALLED for node in called)
    if not (known and used <= names) or any(not isinstance(node, _NODES) for node in nodes):
        raise invalid(label, must, text)
    code = compile(tree, label, "eval")

    def function(**values: Any) -> Any:
        try:
            return eval(code, {"__builtins__": {}, **_CALLED}, values)
        except InvalidArgument:
            raise
        except Exception as error:  # whatever numbers and calls of a reader's may raise
            raise InvalidArgument(f"`{label}` must have a value, but {text!r}: {error}") from None

    if not used:
        return function()
    function.__signature__ = Signature(  # type: ignore[attr-defined]
        [Parameter(name, Parameter.KEYWORD_ONLY) for name in sorted(used)]
    )
    return function
