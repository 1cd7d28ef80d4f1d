"""Roots of an equation as exact numbers."""

import pytest
from sympy import S, Symbol, sqrt

from symbattery.core.named_roots import ImplicitRoot


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
