"""Streams along the chain: their fronts, their conservation laws, their bounds, their digits."""

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import exp1

from numerics import SpinCharger, charge, dicke, thermal
from numerics.dynamics import chain_chebyshev as streams
from numerics.dynamics import chain_evolution as chain_dynamics
from numerics.dynamics.chain_chebyshev import ChiralRecurrence
from numerics.dynamics.checkpoints import CheckpointPropagator
from numerics.dynamics.conservation import ConservationError, PrecisionError
from numerics.dynamics.eigenvectors import ChiralPropagator
from tests.systems import extended, taylor
from tests.systems.ways import chains_of, force


@pytest.fixture
def always_streams(monkeypatch):
    force("recurrences", monkeypatch)


@pytest.mark.parametrize(
    ("model", "state"),
    [
        (SpinCharger(900, 900), None),
        (SpinCharger(901, 700), None),
        (SpinCharger(700, 5000), dicke(0, 2500)),
        (SpinCharger(900, 900), dicke(300, 450)),
        (SpinCharger(900, 900), dicke(900, 1)),
    ],
)
def test_a_front_loses_nothing(model, state):
    """Windows around the wave, from either end or the middle, against the whole chain."""
    (stack,) = chains_of(model, state)
    stream = CheckpointPropagator(ChiralRecurrence.of([stack]))
    times = np.linspace(0, 8.0, 12) / stack.length
    wanted = ChiralPropagator(stack).moments(times)
    scale = [stack.length, stack.length**2, stack.length**3, stack.length]
    for found, value, size in zip(stream.moments(times), wanted, scale, strict=True):
        np.testing.assert_allclose(found, value, atol=3e-13 * size)
    assert np.all(stream.left_out(times) < 1e-14)


@pytest.mark.parametrize("model", [SpinCharger(300, 300), SpinCharger(40, 90)])
def test_strides_are_steps(model):
    """Far away in one go, forth and back, against eigenvectors."""
    (stack,) = chains_of(model)
    stream = ChiralRecurrence.of([stack])
    time = 50_000 / stream.radius
    state, error = stream.evolved(stream.initial(), time)
    wanted = ChiralPropagator(stack).moments(np.array([time]))
    np.testing.assert_allclose(stream.moments(state)[0], wanted.excitation, atol=1e-9)
    assert error < 1e-14
    again, _ = stream.evolved(state, -time)
    np.testing.assert_allclose(again, stream.initial(), atol=1e-10)


def test_windows_are_smaller_than_the_chain(monkeypatch):
    seen = []
    step = ChiralRecurrence._step

    def watched(self, state, window, time):
        seen.append(window.high - window.low)
        return step(self, state, window, time)

    monkeypatch.setattr(ChiralRecurrence, "_step", watched)
    (stack,) = chains_of(SpinCharger(20_000, 20_000))
    stream = CheckpointPropagator(ChiralRecurrence.of([stack]))
    stream.moments(np.array([1 / 20_000]))
    assert max(seen) < 1500
    assert stream.left_out(np.array([1 / 20_000]))[0] < 1e-14


def test_a_front_that_was_too_near_is_moved(monkeypatch):
    """With no margin at all the leak is noticed, and the step repeated with more room."""
    (stack,) = chains_of(SpinCharger(900, 900))
    times = np.linspace(0, 2.0, 5) / 900
    wanted = ChiralPropagator(stack).excitation(times)
    monkeypatch.setattr(streams, "_FRONT", 1e-3)
    stream = CheckpointPropagator(ChiralRecurrence.of([stack]))
    np.testing.assert_allclose(stream.excitation(times), wanted, atol=1e-10)
    assert np.all(stream.left_out(times) < 1e-13)


@pytest.mark.parametrize("cells", [1, 2, 7, 40])
def test_fifty_digits(cells, always_streams):
    model = SpinCharger(cells, cells + 3)
    battery = charge(model)
    peak = battery.first_peak().time
    for time in (0.1 * peak, peak, 3 * peak):
        wanted = taylor.energy(model, mpmath.mpf(time), digits=30)
        assert abs(float(battery.energy(time)) - wanted) < 1e-13 * cells
        # Small times keep their relative accuracy.
    tiny = float(battery.energy(1e-9))
    assert tiny == pytest.approx(cells * (cells + 3) * 1e-18, rel=1e-12)


@pytest.mark.skipif(not extended.PRECISE, reason="longdouble is double here")
@pytest.mark.parametrize("cells", [300, 999, 1000])
@pytest.mark.parametrize("streaming", [False, True])
def test_eleven_digits_up_to_three_first_peaks(cells, streaming, monkeypatch):
    if streaming:
        force("recurrences", monkeypatch)
    battery = charge(SpinCharger(cells, cells))
    times = np.linspace(0, 3 * battery.first_peak().time, 31)
    wanted = extended.energies(cells, cells, times)
    assert battery._dynamics.by_recurrence is streaming
    assert np.max(np.abs(battery.energy(times) - wanted)) < 1e-12 * cells


@given(
    order=st.permutations(list(range(6))),
    signs=st.lists(st.sampled_from([-1.0, 1.0]), min_size=6, max_size=6),
)
def test_the_order_of_requests_does_not_matter(order, signs):
    (stack,) = chains_of(SpinCharger(9, 11))
    times = np.array(signs) * np.array([0.0, 0.02, 0.3, 0.31, 1.0, 2.5])
    wanted = ChiralPropagator(stack).moments(times)
    stream = CheckpointPropagator(ChiralRecurrence.of([stack]), share=40)
    for i in order:
        found = stream.moments(times[i : i + 1])
        for power, (a, b) in enumerate(zip(found[:3], wanted[:3], strict=True)):
            np.testing.assert_allclose(a[0], b[i], atol=3e-12 * 50.0**power)


def test_checkpoints_stay_within_their_share():
    (stack,) = chains_of(SpinCharger(30, 30))
    stream = CheckpointPropagator(ChiralRecurrence.of([stack]), share=10 * 2 * 16)
    stream.moments(np.linspace(0, 1, 101))
    assert len(stream._checkpoints) <= 11
    assert stream._checkpoints[0].time == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda state: state * (1 + 1e-9), "the norm .* from time 0.1 to 0.2"),
        (lambda state: state * np.nan, "the norm .* from time 0.1 to 0.2"),
        # A shift along the chain keeps the norm.
        (lambda state: state[::-1].copy(), "the mean of H².* from time 0.1 to 0.2"),
    ],
)
def test_a_violated_conservation_law_raises_with_its_step(
    change, message, monkeypatch, always_streams
):
    battery = charge(SpinCharger(30, 30))
    battery.energy(0.1)
    evolved = ChiralRecurrence.evolved

    def broken(self, state, time):
        after, error = evolved(self, state, time)
        return change(after), error

    monkeypatch.setattr(ChiralRecurrence, "evolved", broken)
    with pytest.raises(ConservationError, match=message):
        battery.energy(0.2)


def test_times_beyond_double_precision_are_refused():
    battery = charge(SpinCharger(50, 50))
    for late in (lambda: battery.energy([0.0, 1e5]), lambda: battery.maximum(until=5e3)):
        with pytest.raises(PrecisionError, match=r"numerics\.certified"):
            late()


def test_eigenvectors_are_found_once_streams_have_cost_as_much():
    # A start inside the chain, which reaches all energies.
    battery = charge(SpinCharger(2000, 2000), dicke(1, 1999))
    dynamics = battery._dynamics
    first = battery.first_peak()
    assert dynamics.by_recurrence
    assert 0 < float(dynamics.error(np.array([first.time]))[0]) < 1e-11
    before = battery.energy(first.time)
    battery.energy(np.linspace(0, first.time, 600))
    assert not dynamics.by_recurrence
    assert not np.any(dynamics.error(np.array([first.time])))
    assert float(battery.energy(first.time)) == pytest.approx(float(before), rel=1e-13)


@pytest.mark.parametrize("fields", [{}, {"charger_frequency": 1.4}])
def test_thermal_chargers_of_hundreds(fields, monkeypatch):
    """Many sectors in one stream against the eigenvectors of each."""
    model, state = SpinCharger(40, 60, **fields), thermal(charger_population=0.8)
    by_vectors = charge(model, state)
    times = np.linspace(0, 0.2, 9)
    monkeypatch.setattr(chain_dynamics, "_CHEAP", 1e9)
    wanted = by_vectors._dynamics.moments(times)
    force("recurrences", monkeypatch)
    monkeypatch.setattr(chain_dynamics, "_LENGTH", 400)
    streamed = charge(model, state)
    assert streamed._dynamics.by_recurrence
    found = streamed._dynamics.moments(times)
    assert len(streamed._dynamics._recurrences) > 5
    for power, (a, b) in enumerate(zip(found[:3], wanted[:3], strict=True)):
        np.testing.assert_allclose(a, b, atol=1e-12 * 40 * 100.0**power)


@pytest.mark.parametrize("model", [SpinCharger(2000, 2000), SpinCharger(2000, 2000, -0.3, 1.7)])
def test_invariants_at_two_thousand(model):
    """No size spoils these: 0 ≤ E ≤ M ω0 from empty, E(0) = 0, evenness, the limit of large M."""
    battery = charge(model)
    omega = float(model.frequency or 1)
    peak = battery.first_peak()
    times = np.linspace(0, 1.2 * peak.time, 9)
    energy = battery.energy(times)
    assert energy[0] == 0
    assert np.all((energy >= 0) & (energy <= 2000 * omega))
    np.testing.assert_array_equal(battery.energy(-times), energy)
    assert np.all(energy <= peak.value * (1 + 1e-14))
    power = battery.max_power()
    assert np.all(battery.power(times[1:]) <= power.value)
    # E/(Mω0) → f(2Mgt − ln 4M), to 1/M.
    g = abs(float(model.coupling or 1))
    z = np.exp(np.log(8000) - 4000 * g * times[1:6])
    np.testing.assert_allclose(
        energy[1:6] / (2000 * omega), 1 - z * np.exp(z) * exp1(z), atol=5 / 2000
    )
