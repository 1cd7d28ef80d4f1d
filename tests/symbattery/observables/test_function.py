"""Emitted functions: accurate, broadcast, and clear about what they need."""

import pickle
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import pytest
from sympy import Rational

from symbattery import SpinCharger, dicke, single_cell, solve, thermal_charger, two_cells
from symbattery.symbols import N, gamma, m
from tests.systems.accuracy import assert_accurate

# solution, parameters, number of cells, largest frequency in units of g
CASES = {
    "one cell": (single_cell, {"chargers": 7}, 1, 7**0.5),
    "one cell, m": (lambda: single_cell(excited_chargers=m),
                    {"chargers": 50, "excited_chargers": 20}, 1, 620**0.5),
    "one cell, gamma": (lambda: single_cell(1, anisotropy=gamma), {"anisotropy": 0.5}, 1, 1.0),
    **{f"N = {n}": (two_cells, {"chargers": n}, 2, (6 * n - 4) ** 0.5) for n in (1, 2, 200)},
    "N a number": (lambda: two_cells(5), {}, 2, 26**0.5),
    "two cells, m": (lambda: two_cells(excited_chargers=m),
                     {"chargers": 9, "excited_chargers": 2}, 2, 50**0.5),
    "thermal": (thermal_charger, {"population": 0.3}, 2, 8**0.5),
    "thermal, five": (lambda: thermal_charger(chargers=5, thermal=4),
                      {"population": 0.7}, 2, 26**0.5),
}  # fmt: skip


@pytest.mark.parametrize("coupling", [1.0, 0.1])
@pytest.mark.parametrize("name", CASES)
def test_accuracy_that_is_stated(name, coupling):
    build, parameters, cells, rate = CASES[name]
    f, exact = (build().function("energy", b, **parameters) for b in ("numpy", "mpmath"))
    early, random = np.geomspace(1e-12, 1e-2, 120) / coupling, np.random.default_rng(7)
    late = np.concatenate([10 ** random.uniform(-2, 6, 150), np.pi / rate * np.arange(1, 30)])
    late /= coupling
    assert_accurate(f, exact, early, late, rate * coupling, cells * 1.3, coupling, 1.3)


FAR = {
    "chiral": solve(SpinCharger(5, 6)),
    "chiral, from the middle": solve(SpinCharger(6, 9), dicke(2, 6)),
    "tilted": solve(SpinCharger(3, 10, charger_crosstalk=1)),
    "tilted, from the middle": solve(SpinCharger(4, 4, cell_crosstalk=Rational(1, 2)), dicke(1, 2)),
}


EARLY_AND_LATE = (1e-12, 1e-9, 1e-6, 1e-4, 1e-2, 0.1, 0.3, 1.0, 30.0, 1e4)


@cache
def exact_values(case, k):
    """A population at these times, in many digits."""
    function = FAR[case].function(f"p{k}", "mpmath")
    with mpmath.workdps(60):
        return [function(time) for time in EARLY_AND_LATE]


def assert_far_levels_accurate(case, k, computed, given=()):
    for time, exact in zip(EARLY_AND_LATE, exact_values(case, k), strict=True):
        with mpmath.workdps(60):
            error = abs(mpmath.mpf(float(computed(time, *given))) - exact)
            assert error <= (1e-14 * exact if time <= 1e-2 else 1e-15 * (10 + 60 * time))


@pytest.mark.parametrize("case", FAR)
def test_levels_far_from_the_start_keep_their_digits(case, backend):
    """Their populations begin like t^(2d), of which single waves have t² only."""
    for k in FAR[case].populations:
        assert_far_levels_accurate(case, k, FAR[case].function(f"p{k}", backend))


@pytest.mark.parametrize("case", FAR)
def test_source_code_keeps_the_digits_of_far_levels(case):
    for k in FAR[case].populations:
        space = {"__name__": "generated"}
        exec(FAR[case].source(f"p{k}", "python"), space)
        units = [1.0] * len(FAR[case].function(f"p{k}").arguments)
        assert_far_levels_accurate(case, k, space[f"p{k}"], units)


def test_digits_of_mpmath_are_those_of_the_populations():
    for solution in FAR.values():
        for k in solution.populations:
            function = solution.function(f"p{k}", "mpmath")
            for time in (mpmath.mpf("1e-9"), mpmath.mpf("0.01"), mpmath.mpf("0.3")):
                with mpmath.workdps(200):
                    exact = function(time)
                assert abs(function(time) / exact - 1) < 1e-13


def test_printed_a6_loses_the_digits_that_the_emitted_form_keeps():
    square = 2 * (3 * 2 - 2)
    cosine = np.cos(np.sqrt(square) * 1e-8)
    printed = (square + 4) / (9 * square**2)
    printed *= ((square - 8) * cosine - (7 * square - 8)) * (cosine - 1)
    emitted = two_cells().function("energy", chargers=2)(1e-8)
    assert emitted == pytest.approx(4e-16, rel=1e-13)
    assert abs(printed / emitted - 1) > 0.05


def test_mpmath_constants_are_exact():
    f = two_cells(5).function("energy", backend="mpmath")
    with mpmath.workdps(100):
        time = mpmath.pi / mpmath.sqrt(26)
        exact = 16 * mpmath.mpf(20) / 169
        assert abs(f(time) - exact) < mpmath.mpf(10) ** -95


def three_cells():
    return solve(SpinCharger(3, N)).function("energy")


def test_arguments_by_position_and_by_name():
    f = two_cells().function("energy")
    assert f.arguments == ("chargers", "coupling", "frequency")
    assert f(0.7, 4, 0.5, 2.0) == f(0.7, frequency=2.0, chargers=4, coupling=0.5)
    assert f(0.7, 4) == f(0.7, 4, 1.0, 1.0)
    assert f(2.0, 3, 0.5, 3.0) == pytest.approx(3 * f(1.0, 3), rel=1e-14)
    fixed = two_cells().function("energy", chargers=4)
    assert fixed.arguments == pickle.loads(pickle.dumps(fixed)).arguments
    assert fixed.arguments == ("coupling", "frequency")


def test_broadcasting_over_times_and_parameters():
    for f, sizes in ((two_cells().function("energy"), (1, 4, 9)), (three_cells(), (3, 9))):
        times = np.linspace(0, 2, 5)
        grid = f(times, np.array(sizes)[:, None])
        assert grid.shape == (len(sizes), 5)
        for row, size in zip(grid, sizes, strict=True):
            assert row.tolist() == f(times, size).tolist()


def test_shapes_of_the_result():
    f = two_cells().function("energy", chargers=4)
    assert isinstance(f(0.5), float)
    assert f([0.5]).shape == (1,)
    assert f(np.zeros((2, 0))).shape == (2, 0)
    assert f([]).shape == (0,)
    # An expression without time still has one value for each time.
    dark = thermal_charger(population=0).function("energy")
    assert dark(np.zeros(4)).shape == (4,)
    f(np.array([1.0]))[0] = 0.0  # results are the caller's own


def test_power_is_zero_at_the_start():
    p = two_cells().function("power", chargers=4)
    assert p(0.0) == 0
    assert p([0.0, 1.0]).tolist() == [0, two_cells().function("energy", chargers=4)(1.0)]
    assert two_cells().function("power", backend="mpmath")(0, 4) == 0
    assert p(1e-160) == pytest.approx(0, abs=1e-150)


def test_amplitudes_are_complex():
    c = two_cells().function("c1", chargers=4)(np.linspace(0, 3, 7))
    assert np.all(c.real == 0)
    assert np.any(c.imag != 0)


def test_exact_numbers_as_parameters():
    f = thermal_charger().function("energy", backend="mpmath", population=Rational(1, 3))
    with mpmath.workdps(40):
        third = thermal_charger().function("energy", "mpmath", population=Fraction(1, 3))
        assert abs(f(1) - third(1)) < mpmath.mpf(10) ** -39
