"""Sec. III: the collective advantage η, and its exponent β."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.linalg import eigh_tridiagonal
from sympy import limit

from numerics.models import CavityCharger, SpinCharger
from symbattery.asymptotics import LargeSize
from symbattery.paper import landscape as land
from symbattery.paper.claims import Above, Claim, Number, Reading
from symbattery.paper.context import Context
from symbattery.paper.direct import (
    chain_curve,
    collective_power,
    emission_hops,
    photon_hops,
    power_of,
    spin_hops,
    top,
)

__all__ = ["SCALING"]

Compute = Callable[[Context], float]


def _power(c: Context, cells: int, gamma: float) -> float:
    return c.max_power(land.spins(cells, 1, gamma))


def _exponent(power: Callable[[int], float], low: int, high: int) -> float:
    """The slope of ln η = ln(P_max/M) + const between two sizes."""
    return float(np.log(power(high) / power(low)) / np.log(high / low) - 1)


def _beta(cells: int, gamma: float = 0.0) -> Compute:
    """D ln η/d ln M by the central difference over M ± 1."""
    return lambda c: _exponent(lambda m: _power(c, m, gamma), cells - 1, cells + 1)


def _chord(low: int, high: int, gamma: float = 0.0) -> Compute:
    return lambda c: _exponent(lambda m: _power(c, m, gamma), low, high)


def _chain_power(hops: Any, scale: float) -> float:
    """The largest P/g of a chain; its time is a few times 1/scale."""
    return top(power_of(chain_curve(hops)), 1e-2 / scale, 15.0 / scale, 600)[1]


def _beta_again(cells: int) -> Compute:
    def power(m: int) -> float:
        return _chain_power(spin_hops(m, m), 1.5 * m)

    return lambda _: _exponent(power, cells - 1, cells + 1)


def _beta_krylov(cells: int, gamma: float) -> Compute:
    """β once more in the whole product space, near the time the engine names."""

    def compute(c: Context) -> float:
        def power(m: int) -> float:
            around = c.charge(land.spins(m, 1, gamma)).max_power().time
            return collective_power(m, m, land.COUPLING, gamma, around)

        return _exponent(power, cells - 1, cells + 1)

    return compute


def _beta_law(cells: int) -> Compute:
    return lambda _: float(LargeSize().exponent(cells).evalf(15))


def _cavity_beta(cells: int) -> Compute:
    return lambda c: _exponent(lambda m: land.cavity_power(c, m), cells - 1, cells + 1)


def _emission_beta(cells: int) -> Compute:
    """At g̃ = √N g, N = M: the power of the limit of the spins, which has √M in it."""
    return lambda _: _exponent(
        lambda m: _chain_power(emission_hops(m), m**0.5), cells - 1, cells + 1
    )


def _dicke_beta(cells: int, coupling: float) -> Compute:
    """The Dicke battery, γ = 1, with M photons."""

    def compute(c: Context) -> float:
        return _exponent(
            lambda m: c.max_power(CavityCharger(m, coupling, 1, 1.0)), cells - 1, cells + 1
        )

    return compute


def _dicke_beta_again(cells: int) -> Compute:
    def compute(c: Context) -> float:
        def power(m: int) -> float:
            model = CavityCharger(m, land.COUPLING, 1, 1.0)
            around = c.charge(model).max_power().time
            return collective_power(m, m, land.COUPLING, 1.0, around, cutoff=m + _CLIMB)

        return _exponent(power, cells - 1, cells + 1)

    return compute


def _eta(c: Context, cells: int, gamma: float) -> float:
    return _power(c, cells, gamma) / cells / _power(c, 1, gamma)


def _cavity_eta(c: Context, cells: int) -> float:
    return land.cavity_power(c, cells) / cells / land.cavity_power(c, 1)


# Photons above the start that the counter-rotating terms get to climb to.
_CLIMB = 200
_SIZES = (2, 3, 5, 10, 20, 50, 100)


def _smallest_eta(c: Context) -> float:
    return min(_eta(c, m, a) for m in _SIZES for a in land.ANISOTROPIES) - 1


def _above_cavity(c: Context) -> float:
    return min(_eta(c, m, 0.0) / _cavity_eta(c, m) for m in _SIZES) - 1


def _above_cavity_any(c: Context) -> float:
    return min(_eta(c, m, a) / _cavity_eta(c, m) for m in _SIZES for a in land.ANISOTROPIES) - 1


def _above_cavity_again(c: Context) -> float:
    """At the size and γ of the smallest ratio, M = 100 and γ = 1, by Krylov steps."""
    found = []
    for m in _SIZES:
        around = c.charge(land.spins(m, 1, 1.0)).max_power().time
        mine = collective_power(m, m, land.COUPLING, 1.0, around) / land.COUPLING
        cavity = _chain_power(photon_hops(m, m), m**0.5)
        found.append(mine / cavity)
    return min(found) - 1


def _straightness(c: Context) -> float:
    """Correlation of ln η and ln M, M = 2…100, the smallest of all γ."""
    logs = np.log(_SIZES)
    return min(
        float(np.corrcoef(logs, [np.log(_eta(c, m, a)) for m in _SIZES])[0, 1])
        for a in land.ANISOTROPIES
    )


def _approach(c: Context) -> float:
    """The smallest growth of β along M = 10, 20, 50, 100, 200, 500, 1000."""
    found = [_beta(m)(c) for m in (10, 20, 50, 100, 200, 500, 1000)]
    return float(np.diff(found).min())


def _asymptote(_: Context) -> float:
    """The limit of β of the law 1 − 1/(u + ln 4M), whose root z = e^(−u) tends to a number.

    At z → 0 the law's condition is met for M → ∞: β = 1 − f′/f with f′ → 0 and f → 1.
    """
    law = LargeSize()
    z = law._curve(0).free_symbols.pop()
    return float(limit(1 - law._curve(1) / law._curve(0), z, 0))


def _beta_falls(c: Context) -> float:
    """The smallest fall of β at M = 100 from one γ to the next."""
    return float(-np.diff([_beta(100, a)(c) for a in land.ANISOTROPIES]).max())


def _superior(c: Context) -> float:
    return _beta(100)(c) - _cavity_beta(100)(c)


def _entropy(_: Context) -> float:
    """Entanglement in bits of ten cells with ten charger spins when P is largest, γ = 0.

    Each k comes with its own state of the charger, so |c_k|² are the Schmidt weights.
    """
    hops = spin_hops(10, 10)
    time = top(power_of(chain_curve(hops)), 1e-3, 1.0, 600)[0]
    values, modes = eigh_tridiagonal(np.zeros(11), np.sqrt(hops))
    weights = np.abs(modes @ (np.exp(-1j * values * time) * modes[0])) ** 2
    return float(-(weights @ np.log2(weights)))


def _parallel_spread(c: Context) -> float:
    """Largest change with γ of a single cell's P_max, in units of gω₀."""
    values = [c.max_power(SpinCharger(1, 1, land.COUPLING, 1, a)) for a in land.ANISOTROPIES]
    return float(np.ptp(values) / land.COUPLING)


_CENTRAL = "d ln η/d ln M over M ± 1, N = M, global P_max"
_CHAINS = "tridiagonal matrices, written down"
_KRYLOV = "Krylov steps in the whole product of both spins"


def _anisotropic(text: str, gamma: float) -> Claim:
    near = Reading(_CENTRAL, _beta(100, gamma))
    return Claim(
        f"fig-5.beta-{gamma:g}",
        "Sec. III, Fig. 5",
        f"β at M = 100 for γ = {gamma:g}",
        Number(text),
        near,
        witness=Reading(_KRYLOV, _beta_krylov(100, gamma)),
        instead=near,
        sources=tuple(
            Reading(f"slope of the chord from M = {low} to 100", _chord(low, 100, gamma))
            for low in (10, 20, 25, 30, 40, 50)
        ),
    )


SCALING = (
    Claim(
        "eq-10.advantage",
        "Sec. III, Eq. (10)",
        "collective charging is at an advantage, η > 1, for every γ",
        Above(),
        Reading("smallest η − 1, M = 2…100", _smallest_eta),
    ),
    Claim(
        "eq-11",
        "Sec. III, Eq. (11)",
        "ln η is roughly linear in ln M: correlation above 0.99",
        Above("0.99"),
        Reading("smallest of all γ, M = 2…100", _straightness),
    ),
    Claim(
        "III.beta-20",
        "Sec. III, text",
        "β at M = 20, γ = 0",
        Number("0.81"),
        Reading(_CENTRAL, _beta(20)),
    ),
    Claim(
        "III.beta-100",
        "Sec. III, text",
        "β at M = 100, γ = 0",
        Number("0.87"),
        Reading(_CENTRAL, _beta(100)),
    ),
    Claim(
        "III.beta-1000",
        "Sec. III, text",
        "β at M = 1000, γ = 0",
        Number("0.99"),
        Reading(_CENTRAL, _beta(1000)),
        witness=Reading(_CHAINS, _beta_again(1000)),
        instead=Reading(_CENTRAL, _beta(1000)),
        sources=(
            Reading("law 1 − 1/(u* + ln 4M)", _beta_law(1000)),
            Reading("slope of the chord from M = 100 to 1000", _chord(100, 1000)),
        ),
    ),
    Claim(
        "III.beta-grows",
        "Sec. III, text",
        "β grows with M",
        Above(),
        Reading("smallest step along M = 10, 20, 50, 100, 200, 500, 1000", _approach),
    ),
    Claim(
        "III.beta-limit",
        "Sec. III, text",
        "β tends to a value near one",
        Number("1.0"),
        Reading("limit of the law of large batteries", _asymptote),
    ),
    _anisotropic("0.84", 0.2),
    _anisotropic("0.79", 0.6),
    _anisotropic("0.48", 1.0),
    Claim(
        "fig-5.beta-0",
        "Sec. III, Fig. 5",
        "β at M = 100 for γ = 0",
        Number("0.87"),
        Reading(_CENTRAL, _beta(100)),
        sources=(Reading("slope of the chord from M = 30 to 100", _chord(30, 100)),),
    ),
    Claim(
        "fig-5.beta-falls",
        "Sec. III, Fig. 5",
        "β at M = 100 falls with γ",
        Above(),
        Reading("smallest fall", _beta_falls),
    ),
    Claim(
        "fig-5.above-cavity",
        "Sec. III, Fig. 5",
        "η of the isotropic spin charger is larger than the cavity's",
        Above(),
        Reading("smallest ratio − 1, M = 2…100; M photons", _above_cavity),
    ),
    Claim(
        "fig-5.above-cavity-any",
        "Sec. III, Fig. 5",
        "so it is for every γ shown",
        Above(),
        Reading("smallest ratio − 1, M = 2…100; M photons", _above_cavity_any),
        witness=Reading(f"γ = 1; {_KRYLOV}", _above_cavity_again),
    ),
    Claim(
        "III.beta-cavity",
        "Sec. III, text",
        "β of the Tavis–Cummings battery",
        Number("0.5"),
        Reading("M = 100, M photons", _cavity_beta(100)),
        sources=(
            Reading("full cells that emit into an empty cavity, g̃ fixed", _emission_beta(100)),
        ),
    ),
    Claim(
        "III.beta-dicke",
        "Sec. III, text",
        "β of the Dicke battery",
        Number("0.5"),
        Reading("M = 20, γ = 1, g/ω₀ = 0.1, M photons", _dicke_beta(20, land.COUPLING)),
        (
            Reading("M = 40 in place of M ≫ 1", _dicke_beta(40, land.COUPLING)),
            Reading("weak coupling, g/ω₀ = 0.001, M = 20", _dicke_beta(20, 0.001)),
        ),
        witness=Reading("Krylov steps in the product of cells and mode", _dicke_beta_again(20)),
    ),
    Claim(
        "III.superior",
        "Sec. III, text",
        "β of the isotropic spin charger is above the cavity's",
        Above(),
        Reading("M = 100", _superior),
    ),
    Claim(
        "III.correlation",
        "Sec. III, text",
        "the common charger creates a quantum correlation with the cells",
        Above(),
        Reading("entropy of the cells in bits when P is largest, M = N = 10, γ = 0", _entropy),
    ),
    Claim(
        "III.parallel",
        "Sec. III, text",
        "parallel charging does not depend on γ: the change of p_max is 0.00 gω₀",
        Number("0.00"),
        Reading("largest change over γ = 0, 0.2, 0.6, 1", _parallel_spread),
    ),
)
