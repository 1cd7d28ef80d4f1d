"""Figs. 2 and 4(b): the power of the spins against that of the cavity."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from symbattery.paper.charging.rows import (
    CHAINS,
    CLOSE,
    EMITS,
    FROM_THREE,
    FROM_TWO,
    M_PHOTONS,
    Row,
    apart,
    chain_points,
    chain_powers,
    emitted_powers,
    photon_powers,
    photon_powers_again,
    rescaled_photon_powers,
    spin_powers,
)
from symbattery.paper.judges import landscape as land
from symbattery.paper.ledger.claim import Above, Below, Claim, Reading
from symbattery.paper.ledger.context import Context

__all__ = ["BENCHMARK_POWER"]


def _power_apart(ratio: int, other: Row) -> Callable[[Context], float]:
    """Largest relative distance of the powers, M = 2…10."""
    return lambda c: float(np.abs(land.powers(c, ratio) / other(c) - 1)[FROM_TWO].max())


def _power_loss(other: Row, part: slice, largest: bool) -> Callable[[Context], float]:
    def compute(c: Context) -> float:
        loss = 1 - (land.powers(c) / other(c))[part]
        return float(loss.max() if largest else loss.min())

    return compute


def _between(low: Callable[[Context], float], high: Callable[[Context], float], most: float) -> Row:
    """Positive where ``low`` is positive and ``high`` below ``most``."""
    return lambda c: min(low(c), most - high(c))


def _slightly_lower(other: Row, part: slice) -> Callable[[Context], float]:
    return _between(_power_loss(other, part, False), _power_loss(other, part, True), 0.15)


def _slightly_lower_again(c: Context) -> float:
    loss = 1 - (np.array(chain_points(1)[1]) / photon_powers_again(c))[FROM_THREE]
    return float(min(loss.min(), 0.15 - loss.max()))


BENCHMARK_POWER = (
    Claim(
        "fig-2.coincide-power",
        "Sec. II, Fig. 2",
        "P_max of the spins coincides with the cavity's for N/M ≥ 10 (within 1 %)",
        CLOSE,
        Reading(f"{M_PHOTONS}, P/(g̃ω₀)", apart(spin_powers, photon_powers)),
        (Reading(f"{M_PHOTONS}, P/(√M g̃ω₀)", apart(spin_powers, rescaled_photon_powers)),),
        witness=Reading(CHAINS, apart(chain_powers, photon_powers_again)),
        instead=Reading(
            f"largest relative distance, {M_PHOTONS}, P/(√M g̃ω₀)",
            apart(spin_powers, rescaled_photon_powers),
        ),
        sources=(Reading(EMITS, apart(spin_powers, emitted_powers)),),
    ),
    Claim(
        "fig-2.twice-power",
        "Sec. II, Fig. 2",
        "for N/M = 2 P_max is nearly that of the cavity (within 2 %)",
        Below("0.02"),
        Reading(f"{M_PHOTONS}, P/(g̃ω₀)", _power_apart(2, photon_powers)),
        (
            Reading(f"{M_PHOTONS}, P/(√M g̃ω₀)", _power_apart(2, rescaled_photon_powers)),
            Reading(EMITS, _power_apart(2, emitted_powers)),
        ),
    ),
    Claim(
        "fig-2.same-power",
        "Sec. II, Fig. 2",
        "for N = M and M ≥ 3 P_max is a little lower than the cavity's (by at most 15 %)",
        Above(),
        Reading(
            f"{M_PHOTONS}, P/(g̃ω₀): room to 0 and 15 %", _slightly_lower(photon_powers, FROM_THREE)
        ),
        (
            Reading(
                f"{M_PHOTONS}, P/(√M g̃ω₀)", _slightly_lower(rescaled_photon_powers, FROM_THREE)
            ),
            Reading(EMITS, _slightly_lower(emitted_powers, FROM_THREE)),
        ),
        witness=Reading(CHAINS, _slightly_lower_again),
    ),
    Claim(
        "fig-4b.below",
        "Sec. II, Fig. 4(b)",
        "the isotropic spin charger is slightly below the cavity in P_max (by at most 15 %)",
        Above(),
        Reading(f"M = 2…10; {M_PHOTONS}, P/(g̃ω₀)", _slightly_lower(photon_powers, FROM_TWO)),
        (
            Reading(f"{M_PHOTONS}, P/(√M g̃ω₀)", _slightly_lower(rescaled_photon_powers, FROM_TWO)),
            Reading(EMITS, _slightly_lower(emitted_powers, FROM_TWO)),
        ),
    ),
)
