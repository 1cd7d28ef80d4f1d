"""Times and parameters as arrays: any shapes that broadcast, in pieces, and very many sets."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from sympy import Symbol

from symbattery import SpinCharger, solve, thermal, two_cells
from symbattery.observables import array_backends, constants
from symbattery.symbols import N, m, p_1
from tests.symbattery.observables.conftest import usable

omega_C = Symbol("omega_C", positive=True)
SINGLE = two_cells().function("energy", "math")
SHAPES = mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=4, min_side=0)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(shapes=SHAPES, seed=st.integers(0, 10**6), name=st.sampled_from(["numpy", "numexpr", "jax"]))
def test_any_shapes_that_broadcast(shapes, seed, name):
    usable(name)
    f = two_cells().function("energy", name)
    random = np.random.default_rng(seed)
    times, couplings = (random.uniform(0, 9, shape) for shape in shapes.input_shapes[:2])
    sizes = random.integers(1, 40, shapes.input_shapes[2])
    couplings += 0.25
    result = np.asarray(f(times, sizes, couplings))
    assert result.shape == shapes.result_shape
    whole = np.broadcast_arrays(times, sizes, couplings)
    for value, *point in zip(result.ravel(), *(a.ravel() for a in whole), strict=True):
        assert value == pytest.approx(SINGLE(*point), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("shape", [(70001,), (3, 30011), (30011, 3), (2, 1, 9001), (1, 1, 20000)])
def test_pieces_are_as_good_as_the_whole(shape, monkeypatch):
    times = np.random.default_rng(2).uniform(0, 30, shape)
    sizes = np.arange(2, 2 + shape[0]).reshape(-1, *(1,) * (len(shape) - 1)) % 50 + 2
    f = two_cells().function("energy")
    in_pieces = f(times, sizes), f(times, 4), f(times[..., ::-1], 4)[..., ::-1]
    monkeypatch.setattr(array_backends, "_BLOCK", 10**9)
    at_once = f(times, sizes), f(times, 4), f(times, 4)
    for ours, theirs in zip(in_pieces, at_once, strict=True):
        assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("backend", ["numpy", "numexpr", "jax"], indirect=True)
def test_sums_broadcast(backend):
    f = solve(SpinCharger(2, N), thermal(charger_population=p_1)).function("energy", backend)
    times, sizes = np.array([0.0, 0.5, 1.0]), np.array([[2], [5]])
    grid = np.asarray(f(times, sizes, charger_population=0.25))
    assert grid.shape == (2, 3)
    for row, size in zip(grid, (2, 5), strict=True):
        assert row == pytest.approx(np.asarray(f(times, size, charger_population=0.25)), rel=1e-13)


# -- very many sets of parameters ----------------------------------------------------------------


def sets(name, count):
    """Parameters of a case as columns, hard ones among them."""
    random = np.random.default_rng(17)
    sizes = random.integers(3, 10**6, count).astype(float)
    sizes[:4] = 2, 3, 4, 10**15
    g, omega = random.uniform(0.1, 3, count), 10 ** random.uniform(-3, 3, count)
    g[4], omega[5], g[6] = 1e-160, 1e300, 1e-300
    if name == "two cells":
        return [sizes, g, omega]
    if name == "two cells, m":
        return [sizes, g, omega, np.ceil(sizes * random.uniform(0.01, 1, count))]
    if name == "detuned":
        return [sizes, g, omega, omega * (1 + 10 ** random.uniform(-15, 0, count))]
    return [np.maximum(sizes, 3), g, omega]


CASES = {
    "two cells": two_cells,
    "two cells, m": lambda: two_cells(excited_chargers=m),
    "detuned": lambda: solve(SpinCharger(1, N, charger_frequency=omega_C)),
    "three cells": lambda: solve(SpinCharger(3, N)),
}


@pytest.mark.parametrize("name", CASES)
def test_balls_round_as_mpmath_does(name):
    of = CASES[name]().function("energy")._constants
    points = sets(name, 300)
    assert of._define_in_balls is not None
    found = np.stack(of.arrays(points), axis=-1)
    with mpmath.workprec(256):
        for row, *point in zip(found, *points, strict=True):
            assert row.tolist() == [float(v) for v in of._define(*map(mpmath.mpf, point))]


@pytest.mark.parametrize(("cells", "in_balls"), [(2, True), (5, True), (9, False)])
def test_many_sets_are_as_good_as_one(cells, in_balls):
    f = solve(SpinCharger(cells, N)).function("energy")
    assert (f._constants._define_in_balls is not None) == in_balls
    sizes = np.repeat(np.arange(cells, cells + 20), 3)
    values = f(0.25, sizes)
    assert values[30] == f(0.25, cells + 10)


def test_remembered_sets_do_not_pile_up(monkeypatch):
    monkeypatch.setattr(constants, "_MOST_SEEN", 10)
    f = two_cells().function("energy")
    for size in range(1, 30):
        f(0.5, size)
    assert 0 < len(f._constants._seen) <= 10


@pytest.fixture(scope="module", params=[1, 2, 3])
def thermal_energy(request):
    s = solve(SpinCharger(request.param, N), thermal(charger_population=p_1))
    return {name: s.function("energy", name) for name in ("numpy", "mpmath", "math")}


def test_tables_are_what_is_computed_point_by_point(thermal_energy):
    every = thermal_energy["numpy"].sums.values()
    made = max((each.term._constants for each in every), key=lambda c: len(c.symbols))
    given = {"N": 17.0, "g": 0.7, "omega_0": 1.3, "p_1": 0.3}
    own = [given[s.name] for s in made.symbols if s.name in given]
    least = 3 if len(made.definitions) > 6 else 1
    pairs = [(k, c) for k in range(9) for c in range(least, 18 - 2 * k)] * 2
    rows = np.array([[*own, *pair] for pair in pairs])
    assert len(set(pairs)) > constants._FEW
    table = np.array(made.arrays(list(rows.T))).T
    for row, values in zip(rows.tolist(), table.tolist(), strict=True):
        assert tuple(values) == made._rounded(tuple(row))


@pytest.mark.parametrize("time", ["0", "1e-9", "1.7"])
def test_sums_in_balls_are_those_of_their_terms(thermal_energy, time, monkeypatch):
    f, at = thermal_energy["mpmath"], {"chargers": 7, "charger_population": 0.3}
    with mpmath.workdps(40):
        fast = f(mpmath.mpf(time), **at)
        monkeypatch.setattr(constants.Constants, "balls", lambda *_: None)
        slow = f(mpmath.mpf(time), **at)
        assert abs(fast - slow) <= abs(slow) * mpmath.mpf(10) ** -38
    assert (fast == 0) == (time == "0")


def test_sums_over_arrays_are_as_accurate_as_one_by_one(thermal_energy):
    times, sizes = np.array([1e-9, 0.2, 1.7]), np.array([[3], [24]])
    values = thermal_energy["numpy"](times, chargers=sizes, charger_population=0.3)
    for size, row in zip(sizes.ravel().tolist(), values, strict=True):
        for time, value in zip(times.tolist(), row.tolist(), strict=True):
            at = {"chargers": size, "charger_population": 0.3}
            assert value == pytest.approx(thermal_energy["math"](time, **at), rel=3e-15, abs=0)
            with mpmath.workdps(30):
                assert value == pytest.approx(
                    float(thermal_energy["mpmath"](time, **at)), rel=3e-15
                )
