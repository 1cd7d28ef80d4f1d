"""Eqs. (16) and (17): two cells and two charger spins, one of them thermal."""

from __future__ import annotations

from typing import Any

from sympy import (
    Expr,
    Rational,
    S,
    cos,
    pi,
    sin,
    sqrt,
)

from symbattery.api import thermal_charger, two_cells
from symbattery.model.symbols import g, omega_0, p_1, t
from symbattery.paper.ledger.claim import Above, Claim, Reading, Zero
from symbattery.paper.ledger.context import Context

__all__ = ["THERMAL_SPIN"]


def _printed_17() -> Expr:
    slow, fast = sin(sqrt(2) * g * t) ** 2, sin(2 * g * t) ** 2
    return 2 * omega_0 * slow - (1 - p_1) * omega_0 * (2 * slow - fast)


def _thermal() -> Expr:
    return thermal_charger().explicit().energy


def _eq_17(_: Context) -> Any:
    return _printed_17() - _thermal()


def _eq_17_pauli(_: Context) -> Any:
    """The difference once more, from the product state |10⟩ split by hand.

    |10⟩ is half |m = 0⟩ and half the singlet, which stays dark: the printed p₀ sin²(2gt) is twice
    what there is.
    """
    return (1 - p_1) * omega_0 * sin(2 * g * t) ** 2 / 2


def _eq_17_at_peak(_: Context) -> Any:
    """E/ω₀ at 2gt = π/2 and p₀ = 1."""
    return float((_thermal() / omega_0).subs(p_1, 0).subs(t, pi / (4 * g)))


def _eq_17_collective(_: Context) -> Any:
    full, half = (two_cells(2, excited_chargers=up).explicit().energy for up in (2, 1))
    return _printed_17() - p_1 * full - (1 - p_1) * half


def _eq_17_ideal(_: Context) -> Any:
    return _printed_17().subs(p_1, 1) - two_cells(2).explicit().energy


def _eq_17_shortfall(_: Context) -> Any:
    """2 − E_max/ω₀ at p₀ = 1/100, from the bound 2p₁ + p₀/2 that sin² ≤ 1 gives."""
    energy = _thermal() / omega_0
    bound = energy.replace(lambda e: isinstance(e, (sin, cos)), lambda e: S.One)
    return float(2 - bound.subs(p_1, Rational(99, 100)))


THERMAL_SPIN = (
    Claim(
        "eq-17",
        "Sec. IV, Eq. (17)",
        "E(t) of two cells and two charger spins, the second one thermal",
        Zero(),
        Reading("derived from the state of Eq. (16)", _eq_17),
        witness=Reading("|10⟩ = (|m = 0⟩ + singlet)/√2, by hand", _eq_17_pauli),
        instead=Reading(
            "E/ω₀ at 2gt = π/2 and p₀ = 1: the last term is ½p₀ sin²(2gt) (as printed: 1)",
            _eq_17_at_peak,
        ),
        sources=(Reading("the collective state |m = 0⟩ in place of |10⟩", _eq_17_collective),),
    ),
    Claim(
        "eq-17.ideal",
        "Sec. IV, Eq. (17)",
        "it reduces to Eq. (A6) for p₀ = 0",
        Zero(),
        Reading("printed Eq. (17) at p₀ = 0 against two cells with N = 2", _eq_17_ideal),
    ),
    Claim(
        "eq-17.not-full",
        "Sec. IV, Eq. (17)",
        "no full charging for any p₀ > 0",
        Above(),
        Reading("2 − sup E/ω₀ at p₀ = 0.01, from sin² ≤ 1", _eq_17_shortfall),
    ),
)
