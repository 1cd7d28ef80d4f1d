"""Bad input to certified digits, what is missing, and how results print."""

from __future__ import annotations

import importlib
import pickle
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from flint import acb, arb, ctx
from mpmath import mpf

from numerics import (
    CavityCharger,
    InvalidArgument,
    SpinCharger,
    certified,
    dicke,
    mixture,
    product,
    thermal,
)
from numerics.certified import Enclosure

PAIR = SpinCharger(2, 3)
HUGE = SpinCharger(3000, 3000, anisotropy="0.3")
FUNCTIONS = (certified.first_peak, certified.max_power)


@pytest.mark.parametrize("time", [0.1, 1.0, np.float64(0.1), np.float32(1), sympy.Float("0.1")])
def test_floats_are_never_taken_silently(time):
    with pytest.raises(InvalidArgument, match=r"`time` must be exact.*but is .*[01]\.") as caught:
        certified.energy(HUGE, time)
    assert "floats=True" in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("name", "model", "state"),
    [
        ("coupling", SpinCharger(2, 3, coupling=0.1), None),
        ("frequency", SpinCharger(2, 3, frequency=1.0), None),
        ("anisotropy", SpinCharger(2, 3, anisotropy=0.5), None),
        ("charger_frequency", CavityCharger(2, charger_frequency=np.float64(2)), None),
        ("charger_crosstalk", SpinCharger(2, 3, charger_crosstalk=0.5), None),
        ("cell_crosstalk", CavityCharger(2, cell_crosstalk=0.5), None),
        ("initial.cell_population", PAIR, thermal(cell_population=0.5)),
        ("initial.charger_inverse_temperature", PAIR, thermal(charger_inverse_temperature=2.0)),
        (r"initial.cell_populations\[1\]", PAIR, product([0, 0.5], [1, 1, 1])),
        (r"parts\[0\] weight", PAIR, mixture([(0.5, dicke(0, 3)), ("1/2", dicke(0, 2))])),
        (r"parts\[0\] state.cell_population", PAIR, mixture([(1, thermal(cell_population=0.5))])),
    ],
)
def test_a_float_anywhere_is_named(name, model, state):
    for function in (lambda m, s: certified.energy(m, 1, initial=s), certified.first_peak):
        arguments = (model, state) if function is not certified.first_peak else (model, 20, state)
        with pytest.raises(InvalidArgument, match=f"`{name}` must be exact"):
            function(*arguments)


def test_floats_when_asked_for_are_their_binary_values():
    model = SpinCharger(2, 3, coupling=0.1, anisotropy=0.3)
    exact = SpinCharger(2, 3, coupling=Fraction(0.1), anisotropy=Fraction(0.3))
    found = certified.energy(model, 0.7, floats=True)
    assert found == certified.energy(exact, Fraction(0.7))
    assert not found.contains(certified.energy(SpinCharger(2, 3, "0.1", anisotropy="0.3"), "0.7"))
    weights = mixture([(0.1, dicke(0, 3)), (0.9, dicke(0, 2))])
    assert certified.energy(PAIR, 1, 10, weights, floats=True).radius < 1e-9


@pytest.mark.parametrize(
    "time",
    ["1/0", "", "one", "0x1", "1e999999999", "nan", None, True, 1j, [1], sympy.Symbol("t"),
     mpmath.inf, mpmath.nan, Decimal("nan"), arb("nan"), arb("inf"), acb(1, 1), object(),
     sympy.sqrt(2)],
)  # fmt: skip
def test_what_is_no_exact_time(time):
    with pytest.raises(InvalidArgument, match="`time` must be"):
        certified.energy(HUGE, time)


@pytest.mark.parametrize("digits", [0, -5, 2.5, "50", True, None, sympy.Symbol("d")])
def test_digits_are_a_positive_integer(digits):
    calls = [lambda: certified.energy(HUGE, 1, digits)]
    calls += [lambda f=f: f(HUGE, digits) for f in FUNCTIONS]
    for call in calls:
        with pytest.raises(InvalidArgument, match="`digits` must be a positive integer"):
            call()


@pytest.mark.parametrize("model", [None, "SpinCharger", 2, SpinCharger])
def test_no_model(model):
    for function in (lambda m: certified.energy(m, 1), *FUNCTIONS):
        with pytest.raises(InvalidArgument, match="`model` must be"):
            function(model)


def test_symbols_and_misfits():
    x = sympy.Symbol("x", positive=True)
    with pytest.raises(InvalidArgument, match="`coupling` must be a number"):
        certified.energy(SpinCharger(2, 2, coupling=x), 1)
    with pytest.raises(InvalidArgument, match=r"`initial.excited_chargers` must be at most"):
        certified.energy(HUGE, 1, initial=dicke(0, 3001))
    with pytest.raises(InvalidArgument, match=r"`coupling` must be exact.*sqrt"):
        certified.energy(SpinCharger(2, 2, coupling=sympy.sqrt(2)), 1)


def test_weights_that_miss_one_by_rounding():
    third = mpf(1) / 3
    with pytest.raises(InvalidArgument, match="`weights` must sum to exactly 1"):
        certified.energy(PAIR, 1, initial=mixture([(third, dicke(0, 3)), ("2/3", dicke(0, 2))]))


def test_balls_of_uncertain_sign():
    ball = arb(1, 2)
    with pytest.raises(InvalidArgument, match="`frequency` must be certainly positive"):
        certified.energy(SpinCharger(2, 2, frequency=ball), 1)
    state = thermal(cell_inverse_temperature=arb(0, 1))
    with pytest.raises(InvalidArgument, match=r"inverse_temperature` must have a sign"):
        certified.energy(PAIR, 1, initial=state)
    for uncertain in (arb(0, 1e-9), arb(1, 1e-9)):
        with pytest.raises(InvalidArgument, match=r"populations\[0\]` must be certainly between"):
            certified.energy(PAIR, 1, initial=product([uncertain, 0], [1, 1, 1]))
        with pytest.raises(InvalidArgument, match=r"weight` must be certainly between"):
            certified.energy(
                PAIR, 1, initial=mixture([(uncertain, dicke(0, 3)), (1 - uncertain, dicke(0, 2))])
            )
    # Infinite temperature itself is a number like any other.
    assert certified.energy(PAIR, 1, initial=thermal(cell_inverse_temperature=0)).radius < 1e-49


def test_what_does_not_fit_into_memory_is_refused_before_work():
    with pytest.raises(InvalidArgument, match="amplitudes"):
        certified.energy(SpinCharger(3000, 3000, anisotropy="0.3"), 1)


@pytest.mark.parametrize("kind", [str, Fraction, mpf, Decimal, sympy.Rational, arb])
def test_every_kind_of_exact_number(kind):
    """1/4 is 1/4, whatever it is written in."""
    quarter = {str: "0.25", sympy.Rational: sympy.Rational(1, 4)}.get(kind)
    quarter = kind("0.25") if quarter is None else quarter
    found = certified.energy(SpinCharger(2, 3, coupling=quarter), quarter, 30)
    assert found == certified.energy(SpinCharger(2, 3, coupling=Fraction(1, 4)), "1/4", 30)


def test_import_stays_light():
    code = "import sys, numerics; print('flint' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_the_precision_of_others_is_left_alone():
    before = ctx.prec
    importlib.import_module("numerics.certified.energies")
    certified.energy(PAIR, 1)
    certified.first_peak(PAIR, 20)
    with pytest.raises(InvalidArgument):
        certified.energy(PAIR, 0.1)
    assert ctx.prec == before


# Results.


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
