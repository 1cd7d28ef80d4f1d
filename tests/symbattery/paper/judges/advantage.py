"""Judges of Sec. III: one cell and pairs side by side, η and its exponent."""

import itertools
import math

import mpmath
import numpy as np
from scipy.linalg import expm
from scipy.optimize import brentq

from numerics.model.models import SpinCharger
from tests.symbattery.paper.judges.brute import GAMMA, LOWER, OMEGA, RAISE, G, Z, hamiltonian
from tests.symbattery.paper.judges.histories import (
    cavity,
    cavity_power,
    exponent,
    ladder,
    spin_power,
    spins,
)
from tests.symbattery.paper.judges.register import judge, judges
from tests.systems import oracle


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


@judge("III.parallel")
def _():
    found = [spins(1, 1, gamma).power(3.0)[1] for gamma in (0.0, 0.2, 0.6, 1.0)]
    return max(found) - min(found)


judges({
    "eq-9": lambda: abs(pairs(np.pi / 2) - 2),
    "eq-12.subspace": lambda: hamiltonian(1, 1, GAMMA)[np.ix_([0, 3], [1, 2])],
    "eq-12.p-max": lambda: best_power(),
})  # fmt: skip


GAMMAS = (0.0, 0.2, 0.6, 1.0)
SIZES = (2, 3, 5, 10, 20, 50, 100)
# Steps are exact to 1e-9, and the exponent of M ± 1 has 1/ln(101/99) = 50 of that.
STEPS = 2e-7


def eta(cells, gamma=0.0):
    return spin_power(cells, gamma) / cells / spin_power(1, gamma)


def cavity_eta(cells):
    return cavity_power(cells) / cells / cavity_power(1)


def beta(cells, gamma=0.0):
    return exponent(lambda m: spin_power(m, gamma), cells - 1, cells + 1)


def chord(low, high, gamma):
    return exponent(lambda m: spin_power(m, gamma), low, high)


@judge("eq-11", tolerance=STEPS)
def _():
    found = []
    for gamma in GAMMAS:
        x, y = np.log(SIZES), np.log([eta(m, gamma) for m in SIZES])
        x, y = x - x.mean(), y - y.mean()
        found.append(x @ y / math.sqrt((x @ x) * (y @ y)))
    return min(found)


@judge("III.beta-limit")
def _():
    """1 − 1/(u + L) at the best u of f/(u + L), f = 1 − z eᶻ E₁(z), z = e^(−u), L = ln 4M."""
    large = 1e10

    def tilt(u):
        z = mpmath.exp(-u)
        # df/du = −z df/dz, and d(z eᶻ E₁)/dz = (1 + z) eᶻ E₁ − 1.
        f = 1 - z * mpmath.exp(z) * mpmath.e1(z)
        slope = -z * (1 - (1 + z) * mpmath.exp(z) * mpmath.e1(z))
        return float(slope * (u + large) - f)

    return 1 - 1 / (brentq(tilt, 20, 40) + large)


def _anisotropic(gamma, source, low):
    for part in ("plain", "instead"):
        judge(f"fig-5.beta-{gamma:g}", part, STEPS)(lambda: beta(100, gamma))
    judge(f"fig-5.beta-{gamma:g}", source, STEPS)(lambda: chord(low, 100, gamma))


_anisotropic(0.2, "source 2", 25)
_anisotropic(0.6, "source 2", 25)
_anisotropic(1.0, "source 3", 30)


@judge("fig-5.beta-falls", tolerance=STEPS)
def _():
    found = [beta(100, a) for a in GAMMAS]
    return min(a - b for a, b in itertools.pairwise(found))


@judge("III.beta-dicke", "reading 1", tolerance=STEPS)
def _():
    """The ripples of the counter-rotating terms need many samples, but few photons are added."""

    def power(m):
        return cavity(m, None, 1.0, 0.001, climb=6).power(0.8 * math.sqrt(20 / m), 6000)[1]

    return exponent(power, 19, 21)


@judge("III.correlation", tolerance=1e-7)
def _():
    """From the singular values of the state written as a matrix, cells by charger spins."""
    history = spins(10, 10)
    time = history.power(1.0)[0]
    amplitudes = np.zeros((11, 11), dtype=complex)
    for (k, c), amplitude in zip(history.states, history.amplitudes([time])[:, 0], strict=True):
        amplitudes[k, c] = amplitude
    weights = np.linalg.svd(amplitudes, compute_uv=False) ** 2
    assert ladder(10, 10, -1) == math.sqrt(10)
    return -(weights @ np.log2(weights))


judges({
    "eq-10.advantage": lambda: min(eta(m, a) for m in SIZES for a in GAMMAS) - 1,
    "III.beta-20": lambda: beta(20),
    "III.beta-100": lambda: beta(100),
    "fig-5.beta-0": lambda: beta(100),
    "III.beta-1000: plain, instead": lambda: beta(1000),
    "III.beta-grows": lambda: np.diff([beta(m) for m in (10, 20, 50, 100, 200, 500, 1000)]).min(),
    "fig-5.above-cavity": lambda: min(eta(m) / cavity_eta(m) for m in SIZES) - 1,
    "fig-5.above-cavity-any": lambda:
        min(eta(m, a) / cavity_eta(m) for m in SIZES for a in GAMMAS) - 1,
    "III.beta-cavity": lambda: exponent(cavity_power, 99, 101),
    "III.beta-dicke": lambda: exponent(lambda m: cavity_power(m, 1.0, 0.1, climb=100), 19, 21),
    "III.superior": lambda: beta(100) - exponent(cavity_power, 99, 101),
}, STEPS)  # fmt: skip
