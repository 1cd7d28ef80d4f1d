"""Derivatives and their bounds from commutators, bounds on the spectrum, and the fold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.linalg import eigsh

from numerics import SpinCharger, dicke
from numerics.dynamics.grid_chebyshev import ChebyshevPropagator
from numerics.dynamics.grid_evolution import SectorEvolution
from tests.systems.dense import derivatives
from tests.systems.ways import grids_of


@st.composite
def small_grids(draw):
    cells, chargers = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    real = st.floats(-1.5, 1.5)
    ideal = draw(st.booleans())
    model = SpinCharger(
        cells,
        cells if ideal else chargers,
        coupling=draw(st.floats(0.05, 1.5)),
        anisotropy=draw(st.floats(0.01, 1)),
        frequency=draw(st.floats(0.1, 3)),
        charger_frequency=None if ideal else draw(st.floats(0.1, 3)),
        charger_crosstalk=0 if ideal else draw(real),
        cell_crosstalk=0 if ideal else draw(real),
    )
    excited = draw(st.integers(0, cells))
    charger = cells - excited if ideal else draw(st.integers(0, chargers))
    return grids_of(model, dicke(excited, charger))[0]


def scale(grid):
    block = grid.block()
    return max(1.0, float(abs(block.matrix).sum(axis=1).max()))


@settings(max_examples=80)
@given(small_grids())
def test_derivatives_and_their_bounds(grid):
    operator, (site,) = grid.operator()
    assert operator.folded == grid.foldable
    propagator = ChebyshevPropagator(operator, int(site))
    times = np.linspace(0, 12 / scale(grid), 41)
    found = propagator.moments(times)
    block = grid.block()
    exact = derivatives(block.matrix.toarray(), block.levels, block.sites[:1], [1], times, 4)
    size = (grid.battery.top + 1) * scale(grid)
    for power in range(3):
        np.testing.assert_allclose(found[power], exact[power], atol=1e-12 * size**power)
    assert np.max(np.abs(exact[2])) <= propagator.bounds.second * (1 + 1e-12) + 1e-12
    assert np.max(np.abs(exact[3])) <= propagator.bounds.third * (1 + 1e-12) + 1e-12
    # And with what is known of E at the time.
    local = SectorEvolution([propagator]).max_third_derivative_between(
        exact[0] - 1e-12, exact[0] + 1e-12
    )
    assert np.all(np.abs(exact[3]) <= local * (1 + 1e-12) + 1e-11 * size**3)
    assert np.all(local <= propagator.bounds.third * (1 + 1e-12))
    # Asking for the bounds, which multiplies matrices, leaves the derivatives as they are.
    again = propagator.moments(times)
    np.testing.assert_allclose(again.slope, found.slope, atol=1e-12 * size)
    np.testing.assert_allclose(again.curvature, found.curvature, atol=1e-12 * size**2)


@settings(max_examples=40)
@given(small_grids())
def test_the_bounds_hold_for_every_start(grid):
    """They are norms: no state of the whole sector has a larger derivative."""
    operator, _ = grid.operator()
    bounds = operator.max_second_derivative, max(operator.max_third_derivatives[0])
    block = grid.block()
    if operator.folded:
        return
    matrix, nested = block.matrix.toarray(), np.diag(block.levels).astype(complex)
    norms = []
    for _ in range(3):
        nested = 1j * (matrix @ nested - nested @ matrix)
        norms.append(np.linalg.norm(nested, 2))
    assert np.all(norms[1:] <= np.array(bounds) * (1 + 1e-12) + 1e-13)


@pytest.mark.parametrize("anisotropy", [0.1, 0.2, 0.5])
@pytest.mark.parametrize("cells", [40, 120])
def test_the_bounds_are_not_loose_for_the_ideal_start(cells, anisotropy):
    """E'' comes within a factor 3 of its bound and E''' within 4, not far beyond the first peak."""
    (grid,) = grids_of(SpinCharger(cells, cells, coupling=0.1, anisotropy=anisotropy))
    operator, (site,) = grid.operator()
    propagator = ChebyshevPropagator(operator, int(site))
    times = np.linspace(0, 1.5 * np.log(8 * cells) / (0.2 * cells), 300)
    curvature = propagator.moments(times).curvature
    third = np.abs(np.diff(curvature)) / np.diff(times)
    assert propagator.bounds.second / 3 < np.max(np.abs(curvature)) < propagator.bounds.second
    assert propagator.bounds.third / 4 < np.max(third) < propagator.bounds.third


@pytest.mark.parametrize(
    "model",
    [
        SpinCharger(60, 60, coupling=0.1, anisotropy=0.2),
        SpinCharger(60, 47, coupling=0.1, anisotropy=0.2),
        SpinCharger(50, 50, coupling=0.1, anisotropy=0.9, charger_frequency=1.7),
        SpinCharger(50, 50, coupling=0.02, anisotropy=0.2, charger_crosstalk=0.05),
    ],
    ids=["folded", "whole", "detuned", "crosstalk"],
)
def test_the_radius_is_safe_and_tight(model):
    (grid,) = grids_of(model)
    operator, _ = grid.operator()
    matrix = grid.block().matrix
    ends = [eigsh(matrix, 1, which=w, return_eigenvectors=False)[0] for w in ("LA", "SA")]
    largest = max(abs(ends[0]), abs(ends[1]))
    assert largest <= operator.radius * (1 + 1e-10)
    assert operator.radius <= 1.06 * largest


@pytest.mark.parametrize("excited", [0, 3])
def test_the_folded_operator_has_the_spectrum_of_the_whole(excited):
    """Its singular values, twice, and zeros for what one side has more than the other."""
    (grid,) = grids_of(
        SpinCharger(8, 8, coupling=0.3, anisotropy=0.35), dicke(excited, 8 - excited)
    )
    operator, _ = grid.operator()
    assert operator.folded
    whole = np.linalg.eigvalsh(grid.block().matrix.toarray())
    # The states with Θ of the other sign on the even side have the same singular values.
    singular = np.linalg.svd(operator.forward.toarray(), compute_uv=False)
    missing = len(whole) - 2 * len(singular)
    both = np.sort(np.concatenate([singular, -singular, np.zeros(missing)]))
    np.testing.assert_allclose(np.sort(whole), both, atol=1e-12)
    np.testing.assert_allclose(operator.backward.toarray(), operator.forward.toarray().T, atol=0)


@pytest.mark.parametrize(
    ("model", "state"),
    [
        (SpinCharger(6, 5, anisotropy=0.3), None),
        (SpinCharger(6, 6, anisotropy=0.3, charger_frequency=1.001), None),
        (SpinCharger(6, 6, anisotropy=0.3, cell_crosstalk=1e-9), None),
        (SpinCharger(6, 6, anisotropy=0.3, charger_crosstalk=0.1), None),
        (SpinCharger(6, 6, anisotropy=0.3), dicke(1, 4)),
    ],
)
def test_what_does_not_anticommute_is_not_folded(model, state):
    assert not grids_of(model, state)[0].foldable


def test_a_battery_on_the_mirror_is_slow_while_nearly_empty():
    """Where k and N − c are small together, so are all hops: the bound knows it from E."""
    (grid,) = grids_of(SpinCharger(60, 60, coupling=0.1, anisotropy=0.2))
    operator, (site,) = grid.operator()
    evolution = SectorEvolution([ChebyshevPropagator(operator, int(site))])
    empty, half = evolution.max_third_derivative_between(
        np.array([0.0, 0.0]), np.array([0.5, 30.0])
    )
    assert empty < half / 5
    assert half <= evolution.bounds.third
