"""The largest power of large batteries: eigenvectors where they are few, else Runge–Kutta steps."""

import math
from functools import cache

import numpy as np
from scipy.integrate import solve_ivp

from tests.symbattery.paper.judges.histories import collective, reach, spins


def _largest(states, matrix, coupling, end, samples):
    """P/(gω₀) at its maximum in gt ≤ ``end``, from a polynomial through samples around it."""
    start = np.zeros(len(states), dtype=complex)
    start[0] = 1
    count = np.array([k for k, _ in states]) - states[0][0]
    times = np.linspace(0, end / coupling, samples)[1:]
    solved = solve_ivp(
        lambda t, psi: -1j * (matrix @ psi), (0, times[-1]), start, "DOP853", times,
        rtol=1e-9, atol=1e-11,
    )  # fmt: skip
    power = np.abs(count @ np.abs(solved.y) ** 2) / (times * coupling)
    i = int(np.argmax(power))
    assert 6 <= i < len(times) - 6
    around = slice(i - 6, i + 7)
    x = np.linspace(-1, 1, 13)
    hill = np.polynomial.Polynomial.fit(x, power[around], 10)
    tops = [r.real for r in hill.deriv().roots() if abs(r.imag) < 1e-9 and abs(r.real) < 0.5]
    return max(float(hill(one)) for one in tops)


@cache
def spin_power(cells, gamma=0.0, coupling=0.1):
    """P_max/(gω₀) of M = N cells and charger spins."""
    # Without γ the maximum comes near gt = (1.5 + ln 4M)/(2M), and at γ = 1 up to twice as late.
    late = 3.2 if gamma == 1 else 1.7
    end = late * (1.5 + math.log(4 * cells)) / (2 * cells)
    if gamma == 0 or cells <= 30:
        return spins(cells, cells, gamma, coupling).power(end)[1]
    states, matrix = reach((0, cells), *collective(cells, cells, gamma, coupling, 0, 0, False))
    return _largest(states, matrix, coupling, end, round(130 * late))


@cache
def cavity_power(cells, gamma=0.0, coupling=1.0, climb=0, excited=0):
    """P_max/(g̃ω₀) of M photons, or what M full cells emit."""
    photons = 0 if excited else cells
    moves = collective(cells, photons + excited + climb, gamma, coupling, 0, 0, True)
    states, matrix = reach((excited, photons), *moves)
    return _largest(states, matrix, coupling, 4 / math.sqrt(cells), 160)


def exponent(power, low, high):
    """The slope of ln(P_max/M) against ln M between two sizes."""
    return math.log(power(high) / power(low)) / math.log(high / low) - 1
