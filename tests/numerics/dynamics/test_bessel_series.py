"""The Chebyshev series of the exponential: its coefficients, and the bound on its remainder."""

import mpmath
import numpy as np
import pytest

from numerics.dynamics import bessel_series as module
from numerics.dynamics.bessel_series import bessel, series

ARGUMENTS = [0.0, 1e-300, 1e-9, 1e-7, 1e-3, 0.5, 5.0, 20.0, 64.0, 300.0]


def exact(order, z):
    with mpmath.workdps(30):
        return float(mpmath.besselj(order, mpmath.mpf(z), maxprec=10000))


def test_bessel_functions_to_full_relative_precision():
    found = bessel(np.array(ARGUMENTS))
    for column, z in enumerate(ARGUMENTS):
        for order in (0, 1, 2, 3, 7, 16, 31, int(z), int(z) + 20):
            expected = exact(order, z)
            rtol = 1e-13 if order < 2 or z < order else 1e-11
            assert found[order, column] == pytest.approx(expected, rel=rtol, abs=3e-16), (order, z)
            if abs(expected) > 1e-300 and 1e-7 <= z < order / 2:
                assert found[order, column] == pytest.approx(expected, rel=1e-12, abs=0)


def summed(radians, x):
    """The series at a number x."""
    terms = series(radians)
    angle = np.arccos(x)
    even = np.cos(2 * np.arange(len(terms.even)) * angle) @ terms.even
    odd = np.cos((2 * np.arange(len(terms.odd)) + 1) * angle) @ terms.odd
    return even - 1j * odd


@pytest.mark.parametrize("x", [-1.0, -0.3, 0.0, 0.77, 1.0])
def test_the_series_is_the_exponential_at_arguments_of_either_sign(x):
    radians = np.array([0.0, -1e-9, 1e-3, -2.0, 30.0, -500.0])
    np.testing.assert_allclose(summed(radians, x), np.exp(-1j * radians * x), atol=3e-13)


@pytest.mark.parametrize("negligible", [1e-2, 1e-6, 1e-18])
def test_the_remainder_is_bounded_and_not_loosely(monkeypatch, negligible):
    monkeypatch.setattr(module, "_NEGLIGIBLE", negligible)
    radians = np.array([0.3, 4.0, 90.0])
    terms = series(radians)
    x = np.linspace(-1, 1, 301)
    error = np.max([np.abs(summed(radians, y) - np.exp(-1j * radians * y)) for y in x], axis=0)
    assert np.all(error <= terms.tail + 1e-13)
    assert np.all(terms.tail <= 2 * error + 1e-13)


def test_each_time_has_only_the_orders_it_needs():
    terms = series(np.array([1.0, 10.0, 100.0]))
    assert np.all(np.diff(terms.orders) > 0)
    for column, orders in enumerate(terms.orders):
        assert not np.any(terms.even[(orders + 1) // 2 :, column])
        assert not np.any(terms.odd[orders // 2 :, column])
    assert terms.orders[-1] < 100 + 14 * 100 ** (1 / 3)
