"""Judges of Sec. III: η and its exponent, by eigenvectors or Runge–Kutta steps."""

import itertools
import math

import mpmath
import numpy as np
from scipy.optimize import brentq

from tests.symbattery.paper.judges.histories import cavity, ladder, spins
from tests.symbattery.paper.judges.register import judge
from tests.symbattery.paper.judges.stepping import cavity_power, exponent, spin_power

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


@judge("eq-10.advantage", tolerance=STEPS)
def _():
    return min(eta(m, a) for m in SIZES for a in GAMMAS) - 1


@judge("eq-11", tolerance=STEPS)
def _():
    found = []
    for gamma in GAMMAS:
        x, y = np.log(SIZES), np.log([eta(m, gamma) for m in SIZES])
        x, y = x - x.mean(), y - y.mean()
        found.append(x @ y / math.sqrt((x @ x) * (y @ y)))
    return min(found)


@judge("III.beta-20", tolerance=STEPS)
def _():
    return beta(20)


@judge("III.beta-100", tolerance=STEPS)
@judge("fig-5.beta-0", tolerance=STEPS)
def _():
    return beta(100)


@judge("III.beta-1000", tolerance=STEPS)
@judge("III.beta-1000", "instead", tolerance=STEPS)
def _():
    return beta(1000)


@judge("III.beta-grows", tolerance=STEPS)
def _():
    return np.diff([beta(m) for m in (10, 20, 50, 100, 200, 500, 1000)]).min()


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


@judge("fig-5.above-cavity", tolerance=STEPS)
def _():
    return min(eta(m) / cavity_eta(m) for m in SIZES) - 1


@judge("fig-5.above-cavity-any", tolerance=STEPS)
def _():
    return min(eta(m, a) / cavity_eta(m) for m in SIZES for a in GAMMAS) - 1


@judge("III.beta-cavity", tolerance=STEPS)
def _():
    return exponent(cavity_power, 99, 101)


@judge("III.beta-dicke", tolerance=STEPS)
def _():
    return exponent(lambda m: cavity_power(m, 1.0, 0.1, climb=100), 19, 21)


@judge("III.beta-dicke", "reading 1", tolerance=STEPS)
def _():
    """The ripples of the counter-rotating terms need many samples, but few photons are added."""

    def power(m):
        return cavity(m, None, 1.0, 0.001, climb=6).power(0.8 * math.sqrt(20 / m), 6000)[1]

    return exponent(power, 19, 21)


@judge("III.superior", tolerance=STEPS)
def _():
    return beta(100) - exponent(cavity_power, 99, 101)


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
