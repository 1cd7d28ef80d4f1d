"""The propagators of grids against each other, against expm, and against conservation laws."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg

from numerics import CavityCharger, SpinCharger, charge, dicke, fock, product
from numerics.dynamics.grid_chebyshev import ChebyshevPropagator
from numerics.dynamics.grid_eigen import SpectralPropagator
from numerics.dynamics.grid_evolution import SectorEvolution
from numerics.dynamics.photon_cutoff import CutoffDynamics
from numerics.model.problem import doubles
from numerics.sectors.grids import grids
from numerics.sectors.operator import gershgorin, symmetric
from numerics.sectors.starts import starts

TIMES = np.concatenate([[0.0, 1e-7], np.linspace(-3.0, 9.0, 37)])

PROBLEMS = {
    "grid": (SpinCharger(6, 7, coupling=0.5, anisotropy=0.4), None),
    "grid, detuned": (SpinCharger(5, 5, anisotropy=1, charger_frequency=3), dicke(2, 2)),
    "cut cavity": (CavityCharger(3, coupling=0.4, anisotropy=0.7), fock(4, excited_cells=1)),
    "mixed": (SpinCharger(2, 3, anisotropy=0.2), product([0.3, 0.1], [0.7, 0.6, 0.9])),
}


def blocks(model, state):
    problem = doubles(model, state)
    start = starts(problem)
    return [grid.block() for grid in grids(problem, start, cutoff=30)]


@pytest.fixture(params=PROBLEMS.values(), ids=PROBLEMS.keys())
def sectors(request):
    return blocks(*request.param)


def chebyshev(block):
    """All starts of a block by Chebyshev recursions."""
    shells = np.zeros(len(block.levels), dtype=np.int64)
    operator = symmetric(block.matrix, block.levels, shells)
    pairs = zip(block.sites.tolist(), block.weights.tolist(), strict=True)
    return SectorEvolution([ChebyshevPropagator(operator, site, weight) for site, weight in pairs])


def norms(propagator, times, rim):
    parts = getattr(propagator, "propagators", [propagator])
    return sum(part.norms(times, rim) for part in parts)


def test_both_propagators_agree(sectors):
    for block in sectors:
        one = SpectralPropagator(block).moments(TIMES)
        two = chebyshev(block).moments(TIMES)
        norm = max(1.0, *map(abs, gershgorin(block.matrix)))
        for power, (a, b) in enumerate(zip(one[:3], two[:3], strict=True)):
            np.testing.assert_allclose(a, b, atol=2e-13 * norm**power)


@pytest.mark.parametrize("kind", [SpectralPropagator, chebyshev])
def test_propagators_are_the_exponential(sectors, kind):
    for block in sectors:
        propagator = kind(block)
        matrix, levels = block.matrix.toarray(), block.levels
        for t, found in zip(TIMES[::6], propagator.excitation(TIMES[::6]), strict=True):
            unitary = linalg.expm(-1j * t * matrix)
            expected = sum(
                w * ((levels - levels[s]) @ np.abs(unitary[:, s]) ** 2)
                for s, w in zip(block.sites, block.weights, strict=True)
            )
            assert found == pytest.approx(expected, abs=3e-13)


@pytest.mark.parametrize("kind", [SpectralPropagator, chebyshev])
def test_the_norm_is_one(sectors, kind):
    for block in sectors:
        found = norms(kind(block), 40 * TIMES, np.ones(len(block.levels)))
        np.testing.assert_allclose(found, block.weights.sum(), rtol=3e-13)


@pytest.mark.parametrize("kind", [SpectralPropagator, chebyshev])
def test_derivatives_are_derivatives(sectors, kind):
    h = 1e-4
    for block in sectors:
        propagator = kind(block)
        t = np.linspace(-1, 2, 13)
        here, left, right = (propagator.moments(t + s) for s in (0, -h, h))
        norm = max(1.0, *map(abs, gershgorin(block.matrix)))
        for f, df in ((0, 1), (1, 2)):
            slope = (right[f] - left[f]) / (2 * h)
            np.testing.assert_allclose(slope, here[df], atol=norm * (norm * h) ** 2 * norm**f * 9)


@pytest.mark.parametrize("kind", [SpectralPropagator, chebyshev])
def test_the_mean_energy_is_conserved(kind):
    """⟨H⟩ is not what is summed over, so this sees the states and not only their norms."""
    model, state = PROBLEMS["grid, detuned"]
    (block,) = blocks(model, state)
    propagator = kind(block)
    values, vectors = np.linalg.eigh(block.matrix.toarray())
    overlaps = vectors[block.sites[0]] ** 2
    # |⟨a|ψ(t)⟩|² is constant for every eigenvector: read ‖P ψ‖ through diagonal projections.
    total = sum(norms(propagator, TIMES, np.eye(len(values))[i]) ** 2 for i in range(len(values)))
    np.testing.assert_allclose(total, overlaps.sum(), rtol=1e-13)


@pytest.mark.parametrize("chargers", [40, 37])
def test_large_sectors_by_chebyshev_agree_with_the_dense_path(chargers):
    model = SpinCharger(40, chargers, anisotropy=0.2)
    battery = charge(model)
    peak = battery.first_peak().time
    times = np.linspace(0, 3 * peak, 7)
    dense_path = SectorEvolution([SpectralPropagator(block) for block in blocks(model, None)])
    assert isinstance(battery._dynamics.propagators[0], ChebyshevPropagator)
    scale = 1e-11 * model.cells
    np.testing.assert_allclose(battery.energy(times), dense_path.excitation(times), atol=scale)


def test_order_and_repetition_of_times_do_not_matter():
    battery = charge(SpinCharger(40, 40, anisotropy=0.2))
    times = np.array([0.3, 0.01, 0.3, 0.0, 0.12])
    together = battery.energy(times)
    alone = [float(battery.energy(t)) for t in times]
    np.testing.assert_allclose(together, alone, atol=1e-12)


def test_the_ceiling_bounds_the_energy(sectors):
    times = np.linspace(0, 60, 400)
    for block in sectors:
        for kind in (SpectralPropagator, chebyshev):
            propagator = kind(block)
            assert np.max(propagator.excitation(times)) <= propagator.bounds.gain + 1e-12


def test_the_cutoff_dynamics_offers_the_same():
    problem = doubles(CavityCharger(2, coupling=0.3, anisotropy=0.5), None)
    dynamics = CutoffDynamics(problem, starts(problem), 1e-10)
    np.testing.assert_allclose(dynamics.excitation(TIMES), dynamics.moments(TIMES).excitation)
