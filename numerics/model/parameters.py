"""What is to be computed: a model and a state without symbols, and the numbers in them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from numerics.model.checks import invalid, is_symbolic
from numerics.model.models import CavityCharger, Model, SpinCharger
from numerics.model.states import InitialState, Mixture, check_initial

__all__ = ["Parameters", "checked_model", "checked_problem", "parameters"]

T = TypeVar("T")

_MUST = "be a number (the numerics cannot keep a symbol)"


@dataclass(frozen=True)
class Parameters(Generic[T]):
    """The real parameters of a model, in one kind of number."""

    coupling: T
    frequency: T
    charger_frequency: T
    anisotropy: T
    charger_crosstalk: T
    cell_crosstalk: T


def parameters(model: Model, number: Callable[[Any], T]) -> Parameters[T]:
    """The parameters through ``number``; what is left open is 1 or resonant."""
    frequency = number(1 if model.frequency is None else model.frequency)
    omega_c = model.charger_frequency
    return Parameters(
        coupling=number(1 if model.coupling is None else model.coupling),
        frequency=frequency,
        charger_frequency=frequency if omega_c is None else number(omega_c),
        anisotropy=number(model.anisotropy),
        charger_crosstalk=number(getattr(model, "charger_crosstalk", 0)),
        cell_crosstalk=number(model.cell_crosstalk),
    )


def _refuse_symbols(name: str, value: Any) -> None:
    if isinstance(value, Mixture):
        for i, (weight, state) in enumerate(value.parts):
            _refuse_symbols(f"parts[{i}] weight", weight)
            _refuse_symbols(f"parts[{i}] state", state)
    elif isinstance(value, tuple):
        for i, entry in enumerate(value):
            _refuse_symbols(f"{name}[{i}]", entry)
    elif dataclasses.is_dataclass(value):
        for entry in dataclasses.fields(value):
            _refuse_symbols(f"{name}.{entry.name}", getattr(value, entry.name))
    elif is_symbolic(value):
        raise invalid(name, _MUST, value)


def checked_model(model: Any) -> Model:
    """``model`` itself, once it is known to be a model without symbols."""
    if not isinstance(model, SpinCharger | CavityCharger):
        raise invalid("model", "be a SpinCharger or a CavityCharger", model)
    for entry in dataclasses.fields(model):
        _refuse_symbols(entry.name, getattr(model, entry.name))
    return model


def checked_problem(model: Any, initial: Any) -> tuple[Model, InitialState]:
    """The model and its initial state (the ideal one for ``None``), both without symbols.

    Raises
    ------
    InvalidArgument
        No model, no state, a symbol anywhere, or a state that does not fit the model.
    """
    model = checked_model(model)
    if isinstance(initial, InitialState):
        _refuse_symbols("initial", initial)
    return model, check_initial(model, initial)
