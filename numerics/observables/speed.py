r"""The speed of the charging: Fisher information of the populations, and what it bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from numerics.model.resources import Floats
from numerics.observables.battery import Battery
from numerics.observables.table import Observable

__all__ = ["ROWS", "fisher_information"]


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
        spread = _departures(replace(battery, times=battery.times[start]))
        result[start] += np.where(p[start] > 0, 0.0, 4 * spread).sum(axis=1)
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
    ),
    Observable(
        "speed_ratio",
        r"\dot E^2/(I_E\,\mathrm{Var}\,H_B)\le1",
        "1",
        "The square of the power over its bound by Fisher information and variance.",
        "S. Julià-Farré et al., Phys. Rev. Research 2, 023113 (2020); its limit where both vanish.",
        _speed_ratio,
    ),
)
