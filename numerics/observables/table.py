r"""The table of observables: each a function of what the engines yield, with its symbol and source.

Engines yield the excitations gained, to full relative accuracy, and the populations
:math:`p_k(t)`, the probabilities of :math:`k=0\dots M` excited cells. A new observable is one
function of these and one row, which `register` adds; :class:`numerics.Charging` offers it by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from numerics.dynamics.interface import Dynamics
from numerics.model.checks import invalid
from numerics.model.resources import Floats, Integers, require, slices

__all__ = ["OBSERVABLES", "Battery", "Observable", "evaluated", "linear", "register"]

# Numbers in the populations that are worked out together.
_CHUNK = 2**24
# What `Charging` has besides rows.
_TAKEN = ("model", "initial", "error", "first_peak", "max_energy", "max_power")


@dataclass(frozen=True)
class Battery:
    """The battery at some times, of which observables are functions."""

    dynamics: Dynamics
    frequency: float  # ω0
    levels: range  # the numbers of excited cells that may have a probability
    at_rest: Floats  # the populations of the starts that do not move, shape of ``levels``
    size: int  # the number M + 1 of all populations
    times: Floats  # (T,)

    @property
    def cells(self) -> Integers:
        """The numbers 0 … M of excited cells."""
        return np.arange(self.size)

    @cached_property
    def gain(self) -> Floats:
        """⟨K⟩ − ⟨K⟩ at the start, shape (T,); nothing cancels in it."""
        return self.dynamics.excitation(self.times)

    @cached_property
    def occupied(self) -> Floats:
        """p_k of ``levels`` alone, shape (T, len(levels))."""
        moving = self.dynamics.populations(self.times, len(self.levels))
        return (moving + self.at_rest[:, None]).T

    @cached_property
    def populations(self) -> Floats:
        """p_k, shape (T, M + 1)."""
        if self.size == len(self.levels):
            return self.occupied
        require(8 * len(self.times) * self.size, f"{self.size} populations")
        result = np.zeros((len(self.times), self.size))
        result[:, self.levels.start : self.levels.stop] = self.occupied
        return result


@dataclass(frozen=True)
class Observable:
    """One row of the table.

    Attributes
    ----------
    name, symbol, unit : str
        The method of `Charging`, LaTeX, and the unit in words.
    definition : str
        A noun phrase, for docstrings.
    source : str
        The equation or paper that it is from.
    function : callable
        From a `Battery` to an array whose first axis is time.
    by_populations : bool
        The function needs the populations, so that times are taken in portions.
    """

    name: str
    symbol: str
    unit: str
    definition: str
    source: str
    function: Callable[[Battery], Floats]
    by_populations: bool = True

    @property
    def docstring(self) -> str:
        """The docstring of the method."""
        return f"""{self.definition}

        .. math:: {self.symbol}

        Parameters
        ----------
        times : real, or array of reals
            In 1/energy (in 1/g where the coupling is open), of either sign.

        Returns
        -------
        array whose first axes are those of ``times``
            In units of {self.unit}.

        Raises
        ------
        InvalidArgument
            ``times`` are not finite real numbers.
        PrecisionError
            A time is so late that double precision cannot hold the phases.
        ConservationError
            A propagation has changed the norm or the energy.
        CutoffError
            A cavity with γ > 0 would need more photons than can be afforded.
        TooLargeError
            The result does not fit into memory.

        Notes
        -----
        {self.source}
        """


def linear(weight: Callable[[Integers], Floats]) -> Callable[[Battery], Floats]:
    """The mean of an observable with the value ``weight(k)`` for k excited cells."""

    def mean(battery: Battery) -> Floats:
        return battery.populations @ weight(battery.cells)

    return mean


def evaluated(row: Observable, battery: Battery) -> Floats:
    """The observable at the times (T,) of a battery, in portions that fit into memory.

    Raises
    ------
    TooLargeError
        The result does not.
    PrecisionError
        It is too large for a double.
    """
    times = battery.times
    width = max(1, _CHUNK // battery.size) if row.by_populations else max(1, len(times))
    result = None
    for part in slices(max(1, len(times)), width):
        values = row.function(replace(battery, times=times[part]))
        if result is None:
            shape = (len(times), *values.shape[1:])
            require(8 * int(np.prod(shape)), f"`{row.name}` at {len(times)} times")
            result = np.empty(shape)
        result[part] = values
    assert result is not None
    return result


def _energy(battery: Battery) -> Floats:
    return battery.frequency * battery.gain


def _power(battery: Battery) -> Floats:
    energy, times = _energy(battery), battery.times
    return np.divide(energy, times, out=np.zeros_like(energy), where=times != 0)


def _energy_variance(battery: Battery) -> Floats:
    p = battery.occupied
    k = np.arange(p.shape[1])
    # About the mean, in which nothing cancels.
    away = k - (p @ k / p.sum(axis=1))[:, None]
    return battery.frequency**2 * np.einsum("tk,tk->t", p, away**2)


OBSERVABLES: dict[str, Observable] = {}
"""The rows by name."""


def register(row: Observable) -> Observable:
    """Add a row to the table.

    Raises
    ------
    InvalidArgument
        The name is taken, or is no lower-case word of three letters or more.
    """
    if not re.fullmatch(r"[a-z][a-z_]{2,40}", row.name):
        raise invalid("name", "be a lower-case word of at least three letters", row.name)
    if row.name in OBSERVABLES or row.name in _TAKEN:
        raise invalid("name", "be one that nothing else has", row.name)
    OBSERVABLES[row.name] = row
    return row


for _row in (
    Observable(
        "energy",
        r"E(t)=\omega_0\,(\langle K\rangle_t-\langle K\rangle_0)",
        "``frequency``",
        "The stored energy.",
        "Eq. (7) of Huangfu and Jing (2021), with the bare Hamiltonian of the cells.",
        _energy,
        by_populations=False,
    ),
    Observable(
        "power",
        r"P(t)=E(t)/t",
        "``frequency`` per time",
        "The average power, with P(0) = 0.",
        "Eq. (8) of Huangfu and Jing (2021).",
        _power,
        by_populations=False,
    ),
    Observable(
        "energy_variance",
        r"\mathrm{Var}\,H_B=\omega_0^2\,(\langle K^2\rangle-\langle K\rangle^2)",
        "``frequency``, squared",
        "The variance of the stored energy.",
        "By the populations, about the mean: small variances keep their digits.",
        _energy_variance,
    ),
    Observable(
        "populations",
        r"p_k(t)",
        "probability",
        "The probabilities of k = 0 … M excited cells, shape (…, M + 1).",
        "Sums over all sectors and starts; weights below 1e-15 in total are left out.",
        lambda battery: battery.populations,
    ),
):
    register(_row)
