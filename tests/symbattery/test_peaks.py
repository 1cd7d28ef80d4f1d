"""Maxima of chains with several frequencies, in three senses."""

import pytest
from sympy import Rational

from numerics import charge
from symbattery import InvalidArgument, SpinCharger, UnsolvedError, dicke, solve, two_cells
from symbattery.symbols import N, g, g_1, omega_0

UNIT = {g: 1, omega_0: 1}


@pytest.mark.parametrize(
    ("cells", "chargers", "excited"), [(3, 3, 3), (3, 9, 4), (4, 4, 4), (5, 4, 3), (7, 9, 8)]
)
def test_first_peak_is_that_of_the_numerics(cells, chargers, excited):
    top = solve(SpinCharger(cells, chargers), dicke(0, excited)).maximum("first peak")
    found = charge(SpinCharger(cells, chargers), dicke(0, excited)).first_peak()
    assert float(top.value.subs(UNIT)) == pytest.approx(found.value, abs=1e-12)
    assert float(top.time.subs(UNIT)) == pytest.approx(found.time, rel=1e-8)
    low, high = (bound.subs(UNIT) for bound in top.enclosure)
    assert isinstance(low, Rational)
    assert low < top.time.subs(UNIT) < high
    assert high - low < Rational(1, 10**25)


def test_window_finds_the_largest_of_many_peaks():
    top = solve(SpinCharger(3, 3)).maximum("window", until=10)
    found = charge(SpinCharger(3, 3)).max_energy(until=10)
    assert float(top.value.subs(UNIT)) == pytest.approx(found.value, abs=1e-12)
    assert float(top.time.subs(UNIT)) == pytest.approx(found.time, rel=1e-8)
    # Before the first peak the end of the window is best.
    early = solve(SpinCharger(3, 3)).maximum("window", until=Rational(1, 4))
    assert early.enclosure[0].subs(UNIT) == Rational(1, 4)


def test_the_three_senses_differ_for_three_cells():
    s = solve(SpinCharger(3, 3))
    first, window, supremum = (
        s.maximum("first peak"), s.maximum("window", until=20), s.maximum("supremum"),
    )  # fmt: skip
    assert first.value.subs(UNIT) < window.value.subs(UNIT) < supremum.value.subs(UNIT) == 3
    assert not supremum.attained
    assert s.maximum() == supremum
    near = charge(SpinCharger(3, 3)).max_energy(until=2000).value
    assert 2.999 < near < 3


@pytest.mark.parametrize("size", [3, 4])
def test_equal_sizes_charge_fully_in_the_limit(size):
    top = solve(SpinCharger(size, size)).maximum()
    assert (top.value, top.kind, top.time) == (size * omega_0, "supremum", None)


def test_one_frequency_has_all_senses_in_one():
    top = two_cells().maximum("first peak")
    assert (top.value, top.kind) == (two_cells().maximum().value, "first peak")
    assert top.otherwise.kind == "first peak"


def test_peaks_keep_their_digits():
    few, many = (solve(SpinCharger(3, 5)).maximum("first peak", digits=d) for d in (15, 60))
    assert abs(few.value - many.value).subs(UNIT) < Rational(1, 10**14)
    assert many.enclosure[1].subs(UNIT) - many.enclosure[0].subs(UNIT) < Rational(1, 10**55)


def test_coupling_and_frequency_scale():
    one = solve(SpinCharger(3, 4)).maximum("first peak")
    other = solve(SpinCharger(3, 4, coupling=2, frequency=3)).maximum("first peak")
    assert abs(one.value.subs(omega_0, 3) - other.value) < Rational(1, 10**25)
    assert abs(one.time.subs(g, 2) - other.time) < Rational(1, 10**25)


@pytest.mark.parametrize(
    ("model", "kind"),
    [
        (SpinCharger(3, N), "first peak"),
        (SpinCharger(3, N), None),
        (SpinCharger(2, 3, charger_crosstalk=g_1), "first peak"),
        (SpinCharger(2, 3, charger_crosstalk=1), "first peak"),
        (SpinCharger(3, N), "supremum"),
    ],
)
def test_what_is_not_derived_says_so(model, kind):
    with pytest.raises(UnsolvedError):
        solve(model).maximum(kind)


def test_crosstalk_with_numbers():
    model = SpinCharger(2, 4, coupling=1, frequency=1, charger_crosstalk=Rational(1, 10))
    top, found = solve(model).maximum("first peak"), charge(model).first_peak()
    assert float(top.value) == pytest.approx(found.value, abs=1e-12)
    assert float(top.value) == pytest.approx(1.91, abs=0.005)  # Fig. 6(a)


def test_constant_energy_has_no_peak():
    dark = solve(SpinCharger(3, 3), dicke(0, 0))
    with pytest.raises(UnsolvedError, match="constant"):
        dark.maximum("window", until=1)
    assert dark.maximum().value == 0


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"kind": "largest"}, "kind"),
        ({"kind": 3}, "kind"),
        ({"kind": "window"}, "until"),
        ({"until": 3}, "until"),
        ({"kind": "window", "until": -1}, "until"),
        ({"kind": "window", "until": "3"}, "until"),
        ({"kind": "first peak", "digits": 0}, "digits"),
    ],
)
def test_bad_input(arguments, named):
    with pytest.raises(InvalidArgument, match=f"`{named}` must"):
        solve(SpinCharger(3, 3)).maximum(**arguments)
