"""Many digits: against closed forms, and as the judge of double precision."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from mpmath import mpf

import numerics
from numerics import (
    CavityCharger,
    CutoffError,
    InvalidArgument,
    SpinCharger,
    charge,
    dicke,
    fock,
    mixture,
    product,
    thermal,
)
from numerics.multiprecision import energy

PROBLEMS = [
    (SpinCharger(4, 6, coupling=0.3), None, 5.0),
    (SpinCharger(4, 6, coupling=0.3, charger_frequency=1.4), dicke(1, 4), 5.0),
    # With crosstalk the sign of the detuning shows.
    (SpinCharger(4, 6, coupling=0.3, charger_frequency=1.4, charger_crosstalk=0.2), None, 5.0),
    (SpinCharger(4, 3, coupling=0.3, charger_frequency=0.7, cell_crosstalk=0.2), None, 5.0),
    (SpinCharger(3, 4, coupling=0.3, anisotropy=0.4, charger_crosstalk=0.2), None, 5.0),
    (SpinCharger(3, 4, coupling=0.3, anisotropy=1, cell_crosstalk=-0.2), dicke(1, 3), 5.0),
    (SpinCharger(2, 3, coupling=0.3), product([0.1, 0.6], [1, 0.2, 0.9]), 5.0),
    (
        SpinCharger(2, 2, coupling=0.3, anisotropy=0.2),
        thermal(cell_inverse_temperature=0.4, charger_inverse_temperature=-2),
        5.0,
    ),
    (CavityCharger(3, coupling=0.3, cell_crosstalk=0.3), fock(2, excited_cells=1), 5.0),
    (CavityCharger(2, coupling=0.3), thermal(charger_inverse_temperature=1.5), 4.0),
    (CavityCharger(1, coupling=0.3, anisotropy=0.6), None, 2.0),
    (CavityCharger(2, coupling=0.4, anisotropy=0.5), mixture([(1, fock(1, excited_cells=1))]), 1.0),
    (SpinCharger(60, 60), None, 0.1),
]


@pytest.mark.parametrize(("model", "state", "time"), PROBLEMS)
def test_double_precision_agrees(model, state, time):
    for t in (time, time / 1e6):
        exact = energy(model, t, state, digits=25)
        found = float(charge(model, state).energy(t))
        assert abs(exact - found) < 1e-11 * model.cells
    assert found == pytest.approx(float(exact), rel=1e-9, abs=0)


@pytest.mark.parametrize("digits", [15, 50, 120])
@pytest.mark.parametrize("time", [Fraction(1, 3), 40, Fraction(1, 10**9)])
def test_two_cells_to_all_digits(digits, time):
    n = 7
    found = energy(SpinCharger(2, n, coupling=Fraction(1, 3)), time, digits=digits)
    with mpmath.workdps(digits + 30):
        t = mpf(Fraction(time).numerator) / Fraction(time).denominator
        s = mpmath.sin(mpmath.sqrt(2 * (3 * n - 2)) * t / 6) ** 2
        expected = mpf(4 * n) / (3 * n - 2) * s * (1 + mpf(n - 2) / (3 * n - 2) * s)
        assert abs(found - expected) < mpf(10) ** (2 - digits)


def test_a_thermal_cavity_to_fifty_digits():
    state = thermal(charger_inverse_temperature=3)
    found = energy(CavityCharger(1), 1, state, digits=50)
    with mpmath.workdps(70):
        ground = -mpmath.expm1(-3)
        expected = mpmath.fsum(
            ground * mpmath.exp(-3 * n) * mpmath.sin(mpmath.sqrt(n)) ** 2 for n in range(60)
        )
        assert abs(found - expected) < mpf(10) ** -48


def test_more_digits_confirm_fewer():
    """γ ≠ 0 has no closed form; the digits must stand when more are asked for."""
    for model, state, t in (
        (SpinCharger(3, 3, anisotropy=Fraction(1, 5)), None, 2),
        (CavityCharger(1, coupling=Fraction(1, 5), anisotropy=Fraction(1, 2)), None, 1),
    ):
        fewer, more = (energy(model, t, state, digits=d) for d in (50, 75))
        assert abs(fewer - more) < mpf(10) ** -48


def test_one_cell_with_the_rabi_model_from_an_independent_exponential():
    """The quantum Rabi model with 24 photons by mpmath's own matrix exponential."""
    g, cut = Fraction(1, 4), 24
    found = energy(CavityCharger(1, coupling=g, anisotropy=1), Fraction(1, 4), digits=30)
    with mpmath.workdps(40):
        size = cut + 1
        h = mpmath.zeros(2 * size)
        for n in range(size):
            h[n, n], h[size + n, size + n] = n, n + 1
        for n in range(cut):
            for a, b in ((n, size + n + 1), (n + 1, size + n)):
                h[a, b] = h[b, a] = mpmath.sqrt(n + 1) / 4
        psi = mpmath.expm(-0.25j * h)[:, 1]
        expected = mpmath.fsum(abs(psi[size + n]) ** 2 for n in range(size))
        assert abs(found - expected) < mpf(10) ** -27


@pytest.mark.parametrize(
    "third",
    [Fraction(1, 3), sympy.Rational(1, 3)],
    ids=["fraction", "sympy"],
)
def test_rationals_are_exact(third):
    found = energy(SpinCharger(1, 1, coupling=third), 3, digits=40)
    with mpmath.workdps(60):
        assert abs(found - mpmath.sin(1) ** 2) < mpf(10) ** -40


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        (0.1, Fraction(0.1)),
        (np.float32(0.1), Fraction(float(np.float32(0.1)))),
        (np.int64(2), Fraction(2)),
        (mpf("0.5"), Fraction(1, 2)),
        (sympy.Float("0.5"), Fraction(1, 2)),
        (sympy.Integer(3), Fraction(3)),
    ],
)
def test_numbers_are_taken_as_they_are(value, exact):
    found = energy(SpinCharger(1, 1, coupling=value), 1, digits=40)
    with mpmath.workdps(60):
        expected = mpmath.sin(mpf(exact.numerator) / exact.denominator) ** 2
        assert abs(found - expected) < mpf(10) ** -40


def test_irrational_numbers_of_sympy():
    model = SpinCharger(1, 1, coupling=sympy.sqrt(2), frequency=sympy.pi)
    found = energy(model, sympy.E, digits=40)
    with mpmath.workdps(60):
        expected = mpmath.pi * mpmath.sin(mpmath.sqrt(2) * mpmath.e) ** 2
        assert abs(found - expected) < mpf(10) ** -39


def test_precision_outside_is_untouched():
    before = mpmath.mp.prec
    energy(SpinCharger(1, 1), 1, digits=80)
    assert mpmath.mp.prec == before


@pytest.mark.parametrize("digits", [0, -1, 2.5, "50", True])
def test_digits_are_a_positive_integer(digits):
    with pytest.raises(InvalidArgument, match="`digits`"):
        energy(SpinCharger(1, 1), 1, digits=digits)


@pytest.mark.parametrize("time", ["1", sympy.Symbol("t"), float("nan"), None])
def test_time_is_a_number(time):
    with pytest.raises(InvalidArgument, match="`time`"):
        energy(SpinCharger(1, 1), time)


def test_negative_and_zero_times():
    model = SpinCharger(2, 2, anisotropy=0.3)
    assert energy(model, 0) == 0
    assert abs(energy(model, -1) - energy(model, 1)) < mpf(10) ** -48


def test_unaffordable_photons_are_refused(monkeypatch):
    monkeypatch.setattr(numerics.multiprecision, "_MOST_PHOTONS", 30)
    with pytest.raises(CutoffError, match="`digits`"):
        energy(CavityCharger(1, coupling=1, anisotropy=1), 1, digits=30)
