"""Populations and variance of every engine against brute force, and rows added at run time."""

from __future__ import annotations

import numpy as np
import pytest

from numerics import (
    CavityCharger,
    InvalidArgument,
    SpinCharger,
    TooLargeError,
    charge,
    dicke,
    fock,
    mixture,
    product,
    thermal,
)
from numerics.dynamics import chain_evolution, grid_evolution
from numerics.observables import table
from numerics.observables.table import OBSERVABLES, Observable
from tests import oracle

TIMES = np.array([0.0, 1e-3, 0.7, 2.4, -5.0])
FLIPPED = product([1, 0, 0], [1, 1, 1, 0])
SYSTEMS = {
    "ideal": (SpinCharger(4, 4), None),
    "mirrored, odd": (SpinCharger(3, 3, coupling=-0.7, frequency=1.3), dicke(2, 1)),
    "detuned": (SpinCharger(3, 4, charger_frequency=1.4), None),
    "crosstalk": (SpinCharger(3, 4, charger_crosstalk=0.3, cell_crosstalk=-0.2), dicke(1, 3)),
    "flipped": (SpinCharger(3, 4), FLIPPED),
    "thermal": (
        SpinCharger(3, 4, charger_frequency=1.1),
        thermal(cell_population=0.2, charger_inverse_temperature=-0.9),
    ),
    "mixture": (SpinCharger(3, 3), mixture([(0.25, dicke(0, 3)), (0.75, dicke(3, 3))])),
    "uncoupled": (SpinCharger(2, 2, coupling=0), product([1, 0.3], [1, 1])),
    "cavity": (CavityCharger(3), fock(4, excited_cells=1)),
    "detuned cavity": (CavityCharger(3, charger_frequency=0.8), fock(2)),
    "grid": (SpinCharger(4, 3, anisotropy=0.3), None),
    "folded grid": (SpinCharger(3, 3, anisotropy=0.6, coupling=0.4), None),
    "grid of irreps": (SpinCharger(3, 4, anisotropy=1, coupling=0.2), FLIPPED),
    "thermal grid": (
        SpinCharger(3, 3, anisotropy=0.5, cell_crosstalk=0.1),
        thermal(cell_population=0.1, charger_population=0.8),
    ),
    "cavity with a cutoff": (CavityCharger(2, coupling=0.1, anisotropy=0.4), fock(2)),
}
WAYS = ("eigenvectors", "recurrences")


def brute_force(model, initial, times):
    """The probability of each number of cells up, on all 2^(M+N) amplitudes."""
    vectors, cutoff = oracle.start(model, initial)
    energies, modes = oracle._spectrum(model, cutoff)
    columns = modes.T @ np.array([np.sqrt(float(w)) * v for w, v in vectors]).T
    # The first of the two amplitudes of each spin is the one up.
    up = model.cells - np.array([index.bit_count() for index in range(2**model.cells)])
    result = []
    for time in times:
        psi = modes @ (np.exp(-1j * energies * time)[:, None] * columns)
        probability = np.sum(np.abs(psi) ** 2, axis=1).reshape(2**model.cells, -1).sum(axis=1)
        result.append(np.bincount(up, probability, minlength=model.cells + 1))
    return np.array(result)


@pytest.fixture(params=WAYS)
def way(request, monkeypatch):
    if request.param == "eigenvectors":
        monkeypatch.setattr(chain_evolution, "_CHEAP", np.inf)
        monkeypatch.setattr(grid_evolution, "DENSE_LIMIT", 10**6)
    else:
        monkeypatch.setattr(chain_evolution, "_CHEAP", 0.0)
        monkeypatch.setattr(chain_evolution, "_EACH", 1e9)
        monkeypatch.setattr(grid_evolution, "DENSE_LIMIT", 0)
    return request.param


@pytest.mark.parametrize("system", SYSTEMS)
def test_populations_and_variance_are_those_of_brute_force(system, way):
    model, initial = SYSTEMS[system]
    charging, k = charge(model, initial), np.arange(model.cells + 1)
    p, wanted = charging.populations(TIMES), brute_force(model, initial, TIMES)
    np.testing.assert_allclose(p, wanted, atol=1e-11)
    unit = 1 if model.frequency is None else model.frequency
    variance = unit**2 * (wanted @ k**2 - (wanted @ k) ** 2)
    np.testing.assert_allclose(charging.energy_variance(TIMES), variance, atol=1e-11)


@pytest.mark.parametrize(
    ("model", "initial"),
    [
        (SpinCharger(60, 60), None),
        (SpinCharger(300, 301), None),
        (SpinCharger(25, 30), thermal(cell_population=0.1, charger_population=0.7)),
        (SpinCharger(40, 40, charger_frequency=1.01), dicke(3, 30)),
        (SpinCharger(40, 40, coupling=0.1, anisotropy=0.3), None),
        (SpinCharger(60, 50, coupling=0.1, anisotropy=0.2), None),
        (CavityCharger(20, coupling=0.02, anisotropy=0.2), None),
    ],
)
def test_they_sum_to_one_and_agree_with_the_energy(model, initial):
    charging = charge(model, initial)
    times = np.linspace(0, 1.5 * charging.first_peak().time, 6).reshape(2, 3)
    p, k = charging.populations(times), np.arange(model.cells + 1)
    assert p.shape == (2, 3, model.cells + 1)
    assert np.all(p >= 0)
    np.testing.assert_allclose(p.sum(axis=-1), 1, atol=1e-12)
    gained = p @ k - p[0, 0] @ k
    np.testing.assert_allclose(gained, charging.energy(times), atol=1e-11 * model.cells)


def test_a_small_variance_keeps_its_digits():
    """From the state of no spread, Var = g²MN t² to the first order."""
    for model in (SpinCharger(5, 7), SpinCharger(500, 600)):
        found = charge(model).energy_variance(1e-9)
        assert found == pytest.approx(model.cells * model.chargers * 1e-18, rel=1e-9)


def test_portions_of_times_change_nothing(monkeypatch):
    whole = charge(SpinCharger(6, 7)).energy_variance(np.linspace(0, 3, 50))
    monkeypatch.setattr(table, "_CHUNK", 21)
    np.testing.assert_allclose(
        charge(SpinCharger(6, 7)).energy_variance(np.linspace(0, 3, 50)), whole, rtol=1e-13
    )


def test_shapes_of_few_and_no_times():
    charging = charge(SpinCharger(3, 3))
    assert charging.energy(1.0).shape == ()
    assert charging.populations(1.0).shape == (4,)
    assert charging.energy([]).shape == (0,)
    assert charging.populations([]).shape == (0, 4)
    assert charging.energy_variance(np.zeros((2, 0))).shape == (2, 0)


def test_what_cannot_be_stored_is_refused():
    charging = charge(SpinCharger(10**5, 2))
    with pytest.raises(TooLargeError, match=r"`populations` at 100000000 times"):
        charging.populations(np.broadcast_to(0.0, 10**8))


def test_a_row_is_all_that_a_new_observable_needs(monkeypatch):
    """The probability that all cells are up, and a linear one."""
    rows = (
        Observable("full", "p_M", "probability", "A toy.", "None.", lambda b: b.populations[:, -1]),
        Observable(
            "pairs", "K(K-1)", "1", "Another.", "None.", table.linear(lambda k: k * (k - 1))
        ),
    )
    charging = charge(SpinCharger(2, 3))
    assert not hasattr(charging, "full")
    for row in rows:
        monkeypatch.setitem(OBSERVABLES, row.name, row)
    assert {"full", "pairs", "energy"} <= set(dir(charging))
    assert charging.full.__doc__.startswith("A toy.")
    p = charging.populations(TIMES)
    np.testing.assert_allclose(charging.full(TIMES), p[:, 2])
    np.testing.assert_allclose(charging.pairs(TIMES), 2 * p[:, 2])
    with pytest.raises(InvalidArgument, match="`times` must be finite real numbers"):
        charging.full("now")
    with pytest.raises(AttributeError, match="no attribute 'emptiness'"):
        charging.emptiness(1.0)


@pytest.mark.parametrize("name", OBSERVABLES)
def test_rows_are_documented(name):
    row = OBSERVABLES[name]
    assert row.name == name
    assert row.symbol
    assert row.source.endswith(".")
    assert getattr(charge(SpinCharger(1, 1)), name).__doc__ == row.docstring
