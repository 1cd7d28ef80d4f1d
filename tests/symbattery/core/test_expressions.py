"""Expressions in the form an author prints."""

from sympy import S, cos, sin

from symbattery.core.expressions import vanishes
from symbattery.symbols import g, t, xi


def test_vanishing_is_decided_by_algebra():
    assert vanishes(sin(xi * g * t) ** 2 + cos(xi * g * t) ** 2 - 1)
    assert vanishes(cos(xi * t) - 1 + 2 * sin(xi * t / 2) ** 2)
    assert not vanishes(cos(xi * t) - 1 + 2 * sin(xi * t / 3) ** 2)
    assert not vanishes(S(10) ** -40 * sin(t))
