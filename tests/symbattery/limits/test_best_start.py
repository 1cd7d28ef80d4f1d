"""The best numbers of excited charger spins: proven peaks, all starts, and the limits."""

import mpmath
import numpy as np
import pytest
from sympy import Rational, Symbol, binomial, pi

from numerics import SpinCharger, certified, charge, dicke
from symbattery.limits.best_start import BalancedStart, best_power
from symbattery.symbols import M, N, g, m, omega_0
from tests.errors import one_clear_error

UNITS = {g: 1, omega_0: 1}


def number(expression, digits=17):
    return mpmath.mpmathify(expression.subs(UNITS).evalf(digits))


@pytest.mark.parametrize("cells", [4, 5])
def test_error_of_the_first_peak_is_of_the_next_order_over_three_decades(cells):
    """Against peaks that are proven to be the first: it tends to a number times ε⁸."""
    missed = []
    for chargers in (40 + cells, 400 + cells, 4000 + cells, 40000 + cells):
        peak = certified.first_peak(
            SpinCharger(cells, chargers), 45, dicke(0, (cells + chargers) // 2)
        )
        law = BalancedStart(cells, chargers).max_energy()
        with mpmath.workdps(60):
            energy = (peak.value.midpoint - number(law.value, 60)) * (chargers + 1) ** 8
            time = (peak.time.midpoint - number(law.time, 60)) * (chargers + 1) ** 7
        missed.append((float(energy), float(time)))
    assert np.allclose(missed[1:], missed[-1], rtol=0.01, atol=0)
    assert np.allclose(missed[0], missed[-1], rtol=0.2, atol=0)
    # The lower order misses what the higher one adds.
    lower = BalancedStart(cells, chargers).max_energy(order=0)
    lost = number(lower.value - law.value) * (chargers + 1) ** 6
    assert lost == pytest.approx(
        float(Rational(81, 64) * pi**2 * binomial(cells, 3) * cells * (cells - 1)), rel=1e-6
    )


@pytest.mark.parametrize("cells", [1, 2])
def test_one_and_two_cells_are_full(cells):
    chargers = 6 + cells
    assert BalancedStart(cells, chargers).max_energy().value == cells * omega_0
    peak = charge(SpinCharger(cells, chargers), dicke(0, 3 + cells)).first_peak()
    assert peak.value == pytest.approx(cells, abs=1e-12)


def test_missing_energy_beside_the_middle():
    for chargers in (300, 3000):
        for up in (0, 1, 2, -1):
            excited = (3 + chargers + 1) // 2 + up
            peak = charge(SpinCharger(3, chargers), dicke(0, excited)).first_peak()
            law = number(BalancedStart(3, chargers).missing(excited))
            assert abs((3 - peak.value) / float(law) - 1) < 12 / chargers + 1e-14 / float(law)
    assert BalancedStart().missing(m).free_symbols == {M, N, m, omega_0}


@pytest.mark.parametrize(("cells", "chargers"), [(2, 8), (5, 16)])
def test_best_start_for_the_power(cells, chargers):
    powers = [
        charge(SpinCharger(cells, chargers), dicke(0, up)).max_power().value
        for up in range(1, chargers + 1)
    ]
    law = float(BalancedStart(cells, chargers).excited_for_power.evalf())
    assert abs(1 + np.argmax(powers) - law) < 0.8


@pytest.mark.parametrize("cells", [2, 3])
def test_error_of_the_best_start_for_the_power_over_three_decades(cells):
    """The top of the parabola through three proven powers: its distance tends to a number × ε²."""
    missed = []
    for chargers in (30, 300, 3000, 30000):
        with mpmath.workdps(40):
            law = number(BalancedStart(cells, chargers).excited_for_power, 40)
            near = int(mpmath.nint(law))
            left, middle, right = (
                certified.max_power(SpinCharger(cells, chargers), 30, dicke(0, up)).value.midpoint
                for up in (near - 1, near, near + 1)
            )
            top = near + (left - right) / (left - 2 * middle + right) / 2
            missed.append(float((top - law) * (chargers + 1) ** 2))
    assert np.allclose(missed[1:], missed[-1], rtol=0.02, atol=0.01)
    assert np.allclose(missed, missed[-1], rtol=0.2, atol=0.1)


def test_best_power_of_large_batteries_over_three_decades():
    """M times the relative error tends to a number; the powers up to 100 cells are proven."""
    law = best_power()
    missed = []
    for cells in (1, 10, 100, 1000):
        near = max(1, round(float(law.excited) * cells))
        power, up = max(
            (charge(SpinCharger(cells, cells), dicke(0, m)).max_power().value, m)
            for m in range(max(1, near - 1), min(cells, near + 2) + 1)
        )
        if cells < 1000:
            proven = certified.max_power(SpinCharger(cells, cells), 12, dicke(0, up)).value
            assert abs(float(proven.midpoint) / power - 1) < 1e-13
        missed.append(cells * (power / (float(law.power) * cells**2) - 1))
    assert 1.4 > missed[0] > missed[1] > missed[2] > missed[3] > 0.98
    assert missed[2] - missed[3] < 0.1 * (missed[1] - missed[3])


@pytest.mark.parametrize("ratio", [3, Rational(1, 4)])
def test_best_power_of_unequal_sides(ratio):
    """The relative error times the smaller size tends to a number."""
    law, missed = best_power(ratio), []
    for least in (20, 80):
        cells = least * max(1, 1 / ratio)
        chargers = int(cells * ratio)
        near = round(float(law.excited) * chargers)
        found = max(
            charge(SpinCharger(int(cells), chargers), dicke(0, up)).max_power().value
            for up in range(near - 1, near + 3)
        )
        missed.append(least * (found / (float(law.power) * cells * chargers) - 1))
    assert 0.3 < missed[0] < 1.2
    assert missed[1] == pytest.approx(missed[0], abs=0.12)


def test_best_power_of_very_many_charger_spins_is_that_of_a_rotation():
    law = best_power(1000, digits=12)
    root = mpmath.findroot(lambda x: mpmath.tan(x / 2) - x, 2.33)
    assert float(law.power) == pytest.approx(float((1 - mpmath.cos(root)) / root / 2), rel=1e-4)
    assert float(law.filling) == pytest.approx(float((1 - mpmath.cos(root)) / 2), rel=1e-4)
    assert float(law.excited) == pytest.approx(0.5, abs=1e-3)


def test_best_power_of_very_few_charger_spins_is_that_of_an_oscillator():
    """With κ and μ in units of r the factor 1 − q² of the cells drops out."""

    def duration(up, filled):
        return mpmath.quad(
            lambda q: 1 / mpmath.sqrt((q**2 + 1 - up) * (up - q**2)), [0, mpmath.sqrt(filled)]
        )

    up, filled = mpmath.findroot(
        lambda up, filled: (
            mpmath.diff(lambda x: duration(x, filled), up),
            mpmath.diff(lambda x: x / duration(up, x), filled),
        ),
        (0.8, 0.7),
    )
    for ratio, error in ((Rational(1, 100), 2e-3), (Rational(1, 1000), 2e-4)):
        law = best_power(ratio)
        assert float(law.excited) == pytest.approx(float(up), rel=error)
        assert float(law.filling / ratio) == pytest.approx(float(filled), rel=error)
        power = float(law.power) / float(ratio) ** 0.5
        assert power == pytest.approx(float(filled / duration(up, filled)), rel=error)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: BalancedStart(0, 3), "cells"),
        (lambda: BalancedStart(2.5, 3), "cells"),
        (lambda: BalancedStart(3, 2), "chargers"),
        (lambda: BalancedStart(3, Symbol("x", negative=True)), "chargers"),
        (lambda: BalancedStart(3, 4).max_energy(), "chargers"),
        (lambda: BalancedStart(3, 5).max_energy(order=2), "order"),
        (lambda: BalancedStart(3, 5).max_energy(order=True), "order"),
        (lambda: BalancedStart(3, 5).missing(-1), "excited"),
        (lambda: best_power(0.0005), "ratio"),
        (lambda: best_power(10**4), "ratio"),
        (lambda: best_power("many"), "ratio"),
        (lambda: best_power(2, digits=0), "digits"),
    ],
)
def test_bad_input(call, name):
    one_clear_error(name, call)
