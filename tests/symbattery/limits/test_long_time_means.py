"""Long-time means of the energy: brute force on all spins, and the law of large batteries."""

import numpy as np
import pytest
from sympy import Symbol

from numerics import SpinCharger, charge, dicke
from symbattery.limits.long_time_means import long_time_energy, long_time_law
from symbattery.symbols import N, omega_0
from tests.errors import one_clear_error
from tests.systems.figures_of_merit import mean_populations


@pytest.mark.parametrize(
    ("cells", "chargers", "excited"), [(1, 3, 2), (2, 3, 3), (3, 4, 4), (4, 3, 2), (3, 5, 4)]
)
def test_mean_against_all_states_of_all_spins(cells, chargers, excited):
    populations = mean_populations(SpinCharger(cells, chargers), dicke(0, excited))
    exact = long_time_energy(cells, chargers, excited) / omega_0
    assert exact.is_Rational
    assert float(exact) == pytest.approx(populations @ np.arange(cells + 1), abs=1e-12)
    assert long_time_energy(cells, N, None).subs(N, 7) == long_time_energy(cells, 7)


@pytest.mark.parametrize("cells", [2, 7, 40])
def test_mirror_image_is_half_full(cells):
    assert long_time_energy(cells, cells) == omega_0 * cells / 2
    assert long_time_energy(cells, cells + 6, cells + 3) == omega_0 * cells / 2
    mean = charge(SpinCharger(cells, cells + 6), dicke(0, cells + 3)).mean("energy")
    assert mean == pytest.approx(cells / 2, abs=1e-9 * cells)
    assert long_time_law(cells, cells) == cells / 2


def test_cells_and_charger_spins_may_change_places():
    assert long_time_energy(9, 14) == long_time_energy(14, 9)
    assert long_time_law(9, 14) == long_time_law(14, 9)


@pytest.mark.parametrize("ratio", [2, 10])
def test_law_of_large_batteries_over_three_decades(ratio):
    """What it misses falls; the means of few cells are those of exact rational numbers."""
    missed = []
    for cells in (1, 10, 100, 1000):
        mean = charge(SpinCharger(cells, ratio * cells)).mean("energy")
        if cells < 100:
            exact = float(long_time_energy(cells, ratio * cells) / omega_0)
            assert mean == pytest.approx(exact, rel=1e-12)
        missed.append(float(long_time_law(cells, ratio * cells)) - mean)
    assert 0.12 > missed[0] > missed[1] > missed[2] > missed[3] > 0
    assert missed[3] < 0.01


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: long_time_energy(0), "cells"),
        (lambda: long_time_energy(N), "cells"),
        (lambda: long_time_energy(3, 0), "chargers"),
        (lambda: long_time_energy(3, 4, 5), "excited"),
        (lambda: long_time_energy(3, 4, 0), "excited"),
        (lambda: long_time_energy(2, Symbol("x")), "chargers"),
        (lambda: long_time_energy(2, Symbol("y")), "chargers"),
        (lambda: long_time_energy(2, N, Symbol("x")), "excited"),
        (lambda: long_time_law(1.5, 2), "cells"),
        (lambda: long_time_law(2, "many"), "chargers"),
    ],
)
def test_bad_input(call, name):
    one_clear_error(name, call)
