"""Sec. V: what the conclusion repeats."""

from __future__ import annotations

import numpy as np

from numerics.model.models import CavityCharger, SpinCharger
from symbattery.api import solve
from symbattery.paper.appendix.two_cells import largest_power
from symbattery.paper.judges import landscape as land
from symbattery.paper.judges.direct import chain_curve, power_of, spin_hops, top
from symbattery.paper.ledger.claim import Above, Claim, Number, Reading
from symbattery.paper.ledger.context import Context

__all__ = ["CONCLUSION"]


def _power_step(c: Context) -> float:
    """The smallest step of P_max/√N along N = 2…40, 60, 100, 200."""
    return float(np.diff([largest_power(k)(c) for k in (*range(2, 41), 60, 100, 200)]).min())


def _power_step_again(_: Context) -> float:
    def power(k: int) -> float:
        curve = power_of(chain_curve(spin_hops(2, k)))
        return top(curve, 1e-4, 2.0 / np.sqrt(k) * 1.5, 2000)[1] / float(np.sqrt(k))

    return float(np.diff([power(k) for k in (*range(2, 41), 60, 100, 200)]).min())


def _best_size(c: Context) -> float:
    """The number of charger spins with the largest P_max/√N, N = 2…60."""
    return float(max(range(2, 61), key=lambda k: largest_power(k)(c)))


def _worst_filling(c: Context) -> float:
    """The smallest E_max/(Mω₀) for N = M = 1…10, first peaks."""
    return float(min(land.first(c, m) / m for m in land.SIZES))


def _worst_filling_again(_: Context) -> float:
    from symbattery.paper.judges.direct import first_top

    return min(first_top(chain_curve(spin_hops(m, m)), 2.0, 2000)[1] / m for m in land.SIZES)


def _supremum_filling(_: Context) -> float:
    """The smallest supremum/(Mω₀) for N = M = 1…4, symbolic."""
    found = (
        solve(SpinCharger(m, m)).maximum("supremum").value
        / solve(SpinCharger(m, m)).model.frequency
        for m in (1, 2, 3)
    )
    return min(float(value) / m for m, value in zip((1, 2, 3), found, strict=True))


def _cavity_shortfall(c: Context) -> float:
    """The smallest 1 − E/(Mω₀) of the cavity in g̃t ≤ 200, M = 2…6."""
    return min(1 - c.max_energy(CavityCharger(m, 1), 200.0) / m for m in range(2, 7))


CONCLUSION = (
    Claim(
        "V.full",
        "Sec. V, text",
        "a full charge is reached for N = M: E_max/(Mω₀) = 1.00",
        Number("1.00"),
        Reading("smallest first peak, M = 1…10", _worst_filling),
        (
            Reading(
                "supremum over all times, M = 1, 2, 3: approached, never reached for M = 3",
                _supremum_filling,
            ),
        ),
        witness=Reading("written-down chains", _worst_filling_again),
    ),
    Claim(
        "V.cavity",
        "Sec. V, text",
        "a full charge is beyond the cavity's reach",
        Above(),
        Reading("smallest 1 − E/(Mω₀) in g̃t ≤ 200, M = 2…6, M photons", _cavity_shortfall),
    ),
    Claim(
        "V.larger",
        "Sec. V, text",
        "a larger N always gives a higher P_max",
        Above(),
        Reading("two cells, P_max/(√N gω₀), smallest step along N = 2…200", _power_step),
        (
            Reading(
                "P_max/(gω₀), without √N",
                lambda c: float(
                    np.diff([largest_power(k)(c) * k**0.5 for k in range(2, 41)]).min()
                ),
            ),
        ),
        witness=Reading("written-down chains", _power_step_again),
        instead=Reading("P_max/(√N gω₀) is largest at N =", _best_size),
    ),
)
