"""Fig. 7: initial states that are not ideal."""

from __future__ import annotations

import numpy as np

from numerics.model.states import Dicke, InitialState, dicke, mixture, product
from symbattery.api import two_cells
from symbattery.model.symbols import omega_0
from symbattery.paper.crosstalk.ideal import IDEAL, PAULI, Compute, ideal_start
from symbattery.paper.judges.direct import (
    Curve,
    chain_curve,
    first_top,
    pauli_curve,
    spin_hops,
)
from symbattery.paper.ledger.claim import Above, Below, Claim, Number, Reading
from symbattery.paper.ledger.context import Context

__all__ = ["STARTS"]

_CHARGER = mixture([(0.6, dicke(0, 4)), *((0.1, dicke(0, up)) for up in range(4))])
_CHARGER_PRODUCT = mixture(
    [(0.6, dicke(0, 4)), *((0.1, product([0, 0], [1] * up + [0] * (4 - up))) for up in range(4))]
)

_BATTERY = mixture([(0.6, dicke(0, 4)), *((0.2, product(s, [1] * 4)) for s in ([1, 0], [0, 1]))])
_BATTERY_DICKE = mixture([(0.6, dicke(0, 4)), (0.4, dicke(1, 4))])


def _energy_share(initial: InitialState, until: float = 0.0) -> Compute:
    """E_max over that of the ideal start, both first peaks or both in gt ≤ ``until``."""

    def compute(c: Context) -> float:
        if until:
            return c.max_energy(IDEAL, until, initial) / c.max_energy(IDEAL, until)
        return c.first_peak(IDEAL, initial) / c.first_peak(IDEAL)

    return compute


def _power_share(initial: InitialState) -> Compute:
    return lambda c: c.max_power(IDEAL, initial) / c.max_power(IDEAL)


def _charger_curve() -> Curve:
    """Fig. 7, non-ideal chargers, from collective chains."""
    parts = [(0.6, 4), *((0.1, up) for up in (1, 2, 3))]
    curves = [(w, chain_curve(spin_hops(2, 4, up))) for w, up in parts]
    return lambda times: sum(w * curve(times) for w, curve in curves)  # type: ignore[return-value]


def _charger_share_again(_: Context) -> float:
    ideal = first_top(chain_curve(spin_hops(2, 4)), 2.0, 2000)[1]
    return first_top(_charger_curve(), 2.0, 2000)[1] / ideal


def _battery_share_again(_: Context) -> float:
    """Fig. 7, non-empty batteries, with Pauli matrices on 64 states."""
    starts = [(0.6, ideal_start()[0][1])]
    for place in (0b010000, 0b100000):
        vector = np.zeros(64)
        vector[place] = 1
        starts.append((0.2, vector))
    return first_top(pauli_curve(2, 4, starts), 2.0, 2000)[1] / (48 / 25)


def _truncated_share(c: Context) -> float:
    return float(np.floor(100 * _energy_share(_CHARGER)(c)) / 100)


def _worse_energy(c: Context) -> float:
    return _energy_share(_CHARGER)(c) - _energy_share(_BATTERY)(c)


def _worse_power(c: Context) -> float:
    return _power_share(_CHARGER)(c) - _power_share(_BATTERY)(c)


def _shortfall(up: int) -> Compute:
    """2 − the largest E/ω₀ in gt ≤ 60 with so many charger spins up."""
    return lambda c: 2 - c.max_energy(IDEAL, 60.0, Dicke(0, up))


def _impeded_by_others(_: Context) -> float:
    """The ideal E_max/ω₀ less the smaller one of |00, m = 0⟩ and |00, m = 1⟩, closed forms."""
    ideal, *others = (
        two_cells(4, excited_chargers=up).maximum().value / omega_0 for up in (4, 3, 2)
    )
    return float(ideal - min(others))


def _time_apart(c: Context) -> float:
    """How much earlier, in gt, the first peak of E comes from |01⟩ than from |00⟩."""
    ideal = c.charge(IDEAL).first_peak().time
    return ideal - c.charge(IDEAL, product([1, 0], [1] * 4)).first_peak().time


def _ergotropy(weights: list[float], energies: list[float]) -> float:
    """Mean energy less that of the passive state: larger weights on lower levels."""
    mean = float(np.dot(weights, energies))
    return mean - float(np.dot(sorted(weights, reverse=True), sorted(energies)))


def _single_ergotropy(_: Context) -> float:
    """Of |01⟩, in ω₀."""
    return _ergotropy([0, 1, 0, 0], [-1, 0, 0, 1])


def _single_ergotropy_again(_: Context) -> float:
    """By the best unitary, which takes |01⟩ to |00⟩: one ω₀."""
    return 1.0


def _battery_ergotropy(_: Context) -> float:
    """Of the two cells in the mixture of Fig. 7."""
    return _ergotropy([0.6, 0.2, 0.2, 0], [-1, 0, 0, 1])


STARTS = (
    Claim(
        "fig-7a.charger",
        "Sec. IV, Fig. 7(a)",
        "E_max with non-ideal chargers over the ideal one",
        Number("0.84"),
        Reading("first peaks, the states of Eq. (18)", _energy_share(_CHARGER)),
        (Reading("largest E in gt ≤ 60", _energy_share(_CHARGER, 60.0)),),
        witness=Reading("written-down chains", _charger_share_again),
        instead=Reading("first peaks", _energy_share(_CHARGER)),
        sources=(
            Reading("cut off after two decimals", _truncated_share),
            Reading("product states in place of |m⟩", _energy_share(_CHARGER_PRODUCT)),
        ),
    ),
    Claim(
        "fig-7b.charger",
        "Sec. IV, Fig. 7(b)",
        "P_max with non-ideal chargers over the ideal one",
        Number("0.88"),
        Reading("global maxima", _power_share(_CHARGER)),
    ),
    Claim(
        "fig-7a.battery",
        "Sec. IV, Fig. 7(a)",
        "E_max with non-empty batteries over the ideal one",
        Number("0.70"),
        Reading("first peaks, the product states of Eq. (20)", _energy_share(_BATTERY)),
        (
            Reading("largest E in gt ≤ 10", _energy_share(_BATTERY, 10.0)),
            Reading("largest E in gt ≤ 60", _energy_share(_BATTERY, 60.0)),
        ),
        witness=Reading(PAULI, _battery_share_again),
        instead=Reading("first peaks", _energy_share(_BATTERY)),
        sources=(
            Reading("symmetric states in place of |01⟩ and |10⟩", _energy_share(_BATTERY_DICKE)),
        ),
    ),
    Claim(
        "fig-7b.battery",
        "Sec. IV, Fig. 7(b)",
        "P_max with non-empty batteries over the ideal one",
        Number("0.72"),
        Reading("global maxima", _power_share(_BATTERY)),
    ),
    Claim(
        "fig-7a.worse",
        "Sec. IV, Fig. 7(a)",
        "non-empty batteries store less than non-ideal chargers give",
        Above(),
        Reading("difference of the shares, first peaks", _worse_energy),
    ),
    Claim(
        "fig-7b.worse",
        "Sec. IV, Fig. 7(b)",
        "non-empty batteries lose more of P_max than non-ideal chargers do",
        Above(),
        Reading("difference of the shares", _worse_power),
    ),
    Claim(
        "fig-7.dark",
        "Sec. IV, Fig. 7",
        "|00, m = −2⟩ stores nothing",
        Below("0"),
        Reading("largest E in gt ≤ 60", lambda c: c.max_energy(IDEAL, 60.0, Dicke(0, 0))),
    ),
    Claim(
        "fig-7.half",
        "Sec. IV, Fig. 7",
        "|00, m = −1⟩ impedes full charging",
        Above("0.5"),
        Reading("2 − largest E/ω₀ in gt ≤ 60", _shortfall(1)),
    ),
    Claim(
        "fig-7.others",
        "Sec. IV, Fig. 7",
        "|Ψ₁ᶜ⟩ and |Ψ₂ᶜ⟩ are what impedes it: |00, m = 0⟩ and |00, m = 1⟩ store no less than ideal",
        Below("0"),
        Reading("ideal E_max/ω₀ less the smaller of theirs, closed forms", _impeded_by_others),
    ),
    Claim(
        "fig-7.asynchronous",
        "Sec. IV, Fig. 7",
        "charging from |00⟩ is not synchronous with that from |01⟩",
        Above(),
        Reading("difference of the times of the first peaks, in 1/g", _time_apart),
    ),
    Claim(
        "IV.passive",
        "Sec. IV, text",
        "the non-ideal states are passive: no work can be extracted",
        Below("0"),
        Reading("work in ω₀ from the battery |01⟩ of Eq. (20)", _single_ergotropy),
        (Reading("from the whole mixture of Fig. 7, two cells", _battery_ergotropy),),
        witness=Reading("swap to |00⟩", _single_ergotropy_again),
    ),
)
