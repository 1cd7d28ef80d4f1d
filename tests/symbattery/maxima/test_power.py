"""The largest power as an exact implicit number."""

import mpmath
import pytest
from sympy import Rational, tan

from numerics import charge
from symbattery import CavityCharger, SpinCharger, dicke, single_cell, solve, thermal
from symbattery.symbols import g, omega_0

UNIT = {g: 1, omega_0: 1}


@pytest.mark.parametrize(
    ("model", "initial"),
    [
        (SpinCharger(3, 3), None),
        (SpinCharger(3, 9), dicke(0, 4)),
        (SpinCharger(4, 4), None),
        (SpinCharger(6, 6), None),
        (SpinCharger(20, 20), None),
        (CavityCharger(4), None),
        (SpinCharger(2, 4, coupling=1, frequency=1, charger_crosstalk=Rational(1, 10)), None),
        (SpinCharger(1, 3), thermal(charger_population=Rational(1, 3))),
        (SpinCharger(3, 3), thermal(charger_population=Rational(2, 3))),
    ],
)
def test_power_is_that_of_the_numerics(model, initial):
    top = solve(model, initial).max_power()
    found = charge(model, initial).max_power()
    assert float(top.approximate.subs(UNIT)) == pytest.approx(found.value, rel=1e-12)
    time = top.time.subs(UNIT).evalf(40)
    assert float(time) == pytest.approx(found.time, rel=1e-7)
    low, high = (bound.subs(UNIT) for bound in top.enclosure)
    assert low < time < high


@pytest.mark.parametrize("model", [SpinCharger(3, 3), SpinCharger(4, 7)])
def test_value_is_exact_to_any_digits(model):
    top = solve(model).max_power()
    at = {}
    energy = solve(model).explicit().energy.subs(UNIT)
    for digits in (20, 60):
        at[digits] = top.time.subs(UNIT).evalf(digits)
        (t,) = energy.free_symbols
        slope = (t * energy.diff(t) - energy).subs(t, at[digits]).evalf(digits)
        assert abs(slope) < Rational(1, 10 ** (digits - 6))
    assert abs(at[20] - at[60]) < Rational(1, 10**18)
    value = top.value.subs(UNIT).evalf(50)
    assert abs(value - top.approximate.subs(UNIT)) < Rational(1, 10**27)


def test_coupling_and_frequency_scale():
    one = solve(SpinCharger(3, 4)).max_power()
    other = solve(SpinCharger(3, 4, coupling=2, frequency=3)).max_power()
    ratio = one.value.subs({g: 2, omega_0: 3}).evalf(30) / other.value.evalf(30)
    assert abs(ratio - 1) < 1e-27


def test_single_cell_power_solves_its_equation():
    root = single_cell(1).max_power().time * g
    for digits in (20, 50, 200):
        value = root.evalf(digits)
        assert abs((tan(value) - 2 * value).evalf(digits)) < 10 ** Rational(4 - digits)
    with mpmath.workdps(60):
        independent = mpmath.findroot(lambda x: mpmath.tan(x) - 2 * x, mpmath.mpf("1.1655"))
        assert abs(mpmath.mpmathify(root.evalf(60)) - independent) < mpmath.mpf(10) ** -57
