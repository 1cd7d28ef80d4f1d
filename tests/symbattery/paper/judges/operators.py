"""Judges of Eqs. (1) to (6), (9), (12) to (15): operators as numbers, other sizes."""

import math

import mpmath
import numpy as np
from scipy.linalg import expm

from numerics.model.models import CavityCharger, SpinCharger
from tests.symbattery.paper.judges.histories import cavity, emission, ladder, spins
from tests.symbattery.paper.judges.register import GAMMA, OMEGA, G, T, judge, judges
from tests.systems import oracle
from tests.systems.oracle import LOWER, RAISE, X, Y, Z, total

CELLS, CHARGERS, SPINS = range(2), range(2, 5), 5


def free(cells, chargers):
    """H₀ of Eq. (1) at the numbers of the point."""
    return OMEGA / 2 * total(Z, range(cells + chargers), cells + chargers)


def interaction(cells, chargers, gamma=0.0, **crosstalk):
    """H₁ of Eq. (1) with crosstalk, at the numbers of the point."""
    model = SpinCharger(cells, chargers, G, OMEGA, gamma, **crosstalk)
    return oracle.hamiltonian(model) - free(cells, chargers)


def cavity_hamiltonian(cells, cutoff, gamma=0.0):
    """Eq. (6) with its free part, at the numbers of the point."""
    return oracle.hamiltonian(CavityCharger(cells, G, OMEGA, gamma), cutoff)


def commutator(a, b):
    return a @ b - b @ a


def turned(matrix, generator):
    """exp(i·generator) matrix exp(−i·generator), less the matrix."""
    turn = expm(1j * generator)
    return turn @ matrix @ turn.conj().T - matrix


def between(cells, chargers):
    """A product of two sums, one over the cells and one over three charger spins."""
    return total(cells, CELLS, SPINS) @ total(chargers, CHARGERS, SPINS)


def collective(gamma):
    """H₁ of Eq. (3)."""
    half = between(gamma * LOWER + RAISE, LOWER)
    return G * (half + half.conj().T)


def pairs(spins):
    """Eq. (14) in units of g₁: what it adds to H, with a cell that is left alone."""
    added = interaction(1, spins, charger_crosstalk=0.4) - interaction(1, spins)
    return added[: 2**spins, : 2**spins] / 0.4


def ladders(spins):
    """J₊J₋ + J₋J₊."""
    up = total(RAISE, range(spins), spins)
    return up @ up.T + up.T @ up


@judge("I.reversal")
def _():
    """In the lab frame, three cells and two charger spins: a π pulse on the cells in between."""
    start = oracle.basis_vector((0, 0, 0, 1, 1)).astype(complex)
    z = total(Z, range(3), 5)
    energy, move = OMEGA / 2 * z.real.diagonal(), expm(-0.9j * (interaction(3, 2) + free(3, 2)))
    charged = move @ start
    assert energy @ np.abs(charged) ** 2 > energy @ np.abs(start) ** 2 + 0.1
    emptied = move @ expm(-0.5j * np.pi * z) @ charged
    return energy @ np.abs(emptied) ** 2 - energy @ np.abs(start) ** 2


@judge("eq-4")
def _():
    up = oracle.basis_vector((1, 1, 1, 1))
    z, plus = total(Z, range(4), 4), total(RAISE, range(4), 4)
    return np.concatenate([plus @ up, z @ up / 2 - 2 * up])


@judge("eq-14.cells")
def _():
    """What the cells' crosstalk adds to H, less the ladder form, is flat on the diagonal."""
    added = (interaction(3, 1, cell_crosstalk=0.4) - interaction(3, 1)) / 0.4
    left = added - np.kron(ladders(3), np.eye(2))
    return left - left[0, 0] * np.eye(16)


judges({
    "eq-1.isotropic": lambda: commutator(interaction(2, 3), free(2, 3)),
    "eq-1.equal-weights": lambda: interaction(2, 3, 1.0) - G * between(X, X),
    "eq-2.eigenvalues": lambda: np.linalg.eigvalsh(total(Z, range(4), 4)).max(),
    # J² = j(j + 1) on the symmetric states of four spins, j its largest m.
    "eq-2.eigenvalues: reading 0": lambda: (np.sqrt(1 + np.linalg.eigvalsh(sum(
        total(a, range(4), 4) @ total(a, range(4), 4) for a in (X, Y, Z))).max()) - 1) / 2,
    "eq-3": lambda: interaction(2, 3, GAMMA) - collective(GAMMA),
    # Each counter-rotating flip moves two quanta: 2 γ g ω₀, and pairs of spins do not add up.
    "eq-3.noncommuting": lambda:
        np.abs(commutator(interaction(2, 2, 0.2), free(2, 2))).max() / (G * OMEGA),
    "eq-13": lambda: G / 2 * (between(X, X) + between(Y, Y)) - collective(0),
    "eq-13.frame": lambda: turned(interaction(2, 3), 0.9 * free(2, 3)),
    "eq-14.frame": lambda: turned(pairs(4), 0.7 * total(Z, range(4), 4)),
    "eq-14.conserves": lambda: commutator(interaction(2, 3, charger_crosstalk=0.4), free(2, 3)),
    "eq-15": lambda: pairs(4) - (ladders(4) - np.eye(16)),
    # Any expectation value of the difference: that of |0101⟩, which has no pair term.
    "eq-15: instead": lambda: (ladders(4) - pairs(4))[0b1010, 0b1010],
})  # fmt: skip


# Spins as a boson: deviations from N → ∞ are of order 1/N.
MANY = 10**12
ROOT = math.isqrt(MANY)
SOON = 2.0
# The mode b and J₊ of spin 7/2 as matrices on the numbers 0…7, and √(N − b†b).
B = np.diag(np.sqrt(np.arange(1, 8)), 1)
UP = np.diag([ladder(7, c, 1) for c in range(7)], -1)
ROOTS = np.diag(np.sqrt(7 - np.arange(8)))


def many(time):
    """E/ω₀ of two cells and very many charger spins at g̃t."""
    return spins(2, MANY).energy(time / ROOT)[0]


def limit_power():
    """P_max/(g̃ω₀) of the same."""
    return spins(2, MANY).power(SOON / ROOT)[1] / ROOT


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


judges({
    "eq-5": lambda: np.concatenate([B.T @ ROOTS - UP, ROOTS @ B - UP.T]),
    "eq-5.algebra": lambda: commutator(B.T @ ROOTS, ROOTS @ B) - (2 * B.T @ B - 7 * np.eye(8)),
    "eq-6.coupling": lambda: [ladder(10**12, c, -1) ** 2 / 10**12 - c for c in range(1, 4)],
    "eq-6.start: reading 0": lambda: ladder(10**6, 10**6, -1) ** 2 / 10**6,
    "eq-6.limit": lambda: cavity(2).power(SOON)[1] - limit_power(),
    "eq-6.limit: compared 0": limit_power,
    "eq-6.limit: compared 1": lambda: cavity(2).power(SOON)[1],
    "eq-6.limit: reading 0": lambda: emission(2).power(SOON)[1] - limit_power(),
    "eq-6.emission": lambda: OMEGA * (many(G * T) - cavity(2).energy(G * T)[0]),
    "eq-6.emission: reading 0": lambda: [
        many(time) - emission(2).energy(time)[0] for time in np.linspace(0, 5, 7)],
    # At γ = 1, less the free part, three cells.
    "eq-6.dicke": lambda: parts(cavity_hamiltonian(3, 5, 1.0))[0] - G * np.kron(
        total(X, range(3), 3), B[:6, :6] + B[:6, :6].T),
})  # fmt: skip


# One cell, and pairs side by side
BEST = float(mpmath.findroot(lambda x: mpmath.tan(x) - 2 * x, 1.16))
# The largest sin²x/x: at tan x = 2x.
BEST_POWER = math.sin(BEST) ** 2 / BEST


def side_by_side(time):
    """E/ω₀ at gt of two pairs side by side, each a cell and its charger spin."""
    pair = np.kron(RAISE, LOWER)
    pair = pair + pair.T
    both = np.kron(pair, np.eye(4)) + np.kron(np.eye(4), pair)
    state = expm(-1j * time * both) @ oracle.basis_vector((0, 1, 0, 1))
    return float(np.abs(state) ** 2 @ (total(Z, (0, 2), 4).real.diagonal() / 2 + 1))


@judge("eq-9.power")
def _():
    """The top of a parabola through samples around it."""
    a, b, c = (side_by_side(BEST + step) / (BEST + step) for step in (-1e-4, 0, 1e-4))
    return round(abs(b + (a - c) ** 2 / (8 * (2 * b - a - c)) - 2 * BEST_POWER), 11)


@judge("eq-12")
def _():
    w, g, c = OMEGA, G, G * GAMMA
    printed = [[w, 0, 0, c], [0, 0, g, 0], [0, g, 0, 0], [c, 0, 0, -w]]
    return interaction(1, 1, GAMMA) + free(1, 1) - printed


@judge("eq-12.energy")
def _():
    times = np.linspace(0, 7, 9)
    found = oracle.energy(SpinCharger(1, 1, G, OMEGA, GAMMA), None, times)
    return found - OMEGA * np.sin(G * times) ** 2


@judge("eq-12.e-max")
def _():
    """1 = |⟨1_B 0_C|exp(−iHt)|0_B 1_C⟩|² at gt = π/2, and no probability is more."""
    whole = interaction(1, 1, GAMMA) + free(1, 1)
    return abs((expm(-0.5j * np.pi / G * whole) @ oracle.basis_vector((0, 1)))[1]) ** 2


judges({
    "eq-9": lambda: abs(side_by_side(np.pi / 2) - 2),
    "eq-12.subspace": lambda: interaction(1, 1, GAMMA)[np.ix_([0, 3], [1, 2])],
    "eq-12.p-max": lambda: BEST_POWER,
    "III.parallel": lambda: np.ptp([spins(1, 1, a).power(3.0)[1] for a in (0.0, 0.2, 0.6, 1.0)]),
})  # fmt: skip
