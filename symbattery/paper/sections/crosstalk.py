"""Sec. IV and Fig. 6: crosstalk among the charger spins, and among the cells."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from sympy import limit, oo

from numerics.model.models import SpinCharger
from symbattery.api import two_cells
from symbattery.limits.strong_crosstalk import strong_crosstalk
from symbattery.paper.claim import Above, Below, Claim, Compute, Context, Number, Reading
from symbattery.paper.judges import direct
from symbattery.paper.judges.pauli import flips
from symbattery.symbols import N, g_1, omega_0

__all__ = ["CROSSTALK", "IDEAL", "PAULI", "STATES", "crosstalk_model"]

_FIG_6_A = "Sec. IV, Fig. 6(a)"
_FIG_6_B = "Sec. IV, Fig. 6(b)"
_TEXT = "Sec. IV, text"
IDEAL = SpinCharger(2, 4, 1)
_FIRST = "first peak of $E$"
PAULI = "Pauli matrices on 64 states"
# Of two cells and four charger spins; cells first, and a bit 1 is down.
STATES = np.eye(64)


def crosstalk_model(g1: float, cells: int = 2, chargers: int = 4) -> SpinCharger:
    """A battery whose charger spins are coupled by g₁, in units of g."""
    return SpinCharger(cells, chargers, 1, charger_crosstalk=g1)


def _value(name: str, g1: float, *window: float) -> Compute:
    return lambda c: getattr(c, name)(crosstalk_model(g1), *window)


_first, _power = partial(_value, "first_peak"), partial(_value, "max_power")


def _falls(of: Callable[[float], Compute]) -> Compute:
    """The smallest fall along g₁/g = 0, 0.1, 0.2, 0.5, 1, 2, 5, 7, 10."""
    steps = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 7.0, 10.0)
    return lambda c: direct.smallest_fall(of(s)(c) for s in steps)


def _law_vanishes(_: Context) -> float:
    """The limit g₁ → ∞ of E_max/ω₀ for M = 2 and N = 4, from the law."""
    value = strong_crosstalk(SpinCharger(2, 4, charger_crosstalk=g_1)).maximum().value
    return float(limit(value / omega_0, g_1, oo).subs(omega_0, 1))


def _equal_numbers_law(_: Context) -> float:
    """E_max/ω₀ for M = N = 2 and g₁ → ∞, from the law."""
    law = strong_crosstalk(SpinCharger(2, N, charger_crosstalk=g_1))
    return float(law.resonances[1].value / omega_0)


def _chain_top(chargers: int, middle: float, until: float, samples: int) -> float:
    """The largest E/ω₀ of two cells whose middle state is detuned, from a written-down chain."""
    curve = direct.chain_curve(direct.spin_hops(2, chargers), np.array([0.0, middle, 0.0]))
    return direct.top(curve, 0.0, until, samples)[1]


def _cells_coupled(g2: float) -> SpinCharger:
    return SpinCharger(2, 4, 1, cell_crosstalk=g2)


def _self_charged(_: Context) -> float:
    """The largest E/ω₀ in g₂t ≤ 10 of two cells with crosstalk and nothing else, from empty."""
    curve = direct.pauli_curve(2, 0, [(1.0, np.array([0.0, 0.0, 0.0, 1.0]))], 0.0, 1.0)
    return float(np.abs(curve(np.linspace(0.0, 10.0, 1001))).max())


def _crosstalk_energy(_: Context) -> float:
    """The largest ⟨H_B⟩/ω₀ while charging, M = 2, N = 4, g₂ = g = ω₀: 2g₂ in the middle state."""
    levels = np.array([0.0, 2.0, 0.0])
    states = direct.chain_states(direct.spin_hops(2, 4), levels)(np.linspace(0.0, 10.0, 4001))
    return float((levels @ np.abs(states) ** 2).max())


CROSSTALK = (
    Claim("fig-6a.ideal", _FIG_6_A,
        r"$E_{\max}/\omega_0$ of $M = 2$, $N = 4$ without crosstalk", Number("1.92"),
        Reading("supremum, closed form", lambda _: float(two_cells(4).maximum().value / omega_0))),
    Claim("fig-6a.solid", _FIG_6_A, r"$E_{\max}/\omega_0$ at $g_1/g = 0.1$", Number("1.91"),
        Reading(_FIRST, _first(0.1))),
    Claim("fig-6a.dash-dotted", _FIG_6_A, r"$E_{\max}/\omega_0$ at $g_1/g = 1$", Number("0.85"),
        Reading(_FIRST, _first(1.0))),
    Claim("fig-6a.seven", _FIG_6_A, r"$E_{\max}$ at $g_1/g = 7$ as a fraction of a full charge",
        Number("0.01", "about"), Reading(_FIRST, lambda c: _first(7.0)(c) / 2)),
    Claim("fig-6a.dotted", _FIG_6_A, "at $g_1/g = 10$ nothing is stored: 0.00", Number("0.00"),
        Reading(r"first peak of $E/\omega_0$", _first(10.0)),
        (Reading("as a fraction of a full charge", lambda c: _first(10.0)(c) / 2),),
        witness=Reading(PAULI,
            lambda _: direct.first_top(
                direct.pauli_curve(2, 4, [(1.0, STATES[0b110000])], 10.0), 3.0, 4000)[1])),
    Claim("fig-6b.ideal", _FIG_6_B, r"$P_{\max}/(g\omega_0)$ without crosstalk",
        Number("3.04", "≈"), Reading("global maximum", lambda c: c.max_power(IDEAL))),
    Claim("fig-6b.solid", _FIG_6_B, r"$P_{\max}/(g\omega_0)$ at $g_1/g = 0.1$",
        Number("3.02", "≈"), Reading("global maximum", _power(0.1))),
    Claim("fig-6b.dash-dotted", _FIG_6_B, r"$P_{\max}/(g\omega_0)$ at $g_1/g = 1$",
        Number("1.83", "≈"), Reading("global maximum", _power(1.0))),
    Claim("fig-6a.falls", _FIG_6_A, r"$E_{\max}$ falls as $g_1$ grows", Above(),
        Reading(r"smallest fall along $g_1/g = 0 \dots 10$, first peaks", _falls(_first)),
        (Reading(r"largest $E$ in $gt \le 10$",
            _falls(lambda g1: _value("max_energy", g1, 10.0))),)),
    Claim("fig-6b.falls", _FIG_6_B, r"$P_{\max}$ falls as $g_1$ grows", Above(),
        Reading(r"smallest fall along $g_1/g = 0 \dots 10$", _falls(_power))),
    Claim("IV.decouple", _TEXT,
        r"$g_1 \gg g$ decouples $M = 2$ from $N = 4$: $E_{\max} \to 0$", Below("0"),
        Reading("limit of the law of the first peak", _law_vanishes)),
    Claim("IV.decouple-any", _TEXT,
        r"$g_1 \gg g$ decouples a battery from its charger: so for $M = N = 2$",
        Number("0.00"), Reading("limit of the supremum, from the law", _equal_numbers_law),
        (Reading(r"largest $E/\omega_0$ in $gt \le 1$ at $g_1/g = 100$, where an ideal charge is "
                "over", lambda c: c.max_energy(crosstalk_model(100.0, 2, 2), 1.0)),),
        witness=Reading("$g_1/g = 1000$, written-down chain, to four decimals",
            lambda _: round(_chain_top(2, 2000.0, 300 * np.pi, 20_000), 4)),
        instead=Reading(r"$E_{\max}/\omega_0 \to 2$ later, at $t = \pi g_1/(4g^2)$",
            _equal_numbers_law)),
    Claim("IV.cells-weak", _TEXT, r"weak crosstalk among the cells lowers $E_{\max}$", Above(),
        Reading(r"$E_{\max}(0) - E_{\max}$ at $g_2/g = 0.1$, $gt \le 10$, $M = 2$, $N = 4$",
            lambda c: c.max_energy(IDEAL, 10.0) - c.max_energy(_cells_coupled(0.1), 10.0)),
        (Reading("first peaks",
                lambda c: c.first_peak(IDEAL) - c.first_peak(_cells_coupled(0.1))),)),
    Claim("IV.cells-strong", _TEXT,
        r"strong crosstalk among the cells separates both sides: $E_{\max}/\omega_0$ at "
        "$g_2/g = 20$ is 0.0", Number("0.0"),
        Reading(r"largest $E$ in $gt \le 100$, $M = 2$, $N = 4$",
            lambda c: c.max_energy(_cells_coupled(20.0), 100.0)),
        (Reading("first peak of $E$, as for Fig. 6",
                lambda c: c.first_peak(_cells_coupled(20.0))),),
        witness=Reading("written-down chain: both ends of it are resonant",
            lambda _: _chain_top(4, 40.0, 100.0, 60_000)),
        instead=Reading(
            r"largest $E/\omega_0$ in $gt \le 100$: $|00\rangle$ and $|11\rangle$ have the same "
            "crosstalk energy", lambda c: c.max_energy(_cells_coupled(20.0), 100.0))),
    Claim("IV.self-charging", _TEXT, "crosstalk of the cells charges an empty battery by itself",
        Above(),
        Reading(r"largest $E/\omega_0$ of two cells with $g_2$ and no charger, Pauli matrices",
            _self_charged),
        (Reading(
                r"$\langle H_B\rangle$ rises while the charger charges, $M = 2$, $N = 4$, "
                "$g_2 = g$; it is not in Eq. (7)",
                _crosstalk_energy),),
        witness=Reading(r"$\sigma^-$ annihilates $|00\rangle$",
            lambda _: float(flips((0, 1), 2)[:, 3].norm())),
        instead=Reading("$E$ of the empty battery under its own crosstalk", _self_charged)),
)  # fmt: skip
