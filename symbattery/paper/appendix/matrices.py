"""Eqs. (A1) to (A4): the Hamiltonians on four states."""

from __future__ import annotations

from typing import Any

from sympy import Matrix, S, eye, kronecker_product, limit, oo, simplify, sqrt, zeros

from numerics.model.models import CavityCharger
from numerics.model.states import fock
from symbattery.api import solve, two_cells
from symbattery.model.symbols import N, g, gamma, omega_0
from symbattery.paper.appendix.two_cells import ANY_N
from symbattery.paper.equations.operators import (
    collective,
    difference,
    eq_1_against_3,
    free,
    interaction,
)
from symbattery.paper.judges.pauli import commutator, total
from symbattery.paper.ledger.claim import Claim, Reading, Zero
from symbattery.paper.ledger.context import Context

__all__ = ["MATRICES"]


def _matrix(hops: tuple[Any, ...]) -> Matrix:
    """A chain of two cells on |11⟩, |10⟩, |01⟩, |00⟩: each of the two middle states has 1/√2.

    In units of g.
    """
    to_middle, to_full = (sqrt(hop / 2) / g for hop in hops)
    matrix = zeros(4)
    for middle in (1, 2):
        matrix[0, middle] = matrix[middle, 0] = to_full
        matrix[3, middle] = matrix[middle, 3] = to_middle
    return matrix


def _printed_a2() -> Matrix:
    a, b = sqrt(2 * N - 2), sqrt(N)
    return Matrix([[0, a, a, 0], [a, 0, 0, b], [a, 0, 0, b], [0, b, b, 0]])


def _printed_a4() -> Matrix:
    a, b = sqrt(2), S.One
    return Matrix([[0, a, a, 0], [a, 0, 0, b], [a, 0, 0, b], [0, b, b, 0]])


def _eq_a2(_: Context) -> Any:
    (branch,) = two_cells().branches
    return (_printed_a2() - _matrix(branch.chain.hops_squared)).applyfunc(simplify)


def _eq_a4(_: Context) -> Any:
    """Printed from |00, 2⟩ down to |11, 0⟩, so the derived one is turned round."""
    (branch,) = solve(CavityCharger(2), fock(2)).branches
    built = _matrix(branch.chain.hops_squared)
    return (_printed_a4() - built[::-1, ::-1]).applyfunc(simplify)


def _limit_a2() -> Matrix:
    return _printed_a2().applyfunc(lambda entry: limit(entry / sqrt(N), N, oo))


def _states_kept(_: Context) -> Any:
    """Lim (A2)/√N on |11⟩, |10⟩, |01⟩, |00⟩ against (A4) in the same order of the cells."""
    return _limit_a2() - _printed_a4()[::-1, ::-1]


def _rows_kept(_: Context) -> Any:
    """Row by row as printed: the cells of one are turned over against those of the other."""
    return _limit_a2() - _printed_a4()


def _excitations_conserved(_: Context) -> Any:
    """[b Σσ⁺ + h.c., b†b + Σσᶻ/2] with the mode cut at 3 photons."""
    b = Matrix(4, 4, lambda i, j: sqrt(j) if j == i + 1 else 0)
    half = kronecker_product(total("+", (0, 1), 2), b)
    count = (
        kronecker_product(eye(4), b.T * b) + kronecker_product(total("z", (0, 1), 2), eye(4)) / 2
    )
    return commutator(half + half.T, count)


def _rotating_part(_: Context) -> Any:
    """The part of H₁ that keeps H₀, at any γ, less that of Eq. (A1)."""
    full, levels = interaction(gamma), (free() / omega_0).diagonal()
    kept = full.copy()
    for i in range(16):
        for j in range(16):
            if levels[i] != levels[j]:
                kept[i, j] = 0
    return difference(kept, collective(S.Zero))


MATRICES = (
    Claim(
        "eq-A1",
        "App. A, Eq. (A1)",
        "the isotropic Eq. (1) of two cells with J±",
        Zero(),
        Reading("exact Pauli matrices, N = 2", eq_1_against_3),
    ),
    Claim(
        "eq-A1.rotating-wave",
        "App. A, Eq. (A1)",
        "it is the rotating-wave approximation of H₁ at any γ",
        Zero(),
        Reading("what conserves H₀ in exact Pauli matrices, N = 2", _rotating_part),
    ),
    Claim(
        "eq-A2",
        "App. A, Eq. (A2)",
        "the Hamiltonian on four states",
        Zero(),
        Reading(ANY_N, _eq_a2),
    ),
    Claim(
        "eq-A3",
        "App. A, Eq. (A3)",
        "the Tavis–Cummings coupling conserves the excitations",
        Zero(),
        Reading("commutator, exact matrices", _excitations_conserved),
    ),
    Claim(
        "eq-A4",
        "App. A, Eq. (A4)",
        "the cavity's Hamiltonian on four states",
        Zero(),
        Reading("derived for two photons", _eq_a4),
    ),
    Claim(
        "eq-A4.equivalent",
        "App. A, Eq. (A4)",
        "(A2) and (A4) are equivalent for N → ∞",
        Zero(),
        Reading("the same states of the cells in both", _states_kept),
        (Reading("row by row as printed: |00⟩ of one for |11⟩ of the other", _rows_kept),),
    ),
)
