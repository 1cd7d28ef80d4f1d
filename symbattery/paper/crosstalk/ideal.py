"""Two cells and four charger spins, as in Figs. 6 and 7."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from numerics.model.models import SpinCharger
from symbattery.paper.ledger.context import Context

__all__ = ["IDEAL", "PAULI", "Compute", "crosstalk_model", "ideal_start"]

Compute = Callable[[Context], float]

IDEAL = SpinCharger(2, 4, 1)
PAULI = "Pauli matrices on 64 states"


def crosstalk_model(g1: float, cells: int = 2, chargers: int = 4) -> SpinCharger:
    """A battery whose charger spins are coupled by g₁, in units of g."""
    return SpinCharger(cells, chargers, 1, charger_crosstalk=g1)


def ideal_start() -> list[tuple[float, Any]]:
    """Cells down, charger spins up, for :func:`~symbattery.paper.judges.direct.pauli_curve`."""
    vector = np.zeros(64)
    # Cells first; 1 is down.
    vector[0b110000] = 1
    return [(1.0, vector)]
