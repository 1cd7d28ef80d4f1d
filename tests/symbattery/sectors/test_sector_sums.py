"""Mixtures over a symbolic number of charger spins, against the same with a number, and others."""

import pickle
from dataclasses import replace

import mpmath
import numpy as np
import pytest
from sympy import Function, Min, Rational, S, Sum, Symbol, binomial, floor, sin, sqrt, srepr

import numerics
import symbattery
from symbattery import SpinCharger, UnsolvedError, dicke, product, solve, thermal, thermal_charger
from symbattery.sectors.charger_ensembles import SectorSum
from symbattery.symbols import N, g, g_1, m, omega_0, omega_C, p_1, t
from tests.systems import oracle, taylor

P, TIME = Rational(3, 8), Rational(5, 4)
UNITS = {g: 1, omega_0: 1}
HOT = thermal(charger_population=p_1)
PARTLY = symbattery.mixture([(Rational(1, 4), dicke(0, N)), (Rational(3, 4), HOT)])


def up(cells, *groups):
    return product([0] * cells, list(groups))


def half(cells):
    return up(cells, (1, m), (0, N - m))


def number(expression, **values):
    put = {**UNITS, p_1: P, t: TIME}
    return expression.subs(put).evalf(50, maxn=300)


@pytest.fixture(params=[1, 2, 3, 4], scope="module")
def cells(request):
    return request.param


@pytest.fixture(scope="module")
def hot(cells):
    return solve(SpinCharger(cells, N), HOT)


@pytest.fixture(scope="module")
def definite(cells):
    return solve(SpinCharger(cells, N), half(cells))


# -- the expression ---------------------------------------------------------------------------


def test_one_cell_as_an_author_writes_it():
    s = solve(SpinCharger(1, N), HOT)
    k, c = s.sector_sums[-1].indices
    xi = Function("xi")(k, c)
    inner = Sum(p_1 ** (k + c) * (1 - p_1) ** (N - k - c) * sin(xi * g * t) ** 2, (c, 1, N - 2 * k))
    outer = Sum((N - 2 * k + 1) / (N - k + 1) * binomial(N, k) * inner, (k, 0, floor(N / 2)))
    assert srepr(s.energy) == srepr(omega_0 * outer)
    assert dict(s.definitions) == {xi: sqrt(c * (N - 2 * k - c + 1))}
    assert s.latex() == (
        r"\omega_{0} \sum_{k=0}^{\left\lfloor{\frac{N}{2}}\right\rfloor} "
        r"\frac{N - 2 k + 1}{N - k + 1} {\binom{N}{k}} \sum_{c=1}^{N - 2 k} "
        r"p_{1}^{c + k} \left(1 - p_{1}\right)^{N - c - k} "
        r"\sin^{2}{\left(\xi{\left(k, c\right)} g t \right)}"
    )
    assert s.power == s.energy / t


def test_one_cell_and_spins_up():
    s = solve(SpinCharger(1, N), half(1))
    (k,) = s.sector_sums[-1].indices
    (total,) = s.energy.atoms(Sum)
    assert total.limits[0][1:] == (0, Min(m - 1, N - m))
    assert total.limits[0][0] == k
    named = {"chargers": N, "coupling": g, "frequency": omega_0, "excited_chargers": m}
    assert s.parameters == named


def test_one_double_sum_and_one_for_every_short_chain():
    for cells, sums in ((1, [1, 2]), (2, [1, 2])):  # the dark starts, and all others
        s = solve(SpinCharger(cells, N), HOT)
        assert len(s.energy.atoms(Sum)) == 2
        assert [len(f.ranges) for f in s.sector_sums] == sums
    s = solve(SpinCharger(4, N), HOT)
    assert [len(f.chain.levels) for f in s.sector_sums] == [1, 2, 3, 4, 5]
    assert len(s.energy.atoms(Sum)) == 5


def test_names_show_the_indices_they_depend_on(hot):
    bound = {index for family in hot.sector_sums for index in family.indices}
    for quantity, value in hot.definitions.items():
        assert value.free_symbols & bound <= set(quantity.args)
    assert hot.energy.free_symbols <= {N, p_1, g, omega_0, t}
    assert hot.explicit().energy.free_symbols == {N, p_1, g, omega_0, t}
    assert not hot.explicit().definitions


def test_indices_do_not_clash_with_symbols_of_the_model():
    k = Symbol("k", nonnegative=True)
    c = Symbol("c", integer=True, positive=True)
    s = solve(SpinCharger(1, c), thermal(charger_population=k))
    assert [str(i) for i in s.sector_sums[-1].indices] == ["k_1", "c_1"]
    put = {c: 3, k: P, t: TIME, **UNITS}
    plain = solve(SpinCharger(1, 3), thermal(charger_population=P)).energy
    assert s.explicit().energy.subs(put).doit().evalf(40) == number(plain).evalf(40)


# -- against the same with numbers ------------------------------------------------------------


@pytest.mark.parametrize("spins", range(1, 7))
def test_numbers_put_in_give_the_finite_mixture(hot, definite, spins):
    cells = hot.model.cells
    several = range(max(1, cells - 1), spins + 1)
    states = [(hot, {}, HOT)]
    states += [(definite, {m: n}, up(cells, (1, n), (0, spins - n))) for n in several]
    for s, excited, state in states:
        put_in = s.explicit().energy.subs({N: spins, **excited}).doit()
        plain = solve(SpinCharger(cells, spins), state).explicit().energy
        assert not put_in.has(Sum)
        assert abs(number(put_in) - number(plain)) < Rational(1, 10**45)
        assert cells > 1 or excited or (put_in - plain).expand() == 0


@pytest.mark.parametrize("spins", range(1, 7))
def test_function_against_an_independent_evolution(hot, definite, spins):
    with mpmath.workdps(60):
        time, p = mpmath.mpf(5) / 4, mpmath.mpf(3) / 8
        cells = hot.model.cells
        cases = [(hot, thermal(charger_population=P), {"charger_population": p})]
        if spins >= cells - 1:
            cases.append((definite, up(cells, (1, spins)), {"excited_chargers": spins}))
        for s, state, named in cases:
            model = numerics.SpinCharger(cells, spins)
            evolved = taylor.energy(model, time, state, digits=55)
            found = s.function("energy", backend="mpmath", chargers=spins)(time, **named)
            assert abs(found - evolved) < mpmath.mpf(10) ** -45


@pytest.mark.parametrize("cells", [1, 2, 3])
def test_function_against_brute_force(cells):
    """On all 2^(M+N) states, where some spins are up and where all are thermal."""
    times = np.linspace(0, 6, 13)
    for spins in (2, 3, 4):
        cases = [(HOT, {"charger_population": 0.375}, thermal(charger_population=0.375))]
        if spins >= cells:
            some = product([0] * cells, [0, *[1] * (spins - 1)])
            cases.append((half(cells), {"excited_chargers": spins - 1}, some))
        for state, named, numbers in cases:
            f = solve(SpinCharger(cells, N), state).function("energy", chargers=spins)
            brute = oracle.energy(SpinCharger(cells, spins), numbers, times)
            assert f(times, **named) == pytest.approx(brute, abs=1e-11)


def test_verification_takes_every_route(hot, definite):
    for s in (hot, definite):
        verification = s.verify(points=4)
        assert verification.digits == 50
        assert verification.deviation < 1e-45
        assert verification.routes[2].deviation < 1e-11


@pytest.mark.parametrize("spoiled", ["weight", "chain", "ranges"])
def test_verification_finds_what_is_wrong(spoiled):
    s = solve(SpinCharger(1, N), HOT)
    dark, family = s.sector_sums
    (k, *_), inner = family.ranges
    worse = {
        "weight": family.weight * Rational(99, 100),
        "ranges": ((k, S.Zero, S.Zero), inner),
        "chain": replace(family.chain, levels=(0, 2)),
    }
    broken = replace(s, sector_sums=(dark, replace(family, **{spoiled: worse[spoiled]})))
    assert broken.verify(digits=20, points=3).digits < 5


DIFFERENT = {
    "detuned": SpinCharger(1, N, charger_frequency=omega_C),
    "crosstalk": SpinCharger(1, N, charger_crosstalk=g_1, cell_crosstalk=Rational(1, 4)),
    "two, crosstalk": SpinCharger(2, N, charger_crosstalk=g_1),
    "two, detuned": SpinCharger(2, N, frequency=1, charger_frequency=Rational(5, 4)),
}
BETA = Symbol("beta", real=True)
# model, state, points, digits
VERIFIED = {
    **{name: (model, HOT, 1, 45) for name, model in DIFFERENT.items()},
    **{f"{name}, up": (model, half(model.cells), 1, 45) for name, model in DIFFERENT.items()},
    "five cells": (SpinCharger(5, N), HOT, 1, 45),
    "temperature": (SpinCharger(2, N), thermal(charger_inverse_temperature=BETA), 3, 48),
    "two up": (SpinCharger(3, N), up(3, (1, 2), (0, N - 2)), 3, 50),
    "two down": (SpinCharger(3, N), up(3, (0, 2), (1, N - 2)), 3, 50),
    "half up": (SpinCharger(2, 2 * m), up(2, (1, m), (0, m)), 3, 50),
    "with a pure state": (SpinCharger(2, N), PARTLY, 3, 50),
}


@pytest.mark.parametrize("name", VERIFIED)
def test_verification(name):
    model, state, points, digits = VERIFIED[name]
    s = solve(model, state)
    verification = s.verify(points=points)
    assert verification.digits >= digits
    assert verification.routes[2].deviation < 1e-11
    assert bool(s.sector_sums) == (name not in ("two up", "two down"))
    assert s.form == "radicals"


def test_forms_and_parameters():
    assert solve(SpinCharger(5, N), HOT).assumptions == (N >= 2, p_1 <= 1)
    assert solve(SpinCharger(2, 2 * m), up(2, (1, m), (0, m))).parameters["excited_chargers"] == m
    s = solve(SpinCharger(3, N), HOT, form="roots")
    assert s.form == "roots"
    assert s.verify(points=2, digits=30).digits == 30


# -- limits and invariants --------------------------------------------------------------------


@pytest.mark.parametrize("spins", [1, 2, 3, 6])
def test_cold_and_inverted_charger(hot, spins):
    f = hot.function("energy", chargers=spins)
    times = np.linspace(0, 5, 11)
    assert f(times, charger_population=0).tolist() == [0] * 11
    pure = solve(SpinCharger(hot.model.cells, spins)).function("energy")
    assert f(times, charger_population=1) == pytest.approx(pure(times), abs=1e-12)
    at_one = hot.explicit().energy.subs({p_1: 1, N: spins}).doit()
    pure_energy = solve(SpinCharger(hot.model.cells, spins)).explicit().energy
    assert abs(number(at_one) - number(pure_energy)) < Rational(1, 10**45)
    assert hot.explicit().energy.subs({p_1: 0, N: spins}).doit() == 0


def test_sums_that_need_none():
    pure, hot = solve(SpinCharger(2, N)).energy, solve(SpinCharger(2, N), HOT).energy
    assert solve(SpinCharger(2, N), thermal(charger_population=0)).energy == 0
    assert solve(SpinCharger(2, N), thermal(charger_population=1)).energy == pure
    assert thermal_charger(chargers=N, thermal=N).energy == hot
    # Pairs with numbers are as good as a list.
    assert product([0], [(1, 2), (p_1, 1)]) == product([0], [1, 1, p_1])
    assert solve(SpinCharger(2, N), product([(0, 2)], [(p_1, N)])).energy == hot


def test_energy_stays_within_its_bounds(hot, definite):
    times = np.linspace(0, 40, 200)
    cells = hot.model.cells
    warm, sure = hot.function("energy"), definite.function("energy")
    for spins in (1, 2, 5, 12):
        up = range(max(1, cells - 1), spins + 1)
        given = [warm(times, spins, charger_population=p) for p in (0.0, 0.2, 0.9, 1.0)]
        for e in [*given, *(sure(times, spins, excited_chargers=n) for n in up)]:
            assert e[0] == 0
            assert e.min() >= 0
            assert e.max() <= cells * (1 + 1e-12)


def test_small_times_keep_their_digits(hot):
    """E ≈ g² M N p t²: nothing cancels."""
    f = hot.function("energy", chargers=7, charger_population=0.25)
    assert f(1e-9) == pytest.approx(hot.model.cells * 7 * 0.25 * 1e-18, rel=1e-13)
    assert hot.function("power", chargers=7, charger_population=0.25)(0.0) == 0


def test_mixtures_with_pure_states():
    given = {"chargers": 4}, {"chargers": 4, "charger_population": 0.375}
    pure, warm, mixed = (
        solve(SpinCharger(2, N), state).function("energy")(1.25, **named)
        for state, named in ((None, given[0]), (HOT, given[1]), (PARTLY, given[1]))
    )
    assert mixed == pytest.approx(pure / 4 + 3 * warm / 4, abs=1e-14)


# -- some spins thermal -----------------------------------------------------------------------


@pytest.mark.parametrize("cells", [1, 2])
@pytest.mark.parametrize("hot_spins", [1, 3])
def test_a_number_of_thermal_spins_gives_finitely_many_frequencies(cells, hot_spins):
    s = thermal_charger(cells=cells, chargers=N, thermal=hot_spins)
    assert not s.sector_sums
    assert s.assumptions[0].lhs == N
    least = s.assumptions[0].rhs
    assert s.verify(points=4).digits == 50
    for spins in range(least, least + 3):
        plain = thermal_charger(cells=cells, chargers=spins, thermal=hot_spins).explicit()
        deviation = number(s.explicit().energy.subs(N, spins)) - number(plain.energy)
        assert abs(deviation) < Rational(1, 10**45)


# -- functions and messages -------------------------------------------------------------------


def test_function_broadcasts_the_number_of_spins():
    f = solve(SpinCharger(2, N), HOT).function("energy")
    spins, populations = np.array([[3], [4], [3]]), np.array([[[0.1]], [[0.6]]])
    times = np.array([0.5, 1.0])
    together = f(times, spins, charger_population=populations)
    assert together.shape == (2, 3, 2)
    for i, p in enumerate((0.1, 0.6)):
        for j, n in enumerate((3, 4, 3)):
            assert together[i, j].tolist() == f(times, n, charger_population=p).tolist()


def test_many_terms_stay_accurate():
    f = solve(SpinCharger(1, N), HOT)
    named = {"chargers": 60, "charger_population": 0.375}
    with mpmath.workdps(30):
        exact = f.function("energy", backend="mpmath")(mpmath.mpf("1.25"), **named)
    assert f.function("energy")(1.25, **named) == pytest.approx(float(exact), rel=1e-14)


def test_functions_and_solutions_are_pickled(hot):
    f = hot.function("energy", chargers=3, charger_population=0.25)
    expected = f(1.5)
    assert pickle.loads(pickle.dumps(f))(1.5) == expected
    assert pickle.loads(pickle.dumps(hot)).energy == hot.energy


@pytest.mark.parametrize("name", ["maximum", "max_power", "best_excited"])
def test_maxima_need_a_number(hot, name):
    with pytest.raises(UnsolvedError, match=f"`{name}` needs a number of charger spins"):
        getattr(hot, name)()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "`chargers` must be given"),
        ({"chargers": 2.5}, "`chargers` must be integers"),
        ({"chargers": 0}, "`chargers` must be positive"),
        ({"chargers": 3, "charger_population": 1.5}, "must satisfy p_1 <= 1"),
        ({"chargers": 3, "k": 1}, "`parameter` must be one of"),
        ({"chargers": 3, "index k": 1}, "`parameter` must be one of"),
    ],
)
def test_bad_arguments_of_functions(hot, given, message):
    with pytest.raises(symbattery.InvalidArgument, match=message):
        hot.function("energy")(1.0, **({"charger_population": 0.5} | given))


def test_families_are_plain_data(hot):
    with pytest.raises(symbattery.MixedStateError, match=r"mixture over the irreps"):
        _ = hot.amplitudes
    assert all(isinstance(family, SectorSum) for family in hot.sector_sums)
    assert hot.sectors == tuple(family.chain for family in hot.sector_sums)
