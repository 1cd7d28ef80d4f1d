r"""The interface of all engines: excitations gained, their derivatives, populations.

The mean number gained is :math:`\sum_s w_s \sum_k (k-k_s)\,|\langle k|e^{-iHt}|s\rangle|^2` over
the weighted starts s; nothing cancels in it for a battery that starts empty.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
import scipy

from numerics.model.resources import Floats, Integers

__all__ = [
    "BoundedDynamics",
    "Bounds",
    "Dynamics",
    "Evolution",
    "LocalDynamics",
    "Moments",
    "SummedEvolution",
    "add_populations",
]


class Moments(NamedTuple):
    """The excitations gained, their first two time derivatives, and those moved either way."""

    excitation: Floats
    slope: Floats
    curvature: Floats
    # Σ|k − k_s||ψ|²: the size against which the rounding of `excitation` counts.
    absolute_gain: Floats


class Bounds(NamedTuple):
    """Bounds at all times: on the excitations gained, and on their second and third derivatives."""

    gain: float = 0.0
    second: float = 0.0
    third: float = 0.0

    @classmethod
    def sum(cls, parts: Iterable[Bounds]) -> Bounds:
        return cls(*(math.fsum(column) for column in zip(cls(), *parts, strict=True)))


class Evolution(Protocol):
    """The motion of some weighted starts."""

    def excitation(self, times: Floats) -> Floats:
        """The excitations gained at ``times``."""

    def moments(self, times: Floats) -> Moments:
        """The same with derivatives."""

    def populations(self, times: Floats, count: int) -> Floats:
        """The probabilities (count, T) of 0, 1, … excited cells, of the starts that move."""


class Dynamics(Evolution, Protocol):
    """All that the search for peaks needs to know."""

    @property
    def bandwidth(self) -> float:
        """No frequency in E(t) is larger."""

    @property
    def bounds(self) -> Bounds:
        """The bounds at all times."""


class BoundedDynamics(Dynamics, Protocol):
    """Dynamics that know how much their series leave out."""

    def error(self, times: Floats) -> Floats:
        """Bounds on the error of ``excitation``, rounding apart."""


@runtime_checkable
class LocalDynamics(Dynamics, Protocol):
    """Dynamics that know more of the third derivative than one bound."""

    def max_third_derivative_between(self, low: Floats, high: Floats) -> Floats:
        """No |d³/dt³| is larger while the excitations gained are between ``low`` and ``high``."""


class SummedEvolution:
    """The sums over evolutions that add up."""

    def parts(self, times: Floats) -> Iterable[Evolution]:
        """The evolutions that are to be used for these times."""
        raise NotImplementedError

    def excitation(self, times: Floats) -> Floats:
        return sum((p.excitation(times) for p in self.parts(times)), np.zeros(len(times)))

    def moments(self, times: Floats) -> Moments:
        every = (np.stack(p.moments(times)) for p in self.parts(times))
        return Moments(*sum(every, np.zeros((4, len(times)))))

    def populations(self, times: Floats, count: int) -> Floats:
        every = (p.populations(times, count) for p in self.parts(times))
        return sum(every, np.zeros((count, len(times))))


def add_populations(total: Floats, cells: Integers, weights: Floats, density: Floats) -> None:
    """Add weighted densities to populations (count, T), in place.

    Parameters
    ----------
    total : array (count, T)
    cells, weights : arrays of one shape
        The number of excited cells in each state, and the weight of its start.
    density : array of that shape and T
    """
    size = cells.size
    places = weights.ravel(), (cells.ravel(), np.arange(size))
    total += scipy.sparse.csr_array(places, shape=(len(total), size)) @ density.reshape(size, -1)
