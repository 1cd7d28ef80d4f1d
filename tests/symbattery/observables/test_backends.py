"""Emitted functions with every backend: the same numbers, as accurate as is stated."""

import multiprocessing
import pickle
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from sympy import Symbol, sin

import symbattery
from symbattery import (
    InvalidArgument,
    SpinCharger,
    single_cell,
    solve,
    thermal,
    thermal_charger,
    two_cells,
)  # fmt: skip
from symbattery.model.exact_model import substituted
from symbattery.observables import arithmetic, array_backends, backends, number_backends
from symbattery.symbols import N, g, g_1, g_2, m, omega_0, p_1, t
from tests.systems import taylor
from tests.systems.accuracy import assert_accurate, values_of

omega_C = Symbol("omega_C", positive=True)
n = Symbol("n", integer=True, nonnegative=True)
HOT = thermal(charger_population=p_1)
# Of a polynomial of degree four from its values at 0, 1, 2, 3, 4: its slope at 0.
DERIVATIVE = (Fraction(-25, 12), 4, -3, Fraction(4, 3), Fraction(-1, 4))

# solution, parameters; dyadic, so that every backend sees the same numbers
CASES = {
    "one cell": (lambda: solve(SpinCharger(1, N)), {"chargers": 9}),
    "one cell, detuned": (lambda: solve(SpinCharger(1, N, charger_frequency=omega_C)),
                          {"chargers": 9, "charger_frequency": 1.25}),
    "two cells": (two_cells, {"chargers": 9}),
    "two cells, m": (lambda: two_cells(excited_chargers=m), {"chargers": 9, "excited_chargers": 4}),
    "two cells, crosstalk": (lambda: solve(SpinCharger(2, N, charger_crosstalk=g_1)),
                             {"chargers": 9, "charger_crosstalk": 0.125}),
    "thermal": (thermal_charger, {"population": 0.375}),
    "sum, two cells": (lambda: solve(SpinCharger(2, N), HOT),
                       {"chargers": 6, "charger_population": 0.375}),
    "sum, three cells": (lambda: solve(SpinCharger(3, N), HOT),
                         {"chargers": 5, "charger_population": 0.375}),
    **{f"{M} cells": (lambda M=M: solve(SpinCharger(M, N)), {"chargers": 9}) for M in range(3, 9)},
    "three cells, m": (lambda: solve(SpinCharger(3, N), symbattery.dicke(0, m)),
                       {"chargers": 9, "excited_chargers": 5}),
    "three cells, cavity": (lambda: solve(symbattery.CavityCharger(3), symbattery.fock(n)),
                            {"photons": 9}),
    "nine cells, roots": (lambda: solve(SpinCharger(9, N)), {"chargers": 9}),
}  # fmt: skip


@pytest.fixture(params=CASES)
def case(request):
    build, parameters = CASES[request.param]
    return build(), parameters


def fastest(solution, parameters):
    """A bound on the frequencies, in units of g."""
    put = {solution.parameters[name]: value for name, value in parameters.items()}
    put |= {solution.model.coupling: 1, solution.model.frequency: 1}
    found = [h.subs(put) for chain in solution.sectors for h in chain.hops_squared]
    hops = [float(h) for h in found if not h.free_symbols]
    if solution.sector_sums:
        # Of all charger spins up, which is the largest irrep and the fastest.
        hops.append((solution.model.cells + 1) ** 2 * (parameters["chargers"] + 1) ** 2 / 16)
    return 2 * max(hops) ** 0.5 + 4 * parameters.get("charger_crosstalk", 0) * 9


def test_accuracy_that_is_stated(case, backend):
    solution, parameters = case
    f = solution.function("energy", backend, **parameters)
    exact = solution.function("energy", "mpmath", **parameters)
    random = np.random.default_rng(11)
    early, late = np.geomspace(1e-12, 1e-2, 15), 10 ** random.uniform(-2, 4, 15)
    rate = fastest(solution, parameters)
    assert_accurate(f, exact, early, late, rate, solution.model.cells)


def test_mpmath_to_45_digits_against_an_evolution(case):
    solution, parameters = case
    f = solution.function("energy", "mpmath", **parameters)
    put = {solution.parameters[name]: Fraction(v) for name, v in parameters.items()}
    put |= {solution.model.coupling: 1, solution.model.frequency: 1}
    model, initial = (substituted(part, put) for part in (solution.model, solution.initial))
    with mpmath.workdps(50):
        for time in (Fraction(1, 1024), Fraction(5, 4), Fraction(37, 2)):
            evolved = taylor.energy(model, time, initial, digits=55)
            assert abs(f(time) - evolved) < solution.model.cells * mpmath.mpf(10) ** -45


CANCELLING = {
    "numbers": (solve, SpinCharger(3, 10), symbattery.dicke(1, 2), {}),
    "symbols": (solve, SpinCharger(3, N), symbattery.dicke(1, m),
                {"chargers": 10, "excited_chargers": 2}),
    "five cells": (solve, SpinCharger(5, 13), symbattery.dicke(2, 4), {}),
    "crosstalk": (solve, SpinCharger(3, 10, charger_crosstalk=g_1), symbattery.dicke(1, 2),
                  {"charger_crosstalk": 0.25}),
    "no cancellation": (solve, SpinCharger(3, 11), symbattery.dicke(1, 2), {}),
}  # fmt: skip


@pytest.mark.parametrize("name", CANCELLING)
def test_excited_starts_keep_their_digits_where_the_square_of_time_cancels(name, backend):
    build, model, start, parameters = CANCELLING[name]
    solution = build(model, start)
    f, exact = (solution.function("energy", b, **parameters) for b in (backend, "mpmath"))
    space = {"__name__": "generated"}
    exec(solution.source("energy", "python", **parameters), space)
    for time in (1e-12, 1e-8, 1e-3, 0.125):
        with mpmath.workdps(120):
            right = exact(Fraction(time))
        for value in (exact(time), float(f(time)), space["energy"](time, 1.0, 1.0)):
            assert value == pytest.approx(float(right), rel=2e-14)
    if name == "numbers":
        with mpmath.workdps(120):
            assert float(exact(1e-8)) == pytest.approx(3.6e-30, rel=1e-13)
            evolved = taylor.energy(model, Fraction(1, 8), start, digits=50)
            assert abs(exact(Fraction(1, 8)) - evolved) < 1e-40


def test_power_and_units(case, backend):
    solution, parameters = case
    e, p = (solution.function(name, backend, **parameters) for name in ("energy", "power"))
    assert float(p(0.0)) == 0.0
    if "coupling" in e.arguments and "charger_crosstalk" not in parameters:
        if "charger_frequency" in parameters:
            return
        assert float(e(0.5, coupling=2.0)) == pytest.approx(float(e(1.0)), rel=1e-12)
    assert float(p(0.75)) == pytest.approx(float(e(0.75)) / 0.75, rel=1e-15)


@pytest.mark.parametrize("name", ["two cells", "two cells, crosstalk", "4 cells"])
def test_amplitudes(name, backend):
    """The first one is -igt√(MN) at the start, although detuned chains sum e^(-ixt) to it."""
    build, parameters = CASES[name]
    solution, total, times = build(), 0.0, np.array([0.0, 1e-6, 0.25, 3.5])
    for k in solution.amplitudes:
        f, exact = (solution.function(f"c{k}", b, **parameters) for b in (backend, "mpmath"))
        values = values_of(f, times)
        total += abs(values) ** 2
        for time, value in zip(times, values, strict=True):
            assert abs(complex(value) - complex(exact(Fraction(time)))) < 1e-14
        early = np.geomspace(1e-12, 1e-2, 12) if k == 1 else ()
        with mpmath.workdps(60):
            for time, value in zip(early, values_of(f, early), strict=True):
                right = exact(Fraction(time))
                assert abs(mpmath.mpmathify(complex(value)) - right) <= 2e-14 * abs(right)
    assert total == pytest.approx(1, abs=1e-13)


def test_sums_of_many_small_terms_lose_nothing(backend):
    """Added one by one in double precision, none of them would count."""
    total = backends.backend_named(backend).total([1.0] + [1e-16] * 10**4, ())
    assert float(total) == pytest.approx(1 + 1e-12, rel=3e-16)


def test_argument_order_is_that_of_the_object(backend):
    f = two_cells(excited_chargers=m).function("energy", backend, coupling=0.5)
    assert f.arguments == ("chargers", "frequency", "excited_chargers")
    by_name = f(0.7, excited_chargers=2, chargers=5, frequency=2.0)
    assert float(f(0.7, 5, 2.0, 2)) == float(by_name)


def test_functions_are_pickled_with_what_they_computed(case, backend):
    solution, parameters = case
    f = solution.function("energy", backend, **parameters)
    expected = float(f(1.5))
    again = pickle.loads(pickle.dumps(f))
    assert float(again(1.5)) == expected
    assert again.__doc__ == f.__doc__


def test_functions_cross_into_a_spawned_process():
    names = ["numpy", "mpmath", "math"]
    functions = [two_cells().function("energy", name, chargers=4) for name in names]
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        for f in functions:
            assert pool.apply(f, (0.3,)) == f(0.3)


def test_docstrings_tell_formula_source_parameters_and_units(case):
    solution, parameters = case
    f = solution.function("energy", **parameters)
    energy, text = solution.energy, f.__doc__
    assert f"E(t) = {energy}" in text
    for symbol, value in solution.definitions.items():
        assert not energy.has(symbol) or f"{symbol} = {value}" in text
    for argument in f.arguments:
        assert f"\n{argument} : {f.symbols[argument]}, " in text
    assert "1/g" in text
    assert "in the unit of the frequency" in text
    for name, value in parameters.items():
        assert f"{name} = {value}" in text


def test_docstrings_name_the_equations_of_the_paper():
    assert "Eq. (A6) of Huangfu and Jing" in two_cells().function("energy").__doc__
    assert "Eq. (A5) of Huangfu and Jing" in two_cells().function("c1").__doc__
    assert "with Eq. (8)" in two_cells().function("power").__doc__
    assert "Eq. (17)" in thermal_charger().function("energy").__doc__
    assert "no formula" in solve(SpinCharger(3, N)).function("energy").__doc__
    assert "closed form as a function" in type(two_cells().function("energy")).__doc__


@pytest.mark.parametrize("name", ["jax", "numexpr"])
def test_missing_packages_name_the_extra(name, monkeypatch):
    monkeypatch.setattr(arithmetic, "find_spec", lambda package: None)
    with pytest.raises(InvalidArgument, match=rf"{name} is not: .*symbattery\[{name}\]"):
        two_cells().function("energy", name)


def test_a_backend_is_one_row(monkeypatch):
    class Halves(number_backends.Mpmath):
        name = "halves"

        def finished(self, value, shape):
            return super().finished(value, shape) / 2

    monkeypatch.setitem(backends.BACKENDS, Halves.name, None)
    backends.register(Halves())
    halved, whole = (two_cells(2).function("energy", b)(0.3) for b in ("halves", "mpmath"))
    assert 2 * halved == whole


def test_unknown_backends_are_told_the_known_ones():
    known = "'numpy', 'mpmath', 'math', 'jax', 'torch', 'numexpr'"
    with pytest.raises(InvalidArgument, match=known):
        two_cells().function("energy", "fortran")


WRONG = {"time": [float("nan"), 1j, "1"], "chargers": [2.5, 0], "coupling": [-1.0, float("inf")]}


@pytest.mark.parametrize(("name", "values"), [*WRONG.items(), ("spins", [3])])
def test_bad_input_is_refused_alike(backend, name, values):
    f, named = two_cells().function("energy", backend), {"spins": "parameter"}.get(name, name)
    for value in values:
        with pytest.raises(InvalidArgument, match=f"`{named}` must"):
            f(**({"time": 1.0, "chargers": 4} | {name: value}))


def test_math_takes_numbers_only_and_gives_numbers():
    f = two_cells().function("energy", "math", chargers=4)
    assert type(f(Fraction(1, 3))) is float
    with pytest.raises(InvalidArgument, match="`time` must"):
        f(np.array([0.1, 0.2]))


# Six cells have a cosine and π in their constants.
NAMED = ("pi", "sqrt", "cos", "t", "numpy")


@pytest.mark.parametrize("name", NAMED)
def test_a_symbol_may_be_called_like_anything(name, backend):
    symbol = Symbol(name, positive=True)
    right = solve(SpinCharger(6, 7)).function("energy", "mpmath")(0.3, coupling=0.5)
    solution = solve(SpinCharger(6, 7, coupling=symbol))
    found = solution.function("energy", backend)(0.3, coupling=0.5)
    assert float(found) == pytest.approx(float(right), rel=1e-14)
    assert solution.function("energy", "mpmath")(0.3, coupling=0.5) == right


def test_two_symbols_of_one_name_are_two_arguments(backend):
    other, third = Symbol("g", real=True), Symbol("coupling", real=True)
    solution = solve(SpinCharger(2, 3, charger_crosstalk=other, cell_crosstalk=third + g_2))
    assert dict(solution.parameters) == {
        "coupling": g, "frequency": omega_0, "charger_crosstalk": other,
        "coupling_2": third, "g_2": g_2,
    }  # fmt: skip
    right = solve(SpinCharger(2, 3, charger_crosstalk=0.5, cell_crosstalk=0.75)).function("energy")
    f = solution.function("energy", backend, coupling_2=0.5, g_2=0.25)
    assert float(f(0.3, charger_crosstalk=0.5)) == pytest.approx(right(0.3), rel=1e-13)


def test_a_symbol_goes_by_the_field_where_it_stands_alone():
    solution = solve(SpinCharger(2, 4, coupling=omega_0 / 10))
    assert dict(solution.parameters) == {"frequency": omega_0}
    right = solve(SpinCharger(2, 4, coupling=0.1)).function("energy")
    assert solution.function("energy")(3.0) == pytest.approx(right(3.0), rel=1e-14)
    assert solution.verify(digits=20, points=2).digits == 20


def test_a_battery_that_never_charges_gives_numbers_of_the_backend():
    for name in ("energy", "power", "energy_variance"):
        value = solve(SpinCharger(2, 3), symbattery.dicke(0, 0)).function(name, "mpmath")(1)
        assert isinstance(value, mpmath.mpf)
        assert value == 0


def test_masked_times_and_sizes_beyond_doubles_are_refused(backend):
    f = two_cells().function("energy", backend)
    with pytest.raises(InvalidArgument, match="`chargers` must be"):
        f(0.5, chargers=10**400)
    if backend != "math":
        with pytest.raises(InvalidArgument, match="`time` must be finite real numbers, none of"):
            f(np.ma.array([0.1, 0.2], mask=[0, 1]), chargers=4)


# -- jax ----------------------------------------------------------------------------------------


def test_jax_without_double_precision_is_refused(jax):
    f = two_cells().function("energy", "jax", chargers=4)
    jax.config.update("jax_enable_x64", False)
    try:
        for refused in (lambda: two_cells().function("energy", "jax"), lambda: f(1.0)):
            with pytest.raises(InvalidArgument, match="`jax_enable_x64` must be on"):
                refused()
    finally:
        jax.config.update("jax_enable_x64", True)


@pytest.mark.parametrize("quantity", ["energy", "power"])
def test_jax_gradients_are_the_derivative(jax, case, quantity):
    solution, parameters = case
    f, exact = (solution.function(quantity, b, **parameters) for b in ("jax", "mpmath"))
    energy = solution.function("energy", "mpmath", **parameters)
    times = [*np.geomspace(1e-9, 1e-2, 4), *np.random.default_rng(5).uniform(0.01, 20, 8)]
    slopes = jax.vmap(jax.grad(f))(np.array(times))
    rate = fastest(solution, parameters)
    scale = solution.model.cells * rate * (1 + rate)
    with mpmath.workdps(60):
        for time, slope in zip(times, slopes, strict=True):
            derivative = mpmath.diff(exact, mpmath.mpf(float(time)))
            assert abs(mpmath.mpf(float(slope)) - derivative) < 1e-14 * scale * (1 + rate * time)
        # At t = 0, where a form with a division by t, or with √, has no gradient.
        start = mpmath.diff(energy, mpmath.mpf(0), 2) / 2 if quantity == "power" else 0
        assert abs(float(jax.grad(f)(0.0)) - float(start)) < 1e-12 * scale


def test_jax_traces_parameters_too(jax):
    f = two_cells().function("energy", "jax")
    exact = two_cells().function("energy", "mpmath")
    sizes = np.arange(2.0, 9.0)
    together = jax.jit(jax.vmap(lambda size: f(0.7, size)))(sizes)
    assert together == pytest.approx(two_cells().function("energy")(0.7, sizes), rel=1e-13)
    for argument, at in (("coupling", 1.25), ("frequency", 0.75)):

        def of(value, argument=argument, function=f):
            return function(0.7, 5, **{argument: value})

        with mpmath.workdps(40):
            derivative = mpmath.diff(lambda v, of=of: of(v, function=exact), mpmath.mpf(at))
        assert float(jax.grad(of)(at)) == pytest.approx(float(derivative), rel=1e-12)


def test_jax_gradient_with_respect_to_a_population_of_a_sum(jax):
    build, parameters = CASES["sum, two cells"]
    f, exact = (build().function("energy", b, chargers=6) for b in ("jax", "mpmath"))
    slope = jax.grad(lambda p: f(0.7, charger_population=p))(0.375)
    with mpmath.workdps(40):
        derivative = mpmath.diff(lambda p: exact(0.7, charger_population=p), mpmath.mpf("0.375"))
    assert float(slope) == pytest.approx(float(derivative), rel=1e-12)
    assert parameters["chargers"] == 6


@pytest.mark.parametrize("population", [0.0, 1.0])
@pytest.mark.parametrize("cells", [1, 2, 3])
def test_jax_gradient_at_the_ends_of_a_population(jax, cells, population):
    solution = solve(SpinCharger(cells, N), HOT)
    f, exact = (solution.function("energy", b, chargers=4) for b in ("jax", "mpmath"))
    slope = jax.grad(lambda p: f(0.7, charger_population=p))(population)
    side = 1 - 2 * population
    with mpmath.workdps(40):
        # The energy is a polynomial of degree four in the population.
        grid = [exact(0.7, charger_population=population + side * k / 4) for k in range(5)]
        right = 4 * side * sum(float(w) * e for w, e in zip(DERIVATIVE, grid, strict=True))
    assert float(slope) == pytest.approx(float(right), rel=1e-10)


def test_jax_transforms_the_object_itself(jax):
    f = two_cells(4).function("energy", "jax")
    assert {f: 1}[f] == 1
    for transformed in (jax.jit(f), jax.checkpoint(f), jax.vmap(f)):
        assert float(np.ravel(transformed(np.array([0.7])))[0]) == pytest.approx(float(f(0.7)))


def test_jax_traces_what_roots_do_not_depend_on(jax):
    f, exact = (solve(SpinCharger(9, N)).function("energy", b) for b in ("jax", "mpmath"))
    slope = jax.grad(lambda g: f(0.7, 9, coupling=g))(1.25)
    with mpmath.workdps(40):
        right = mpmath.diff(lambda g: exact(0.7, 9, coupling=g), mpmath.mpf("1.25"))
    assert float(slope) == pytest.approx(float(right), rel=1e-11)


def test_jax_says_what_cannot_be_traced(jax):
    roots = solve(SpinCharger(3, N), form="roots").function("energy", "jax")
    with pytest.raises(InvalidArgument, match="`parameters` must be numbers outside"):
        jax.grad(lambda size: roots(0.7, size))(5.0)
    summed = CASES["sum, two cells"][0]().function("energy", "jax", charger_population=0.25)
    with pytest.raises(InvalidArgument, match="`chargers` must be a number outside"):
        jax.jit(lambda size: summed(0.7, size))(5)


@pytest.mark.parametrize("backend", ["numpy", "math", "numexpr"])
def test_integers_that_doubles_round_are_refused(backend):
    """With N - m + 1 = 2 nothing is left of a rounded difference."""
    energy = single_cell(excited_chargers=m).function("energy", backend)
    with pytest.raises(InvalidArgument, match="`chargers` must be exact in double precision"):
        energy(0.3, chargers=2**53 + 1, excited_chargers=2**53, coupling=1e-8)


def test_numexpr_takes_sums_of_any_length():
    solution = solve(SpinCharger(3, 10), thermal(charger_population="1/2"))
    values = [solution.function("energy", backend)(0.3) for backend in ("numexpr", "numpy")]
    assert values[0] == pytest.approx(values[1], rel=1e-13)


def test_numexpr_evaluates_what_depends_on_time_and_nothing_else(monkeypatch):
    """Otherwise its agreement with NumPy would say nothing."""
    numexpr, made = pytest.importorskip("numexpr"), []
    build = numexpr.NumExpr
    monkeypatch.setattr(numexpr, "NumExpr", lambda *given: made.append(given) or build(*given))
    for expression in (g * sin(t), g**2):
        array_backends.Numexpr().compiled((g, t), expression)
    assert ["sin" in text for text, _ in made] == [True]
