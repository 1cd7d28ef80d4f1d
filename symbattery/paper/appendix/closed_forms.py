"""Eqs. (A5) to (A7): amplitudes, energy and its maximum."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import Rational, cos, limit, oo, simplify, sin, sqrt

from numerics.model.models import CavityCharger, SpinCharger
from numerics.model.states import fock
from symbattery.api import solve, two_cells
from symbattery.model.symbols import N, g, omega_0, t, xi
from symbattery.paper.appendix.two_cells import ANY_N, Compute, printed_a7
from symbattery.paper.ledger.claim import Below, Claim, Reading, Zero
from symbattery.paper.ledger.context import Context
from symbattery.printed_formulas import Comparison

__all__ = ["CLOSED_FORMS"]


def _compared(c: Context, reference: str, quantity: str) -> Comparison:
    found = c.once("two cells", lambda: two_cells().comparisons())
    return next(x for x in found if x.reference == reference and x.quantity == quantity)


def _difference(reference: str, quantity: str) -> Compute:
    """Printed less derived, with ξ and all named quantities written out."""

    def compute(c: Context) -> Any:
        one = _compared(c, reference, quantity)
        put = {xi: sqrt(2 * (3 * N - 2))}
        plain = dict(two_cells().definitions)
        return simplify(one.printed.subs(put) - one.derived.subs(plain).subs(put))

    return compute


def _norm(_: Context) -> Any:
    c1 = -2 * sqrt(2 * (xi**2 + 4) * (xi**2 - 2)) / (3 * xi**2) * sin(xi * g * t / 2) ** 2
    c2 = sqrt((xi**2 + 4) / (6 * xi**2)) * sin(xi * g * t)
    c4 = ((xi**2 + 4) * cos(xi * g * t) + 2 * (xi**2 - 2)) / (3 * xi**2)
    c1 = c1.subs(sin(xi * g * t / 2) ** 2, (1 - cos(xi * g * t)) / 2)
    return simplify((c1**2 + 2 * c2**2 + c4**2 - 1).expand())


def _first_line_a6(c: Context) -> Any:
    """ω₀[|c₁|² − |c₄|²] + ω₀ with the printed amplitudes against the printed product."""
    c1 = -2 * sqrt(2 * (xi**2 + 4) * (xi**2 - 2)) / (3 * xi**2) * (1 - cos(xi * g * t)) / 2
    c4 = ((xi**2 + 4) * cos(xi * g * t) + 2 * (xi**2 - 2)) / (3 * xi**2)
    printed = _compared(c, "Eq. (A6)", "E(t)").printed
    return simplify((omega_0 * (c1**2 - c4**2 + 1) - printed).expand())


def _a7_forms(_: Context) -> Any:
    square = 2 * (3 * N - 2)
    return simplify(16 * (square**2 + 2 * square - 8) / (9 * square**2) - printed_a7(N))


def _from_two_on(c: Context) -> float:
    """Largest distance of Eq. (A7) from the largest E/ω₀ over a period, N = 2…20.

    At N = 1, outside of what the appendix assumes, the formula gives 0 and E_max is ω₀.
    """
    apart = (
        c.max_energy(SpinCharger(2, n, 1), 2 * np.pi / np.sqrt(2 * (3 * n - 2))) - printed_a7(n)
        for n in range(2, 21)
    )
    return max(abs(one) for one in apart)


def _limit_a7(_: Context) -> Any:
    return limit(printed_a7(N), N, oo) - Rational(16, 9)


def _benchmark(_: Context) -> Any:
    top_of_cavity = solve(CavityCharger(2), fock(2)).maximum().value / omega_0
    return limit(printed_a7(N), N, oo) - top_of_cavity


CLOSED_FORMS = (
    Claim(
        "eq-A5.c1",
        "App. A, Eq. (A5)",
        "c₁(t)",
        Zero(),
        Reading(ANY_N, _difference("Eq. (A5)", "c_1(t)")),
    ),
    Claim(
        "eq-A5.c2",
        "App. A, Eq. (A5)",
        "c₂(t) = c₃(t)",
        Zero(),
        Reading(ANY_N, _difference("Eq. (A5)", "c_2(t)=c_3(t)")),
    ),
    Claim(
        "eq-A5.c4",
        "App. A, Eq. (A5)",
        "c₄(t)",
        Zero(),
        Reading(ANY_N, _difference("Eq. (A5)", "c_4(t)")),
    ),
    Claim(
        "eq-A5.norm",
        "App. A, Eq. (A5)",
        "the printed amplitudes are normalised",
        Zero(),
        Reading("Σ|c|² − 1", _norm),
    ),
    Claim(
        "eq-A6",
        "App. A, Eq. (A6)",
        "E(t) of two cells",
        Zero(),
        Reading(ANY_N, _difference("Eq. (A6)", "E(t)")),
    ),
    Claim(
        "eq-A6.amplitudes",
        "App. A, Eq. (A6)",
        "both lines of it are equal",
        Zero(),
        Reading("from the printed amplitudes", _first_line_a6),
    ),
    Claim(
        "eq-A7",
        "App. A, Eq. (A7)",
        "E_max of two cells",
        Zero(),
        Reading("derived for N ≥ 2, as the appendix assumes", _difference("Eq. (A7)", r"E_{\max}")),
    ),
    Claim(
        "eq-A7.forms",
        "App. A, Eq. (A7)",
        "both forms of it are equal",
        Zero(),
        Reading(ANY_N, _a7_forms),
    ),
    Claim(
        "eq-A7.time",
        "App. A, Eq. (A7)",
        "first at t = π/(ξg)",
        Zero(),
        Reading("derived for N ≥ 2", _difference("Eq. (A7)", r"\bar t")),
    ),
    Claim(
        "eq-A7.range",
        "App. A, Eq. (A7)",
        "it is the largest E for N ≥ 2, as the appendix assumes: to 1e-9 ω₀",
        Below("1e-9"),
        Reading("numerics over one period, N = 2…20", _from_two_on),
    ),
    Claim(
        "eq-A7.limit",
        "App. A, Eq. (A7)",
        "E_max → 16/9 ω₀ for N ≫ 1",
        Zero(),
        Reading("limit", _limit_a7),
    ),
    Claim(
        "eq-A7.benchmark",
        "App. A, Eq. (A7)",
        "16/9 is the E_max of the cavity",
        Zero(),
        Reading("two photons, supremum in closed form", _benchmark),
    ),
)
