"""The quantities of a sweep by name: options, times, and what their columns say."""

from fractions import Fraction

import numpy as np
import pytest

from numerics import SpinCharger, charge, sweep
from numerics.observables.table import OBSERVABLES, Observable, register
from numerics.sweeps import points
from numerics.sweeps.quantities import columns, requests
from numerics.sweeps.running import Batch
from tests.errors import one_clear_error


def asked(*compute, times=False):
    return [(r.name, r.method, dict(r.options)) for r in requests(compute, times)]


def test_names_and_options():
    assert asked(
        "max_power(quantity=ergotropy, sense=local)", ("maximum", {"until": 10}),
        "maximum(until=1/2)", ("entropy", [1.0], {"order": 2}), "steady(quantity=purity)",
        "first_peak(quantity=energy)",
    ) == [
        (
            "max_power(quantity=ergotropy, sense=local)", "max_power",
            {"quantity": "ergotropy", "sense": "local"},
        ),
        ("maximum(until=10.0)", "maximum", {"until": 10.0}),
        ("maximum(until=0.5)", "maximum", {"until": 0.5}),
        ("entropy(order=2)", "entropy", {"order": 2}),
        ("steady(quantity=purity)", "steady", {"quantity": "purity"}),
        ("first_peak", "first_peak", {}),
    ]  # fmt: skip


@pytest.mark.parametrize("method", ["first_peak", "max_power", "mean", "steady"])
def test_a_quantity_may_have_its_options_in_the_text(method):
    apart = asked((method, {"quantity": "ergotropy", "sense": "local"}))
    assert asked((method, {"quantity": "ergotropy(sense=local)"})) == apart
    assert asked(f"{method}(quantity=ergotropy(sense=local))") == apart
    table = sweep(
        SpinCharger(2, 3), compute=[("first_peak", {"quantity": "ergotropy(sense=local)"})]
    )
    peak = charge(SpinCharger(2, 3)).first_peak("ergotropy(sense=local)")
    assert table["first_peak(quantity=ergotropy, sense=local)"] == peak.value


def test_options_reach_the_battery():
    compute = [
        "max_power(quantity=ergotropy, sense=local)", "maximum(until=3)", "speed_limits",
        ("ergotropy", [0.4], {"sense": "local"}), ("work_characteristic", [0.5]),
    ]  # fmt: skip
    table = sweep(SpinCharger(2, 3, coupling="0.1"), compute=compute)
    one = charge(SpinCharger(2, 3, coupling="0.1"))
    power = one.max_power("ergotropy", sense="local")
    assert table["max_power(quantity=ergotropy, sense=local)"] == power.value
    assert table["max_power_time(quantity=ergotropy, sense=local)"] == power.time
    assert table["maximum(until=3.0)"] == one.maximum(until=3).value
    assert table["speed_limits_mandelstam_tamm"] == one.speed_limits().mandelstam_tamm
    assert table["ergotropy(sense=local)"] == one.ergotropy([0.4], sense="local")
    assert table["work_characteristic"] == one.work_characteristic([0.5])


def work_at_the_peak(charging, share=1):
    """The ergotropy at the first peak."""
    return share * charging.ergotropy(charging.first_peak().time)


def test_a_function_of_the_battery():
    """Its module is part of the program, and its name and options of the results."""
    given = {"cells": [1, 2], "chargers": 2}
    compute = [work_at_the_peak, (work_at_the_peak, {"share": 2})]
    table = sweep(SpinCharger, compute=compute, **given)
    expected = [work_at_the_peak(charge(SpinCharger(cells, 2))) for cells in (1, 2)]
    assert table["work_at_the_peak"].tolist() == expected
    assert table["work_at_the_peak(share=2)"].tolist() == [2 * value for value in expected]
    assert table.described("work_at_the_peak").definition == "The ergotropy at the first peak."
    point = points.Point(SpinCharger(1, 2))
    keys = {points.key(point, [request]) for request in requests(compute, False)}
    assert len(keys) == 2
    modules = points.foreign([point], [work_at_the_peak, SpinCharger])
    assert modules == (work_at_the_peak.__module__,)
    assert points.program(modules) != points.program(())


def sometimes(charging):
    one = charging.model.cells
    return [1.5, "2.5", None, {"a": 1}, np.array([[1, 2], [3, 4]]), Fraction(7, 2)][one - 1]


def test_what_is_no_number_is_recorded_and_the_rest_goes_on():
    table = sweep(SpinCharger, cells=range(1, 7), chargers=1, compute=["mean", sometimes])
    assert np.isfinite(table["mean"]).all()
    assert [failure.index for failure in table.failures] == [(1,), (2,), (3,)]
    assert "a number or an array, but is None" in table.failures[1].message
    # Of one that is larger than others the rest is nan there.
    first = [[1.5, np.nan], [np.nan, np.nan]]
    assert np.array_equal(table["sometimes"][0], first, equal_nan=True)
    assert table["sometimes"][4].tolist() == [[1, 2], [3, 4]]
    assert table["sometimes"][5, 0, 0] == 3.5


def test_every_column_says_its_unit_and_definition():
    every = requests(["first_peak", "max_power", "mean", "energy", "power_variance"], True)
    described = [column for request in every for column in columns(request)]
    assert [(c.name, c.unit) for c in described] == [
        ("first_peak", "``frequency``"), ("first_peak_time", "time"),
        ("max_power", "``frequency`` per time"), ("max_power_time", "time"),
        ("mean", "``frequency``"), ("energy", "``frequency``"),
        ("power_variance", "``frequency`` per time, squared"),
    ]  # fmt: skip
    assert all(column.definition.endswith(".") for column in described)
    assert [c.symbol for c in described][2] == r"P_{\max}"


@pytest.mark.parametrize(
    ("given", "units"),
    [
        ({}, ["g omega_0", "g^2 omega_0^2", "1/g", "omega_0"]),
        ({"coupling": 0.1}, ["omega_0^2", "omega_0^4", "1/omega_0", "omega_0"]),
        ({"frequency": 2}, ["g^2", "g^4", "1/g", "g"]),
        ({"coupling": 1, "frequency": 2}, ["energy^2", "energy^4", "1/energy", "energy"]),
    ],
)
def test_units_follow_what_is_left_open(given, units):
    table = sweep(SpinCharger(1, 1, **given), compute=["power", "power_variance"], times=[0.1])
    shown = [table.described(name).unit for name in ("power", "power_variance", "time")]
    assert shown == units[:3]
    assert sweep(SpinCharger(1, 1, **given), compute=["mean"]).described("mean").unit == units[3]


def test_times_of_all_and_own_times():
    table = sweep(
        SpinCharger(1, 1), compute=[("energy", [1.0, 2.0, 3.0]), "power"],
        coupling=[1, 2], times=lambda coupling: [0.5] * coupling,
    )  # fmt: skip
    assert table.described("power").dims == ("coupling", "time")
    assert table.described("energy").dims == ("coupling", "time_2")
    assert np.array_equal(table["time"], [[0.5, np.nan], [0.5, 0.5]], equal_nan=True)
    assert table["time_2"].tolist() == [1.0, 2.0, 3.0]
    assert np.isnan(table["power"]).tolist() == [[False, True], [False, False]]


@pytest.mark.parametrize(
    ("compute", "text"),
    [
        ([], "names of quantities"), ("energy", "names of quantities"), ([3], "be a name"),
        ([()], "be one of these"), (["enrgy"], "one of first_peak"),
        (["energy"], "its own or those of all"), ([("energy", [])], "at least one"),
        ([("energy", [[1.0]])], "one row"), ([("energy", [1], [1])], "one of these"),
        ([("max_power", [1.0])], "without times"), (["max_power", "max_power"], "different"),
        (["speed_limits(order=2)"], "without options"), ([lambda charging: 1], "of a module"),
    ],
)  # fmt: skip
def test_bad_quantities(compute, text):
    one_clear_error("compute", lambda: sweep(SpinCharger(1, 1), compute=compute), text)


@pytest.mark.parametrize(
    ("name", "compute"),
    [
        ("until", "maximum"), ("until", "maximum(until=-1)"), ("until", "maximum(until=x)"),
        ("quantity", "mean(quantity=height)"), ("sense", "max_power(sense=full)"),
        ("sense", "max_power(quantity=ergotropy, sense=best)"),
        ("sense", ("max_power", {"quantity": "ergotropy(sense=full)", "sense": "local"})),
    ],
)  # fmt: skip
def test_bad_options(name, compute):
    one_clear_error(name, lambda: sweep(SpinCharger(1, 1), compute=[compute]))


def parity(cells):
    return (-1.0) ** cells


def test_rows_of_weights_are_swept_and_their_code_counts():
    """As curves, and where a maximum or a mean is of them."""
    register(Observable("parity_here", "P", "1", "A toy.", "None.", weight=parity, order=0))
    try:
        table = sweep(
            SpinCharger(2, 3), times=[0.3], compute=["parity_here", "mean(quantity=parity_here)"]
        )
        charging = charge(SpinCharger(2, 3))
        assert table["parity_here"] == charging.parity_here([0.3])
        assert table["mean(quantity=parity_here)"] == charging.mean("parity_here")
        point = {"key": points.Point(SpinCharger(2, 3))}
        for asked in (
            "parity_here",
            "mean(quantity=parity_here)",
            "max_power(quantity=parity_here)",
        ):
            batch = Batch(point, requests([asked], True))
            assert batch.modules == (parity.__module__,)
    finally:
        OBSERVABLES.pop("parity_here")


def test_an_option_is_given_once():
    one_clear_error(
        "compute[0].sense",
        lambda: requests([("ergotropy(sense=local)", [1.0], {"sense": "full"})], False),
    )
