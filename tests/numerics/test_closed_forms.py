"""The numerics against every closed form that is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import numerics
from numerics import CavityCharger, SpinCharger, charge, dicke, fock, mixture, product, thermal

TIMES = np.linspace(-2.0, 9.0, 45)
exhaustive = settings(derandomize=True, deadline=None, max_examples=40)


def two_cells(n, g, omega, t):
    xi = np.sqrt(2 * (3 * n - 2))
    s = np.sin(xi * g * t / 2) ** 2
    return 4 * n * omega / (3 * n - 2) * s * (1 + (n - 2) / (3 * n - 2) * s)


@exhaustive
@given(n=st.integers(1, 60), data=st.data(), g=st.floats(-1, 1), omega=st.floats(0.1, 5))
def test_a_single_cell_is_a_rabi_oscillation(n, data, g, omega):
    m = data.draw(st.integers(0, n))
    found = charge(SpinCharger(1, n, coupling=g, frequency=omega), dicke(0, m)).energy(TIMES)
    rate = np.sqrt(m * (n - m + 1)) * g
    np.testing.assert_allclose(found, omega * np.sin(rate * TIMES) ** 2, atol=1e-12 * omega)


@exhaustive
@given(n=st.integers(1, 60), g=st.floats(0.01, 0.3), detuning=st.floats(-0.9, 3))
def test_a_detuned_cell_is_a_detuned_rabi_oscillation(n, g, detuning):
    model = SpinCharger(1, n, coupling=g, charger_frequency=1 + detuning)
    rabi = np.sqrt(4 * n * g**2 + detuning**2)
    expected = 4 * n * g**2 / rabi**2 * np.sin(rabi * TIMES / 2) ** 2
    np.testing.assert_allclose(charge(model).energy(TIMES), expected, atol=1e-13)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 20, 200, 500])
def test_two_cells(n):
    model = SpinCharger(2, n, coupling=0.1, frequency=1.7)
    expected = two_cells(n, 0.1, 1.7, TIMES)
    np.testing.assert_allclose(charge(model).energy(TIMES), expected, atol=1e-12)


@pytest.mark.parametrize("time", [1e-9, 1e-6, 1e-3])
def test_small_times_are_relatively_accurate(time):
    found = charge(SpinCharger(2, 7)).energy(time)
    assert float(found) == pytest.approx(two_cells(7, 1, 1, time), rel=2e-14, abs=0)


def test_equation_17_holds_for_the_triplet_not_for_the_product_it_is_derived_from():
    """Erratum: Eq. (17) evolves |10⟩ of Eq. (16) as a triplet, but half of it is a dark singlet.

    The energy of p₁|11⟩⟨11| + p₀|10⟩⟨10| has ½p₀ sin²(2gt) where Eq. (17) has p₀ sin²(2gt).
    """
    p0, model = 0.3, SpinCharger(2, 2)
    full, half = 2 * np.sin(np.sqrt(2) * TIMES) ** 2, np.sin(2 * TIMES) ** 2
    printed = full - p0 * (full - half)
    dicke_states = mixture([(1 - p0, dicke(0, 2)), (p0, dicke(0, 1))])
    np.testing.assert_allclose(charge(model, dicke_states).energy(TIMES), printed, atol=1e-13)
    found = charge(model, product([0, 0], [1, 1 - p0])).energy(TIMES)
    np.testing.assert_allclose(found, printed - p0 * half / 2, atol=1e-13)


@pytest.mark.parametrize("photons", [1, 2, 9])
def test_jaynes_cummings(photons):
    model = CavityCharger(1, coupling=0.4)
    expected = np.sin(0.4 * np.sqrt(photons) * TIMES) ** 2
    np.testing.assert_allclose(charge(model, fock(photons)).energy(TIMES), expected, atol=1e-13)


def test_a_thermal_cavity_is_a_geometric_sum():
    beta, g = 0.7, 0.4
    n = np.arange(200)
    weights = -np.expm1(-beta) * np.exp(-beta * n)
    expected = np.sin(g * np.sqrt(n) * TIMES[:, None]) ** 2 @ weights
    state = thermal(charger_inverse_temperature=beta)
    found = charge(CavityCharger(1, coupling=g), state).energy(TIMES)
    np.testing.assert_allclose(found, expected, atol=1e-13)


def test_two_cells_in_a_cavity_reach_sixteen_ninths():
    peak = charge(CavityCharger(2, coupling=0.3)).first_peak()
    assert peak.value == pytest.approx(16 / 9, abs=1e-14)
    assert peak.time == pytest.approx(np.pi / (0.3 * np.sqrt(6)), rel=1e-13)


@pytest.mark.parametrize("cells", [1, 2, 4])
def test_many_chargers_up_are_a_cavity_with_as_many_holes_as_photons_left(cells):
    """N → ∞ at fixed g√N. From all up the charger is a boson of *holes*: it starts in vacuum.

    S_+J_− creates a hole for each excited cell, so the limit is not Tavis–Cummings from n = M
    photons but amplification until the M cells are full: at the other end of the chain, a few
    spins up among many down, a Dicke charger with n up is the cavity with n photons.
    """
    n = 4_000_000
    spins = SpinCharger(cells, n, coupling=0.5 / np.sqrt(n))
    few_up = charge(spins, dicke(0, 3)).energy(TIMES)
    cavity = charge(CavityCharger(cells, coupling=0.5), fock(3)).energy(TIMES)
    np.testing.assert_allclose(few_up, cavity, atol=3e-5)


def test_from_all_up_the_limit_is_a_cavity_of_holes():
    n, m = 4_000_000, 2
    all_up = charge(SpinCharger(m, n, coupling=0.5 / np.sqrt(n))).energy(TIMES)
    # Particle-hole: full cells and an empty cavity, emptied by the same coupling.
    cavity = charge(CavityCharger(m, coupling=0.5), fock(0, excited_cells=m)).energy(TIMES)
    np.testing.assert_allclose(all_up, -cavity, atol=3e-5)


def test_a_product_state_is_no_dicke_state():
    model = SpinCharger(2, 3, coupling=0.3)
    half = mixture([(0.5, dicke(1, 3)), (0.5, dicke(0, 0))])
    flipped = charge(model, product([1, 0], [1, 1, 1])).energy(TIMES)
    triplet = charge(model, dicke(1, 3)).energy(TIMES)
    np.testing.assert_allclose(flipped, triplet / 2, atol=1e-13)
    np.testing.assert_allclose(charge(model, half).energy(TIMES), triplet / 2, atol=1e-13)


def test_one_flipped_charger_spin_is_dark_in_all_but_the_symmetric_part():
    n = 5
    model = SpinCharger(1, n)
    found = charge(model, product([0], [1, *[0] * (n - 1)])).energy(TIMES)
    np.testing.assert_allclose(found, np.sin(np.sqrt(n) * TIMES) ** 2 / n, atol=1e-13)


def test_the_single_cell_power_of_the_paper():
    power = numerics.charge(SpinCharger(1, 1)).max_power()
    assert power.value == pytest.approx(0.724611353776707, rel=1e-14)  # root of tan x = 2x
    assert np.tan(power.time) == pytest.approx(2 * power.time, rel=1e-13)


@pytest.mark.parametrize(("crosstalk", "energy", "power"), [(0, 1.92, 3.04), (0.1, 1.91, 3.02)])
def test_crosstalk_figures_of_the_paper(crosstalk, energy, power):
    battery = charge(SpinCharger(2, 4, charger_crosstalk=crosstalk))
    assert battery.max_energy(until=20).value == pytest.approx(energy, abs=6e-3)
    assert battery.max_power().value == pytest.approx(power, abs=6e-3)
