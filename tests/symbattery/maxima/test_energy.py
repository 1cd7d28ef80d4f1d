"""The largest energy in three senses, and the best start: exact values against the numerics.

Judges of ``energy``, ``peaks`` and ``result``.
"""

import pytest
from sympy import Rational, S, floor, pi, sin, sqrt

import symbattery
from numerics import charge
from symbattery import SpinCharger, dicke, single_cell, solve, thermal, thermal_charger, two_cells
from symbattery.symbols import N, g, g_1, m, omega_0, omega_C, xi

UNIT = {g: 1, omega_0: 1}


def test_equation_a7_and_where_it_holds():
    top = two_cells().maximum()
    assert (top.value - 16 * N * (N - 1) / (3 * N - 2) ** 2 * omega_0).factor() == 0
    assert top.time == pi / (xi * g)
    assert top.condition == (N >= 2)
    single = top.otherwise
    assert single.value == omega_0
    assert single.time == pi / (2 * sqrt(2) * g)
    assert single.condition.subs(N, 1) == S.true
    assert single.condition.subs(N, 2) == S.false
    found = [two_cells(chargers).maximum().value for chargers in (1, 2, 4)]
    assert found == [omega_0, 2 * omega_0, Rational(48, 25) * omega_0]


@pytest.mark.parametrize("chargers", range(1, 8))
@pytest.mark.parametrize("cells", [1, 2])
def test_every_start_against_numerics(cells, chargers):
    """The value, its first time, and the power, for every number of excited charger spins."""
    build = {1: single_cell, 2: two_cells}[cells]
    for excited in range(1, chargers + 1):
        s = build(chargers, excited_chargers=excited)
        charged = charge(SpinCharger(cells, chargers), dicke(0, excited))
        top, power = s.maximum(), s.max_power()
        found = charged.first_peak()
        assert float(top.value.subs(UNIT)) == pytest.approx(found.value, abs=1e-12)
        assert float(top.time.subs(UNIT)) == pytest.approx(found.time, rel=1e-7)
        best = charged.max_power()
        assert float(power.value.subs(UNIT)) == pytest.approx(best.value, abs=1e-12)
        assert float(power.time.subs(UNIT)) == pytest.approx(best.time, rel=1e-7)


@pytest.mark.parametrize(("chargers", "excited"), [(1, 1), (4, 3), (9, 1), (9, 2), (30, 17)])
def test_symbolic_case_is_the_numeric_one(chargers, excited):
    top = two_cells(excited_chargers=m).explicit().maximum()
    put = {N: chargers, m: excited}
    here = top if top.condition.subs(put) == S.true else top.otherwise
    exact = two_cells(chargers, excited_chargers=excited).maximum()
    assert (here.value.subs(put) - exact.value).simplify() == 0
    power = two_cells(excited_chargers=m).explicit().max_power().value.subs(put)
    other = two_cells(chargers, excited_chargers=excited).max_power().value
    # Evaluated apart: evalf of an exact zero would search for digits without end.
    for symbolic, numeric in ((here.time.subs(put), exact.time), (power, other)):
        assert abs(symbolic.subs(UNIT).evalf(30) - numeric.subs(UNIT).evalf(30)) < 1e-28


def test_best_number_of_excited_spins_by_search():
    best = two_cells(excited_chargers=m).best_excited()
    assert best.excited == floor((N + 2) / S(2))
    assert best.condition == (N >= 2)
    for chargers in range(2, 16):
        energies = {
            excited: two_cells(chargers, excited_chargers=excited).maximum().value / omega_0
            for excited in range(1, chargers + 1)
        }
        top = max(energies.values())
        assert energies[int(best.excited.subs(N, chargers))] == top
        assert best.value.subs(N, chargers) == top * omega_0
    assert two_cells(4, excited_chargers=3).maximum().value == 2 * omega_0


PARITY = [
    ({"charger_crosstalk": g_1}, {g_1: 1}),
    ({"charger_crosstalk": g_1}, {g_1: Rational(-7, 3)}),
    ({"charger_crosstalk": Rational(1, 2), "coupling": 2}, {}),
    ({"charger_frequency": omega_C}, {omega_C: 4, omega_0: 1}),
]


@pytest.mark.parametrize(("fields", "values"), PARITY)
def test_best_number_of_one_detuned_cell_by_search(fields, values):
    """Full at m = (N + 1)/2 for odd N where crosstalk detunes, and best next to it for even N."""
    best = solve(SpinCharger(1, N, **fields), dicke(0, m)).best_excited()
    for chargers in range(1, 8):
        energies = {}
        for excited in range(1, chargers + 1):
            exact = solve(SpinCharger(1, chargers, **fields), dicke(0, excited)).maximum()
            energies[excited] = exact.value.subs(values | {g: 1, omega_0: 1})
        put = {N: chargers} | values | {g: 1, omega_0: 1}
        here = best.condition.subs(put)
        assert here == S.true
        assert energies[int(best.excited.subs(put))] == max(energies.values())
        assert best.value.subs(put) == max(energies.values())
    excited = [int(best.excited.subs(N, n)) for n in (1, 2, 3, 4, 9)]
    assert excited == [1, 1, 2, 2, 5]


@pytest.mark.parametrize("chargers", [2, 3, 6, 7])
def test_best_number_for_a_number_of_charger_spins(chargers):
    symbolic = two_cells(excited_chargers=m).best_excited()
    best = two_cells(chargers, excited_chargers=m).best_excited()
    assert best.excited == symbolic.excited.subs(N, chargers)
    assert best.value == symbolic.value.subs(N, chargers)
    assert best.condition == S.true


def test_negative_coupling_has_positive_times():
    top = solve(SpinCharger(2, N, coupling=-2)).maximum()
    assert top.time.subs(N, 4).evalf() > 0
    assert solve(SpinCharger(1, N, coupling=-2)).verify(digits=30, points=2).digits == 30


UP = [(3, 3, 3), (3, 9, 4), (4, 4, 4), (5, 4, 3), (7, 9, 8)]
OWN = SpinCharger(2, 4, coupling=1, frequency=1, charger_crosstalk=Rational(1, 10))
PEAKS = [*((SpinCharger(cells, n), dicke(0, up)) for cells, n, up in UP), (OWN, None)]


@pytest.mark.parametrize(("model", "initial"), PEAKS)
def test_first_peak_is_that_of_the_numerics(model, initial):
    top = solve(model, initial).maximum("first peak")
    found = charge(model, initial).first_peak()
    assert float(top.value.subs(UNIT)) == pytest.approx(found.value, abs=1e-12)
    assert float(top.time.subs(UNIT)) == pytest.approx(found.time, rel=1e-8)
    low, high = (bound.subs(UNIT) for bound in top.enclosure)
    assert isinstance(low, Rational)
    assert low < top.time.subs(UNIT) < high
    assert high - low < Rational(1, 10**25)
    assert model is not OWN or float(top.value) == pytest.approx(1.91, abs=0.005)  # Fig. 6(a)


def test_window_finds_the_largest_of_many_peaks():
    top = solve(SpinCharger(3, 3)).maximum("window", until=10)
    found = charge(SpinCharger(3, 3)).maximum(until=10)
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
    near = charge(SpinCharger(3, 3)).maximum(until=2000).value
    assert 2.999 < near < 3


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


DARK, THIRD = dicke(0, 0), thermal(charger_population=Rational(1, 3))
LATTICE = SpinCharger(3, 4, coupling=1, frequency=1, charger_crosstalk=1)
BOTH = SpinCharger(1, N, charger_crosstalk=g_1, charger_frequency=omega_C)
REFUSED = [
    (lambda: two_cells().best_excited(), "symbolic number"),
    (lambda: single_cell(excited_chargers=m).best_excited(), "same stored energy"),
    (lambda: solve(SpinCharger(3, N), dicke(0, m)).best_excited(), "one frequency .* numbers"),
    (lambda: solve(SpinCharger(2, N), dicke(1, m)).best_excited(), "starts empty"),
    (lambda: solve(BOTH, dicke(0, m)).best_excited(), "symmetric"),
    (lambda: solve(SpinCharger(3, 3), DARK).maximum("first peak"), "constant"),
    (lambda: thermal_charger(cells=1, chargers=3, thermal=3).maximum(), "commensurate"),
    (lambda: thermal_charger().max_power(), "symbols: population"),
    (lambda: solve(SpinCharger(2, N), dicke(1, N)).maximum(), "starts empty"),
    (lambda: solve(SpinCharger(3, N)).maximum("first peak"), "symbols: chargers"),
    (lambda: solve(SpinCharger(3, N)).maximum(), "symbols: chargers"),
    (lambda: solve(SpinCharger(3, N)).maximum("supremum"), "numbers"),
    (lambda: solve(SpinCharger(2, 3, charger_crosstalk=g_1)).maximum("first peak"), "symbols: "),
    (lambda: solve(SpinCharger(2, 3, charger_crosstalk=1)).maximum("first peak"), "symbols: "),
    (lambda: solve(SpinCharger(2, 3, charger_crosstalk=g_1)).maximum("supremum"), "numbers"),
    (lambda: solve(SpinCharger(20, 20)).maximum("supremum"), "independent"),
    (lambda: solve(LATTICE).maximum("supremum"), "three levels"),
    (lambda: solve(SpinCharger(3, 3), THIRD).maximum("supremum"), "mixture"),
    (lambda: solve(SpinCharger(3, N)).max_power(), "symbols: chargers"),
    (lambda: solve(SpinCharger(3, 3), DARK).max_power(), "constant"),
    (lambda: solve(SpinCharger(3, N), DARK).max_power(), "nothing moves"),
]


@pytest.mark.parametrize(("act", "message"), REFUSED)
def test_what_is_not_derived_says_so(act, message):
    with pytest.raises(symbattery.UnsolvedError, match=message):
        act()


def test_constant_energy_is_its_own_supremum():
    assert solve(SpinCharger(3, 3), DARK).maximum().value == 0


def test_a_window_ends_just_beyond_its_peak():
    """In doubles both are one time."""
    peak = solve(SpinCharger(3, 3)).maximum("first peak")
    end = float((peak.time * g).evalf())
    found = solve(SpinCharger(3, 3)).maximum("window", until=end)
    assert abs(float(((found.value - peak.value) / omega_0).evalf())) < 1e-14


def test_the_window_of_a_constant_energy_begins_with_its_largest_value():
    for cells, start in ((0, 0), (2, 3)):
        found = solve(SpinCharger(2, 3), dicke(cells, start)).maximum("window", until=1)
        assert (found.value, found.time) == (0, 0)


def test_the_end_of_a_window_may_be_text():
    found = solve(SpinCharger(1, 4)).maximum("window", until="3/7")
    assert found.value == omega_0 * sin(Rational(6, 7)) ** 2
