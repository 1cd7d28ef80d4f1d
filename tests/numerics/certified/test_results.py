"""Enclosures as results: how they print and compare, and which numbers they are made from."""

import importlib
import pickle
from decimal import Decimal
from fractions import Fraction

import mpmath
import pytest
import sympy
from flint import arb, ctx
from mpmath import mpf

from numerics import InvalidArgument, SpinCharger, certified, dicke, mixture, product
from numerics.certified import Enclosure

PAIR = SpinCharger(2, 3)


def test_floats_when_asked_for_are_their_binary_values():
    model = SpinCharger(2, 3, coupling=0.1, anisotropy=0.3)
    exact = SpinCharger(2, 3, coupling=Fraction(0.1), anisotropy=Fraction(0.3))
    found = certified.energy(model, 0.7, floats=True)
    assert found == certified.energy(exact, Fraction(0.7))
    assert not found.contains(certified.energy(SpinCharger(2, 3, "0.1", anisotropy="0.3"), "0.7"))
    weights = mixture([(0.1, dicke(0, 3)), (0.9, dicke(0, 2))])
    assert certified.energy(PAIR, 1, 10, weights, floats=True).radius < 1e-9


@pytest.mark.parametrize("kind", [str, Fraction, mpf, Decimal, sympy.Rational, arb])
def test_every_kind_of_exact_number(kind):
    """1/4 is 1/4, whatever it is written in."""
    quarter = {str: "0.25", sympy.Rational: sympy.Rational(1, 4)}.get(kind)
    quarter = kind("0.25") if quarter is None else quarter
    found = certified.energy(SpinCharger(2, 3, coupling=quarter), quarter, 30)
    assert found == certified.energy(SpinCharger(2, 3, coupling=Fraction(1, 4)), "1/4", 30)


@pytest.mark.parametrize("digits", [40, 400])
def test_irrational_numbers_of_sympy(digits):
    model = SpinCharger(1, 1, coupling=sympy.sqrt(2), frequency=sympy.pi)
    found = certified.energy(model, sympy.E, digits)
    populations = certified.populations(model, sympy.E, digits, product([0], [sympy.sqrt(2) / 2]))
    with mpmath.workdps(500):
        up = mpmath.sin(mpmath.sqrt(2) * mpmath.e) ** 2
        assert found.contains(mpmath.pi * up)
        assert populations[1].contains(up / mpmath.sqrt(2))
        assert max(found.radius, populations[1].radius) < mpf(10) ** (1 - digits)


def test_the_precision_of_others_is_left_alone():
    before = ctx.prec
    importlib.import_module("numerics.certified.energies")
    certified.energy(PAIR, 1)
    certified.first_peak(PAIR, 20)
    with pytest.raises(InvalidArgument):
        certified.energy(PAIR, 0.1)
    assert ctx.prec == before


def test_printed_digits_hold():
    """The radius as printed covers the midpoint as printed."""
    for found in (
        certified.energy(PAIR, "1/3", 20),
        certified.energy(PAIR, "1e-9", 20),
        certified.energy(SpinCharger(300, 300), "1/900", 3),
        certified.energy(PAIR, 2, 1, dicke(2, 2)),
        Enclosure(mpf(1234567), mpf(4321), mpf(0)),
        Enclosure(mpf("-1e-30"), mpf("1e-3"), mpf(0)),
        Enclosure(mpf(0), mpf("1e-30"), mpf(0)),
    ):
        assert repr(found) == f"Enclosure: {found}"
        middle, radius = (Fraction(part) for part in str(found).split(" ± "))
        assert middle - radius <= found.lower
        assert found.upper <= middle + radius
        assert radius <= Fraction(6, 5) * (found.upper - found.lower) / 2
    assert str(certified.energy(PAIR, 0)) == "0.0"


def test_enclosures_compare_exactly():
    found = Enclosure(mpf(1), mpf(2) ** -100, mpf(0))
    edge = 1 + Fraction(1, 2**100)
    assert found.contains(edge)
    assert not found.contains(edge + Fraction(1, 2**200))
    assert found.contains("1")
    assert found.contains(sympy.Integer(1))
    assert found.contains(arb(1))
    assert not found.contains(arb(1, 0.5))
    assert found.overlaps(arb(1, 0.5))
    assert not found.overlaps(2)
    assert found.digits == 30
    with ctx.workprec(200):
        ball = found.ball
        assert ball.contains(arb(1) + arb(2) ** -100)
    assert pickle.loads(pickle.dumps(found)) == found
    with pytest.raises(AttributeError):
        found.radius = mpf(0)
