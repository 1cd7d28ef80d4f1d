"""Judges of Eqs. (1) to (6), (13) to (15) and (A1) to (A4): operators as numbers, other sizes."""

import math

import numpy as np
from scipy.linalg import expm

from tests.symbattery.paper.judges.brute import (
    GAMMA,
    LOWER,
    OMEGA,
    RAISE,
    G,
    X,
    Y,
    Z,
    cavity_hamiltonian,
    commutator,
    evolved,
    free,
    hamiltonian,
    total,
)
from tests.symbattery.paper.judges.histories import Emission, cavity, ladder, spins
from tests.symbattery.paper.judges.register import POINT, judge, judges
from tests.systems import oracle

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


@judge("eq-2.eigenvalues", "reading 0")
def _():
    """J² = j(j + 1) on the symmetric states of four spins, j its largest m."""
    square = sum((total(a, range(4), 4) / 2) @ (total(a, range(4), 4) / 2) for a in (X, Y, Z))
    return (np.sqrt(1 + 4 * np.linalg.eigvalsh(square).max()) - 1) / 2


@judge("eq-4")
def _():
    up = oracle.basis_vector((1, 1, 1, 1))
    z, plus = total(Z, range(4), 4), total(RAISE, range(4), 4)
    return np.concatenate([plus @ up, z @ up / 2 - 2 * up])


@judge("eq-14.cells")
def _():
    """What the cells' crosstalk adds to H, less the ladder form, is flat on the diagonal."""
    added = (hamiltonian(3, 1, g2=0.4) - hamiltonian(3, 1)) / 0.4
    left = added - np.kron(ladders(3), np.eye(2))
    return left - left[0, 0] * np.eye(16)


@judge("eq-A1.rotating-wave")
def _():
    """The mean of H₁ over a turn of the frame: the rest turns with ±2ω₀."""
    coupling = hamiltonian(2, 3, GAMMA) - free(2, 3)
    turns = [expm(1j * angle * free(2, 3) / OMEGA) for angle in np.arange(4) * np.pi / 4]
    return sum(u @ coupling @ u.conj().T for u in turns) / 4 - collective(0)


def turned(matrix, generator):
    """exp(i·generator) matrix exp(−i·generator), less the matrix."""
    turn = expm(1j * generator)
    return turn @ matrix @ turn.conj().T - matrix


judges({
    "eq-1.equal-weights": lambda:
        hamiltonian(2, 3, 1.0) - free(2, 3) - G * between(RAISE + LOWER, RAISE + LOWER),
    # Each counter-rotating flip moves two quanta: 2 γ g ω₀, and pairs of spins do not add up.
    "eq-3.noncommuting": lambda: np.abs(
        commutator(hamiltonian(2, 2, 0.2, g=1.0, omega=1.0), free(2, 2, 1.0))).max(),
    "eq-13": lambda: G / 2 * (between(X, X) + between(Y, Y)) - collective(0),
    "eq-13.frame": lambda: turned(hamiltonian(2, 3) - free(2, 3), 0.9 * free(2, 3)),
    "eq-14.frame": lambda: turned(pairs(4), 0.7 * total(Z, range(4), 4)),
    # Any expectation value of the difference: that of |0101⟩, which has no pair term.
    "eq-15: instead": lambda: (ladders(4) - pairs(4))[0b1010, 0b1010],
    "eq-1.isotropic": lambda: commutator(hamiltonian(2, 3), free(2, 3)),
    "eq-2.eigenvalues": lambda: np.linalg.eigvalsh(total(Z, range(4), 4)).max(),
    "eq-3": lambda: hamiltonian(2, 3, GAMMA) - free(2, 3) - collective(GAMMA),
    "eq-14.conserves": lambda: commutator(hamiltonian(2, 3, g1=0.4), free(2, 3)),
    "eq-15": lambda: pairs(4) - (ladders(4) - np.eye(16)),
    "eq-A1": lambda: hamiltonian(2, 3) - free(2, 3) - collective(0),
})  # fmt: skip


# Deviations from N → ∞ are of order 1/N.
MANY = 10**12
ROOT = math.isqrt(MANY)
SOON = 2.0


def many(time):
    """E/ω₀ of two cells and very many charger spins at g̃t."""
    return spins(2, MANY, coupling=1.0).energy(time / ROOT)[0]


def limit_power():
    """P_max/(g̃ω₀) of the same."""
    return spins(2, MANY, coupling=1.0).power(SOON / ROOT)[1] / ROOT


def modes(spins):
    """The mode b and J₊ of spin N/2 as matrices on the numbers 0…N."""
    b = np.diag(np.sqrt(np.arange(1, spins + 1)), 1)
    up = np.diag([ladder(spins, c, 1) for c in range(spins)], -1)
    return b, up


@judge("eq-5")
def _():
    b, up = modes(7)
    root = np.diag(np.sqrt(7 - np.arange(8)))
    return np.concatenate([b.T @ root - up, root @ b - up.T])


@judge("eq-5.algebra")
def _():
    b, _ = modes(7)
    up = b.T @ np.diag(np.sqrt(7 - np.arange(8)))
    return commutator(up, up.T) - (2 * b.T @ b - 7 * np.eye(8))


@judge("eq-6.start")
def _():
    """‖J₋|up⟩‖² is N: so it is for one to six Pauli spins; that of N photons at g̃² = N is N²."""
    squares = [np.linalg.norm(total(X / 2, range(n), n)[:, 0]) ** 2 * 4 for n in range(1, 7)]
    assert np.allclose(squares, range(1, 7))
    return 10**6 / 10**12


def parts(whole):
    """Off the diagonal, and on it."""
    levels = np.diag(np.diag(whole))
    return whole - levels, levels


@judge("eq-6.dicke")
def _():
    """At γ = 1, less the free part, three cells."""
    b = np.diag(np.sqrt(np.arange(1, 6)), 1)
    return parts(cavity_hamiltonian(3, 5, 1.0))[0] - G * np.kron(total(X, range(3), 3), b + b.T)


def four_states(cells_first):
    """(A4) in units of g̃ from the whole H of two cells and a mode, in the printed order."""
    whole = cavity_hamiltonian(2, 2) / G
    rows = [
        np.kron(oracle.basis_vector(bits), np.eye(3)[n])
        for bits, n in (((0, 0), 2), ((0, 1), 1), ((1, 0), 1), ((1, 1), 0))
    ]
    found = np.array([[a @ whole @ b for b in rows] for a in rows])
    found = found - found[0, 0] * np.eye(4)
    return found if cells_first else found[::-1, ::-1]


@judge("eq-A4")
def _():
    a, b = math.sqrt(2), 1
    printed = [[0, a, a, 0], [a, 0, 0, b], [a, 0, 0, b], [0, b, b, 0]]
    # The claim has |00, 2⟩ first.
    return four_states(True) - printed


def limit_of_a2():
    """(A2)/√N on |11⟩, |10⟩, |01⟩, |00⟩: symmetric steps of two cells and very many spins."""
    to_full, to_middle = (
        ladder(2, k, 1) * ladder(MANY, MANY - k, -1) / math.sqrt(2 * MANY) for k in (1, 0)
    )
    a, b = to_full, to_middle
    return np.array([[0, a, a, 0], [a, 0, 0, b], [a, 0, 0, b], [0, b, b, 0]])


judges({
    "eq-6.emission": lambda:
        OMEGA * (many(G * POINT["t"]) - cavity(2).energy(G * POINT["t"])[0]),
    "eq-6.emission: reading 0": lambda: [
        many(time) - Emission(2).energy(time)[0] for time in np.linspace(0, 5, 7)],
    # The coupling is what is off the diagonal, the excitations are the diagonal; three cells.
    "eq-A3": lambda: commutator(*parts(cavity_hamiltonian(3, 5))),
    "eq-6.coupling": lambda: [ladder(10**12, c, -1) ** 2 / 10**12 - c for c in range(1, 4)],
    "eq-6.start: instead": lambda: ladder(10**6, 10**6, -1) ** 2 / 10**6,
    "eq-6.limit": lambda: cavity(2).power(SOON)[1] - limit_power(),
    "eq-6.limit: instead": lambda: limit_power(),
    "eq-6.limit: compared 0": lambda: cavity(2).power(SOON)[1],
    "eq-6.limit: source 0": lambda: Emission(2).power(SOON)[1] - limit_power(),
    "eq-A4.equivalent": lambda: limit_of_a2() - four_states(False),
    "eq-A4.equivalent: reading 0": lambda: np.round(limit_of_a2() - four_states(True), 9),
})  # fmt: skip
