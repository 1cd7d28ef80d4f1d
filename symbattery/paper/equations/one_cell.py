"""Eqs. (9) and (12): one cell, and many of them in parallel."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import (
    ImmutableMatrix,
    Matrix,
    eye,
    kronecker_product,
    sin,
)

from symbattery.api import Solution, single_cell
from symbattery.model.symbols import g, gamma, omega_0, t
from symbattery.paper.equations.operators import difference
from symbattery.paper.judges.direct import Curve, power_of, top
from symbattery.paper.judges.pauli import site, total
from symbattery.paper.ledger.claim import Below, Claim, Number, Reading, Zero
from symbattery.paper.ledger.context import Context

__all__ = ["ONE_CELL"]


def _pairs() -> Curve:
    """E/ω₀ of two separate pairs of Pauli spins as a function of gt."""
    pair = g * (site("-", 1, 2) * site("+", 0, 2) + site("+", 1, 2) * site("-", 0, 2))
    coupled = kronecker_product(pair, eye(4)) + kronecker_product(eye(4), pair)
    vector = Matrix([0] * 16)
    # Cells down, charger spins up.
    vector[0b1010] = 1
    battery = np.array((total("z", (0, 2), 4) / 2).tolist(), float).diagonal()
    values, modes = np.linalg.eigh(np.array((coupled / g).tolist(), float))
    start = np.array(vector.T.tolist()[0], float)

    def energy(times: Any) -> Any:
        moved = modes @ (np.exp(-1j * np.outer(values, times)) * (modes.T @ start)[:, None])
        return battery @ np.abs(moved) ** 2 - battery @ start**2

    return energy


def _parallel_energy(_: Context) -> Any:
    """The largest E/ω₀ of two pairs less twice one cell's."""
    return abs(top(_pairs(), 0.0, 3.0, 300)[1] - 2)


def _parallel_power(c: Context) -> Any:
    """The largest P/(gω₀) of two pairs less twice one cell's."""
    return abs(top(power_of(_pairs()), 1e-2, 3.0, 300)[1] - 2 * _one_cell_power(c))


def _leaving(_: Context) -> Any:
    """What h₁ takes from |1_B 0_C⟩ and |0_B 1_C⟩ to the other two states."""
    half = site("-", 1, 2) * (gamma * site("-", 0, 2) + site("+", 0, 2))
    built = omega_0 / 2 * total("z", (0, 1), 2) + g * (half + half.T)
    return ImmutableMatrix([built[out, kept] for out in (0, 3) for kept in (1, 2)])


def _matrix_12(_: Context) -> Any:
    """h₁ in the printed order of states, built from Pauli matrices."""
    half = site("-", 1, 2) * (gamma * site("-", 0, 2) + site("+", 0, 2))
    built = omega_0 / 2 * total("z", (0, 1), 2) + g * (half + half.T)
    printed = Matrix(
        [[omega_0, 0, 0, g * gamma], [0, 0, g, 0], [0, g, 0, 0], [g * gamma, 0, 0, -omega_0]]
    )
    return difference(built, printed)


def _one_cell() -> Solution:
    return single_cell(1, anisotropy=gamma)


def _one_cell_energy(_: Context) -> Any:
    return _one_cell().energy - omega_0 * sin(g * t) ** 2


def _one_cell_max(_: Context) -> Any:
    return float(_one_cell().maximum().value / omega_0)


def _one_cell_power(_: Context) -> Any:
    return float((single_cell(1).max_power().value / (g * omega_0)).evalf(15))


ONE_CELL = (
    Claim(
        "eq-9",
        "Sec. III, Eq. (9)",
        "the parallel scheme stores M e_max: it differs by less than 1e-9",
        Below("1e-9"),
        Reading("two separate pairs, 16 states", _parallel_energy),
    ),
    Claim(
        "eq-9.power",
        "Sec. III, Eq. (9)",
        "its power is M p_max: it differs by less than 1e-9 gω₀",
        Below("1e-9"),
        Reading("two separate pairs, 16 states", _parallel_power),
    ),
    Claim(
        "eq-12",
        "Sec. III, Eq. (12)",
        "the matrix of one cell and one charger spin",
        Zero(),
        Reading("Pauli matrices, any γ", _matrix_12),
    ),
    Claim(
        "eq-12.subspace",
        "Sec. III, Eq. (12)",
        "the dynamics stays in |1_B 0_C⟩ and |0_B 1_C⟩, whatever γ",
        Zero(),
        Reading("Pauli matrices, any γ", _leaving),
    ),
    Claim(
        "eq-12.energy",
        "Sec. III, Eq. (12)",
        "e(t) = ω₀ sin²(gt), whatever γ",
        Zero(),
        Reading("derived with a symbolic γ", _one_cell_energy),
    ),
    Claim(
        "eq-12.e-max",
        "Sec. III, Eq. (12)",
        "e_max/ω₀ of one cell",
        Number("1"),
        Reading("supremum", _one_cell_max),
    ),
    Claim(
        "eq-12.p-max",
        "Sec. III, Eq. (12)",
        "p_max/(gω₀) of one cell",
        Number("0.72"),
        Reading("global maximum", _one_cell_power),
    ),
)
