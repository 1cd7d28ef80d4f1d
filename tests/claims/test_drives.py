"""Statements of other papers about classically driven cells that the ledger does not have."""

import numpy as np
import pytest

from numerics import ClassicalDrive, charge, collective_advantage


@pytest.mark.parametrize("cells", [1, 4, 9])
def test_a_classical_field_has_no_collective_advantage(cells):
    assert collective_advantage(ClassicalDrive(cells)) == pytest.approx(1, rel=1e-13)


def _minima(values):
    return np.flatnonzero((values[1:-1] < values[:-2]) & (values[1:-1] < values[2:])) + 1


@pytest.mark.parametrize(("strength", "apart"), [(0.02, (0.02, 0.05)), (0.3, (0.4, 0.6))])
def test_minima_of_the_fluctuation_are_near_those_of_the_entropy(strength, apart):
    """Of Lipkin–Meshkov–Glick cells (arXiv 2208.04831): for weak interactions only.

    The cells are in a pure state, so that the entropy is that of their populations.
    """
    times = np.linspace(0.01, 12, 3000)
    charged = charge(ClassicalDrive(6, cell_longitudinal=strength))
    p = charged.populations(times)
    assert np.all(charged.entropy(times[::500]) < 1e-12)
    entropy = -(p * np.log(np.maximum(p, 1e-300))).sum(axis=1)
    low, other = times[_minima(charged.energy_variance(times))], times[_minima(entropy)]
    distance = max(np.abs(other - time).min() for time in low)
    assert apart[0] < distance < apart[1]
