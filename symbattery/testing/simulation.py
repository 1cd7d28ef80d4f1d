"""A simulation beside the exact values, and hypotheses of how it may be off."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from numerics.charging import Charging, charge
from numerics.model.models import Model
from numerics.model.noise import Noise
from numerics.model.states import InitialState
from numerics.observables.table import OBSERVABLES

__all__ = ["Candidate", "Hypothesis", "Reading", "Simulation", "System", "Values"]

Values = npt.NDArray[Any]


@dataclass(frozen=True)
class System:
    """A model, its start and its noise.

    Attributes
    ----------
    model : Model
    start : InitialState
    noise : tuple of Noise
    """

    model: Model
    start: InitialState
    noise: tuple[Noise, ...] = ()

    @cached_property
    def charging(self) -> Charging:
        """The battery being charged, which is computed once."""
        return charge(self.model, self.start, noise=self.noise)


@dataclass(frozen=True)
class Simulation:
    """The values of a simulation, with what they are meant to be.

    Attributes
    ----------
    times, values : arrays
    asked : System
        The system that they are meant to be of.
    system : System
        That which they may be of.
    name : str
        The quantity, a method of :class:`numerics.Charging`.
    options : mapping
        Its options.
    readings : tuple of callable
        What is made of the quantity, one after the other: functions of a simulation and its values.
    """

    times: npt.NDArray[np.float64]
    values: Values
    asked: System
    system: System
    name: str
    options: Mapping[str, Any]
    readings: tuple[Reading, ...] = ()

    def at(self, times: Any) -> Simulation:
        """The same at other times."""
        return replace(self, times=times)

    def of(self, **changed: Any) -> Simulation:
        """That of a system with another `model`, `start` or `noise`."""
        return replace(self, system=replace(self.system, **changed))

    def modelled(self, **changed: Any) -> Simulation:
        """That of a model with other parameters."""
        return self.of(model=replace(self.model, **changed))

    def named(self, name: str, **options: Any) -> Simulation:
        """That of another quantity."""
        return replace(self, name=name, options=options)

    def read(self, reading: Reading) -> Simulation:
        """The same of which something else is made in the end."""
        return replace(self, readings=(*self.readings, reading))

    @property
    def model(self) -> Model:
        """The model of the system."""
        return self.system.model

    @property
    def start(self) -> InitialState:
        """The start of the system."""
        return self.system.start

    @property
    def noise(self) -> tuple[Noise, ...]:
        """The noise of the system."""
        return self.system.noise

    def quantity(self, name: str, times: Any = None, **options: Any) -> Values:
        """A quantity of the system itself."""
        at = self.times if times is None else times
        return np.asarray(getattr(self.system.charging, name)(at, **options))

    def exact(self) -> Values:
        """The exact values."""
        values = self.quantity(self.name, **self.options)
        for reading in self.readings:
            values = np.asarray(reading(self, values))
        return values

    def deviation(self) -> float:
        """The largest deviation; infinite where one of both, or the system, is undefined."""
        try:
            exact = self.exact()
        except (ValueError, ArithmeticError):
            # Such a system, or quantity, there is not.
            return math.inf
        if exact.shape != self.values.shape:
            return math.inf
        same = np.isnan(exact) & np.isnan(self.values)
        off = np.where(same, 0, np.abs(self.values - exact))
        return float(np.max(np.nan_to_num(off, nan=math.inf), initial=0))

    @property
    def coupling(self) -> float:
        """g, with what is left open as 1."""
        return float(1 if self.model.coupling is None else self.model.coupling)

    @property
    def frequency(self) -> float:
        """ω₀."""
        return float(self.model.frequencies[0])

    @property
    def numbers(self) -> dict[str, int]:
        """M and N, as far as there are such, where they are not 1."""
        sides = {"M": self.model.battery, "N": self.model.charger}
        tops = {name: side.top for name, side in sides.items() if side.distinguishable}
        return {name: int(top) for name, top in tops.items() if top is not None and top > 1}

    @property
    def power_of_energy(self) -> int:
        """The power of ω₀ in the unit of the quantity."""
        unit = OBSERVABLES[self.name].unit
        return 0 if "frequency" not in unit else 2 if "squared" in unit else 1

    def excited_at_start(self) -> float:
        """⟨K⟩ at the start."""
        p = self.quantity("populations", 0.0)
        return float(p @ np.arange(len(p)))


Reading = Callable[[Simulation, Values], Values]


class Candidate(NamedTuple):
    """One way to be wrong: a sentence, and what gives the simulation as it would be."""

    meaning: str
    simulation: Callable[[], Simulation]


@dataclass(frozen=True)
class Hypothesis:
    """A row of the table.

    Attributes
    ----------
    name : str
        A noun phrase.
    candidates : callable
        From a simulation to the candidates that may apply to it.
    """

    name: str
    candidates: Callable[[Simulation], Iterable[Candidate]]

    def applied(self, simulation: Simulation) -> Iterator[tuple[str, Simulation]]:
        """The meaning of each candidate and the simulation under it, as far as there is such."""
        try:
            for meaning, changed in self.candidates(simulation):
                try:
                    yield meaning, changed()
                except (ValueError, ArithmeticError):
                    continue
        except (ValueError, ArithmeticError):
            # Nothing is known of a system that there is not.
            return
