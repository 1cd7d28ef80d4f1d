"""Judges of Eqs. (1) to (4) and (13) to (15): operators as numbers, of other sizes than there."""

import numpy as np
from scipy.linalg import expm

from tests import oracle
from tests.symbattery.paper.judges.brute import (
    GAMMA,
    LOWER,
    OMEGA,
    RAISE,
    G,
    X,
    Y,
    Z,
    commutator,
    evolved,
    free,
    hamiltonian,
    total,
)  # fmt: skip
from tests.symbattery.paper.judges.register import judge

CELLS, CHARGERS, SPINS = range(2), range(2, 5), 5


def between(cells, chargers):
    """A product of two sums, one over the cells and one over three charger spins."""
    return total(cells, CELLS, SPINS) @ total(chargers, CHARGERS, SPINS)


def collective(gamma):
    """H₁ of Eq. (3)."""
    half = between(gamma * LOWER + RAISE, LOWER)
    return G * (half + half.conj().T)


def pairs(spins):
    """Eq. (14) in units of g₁: both orders of every pair."""
    return sum(
        oracle.site(a, i, spins) @ oracle.site(a, j, spins) / 2
        for a in (X, Y) for i in range(spins) for j in range(spins) if i != j
    )  # fmt: skip


def ladders(spins):
    """J₊J₋ + J₋J₊."""
    up = total(RAISE, range(spins), spins)
    return up @ up.T + up.T @ up


@judge("I.reversal")
def _():
    """In the lab frame, three cells and two charger spins: a π pulse on the cells in between."""
    start = oracle.basis_vector((0, 0, 0, 1, 1)).astype(complex)
    energy = OMEGA / 2 * total(Z, range(3), 5).real.diagonal()
    matrix = hamiltonian(3, 2)
    charged = evolved(matrix, start, 0.9)
    assert energy @ np.abs(charged) ** 2 > energy @ np.abs(start) ** 2 + 0.1
    pulse = expm(-0.5j * np.pi * total(Z, range(3), 5))
    emptied = evolved(matrix, pulse @ charged, 0.9)
    return energy @ np.abs(emptied) ** 2 - energy @ np.abs(start) ** 2


@judge("eq-1.isotropic")
def _():
    return commutator(hamiltonian(2, 3), free(2, 3))


@judge("eq-1.equal-weights")
def _():
    sum_of_both = G * between(RAISE + LOWER, RAISE + LOWER)
    return hamiltonian(2, 3, 1.0) - free(2, 3) - sum_of_both


@judge("eq-2.eigenvalues")
def _():
    return np.linalg.eigvalsh(total(Z, range(4), 4)).max()


@judge("eq-2.eigenvalues", "reading 0")
def _():
    """J² = j(j + 1) on the symmetric states of four spins, j its largest m."""
    square = sum((total(a, range(4), 4) / 2) @ (total(a, range(4), 4) / 2) for a in (X, Y, Z))
    return (np.sqrt(1 + 4 * np.linalg.eigvalsh(square).max()) - 1) / 2


@judge("eq-3")
def _():
    return hamiltonian(2, 3, GAMMA) - free(2, 3) - collective(GAMMA)


@judge("eq-3.noncommuting")
def _():
    """Each counter-rotating flip moves two quanta: 2 γ g ω₀, and pairs of spins do not add up."""
    found = commutator(hamiltonian(2, 2, 0.2, g=1.0, omega=1.0), free(2, 2, 1.0))
    return np.abs(found).max()


@judge("eq-4")
def _():
    up = oracle.basis_vector((1, 1, 1, 1))
    z, plus = total(Z, range(4), 4), total(RAISE, range(4), 4)
    return np.concatenate([plus @ up, z @ up / 2 - 2 * up])


@judge("eq-13")
def _():
    xy = G / 2 * (between(X, X) + between(Y, Y))
    return xy - collective(0)


@judge("eq-13.frame")
def _():
    turn = expm(0.9j * free(2, 3))
    coupling = hamiltonian(2, 3) - free(2, 3)
    return turn @ coupling @ turn.conj().T - coupling


@judge("eq-14.frame")
def _():
    turn = expm(0.7j * total(Z, range(4), 4))
    return turn @ pairs(4) @ turn.conj().T - pairs(4)


@judge("eq-14.conserves")
def _():
    return commutator(hamiltonian(2, 3, g1=0.4), free(2, 3))


@judge("eq-14.cells")
def _():
    """What the cells' crosstalk adds to H, less the ladder form, is flat on the diagonal."""
    added = (hamiltonian(3, 1, g2=0.4) - hamiltonian(3, 1)) / 0.4
    left = added - np.kron(ladders(3), np.eye(2))
    return left - left[0, 0] * np.eye(16)


@judge("eq-15")
def _():
    return pairs(4) - (ladders(4) - np.eye(16))


@judge("eq-15", "instead")
def _():
    """Any expectation value of the difference: that of |0101⟩, which has no pair term."""
    vector = oracle.basis_vector((0, 1, 0, 1))
    return vector @ (ladders(4) - pairs(4)) @ vector


@judge("eq-A1")
def _():
    return hamiltonian(2, 3) - free(2, 3) - collective(0)


@judge("eq-A1.rotating-wave")
def _():
    """The mean of H₁ over a turn of the frame: the rest turns with ±2ω₀."""
    coupling = hamiltonian(2, 3, GAMMA) - free(2, 3)
    turns = [expm(1j * angle * free(2, 3) / OMEGA) for angle in np.arange(4) * np.pi / 4]
    return sum(u @ coupling @ u.conj().T for u in turns) / 4 - collective(0)
