"""Fig. 9: P(t) of two cells with more and more charger spins."""

from __future__ import annotations

import numpy as np

from numerics.model.models import CavityCharger, Model, SpinCharger
from symbattery.paper.appendix.two_cells import largest_power, peak_energy
from symbattery.paper.judges import landscape as land
from symbattery.paper.judges.direct import (
    chain_curve,
    power_of,
    spin_hops,
    top,
)
from symbattery.paper.ledger.claim import Above, Below, Claim, Number, Reading
from symbattery.paper.ledger.context import Context

__all__ = ["AVERAGE_POWER"]


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
    """The largest share of P_max that P still reaches in 50 ≤ gt ≤ 60."""
    times = np.linspace(50.0, 60.0, 20_001)
    models: list[Model] = [*(SpinCharger(2, n, 1) for n in (2, 20, 200)), CavityCharger(2, 1)]
    return max(float(c.charge(one).power(times).max() / c.max_power(one)) for one in models)


AVERAGE_POWER = (
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
        "P_max of N = 200 is close to that of the cavity: they differ by 0.0 g̃ω₀",
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
        "P decays with time, for spins and cavity alike: to a twentieth at gt = 50",
        Below("0.05"),
        Reading("largest share of P_max in 50 ≤ gt ≤ 60, N = 2, 20, 200 and two photons", _decay),
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
