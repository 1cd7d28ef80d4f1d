r"""Initial states of the charging: weighted products of states of one side.

A state is a description: it says which weighted products it is (`branches`), and checks itself
against a model. Without a superposition of levels it is diagonal in the excitation numbers. Numbers
may be SymPy symbols where the symbolic engine keeps them, or text such as "1/3" for that number
exactly.

A new state is a frozen dataclass that derives from :class:`InitialState`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import Field, dataclass, fields
from typing import Any, ClassVar, Protocol

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.side_states import (
    Boltzmann,
    Branch,
    Geometric,
    Independent,
    Level,
    Primitive,
    Value,
)
from numerics.model.sides import Side

__all__ = [
    "Dicke",
    "Fock",
    "InitialState",
    "Mixture",
    "Product",
    "System",
    "Thermal",
    "dicke",
    "fock",
    "mixture",
    "product",
    "thermal",
]

# So many spins of one population are written out, more stay a pair.
_MANY = 1000


class System(Protocol):
    """The part of a model that a state depends on."""

    @property
    def battery(self) -> Side: ...

    @property
    def charger(self) -> Side: ...

    @property
    def frequencies(self) -> tuple[Any, Any]: ...

    def default_start(self) -> InitialState: ...


class InitialState:
    """An initial state; subclasses are frozen dataclasses that say their branches."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def branches(self, model: System) -> Iterator[Branch]:
        """The weighted products of one-side states that the state is."""
        raise NotImplementedError(f"{type(self).__name__} does not say its branches")

    def check(self, model: System) -> None:
        """Refuse a model that the state does not fit.

        Raises
        ------
        InvalidArgument
            Too many excitations, the wrong number of populations, photons for spins or the reverse.
        """

    def values(self, label: str = "initial") -> Iterator[Value]:
        """Every number in the state; ``label`` is the name of the state in errors."""
        for spot in fields(self):
            value = getattr(self, spot.name)
            if value is not None:
                yield Value(f"{label}.{spot.name}", spot.name, value)


def _set_counts(state: Dicke | Fock) -> None:
    for spot in fields(state):
        if (value := getattr(state, spot.name)) is not None or spot.default is not None:
            count = checks.non_negative_integer(spot.name, value, symbolic=True)
            object.__setattr__(state, spot.name, count)


def _populations(name: str, values: Iterable[Any]) -> tuple[Any, ...]:
    """One population for each spin; a pair stays where its number is a symbol or large."""
    spins: list[Any] = []
    must = "be a sequence of populations, one for each spin"
    for i, value in enumerate(checks.entries(name, values, must)):
        population, count = _alike(f"{name}[{i}]", value)
        population = checks.exactly(f"{name}[{i}]", population)
        checks.probability(f"{name}[{i}]", population, symbolic=True)
        alike = checks.is_symbolic(count) or count > _MANY
        spins += [(population, count)] if alike else [population] * count
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
class Dicke(InitialState):
    """Symmetric states with so many excited cells and charger spins, which a drive has none of."""

    excited_cells: Any
    excited_chargers: Any = None

    def __post_init__(self) -> None:
        _set_counts(self)

    def branches(self, model: System) -> Iterator[Branch]:
        charged = 0 if self.excited_chargers is None else self.excited_chargers
        yield Branch((), Level(self.excited_cells), Level(charged))

    def check(self, model: System) -> None:
        _at_most("excited_cells", self.excited_cells, "cells", model.battery)
        if _cells_alone(model, "excited_chargers", self.excited_chargers):
            return
        _require_quanta(model, "spins", self)
        if self.excited_chargers is None:
            raise invalid("initial.excited_chargers", "be given for charger spins", None)
        _at_most("excited_chargers", self.excited_chargers, "chargers", model.charger)


@dataclass(frozen=True, kw_only=True)
class Fock(InitialState):
    """So many excited cells (symmetric), and ``photons`` in the cavity."""

    excited_cells: Any = 0
    photons: Any

    def __post_init__(self) -> None:
        _set_counts(self)

    def branches(self, model: System) -> Iterator[Branch]:
        yield Branch((), Level(self.excited_cells), Level(self.photons))

    def check(self, model: System) -> None:
        _require_quanta(model, "photons", self)
        _at_most("excited_cells", self.excited_cells, "cells", model.battery)
        _at_most("photons", self.photons, "chargers", model.charger)


@dataclass(frozen=True)
class Product(InitialState):
    """Every spin for itself, excited with the population given for it.

    A pair (population, number of spins) stands for that many spins, and stays as it is where the
    number is a symbol or large.
    """

    cell_populations: tuple[Any, ...]
    charger_populations: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        for name in ("cell_populations", "charger_populations"):
            object.__setattr__(self, name, _populations(name, getattr(self, name)))

    def branches(self, model: System) -> Iterator[Branch]:
        # What does not consist of spins is in its ground state.
        cells, chargers = (
            Level(0)
            if side.spins is None
            else Independent(tuple(v if isinstance(v, tuple) else (v, 1) for v in values))
            for side, values in (
                (model.battery, self.cell_populations),
                (model.charger, self.charger_populations),
            )
        )
        yield Branch((), cells, chargers if model.charger.distinguishable else Level(0))

    def check(self, model: System) -> None:
        alone = _cells_alone(model, "charger_populations", self.charger_populations or None)
        if not alone:
            _require_quanta(model, "spins", self)
        _length("cell_populations", self.cell_populations, "cells", model.battery)
        if not alone:
            _length("charger_populations", self.charger_populations, "chargers", model.charger)

    def values(self, label: str = "initial") -> Iterator[Value]:
        for name in ("cell_populations", "charger_populations"):
            for i, value in enumerate(getattr(self, name)):
                here = f"{label}.{name}[{i}]"
                if not isinstance(value, tuple):
                    yield Value(here, "population", value)
                    continue
                population, count = value
                yield Value(f"{here}[0]", "population", population)
                field = "excited_chargers" if population == 1 else "spins"
                yield Value(f"{here}[1]", field, count)


@dataclass(frozen=True)
class Thermal(InitialState):
    """Cells and charger each at a temperature; a side that is left open starts ideally."""

    cell_population: Any = None
    charger_population: Any = None
    cell_inverse_temperature: Any = None
    charger_inverse_temperature: Any = None
    charger_mean_photons: Any = None

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
        mean = self.charger_mean_photons
        if mean is not None:
            for name in ("charger_population", "charger_inverse_temperature"):
                if getattr(self, name) is not None:
                    raise InvalidArgument(
                        f"`charger_mean_photons` must not be given together with `{name}`, but "
                        f"both are: {mean} and {getattr(self, name)}"
                    )
            checks.non_negative("charger_mean_photons", mean, symbolic=True)
        elif all(value is None for pair in given.values() for value in pair):
            raise InvalidArgument(
                "`thermal` must be given a population or an inverse temperature, but has neither"
            )

    def branches(self, model: System) -> Iterator[Branch]:
        (ideal,) = model.default_start().branches(model)
        own = model.frequencies
        cell = self.cell_population, self.cell_inverse_temperature
        charger = self.charger_population, self.charger_inverse_temperature
        mean = self.charger_mean_photons
        yield Branch(
            (),
            _thermal_side(model.battery, *cell, own[0], ideal.battery),
            _thermal_side(model.charger, *charger, own[1], ideal.charger)
            if mean is None
            else Geometric(mean),
        )

    def check(self, model: System) -> None:
        mean = self.charger_mean_photons
        if mean is not None and (model.charger.quanta != "photons" or not model.charger.linear):
            raise invalid("charger_mean_photons", f"be left out for a {model.charger.noun}", mean)
        for name in ("charger_population", "charger_inverse_temperature", "charger_mean_photons"):
            _cells_alone(model, name, getattr(self, name))
        for name, side in (("cell", model.battery), ("charger", model.charger)):
            population, beta = f"{name}_population", f"{name}_inverse_temperature"
            if getattr(self, population) is not None and side.spins is None:
                must = f"be left open for a {side.noun} (use `{beta}`)"
                raise invalid(population, must, getattr(self, population))
            if getattr(self, beta) is not None and side.top is None:
                checks.positive_number(beta, getattr(self, beta), symbolic=True)


def _thermal_side(
    side: Side, population: Any, beta: Any, frequency: Any, ideal: Primitive
) -> Primitive:
    if population is not None:
        return Independent(((population, side.spins),))
    return ideal if beta is None else Boltzmann(beta, frequency)


@dataclass(frozen=True)
class Mixture(InitialState):
    """Each of ``parts`` = (weight, state) with its probability."""

    parts: tuple[tuple[Any, InitialState], ...]

    def __post_init__(self) -> None:
        must = "be a sequence of (weight, state) pairs"
        pairs = checks.entries("parts", self.parts, must)
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
        weights = checks.normalised("weights", [weight for weight, _ in checked])
        parts = zip(weights, (state for _, state in checked), strict=True)
        object.__setattr__(self, "parts", tuple(parts))

    def branches(self, model: System) -> Iterator[Branch]:
        for weight, state in self.parts:
            for branch in state.branches(model):
                yield branch._replace(weights=(weight, *branch.weights))

    def check(self, model: System) -> None:
        for _, state in self.parts:
            state.check(model)

    def values(self, label: str = "initial") -> Iterator[Value]:
        for i, (weight, state) in enumerate(self.parts):
            yield Value(f"parts[{i}] weight", "weight", weight)
            yield from state.values(f"parts[{i}] state")


def dicke(excited_cells: Any, excited_chargers: Any = None) -> Dicke:
    r"""The Dicke states with so many cells and charger spins excited; a drive has cells alone.

    Eq. (18) of Huangfu and Jing (2021) is ``dicke(0, l - 1)``.

    Raises
    ------
    InvalidArgument
        A number is not a non-negative integer.
    """
    return Dicke(excited_cells, excited_chargers)


def product(cell_populations: Iterable[Any], charger_populations: Iterable[Any] = ()) -> Product:
    """A product state: one excited-state population for each cell and each charger spin, if any.

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
    charger_mean_photons: Any = None,
) -> Thermal:
    r"""Thermal spins on either side, by excited population or by inverse temperature.

    A spin-1/2 of frequency :math:`\omega` at inverse temperature :math:`\beta` (positive, zero or
    negative, in 1/energy) is excited with population :math:`1/(1+e^{\beta\omega})`; a larger spin,
    for which there is no such population, has k excitations with a probability that is
    proportional to :math:`e^{-k\beta\omega}`. A side for
    which nothing is given starts ideally: cells down, charger spins up, ``cells`` photons. A
    cavity takes ``charger_inverse_temperature`` > 0, or in its place ``charger_mean_photons``.

    Raises
    ------
    InvalidArgument
        A population outside [0, 1], a temperature that is no real number, both for one side, or
        none at all.
    """
    return Thermal(
        cell_population,
        charger_population,
        cell_inverse_temperature,
        charger_inverse_temperature,
        charger_mean_photons,
    )


def fock(photons: Any, *, excited_cells: Any = 0) -> Fock:
    """A cavity with exactly ``photons`` photons, and ``excited_cells`` cells up (symmetric).

    Raises
    ------
    InvalidArgument
        A number is not a non-negative integer.
    """
    return Fock(photons=photons, excited_cells=excited_cells)


def mixture(parts: Iterable[tuple[Any, InitialState]]) -> Mixture:
    """A statistical mixture of ``(weight, state)``; the weights sum to 1.

    A sum that misses 1 by at most 1e-9, as of a distribution without its tail, is scaled to 1.

    Eqs. (19) and (21) of Huangfu and Jing (2021) are of this kind.

    Raises
    ------
    InvalidArgument
        No part, a part that is no (weight, state), a weight outside [0, 1], or weights that do
        not sum to 1.
    """
    return Mixture(parts)  # type: ignore[arg-type]  # any iterable: it becomes a tuple


def _require_quanta(model: System, quanta: str, state: InitialState) -> None:
    if model.charger.quanta != quanta:
        raise invalid("initial", f"be {model.charger.states}", state)


def _cells_alone(model: System, name: str, value: Any) -> bool:
    """True where the charger has no states of its own; refuse one that is given all the same."""
    if not model.charger.distinguishable and value is not None:
        raise invalid(f"initial.{name}", f"be left out for a {model.charger.noun}", value)
    return not model.charger.distinguishable


def _at_most(name: str, value: Any, bound_name: str, side: Side) -> None:
    # A relation between symbols that is not decided is no reason to refuse the state.
    if side.top is not None and (value > side.top) == True:  # noqa: E712
        levels = "" if side.spins is not None else "the highest level of "
        raise invalid(f"initial.{name}", f"be at most {levels}`{bound_name}` = {side.top}", value)


def _length(name: str, values: tuple[Any, ...], bound_name: str, side: Side) -> None:
    bound = side.spins
    if bound is None:
        if values:
            raise invalid(name, f"be left out for a {side.noun}", values)
        return
    given: Any = sum(_alike(name, value)[1] for value in values)
    if checks.is_symbolic(bound) and not checks.is_symbolic(given):
        raise invalid(bound_name, "be a number where a population is given for each spin", bound)
    missing = given - bound
    if (missing.expand() if checks.is_symbolic(missing) else missing) != 0:
        raise InvalidArgument(
            f"`{name}` must have one entry for each of the {bound} {bound_name}, but has {given}"
        )
