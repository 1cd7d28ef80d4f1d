"""The charging of a battery: E(t), P(t) and their maxima."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.dynamics.chain_evolution import ChainDynamics
from numerics.dynamics.grid_evolution import SectorEvolution, grid_propagators
from numerics.dynamics.interface import BoundedDynamics
from numerics.dynamics.photon_cutoff import CutoffDynamics
from numerics.maxima import search as peaks
from numerics.maxima.search import Peak
from numerics.model import checks
from numerics.model.arrays import Floats
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import Model
from numerics.model.problem import Problem, doubles
from numerics.model.states import InitialState
from numerics.sectors.chains import chains
from numerics.sectors.grids import grids
from numerics.sectors.starts import starts

__all__ = ["Charging", "charge"]


def _times(values: Any) -> Floats:
    """Finite real times, of any shape, from any kind of numbers."""
    must = "be finite real numbers"
    try:
        array = np.asarray(values)
    except ValueError:
        raise invalid("times", f"{must} in an array", values) from None
    if array.dtype.kind == "O":
        flat = [checks.number("times", value, must) for value in array.ravel()]
        return np.array(flat, dtype=np.float64).reshape(array.shape)
    if array.dtype.kind not in "iuf":
        raise invalid("times", must, values)
    result = array.astype(np.float64)
    if not np.all(np.isfinite(result)):
        raise invalid("times", must, result[~np.isfinite(result)].flat[0].item())
    return result


@dataclass(frozen=True)
class Charging:
    """A battery being charged, ready to be evaluated at any time; made by :func:`charge`."""

    model: Model
    initial: InitialState
    _frequency: float = field(repr=False)
    _dynamics: BoundedDynamics = field(repr=False, compare=False)

    def energy(self, times: Any) -> npt.NDArray[np.float64]:
        """The stored energy E(t) of Eq. (7).

        Parameters
        ----------
        times : real, or array of reals
            In 1/energy (in 1/g where the coupling is open), of either sign.

        Returns
        -------
        array of the shape of ``times``
            In the unit of ``frequency``.

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
        """
        t = _times(times)
        return np.reshape(self._frequency * self._dynamics.excitation(t.ravel()), t.shape)

    def power(self, times: Any) -> npt.NDArray[np.float64]:
        """The average power P(t) = E(t)/t of Eq. (8), with P(0) = 0; as :meth:`energy`."""
        t = _times(times)
        energy = self.energy(t)
        return np.divide(energy, t, out=np.zeros_like(energy), where=t != 0)

    def error(self, times: Any) -> npt.NDArray[np.float64]:
        """Bounds on what truncated series and a photon cutoff have changed in E(t).

        Rounding comes on top, and the initial weights below 1e-15 that are left out;
        :func:`numerics.certified.check` proves how many digits are right in all.

        Parameters
        ----------
        times
            As for :meth:`energy`.

        Returns
        -------
        array of the shape of ``times``
            In the unit of ``frequency``; 0 where eigenvectors are used.
        """
        t = _times(times)
        return np.reshape(self._frequency * self._dynamics.error(t.ravel()), t.shape)

    def first_peak(self) -> Peak:
        """The first local maximum of E at t > 0.

        Raises
        ------
        NoPeakError
            E is constant, or has no maximum within a (long) bounded search.
        CutoffError
            As for :meth:`energy`.
        """
        return self._scaled(peaks.first_peak(self._dynamics))

    def max_energy(self, until: Any) -> Peak:
        """The largest E in [0, ``until``], both ends included; the earliest of equal ones.

        Raises
        ------
        InvalidArgument
            ``until`` is not a positive finite number, or too large for double precision.
        CutoffError
            As for :meth:`energy`.
        """
        end = float(checks.positive_number("until", until))
        return self._scaled(peaks.largest_energy(self._dynamics, end))

    def max_power(self) -> Peak:
        """The largest P over *all* times; (0, 0) for a battery that never gains energy.

        No time beyond (largest possible E)/P can beat a power P already seen, so the search ends
        by itself and its result is the global maximum.

        Raises
        ------
        NoPeakError
            The search that would prove it is too long.
        CutoffError
            As for :meth:`energy`.
        """
        return self._scaled(peaks.highest_power(self._dynamics))

    def _scaled(self, peak: Peak) -> Peak:
        return Peak(peak.time, self._frequency * peak.value)


def _dynamics(problem: Problem[float], tolerance: float) -> BoundedDynamics:
    p = problem.parameters
    if not all(np.isfinite(value) for value in vars(p).values()):
        raise InvalidArgument("the parameters of `model` must be finite as doubles")
    start = starts(problem)
    if p.coupling == 0:
        return SectorEvolution([])
    if problem.conserved:
        return ChainDynamics(list(chains(problem, start)))
    if problem.counter_rotating:
        return CutoffDynamics(problem, start, tolerance)
    sectors = grid_propagators(list(grids(problem, start)))
    return SectorEvolution([propagator for sector in sectors for propagator in sector])


def charge(model: Model, initial: InitialState | None = None, tolerance: Any = 1e-10) -> Charging:
    """Charge a battery from an initial state (the ideal one by default).

    Parameters
    ----------
    model : SpinCharger or CavityCharger
        With numbers in every field; what is left open is 1.
    initial : state, optional
        From `dicke`, `product`, `thermal`, `fock` or `mixture`.
    tolerance : positive
        The largest error of E from a photon cutoff, in units of M ω0. Only a cavity with γ > 0 has
        one; all else is exact but for rounding (and for initial weights below 1e-15 in total).

    Raises
    ------
    InvalidArgument
        No model or state, a symbol in it, or a state that does not fit the model.
    TooLargeError
        The sectors do not fit into memory.
    """
    problem = doubles(model, initial)
    allowed = float(checks.positive_number("tolerance", tolerance))
    dynamics = _dynamics(problem, allowed)
    return Charging(problem.model, problem.initial, problem.parameters.frequency, dynamics)
