"""Open batteries: all channels against the Liouvillian of all spins, closed forms, limits."""

import math
from itertools import product

import numpy as np
import pytest
from sympy import Symbol

from numerics import (
    Bloch,
    CavityCharger,
    CoupledOscillators,
    GroupedSpins,
    InvalidArgument,
    PrecisionError,
    SpinCharger,
    SpinGroup,
    TooLargeError,
    bath,
    charge,
    dephasing,
    dicke,
    fock,
    loss,
    pump,
    spin_coherent,
    thermal,
)
from numerics import product as product_state
from numerics.model.noise import Channel
from tests.systems import open_systems, oracle

EVERY = [
    (kind, side, rate, collective)
    for rate, (kind, side, collective) in zip(
        (0.31, 0.12, 0.23, 0.17, 0.08, 0.27, 0.19, 0.34, 0.05, 0.14, 0.21, 0.11),
        product(("loss", "pump", "dephasing"), ("cells", "chargers"), (False, True)),
        strict=True,
    )
]
TUNED = {
    "coupling": 0.7,
    "charger_frequency": 1.4,
    "charger_crosstalk": 0.3,
    "cell_crosstalk": -0.2,
}
CASES = {
    **{f"{c[0]} of {c[1]}{' together' * c[3]}": ((2, 2, {}), dicke(1, 2), [c]) for c in EVERY},
    "all of two and two": ((2, 2, TUNED), dicke(0, 2), EVERY),
    "all of three and one": ((3, 1, {"coupling": 0.9}), dicke(2, 0), EVERY),
    "all of one and three": ((1, 3, TUNED), dicke(0, 2), EVERY),
    "all of two and three": ((2, 3, {}), dicke(1, 2), EVERY),
    "anisotropic": ((2, 2, {**TUNED, "anisotropy": 0.4}), dicke(0, 2), EVERY),
    "mostly pairs": ((2, 1, {"anisotropy": -1.6}), dicke(1, 1), EVERY[::2]),
    "longitudinal": ((2, 2, {"longitudinal": 0.3, "cell_longitudinal": 0.2}), dicke(0, 1), EVERY),
    "thermal": ((2, 2, TUNED), thermal(cell_population=0.2, charger_population=0.9), EVERY[:4]),
    "superposed": ((2, 2, TUNED), spin_coherent(0.9, 1.0, excited_cells=Bloch(2.0, 0.3)), EVERY),
}  # fmt: skip
TIMES = np.array([0.0, 0.6, 1.7])
NAMES = (
    "populations", "energy_variance", "ergotropy", "capacity", "entropy", "purity", "negativity",
    "coherence", "quantum_fisher_information",
)  # fmt: skip


def noise(channels):
    return [Channel(side, rate, together, kind) for kind, side, rate, together in channels]


@pytest.mark.parametrize("case", CASES)
def test_every_figure_of_merit_on_all_spins(case):
    (cells, chargers, fields), start, channels = CASES[case]
    model = SpinCharger(cells, chargers, **fields)
    open_battery = charge(model, start, noise=noise(channels))
    first = oracle.density_matrix(model, start)
    states = [open_systems.evolved(model, channels, first, time) for time in TIMES]
    found = [open_systems.figures(model, state) for state in states]
    for name in NAMES:
        wanted = np.array([figures[name] for figures in found])
        np.testing.assert_allclose(getattr(open_battery, name)(TIMES), wanted, atol=1e-11)
    wanted = [figures["daemonic"] for figures in found]
    daemonic = open_battery.ergotropy(TIMES, sense="daemonic")
    np.testing.assert_allclose(daemonic, wanted, atol=1e-11)
    gained, charged = (
        np.array([figures[name] - found[0][name] for figures in found])
        for name in ("excited", "charged")
    )
    np.testing.assert_allclose(open_battery.energy(TIMES), gained, atol=1e-12)
    work = gained + charged * fields.get("charger_frequency", 1)
    np.testing.assert_allclose(open_battery.switching_work(TIMES), work, atol=1e-12)


# Closed forms


@pytest.mark.parametrize("cells", [1, 3, 40])
@pytest.mark.parametrize("rates", [(0.2, 0.5), (0.7, 0.0), (0.3, 0.3)])
def test_one_excitation_with_loss_on_both_sides(cells, rates):
    """The bright mode and the charger are two damped oscillators."""
    own, other = rates
    times = np.linspace(0, 3, 40)
    frequency = np.emath.sqrt(cells - (other - own) ** 2 / 16)
    wanted = cells * np.exp(-(own + other) * times / 2)
    wanted = wanted * np.real((np.sin(frequency * times) / frequency) ** 2)
    for model, start, charger in (
        (SpinCharger(cells, 1), dicke(0, 1), "chargers"),
        (CavityCharger(cells), fock(1), "cavity"),
    ):
        lossy = charge(model, start, noise=[loss("cells", own), loss(charger, other)])
        np.testing.assert_allclose(lossy.energy(times), wanted, atol=1e-13)


@pytest.mark.parametrize("chargers", [1, 4, 30])
@pytest.mark.parametrize("rate", [0.3, 5.0])
def test_one_cell_with_dephasing(chargers, rate):
    """Bloch's equations of two levels."""
    times = np.linspace(0, 3, 40)
    damping = rate / 2
    frequency = np.emath.sqrt(4 * chargers - damping**2 / 4)
    wave = np.cos(frequency * times) + damping / (2 * frequency) * np.sin(frequency * times)
    wanted = (1 - np.exp(-damping * times / 2) * np.real(wave)) / 2
    found = charge(SpinCharger(1, chargers), noise=[dephasing("cells", rate)]).energy(times)
    np.testing.assert_allclose(found, wanted, atol=1e-13)


def test_equal_loss_everywhere():
    """The number of excitations decays, whatever the exchange does."""
    times = np.linspace(0, 4, 30)
    model = SpinCharger(4, 6, coupling=0.3, charger_crosstalk=0.2)
    lossy = charge(model, dicke(1, 5), noise=[loss("cells", 0.4), loss("chargers", 0.4)])
    lost = 6 * np.expm1(-0.4 * times)
    np.testing.assert_allclose(lossy.switching_work(times), lost, atol=1e-12)


# Steady states


def gibbs(levels, degeneracies, exponent):
    weights = np.array(degeneracies) * np.exp(-exponent * np.arange(levels))
    return weights / weights.sum()


def test_a_bath_leads_to_its_temperature():
    """Detailed balance of every spin, and of each total spin where the noise is collective."""
    model, heat = SpinCharger(4, 3, coupling=0.2), 0.8
    both = [bath("cells", 0.3, heat), bath("chargers", 0.1, heat)]
    found = charge(model, noise=both).steady("populations")
    wanted = gibbs(5, [math.comb(4, k) for k in range(5)], 1 / heat)
    np.testing.assert_allclose(found, wanted, atol=1e-11)
    together = [bath(side, 0.3, heat, collective=True) for side in ("cells", "chargers")]
    found = charge(model, noise=together).steady("populations")
    np.testing.assert_allclose(found, gibbs(5, [1] * 5, 1 / heat), atol=1e-11)


def test_a_cold_bath_only_takes():
    cold, lossy = bath("cells", 0.3, 1e-6), loss("cells", 0.3)
    one, other = (charge(SpinCharger(2, 3), noise=[n]).energy([0.5, 2.0]) for n in (cold, lossy))
    np.testing.assert_allclose(one, other, rtol=1e-14)


def test_the_steady_state_is_that_of_late_times():
    model = SpinCharger(3, 2, coupling=0.4, anisotropy=0.3)
    lossy = charge(model, noise=[loss("cells", 0.5), pump("chargers", 0.3)])
    late = [400.0]
    for name in ("energy", "ergotropy", "entropy", "populations"):
        np.testing.assert_allclose(lossy.steady(name), getattr(lossy, name)(late)[0], atol=1e-10)
    assert lossy.mean() == pytest.approx(lossy.steady(), abs=1e-12)


# Limits and invariants


@pytest.mark.parametrize("start", [None, dicke(1, 3), thermal(charger_population=0.8)])
def test_without_jumps_it_is_closed(start):
    model = SpinCharger(3, 4, coupling=0.6, charger_frequency=1.2)
    closed, lossless = charge(model, start), charge(model, start, noise=[loss("cells", 0)])
    times = np.linspace(0, 5, 21)
    for name in ("energy", "populations", "ergotropy", "entropy", "instantaneous_power"):
        one, other = getattr(closed, name)(times), getattr(lossless, name)(times)
        np.testing.assert_allclose(one, other, atol=1e-12)
    assert lossless.first_peak().value == pytest.approx(closed.first_peak().value, abs=1e-12)
    assert lossless.max_power().time == pytest.approx(closed.max_power().time, abs=1e-8)


def test_states_stay_states():
    """Trace 1, no negative eigenvalue, and small times to full relative accuracy."""
    model = SpinCharger(9, 7, coupling=0.2, anisotropy=0.1, cell_crosstalk=0.1)
    every = [Channel(side, 0.1, together, kind) for kind, side, _, together in EVERY]
    noisy = charge(model, dicke(2, 6), noise=every)
    blocks = noisy.battery_state([0.0, 0.4, 2.0])
    np.testing.assert_allclose(sum(np.trace(b.state, axis1=1, axis2=2) for b in blocks), 1)
    assert min(np.linalg.eigvalsh(block.state).min() for block in blocks) > -1e-14
    lossy = charge(SpinCharger(5, 6), noise=[loss("cells", 0.1), loss("chargers", 0.2)])
    times = 10.0 ** -np.arange(3, 13)
    np.testing.assert_allclose(lossy.energy(times) / times**2, 30, rtol=1e-2)
    assert lossy.energy(1e-9) == pytest.approx(30e-18, rel=1e-8)


@pytest.mark.parametrize("rate", [1e3, 1e5, 1e6])
def test_strong_dephasing_stops_the_charging(rate):
    """Rates of hops 4g²/(Γ_B + Γ_C)/2 are left: golden rule for one cell and one charger spin."""
    slow = charge(SpinCharger(1, 1), noise=[dephasing("cells", rate), dephasing("chargers", rate)])
    # Coherences decay with Γ/2 of either side.
    hop = 2 / rate
    times = np.array([0.5 / hop, 2.0 / hop] if rate < 1e4 else [0.5, 1.0])
    found = slow.energy(times)
    np.testing.assert_allclose(found, -np.expm1(-2 * hop * times) / 2, rtol=20 / rate)
    many = charge(SpinCharger(3, 3), noise=[dephasing("cells", rate), dephasing("chargers", rate)])
    assert 0 < many.energy(1.0) < 20 / rate


def test_strong_loss_keeps_the_battery_empty():
    """Zeno: a cell that leaks with Γ holds 4g²N/Γ² of an excitation."""
    watched = charge(SpinCharger(1, 4), noise=[loss("cells", 1e5)])
    assert watched.energy(1e-2) == pytest.approx(16e-10, rel=1e-3)


def test_leaps_agree_with_steps():
    """Powers of the propagator, and the series step by step."""
    noise = [dephasing("cells", 40.0), loss("chargers", 0.1)]
    whole, late = charge(SpinCharger(3, 4), noise=noise), charge(SpinCharger(3, 4), noise=noise)
    times = np.array([0.5, 7.0, 30.0])
    every = whole.energy(np.linspace(0, 30, 4000))
    np.testing.assert_allclose(late.energy(times[2:]), every[-1:], atol=1e-12)
    np.testing.assert_allclose(late.energy(times), whole.energy(times), atol=1e-12)
    # One that leaped has holes behind it.
    np.testing.assert_allclose(
        late.energy(times[::-1] / 3), whole.energy(times[::-1] / 3), atol=1e-12
    )
    assert len(whole._dynamics._series) > 10 * len(late._dynamics._series)


def test_one_cell_and_one_charger_spin_are_entangled():
    """The concurrence of two spins, by Wootters' formula for the whole state."""
    model, channels = SpinCharger(1, 1, anisotropy=0.3, charger_frequency=1.2), EVERY[::5]
    first = oracle.density_matrix(model, dicke(0, 1))
    flip = np.fliplr(np.diag([-1.0, 1.0, 1.0, -1.0]))
    noisy = charge(model, noise=noise(channels))
    for time in (0.4, 1.1):
        state = open_systems.evolved(model, channels, first, time)
        roots = np.sqrt(np.abs(np.linalg.eigvals(state @ flip @ state.conj() @ flip)))
        wanted = max(0.0, 2 * roots.max() - roots.sum())
        found = noisy.concurrence(time, between="cell-charger")
        assert found == pytest.approx(wanted, abs=1e-9)


def test_mean_state_of_a_superposition():
    """Complex elements with a real generator; cells that are dephased keep their populations."""
    start = spin_coherent(0.9, 1.0, excited_cells=Bloch(2.0, 0.3))
    model = SpinCharger(2, 2, coupling=0)
    dephased = charge(model, start, noise=[dephasing("cells", 0.4)])
    before = dephased.populations(0.0)
    np.testing.assert_allclose(dephased.steady("populations"), before, atol=1e-11)
    assert dephased.steady("coherence") == pytest.approx(0, abs=1e-11)


@pytest.mark.parametrize("rates", [(1e10, 1e-7), (1e7, 1e7), (1e10, 1e10)])
def test_a_battery_that_comes_to_rest_too_slowly_has_no_steady_state(rates):
    slow = charge(SpinCharger(2, 2), noise=[
        loss("cells", rates[0], collective=True), dephasing("chargers", rates[1]),
    ])  # fmt: skip
    with pytest.raises(PrecisionError, match="too slowly"):
        slow.steady()


def test_units_change_nothing():
    times = np.linspace(0, 2, 9)
    one = charge(SpinCharger(3, 4), noise=[loss("cells", 0.2), bath("chargers", 0.1, 2.0)])
    scaled = SpinCharger(3, 4, coupling=3.0, frequency=5.0)
    other = charge(scaled, noise=[loss("cells", 0.6), bath("chargers", 0.3, 10.0)])
    np.testing.assert_allclose(other.energy(times / 3), 5 * one.energy(times), atol=1e-12)


@pytest.mark.parametrize("quantity", ["energy", "ergotropy", "capacity"])
@pytest.mark.parametrize("anisotropy", [0, 0.3])
def test_maxima_against_a_fine_grid(quantity, anisotropy):
    model = SpinCharger(4, 5, anisotropy=anisotropy)
    noisy = charge(model, noise=[loss("cells", 0.3), dephasing("chargers", 0.4)])
    times = np.linspace(0, 3, 6001)[1:]
    curve = getattr(noisy, quantity)(times)
    top = noisy.maximum(quantity, until=3.0)
    assert top.value == pytest.approx(curve.max(), abs=1e-5)
    assert top.value >= curve.max() - 1e-9
    assert top.time == pytest.approx(times[curve.argmax()], abs=1e-3)
    power = noisy.max_power(quantity)
    gained = curve - getattr(noisy, quantity)(0.0)
    assert power.value == pytest.approx(max(0.0, (gained / times).max()), abs=1e-5)


def test_power_that_begins_at_once():
    """Pumped cells gain energy at a rate: P is largest at t = 0, or where the charger adds more."""
    pumped = charge(SpinCharger(2, 2), dicke(0, 0), noise=[pump("cells", 0.5)])
    assert pumped.power(0.0) == pytest.approx(1.0, rel=1e-14)
    found = pumped.max_power()
    assert (found.time, found.value) == (0.0, pytest.approx(1.0, rel=1e-14))
    for angle in (math.pi / 2, -math.pi / 2):
        start = spin_coherent(0.8, angle, excited_cells=Bloch(2.0, 0.0))
        battery, times = charge(SpinCharger(2, 2), start), np.linspace(0, 6, 6001)
        curve = battery.power(times)
        assert curve[0] == pytest.approx(curve[1], abs=5e-3)
        assert battery.max_power().value == pytest.approx(curve.max(), abs=1e-5)


# Bad input

MODEL, CAVITY = SpinCharger(2, 3), CavityCharger(2)
UNLIKE = product_state([1, 0], [1, 1, 1])
GROUPED = GroupedSpins([SpinGroup(1), SpinGroup(1)], [SpinGroup(2)])
KINDS = {"loss": loss, "pump": pump, "dephasing": dephasing}
BAD_RATES = [-0.1, math.inf, math.nan, None, "much", 1j, True, [0.1], -math.inf]
REFUSED = [
    *(("`rate` must be", lambda k=k, r=r: KINDS[k]("cells", r)) for k in KINDS for r in BAD_RATES),
    *(("`side` must be one of", lambda s=s: loss(s, 0.1)) for s in ("cell", "both", None, 1, "")),
    *(("`collective` must be True or False", lambda c=c: loss("cells", 0.1, collective=c))
      for c in (1, "yes", None)),
    *(("`temperature` must be", lambda T=T: bath("cells", 0.1, T))
      for T in (0, -1, None, "hot", math.inf)),
    ("`kind` must be one of", lambda: Channel("cells", 0.1, False, "gain")),
    ("`side` must be cells or chargers", lambda: charge(MODEL, noise=[loss("cavity", 0.1)])),
    ("`side` must be cells or cavity", lambda: charge(CAVITY, noise=[loss("chargers", 0.1)])),
    ("bath or pumping of the cells, but has both",
     lambda: charge(MODEL, noise=[bath("cells", 0.1, 1), pump("cells", 0.2)])),
    ("`noise` must be a sequence", lambda: charge(MODEL, noise=loss("cells", 0.1))),
    ("`noise` must be a sequence", lambda: charge(MODEL, noise="loss")),
    (r"`noise\[0\]` must be loss", lambda: charge(MODEL, noise=[0.1])),
    (r"`noise\[1\]` must be loss", lambda: charge(MODEL, noise=[loss("cells", 0.1), None])),
    *(("an end", lambda n=n: charge(CoupledOscillators(), fock(1), noise=[n]))
      for n in (pump("cells", 0.1), bath("cavity", 0.1, 1.0))),
    ("`times` must not be negative", lambda: noisy().energy(-1.0)),
    ("known of open batteries", lambda: noisy().schmidt_number(1.0)),
    *(("known of open batteries", lambda n=n: getattr(noisy(), n)(1.0))
      for n in ("power_variance", "fisher_information", "speed_ratio")),
    ("equal populations", lambda: charge(MODEL, UNLIKE, noise=[loss("cells", 0.1)]).ergotropy(1.0)),
    *(("`charger_frequency` must be positive for a bath", lambda w=w: charge(
        SpinCharger(2, 3, charger_frequency=w), noise=[bath("chargers", 0.1, 1.0)]))
      for w in (0, -1.5)),
    ("known of open batteries", lambda: charge(
        MODEL, thermal(cell_population=0.2), noise=[loss("cells", 0.1)]).work_distribution(1.0)),
    ("depends on time", lambda: charge(MODEL, noise=[loss("cells", 0.1)], coupling=math.cos)),
    (r"`noise\[0\].rate` must be at most", lambda: charge(MODEL, noise=[loss("cells", 1e300)])),
    ("elements of its state needs", lambda: charge(
        SpinCharger(10**12, 2), noise=[loss("cells", 0.1)])),
    ("left out for groups", lambda: charge(GROUPED, noise=[loss("cells", 0.1)])),
    ("`noise` must be there", lambda: charge(MODEL).steady()),
    ("`times` must be at most", lambda: noisy().energy(1e9)),
    ("would take about", lambda: charge(
        SpinCharger(20, 20), noise=[loss("cells", 0.1)]).energy(1e3)),
]  # fmt: skip


def noisy():
    return charge(MODEL, noise=[loss("cells", 0.1)])


@pytest.mark.parametrize("case", range(len(REFUSED)))
def test_what_is_no_noise_is_refused(case):
    message, act = REFUSED[case]
    with pytest.raises(InvalidArgument, match=message):
        act()


def test_a_symbol_is_refused():
    with pytest.raises(InvalidArgument, match=r"`noise\[0\].rate` must be a number"):
        charge(MODEL, noise=[loss("cells", Symbol("Gamma", positive=True))])


def test_too_large_is_refused_before_it_is_built():
    with pytest.raises(TooLargeError, match=r"state needs about .*: \d+ of \d+ would fit"):
        charge(SpinCharger(200, 200), noise=[loss("cells", 0.1)])


def test_many_cells_with_one_charger_spin():
    """Collective noise keeps one total spin: some thousands of elements for thousands of cells."""
    lossy = charge(SpinCharger(3000, 1), dicke(0, 1), noise=[loss("cells", 0.001, collective=True)])
    assert lossy.energy(1e-6) == pytest.approx(3000e-12, rel=1e-5)


def test_noise_is_part_of_what_a_charging_is():
    model = SpinCharger(2, 1)
    closed, lossy = charge(model), charge(model, noise=[loss("cells", 0.1)])
    assert closed != lossy
    assert lossy == charge(model, noise=[loss("cells", 0.1)])
    warm = charge(model, noise=[bath("cells", 0.1, 0.5, collective=True)])
    assert repr(warm).endswith("with bath(cells, 0.1, 0.5, collective=True)")
