"""Figs. 8 and 9: two cells and more and more charger spins."""

from __future__ import annotations

import numpy as np
from sympy import Rational, S

from numerics.models import SpinCharger
from symbattery.paper import landscape as land
from symbattery.paper.appendix.two_cells import largest_power, peak_energy, printed_a7
from symbattery.paper.claims import Above, Below, Claim, Number, Reading
from symbattery.paper.context import Context
from symbattery.paper.direct import chain_curve, power_of, spin_hops, top

__all__ = ["CHARGER_SIZE"]


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


def _powers_apart(c: Context) -> float:
    return land.cavity_power(c, 2) - largest_power(200)(c)


def _powers_apart_again(_: Context) -> float:
    mine = top(power_of(chain_curve(spin_hops(2, 200))), 1e-4, 0.3, 4000)[1] / float(np.sqrt(200))
    return land.photon_power(2) - mine


def _opposite(c: Context) -> float:
    """From N = 2 to 20: the fall of E_max or the rise of P_max/√N, whichever is smaller."""
    return min(peak_energy(2)(c) - peak_energy(20)(c), largest_power(20)(c) - largest_power(2)(c))


def _ripples(c: Context) -> float:
    """The smallest growth of the number of maxima of P in gt ≤ 10 along N = 2, 20, 200."""
    times = np.linspace(1e-3, 10.0, 40_001)

    def count(chargers: int) -> int:
        p = c.charge(SpinCharger(2, chargers, 1)).power(times)
        return int(np.sum((p[1:-1] > p[:-2]) & (p[1:-1] >= p[2:])))

    return float(np.diff([count(k) for k in (2, 20, 200)]).min())


def _decay(c: Context) -> float:
    """Largest t P(t)/(2ω₀) over gt ≤ 200: P ≤ 2ω₀/t."""
    times = np.linspace(1e-3, 200.0, 20_001)
    return max(
        float((times * c.charge(SpinCharger(2, k, 1)).power(times)).max() / 2) for k in (2, 20, 200)
    )


CHARGER_SIZE = (
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
        "fig-9a",
        "App. A, Fig. 9(a)",
        "P_max/(√N gω₀) at N = 2",
        Number("1.45"),
        Reading("global maximum", largest_power(2)),
    ),
    Claim(
        "fig-9c",
        "App. A, Fig. 9(c)",
        "P_max/(√N gω₀) at N = 200",
        Number("1.53"),
        Reading("global maximum", largest_power(200)),
    ),
    Claim(
        "fig-9d",
        "App. A, Fig. 9(d)",
        "the latter is close to the cavity's: they differ by 0.0 g̃ω₀",
        Number("0.0"),
        Reading("two photons, P_max/(g̃ω₀)", _powers_apart),
        (
            Reading(
                "two photons, P_max/(√2 g̃ω₀)",
                lambda c: land.cavity_power(c, 2) / np.sqrt(2) - largest_power(200)(c),
            ),
        ),
        witness=Reading("written-down chains", _powers_apart_again),
        instead=Reading("P_max/(g̃ω₀) of the cavity", lambda c: land.cavity_power(c, 2)),
        sources=(
            Reading(
                "full cells that emit into an empty cavity",
                lambda c: land.emission_power(c, 2) - largest_power(200)(c),
            ),
        ),
    ),
    Claim(
        "fig-9.decay",
        "App. A, Fig. 9",
        "P decays with time: t P(t)/(2ω₀) stays below 1",
        Below("1"),
        Reading("largest in gt ≤ 200, N = 2, 20, 200", _decay),
    ),
    Claim(
        "fig-9.ripples",
        "App. A, Fig. 9",
        "more charger spins, more fluctuations",
        Above(),
        Reading("number of maxima of P in gt ≤ 10, smallest growth along N = 2, 20, 200", _ripples),
    ),
    Claim(
        "fig-9.trade-off",
        "App. A, Figs. 8 and 9",
        "E_max and P_max change oppositely with N",
        Above(),
        Reading("from N = 2 to N = 20", _opposite),
    ),
)
