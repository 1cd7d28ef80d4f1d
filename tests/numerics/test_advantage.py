"""The collective advantage η of Eq. (10), and what `import numerics` offers and loads."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import numerics
from numerics import CavityCharger, InvalidArgument, NoPeakError, SpinCharger, collective_advantage


def test_one_cell_has_none():
    assert collective_advantage(SpinCharger(1, 3, anisotropy=0.2)) == 1
    assert collective_advantage(CavityCharger(1)) == 1


def test_it_is_the_ratio_of_powers():
    collective = numerics.charge(SpinCharger(4, 8, coupling=0.3)).max_power().value
    single = numerics.charge(SpinCharger(1, 2, coupling=0.3)).max_power().value
    eta = collective_advantage(SpinCharger(4, 8, coupling=0.3))
    assert eta == pytest.approx(collective / (4 * single), rel=1e-15)


def test_it_grows_almost_linearly_for_spins_and_as_a_square_root_in_a_cavity():
    """The exponents of Eq. (11) and Sec. III: towards 1 for spins, 0.5 in a cavity."""

    def exponent(model):
        few, many = (np.log(collective_advantage(model(m))) for m in (60, 120))
        return (many - few) / np.log(2)

    assert 0.8 < exponent(lambda m: SpinCharger(m, m)) < 1
    assert exponent(CavityCharger) == pytest.approx(0.5, abs=0.02)


def test_the_chargers_of_a_cell_can_be_given():
    model = SpinCharger(3, 4)
    with pytest.raises(InvalidArgument, match="`chargers_per_cell` must be given"):
        collective_advantage(model)
    eta = collective_advantage(model, chargers_per_cell=2)
    assert eta == pytest.approx(
        numerics.charge(model).max_power().value
        / (3 * numerics.charge(SpinCharger(1, 2)).max_power().value)
    )


@pytest.mark.parametrize("share", [0, -1, 1.5, "2"])
def test_a_share_is_a_positive_integer(share):
    with pytest.raises(InvalidArgument, match="`chargers_per_cell` must be a positive integer"):
        collective_advantage(SpinCharger(3, 4), chargers_per_cell=share)


def test_a_cavity_has_no_share():
    with pytest.raises(InvalidArgument, match="`chargers_per_cell` must be left open"):
        collective_advantage(CavityCharger(2), chargers_per_cell=1)


def test_nothing_against_nothing_has_no_ratio():
    with pytest.raises(NoPeakError, match="coupling"):
        collective_advantage(SpinCharger(2, 2, coupling=0))


def test_no_model():
    with pytest.raises(InvalidArgument, match="`model` must be a SpinCharger or a CavityCharger"):
        collective_advantage(3)


def test_everything_promised_is_there():
    for name in numerics.__all__:
        assert getattr(numerics, name) is not None
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = numerics.no_such_thing


def test_import_is_light():
    code = (
        "import sys, numerics; numerics.charge(numerics.SpinCharger(2, 2)).max_power(); "
        "names = {name.split('.')[0] for name in sys.modules}; "
        "print(names & {'sympy', 'symbattery', 'mpmath', 'matplotlib'})"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
