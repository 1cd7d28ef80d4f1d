r"""The interface of all engines: excitations gained, their derivatives, populations, amplitudes.

The mean number gained is :math:`\sum_s w_s \sum_k (k-k_s)\,|\langle k|e^{-iHt}|s\rangle|^2` over
the weighted starts s; nothing cancels in it for a battery that starts empty.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
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
    "Wave",
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


class Wave(NamedTuple):
    """The amplitudes of some starts at some times."""

    numbers: Integers  # which of all starts, (S,)
    window: slice | Integers  # which of the times
    # (S, L, T) along a chain, where from site to site one more cell is excited; the start is at
    # ``sites`` (S,). Or (S, K, C, T) on a grid of the levels of both sides.
    # Superpositions inside a sector are those of their heaviest start, in units of its amplitude.
    psi: npt.NDArray[np.complex128]
    sites: Integers | None = None
    # The diagonal elements of H at the starts, but for what was dropped in their sectors, (S,).
    energies: Floats | float = 0.0


class Evolution(Protocol):
    """The motion of some weighted starts."""

    def excitation(self, times: Floats) -> Floats:
        """The excitations gained at ``times``."""

    def moments(self, times: Floats) -> Moments:
        """The same with derivatives."""

    def populations(self, times: Floats, count: int) -> Floats:
        """The probabilities (count, T) of all `levels`, of the starts that move."""

    def waves(self, times: Floats) -> Iterator[Wave]:
        """The amplitudes of all starts that move, at all times."""


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

    def waves(self, times: Floats) -> Iterator[Wave]:
        for part in self.parts(times):
            yield from part.waves(times)


def add_populations(total: Floats, rows: Integers, weights: Floats, density: Floats) -> None:
    """Add weighted densities to populations (count, T), in place.

    Parameters
    ----------
    total : array (count, T)
    rows, weights : arrays of one shape
        The row of ``total`` that each state belongs to, and the weight of its start.
    density : array of that shape and T
    """
    size = rows.size
    places = weights.ravel(), (rows.ravel(), np.arange(size))
    total += scipy.sparse.csr_array(places, shape=(len(total), size)) @ density.reshape(size, -1)
