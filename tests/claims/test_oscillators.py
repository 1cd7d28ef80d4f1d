"""Statements on batteries with oscillators, two-photon exchange and Heisenberg couplings."""

from fractions import Fraction

import numpy as np
import pytest
from sympy import Rational, cancel, simplify, sin, sqrt

from numerics import (
    CavityCharger,
    CoupledOscillators,
    OscillatorBattery,
    SpinCharger,
    TwoPhotonCharger,
    charge,
    coherent,
    dicke,
    fock,
    squeezed,
    thermal,
)
from symbattery import solve
from symbattery.symbols import N, g, n, omega_0, omega_C, t

TIMES = np.linspace(0, 5, 11)


# G. M. Andolina et al., Phys. Rev. B 98, 205423 (2018): all pairs of oscillators and two-level
# systems, as battery and as charger.


@pytest.mark.parametrize("photons", [1, 2, 3, 7])
def test_two_oscillators_exchange_all_their_quanta(photons):
    """E = n ω₀ sin²gt on resonance, and that of a generalised Rabi frequency off it."""
    found = charge(CoupledOscillators(), fock(photons)).energy(TIMES)
    np.testing.assert_allclose(found, photons * np.sin(TIMES) ** 2, atol=1e-13)
    if photons < 4:
        closed = solve(CoupledOscillators(), fock(photons)).explicit().energy
        assert simplify(closed - photons * omega_0 * sin(g * t) ** 2) == 0
    detuned = charge(CoupledOscillators(0.4, 1, 1.6), fock(photons)).energy(TIMES)
    square = 0.16 + 0.09
    wanted = photons * 0.16 / square * np.sin(np.sqrt(square) * TIMES) ** 2
    np.testing.assert_allclose(detuned, wanted, atol=1e-13)


def test_a_thermal_oscillator_gives_energy_but_no_work():
    """Claim 138 in part: the exchange alone keeps the battery passive."""
    battery = charge(CoupledOscillators(), thermal(charger_inverse_temperature=1))
    quanta = 1 / np.expm1(1)
    np.testing.assert_allclose(battery.energy(TIMES), quanta * np.sin(TIMES) ** 2, atol=1e-11)
    np.testing.assert_allclose(battery.ergotropy(TIMES), 0, atol=1e-11)


def test_an_oscillator_charges_a_two_level_system():
    """Jaynes–Cummings from n photons: E = ω₀ sin²(g√n t)."""
    assert solve(CavityCharger(1), fock(n)).explicit().energy == omega_0 * sin(sqrt(n) * g * t) ** 2
    # Pure and diagonal: all that is above one half can be extracted.
    battery = charge(CavityCharger(1), fock(3))
    work = np.maximum(0, 2 * battery.energy(TIMES) - 1)
    np.testing.assert_allclose(battery.ergotropy(TIMES), work, atol=1e-13)


def test_a_two_level_system_charges_an_oscillator():
    """From k quanta in the oscillator: E = ω₀ sin²(g√(k+1) t)."""
    for k in range(3):
        found = solve(OscillatorBattery(1), dicke(k, 1)).explicit().energy
        assert found == omega_0 * sin(sqrt(k + 1) * g * t) ** 2
    detuned = solve(OscillatorBattery(1, charger_frequency=omega_C)).explicit().energy
    square = g**2 + (omega_0 - omega_C) ** 2 / 4
    assert cancel(detuned / (g**2 / square * omega_0 * sin(sqrt(square) * t) ** 2)) == 1


def test_two_two_level_systems_are_one_cell_and_one_spin():
    assert solve(SpinCharger(1, 1)).explicit().energy == omega_0 * sin(g * t) ** 2


def test_an_oscillator_is_a_battery_of_many_cells():
    """Holstein–Primakoff: cells that are few excitations away from their ground state."""
    small = charge(OscillatorBattery(3)).energy(TIMES)
    large = charge(SpinCharger(10**5, 3, coupling=1 / np.sqrt(10**5))).energy(TIMES)
    np.testing.assert_allclose(small, large, atol=2e-4)


# A. Crescente et al., Phys. Rev. B 102, 245407 (2020); A. Delmonte et al., Entropy 23, 612 (2021)


def test_two_photon_jaynes_cummings():
    """One cell, on resonance with two photons: E = ω₀ sin²(g√(n(n-1)) t), of any parity."""
    for photons in range(2, 7):
        found = charge(TwoPhotonCharger(1), fock(photons)).energy(TIMES)
        wanted = np.sin(np.sqrt(photons * (photons - 1)) * TIMES) ** 2
        np.testing.assert_allclose(found, wanted, atol=1e-13)
    assert charge(TwoPhotonCharger(1), fock(1)).energy(1.0) == 0
    assert solve(TwoPhotonCharger(1), fock(2 * n)).definitions


def test_fock_beats_coherent_and_squeezed_at_equal_photons():
    """Claim 148: largest energy, ergotropy and power; claim 149: at short times all is work."""
    photons, model, times = 8, TwoPhotonCharger(1), np.linspace(1e-3, 3, 1501)
    starts = (
        fock(photons),
        coherent(mean_photons=photons),
        squeezed(float(np.arcsinh(np.sqrt(photons)))),
    )
    batteries = [charge(model, start) for start in starts]
    figures = np.array(
        [
            [battery.energy(times).max(), battery.ergotropy(times).max(), battery.max_power().value]
            for battery in batteries
        ]
    )
    assert np.all(figures[:-1] > 1.05 * figures[1:])
    _, laser, vacuum = batteries
    for time, missing in ((1e-2, 1e-5), (1e-3, 1e-7)):
        assert 1 - laser.ergotropy(time) / laser.energy(time) < missing
        # The work of a squeezed vacuum stays a part.
        assert vacuum.ergotropy(time) < 0.4 * vacuum.energy(time)


def test_all_energy_of_coherent_oscillators_is_work():
    """Claim 139 of the exchange: from a coherent charger nothing is entangled."""
    battery = charge(CoupledOscillators(0.6, 1, 1.3), coherent(1.5))
    np.testing.assert_allclose(battery.ergotropy(TIMES), battery.energy(TIMES), atol=1e-12)
    np.testing.assert_allclose(battery.entropy(TIMES), 0, atol=1e-11)
    # A number of photons is entangled on the way, and locks energy.
    number = charge(CoupledOscillators(0.6), fock(2))
    assert number.ergotropy(1.0) < 0.8 * number.energy(1.0)


# Heisenberg couplings


def test_heisenberg_coupling_of_one_cell():
    """A S·J from N spins up: 4N/(N+1)² ω₀ sin²(A(N+1)t/4), by the total spins (N±1)/2."""
    solution = solve(SpinCharger(1, N, coupling=Rational(1, 2), longitudinal=Rational(1, 4)))
    wanted = 4 * N / (N + 1) ** 2 * omega_0 * sin((N + 1) * t / 4) ** 2
    assert simplify(solution.explicit().energy - wanted) == 0


def test_heisenberg_coupling_conserves_the_total_spin():
    """A S·J has levels that differ by odd multiples of A/2: E has the period 4π/A.

    The spins of each side keep their own total spin: the same coupling among them changes nothing.
    """
    field = {"longitudinal": "1/4", "cell_longitudinal": "1/8", "charger_longitudinal": "1/8"}
    model = SpinCharger(3, 4, "1/2", charger_crosstalk="1/4", cell_crosstalk="1/4", **field)
    alone = SpinCharger(3, 4, "1/2", longitudinal=Fraction(1, 4))
    found = [charge(each, dicke(1, 3)).energy for each in (model, alone)]
    assert float(np.abs(found[0](TIMES)).max()) > 0.1
    for wanted in (found[0](TIMES + 4 * np.pi), found[1](TIMES)):
        np.testing.assert_allclose(found[0](TIMES), wanted, atol=1e-12)
