"""Exact Pauli matrices on a few spins, for equations that are equalities of operators."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from sympy import I, ImmutableMatrix, Matrix, eye, kronecker_product, zeros

__all__ = ["commutator", "flips", "site", "total"]

_LETTERS = {
    "x": Matrix([[0, 1], [1, 0]]),
    "y": Matrix([[0, -I], [I, 0]]),
    "z": Matrix([[1, 0], [0, -1]]),
    "+": Matrix([[0, 1], [0, 0]]),
    "-": Matrix([[0, 0], [1, 0]]),
}


def site(letter: str, place: int, spins: int) -> Matrix:
    """A Pauli or ladder matrix at one of ``spins`` places; |1⟩ = (1, 0)."""
    factors = [_LETTERS[letter] if i == place else eye(2) for i in range(spins)]
    return Matrix(kronecker_product(*factors)) if spins > 1 else factors[0]


def total(letter: str, places: Iterable[int], spins: int) -> Matrix:
    """The sum over some places."""
    return sum((site(letter, i, spins) for i in places), zeros(2**spins))


def commutator(a: Matrix, b: Matrix) -> ImmutableMatrix:
    """[a, b]."""
    return ImmutableMatrix((a * b - b * a).expand())


def flips(places: Iterable[int], spins: int) -> Matrix:
    """Σ over ordered pairs l ≠ j of (τˣτˣ + τʸτʸ)/2, as in Eq. (14) with g₁ = 1."""
    pairs = [(i, j) for i, j in product(tuple(places), repeat=2) if i != j]
    return (
        sum(
            (site(a, i, spins) * site(a, j, spins) for a in "xy" for i, j in pairs), zeros(2**spins)
        )
        / 2
    )
