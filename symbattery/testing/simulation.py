"""A simulation beside the exact values, and hypotheses of how it may be off."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
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

__all__ = ["Candidate", "Hypothesis", "Simulation", "Values"]

Values = npt.NDArray[Any]


class Candidate(NamedTuple):
    """One way to be wrong: a sentence, and what gives the values."""

    meaning: str
    values: Callable[[], Values]


@dataclass(frozen=True)
class Simulation:
    """The values of a simulation, with the system that they are meant to be of.

    Attributes
    ----------
    times, values : arrays
    model : Model
    start : InitialState
    noise : tuple of Noise
    name : str
        The quantity, a method of :class:`numerics.Charging`.
    options : mapping
        Its options.
    """

    times: npt.NDArray[np.float64]
    values: Values
    model: Model
    start: InitialState
    noise: tuple[Noise, ...]
    name: str
    options: Mapping[str, Any]

    def having(self, values: Values) -> Simulation:
        """The same with other values."""
        return replace(self, values=values)

    @cached_property
    def charging(self) -> Charging:
        """The system itself."""
        return charge(self.model, self.start, noise=self.noise)

    def quantity(self, name: str, times: Any = None, **options: Any) -> Values:
        """A quantity of the system itself."""
        at = self.times if times is None else times
        return np.asarray(getattr(self.charging, name)(at, **options))

    def exact(self, times: Any = None, **changed: Any) -> Values:
        """The exact values, at other times or of a system with other fields."""
        system = replace(self, **changed) if changed else self
        return system.quantity(self.name, times, **self.options)

    def modelled(self, **changed: Any) -> Callable[[], Values]:
        """The exact values of a model with other parameters."""
        return lambda: self.exact(model=replace(self.model, **changed))

    def deviation(self, exact: Values) -> float:
        """The largest deviation; infinite where one of both is undefined."""
        if exact.shape != self.values.shape:
            return math.inf
        same = np.isnan(exact) & np.isnan(self.values)
        off = np.where(same, 0, np.abs(self.values - exact))
        return float(np.max(np.nan_to_num(off, nan=math.inf), initial=0))

    def deviation_of(self, candidate: Candidate) -> float:
        """That of a candidate; infinite where it has no values."""
        try:
            return self.deviation(np.asarray(candidate.values()))
        except (ValueError, ArithmeticError):
            # Such a system, or quantity, there is not.
            return math.inf

    @property
    def coupling(self) -> Any:
        """g, with what is left open as 1."""
        return 1 if self.model.coupling is None else self.model.coupling

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
