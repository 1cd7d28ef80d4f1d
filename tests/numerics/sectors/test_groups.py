"""Groups of equal spins: what they have in common with collective spins, and what is their own.

Brute force judges them in the matrices of systems; here are symmetries.
"""

from dataclasses import replace

import numpy as np
import pytest

from numerics import (
    ConservationError,
    GroupedSpins,
    SpinCharger,
    SpinGroup,
    charge,
    group_dicke,
    group_product,
    thermal,
)
from numerics.model.problem import doubles
from numerics.sectors.groups import group_grids
from numerics.sectors.starts import starts
from tests.systems import figures_of_merit as judge
from tests.systems import oracle
from tests.systems.rows import GROUPS
from tests.systems.ways import force

TIMES = np.array([0.0, 0.4, 1.3, -2.1])
QUANTITIES = (
    "energy", "power", "populations", "energy_variance", "energy_skewness", "energy_kurtosis",
    "fano_factor", "instantaneous_power", "ergotropy", "locked_energy", "extractable_fraction",
    "passive_energy", "capacity", "work_variance", "entropy", "purity", "negativity",
    "work_distribution",
)  # fmt: skip

WHOLE = [
    (SpinCharger(3, 4, 0.4), None, {}, None),
    (SpinCharger(3, 4, 0.4, 1.3, 0.3, 0.9), None, {}, None),
    (SpinCharger(3, 4), thermal(cell_population=0.2, charger_population=0.7), {}, group_product),
]


@pytest.mark.parametrize("split", [([3], [4]), ([2, 1], [4]), ([1, 2], [1, 3])], ids=str)
@pytest.mark.parametrize("case", range(len(WHOLE)))
def test_equal_groups_are_one_collective_spin(split, case):
    model, initial, _, state = WHOLE[case]
    chargers = [SpinGroup(n, frequency=model.charger_frequency) for n in split[1]]
    grouped = GroupedSpins(
        split[0], chargers, coupling=model.coupling, frequency=model.frequency,
        anisotropy=model.anisotropy,
    )  # fmt: skip
    start = None
    if state is not None:
        start = state([0.2] * len(split[0]), [0.7] * len(split[1]))
    one, parts = charge(model, initial), charge(grouped, start)
    for name in QUANTITIES:
        wanted, found = getattr(one, name)(TIMES[1:]), getattr(parts, name)(TIMES[1:])
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-11, err_msg=name)
    assert parts.first_peak().value == pytest.approx(one.first_peak().value, rel=1e-12)
    assert parts.mean() == pytest.approx(one.mean(), rel=1e-11)
    if start is None:
        assert parts.max_power().value == pytest.approx(one.max_power().value, rel=1e-12)
        peaks = [b.first_peak("ergotropy").value for b in (one, parts)]
        assert peaks[1] == pytest.approx(peaks[0], rel=1e-9)
        assert parts.speed_limits() == pytest.approx(one.speed_limits(), rel=1e-9)


@pytest.mark.parametrize("gamma", [0, 0.4])
def test_the_order_of_groups_means_nothing(gamma):
    cells = [SpinGroup(2, 0.7), SpinGroup(1, -1.2, crosstalk=0.3)]
    chargers = [SpinGroup(2, frequency=0.8), SpinGroup(1, 1.5)]
    mediators = [SpinGroup(1, 0.5), SpinGroup(1, 2)]
    one = GroupedSpins(cells, chargers, mediators, anisotropy=gamma)
    other = GroupedSpins(cells[::-1], chargers[::-1], mediators[::-1], anisotropy=gamma)
    first = charge(one, group_dicke([1, 0], [2, 0], [0, 1]))
    second = charge(other, group_dicke([0, 1], [0, 2], [1, 0]))
    for name in ("energy", "populations", "ergotropy", "entropy", "negativity"):
        found = [getattr(b, name)(TIMES) for b in (first, second)]
        np.testing.assert_allclose(*found, rtol=0, atol=1e-12)


@pytest.mark.parametrize("unit", [1e-3, 37.0])
def test_units_mean_nothing(unit):
    groups = [SpinGroup(2, 0.7), SpinGroup(1, frequency=1.3, crosstalk=0.2)]
    scaled = [
        replace(g, frequency=g.frequency and unit * g.frequency, crosstalk=unit * g.crosstalk)
        for g in groups
    ]
    one = charge(GroupedSpins([2, 1], groups, coupling=0.6, frequency=1.1))
    other = charge(GroupedSpins([2, 1], scaled, coupling=0.6 * unit, frequency=1.1 * unit))
    found = other.energy(TIMES / unit) / unit
    np.testing.assert_allclose(found, one.energy(TIMES), rtol=0, atol=1e-12)
    assert other.first_peak().time * unit == pytest.approx(one.first_peak().time, rel=1e-9)
    # A factor of all groups of one side is one of the coupling.
    doubled = GroupedSpins(
        [2, 1], [replace(g, coupling=2 * g.coupling) for g in groups], coupling=0.3, frequency=1.1
    )
    np.testing.assert_allclose(charge(doubled).energy(TIMES), one.energy(TIMES), atol=1e-13)


UNLIKE = GroupedSpins(
    [SpinGroup(2, 0.7, frequency=1.3), SpinGroup(1, frequency=0.6)], [2], [SpinGroup(1, 1.4)]
)


@pytest.mark.parametrize("gamma", [0, 0.5])
def test_cells_of_different_frequencies(gamma):
    model = replace(UNLIKE, anisotropy=gamma)
    battery = charge(model, start := group_dicke([1, 0], [2]))
    wanted = oracle.energy(model, start, TIMES)
    np.testing.assert_allclose(battery.energy(TIMES), wanted, rtol=0, atol=1e-12)
    for name in ("entropy", "purity", "negativity"):
        found = getattr(battery, name)(TIMES)
        np.testing.assert_allclose(found, judge.quantity(name, model, start, TIMES), atol=1e-12)
    # The second moment of what the cells hold, not of their number.
    first, second = (oracle.moments(model, start, TIMES, order) for order in (1, 2))
    variance = battery.energy_variance(TIMES)
    np.testing.assert_allclose(variance, second - first**2, rtol=0, atol=1e-12)
    peak = battery.first_peak()
    assert battery.energy(peak.time) == pytest.approx(peak.value, rel=1e-12)
    assert abs(battery.instantaneous_power(peak.time)) < 1e-9


def test_sectors_are_small_and_fold():
    """20 + 20 cells on 40 spins: 21 × 21 states at γ = 0, and half of those on either side."""
    problem = doubles(GroupedSpins([SpinGroup(20), SpinGroup(20, 2)], [40]))
    (grid,) = group_grids(problem, starts(problem))
    operator, _ = grid.operator()
    assert grid.dimension == 441
    assert operator.lengths == (221, 220)
    # What cannot be reached is not there.
    model, initial = GROUPS["groups apart"]
    problem = doubles(model, initial)
    (grid,) = group_grids(problem, starts(problem))
    assert grid.dimension == 4
    every = group_grids(p := doubles(replace(model, coupling=0), dicke_of(model)), starts(p))
    assert [grid.dimension for grid in every] == [1]


def dicke_of(model):
    return group_dicke([0] * len(model.cells), [1] * len(model.chargers))


def test_what_changes_the_energy_is_withheld(monkeypatch):
    """Chebyshev vectors of another H than the one that judges them."""
    model = GroupedSpins([3, SpinGroup(2, 1.5)], [5], anisotropy=0.3)
    force("recurrences", monkeypatch)
    populations = charge(model).populations(TIMES)
    np.testing.assert_allclose(populations.sum(axis=1), 1, rtol=0, atol=1e-12)
    (propagator,) = (wrong := charge(model))._dynamics.propagators
    first, second = propagator.operator.doubled
    first.data[: len(first.data) // 2] *= 1.001
    assert first is second
    with pytest.raises(ConservationError, match="withheld"):
        wrong.energy(TIMES)
