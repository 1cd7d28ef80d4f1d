"""Exact Pauli matrices on a few spins, for equations that are equalities of operators."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from itertools import product

import numpy as np
import numpy.typing as npt
from sympy import Expr, I, ImmutableMatrix, Matrix, sqrt, zeros

from symbattery.symbols import g, omega_0

__all__ = [
    "CELLS", "CHARGERS", "EXACT", "MODE", "Floats", "collective", "commutator", "difference",
    "embedded", "flips", "free", "interaction", "numbers", "site", "total",
]  # fmt: skip

Floats = npt.NDArray[np.float64]

_LETTERS = {
    "x": [[0, 1], [1, 0]],
    "y": [[0, -I], [I, 0]],
    "z": [[1, 0], [0, -1]],
    "+": [[0, 1], [0, 0]],
    "-": [[0, 0], [1, 0]],
}

MODE = Matrix(4, 4, lambda i, j: sqrt(j) if j == i + 1 else 0)
"""The operator b of a mode, cut at 3 photons."""


def embedded(letter: str, place: int, spins: int) -> npt.NDArray[np.object_]:
    """A Pauli or ladder matrix at one of ``spins`` places; |1⟩ = (1, 0); exact entries."""
    ones = [[1, 0], [0, 1]]
    factors = (_LETTERS[letter] if i == place else ones for i in range(spins))
    return reduce(np.kron, (np.array(factor, dtype=object) for factor in factors))


def site(letter: str, place: int, spins: int) -> Matrix:
    """The same as a matrix of SymPy."""
    return Matrix(embedded(letter, place, spins))


def total(letter: str, places: Iterable[int], spins: int = 4) -> Matrix:
    """The sum over some places: of the cells or of the charger spins, say."""
    return sum((site(letter, i, spins) for i in places), zeros(2**spins))


def commutator(a: Matrix, b: Matrix) -> ImmutableMatrix:
    """[a, b]."""
    return ImmutableMatrix((a * b - b * a).expand())


def flips(places: Iterable[int], spins: int) -> Matrix:
    """Σ over ordered pairs l ≠ j of (τˣτˣ + τʸτʸ)/2, as in Eq. (14) with g₁ = 1."""
    pairs = [(i, j) for i, j in product(tuple(places), repeat=2) if i != j]
    terms = (site(a, i, spins) * site(a, j, spins) for a in "xy" for i, j in pairs)
    return sum(terms, zeros(2**spins)) / 2


# Two cells and two charger spins ------------------------------------------------------------------

CELLS, CHARGERS = (0, 1), (2, 3)
EXACT = "exact Pauli matrices, two cells and two charger spins"


def free() -> Matrix:
    """H₀ of Eq. (1)."""
    return omega_0 / 2 * (total("z", CELLS) + total("z", CHARGERS))


def interaction(anisotropy: Expr) -> Matrix:
    """H₁ of Eq. (1) for two cells and two charger spins, Pauli matrices term by term."""
    x = total("x", CELLS) * total("x", CHARGERS)
    y = total("y", CELLS) * total("y", CHARGERS)
    return g / 2 * ((1 + anisotropy) * x + (1 - anisotropy) * y)


def collective(anisotropy: Expr) -> Matrix:
    """H₁ of Eq. (3)."""
    half = total("-", CHARGERS) * (anisotropy * total("-", CELLS) + total("+", CELLS))
    return g * (half + half.T)


def difference(one: Matrix, other: Matrix) -> ImmutableMatrix:
    """One matrix less another, multiplied out."""
    return ImmutableMatrix((one - other).expand())


def numbers(matrix: Matrix) -> Floats:
    """A real matrix without symbols, in double precision."""
    return np.array(matrix.tolist(), dtype=np.float64)
