"""A problem as the symbolic engine reads it: exact numbers, and a symbol where open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from itertools import chain, count
from typing import Any

from sympy import Expr, I, Indexed, Symbol

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import Model, brief, check_model
from numerics.model.noise import Noise, check_noise
from numerics.model.problem import Description, Problem, check_initial
from numerics.model.states import InitialState
from numerics.model.superpositions import components
from symbattery import symbols
from symbattery.core.expressions import UnsolvedError, checked_symbols, exact

__all__ = [
    "described_values",
    "exact_noise",
    "exact_problem",
    "noise_values",
    "parameters",
    "refuse_reserved",
    "require_parameters",
    "substituted",
    "system",
]

_KNOWN = {
    "cells": ("integer", "positive"),
    "chargers": ("integer", "positive"),
    "excited_chargers": ("integer", "nonnegative"),
    "photons": ("integer", "nonnegative"),
    "spins": ("integer",),
    "coupling": ("positive",),
    "frequency": ("positive",),
    "charger_frequency": ("real",),
    "couplings": ("real",),
    "rate": ("nonnegative",),
    "temperature": ("positive",),
}

# The beginnings, up to an underscore, of names that the solution and its functions use.
_RESERVED = ("", "xi", "Omega", "lambda", "A", "B", "x", "y", "theta", "varphi")


def _require(name: str, value: Any) -> None:
    """Refuse an expression whose sign or integrality the derivation would have to guess."""
    if not checks.is_symbolic(value):
        return
    missing = [a for a in _KNOWN.get(name, ()) if getattr(value, f"is_{a}") is not True]
    if missing:
        wanted = ", ".join(f"{a}=True" for a in _KNOWN[name])
        advice = f": declare Symbol({str(value)!r}, {wanted})" if value.is_Symbol else ""
        raise InvalidArgument(
            f"`{name}` must be known to be {' and '.join(missing)}, but is {value} without that "
            f"assumption{advice}"
        )


def _kind(name: str) -> str:
    """The kind of quantity of a field, of which groups have many: chargers[0].spins is chargers."""
    stem, _, own = name.partition("[")
    own = own.rpartition(".")[2]
    if own == "spins" or not own:
        return stem
    return "couplings" if own == "coupling" or stem == "couplings" else "charger_frequency"


def refuse_reserved(name: str, value: Any) -> None:
    """Refuse symbols that name a quantity of the solution itself, or the time, or nothing."""
    checked_symbols(name, value)
    for symbol in getattr(value, "free_symbols", ()):
        stem = symbol.name.split("_")[0]
        if symbol == symbols.t or stem in _RESERVED:
            raise invalid(name, "not contain a symbol that the solution uses itself", value)


def exact_problem(model: Any, initial: Any = None) -> Problem[Expr]:
    """A model and its start with exact numbers, and with g and ω₀ where these were left open.

    Parameters
    ----------
    model : Model
    initial : InitialState, optional
        The ideal start of the model if left out.

    Raises
    ------
    InvalidArgument
        No model, no state or one that does not fit, or a symbol without the assumptions needed.
    """
    model = check_model(model)
    units = {
        "coupling": symbols.g if model.coupling is None else model.coupling,
        "frequency": symbols.omega_0 if model.frequency is None else model.frequency,
    }
    if model.charger_frequency is None:
        units["charger_frequency"] = exact(units["frequency"]) / model.charger.quanta_per_level
    named = {spot.name for spot in fields(model)}
    filled = replace(model, **{name: unit for name, unit in units.items() if name in named})
    for name, value in filled.values():
        if value is not None:
            _require(_kind(name), value)
            refuse_reserved(name, exact(value))
    # The ideal start fits, and to compare its symbols is slow.
    state = model.default_start() if initial is None else check_initial(model, initial)
    for label, field, value in state.values():
        if field == "excited_cells" and checks.is_symbolic(value):
            raise invalid(label, "be a number", value)
        # In a product state the number of spins that are up is one of the numbers of spins.
        _require("spins" if label.endswith("]") and field == "excited_chargers" else field, value)
        if value is not None:
            refuse_reserved(field, exact(value))
    state = _changed(state, lambda v: v if v is None or isinstance(v, int) else _exact(v))
    return Problem(_changed(filled, lambda v: v if v is None else exact(v)), state, exact)


def exact_noise(model: Model, noise: Any) -> tuple[Noise, ...]:
    """The noise of an exact model with exact numbers.

    Raises
    ------
    InvalidArgument
        It does not fit the model, or a symbol is not known to be what it must be.
    """
    found = []
    for i, one in enumerate(check_noise(model, noise)):
        put = {}
        for name in ("rate", "temperature"):
            if (value := getattr(one, name, None)) is not None:
                _require(name, value)
                refuse_reserved(f"noise[{i}].{name}", exact(value))
                put[name] = exact(value)
        found.append(replace(one, **put))
    return tuple(found)


def _exact(value: Any) -> Expr:
    """An exact expression, also of complex numbers."""
    real, imag = components(value)
    return exact(real) if imag == 0 else exact(real) + I * exact(imag)


def _changed(value: Any, change: Callable[[Any], Any]) -> Any:
    """A description with every number in it changed; checked again."""
    if isinstance(value, tuple):
        return tuple(_changed(entry, change) for entry in value)
    if isinstance(value, Description):
        return type(value)(
            **{spot.name: _changed(getattr(value, spot.name), change) for spot in fields(value)}
        )
    return change(value)


def substituted(description: Any, values: Mapping[Symbol, Any]) -> Any:
    """A model or a state with numbers in place of its symbols; checked again."""
    return _changed(
        description, lambda value: value.subs(values) if isinstance(value, Expr) else value
    )


def system(model: Model, initial: InitialState, longest: int = 120) -> str:
    """A model and its start, each of so many characters at most, without units left open."""
    units = {"coupling": symbols.g, "frequency": symbols.omega_0}
    given = {name: getattr(model, name) for name in units}
    own = {spot.name for spot in fields(model)}
    left = {name: None for name, unit in units.items() if name in own and given[name] == unit}
    if "charger_frequency" in own and model.frequencies[0] == model.frequencies[1]:
        left["charger_frequency"] = None
    return f"{brief(replace(model, **left), longest)} from {brief(initial, longest)}"


def described_values(model: Model, initial: InitialState) -> Iterator[tuple[str, Any]]:
    """Every value of a description, by the kind of quantity it is."""
    yield from model.values()
    yield from ((field, value) for _, field, value in initial.values())


def require_parameters(model: Model) -> None:
    """Refuse couplings of each spin, where numbers are to take the place of symbols.

    Raises
    ------
    UnsolvedError
    """
    for name, value in model.values():
        if isinstance(value, Expr) and value.has(Indexed):
            raise UnsolvedError(
                f"`{name}` must be a number or a symbol for functions, code and verification, but "
                f"is {value}, which stands for one coupling of each spin"
            )


def noise_values(noise: Iterable[Noise]) -> Iterator[tuple[str, Any]]:
    """The rates and temperatures of noise."""
    for one in noise:
        for name in ("rate", "temperature"):
            if (value := getattr(one, name, None)) is not None:
                yield f"{name} of noise", value


def parameters(
    model: Model, initial: InitialState, noise: Iterable[Noise] = ()
) -> dict[str, Symbol]:
    """The free symbols by the name of the field they stand in, in the order of the fields.

    A symbol that stands alone nowhere, or a second one in the same place, goes by its own name; a
    number follows where something else has that. Couplings of each spin are no numbers that a
    function could take.
    """
    values = [*described_values(model, initial), *noise_values(noise)]
    alone: dict[str, Symbol] = {}
    for name, value in values:
        if getattr(value, "is_Symbol", False) and value not in alone.values():
            alone.setdefault(name if name.isidentifier() else value.name, value)
    own = {symbol: name for name, symbol in alone.items()}
    named: dict[str, Symbol] = {}
    for _, value in values:
        indexed = isinstance(value, Expr) and value.has(Indexed)
        for symbol in sorted(() if indexed else getattr(value, "free_symbols", ()), key=str):
            stem = own.get(symbol, symbol.name)
            if symbol not in named.values():
                tried = chain([stem], (f"{stem}_{i}" for i in count(2)))
                free = (n for n in tried if n not in named and alone.get(n, symbol) == symbol)
                named[next(free)] = symbol
    return named
