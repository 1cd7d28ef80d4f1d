"""The slope of ln η against ln M: between two sizes, and at one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symbattery.paper.judges import landscape as land
from symbattery.paper.judges.direct import chain_curve, power_of, top
from symbattery.paper.ledger.context import Context

__all__ = [
    "CENTRAL",
    "CHAINS",
    "KRYLOV",
    "Compute",
    "beta",
    "cavity_beta",
    "chain_power",
    "exponent",
    "spin_power",
]

Compute = Callable[[Context], float]

CENTRAL = "d ln η/d ln M over M ± 1, N = M, global P_max"
CHAINS = "tridiagonal matrices, written down"
KRYLOV = "Krylov steps in the whole product of both spins"


def spin_power(c: Context, cells: int, gamma: float) -> float:
    """P_max/ω₀ of M = N at g/ω₀ = 0.1."""
    return c.max_power(land.spins(cells, 1, gamma))


def exponent(power: Callable[[int], float], low: int, high: int) -> float:
    """The slope of ln η = ln(P_max/M) + const between two sizes."""
    return float(np.log(power(high) / power(low)) / np.log(high / low) - 1)


def beta(cells: int, gamma: float = 0.0) -> Compute:
    """The exponent d ln η/d ln M, by the central difference over M ± 1."""
    return lambda c: exponent(lambda m: spin_power(c, m, gamma), cells - 1, cells + 1)


def chain_power(hops: Any, scale: float) -> float:
    """The largest P/g of a chain; its time is a few times 1/scale."""
    return top(power_of(chain_curve(hops)), 1e-2 / scale, 15.0 / scale, 600)[1]


def cavity_beta(cells: int) -> Compute:
    """The same of the cavity with M photons."""
    return lambda c: exponent(lambda m: land.cavity_power(c, m), cells - 1, cells + 1)
