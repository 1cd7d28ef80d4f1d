"""Every engine against every closed form that is known."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics import CavityCharger, SpinCharger, certified, charge, dicke, fock
from tests.systems import taylor
from tests.systems.closed_forms import CLOSED_FORMS, real, two_cells
from tests.systems.rows import unit

TIMES = np.linspace(-2.0, 9.0, 45)


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_doubles(name):
    model, initial, energy = CLOSED_FORMS[name]
    wanted = np.array([float(energy(mpmath.mpf(t))) for t in TIMES])
    loose = name.startswith(("two cells", "one cell,"))
    atol = 1e-12 if loose else 1e-14 if name.startswith("one cell and one spin, γ") else 1e-13
    np.testing.assert_allclose(charge(model, initial).energy(TIMES), wanted, atol=atol)


# At late times a thermal cavity has thousands of sectors.
@pytest.mark.parametrize(
    ("name", "time"),
    [
        (name, time)
        for name in CLOSED_FORMS
        for time in ("1/3", "1e-9", "40", "1000.5")[: 2 if name == "thermal cavity" else 4]
    ],
)
def test_digits(name, time):
    """Fifty of each; of one system many more and few."""
    model, initial, energy = CLOSED_FORMS[name]
    every, when = name == "two cells, 7", Fraction(time)
    with mpmath.workdps(370):
        wanted = energy(real(when))
        for digits in (15, 50, 120) if every else (50,):
            if when < 1000:
                found = taylor.energy(model, when, initial, digits=digits)
                assert abs(found - wanted) < 100 * mpmath.mpf(10) ** -digits
        for digits in (5, 50, 300) if every else (50,):
            proven = certified.energy(model, when, digits, initial)
            assert proven.contains(wanted)
            assert proven.radius < 2 * unit(model) * mpmath.mpf(10) ** -digits


@pytest.mark.parametrize("time", [1e-9, 1e-6, 1e-3])
def test_small_times_are_relatively_accurate(time):
    found = charge(SpinCharger(2, 7)).energy(time)
    assert float(found) == pytest.approx(float(two_cells(7, 1, time)), rel=2e-14, abs=0)


def rabi(model, excited):
    """One cell and ``excited`` of N charger spins up, at any detuning."""
    detuning = 0.0 if model.charger_frequency is None else model.charger_frequency - model.frequency
    square = 4 * excited * (model.chargers - excited + 1) * model.coupling**2
    rate = np.sqrt(square + detuning**2)
    return model.frequency * square / (rate**2 or 1) * np.sin(rate * TIMES / 2) ** 2


@given(n=st.integers(1, 60), data=st.data(), g=st.floats(-1, 1), omega=st.floats(0.1, 5))
def test_a_single_cell_is_a_rabi_oscillation(n, data, g, omega):
    m, model = data.draw(st.integers(0, n)), SpinCharger(1, n, g, omega)
    found = charge(model, dicke(0, m)).energy(TIMES)
    np.testing.assert_allclose(found, rabi(model, m), atol=1e-12 * omega)


@given(n=st.integers(1, 60), g=st.floats(0.01, 0.3), detuning=st.floats(-0.9, 3), data=st.data())
def test_a_detuned_cell_is_a_detuned_rabi_oscillation(n, g, detuning, data):
    m, model = data.draw(st.integers(0, n)), SpinCharger(1, n, g, 1, 0, 1 + detuning)
    found = charge(model, dicke(0, m)).energy(TIMES)
    np.testing.assert_allclose(found, rabi(model, m), atol=1e-13)


@pytest.mark.parametrize("cells", [1, 2, 4])
def test_many_chargers_are_a_cavity(cells):
    """N → ∞ at fixed g√N. From all up the charger is a boson of *holes*: it starts in vacuum.

    S_+J_− creates a hole for each excited cell, so the limit is not Tavis–Cummings from n = M
    photons but amplification until the M cells are full: at the other end of the chain, a few
    spins up among many down, a Dicke charger with n up is the cavity with n photons.
    """
    n = 4_000_000
    spins, cavity = SpinCharger(cells, n, 0.5 / np.sqrt(n)), CavityCharger(cells, 0.5)
    few_up, photons = charge(spins, dicke(0, 3)), charge(cavity, fock(3))
    np.testing.assert_allclose(few_up.energy(TIMES), photons.energy(TIMES), atol=3e-5)
    # Particle-hole: full cells and an empty cavity, emptied by the same coupling.
    emptied = charge(cavity, fock(0, excited_cells=cells)).energy(TIMES)
    if cells == 2:
        np.testing.assert_allclose(charge(spins).energy(TIMES), -emptied, atol=3e-5)


def test_peaks_of_the_paper():
    """16/9 of two cells in a cavity, and the single-cell power, a root of tan x = 2x."""
    peak, power = charge(CavityCharger(2, 0.3)).first_peak(), charge(SpinCharger(1, 1)).max_power()
    assert peak.value == pytest.approx(16 / 9, abs=1e-14)
    assert peak.time == pytest.approx(np.pi / (0.3 * np.sqrt(6)), rel=1e-13)
    assert power.value == pytest.approx(0.724611353776707, rel=1e-14)
    assert np.tan(power.time) == pytest.approx(2 * power.time, rel=1e-13)


@pytest.mark.parametrize(("crosstalk", "energy", "power"), [(0, 1.92, 3.04), (0.1, 1.91, 3.02)])
def test_crosstalk_figures_of_the_paper(crosstalk, energy, power):
    battery = charge(SpinCharger(2, 4, charger_crosstalk=crosstalk))
    assert battery.maximum(until=20).value == pytest.approx(energy, abs=6e-3)
    assert battery.max_power().value == pytest.approx(power, abs=6e-3)
