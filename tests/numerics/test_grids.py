"""Every system at γ ≠ 0 against other routes, with recursions also where eigenvectors would do."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from numerics import (
    CavityCharger,
    SpinCharger,
    charge,
    dicke,
    fock,
    mixture,
    multiprecision,
    product,
    thermal,
)
from numerics.dynamics import bessel_series as series
from numerics.dynamics import chebyshev_recursion as recursion
from numerics.dynamics import conservation
from numerics.dynamics import grid_evolution as propagators
from numerics.dynamics.grid_chebyshev import ChebyshevPropagator
from numerics.dynamics.grid_eigen import SpectralPropagator
from numerics.model.problem import doubles
from numerics.sectors.grids import Grid, grids
from numerics.sectors.starts import starts

TIMES = (0.0, 0.4, 1.7, 6.3)

PROBLEMS = {
    "plain": (SpinCharger(7, 7, coupling=0.3, anisotropy=0.2), None),
    "more chargers": (SpinCharger(3, 9, coupling=0.3, anisotropy=0.7), None),
    "more cells": (SpinCharger(9, 4, coupling=0.3, anisotropy=1), None),
    "weak": (SpinCharger(6, 6, coupling=-0.01, anisotropy=0.5, frequency=2.5), None),
    "excited cells": (SpinCharger(6, 6, coupling=0.4, anisotropy=0.3), dicke(2, 4)),
    "off the mirror": (SpinCharger(6, 6, coupling=0.4, anisotropy=0.3), dicke(1, 4)),
    "crosstalk": (
        SpinCharger(5, 6, anisotropy=0.4, charger_crosstalk=0.3, cell_crosstalk=-0.2),
        None,
    ),
    "crosstalk on the mirror": (SpinCharger(5, 5, anisotropy=0.4, charger_crosstalk=0.3), None),
    "detuned": (SpinCharger(6, 6, coupling=0.5, anisotropy=0.3, charger_frequency=1.7), None),
    "mixture": (
        SpinCharger(3, 3, coupling=0.5, anisotropy=0.3),
        mixture([(0.25, dicke(0, 3)), (0.5, dicke(2, 2)), (0.25, dicke(1, 2))]),
    ),
    "product": (SpinCharger(2, 3, anisotropy=0.2), product([0.3, 0.1], [0.7, 0.6, 0.9])),
    "thermal": (SpinCharger(2, 4, anisotropy=0.6), thermal(charger_population=0.85)),
}
CAVITIES = {
    "cavity": (CavityCharger(3, coupling=0.2, anisotropy=0.4), None),
    "cavity, crosstalk": (
        CavityCharger(2, coupling=0.25, anisotropy=1, cell_crosstalk=0.2, charger_frequency=1.3),
        fock(3, excited_cells=1),
    ),
}


@pytest.fixture(params=["recursion", "eigenvectors"])
def route(request, monkeypatch):
    if request.param == "recursion":
        monkeypatch.setattr(propagators, "DENSE_LIMIT", 0)
    return request.param


def scale(model):
    return model.cells * (1 if model.frequency is None else model.frequency)


@cache
def exact(name):
    model, state = (PROBLEMS | CAVITIES)[name]
    times = TIMES[:3] if name in CAVITIES else TIMES
    return [float(multiprecision.energy(model, t, state, digits=20)) for t in times]


@pytest.mark.parametrize("name", PROBLEMS)
def test_grids_against_many_digits(name, route):
    model, state = PROBLEMS[name]
    battery = charge(model, state)
    wanted = ChebyshevPropagator if route == "recursion" else SpectralPropagator
    assert {type(p) for p in battery._dynamics.propagators} == {wanted}
    np.testing.assert_allclose(battery.energy(TIMES), exact(name), atol=1e-11 * scale(model))
    # Again from what is remembered, backwards in time, and one at a time.
    mirrored = battery.energy(-np.array(TIMES[::-1]))[::-1]
    np.testing.assert_allclose(mirrored, exact(name), atol=1e-11 * scale(model))
    alone = [float(battery.energy(t)) for t in TIMES]
    np.testing.assert_allclose(alone, exact(name), atol=1e-11 * scale(model))


@pytest.mark.parametrize("name", CAVITIES)
def test_cut_cavities_against_many_digits(name, route):
    model, state = CAVITIES[name]
    battery = charge(model, state, tolerance=1e-12)
    np.testing.assert_allclose(battery.energy(TIMES[:3]), exact(name), atol=1e-11 * scale(model))
    bound = battery._dynamics.error(np.array(TIMES[:3]))
    assert np.all((bound >= 0) & (bound <= 2e-12 * model.cells))


@pytest.mark.parametrize("name", ["plain", "crosstalk", "mixture", "cavity"])
def test_peaks_do_not_depend_on_the_route(name, monkeypatch):
    model, state = (PROBLEMS | CAVITIES)[name]
    peaks = []
    for limit in (0, 600):
        monkeypatch.setattr(propagators, "DENSE_LIMIT", limit)
        battery = charge(model, state)
        peaks.append((battery.first_peak(), battery.max_energy(20.0), battery.max_power()))
    for one, other in zip(*peaks, strict=True):
        assert one.time == pytest.approx(other.time, rel=1e-7)
        assert one.value == pytest.approx(other.value, rel=1e-11)


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
    problem = doubles(SpinCharger(25, 25, coupling=0.1, anisotropy=0.3), None)
    (grid,) = grids(problem, starts(problem))
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
        monkeypatch.setattr(recursion, "_LARGEST", 2)
    monkeypatch.setattr(conservation, "_ROUNDING", 1e-3)
    battery = charge(model)
    (propagator,) = battery._dynamics.propagators
    error = np.abs(battery.energy(times) - exact_energies)
    assert np.all(error <= propagator.error(times) + 1e-11)
    assert np.max(error) > 1e-9
