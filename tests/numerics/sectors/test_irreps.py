"""Weights over total spin: sums, symmetries, and no overflow at any size."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import InvalidArgument, certified, charge, squeezed
from numerics.model.models import CavityCharger, SpinCharger
from numerics.model.problem import Problem, doubles
from numerics.model.side_states import Branch, Level
from numerics.model.sides import CollectiveSpin
from numerics.model.states import InitialState, dicke, mixture, product, thermal
from numerics.sectors.irreps import level_weights, terms
from numerics.sectors.starts import NEGLIGIBLE, starts

populations = st.floats(0, 1)


class Exact:
    """Weights as fractions: the same sums without any rounding."""

    negligible = Fraction(0)
    number = Fraction
    ratio = Fraction


@pytest.mark.parametrize("n", [1, 2, 3, 10, 41, 300])
def test_multiplicities_fill_the_space(n):
    spins = range(n % 2, n + 1, 2)
    assert sum(CollectiveSpin(n).multiplicity(j) * (j + 1) for j in spins) == 2**n


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(populations, min_size=1, max_size=6), st.lists(populations, min_size=1, max_size=6))
def test_weights_are_exact_and_sum_to_one(cells, chargers):
    model = SpinCharger(len(cells), len(chargers))
    ((share, left, right),) = terms(Problem.of(model, product(cells, chargers), Fraction), Exact())
    assert share * sum(left.values()) * sum(right.values()) == 1
    excited = sum(
        weight * (Fraction(len(cells) - j, 2) + level) for (j, level), weight in left.items()
    )
    assert excited == sum(map(Fraction, cells))


@pytest.mark.parametrize("population", [1e-12, 0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("n", [3, 50, 400])
def test_what_is_dropped_is_negligible(n, population):
    start = starts(doubles(SpinCharger(2, n), thermal(charger_population=population)))
    assert abs(start.weight.sum() - 1) < NEGLIGIBLE + n * 4e-16
    assert np.all(start.weight > 0)


def test_weights_keep_full_relative_precision():
    n, p = 300, 0.25
    start = starts(doubles(SpinCharger(1, n), thermal(charger_population=p)))
    for j, c, weight in zip(start.charger_spin, start.charger_level, start.weight, strict=True):
        excited = int((n - j) // 2 + c)
        exact = Fraction(1, 4) ** excited * Fraction(3, 4) ** (n - excited)
        exact *= CollectiveSpin(n).multiplicity(int(j))
        assert weight == pytest.approx(float(exact), rel=3e-13)


def test_equal_parts_of_a_mixture_are_one_start():
    parts = [(0.25, product([0], [1, 0]))] * 4
    start = starts(doubles(SpinCharger(1, 2), mixture(parts)))
    assert len(start.weight) == 2
    assert start.weight.sum() == pytest.approx(1, abs=1e-15)


def test_thermal_photons_are_geometric():
    start = starts(doubles(CavityCharger(1), thermal(charger_inverse_temperature=2.0)))
    ratio = start.weight[1:] / start.weight[:-1]
    np.testing.assert_allclose(ratio, math.exp(-2), rtol=1e-13)
    assert start.weight.sum() == pytest.approx(1, abs=1e-15)


@dataclass(frozen=True)
class Even:
    """All even levels of a ladder, equally likely."""


@dataclass(frozen=True)
class EvenSpins(InitialState):
    """The charger on one of its even levels."""

    def branches(self, model):
        yield Branch((), Level(0), Even())


def test_a_kind_of_one_side_state_from_outside():
    model = SpinCharger(2, 4)
    with pytest.raises(InvalidArgument, match=r"kind Even: .*level_weights\.register"):
        charge(model, EvenSpins())

    @level_weights.register
    def _(state: Even, name, side, arithmetic):
        return {(side.size, k): arithmetic.ratio(1, 3) for k in range(0, side.top + 1, 2)}

    alike = mixture([(Fraction(1, 3), dicke(0, k)) for k in (0, 2, 4)])
    assert charge(model, EvenSpins()).energy(0.4) == charge(model, alike).energy(0.4)
    one, other = (certified.energy(model, "0.4", 30, start) for start in (EvenSpins(), alike))
    assert one.ball.overlaps(other.ball)
    with pytest.raises(InvalidArgument, match="`squeezing` must be 0"):
        certified.energy(CavityCharger(1), "0.4", 30, squeezed(1))
