"""Times and parameters as arrays: any shapes that broadcast, in pieces, and very many sets."""

from dataclasses import replace

import mpmath
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from sympy import Integer, Rational, Symbol, cos, sqrt

from symbattery import SpinCharger, solve, thermal, two_cells
from symbattery.observables import backends, constants
from symbattery.observables.constants import Constants
from symbattery.observables.double_double import DoubleDouble, NotAlgebraic, can_evaluate, evaluated
from symbattery.symbols import N, m, p_1

omega_C = Symbol("omega_C", positive=True)
SINGLE = two_cells().function("energy", "math")
SHAPES = mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=4, min_side=0)


def usable(backend):
    package = pytest.importorskip(backend, reason=f"the extra {backend} is not installed")
    if backend == "jax":
        package.config.update("jax_enable_x64", True)


@pytest.fixture(params=["numpy", "numexpr", "jax"])
def backend(request):
    usable(request.param)
    return request.param


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
    monkeypatch.setattr(backends, "_BLOCK", 10**9)
    at_once = f(times, sizes), f(times, 4), f(times, 4)
    for ours, theirs in zip(in_pieces, at_once, strict=True):
        assert np.array_equal(ours, theirs)


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
def test_two_doubles_round_as_256_bits_do(name):
    of = CASES[name]().function("energy")._constants
    points = sets(name, 300)
    with np.errstate(over="ignore"):
        many, one_by_one = of.arrays(points), replace(of)._one_by_one(np.stack(points, axis=-1))
    assert np.array_equal(np.stack(many, axis=-1), one_by_one)
    _, certain = of._in_double_doubles(np.stack(points, axis=-1))
    assert certain.mean() > 0.9
    # The extremes are left to mpmath, and must be.
    assert name == "detuned" or not certain.all()


def test_very_many_sets_take_no_mpmath(monkeypatch):
    def slow(self, point):
        raise AssertionError("one by one")

    f = two_cells().function("energy")
    random = np.random.default_rng(3)
    sizes, g = random.integers(2, 10**6, 20000), random.uniform(0.5, 2, 20000)
    monkeypatch.setattr(Constants, "doubles", slow)
    values = f(0.01, sizes, g)
    monkeypatch.undo()
    for i in range(0, 20000, 4001):
        assert values[i] == pytest.approx(f(0.01, int(sizes[i]), g[i]), rel=1e-14)


def test_what_has_no_two_doubles_goes_to_mpmath():
    f = solve(SpinCharger(5, N)).function("energy")
    assert not f._constants._has_double_doubles
    sizes = np.repeat(np.arange(5, 45), 3)
    values = f(0.25, sizes)
    assert values[60] == f(0.25, 25)
    with pytest.raises(NotAlgebraic, match="cos"):
        evaluated(cos(N), {N: DoubleDouble.exactly(2.0)})
    assert not can_evaluate({m: cos(N)})
    assert not can_evaluate({m: N + Integer(10) ** 400})


def test_remembered_sets_do_not_pile_up(monkeypatch):
    monkeypatch.setattr(constants, "_MOST_SEEN", 10)
    f = two_cells().function("energy")
    for size in range(1, 30):
        f(0.5, size)
    assert 0 < len(f._constants._seen) <= 10


@pytest.mark.parametrize("high", [3.0, -0.7, 1e-8])
def test_the_bounds_of_two_doubles_follow_their_operands(high):
    """Every number within the bound of an operand must stay within that of the result."""
    one, error = np.float64(1.0), np.float64(abs(high) * 1e-9)
    off = DoubleDouble(np.float64(high), np.float64(0.0), error)
    sure = DoubleDouble.exactly(one)
    with mpmath.workdps(60):
        for sign in (-1, 1):
            x = mpmath.mpf(high) + sign * mpmath.mpf(float(error))
            results = [
                (off + sure, x + 1), (sure + off, 1 + x), (off * off, x * x), (off**3, x**3),
                (off * sure, x), (sure * off, x), (off.inverse(), 1 / x),
                ((off * off).sqrt(), abs(x)),
            ]  # fmt: skip
            for found, exact in results:
                deviation = mpmath.mpf(float(found.high)) + mpmath.mpf(float(found.low)) - exact
                assert abs(deviation) <= float(found.error)
                nearest, certain = found.rounded()
                assert float(nearest) == float(exact) or not certain


@settings(max_examples=60, deadline=None, derandomize=True)
@example(a=1.5e-301, b=0.7e-295, c=3.3e-300)
@example(a=1.1e-292, b=7.7e-293, c=1.1e-305)
@example(a=5e-324, b=1e-308, c=7e-290)
@given(
    a=st.floats(-1e40, 1e40, allow_subnormal=True),
    b=st.floats(-1e40, 1e40, allow_subnormal=True),
    c=st.floats(0, 1e20, allow_subnormal=True),
)
def test_the_bounds_of_two_doubles_hold(a, b, c):
    x, y, z = (Symbol(name) for name in "xyz")
    expressions = [
        x + y, x * y, x / y, sqrt(z), (x + y) * (x - y), (x * y + z) / 3, z ** Rational(-3, 2),
        (x + 10**20 + 7) ** 3, sqrt(x**2 + z) - x,
    ]  # fmt: skip
    known = {s: DoubleDouble.exactly(v) for s, v in ((x, a), (y, b), (z, c))}
    for expression in expressions:
        value = evaluated(expression, known)
        if not np.isfinite(value.error):
            continue
        with mpmath.workdps(400):
            mp = [mpmath.mpf(v) for v in (a, b, c)]
            exact = _exactly(expression, dict(zip((x, y, z), mp, strict=True)))
            off = mpmath.mpf(float(value.high)) + mpmath.mpf(float(value.low)) - exact
            assert abs(off) <= float(value.error)
            nearest, certain = value.rounded()
            if certain:
                assert float(nearest) == float(exact)


def _exactly(expression, put):
    if expression in put:
        return put[expression]
    if expression.is_Rational:
        return mpmath.mpf(int(expression.p)) / int(expression.q)
    parts = [_exactly(argument, put) for argument in expression.args]
    if expression.is_Add:
        return mpmath.fsum(parts)
    if expression.is_Mul:
        return mpmath.fprod(parts)
    return parts[0] ** parts[1]
