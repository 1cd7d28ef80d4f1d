"""Eqs. (13) to (15): the rotating frame, and crosstalk of the charger as an operator."""

from __future__ import annotations

from typing import Any

from sympy import (
    ImmutableMatrix,
    S,
    eye,
)

from symbattery.model.ladders import Spin
from symbattery.model.symbols import g
from symbattery.paper.equations.operators import (
    EXACT,
    difference,
    eq_1_against_3,
    free,
    interaction,
    rotating_frame,
)
from symbattery.paper.judges.pauli import commutator, flips, total
from symbattery.paper.ledger.claim import Claim, Reading, Zero
from symbattery.paper.ledger.context import Context

__all__ = ["CHARGER_OPERATORS"]


def _crosstalk_in_frame(_: Context) -> Any:
    return commutator(flips(range(4), 4), total("z", range(4), 4))


def _full_in_frame(_: Context) -> Any:
    """[H₁ + H_C, H₀] of two cells and two charger spins, in units of gω₀ with g₁ = g."""
    crosstalk = g * flips((2, 3), 4)
    return commutator(interaction(S.Zero) + crosstalk, free())


def _cells_up_to_a_constant(_: Context) -> Any:
    """H_B less g₂(J₊J₋ + J₋J₊), three cells, in units of g₂, without its trace."""
    up, down = total("+", range(3), 3), total("-", range(3), 3)
    left = difference(flips(range(3), 3), up * down + down * up)
    return difference(left, left.trace() / 8 * eye(8))


def _eq_15(constant: Any) -> Any:
    """Eq. (14) less g₁(J₊J₋ + J₋J₊ − constant · 1), four spins, in units of g₁."""
    up, down = total("+", range(4), 4), total("-", range(4), 4)
    return difference(flips(range(4), 4), up * down + down * up - constant * eye(16))


def _constant(_: Context) -> Any:
    """The constant c for which Eq. (14) is J₊J₋ + J₋J₊ − c, from the traces, for N = 4."""
    constant = -_eq_15(0).trace() / 16
    assert _eq_15(constant).is_zero_matrix
    return constant


def _constant_by_spin(_: Context) -> Any:
    """The same from the ladder algebra on the states |m⟩ of spin N/2, for N = 4.

    Σ_{l≠j} keeps |m = N/2⟩ and gives 0 there; J₊J₋ + J₋J₊ gives N.
    """
    top_level = Spin(4)
    printed = top_level.lowered(S(4)) + top_level.raised(S(4)) - 1
    return ImmutableMatrix(eye(16) * (-printed))


CHARGER_OPERATORS = (
    Claim(
        "eq-13",
        "Sec. IV, Eq. (13)",
        "H₁ at γ = 0 is that of Eq. (3)",
        Zero(),
        Reading(EXACT, eq_1_against_3),
    ),
    Claim(
        "eq-13.frame",
        "Sec. IV, Eq. (13)",
        "it is also H₁ in the rotating frame of H₀",
        Zero(),
        Reading(f"[H₁, H₀]; {EXACT}", rotating_frame),
    ),
    Claim(
        "eq-14.frame",
        "Sec. IV, Eq. (14)",
        "the crosstalk is the same in the rotating frame",
        Zero(),
        Reading("[H_C, Στᶻ], four charger spins", _crosstalk_in_frame),
    ),
    Claim(
        "eq-14.conserves",
        "Sec. IV, text",
        "crosstalk of the charger does not violate the conservation of H₀",
        Zero(),
        Reading(f"[H₁ + H_C, H₀]; {EXACT}", _full_in_frame),
    ),
    Claim(
        "eq-14.cells",
        "Sec. IV, text",
        "crosstalk of the cells is H_B ≃ g₂(J₊J₋ + J₋J₊), up to a constant",
        Zero(),
        Reading("exact Pauli matrices, three cells; the trace taken out", _cells_up_to_a_constant),
    ),
    Claim(
        "eq-15",
        "Sec. IV, Eq. (15)",
        "H_C = g₁(J₊J₋ + J₋J₊ − 1), the identity making up for l = j",
        Zero(),
        Reading("Eq. (14) − Eq. (15) with exact Pauli matrices, N = 4", lambda _: _eq_15(1)),
        witness=Reading("ladder algebra of spin N/2", _constant_by_spin),
        instead=Reading(
            "the constant that makes both equal, N = 4 (it changes no energy)", _constant
        ),
    ),
)
