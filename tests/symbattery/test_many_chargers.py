"""Maxima in powers of 1/N, against the exact ones."""

import pytest
from sympy import Rational, pi, sqrt

from symbattery import InvalidArgument, UnsolvedError, single_cell, thermal_charger, two_cells
from symbattery.limits.large_charger import many_chargers
from symbattery.symbols import N, g, m, omega_0


@pytest.fixture(scope="module")
def two():
    return many_chargers(two_cells(), 2)


def test_two_cells_approach_sixteen_ninths(two):
    assert two.energy == (Rational(16, 9), Rational(16, 27), 0)
    assert two.time[0] == pi / sqrt(6)


@pytest.mark.parametrize("quantity", ["energy", "time", "power"])
def test_remainder_is_of_the_next_order(two, quantity):
    solution = two_cells().explicit()
    top = solution.maximum()
    scaled = {
        "energy": top.value / omega_0,
        "time": top.time * sqrt(N) * g,
        "power": solution.max_power().value / (sqrt(N) * g * omega_0),
    }[quantity]
    errors = []
    for size in (100, 1000):
        series = sum(c * Rational(1, size) ** k for k, c in enumerate(getattr(two, quantity)))
        errors.append(abs(scaled.subs(N, size).evalf(30) - series.evalf(30)))
    assert errors[0] < 1e-5
    assert 900 < errors[0] / errors[1] < 1100


def test_single_cell_has_no_corrections():
    one = many_chargers(single_cell(), 2)
    assert one.energy == (1, 0, 0)
    assert one.time == (pi / 2, 0, 0)
    assert abs(one.power[0].evalf(12) - 0.724611353777) < 1e-11
    assert [abs(c.evalf(12)) < 1e-20 for c in one.power[1:]] == [True, True]


def test_bad_input():
    for order in (-1, 1.5, 7, "2"):
        with pytest.raises(InvalidArgument, match="`order` must"):
            many_chargers(two_cells(), order)
    for solution in (two_cells(4), two_cells(excited_chargers=m), thermal_charger()):
        with pytest.raises(UnsolvedError, match="`many_chargers`"):
            many_chargers(solution)
