"""Eqs. (1) to (4): the interaction, and collective operators in place of single spins."""

from __future__ import annotations

from typing import Any

from sympy import (
    ImmutableMatrix,
    Matrix,
    Rational,
    S,
    eye,
)

from symbattery.model.symbols import g, gamma, omega_0
from symbattery.paper.equations.operators import (
    CELLS,
    CHARGERS,
    EXACT,
    collective,
    difference,
    free,
    interaction,
    ladder,
    rotating_frame,
)
from symbattery.paper.judges.pauli import commutator, total
from symbattery.paper.ledger.claim import Above, Claim, Number, Reading, Zero
from symbattery.paper.ledger.context import Context

__all__ = ["MODEL"]


def _equal_weights(_: Context) -> Any:
    """At γ = 1 rotating and counter-rotating terms: H₁ = g Σσˣ Στˣ."""
    return difference(interaction(S.One), g * ladder("x", CELLS) * ladder("x", CHARGERS))


def _largest_m(_: Context) -> Any:
    return max(total("z", range(4), 4).diagonal())


def _top_state(_: Context) -> Any:
    """J₊ and J_z/2 − N/2 on all up, four spins."""
    up = Matrix([1] + [0] * 15)
    return ImmutableMatrix(
        [total("+", range(4), 4) * up, (total("z", range(4), 4) / 2 - 2 * eye(16)) * up]
    )


def _noncommuting(_: Context) -> Any:
    """The largest entry of [H₁, H₀] in units of gω₀ at γ = 1/5."""
    found = commutator(interaction(Rational(1, 5)), free()) / (g * omega_0)
    return float(max(abs(entry) for entry in found))


MODEL = (
    Claim(
        "eq-1.isotropic",
        "Sec. II, Eq. (1)",
        "γ = 0 reduces H₁ to the isotropic XY interaction, which conserves the excitations",
        Zero(),
        Reading(f"[H₁, H₀] at γ = 0; {EXACT}", rotating_frame),
    ),
    Claim(
        "eq-1.equal-weights",
        "Sec. II, Eq. (1)",
        "γ = 1 is an XX interaction, with the counter-rotating terms at equal weight",
        Zero(),
        Reading(EXACT, _equal_weights),
    ),
    Claim(
        "eq-2.eigenvalues",
        "Sec. II, Eq. (2)",
        "the eigenvalues m of J_z of N charger spins run from "
        "−N/2 to N/2: the largest is 2 for N = 4",
        Number("2"),
        Reading("J_z = Στᶻ as defined above Eq. (2)", _largest_m),
        (Reading("m is the eigenvalue of J_z/2", lambda c: _largest_m(c) / 2),),
    ),
    Claim(
        "eq-3",
        "Sec. II, Eq. (3)",
        "Eq. (1) written with σ± and J±",
        Zero(),
        Reading(
            f"Eq. (1) − Eq. (3) at any γ; {EXACT}",
            lambda _: difference(interaction(gamma), collective(gamma)),
        ),
    ),
    Claim(
        "eq-3.noncommuting",
        "Sec. II, Eq. (3)",
        "with γ > 0 the interaction does not commute with H₀: the energy of both is not conserved",
        Above(),
        Reading(f"largest entry of [H₁, H₀]/(gω₀), γ = 0.2; {EXACT}", _noncommuting),
    ),
    Claim(
        "eq-4",
        "Sec. II, Eq. (4)",
        "all charger spins up are the collective state |m = N/2⟩",
        Zero(),
        Reading("J₊ and J_z/2 − N/2 on it, N = 4", _top_state),
    ),
)
