"""The series of the exponent in 1/ln M: the root of the law over three decades of ln M."""

import mpmath
import pytest
from sympy import I, Integer, LambertW, Symbol

from symbattery.limits.exponents import exponent_series
from symbattery.limits.large_battery import LargeBattery
from symbattery.symbols import M
from tests.errors import one_clear_error


def of_law(length):
    """(u, β) at the root of f′(u)(u + Λ) = f(u)."""

    def condition(u):
        z = mpmath.exp(-u)
        scaled = mpmath.exp(z) * mpmath.e1(z)
        return z * (scaled - 1 + z * scaled) * (u + length) - 1 + z * scaled

    near = mpmath.log(length)
    root = mpmath.findroot(condition, (near + 1, near + 3), tol=1e-40)
    return root, 1 - 1 / (root + length)


def test_error_times_the_next_power_is_bounded_over_three_decades():
    with mpmath.workdps(30):
        for power in (100, 3000, 100_000):
            length = mpmath.log(4) + power * mpmath.log(10)
            root, beta = of_law(length)
            for order in (1, 2, 3):
                written = exponent_series(order=order).subs(M, Integer(10) ** power).evalf(30)
                off = (mpmath.mpmathify(written) - beta) * length ** (order + 1) / root**order
                assert 0.4 < (-1) ** order * off < 1.01


def test_series_of_a_number_is_near_the_law():
    law = LargeBattery().exponent(10**6).evalf(20)
    found = [abs(exponent_series(10**6, order).evalf(20) - law) for order in (1, 2)]
    assert found[1] < found[0] / 30 < 1e-3
    assert exponent_series(10, 1).evalf() < 1
    assert exponent_series().has(LambertW)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: exponent_series(0), "cells"),
        (lambda: exponent_series(I), "cells"),
        (lambda: exponent_series(Symbol("x", negative=True)), "cells"),
        (lambda: exponent_series(129_000), "cells"),
        (lambda: exponent_series(10**6, 0), "order"),
        (lambda: exponent_series(0.25, 1), "cells"),
        (lambda: exponent_series(10**6, 4), "order"),
        (lambda: exponent_series(10**6, True), "order"),
    ],
)
def test_bad_input(call, name):
    one_clear_error(name, call)
