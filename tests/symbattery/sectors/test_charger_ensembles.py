"""Irreps and levels of a symbolic number of spins, against counting them for a number."""

from collections import Counter

import pytest
from sympy import Ge, Integer, S, Symbol, binomial

from symbattery import SpinCharger, product
from symbattery.core.finite_sums import points
from symbattery.model.exact_model import exact_problem
from symbattery.sectors.charger_ensembles import (
    SpinsUp,
    ThermalSpins,
    at_least,
    indices,
    multiplicity,
)
from symbattery.sectors.mixtures import starts
from symbattery.symbols import N, m, p_1

k, c = indices(set())


def counted(populations):
    """The weight of each (2j, c) of the charger, from the finite sum."""
    model = SpinCharger(1, len(populations))
    found = Counter()
    for start in starts(exact_problem(model, product([0], populations))):
        found[start.charger.ladder.size, start.charger.level] += start.weight
    return {key: weight for key, weight in found.items() if weight != 0}


def listed(ensemble, values, least):
    """The same from the ensemble, cut at c = ``least``."""
    found = Counter()
    for part in (*(ensemble.at(level) for level in range(least)), ensemble.beyond(least)):
        if part.condition.subs(values) == S.true:
            for point in points(part.ranges, values):
                size, level, weight = (
                    expression.subs(values).subs(point)
                    for expression in (part.size, part.charged, part.weight)
                )
                assert level >= 0
                assert (size, level) not in found
                found[size, level] += weight
    return {key: weight for key, weight in found.items() if weight != 0}


@pytest.mark.parametrize("least", [1, 2, 3, 4])
@pytest.mark.parametrize("spins", range(1, 7))
def test_ensembles_by_counting(spins, least):
    found = listed(ThermalSpins(N, p_1, k, c), {N: Integer(spins)}, least)
    expected = counted([p_1] * spins)
    assert found.keys() == expected.keys()
    assert all((found[key] - expected[key]).expand() == 0 for key in expected)
    ensemble = SpinsUp(N, m, k)
    for excited in range(1, spins + 1):
        values = {N: Integer(spins), m: Integer(excited)}
        if all(held.subs(values) == S.true for held in ensemble.conditions(least)):
            expected = counted([1] * excited + [0] * (spins - excited))
            assert listed(ensemble, values, least) == expected


@pytest.mark.parametrize("spins", range(1, 9))
def test_multiplicities_count_all_states(spins):
    dimensions = [multiplicity(S(spins), S(i)) * (spins - 2 * i + 1) for i in range(spins // 2 + 1)]
    assert sum(dimensions) == 2**spins
    for i in range(1, spins // 2 + 1):
        difference = binomial(spins, i) - binomial(spins, i - 1)
        assert multiplicity(S(spins), S(i)) == difference


def test_names_of_indices_and_bounds_with_the_number_on_the_right():
    first, second = indices({"k", "c", "c_1"})
    assert (first.name, second.name) == ("k_1", "c_2")
    assert k != Symbol("k") != first
    assert at_least(N - 3, 2) == Ge(N, 5)
    assert at_least(N, 1) == S.true
