r"""How the charging starts: initial states, all diagonal in the excitation numbers.

A state is a description, checked against its model by :func:`check_initial`. Numbers may be
SymPy symbols where the symbolic engine keeps them, or text such as "1/3" for that number exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, fields
from typing import Any

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import CavityCharger, Model, check_model

__all__ = [
    "Dicke",
    "Fock",
    "InitialState",
    "Mixture",
    "Product",
    "Thermal",
    "check_initial",
    "default_initial",
    "dicke",
    "fock",
    "mixture",
    "product",
    "thermal",
]


def _set_counts(state: Dicke | Fock, *names: str) -> None:
    for name in names:
        count = checks.non_negative_integer(name, getattr(state, name), symbolic=True)
        object.__setattr__(state, name, count)


def _populations(name: str, values: Iterable[Any]) -> tuple[Any, ...]:
    """One population for each spin; a pair is kept where its number of spins is a symbol."""
    if isinstance(values, str | bytes | Set | Mapping) or not isinstance(values, Iterable):
        raise invalid(name, "be a sequence of populations, one for each spin", values)
    spins: list[Any] = []
    for i, value in enumerate(values):
        population, count = _alike(f"{name}[{i}]", value)
        population = checks.exactly(f"{name}[{i}]", population)
        checks.probability(f"{name}[{i}]", population, symbolic=True)
        spins += [(population, count)] if checks.is_symbolic(count) else [population] * count
    return tuple(spins)


def _alike(name: str, value: Any) -> tuple[Any, Any]:
    """A population and how many spins have it."""
    if not isinstance(value, tuple):
        return value, 1
    if len(value) != 2:
        raise invalid(name, "be a population or a pair (population, number of spins)", value)
    population, count = value
    return population, checks.non_negative_integer(f"{name} spins", count, symbolic=True)


@dataclass(frozen=True)
class Dicke:
    """Symmetric states with ``cells`` excited cells and ``chargers`` excited charger spins."""

    cells: Any
    chargers: Any

    def __post_init__(self) -> None:
        _set_counts(self, "cells", "chargers")


@dataclass(frozen=True)
class Product:
    """Every spin for itself, excited with the population given for it.

    A pair (population, number of spins) stands for that many spins, and is kept as it is where the
    number is a symbol.
    """

    cell_populations: tuple[Any, ...]
    charger_populations: tuple[Any, ...]

    def __post_init__(self) -> None:
        for name in ("cell_populations", "charger_populations"):
            object.__setattr__(self, name, _populations(name, getattr(self, name)))


@dataclass(frozen=True)
class Thermal:
    """Cells and charger each at a temperature; a side that is left open starts ideally."""

    cell_population: Any = None
    charger_population: Any = None
    cell_inverse_temperature: Any = None
    charger_inverse_temperature: Any = None

    def __post_init__(self) -> None:
        for entry in fields(self):
            value = checks.exactly(entry.name, getattr(self, entry.name))
            object.__setattr__(self, entry.name, value)
        given = {
            "cell": (self.cell_population, self.cell_inverse_temperature),
            "charger": (self.charger_population, self.charger_inverse_temperature),
        }
        for side, (population, beta) in given.items():
            if population is not None and beta is not None:
                raise InvalidArgument(
                    f"`{side}_population` must not be given together with "
                    f"`{side}_inverse_temperature`, but both are: {population} and {beta}"
                )
            if population is not None:
                checks.probability(f"{side}_population", population, symbolic=True)
            if beta is not None:
                checks.real(f"{side}_inverse_temperature", beta, symbolic=True)
        if all(value is None for pair in given.values() for value in pair):
            raise InvalidArgument(
                "`thermal` must be given a population or an inverse temperature, but has neither"
            )


@dataclass(frozen=True)
class Fock:
    """``photons`` in the cavity and ``cells`` excited cells (symmetric)."""

    photons: Any
    cells: Any = 0

    def __post_init__(self) -> None:
        _set_counts(self, "photons", "cells")


@dataclass(frozen=True)
class Mixture:
    """Each of ``parts`` = (weight, state) with its probability."""

    parts: tuple[tuple[Any, InitialState], ...]

    def __post_init__(self) -> None:
        must = "be a sequence of (weight, state) pairs"
        if isinstance(self.parts, str | bytes) or not isinstance(self.parts, Iterable):
            raise invalid("parts", must, self.parts)
        pairs = tuple(self.parts)
        if not pairs:
            raise invalid("parts", must, pairs)
        checked: list[tuple[Any, InitialState]] = []
        for i, pair in enumerate(pairs):
            if not isinstance(pair, tuple | list) or len(pair) != 2:
                raise invalid(f"parts[{i}]", "be a (weight, state) pair", pair)
            weight, state = pair
            weight = checks.exactly(f"parts[{i}] weight", weight)
            checks.probability(f"parts[{i}] weight", weight, symbolic=True)
            if not isinstance(state, InitialState):
                raise invalid(f"parts[{i}] state", "be an initial state", state)
            checked.append((weight, state))
        checks.weights_sum_to_one("weights", (weight for weight, _ in checked))
        object.__setattr__(self, "parts", tuple(checked))


InitialState = Dicke | Product | Thermal | Fock | Mixture


def dicke(cells: Any, chargers: Any) -> Dicke:
    r"""The Dicke states with ``cells`` cells and ``chargers`` charger spins excited.

    Eq. (18) of Huangfu and Jing (2021) is ``dicke(0, l - 1)``.

    Raises
    ------
    InvalidArgument
        A number is not a non-negative integer.
    """
    return Dicke(cells, chargers)


def product(cell_populations: Iterable[Any], charger_populations: Iterable[Any]) -> Product:
    """A product state: one excited-state population for each cell and each charger spin.

    A pair (population, number of spins) stands for that many spins, and the number may be a symbol:
    ``product([0, 0], [(1, m), (0, N - m)])`` has m of N charger spins up.

    One flipped spin is *not* a Dicke state: ``product([1, 0], ...)`` is half singlet, which
    stays dark. Eqs. (16) and (20) of Huangfu and Jing (2021) are of this kind.

    Raises
    ------
    InvalidArgument
        A population is outside [0, 1], or a number of spins is no non-negative integer.
    """
    return Product(cell_populations, charger_populations)  # type: ignore[arg-type]  # to tuples


def thermal(
    *,
    cell_population: Any = None,
    charger_population: Any = None,
    cell_inverse_temperature: Any = None,
    charger_inverse_temperature: Any = None,
) -> Thermal:
    r"""Thermal spins on either side, by excited population or by inverse temperature.

    A spin of frequency :math:`\omega` at inverse temperature :math:`\beta` (positive, zero or
    negative, in 1/energy) is excited with population :math:`1/(1+e^{\beta\omega})`. A side for
    which nothing is given starts ideally: cells down, charger spins up, ``cells`` photons. A
    cavity takes ``charger_inverse_temperature`` > 0 only.

    Raises
    ------
    InvalidArgument
        A population outside [0, 1], a temperature that is no real number, both for one side, or
        none at all.
    """
    return Thermal(
        cell_population, charger_population, cell_inverse_temperature, charger_inverse_temperature
    )


def fock(photons: Any, cells: Any = 0) -> Fock:
    """A cavity with exactly ``photons`` photons, and ``cells`` excited cells (symmetric).

    Raises
    ------
    InvalidArgument
        A number is not a non-negative integer.
    """
    return Fock(photons, cells)


def mixture(parts: Iterable[tuple[Any, InitialState]]) -> Mixture:
    """A statistical mixture of ``(weight, state)``; the weights sum to 1.

    Eqs. (19) and (21) of Huangfu and Jing (2021) are of this kind.

    Raises
    ------
    InvalidArgument
        No part, a part that is no (weight, state), a weight outside [0, 1], or weights that do
        not sum to 1.
    """
    return Mixture(parts)  # type: ignore[arg-type]  # any iterable: it becomes a tuple


def default_initial(model: Model) -> InitialState:
    """The ideal start: cells down; charger spins up, or as many photons as cells (Eq. (4))."""
    check_model(model)
    if isinstance(model, CavityCharger):
        return Fock(model.cells)
    return Dicke(0, model.chargers)


def _at_most(name: str, value: Any, bound_name: str, bound: Any) -> None:
    # A relation between symbols that is not decided is no reason to refuse the state.
    if (value > bound) == True:  # noqa: E712
        raise invalid(name, f"be at most `{bound_name}` = {bound}", value)


def _length(name: str, values: tuple[Any, ...], bound_name: str, bound: Any) -> None:
    given: Any = sum(_alike(name, value)[1] for value in values)
    if checks.is_symbolic(bound) and not checks.is_symbolic(given):
        raise invalid(bound_name, "be a number where a population is given for each spin", bound)
    missing = given - bound
    if (missing.expand() if checks.is_symbolic(missing) else missing) != 0:
        raise InvalidArgument(
            f"`{name}` must have one entry for each of the {bound} {bound_name}, but has {given}"
        )


def _check_spins(model: Any, state: InitialState) -> None:
    if isinstance(state, Fock):
        raise invalid("initial", "be a state of charger spins for a SpinCharger", state)
    if isinstance(state, Dicke):
        _at_most("initial.cells", state.cells, "cells", model.cells)
        _at_most("initial.chargers", state.chargers, "chargers", model.chargers)
    if isinstance(state, Product):
        _length("cell_populations", state.cell_populations, "cells", model.cells)
        _length("charger_populations", state.charger_populations, "chargers", model.chargers)


def _check_cavity(model: CavityCharger, state: InitialState) -> None:
    if isinstance(state, Dicke | Product):
        raise invalid("initial", "be fock, thermal or a mixture of these for a cavity", state)
    if isinstance(state, Fock):
        _at_most("initial.cells", state.cells, "cells", model.cells)
    if isinstance(state, Thermal):
        if state.charger_population is not None:
            raise invalid(
                "charger_population",
                "be left open for a cavity (use `charger_inverse_temperature`)",
                state.charger_population,
            )
        if state.charger_inverse_temperature is not None:
            checks.positive_number(
                "charger_inverse_temperature", state.charger_inverse_temperature, symbolic=True
            )


def check_initial(model: Model, initial: InitialState | None) -> InitialState:
    """The initial state, or the ideal one for ``None``, checked against its model.

    Raises
    ------
    InvalidArgument
        The state does not fit the model: too many excitations, the wrong number of populations,
        photons for spins or spins for a cavity, or no state or no model at all.
    """
    check_model(model)
    if initial is None:
        initial = default_initial(model)
    if not isinstance(initial, InitialState):
        raise invalid("initial", "be an initial state", initial)
    if isinstance(initial, Mixture):
        for _, part in initial.parts:
            check_initial(model, part)
    elif isinstance(model, CavityCharger):
        _check_cavity(model, initial)
    else:
        _check_spins(model, initial)
    return initial
