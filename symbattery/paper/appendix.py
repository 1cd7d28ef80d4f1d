"""Appendix A: two cells, in closed form; and the conclusion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sympy import Matrix, Rational, S, cos, limit, oo, simplify, sin, sqrt, zeros

from numerics.models import CavityCharger, SpinCharger
from numerics.states import fock
from symbattery.cases import two_cells
from symbattery.infinite_charger import charger_limit
from symbattery.paper import landscape as land
from symbattery.paper.claims import Above, Below, Claim, Number, Reading, Zero
from symbattery.paper.context import Context
from symbattery.paper.direct import chain_curve, power_of, spin_hops, top
from symbattery.paper.equations import eq_1_against_3, tavis_cummings_conserves
from symbattery.printed import Comparison
from symbattery.solutions import solve
from symbattery.symbols import N, g, omega_0, t, xi

__all__ = ["APPENDIX"]

Compute = Callable[[Context], Any]


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


def _matrix(hops: tuple[Any, ...]) -> Matrix:
    """A chain of two cells on |11⟩, |10⟩, |01⟩, |00⟩: each of the two middle states has 1/√2.

    In units of g.
    """
    to_middle, to_full = (sqrt(hop / 2) / g for hop in hops)
    matrix = zeros(4)
    for middle in (1, 2):
        matrix[0, middle] = matrix[middle, 0] = to_full
        matrix[3, middle] = matrix[middle, 3] = to_middle
    return matrix


def _printed_a2() -> Matrix:
    a, b = sqrt(2 * N - 2), sqrt(N)
    return Matrix([[0, a, a, 0], [a, 0, 0, b], [a, 0, 0, b], [0, b, b, 0]])


def _printed_a4() -> Matrix:
    a, b = sqrt(2), S.One
    return Matrix([[0, a, a, 0], [a, 0, 0, b], [a, 0, 0, b], [0, b, b, 0]])


def _eq_a2(_: Context) -> Any:
    (branch,) = two_cells().branches
    return (_printed_a2() - _matrix(branch.chain.hops_squared)).applyfunc(simplify)


def _eq_a4(_: Context) -> Any:
    """Printed from |00, 2⟩ down to |11, 0⟩, so the derived one is turned round."""
    (branch,) = solve(CavityCharger(2), fock(2)).branches
    built = _matrix(branch.chain.hops_squared)
    return (_printed_a4() - built[::-1, ::-1]).applyfunc(simplify)


def _limit_a2() -> Matrix:
    return _printed_a2().applyfunc(lambda entry: limit(entry / sqrt(N), N, oo))


def _states_kept(_: Context) -> Any:
    """Lim (A2)/√N on |11⟩, |10⟩, |01⟩, |00⟩ against (A4) in the same order of the cells."""
    return _limit_a2() - _printed_a4()[::-1, ::-1]


def _rows_kept(_: Context) -> Any:
    """Row by row as printed: the cells of one are turned over against those of the other."""
    return _limit_a2() - _printed_a4()


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


def _a7(chargers: Any) -> Any:
    return 16 * chargers * (chargers - 1) / (3 * chargers - 2) ** 2


def _a7_forms(_: Context) -> Any:
    square = 2 * (3 * N - 2)
    return simplify(16 * (square**2 + 2 * square - 8) / (9 * square**2) - _a7(N))


def _one_charger(c: Context) -> float:
    """E_max/ω₀ of two cells and one charger spin."""
    return c.first_peak(SpinCharger(2, 1, 1))


def _one_charger_again(_: Context) -> float:
    return top(chain_curve(spin_hops(2, 1)), 0.0, 2.0, 400)[1]


def _limit_a7(_: Context) -> Any:
    return limit(_a7(N), N, oo) - Rational(16, 9)


def _benchmark(_: Context) -> Any:
    top_of_cavity = solve(CavityCharger(2), fock(2)).maximum().value / omega_0
    return limit(_a7(N), N, oo) - top_of_cavity


def _decreasing(_: Context) -> float:
    """The smallest fall of Eq. (A7) from N to N + 1, N = 2…200."""
    return float(min(_a7(S(k)) - _a7(S(k + 1)) for k in range(2, 200)))


def _above_benchmark(_: Context) -> float:
    return float(min(_a7(S(k)) for k in range(2, 201)) - Rational(16, 9))


def _faster(_: Context) -> float:
    """The smallest fall of π/ξ from N to N + 1, N = 2…200."""
    return float(-np.diff([np.pi / np.sqrt(2 * (3 * k - 2)) for k in range(2, 201)]).max())


def _energy(chargers: int) -> Compute:
    return lambda c: c.first_peak(SpinCharger(2, chargers, 1))


def _power(chargers: int) -> Compute:
    return lambda c: c.max_power(SpinCharger(2, chargers, 1)) / float(np.sqrt(chargers))


def _cavity_energy(c: Context) -> float:
    return land.cavity_first(c, 2) - 16 / 9


def _powers_apart(c: Context) -> float:
    return land.cavity_power(c, 2) - _power(200)(c)


def _powers_apart_again(_: Context) -> float:
    mine = top(power_of(chain_curve(spin_hops(2, 200))), 1e-4, 0.3, 4000)[1] / float(np.sqrt(200))
    return land.photon_power(2) - mine


def _limit_power(_: Context) -> float:
    return float((charger_limit(two_cells()).max_power().value / (g * omega_0)).evalf(15))


def _power_step(c: Context) -> float:
    """The smallest step of P_max/√N along N = 2…40, 60, 100, 200."""
    return float(np.diff([_power(k)(c) for k in (*range(2, 41), 60, 100, 200)]).min())


def _power_step_again(_: Context) -> float:
    def power(k: int) -> float:
        curve = power_of(chain_curve(spin_hops(2, k)))
        return top(curve, 1e-4, 2.0 / np.sqrt(k) * 1.5, 2000)[1] / float(np.sqrt(k))

    return float(np.diff([power(k) for k in (*range(2, 41), 60, 100, 200)]).min())


def _best_size(c: Context) -> float:
    """The number of charger spins with the largest P_max/√N, N = 2…60."""
    return float(max(range(2, 61), key=lambda k: _power(k)(c)))


def _opposite(c: Context) -> float:
    """From N = 2 to 20: the fall of E_max or the rise of P_max/√N, whichever is smaller."""
    return min(_energy(2)(c) - _energy(20)(c), _power(20)(c) - _power(2)(c))


def _ripples(c: Context) -> float:
    """The smallest growth of the number of maxima of P in gt ≤ 10 along N = 2, 20, 200."""
    times = np.linspace(1e-3, 10.0, 40_001)

    def count(chargers: int) -> int:
        p = c.charge(SpinCharger(2, chargers, 1)).power(times)
        return int(np.sum((p[1:-1] > p[:-2]) & (p[1:-1] >= p[2:])))

    return float(np.diff([count(k) for k in (2, 20, 200)]).min())


def _decay(c: Context) -> float:
    """Largest t P(t)/(2ω₀) over gt ≤ 200: P ≤ 2ω₀/t."""
    times = np.linspace(1e-3, 200.0, 20_001)
    return max(
        float((times * c.charge(SpinCharger(2, k, 1)).power(times)).max() / 2) for k in (2, 20, 200)
    )


def _worst_filling(c: Context) -> float:
    """The smallest E_max/(Mω₀) for N = M = 1…10, first peaks."""
    return float(min(land.first(c, m) / m for m in land.SIZES))


def _worst_filling_again(_: Context) -> float:
    from symbattery.paper.direct import first_top

    return min(first_top(chain_curve(spin_hops(m, m)), 2.0, 2000)[1] / m for m in land.SIZES)


def _supremum_filling(_: Context) -> float:
    """The smallest supremum/(Mω₀) for N = M = 1…4, symbolic."""
    found = (
        solve(SpinCharger(m, m)).maximum("supremum").value
        / solve(SpinCharger(m, m)).model.frequency
        for m in (1, 2, 3)
    )
    return min(float(value) / m for m, value in zip((1, 2, 3), found, strict=True))


def _cavity_shortfall(c: Context) -> float:
    """The smallest 1 − E/(Mω₀) of the cavity in g̃t ≤ 200, M = 2…6."""
    return min(1 - c.max_energy(CavityCharger(m, 1), 200.0) / m for m in range(2, 7))


_ANY_N = "derived for any N"

APPENDIX = (
    Claim(
        "eq-A1",
        "App. A, Eq. (A1)",
        "the isotropic Eq. (1) of two cells with J±",
        Zero(),
        Reading("exact Pauli matrices, N = 2", eq_1_against_3),
    ),
    Claim(
        "eq-A2",
        "App. A, Eq. (A2)",
        "the Hamiltonian on four states",
        Zero(),
        Reading(_ANY_N, _eq_a2),
    ),
    Claim(
        "eq-A3",
        "App. A, Eq. (A3)",
        "the Tavis–Cummings coupling conserves the excitations",
        Zero(),
        Reading("commutator, exact matrices", tavis_cummings_conserves),
    ),
    Claim(
        "eq-A4",
        "App. A, Eq. (A4)",
        "the cavity's Hamiltonian on four states",
        Zero(),
        Reading("derived for two photons", _eq_a4),
    ),
    Claim(
        "eq-A4.equivalent",
        "App. A, Eq. (A4)",
        "(A2) and (A4) are equivalent for N → ∞",
        Zero(),
        Reading("the same states of the cells in both", _states_kept),
        (Reading("row by row as printed: |00⟩ of one for |11⟩ of the other", _rows_kept),),
    ),
    Claim(
        "eq-A5.c1",
        "App. A, Eq. (A5)",
        "c₁(t)",
        Zero(),
        Reading(_ANY_N, _difference("Eq. (A5)", "c_1(t)")),
    ),
    Claim(
        "eq-A5.c2",
        "App. A, Eq. (A5)",
        "c₂(t) = c₃(t)",
        Zero(),
        Reading(_ANY_N, _difference("Eq. (A5)", "c_2(t)=c_3(t)")),
    ),
    Claim(
        "eq-A5.c4",
        "App. A, Eq. (A5)",
        "c₄(t)",
        Zero(),
        Reading(_ANY_N, _difference("Eq. (A5)", "c_4(t)")),
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
        Reading(_ANY_N, _difference("Eq. (A6)", "E(t)")),
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
        Reading(_ANY_N, _a7_forms),
    ),
    Claim(
        "eq-A7.time",
        "App. A, Eq. (A7)",
        "first at t = π/(ξg)",
        Zero(),
        Reading("derived for N ≥ 2", _difference("Eq. (A7)", r"\bar t")),
    ),
    Claim(
        "eq-A7.one",
        "App. A, Eq. (A7)",
        "for any number of charger spins: at N = 1 it gives 0",
        Number("0"),
        Reading("E_max/ω₀ at N = 1, which Eq. (1) allows", _one_charger),
        witness=Reading("written-down chain", _one_charger_again),
        instead=Reading("E_max/ω₀ at N = 1", _one_charger),
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
    Claim(
        "fig-8a",
        "App. A, Fig. 8(a)",
        "E_max/ω₀ at N = 2",
        Number("2"),
        Reading("first peak", _energy(2)),
    ),
    Claim(
        "fig-8b",
        "App. A, Fig. 8(b)",
        "E_max/ω₀ at N = 20",
        Number("1.81"),
        Reading("first peak", _energy(20)),
    ),
    Claim(
        "fig-8c",
        "App. A, Fig. 8(c)",
        "E_max/ω₀ at N = 200",
        Number("1.78"),
        Reading("first peak", _energy(200)),
    ),
    Claim(
        "fig-8d",
        "App. A, Fig. 8(d)",
        "E_max/ω₀ − 16/9 of the cavity is 0.00",
        Number("0.00"),
        Reading("first peak, two photons", _cavity_energy),
    ),
    Claim(
        "fig-8.faster",
        "App. A, Fig. 8",
        "the time of E_max shrinks with N",
        Above(),
        Reading("smallest fall, N = 2…200", _faster),
    ),
    Claim(
        "fig-8.approach",
        "App. A, Fig. 8",
        "E_max falls towards the cavity's as N grows",
        Above(),
        Reading("smallest fall, N = 2…200", _decreasing),
    ),
    Claim(
        "fig-8.capacity",
        "App. A, Fig. 8",
        "a finite charger stores more than the cavity",
        Above(),
        Reading("smallest E_max/ω₀ − 16/9, N = 2…200", _above_benchmark),
    ),
    Claim(
        "fig-9a",
        "App. A, Fig. 9(a)",
        "P_max/(√N gω₀) at N = 2",
        Number("1.45"),
        Reading("global maximum", _power(2)),
    ),
    Claim(
        "fig-9c",
        "App. A, Fig. 9(c)",
        "P_max/(√N gω₀) at N = 200",
        Number("1.53"),
        Reading("global maximum", _power(200)),
    ),
    Claim(
        "fig-9d",
        "App. A, Fig. 9(d)",
        "the latter is close to the cavity's: they differ by 0.0 g̃ω₀",
        Number("0.0"),
        Reading("two photons, P_max/(g̃ω₀)", _powers_apart),
        (
            Reading(
                "two photons, P_max/(√2 g̃ω₀)",
                lambda c: land.cavity_power(c, 2) / np.sqrt(2) - _power(200)(c),
            ),
        ),
        witness=Reading("written-down chains", _powers_apart_again),
        instead=Reading("P_max/(g̃ω₀) of the cavity", lambda c: land.cavity_power(c, 2)),
        sources=(
            Reading(
                "full cells that emit into an empty cavity",
                lambda c: land.emission_power(c, 2) - _power(200)(c),
            ),
        ),
    ),
    Claim(
        "fig-9.decay",
        "App. A, Fig. 9",
        "P decays with time: t P(t)/(2ω₀) stays below 1",
        Below("1"),
        Reading("largest in gt ≤ 200, N = 2, 20, 200", _decay),
    ),
    Claim(
        "fig-9.ripples",
        "App. A, Fig. 9",
        "more charger spins, more fluctuations",
        Above(),
        Reading("number of maxima of P in gt ≤ 10, smallest growth along N = 2, 20, 200", _ripples),
    ),
    Claim(
        "fig-9.trade-off",
        "App. A, Figs. 8 and 9",
        "E_max and P_max change oppositely with N",
        Above(),
        Reading("from N = 2 to N = 20", _opposite),
    ),
    Claim(
        "V.full",
        "Sec. V, text",
        "a full charge is reached for N = M: E_max/(Mω₀) = 1.00",
        Number("1.00"),
        Reading("smallest first peak, M = 1…10", _worst_filling),
        (
            Reading(
                "supremum over all times, M = 1, 2, 3: approached, never reached for M = 3",
                _supremum_filling,
            ),
        ),
        witness=Reading("written-down chains", _worst_filling_again),
    ),
    Claim(
        "V.cavity",
        "Sec. V, text",
        "a full charge is beyond the cavity's reach",
        Above(),
        Reading("smallest 1 − E/(Mω₀) in g̃t ≤ 200, M = 2…6, M photons", _cavity_shortfall),
    ),
    Claim(
        "V.larger",
        "Sec. V, text",
        "a larger N always gives a higher P_max",
        Above(),
        Reading("two cells, P_max/(√N gω₀), smallest step along N = 2…200", _power_step),
        (
            Reading(
                "P_max/(gω₀), without √N",
                lambda c: float(np.diff([_power(k)(c) * k**0.5 for k in range(2, 41)]).min()),
            ),
        ),
        witness=Reading("written-down chains", _power_step_again),
        instead=Reading("P_max/(√N gω₀) is largest at N =", _best_size),
    ),
)
