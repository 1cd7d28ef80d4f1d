"""The landscapes of Figs. 2 to 4: E_max and P_max by size, ratio and anisotropy, g/ω₀ = 0.1."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from numerics.model.models import CavityCharger, SpinCharger
from symbattery.paper.claim import Context
from symbattery.paper.judges import direct
from symbattery.paper.judges.direct import Curve, Floats

__all__ = [
    "ANISOTROPIES", "CHAINS", "COUPLING", "EMITS", "FIRST", "RATIOS", "SIZES", "WHOLE", "WINDOW",
    "cavity_first", "cavity_power", "cavity_within", "chain", "chain_energies", "chain_powers",
    "energies", "first", "power", "powers", "row", "spins", "whole", "within",
]  # fmt: skip

COUPLING = 0.1
SIZES = tuple(range(1, 11))
RATIOS = (1, 2, 3, 10)
ANISOTROPIES = (0.0, 0.2, 0.6, 1.0)
FIRST, WINDOW = "first peaks", r"largest $E$ in $gt \le 10$"
EMITS = r"full cells that emit into an empty cavity: $N \to \infty$ of the spins"
CHAINS = "tridiagonal matrices, written down"
WHOLE = "whole product of both collective spins"
# Of a chain, by the number of cells.
Hops = Callable[[int], Floats]
# E/ω₀ of the spins as a function of gt, by cells, N/M and γ; None is the engine.
Route = Callable[[int, float, float], Curve] | None


def spins(
    cells: int, ratio: float = 1, gamma: float = 0.0, coupling: float = COUPLING
) -> SpinCharger:
    """M cells and N = ratio · M charger spins."""
    return SpinCharger(cells, round(ratio * cells), coupling, 1, gamma)


def chain(cells: int, ratio: float, _: float) -> Curve:
    """The written-down chain of the spins at γ = 0."""
    return direct.chain_curve(direct.spin_hops(cells, round(ratio * cells)))


def whole(cells: int, ratio: float, gamma: float) -> Curve:
    """The whole product space of both collective spins."""
    curve = direct.collective_curve(cells, round(ratio * cells), COUPLING, gamma)
    return lambda times: curve(np.asarray(times) / COUPLING)


def _curve(c: Context, route: Callable[..., Curve], *which: Any) -> Curve:
    return c.once((route, *which), lambda: route(*which))


def first(
    c: Context, cells: int, ratio: float = 1, gamma: float = 0.0, route: Route = None
) -> float:
    """The first peak of E/ω₀."""
    if route is None:
        return c.first_peak(spins(cells, ratio, gamma))
    end = 3.0 / np.sqrt(ratio)
    return direct.first_top(_curve(c, route, cells, ratio, gamma), end, 600)[1]


def within(
    c: Context, cells: int, until: float, ratio: float = 1, gamma: float = 0.0, route: Route = None
) -> float:
    """The largest E/ω₀ in gt ≤ ``until``."""
    if route is None:
        return c.max_energy(spins(cells, ratio, gamma), until / COUPLING)
    return direct.top(_curve(c, route, cells, ratio, gamma), 0.0, until, 4000)[1]


def power(
    c: Context, cells: int, ratio: float = 1, gamma: float = 0.0, route: Route = None
) -> float:
    """P_max/(√N gω₀)."""
    if route is None:
        highest = c.max_power(spins(cells, ratio, gamma)) / COUPLING
    else:
        curve, end = _curve(c, route, cells, ratio, gamma), 3.0 / np.sqrt(ratio)
        highest = direct.top_power(curve, 1e-3, end, 2000)
    return highest / float(np.sqrt(ratio * cells))


def energies(
    c: Context, ratio: int = 1, gamma: float = 0.0, until: float = 0.0, route: Route = None
) -> Any:
    """E_max/ω₀ for M = 1…10: first peaks, or the largest in gt ≤ ``until``."""
    if until:
        return row(within, until, ratio, gamma, route)(c)
    return row(first, ratio, gamma, route)(c)


def powers(c: Context, ratio: int = 1, gamma: float = 0.0, route: Route = None) -> Any:
    """P_max/(√N gω₀) for M = 1…10."""
    return row(power, ratio, gamma, route)(c)


chain_energies, chain_powers = partial(energies, route=chain), partial(powers, route=chain)


def cavity_first(c: Context, cells: int, hops: Hops | None = None) -> float:
    """The first peak of the Tavis–Cummings battery with M photons, or of a written-down chain."""
    if hops is None:
        return c.first_peak(CavityCharger(cells, 1))
    curve = direct.chain_curve(hops(cells))
    return c.once((hops, cells), lambda: direct.first_top(curve, 4.0, 400 * cells)[1])


def cavity_within(c: Context, cells: int, until: float) -> float:
    """The largest E/ω₀ with M photons in gt ≤ ``until``, for g̃ = √M g."""
    return c.max_energy(CavityCharger(cells, 1), until * float(np.sqrt(cells)))


def cavity_power(c: Context, cells: int, hops: Hops | None = None) -> float:
    """P_max/(g̃ω₀) of the Tavis–Cummings battery with M photons, or of a written-down chain."""
    if hops is None:
        return c.max_power(CavityCharger(cells, 1))
    curve = direct.chain_curve(hops(cells))
    return c.once((hops, cells, "power"), lambda: direct.top_power(curve, 1e-3, 4.0, 400 * cells))


def row(of: Callable[..., float], *more: Any) -> Callable[[Context], Any]:
    """One of these quantities for M = 1…10."""
    return lambda c: np.array([of(c, m, *more) for m in SIZES])
