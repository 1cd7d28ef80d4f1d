"""Axes: products, zips, functions of others; models, starts, noise and times among them."""

import numpy as np
import pytest
from sympy import Symbol

import numerics
from numerics import CavityCharger, GroupedSpins, SpinCharger, SpinGroup, dicke, fock, loss, sweep
from numerics.sweeps.axes import grid
from tests.errors import one_clear_error


def points(model, zipped=(), **given):
    every = grid(model, zipped, given)
    return [every.point(index) for index in every.indices()]


def test_a_product_of_axes_and_a_function_of_them():
    every = grid(SpinCharger, (), {
        "cells": range(1, 4), "ratio": [1, 10], "chargers": lambda cells, ratio: ratio * cells,
        "coupling": "0.1",
    })  # fmt: skip
    assert every.sizes == {"cells": 3, "ratio": 2}
    models = [every.point(index).model for index in every.indices()]
    assert models == [SpinCharger(c, r * c, coupling="0.1") for c in (1, 2, 3) for r in (1, 10)]
    assert [axis.dims for axis in every.axes] == [("cells",), ("ratio",), ("cells", "ratio")]


def test_functions_of_functions_in_any_order():
    found = points(
        SpinCharger, cells=lambda half: 2 * half, half=[1, 2], chargers=lambda cells: cells + 1
    )
    assert [(p.model.cells, p.model.chargers) for p in found] == [(2, 3), (4, 5)]


def test_what_is_zipped_runs_together():
    every = grid(
        SpinCharger, [("cells", "chargers")],
        {"cells": (1, 2), "chargers": np.array([5, 6]), "anisotropy": [0, 1]},
    )  # fmt: skip
    assert every.sizes == {"cells": 2, "anisotropy": 2}
    found = [every.point(index).model for index in every.indices()]
    assert [(m.cells, m.chargers, m.anisotropy) for m in found] == [
        (1, 5, 0), (1, 5, 1), (2, 6, 0), (2, 6, 1)
    ]  # fmt: skip


def test_models_starts_noise_and_times_can_be_axes():
    models = [SpinCharger(2, 2), CavityCharger(2)]
    assert [p.model for p in points(models)] == models
    assert [p.model for p in points(SpinCharger(2, 2), anisotropy=[0, 1])] == [
        SpinCharger(2, 2, anisotropy=0), SpinCharger(2, 2, anisotropy=1)
    ]  # fmt: skip
    assert [p.start for p in points(SpinCharger(2, 2), start=[dicke(0, 1), None])] == [
        dicke(0, 1), None
    ]  # fmt: skip
    one = loss("cells", 0.1)
    assert [p.noise for p in points(SpinCharger(1, 1), noise=[one])] == [(one,)]
    assert [p.noise for p in points(SpinCharger(1, 1), noise=[(), [one]])] == [(), (one,)]
    noisy = points(SpinCharger(1, 1), rate=[0, 1], noise=lambda rate: [loss("cells", rate)])
    assert [p.noise[0].rate for p in noisy] == [0, 1]
    assert [p.times for p in points(SpinCharger(1, 1), times=[0, 1])] == [(0.0, 1.0)]
    assert [p.times for p in points(SpinCharger(1, 1), times=[[0], [1, 2]])] == [(0,), (1, 2)]
    scaled = points(SpinCharger(1, 1), coupling=[1, 2], times=lambda coupling: [1 / coupling])
    assert [p.times for p in scaled] == [(1.0,), (0.5,)]


def test_a_side_of_several_groups_is_one_value():
    groups = (SpinGroup(1), SpinGroup(2))
    assert [p.model for p in points(GroupedSpins, cells=groups, chargers=[[3], [4]])] == [
        GroupedSpins(groups, [3]), GroupedSpins(groups, [4])
    ]  # fmt: skip


def test_the_labels_of_an_axis_and_its_unit():
    starts = [fock(2), fock(3)]
    table = sweep(
        CavityCharger(2), start=starts, anisotropy=(x / 2 for x in range(1)), compute=["mean"]
    )
    assert table["start"].tolist() == ["Fock(photons=2)", "Fock(photons=3)"]
    assert table["anisotropy"].tolist() == [0.0]
    assert table.described("anisotropy").symbol == r"\gamma"
    assert np.array_equal(
        table["mean"].ravel(), [numerics.charge(CavityCharger(2), s).mean() for s in starts]
    )


@pytest.mark.parametrize("chargers", [lambda cells: cells, 1])
def test_numbers_in_words_are_numbers(chargers):
    table = sweep(
        SpinCharger, cells=[1], chargers=chargers, anisotropy=["1/10", 0.5], compute=["mean"]
    )
    assert table["anisotropy"].tolist() == [0.1, 0.5]


def test_a_symbol_is_the_failure_of_its_point():
    table = sweep(SpinCharger, cells=1, chargers=1, coupling=[Symbol("g"), 1], compute=["mean"])
    assert table["coupling"].tolist() == ["g", "1"]
    assert np.isnan(table["mean"]).tolist() == [True, False]
    assert "cannot keep a symbol" in str(*table.failures)


ONE = {"cells": [1], "chargers": 1}


@pytest.mark.parametrize(
    ("model", "given", "name", "text"),
    [
        (3, {}, "model", "a class of models"),
        ([int], {}, "model", "a class of models"),
        ([], {}, "model", "at least one value"),
        (SpinCharger, {"cells": [1]}, "chargers", "left out"),
        (SpinCharger, {**ONE, "cels": 2}, "cels", "parameter of SpinCharger, one of cells"),
        (SpinCharger, {**ONE, "cells": []}, "cells", "at least one value"),
        (SpinCharger, {**ONE, "cells": [0]}, "cells", "positive integer, but is 0"),
        (SpinCharger, {**ONE, "anisotropy": ["x"]}, "anisotropy", "but is 'x'"),
        (SpinCharger, {**ONE, "start": [3]}, "start", "initial state"),
        (SpinCharger, {**ONE, "noise": 3}, "noise", "sequence"),
        (SpinCharger, {**ONE, "noise": [3]}, "noise", "loss"),
        (SpinCharger, {**ONE, "times": []}, "times", "at least one"),
        (SpinCharger, {**ONE, "times": 3.0}, "times", "one row"),
        (SpinCharger, {**ONE, "times": [[float("nan")]]}, "times", "finite"),
        (SpinCharger, {**ONE, "tolerance": [0]}, "tolerance", "positive"),
        (SpinCharger, {**ONE, "chargers": lambda n: n}, "chargers", "needs 'n'"),
        (SpinCharger, {**ONE, "chargers": lambda chargers: 1}, "chargers", "needs 'chargers'"),
        (
            SpinCharger,
            {"cells": lambda chargers: 1, "chargers": lambda cells: 1},
            "cells", "functions of it",
        ),
        (
            SpinCharger, {"cells": [2, 1], "chargers": lambda cells: 1 // (cells - 1)},
            "chargers", "a value for cells=1, but its function raises ZeroDivisionError",
        ),
        (SpinCharger, {"cells": range(1, 1002), "chargers": range(1000)}, "axes", "points"),
        (SpinCharger, {**ONE, "zipped": [("cells", "chargers")]}, "zipped", "sequences of values"),
        (SpinCharger, {**ONE, "zipped": "cells"}, "zipped", "groups of names"),
        (
            SpinCharger,
            {"cells": [1, 2], "chargers": [1], "zipped": [("cells", "chargers")]},
            "chargers", "as many values as `cells`, 2",
        ),
    ],
)  # fmt: skip
def test_bad_axes(model, given, name, text):
    one_clear_error(name, lambda: sweep(model, compute=["mean"], **given), text)
