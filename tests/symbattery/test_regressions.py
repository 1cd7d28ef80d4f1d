"""What an adversarial reading found: each case once gave a wrong or unclear result."""

from dataclasses import replace
from decimal import Decimal

import mpmath
import numpy as np
import pytest
from sympy import Rational, S, Symbol, simplify

import symbattery
from symbattery import SpinCharger, dicke, mixture, solve, thermal, thermal_charger, two_cells
from symbattery.output.latex import document as tex
from symbattery.symbols import N, g, g_1, m, omega_0, omega_C, p_1, t


@pytest.mark.parametrize(
    "solution",
    [
        thermal_charger(population=0.3),
        solve(SpinCharger(2, 4), mixture([(0.6, dicke(0, 4)), (0.4, dicke(0, 3))])),
        solve(SpinCharger(2, 3, coupling=mpmath.mpf("0.1"))),
        solve(SpinCharger(2, 3, coupling=Decimal("0.1"))),
        solve(SpinCharger(2, 3, coupling=np.float32(0.1))),
        two_cells(excited_chargers=30),
        solve(SpinCharger(2, 3), thermal(charger_inverse_temperature=0.7, cell_population=0.125)),
        solve(SpinCharger(1, 3, frequency=2, charger_frequency=3),
              thermal(cell_inverse_temperature=0.5, charger_inverse_temperature=-0.25)),
        thermal_charger(population=p_1 / 2),
    ],
)  # fmt: skip
def test_every_kind_of_number_is_verified_to_all_digits(solution):
    assert solution.verify(digits=50, points=2).digits >= 48


def test_weights_that_share_a_range_are_drawn_together():
    a, b = (Symbol(name, nonnegative=True) for name in "ab")
    parts = [(a, dicke(0, 2)), (b, dicke(0, 1)), (1 - a - b, dicke(0, 0))]
    assert solve(SpinCharger(1, 2), mixture(parts)).verify(digits=30, points=3).digits == 30


def test_decimals_stay_decimals():
    assert solve(SpinCharger(2, 2, coupling=np.float32(0.1))).model.coupling == Rational(1, 10)
    state = thermal_charger(population=0.3).initial
    assert state == symbattery.product([0, 0], [1, Rational(3, 10)])


def test_advice_names_a_symbol_only_where_one_is_missing():
    with pytest.raises(symbattery.InvalidArgument) as caught:
        solve(SpinCharger(2, 3, coupling=-g))
    assert "Symbol(" not in str(caught.value)


def test_assumptions_follow_from_every_field():
    few = [a.subs(N, 29) for a in two_cells(excited_chargers=30).assumptions]
    enough = [a.subs(N, 30) for a in two_cells(excited_chargers=30).assumptions]
    assert S.false in few
    assert S.false not in enough
    assert S.false in [a.subs(p_1, 3) for a in thermal_charger(population=p_1 / 2).assumptions]


@pytest.mark.parametrize(
    ("time", "values"),
    [
        (1e5, {"chargers": 4, "coupling": 1e-3, "frequency": 1.0, "charger_frequency": 1.0}),
        (1e8, {"chargers": 4, "coupling": 1e-8, "frequency": 1.0, "charger_frequency": 1 + 1e-8}),
        (0.3, {"chargers": 5, "coupling": 1.0, "frequency": 1.0, "charger_frequency": 1.5}),
    ],
)
def test_near_resonance_keeps_its_digits(time, values):
    s = solve(SpinCharger(1, N, charger_frequency=omega_C))
    value = s.function("energy")(time, **values)
    with mpmath.workdps(60):
        exact = s.function("energy", "mpmath")(mpmath.mpf(time), **values)
        bound = 4e-16 * (10 + 2 * values["chargers"] ** 0.5 * values["coupling"] * time)
        assert abs(mpmath.mpf(float(value)) - exact) < bound


def test_huge_chargers_keep_their_digits():
    s, many = two_cells(excited_chargers=m), {"chargers": 10**9, "excited_chargers": 10**9}
    value = s.function("energy", **many)(1e-6)
    with mpmath.workdps(60):
        exact = s.function("energy", "mpmath", **many)(mpmath.mpf(1e-6))
        assert abs(mpmath.mpf(float(value)) / exact - 1) < 1e-14


def test_constant_results_are_floats():
    dark = solve(SpinCharger(2, 3), dicke(0, 0)).function("energy")([0.0, 1.0])
    assert dark.dtype == np.float64


def test_solutions_can_be_hashed_and_compared():
    assert hash(two_cells()) == hash(two_cells())
    assert two_cells() == two_cells()
    assert two_cells() != two_cells(4)


def test_crosstalk_alone_detunes():
    s = solve(SpinCharger(1, 2, charger_crosstalk=g_1))
    without = symbattery.single_cell(2).explicit().energy
    assert simplify(s.explicit().energy.subs(g_1, 0) - without) == 0
    assert s.maximum().condition == S.true
    assert s.energy.subs({t: 0, omega_0: 1}) == 0


@pytest.mark.skipif(tex.engine() is None, reason="no TeX engine (pdflatex) is installed")
def test_thermal_document_of_two_temperatures_compiles(tmp_path):
    beta, other = (Symbol(name, real=True) for name in ("beta", "beta_B"))
    state = thermal(charger_inverse_temperature=beta, cell_inverse_temperature=other)
    source = solve(SpinCharger(1, 2), state).to_tex(tmp_path / "two.tex")
    assert tex.typeset(source, tex.engine()).path.exists()
    assert "inverse temperature" in source.read_text(encoding="utf-8")


def test_symbols_inside_a_mixture_need_their_assumptions():
    unknown = mixture([(Rational(1, 2), dicke(0, Symbol("q"))), (Rational(1, 2), dicke(0, 1))])
    message = "`excited_chargers` must be known to be integer"
    with pytest.raises(symbattery.InvalidArgument, match=message):
        solve(SpinCharger(2, 4), unknown)


def test_a_second_population_goes_by_its_own_name():
    q = Symbol("q", nonnegative=True)
    solution = solve(SpinCharger(1, 2), symbattery.product([0], [p_1, q]))
    named = {"coupling": g, "frequency": omega_0, "population": p_1, "q": q}
    assert dict(solution.parameters) == named
    assert solution.verify(digits=30, points=2).digits == 30


def test_lost_probability_is_found():
    """A dark branch too many changes no energy, only the norm."""
    solution = two_cells(3)
    (dark,) = solve(SpinCharger(2, 3), dicke(0, 0)).branches
    broken = replace(solution, branches=(*solution.branches, dark))
    found = broken.verify(digits=30, points=2)
    assert broken.energy == solution.energy
    assert found.routes[0].deviation >= 1


def test_two_named_frequencies():
    state = mixture([(Rational(1, 4), dicke(0, N)), (Rational(3, 4), dicke(0, m))])
    solution = solve(SpinCharger(2, N), state)
    assert {str(name) for name in solution.definitions} == {"xi_1", "xi_2"}
    assert solution.verify(digits=40, points=3).digits >= 38
