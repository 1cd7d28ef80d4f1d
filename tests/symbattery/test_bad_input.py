"""One clear error that names the argument, before any work starts: the symbolic side."""

import re
from decimal import Decimal
from itertools import count, repeat
from time import perf_counter

import mpmath
import numpy as np
import pytest
from sympy import I, Integer, Integral, Pow, Rational, Sum, Symbol, nan, oo, true

import numerics
import symbattery
from symbattery import (
    SpinCharger,
    aslatex,
    charger_limit,
    dicke,
    macros,
    many_chargers,
    product,
    short_times,
    solve,
    thermal_charger,
    to_json,
    two_cells,
)  # fmt: skip
from symbattery.output.latex.tables import Table
from symbattery.symbols import M, N, m, n, omega_0, p_1, t, xi

real = Symbol("x", real=True)
bare = Symbol("y")
loose = Symbol("s")
DOUBLES = ("math", "numpy", "numexpr")
NAN, INFINITE = float("nan"), float("inf")
PAIR, THREE, MANY = SpinCharger(2, 2), SpinCharger(3, 3), SpinCharger(2, N)
HOT = symbattery.thermal(charger_population=p_1)
WARM = symbattery.thermal(charger_inverse_temperature=1)


def energy(*arguments, build=two_cells, backend="numpy", **named):
    """A value of the emitted function."""
    return build().function("energy", backend)(*arguments, **named)


def emitted(name="energy", build=two_cells, **given):
    return build().function(name, **given)


HUGE = 10**5000
TOWER = Pow(Integer(10), Pow(Integer(10), 10, evaluate=False), evaluate=False)
TINY = Pow(TOWER, -1, evaluate=False)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: solve(SpinCharger(10**7, N)), "`cells` must be smaller.* levels would take some"),
        (lambda: solve(SpinCharger(200, 200)), "`cells` must be .* 4 hours; ten minutes"),
        (lambda: solve(symbattery.CavityCharger(10**5)), "`cells` must be smaller .* years"),
        (lambda: solve(SpinCharger(40, N, charger_crosstalk=p_1)), "`cells` must be smaller"),
        (lambda: thermal_charger(chargers=2000, thermal=2000), "`initial` must.* one sum"),
        (lambda: solve(SpinCharger(60, 60), HOT), "`cells` must .* 961 starts would take some"),
        (lambda: two_cells().verify(points=10**9), "`points` must be fewer: .* hours, of which"),
        (lambda: two_cells().verify(digits=10**5), "`digits` must be at most 4000"),
        (lambda: two_cells(HUGE), "`chargers` must be .* of at most a hundred digits"),
        (lambda: solve(SpinCharger(HUGE, 2)), "`cells` must be .* of at most a hundred digits"),
        (lambda: solve(MANY, dicke(0, HUGE)), "`excited_chargers` must be .* of at most a hundred"),
        (lambda: solve(SpinCharger(2, 3, coupling=Rational(1, HUGE))), "`coupling` must have numb"),
        (lambda: numerics.charge(SpinCharger(10**400, 3)), "`cells` must be .* a hundred digits"),
        (lambda: solve(SpinCharger(3, 3)).maximum("window", until=1, digits=HUGE), "`digits` must"),
        (lambda: macros({"A": 1.5}, 10**30), "`places` must be at most 4000"),
        (lambda: two_cells(4).verify(15, 10**400), "`points` must be .* a hundred digits"),
        (lambda: energy(0.5, chargers=HUGE), "`chargers` must be below .* too long to be shown"),
        (lambda: energy(0.5, chargers=HUGE, backend="math"), "`chargers` must be a finite"),
        (lambda: thermal_charger(chargers=10**30, thermal=10**30), "`initial` must .* years"),
        (lambda: solve(SpinCharger(2, 10**30), HOT), "`initial` must be smaller"),
        (lambda: energy(TOWER, 2, backend="mpmath"), "`time` must have powers of at most"),
        (lambda: energy(mpmath.mpf("1e100000000"), 2, backend="mpmath"), "`time` .* moderate size"),
        (lambda: solve(SpinCharger(2, 3, charger_crosstalk=TINY)), "`charger_crosstalk` must have"),
        (lambda: aslatex(N * TOWER), "`obj` must have powers of at most"),
        (lambda: macros({"A": Decimal("1e-100000000")}), "`value` must be .* of moderate size"),
        (lambda: symbattery.mixture(repeat((0, dicke(0, 1)))), "`parts` must have at most"),
        (lambda: product(repeat(0), [1]), "`cell_populations` must have at most"),
        (lambda: to_json(two_cells(), None, repeat(1)), "`comparisons` must have at most"),
    ],
)  # fmt: skip
def test_what_would_take_hours_is_refused_with_the_estimate(act, message):
    began = perf_counter()
    with pytest.raises(ValueError, match=message):
        act()
    assert perf_counter() - began < 10


@pytest.mark.parametrize("chargers", [3000, 10**30])
def test_one_hot_spin_of_very_many_is_no_large_mixture(chargers):
    s = thermal_charger(chargers=chargers, thermal=1)
    assert len(s.branches) == 3
    # Rates of so many spins are never factored.
    assert s.maximum().value.free_symbols == {omega_0, p_1}


@pytest.mark.parametrize("field", ["anisotropy", "charger_frequency"])
def test_no_number_is_too_long_for_a_closed_form(field):
    assert solve(SpinCharger(1, 3, **{field: 1e-40})).form == "radicals" or field == "anisotropy"
    s = solve(SpinCharger(1 if field == "anisotropy" else 2, 3, **{field: 5e-324}))
    assert s.form == "roots"


# what is called with a bad value, the argument that is named, the bad values
BAD = [
    (symbattery.single_cell, "chargers", [0, -1, 2.0, "3", None, True, bare, real]),
    (lambda v: symbattery.single_cell(4, excited_chargers=v), "excited_chargers",
     [0, 5, 1.5, bare]),
    (lambda v: symbattery.single_cell(N, excited_chargers=v), "excited_chargers", [N + 1]),
    (lambda v: symbattery.single_cell(1, anisotropy=v), "anisotropy", ["x", INFINITE, NAN, I]),
    (two_cells, "chargers", [0, nan, oo]),
    (lambda v: two_cells(4, excited_chargers=v), "excited_chargers", [7, "all"]),
    (lambda v: thermal_charger(cells=v), "cells", [0, 3, N]),
    (lambda v: thermal_charger(chargers=v, thermal=v), "chargers", [bare]),
    (lambda v: thermal_charger(chargers=N, thermal=v), "thermal", [N + 1]),
    (lambda v: thermal_charger(chargers=v), "chargers", [0]),
    (lambda v: thermal_charger(thermal=v), "thermal", [0, 3]),
    (lambda v: thermal_charger(population=v), "population", [1.2, -p_1 - 1, nan, None, t]),
    (solve, "model", ["two cells", None]),
    (lambda v: solve(SpinCharger(v, 2)), "cells", [bare, Symbol("M", integer=True)]),
    (lambda v: solve(SpinCharger(2, v)), "chargers", [bare]),
    (lambda v: solve(SpinCharger(2, 2, coupling=v)), "coupling", [real, xi]),
    (lambda v: solve(SpinCharger(2, 2, frequency=v)), "frequency", [bare]),
    (lambda v: solve(SpinCharger(1, N, charger_frequency=v)), "charger_frequency",
     [Symbol("Omega", positive=True)]),
    (lambda v: solve(PAIR, v), "initial", ["up", symbattery.fock(2)]),
    (lambda v: solve(symbattery.CavityCharger(2), v), "initial", [dicke(0, 2)]),
    (lambda v: solve(symbattery.CavityCharger(2), symbattery.fock(v)), "photons", [bare]),
    (lambda v: solve(PAIR, v), "initial.excited_cells", [dicke(3, 2), dicke(N, 2)]),
    (lambda v: solve(PAIR, v), "cell_populations", [product([0], [1, 1])]),
    (lambda v: solve(MANY, product([0, 0], v)), "chargers", [[1, 1]]),
    (lambda v: solve(MANY, product([0, 0], v)), "charger_populations", [[(1, m), (0, N)]]),
    (lambda v: solve(MANY, product([0, 0], [(1, v), (0, N - v)])), "spins", [loose]),
    (short_times, "model", ["two cells", None]),
    (lambda v: short_times(SpinCharger(v, 2)), "cells", [bare, Symbol("M", integer=True)]),
    (lambda v: short_times(symbattery.CavityCharger(v)), "cells", [bare]),
    (lambda v: short_times(SpinCharger(M, v)), "chargers", [bare]),
    (lambda v: short_times(SpinCharger(M, N, coupling=v)), "coupling", [bare]),
    (lambda v: short_times(SpinCharger(M, N, frequency=v)), "frequency", [bare]),
    (lambda v: short_times(SpinCharger(M, N), v), "excited_chargers", [dicke(0, bare)]),
    (lambda v: short_times(SpinCharger(M, N), v), "initial.excited_cells", [dicke(n, 2)]),
    (lambda v: short_times(MANY, v), "initial.excited_cells", [dicke(3, 2)]),
    (lambda v: short_times(SpinCharger(M, N), v), "initial", [symbattery.fock(2)]),
    (lambda v: short_times(symbattery.CavityCharger(M), symbattery.fock(v)), "photons", [bare]),
    (lambda v: short_times(PAIR, order=v), "order",
     [7, 1, 0, -2, 62, 10**9, 4.0, "8", None, True, n, oo, nan]),
    (emitted, "name", ["energie"]),
    (lambda v: emitted(v, thermal_charger), "name", ["c0"]),
    (lambda v: emitted(backend=v), "backend", ["torch", None]),
    (lambda v: emitted(spins=v), "parameter", [3]),
    (lambda v: energy(1, chargers=v, build=lambda: solve(SpinCharger(1, N), dicke(1, N))),
     "parameter", [3]),
    (emitted, "name", [["energy"], {}, None]),
    (lambda v: two_cells().latex(v), "name", [["energy"], {}]),
    (lambda v: two_cells().source(v), "name", [["energy"], {}]),
    *((lambda v, b=b: energy(v, 3, backend=b), "time", [1e308, 10**308]) for b in DOUBLES),
    *((lambda v, b=b: energy(1, 3, frequency=v, backend=b), "time", [1e308]) for b in DOUBLES),
    (lambda v: two_cells().to_tex("x.tex", columns=v), "columns",
     [np.array([]), np.array([1, 2]), N > 2, 1.0, True, 3]),
    (lambda v: two_cells().to_tex("x.tex", v), "document", [N > 2, np.array([1, 2]), [], ""]),
    (lambda v: two_cells().to_tex(v), "path", ["", "x/"]),
    (lambda v: aslatex(N + 1, names=v), "names", [{"zeta": "x"}, np.ma.array([1], mask=[1])]),
    (lambda v: Table({v: [1]}), "columns", [1, None, ("a",)]),
    (lambda v: Table({"a": v}), "columns['a']", [1, None, "abc", count()]),
    (lambda v: aslatex(Table({"a": [v]})), "value",
     [Sum(N, (N, 1, oo)), Integral(1 / m, (m, 1, oo))]),
    (lambda v: emitted(chargers=v), "chargers", [NAN, "4"]),
    (lambda v: energy(v, 2), "time", [NAN, [0, INFINITE], 1j, "1", None, m]),
    (lambda v: energy(v, 2, backend="mpmath"), "time", [NAN, "1", 1j, m]),
    (lambda v: energy(v, 3), "time", [[[1], [1, 2]]]),
    (lambda v: energy(v, [4, 5]), "time", [[1.0, 2.0, 3.0]]),
    (energy, "chargers", [1.0]),
    (lambda v: energy(1.0, v), "chargers", [2.5, -3]),
    (lambda v: energy(1, v, backend="mpmath"), "chargers", [None]),
    (lambda v: emitted(chargers=4)(1.0, chargers=v), "chargers", [5]),
    (lambda v: energy(1.0, 2, chargers=v), "chargers", [5]),
    (lambda v: energy(1.0, 2, v), "coupling", [1j, INFINITE]),
    (lambda v: energy(1.0, 3, frequency=v), "frequency", [-1]),
    (lambda v: energy(1.0, 2, 3, 4, v), "energy", [5]),
    (lambda v: energy(1.0, build=thermal_charger, population=v), "population", [2]),
    (lambda v: emitted(build=lambda: two_cells(excited_chargers=m))(1.0, 4, excited_chargers=v),
     "excited_chargers", [7]),
    (lambda v: two_cells().to_tex(v), "path", [None]),
    (lambda v: two_cells().verify(seed=v), "seed", [-1]),
    (lambda v: solve(THREE).maximum(v), "kind", ["largest", 3]),
    (lambda v: solve(THREE).maximum(v), "until", ["window"]),
    (lambda v: solve(THREE).maximum(until=v), "until", [3]),
    (lambda v: solve(THREE).maximum("window", until=v), "until", [-1, "three"]),
    (lambda v: solve(THREE).maximum("first peak", digits=v), "digits", [0]),
    (lambda v: solve(PAIR).maximum(quantity=v), "quantity", ["exergy", "purity", 3, None]),
    (lambda v: solve(PAIR).max_power(v), "quantity", ["capacity", "exergy", 3]),
    (lambda v: solve(PAIR).maximum(v, quantity="ergotropy"), "kind", ["largest", 3]),
    (lambda v: solve(PAIR).maximum(v, quantity="ergotropy"), "until", ["window"]),
    (lambda v: solve(PAIR).maximum(until=v, quantity="ergotropy"), "until", [3]),
    (lambda v: solve(PAIR).maximum("window", until=v, quantity="ergotropy"), "until", [-1, "x"]),
    (lambda v: solve(PAIR).maximum(digits=v, quantity="ergotropy"), "digits", [0]),
    (lambda v: solve(PAIR).maximum(quantity="ergotropy", sense=v), "sense", ["best", 3]),
    (lambda v: solve(PAIR).max_power("ergotropy", cells=v), "cells", [0, 3, "all"]),
    (lambda v: solve(PAIR).maximum(quantity="ergotropy", order=v), "order", [2]),
    (lambda v: solve(PAIR).maximum(quantity="energy", sense=v), "sense", ["local"]),
    (lambda v: solve(PAIR).max_power("ergotropy(sense=local)", sense=v), "sense", ["local"]),
]  # fmt: skip
UNSOLVED = [
    (lambda v: thermal_charger(chargers=v, thermal=m), "thermal", [N, 3]),
    (lambda v: solve(MANY, v), "chargers",
     [symbattery.thermal(cell_population=p_1, charger_population=p_1),
      product([1, 0], [(p_1, N)])]),
    (lambda v: solve(MANY, product([0, 0], v)), "charger_populations", [[(1, m), (p_1, N - m)]]),
    (lambda v: solve(MANY, product(v, [(p_1, N)])), "cell_populations", [[(0, m), (1, 2 - m)]]),
    (lambda v: short_times(symbattery.CavityCharger(2), v), "initial", [WARM]),
    (lambda v: short_times(MANY, v), "chargers", [HOT]),
    (lambda v: short_times(SpinCharger(M, 2), symbattery.thermal(cell_population=v)), "cells",
     [p_1]),
]  # fmt: skip


def each(table):
    return [(act, named, value) for act, named, values in table for value in values]


@pytest.mark.parametrize(("act", "named", "value"), each(BAD))
def test_error_names_the_argument(act, named, value):
    with pytest.raises(
        symbattery.InvalidArgument, match=rf"`{re.escape(named)}` must (?s:.*)(but|given)"
    ):
        act(value)


@pytest.mark.parametrize(("act", "named", "value"), each(UNSOLVED))
def test_what_is_not_derived_names_the_argument(act, named, value):
    with pytest.raises(symbattery.UnsolvedError, match=f"`{named}` must"):
        act(value)


@pytest.mark.parametrize("act", [many_chargers, charger_limit, to_json])
def test_what_is_no_solution_is_refused(act):
    for wrong in (4, SpinCharger(3, 4), None):
        with pytest.raises(
            symbattery.InvalidArgument, match="must be a solution, such as two_cells"
        ):
            act(wrong)


def test_a_message_is_short_whatever_it_shows():
    class Broken:
        def __repr__(self):
            raise RuntimeError

    for wrong in ("9" * 10**5, Broken(), 10**1000):
        with pytest.raises(symbattery.InvalidArgument, match="`until` must") as caught:
            two_cells(4).maximum("window", until=wrong)
        assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "act",
    [
        lambda: solve(SpinCharger(2, 3, coupling=Symbol("", positive=True))),
        lambda: macros({"A": true}),
        lambda: symbattery.mixture(np.array(3)),
        lambda: symbattery.product(np.array(3), [1]),
        lambda: to_json(two_cells(), None, [3]),
        lambda: to_json(two_cells(), 3),
    ],
)
def test_odd_objects_are_refused(act):
    with pytest.raises(symbattery.InvalidArgument, match="must"):
        act()
