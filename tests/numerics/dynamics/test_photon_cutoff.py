"""Photon cutoffs: grown until they no longer matter, or refused."""

import numpy as np
import pytest

from numerics import CavityCharger, CutoffError, charge, fock, thermal
from numerics.dynamics.eigenvectors import SpectralPropagator
from numerics.dynamics.photon_cutoff import _Truncated
from numerics.model.problem import doubles
from numerics.sectors.starts import starts
from tests.systems.ways import grids_of

TIMES = np.linspace(0, 15, 16)


def with_cutoff(model, state, cutoff):
    found = grids_of(model, state, cutoff)
    return sum(SpectralPropagator(grid.block()).excitation(TIMES) for grid in found)


@pytest.mark.parametrize(
    ("model", "state"),
    [
        (CavityCharger(2, coupling=0.3, anisotropy=0.5), None),
        (CavityCharger(3, coupling=1.0, anisotropy=1), fock(2, excited_cells=1)),
        (CavityCharger(1, coupling=0.5, anisotropy=1), thermal(charger_inverse_temperature=2)),
    ],
)
@pytest.mark.parametrize("tolerance", [1e-4, 1e-11])
def test_the_cutoff_keeps_its_tolerance(model, state, tolerance):
    battery = charge(model, state, tolerance=tolerance)
    expected = with_cutoff(model, state, 220)
    assert battery._dynamics.reach(TIMES) is not None
    assert battery._dynamics.cutoff < 220
    error = np.abs(battery.energy(TIMES) - expected) / model.cells
    assert error.max() <= tolerance
    assert np.all(model.cells * error <= battery._dynamics.error(TIMES) + 1e-12)


def test_a_cutoff_is_judged_at_all_times_before():
    """At a late time the photons may be few again; the time they were many still counts."""
    model = CavityCharger(2, coupling=0.8, anisotropy=1)
    late, all_along = charge(model), charge(model)
    late.energy([15.0])
    all_along.energy(np.linspace(0, 15, 200))
    assert late._dynamics.cutoff == all_along._dynamics.cutoff


def test_small_cutoffs_are_seen_to_leak():
    """The bound is one: at a cutoff too small, the true error stays below what is reported."""
    model = CavityCharger(2, coupling=0.8, anisotropy=1)
    problem = doubles(model)
    exact, parts = with_cutoff(model, None, 220), []
    for cutoff in (6, 10, 16, 24):
        truncated = _Truncated.at(problem, starts(problem), cutoff)
        for i, time in enumerate(TIMES[:6]):
            truncated.leak_until(time, np.inf)
            error = abs(with_cutoff(model, None, cutoff)[i] - exact[i])
            assert error <= model.cells * truncated.leaked + 1e-12
            parts.append(error / (model.cells * truncated.leaked + 1e-12))
    # And it is not by far too large.
    assert max(parts) > 1e-3


def test_unaffordable_cutoffs_are_refused():
    model = CavityCharger(1, coupling=20.0, charger_frequency=0.01, anisotropy=1)
    with pytest.raises(CutoffError, match="`tolerance` = 1e-10 cannot be kept up to time 100"):
        charge(model).energy(100.0)


def test_no_cutoff_where_excitations_are_conserved():
    battery = charge(CavityCharger(3, coupling=5.0, charger_frequency=0.01), fock(50))
    assert not hasattr(battery._dynamics, "cutoff")
    assert np.all(battery.energy([1e3]) >= 0)


def test_peaks_with_a_growing_cutoff():
    battery = charge(CavityCharger(3, coupling=0.7, anisotropy=0.8))
    peak, scanned = battery.maximum(until=12), battery.energy(np.linspace(0, 12, 6001)).max()
    assert peak.value >= scanned - 1e-9
    assert peak.value == pytest.approx(scanned, rel=1e-5)
