"""Grids at γ ≠ 0: both propagators against dense matrices, their laws, and large sectors."""

import numpy as np
import pytest

from numerics import CavityCharger, SpinCharger, charge, dicke, fock, product
from numerics.dynamics import bessel_series as series
from numerics.dynamics import chebyshev_recursion as recursion
from numerics.dynamics import conservation
from numerics.dynamics.eigenvectors import SpectralPropagator
from numerics.dynamics.grid_chebyshev import ChebyshevPropagator
from numerics.dynamics.grid_evolution import SectorEvolution
from numerics.dynamics.photon_cutoff import CutoffDynamics
from numerics.model.problem import doubles
from numerics.sectors.grids import Grid
from numerics.sectors.operator import gershgorin, symmetric
from numerics.sectors.starts import starts
from tests.systems import dense
from tests.systems.ways import grids_of

TIMES = np.concatenate([[0.0, 1e-7], np.linspace(-3.0, 9.0, 37)])

SECTORS = {
    "grid": (SpinCharger(6, 7, coupling=0.5, anisotropy=0.4), None),
    "grid, detuned": (SpinCharger(5, 5, anisotropy=1, charger_frequency=3), dicke(2, 2)),
    "cut cavity": (CavityCharger(3, coupling=0.4, anisotropy=0.7), fock(4, excited_cells=1)),
    "mixed": (SpinCharger(2, 3, anisotropy=0.2), product([0.3, 0.1], [0.7, 0.6, 0.9])),
}


def blocks(model, state=None):
    return [grid.block() for grid in grids_of(model, state, cutoff=30)]


def chebyshev(block):
    """All starts of a block by Chebyshev recursions."""
    shells = np.zeros(len(block.levels))
    operator = symmetric(block.matrix, block.levels, shells)
    pairs = zip(block.sites.tolist(), block.weights.tolist(), strict=True)
    return SectorEvolution([ChebyshevPropagator(operator, site, weight) for site, weight in pairs])


def norms(propagator, times, rim):
    parts = getattr(propagator, "propagators", [propagator])
    return sum(part.norms(times, rim) for part in parts)


@pytest.mark.parametrize("kind", [SpectralPropagator, chebyshev])
@pytest.mark.parametrize("name", SECTORS)
def test_propagators_are_the_exponential(name, kind):
    for block in blocks(*SECTORS[name]):
        propagator, matrix = kind(block), block.matrix.toarray()
        wanted = dense.derivatives(matrix, block.levels, block.sites, block.weights, TIMES)
        scale = max(1.0, *map(abs, gershgorin(block.matrix)))
        found = propagator.moments(TIMES)
        np.testing.assert_allclose(propagator.excitation(TIMES), wanted[0], atol=3e-13)
        for power, (a, b) in enumerate(zip(found[:3], wanted, strict=True)):
            np.testing.assert_allclose(a, b, atol=2e-13 * scale**power)
        late = norms(propagator, 40 * TIMES, np.ones(len(block.levels)))
        np.testing.assert_allclose(late, block.weights.sum(), rtol=3e-13)
        later = propagator.excitation(np.linspace(0, 60, 400))
        assert np.max(later) <= propagator.bounds.gain + 1e-12


@pytest.mark.parametrize("kind", [SpectralPropagator, chebyshev])
def test_states_are_unitary_images(kind):
    """‖Pψ‖² over all diagonal projections P, which sees the states and not only their norms."""
    (block,) = blocks(*SECTORS["grid, detuned"])
    propagator, count = kind(block), len(block.levels)
    total = sum(norms(propagator, TIMES, np.eye(count)[i]) ** 2 for i in range(count))
    np.testing.assert_allclose(total, 1, rtol=1e-13)


@pytest.mark.parametrize("chargers", [40, 37])
def test_large_sectors_by_chebyshev_agree_with_the_dense_path(chargers):
    battery = charge(SpinCharger(40, chargers, anisotropy=0.2))
    times = np.linspace(0, 3 * battery.first_peak().time, 7)
    dense_path = SectorEvolution([SpectralPropagator(block) for block in blocks(battery.model)])
    assert isinstance(battery._dynamics.propagators[0], ChebyshevPropagator)
    np.testing.assert_allclose(battery.energy(times), dense_path.excitation(times), atol=4e-10)


def test_the_cutoff_dynamics_offers_the_same():
    problem = doubles(CavityCharger(2, coupling=0.3, anisotropy=0.5), None)
    dynamics = CutoffDynamics(problem, starts(problem), 1e-10)
    np.testing.assert_allclose(dynamics.excitation(TIMES), dynamics.moments(TIMES).excitation)


@pytest.mark.parametrize("chargers", [300, 280])
def test_hundreds_of_cells_keep_norm_energy_and_bounds(chargers):
    """Folded and whole: up to three first-peak times, where nothing else can check."""
    model = SpinCharger(300, chargers, coupling=0.1, anisotropy=0.2)
    battery = charge(model)
    (propagator,) = battery._dynamics.propagators
    times = np.linspace(0, 3 * 0.18, 13)
    energies = battery.energy(times)
    assert energies[0] == 0
    assert np.all((energies >= 0) & (energies <= 300))
    assert np.max(energies) > 200
    operator = propagator.operator
    assert operator.folded == (chargers == 300)
    states = [(found, where) for found, where in propagator.states(times)]
    seen = np.concatenate([where for _, where in states])
    np.testing.assert_array_equal(np.sort(seen), np.arange(len(times)))
    start = propagator._origin()
    expected = operator.energies(start.even[0], start.odd[0])
    for found, _ in states:
        for even, odd in zip(found.even, found.odd, strict=True):
            assert even @ even + odd @ odd == pytest.approx(1, abs=1e-12)
            mean, square = operator.energies(even, odd)
            assert mean == pytest.approx(expected[0], abs=1e-12 * operator.radius)
            assert square == pytest.approx(expected[1], rel=1e-9)
    assert np.all(battery._dynamics.error(times) <= 1e-11 * model.cells)


def test_the_fold_is_the_whole_sector(monkeypatch):
    """The same battery with and without the symmetry: one more digit than eigenvectors keep."""
    model = SpinCharger(90, 90, coupling=0.1, anisotropy=0.2)
    times = np.linspace(0, 1.5, 40)
    folded = charge(model)._dynamics.moments(times)
    monkeypatch.setattr(Grid, "foldable", False)
    whole = charge(model)._dynamics.moments(times)
    for power, (one, other) in enumerate(zip(folded, whole, strict=True)):
        size = 90 ** (1 + power % 3)
        np.testing.assert_allclose(one, other, atol=2e-12 * size)


def test_as_many_excitations_are_gained_as_are_lost():
    """On the mirror, k and N − c have the same mean although k + c is not conserved."""
    (grid,) = grids_of(SpinCharger(25, 25, coupling=0.1, anisotropy=0.3))
    basis, propagator = grid._basis(folded=False), SpectralPropagator(grid.block())
    times = np.linspace(0, 2, 5)
    gained, lost = (
        propagator.norms(times, np.sqrt(count)) ** 2 for count in (basis.k, 25 - basis.c)
    )
    assert np.max(gained) > 10
    np.testing.assert_allclose(gained, lost, atol=1e-11)


@pytest.mark.parametrize("what", ["series", "front"])
def test_truncations_are_bounded_in_the_energy(monkeypatch, what):
    """With a series or vectors cut so early that it shows: the error is below what is reported."""
    model = SpinCharger(40, 36, coupling=0.1, anisotropy=0.2)
    times = np.linspace(0, 2.0, 9)
    exact_energies = charge(model).energy(times)
    if what == "series":
        monkeypatch.setattr(series, "_NEGLIGIBLE", 1e-7)
    else:
        monkeypatch.setattr(recursion, "_CUT", 1e-6)
        monkeypatch.setattr(recursion, "_FEW", 0)
        monkeypatch.setattr(recursion, "_STRIDE", 2)
    monkeypatch.setattr(conservation, "_ROUNDING", 1e-3)
    battery = charge(model)
    (propagator,) = battery._dynamics.propagators
    error = np.abs(battery.energy(times) - exact_energies)
    assert np.all(error <= propagator.error(times) + 1e-11)
    assert np.max(error) > 1e-9
