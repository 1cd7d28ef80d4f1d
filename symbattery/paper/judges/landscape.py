"""The landscapes of Figs. 2 to 4: E_max and P_max by size, ratio and anisotropy, g/ω₀ = 0.1."""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.model.models import CavityCharger, SpinCharger
from symbattery.paper.judges.direct import (
    Curve,
    chain_curve,
    collective_curve,
    emission_hops,
    first_top,
    photon_hops,
    power_of,
    top,
)
from symbattery.paper.ledger.context import Context

__all__ = [
    "ANISOTROPIES",
    "COUPLING",
    "SIZES",
    "cavity_first",
    "cavity_power",
    "direct_first",
    "direct_power",
    "direct_within",
    "emission_first",
    "emission_power",
    "energies",
    "first",
    "photon_first",
    "photon_power",
    "power",
    "powers",
    "spins",
    "spins_curve",
    "within",
]

COUPLING = 0.1
SIZES = tuple(range(1, 11))
ANISOTROPIES = (0.0, 0.2, 0.6, 1.0)
_SAMPLES = 4000


def spins(
    cells: int, ratio: int = 1, gamma: float = 0.0, coupling: float = COUPLING
) -> SpinCharger:
    """M cells and N = ratio · M charger spins."""
    return SpinCharger(cells, ratio * cells, coupling, 1, gamma)


def first(c: Context, cells: int, ratio: int = 1, gamma: float = 0.0) -> float:
    """The first peak of E/ω₀."""
    return c.first_peak(spins(cells, ratio, gamma))


def within(
    c: Context, cells: int, until: float, ratio: int = 1, gamma: float = 0.0, g: float = COUPLING
) -> float:
    """The largest E/ω₀ in gt ≤ ``until``."""
    return c.max_energy(spins(cells, ratio, gamma, g), until / g)


def power(c: Context, cells: int, ratio: int = 1, gamma: float = 0.0) -> float:
    """P_max/(√N gω₀)."""
    return c.max_power(spins(cells, ratio, gamma)) / (COUPLING * np.sqrt(ratio * cells))


def energies(c: Context, ratio: int = 1, gamma: float = 0.0, until: float = 0.0) -> Any:
    """E_max/ω₀ for M = 1…10: first peaks, or the largest in gt ≤ ``until``."""
    found = (
        within(c, m, until, ratio, gamma) if until else first(c, m, ratio, gamma) for m in SIZES
    )
    return np.array(list(found))


def powers(c: Context, ratio: int = 1, gamma: float = 0.0) -> Any:
    """P_max/(√N gω₀) for M = 1…10."""
    return np.array([power(c, m, ratio, gamma) for m in SIZES])


def cavity_first(c: Context, cells: int) -> float:
    """The first peak of the Tavis–Cummings battery with M photons."""
    return c.first_peak(CavityCharger(cells, 1))


def cavity_power(c: Context, cells: int) -> float:
    """P_max/(g̃ω₀) of the Tavis–Cummings battery with M photons."""
    return c.max_power(CavityCharger(cells, 1))


def _samples(cells: int) -> int:
    return 400 * cells


def emission_first(c: Context, cells: int) -> float:
    """The first peak of what M full cells emit into an empty cavity (N → ∞ of the spins)."""
    return c.once(
        ("emission", cells),
        lambda: first_top(chain_curve(emission_hops(cells)), 4.0, _samples(cells))[1],
    )


def emission_power(c: Context, cells: int) -> float:
    """P_max/(g̃ω₀) of the same."""
    curve = power_of(chain_curve(emission_hops(cells)))
    return c.once(("emitted", cells), lambda: top(curve, 1e-3, 4.0, _samples(cells))[1])


def photon_first(cells: int) -> float:
    """The second route to :func:`cavity_first`."""
    return first_top(chain_curve(photon_hops(cells, cells)), 4.0, _samples(cells))[1]


def photon_power(cells: int) -> float:
    """The second route to :func:`cavity_power`."""
    return top(power_of(chain_curve(photon_hops(cells, cells))), 1e-3, 4.0, _samples(cells))[1]


def spins_curve(c: Context, cells: int, ratio: int = 1, gamma: float = 0.0) -> Curve:
    """The second route to E/ω₀ of the spins, as a function of gt: the whole product space."""
    curve = c.once(
        ("direct", cells, ratio, gamma),
        lambda: collective_curve(cells, ratio * cells, COUPLING, gamma),
    )
    return lambda times: curve(np.asarray(times) / COUPLING)


def direct_first(c: Context, cells: int, ratio: int = 1, gamma: float = 0.0) -> float:
    """The second route to :func:`first`."""
    end = 3.0 / np.sqrt(ratio)
    return first_top(spins_curve(c, cells, ratio, gamma), end, 600)[1]


def direct_within(
    c: Context, cells: int, until: float, ratio: int = 1, gamma: float = 0.0
) -> float:
    """The second route to :func:`within`."""
    return top(spins_curve(c, cells, ratio, gamma), 0.0, until, _SAMPLES)[1]


def direct_power(c: Context, cells: int, ratio: int = 1, gamma: float = 0.0) -> float:
    """The second route to :func:`power`."""
    curve = power_of(spins_curve(c, cells, ratio, gamma))
    return top(curve, 1e-3, 2.0, 1000)[1] / float(np.sqrt(ratio * cells))
