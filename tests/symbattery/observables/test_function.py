"""Emitted functions: accurate, broadcast, and clear about what they need."""

import pickle
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from sympy import Rational

from symbattery import single_cell, thermal_charger, two_cells
from symbattery.symbols import gamma, m

# solution, parameters, number of cells, largest frequency in units of g
CASES = {
    "one cell": (single_cell, {"chargers": 7}, 1, 7**0.5),
    "one cell, m": (
        lambda: single_cell(excited_chargers=m),
        {"chargers": 50, "excited_chargers": 20},
        1,
        620**0.5,
    ),
    "one cell, gamma": (lambda: single_cell(1, anisotropy=gamma), {"anisotropy": 0.5}, 1, 1.0),
    "N = 1": (two_cells, {"chargers": 1}, 2, 2**0.5),
    "N = 2": (two_cells, {"chargers": 2}, 2, 8**0.5),
    "N = 200": (two_cells, {"chargers": 200}, 2, 1196**0.5),
    "N a number": (lambda: two_cells(5), {}, 2, 26**0.5),
    "two cells, m": (
        lambda: two_cells(excited_chargers=m),
        {"chargers": 9, "excited_chargers": 2},
        2,
        (2 * (36 - 9 - 8 + 8 - 2)) ** 0.5,
    ),
    "thermal": (thermal_charger, {"population": 0.3}, 2, 8**0.5),
    "thermal, five": (
        lambda: thermal_charger(chargers=5, thermal=4),
        {"population": 0.7},
        2,
        26**0.5,
    ),
}


@pytest.fixture(params=CASES)
def case(request):
    build, parameters, cells, rate = CASES[request.param]
    solution = build()
    return solution, parameters, cells, rate


def reference(solution, parameters, time, coupling, frequency):
    """60 digits, at exactly the doubles that the emitted function sees."""
    f = solution.function("energy", backend="mpmath", **parameters)
    return f(Fraction(time), Fraction(coupling), Fraction(frequency))


@pytest.mark.parametrize("coupling", [1.0, 0.1])
def test_small_times_to_fourteen_digits(case, coupling):
    solution, parameters, _, _ = case
    f = solution.function("energy", **parameters)
    times = np.geomspace(1e-12, 1e-2, 120) / coupling
    values = f(times, coupling, 1.3)
    with mpmath.workdps(60):
        for time, value in zip(times, values, strict=True):
            exact = reference(solution, parameters, time, coupling, 1.3)
            assert abs(mpmath.mpf(float(value)) / exact - 1) <= 1e-14


@pytest.mark.parametrize("coupling", [1.0, 0.1])
def test_later_times_to_the_rounding_of_the_phase(case, coupling):
    solution, parameters, cells, rate = case
    f = solution.function("energy", **parameters)
    random = np.random.default_rng(7)
    times = np.concatenate([10 ** random.uniform(-2, 6, 150), np.pi / rate * np.arange(1, 30)])
    times /= coupling
    values = f(times, coupling, 1.3)
    with mpmath.workdps(60):
        for time, value in zip(times, values, strict=True):
            exact = reference(solution, parameters, time, coupling, 1.3)
            bound = 4e-16 * cells * 1.3 * (10 + rate * coupling * time)
            assert abs(mpmath.mpf(float(value)) - exact) <= bound


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


def test_arguments_by_position_and_by_name():
    f = two_cells().function("energy")
    assert f.arguments == ("chargers", "coupling", "frequency")
    assert f(0.7, 4, 0.5, 2.0) == f(0.7, frequency=2.0, chargers=4, coupling=0.5)
    assert f(0.7, 4) == f(0.7, 4, 1.0, 1.0)
    assert two_cells().function("energy", chargers=4).arguments == ("coupling", "frequency")


def test_units_scale():
    f = two_cells().function("energy", chargers=3)
    assert f(2.0, 0.5, 3.0) == pytest.approx(3 * f(1.0), rel=1e-14)


def test_broadcasting_over_times_and_parameters():
    f = two_cells().function("energy")
    times, sizes = np.linspace(0, 2, 5), np.array([[1], [4], [9]])
    grid = f(times, sizes)
    assert grid.shape == (3, 5)
    for row, size in zip(grid, sizes[:, 0], strict=True):
        assert row.tolist() == f(times, int(size)).tolist()


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


def test_amplitudes_are_complex_and_normalised():
    times = np.linspace(0, 3, 7)
    c = [two_cells().function(f"c{k}", chargers=4)(times) for k in range(3)]
    assert np.allclose(sum(abs(x) ** 2 for x in c), 1, atol=1e-15)
    assert np.all(c[1].real == 0)


def test_functions_cross_process_borders():
    f = two_cells().function("energy", chargers=4)
    again = pickle.loads(pickle.dumps(f))
    assert again(0.3) == f(0.3)
    assert again.arguments == f.arguments


def test_exact_numbers_as_parameters():
    f = thermal_charger().function("energy", backend="mpmath", population=Rational(1, 3))
    with mpmath.workdps(40):
        third = thermal_charger().function("energy", "mpmath", population=Fraction(1, 3))
        assert abs(f(1) - third(1)) < mpmath.mpf(10) ** -39
