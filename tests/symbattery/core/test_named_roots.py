"""Roots of an equation and named expressions as exact numbers, and how they are printed."""

import pytest
import sympy
from sympy import Rational, S, Symbol, latex, pretty, sin, sqrt, srepr

from symbattery import SpinCharger, solve
from symbattery.core.named_roots import ImplicitRoot, NamedExpression
from tests.symbattery.output.latex.reader import read

a, b, c = (Symbol(name, positive=True) for name in "abc")
INNER = (
    a + b, a - b, -a, b - a, a * b, a / b, a**b, sqrt(a), Rational(3, 2), -Rational(3, 2), a,
)  # fmt: skip
AROUND = (
    lambda n: n, lambda n: c * n, lambda n: -n, lambda n: c - n, lambda n: c + 2 * n,
    lambda n: n**2, lambda n: c**n, lambda n: c / n, lambda n: n / c, lambda n: sqrt(n),
    lambda n: c * n**-2, lambda n: (c * n) ** 3, lambda n: sin(n), lambda n: n * (c + n),
)  # fmt: skip


@pytest.mark.parametrize("around", AROUND)
def test_text_that_is_read_back_gives_the_value(around):
    known = {"a": a, "b": b, "c": c}
    at = {a: 1.25, b: 0.75, c: 2.5}
    for inner in INNER:
        whole = around(NamedExpression(inner, {a: S(2), b: S(3)}))
        right = around(inner).subs(at)
        for text in (str(whole), repr(whole), pretty(whole, use_unicode=False)):
            if "\n" not in text:
                assert abs(sympy.sympify(text, locals=known).subs(at) - right) < 1e-12, text
        value = read(latex(whole), "abc")({str(name): v for name, v in at.items()})
        assert abs(value - right) < 1e-12, latex(whole)


def test_a_product_is_not_read_as_a_sum():
    value = solve(SpinCharger(2, 3, coupling=1, cell_crosstalk=1)).maximum().value
    assert str(value) == "omega_0*(B_1_2 + B_2_3)"
    assert latex(value) == r"\omega_{0} \left(B_{1 2} + B_{2 3}\right)"
    assert pretty(value, use_unicode=False) == "omega_0*(B_1_2 + B_2_3)"
    assert "NamedExpression" in srepr(value)


def test_implicit_root_is_an_expression():
    phi, a = Symbol("varphi", positive=True), Symbol("a", positive=True)
    root = ImplicitRoot(phi, a - phi**2, S(3), S.true)
    assert root.free_symbols == {a}
    assert root.evalf() is root
    assert root.subs(phi, 5) == root
    assert abs((root.subs(a, 2) - sqrt(2)).evalf(50)) < 1e-48
    assert root.is_positive
    assert str(2 * root) == "2*varphi"


def test_implicit_root_without_a_sign_change_says_so():
    phi = Symbol("varphi", positive=True)
    with pytest.raises(ArithmeticError, match="no sign change"):
        ImplicitRoot(phi, -1 - phi, S(1), S.true).evalf()
