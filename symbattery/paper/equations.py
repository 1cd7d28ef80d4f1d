"""The numbered equations (1) to (21), as equalities of operators or of functions of time."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import (
    Expr,
    ImmutableMatrix,
    Matrix,
    Rational,
    S,
    Symbol,
    cos,
    eye,
    kronecker_product,
    pi,
    sin,
    sqrt,
)

from numerics.models import CavityCharger, SpinCharger
from numerics.states import dicke, fock, mixture, product
from symbattery.cases import single_cell, thermal_charger, two_cells
from symbattery.chains import Mode, Spin
from symbattery.infinite_charger import charger_limit
from symbattery.paper.claims import Above, Below, Claim, Number, Reading, Zero
from symbattery.paper.context import Context
from symbattery.paper.direct import chain_curve as chain
from symbattery.paper.direct import emission_hops, pauli_curve, photon_hops, power_of, top
from symbattery.paper.pauli import commutator, flips, site, total
from symbattery.solutions import Solution, solve
from symbattery.symbols import N, g, gamma, omega_0, p_1, t

__all__ = ["EQUATIONS", "eq_1_against_3", "tavis_cummings_conserves"]

_SPINS = 4
_CELLS, _CHARGERS = (0, 1), (2, 3)


def _ladder(letter: str, side: tuple[int, ...]) -> Matrix:
    return total(letter, side, _SPINS)


def _free() -> Matrix:
    return omega_0 / 2 * (_ladder("z", _CELLS) + _ladder("z", _CHARGERS))


def _interaction(anisotropy: Expr) -> Matrix:
    """H₁ of Eq. (1) for two cells and two charger spins, Pauli matrices term by term."""
    x = _ladder("x", _CELLS) * _ladder("x", _CHARGERS)
    y = _ladder("y", _CELLS) * _ladder("y", _CHARGERS)
    return g / 2 * ((1 + anisotropy) * x + (1 - anisotropy) * y)


def _collective(anisotropy: Expr) -> Matrix:
    """H₁ of Eq. (3)."""
    half = _ladder("-", _CHARGERS) * (anisotropy * _ladder("-", _CELLS) + _ladder("+", _CELLS))
    return g * (half + half.T)


def _difference(one: Matrix, other: Matrix) -> ImmutableMatrix:
    return ImmutableMatrix((one - other).expand())


def _equal_weights(_: Context) -> Any:
    """At γ = 1 rotating and counter-rotating terms: H₁ = g Σσˣ Στˣ."""
    return _difference(_interaction(S.One), g * _ladder("x", _CELLS) * _ladder("x", _CHARGERS))


def _largest_m(_: Context) -> Any:
    return max(total("z", range(4), 4).diagonal())


def _top_state(_: Context) -> Any:
    """J₊ and J_z/2 − N/2 on all up, four spins."""
    up = Matrix([1] + [0] * 15)
    return ImmutableMatrix(
        [total("+", range(4), 4) * up, (total("z", range(4), 4) / 2 - 2 * eye(16)) * up]
    )


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
    emitting = solve(CavityCharger(2), fock(0, cells=2)).explicit().energy
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
    return _difference(half + half.T, kronecker_product(total("x", (0, 1), 2), b + b.T))


def tavis_cummings_conserves(_: Context) -> Any:
    """[b Σσ⁺ + h.c., b†b + Σσᶻ/2] with the mode cut at 3 photons."""
    b = Matrix(4, 4, lambda i, j: sqrt(j) if j == i + 1 else 0)
    half = kronecker_product(total("+", (0, 1), 2), b)
    count = (
        kronecker_product(eye(4), b.T * b) + kronecker_product(total("z", (0, 1), 2), eye(4)) / 2
    )
    return commutator(half + half.T, count)


def _parallel(_: Context) -> Any:
    """E/ω₀ of two separate pairs of Pauli spins at their best, less twice one cell's."""
    pair = g * (site("-", 1, 2) * site("+", 0, 2) + site("+", 1, 2) * site("-", 0, 2))
    coupled = kronecker_product(pair, eye(4)) + kronecker_product(eye(4), pair)
    vector = Matrix([0] * 16)
    # Cells down, charger spins up.
    vector[0b1010] = 1
    battery = np.array((total("z", (0, 2), 4) / 2).tolist(), float).diagonal()
    values, modes = np.linalg.eigh(np.array((coupled / g).tolist(), float))
    start = np.array(vector.T.tolist()[0], float)

    def energy(times: Any) -> Any:
        moved = modes @ (np.exp(-1j * np.outer(values, times)) * (modes.T @ start)[:, None])
        return battery @ np.abs(moved) ** 2 - battery @ start**2

    return abs(top(energy, 0.0, 3.0, 300)[1] - 2)


def _matrix_12(_: Context) -> Any:
    """h₁ in the printed order of states, built from Pauli matrices."""
    half = site("-", 1, 2) * (gamma * site("-", 0, 2) + site("+", 0, 2))
    built = omega_0 / 2 * total("z", (0, 1), 2) + g * (half + half.T)
    printed = Matrix(
        [[omega_0, 0, 0, g * gamma], [0, 0, g, 0], [0, g, 0, 0], [g * gamma, 0, 0, -omega_0]]
    )
    return _difference(built, printed)


def _one_cell() -> Solution:
    return single_cell(1, anisotropy=gamma)


def _one_cell_energy(_: Context) -> Any:
    return _one_cell().energy - omega_0 * sin(g * t) ** 2


def _one_cell_max(_: Context) -> Any:
    return float(_one_cell().maximum().value / omega_0)


def _one_cell_power(_: Context) -> Any:
    return float((single_cell(1).max_power().value / (g * omega_0)).evalf(15))


def eq_1_against_3(_: Context) -> Any:
    """Eq. (1) less Eq. (3) at γ = 0, two cells and two charger spins."""
    return _difference(_interaction(S.Zero), _collective(S.Zero))


def _rotating_frame(_: Context) -> Any:
    return commutator(_interaction(S.Zero), _free())


def _crosstalk_in_frame(_: Context) -> Any:
    return commutator(flips(range(4), 4), total("z", range(4), 4))


def _eq_15(constant: Any) -> Any:
    """Eq. (14) less g₁(J₊J₋ + J₋J₊ − constant · 1), four spins, in units of g₁."""
    up, down = total("+", range(4), 4), total("-", range(4), 4)
    return _difference(flips(range(4), 4), up * down + down * up - constant * eye(16))


def _constant(_: Context) -> Any:
    """The constant c for which Eq. (14) is J₊J₋ + J₋J₊ − c, from the traces, for N = 4."""
    constant = -_eq_15(0).trace() / 16
    assert _eq_15(constant).is_zero_matrix
    return constant


def _constant_by_spin(_: Context) -> Any:
    """The same from the ladder algebra on the states |m⟩ of spin N/2, for N = 4.

    Σ_{l≠j} keeps |m = N/2⟩ and gives 0 there; J₊J₋ + J₋J₊ gives N.
    """
    top_level = Spin(4)
    printed = top_level.lowered(S(4)) + top_level.raised(S(4)) - 1
    return ImmutableMatrix(eye(16) * (-printed))


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
    full, half = (two_cells(2, excited=up).explicit().energy for up in (2, 1))
    return _printed_17() - p_1 * full - (1 - p_1) * half


def _eq_17_ideal(_: Context) -> Any:
    return _printed_17().subs(p_1, 1) - two_cells(2).explicit().energy


def _eq_17_shortfall(_: Context) -> Any:
    """2 − E_max/ω₀ at p₀ = 1/100, from the bound 2p₁ + p₀/2 that sin² ≤ 1 gives."""
    energy = _thermal() / omega_0
    bound = energy.replace(lambda e: isinstance(e, (sin, cos)), lambda e: S.One)
    return float(2 - bound.subs(p_1, Rational(99, 100)))


def _excited_of(_: Context) -> Any:
    """The number of excited spins of |m⟩, N/2 + m, less l − 1."""
    l = Symbol("l", integer=True, positive=True)  # noqa: E741
    return (N / 2 + (-N / 2 + l - 1) - (l - 1)).expand()


def _weights(weights: tuple[Rational, ...]) -> Expr:
    return sum(weights, S.Zero) - 1


def _flipped(_: Context) -> Any:
    """Excited cells of σˣ_k |00⟩: 1, in |01⟩ and in |10⟩."""
    empty = Matrix([0, 0, 0, 1])
    count = (total("z", (0, 1), 2) + 2 * eye(4)) / 2
    flipped = (site("x", k, 2) * empty for k in (0, 1))
    return ImmutableMatrix([count * one - one for one in flipped])


def _interference(context: Context) -> float:
    """The largest |E of ½(Ψ₁ + Ψ₂) − E of Ψ₁| over 200 times up to gt = 10, M = 2, N = 4."""
    model = SpinCharger(2, 4, 1)
    one, other = (product(cells, [1] * 4) for cells in ([1, 0], [0, 1]))
    both = mixture([(0.5, one), (0.5, other)])
    times = np.linspace(0.0, 10.0, 200)
    gap = context.charge(model, both).energy(times) - context.charge(model, one).energy(times)
    return float(np.abs(gap).max()) if np.abs(gap).max() > 1e-12 else 0.0


def _interference_pauli(_: Context) -> float:
    one, other = np.zeros(64), np.zeros(64)
    one[0b010000], other[0b100000] = 1, 1
    times = np.linspace(0.0, 10.0, 200)
    alone = pauli_curve(2, 4, [(1.0, one)])(times)
    gap = pauli_curve(2, 4, [(0.5, one), (0.5, other)])(times) - alone
    return float(np.abs(gap).max()) if np.abs(gap).max() > 1e-12 else 0.0


def _dark_half(context: Context) -> float:
    """E_max of |01⟩ over that of the collective one-excitation state, first peaks, M = 2, N = 4."""
    model = SpinCharger(2, 4, 1)
    return context.first_peak(model, product([1, 0], [1] * 4)) / context.first_peak(
        model, dicke(1, 4)
    )


_EXACT = "exact Pauli matrices, two cells and two charger spins"

EQUATIONS = (
    Claim(
        "eq-1.isotropic",
        "Sec. II, Eq. (1)",
        "γ = 0 reduces H₁ to the isotropic XY interaction, which conserves the excitations",
        Zero(),
        Reading(f"[H₁, H₀] at γ = 0; {_EXACT}", _rotating_frame),
    ),
    Claim(
        "eq-1.equal-weights",
        "Sec. II, Eq. (1)",
        "γ = 1 is an XX interaction, with the counter-rotating terms at equal weight",
        Zero(),
        Reading(_EXACT, _equal_weights),
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
            f"Eq. (1) − Eq. (3) at any γ; {_EXACT}",
            lambda _: _difference(_interaction(gamma), _collective(gamma)),
        ),
    ),
    Claim(
        "eq-4",
        "Sec. II, Eq. (4)",
        "all charger spins up are the collective state |m = N/2⟩",
        Zero(),
        Reading("J₊ and J_z/2 − N/2 on it, N = 4", _top_state),
    ),
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
        "so it is for the start of Eq. (4), N spins up: its hop² over that of N photons at g̃ is 1",
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
    Claim(
        "eq-9",
        "Sec. III, Eq. (9)",
        "the parallel scheme stores M e_max: it differs by less than 1e-9",
        Below("1e-9"),
        Reading("two separate pairs, 16 states", _parallel),
    ),
    Claim(
        "eq-12",
        "Sec. III, Eq. (12)",
        "the matrix of one cell and one charger spin",
        Zero(),
        Reading("Pauli matrices, any γ", _matrix_12),
    ),
    Claim(
        "eq-12.energy",
        "Sec. III, Eq. (12)",
        "e(t) = ω₀ sin²(gt), whatever γ",
        Zero(),
        Reading("derived with a symbolic γ", _one_cell_energy),
    ),
    Claim(
        "eq-12.e-max",
        "Sec. III, Eq. (12)",
        "e_max/ω₀ of one cell",
        Number("1"),
        Reading("supremum", _one_cell_max),
    ),
    Claim(
        "eq-12.p-max",
        "Sec. III, Eq. (12)",
        "p_max/(gω₀) of one cell",
        Number("0.72"),
        Reading("global maximum", _one_cell_power),
    ),
    Claim(
        "eq-13",
        "Sec. IV, Eq. (13)",
        "H₁ at γ = 0 is that of Eq. (3)",
        Zero(),
        Reading(_EXACT, eq_1_against_3),
    ),
    Claim(
        "eq-13.frame",
        "Sec. IV, Eq. (13)",
        "it is also H₁ in the rotating frame of H₀",
        Zero(),
        Reading(f"[H₁, H₀]; {_EXACT}", _rotating_frame),
    ),
    Claim(
        "eq-14.frame",
        "Sec. IV, Eq. (14)",
        "the crosstalk is the same in the rotating frame",
        Zero(),
        Reading("[H_C, Στᶻ], four charger spins", _crosstalk_in_frame),
    ),
    Claim(
        "eq-15",
        "Sec. IV, Eq. (15)",
        "H_C = g₁(J₊J₋ + J₋J₊ − 1), the identity making up for l = j",
        Zero(),
        Reading("Eq. (14) − Eq. (15) with exact Pauli matrices, N = 4", lambda _: _eq_15(1)),
        witness=Reading("ladder algebra of spin N/2", _constant_by_spin),
        instead=Reading(
            "the constant that makes both equal, N = 4 (it changes no energy)", _constant
        ),
    ),
    Claim(
        "eq-17",
        "Sec. IV, Eq. (17)",
        "E(t) of two cells and two charger spins, the second one thermal",
        Zero(),
        Reading("derived from the state of Eq. (16)", _eq_17),
        witness=Reading("|10⟩ = (|m = 0⟩ + singlet)/√2, by hand", _eq_17_pauli),
        instead=Reading(
            "E/ω₀ at 2gt = π/2 and p₀ = 1 from ½p₀ sin²(2gt), plus the slow term (printed: 1)",
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
    Claim(
        "eq-18",
        "Sec. IV, Eq. (18)",
        "|m = −N/2 + l − 1⟩ has l − 1 excited charger spins",
        Zero(),
        Reading("N/2 + m", _excited_of),
    ),
    Claim(
        "eq-19",
        "Sec. IV, Eq. (19)",
        "the weights of Fig. 7 for the charger sum to one",
        Zero(),
        Reading(
            "0.6 + 4 · 0.1 − 1", lambda _: _weights((Rational(6, 10),) + (Rational(1, 10),) * 4)
        ),
    ),
    Claim(
        "eq-20",
        "Sec. IV, Eq. (20)",
        "σˣ_k excites the kth cell of the empty battery",
        Zero(),
        Reading("two cells, exact", _flipped),
    ),
    Claim(
        "eq-20.interference",
        "Sec. IV, Eq. (20)",
        "the loss comes from quantum interference between "
        "|Ψ₁ᴮ⟩ and |Ψ₂ᴮ⟩: E of both differs from E of one",
        Above("1e-10"),
        Reading(
            "largest difference up to gt = 10, M = 2, N = 4, mixture of Eq. (21)", _interference
        ),
        witness=Reading("Pauli matrices on 64 states", _interference_pauli),
        instead=Reading(
            "half of |01⟩ is a dark singlet: its E over that of the symmetric state", _dark_half
        ),
    ),
    Claim(
        "eq-21",
        "Sec. IV, Eq. (21)",
        "the weights of Fig. 7 for the battery sum to one",
        Zero(),
        Reading(
            "0.6 + 2 · 0.2 − 1", lambda _: _weights((Rational(6, 10),) + (Rational(2, 10),) * 2)
        ),
    ),
)
