"""Sec. IV: crosstalk among the spins, and initial states that are not ideal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sympy import limit, oo

from numerics.models import SpinCharger
from numerics.states import Dicke, InitialState, dicke, mixture, product
from symbattery.cases import two_cells
from symbattery.paper.claims import Above, Below, Claim, Number, Reading
from symbattery.paper.context import Context
from symbattery.paper.direct import (
    Curve,
    chain_curve,
    first_top,
    pauli_curve,
    spin_hops,
    top,
)
from symbattery.strong_crosstalk import strong_crosstalk
from symbattery.symbols import N, g_1, omega_0

__all__ = ["CROSSTALK"]

Compute = Callable[[Context], float]
_IDEAL = SpinCharger(2, 4, 1)


def _model(g1: float, cells: int = 2, chargers: int = 4) -> SpinCharger:
    return SpinCharger(cells, chargers, 1, charger_crosstalk=g1)


def _first(g1: float) -> Compute:
    return lambda c: c.first_peak(_model(g1))


def _within(g1: float, until: float = 10.0) -> Compute:
    return lambda c: c.max_energy(_model(g1), until)


def _power(g1: float) -> Compute:
    return lambda c: c.max_power(_model(g1))


def _ideal_start() -> list[tuple[float, Any]]:
    vector = np.zeros(64)
    # Cells first; 1 is down.
    vector[0b110000] = 1
    return [(1.0, vector)]


def _first_pauli(g1: float) -> Compute:
    return lambda _: first_top(pauli_curve(2, 4, _ideal_start(), g1), 3.0, 4000)[1]


def _closed_form(_: Context) -> float:
    return float(two_cells(4).maximum().value / omega_0)


def _falls(of: Callable[[float], Compute]) -> Compute:
    """The smallest fall along g₁/g = 0, 0.1, 0.2, 0.5, 1, 2, 5, 7, 10."""
    steps = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 7.0, 10.0)
    return lambda c: float(-np.diff([of(s)(c) for s in steps]).max())


def _law_vanishes(_: Context) -> float:
    """The limit g₁ → ∞ of E_max/ω₀ for M = 2 and N = 4, from the law."""
    value = strong_crosstalk(SpinCharger(2, 4, charger_crosstalk=g_1)).maximum().value
    return float(limit(value / omega_0, g_1, oo).subs(omega_0, 1))


def _equal_numbers_law(_: Context) -> float:
    """E_max/ω₀ for M = N = 2 and g₁ → ∞, from the law."""
    law = strong_crosstalk(SpinCharger(2, N, charger_crosstalk=g_1))
    return float(law.resonances[1].value / omega_0)


def _equal_numbers_chain(_: Context) -> float:
    """The same at g₁/g = 100, to leading order 2, from the chain written down."""
    g1 = 1000.0
    levels = np.array([0.0, 2.0 * g1, 0.0])
    curve = chain_curve(spin_hops(2, 2), levels)
    return round(top(curve, 0.0, 1.2 * np.pi * g1 / 4, 20_000)[1], 4)


def _cell_crosstalk(g2: float, until: float) -> Compute:
    return lambda c: c.max_energy(SpinCharger(2, 4, 1, cell_crosstalk=g2), until)


def _cell_crosstalk_long(c: Context) -> float:
    return _cell_crosstalk(20.0, 100.0)(c)


def _cell_crosstalk_chain(_: Context) -> float:
    curve = chain_curve(spin_hops(2, 4), np.array([0.0, 2.0 * 20, 0.0]))
    return top(curve, 0.0, 100.0, 60_000)[1]


def _size_loss(cells: int, g1: float) -> Compute:
    """1 − E_max/E_max(g₁ = 0) with N = 2M, first peaks."""
    return lambda c: (
        1
        - c.first_peak(_model(g1, cells, 2 * cells))
        / c.first_peak(SpinCharger(cells, 2 * cells, 1))
    )


def _size_declines(c: Context) -> float:
    """The smallest fall of the loss at g₁/g = 0.1 along M = 2, 3, 4, 6, 8 with N = 2M."""
    return float(-np.diff([_size_loss(m, 0.1)(c) for m in (2, 3, 4, 6, 8)]).max())


def _size_declines_chain(_: Context) -> float:
    def loss(m: int) -> float:
        k, n = np.arange(m + 1.0), 2 * m
        levels = 0.1 * 2 * k * (n - k)
        end = 6.0 / m
        bare = first_top(chain_curve(spin_hops(m, n)), end, 2000)[1]
        return 1 - first_top(chain_curve(spin_hops(m, n), levels), end, 2000)[1] / bare

    return float(-np.diff([loss(m) for m in (2, 3, 4, 6, 8)]).max())


def _start_declines(c: Context) -> float:
    """The smallest fall of the loss of E_max from one flipped cell, probability 0.4, N = 2M."""

    def loss(m: int) -> float:
        model, up = SpinCharger(m, 2 * m, 1), [1] * (2 * m)
        start = mixture([(0.6, dicke(0, 2 * m)), (0.4, product([1] + [0] * (m - 1), up))])
        return 1 - c.first_peak(model, start) / c.first_peak(model)

    return float(-np.diff([loss(m) for m in (2, 3, 4, 5, 6)]).max())


# Initial states -----------------------------------------------------------------------------------

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
            return c.max_energy(_IDEAL, until, initial) / c.max_energy(_IDEAL, until)
        return c.first_peak(_IDEAL, initial) / c.first_peak(_IDEAL)

    return compute


def _power_share(initial: InitialState) -> Compute:
    return lambda c: c.max_power(_IDEAL, initial) / c.max_power(_IDEAL)


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
    starts = [(0.6, _ideal_start()[0][1])]
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
    return lambda c: 2 - c.max_energy(_IDEAL, 60.0, Dicke(0, up))


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


_FIRST = "first peak of E"
_PAULI = "Pauli matrices on 64 states"

CROSSTALK = (
    Claim(
        "fig-6a.ideal",
        "Sec. IV, Fig. 6(a)",
        "E_max/ω₀ of M = 2, N = 4 without crosstalk",
        Number("1.92"),
        Reading("supremum, closed form", _closed_form),
    ),
    Claim(
        "fig-6a.solid",
        "Sec. IV, Fig. 6(a)",
        "E_max/ω₀ at g₁/g = 0.1",
        Number("1.91"),
        Reading(_FIRST, _first(0.1)),
    ),
    Claim(
        "fig-6a.dash-dotted",
        "Sec. IV, Fig. 6(a)",
        "E_max/ω₀ at g₁/g = 1",
        Number("0.85"),
        Reading(_FIRST, _first(1.0)),
    ),
    Claim(
        "fig-6a.seven",
        "Sec. IV, Fig. 6(a)",
        "E_max at g₁/g = 7 as a fraction of a full charge",
        Number("0.01"),
        Reading(_FIRST, lambda c: _first(7.0)(c) / 2),
    ),
    Claim(
        "fig-6a.dotted",
        "Sec. IV, Fig. 6(a)",
        "at g₁/g = 10 nothing is stored: 0.00",
        Number("0.00"),
        Reading("first peak of E/ω₀", _first(10.0)),
        (Reading("as a fraction of a full charge", lambda c: _first(10.0)(c) / 2),),
        witness=Reading(_PAULI, _first_pauli(10.0)),
    ),
    Claim(
        "fig-6b.ideal",
        "Sec. IV, Fig. 6(b)",
        "P_max/(gω₀) without crosstalk",
        Number("3.04"),
        Reading("global maximum", lambda c: c.max_power(_IDEAL)),
    ),
    Claim(
        "fig-6b.solid",
        "Sec. IV, Fig. 6(b)",
        "P_max/(gω₀) at g₁/g = 0.1",
        Number("3.02"),
        Reading("global maximum", _power(0.1)),
    ),
    Claim(
        "fig-6b.dash-dotted",
        "Sec. IV, Fig. 6(b)",
        "P_max/(gω₀) at g₁/g = 1",
        Number("1.83"),
        Reading("global maximum", _power(1.0)),
    ),
    Claim(
        "fig-6a.falls",
        "Sec. IV, Fig. 6(a)",
        "E_max falls as g₁ grows",
        Above(),
        Reading("smallest fall along g₁/g = 0…10, first peaks", _falls(_first)),
        (Reading("largest E in gt ≤ 10", _falls(_within)),),
    ),
    Claim(
        "fig-6b.falls",
        "Sec. IV, Fig. 6(b)",
        "P_max falls as g₁ grows",
        Above(),
        Reading("smallest fall along g₁/g = 0…10", _falls(_power)),
    ),
    Claim(
        "IV.decouple",
        "Sec. IV, text",
        "g₁ ≫ g decouples M = 2 from N = 4: E_max → 0",
        Below("0"),
        Reading("limit of the law of the first peak", _law_vanishes),
    ),
    Claim(
        "IV.decouple-any",
        "Sec. IV, text",
        "g₁ ≫ g decouples a battery from its charger: so for M = N = 2",
        Number("0.00"),
        Reading("limit of the supremum, from the law", _equal_numbers_law),
        witness=Reading("g₁/g = 1000, written-down chain, to four decimals", _equal_numbers_chain),
        instead=Reading("E_max/ω₀ → 2, at t = πg₁/(4g²)", _equal_numbers_law),
        sources=(
            Reading(
                "largest E in gt ≤ 1 at g₁/g = 100",
                lambda c: c.max_energy(_model(100.0, 2, 2), 1.0),
            ),
        ),
    ),
    Claim(
        "IV.cells-weak",
        "Sec. IV, text",
        "weak crosstalk among the cells lowers E_max",
        Above(),
        Reading(
            "E_max(0) − E_max at g₂/g = 0.1, gt ≤ 10, M = 2, N = 4",
            lambda c: _cell_crosstalk(0.0, 10.0)(c) - _cell_crosstalk(0.1, 10.0)(c),
        ),
        (
            Reading(
                "first peaks",
                lambda c: (
                    c.first_peak(_IDEAL) - c.first_peak(SpinCharger(2, 4, 1, cell_crosstalk=0.1))
                ),
            ),
        ),
    ),
    Claim(
        "IV.cells-strong",
        "Sec. IV, text",
        "strong crosstalk among the cells separates both sides: E_max/ω₀ at g₂/g = 20 is 0.0",
        Number("0.0"),
        Reading("largest E in gt ≤ 100, M = 2, N = 4", _cell_crosstalk_long),
        witness=Reading("written-down chain: both ends of it are resonant", _cell_crosstalk_chain),
        instead=Reading(
            "largest E/ω₀ in gt ≤ 100: |00⟩ and |11⟩ have the same crosstalk energy",
            _cell_crosstalk_long,
        ),
        sources=(Reading("largest E in gt ≤ 1", _cell_crosstalk(20.0, 1.0)),),
    ),
    Claim(
        "IV.size",
        "Sec. IV, text",
        "the harm of crosstalk declines with the size",
        Above(),
        Reading(
            "smallest fall of the loss of E_max, g₁/g = 0.1, N = 2M, M = 2, 3, 4, 6, 8",
            _size_declines,
        ),
        witness=Reading("written-down chains", _size_declines_chain),
        instead=Reading(
            "loss of E_max at M = 8, N = 16 (M = 2, N = 4: 0.007259)", _size_loss(8, 0.1)
        ),
    ),
    Claim(
        "IV.size-start",
        "Sec. IV, text",
        "the harm of a non-ideal start declines with the size",
        Above(),
        Reading(
            "smallest fall of the loss of E_max, one flipped cell with probability 0.4, N = 2M, "
            "M = 2…6",
            _start_declines,
        ),
    ),
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
        witness=Reading(_PAULI, _battery_share_again),
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
        "so it is for the power",
        Above(),
        Reading("difference of the shares", _worse_power),
    ),
    Claim(
        "fig-7.dark",
        "Sec. IV, Fig. 7",
        "|00, m = −2⟩ stores nothing",
        Below("0"),
        Reading("largest E in gt ≤ 60", lambda c: c.max_energy(_IDEAL, 60.0, Dicke(0, 0))),
    ),
    Claim(
        "fig-7.half",
        "Sec. IV, Fig. 7",
        "|00, m = −1⟩ impedes full charging",
        Above("0.5"),
        Reading("2 − largest E/ω₀ in gt ≤ 60", _shortfall(1)),
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
