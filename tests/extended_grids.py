r"""E(t) of a battery at γ ≠ 0 in 80-bit arithmetic: the high-precision value of the benchmarks.

The whole rectangular grid (k, c), hops as shifted arrays, :math:`T_n(H)|s\rangle` in ``longdouble``
(19 digits) and Bessel functions by mpmath to 40 digits: nothing is shared with `numerics`.
"""

from __future__ import annotations

import mpmath
import numpy as np

Extended = np.longdouble


def _bessel(count: int, z: float) -> list[mpmath.mpf]:
    """J_n(z) for n < count, by Miller's backward recurrence."""
    with mpmath.workdps(40):
        z, top = mpmath.mpf(z), count + 60
        values = [mpmath.mpf(0)] * (top + 1)
        values[top - 1] = mpmath.mpf(1)
        for n in range(top - 1, 0, -1):
            values[n - 1] = 2 * n / z * values[n] - values[n + 1]
        total = values[0] + 2 * mpmath.fsum(values[2::2])
        return [value / total for value in values[:count]]


def _number(value: mpmath.mpf) -> Extended:
    return Extended(mpmath.nstr(value, 25))


def energies(cells, chargers, coupling, anisotropy, times):
    """The excitations gained at some positive times, from all cells down and all chargers up."""
    k, c = (np.arange(n + 1).astype(Extended) for n in (cells, chargers))
    p, q = np.sqrt((k[:-1] + 1) * (cells - k[:-1])), np.sqrt((c[:-1] + 1) * (chargers - c[:-1]))
    g = Extended(coupling)
    hops = g * p[:, None] * q[None, :]
    counter = Extended(anisotropy) * hops
    diagonal = k[:, None] + c[None, :] - chargers
    radius = (
        float(np.max(np.abs(diagonal)))
        + float(2 * g * (1 + Extended(anisotropy)) * p.max() * q.max()) * 1.000001
    )

    def apply(x):
        y = diagonal * x
        y[1:, :-1] += hops * x[:-1, 1:]
        y[:-1, 1:] += hops * x[1:, :-1]
        y[1:, 1:] += counter * x[:-1, :-1]
        y[:-1, :-1] += counter * x[1:, 1:]
        return y / Extended(radius)

    longest = radius * max(times)
    count = int(longest + 20 * longest ** (1 / 3)) + 40
    weights = [[_number(value) for value in _bessel(count, radius * t)] for t in times]
    start = np.zeros((cells + 1, chargers + 1), dtype=Extended)
    start[0, -1] = 1
    parts = [[np.zeros_like(start), np.zeros_like(start)] for _ in times]
    before, now = None, start
    for n in range(count):
        for states, weight in zip(parts, weights, strict=True):
            if weight[n] != 0:
                states[n % 2] += (1 if n == 0 else 2) * (-1) ** (n // 2) * weight[n] * now
        before, now = now, apply(now) if before is None else 2 * apply(now) - before
    return [float(np.sum(k[:, None] * (even**2 + odd**2))) for even, odd in parts]
