"""Every start and every maximum, at their boundaries, against E(t) on a fine grid."""

import time

import mpmath
import numpy as np
import pytest
from sympy import Rational, S, pi, sin

import symbattery
from numerics import charge
from symbattery import SpinCharger, UnsolvedError, dicke, product, single_cell, solve, thermal
from symbattery.maxima.peaks import around, highest_power, largest_until
from symbattery.symbols import g, omega_0

UNIT = {g: 1, omega_0: 1}


def _number(value):
    return float(S(value).subs(UNIT).evalf(25))


def _starts():
    for cells, chargers in [(1, 4), (2, 4), (3, 2), (3, 4)]:
        for up in range(cells + 1):
            yield from ((cells, chargers, dicke(up, c)) for c in range(chargers + 1))
        for cold, hot in [(Rational(1, 2), Rational(1, 3)), (1, 0), (Rational(1, 5), 1)]:
            state = thermal(cell_population=cold, charger_population=hot)
            yield cells, chargers, state


@pytest.mark.parametrize(("cells", "chargers", "initial"), list(_starts()))
def test_every_start_on_a_fine_grid(cells, chargers, initial):
    model = SpinCharger(cells, chargers)
    solution, battery = solve(model, initial), charge(model, initial)
    times = np.linspace(0, 4, 40_001)
    energy = battery.energy(times)
    if np.abs(energy).max() < 1e-9:
        with pytest.raises(UnsolvedError, match="constant"):
            solution.maximum("first peak")
        window = solution.maximum("window", until=1)
        assert (window.value, window.time) == (0, 0)
        return
    for last in (200, 5_000, 40_000):
        top = solution.maximum("window", until=Rational(str(times[last])))
        value, at = _number(top.value), _number(top.time)
        assert value == pytest.approx(max(energy[: last + 1].max(), 0), abs=2e-6)
        assert value >= energy[: last + 1].max() - 1e-12
        assert battery.energy(at) == pytest.approx(value, abs=1e-12)
        assert top.enclosure[0].subs(UNIT) <= top.time.subs(UNIT) <= top.enclosure[1].subs(UNIT)
    first = solution.maximum("first peak")
    rising = np.diff(energy) > 0
    (peaks,) = np.nonzero(rising[:-1] & ~rising[1:])
    assert abs(_number(first.time) - times[peaks[0] + 1]) < 3e-4
    assert battery.energy(_number(first.time)) == pytest.approx(_number(first.value), abs=1e-12)


def test_a_battery_that_only_returns():
    """E = −ω₀ sin²(√6 gt): the peak is back at 0, and t = 0 is the best of a window."""
    solution = solve(SpinCharger(1, 4), dicke(1, 2))
    top = solution.maximum("first peak")
    assert (top.value, top.time) == (0, pi / (Rational(6) ** Rational(1, 2) * g))
    for until in (0.2, 1, 2, 50):
        top = solution.maximum("window", until=until)
        assert (top.value, top.time) == (0, 0)
    # Far levels first: E falls, and rises above 0 from there.
    for cells, chargers, start in [(3, 10, (1, 2)), (3, 5, (2, 2))]:
        model, initial = SpinCharger(cells, chargers), dicke(*start)
        found = charge(model, initial).first_peak()
        top = solve(model, initial).maximum("first peak")
        assert _number(top.value) == pytest.approx(found.value, abs=1e-12)
    with pytest.raises(UnsolvedError, match="sign"):
        solve(SpinCharger(2, symbattery.symbols.N), dicke(2, symbattery.symbols.m)).maximum(
            "first peak"
        )


@pytest.mark.parametrize("until", [Rational(1, 10), 0.1, Rational(7, 9), 1e-12, 1e-300, pi / 5])
def test_a_window_ends_where_it_says(until):
    """Energies at the end of the window to all digits, for one frequency and for several."""
    end = S(Rational(str(until))) if isinstance(until, float) else until
    one = single_cell(4).maximum("window", until=until)
    assert (one.value, one.time) == (omega_0 * sin(2 * end) ** 2, end / g)
    several = solve(SpinCharger(3, 3)).maximum("window", until=until)
    with mpmath.workdps(700 if until == 1e-300 else 60):
        # By the exact motion, written out.
        energy = solve(SpinCharger(3, 3)).function("energy", "mpmath", coupling=1, frequency=1)
        at = several.time.subs(UNIT).evalf(mpmath.mp.dps)
        right = energy(mpmath.mpmathify(at))
        assert abs(mpmath.mpmathify(several.value.subs(UNIT)) / right - 1) < mpmath.mpf(10) ** -28
    if end < Rational(1, 2):
        assert several.time == end / g
        low, high = several.enclosure
        assert low.subs(g, 1) <= end <= high.subs(g, 1)


def test_a_window_that_ends_on_a_peak():
    began = time.process_time()
    top = single_cell(4).maximum("window", until=pi / 4)
    assert (top.value, top.time) == (omega_0, pi / (4 * g))
    for model in (SpinCharger(3, 3), SpinCharger(3, 4)):
        first = solve(model).maximum("first peak")
        for shift in (-1, 0, 1):
            until = first.time.subs(g, 1) + shift * Rational(1, 10**16)
            top = solve(model).maximum("window", until=until)
            assert abs(top.value - first.value).subs(omega_0, 1) < 1e-28
    assert time.process_time() - began < 10


def test_windows_cost_little_per_unit_of_time():
    solution, battery = solve(SpinCharger(3, 3)), charge(SpinCharger(3, 3))
    began = time.process_time()
    found = solution.maximum("window", until=3000)
    spent = time.process_time() - began
    began = time.process_time()
    numbers = battery.maximum(until=3000)
    assert spent < 10 * (time.process_time() - began) + 1
    assert _number(found.value) == pytest.approx(numbers.value, abs=1e-12)
    assert _number(found.time) == pytest.approx(numbers.time, rel=1e-9)


def test_equal_peaks_give_the_earliest():
    """A periodic energy of commensurate frequencies: every period has the same peak."""
    solution = solve(SpinCharger(1, 8), product([0], [1] + [0] * 7))
    supremum = solution.maximum("supremum")
    assert supremum.attained
    top = solution.maximum("window", until=100)
    assert abs((top.value - supremum.value).subs(UNIT).evalf(40)) < 1e-28
    assert abs((top.time - supremum.time).subs(UNIT).evalf(40)) < 1e-28


def test_the_highest_power_is_not_the_broadest():
    """The steep early peak wins by 0.15 %, whatever the intervals around both are."""
    solution = solve(
        SpinCharger(
            3, 3, coupling=1, frequency=20, charger_frequency=Rational(573, 50),
            charger_crosstalk=Rational(-183, 50), cell_crosstalk=Rational(-61, 50),
        )
    )  # fmt: skip
    top = solution.max_power()
    assert float(top.approximate) == pytest.approx(24.2394217622890, rel=1e-12)
    assert float(top.time.evalf(20)) == pytest.approx(0.226093114961, rel=1e-9)
    assert top.value.evalf(20) == pytest.approx(top.approximate, rel=1e-15)


@pytest.mark.parametrize("seed", range(6))
def test_powers_of_random_models(seed):
    rng = np.random.default_rng(seed)

    def drawn(low, high):
        return Rational(int(rng.integers(low, high)), int(rng.integers(1, 5)))

    model = SpinCharger(
        int(rng.integers(1, 4)), int(rng.integers(1, 5)), coupling=drawn(1, 6),
        frequency=drawn(1, 40), charger_frequency=drawn(1, 40),
        charger_crosstalk=drawn(-12, 12), cell_crosstalk=drawn(-12, 12),
    )  # fmt: skip
    top = solve(model).max_power()
    value = _number(top.value if top.approximate is None else top.approximate)
    found = charge(model).max_power()
    assert value == pytest.approx(found.value, rel=1e-9)
    times = np.linspace(1e-4, 2.2 * _number(top.time), 20_001)
    assert (charge(model).energy(times) / times).max() <= value * (1 + 1e-12)


def test_strong_detuning_keeps_all_digits():
    """Peaks of 10⁻¹² ω₀, relative to which nothing is rounded."""
    solution = solve(SpinCharger(2, 4, coupling=1, charger_crosstalk=10**6))
    top = solution.maximum("first peak")
    assert float(top.value.subs(UNIT)) == pytest.approx(8.888888888891266e-13, rel=1e-12)
    slow = solve(SpinCharger(4, 4, coupling=1, frequency=1, charger_crosstalk=30))
    seen = charge(SpinCharger(4, 4, coupling=1, charger_crosstalk=30)).maximum(until=100)
    assert float(slow.maximum("window", until=100).value) == pytest.approx(seen.value, rel=1e-7)


def test_large_batteries_in_seconds():
    began = time.process_time()
    solution = solve(SpinCharger(20, 20))
    top, power = solution.maximum(), solution.max_power()
    found = charge(SpinCharger(20, 20))
    assert _number(top.value) == pytest.approx(found.first_peak().value, rel=1e-12)
    assert _number(power.approximate) == pytest.approx(found.max_power().value, rel=1e-12)
    assert time.process_time() - began < 15


def test_bad_input():
    solution = solve(SpinCharger(3, 3))
    for until in (1e12, 1e300):
        with pytest.raises(symbattery.InvalidArgument, match=r"`until` must be at most \de\+0\d"):
            largest_until(solution, until)
    with pytest.raises(symbattery.InvalidArgument, match="`until` must be a positive finite"):
        single_cell(4).maximum("window", until=float("inf"))
    for digits in (0, -3, 1.5):
        with pytest.raises(symbattery.InvalidArgument, match="`digits` must"):
            solution.maximum("first peak", digits=digits)
    with pytest.raises(UnsolvedError, match="needs numbers, but these are symbols: chargers"):
        single_cell().maximum("window", until=1)
    with pytest.raises(UnsolvedError, match="constant"):
        highest_power(solve(SpinCharger(3, 3), dicke(0, 0)))
    low, high = around(mpmath.mpf("0.5"), 20)
    assert Rational(1, 10**21) < Rational(1, 2) - low < Rational(1, 10**20) + Rational(1, 10**27)
    assert low < Rational(1, 2) < high
