"""Every way to propagate × every kind of system, against an evolution with 30 digits."""

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
from numerics.dynamics import chain_evolution as chain_dynamics
from numerics.dynamics import grid_evolution as propagators
from numerics.dynamics.chain_evolution import ChainDynamics
from numerics.dynamics.grid_chebyshev import ChebyshevPropagator
from numerics.dynamics.grid_eigen import SpectralPropagator

SYSTEMS = {
    "ideal": (SpinCharger(7, 7), None),
    "ideal, unequal": (SpinCharger(5, 8), None),
    "another start": (SpinCharger(6, 7), dicke(2, 5)),
    "negative coupling": (SpinCharger(4, 6, coupling=-0.7, frequency=1.3), None),
    "detuned": (SpinCharger(5, 5, charger_frequency=1.4), None),
    "charger crosstalk": (SpinCharger(5, 6, charger_crosstalk=0.3), None),
    "cell crosstalk": (SpinCharger(5, 6, cell_crosstalk=-0.4), None),
    "thermal charger": (SpinCharger(4, 5), thermal(charger_population=0.7)),
    "thermal on both sides": (
        SpinCharger(3, 4, charger_frequency=1.1),
        thermal(cell_population=0.2, charger_inverse_temperature=-0.9),
    ),
    "product": (SpinCharger(3, 4), product([0, 0.1, 0], [1, 0, 1, 0.6])),
    "mixture": (SpinCharger(4, 4), mixture([(0.25, dicke(0, 4)), (0.75, dicke(1, 2))])),
    "cavity": (CavityCharger(4), None),
    "detuned cavity": (CavityCharger(3, charger_frequency=0.8), fock(5)),
}
# With counter-rotating terms, at three strengths of coupling.
SYSTEMS |= {
    f"{name}, anisotropic": (
        type(model)(**{**vars(model), "anisotropy": anisotropy, "coupling": coupling}),
        initial,
    )
    for (name, (model, initial)), anisotropy, coupling in zip(
        list(SYSTEMS.items()),
        [0.2, 1, 0.5, 0.3, 0.2, 1, 0.6, 0.2, 0.4, 1, 0.2, 0.3, 0.2],
        [0.1, 1, 0.3, -0.7, 0.5, 0.2, 1, 0.3, 0.5, 0.4, 1, 0.2, 0.15],
        strict=True,
    )
}
WAYS = ("as chosen", "eigenvectors", "carried along")


def _force(way: str, patch: pytest.MonkeyPatch) -> None:
    if way == "eigenvectors":
        patch.setattr(chain_dynamics, "_CHEAP", np.inf)
        patch.setattr(propagators, "DENSE_LIMIT", 10**6)
    if way == "carried along":
        patch.setattr(chain_dynamics, "_CHEAP", 0.0)
        patch.setattr(chain_dynamics, "_EACH", 1e9)
        patch.setattr(propagators, "DENSE_LIMIT", 0)


def _kinds(dynamics: object) -> set[type]:
    if isinstance(dynamics, ChainDynamics):
        return {type(p) for p in dynamics.parts(np.zeros(1))}
    return {type(p) for p in getattr(dynamics, "propagators", ())}


@cache
def _exact(system: str) -> tuple[np.ndarray, list[float]]:
    """Times up to three first peaks, and E there from 30 digits."""
    model, initial = SYSTEMS[system]
    times = np.array([0.0, 1e-6, 0.3, 1.0, 3.0]) * charge(model, initial).first_peak().time
    return times, [float(multiprecision.energy(model, float(t), initial, 30)) for t in times]


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_agrees_with_many_digits(
    system: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    times, exact = _exact(system)
    _force(way, monkeypatch)
    model, initial = SYSTEMS[system]
    charging = charge(model, initial)
    found = charging.energy(times)
    unit = model.cells * (1 if model.frequency is None else model.frequency)
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-11 * unit)
    assert np.all(charging.error(times) < 1e-10 * unit)
    assert charging.error(times).shape == times.shape


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_way_finds_the_same_peaks(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model, initial = SYSTEMS[system]
    found = []
    for way in WAYS:
        with monkeypatch.context() as patch:
            _force(way, patch)
            charging = charge(model, initial)
            found.append((charging.first_peak(), charging.max_power()))
    for first, power in found[1:]:
        assert first.value == pytest.approx(found[0][0].value, rel=1e-11)
        assert first.time == pytest.approx(found[0][0].time, rel=1e-6)
        assert power.value == pytest.approx(found[0][1].value, rel=1e-11)
        assert power.time == pytest.approx(found[0][1].time, rel=1e-6)


def test_the_ways_are_what_they_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the matrix above would try one engine three times."""
    chain, grid = SpinCharger(6, 6), SpinCharger(6, 6, anisotropy=0.2)
    seen = {}
    for way in WAYS[1:]:
        with monkeypatch.context() as patch:
            _force(way, patch)
            seen[way] = [_kinds(charge(model)._dynamics) for model in (chain, grid)]
    assert seen["eigenvectors"][1] == {SpectralPropagator}
    assert seen["carried along"][1] == {ChebyshevPropagator}
    assert seen["eigenvectors"][0].isdisjoint(seen["carried along"][0])
