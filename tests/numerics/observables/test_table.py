"""Observables of large batteries, their shapes, and rows added at run time."""

from dataclasses import replace

import numpy as np
import pytest

from numerics import (
    CavityCharger,
    ClassicalDrive,
    GroupedSpins,
    InvalidArgument,
    PrecisionError,
    SpinCharger,
    SpinGroup,
    TooLargeError,
    charge,
    loss,
    stored,
)
from numerics.model.options import SENSE, Need
from numerics.model.states import dicke, thermal
from numerics.observables import table
from numerics.observables.table import OBSERVABLES, Observable, register

TIMES = np.array([0.0, 1e-3, 0.7, 2.4, -5.0])
LATER = TIMES[:-1]


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


def test_what_cannot_be_stored_is_refused():
    charging = charge(SpinCharger(10**5, 2))
    with pytest.raises(TooLargeError, match=r"`populations` at 100000000 times"):
        charging.populations(np.broadcast_to(0.0, 10**8))


NO_TIMES = [
    (SpinCharger(3, 2), None),
    (SpinCharger(3, 2, anisotropy=0.3), None),
    (SpinCharger(2, 2, anisotropy=0.3), thermal(cell_population=0.2)),
    (SpinCharger(2, 2), dicke(0, 0)),
    (SpinCharger(2, 2, coupling=0), None),
    (SpinCharger(2, 2), thermal(cell_population=0.2, charger_population=0.7)),
    (CavityCharger(2, coupling=0.1, anisotropy=0.2), None),
]


@pytest.mark.parametrize(("model", "initial"), NO_TIMES, ids=str)
@pytest.mark.parametrize("name", OBSERVABLES)
def test_of_no_times_there_are_no_values(name, model, initial):
    row, battery = OBSERVABLES[name], charge(model, initial)
    if name == "schmidt_number" and not battery._at_start.pure:
        return
    words = ({option.name: word} for option in row.options for word in option.choices)
    for given in ({}, *words):
        if given.get("between") == "cell-charger" and model.charger.spins is None:
            continue
        one = getattr(battery, name)(np.zeros((2, 1)), **given)
        none = getattr(battery, name)(np.zeros((2, 0)), **given)
        assert none.shape == (2, 0, *one.shape[2:])
        assert none.dtype == one.dtype


def test_skewness_and_kurtosis_at_the_smallest_variances():
    """Of a rare excitation with the probability p: 1/√p and 1/p."""
    battery = charge(SpinCharger(1, 1))
    assert battery.energy_skewness(1e-150) == pytest.approx(1e150, rel=1e-9)
    assert battery.energy_kurtosis(1e-150) == pytest.approx(1e300, rel=1e-9)
    assert battery.energy_kurtosis(1e-160) == np.inf


def test_a_variable_so_large_that_its_phases_are_unknown_is_refused():
    battery = charge(SpinCharger(2, 2))
    with pytest.raises(PrecisionError, match=r"`u` must be at most 1.5e\+06 in size, "):
        battery.work_characteristic(0.3, u=1e308)


@pytest.fixture
def restored():
    """The table is afterwards what it was before."""
    before = dict(OBSERVABLES)
    yield
    OBSERVABLES.clear()
    OBSERVABLES.update(before)


def test_a_row_is_all_that_a_new_observable_needs(restored):
    """The probability that all cells are up, and a linear one."""
    rows = (
        Observable("full", "p_M", "probability", "A toy.", "None.", lambda b: b.populations[:, -1]),
        Observable(
            "pairs", "K(K-1)", "1", "Another.", "None.", weight=lambda k: k * (k - 1), order=0
        ),
    )
    charging = charge(SpinCharger(2, 3))
    assert not hasattr(charging, "full")
    for row in rows:
        assert register(row) is OBSERVABLES[row.name]
    assert {"full", "pairs", "energy"} <= set(dir(charging))
    assert charging.full.__doc__.startswith("A toy.")
    p = charging.populations(TIMES)
    np.testing.assert_allclose(charging.full(TIMES), p[:, 2])
    np.testing.assert_allclose(charging.pairs(TIMES), 2 * p[:, 2])
    with pytest.raises(InvalidArgument, match="`times` must be finite real numbers"):
        charging.full("now")
    with pytest.raises(AttributeError, match="no attribute 'emptiness'"):
        charging.emptiness(1.0)


@pytest.mark.parametrize(
    "name",
    [
        *("energy", "model", "error", "max_power", "noise", "area", "pulse", "segments"),
        *("best_switch_off", "half_life", "switched_off", "E", "Full", "p 1", ""),
    ],
)
def test_names_that_no_row_may_have(name):
    with pytest.raises(InvalidArgument, match="`name` must be"):
        register(replace(OBSERVABLES["power"], name=name))


@pytest.mark.parametrize("name", OBSERVABLES)
def test_rows_are_documented(name):
    row = OBSERVABLES[name]
    assert row.name == name
    assert row.symbol
    assert row.source.endswith(".")
    assert getattr(charge(SpinCharger(1, 1)), name).__doc__ == row.docstring


EVERY = {
    "closed": (SpinCharger(2, 3), None, ()),
    "groups": (GroupedSpins([SpinGroup(1, coupling=2), SpinGroup(1)], [SpinGroup(2)]), None, ()),
    "unlike": (GroupedSpins([SpinGroup(1, frequency=2), SpinGroup(1)], [SpinGroup(2)]), None, ()),
    "drive": (ClassicalDrive(2), None, ()),
    "noise": (SpinCharger(2, 2), None, [loss("cells", 0.1)]),
    "mixed noise": (SpinCharger(2, 2), thermal(cell_population=0.3), [loss("cells", 0.1)]),
    "stored": (SpinCharger(2, 2), None, ()),
}
LACKED = {
    Need.AMPLITUDES: {"noise", "mixed noise", "stored"},
    Need.LADDER: {"groups", "unlike"},
    Need.FREQUENCY: {"unlike"},
    Need.CHARGER: {"drive", "stored"},
    Need.COUPLING: {"stored"},
    Need.COUNT: {"mixed noise"},
}


def battery_of(name):
    model, initial, noise = EVERY[name]
    charging = charge(model, initial, noise=noise)
    return stored(charging, 0.4) if name == "stored" else charging


@pytest.mark.parametrize("system", EVERY)
def test_a_new_row_is_known_of_every_battery_that_has_what_it_needs(system, restored):
    weighted = Observable(
        "parity", "P", "1", "A toy.", "None.", weight=lambda k: (-1) ** k, order=0
    )
    function = Observable(
        "last", "p_M", "1", "A toy.", "None.", lambda battery: battery.populations[:, -1]
    )
    register(weighted)
    register(function)
    charging = battery_of(system)
    p = charging.populations(LATER)
    np.testing.assert_array_equal(charging.last(LATER), p[:, -1])
    start = battery_of("stored").charging if system == "stored" else charging
    first = start.populations(0.0)
    signs = (-1.0) ** np.arange(p.shape[1])
    np.testing.assert_allclose(charging.parity(LATER), (p - first) @ signs, atol=1e-13)
    assert charging.maximum("parity", until=LATER[-1]).value >= charging.parity(LATER).max() - 1e-9
    for i, need in enumerate(Need):
        name = f"needy_{'abcdef'[i]}"
        register(replace(function, name=name, needs=frozenset({need})))
        if system in LACKED[need]:
            with pytest.raises(InvalidArgument, match="`quantity` must be one that"):
                getattr(charging, name)(LATER)
        else:
            np.testing.assert_array_equal(getattr(charging, name)(LATER), p[:, -1])


@pytest.mark.parametrize("name", ["exchange", "pair_creation", "flow"])
def test_a_row_that_does_not_say_that_it_needs_a_ladder(name, restored):
    register(Observable("hidden", "x", "1", "A toy.", "None.", lambda b: getattr(b, name)))
    with pytest.raises(InvalidArgument, match=r"`needs` must have Need\.LADDER"):
        battery_of("groups").hidden(LATER)


def change(cells):
    """A weight that changes its argument."""
    cells *= 2
    return cells


@pytest.mark.parametrize(
    "weight",
    [
        lambda k: 1j * k,
        lambda k: np.where(k == 1, np.nan, k),
        lambda k: np.full(len(k), np.inf),
        lambda k: None,
        lambda k: "k",
        lambda k: k[:2],
        lambda k: [[1], [1, 2]],
    ],
)
def test_weights_are_finite_real_numbers_one_for_each_level(restored, weight):
    register(Observable("odd_weight", "W", "1", "A toy.", "None.", weight=weight))
    charging = charge(SpinCharger(3, 4), dicke(1, 3))
    for act in (charging.odd_weight, lambda t: charging.first_peak("odd_weight")):
        with pytest.raises(InvalidArgument, match="`weight` must give one finite real number"):
            act(0.3)


def test_no_weight_changes_the_battery(restored):
    for name, weight in (
        ("changed", change),
        ("plain", lambda k: 2 * k),
        ("part", lambda k: k > 1),
    ):
        register(Observable(name, "W", "1", "A toy.", "None.", weight=weight))
    charging = charge(SpinCharger(3, 4), dicke(1, 3))
    assert np.array_equal(charging.changed(TIMES[:3]), charging.plain(TIMES[:3]))
    assert np.array_equal(charging.changed(TIMES[:3]), charging.plain(TIMES[:3]))
    part = charging.populations(TIMES[:3])[:, 2:].sum(axis=1)
    assert np.allclose(charging.part(TIMES[:3]), part, atol=1e-14)


@pytest.mark.parametrize("name", [None, "cells", "time", "start", "coupling", "lambda"])
def test_names_that_rows_cannot_have(restored, name):
    with pytest.raises(InvalidArgument, match="`name` must be"):
        register(Observable(name, "W", "1", "A toy.", "None.", weight=abs))


def test_an_order_is_a_whole_number_and_a_weight_has_no_options(restored):
    with pytest.raises(InvalidArgument, match="`order` must be an integer"):
        register(Observable("toy", "W", "1", "A toy.", "None.", weight=abs, order="1"))
    with pytest.raises(InvalidArgument, match="`options` must be left out"):
        Observable("toy", "W", "1", "A toy.", "None.", weight=abs, options=(SENSE,))
