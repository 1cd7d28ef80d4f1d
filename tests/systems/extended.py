r"""E(t) in extended precision (64 bits of mantissa), to judge double precision at any size.

From all charger spins up and cells down at resonance, ω0 = 1, by a Chebyshev recurrence on whole
arrays of ``numpy.longdouble``, step after step; Bessel functions by Miller's recurrence. Nothing
is shared with numerics, and the error is about 1e-19 times the number of orders. On machines where
``longdouble`` is double it judges nothing: `PRECISE` says so.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

LONG = np.longdouble
PRECISE = np.finfo(LONG).eps < 1e-18
_RADIANS = 512
# (−i)ⁿ on real and imaginary part: which part goes where, with which sign.
_TURNS = (((0, 1), (1, 1)), ((1, 0), (1, -1)), ((0, 1), (-1, -1)), ((1, 0), (-1, 1)))


def bessel(z: np.longdouble) -> np.ndarray:
    """J_n(z) until they are far below 1e-20."""
    top = int(z + 20 * np.cbrt(z)) + 60
    values = np.zeros(top + 2, dtype=LONG)
    values[top] = LONG("1e-3000")
    for n in range(top, 0, -1):
        values[n - 1] = (2 * n / z) * values[n] - values[n + 1]
    values /= values[0] + 2 * values[2::2].sum()
    return values[: int(np.flatnonzero(np.abs(values) > LONG("1e-24"))[-1]) + 1]


def energies(cells: int, chargers: int, times: Any, g: float = 1, gamma: float = 0) -> np.ndarray:
    """E/ω0 at ascending times: along the chain at γ = 0, else on the rectangular grid (k, c)."""
    g, gamma = LONG(g), LONG(gamma)
    k, c = (np.arange(n + 1, dtype=LONG) for n in (cells, chargers))
    raise_k, raise_c = np.sqrt(k[1:] * (cells - k[:-1])), np.sqrt(c[1:] * (chargers - c[:-1]))
    if gamma == 0:
        k = k[: min(cells, chargers) + 1]
        hops = g * raise_k[: len(k) - 1] * raise_c[::-1][: len(k) - 1]
        radius = (np.append(hops, 0) + np.append(0, hops)).max()
        start = np.zeros((2, len(k)), dtype=LONG)
        start[0, 0] = 1
        return _evolved(_chain(hops), radius, start, k, times)
    hops, diagonal = g * raise_k[:, None] * raise_c, k[:, None] + c - chargers
    radius = np.abs(diagonal).max() + 2 * (1 + gamma) * hops.max()
    start = np.zeros((2, cells + 1, chargers + 1), dtype=LONG)
    start[0, 0, -1] = 1
    return _evolved(_grid(diagonal, hops, gamma * hops), radius, start, k[:, None], times)


def _chain(hops: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    def product(x: np.ndarray) -> np.ndarray:
        y = np.zeros_like(x)
        y[:, 1:] += hops * x[:, :-1]
        y[:, :-1] += hops * x[:, 1:]
        return y

    return product


def _grid(diagonal: np.ndarray, hops: np.ndarray, counter: np.ndarray) -> Any:
    def product(x: np.ndarray) -> np.ndarray:
        y = diagonal * x
        y[:, 1:, :-1] += hops * x[:, :-1, 1:]
        y[:, :-1, 1:] += hops * x[:, 1:, :-1]
        y[:, 1:, 1:] += counter * x[:, :-1, :-1]
        y[:, :-1, :-1] += counter * x[:, 1:, 1:]
        return y

    return product


def _evolved(product, radius, state, levels, times) -> np.ndarray:
    """The mean of the levels at each time."""
    found, now = [], LONG(0)
    for time in np.asarray(times, dtype=LONG):
        steps = max(1, int(np.ceil(radius * (time - now) / _RADIANS)))
        if time > now:
            terms = bessel(radius * (time - now) / steps)
            for _ in range(steps):
                state = _step(product, radius, state, terms)
        now = time
        found.append(np.sum(levels * (state**2).sum(axis=0)))
    return np.array(found)


def _step(product, radius, state, terms) -> np.ndarray:
    """Σ (2 − δ) (−i)ⁿ Jₙ Tₙ(H/R) on a state, its real and imaginary part apart."""
    before, after = state, product(state) / radius
    total = terms[0] * state
    for n, term in enumerate(terms[1:], 1):
        for part, (source, sign) in enumerate(zip(*_TURNS[n % 4], strict=True)):
            total[part] += 2 * sign * term * after[source]
        before, after = after, 2 / radius * product(after) - before
    return total
