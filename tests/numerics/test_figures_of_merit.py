"""Every row of the table of observables against the whole density matrix on 2^(M+N)."""

import numpy as np
import pytest

import numerics
from numerics.model.checks import InvalidArgument
from numerics.model.models import CavityCharger, ClassicalDrive, SpinCharger
from numerics.model.oscillator_models import TwoPhotonCharger
from numerics.model.states import dicke, fock, mixture, product, thermal
from numerics.model.superpositions import (
    Bloch,
    coherent,
    spin_coherent,
    squeezed,
    superposition,
)
from numerics.observables.table import OBSERVABLES
from tests.systems import figures_of_merit as judge

TIMES = np.array([0.0, 0.37, 1.1, -0.83, 2.9])
SENSES = [{"sense": sense} for sense in judge.SENSES]
PARTS = [{"sense": s, "part": part} for s in judge.SENSES for part in ("coherent", "incoherent")]
OPTIONS = {
    "ergotropy": [*SENSES, *PARTS, *({**s, "cells": 1} for s in SENSES)],
    "locked_energy": [*SENSES, {"cells": 1}],
    "extractable_fraction": SENSES,
    "entropy": [{"order": order} for order in (1, 2, 0.5, np.inf)],
    "concurrence": [{"between": between} for between in ("cells", "cell-charger")],
    "work_characteristic": [{"u": 0.7}],
}
EVERY = [(name, options) for name in OBSERVABLES for options in OPTIONS.get(name, [{}])]
# At t = 0 from a definite number of excitations the judge's quotients are 0/0.
AT_START = {
    "energy_skewness",
    "energy_kurtosis",
    "speed_ratio",
    "fano_factor",
    "extractable_fraction",
}

MODELS = [
    SpinCharger(2, 3, anisotropy=0.3, coupling=0.8, frequency=1.3),
    SpinCharger(3, 2, coupling=-1.1),
    SpinCharger(2, 2, anisotropy=-1.7, charger_frequency=-0.6),
    SpinCharger(3, 3, cell_crosstalk=0.4, charger_crosstalk=-0.2, charger_frequency=1.5),
    SpinCharger(2, 3, coupling=0.7, longitudinal=0.3),
    SpinCharger(4, 2, anisotropy=0.3, cell_crosstalk=0.3),
    SpinCharger(1, 4),
    SpinCharger(4, 4, coupling=0.7),
]
STARTS = {
    "all up": lambda m: None,
    "middle": lambda m: dicke(1, m.chargers - 1),
    "all cells": lambda m: dicke(m.cells, 0),
    "thermal charger": lambda m: thermal(charger_population=0.7),
    "thermal": lambda m: thermal(cell_population=0.2, charger_population=0.9),
    "hot cells": lambda m: thermal(cell_population=0.8),
    "half": lambda m: product([0.5] * m.cells, [0.5] * m.chargers),
    "mixture": lambda m: mixture([(0.25, dicke(0, m.chargers)), (0.75, dicke(1, 1))]),
    "spin-coherent": lambda m: spin_coherent(1.1, 0.4),
    "both spin-coherent": lambda m: spin_coherent(1.1, 0.4, excited_cells=Bloch(2.2, -0.9)),
    "superposed Dicke states": lambda m: superposition([1, 0.6j, -0.3], excited_cells=[1, 0.5]),
    "mixture of superpositions": lambda m: mixture(
        [(0.4, spin_coherent(0.5)), (0.6, superposition(1, excited_cells=[1, 1j]))]
    ),
    "unequal chargers": lambda m: product([0] * m.cells, [1, *[0.25] * (m.chargers - 1)]),
}


def agreed(model, initial, times=TIMES):
    """Every row agrees with brute force; those that a start does not have are refused."""
    battery, states = numerics.charge(model, initial), list(judge.states(model, initial, times))
    still = np.abs(battery.instantaneous_power(times)).max() < 1e-12
    refused = []
    for name, options in EVERY:
        try:
            found = getattr(battery, name)(times, **options)
        except InvalidArgument as error:
            refused.append(str(error))
            continue
        for value, state in zip(found, states, strict=True):
            if name in AT_START and (state.time == 0 or (still and name == "speed_ratio")):
                continue
            wanted = np.asarray(getattr(state, name)(**options))
            error = np.abs(value - wanted).max() / (1 + np.abs(wanted).max())
            assert error < 1e-11, (name, options, state.time, value, wanted)
    return refused


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("model", MODELS, ids=str)
def test_rows_agree_with_the_whole_state(model, start):
    refused = agreed(model, STARTS[start](model))
    # A single cell has no pair, mixed states no Schmidt number, unequal spins no negativity, and
    # superposed cells no distribution of work.
    assert len(refused) <= 3 + (model.cells == 1) + (start == "mixture of superpositions")
    assert all("must" in message for message in refused)


CAVITIES = [
    (CavityCharger(2, coupling=0.9), None),
    (CavityCharger(3), fock(2, excited_cells=1)),
    (CavityCharger(2), thermal(charger_inverse_temperature=1.1, cell_population=0.1)),
    (CavityCharger(2, anisotropy=0.2, charger_frequency=2), fock(1)),
    (TwoPhotonCharger(2, 0.4), fock(3, excited_cells=1)),
    # Odd and even numbers of photons are told apart by a measurement.
    (TwoPhotonCharger(2, 0.4, 1.2), mixture([(0.25, fock(5)), (0.75, fock(4, excited_cells=1))])),
    (CavityCharger(3, coupling=0.9, charger_frequency=1.2), coherent(0.8 + 0.3j)),
    (CavityCharger(2, cell_crosstalk=0.3), squeezed(0.3, 0.7, displacement=0.4, excited_cells=1)),
    (CavityCharger(2), coherent(mean_photons=0.5, excited_cells=[1, 0.3j, 0.2])),
    (CavityCharger(2, anisotropy=0.2, charger_frequency=2), coherent(0.7j)),
    (CavityCharger(2), thermal(charger_mean_photons=0.3)),
]


@pytest.mark.parametrize(("model", "start"), CAVITIES, ids=str)
def test_rows_of_a_cavity_agree_with_a_truncated_one(model, start):
    agreed(model, start, TIMES[:4])


LARGE_SPINS = [
    (SpinCharger(2, 1, 0.7, cell_spin=1, charger_spin="3/2", cell_crosstalk=0.3), None),
    (SpinCharger(2, 1, cell_spin=1), thermal(cell_inverse_temperature=0.7)),
    (
        SpinCharger(2, 2, 0.8, 1.3, anisotropy=0.4, cell_spin=1),
        mixture([(0.4, dicke(2, 1)), (0.6, thermal(charger_population=0.8))]),
    ),
    (SpinCharger(2, 2, 0.6, anisotropy=0.3, cell_spin=1, charger_spin=1), dicke(1, 2)),
    (SpinCharger(2, 2, charger_spin=1), thermal(charger_inverse_temperature=-0.4)),
    (CavityCharger(2, 0.4, cell_spin="3/2"), fock(3, excited_cells=1)),
    (SpinCharger(1, 2, cell_spin=2), dicke(1, 2)),
    (
        SpinCharger(2, 1, cell_longitudinal=0.2, cell_spin=1),
        superposition([1, 0.5j], excited_cells=Bloch(1.1, 0.4)),
    ),
]


@pytest.mark.parametrize(("model", "start"), LARGE_SPINS, ids=str)
def test_rows_of_larger_spins_agree_with_the_whole_state(model, start):
    """What is a matter of spins-1/2 is refused, by its name."""
    refused = agreed(model, start, TIMES[:4])
    words = ("spins-1/2", "pure", "definite numbers")
    assert all(any(word in message for word in words) for message in refused)
    if model.cell_spin > 1 / 2:
        assert sum("battery of spins-1/2" in message for message in refused) > 5


DRIVES = {
    "resonant": (ClassicalDrive(3), None),
    "everything": (ClassicalDrive(3, 0.7, 1.3, 0.9, 0.3, -0.2), dicke(1)),
    "thermal": (
        ClassicalDrive(2, 0.7, charger_frequency=0.9, cell_longitudinal=0.2),
        thermal(cell_population=0.2),
    ),
    "mixture": (ClassicalDrive(3, cell_crosstalk=0.2), mixture([(0.3, dicke(0)), (0.7, dicke(2))])),
    "coherent cells": (
        ClassicalDrive(3, 0.7, charger_frequency=0.8, cell_longitudinal=0.2),
        superposition(0, excited_cells=[1, 1j, 0.5, 0]),
    ),
    "unequal cells": (ClassicalDrive(2, cell_longitudinal=0.2), product([0.1, 0.8])),
    "spins 1": (ClassicalDrive(2, 0.7, cell_longitudinal=0.2, cell_spin=1), dicke(1)),
}  # fmt: skip


@pytest.mark.parametrize("name", DRIVES)
def test_rows_of_driven_cells_agree_with_the_whole_state(name):
    """The cells keep all coherences; what needs a quantum charger is refused by its name."""
    model, start = DRIVES[name]
    refused = agreed(model, start, TIMES[:4])
    assert sum("one that a classical drive has" in message for message in refused) == 3
    if name in ("resonant", "everything", "thermal", "mixture"):
        assert len(refused) == 4  # and the concurrence with the charger


ORDERS = [product(cells, [1, 1]) for cells in ([1, 0.2, 0.2], [0.2, 1, 0.2], [0.2, 0.2, 1])]


def test_all_orders_of_unequal_cells_are_a_state_of_their_own():
    """Equally likely they are what permutations do not change, beside a Dicke state, too."""
    model = SpinCharger(3, 2, anisotropy=0.4)
    whole = mixture([(0.4, dicke(0, 2)), *((0.2, start) for start in ORDERS)])
    battery = numerics.charge(model, whole)
    for name in ("ergotropy", "entropy", "negativity"):
        wanted = judge.quantity(name, model, whole, TIMES)
        np.testing.assert_allclose(getattr(battery, name)(TIMES), wanted, rtol=0, atol=1e-11)
    for some in (ORDERS[:2], [ORDERS[0]] * 3):
        parts = [(0.4, dicke(1, 2)), *((0.6 / len(some), start) for start in some)]
        with pytest.raises(InvalidArgument, match="must have cells of equal populations"):
            numerics.charge(model, mixture(parts)).ergotropy(TIMES)


UNLIKE = {
    "one thermal charger spin": (SpinCharger(2, 2), product([0, 0], [1, 0.6])),
    "both sides": (
        SpinCharger(
            3, 2, anisotropy=0.3, cell_crosstalk=0.2, charger_crosstalk=-0.3, charger_frequency=1.3
        ),
        product([1, 0.2, 0.2], [0.4, 1]),
    ),
    "some orders": (
        SpinCharger(3, 2, -0.7, anisotropy=0.4),
        mixture(list(zip((0.25, 0.25, 0.5), ORDERS, strict=True))),
    ),
    "a flipped cell beside a hot one": (
        SpinCharger(2, 3, coupling=0.7, frequency=1.2, cell_crosstalk=0.2),
        mixture([(0.3, product([1, 0], [1, 1, 1])), (0.7, thermal(cell_inverse_temperature=0.4))]),
    ),
}
BY_GROUPS = [
    *("ergotropy", "locked_energy", "extractable_fraction", "passive_energy", "capacity"),
    *("work_variance", "entropy", "purity", "negativity"),
]


@pytest.mark.parametrize("start", UNLIKE)
@pytest.mark.parametrize("name", BY_GROUPS)
def test_spins_that_start_unlike_are_told_apart(name, start):
    """Where the mean over permutations would be far off."""
    model, initial = UNLIKE[start]
    found, times = numerics.charge(model, initial), TIMES[1:]
    wanted = judge.quantity(name, model, initial, times)
    np.testing.assert_allclose(getattr(found, name)(times), wanted, rtol=0, atol=1e-11)


def test_the_mean_over_permutations_is_another_state():
    model, initial = UNLIKE["one thermal charger spin"]
    mean = mixture([(0.5, product([0, 0], p)) for p in ([1, 0.6], [0.6, 1])])
    apart, averaged = (numerics.charge(model, s).negativity(0.6) for s in (initial, mean))
    assert apart == pytest.approx(0.58543, abs=1e-5)
    assert apart - averaged > 0.09


@pytest.mark.parametrize("name", ["ergotropy", "capacity"])
def test_maxima_of_spins_that_start_unlike(name):
    battery = numerics.charge(*UNLIKE["both sides"])
    peak = battery.first_peak(name)
    times = peak.time + np.array([-1e-4, 0, 1e-4])
    below, top, above = getattr(battery, name)(times)
    assert top == pytest.approx(peak.value, rel=1e-12)
    assert max(below, above) <= top


@pytest.mark.parametrize("start", [None, mixture([(0.5, dicke(0, 2)), (0.5, dicke(1, 1))])])
@pytest.mark.parametrize("name", ["ergotropy", "entropy", "purity", "energy_variance"])
def test_without_a_coupling_the_anisotropy_is_none(name, start):
    still, turned = (numerics.charge(SpinCharger(2, 2, 0, anisotropy=g), start) for g in (0, 0.3))
    assert np.array_equal(getattr(turned, name)([0.0, 1.0]), getattr(still, name)([0.0, 1.0]))
