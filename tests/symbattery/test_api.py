"""Closed forms: their values, their limits, and what a Solution holds."""

import math
import re

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, S, Symbol, expand, limit, oo, simplify, sin, sqrt

import numerics
import symbattery as sb
from symbattery.core.latex_dispatch import NOTEBOOK
from symbattery.output.latex.math_list import width
from symbattery.output.latex.tables import Table
from symbattery.symbols import N, g, g_1, gamma, m, omega_0, omega_C, p_1, t, xi
from tests.systems.solutions import SOLUTIONS

EVERY = (
    *("single", "single-m", "single-gamma", "two", "two-m", "thermal", "thermal-1-5"),
    "thermal-2-4",
)
ENERGIES = {
    cells: build(excited_chargers=m).function("energy")
    for cells, build in ((1, sb.single_cell), (2, sb.two_cells))
}


@pytest.fixture(params=EVERY, scope="module")
def solution(request):
    return SOLUTIONS[request.param]()


def test_starts_empty(solution):
    assert solution.energy.subs(t, 0) == 0


def test_three_routes_agree(solution):
    verification = solution.verify(digits=50)
    assert verification.routes[0].digits == 50
    assert verification.digits >= 45
    assert verification.routes[2].deviation < 1e-11


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.floats(0, 1e3), st.floats(0.01, 10))
def test_energy_stays_within_its_bounds(chargers, excited, time, coupling):
    excited = min(excited, chargers)
    for cells, f in ENERGIES.items():
        assert 0 <= f(time, chargers, coupling, excited_chargers=excited) <= cells * (1 + 1e-12)


@given(st.integers(1, 5), st.floats(0, 1), st.floats(0, 50))
def test_thermal_energy_stays_within_its_bounds(chargers, population, time):
    for cells in (1, 2):
        s = sb.thermal_charger(cells=cells, chargers=chargers, thermal=chargers)
        assert 0 <= s.function("energy")(time, population=population) <= cells * (1 + 1e-12)


def test_author_form_of_two_cells():
    s = sb.two_cells()
    half = sin(xi * g * t / 2) ** 2
    assert s.energy == 4 * N * omega_0 / (3 * N - 2) * half * (1 + (N - 2) / (3 * N - 2) * half)
    assert dict(s.definitions) == {xi: sqrt(2 * (3 * N - 2))}
    assert s.power == s.energy / t
    assert s.parameters == {"chargers": N, "coupling": g, "frequency": omega_0}


def test_explicit_has_no_named_quantities():
    s = sb.two_cells(excited_chargers=m).explicit()
    assert not s.definitions
    assert xi not in s.energy.free_symbols
    assert all(xi not in c.free_symbols for c in s.amplitudes.values())
    assert s.explicit() == s


@pytest.mark.parametrize(("cells", "build"), [(1, sb.single_cell), (2, sb.two_cells)])
def test_many_charger_spins_are_a_cavity_run_backwards(cells, build):
    """N → ∞ at fixed N g²: the empty battery sits where a full one meets the vacuum.

    The hops grow along the chain, as (k+1)²(M-k), whereas those of M photons and an empty battery
    fall. The limit is therefore the emission of a full battery into an empty cavity.
    """
    spins = build().explicit().energy.subs(g, g / sqrt(N))
    emission = -sb.solve(sb.CavityCharger(cells), sb.fock(0, excited_cells=cells)).energy
    assert simplify(limit(spins, N, oo) - emission) == 0


def test_tavis_cummings_two_photons_reach_the_benchmark():
    """16/9 of Fig. 8(d), from the two photons of Eq. (A4)."""
    assert sb.solve(sb.CavityCharger(2)).maximum().value == Rational(16, 9) * omega_0


def test_detuned_cell():
    s = sb.solve(sb.SpinCharger(1, N, charger_frequency=omega_C))
    rabi = sqrt(N * g**2 + (omega_0 - omega_C) ** 2 / 4)
    expected = omega_0 * N * g**2 / rabi**2 * sin(rabi * t) ** 2
    assert simplify(s.explicit().energy - expected) == 0
    assert s.verify(digits=40).digits >= 38


def test_weak_population_limit_is_continuous():
    s = sb.thermal_charger(chargers=3, thermal=3)
    assert simplify(s.energy.subs(p_1, 1) - sb.two_cells(3).energy) == 0
    assert s.energy.subs(p_1, 0) == 0


def test_order_of_the_spins_does_not_matter():
    model = sb.SpinCharger(2, 3)
    one = sb.solve(model, sb.product([0, 0], [1, p_1, 0]))
    other = sb.solve(model, sb.product([0, 0], [0, 1, p_1]))
    assert expand(one.energy - other.energy) == 0


def test_collective_mixture_is_not_the_product_state():
    """Eqs. (16) and (18) with one spin down are different states: Eq. (17) is the other one."""
    collective = sb.solve(
        sb.SpinCharger(2, 2), sb.mixture([(p_1, sb.dicke(0, 2)), (1 - p_1, sb.dicke(0, 1))])
    )
    difference = collective.energy - sb.thermal_charger().energy
    assert expand(difference - (1 - p_1) / 2 * omega_0 * sin(2 * g * t) ** 2) == 0


def test_flipped_cell():
    """Eq. (20): a flipped cell is half singlet, and the triplet half has one level to go."""
    s = sb.solve(sb.SpinCharger(2, 4), sb.product([1, 0], [1] * 4))
    assert s.energy == omega_0 / 2 * sin(2 * sqrt(2) * g * t) ** 2
    assert s.verify(digits=40).digits >= 38


def test_thermal_by_inverse_temperature():
    beta = Symbol("beta", real=True)
    s = sb.solve(sb.SpinCharger(1, 1), sb.thermal(charger_inverse_temperature=beta))
    assert simplify(s.energy.subs({beta: 0}) - omega_0 / 2 * sin(g * t) ** 2) == 0
    assert float(s.energy.subs({beta: -800, omega_0: 1, g: 1, t: 1})) == pytest.approx(
        math.sin(1) ** 2
    )


def test_amplitudes_of_a_mixture_are_refused():
    with pytest.raises(sb.MixedStateError, match="`amplitudes`"):
        _ = sb.thermal_charger().amplitudes


def test_dark_start_stores_nothing():
    s = sb.solve(sb.SpinCharger(2, 3), sb.dicke(0, 0))
    assert s.energy == 0
    assert s.amplitudes == {0: S.One}
    assert s.maximum().value == 0
    assert s.function("energy")([0.0, 1.0]).tolist() == [0, 0]


def test_negative_coupling():
    assert sb.solve(sb.SpinCharger(2, 3, coupling=-2)).energy == sb.two_cells(3).energy.subs(g, 2)
    assert sb.solve(sb.SpinCharger(2, 3, coupling=-2)).verify(digits=40).digits >= 38


def test_decimal_numbers_stay_exact():
    s = sb.solve(sb.SpinCharger(2, 2, coupling=0.1), sb.product([0, 0], [1, 0.3]))
    assert s.model.coupling == Rational(1, 10)
    assert s.energy.has(Rational(3, 5))


@pytest.mark.parametrize("case", [(2, 2, 1, 1, gamma), (1, N, 1, 1, Rational(1, 5))])
def test_sectors_that_are_no_chain_say_so(case):
    with pytest.raises(sb.UnsolvedError, match="`anisotropy`"):
        sb.solve(sb.SpinCharger(*case))


def test_emitted_mpmath_function_has_the_working_precision():
    f = sb.two_cells().function("energy", backend="mpmath", chargers=7)
    with mpmath.workdps(30):
        short = f(mpmath.mpf(1))
    with mpmath.workdps(60):
        assert 0 < abs(f(mpmath.mpf(1)) - short) < mpmath.mpf(10) ** -28


def test_notebooks_show_the_energy_and_what_it_is_written_in():
    latex = sb.two_cells()._repr_latex_()
    assert latex.startswith("$\\displaystyle \\begin{aligned}\n\\xi & \\equiv \\sqrt{2")
    assert r"E(t) & = \frac{4 N}{3 N - 2} \omega_{0}" in latex
    # Every line of a long one fits; what is named is defined.
    latex = sb.solve(sb.SpinCharger(9, 9))._repr_latex_()
    body = latex.split("{aligned}")[1].removesuffix("\\end").strip()
    heads, lines = set(), [line.split("&") for line in body.split(r"\\")]
    for head, rest in lines:
        assert width(f"{head} {rest}") <= NOTEBOOK
        heads.add(head.strip())
    assert set(re.findall(r"A_\{\d+\}|\\lambda_\{\d\}", body)) <= heads


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: sb.solve(sb.SpinCharger(9, 9)), "Solution of SpinCharger(cells=9, chargers=9) "
         "from Dicke(excited_cells=0, excited_chargers=9)"),
        (lambda: sb.solve(sb.CavityCharger(2, coupling=2)), "Solution of CavityCharger(cells=2, "
         "coupling=2) from Fock(photons=2)"),
        (lambda: sb.two_cells().verify(digits=8, points=1),
         "Verification: 8 of 8 digits agree, certified"),
        (lambda: sb.from_json(sb.to_json(sb.single_cell())), "FormulaSet of SpinCharger(cells=1, "
         "chargers=N) from Dicke(excited_cells=0, excited_chargers=N): energy, power, "
         "energy_variance, p0, …"),
        (lambda: Table({"$N$": [1, 2], "E": [3, 4]}), "Table of 2 rows: $N$, E"),
        (lambda: sb.two_cells(4).function("power", "math"),
         "EmittedFunction power(t, coupling, frequency) in math"),
        (lambda: sb.many_chargers(sb.two_cells(), 1), "ManyChargers of SpinCharger(cells=2, "
         "chargers=N) from Dicke(excited_cells=0, excited_chargers=N), to order N**-1"),
        (lambda: sb.charger_limit(sb.single_cell()), "ChargerLimit of Solution of SpinCharger("
         "cells=1, chargers=N) from Dicke(excited_cells=0, excited_chargers=N)"),
        (lambda: sb.short_times(sb.CavityCharger(2), order=4), "Expansion of CavityCharger("
         "cells=2) from Fock(photons=2), to order t**4"),
        (lambda: sb.strong_crosstalk(sb.SpinCharger(1, N, charger_crosstalk=g_1)),
         "StrongCrosstalk of SpinCharger(cells=1, chargers=N, charger_crosstalk=g_1) "
         "from Dicke(excited_cells=0, excited_chargers=N)"),
        (lambda: numerics.certified.Check((0.0,), (0.0,), 1.0), "Check: 17 digits of E/(M ω0) are "
         "correct at 1 times; the largest error is at most 0, at time 0"),
        (lambda: numerics.charge(sb.SpinCharger(4, 5)), "Charging of SpinCharger(cells=4, "
         "chargers=5) from Dicke(excited_cells=0, excited_chargers=5)"),
    ],
)  # fmt: skip
def test_representations_say_what_it_is(make, text):
    assert repr(make()) == text
