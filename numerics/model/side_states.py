"""States of one side, of which initial states are weighted products.

A side is in a level of its symmetric ladder, in a mixture of levels, or in a superposition of them;
every engine expands these few in its own arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from numerics.model.sides import Side

__all__ = [
    "Boltzmann",
    "Branch",
    "Geometric",
    "Groupwise",
    "Independent",
    "Level",
    "Primitive",
    "Superposed",
    "Value",
]


@dataclass(frozen=True)
class Level:
    """A definite level of the symmetric ladder of a side."""

    level: Any


@dataclass(frozen=True)
class Independent:
    """Independent spins, in groups (population, number of spins)."""

    groups: tuple[tuple[Any, Any], ...]


@dataclass(frozen=True)
class Boltzmann:
    """A side at an inverse temperature, each of its excitations with one frequency."""

    inverse_temperature: Any
    frequency: Any


@dataclass(frozen=True)
class Groupwise:
    """A side of several groups, each in a state of its own."""

    groups: tuple[Primitive, ...]


@dataclass(frozen=True)
class Geometric:
    """A thermal mode with a mean number of quanta."""

    mean: Any


@dataclass(frozen=True)
class Superposed:
    """A pure state of the symmetric ladder of a side; subclasses say its amplitudes."""

    def expanded(self, side: Side) -> tuple[int, npt.NDArray[np.complex128]]:
        """The first level, and the amplitudes from there on, normalised."""
        raise NotImplementedError(f"{type(self).__name__} does not say its amplitudes")

    def check(self, name: str, side: Side) -> None:
        """Refuse a side that the state does not fit.

        Raises
        ------
        InvalidArgument
            Too many levels, or a side that has no such states.
        """

    def values(self, label: str) -> Iterator[Value]:
        """Every number in the state; ``label`` is its name in errors."""
        raise NotImplementedError(f"{type(self).__name__} does not say its numbers")


Primitive = Level | Independent | Boltzmann | Groupwise | Geometric | Superposed
"""The state of one side."""


class Branch(NamedTuple):
    """The factors of a weight, and the states of battery and charger; all as they were given."""

    weights: tuple[Any, ...]
    battery: Primitive
    charger: Primitive


class Value(NamedTuple):
    """One number of a state: its name in errors, the kind of quantity it is, and the number."""

    label: str
    field: str
    value: Any
