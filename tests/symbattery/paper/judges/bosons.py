"""Judges of Eqs. (5) and (6), (A3) and (A4): many charger spins, and a mode."""

import math

import numpy as np

from tests import oracle
from tests.symbattery.paper.judges.brute import (
    OMEGA,
    G,
    X,
    cavity_hamiltonian,
    commutator,
    total,
)  # fmt: skip
from tests.symbattery.paper.judges.histories import Emission, cavity, ladder, spins
from tests.symbattery.paper.judges.register import POINT, judge

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


@judge("eq-6.coupling")
def _():
    return [ladder(10**12, c, -1) ** 2 / 10**12 - c for c in range(1, 4)]


@judge("eq-6.start")
def _():
    """‖J₋|up⟩‖² is N: so it is for one to six Pauli spins; that of N photons at g̃² = N is N²."""
    squares = [np.linalg.norm(total(X / 2, range(n), n)[:, 0]) ** 2 * 4 for n in range(1, 7)]
    assert np.allclose(squares, range(1, 7))
    return 10**6 / 10**12


@judge("eq-6.start", "instead")
def _():
    return ladder(10**6, 10**6, -1) ** 2 / 10**6


@judge("eq-6.limit")
def _():
    return cavity(2).power(SOON)[1] - limit_power()


@judge("eq-6.limit", "instead")
def _():
    return limit_power()


@judge("eq-6.limit", "source 0")
def _():
    return Emission(2).power(SOON)[1] - limit_power()


@judge("eq-6.emission")
def _():
    time = G * POINT["t"]
    return OMEGA * (many(time) - cavity(2).energy(time)[0])


@judge("eq-6.emission", "reading 0")
def _():
    times = np.linspace(0, 5, 7)
    return [many(time) - Emission(2).energy(time)[0] for time in times]


@judge("eq-6.dicke")
def _():
    """At γ = 1, less the free part, three cells."""
    b = np.diag(np.sqrt(np.arange(1, 6)), 1)
    whole = cavity_hamiltonian(3, 5, 1.0)
    return whole - np.diag(np.diag(whole)) - G * np.kron(total(X, range(3), 3), b + b.T)


@judge("eq-A3")
def _():
    """The coupling is what is off the diagonal, the excitations are the diagonal; three cells."""
    whole = cavity_hamiltonian(3, 5)
    return commutator(whole - np.diag(np.diag(whole)), np.diag(np.diag(whole)))


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


@judge("eq-A4.equivalent")
def _():
    return limit_of_a2() - four_states(False)


@judge("eq-A4.equivalent", "reading 0")
def _():
    return np.round(limit_of_a2() - four_states(True), 9)
