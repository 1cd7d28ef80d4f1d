"""Models and states as the symbolic engine reads them: exact numbers, and a symbol where open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from sympy import Expr, Symbol

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import Model
from numerics.model.states import Dicke, Fock, InitialState, Mixture, Product, Thermal
from symbattery.core.expressions import exact
from symbattery.model import symbols

__all__ = [
    "described",
    "described_initial",
    "described_values",
    "parameters",
    "substituted",
]

_KNOWN = {
    "cells": ("integer", "positive"),
    "chargers": ("integer", "positive"),
    "excited": ("integer", "nonnegative"),
    "photons": ("integer", "nonnegative"),
    "coupling": ("positive",),
    "frequency": ("positive",),
    "charger_frequency": ("positive",),
}


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


def described(model: Any, *, any_cells: bool = False) -> Model:
    """``model`` with exact numbers, and with g and ω₀ where these were left open.

    Parameters
    ----------
    model : SpinCharger or CavityCharger
    any_cells : bool
        Whether the number of cells may be a symbol.

    Raises
    ------
    InvalidArgument
        Not a model, a symbolic number of cells, or a symbol without the assumptions needed.
    """
    if not isinstance(model, Model):
        raise invalid("model", "be a SpinCharger or a CavityCharger", model)
    if not any_cells and checks.is_symbolic(model.cells):
        raise invalid("cells", "be a number: a sector has one level for each cell", model.cells)
    filled: dict[str, Any] = {
        "coupling": symbols.g if model.coupling is None else model.coupling,
        "frequency": symbols.omega_0 if model.frequency is None else model.frequency,
    }
    if model.charger_frequency is None:
        filled["charger_frequency"] = filled["frequency"]
    for spot in fields(model):
        value = filled.get(spot.name, getattr(model, spot.name))
        _require(spot.name, value)
        _refuse_reserved(spot.name, value)
        filled[spot.name] = value if spot.name == "cells" else exact(value)
    return replace(model, **filled)


_RESERVED = ("xi", "Omega", "lambda", "A", "B", "x", "y", "theta", "varphi")


def _refuse_reserved(name: str, value: Any) -> None:
    """Refuse symbols that name a quantity of the solution itself, or the time."""
    for symbol in getattr(value, "free_symbols", ()):
        stem = symbol.name.split("_")[0]
        if symbol == symbols.t or stem in _RESERVED:
            raise invalid(name, "not contain a symbol that the solution uses itself", value)


def described_initial(initial: InitialState) -> InitialState:
    """``initial`` with exact numbers, once its symbols are what the derivation takes them for."""
    if isinstance(initial, Dicke):
        _require("excited", initial.excited_chargers)
    if isinstance(initial, Dicke | Fock) and checks.is_symbolic(initial.excited_cells):
        raise invalid("initial.excited_cells", "be a number", initial.excited_cells)
    if isinstance(initial, Fock):
        _require("photons", initial.photons)
    for name, value in _initial_values(initial):
        _refuse_reserved(name, value)
    if isinstance(initial, Mixture):
        return Mixture(tuple((exact(w), described_initial(part)) for w, part in initial.parts))
    if isinstance(initial, Product):
        return Product(
            tuple(map(_exact_population, initial.cell_populations)),
            tuple(map(_exact_population, initial.charger_populations)),
        )
    if isinstance(initial, Thermal):
        given = {spot.name: getattr(initial, spot.name) for spot in fields(initial)}
        return Thermal(**{n: None if v is None else exact(v) for n, v in given.items()})
    return initial


def _exact_population(value: Any) -> Any:
    if not isinstance(value, tuple):
        return exact(value)
    population, count = value
    if count.is_integer is not True:
        raise InvalidArgument(
            f"`spins` must be known to be an integer, but is {count} without that assumption"
        )
    return exact(population), count


def described_values(model: Model, initial: InitialState) -> Iterator[tuple[str, Any]]:
    """Every value of a description, by the name of its field."""
    for spot in fields(model):
        yield spot.name, getattr(model, spot.name)
    yield from _initial_values(initial)


def _initial_values(initial: InitialState) -> Iterator[tuple[str, Any]]:
    if isinstance(initial, Dicke):
        yield "excited", initial.excited_chargers
    elif isinstance(initial, Fock):
        yield "photons", initial.photons
    elif isinstance(initial, Thermal):
        for spot in fields(initial):
            yield spot.name, getattr(initial, spot.name)
    elif isinstance(initial, Product):
        for value in initial.cell_populations + initial.charger_populations:
            if not isinstance(value, tuple):
                yield "population", value
                continue
            population, count = value
            yield "population", population
            yield "excited" if population == 1 else "spins", count
    elif isinstance(initial, Mixture):
        for weight, part in initial.parts:
            yield "weight", weight
            yield from _initial_values(part)


def parameters(model: Model, initial: InitialState) -> dict[str, Symbol]:
    """The free symbols by the name of the field they stand in, in the order of the fields.

    A symbol inside a longer expression, or a second one in the same place, goes by its own name.
    """
    found: dict[Symbol, str] = {}
    for name, value in described_values(model, initial):
        for symbol in sorted(getattr(value, "free_symbols", ()), key=str):
            taken = name in found.values() or value != symbol
            found.setdefault(symbol, symbol.name if taken else name)
    return {name: symbol for symbol, name in found.items()}


def _put(value: Any, values: Mapping[Symbol, Any]) -> Any:
    if isinstance(value, tuple):
        return tuple(_put(entry, values) for entry in value)
    if isinstance(value, InitialState):
        return substituted(value, values)
    return value.subs(values) if isinstance(value, Expr) else value


def substituted(description: Any, values: Mapping[Symbol, Any]) -> Any:
    """A model or a state with numbers in place of its symbols; checked again."""
    changed = {
        spot.name: _put(getattr(description, spot.name), values) for spot in fields(description)
    }
    return type(description)(**changed)
