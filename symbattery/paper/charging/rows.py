"""E_max and P_max of M = 1…10 cells, as rows: spins, photons, and the limit of the spins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symbattery.paper.judges import landscape as land
from symbattery.paper.judges.direct import chain_curve, first_top, power_of, spin_hops, top
from symbattery.paper.ledger.claim import Below
from symbattery.paper.ledger.context import Context

__all__ = [
    "CHAINS",
    "CLOSE",
    "EMITS",
    "FIRST",
    "FROM_THREE",
    "FROM_TWO",
    "M_PHOTONS",
    "RATIOS",
    "WHOLE",
    "Row",
    "apart",
    "chain_energies",
    "chain_points",
    "chain_powers",
    "emitted_energies",
    "emitted_powers",
    "photon_energies",
    "photon_energies_again",
    "photon_powers",
    "photon_powers_again",
    "rescaled_photon_powers",
    "spin_energies",
    "spin_powers",
]

Row = Callable[[Context], Any]

FROM_TWO, FROM_THREE = slice(1, None), slice(2, None)
RATIOS = (1, 2, 3, 10)
_LARGE = (10, 100)
CLOSE = Below("0.01")
M_PHOTONS = "cavity with M photons"
EMITS = "full cells that emit into an empty cavity: N → ∞ of the spins"
FIRST = "first peaks"
CHAINS = "tridiagonal matrices, written down"
WHOLE = "whole product of both collective spins"


def chain_points(ratio: int, until: float = 0.0) -> tuple[list[float], list[float]]:
    """The points of the isotropic landscape from written-down chains."""
    e, p = [], []
    for m in land.SIZES:
        curve = chain_curve(spin_hops(m, ratio * m))
        end = 3.0 / np.sqrt(ratio)
        e.append(top(curve, 0, until, 8000)[1] if until else first_top(curve, end, 600)[1])
        p.append(top(power_of(curve), 1e-3, end, 2000)[1] / float(np.sqrt(ratio * m)))
    return e, p


def photon_energies(c: Context) -> Any:
    """First peaks of the cavity with M photons, in ω₀."""
    return np.array([land.cavity_first(c, m) for m in land.SIZES])


def photon_powers(c: Context) -> Any:
    """P_max/(g̃ω₀) of the cavity with M photons."""
    return np.array([land.cavity_power(c, m) for m in land.SIZES])


def rescaled_photon_powers(c: Context) -> Any:
    """P/(√N g̃ω₀) with N = M photons."""
    return photon_powers(c) / np.sqrt(land.SIZES)


def emitted_energies(c: Context) -> Any:
    """First peaks of the limit N → ∞ of the spins, in ω₀."""
    return np.array([land.emission_first(c, m) for m in land.SIZES])


def emitted_powers(c: Context) -> Any:
    """P_max/(g̃ω₀) of the limit N → ∞ of the spins."""
    return np.array([land.emission_power(c, m) for m in land.SIZES])


def photon_energies_again(_: Context) -> Any:
    """The second route to :func:`photon_energies`."""
    return np.array([land.photon_first(m) for m in land.SIZES])


def photon_powers_again(_: Context) -> Any:
    """The second route to :func:`photon_powers`."""
    return np.array([land.photon_power(m) for m in land.SIZES])


def apart(mine: Callable[[Context, int], Any], other: Row) -> Callable[[Context], float]:
    """Largest relative distance from the cavity's points, N/M = 10 and 100, M = 2…10."""

    def compute(c: Context) -> float:
        cavity = other(c)
        return max(float(np.abs(mine(c, r) / cavity - 1)[FROM_TWO].max()) for r in _LARGE)

    return compute


def spin_energies(c: Context, ratio: int) -> Any:
    """First peaks of M cells and N = ratio · M spins at γ = 0, in ω₀."""
    return land.energies(c, ratio)


def spin_powers(c: Context, ratio: int) -> Any:
    """P_max/(√N gω₀) of the same."""
    return land.powers(c, ratio)


def chain_energies(_: Context, ratio: int) -> Any:
    """The second route to :func:`spin_energies`."""
    return np.array(chain_points(ratio)[0])


def chain_powers(_: Context, ratio: int) -> Any:
    """The second route to :func:`spin_powers`."""
    return np.array(chain_points(ratio)[1])
