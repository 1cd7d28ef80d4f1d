"""Sec. I: what was charged can be taken out again."""

from __future__ import annotations

from typing import Any

import numpy as np

from symbattery.model.symbols import g
from symbattery.paper.equations.operators import CELLS, interaction, ladder
from symbattery.paper.ledger.claim import Below, Claim, Reading
from symbattery.paper.ledger.context import Context

__all__ = ["REVERSAL"]


def _left_after_reversal(_: Context) -> Any:
    """E/ω₀ left after charging partly, for gt = 0.6, and then as long under −H₁.

    σᶻ on every cell takes H₁ to −H₁ at γ = 0.
    """
    hamiltonian = np.array((interaction(0) / g).tolist(), float)
    battery = np.array((ladder("z", CELLS) / 2).tolist(), float).diagonal()
    turned = np.prod([[1, 1, -1, -1], [1, -1, 1, -1]], axis=0).repeat(4)
    values, modes = np.linalg.eigh(hamiltonian)
    forth = modes @ np.diag(np.exp(-1j * values * 0.6)) @ modes.T
    start = np.zeros(16)
    # Cells first, and down; charger spins up.
    start[0b1100] = 1
    charged = forth @ start
    emptied = forth @ (turned * charged)
    return abs(float(battery @ np.abs(emptied) ** 2 - battery @ start**2))


REVERSAL = (
    Claim(
        "I.reversal",
        "Sec. I, text",
        "discharging is the reverse of charging, and takes out everything that was stored",
        Below("1e-9"),
        Reading(
            "E/ω₀ left of a charge of gt = 0.6, M = N = 2, γ = 0, after H₁ → −H₁",
            _left_after_reversal,
        ),
    ),
)
