r"""E(t) of long chains in extended precision (64 bits of mantissa), to judge double precision.

Real Chebyshev recurrence for the ideal start at γ = 0, step after step, on whole arrays of
``numpy.longdouble``; Bessel functions by Miller's recurrence. Nothing is shared with numerics, and
its error is about 1e-19 times the number of orders. On machines where ``longdouble`` is double it
judges nothing: `PRECISE` says so.
"""

from __future__ import annotations

import numpy as np

LONG = np.longdouble
PRECISE = np.finfo(LONG).eps < 1e-18
_RADIANS = 512


def bessel(z: np.longdouble) -> np.ndarray:
    """J_n(z) until they are far below 1e-20."""
    top = int(z + 20 * np.cbrt(z)) + 60
    values = np.zeros(top + 2, dtype=LONG)
    values[top] = LONG("1e-3000")
    for n in range(top, 0, -1):
        values[n - 1] = (2 * n / z) * values[n] - values[n + 1]
    values /= values[0] + 2 * values[2::2].sum()
    return values[: int(np.flatnonzero(np.abs(values) > LONG("1e-24"))[-1]) + 1]


def energies(cells: int, chargers: int, times: np.ndarray) -> np.ndarray:
    """E/ω0 at ascending times, for g = 1, all charger spins up and cells down."""
    k = np.arange(min(cells, chargers), dtype=LONG)
    squares = (k + 1) * (cells - k) * (k + 1) * (chargers - k)
    hops = np.sqrt(squares)
    radius = (np.append(hops, 0) + np.append(0, hops)).max()
    scaled = hops / radius
    levels = np.arange(len(hops) + 1, dtype=LONG)
    phi = np.zeros(len(hops) + 1, dtype=LONG)
    phi[0] = 1
    found, now = [], LONG(0)
    for time in np.asarray(times, dtype=LONG):
        steps = max(1, int(np.ceil(radius * (time - now) / _RADIANS)))
        if time > now:
            terms = bessel(radius * (time - now) / steps)
            for _ in range(steps):
                phi = _step(phi, scaled, terms)
        now = time
        found.append(levels @ phi**2)
    return np.array(found)


def _product(phi: np.ndarray, hops: np.ndarray) -> np.ndarray:
    """The real antisymmetric A on φ."""
    result = np.zeros_like(phi)
    result[1:] += hops * phi[:-1]
    result[:-1] -= hops * phi[1:]
    return result


def _step(phi: np.ndarray, hops: np.ndarray, terms: np.ndarray) -> np.ndarray:
    before, after = phi, _product(phi, hops)
    total = terms[0] * phi
    for term in terms[1:]:
        total = total + 2 * term * after
        before, after = after, before + 2 * _product(after, hops)
    return total
