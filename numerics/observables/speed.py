r"""The speed of the charging: Fisher information of the populations, and what it bounds."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import scipy

from numerics.dynamics.photon_cutoff import CutoffDynamics
from numerics.model.checks import invalid
from numerics.model.options import Need
from numerics.model.resources import Floats
from numerics.observables.battery import Battery
from numerics.observables.table import Observable, derivative
from numerics.sectors.chains import chains
from numerics.sectors.energy_moments import energy_variances
from numerics.sectors.groups import sectors

__all__ = ["ROWS", "SpeedLimits", "fisher_information", "speed_limits"]

# Up to this dimension all eigenvalues are found.
_DENSE = 500


class SpeedLimits(NamedTuple):
    """A time, and two that no evolution to the state at that time can be shorter than.

    Attributes
    ----------
    time : float
        That of the first peak of E.
    mandelstam_tamm : float
        L/ΔH, with the angle L = arccos |⟨ψ(0)|ψ(t)⟩| and the width ΔH of the energy.
    margolus_levitin : float
        2L²/π(⟨H⟩ − E₀), with the lowest energy E₀ that the start has a part in.
    """

    time: float
    mandelstam_tamm: float
    margolus_levitin: float


def speed_limits(battery: Battery) -> SpeedLimits:
    """The limits for the one time of a battery that starts in one pure state."""
    if battery.start.superposed and len(battery.start.weight) > 1:
        must = "be one level of either side for `speed_limits`"
        raise invalid("initial", must, battery.problem.initial)
    (wave,) = battery.dynamics.waves(battery.times)
    start = battery.start
    level = (int(start.cell_level[0]), int(start.charger_level[0]))
    place = level if wave.sites is None else (int(wave.sites[0]),)
    angle = math.acos(min(1.0, float(np.abs(wave.psi[0][place][0]))))
    width = math.sqrt(energy_variances(battery.problem, start)[0])
    return SpeedLimits(
        float(battery.times[0]),
        angle / width,
        2 * angle**2 / (math.pi * _above_the_lowest(battery)),
    )


def _above_the_lowest(battery: Battery) -> float:
    """⟨H⟩ − E₀. All hops have one sign (or can be given one), so that no E₀ is left out."""
    if battery.problem.chained:
        (stack,) = chains(battery.problem, battery.start)
        diagonal, site = stack.diagonal[0], int(stack.sites[0])
        lowest = scipy.linalg.eigvalsh_tridiagonal(
            diagonal, stack.hops[0], select="i", select_range=(0, 0)
        )
        return float(diagonal[site] - lowest[0])
    dynamics = battery.dynamics
    cutoff = dynamics.cutoff if isinstance(dynamics, CutoffDynamics) else 0
    (grid,) = sectors(battery.problem, battery.start, cutoff)
    block = grid.block()
    mean = float(block.matrix[int(block.sites[0]), int(block.sites[0])])
    if grid.dimension <= _DENSE:
        return mean - float(np.linalg.eigvalsh(block.matrix.toarray())[0])
    begin = np.ones(grid.dimension)
    lowest = scipy.sparse.linalg.eigsh(
        block.matrix, k=1, which="SA", v0=begin, return_eigenvectors=False
    )
    return mean - float(lowest[0])


def _departures(battery: Battery) -> Floats:
    """Σ|dψ/dt|² over the states with k excited cells that have no amplitude, shape (T, M + 1)."""
    p = battery.parameters
    square = battery.by_cells(lambda m: np.abs(m.coupled(p.anisotropy, 1.0)) ** 2)
    return p.coupling**2 * square


def fisher_information(battery: Battery) -> Floats:
    """Σ (dp/dt)²/p, and its limit 4|dψ/dt|² where p vanishes, shape (T,)."""
    p, flow = battery.populations, battery.flow
    result = np.divide(flow**2, p, out=np.zeros_like(p), where=p > 0).sum(axis=1)
    start = np.flatnonzero(battery.times == 0)
    if len(start):
        departures = _departures(replace(battery, times=battery.times[start]))
        result[start] += np.where(p[start] > 0, 0.0, 4 * departures).sum(axis=1)
    return result


def _speed_ratio(battery: Battery) -> Floats:
    information = fisher_information(battery)
    variance = battery.central_moments[0]
    moments = battery.moments
    # From a definite number of excitations all vanish at t = 0 as powers of t.
    slope = np.where(variance > 0, moments.slope**2, moments.curvature**2)
    width = information * np.where(variance > 0, variance, information / 4)
    return np.divide(slope, width, out=np.zeros_like(slope), where=width > 0)


ROWS = (
    Observable(
        "fisher_information",
        r"I_E=\sum_k\dot p_k^2/p_k",
        "per time, squared",
        "The Fisher information of the populations about the time.",
        "S. Julià-Farré et al., Phys. Rev. Research 2, 023113 (2020).",
        fisher_information,
        pace=derivative(2),
        needs=frozenset({Need.AMPLITUDES, Need.LADDER}),
    ),
    Observable(
        "speed_ratio",
        r"\dot E^2/(I_E\,\mathrm{Var}\,H_B)\le1",
        "1",
        "The square of the power over its bound by Fisher information and variance.",
        "S. Julià-Farré et al., Phys. Rev. Research 2, 023113 (2020); its limit where both vanish.",
        _speed_ratio,
        needs=frozenset({Need.AMPLITUDES, Need.LADDER}),
    ),
)
