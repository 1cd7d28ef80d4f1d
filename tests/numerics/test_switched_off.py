"""Storage: what is left of a charge, against exact laws and the Liouvillian of all spins."""

import math

import numpy as np
import pytest
import scipy

from numerics import (
    Bloch,
    CavityCharger,
    ClassicalDrive,
    GroupedSpins,
    InvalidArgument,
    NoPeakError,
    OscillatorBattery,
    SpinCharger,
    SpinGroup,
    bath,
    charge,
    dephasing,
    dicke,
    fock,
    loss,
    pump,
    spin_coherent,
    stored,
    thermal,
)
from tests.systems import open_systems, oracle

LOSSY = [("loss", "cells", 0.3, False), ("dephasing", "cells", 0.2, True)]
CASES = {
    "ideal": (SpinCharger(2, 2, coupling=0.7), dicke(0, 2)),
    "tuned": (SpinCharger(2, 2, 0.7, charger_frequency=1.3, cell_crosstalk=0.4), dicke(1, 2)),
    "counter-rotating": (SpinCharger(2, 1, 0.7, anisotropy=0.3), dicke(1, 1)),
    "superposed": (SpinCharger(2, 2, 0.7, charger_frequency=1.3),
                   spin_coherent(0.9, 1.0, excited_cells=Bloch(2.0, 0.3))),
    "longitudinal": (SpinCharger(2, 2, 0.7, longitudinal=0.5), spin_coherent(0.9, 1.0)),
}  # fmt: skip
NAMES = ("populations", "ergotropy", "entropy", "purity", "capacity", "quantum_fisher_information")
TIMES = np.array([0.0, 0.5, 2.0])


def noise(channels):
    kinds = {"loss": loss, "dephasing": dephasing}
    return [kinds[kind](side, rate, collective=c) for kind, side, rate, c in channels]


@pytest.mark.parametrize("case", CASES)
def test_after_the_switch_off_on_all_spins(case):
    model, start = CASES[case]
    charging = charge(model, start, noise=noise(LOSSY))
    kept = stored(charging, 0.8)
    first = oracle.density_matrix(model, start)
    then = open_systems.evolved(model, LOSSY, first, 0.8)
    free = SpinCharger(model.cells, model.chargers, 0, cell_crosstalk=model.cell_crosstalk)
    found = [open_systems.figures(model, open_systems.evolved(free, LOSSY, then, t)) for t in TIMES]
    begun = open_systems.figures(model, first)["excited"]
    gained = [figures["excited"] - begun for figures in found]
    np.testing.assert_allclose(kept.energy(TIMES), gained, atol=1e-12)
    for name in NAMES:
        wanted = np.array([figures[name] for figures in found])
        np.testing.assert_allclose(getattr(kept, name)(TIMES), wanted, atol=1e-11)
    assert kept.energy(0.0) == pytest.approx(charging.energy(0.8), abs=1e-13)
    assert kept.ergotropy(0.0) == pytest.approx(charging.ergotropy(0.8), abs=1e-13)


@pytest.mark.parametrize("rate", [0.3, 1e-5, 40.0])
def test_loss_alone_is_a_decay(rate):
    charging = charge(SpinCharger(6, 7), noise=[loss("chargers", 0.2)])
    kept = stored(charging, 0.3, [loss("cells", rate)])
    times = np.linspace(0, 5, 11) / rate
    wanted = charging.energy(0.3) * np.exp(-rate * times)
    np.testing.assert_allclose(kept.energy(times), wanted, rtol=1e-12)
    assert kept.half_life() == pytest.approx(math.log(2) / rate, rel=1e-12)
    short = kept.half_life("ergotropy")
    assert kept.ergotropy(short) == pytest.approx(kept.ergotropy(0.0) / 2, rel=1e-10)
    assert short < kept.half_life()


def test_one_cell():
    """Its ergotropy is 2p − 1, of which nothing is left once p is a half."""
    kept = stored(charge(SpinCharger(1, 3)), 0.7, [loss("cells", 0.5)])
    p = kept.energy(0.0)
    assert kept.half_life("ergotropy") == pytest.approx(2 * math.log(2 * p / (p + 0.5)), rel=1e-11)
    assert kept.maximum("ergotropy", until=9.0).value == pytest.approx(2 * p - 1, rel=1e-12)


@pytest.mark.parametrize(("model", "start"), [
    (SpinCharger(30, 40), None),
    (SpinCharger(3, 2, anisotropy=0.2), dicke(1, 2)),
    (CavityCharger(4), thermal(cell_population=0.1, charger_mean_photons=2.0)),
    (CavityCharger(2, anisotropy=0.1), fock(2)),
    (ClassicalDrive(5), None),
    (OscillatorBattery(chargers=3), None),
])  # fmt: skip
def test_without_noise_nothing_changes(model, start):
    charging = charge(model, start)
    kept = stored(charging, 0.2)
    for name in ("energy", "populations", "entropy"):
        then, after = getattr(charging, name)(0.2), getattr(kept, name)([0.0, 3.0, 1e4])
        np.testing.assert_allclose(after, np.broadcast_to(then, after.shape), atol=1e-12)
    assert kept.half_life() == math.inf
    assert kept.maximum(until=5.0).value == pytest.approx(charging.energy(0.2), abs=1e-13)


def test_dephasing_takes_work_and_no_energy():
    charging = charge(SpinCharger(4, 4), spin_coherent(1.0, 1.2, excited_cells=Bloch(2.5, 0.4)))
    kept = stored(charging, 0.4, [dephasing("cells", 0.5)])
    np.testing.assert_allclose(kept.energy([0.0, 1.0, 9.0]), charging.energy(0.4), rtol=1e-11)
    assert kept.half_life() == math.inf
    assert np.all(np.diff(kept.ergotropy(np.linspace(0, 4, 9))) < 0)


def test_a_bath_leads_to_its_own_state():
    kept = stored(charge(SpinCharger(3, 3)), 1.0, [bath("cells", 0.5, 0.8)])
    share = 1 / (1 + math.exp(1 / 0.8))
    assert kept.steady() == pytest.approx(3 * share, abs=1e-11)
    assert kept.energy(200.0) == pytest.approx(3 * share, abs=1e-11)
    # Hot enough, and more than half of the energy is there for ever.
    hot = stored(charge(SpinCharger(3, 3)), 0.5, [bath("cells", 0.5, 50.0)])
    assert hot.half_life() == math.inf
    assert hot.half_life("ergotropy") < math.inf


def test_peaks_after_the_switch_off():
    """Pumping goes on; loss makes the switch-off the best time."""
    charging = charge(SpinCharger(3, 3), noise=[loss("cells", 0.2)])
    kept = stored(charging, 0.6)
    top = kept.maximum(until=4.0)
    assert (top.time, top.value) == (0.0, pytest.approx(charging.energy(0.6), abs=1e-13))
    for quantity in ("ergotropy", "ergotropy(sense=local)", "capacity"):
        name, _, option = quantity.partition("(")
        options = {"sense": "local"} if option else {}
        top = kept.maximum(quantity, until=4.0)
        assert top.time == 0
        assert top.value == pytest.approx(getattr(kept, name)(0.0, **options), abs=1e-12)
    with pytest.raises(NoPeakError):
        kept.first_peak()
    pumped = stored(charging, 0.1, [pump("cells", 1.0)])
    assert pumped.maximum(until=2.0).time == 2.0


CHARGING = charge(SpinCharger(2, 2), noise=[loss("cells", 0.1)])
KEPT = stored(CHARGING, 0.5)
GROUPED = charge(GroupedSpins([SpinGroup(1), SpinGroup(1)], [SpinGroup(2)]))
REFUSED = [
    *(("`at` must be", lambda at=at: stored(CHARGING, at))
      for at in (-1, math.nan, math.inf, None, "late", True)),
    *(("`charging` must be", lambda c=c: stored(c, 1)) for c in (None, SpinCharger(2, 2), KEPT)),
    ("without groups", lambda: stored(GROUPED, 1)),
    ("be cells", lambda: stored(CHARGING, 1, [loss("chargers", 0.1)])),
    ("must be loss", lambda: stored(CHARGING, 1, [0.1])),
    ("an end", lambda: stored(charge(OscillatorBattery(3)), 1, [pump("cells", 0.1)])),
    ("whose power it is", lambda: KEPT.max_power()),
    *(("a battery that is stored", lambda n=n: getattr(KEPT, n)(1.0))
      for n in ("power", "coherence", "negativity", "switching_work", "power_variance")),
    ("a battery that is stored", lambda: KEPT.ergotropy(1.0, sense="daemonic")),
    ("a battery that is stored", lambda: KEPT.concurrence(1.0, between="cell-charger")),
    ("energy or ergotropy", lambda: KEPT.half_life("entropy")),
    ("something to lose", lambda: stored(CHARGING, 0).half_life()),
    ("`times` must not be negative", lambda: KEPT.energy(-1.0)),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(REFUSED)))
def test_what_cannot_be_stored(case):
    message, act = REFUSED[case]
    with pytest.raises(InvalidArgument, match=message):
        act()


def test_the_half_life_of_a_matrix_exponential():
    """Every element of a hundred cells in their ladder, collectively lost."""
    kept = stored(charge(SpinCharger(100, 1), dicke(0, 1)), 0.1,
                  [loss("cells", 0.01, collective=True)])  # fmt: skip
    decay = 0.01 * 100
    share = kept.energy(0.0)
    assert kept.energy(1.0) == pytest.approx(share * scipy.special.exp10(-decay / math.log(10)))


def test_equal_where_switched_off_at_the_same_time():
    charging = charge(SpinCharger(2, 1))
    assert stored(charging, at=1) == stored(charging, at=1)
    assert stored(charging, at=1) != stored(charging, at=2)
