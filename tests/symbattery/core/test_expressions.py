"""Expressions in the form an author prints."""

import pytest
from sympy import Add, Pow, S, cos, sin

from symbattery import InvalidArgument
from symbattery.core.expressions import checked_symbols, convolved, vanishes
from symbattery.symbols import g, t, xi


def test_vanishing_is_decided_by_algebra():
    assert vanishes(sin(xi * g * t) ** 2 + cos(xi * g * t) ** 2 - 1)
    assert vanishes(cos(xi * t) - 1 + 2 * sin(xi * t / 2) ** 2)
    assert not vanishes(cos(xi * t) - 1 + 2 * sin(xi * t / 3) ** 2)
    assert not vanishes(S(10) ** -40 * sin(t))


def test_a_convolution_is_the_product_of_polynomials():
    left, right = {0: S(3), 2: g}, {1: t, 2: S(-1), 3: S(5)}
    parts = left, right, convolved(left, right)
    one, other, both = (Add(*(a * xi**n for n, a in part.items())) for part in parts)
    assert (one * other - both).expand() == 0


@pytest.mark.parametrize("power", [lambda n: S(10) ** n, lambda n: Pow(10, n, evaluate=False)])
def test_numbers_have_at_most_a_thousand_digits(power):
    checked_symbols("coupling", g * power(999))
    with pytest.raises(InvalidArgument, match="of at most 1000 digits"):
        checked_symbols("coupling", g * power(1001))
