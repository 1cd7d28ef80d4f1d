"""Sec. IV, Eqs. (13) to (21): crosstalk as an operator, thermal spins, and other starts."""

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
    pi,
    simplify,
    sin,
    sqrt,
)

from numerics.model.states import dicke, mixture, product
from symbattery.api import thermal_charger, two_cells
from symbattery.model.ladders import Spin
from symbattery.paper.claim import Above, Claim, Compute, Context, Reading, Zero
from symbattery.paper.judges import pauli
from symbattery.paper.judges.direct import pauli_curve
from symbattery.paper.sections.crosstalk import IDEAL, STATES
from symbattery.symbols import N, g, omega_0, p_1, t

__all__ = ["OPERATORS"]

_EQ_13 = "Sec. IV, Eq. (13)"
_EQ_17 = "Sec. IV, Eq. (17)"
_EQ_20 = "Sec. IV, Eq. (20)"


def _eq_15(constant: Any, spins: int = 4) -> Any:
    """Eq. (14) less g₁(J₊J₋ + J₋J₊ − constant · 1), in units of g₁."""
    up, down = pauli.total("+", range(spins), spins), pauli.total("-", range(spins), spins)
    collective = up * down + down * up - constant * eye(2**spins)
    return pauli.difference(pauli.flips(range(spins), spins), collective)


def _cells_up_to_a_constant(_: Context) -> Any:
    """H_B less g₂(J₊J₋ + J₋J₊), three cells, in units of g₂, without its trace."""
    left = _eq_15(0, 3)
    return pauli.difference(left, left.trace() / 8 * eye(8))


def _constant(_: Context) -> Any:
    """The constant c for which Eq. (14) is J₊J₋ + J₋J₊ − c, from the traces, for N = 4."""
    constant = -_eq_15(0).trace() / 16
    assert _eq_15(constant).is_zero_matrix
    return constant


def _constant_by_spin(_: Context) -> Any:
    """The same from the ladder algebra on the states |m⟩ of spin N/2, for N = 4.

    Σ_{l≠j} keeps |m = N/2⟩ and gives 0 there; J₊J₋ + J₋J₊ gives N.
    """
    printed = Spin(4).lowered(S(4)) + Spin(4).raised(S(4)) - 1
    return ImmutableMatrix(eye(16) * (-printed))


def _printed_17() -> Expr:
    slow, fast = sin(sqrt(2) * g * t) ** 2, sin(2 * g * t) ** 2
    return 2 * omega_0 * slow - (1 - p_1) * omega_0 * (2 * slow - fast)


def _thermal() -> Expr:
    return thermal_charger().explicit().energy


def _pauli_energy(start: int) -> Expr:
    """E(t) at γ = 0 from a basis state of two cells and two charger spins, exact.

    On the states that are reached H₁³ = w² H₁, hence
    exp(−iH₁t) = 1 − i sin(wt) H₁/w + (cos(wt) − 1) H₁²/w².
    """
    coupling, battery = pauli.interaction(S.Zero) / g, pauli.total("z", pauli.CELLS).diagonal()
    state = eye(16)[:, start]
    once, twice = coupling * state, coupling**2 * state
    (square,) = {a / b for a, b in zip(coupling * twice, once, strict=True) if b != 0}
    assert coupling * twice == square * once
    angle = sqrt(square) * g * t
    real, imaginary = state + (cos(angle) - 1) / square * twice, sin(angle) / sqrt(square) * once
    columns = zip(battery, real, imaginary, state, strict=True)
    return omega_0 / 2 * sum(z * (a**2 + b**2 - c) for z, a, b, c in columns)


def _eq_17_pauli(_: Context) -> Any:
    """The same from Pauli matrices; cells first and down, and a bit 1 is down."""
    energy = p_1 * _pauli_energy(0b1100) + (1 - p_1) * _pauli_energy(0b1101)
    return simplify(_printed_17() - energy)


def _at_peak(energy: Expr) -> float:
    """E/ω₀ at 2gt = π/2 and p₀ = 1."""
    return float((energy / omega_0).subs(p_1, 0).subs(t, pi / (4 * g)))


def _eq_17_shortfall(_: Context) -> Any:
    """2 − E_max/ω₀ at p₀ = 1/100, from the bound 2p₁ + p₀/2 that sin² ≤ 1 gives."""
    energy = _thermal() / omega_0
    bound = energy.replace(lambda e: isinstance(e, (sin, cos)), lambda e: S.One)
    return float(2 - bound.subs(p_1, Rational(99, 100)))


def _excited_of(_: Context) -> Any:
    """The number of excited spins of |m⟩, N/2 + m, less l − 1."""
    l = Symbol("l", integer=True, positive=True)  # noqa: E741
    return (N / 2 + (-N / 2 + l - 1) - (l - 1)).expand()


def _flipped(_: Context) -> Any:
    """Excited cells of σˣ_k |00⟩: 1, in |01⟩ and in |10⟩."""
    empty = Matrix([0, 0, 0, 1])
    count = (pauli.total("z", (0, 1), 2) + 2 * eye(4)) / 2
    flipped = (pauli.site("x", k, 2) * empty for k in (0, 1))
    return ImmutableMatrix([count * one - one for one in flipped])


_TIMES = np.linspace(0.0, 10.0, 200)
_ONE, _OTHER = STATES[0b010000], STATES[0b100000]

_SINGLE, _SECOND = (product(cells, [1] * 4) for cells in ([1, 0], [0, 1]))


def _largest_gap(one: Any, other: Any) -> float:
    gap = float(np.abs(one - other).max())
    return gap if gap > 1e-12 else 0.0


def _interference(context: Context) -> float:
    """The largest |E of ½(Ψ₁ + Ψ₂) − E of Ψ₁| over 200 times up to gt = 10, M = 2, N = 4."""
    both = mixture([(0.5, _SINGLE), (0.5, _SECOND)])
    return _largest_gap(*(context.charge(IDEAL, one).energy(_TIMES) for one in (both, _SINGLE)))


def _left_out(c: Context) -> float:
    """The states |01, m = 2⟩, |11, m = 1⟩ and |10, m = 2⟩ of a charge; E/ω₀ without the last.

    The hop squared is 4g², so that E/ω₀ = sin² 2gt without the last one.
    """
    time = np.pi / 4
    return float(np.sin(2 * time) ** 2 - c.charge(IDEAL, _SINGLE).energy(time))


def _pauli_gap(*starts: tuple[float, Any]) -> Compute:
    """The same of other starts, among Pauli matrices."""
    one = [(1.0, _ONE)]
    return lambda _: _largest_gap(*(pauli_curve(2, 4, some)(_TIMES) for some in (starts, one)))


OPERATORS = (
    Claim("eq-13", _EQ_13, r"$H_1$ at $\gamma = 0$ is that of Eq. (3)", Zero(),
        Reading(pauli.EXACT,
            lambda _: pauli.difference(pauli.interaction(S.Zero), pauli.collective(S.Zero)))),
    Claim("eq-13.frame", _EQ_13, "it is also $H_1$ in the rotating frame of $H_0$", Zero(),
        Reading(f"$[H_1, H_0]$; {pauli.EXACT}",
            lambda _: pauli.commutator(pauli.interaction(S.Zero), pauli.free()))),
    Claim("eq-14.frame", "Sec. IV, Eq. (14)", "the crosstalk is the same in the rotating frame",
        Zero(), Reading(r"$[H_C, \sum \tau^z]$, four charger spins",
            lambda _: pauli.commutator(pauli.flips(range(4), 4), pauli.total("z", range(4))))),
    Claim("eq-14.conserves", "Sec. IV, text",
        "crosstalk of the charger does not violate the conservation of $H_0$", Zero(),
        Reading(f"$[H_1 + H_C, H_0]$; {pauli.EXACT}",
            lambda _: pauli.commutator(
                pauli.interaction(S.Zero) + g * pauli.flips((2, 3), 4), pauli.free()))),
    Claim("eq-14.cells", "Sec. IV, text",
        r"crosstalk of the cells is $H_B \simeq g_2(J_+ J_- + J_- J_+)$, up to a constant", Zero(),
        Reading("exact Pauli matrices, three cells; the trace taken out", _cells_up_to_a_constant)),
    Claim("eq-15", "Sec. IV, Eq. (15)",
        "$H_C = g_1(J_+ J_- + J_- J_+ - 1)$, the identity making up for $l = j$", Zero(),
        Reading("Eq. (14) $-$ Eq. (15) with exact Pauli matrices, $N = 4$", lambda _: _eq_15(1)),
        witness=Reading("ladder algebra of spin $N/2$", _constant_by_spin),
        instead=Reading("the constant that makes both equal, $N = 4$ (it changes no energy)",
            _constant)),
    Claim("eq-17", _EQ_17, "$E(t)$ of two cells and two charger spins, the second one thermal",
        Zero(), Reading("derived from the state of Eq. (16)", lambda _: _printed_17() - _thermal()),
        witness=Reading(rf"$|11\rangle$ and $|10\rangle$; {pauli.EXACT}", _eq_17_pauli),
        instead=Reading(
            r"$E/\omega_0$ at $2gt = \pi/2$ and $p_0 = 1$: the last term is "
            r"$\tfrac{1}{2} p_0\,\sin^2(2gt)$", lambda _: _at_peak(_thermal())),
        sources=(Reading(
            r"the collective state $|m = 0\rangle$ in place of $|10\rangle$",
            lambda _: _printed_17() - sum(p * two_cells(2, excited_chargers=up).explicit().energy
                for p, up in ((p_1, 2), (1 - p_1, 1)))),),
        compared=(Reading("the same of the printed formula", lambda _: _at_peak(_printed_17())),)),
    Claim("eq-17.ideal", _EQ_17, "it reduces to Eq. (A6) for $p_0 = 0$", Zero(),
        Reading("printed Eq. (17) at $p_0 = 0$ against two cells with $N = 2$",
            lambda _: _printed_17().subs(p_1, 1) - two_cells(2).explicit().energy)),
    Claim("eq-17.not-full", _EQ_17, "no full charging for any $p_0 > 0$", Above(),
        Reading(r"$2 - \sup E/\omega_0$ at $p_0 = 0.01$, from $\sin^2 \le 1$", _eq_17_shortfall)),
    Claim("eq-18", "Sec. IV, Eq. (18)",
        r"$|m = -N/2 + l - 1\rangle$ has $l - 1$ excited charger spins",
        Zero(), Reading("$N/2 + m$", _excited_of)),
    Claim("eq-19", "Sec. IV, Eq. (19)", "the weights of Fig. 7 for the charger sum to one", Zero(),
        Reading(r"$0.6 + 4 \cdot 0.1 - 1$", lambda _: Rational(6, 10) + 4 * Rational(1, 10) - 1)),
    Claim("eq-20", _EQ_20, r"$\sigma_k^x$ excites the kth cell of the empty battery", Zero(),
        Reading("two cells, exact", _flipped)),
    Claim("eq-20.interference", _EQ_20,
        r"the loss comes from quantum interference between $|\Psi_1^B\rangle$ and "
        r"$|\Psi_2^B\rangle$: $E$ of both differs from $E$ of one", Above("1e-10"),
        Reading("largest difference up to $gt = 10$, $M = 2$, $N = 4$, mixture of Eq. (21)",
            _interference),
        (Reading(r"both are reached from one: $E/\omega_0$ of $|01\rangle$ with $|10\rangle$ left "
                "out, less that with it, at the peak of the former", _left_out),),
        witness=Reading("Pauli matrices on 64 states", _pauli_gap((0.5, _ONE), (0.5, _OTHER))),
        instead=Reading(
            r"half of $|01\rangle$ is a dark singlet: its $E$ over that of the symmetric state",
            # First peaks.
            lambda c: c.first_peak(IDEAL, _SINGLE) / c.first_peak(IDEAL, dicke(1, 4))),
        sources=(
            Reading(r"the superposition $(\Psi_1 + \Psi_2)/\sqrt 2$, which stores more, not less",
                _pauli_gap((1.0, np.sqrt(0.5) * (_ONE + _OTHER)))),)),
    Claim("eq-21", "Sec. IV, Eq. (21)", "the weights of Fig. 7 for the battery sum to one", Zero(),
        Reading(r"$0.6 + 2 \cdot 0.2 - 1$", lambda _: Rational(6, 10) + 2 * Rational(2, 10) - 1)),
)  # fmt: skip
