"""Strong crosstalk among the charger spins: every law against the exact solution."""

import pytest
from sympy import Rational, S, pi, simplify, sin

import symbattery
from numerics import charge
from symbattery import CavityCharger, InvalidArgument, SpinCharger, UnsolvedError, dicke, solve
from symbattery.limits.strong_crosstalk import strong_crosstalk
from symbattery.symbols import M, N, g, g_1, g_2, gamma, m, omega_0, omega_C

OPEN = {"charger_crosstalk": g_1}


def model(cells, chargers, ratio):
    """Numbers, with g = ω₀ = 1."""
    return SpinCharger(cells, chargers, 1, 1, charger_crosstalk=ratio)


def test_two_cells():
    law = strong_crosstalk(SpinCharger(2, N, **OPEN))
    theta = pi / (N - 1)
    bracket = 4 * (N + 1) / (N - 1) ** 4 - sin(theta) ** 2 / (N - 2) ** 2
    assert law.first_peak[0] == law.supremum[0] == 2 * N / (N - 1) ** 2
    assert simplify(law.first_peak[1] - N / (N - 3) * bracket) == 0
    assert simplify(law.supremum[1] - 4 * N * (N + 1) / ((N - 3) * (N - 1) ** 4)) == 0
    assert simplify(law.time[0] - theta / 2) == 0
    assert law.condition == (N >= 3)
    assert law.supremum_condition == (N >= 4)
    leading = strong_crosstalk(SpinCharger(2, N, **OPEN), order=0).maximum()
    assert leading.value == 2 * N / (N - 1) ** 2 * (g / g_1) ** 2 * omega_0
    assert simplify(leading.time - theta / (2 * abs(g_1))) == 0


@pytest.mark.parametrize("start", [None, dicke(0, m)])
def test_one_cell_is_the_series_of_its_exact_maximum(start):
    law = strong_crosstalk(SpinCharger(1, N, **OPEN), start, order=2)
    top = solve(SpinCharger(1, N, coupling=g, charger_crosstalk=1), start).maximum()
    series = (top.value / omega_0).series(g, 0, 8).removeO()
    assert law.first_peak == law.supremum
    for k, coefficient in enumerate(law.first_peak):
        assert simplify(series.coeff(g, 2 * k + 2) - coefficient) == 0


CASES = [
    *((cells, chargers, None) for cells, chargers in ((1, 2), (2, 3), (2, 4), (2, 9))),
    *((cells, chargers, None) for cells, chargers in ((3, 4), (3, 7), (4, 5))),
    *((2, n, dicke(0, up)) for n, up in ((5, 4), (6, 1), (6, 3))),
    (1, 5, dicke(0, 2)),
]


@pytest.mark.parametrize(
    ("cells", "chargers", "start", "order"),
    [(*case, order) for case in CASES for order in (0, 1, 2) if order < 2 or case[0] < 3],
)
def test_first_peak_of_the_exact_solution(cells, chargers, start, order):
    """At 50 digits; each order of the law leaves the next power of (g/g₁)² out."""
    errors = []
    for ratio in (10, 100, 1000):
        law = strong_crosstalk(model(cells, chargers, ratio), start, order)
        assert law.condition == S.true
        ours, form = law.maximum(), "roots" if cells > 3 else None
        exact = solve(model(cells, chargers, ratio), start, form).maximum("first peak", digits=50)
        errors.append(
            [
                abs(1 - (a / b).evalf(60))
                for a, b in ((ours.value, exact.value), (ours.time, exact.time))
            ]
        )
    for coarse, fine in zip(errors[1], errors[2], strict=True):
        assert 0.8 < (coarse / fine) / 100 ** (order + 1) < 1.25
    for coarse, fine in zip(errors[0], errors[1], strict=True):
        assert 0.2 < (coarse / fine) / 100 ** (order + 1) < 5


@pytest.mark.parametrize("chargers", [4, 9])
def test_supremum_is_that_of_independent_phases(chargers):
    """Levels 0 and 2 opposite to level 1: the exact sizes of two oscillations, at 50 digits."""
    law = strong_crosstalk(SpinCharger(2, N, **OPEN))
    errors = []
    for ratio in (100, 1000):
        put = {g: 1, omega_0: 1, g_1: ratio, N: chargers}
        solution = solve(model(2, chargers, ratio))
        sizes = {}
        for symbol, value in solution.definitions.items():
            sizes[symbol] = value.xreplace(sizes).evalf(60)
        best = [v for s, v in sizes.items() if s.name in ("B_1_2", "B_2_3")]
        errors.append(abs(1 - law.maximum("supremum").value.subs(put).evalf(60) / sum(best)))
        longest = charge(model(2, chargers, ratio)).maximum(until=500 / ratio).value
        assert law.maximum().value.subs(put).evalf() < longest * (1 + 1e-7)
        assert longest < sum(best) * (1 + 1e-9)
    assert 0.8 < errors[0] / errors[1] / 1e4 < 1.25


def test_supremum_is_approached():
    law = strong_crosstalk(model(2, 5, 10.5))
    highest = charge(model(2, 5, 10.5)).maximum(until=400).value
    first, most = (float(law.maximum(kind).value) for kind in ("first peak", "supremum"))
    assert highest > first + 0.9 * (most - first)


RESONANT = [
    *((cells, n, None) for cells, n in ((2, 2), (3, 2), (5, 2), (3, 3), (2, 1), (1, 1))),
    *((cells, n, dicke(0, up)) for cells, n, up in ((2, 4, 3), (3, 4, 3), (2, 3, 2))),
]


@pytest.mark.parametrize(("cells", "chargers", "start"), RESONANT)
def test_resonance(cells, chargers, start):
    """The battery is charged however strong the crosstalk; the error of E falls like (g/g₁)²."""
    ratios = (8, 16) if cells == chargers == 3 else (20, 80)
    misses = []
    for ratio in ratios:
        law = strong_crosstalk(model(cells, chargers, ratio), start)
        assert law.condition == S.false
        assert law.first_peak == law.time == law.supremum == ()
        (top,) = law.resonances
        time, value = float(top.time), float(top.value)
        charging = charge(model(cells, chargers, ratio), start)
        assert charging.maximum(until=0.6 * time).value < 0.9 * value
        found = charging.maximum(until=1.3 * time)
        misses.append([abs(found.value - value), abs(found.time / time - 1)])
    # The fast motion is small, and moves the flat top of the slow one by an order less.
    for (value, time), ratio in zip(misses, ratios, strict=True):
        assert value * ratio**2 < 0.5
        assert time * ratio < 1


def test_resonances_of_two_cells():
    law = strong_crosstalk(SpinCharger(2, N, **OPEN))
    one, two = law.resonances
    assert (one.condition.rhs, one.value, one.time) == (1, omega_0, pi / (2 * 2**S.Half * g))
    assert (two.condition.rhs, two.value) == (2, 2 * omega_0)
    assert simplify(two.time - pi * abs(g_1) / (4 * g**2)) == 0
    best = strong_crosstalk(SpinCharger(2, 6, **OPEN), dicke(0, m)).resonances
    assert [(top.condition.rhs, top.value) for top in best] == [(4, 2 * omega_0)]


def test_any_number_of_cells():
    law = strong_crosstalk(SpinCharger(M, N, **OPEN))
    for cells in (1, 2, 3):
        fixed = strong_crosstalk(SpinCharger(cells, N, **OPEN))
        pairs = zip(law.first_peak + law.time + law.supremum,
                    fixed.first_peak + fixed.time + fixed.supremum, strict=True)  # fmt: skip
        assert all(simplify(a.subs(M, cells) - b) == 0 for a, b in pairs)


def test_signs_of_the_couplings_do_not_matter():
    odd = [SpinCharger(1, 1, sign * 2, charger_crosstalk=-g_1) for sign in (1, -1)]
    assert strong_crosstalk(odd[0]).resonances == strong_crosstalk(odd[1]).resonances
    plus, minus = (strong_crosstalk(model(2, 4, sign * 50)).maximum() for sign in (1, -1))
    assert plus == minus
    exact = [charge(model(2, 4, sign * 50)).first_peak() for sign in (1, -1)]
    assert exact[0].value == pytest.approx(exact[1].value, rel=1e-9)


def crosstalk(cells=2, chargers=N, start=None, order=1, **fields):
    return strong_crosstalk(SpinCharger(cells, chargers, **OPEN | fields), start, order)


OTHERS = "without anisotropy, detuning"
AGREE = "levels that do not agree"
# the call, its error, the message
BAD = [
    *((lambda order=order: crosstalk(order=order), InvalidArgument, "`order` must")
      for order in (-1, 3, 0.5)),
    *((lambda cells=cells: crosstalk(cells, order=2), InvalidArgument, "`order` must be at most 1")
      for cells in (3, M)),
    (lambda: strong_crosstalk(CavityCharger(2), symbattery.fock(2)), InvalidArgument,
     "`model` must be a SpinCharger"),
    (lambda: crosstalk(charger_crosstalk=0), InvalidArgument,
     "`charger_crosstalk` must be other than 0"),
    (lambda: crosstalk(coupling=0), InvalidArgument, "`coupling` must be other than 0"),
    (lambda: crosstalk(anisotropy=gamma), UnsolvedError, OTHERS),
    (lambda: crosstalk(charger_frequency=omega_C), UnsolvedError, OTHERS),
    (lambda: crosstalk(cell_crosstalk=g_2), UnsolvedError, OTHERS),
    (lambda: crosstalk(longitudinal=g_2), UnsolvedError, OTHERS),
    *((lambda start=start: crosstalk(2, 3, start), UnsolvedError, "cells down")
      for start in (dicke(1, 2), symbattery.thermal(charger_population=0.5), dicke(0, 0))),
    (lambda: crosstalk(2, 2).maximum("first peak"), UnsolvedError, AGREE),
    (lambda: crosstalk(2, 2).maximum("supremum"), UnsolvedError, AGREE),
    (lambda: crosstalk(2, 2).maximum("window"), InvalidArgument, "`kind` must"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "error", "message"), BAD)
def test_bad_input(act, error, message):
    with pytest.raises(error, match=message):
        act()


def test_one_spin_has_no_crosstalk():
    (top,) = strong_crosstalk(SpinCharger(1, 1, **OPEN)).resonances
    exact = symbattery.single_cell(1).maximum()
    assert (top.value, top.time) == (exact.value, exact.time)
    assert Rational(1, 2) * pi / g == top.time
