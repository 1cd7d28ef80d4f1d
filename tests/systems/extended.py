r"""E(t) in extended precision (64 bits of mantissa), to judge double precision at any size.

From all charger spins up and cells down at resonance, ω0 = 1, by one Chebyshev recurrence on whole
arrays of ``numpy.longdouble`` for all times; Bessel functions by Miller's recurrence. Nothing is
shared with numerics, and the error is about 1e-19 times the number of orders. On machines where
``longdouble`` is double it judges nothing: `PRECISE` says so.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

LONG = np.longdouble
PRECISE = np.finfo(LONG).eps < 1e-18


def bessel(z: np.longdouble) -> np.ndarray:
    """J_n(z) until they are far below 1e-20."""
    if z == 0:
        return np.ones(1, dtype=LONG)
    top = int(z + 20 * np.cbrt(z)) + 60
    values = np.zeros(top + 2, dtype=LONG)
    values[top] = LONG("1e-3000")
    for n in range(top, 0, -1):
        values[n - 1] = (2 * n / z) * values[n] - values[n + 1]
    values /= values[0] + 2 * values[2::2].sum()
    return values[: int(np.flatnonzero(np.abs(values) > LONG("1e-24"))[-1]) + 1]


def energies(cells: int, chargers: int, times: Any, g: float = 1, gamma: float = 0) -> np.ndarray:
    """E/ω0 at some times: along the chain at γ = 0, else on the rectangular grid (k, c)."""
    return _energies(cells, chargers, tuple(np.asarray(times, dtype=LONG)), LONG(g), LONG(gamma))


@lru_cache
def _energies(cells: int, chargers: int, times: tuple[Any, ...], g: Any, gamma: Any) -> np.ndarray:
    k, c = (np.arange(n + 1, dtype=LONG) for n in (cells, chargers))
    raise_k, raise_c = np.sqrt(k[1:] * (cells - k[:-1])), np.sqrt(c[1:] * (chargers - c[:-1]))
    if gamma == 0:
        k = k[: min(cells, chargers) + 1]
        hops = g * raise_k[: len(k) - 1] * raise_c[::-1][: len(k) - 1]
        radius = (np.append(hops, 0) + np.append(0, hops)).max()
        start = np.zeros(len(k), dtype=LONG)
        start[0] = 1
        return _evolved(_chain(hops), radius, start, k, times)
    hops, diagonal = g * raise_k[:, None] * raise_c, k[:, None] + c - chargers
    radius = np.abs(diagonal).max() + 2 * (1 + gamma) * hops.max()
    start = np.zeros((cells + 1, chargers + 1), dtype=LONG)
    start[0, -1] = 1
    return _evolved(_grid(diagonal, hops, gamma * hops), radius, start, k[:, None], times)


def _chain(hops: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    def product(x: np.ndarray) -> np.ndarray:
        y = np.zeros_like(x)
        y[1:] += hops * x[:-1]
        y[:-1] += hops * x[1:]
        return y

    return product


def _grid(diagonal: np.ndarray, hops: np.ndarray, counter: np.ndarray) -> Any:
    def product(x: np.ndarray) -> np.ndarray:
        y = diagonal * x
        y[1:, :-1] += hops * x[:-1, 1:]
        y[:-1, 1:] += hops * x[1:, :-1]
        y[1:, 1:] += counter * x[:-1, :-1]
        y[:-1, :-1] += counter * x[1:, 1:]
        return y

    return product


def _evolved(product, radius, start, levels, times) -> np.ndarray:
    """The mean of the levels in Σ (2 − δ) (−i)ⁿ Jₙ(Rt) Tₙ(H/R)|start⟩, which is real."""
    series = [bessel(radius * time) for time in times]
    # Even orders make the real part, odd ones the imaginary one.
    states = np.zeros((len(times), 2, *start.shape), dtype=LONG)
    before, now = None, start
    for n in range(max(map(len, series))):
        factor = (2 if n else 1) * (-1) ** (n // 2)
        for state, terms in zip(states, series, strict=True):
            if n < len(terms):
                state[n % 2] += factor * terms[n] * now
        step = product(now) / radius
        before, now = now, 2 * step - before if n else step
    return np.array([np.sum(levels * (state**2).sum(axis=0)) for state in states])
