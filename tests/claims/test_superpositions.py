"""Statements of papers on coherent chargers that the ledger does not have."""

import pytest

from numerics import CavityCharger, charge, coherent


def test_a_coherent_charger_is_free_at_short_times():
    """Entropy 23, 612: almost all energy can be extracted; here 1 − W/E = O(t²)."""
    charging = charge(CavityCharger(8), coherent(mean_photons=8))
    lost = [1 - charging.ergotropy(t) / charging.energy(t) for t in (0.1, 0.01)]
    assert lost[0] < 1e-4
    assert lost[1] == pytest.approx(0, abs=lost[0] / 50)
