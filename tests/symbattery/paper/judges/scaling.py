"""Judges of Secs. II and III: Figs. 2 to 5 from all eigenvectors of ladder matrices."""

import math
from functools import cache, partial

import mpmath
import numpy as np
from scipy.optimize import brentq, minimize_scalar

from tests.symbattery.paper.judges.histories import (
    cavity,
    cavity_power,
    correlation,
    emission,
    exponent,
    fall,
    ladder,
    spin_power,
    spins,
)
from tests.symbattery.paper.judges.register import judge, judges

SIZES = np.arange(1, 11)
GAMMAS = (0.0, 0.2, 0.6, 1.0)
RATIOS = (1, 2, 3, 10)


@cache
def row(ratio, gamma=0.0):
    """First peaks and P_max/(√N gω₀) of M = 1…10 cells and N = ratio·M charger spins."""
    histories = [spins(int(m), int(ratio * m), gamma) for m in SIZES]
    end = 2.0 / math.sqrt(ratio)
    energies, powers = ([f(h)[1] for h in histories] for f in (
        lambda h: h.first(end, 300), lambda h: h.power(end, 300)))  # fmt: skip
    return np.array(energies), np.array(powers) / np.sqrt(ratio * SIZES)


@cache
def windows(ratio, end, gamma=0.0):
    """The largest E up to ``end``, M = 1…10."""
    return np.array([spins(int(m), int(ratio * m), gamma).within(end, 8001) for m in SIZES])


@cache
def modes(of):
    """First peaks and P_max/(g̃ω₀) of M = 1…10 cells and a cavity."""
    histories = [of(int(m)) for m in SIZES]
    return np.array([[h.first(3.0)[1] for h in histories], [h.power(3.0)[1] for h in histories]])


photons, emitted = partial(modes, cavity), partial(modes, emission)


def off(mine, other):
    """Largest relative distance, M = 2…10."""
    return np.abs(mine / other - 1)[1:].max()


def room(mine, other, smallest):
    """The distance to 0 and to 15 % of the relative losses, whichever is nearer."""
    losses = 1 - (mine / other)[smallest - 1 :]
    return min(losses.min(), 0.15 - losses.max())


def rise(of):
    """The smallest step along the sizes of the charger, M = 2…10."""
    return fall(lambda r: -of(r)[1:], (1, 2, 10, 100))


def ahead(cells):
    """E_max of the spins at γ = 0.2 over the cavity's, less 1."""
    return spins(cells, cells, 0.2).first(1.0)[1] / cavity(cells).first(2.0)[1] - 1


def slope(x, y):
    return np.polyfit(x, y, 1)[0]


def together(ratios):
    """The correlation of E_max and P_max, every γ."""
    return correlation(*np.concatenate([row(r, a) for r in ratios for a in GAMMAS], axis=1))


def far(ratio):
    """The largest distance of γ = 1 from the line of γ = 0."""
    line = np.poly1d(np.polyfit(*row(ratio), 1))
    return np.abs(row(ratio, 1.0)[1] - line(row(ratio, 1.0)[0])).max()


def falls(which, ratios):
    """The smallest fall from one γ to the next, M = 2…10."""
    return min(fall(lambda a, r=r: row(r, a)[which][1:], GAMMAS) for r in ratios)


def loss(which, ratio):
    """1 − (γ = 1)/(γ = 0) at M = 10."""
    return 1 - row(ratio, 1.0)[which][9] / row(ratio)[which][9]


def ten(gamma=0.0, coupling=0.1):
    """M = N = 10."""
    return spins(10, 10, gamma, coupling)


judges({
    # Energies against the cavity
    "fig-2.coincide-energy": lambda: max(off(row(r)[0], photons()[0]) for r in (10, 100)),
    "fig-2.coincide-energy: reading 0": lambda:
        max(off(row(r)[0], emitted()[0]) for r in (10, 100)),
    "fig-2.coincide-energy: compared 0": lambda: np.abs(row(100)[0] / emitted()[0] - 1).max(),
    "fig-2.departs": lambda: off(row(1)[0], photons()[0]),
    "fig-2.twice-energy": lambda: np.diff(row(2)[0] - photons()[0])[1:].min(),
    "fig-2.twice-energy: reading 0": lambda: np.diff(row(2)[0] - emitted()[0])[1:].min(),
    "fig-2.same-energy": lambda: (row(1)[0] / photons()[0])[2:].min() - 1,
    "fig-4a.above": lambda: (row(1)[0] / photons()[0])[1:].min() - 1,
    "fig-4a.grows": lambda: np.diff(row(1)[0] - photons()[0])[1:].min(),
    "fig-4a.grows: reading 1": lambda: np.diff(windows(1, 10.0) - [
        cavity(int(m)).within(10.0 * math.sqrt(m), 8001) for m in SIZES])[1:].min(),
    "fig-4a.coincide": lambda: off(row(1, 0.2)[0], photons()[0]),
    "fig-4a.coincide: reading 0": lambda: max(abs(ahead(m)) for m in (9, 10, 11, 12, 13)),
    "fig-4a.coincide: reading 1": lambda: off(row(1, 0.2)[0], emitted()[0]),
    **{f"fig-4a.coincide: compared {m - 10}": lambda m=m: ahead(m) for m in (10, 11, 12)},
    "fig-2.coincide-power": lambda: max(off(row(r)[1], photons()[1]) for r in (10, 100)),
    "fig-2.coincide-power: reading 0": lambda:
        max(off(row(r)[1], photons()[1] / np.sqrt(SIZES)) for r in (10, 100)),
    "fig-2.coincide-power: reading 1": lambda: max(off(row(r)[1], emitted()[1]) for r in (10, 100)),
    "fig-2.twice-power": lambda: off(row(2)[1], photons()[1]),
    "fig-2.twice-power: reading 1": lambda: off(row(2)[1], emitted()[1]),
    "fig-2.same-power": lambda: room(row(1)[1], photons()[1], 3),
    "fig-2.same-power: reading 1": lambda: room(row(1)[1], emitted()[1], 3),
    "fig-4b.below": lambda: room(row(1)[1], photons()[1], 2),
    "fig-4b.below: reading 1": lambda: room(row(1)[1], emitted()[1], 2),
    # M = N = 10
    "fig-3a.energy-0": lambda: ten().first(1.0)[1],
    "fig-3a.energy-0: reading 0": lambda: ten().within(10.0, 20001),
    "fig-3a.power-0": lambda: ten().power(1.0)[1] / math.sqrt(10),
    "fig-3a.power-0: source 0": lambda: int(100 * ten().power(1.0)[1] / math.sqrt(10)) / 100,
    "fig-3a.energy-1": lambda: ten(1.0).first(1.0)[1],
    "fig-3a.energy-1: reading 0, instead": lambda: ten(1.0).within(10.0, 12001),
    "fig-3a.energy-1: reading 1": lambda: ten(1.0).within(100.0, 40001),
    "fig-3a.energy-1: compared 0": lambda: ten().energy(np.arange(0.0, 10.1, 0.25)[:41]).max(),
    "fig-3a.energy-1: source 0": lambda: ten(1.0, 0.2).within(10.0, 12001),
    "fig-3a.power-1": lambda: ten(1.0).power(1.0)[1] / math.sqrt(10),
    # Lines
    "II.slope-1": lambda: slope(*row(1)),
    "II.slope-1: reading 0": lambda: slope(windows(1, 10.0), row(1)[1]),
    "fig-3.proportional: reading 0": lambda: slope(*row(1)),
    "II.slope-10": lambda: slope(*row(10)),
    "II.slope-10: reading 0": lambda: slope(windows(10, 10.0), row(10)[1]),
    "II.slope-10: reading 1": lambda: slope(windows(10, 3.2), row(10)[1]),
    "II.slope-10: compared 0": lambda: slope(windows(1, 3.2), row(1)[1]),
    "fig-3.proportional": lambda: np.linalg.lstsq(row(1)[0][:, None], row(1)[1], rcond=None)[0][0],
    "fig-3.linear": lambda: min(together([r]) for r in RATIOS),
    "fig-3.same-line": lambda: together(RATIOS),
    "fig-3.slopes": lambda: np.diff([slope(*row(r)) for r in RATIOS]).min(),
    "fig-3.departure": lambda: np.diff([far(r) for r in RATIOS]).min(),
    "fig-3.departure: reading 0": lambda:
        np.diff([abs(slope(*row(r, 1.0)) - slope(*row(r))) for r in RATIOS]).min(),
    # Along γ, and along N/M
    "fig-3.energy-falls": lambda: falls(0, RATIOS),
    "fig-3.power-falls": lambda: falls(1, RATIOS),
    "fig-3d.smaller": lambda: min(loss(0, 10), loss(1, 10)),
    "fig-4a.monotonic": lambda: falls(0, (1,)),
    "fig-4a.monotonic: reading 0": lambda: fall(lambda a: windows(1, 10.0, a)[1:], GAMMAS),
    "fig-3.energy-falls: reading 0": lambda: fall(lambda a: windows(1, 10.0, a)[1:], GAMMAS),
    "fig-4b.monotonic": lambda: falls(1, (1,)),
    "fig-4.power-suffers": lambda: loss(1, 1) - loss(0, 1),
    "fig-4.power-suffers: reading 0": lambda:
        loss(1, 1) - 1 + ten(1.0).within(10.0, 20001) / ten().within(10.0, 20001),
    "fig-2.larger-power": lambda: rise(lambda r: row(r)[1]),
    "fig-2.larger-power: reading 0": lambda: rise(lambda r: row(r)[1] * np.sqrt(r * SIZES)),
    "fig-2.smaller-energy": lambda: rise(lambda r: -row(r)[0]),
})  # fmt: skip


# The advantage η and its exponent β
MANY = (2, 3, 5, 10, 20, 50, 100)


def eta(cells, gamma=0.0, power=spin_power):
    return power(cells, gamma) / cells / power(1, gamma)


def beta(cells, gamma=0.0):
    return chord(cells - 1, cells + 1, gamma)


def chord(low, high, gamma):
    return exponent(lambda m: spin_power(m, gamma), low, high)


@judge("III.beta-limit")
def _():
    """1 − 1/(u + L) at the best u of f/(u + L), f = 1 − z eᶻ E₁(z), z = e^(−u), L = ln 4M."""
    large = 1e10

    def growth(u):
        z = mpmath.exp(-u)
        # df/du = −z df/dz, and d(z eᶻ E₁)/dz = (1 + z) eᶻ E₁ − 1.
        f = 1 - z * mpmath.exp(z) * mpmath.e1(z)
        slope = -z * (1 - (1 + z) * mpmath.exp(z) * mpmath.e1(z))
        return float(slope * (u + large) - f)

    return 1 - 1 / (brentq(growth, 20, 40) + large)


def fit(gamma):
    """By the normal equations of a straight line through ln η, M = 30, 40 … 100."""
    sizes = range(30, 101, 10)
    table = np.array([[math.log(m), 1.0, math.log(eta(m, gamma))] for m in sizes])
    left, right = table[:, :2], table[:, 2]
    return np.linalg.solve(left.T @ left, left.T @ right)[0]


@cache
def fastest(cells):
    """The largest dE/dt before E is largest: from expectation values of i[H, H_B]."""
    history = spins(cells, cells)
    end = (1.5 + math.log(4 * cells)) / (2 * cells)
    times = np.linspace(0, end, 301)
    i = int(np.argmax([history.slope(time) for time in times]))
    best = minimize_scalar(
        lambda t: -history.slope(t), bounds=(times[i - 1], times[i + 1]), method="bounded",
        options={"xatol": 1e-12},
    )  # fmt: skip
    return -best.fun


def weak_power(cells):
    """The ripples of the counter-rotating terms need many samples, but few photons are added."""
    history = cavity(cells, None, 1.0, 0.001, climb=6)
    return history.power(0.8 * math.sqrt(20 / cells), 6000)[1]


@judge("III.correlation", tolerance=1e-7)
def _():
    """From the singular values of the state written as a matrix, cells by charger spins."""
    time = ten().power(1.0)[0]
    amplitudes = np.zeros((11, 11), dtype=complex)
    amplitudes[tuple(np.transpose(ten().states))] = ten().amplitudes(time)[:, 0]
    weights = np.linalg.svd(amplitudes, compute_uv=False) ** 2
    assert ladder(10, 10, -1) == math.sqrt(10)
    return -(weights @ np.log2(weights))


judges({
    "eq-10.advantage": lambda: min(eta(m, a) for m in MANY for a in GAMMAS) - 1,
    "eq-11": lambda:
        min(correlation(np.log(MANY), np.log([eta(m, a) for m in MANY])) for a in GAMMAS),
    "III.beta-20": lambda: beta(20),
    "III.beta-100": lambda: beta(100),
    "fig-5.beta-0": lambda: beta(100),
    "III.beta-1000: plain, instead": lambda: beta(1000),
    "III.beta-grows": lambda: np.diff([beta(m) for m in (10, 20, 50, 100, 200, 500, 1000)]).min(),
    "fig-5.above-cavity": lambda: min(eta(m) / eta(m, 0.0, cavity_power) for m in MANY) - 1,
    "fig-5.above-cavity-any": lambda:
        min(eta(m, a) / eta(m, 0.0, cavity_power) for m in MANY for a in GAMMAS) - 1,
    "III.beta-cavity": lambda: exponent(cavity_power, 99, 101),
    "III.beta-dicke": lambda: exponent(lambda m: cavity_power(m, 1.0, climb=100), 19, 21),
    "III.beta-dicke: reading 1": lambda: exponent(weak_power, 19, 21),
    "III.superior": lambda: beta(100) - exponent(cavity_power, 99, 101),
    "fig-5.beta-falls": lambda: fall(lambda a: beta(100, a), GAMMAS),
    **{f"fig-5.beta-{a:g}": lambda a=a: beta(100, a) for a in GAMMAS[1:]},
    **{f"fig-5.beta-{a:g}: reading 0": lambda a=a: fit(a) for a in GAMMAS[1:]},
    "fig-5.beta-0: compared 0": lambda: fit(0.0),
    "III.beta-1000: source 2": lambda: exponent(fastest, 999, 1001),
    "III.beta-1000: compared 0": lambda: exponent(fastest, 19, 21),
    "III.beta-1000: compared 1": lambda: exponent(fastest, 99, 101),
    "fig-5.beta-0.2: source 1": lambda: chord(20, 100, 0.2),
    "fig-5.beta-0.6: source 2": lambda: chord(25, 100, 0.6),
    "fig-5.beta-1: source 3": lambda: chord(30, 100, 1.0),
# Steps are exact to 1e-9, and the exponent of M ± 1 has 1/ln(101/99) = 50 of that.
}, 2e-7)  # fmt: skip
