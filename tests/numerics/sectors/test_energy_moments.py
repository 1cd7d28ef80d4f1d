"""Moments of the energy against the whole Hamiltonian."""

import numpy as np
import pytest

from numerics import CavityCharger, SpinCharger
from numerics.model.problem import doubles
from numerics.model.states import dicke, fock
from numerics.sectors.energy_moments import energy_variances, most_curved
from numerics.sectors.starts import starts
from tests.systems import figures_of_merit as judge


@pytest.mark.parametrize(
    ("model", "initial"),
    [
        (SpinCharger(3, 3, coupling=-0.7), None),
        (SpinCharger(3, 2, cell_crosstalk=0.4, charger_longitudinal=-0.2), dicke(1, 1)),
        (SpinCharger(2, 3, anisotropy=-2.3, charger_frequency=1.7, longitudinal=0.4), dicke(1, 2)),
        (SpinCharger(2, 2, anisotropy=1, frequency=0.6, cell_crosstalk=1), dicke(2, 0)),
        (CavityCharger(2, charger_frequency=0.4), fock(3, excited_cells=1)),
    ],
    ids=str,
)
def test_moments_of_the_energy(model, initial):
    problem = doubles(model, initial)
    start = starts(problem)
    (state,) = judge.states(model, initial, [0.0])
    psi = state.start[:, 0]
    once = state.hamiltonian @ psi
    once = once - (psi @ once) * psi
    mean = psi @ state.hamiltonian @ psi
    twice = state.hamiltonian @ once - mean * once
    assert energy_variances(problem, start) == pytest.approx([once @ once], rel=1e-13)
    expected = 2 * (once @ once + np.linalg.norm(twice))
    assert most_curved(problem, start) == pytest.approx(expected, rel=1e-13)
