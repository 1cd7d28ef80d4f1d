"""Bounds that are stated: never exceeded by the truth, and within a factor of it somewhere."""

import numpy as np
import pytest

from numerics import CavityCharger, SpinCharger, charge
from numerics.dynamics import chain_chebyshev, chain_evolution
from numerics.dynamics.checkpoints import CheckpointPropagator
from numerics.dynamics.concave_bounds import concave_bound
from numerics.dynamics.interface import Bounds
from numerics.model.states import dicke, mixture, thermal
from tests.systems.oracle import energy
from tests.systems.rows import CHAINS, CUTOFFS, GRIDS
from tests.systems.ways import chains_of, force, grids_of

TIMES = np.linspace(0.0, 9.0, 300)
MOVING = [name for name in CHAINS | GRIDS if name != "uncoupled"]


def spectrum_width(name):
    """The largest difference of two eigenvalues in one sector."""
    model, state = (CHAINS | GRIDS | CUTOFFS)[name]
    if name in CHAINS:
        widths = []
        for stack in chains_of(model, state):
            for diagonal, hops in zip(stack.diagonal, stack.hops, strict=True):
                matrix = np.diag(diagonal) + np.diag(hops, 1) + np.diag(hops, -1)
                widths.append(np.ptp(np.linalg.eigvalsh(matrix)))
        return max(widths)
    blocks = (grid.block().matrix.toarray() for grid in grids_of(model, state))
    return max(np.ptp(np.linalg.eigvalsh(block)) for block in blocks)


@pytest.mark.parametrize("way", ["as chosen", "recurrences"])
@pytest.mark.parametrize("name", MOVING)
def test_bandwidths(name, way, monkeypatch):
    force(way, monkeypatch)
    width = spectrum_width(name)
    assert width * (1 - 1e-12) <= charge(*(CHAINS | GRIDS)[name])._dynamics.bandwidth <= 3 * width


@pytest.mark.parametrize("name", CUTOFFS)
def test_the_bandwidth_below_a_photon_cutoff(name):
    """That of the blocks below it, which grow with it."""
    dynamics = charge(*CUTOFFS[name])._dynamics
    dynamics.excitation(np.array([1.0]))
    inner = dynamics._current[0].evolution
    assert dynamics.bandwidth == inner.bandwidth
    widths = [np.ptp(p._eigen.values) for p in inner.propagators]
    assert max(widths) * (1 - 1e-12) <= dynamics.bandwidth <= 3 * max(widths)


@pytest.mark.parametrize("way", ["as chosen", "recurrences"])
@pytest.mark.parametrize("name", MOVING)
def test_gain_and_derivatives(name, way, monkeypatch):
    force(way, monkeypatch)
    dynamics = charge(*(CHAINS | GRIDS)[name])._dynamics
    bounds: Bounds = dynamics.bounds
    found = dynamics.moments(TIMES)
    step = TIMES[1] - TIMES[0]
    third = np.abs(np.diff(found.curvature)) / step
    for bound, seen, factor in (
        (bounds.gain, np.max(found.excitation), 100),
        (bounds.second, np.max(np.abs(found.curvature)), 30),
        (bounds.third, np.max(third), 60),
    ):
        assert seen <= bound * (1 + 1e-9) + 1e-12
        assert bound <= factor * seen or bound < 1e-9 or bounds.gain < 0.1 or seen < 0.05


def test_the_local_bound_of_the_third_derivative():
    """At every E that is reached, and well below the bound at all times where little is stored."""
    dynamics = charge(SpinCharger(30, 30))._dynamics
    times = np.linspace(0, 0.3, 3000)
    found = dynamics.moments(times)
    third = np.abs(np.diff(found.curvature)) / np.diff(times)
    ends = found.excitation[:-1], found.excitation[1:]
    local = dynamics.max_third_derivative_between(np.minimum(*ends), np.maximum(*ends))
    assert np.all(third <= local * (1 + 1e-6))
    assert np.min(local) < dynamics.bounds.third / 5
    assert np.max(third / local) > 0.02


def test_a_concave_bound_is_above_all_points_and_touches_some():
    rng = np.random.default_rng(4)
    gains = [rng.integers(-20, 60, 40) for _ in range(3)]
    values = [rng.uniform(0, 5, 40) for _ in range(3)]
    bound = concave_bound(gains, values)
    x, y = (np.concatenate(part).astype(float) for part in (gains, values))
    found = bound.between(x, x)
    assert np.all(found >= y - 1e-12)
    assert np.min(found - y) < 1e-12


MIXED = mixture([(0.5, dicke(0, 6)), (0.3, dicke(2, 3)), (0.2, dicke(1, 2))])


@pytest.mark.parametrize("detuning", [0, 0.3])
@pytest.mark.parametrize("state", [None, MIXED, thermal(charger_population=0.8)])
def test_the_error_of_recurrences(detuning, state, monkeypatch):
    """With coarse series E is off by less than `error`, and by no less than a part of it."""
    force("recurrences", monkeypatch)
    monkeypatch.setattr(chain_evolution, "_LENGTH", 1)
    monkeypatch.setattr(chain_chebyshev, "_TAIL", 1e-5)
    monkeypatch.setattr(chain_chebyshev, "_LEAK", 1.0)
    model = SpinCharger(4, 6, charger_frequency=1 + detuning)
    battery, times = charge(model, state), np.array([0.3, 0.9, 2.5])
    monkeypatch.setattr("numerics.dynamics.conservation.check_conserved", lambda *rest: None)
    monkeypatch.setattr("numerics.dynamics.checkpoints.check_conserved", lambda *rest: None)
    off = np.abs(battery.energy(times) - energy(model, state, times))
    allowed = battery.error(times)
    assert np.all(off <= allowed)
    assert np.max(off / allowed) > 1e-4
    assert np.all(allowed < 1e-2)


def test_the_error_is_that_of_the_worst_recurrence(monkeypatch):
    force("recurrences", monkeypatch)
    monkeypatch.setattr(chain_evolution, "_LENGTH", 1)
    battery = charge(SpinCharger(5, 6), MIXED)
    parts = battery._dynamics._recurrences
    assert len(parts) > 1
    worst = {id(part): 1e-3 * (n + 1) for n, part in enumerate(parts)}
    monkeypatch.setattr(
        CheckpointPropagator, "left_out", lambda self, t: np.full(len(t), worst[id(self)])
    )
    most = max(worst.values())
    moved = 0.5 * 5 + 0.3 * 3 + 0.2 * 2
    assert battery.error(1.0) == pytest.approx(moved * most * (2 + most), rel=1e-12)


def test_the_error_of_a_photon_cutoff():
    """E is off by less than `error`, which is no more than the tolerance of all cells."""
    model = CavityCharger(3, 0.6, anisotropy=0.7)
    times = np.array([0.5, 2.0, 4.0])
    coarse, fine = (charge(model, tolerance=t) for t in (1e-3, 1e-11))
    off = np.abs(coarse.energy(times) - fine.energy(times))
    allowed = coarse.error(times)
    assert np.all(off <= allowed)
    assert 0 < np.max(allowed) <= 3e-3
