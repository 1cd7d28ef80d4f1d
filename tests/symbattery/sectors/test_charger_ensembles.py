"""Irreps and levels of a symbolic number of spins, against counting them for a number."""

from collections import Counter

import numpy as np
import pytest
from sympy import Ge, Integer, Rational, S, Symbol, binomial

from numerics import charge
from numerics.model.states import Dicke
from symbattery import SpinCharger, dicke, mixture, product, solve
from symbattery.core.finite_sums import points
from symbattery.model.exact_model import exact_problem, substituted
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


SHARES = [
    [(Rational(1, 3), product([0], [(p_1, N)])), (Rational(2, 3), product([0], [(0.2, N)]))],
    [(Rational(1, 4), product([0], [(p_1, N)])), (Rational(3, 4), dicke(0, N))],
    [(Rational(2, 5), product([0], [(1, m), (0, N - m)])), (Rational(3, 5), dicke(0, m))],
]


@pytest.mark.parametrize("parts", SHARES)
def test_a_mixture_of_ensembles_keeps_its_weights(parts):
    """The probabilities of all starts sum to 1, and those of each part to its weight."""
    solution = solve(SpinCharger(1, N), mixture(parts))
    values = {N: Integer(5), m: Integer(2), p_1: Rational(3, 7)}
    summed = sum(
        each.weight.subs(values).subs(point)
        for each in solution.sector_sums
        for point in each.points(values)
    )
    pure = sum(branch.weight for branch in solution.branches)
    sums = [share for share, state in parts if not isinstance(state, Dicke)]
    assert (summed, pure) == (sum(sums), 1 - sum(sums))
    numbers = {"chargers": 5, "coupling": 1.0, "frequency": 1.0}
    named = {"population": 3 / 7, "excited_chargers": 2}
    numbers |= {name: v for name, v in named.items() if name in solution.parameters}
    here = mixture([(float(share), substituted(state, values)) for share, state in parts])
    times = np.linspace(0.1, 3, 7)
    seen = charge(SpinCharger(1, 5), here).energy(times)
    assert np.abs(solution.function("energy")(times, **numbers) - seen).max() < 1e-13
