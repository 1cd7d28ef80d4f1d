"""Energies that begin to grow slower than t²: what is known of them up to some time."""

import numpy as np
import pytest

from numerics import GroupedSpins, SpinCharger, SpinGroup, charge, group_dicke
from tests.systems.ways import WAYS, force

CHAIN = [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]]
# One mediator or two in a row: t⁴ and t⁶.
SLOW = {
    2: GroupedSpins([2], [3], [SpinGroup(1, 0.8)]),
    3: GroupedSpins([2], [2], [1, 1], couplings=CHAIN),
}


@pytest.mark.parametrize("order", SLOW)
@pytest.mark.parametrize("way", WAYS)
def test_the_energy_rises_until_then(order, way, monkeypatch):
    force(way, monkeypatch)
    battery = charge(SLOW[order])
    until = battery._dynamics.monotonic_until
    assert until > 1e-3
    times = until * np.linspace(0.05, 1, 40)
    energy, power = battery.energy(times), battery.power(times)
    assert np.all(np.diff(energy) > 0)
    assert np.all(np.diff(power) > 0)
    # The first order as such: E t⁻²ⁿ tends to a constant.
    early = battery.energy(np.array([until / 64, until / 32]))
    assert np.log2(early[1] / early[0]) == pytest.approx(2 * order, abs=0.01)


@pytest.mark.parametrize("order", SLOW)
def test_peaks_are_those_of_a_fine_grid(order):
    battery = charge(SLOW[order])
    peak, power = battery.first_peak(), battery.max_power()
    times = np.linspace(0, 1.2 * peak.time, 4001)[1:]
    energy = battery.energy(times)
    first = int(np.flatnonzero(np.diff(energy) < 0)[0])
    assert times[first] == pytest.approx(peak.time, abs=2 * times[0])
    assert peak.value == pytest.approx(energy[first], rel=1e-5)
    assert power.value >= np.max(energy / times) * (1 - 1e-12)


def test_where_it_is_not_known_it_is_zero():
    quadratic = charge(SpinCharger(2, 3, anisotropy=0.3))
    assert quadratic._dynamics.monotonic_until == 0
    still = charge(GroupedSpins([1], [1]), group_dicke([0], [0]))
    assert still._dynamics.monotonic_until == 0
