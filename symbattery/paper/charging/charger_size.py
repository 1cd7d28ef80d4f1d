"""Fig. 2: more charger spins for the same battery."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symbattery.paper.charging.rows import (
    CHAINS,
    FIRST,
    FROM_TWO,
    chain_powers,
    spin_energies,
    spin_powers,
)
from symbattery.paper.judges import landscape as land
from symbattery.paper.ledger.claim import Above, Claim, Reading
from symbattery.paper.ledger.context import Context

__all__ = ["CHARGER_SIZE"]

_SEQUENCE = (1, 2, 10, 100)


def _steps(of: Callable[[Context, int], Any], sign: int) -> Callable[[Context], float]:
    """The smallest step up (down for sign −1) along N/M = 1, 2, 10, 100, M = 2…10."""

    def compute(c: Context) -> float:
        rows = np.array([of(c, r)[FROM_TWO] for r in _SEQUENCE])
        return float((sign * np.diff(rows, axis=0)).min())

    return compute


def _plain_powers(c: Context, ratio: int) -> Any:
    return spin_powers(c, ratio) * np.sqrt(ratio * np.array(land.SIZES))


CHARGER_SIZE = (
    Claim(
        "fig-2.larger-power",
        "Sec. II, Fig. 2",
        "at fixed M a larger charger has a larger P_max",
        Above(),
        Reading("smallest step along N/M = 1, 2, 10, 100, M = 2…10", _steps(spin_powers, 1)),
        (Reading("P_max/(gω₀), without √N", _steps(_plain_powers, 1)),),
        witness=Reading(CHAINS, _steps(chain_powers, 1)),
        instead=Reading(
            "P_max(N = 20)/P_max(N = 200) of two cells, each over √N g: the largest is in between",
            lambda c: land.power(c, 2, 10) / land.power(c, 2, 100),
        ),
    ),
    Claim(
        "fig-2.smaller-energy",
        "Sec. II, Fig. 2",
        "at fixed M a larger charger has a smaller E_max",
        Above(),
        Reading(
            f"smallest step down along N/M = 1, 2, 10, 100; {FIRST}", _steps(spin_energies, -1)
        ),
    ),
)
