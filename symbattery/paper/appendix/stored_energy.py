"""Fig. 8: E(t) of two cells with more and more charger spins."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.linalg import eigh_tridiagonal
from sympy import Expr, Rational, S, expand_trig, pi, sin, sqrt

from symbattery.api import two_cells
from symbattery.model.symbols import N, g, omega_0, t
from symbattery.paper.appendix.two_cells import peak_energy, printed_a7
from symbattery.paper.judges import landscape as land
from symbattery.paper.judges.direct import (
    Floats,
    emission_hops,
    photon_hops,
    spin_hops,
)
from symbattery.paper.ledger.claim import Above, Claim, Number, Reading, Zero
from symbattery.paper.ledger.context import Context

__all__ = ["STORED_ENERGY"]


def _decreasing(_: Context) -> float:
    """The smallest fall of Eq. (A7) from N to N + 1, N = 2…200."""
    return float(min(printed_a7(S(k)) - printed_a7(S(k + 1)) for k in range(2, 200)))


def _above_benchmark(_: Context) -> float:
    return float(min(printed_a7(S(k)) for k in range(2, 201)) - Rational(16, 9))


def _faster(_: Context) -> float:
    """The smallest fall of π/ξ from N to N + 1, N = 2…200."""
    return float(-np.diff([np.pi / np.sqrt(2 * (3 * k - 2)) for k in range(2, 201)]).max())


def _cavity_energy(c: Context) -> float:
    return land.cavity_first(c, 2) - 16 / 9


def _one_sinusoid(_: Context) -> Any:
    """E(t) less E_max sin²(ξgt/2), any N."""
    return two_cells().explicit().energy - printed_a7(N) * omega_0 * sin(_rate() * t / 2) ** 2


def _periodic(_: Context) -> Any:
    """E(t + 2π/(ξg)) − E(t), any N."""
    energy = two_cells().explicit().energy
    return expand_trig(energy.subs(t, t + 2 * pi / _rate()).expand()) - expand_trig(energy)


def _rate() -> Expr:
    return sqrt(2 * (3 * N - 2)) * g


def _mean(hops: Floats) -> float:
    """The mean of E/ω₀ over all times: Σ k |modes|⁴, for frequencies that all differ."""
    _, modes = eigh_tridiagonal(np.zeros(3), np.sqrt(hops))
    return float(np.arange(3) @ (modes**2 @ modes[0] ** 2))


def _mean_excess(other: Floats) -> float:
    """The smallest mean of E/ω₀ of the spins, N = 2, 20, 200, less that of another chain."""
    return min(_mean(spin_hops(2, n)) for n in (2, 20, 200)) - _mean(other)


def _mean_excess_again(c: Context) -> float:
    """From closed forms over one period."""
    spins = (
        4 * n / (3 * n - 2) / 2 + 4 * n * (n - 2) / (3 * n - 2) ** 2 * 3 / 8 for n in (2, 20, 200)
    )
    # ½ of |c₁|² = ⅔ sin²(√6 g̃t), and ⅜ of |c₂|² = (8/9) sin⁴(√6 g̃t/2), twice.
    return min(spins) - (1 / 3 + 2 / 3)


STORED_ENERGY = (
    Claim(
        "fig-8a",
        "App. A, Fig. 8(a)",
        "E_max/ω₀ at N = 2",
        Number("2"),
        Reading("first peak", peak_energy(2)),
    ),
    Claim(
        "fig-8b",
        "App. A, Fig. 8(b)",
        "E_max/ω₀ at N = 20",
        Number("1.81"),
        Reading("first peak", peak_energy(20)),
    ),
    Claim(
        "fig-8c",
        "App. A, Fig. 8(c)",
        "E_max/ω₀ at N = 200",
        Number("1.78"),
        Reading("first peak", peak_energy(200)),
    ),
    Claim(
        "fig-8d",
        "App. A, Fig. 8(d)",
        "E_max/ω₀ − 16/9 of the cavity is 0.00",
        Number("0.00"),
        Reading("first peak, two photons", _cavity_energy),
    ),
    Claim(
        "fig-8.faster",
        "App. A, Fig. 8",
        "the time of E_max shrinks with N",
        Above(),
        Reading("smallest fall, N = 2…200", _faster),
    ),
    Claim(
        "fig-8.approach",
        "App. A, Fig. 8",
        "E_max falls towards the cavity's as N grows",
        Above(),
        Reading("smallest fall, N = 2…200", _decreasing),
    ),
    Claim(
        "fig-8.capacity",
        "App. A, Fig. 8",
        "a finite charger stores more than the cavity",
        Above(),
        Reading("smallest E_max/ω₀ − 16/9, N = 2…200", _above_benchmark),
    ),
    Claim(
        "fig-8.capacity-mean",
        "App. A, Fig. 8",
        "the mean of E(t) over all times is above that of the cavity as well",
        Above(),
        Reading(
            "smallest mean of E/ω₀, N = 2, 20, 200, less that of two photons",
            lambda _: _mean_excess(photon_hops(2, 2)),
        ),
        witness=Reading("closed forms over one period", _mean_excess_again),
        instead=Reading(
            "mean of E/ω₀ at N = 20 (two photons: 1, and N = 2 as much)",
            lambda _: _mean(spin_hops(2, 20)),
        ),
        sources=(
            Reading(
                "full cells that emit into an empty cavity",
                lambda _: _mean_excess(emission_hops(2)),
            ),
        ),
    ),
    Claim(
        "fig-8.sinusoid",
        "App. A, Fig. 8",
        "E(t) is sinusoidal",
        Zero(),
        Reading("E(t) − E_max sin²(ξgt/2), any N", _one_sinusoid),
        (Reading("periodic: E(t + 2π/(ξg)) − E(t), any N", _periodic),),
    ),
)
