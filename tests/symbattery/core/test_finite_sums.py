"""Sums that stay unevaluated until their ranges are numbers."""

import pytest
from sympy import Rational, S, Sum, Symbol, floor, sin, srepr, sympify

from symbattery.core.finite_sums import TermSum, nested_sum, points
from symbattery.symbols import N, t

k, c = Symbol("k", integer=True), Symbol("c", integer=True)
RANGES = ((k, S.Zero, floor(N / 2)), (c, S.One, N - 2 * k))
TERM = 7 * t * k * sin(c * k * t) ** 2


def by_hand(spins):
    return sum(
        TERM.subs({k: i, c: j}) for i in range(spins // 2 + 1) for j in range(1, spins - 2 * i + 1)
    )


def test_what_an_index_does_not_move_stands_before_its_sum():
    total = nested_sum(TERM, RANGES)
    before, outer = total.as_independent(Sum)
    assert before == 7 * t
    assert outer.function.as_independent(Sum)[0] == k


@pytest.mark.parametrize("spins", range(1, 8))
@pytest.mark.parametrize("flat", [False, True])
def test_evaluates_term_by_term(spins, flat):
    total = TermSum(TERM, *reversed(RANGES)) if flat else nested_sum(TERM, RANGES)
    assert isinstance(next(iter(total.atoms(Sum))), TermSum)
    assert total.doit() == total
    assert (total.subs(N, spins).doit() - by_hand(spins)).expand() == 0
    assert len(list(points(RANGES, {N: S(spins)}))) == sum(
        spins - 2 * i for i in range(spins // 2 + 1)
    )


def test_short_sums():
    total = TermSum(k**2, (k, 1, 5))
    assert total.doit() == Sum(*total.args).doit() == 55
    # A range that runs backwards is empty.
    assert TermSum(k, (k, 5, 2)).doit() == 0
    assert list(points(((k, S(5), S(2)),), {})) == []


def test_numbers_are_added_not_extrapolated():
    total = TermSum(sin(k) ** 2, (k, 1, 300))
    exact = sum((sin(S(i)) ** 2).evalf(60) for i in range(1, 301))
    assert abs(total.evalf(50) - exact) < Rational(1, 10**45)
    assert TermSum(k, (k, 1, N)).evalf() == TermSum(k, (k, 1, N))


def test_text_is_read_back_by_sympy_alone():
    total = nested_sum(TERM, RANGES)
    again = sympify(srepr(total))
    assert srepr(again) == srepr(total)
    assert not again.atoms(TermSum)
