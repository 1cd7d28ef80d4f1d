"""Maxima of ergotropies against dense scans, whole density matrices, and closed forms."""

import numpy as np
import pytest
from scipy import optimize

from numerics import (
    CavityCharger,
    ClassicalDrive,
    InvalidArgument,
    NoPeakError,
    OscillatorBattery,
    Peak,
    SpinCharger,
    charge,
    coherent,
    loss,
)
from numerics.maxima.quantities import searched
from numerics.model.states import dicke, fock, mixture, product, thermal
from numerics.observables.table import OBSERVABLES, Observable, named, register
from tests.systems import figures_of_merit as judge

UNTIL = 4.0
TIMES = np.linspace(0, UNTIL, 20_001)


def drawn(seed):
    """A random model and start, and the options of an ergotropy."""
    rng = np.random.default_rng(seed)
    cells, chargers = rng.integers(1, 4, 2).tolist()
    if seed % 3 == 0:
        cells = max(cells, 2)
    model = SpinCharger(
        cells,
        chargers,
        coupling=float(rng.uniform(0.6, 1.4) * rng.choice([-1, 1])),
        frequency=float(rng.uniform(0.5, 2)),
        anisotropy=float(rng.choice([0, 0, 0.3, 1])),
        charger_frequency=[None, float(rng.uniform(0.5, 2))][seed % 2],
        charger_crosstalk=float(rng.choice([0, 0.4])),
        cell_crosstalk=float(rng.choice([0, -0.3])),
    )
    starts = (
        None,
        dicke(int(rng.integers(cells + 1)), int(rng.integers(chargers + 1))),
        thermal(charger_population=float(rng.uniform(0.5, 1))),
        thermal(cell_population=float(rng.uniform(0, 0.7)), charger_population=0.9),
        product([0.3] * cells, [1] * (chargers - 1) + [0.5]),
        mixture([("3/4", dicke(0, chargers)), ("1/4", dicke(1, 0))]),
    )
    sense = ("full", "symmetric", "daemonic", "local")[seed % 4]
    options = {"sense": sense}
    if seed % 5 == 0 and cells > 1:
        options["cells"] = int(rng.integers(1, cells + 1))
    if seed % 7 == 0:
        options["part"] = "incoherent"
    return model, starts[seed % len(starts)], options


def judged(model, initial, times, options):
    return judge.quantity("ergotropy", model, initial, times, **options)


@pytest.mark.parametrize("seed", range(48))
def test_maxima_are_where_a_dense_scan_sees_them(seed):
    model, initial, options = drawn(seed)
    battery, unit = charge(model, initial), model.frequency
    value = battery.ergotropy(TIMES, **options)
    largest = battery.maximum("ergotropy", until=UNTIL, **options)
    assert largest.value >= value.max() - 2e-13 * unit
    assert largest.value == pytest.approx(value.max(), abs=1e-6 * unit)
    found = battery.ergotropy(largest.time, **options)
    assert float(found) == pytest.approx(largest.value, abs=1e-13 * unit)
    assert judged(model, initial, [largest.time], options)[0] == pytest.approx(
        largest.value, abs=1e-11
    )
    assert judged(model, initial, TIMES[::800], options).max() <= largest.value + 1e-11
    strongest = battery.max_power("ergotropy", **options)
    power = (value[1:] - value[0]) / TIMES[1:]
    assert strongest.value >= power.max() - 1e-12 * unit
    if strongest.time < UNTIL and strongest.value > 0:
        assert strongest.value == pytest.approx(power.max(), rel=1e-5)


def first_fall(values, visible):
    """The place of the first maximum that a scan rises to and falls from."""
    valley = np.flatnonzero(values > np.minimum.accumulate(values) + visible)
    if not len(valley):
        return None
    begin = int(np.argmin(values[: valley[0] + 1]))
    rest = values[begin:]
    after = np.flatnonzero(rest < np.maximum.accumulate(rest) - visible)
    return begin + int(np.argmax(rest[: after[0] + 1])) if len(after) else None


@pytest.mark.parametrize("seed", range(48))
def test_the_first_peak_is_the_first_fall_of_a_dense_scan(seed):
    model, initial, options = drawn(seed)
    battery = charge(model, initial)
    value = battery.ergotropy(TIMES, **options)
    place = first_fall(value, 1e-7 * model.cells * model.frequency)
    if place is None:
        return
    peak = battery.first_peak("ergotropy", **options)
    assert peak.time < TIMES[place] + 2 * TIMES[1]
    if peak.time < TIMES[place] - 2 * TIMES[1]:  # one that a coarse scan may not see
        assert first_fall(value, 1e-10 * model.cells * model.frequency) < place
    tops = []
    for step in (5e-4, 1e-3):
        left, middle, right = battery.ergotropy(peak.time + step * np.array([-1, 0, 1]), **options)
        assert peak.value >= max(left, right) - 1e-12
        assert middle == pytest.approx(peak.value, abs=1e-13)
        tops.append((right - left) / (left + right - 2 * middle) * step / 2)
    # Far beyond the scan: parabolas through the neighbours, extrapolated, have their top there.
    assert (4 * tops[0] - tops[1]) / 3 == pytest.approx(0, abs=2e-9)


@pytest.mark.parametrize("seed", range(0, 48, 2))
def test_no_curve_bends_down_more_than_its_bound(seed):
    model, initial, options = drawn(seed)
    battery = charge(model, initial)
    row, given = named("ergotropy", options, model.cells)
    search = searched(row, battery._at_start, battery._searchable, given)
    curve = getattr(search, "curve", None)
    if curve is None:
        return
    values, step = curve(TIMES), TIMES[1]
    bend = -np.diff(values, 2) / step**2
    assert bend.max() <= curve.curvature * (1 + 1e-6) + 1e-8
    assert values.max() <= curve.scale * (1 + 1e-12)


def test_the_bound_of_the_curvature_is_near():
    """The ideal start bends down by a tenth of what is allowed, or more."""
    battery = charge(SpinCharger(8, 8))
    row, given = named("ergotropy", {}, 8)
    curve = searched(row, battery._at_start, battery._searchable, given).curve
    times = np.linspace(0, 1, 4001)
    assert -np.diff(curve(times), 2).min() / times[1] ** 2 > curve.curvature / 10


@pytest.mark.parametrize("chargers", [1, 2, 9])
@pytest.mark.parametrize("sense", ["full", "symmetric", "local"])
def test_one_cell(chargers, sense):
    """ℰ = max(0, −ω₀ cos(2g√N t)), and the largest ℰ/t where y tan y = −1, y = 2g√N t."""
    g, omega = 0.7, 1.3
    battery = charge(SpinCharger(1, chargers, coupling=g, frequency=omega))
    rate = 2 * g * np.sqrt(chargers)
    for peak in (
        battery.first_peak("ergotropy", sense=sense),
        battery.maximum(f"ergotropy(sense={sense})", until=40 / rate),
    ):
        assert peak.value == pytest.approx(omega, rel=1e-14)
        assert peak.time == pytest.approx(np.pi / rate, rel=1e-7)
    y = optimize.brentq(lambda y: y * np.sin(y) + np.cos(y), 2, 3.1, xtol=1e-15)
    power = battery.max_power("ergotropy", sense=sense)
    assert power.value == pytest.approx(-omega * np.cos(y) / y * rate, rel=1e-13)
    assert power.time == pytest.approx(y / rate, rel=1e-9)


@pytest.mark.parametrize("chargers", [2, 3, 4, 30, 400])
def test_two_cells(chargers):
    """At the top one cell alone is never excited: ℰ = 3p₂ − 1, all senses but the daemonic."""
    battery = charge(SpinCharger(2, chargers))
    q = chargers / (3 * chargers - 2)
    both, time = 4 * q * (1 - q), np.pi / np.sqrt(2 * (3 * chargers - 2))
    for sense, value in (
        ("full", 3 * both - 1),
        ("symmetric", 3 * both - 1),
        ("local", 4 * both - 2),
        ("daemonic", 2 * both),
    ):
        peak = battery.maximum("ergotropy", sense=sense, until=1.9 * time)
        assert peak.value == pytest.approx(value, rel=1e-13), sense
        assert peak.time == pytest.approx(time, rel=1e-9)


def test_the_power_of_the_ergotropy_counts_what_is_gained():
    """From a full battery nothing is, from all cells half the time."""
    assert charge(SpinCharger(2, 2), dicke(2, 0)).max_power("ergotropy") == Peak(0.0, 0.0)
    battery = charge(SpinCharger(3, 3), dicke(1, 3))
    times = np.linspace(1e-3, 3, 30_001)
    for sense in judge.SENSES:
        value = battery.ergotropy(times, sense=sense) - battery.ergotropy(0.0, sense=sense)
        peak = battery.max_power("ergotropy", sense=sense)
        assert peak.value == pytest.approx((value / times).max(), rel=1e-7)


def test_the_capacity():
    battery = charge(SpinCharger(3, 4, charger_frequency=1.3))
    times = np.linspace(0, 5, 20_001)
    value = battery.capacity(times)
    assert battery.maximum("capacity", until=5) == Peak(0.0, 3.0)
    inner = np.flatnonzero((value[1:-1] > value[:-2]) & (value[1:-1] >= value[2:])) + 1
    assert battery.first_peak("capacity").time == pytest.approx(times[inner[0]], abs=3e-4)


@pytest.mark.parametrize("sense", judge.SENSES)
def test_a_cavity(sense):
    for model, initial in (
        (CavityCharger(3), None),
        (CavityCharger(2, anisotropy=0.2, charger_frequency=2), fock(1)),
        (CavityCharger(2), thermal(charger_inverse_temperature=0.9)),
    ):
        battery = charge(model, initial)
        times = np.linspace(0, 5, 4001)
        value = battery.ergotropy(times, sense=sense)
        peak = battery.maximum("ergotropy", sense=sense, until=5)
        assert peak.value >= value.max() - 1e-12
        assert peak.value == pytest.approx(value.max(), abs=1e-5)


@pytest.mark.parametrize(
    ("model", "state"),
    [
        (SpinCharger(2, 3, coupling=0), None),
        (SpinCharger(2, 3), dicke(0, 0)),
        (SpinCharger(2, 3), dicke(2, 3)),
    ],
)
def test_constant_ergotropies_have_no_peak(model, state):
    battery = charge(model, state)
    constant = float(battery.ergotropy(1.0))
    for sense in judge.SENSES:
        with pytest.raises(NoPeakError):
            battery.first_peak("ergotropy", sense=sense)
        assert battery.maximum("ergotropy", sense=sense, until=3) == Peak(0.0, constant)
        assert battery.max_power("ergotropy", sense=sense) == Peak(0.0, 0.0)


def test_hot_cells_that_are_never_inverted():
    """A curve of nothing but zeros."""
    battery = charge(SpinCharger(2, 2), thermal(cell_population=0.3, charger_population=0.4))
    for sense in ("full", "symmetric", "local"):
        peak = battery.maximum("ergotropy", sense=sense, until=20)
        assert peak.value == pytest.approx(0, abs=1e-13)


@pytest.mark.parametrize("sense", ["full", "symmetric"])
def test_hundreds_of_cells(sense):
    battery = charge(SpinCharger(200, 200))
    peak = battery.maximum("ergotropy", sense=sense, until=0.05)
    times = np.linspace(0.9, 1.1, 4001) * peak.time
    value = battery.ergotropy(times[times < 0.05], sense=sense)
    assert peak.value == pytest.approx(value.max(), rel=1e-7)
    assert peak.value >= value.max() - 1e-10


def test_low_peaks_of_the_energy_are_none_of_the_local_ergotropy():
    """E has peaks at gt = 0.536, where less than half of it is there, and 1.544."""
    battery = charge(SpinCharger(3, 3, charger_crosstalk=2))
    assert battery.first_peak().time == pytest.approx(0.536, abs=1e-3)
    peak = battery.first_peak("ergotropy", sense="local")
    assert peak.time == pytest.approx(1.544, abs=1e-3)
    assert peak.value == pytest.approx(float(battery.ergotropy(peak.time, sense="local")))


# Rows that are means of a weight


@pytest.fixture
def weighted():
    """Rows with these weights, until the end of the test."""
    names = []

    def row(weight, order=1):
        names.append(f"weighted_{'abcdef'[len(names)]}")
        register(Observable(names[-1], "w", "1", "A toy.", "None.", weight=weight, order=order))
        return names[-1]

    yield row
    for name in names:
        OBSERVABLES.pop(name)


WEIGHTED = [
    (SpinCharger(2, 3), None, ()),
    (SpinCharger(4, 6, frequency=2.5, charger_frequency=1.7, cell_crosstalk=0.3), None, ()),
    (SpinCharger(3, 2, anisotropy=0.4), None, ()),
    (SpinCharger(3, 4), dicke(1, 2), ()),
    (SpinCharger(3, 4), product([0.2] * 3, [0.9] * 4), ()),
    (SpinCharger(2, 2), product([0.1, 0.6], [1, 1]), ()),
    (CavityCharger(3), None, ()),
    (CavityCharger(2), coherent(1.3), ()),
    (ClassicalDrive(3), None, ()),
    (OscillatorBattery(3), None, ()),
    (SpinCharger(2, 2), dicke(2, 0), (loss("cells", 0.7),)),
]


@pytest.mark.parametrize("order", [0, 2])
@pytest.mark.parametrize(("model", "initial", "noise"), WEIGHTED, ids=str)
def test_maxima_of_any_weight_are_where_a_dense_scan_sees_them(
    model, initial, noise, order, weighted
):
    table = np.random.default_rng(order).normal(size=40)
    name = weighted(lambda k: table[np.asarray(k, dtype=int)], order)
    charging = charge(model, initial, noise=noise)
    times = np.linspace(0, 2 * UNTIL, 60_001)
    value = getattr(charging, name)(times)
    assert abs(value[0]) < 1e-13
    size = np.ptp(value)
    largest = charging.maximum(name, until=times[-1])
    assert largest.value >= value.max() - 1e-12 * size
    assert getattr(charging, name)(largest.time) == pytest.approx(largest.value, abs=1e-12 * size)
    power = charging.max_power(name)
    assert power.value >= np.max(value[1:] / times[1:]) * (1 - 1e-9)
    tops = np.flatnonzero((value[1:-1] > value[:-2]) & (value[1:-1] >= value[2:])) + 1
    seen = [i for i in tops if value[i] - min(value[i], value[i:].min()) > 1e-6 * size]
    if seen:
        peak = charging.first_peak(name)
        assert abs(peak.time - times[seen[0]]) < 1e-3
        assert peak.value == pytest.approx(value[seen[0]], abs=1e-5 * size)


def test_a_weight_that_counts_cells_is_the_energy(weighted):
    name = weighted(lambda k: k)
    charging = charge(SpinCharger(4, 5, frequency=1.5, coupling=0.3))
    small = np.array([1e-8, 1e-3, 0.7])
    np.testing.assert_allclose(getattr(charging, name)(small), charging.energy(small), rtol=1e-13)
    for ask in (charging.first_peak, charging.max_power, lambda n: charging.maximum(n, until=40)):
        one, other = ask(name), ask("energy")
        assert (one.time, one.value) == pytest.approx((other.time, other.value), rel=1e-9)
    assert charging.mean(name) == pytest.approx(charging.mean("energy"), rel=1e-13)


def test_the_mean_of_a_weight(weighted):
    name = weighted(lambda k: (-1.0) ** k, 0)
    charging = charge(SpinCharger(3, 4, charger_crosstalk=0.2), dicke(1, 2))
    p = charging.mean("populations")
    assert charging.mean(name) == pytest.approx(p @ [1, -1, 1, -1] + 1, rel=1e-13)


def test_what_does_not_move_has_no_peak(weighted):
    name = weighted(lambda k: 3)
    charging = charge(SpinCharger(2, 2))
    with pytest.raises(NoPeakError, match="it is constant"):
        charging.first_peak(name)
    assert charging.maximum(name, until=2) == charging.max_power(name) == Peak(0.0, 0.0)


def test_a_row_with_a_function_has_no_maxima(weighted):
    name = weighted(lambda k: k)
    with pytest.raises(InvalidArgument, match=f"be one whose maxima are provable, .*{name}"):
        charge(SpinCharger(2, 2)).first_peak("purity")
    for given in ({}, {"weight": abs, "function": abs}):
        with pytest.raises(InvalidArgument, match="`weight` or `function` must be given"):
            Observable("neither", "w", "1", "A toy.", "None.", **given)
