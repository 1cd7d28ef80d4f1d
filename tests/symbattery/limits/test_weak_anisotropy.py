"""The energy to order γ²: brute force on all spins over three decades of g/ω₀."""

import numpy as np
import pytest
from sympy import lambdify, pi, sqrt

from numerics import SpinCharger, charge, dicke
from symbattery.limits.weak_anisotropy import hop_change, weak_anisotropy
from symbattery.symbols import N, g, omega_0, t
from tests.errors import one_clear_error
from tests.systems import oracle

UNITS = {g: 1, omega_0: 1}
POINTS = np.array([0.2, 0.5, 0.9])


@pytest.mark.parametrize(
    ("cells", "chargers"), [(1, 1), (1, 4), (2, 1), (2, 2), (2, 3), (3, 2), (3, 3)]
)
def test_order_of_the_anisotropy_against_all_spins(cells, chargers):
    law = lambdify(t, weak_anisotropy(cells, chargers).subs(UNITS))(POINTS) + 0 * POINTS
    for ratio in (0.1, 0.01, 0.001):
        energies = [
            oracle.energy(
                SpinCharger(cells, chargers, ratio, 1, gamma), dicke(0, chargers), POINTS / ratio
            )
            for gamma in (0.0, 0.05, 0.1)
        ]
        # Without the term of order γ⁴.
        first, second = (energies[i] - energies[0] for i in (1, 2))
        found = (4 * first / 0.0025 - second / 0.01) / 3 / ratio**2
        # Of order g/ω₀, and rounding.
        assert np.all(np.abs(found - law) < ratio * 2.5 * np.max(np.abs(law)) + 1e-11 / ratio**2)


@pytest.mark.parametrize("cells", [1, 2])
def test_symbol_stands_for_any_number_of_charger_spins(cells):
    symbolic = lambdify((N, t), weak_anisotropy(cells).subs(UNITS))
    for chargers in (3, 6):
        number = lambdify(t, weak_anisotropy(cells, chargers).subs(UNITS))
        assert symbolic(chargers, 0.7) == pytest.approx(number(0.7), rel=1e-12)


def test_first_peak_falls_from_the_smallest_anisotropy_on():
    one = weak_anisotropy(1).subs(t, pi / (2 * g * sqrt(N)))
    assert (one + (N - 1) * g**2 / (2 * omega_0)).expand() == 0
    peak = -12 * N * (N - 1) * (N - 2) * (5 * N - 6) / (3 * N - 2) ** 3
    for chargers in (3, 5):
        plain, bent = (
            charge(SpinCharger(2, chargers, 0.001, 1, gamma)).first_peak().value
            for gamma in (0.0, 0.05)
        )
        law = float(peak.subs(N, chargers)) * (0.05 * 0.001) ** 2
        assert (bent - plain) / law == pytest.approx(1, abs=0.01)


def test_hop_change_is_symmetric_in_both_sides():
    for cells, chargers, level in ((3, 7, 0), (5, 9, 4)):
        assert hop_change(cells, chargers, level) == hop_change(chargers, cells, level)
    # The chain of N = M is its own mirror image.
    assert [hop_change(4, 4, k) for k in range(4)] == [hop_change(4, 4, 3 - k) for k in range(4)]


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: weak_anisotropy(0), "cells"),
        (lambda: weak_anisotropy(4), "cells"),
        (lambda: weak_anisotropy(N), "cells"),
        (lambda: weak_anisotropy(2, 0), "chargers"),
        (lambda: weak_anisotropy(2, "many"), "chargers"),
    ],
)
def test_bad_input(call, name):
    one_clear_error(name, call)
