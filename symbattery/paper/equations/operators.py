"""The operators of two cells and two charger spins, exact."""

from __future__ import annotations

from typing import Any

from sympy import Expr, ImmutableMatrix, Matrix, S

from symbattery.model.symbols import g, omega_0
from symbattery.paper.judges.pauli import commutator, total
from symbattery.paper.ledger.context import Context

__all__ = [
    "CELLS",
    "CHARGERS",
    "EXACT",
    "collective",
    "difference",
    "eq_1_against_3",
    "free",
    "interaction",
    "ladder",
    "rotating_frame",
]

_SPINS = 4
CELLS, CHARGERS = (0, 1), (2, 3)
EXACT = "exact Pauli matrices, two cells and two charger spins"


def ladder(letter: str, side: tuple[int, ...]) -> Matrix:
    """The sum of a Pauli or ladder matrix over the cells or the charger spins."""
    return total(letter, side, _SPINS)


def free() -> Matrix:
    """H₀ of Eq. (1)."""
    return omega_0 / 2 * (ladder("z", CELLS) + ladder("z", CHARGERS))


def interaction(anisotropy: Expr) -> Matrix:
    """H₁ of Eq. (1) for two cells and two charger spins, Pauli matrices term by term."""
    x = ladder("x", CELLS) * ladder("x", CHARGERS)
    y = ladder("y", CELLS) * ladder("y", CHARGERS)
    return g / 2 * ((1 + anisotropy) * x + (1 - anisotropy) * y)


def collective(anisotropy: Expr) -> Matrix:
    """H₁ of Eq. (3)."""
    half = ladder("-", CHARGERS) * (anisotropy * ladder("-", CELLS) + ladder("+", CELLS))
    return g * (half + half.T)


def difference(one: Matrix, other: Matrix) -> ImmutableMatrix:
    """One matrix less another, multiplied out."""
    return ImmutableMatrix((one - other).expand())


def eq_1_against_3(_: Context) -> Any:
    """Eq. (1) less Eq. (3) at γ = 0, two cells and two charger spins."""
    return difference(interaction(S.Zero), collective(S.Zero))


def rotating_frame(_: Context) -> Any:
    """[H₁, H₀] at γ = 0."""
    return commutator(interaction(S.Zero), free())
