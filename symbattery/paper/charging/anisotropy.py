"""Figs. 3 and 4: what the anisotropy γ costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symbattery.paper.charging.rows import FIRST, FROM_TWO, RATIOS, WHOLE
from symbattery.paper.judges import landscape as land
from symbattery.paper.ledger.claim import Above, Claim, Reading
from symbattery.paper.ledger.context import Context

__all__ = ["ANISOTROPY"]


def _gamma_steps(
    of: Callable[[Context, int, float], Any], ratios: tuple[int, ...] = RATIOS
) -> Callable[[Context], float]:
    """The smallest fall from one γ to the next, M = 2…10."""

    def compute(c: Context) -> float:
        falls = (
            -np.diff([of(c, r, a)[FROM_TWO] for a in land.ANISOTROPIES], axis=0).max()
            for r in ratios
        )
        return float(min(falls))

    return compute


def _gamma_e(until: float) -> Callable[[Context, int, float], Any]:
    return lambda c, r, a: land.energies(c, r, a, until)


def _loss(value: Callable[..., float], **more: Any) -> Callable[[Context, int], float]:
    """1 − (γ = 1)/(γ = 0) at M = 10."""
    return lambda c, ratio: (
        1 - value(c, 10, ratio=ratio, gamma=1.0, **more) / value(c, 10, ratio=ratio, **more)
    )


def _considerable(c: Context) -> float:
    """The smaller of the losses of E and P at N/M = 10 and γ = 1."""
    return min(_loss(land.first)(c, 10), _loss(land.power)(c, 10))


def _power_suffers_more(c: Context) -> float:
    return _loss(land.power)(c, 1) - _loss(land.first)(c, 1)


def _power_suffers_again(c: Context) -> float:
    e = [land.direct_first(c, 10, 1, a) for a in (0.0, 1.0)]
    p = [land.direct_power(c, 10, 1, a) for a in (0.0, 1.0)]
    return (1 - p[1] / p[0]) - (1 - e[1] / e[0])


def _power_suffers_in_window(c: Context) -> float:
    return _loss(land.power)(c, 1) - (1 - land.within(c, 10, 10, 1, 1.0) / land.within(c, 10, 10))


ANISOTROPY = (
    Claim(
        "fig-3.energy-falls",
        "Sec. II, Fig. 3",
        "a smaller γ yields a higher E_max, in every panel",
        Above(),
        Reading(f"smallest fall along γ, M = 2…10; {FIRST}", _gamma_steps(_gamma_e(0.0))),
    ),
    Claim(
        "fig-3.power-falls",
        "Sec. II, Fig. 3",
        "a smaller γ yields a higher P_max, in every panel",
        Above(),
        Reading("smallest fall along γ, M = 2…10", _gamma_steps(land.powers)),
    ),
    Claim(
        "fig-3d.smaller",
        "Sec. II, Fig. 3(d)",
        "for N/M = 10 both maxima are considerably smaller at γ = 1 (by a fifth at least)",
        Above("0.2"),
        Reading(f"loss at M = 10; {FIRST}", _considerable),
    ),
    Claim(
        "fig-4a.monotonic",
        "Sec. II, Fig. 4(a)",
        "E_max falls with γ at N = M",
        Above(),
        Reading(f"smallest fall; {FIRST}", _gamma_steps(_gamma_e(0.0), (1,))),
        (Reading("largest E in gt ≤ 10", _gamma_steps(_gamma_e(10.0), (1,))),),
    ),
    Claim(
        "fig-4b.monotonic",
        "Sec. II, Fig. 4(b)",
        "P_max falls with γ at N = M",
        Above(),
        Reading("smallest fall", _gamma_steps(land.powers, (1,))),
    ),
    Claim(
        "fig-4.power-suffers",
        "Sec. II, Fig. 4",
        "anisotropy harms the power more than the energy",
        Above(),
        Reading(f"difference of the relative losses, M = 10, γ = 1; {FIRST}", _power_suffers_more),
        (Reading("largest E in gt ≤ 10", _power_suffers_in_window),),
        witness=Reading(WHOLE, _power_suffers_again),
    ),
)
