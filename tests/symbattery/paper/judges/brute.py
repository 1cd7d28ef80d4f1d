"""Small batteries among Pauli matrices: maxima on a grid in time, refined by golden sections."""

from functools import cache

import numpy as np
from scipy.linalg import expm
from scipy.optimize import minimize_scalar

from numerics.model.models import CavityCharger, SpinCharger
from tests.symbattery.paper.judges.register import POINT
from tests.systems import oracle

X, Y, Z = oracle.PAULI_X, oracle.PAULI_Y, oracle.PAULI_Z
RAISE, LOWER = (X + 1j * Y) / 2, (X - 1j * Y) / 2
G, OMEGA, GAMMA = POINT["g"], POINT["omega_0"], POINT["gamma"]


def total(operator, places, spins):
    """The sum of a one-spin operator over some of the places."""
    return sum(oracle.site(operator, i, spins) for i in places)


def hamiltonian(cells, chargers, gamma=0.0, g1=0.0, g2=0.0, g=G, omega=OMEGA):
    """Eq. (1) with crosstalk, at the numbers of the point."""
    more = {"charger_crosstalk": g1, "cell_crosstalk": g2}
    return oracle.hamiltonian(SpinCharger(cells, chargers, g, omega, gamma, **more))


def free(cells, chargers, omega=OMEGA):
    """H₀ of Eq. (1)."""
    return omega / 2 * total(Z, range(cells + chargers), cells + chargers)


def cavity_hamiltonian(cells, cutoff, gamma=0.0):
    """Eq. (6) with its free part, at the numbers of the point."""
    return oracle.hamiltonian(CavityCharger(cells, G, OMEGA, gamma), cutoff)


def commutator(a, b):
    return a @ b - b @ a


def evolved(matrix, start, time):
    """exp(−iHt)|start⟩."""
    return expm(-1j * time * matrix) @ start


def _refined(f, times, i):
    found = minimize_scalar(
        lambda t: -float(f(np.array([t]))[0]), bounds=(times[i - 1], times[i + 1]),
        options={"xatol": 1e-9}, method="bounded",
    )  # fmt: skip
    return -found.fun


@cache
def peak(model, initial=None, end=2.0):
    """The first local maximum of E."""
    times = np.linspace(0, end, 201)
    e = oracle.energy(model, initial, times)
    i = int(np.flatnonzero((e[1:-1] > e[:-2]) & (e[1:-1] >= e[2:]))[0]) + 1
    return _refined(lambda t: oracle.energy(model, initial, t), times, i)


@cache
def power(model, initial=None, end=2.0):
    """The largest E/t."""
    times = np.linspace(0, end, 201)
    e = oracle.energy(model, initial, times)[1:] / times[1:]
    i = int(np.argmax(e)) + 1
    return _refined(lambda t: oracle.energy(model, initial, t) / t, times, i)
