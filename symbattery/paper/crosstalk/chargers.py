"""Fig. 6: crosstalk among the charger spins."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sympy import limit, oo

from numerics.model.models import SpinCharger
from symbattery.api import two_cells
from symbattery.limits.strong_crosstalk import strong_crosstalk
from symbattery.model.symbols import N, g_1, omega_0
from symbattery.paper.crosstalk.ideal import IDEAL, PAULI, Compute, crosstalk_model, ideal_start
from symbattery.paper.judges.direct import (
    chain_curve,
    first_top,
    pauli_curve,
    spin_hops,
    top,
)
from symbattery.paper.ledger.claim import Above, Below, Claim, Number, Reading
from symbattery.paper.ledger.context import Context

__all__ = ["CHARGERS"]


def _first(g1: float) -> Compute:
    return lambda c: c.first_peak(crosstalk_model(g1))


def _within(g1: float, until: float = 10.0) -> Compute:
    return lambda c: c.max_energy(crosstalk_model(g1), until)


def _power(g1: float) -> Compute:
    return lambda c: c.max_power(crosstalk_model(g1))


def _first_pauli(g1: float) -> Compute:
    return lambda _: first_top(pauli_curve(2, 4, ideal_start(), g1), 3.0, 4000)[1]


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


_FIRST = "first peak of E"

CHARGERS = (
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
        witness=Reading(PAULI, _first_pauli(10.0)),
    ),
    Claim(
        "fig-6b.ideal",
        "Sec. IV, Fig. 6(b)",
        "P_max/(gω₀) without crosstalk",
        Number("3.04"),
        Reading("global maximum", lambda c: c.max_power(IDEAL)),
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
                lambda c: c.max_energy(crosstalk_model(100.0, 2, 2), 1.0),
            ),
        ),
    ),
)
