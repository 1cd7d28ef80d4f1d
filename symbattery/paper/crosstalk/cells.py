"""Crosstalk among the cells."""

from __future__ import annotations

import numpy as np
from scipy.linalg import eigh_tridiagonal

from numerics.model.models import SpinCharger
from symbattery.paper.crosstalk.ideal import IDEAL, Compute
from symbattery.paper.judges.direct import (
    chain_curve,
    pauli_curve,
    spin_hops,
    top,
)
from symbattery.paper.ledger.claim import Above, Claim, Number, Reading
from symbattery.paper.ledger.context import Context

__all__ = ["CELLS"]


def _cell_crosstalk(g2: float, until: float) -> Compute:
    return lambda c: c.max_energy(SpinCharger(2, 4, 1, cell_crosstalk=g2), until)


def _cell_crosstalk_long(c: Context) -> float:
    return _cell_crosstalk(20.0, 100.0)(c)


def _cell_crosstalk_chain(_: Context) -> float:
    curve = chain_curve(spin_hops(2, 4), np.array([0.0, 2.0 * 20, 0.0]))
    return top(curve, 0.0, 100.0, 60_000)[1]


def _self_charged(_: Context) -> float:
    """The largest E/ω₀ in g₂t ≤ 10 of two cells with crosstalk and nothing else, from empty."""
    curve = pauli_curve(2, 0, [(1.0, np.array([0.0, 0.0, 0.0, 1.0]))], 0.0, 1.0)
    return float(np.abs(curve(np.linspace(0.0, 10.0, 1001))).max())


def _self_charged_again(_: Context) -> float:
    """The empty battery is an eigenstate of Σ(σ⁺σ⁻ + h.c.), which σ⁻ annihilates."""
    return 0.0


def _crosstalk_energy(_: Context) -> float:
    """The largest ⟨H_B⟩/ω₀ while charging, M = 2, N = 4, g₂ = g = ω₀: 2g₂ in the middle state."""
    hops, levels = spin_hops(2, 4), np.array([0.0, 2.0, 0.0])
    values, modes = eigh_tridiagonal(levels, np.sqrt(hops))
    times = np.linspace(0.0, 10.0, 4001)
    states = modes @ (np.exp(-1j * np.outer(values, times)) * modes[0][:, None])
    return float((levels @ np.abs(states) ** 2).max())


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
        sources=(
            Reading(
                "first peak of E",
                lambda c: c.first_peak(SpinCharger(2, 4, 1, cell_crosstalk=20.0)),
            ),
        ),
    ),
    Claim(
        "IV.self-charging",
        "Sec. IV, text",
        "crosstalk of the cells charges an empty battery by itself",
        Above(),
        Reading("largest E/ω₀ of two cells with g₂ and no charger, Pauli matrices", _self_charged),
        (
            Reading(
                "⟨H_B⟩ rises while the charger charges, M = 2, N = 4, g₂ = g; it is not in Eq. (7)",
                _crosstalk_energy,
            ),
        ),
        witness=Reading("σ⁻ annihilates |00⟩", _self_charged_again),
        instead=Reading("E of the empty battery under its own crosstalk", _self_charged),
    ),
)
