"""Counter-rotating terms of any strength and sign, and alone, against turned models."""

from dataclasses import replace

import numpy as np
import pytest
from sympy import S

from numerics import CavityCharger, SpinCharger, certified, charge, dicke, fock, thermal
from symbattery import solve
from symbattery.symbols import gamma
from tests.systems import oracle

TIMES = np.array([0.0, 0.4, 1.3, 5.0])


@pytest.mark.parametrize(
    ("model", "state"),
    [
        (SpinCharger(2, 3, coupling=0.3, anisotropy=1.7), thermal(charger_population=0.8)),
        # Its photon cutoff grows.
        (CavityCharger(2, coupling=0.7, anisotropy=1), fock(2)),
    ],
)
def test_rotations_of_both_sides_change_the_sign(model, state):
    """About z by π/2: exchange stays, counter-rotating terms turn round."""
    one, other = (charge(replace(model, anisotropy=s * model.anisotropy), state) for s in (1, -1))
    np.testing.assert_allclose(one.error(TIMES), other.error(TIMES), rtol=1e-6, atol=1e-16)
    for quantity in ("energy", "ergotropy", "power_variance", "negativity"):
        found = (getattr(battery, quantity)(TIMES) for battery in (one, other))
        np.testing.assert_allclose(*found, rtol=0, atol=1e-12)


@pytest.mark.parametrize("strength", [3, -0.4])
def test_turned_charger_spins_swap_exchange_and_counter_rotating_terms(strength):
    model = SpinCharger(
        2, 3, 0.3, anisotropy=strength, charger_frequency=0.8, charger_crosstalk=0.2
    )
    turned = replace(
        model, coupling=0.3 * strength, anisotropy=1 / strength, charger_frequency=-0.8
    )
    pairs = (charge(model, dicke(1, 2)), charge(turned, dicke(1, 1)))
    for quantity in ("energy", "ergotropy", "entropy"):
        found = (getattr(battery, quantity)(TIMES) for battery in pairs)
        np.testing.assert_allclose(*found, rtol=0, atol=1e-12)


def test_counter_rotating_terms_alone_are_a_chain_of_the_turned_charger():
    g, omega_0, omega_c, cells, chargers, up = 0.3, 1.0, 0.7, 2, 3, 1
    z, charger_z, xx, yy, *_ = oracle._spin_matrices((2,) * cells, (2,) * chargers)
    # S₊J₊ + S₋J₋, from one charger spin up.
    matrix = (omega_0 * z + omega_c * charger_z + g * (xx - yy)).real / 2
    start = np.kron(oracle.dicke_vector(cells, 0), oracle.dicke_vector(chargers, up))
    energies, modes = np.linalg.eigh(matrix)
    moved = modes @ (np.exp(-1j * np.outer(energies, TIMES)) * (modes.T @ start)[:, None])
    wanted = z.diagonal().real @ np.abs(moved) ** 2 / (start @ start) / 2 + cells / 2
    model = SpinCharger(cells, chargers, g, charger_frequency=-omega_c)
    state = dicke(0, chargers - up)
    np.testing.assert_allclose(charge(model, state).energy(TIMES), wanted, atol=1e-13)
    # In the limit of the anisotropic coupling, too.
    strong = SpinCharger(cells, chargers, g * 1e-12, anisotropy=1e12, charger_frequency=omega_c)
    np.testing.assert_allclose(charge(strong, dicke(0, up)).energy(TIMES), wanted, atol=1e-10)
    # And in closed form, with proven digits.
    solution = solve(SpinCharger(cells, chargers, "3/10", charger_frequency="-7/10"), state)
    np.testing.assert_allclose(
        np.asarray(solution.function("energy", frequency=1)(TIMES), float), wanted, atol=1e-13
    )
    proven = certified.energy(
        SpinCharger(cells, chargers, "3/10", charger_frequency="-7/10"), "13/10", 20, state
    )
    assert float(proven.midpoint) == pytest.approx(wanted[2], abs=1e-13)


def test_counter_rotating_terms_alone_of_a_cavity_are_a_chain_of_turned_cells():
    g, omega_0, omega_c, cells, photons = 0.3, 1.0, 0.7, 3, 2
    cutoff = photons + cells
    z, n, _, counter, *_ = oracle._cavity_matrices((2,) * cells, cutoff, 1)
    matrix = (omega_0 / 2 * z + omega_c * n + g * counter).real
    start = np.kron(oracle.dicke_vector(cells, 0), np.eye(cutoff + 1)[photons])
    energies, modes = np.linalg.eigh(matrix)
    moved = modes @ (np.exp(-1j * np.outer(energies, TIMES)) * (modes.T @ start)[:, None])
    wanted = z.diagonal().real @ np.abs(moved) ** 2 / 2 + cells / 2
    turned = CavityCharger(cells, g, charger_frequency=omega_c + 2 * omega_0)
    found = charge(turned, fock(photons, excited_cells=cells)).energy(TIMES)
    np.testing.assert_allclose(-found, wanted, atol=1e-13)


def test_power_variance_of_pair_terms_in_closed_form():
    solution = solve(SpinCharger(1, 2, anisotropy=-2, charger_frequency="3/4"))
    found = solution.verify(digits=25, points=2, names=["power_variance"])
    assert found.digits >= 24
    assert found.routes[1].deviation < 1e-11


@pytest.mark.parametrize("value", [-3, S(5) / 2, S(-1) / 3])
@pytest.mark.parametrize(("spins", "up"), [(1, 0), (2, 0), (2, 1), (3, 3)])
def test_amplitudes_have_the_signs_of_their_hops(spins, up, value):
    """One cell: against exp(-iHt) of the levels, with the phase of the start taken off."""
    model = SpinCharger(1, spins, coupling=S(-1) / 2, frequency=1, charger_frequency=S(3) / 4)
    found = solve(replace(model, anisotropy=gamma), dicke(0, up))
    numbers = solve(replace(model, anisotropy=value), dicke(0, up))
    z, charger_z, xx, yy, *_ = oracle._spin_matrices((2,), (2,) * spins)
    strength = float(value)
    matrix = z.real / 2 + 0.375 * charger_z.real
    matrix = matrix - 0.25 * ((1 + strength) * xx + (1 - strength) * yy).real
    vectors = {
        (k, c): np.kron(oracle.dicke_vector(1, k), oracle.dicke_vector(spins, c))
        for k in range(2)
        for c in range(spins + 1)
    }
    vectors = {key: v / np.linalg.norm(v) for key, v in vectors.items()}
    start, time = vectors[0, up], 1.3
    energies, modes = np.linalg.eigh(matrix)
    moved = modes @ (np.exp(-1j * (energies - start @ matrix @ start) * time) * (modes.T @ start))
    for solution, given in ((found, {"anisotropy": float(value)}), (numbers, {})):
        (chain,) = solution.sectors
        for (k, c), name in zip(
            zip(chain.levels, chain.charger_levels, strict=True), solution.amplitudes, strict=True
        ):
            function = solution.function(f"c{name}", "mpmath", **given)
            amplitude = complex(function(time))
            assert abs(amplitude - vectors[k, up + c] @ moved) < 1e-12
