"""The numbers of Fig. 3(a) at M = N = 10."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symbattery.paper.charging.rows import WHOLE
from symbattery.paper.judges import landscape as land
from symbattery.paper.ledger.claim import Claim, Number, Reading
from symbattery.paper.ledger.context import Context

__all__ = ["TEN_CELLS"]


def _sampled(gamma: float, step: float, until: float) -> Callable[[Context], float]:
    """The largest E/ω₀ at M = N = 10 on a time grid of gt."""
    times = np.arange(0.0, until + 1e-9, step) / land.COUPLING
    return lambda c: float(c.charge(land.spins(10, 1, gamma)).energy(times).max())


def _sampled_power(step: float) -> Callable[[Context], float]:
    times = np.arange(step, 1.0, step) / land.COUPLING
    unit = land.COUPLING * np.sqrt(10)
    return lambda c: float(c.charge(land.spins(10)).power(times).max() / unit)


def _truncated(value: float, digits: int) -> float:
    return float(np.floor(value * 10**digits) / 10**digits)


def _ten(text: str, **more: Any) -> Claim:
    return Claim(printed=Number(text), where="Sec. II, Fig. 3(a)", **more)


TEN_CELLS = (
    _ten(
        "9.76",
        identifier="fig-3a.energy-0",
        says="E_max/ω₀ at M = N = 10, γ = 0",
        plain=Reading("first peak of E", lambda c: land.first(c, 10)),
        readings=(Reading("largest E in gt ≤ 10", lambda c: land.within(c, 10, 10)),),
    ),
    _ten(
        "9.24",
        identifier="fig-3a.power-0",
        says="P_max/(√N gω₀) at M = N = 10, γ = 0",
        plain=Reading("global maximum of P", lambda c: land.power(c, 10)),
        witness=Reading(WHOLE, lambda c: land.direct_power(c, 10)),
        instead=Reading("global maximum of P", lambda c: land.power(c, 10)),
        sources=(
            Reading("cut off after two decimals", lambda c: _truncated(land.power(c, 10), 2)),
            Reading("largest P on a grid of gt with step 0.01", _sampled_power(0.01)),
            Reading("largest P on a grid of gt with step 0.02", _sampled_power(0.02)),
        ),
    ),
    _ten(
        "7.48",
        identifier="fig-3a.energy-1",
        says="E_max/ω₀ at M = N = 10, γ = 1",
        plain=Reading("first peak of E", lambda c: land.first(c, 10, 1, 1.0)),
        readings=(
            Reading("largest E in gt ≤ 10", lambda c: land.within(c, 10, 10, 1, 1.0)),
            Reading("largest E in gt ≤ 100", lambda c: land.within(c, 10, 100, 1, 1.0)),
        ),
        witness=Reading(WHOLE, lambda c: land.direct_first(c, 10, 1, 1.0)),
        instead=Reading(
            "largest E in gt ≤ 10, the window of the 9.76",
            lambda c: land.direct_within(c, 10, 10, 1, 1.0),
        ),
        sources=(
            Reading(
                "g/ω₀ = 0.2 in place of 0.1, gt ≤ 10", lambda c: land.within(c, 10, 10, 1, 1.0, 0.2)
            ),
            Reading(
                "a grid of gt with step 0.25 (9.76 would be 9.26 on it)", _sampled(1.0, 0.25, 10)
            ),
        ),
    ),
    _ten(
        "6.67",
        identifier="fig-3a.power-1",
        says="P_max/(√N gω₀) at M = N = 10, γ = 1",
        plain=Reading("global maximum of P", lambda c: land.power(c, 10, 1, 1.0)),
    ),
)
