"""Many digits: of every kind of number, and with a photon cutoff."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from mpmath import mpf

import numerics
from numerics import CavityCharger, CutoffError, SpinCharger, charge, dicke, fock, product, thermal
from numerics.multiprecision import energy, populations


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


@pytest.mark.parametrize(
    ("model", "state"),
    [
        (SpinCharger(3, 4, coupling=0.3, anisotropy=0.4), None),
        (SpinCharger(2, 3, coupling=0.3), product([0.1, 0.6], [1, 0.2, 0.9])),
        (SpinCharger(3, 2), thermal(cell_population=0.2)),
        (SpinCharger(2, 2, coupling=0), dicke(1, 1)),
        (CavityCharger(2, coupling=0.3, frequency=2), fock(3, excited_cells=1)),
        (CavityCharger(1, coupling=0.3, anisotropy=0.2), None),
    ],
)
def test_populations_are_those_of_the_energy(model, state):
    """In double precision the same ones; their mean is E to all digits."""
    start, now = (populations(model, time, state, digits=25) for time in (0, 0.7))
    double = charge(model, state).populations(0.7)
    np.testing.assert_allclose(np.array(now, dtype=float), double, rtol=0, atol=1e-13)
    with mpmath.workdps(40):
        assert abs(mpmath.fsum(now) - 1) < mpf(10) ** -23
        mean = mpmath.fsum(k * (b - a) for k, (a, b) in enumerate(zip(start, now, strict=True)))
        omega = 1 if model.frequency is None else model.frequency
        assert abs(omega * mean - energy(model, 0.7, state, digits=25)) < mpf(10) ** -23


def test_precision_outside_is_untouched():
    before = mpmath.mp.prec
    energy(SpinCharger(1, 1), 1, digits=80)
    assert mpmath.mp.prec == before


def test_negative_and_zero_times():
    model = SpinCharger(2, 2, anisotropy=0.3)
    assert energy(model, 0) == 0
    assert abs(energy(model, -1) - energy(model, 1)) < mpf(10) ** -48


def test_unaffordable_photons_are_refused(monkeypatch):
    monkeypatch.setattr(numerics.multiprecision, "_MOST_PHOTONS", 30)
    with pytest.raises(CutoffError, match="`digits`"):
        energy(CavityCharger(1, coupling=1, anisotropy=1), 1, digits=30)
