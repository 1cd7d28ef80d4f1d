"""Driven cells and larger spins in all that is asked of a charging beside its observables."""

import math

import numpy as np
import pytest

from numerics import (
    Bloch,
    CavityCharger,
    ClassicalDrive,
    InvalidArgument,
    SpinCharger,
    TooLargeError,
    certified,
    charge,
    collective_advantage,
    dicke,
    energy_bound,
    loss,
    mixture,
    power_bound,
    superposition,
    thermal,
)
from numerics.maxima.quantities import searched
from numerics.model.options import checked
from numerics.model.sides import CollectiveSpin
from numerics.observables.table import OBSERVABLES
from tests.systems import figures_of_merit as judge

LMG = ClassicalDrive(3, charger_frequency="4/5", cell_longitudinal="1/5")


def test_peaks_means_and_speed_limits_of_driven_cells():
    charged, start = charge(LMG, dicke(1)), dicke(1)
    found, (state,) = charged.speed_limits(), judge.states(LMG, start, [charged.first_peak().time])
    assert (found.mandelstam_tamm, found.margolus_levitin) == pytest.approx(state.speed_limits())
    wanted = judge.mean_populations(LMG, start) @ np.arange(4) - 1
    assert charged.mean("energy") == pytest.approx(wanted, abs=1e-13)
    peak, proven = charge(LMG).first_peak(), certified.first_peak(LMG)
    assert float(proven.time.midpoint) == pytest.approx(peak.time, rel=1e-12)
    assert float(proven.value.midpoint) == pytest.approx(peak.value, rel=1e-13)
    alone = charge(ClassicalDrive(50, 0.3))
    assert alone.first_peak().time == pytest.approx(math.pi / 0.6)
    assert alone.first_peak().value == pytest.approx(50, rel=1e-13)


@pytest.mark.parametrize(
    ("quantity", "options"),
    [("ergotropy", {}), ("ergotropy", {"sense": "local"}), ("ergotropy", {"sense": "symmetric"})],
)
def test_largest_ergotropies_of_driven_mixtures(quantity, options):
    charged = charge(LMG, mixture([(0.4, dicke(0)), (0.6, dicke(2))]))
    times = np.linspace(0, 3, 1501)
    seen = getattr(charged, quantity)(times, **options).max()
    assert charged.maximum(quantity, until=3, **options).value == pytest.approx(seen, abs=1e-5)


def test_many_driven_cells_stay_a_product():
    """Each is rotated by itself: one rotation of all takes all out, and no two are entangled."""
    charged, times = charge(ClassicalDrive(200, charger_frequency=1.4)), np.array([0.4, 1.3])
    p = np.sin(math.sqrt(1.04) * times) ** 2 / 1.04
    np.testing.assert_allclose(charged.energy(times), 200 * p, rtol=1e-12)
    for sense in ("full", "local"):
        np.testing.assert_allclose(charged.ergotropy(times, sense=sense), 200 * p, rtol=1e-10)
    assert np.all(charged.entropy(times) < 1e-11)
    assert np.all(charged.concurrence(times) < 1e-7)


def test_spin_coherent_cells_rotate_on():
    """From a tilted product state of all cells, about x: ⟨σ_z⟩ = −sin 2gt for σ_y = −1."""
    start = superposition(0, excited_cells=Bloch(math.pi / 2, -math.pi / 2))
    charged = charge(ClassicalDrive(5), start)
    times = np.array([0.0, 0.3, 0.7, 2.0])
    np.testing.assert_allclose(charged.energy(times), -2.5 * np.sin(2 * times), atol=1e-13)


LARGE = SpinCharger(2, 2, cell_spin=1)
REFUSED = {
    "bound of the energy": lambda: energy_bound(ClassicalDrive(2), 1),
    "bound of the power": lambda: power_bound(ClassicalDrive(2)),
    "switching": lambda: charge(ClassicalDrive(2)).switching_work(1),
    "entanglement": lambda: certified.negativity(ClassicalDrive(2), 1),
    "state of some larger spins": lambda: charge(LARGE).reduced_state(1, 0.3),
    "local work of larger spins": lambda: charge(LARGE).ergotropy(0.3, sense="local"),
    "its certified digits": lambda: certified.ergotropy(LARGE, 1, sense="local"),
    "concurrence of larger spins": lambda: charge(LARGE).concurrence(0.3),
    "noise of driven cells": lambda: charge(ClassicalDrive(2), noise=[loss("cells", 0.1)]),
    "noise of larger spins": lambda: charge(LARGE, noise=[loss("cells", 0.1)]),
    "digits of coherent driven cells": lambda: certified.energy(
        ClassicalDrive(2), 1, initial=superposition(0, excited_cells=[1, 1, 0])
    ),
    "work of very many states": lambda: charge(
        SpinCharger(700, 1, cell_spin=1), thermal(cell_inverse_temperature=9)
    ).ergotropy(0.1),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_there_is_refused(name):
    with pytest.raises((InvalidArgument, TooLargeError), match=r"must|can be had"):
        REFUSED[name]()


@pytest.mark.parametrize(("cell_spin", "chargers"), [(1, 3), (2, 4)])
def test_ergotropies_of_larger_spins_curve_no_more_than_their_searches_know(cell_spin, chargers):
    """The levels of a passive state go up to the top, not to the first one above the lowest."""
    charged = charge(SpinCharger(1, chargers, cell_spin=cell_spin))
    row = OBSERVABLES["ergotropy"]
    options = checked(row.name, row.options, {}, 1)
    curve = searched(row, charged._at_start, charged._dynamics, options).curve
    times = np.linspace(0, 2, 20001)
    work = charged.ergotropy(times)
    assert -np.diff(work, 2).min() / times[1] ** 2 < curve.curvature
    assert charged.maximum("ergotropy", until=2).value == pytest.approx(work.max(), abs=1e-6)


def test_the_collective_advantage_of_larger_spins_counts_cells():
    model = SpinCharger(2, 4, cell_spin=1)
    alone = charge(SpinCharger(1, 2, cell_spin=1)).max_power().value
    wanted = charge(model).max_power().value / (2 * alone)
    assert collective_advantage(model) == pytest.approx(wanted, rel=1e-13)


def test_bounds_hold_for_larger_spins():
    """With 2sM and 2sN excitations in place of M and N."""
    times = np.linspace(0, 1, 40)
    for model in (
        SpinCharger(2, 2, cell_spin=1, charger_spin="3/2"),
        CavityCharger(2, cell_spin=2),
    ):
        assert np.all(charge(model).energy(times) <= energy_bound(model, times) + 1e-12)
        assert charge(model).max_power().value <= power_bound(model)


@pytest.mark.parametrize(("n", "spin"), [(1, "5/2"), (3, 1), (5, "3/2"), (40, 2)])
def test_multiplicities_of_larger_spins_are_those_of_polynomials(n, spin):
    side = SpinCharger(n, 1, cell_spin=spin).battery
    ways = np.array([1], dtype=object)
    for _ in range(n):
        ways = np.convolve(ways, np.ones(int(side.top) // n + 1, dtype=object))
    assert [side.degeneracy(k) for k in range(side.top + 1)] == list(ways)
    below = [side.multiplicity(side.top - 2 * b) for b in range(side.top // 2 + 1)]
    assert below == list(np.diff([0, *ways[: side.top // 2 + 1]]))
    assert sum(m * (side.top - 2 * b + 1) for b, m in enumerate(below)) == (side.top // n + 1) ** n
    # A huge number of spins in its largest total spin asks for none of them.
    assert CollectiveSpin(10**9, side.spin).multiplicity(int(2 * side.spin) * 10**9) == 1
