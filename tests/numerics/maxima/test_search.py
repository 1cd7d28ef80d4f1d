"""Peaks against analysis, and against scans fine enough to see everything."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from scipy.special import exp1

from numerics import CavityCharger, NoPeakError, Peak, SpinCharger, certified, charge
from numerics.dynamics.interface import Bounds, Moments
from numerics.maxima import search as peaks
from numerics.maxima.brackets import Curve, Span
from numerics.maxima.search import first_peak, highest_power
from numerics.model.states import dicke, fock, mixture, product, thermal


@pytest.mark.parametrize("n", [2, 3, 4, 20, 200, 400])
def test_the_first_peak_of_two_cells(n):
    g, omega = 0.1, 1.3
    battery = charge(SpinCharger(2, n, coupling=g, frequency=omega))
    expected = 16 * n * (n - 1) / (3 * n - 2) ** 2 * omega
    time = np.pi / (np.sqrt(2 * (3 * n - 2)) * g)
    for peak in (battery.first_peak(), battery.maximum(until=40 * time)):
        assert peak.value == pytest.approx(expected, rel=1e-14)
        assert peak.time == pytest.approx(time, rel=1e-13)


def test_power_of_two_cells_by_golden_section():
    battery = charge(SpinCharger(2, 4))
    best = optimize.minimize_scalar(
        lambda t: -float(battery.power(t)), bracket=(0.3, 0.6, 0.9), tol=1e-12
    )
    peak = battery.max_power()
    assert peak.value == pytest.approx(-best.fun, rel=1e-14)
    assert peak.time == pytest.approx(best.x, rel=1e-7)


def test_a_later_and_higher_energy_does_not_hide_the_power():
    """Where E climbs in ripples, P may peak far from the first peak of E, or on it."""
    model = SpinCharger(3, 3, charger_frequency=4.0)
    battery = charge(model)
    first, best = battery.first_peak(), battery.maximum(until=200)
    assert best.time > 3 * first.time
    assert best.value > 1.005 * first.value
    times = np.linspace(1e-3, 200, 400_001)
    power = battery.max_power()
    scanned = battery.power(times)
    assert power.value >= scanned.max() - 1e-15
    assert power.value == pytest.approx(scanned.max(), rel=1e-6)


class Ripples:
    """E' = d + Σ a cos(wt + φ)."""

    def __init__(self, drift, amplitudes, rates, phases, gain=1.0):
        self.drift, self.a, self.w, self.phases = drift, amplitudes, rates, phases
        self.bandwidth = max(rates)
        self.bounds = Bounds(gain, float(self.a @ self.w), float(self.a @ self.w**2))

    def slopes(self, times):
        return self.drift + self.a @ np.cos(np.outer(self.w, times) + self.phases[:, None])

    def moments(self, times):
        angles = np.outer(self.w, times) + self.phases[:, None]
        value = self.drift * times + (self.a / self.w) @ (
            np.sin(angles) - np.sin(self.phases)[:, None]
        )
        curvature = -(self.a * self.w) @ np.sin(angles)
        return Moments(value, self.slopes(times), curvature, np.abs(value))


def test_the_search_for_power_goes_on_until_nothing_can_beat_it():
    """What was seen in a weak fast ripple is no reason to stop before the slow gain has come.

    E = c sin²(t) + sin²(εt), the slow gain 10% more powerful.
    """
    sizes, rates = np.array([1e-3 / 1.1, 1.0]), np.array([1.0, 1e-3])
    dynamics = Ripples(0, sizes * rates, 2 * rates, np.full(2, -np.pi / 2), sizes.sum())
    found = highest_power(dynamics)
    times = np.linspace(1e-3, 4e3, 2_000_001)
    power = dynamics.moments(times).excitation / times
    assert found.time > 900
    assert power[times < 3].max() > 0.9 * found.value
    assert found.value >= power.max() * (1 - 1e-15)
    assert found.value == pytest.approx(power.max(), rel=1e-7)


@given(st.integers(0, 2**32 - 1), st.floats(0.001, 0.3), st.sampled_from([1.0, 9.0]))
def test_no_dip_is_too_narrow_for_the_first_peak(seed, depth, step):
    """Whatever the samples to begin with: the bounds decide, not their density."""
    rng = np.random.default_rng(seed)
    a, w = rng.uniform(0.2, 1, 4), rng.uniform(0.3, 3, 4)
    dynamics = Ripples((1 - depth) * a.sum(), a, w, rng.uniform(0, 2 * np.pi, 4))
    times = np.linspace(0, 400, 1_000_001)
    slopes = dynamics.slopes(times)
    falls = np.flatnonzero((slopes[:-1] > 0) & (slopes[1:] <= 0))
    if len(falls):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(peaks, "_STEP", step)
            found = first_peak(dynamics)
        # A dip that even the scan has missed may come before.
        assert found.time < times[falls[0] + 1]
        around = found.time * np.array([1 - 1e-9, 1 + 1e-9])
        assert dynamics.slopes(around)[0] > dynamics.slopes(around)[1]
        assert abs(dynamics.slopes(np.array([found.time]))[0]) < 1e-9


@pytest.mark.parametrize("power", [False, True])
@pytest.mark.parametrize("count", [1, 4])
def test_bounds_between_samples(count, power):
    """Of σ″ and of the curve: never below the truth, nor far above it; E″ changes fast or not."""
    rng = np.random.default_rng(count)
    a, w = rng.uniform(0.2, 1, count), rng.uniform(0.5, 3, count)
    dynamics = Ripples(0.0, a, w, np.zeros(count))
    curve = Curve(dynamics, power)
    samples = curve(np.linspace(1e-6, 4, 30) / w.max())
    left, right, gaps = samples.at(slice(None, -1)), samples.at(slice(1, None)), curve.gaps(samples)
    bound = curve._second_of_sigma(left, right, curve._third(Span.of(left, right)))
    times = np.linspace(left.time, right.time, 50)
    inside = dynamics.moments(times.ravel())
    value, curvature = (x.reshape(times.shape) for x in (inside.excitation, inside.curvature))
    third = ((a * -(w**2)) @ np.cos(np.outer(w, times.ravel()))).reshape(times.shape)
    value, second = (value / times, curvature + times * third) if power else (value, third)
    assert np.all(np.abs(second).max(axis=0) <= bound * (1 + 1e-12))
    assert np.max(np.abs(second).max(axis=0) / bound) > 0.8
    assert np.all(value.max(axis=0) <= gaps.ceiling * (1 + 1e-12))
    assert np.min(gaps.ceiling / value.max(axis=0)) < 1.01


@pytest.mark.parametrize("model", [SpinCharger(60, 90), SpinCharger(4, 4, anisotropy=0.25)])
@pytest.mark.parametrize("power", [False, True])
def test_noise_is_the_rounding_of_doubles(model, power):
    """Against proven digits, from both sides."""
    samples = Curve(charge(model)._dynamics, power)(np.array([0.01, 0.1, 0.7, 5.3]))
    off = []
    for time, value in zip(samples.time, samples.value, strict=True):
        exact = certified.energy(model, Fraction(time), 30, floats=True).lower
        unit = Fraction(time) if power else 1
        off.append(float(abs(exact / unit - Fraction(value))))
    assert np.all(off <= samples.noise)
    assert np.max(off / samples.noise) > 0.02


@st.composite
def scanned(draw):
    """A battery, the ideal ones detuned, with crosstalk and of any γ; others are chains."""
    kind = draw(st.sampled_from(["ideal", "ideal", "dicke", "charger", "both"]))
    gamma = draw(st.sampled_from([0, 0.3, 1])) if kind == "ideal" else 0
    m, n = draw(st.integers(1, 4 if gamma else 7)), draw(st.integers(1, 5 if gamma else 7))
    population = draw(st.floats(0.05, 0.95))
    state = {
        "ideal": None,
        "dicke": dicke(draw(st.integers(0, m)), draw(st.integers(0, n))),
        "charger": thermal(charger_population=population),
        "both": thermal(cell_population=1 - population, charger_population=population),
    }[kind]
    omega = draw(st.sampled_from([1.0, 1.4, 4.0]) | st.floats(0.3, 3))
    crosstalk = draw(st.sampled_from([0.0, 0.7]) | st.floats(-1, 1))
    model = SpinCharger(
        m, n, anisotropy=gamma, charger_frequency=omega, charger_crosstalk=crosstalk
    )
    return charge(model, state)


@settings(derandomize=True, deadline=None, max_examples=30)
@given(scanned())
def test_peaks_are_where_a_dense_scan_sees_them(battery):
    """First peak, largest energy and largest power, pure and mixed, by brute force."""
    times = np.linspace(0, 6, 60_001)
    energy, power = battery.energy(times), battery.power(times)
    if np.ptp(energy) < 1e-9:
        return
    largest, strongest = battery.maximum(until=6), battery.max_power()
    assert largest.value >= energy.max() - 1e-13
    assert largest.value == pytest.approx(max(energy.max(), 0), abs=1e-5)
    assert float(battery.energy(largest.time)) == pytest.approx(largest.value, abs=1e-13)
    assert strongest.value >= power.max() - 1e-13
    if power.max() > 0.05 and strongest.time < 6:
        assert strongest.value == pytest.approx(power.max(), abs=1e-5)
    tops = np.flatnonzero((energy[1:-1] > energy[:-2]) & (energy[1:-1] >= energy[2:])) + 1
    # A scan sees rounding as peaks where a curve is flat.
    lowest = np.minimum(energy[np.maximum(tops - 40, 0)], energy[np.minimum(tops + 40, 60_000)])
    tops = tops[energy[tops] - lowest > 1e-10]
    if len(tops):
        first = battery.first_peak()
        assert first.time == pytest.approx(times[tops[0]], abs=2e-3)
        # Nothing before the first peak falls by more than rounding.
        before = np.diff(energy[times <= first.time])
        assert np.all(before > -1e-12) or before[0] < 0
        around = battery.energy(first.time * np.array([1 - 1e-5, 1 + 1e-5]))
        assert first.value >= around.max() - 1e-14


def test_the_ends_of_the_window_and_equal_maxima():
    battery, emptied = charge(SpinCharger(1, 1)), charge(SpinCharger(1, 1), dicke(1, 0))
    peak = battery.maximum(until=500 * np.pi)
    assert peak.time == pytest.approx(np.pi / 2, rel=1e-13)
    assert peak.value == pytest.approx(1, abs=1e-15)
    assert battery.maximum(until=0.5) == Peak(0.5, float(battery.energy(0.5)))
    assert emptied.maximum(until=2) == Peak(0.0, 0.0)


def test_mirror_chain_transfers_everything():
    """M = 2, N = 4, m = 3: hops √6·√(3·2)... are mirror symmetric and the charge is complete."""
    peak = charge(SpinCharger(2, 4), dicke(0, 3)).first_peak()
    assert peak.value == pytest.approx(2, abs=1e-14)


def test_the_limit_of_large_numbers():
    """P_max ≃ max_u 2M²gω₀ f(u)/(u + ln 4M) to a relative 1/M (see DESIGN)."""

    def f(u):
        z = np.exp(-u)
        return 1 - z * np.exp(z) * exp1(z)

    for m in (100, 300):
        u = np.linspace(-5, 8, 200_001)
        estimate = np.max(2 * m * m * f(u) / (u + np.log(4 * m)))
        assert charge(SpinCharger(m, m)).max_power().value == pytest.approx(estimate, rel=3 / m)


def test_hundreds_of_cells():
    battery = charge(SpinCharger(300, 300, coupling=0.1))
    first = battery.first_peak()
    assert first.value == pytest.approx(298.66394683691, rel=1e-10)
    window = np.linspace(0.98, 1.02, 4001) * first.time
    assert first.value >= battery.energy(window).max() - 1e-10
    assert battery.max_power().time < first.time


@pytest.mark.parametrize(
    ("model", "state"),
    [
        (SpinCharger(2, 3, coupling=0), None),
        (SpinCharger(2, 3), dicke(0, 0)),
        (SpinCharger(2, 3), dicke(2, 3)),
        (SpinCharger(2, 3), thermal(cell_population=0.3, charger_population=0.3)),
        (SpinCharger(2, 2), mixture([(0.5, dicke(0, 0)), (0.5, dicke(2, 2))])),
        (CavityCharger(2), fock(0)),
        (CavityCharger(2, coupling=0, anisotropy=0.5), None),
        (SpinCharger(2, 3, coupling=0, charger_frequency=2, anisotropy=1), None),
    ],
)
def test_a_constant_energy_has_no_peak(model, state):
    battery = charge(model, state)
    with pytest.raises(NoPeakError, match="constant"):
        battery.first_peak()
    assert battery.maximum(until=30) == Peak(0.0, 0.0)
    assert battery.max_power() == Peak(0.0, 0.0)
    np.testing.assert_allclose(battery.energy([0, 1, 7]), 0, atol=1e-15)


def test_a_full_battery_has_a_first_revival_but_no_power():
    battery = charge(SpinCharger(1, 2), dicke(1, 0))
    assert battery.max_power() == Peak(0.0, 0.0)
    revival = battery.first_peak()
    assert revival.value == pytest.approx(0, abs=1e-15)
    assert revival.time == pytest.approx(np.pi / np.sqrt(2), rel=1e-7)


def test_a_far_detuned_battery_keeps_relative_accuracy():
    g, detuning = 1e-4, 9.0
    battery = charge(SpinCharger(1, 1, coupling=g, charger_frequency=1 + detuning))
    rabi = np.sqrt(4 * g**2 + detuning**2)
    peak = battery.first_peak()
    assert peak.value == pytest.approx(4 * g**2 / rabi**2, rel=1e-11, abs=0)
    assert peak.time == pytest.approx(np.pi / rabi, rel=1e-9)
    power = 0.724611353776707 * (4 * g**2 / rabi**2) * rabi / 2
    assert battery.max_power().value == pytest.approx(power, rel=1e-10, abs=0)


def test_double_roots_between_samples_are_found():
    """Shallow dips: maximum of a window that ends in the middle of nothing still sees them."""
    battery = charge(SpinCharger(4, 4), product([0.1, 0.2, 0, 0.4], [1, 0.9, 0.8, 1]))
    times = np.linspace(0, 25, 100_001)
    energy = battery.energy(times)
    inner = (energy[1:-1] > energy[:-2]) & (energy[1:-1] >= energy[2:])
    first = times[1:-1][inner][0]
    assert battery.first_peak().time == pytest.approx(first, abs=3e-4)


def test_a_peak_just_inside_its_interval_is_found():
    # A sample falls so close to the peak that Newton's steps from the other side pass beyond it.
    battery = charge(SpinCharger(17, 75))
    peak = battery.max_power()
    around = battery.power(np.linspace(0.9, 1.1, 4001) * peak.time)
    assert around.max() == pytest.approx(peak.value, rel=1e-12)
