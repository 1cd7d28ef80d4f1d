"""β of the text and of Fig. 5."""

from __future__ import annotations

import numpy as np
from sympy import limit

from numerics.model.models import CavityCharger
from symbattery.limits.large_battery import LargeBattery
from symbattery.paper.judges import landscape as land
from symbattery.paper.judges.direct import (
    collective_power,
    emission_hops,
    spin_hops,
)
from symbattery.paper.ledger.claim import Above, Claim, Number, Reading
from symbattery.paper.ledger.context import Context
from symbattery.paper.scaling.slopes import (
    CENTRAL,
    CHAINS,
    KRYLOV,
    Compute,
    beta,
    cavity_beta,
    chain_power,
    exponent,
    spin_power,
)

__all__ = ["EXPONENTS"]


def _chord(low: int, high: int, gamma: float = 0.0) -> Compute:
    return lambda c: exponent(lambda m: spin_power(c, m, gamma), low, high)


def _beta_again(cells: int) -> Compute:
    def power(m: int) -> float:
        return chain_power(spin_hops(m, m), 1.5 * m)

    return lambda _: exponent(power, cells - 1, cells + 1)


def _beta_krylov(cells: int, gamma: float) -> Compute:
    """β once more in the whole product space, near the time the engine names."""

    def compute(c: Context) -> float:
        def power(m: int) -> float:
            around = c.charge(land.spins(m, 1, gamma)).max_power().time
            return collective_power(m, m, land.COUPLING, gamma, around)

        return exponent(power, cells - 1, cells + 1)

    return compute


def _beta_law(cells: int) -> Compute:
    return lambda _: float(LargeBattery().exponent(cells).evalf(15))


def _emission_beta(cells: int) -> Compute:
    """At g̃ = √N g, N = M: the power of the limit of the spins, which has √M in it."""
    return lambda _: exponent(lambda m: chain_power(emission_hops(m), m**0.5), cells - 1, cells + 1)


def _dicke_beta(cells: int, coupling: float) -> Compute:
    """The Dicke battery, γ = 1, with M photons."""

    def compute(c: Context) -> float:
        return exponent(
            lambda m: c.max_power(CavityCharger(m, coupling, 1, 1.0)), cells - 1, cells + 1
        )

    return compute


def _dicke_beta_again(cells: int) -> Compute:
    def compute(c: Context) -> float:
        def power(m: int) -> float:
            model = CavityCharger(m, land.COUPLING, 1, 1.0)
            around = c.charge(model).max_power().time
            return collective_power(m, m, land.COUPLING, 1.0, around, cutoff=m + _CLIMB)

        return exponent(power, cells - 1, cells + 1)

    return compute


# Photons above the start that the counter-rotating terms get to climb to.
_CLIMB = 200


def _approach(c: Context) -> float:
    """The smallest growth of β along M = 10, 20, 50, 100, 200, 500, 1000."""
    found = [beta(m)(c) for m in (10, 20, 50, 100, 200, 500, 1000)]
    return float(np.diff(found).min())


def _asymptote(_: Context) -> float:
    """The limit of β of the law 1 − 1/(u + ln 4M), whose root z = e^(−u) tends to a number.

    At z → 0 the law's condition is met for M → ∞: β = 1 − f′/f with f′ → 0 and f → 1.
    """
    law = LargeBattery()
    z = law._curve(0).free_symbols.pop()
    return float(limit(1 - law._curve(1) / law._curve(0), z, 0))


def _beta_falls(c: Context) -> float:
    """The smallest fall of β at M = 100 from one γ to the next."""
    return float(-np.diff([beta(100, a)(c) for a in land.ANISOTROPIES]).max())


def _superior(c: Context) -> float:
    return beta(100)(c) - cavity_beta(100)(c)


def _anisotropic(text: str, gamma: float) -> Claim:
    near = Reading(CENTRAL, beta(100, gamma))
    return Claim(
        f"fig-5.beta-{gamma:g}",
        "Sec. III, Fig. 5",
        f"β at M = 100 for γ = {gamma:g}",
        Number(text),
        near,
        witness=Reading(KRYLOV, _beta_krylov(100, gamma)),
        instead=near,
        sources=tuple(
            Reading(f"slope of the chord from M = {low} to 100", _chord(low, 100, gamma))
            for low in (10, 20, 25, 30, 40, 50)
        ),
    )


EXPONENTS = (
    Claim(
        "III.beta-20",
        "Sec. III, text",
        "β at M = 20, γ = 0",
        Number("0.81"),
        Reading(CENTRAL, beta(20)),
    ),
    Claim(
        "III.beta-100",
        "Sec. III, text",
        "β at M = 100, γ = 0",
        Number("0.87"),
        Reading(CENTRAL, beta(100)),
    ),
    Claim(
        "III.beta-1000",
        "Sec. III, text",
        "β at M = 1000, γ = 0",
        Number("0.99"),
        Reading(CENTRAL, beta(1000)),
        witness=Reading(CHAINS, _beta_again(1000)),
        instead=Reading(CENTRAL, beta(1000)),
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
        Reading(CENTRAL, beta(100)),
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
        "III.beta-cavity",
        "Sec. III, text",
        "β of the Tavis–Cummings battery",
        Number("0.5"),
        Reading("M = 100, M photons", cavity_beta(100)),
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
)
