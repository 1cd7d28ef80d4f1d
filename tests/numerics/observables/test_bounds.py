"""The bounds in closed form: thousands of models that try to violate them."""

import numpy as np
import pytest

from numerics import CavityCharger, SpinCharger, charge, energy_bound, power_bound
from numerics.model.states import fock


def drawn(seed):
    """Fifty models, most of them small, and their starts."""
    rng = np.random.default_rng(seed)
    for i in range(50):
        largest = 200 if i == 0 else 30 if i < 5 else 8
        cells, quanta = rng.integers(1, largest + 1, 2).tolist()
        scale = {
            "coupling": float(rng.choice([-1, 1]) * 10 ** rng.uniform(-2, 2)),
            "frequency": float(10 ** rng.uniform(-1, 1)),
        }
        if i % 2:
            yield SpinCharger(cells, quanta, **scale), None, quanta
        else:
            yield CavityCharger(cells, **scale), fock(quanta), quanta


@pytest.mark.parametrize("seed", range(44))
def test_no_model_exceeds_them(seed):
    rng = np.random.default_rng([seed, 1])
    for number, (model, initial, quanta) in enumerate(drawn(seed)):
        battery, most = charge(model, initial), power_bound(model, initial)
        scale = abs(model.coupling) * np.sqrt(model.cells * quanta)
        # Where the bound is near, where it is weak, and around what bounds the power.
        times = np.concatenate([rng.uniform(0, 5, 24), 10 ** rng.uniform(-3, 1, 24)]) / scale
        energy, allowed = battery.energy(times), energy_bound(model, times, initial)
        assert np.all(energy <= allowed * (1 + 1e-12)), (model, initial)
        assert np.all(battery.power(times) <= most), (model, initial)
        if number % 10 < 2:
            assert battery.max_power().value <= most * (1 + 1e-14), (model, initial)


@pytest.mark.parametrize(
    ("model", "initial"),
    [(SpinCharger(7, 4, coupling=-0.3), None), (CavityCharger(5, frequency=2), fock(3))],
)
def test_they_are_reached_at_small_times(model, initial):
    """To order t⁴: there is room for no better constant in them."""
    times = np.array([1e-4, 1e-3])
    energy, allowed = charge(model, initial).energy(times), energy_bound(model, times, initial)
    np.testing.assert_allclose(energy, allowed, rtol=1e-4)
    assert np.array_equal(energy_bound(model, -times, initial), allowed)
    most = (model.frequency or 1) * (initial.photons if initial else model.chargers)
    assert energy_bound(model, 1e3, initial) == most


@pytest.mark.parametrize(("cells", "share"), [(1, 0.639), (10, 0.546), (100, 0.588), (1000, 0.641)])
def test_the_largest_power_is_more_than_half_its_bound(cells, share):
    model = SpinCharger(cells, cells)
    assert charge(model).max_power().value / power_bound(model) == pytest.approx(share, abs=5e-4)


def test_powers_by_hand():
    """And of more where the root is an integer, or nothing moves."""
    assert power_bound(SpinCharger(1, 1)) == pytest.approx(1 / np.log(1 + np.sqrt(2)), rel=1e-15)
    assert power_bound(CavityCharger(9), fock(9)) == 27
    assert power_bound(CavityCharger(9), fock(4)) == 12
    assert power_bound(SpinCharger(3, 3, coupling=0)) == 0
    assert power_bound(CavityCharger(3), fock(0)) == 0
    np.testing.assert_array_equal(energy_bound(CavityCharger(3), [0, 1.0], fock(0)), 0)
