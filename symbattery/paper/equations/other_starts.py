"""Eqs. (18) to (21): chargers that are not full, batteries that are not empty."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import (
    Expr,
    ImmutableMatrix,
    Matrix,
    Rational,
    S,
    Symbol,
    eye,
)

from numerics.model.models import SpinCharger
from numerics.model.states import dicke, mixture, product
from symbattery.model.symbols import N
from symbattery.paper.judges.direct import pauli_curve
from symbattery.paper.judges.pauli import site, total
from symbattery.paper.ledger.claim import Above, Claim, Reading, Zero
from symbattery.paper.ledger.context import Context

__all__ = ["OTHER_STARTS"]


def _excited_of(_: Context) -> Any:
    """The number of excited spins of |m⟩, N/2 + m, less l − 1."""
    l = Symbol("l", integer=True, positive=True)  # noqa: E741
    return (N / 2 + (-N / 2 + l - 1) - (l - 1)).expand()


def _weights(weights: tuple[Rational, ...]) -> Expr:
    return sum(weights, S.Zero) - 1


def _flipped(_: Context) -> Any:
    """Excited cells of σˣ_k |00⟩: 1, in |01⟩ and in |10⟩."""
    empty = Matrix([0, 0, 0, 1])
    count = (total("z", (0, 1), 2) + 2 * eye(4)) / 2
    flipped = (site("x", k, 2) * empty for k in (0, 1))
    return ImmutableMatrix([count * one - one for one in flipped])


def _interference(context: Context) -> float:
    """The largest |E of ½(Ψ₁ + Ψ₂) − E of Ψ₁| over 200 times up to gt = 10, M = 2, N = 4."""
    model = SpinCharger(2, 4, 1)
    one, other = (product(cells, [1] * 4) for cells in ([1, 0], [0, 1]))
    both = mixture([(0.5, one), (0.5, other)])
    times = np.linspace(0.0, 10.0, 200)
    gap = context.charge(model, both).energy(times) - context.charge(model, one).energy(times)
    return float(np.abs(gap).max()) if np.abs(gap).max() > 1e-12 else 0.0


def _interference_pauli(_: Context) -> float:
    one, other = np.zeros(64), np.zeros(64)
    one[0b010000], other[0b100000] = 1, 1
    times = np.linspace(0.0, 10.0, 200)
    alone = pauli_curve(2, 4, [(1.0, one)])(times)
    gap = pauli_curve(2, 4, [(0.5, one), (0.5, other)])(times) - alone
    return float(np.abs(gap).max()) if np.abs(gap).max() > 1e-12 else 0.0


def _superposed(_: Context) -> float:
    """The largest |E of (Ψ₁ + Ψ₂)/√2 − E of Ψ₁| over the same times."""
    one, both = np.zeros(64), np.zeros(64)
    one[0b010000] = 1
    both[[0b010000, 0b100000]] = np.sqrt(0.5)
    times = np.linspace(0.0, 10.0, 200)
    curves = (pauli_curve(2, 4, [(1.0, start)])(times) for start in (both, one))
    return float(np.abs(np.subtract(*curves)).max())


def _dark_half(context: Context) -> float:
    """E_max of |01⟩ over that of the collective one-excitation state, first peaks, M = 2, N = 4."""
    model = SpinCharger(2, 4, 1)
    return context.first_peak(model, product([1, 0], [1] * 4)) / context.first_peak(
        model, dicke(1, 4)
    )


OTHER_STARTS = (
    Claim(
        "eq-18",
        "Sec. IV, Eq. (18)",
        "|m = −N/2 + l − 1⟩ has l − 1 excited charger spins",
        Zero(),
        Reading("N/2 + m", _excited_of),
    ),
    Claim(
        "eq-19",
        "Sec. IV, Eq. (19)",
        "the weights of Fig. 7 for the charger sum to one",
        Zero(),
        Reading(
            "0.6 + 4 · 0.1 − 1", lambda _: _weights((Rational(6, 10),) + (Rational(1, 10),) * 4)
        ),
    ),
    Claim(
        "eq-20",
        "Sec. IV, Eq. (20)",
        "σˣ_k excites the kth cell of the empty battery",
        Zero(),
        Reading("two cells, exact", _flipped),
    ),
    Claim(
        "eq-20.interference",
        "Sec. IV, Eq. (20)",
        "the loss comes from quantum interference between "
        "|Ψ₁ᴮ⟩ and |Ψ₂ᴮ⟩: E of both differs from E of one",
        Above("1e-10"),
        Reading(
            "largest difference up to gt = 10, M = 2, N = 4, mixture of Eq. (21)", _interference
        ),
        witness=Reading("Pauli matrices on 64 states", _interference_pauli),
        instead=Reading(
            "half of |01⟩ is a dark singlet: its E over that of the symmetric state", _dark_half
        ),
        sources=(
            Reading("the superposition (Ψ₁ + Ψ₂)/√2, which stores more, not less", _superposed),
        ),
    ),
    Claim(
        "eq-21",
        "Sec. IV, Eq. (21)",
        "the weights of Fig. 7 for the battery sum to one",
        Zero(),
        Reading(
            "0.6 + 2 · 0.2 − 1", lambda _: _weights((Rational(6, 10),) + (Rational(2, 10),) * 2)
        ),
    ),
)
