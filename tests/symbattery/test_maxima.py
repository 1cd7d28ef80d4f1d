"""Maxima: exact values, their conditions, and the numerics as judge."""

import mpmath
import numpy as np
import pytest
from sympy import Rational, S, Symbol, floor, pi, sqrt, tan

from numerics import charge
from symbattery import (
    SpinCharger,
    UnsolvedError,
    dicke,
    single_cell,
    solve,
    thermal_charger,
    two_cells,
)
from symbattery.core.implicit import ImplicitRoot
from symbattery.symbols import N, g, m, omega_0, p_1, xi

UNIT = {g: 1, omega_0: 1}


def test_equation_a7_and_where_it_holds():
    top = two_cells().maximum()
    assert (top.value - 16 * N * (N - 1) / (3 * N - 2) ** 2 * omega_0).factor() == 0
    assert top.time == pi / (xi * g)
    assert top.condition == (N >= 2)
    single = top.otherwise
    assert single.value == omega_0
    assert single.time == pi / (2 * sqrt(2) * g)
    assert single.condition.subs(N, 1) == S.true
    assert single.condition.subs(N, 2) == S.false


def test_numeric_chargers_choose_their_case():
    assert two_cells(1).maximum().value == omega_0
    assert two_cells(4).maximum().value == Rational(48, 25) * omega_0
    assert two_cells(2).maximum().value == 2 * omega_0


@pytest.mark.parametrize("chargers", range(1, 8))
@pytest.mark.parametrize("cells", [1, 2])
def test_every_start_against_numerics(cells, chargers):
    """The value, its first time, and the power, for every number of excited charger spins."""
    build = {1: single_cell, 2: two_cells}[cells]
    for excited in range(1, chargers + 1):
        s = build(chargers, excited_chargers=excited)
        charged = charge(SpinCharger(cells, chargers), dicke(0, excited))
        top, power = s.maximum(), s.max_power()
        found = charged.first_peak()
        assert float(top.value.subs(UNIT)) == pytest.approx(found.value, abs=1e-12)
        assert float(top.time.subs(UNIT)) == pytest.approx(found.time, rel=1e-7)
        best = charged.max_power()
        assert float(power.value.subs(UNIT)) == pytest.approx(best.value, abs=1e-12)
        assert float(power.time.subs(UNIT)) == pytest.approx(best.time, rel=1e-7)


@pytest.mark.parametrize(("chargers", "excited"), [(1, 1), (4, 3), (9, 1), (9, 2), (30, 17)])
def test_symbolic_case_is_the_numeric_one(chargers, excited):
    top = two_cells(excited_chargers=m).explicit().maximum()
    put = {N: chargers, m: excited}
    here = top if top.condition.subs(put) == S.true else top.otherwise
    exact = two_cells(chargers, excited_chargers=excited).maximum()
    assert (here.value.subs(put) - exact.value).simplify() == 0
    power = two_cells(excited_chargers=m).explicit().max_power().value.subs(put)
    other = two_cells(chargers, excited_chargers=excited).max_power().value
    # Evaluated apart: evalf of an exact zero would search for digits without end.
    for symbolic, numeric in ((here.time.subs(put), exact.time), (power, other)):
        assert abs(symbolic.subs(UNIT).evalf(30) - numeric.subs(UNIT).evalf(30)) < 1e-28


def test_single_cell_power_solves_its_equation():
    root = single_cell(1).max_power().time * g
    for digits in (20, 50, 200):
        value = root.evalf(digits)
        assert abs((tan(value) - 2 * value).evalf(digits)) < 10 ** Rational(4 - digits)
    with mpmath.workdps(60):
        independent = mpmath.findroot(lambda x: mpmath.tan(x) - 2 * x, mpmath.mpf("1.1655"))
        assert abs(mpmath.mpmathify(root.evalf(60)) - independent) < mpmath.mpf(10) ** -57


def test_implicit_root_is_an_expression():
    phi, a = Symbol("varphi", positive=True), Symbol("a", positive=True)
    root = ImplicitRoot(phi, a - phi**2, S(3), S.true)
    assert root.free_symbols == {a}
    assert root.evalf() is root
    assert root.subs(phi, 5) == root
    assert abs((root.subs(a, 2) - sqrt(2)).evalf(50)) < 1e-48
    assert root.is_positive


def test_implicit_root_without_a_sign_change_says_so():
    phi = Symbol("varphi", positive=True)
    with pytest.raises(ArithmeticError, match="no sign change"):
        ImplicitRoot(phi, -1 - phi, S(1), S.true).evalf()


def test_best_number_of_excited_spins_by_search():
    best = two_cells(excited_chargers=m).best_excited()
    assert best.excited == floor((N + 2) / S(2))
    for chargers in range(2, 16):
        energies = {
            excited: two_cells(chargers, excited_chargers=excited).maximum().value / omega_0
            for excited in range(1, chargers + 1)
        }
        top = max(energies.values())
        assert energies[int(best.excited.subs(N, chargers))] == top
        assert best.value.subs(N, chargers) == top * omega_0
    assert two_cells(4, excited_chargers=3).maximum().value == 2 * omega_0


def test_best_start_needs_a_choice():
    with pytest.raises(UnsolvedError, match="symbolic number"):
        two_cells().best_excited()
    with pytest.raises(UnsolvedError, match="same stored energy"):
        single_cell(excited_chargers=m).best_excited()


def test_thermal_supremum_is_approached_and_never_passed():
    top = thermal_charger().maximum()
    assert (top.value - (2 * p_1 + (1 - p_1) / 2) * omega_0).expand() == 0
    assert not top.attained
    f = thermal_charger(population=Rational(2, 5)).function("energy")
    seen = f(np.linspace(0, 20000, 2_000_001)).max()
    bound = float(top.value.subs(p_1, Rational(2, 5)).subs(UNIT))
    assert seen < bound
    assert seen > bound - 1e-4


def test_what_has_no_closed_maximum_says_so():
    with pytest.raises(UnsolvedError, match="commensurate"):
        thermal_charger(cells=1, chargers=3, thermal=3).maximum()
    with pytest.raises(UnsolvedError, match="symbols: population"):
        thermal_charger().max_power()
    with pytest.raises(UnsolvedError, match="starts empty"):
        solve(SpinCharger(2, N), dicke(1, N)).maximum()
