"""Crosstalk among the cells."""

from __future__ import annotations

import numpy as np

from numerics.models import SpinCharger
from symbattery.paper.claims import Above, Claim, Number, Reading
from symbattery.paper.context import Context
from symbattery.paper.crosstalk.ideal import IDEAL, Compute
from symbattery.paper.direct import (
    chain_curve,
    spin_hops,
    top,
)

__all__ = ["CELLS"]


def _cell_crosstalk(g2: float, until: float) -> Compute:
    return lambda c: c.max_energy(SpinCharger(2, 4, 1, cell_crosstalk=g2), until)


def _cell_crosstalk_long(c: Context) -> float:
    return _cell_crosstalk(20.0, 100.0)(c)


def _cell_crosstalk_chain(_: Context) -> float:
    curve = chain_curve(spin_hops(2, 4), np.array([0.0, 2.0 * 20, 0.0]))
    return top(curve, 0.0, 100.0, 60_000)[1]


CELLS = (
    Claim(
        "IV.cells-weak",
        "Sec. IV, text",
        "weak crosstalk among the cells lowers E_max",
        Above(),
        Reading(
            "E_max(0) − E_max at g₂/g = 0.1, gt ≤ 10, M = 2, N = 4",
            lambda c: _cell_crosstalk(0.0, 10.0)(c) - _cell_crosstalk(0.1, 10.0)(c),
        ),
        (
            Reading(
                "first peaks",
                lambda c: (
                    c.first_peak(IDEAL) - c.first_peak(SpinCharger(2, 4, 1, cell_crosstalk=0.1))
                ),
            ),
        ),
    ),
    Claim(
        "IV.cells-strong",
        "Sec. IV, text",
        "strong crosstalk among the cells separates both sides: E_max/ω₀ at g₂/g = 20 is 0.0",
        Number("0.0"),
        Reading("largest E in gt ≤ 100, M = 2, N = 4", _cell_crosstalk_long),
        witness=Reading("written-down chain: both ends of it are resonant", _cell_crosstalk_chain),
        instead=Reading(
            "largest E/ω₀ in gt ≤ 100: |00⟩ and |11⟩ have the same crosstalk energy",
            _cell_crosstalk_long,
        ),
        sources=(Reading("largest E in gt ≤ 1", _cell_crosstalk(20.0, 1.0)),),
    ),
)
