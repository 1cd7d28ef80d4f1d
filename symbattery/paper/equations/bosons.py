"""Eqs. (5) and (6): many charger spins as a boson, and in which sense."""

from __future__ import annotations

from typing import Any

from sympy import (
    Expr,
    Matrix,
    S,
    Symbol,
    kronecker_product,
    sqrt,
)

from numerics.model.models import CavityCharger
from numerics.model.states import fock
from symbattery.api import Solution, solve, two_cells
from symbattery.limits.infinite_charger import charger_limit
from symbattery.model.ladders import Mode, Spin
from symbattery.model.symbols import N, g, omega_0
from symbattery.paper.equations.operators import difference
from symbattery.paper.judges.direct import chain_curve as chain
from symbattery.paper.judges.direct import emission_hops, photon_hops, power_of, top
from symbattery.paper.judges.pauli import total
from symbattery.paper.ledger.claim import Claim, Number, Reading, Zero
from symbattery.paper.ledger.context import Context

__all__ = ["BOSONS"]


def _holstein_primakoff(_: Context) -> Any:
    """⟨c+1|b†√(N − b†b)|c⟩² against ⟨c+1|J₊|c⟩² with c of N spins up."""
    c = Symbol("c", integer=True, nonnegative=True)
    return ((c + 1) * (N - c) - Spin(N).raised(c)).expand()


def _bosonic_commutator(_: Context) -> Any:
    """[J₊, J₋] − J_z between states of the transformed mode, J_z = 2b†b − N."""
    c = Symbol("c", integer=True, nonnegative=True)
    up, down = (c + 1) * (N - c), c * (N - c + 1)
    return (down - up - (2 * c - N)).expand()


def _limit_of_hop(up: Expr) -> Expr:
    """Lim c(N − c + 1)/N − c at a number c of spins up."""
    from sympy import limit, oo

    return limit(Spin(N).lowered(up) / N, N, oo) - up


def _fixed_up(_: Context) -> Any:
    return _limit_of_hop(Symbol("c", integer=True, positive=True))


def _all_up_hop(_: Context) -> Any:
    """Of the start with all N up, the first hop squared, over that of N photons, N = 10⁶."""
    return Spin(10**6).lowered(S(10) ** 6) / (10**6 * Mode().lowered(S(10) ** 6))


def _spins_to_cavity(cavity: Solution) -> Expr:
    spins = charger_limit(two_cells()).explicit().energy
    return spins - cavity.explicit().energy


def _limit_against_photons(_: Context) -> Any:
    return _spins_to_cavity(solve(CavityCharger(2), fock(2)))


def _limit_against_emission(_: Context) -> Any:
    emitting = solve(CavityCharger(2), fock(0, excited_cells=2)).explicit().energy
    return charger_limit(two_cells()).explicit().energy + emitting


def _limit_power(_: Context) -> Any:
    return float((charger_limit(two_cells()).max_power().value / (g * omega_0)).evalf(15))


def _photon_power(_: Context) -> Any:
    return float((solve(CavityCharger(2), fock(2)).max_power().value / (g * omega_0)).evalf(15))


def _power_gap(_: Context) -> Any:
    return _photon_power(_) - _limit_power(_)


def _power_gap_direct(_: Context) -> Any:
    one, two = (
        top(power_of(chain(hops)), 1e-3, 5.0, 4000)[1]
        for hops in (photon_hops(2, 2), emission_hops(2))
    )
    return one - two


def _dicke_model(_: Context) -> Any:
    """At γ = 1, b S + h.c. with S = Σ(σ⁻ + σ⁺) is (b + b†) Σσˣ; mode cut at 3 photons."""
    b = Matrix(4, 4, lambda i, j: sqrt(j) if j == i + 1 else 0)
    s = total("-", (0, 1), 2) + total("+", (0, 1), 2)
    half = kronecker_product(s, b)
    return difference(half + half.T, kronecker_product(total("x", (0, 1), 2), b + b.T))


BOSONS = (
    Claim(
        "eq-5",
        "Sec. II, Eq. (5)",
        "J± as b†√(N − b†b) and its adjoint",
        Zero(),
        Reading("squared matrix elements against those of spin N/2, any N", _holstein_primakoff),
    ),
    Claim(
        "eq-5.algebra",
        "Sec. II, Eq. (5)",
        "the transformed operators obey [J₊, J₋] = J_z",
        Zero(),
        Reading("diagonal elements, any N", _bosonic_commutator),
    ),
    Claim(
        "eq-6.coupling",
        "Sec. II, Eq. (6)",
        "for N → ∞ the coupling is g̃ = √N g for every number c of spins up: hop² → N c",
        Zero(),
        Reading("c fixed, N → ∞", _fixed_up),
    ),
    Claim(
        "eq-6.start",
        "Sec. II, Eq. (6)",
        "for the start of Eq. (4), N spins up, too: its hop² over that of N photons at g̃ is 1",
        Number("1.00"),
        Reading("N = 10⁶", lambda c: float(_all_up_hop(c))),
        witness=Reading("Pauli algebra: ‖J₋|up⟩‖²/N² = 1/N", lambda _: 1e-6),
        instead=Reading(
            "the hop² over that of one photon: the holes are the bosons",
            lambda c: float(_all_up_hop(c) * 10**6),
        ),
    ),
    Claim(
        "eq-6.limit",
        "Sec. II, Eq. (6)",
        "N → ∞ of the charger spins is the cavity of the "
        "Tavis–Cummings model: P_max of two cells differ by 0.00 g̃ω₀",
        Number("0.00"),
        Reading("the cavity starts with M photons; closed forms", _power_gap),
        witness=Reading("tridiagonal matrices, written down", _power_gap_direct),
        instead=Reading("P_max/(g̃ω₀) of the limit of the spins (cavity: 1.773342)", _limit_power),
        sources=(
            Reading(
                "full cells that emit into an empty cavity",
                lambda c: abs(
                    _limit_power(c) - top(power_of(chain(emission_hops(2))), 1e-3, 5.0, 4000)[1]
                ),
            ),
        ),
    ),
    Claim(
        "eq-6.emission",
        "Sec. II, Eq. (6)",
        "the limit of E(t) is that of the Tavis–Cummings model",
        Zero(),
        Reading("two cells, M photons; closed forms", _limit_against_photons),
        (
            Reading(
                "minus the energy of two full cells in an empty cavity: the chain run backwards",
                _limit_against_emission,
            ),
        ),
    ),
    Claim(
        "eq-6.dicke",
        "Sec. II, Eq. (6)",
        "γ = 1 gives the Dicke model, g̃(b + b†)Σσˣ",
        Zero(),
        Reading("two cells, exact matrices", _dicke_model),
    ),
)
