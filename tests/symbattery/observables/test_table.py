"""Observables: the variance and the populations in every form, and a row from outside."""

import math
from dataclasses import dataclass
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from sympy import Abs, I, S, cos, sin, sqrt

import numerics
import symbattery
from numerics.model.options import SENSE
from symbattery import SpinCharger, dicke, single_cell, solve, thermal, thermal_charger, two_cells
from symbattery.observables import table
from symbattery.observables.level_means import ClosedLevels
from symbattery.observables.quantities import quantities
from symbattery.observables.table import Observable, described
from symbattery.symbols import N, g, g_1, gamma, omega_0, omega_C, p_1, t

MIXED = [(p_1, dicke(0, 2)), (1 - p_1, dicke(2, 1))]
# solution, parameters (dyadic), whether the variance vanishes at t = 0
CASES = {
    "one cell": (single_cell, {"chargers": 9}, True),
    "one cell, gamma":
        (lambda: solve(SpinCharger(1, 3, anisotropy=gamma, charger_frequency=omega_C)),
         {"anisotropy": 0.5, "charger_frequency": 1.25}, True),
    "two cells": (two_cells, {"chargers": 9}, True),
    "two cells, detuned": (lambda: solve(SpinCharger(2, N, charger_crosstalk=g_1)),
                           {"chargers": 9, "charger_crosstalk": 0.125}, True),
    "from the middle": (lambda: solve(SpinCharger(3, 5), dicke(1, 3)), {}, True),
    "four cells": (lambda: solve(SpinCharger(4, N)), {"chargers": 9}, True),
    "thermal charger": (thermal_charger, {"population": 0.375}, True),
    "sum": (lambda: solve(SpinCharger(2, N), thermal(charger_population=p_1)),
            {"chargers": 5, "charger_population": 0.375}, True),
    "thermal cells": (lambda: solve(SpinCharger(2, 3), thermal(cell_population=p_1)),
                      {"cell_population": 0.25}, False),
    "flipped cell":
        (lambda: solve(SpinCharger(2, 4), symbattery.product([1, 0], [1] * 4)), {}, True),
    "different numbers": (lambda: solve(SpinCharger(2, 2), symbattery.mixture(MIXED)),
                          {"weight": 0.25}, False),
}  # fmt: skip


@pytest.fixture(params=CASES, scope="module")
def case(request):
    build, parameters, empty = CASES[request.param]
    return build(), parameters, empty


def test_populations_sum_to_one_and_give_the_energy(case):
    s, parameters, _ = case
    f = {k: s.function(f"p{k}", "mpmath", **parameters) for k in s.populations}
    energy, variance = (s.function(n, "mpmath", **parameters) for n in ("energy", "variance"))
    with mpmath.workdps(40):
        for time in (Fraction(1, 3), Fraction(17, 4)):
            now, start = ({k: p(at) for k, p in f.items()} for at in (time, 0))
            mean = sum(k * p for k, p in now.items())
            assert abs(sum(now.values()) - 1) < 1e-37
            assert all(-1e-37 < p < 1 + 1e-37 for p in now.values())
            assert abs(energy(time) - mean + sum(k * p for k, p in start.items())) < 1e-36
            squared = sum(k**2 * p for k, p in now.items())
            assert abs(variance(time) - squared + mean**2) < 1e-35


def test_variance_of_small_times_to_thirteen_digits(case):
    s, parameters, empty = case
    f, exact = (s.function("energy_variance", b, **parameters) for b in ("numpy", "mpmath"))
    times = np.geomspace(1e-12, 1e-2, 25)
    values = f(times)
    assert (f(0.0) == 0) == empty
    with mpmath.workdps(60):
        for time, value in zip(times, values, strict=True):
            assert abs(mpmath.mpf(float(value)) / exact(Fraction(time)) - 1) < 1e-13


@pytest.mark.parametrize("backend", ["math", "numexpr", "jax"], indirect=True)
def test_variance_with_every_backend(case, backend):
    s, parameters, _ = case
    f, other = (s.function("variance", b, **parameters) for b in (backend, "numpy"))
    for time in (1e-9, 0.75):
        assert float(f(time)) == pytest.approx(float(other(time)), rel=1e-12)


CROSSTALK = {"charger_crosstalk": Fraction(1, 4)}


@pytest.mark.parametrize(
    "model", [SpinCharger(3, 4), symbattery.CavityCharger(2), SpinCharger(2, 3, **CROSSTALK)]
)
def test_variance_and_populations_of_the_numerical_engine(model):
    s, judge, times = solve(model), numerics.charge(model), np.linspace(0, 5, 7)
    assert s.function("variance")(times) == pytest.approx(judge.energy_variance(times), abs=1e-11)
    found = np.stack([s.function(f"p{k}")(times) for k in s.populations], axis=-1)
    assert found == pytest.approx(judge.populations(times), abs=1e-12)


def test_variance_of_one_cell_as_an_author_writes_it():
    s, phase = single_cell(), sqrt(N) * g * t
    assert s.variance == s.energy_variance == omega_0**2 * sin(phase) ** 2 * cos(phase) ** 2
    assert s.populations == {0: cos(phase) ** 2, 1: sin(phase) ** 2}
    assert {"energy", "power", "energy_variance", "variance", "populations"} <= set(dir(s))


def test_populations_of_pure_starts_are_squared_amplitudes():
    s = two_cells()
    assert all((Abs(c) ** 2 - s.populations[k]).simplify() == 0 for k, c in s.amplitudes.items())
    dark = solve(SpinCharger(2, 3), dicke(0, 0))
    assert (dark.variance, dark.populations) == (0, {0: S.One})


def test_pair_terms_that_reach_a_number_twice_add_up():
    s = solve(SpinCharger(1, 2, anisotropy=gamma))
    assert set(s.populations) == {0, 1}
    assert list(quantities(s))[-3:] == ["c(0, 2)", "c(1, 1)", "c(0, 0)"] or len(s.amplitudes) == 3
    assert s.verify(digits=30, points=1).digits == 30


def test_quantities_are_listed_in_order_and_derived_when_asked_for():
    every = quantities(two_cells())
    assert list(every)[:3] == ["energy", "power", "energy_variance"]
    assert list(every)[-6:] == ["p0", "p1", "p2", "c0", "c1", "c2"]
    assert len(every) == len(list(every)) > 40
    assert "variance" in every
    assert every["variance"] == every["energy_variance"]
    assert "c0" not in quantities(thermal_charger())
    with pytest.raises(AttributeError, match="no attribute 'entropies'"):
        _ = two_cells().entropies


@pytest.mark.parametrize(
    ("name", "symbol", "latex"),
    [
        ("energy", "E(t)", "E(t)"),
        ("variance", "Var E(t)", r"\operatorname{Var} H_{B}(t)"),
        ("p10", "p10(t)", "p_{10}(t)"),
        ("c(0, 1)", "c(0, 1)(t)", "c_{0,1}(t)"),
    ],
)
def test_descriptions(name, symbol, latex):
    assert (described(name).symbol, described(name).latex) == (symbol, latex)


def test_docstring_of_the_variance():
    text = two_cells().function("variance").__doc__
    assert text.startswith("The variance of the stored energy, in the squared unit")
    assert "Var E(t) = " in text
    assert "Source: derived; the variance of H_B, from the populations." in text


# -- a row from outside ---------------------------------------------------------------------------


def entropy(battery):
    """1 - Σp², exact in every kind of number."""
    values = list(battery.populations.values())
    return 2 * sum(p * q for i, p in enumerate(values) for q in values[:i])


@pytest.fixture
def rows():
    linear = Observable(
        "squares", "K2(t)", r"\langle K^{2} \rangle(t)", "The gain of the mean square",
        "without a unit", weight=lambda k: k**2, order=0,
    )  # fmt: skip
    other = Observable(
        "linear_entropy", "S(t)", "S_{L}(t)", "The linear entropy", "without a unit",
        function=entropy, order=0, aliases=("impurity",),
    )  # fmt: skip
    yield [table.register(linear), table.register(other)]
    for row in (linear, other):
        table.OBSERVABLES.pop(row.name)


@pytest.mark.parametrize("build", [two_cells, thermal_charger, lambda: solve(SpinCharger(3, 3))])
def test_rows_from_outside_go_the_whole_way(rows, build):
    s = build()
    values = {"chargers": 4} if "chargers" in s.parameters else {}
    values |= {"population": 0.25} if "population" in s.parameters else {}
    p = [s.function(f"p{k}", **values)(0.7) for k in s.populations]
    assert s.function("impurity", **values)(0.7) == pytest.approx(1 - math.fsum(v * v for v in p))
    squares = s.function("squares", **values)
    assert squares(0.7) == pytest.approx(
        sum(k**2 * v for k, v in zip(s.populations, p, strict=True))
    )
    assert squares.__doc__.startswith("The gain of the mean square, without a unit")
    assert s.verify(digits=30, points=2, names=[row.name for row in rows]).digits == 30
    for row in rows:
        assert r"\sin" in s.latex(row.name)
        assert row.name in s.source(row.name, "python")
        assert symbattery.from_json(symbattery.to_json(s, names=[row.name])).quantities[
            row.name
        ] == getattr(s, row.name)


def test_wrong_rows_are_seen(rows, monkeypatch):
    s = two_cells(3)
    wrong = [cos(g * t) ** 2, sin(g * t) ** 2, S.Zero]
    monkeypatch.setattr(ClosedLevels, "populations", lambda *_: wrong)
    assert s.verify(digits=20, points=2).digits < 5


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("energy", {"weight": abs}, "`name` must be one that nothing else has"),
        ("variance", {"weight": abs}, "`name` must be one that nothing else has"),
        *(
            (name, {"weight": abs}, "`name` must be one that nothing else has")
            for name in ("populations", "model", "initial", "branches", "latex", "source")
        ),
        *(
            (name, {"weight": abs}, "`name` must be one that nothing else has")
            for name in ("verify", "maximum", "quantity", "steady", "best_area", "coupling")
        ),
        ("E", {"weight": abs}, "`name` must be a lower-case word"),
        (None, {"weight": abs}, "`name` must be a lower-case word"),
        ("lambda", {"weight": abs}, "`name` must be no word of Python"),
        ("toy", {"weight": abs, "order": "1"}, "`order` must be an integer"),
        ("toy", {"weight": abs, "options": (SENSE,)}, "`options` must be left out"),
        ("nothing", {}, "`weight` or `function` must be given"),
        ("both", {"weight": abs, "function": len}, "`weight` or `function` must be given"),
    ],
)
def test_bad_rows(name, given, message):
    with pytest.raises(symbattery.InvalidArgument, match=message):
        table.register(Observable(name, "", "", "", "", **given))
    assert name == "energy" or name not in table.OBSERVABLES


def test_a_row_that_hides_a_method_is_seen_when_its_class_is_loaded(rows):
    @dataclass
    class Late:
        impurity: float

    with pytest.raises(symbattery.InvalidArgument, match="'impurity'"):
        table.reserved(Late)


@pytest.mark.parametrize("weight", [lambda k: I * k, lambda k: None, lambda k: "1", lambda k: p_1])
def test_weights_are_finite_real_numbers(weight):
    row = Observable("odd", "", "", "", "", weight=weight)
    with pytest.raises(symbattery.InvalidArgument, match="`weight` must give a finite real number"):
        row.weighed(2)


@pytest.mark.parametrize(
    "weight", [lambda k: sqrt(k), lambda k: k == 1, lambda k: 10**20 * k**2, lambda k: S(k) / 3]
)
def test_rows_of_any_weight_are_verified_and_have_maxima(weight):
    row = table.register(Observable("any_weight", "", "w(t)", "", "", weight=weight, order=0))
    try:
        s = solve(SpinCharger(2, 3))
        done = s.verify(digits=25, points=2, names=["any_weight"])
        assert done.digits >= 24
        if all(row.weighed(k).is_Rational for k in range(3)):
            assert s.maximum("supremum", quantity="any_weight").value >= 0
            assert s.maximum("first peak", quantity="any_weight").value > 0
    finally:
        table.OBSERVABLES.pop("any_weight")


@pytest.mark.parametrize(("name", "language"), [("double", "c"), ("sin", "c"), ("end", "julia")])
def test_words_of_a_language_are_no_names_of_its_functions(name, language):
    row = Observable(name, "", "w(t)", "", "", weight=lambda k: k, order=0)
    table.register(row)
    try:
        assert f"{name}_(" in two_cells(2).source(name, language=language)
    finally:
        table.OBSERVABLES.pop(name)
