"""Judges of Eqs. (9) and (12): one cell, and pairs side by side."""

import mpmath
import numpy as np
from scipy.linalg import expm

from numerics.model.models import SpinCharger
from tests import oracle
from tests.symbattery.paper.judges.brute import GAMMA, LOWER, OMEGA, RAISE, G, Z, hamiltonian
from tests.symbattery.paper.judges.histories import spins
from tests.symbattery.paper.judges.register import judge


def best_power():
    """The largest sin²x/x: at tan x = 2x."""
    x = mpmath.findroot(lambda x: mpmath.tan(x) - 2 * x, 1.16)
    return float(mpmath.sin(x) ** 2 / x)


def pairs(time):
    """E/ω₀ at gt of two pairs side by side, each a cell and its charger spin."""
    pair = np.kron(RAISE, LOWER)
    pair = pair + pair.conj().T
    both = np.kron(pair, np.eye(4)) + np.kron(np.eye(4), pair)
    state = expm(-1j * time * both) @ oracle.basis_vector((0, 1, 0, 1))
    up = (Z + np.eye(2)) / 2
    count = np.kron(np.kron(up, np.eye(2)), np.eye(4)) + np.kron(np.eye(4), np.kron(up, np.eye(2)))
    return float((np.abs(state) ** 2 @ count.real.diagonal()).real)


def highest(values):
    """The top of a parabola through the largest of some samples and its neighbours."""
    i = int(np.argmax(values))
    a, b, c = values[i - 1 : i + 2]
    return b + (a - c) ** 2 / (8 * (2 * b - a - c))


@judge("eq-9")
def _():
    return abs(pairs(np.pi / 2) - 2)


@judge("eq-9.power")
def _():
    x = float(mpmath.findroot(lambda x: mpmath.tan(x) - 2 * x, 1.16))
    around = [pairs(time) / time for time in x + 1e-4 * np.arange(-2, 3)]
    return round(abs(highest(around) - 2 * best_power()), 11)


@judge("eq-12")
def _():
    w, g, c = OMEGA, G, G * GAMMA
    printed = [[w, 0, 0, c], [0, 0, g, 0], [0, g, 0, 0], [c, 0, 0, -w]]
    return hamiltonian(1, 1, GAMMA) - printed


@judge("eq-12.subspace")
def _():
    return hamiltonian(1, 1, GAMMA)[np.ix_([0, 3], [1, 2])]


@judge("eq-12.energy")
def _():
    times = np.linspace(0, 7, 9)
    found = oracle.energy(SpinCharger(1, 1, G, OMEGA, GAMMA), None, times)
    return found - OMEGA * np.sin(G * times) ** 2


@judge("eq-12.e-max")
def _():
    """1 = |⟨1_B 0_C|exp(−iH₁t)|0_B 1_C⟩|² at gt = π/2, and no probability is more."""
    state = expm(-0.5j * np.pi / G * hamiltonian(1, 1, GAMMA)) @ oracle.basis_vector((0, 1))
    return abs(state[1]) ** 2


@judge("eq-12.p-max")
def _():
    return best_power()


@judge("III.parallel")
def _():
    found = [spins(1, 1, gamma).power(3.0)[1] for gamma in (0.0, 0.2, 0.6, 1.0)]
    return max(found) - min(found)
