"""Ergotropies where all eigenvalues are small, or most of them."""

from itertools import pairwise

import numpy as np
import pytest
import scipy

from numerics import InvalidArgument, SpinCharger, charge
from numerics.model.states import dicke, mixture, product, thermal
from tests.systems import oracle


@pytest.mark.parametrize("cells", [5, 40, 100])
def test_work_of_many_hot_cells_turns_all_of_them_over(cells):
    """2^M small eigenvalues p^k (1 − p)^(M − k): the unitary flips every cell."""
    p = 0.6
    battery = charge(SpinCharger(cells, 2), thermal(cell_population=p))
    for sense in ("full", "symmetric", "local"):
        work = battery.ergotropy(0.0, sense=sense)
        assert work == pytest.approx(cells * (2 * p - 1), rel=1e-11), sense
    assert battery.work_variance(0.0) == pytest.approx(4 * cells * p * (1 - p), rel=1e-10)
    assert battery.capacity(0.0) == pytest.approx(cells * (2 * p - 1), rel=1e-10)


def test_work_of_many_cells_is_between_that_of_one_unitary_and_all():
    """Later, when no eigenvalues are equal: inequalities between the senses."""
    battery = charge(SpinCharger(30, 3), thermal(cell_population=0.55, charger_population=0.9))
    times = np.linspace(0, 1, 4)
    senses = ("local", "symmetric", "full", "daemonic")
    work = [battery.ergotropy(times, sense=sense) for sense in senses]
    for least, most in pairwise(work):
        assert np.all(least <= most + 1e-11)
    assert np.all(work[1] > 2.9)


def test_the_state_after_a_measurement_keeps_its_order_at_small_times():
    """All is extractable to lowest order; eigenvalues of order t² are not those of order t⁴."""
    model = SpinCharger(3, 3, coupling=0.5, anisotropy=1, charger_frequency=0.2)
    battery = charge(model, product([0, 0, 0], [0, 1, 1]))
    times = np.array([1e-6, 1e-4, 1e-3])
    left = 1 - battery.extractable_fraction(times, sense="daemonic")
    np.testing.assert_allclose(left, 2 / 3 * times**2, rtol=1e-3, atol=1e-9)


@pytest.mark.parametrize("name", ["extractable_fraction", "passive_energy", "capacity"])
def test_what_is_refused_is_called_by_its_name(name):
    start = mixture([(0.5, product([0, 1], [1, 1])), (0.5, dicke(1, 2))])
    battery = charge(SpinCharger(2, 2), start)
    with pytest.raises(InvalidArgument, match=rf"equal populations for `{name}"):
        getattr(battery, name)(0.3)


def test_groups_have_more_eigenvalues_than_the_two_lowest_levels_hold():
    """Of unlike cells, against the eigenvalues of their state on all spins."""
    model, start = SpinCharger(3, 4), product([1, 0, 0], [1, 1, 1, 0])
    battery, time = charge(model, start), 0.5
    moved = scipy.linalg.expm(-1j * time * oracle.hamiltonian(model))
    whole = moved @ oracle.density_matrix(model, start) @ moved.conj().T
    own = np.einsum("aibi->ab", whole.reshape(8, 16, 8, 16))
    up = np.array([3 - i.bit_count() for i in range(8)])
    values, mean = np.linalg.eigvalsh(own)[::-1], np.real(np.diag(own)) @ up
    assert np.count_nonzero(values > 1e-3) == 6
    assert battery.ergotropy(time) == pytest.approx(mean - values @ np.sort(up), rel=1e-12)
    assert battery.locked_energy(time) == pytest.approx(values @ np.sort(up), rel=1e-12)
    turned = values @ (np.sort(up)[::-1] - np.sort(up))
    assert battery.capacity(time) == pytest.approx(turned, rel=1e-12)
