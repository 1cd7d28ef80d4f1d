"""The landscapes of Figs. 2 to 4: E_max and P_max by size, ratio and anisotropy, g/ω₀ = 0.1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from numerics.model.models import CavityCharger, SpinCharger
from symbattery.paper.claim import Context
from symbattery.paper.judges.direct import (
    Curve,
    Floats,
    chain_curve,
    collective_curve,
    emission_hops,
    first_top,
    photon_hops,
    spin_hops,
    top,
    top_power,
)

__all__ = [
    "ANISOTROPIES",
    "CHAINS",
    "COUPLING",
    "FIRST",
    "RATIOS",
    "SIZES",
    "WHOLE",
    "cavity_first",
    "cavity_power",
    "chain_points",
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
    "row",
    "spins",
    "spins_curve",
    "within",
]

COUPLING = 0.1
SIZES = tuple(range(1, 11))
RATIOS = (1, 2, 3, 10)
ANISOTROPIES = (0.0, 0.2, 0.6, 1.0)
FIRST = "first peaks"
CHAINS = "tridiagonal matrices, written down"
WHOLE = "whole product of both collective spins"
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
    rows = (
        within(c, m, until, ratio, gamma) if until else first(c, m, ratio, gamma) for m in SIZES
    )
    return np.array(list(rows))


def powers(c: Context, ratio: int = 1, gamma: float = 0.0) -> Any:
    """P_max/(√N gω₀) for M = 1…10."""
    return np.array([power(c, m, ratio, gamma) for m in SIZES])


def cavity_first(c: Context, cells: int) -> float:
    """The first peak of the Tavis–Cummings battery with M photons."""
    return c.first_peak(CavityCharger(cells, 1))


def cavity_power(c: Context, cells: int) -> float:
    """P_max/(g̃ω₀) of the Tavis–Cummings battery with M photons."""
    return c.max_power(CavityCharger(cells, 1))


def _chain_first(c: Context, hops: Floats) -> float:
    """The first peak of a written-down chain."""
    end, samples = 4.0, 400 * len(hops)
    return c.once(("first of chain", *hops), lambda: first_top(chain_curve(hops), end, samples)[1])


def _chain_power(c: Context, hops: Floats) -> float:
    """The largest P/g of a written-down chain."""
    end, samples = 4.0, 400 * len(hops)
    return c.once(
        ("power of chain", *hops),
        lambda: top_power(chain_curve(hops), 1e-3, end, samples),
    )


def emission_first(c: Context, cells: int) -> float:
    """The first peak of what M full cells emit into an empty cavity (N → ∞ of the spins)."""
    return _chain_first(c, emission_hops(cells))


def emission_power(c: Context, cells: int) -> float:
    """P_max/(g̃ω₀) of the same."""
    return _chain_power(c, emission_hops(cells))


def photon_first(c: Context, cells: int) -> float:
    """The second route to :func:`cavity_first`."""
    return _chain_first(c, photon_hops(cells, cells))


def photon_power(c: Context, cells: int) -> float:
    """The second route to :func:`cavity_power`."""
    return _chain_power(c, photon_hops(cells, cells))


def row(of: Callable[[Context, int], float]) -> Callable[[Context], Any]:
    """One of these quantities for M = 1…10."""
    return lambda c: np.array([of(c, m) for m in SIZES])


def chain_points(ratio: int, until: float = 0.0) -> tuple[Any, Any]:
    """The second route to :func:`energies` and :func:`powers` at γ = 0: written-down chains."""
    e, p = [], []
    for m in SIZES:
        curve = chain_curve(spin_hops(m, ratio * m))
        end = 3.0 / np.sqrt(ratio)
        e.append(top(curve, 0, until, 8000)[1] if until else first_top(curve, end, 600)[1])
        p.append(top_power(curve, 1e-3, end, 2000) / float(np.sqrt(ratio * m)))
    return np.array(e), np.array(p)


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
    curve = spins_curve(c, cells, ratio, gamma)
    return top_power(curve, 1e-3, 2.0, 1000) / float(np.sqrt(ratio * cells))
