"""App. A, Eqs. (A1) to (A7): two cells in closed form."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import (
    Expr,
    Matrix,
    Rational,
    S,
    cos,
    eye,
    kronecker_product,
    limit,
    oo,
    simplify,
    sin,
    sqrt,
)

from numerics.model.models import CavityCharger, SpinCharger
from numerics.model.states import fock
from symbattery.api import solve, two_cells
from symbattery.paper.claim import Below, Claim, Compute, Context, Reading, Zero
from symbattery.paper.judges import pauli
from symbattery.printed_formulas import Comparison
from symbattery.symbols import N, g, gamma, omega_0, t, xi

__all__ = ["ANY_N", "TWO_CELLS", "printed_a7"]

_EQ_A4 = "App. A, Eq. (A4)"
_EQ_A5 = "App. A, Eq. (A5)"
_EQ_A7 = "App. A, Eq. (A7)"

ANY_N = "derived for any $N$"


def printed_a7(chargers: Any) -> Any:
    """E_max/ω₀ of Eq. (A7)."""
    return 16 * chargers * (chargers - 1) / (3 * chargers - 2) ** 2


def _printed(a: Expr, b: Expr) -> Matrix:
    return Matrix([[0, a, a, 0], [a, 0, 0, b], [a, 0, 0, b], [0, b, b, 0]])


def _matrix(hops: tuple[Any, ...]) -> Matrix:
    """A chain on |11⟩, |10⟩, |01⟩, |00⟩ in units of g: each of the middle states has 1/√2."""
    return _printed(*(sqrt(hop / 2) / g for hop in reversed(hops)))


_PRINTED_A2 = _printed(sqrt(2 * N - 2), sqrt(N))
_PRINTED_A4 = _printed(sqrt(2), S.One)


def _eq_a2(_: Context) -> Any:
    (branch,) = two_cells().branches
    return (_PRINTED_A2 - _matrix(branch.chain.hops_squared)).applyfunc(simplify)


def _eq_a4(_: Context) -> Any:
    """Printed from |00, 2⟩ down to |11, 0⟩, so the derived one is turned round."""
    (branch,) = solve(CavityCharger(2), fock(2)).branches
    built = _matrix(branch.chain.hops_squared)
    return (_PRINTED_A4 - built[::-1, ::-1]).applyfunc(simplify)


def _limit_a2() -> Matrix:
    """Lim (A2)/√N on |11⟩, |10⟩, |01⟩, |00⟩, from which (A4) is printed in reverse."""
    return _PRINTED_A2.applyfunc(lambda entry: limit(entry / sqrt(N), N, oo))


def _excitations_conserved(_: Context) -> Any:
    """[b Σσ⁺ + h.c., b†b + Σσᶻ/2] with the mode cut at 3 photons."""
    b, cells = pauli.MODE, pauli.total("z", (0, 1), 2) / 2
    half = kronecker_product(pauli.total("+", (0, 1), 2), b)
    count = kronecker_product(eye(4), b.T * b) + kronecker_product(cells, eye(4))
    return pauli.commutator(half + half.T, count)


def _rotating_part(_: Context) -> Any:
    """The part of H₁ that keeps H₀, at any γ, less that of Eq. (A1)."""
    full, levels = pauli.interaction(gamma), (pauli.free() / omega_0).diagonal()
    part = full.copy()
    for i in range(16):
        for j in range(16):
            if levels[i] != levels[j]:
                part[i, j] = 0
    return pauli.difference(part, pauli.collective(S.Zero))


def _compared(c: Context, reference: str, quantity: str) -> Comparison:
    every = c.once("two cells", lambda: two_cells().comparisons())
    return next(x for x in every if x.reference == reference and x.quantity == quantity)


def _difference(reference: str, quantity: str) -> Compute:
    """Printed less derived, with ξ and all named quantities written out."""

    def compute(c: Context) -> Any:
        one = _compared(c, reference, quantity)
        put = {xi: sqrt(2 * (3 * N - 2))}
        plain = dict(two_cells().definitions)
        return simplify(one.printed.subs(put) - one.derived.subs(plain).subs(put))

    return compute


def _printed_a5() -> tuple[Expr, Expr, Expr]:
    """The amplitudes c₁, |c₂| and c₄, with (1 − cos ξgt)/2 for sin²(ξgt/2)."""
    wave, square = cos(xi * g * t), xi**2
    return (
        -2 * sqrt(2 * (square + 4) * (square - 2)) / (3 * square) * (1 - wave) / 2,
        sqrt((square + 4) / (6 * square)) * sin(xi * g * t),
        ((square + 4) * wave + 2 * (square - 2)) / (3 * square),
    )


def _first_line_a6(c: Context) -> Any:
    """ω₀[|c₁|² − |c₄|²] + ω₀ with the printed amplitudes against the printed product."""
    c1, _, c4 = _printed_a5()
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


TWO_CELLS = (
    Claim("eq-A1", "App. A, Eq. (A1)", r"the isotropic Eq. (1) of two cells with $J_\pm$", Zero(),
        Reading("exact Pauli matrices, $N = 2$",
            lambda _: pauli.difference(pauli.interaction(S.Zero), pauli.collective(S.Zero)))),
    Claim("eq-A1.rotating-wave", "App. A, Eq. (A1)",
        r"it is the rotating-wave approximation of $H_1$ at any $\gamma$",
        Zero(), Reading("what conserves $H_0$ in exact Pauli matrices, $N = 2$", _rotating_part)),
    Claim("eq-A2", "App. A, Eq. (A2)", "the Hamiltonian on four states", Zero(),
        Reading(ANY_N, _eq_a2)),
    Claim("eq-A3", "App. A, Eq. (A3)", "the Tavis–Cummings coupling conserves the excitations",
        Zero(), Reading("commutator, exact matrices", _excitations_conserved)),
    Claim("eq-A4", _EQ_A4, "the cavity's Hamiltonian on four states", Zero(),
        Reading("derived for two photons", _eq_a4)),
    Claim("eq-A4.equivalent", _EQ_A4, r"(A2) and (A4) are equivalent for $N \to \infty$", Zero(),
        Reading("the same states of the cells in both",
            lambda _: _limit_a2() - _PRINTED_A4[::-1, ::-1]),
        (Reading(r"row by row as printed: $|00\rangle$ of one for $|11\rangle$ of the other",
            lambda _: _limit_a2() - _PRINTED_A4),)),
    Claim("eq-A5.c1", _EQ_A5,
        "$c_1(t)$", Zero(), Reading(ANY_N, _difference("Eq. (A5)", "c_1(t)"))),
    Claim("eq-A5.c2", _EQ_A5, "$c_2(t) = c_3(t)$", Zero(),
        Reading(ANY_N, _difference("Eq. (A5)", "c_2(t)=c_3(t)"))),
    Claim("eq-A5.c4", _EQ_A5,
        "$c_4(t)$", Zero(), Reading(ANY_N, _difference("Eq. (A5)", "c_4(t)"))),
    Claim("eq-A5.norm", _EQ_A5, "the printed amplitudes are normalised", Zero(),
        Reading(r"$\sum |c|^2 - 1$", lambda _: simplify(
            sum(n * c**2 for n, c in zip((1, 2, 1), _printed_a5(), strict=True)).expand() - 1))),
    Claim("eq-A6", "App. A, Eq. (A6)", "$E(t)$ of two cells", Zero(),
        Reading(ANY_N, _difference("Eq. (A6)", "E(t)"))),
    Claim("eq-A6.amplitudes", "App. A, Eq. (A6)", "both lines of it are equal", Zero(),
        Reading("from the printed amplitudes", _first_line_a6)),
    Claim("eq-A7", _EQ_A7, r"$E_{\max}$ of two cells", Zero(),
        Reading(r"derived for $N \ge 2$, as the appendix assumes",
            _difference("Eq. (A7)", r"E_{\max}"))),
    Claim("eq-A7.forms", _EQ_A7, "both forms of it are equal", Zero(), Reading(ANY_N, _a7_forms)),
    Claim("eq-A7.time", _EQ_A7, r"first at $t = \pi/(\xi g)$", Zero(),
        Reading(r"derived for $N \ge 2$", _difference("Eq. (A7)", r"\bar t"))),
    Claim("eq-A7.range", _EQ_A7,
        r"it is the largest $E$ for $N \ge 2$, as the appendix assumes: to $10^{-9}\,\omega_0$",
        Below("1e-9"), Reading(r"numerics over one period, $N = 2 \dots 20$", _from_two_on)),
    Claim("eq-A7.limit", _EQ_A7,
        r"$E_{\max} \to 16/9\,\omega_0$ for $N \gg 1$", Zero(),
        Reading("limit", lambda _: limit(printed_a7(N), N, oo) - Rational(16, 9))),
    Claim("eq-A7.benchmark", _EQ_A7, r"$16/9$ is the $E_{\max}$ of the cavity", Zero(),
        Reading("two photons, supremum in closed form", lambda _: limit(printed_a7(N), N, oo)
            - solve(CavityCharger(2), fock(2)).maximum().value / omega_0)),
)  # fmt: skip
