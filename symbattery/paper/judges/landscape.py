"""The landscapes of Figs. 2 to 4: E_max and P_max by size, ratio and anisotropy, g/ω₀ = 0.1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from numerics.model.models import CavityCharger, SpinCharger
from symbattery.paper.claim import Context
from symbattery.paper.judges import direct
from symbattery.paper.judges.direct import Curve, Floats

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
    "chain_energies",
    "chain_first",
    "chain_power",
    "chain_powers",
    "direct_first",
    "direct_power",
    "direct_within",
    "energies",
    "first",
    "power",
    "powers",
    "row",
    "spins",
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
# Of a chain, by the number of cells.
Hops = Callable[[int], Floats]


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


def chain_first(c: Context, cells: int, hops: Hops) -> float:
    """The first peak of a written-down chain: the second route to :func:`cavity_first`."""
    curve, key = direct.chain_curve(hops(cells)), ("first of chain", hops, cells)
    return c.once(key, lambda: direct.first_top(curve, 4.0, 400 * cells)[1])


def chain_power(c: Context, cells: int, hops: Hops) -> float:
    """The largest P/g of a written-down chain: the second route to :func:`cavity_power`."""
    curve, key = direct.chain_curve(hops(cells)), ("power of chain", hops, cells)
    return c.once(key, lambda: direct.top_power(curve, 1e-3, 4.0, 400 * cells))


def row(of: Callable[..., float], *more: Any) -> Callable[[Context], Any]:
    """One of these quantities for M = 1…10."""
    return lambda c: np.array([of(c, m, *more) for m in SIZES])


def _chain(cells: int, ratio: int) -> tuple[Curve, float]:
    """E/ω₀ of the spins at γ = 0 from a written-down chain, and the gt in which it peaks."""
    return direct.chain_curve(direct.spin_hops(cells, ratio * cells)), 3.0 / np.sqrt(ratio)


def chain_energies(_: Context, ratio: int) -> Any:
    """The second route to :func:`energies`: first peaks at γ = 0."""
    return np.array([direct.first_top(*_chain(m, ratio), 600)[1] for m in SIZES])


def chain_powers(_: Context, ratio: int) -> Any:
    """The second route to :func:`powers` at γ = 0."""
    chains = (_chain(m, ratio) for m in SIZES)
    largest = [direct.top_power(curve, 1e-3, end, 2000) for curve, end in chains]
    return np.array(largest) / np.sqrt(ratio * np.array(SIZES))


def _spins_curve(c: Context, cells: int, ratio: int = 1, gamma: float = 0.0) -> Curve:
    """The second route to E/ω₀ of the spins, as a function of gt: the whole product space."""
    curve = c.once(
        ("direct", cells, ratio, gamma),
        lambda: direct.collective_curve(cells, ratio * cells, COUPLING, gamma),
    )
    return lambda times: curve(np.asarray(times) / COUPLING)


def direct_first(c: Context, cells: int, ratio: int = 1, gamma: float = 0.0) -> float:
    """The second route to :func:`first`."""
    end = 3.0 / np.sqrt(ratio)
    return direct.first_top(_spins_curve(c, cells, ratio, gamma), end, 600)[1]


def direct_within(
    c: Context, cells: int, until: float, ratio: int = 1, gamma: float = 0.0
) -> float:
    """The second route to :func:`within`."""
    return direct.top(_spins_curve(c, cells, ratio, gamma), 0.0, until, _SAMPLES)[1]


def direct_power(c: Context, cells: int, ratio: int = 1, gamma: float = 0.0) -> float:
    """The second route to :func:`power`."""
    curve = _spins_curve(c, cells, ratio, gamma)
    return direct.top_power(curve, 1e-3, 2.0, 1000) / float(np.sqrt(ratio * cells))
