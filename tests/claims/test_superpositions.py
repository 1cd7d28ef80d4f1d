"""Statements of papers on coherent, squeezed and spin-coherent chargers: values, or deviations.

Each was read in an abstract and is tested in the reading that the test says. W/E is the ergotropy
over the stored energy, at the first peak of E unless another time is given.
"""

import math
from functools import cache

import numpy as np
import pytest

from numerics import (
    CavityCharger,
    SpinCharger,
    charge,
    coherent,
    dicke,
    fock,
    spin_coherent,
    squeezed,
)

SIZES = (2, 4, 8, 16, 32)
STARTS = {
    "fock": fock,
    "coherent": lambda n: coherent(mean_photons=n),
    "squeezed": lambda n: squeezed(math.asinh(math.sqrt(n))),
}


@cache
def fractions(cells, start):
    """W/E of N cells charged by N photons on average: all unitaries, symmetric ones, one cell."""
    charging = charge(CavityCharger(cells), STARTS[start](cells))
    peak = charging.first_peak()
    time, stored = peak.time, peak.value
    full, symmetric = (charging.ergotropy(time, sense=s) / stored for s in ("full", "symmetric"))
    return float(full), float(symmetric), float(charging.ergotropy(time, cells=1)) * cells / stored


def test_a_coherent_charger_has_the_larger_fraction_of_work():
    """1807.08656: above Fock and squeezed chargers of equal mean energy.

    It holds for the work of one of the cells from four cells on. Of all cells together the Fock
    charger has more at two cells, and again from sixteen on, in either sense.
    """
    for cells in SIZES:
        number, classical = fractions(cells, "fock"), fractions(cells, "coherent")
        assert all(np.array(classical) > fractions(cells, "squeezed"))
        assert (classical[2] > number[2]) == (cells > 2)
        assert (classical[0] > number[0]) == (cells in (4, 8))
        assert (classical[1] > number[1]) == (cells in (4, 8))


@pytest.mark.parametrize("start", ["fock", "coherent"])
def test_the_fraction_of_work_tends_to_one(start):
    """1807.08656 and 2606.10054: asymptotic freedom, 1 − W/E at least as fast as 1/N.

    In the sense of all unitaries on the cells: a symmetric state leaves at most one quantum. What
    one cell gives by itself, and a squeezed charger, come more slowly.
    """
    lost = np.array([1 - fractions(cells, start)[0] for cells in SIZES])
    assert np.all(np.diff(lost[1:]) < 0)
    stored = [charge(CavityCharger(n), STARTS[start](n)).first_peak().value for n in SIZES]
    assert np.all(lost * stored <= 1)
    alone = np.array([1 - fractions(cells, start)[2] for cells in SIZES])
    assert np.all(np.diff(alone[1:]) < 0)
    assert alone[-1] > 2 * lost[-1]


def test_a_coherent_charger_is_free_at_short_times():
    """Entropy 23, 612: almost all energy can be extracted; here 1 − W/E = O(t²)."""
    charging = charge(CavityCharger(8), coherent(mean_photons=8))
    lost = [1 - charging.ergotropy(t) / charging.energy(t) for t in (0.1, 0.01)]
    assert lost[0] < 1e-4
    assert lost[1] == pytest.approx(0, abs=lost[0] / 50)


@pytest.mark.parametrize("cells", [2, 6])
def test_the_speed_limit_of_the_dicke_ergotropy(cells):
    r"""2603.10415: W/(Nω0) = (4/N) λ² n̄ t² at first, and never more.

    With the coupling λ/√N and a real coherent amplitude. Stored is (4n̄ + 1)λ²t²/N per cell, the
    noise of the field with it; Fock and squeezed chargers have no work at that order. For the
    coupling λ, not scaled, the bound fails from N > 4 on.
    """
    strength, mean, soon = 0.1, 3, 1e-3
    unit = strength**2 * mean * soon**2
    model = CavityCharger(cells, strength / math.sqrt(cells), anisotropy=1, frequency=1)
    charging = charge(model, coherent(mean_photons=mean))
    assert charging.ergotropy(soon) / cells == pytest.approx(4 * unit / cells, rel=1e-5)
    assert charging.energy(soon) / cells == pytest.approx((4 + 1 / mean) * unit / cells, rel=1e-5)
    t = np.linspace(0.05, 6, 40)
    assert np.all(charging.ergotropy(t) / cells <= 4 / cells * strength**2 * mean * t**2)
    for other in ("fock", "squeezed"):
        assert charge(model, STARTS[other](mean)).ergotropy(soon) < 1e-4 * unit
    unscaled = charge(CavityCharger(cells, strength), coherent(mean_photons=mean))
    found = unscaled.ergotropy(soon) / cells
    assert found == pytest.approx(unit, rel=1e-4)
    assert (found > 4 * unit / cells * (1 + 1e-4)) == (cells > 4)


@pytest.mark.parametrize("mean", [1, 4])
def test_fock_beats_coherent_and_squeezed_chargers_of_one_cell(mean):
    """2412.15339: in average power, and in fluctuations, at equal mean photon numbers."""
    found = {}
    for name, start in STARTS.items():
        charging = charge(CavityCharger(1), start(mean))
        peak = charging.first_peak()
        variance = float(charging.energy_variance(peak.time))
        found[name] = charging.max_power().value, peak.value, -variance
    for other in ("coherent", "squeezed"):
        assert np.all(np.array(found["fock"]) > found[other])
    # max sin²x/x is 0.7246…
    assert found["fock"][0] == pytest.approx(0.7246113537767 * math.sqrt(mean), rel=1e-12)


@pytest.mark.parametrize(("cells", "chargers"), [(2, 10), (4, 20), (6, 60)])
def test_spin_coherent_chargers_come_close_to_the_best_dicke_state(cells, chargers):
    """2606.11557: centred at m = (M + N)/2 excitations, they have nearly its energy and power.

    Within 2 % of its energy and 5 % of its power, and far above the charger that is all up.
    """
    model, up = SpinCharger(cells, chargers), (cells + chargers) // 2
    angle = 2 * math.acos(math.sqrt(up / chargers))
    best, close, full = (
        charge(model, start) for start in (dicke(0, up), spin_coherent(angle), None)
    )
    stored, power = [], []
    for charging in (best, close, full):
        stored.append(charging.first_peak().value)
        power.append(charging.max_power().value)
    assert 0.98 * stored[0] < stored[1] < stored[0]
    assert 0.95 * power[0] < power[1] < power[0]
    assert stored[2] < 0.95 * stored[1]
    assert power[2] < 0.7 * power[1]
