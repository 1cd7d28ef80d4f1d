"""A propagation that goes wrong is withheld; one that double precision cannot hold is refused."""

from dataclasses import replace

import numpy as np
import pytest

from numerics import SpinCharger, charge
from numerics.dynamics.conservation import (
    ConservationError,
    PrecisionError,
    check_conserved,
    refuse_late,
)
from numerics.dynamics.grid_chebyshev import ChebyshevPropagator

MODEL = SpinCharger(40, 40, coupling=0.1, anisotropy=0.2)
TIMES = np.linspace(0.1, 1.0, 4)


def broken(change):
    """A propagator whose Hamiltonian, or its scaled double, was tampered with."""
    (propagator,) = charge(MODEL)._dynamics.propagators
    operator = replace(propagator.operator)
    change(operator)
    return ChebyshevPropagator(operator, propagator.site)


def wrong_radius(operator):
    operator.__dict__["radius"] = operator.radius / 1.3


def wrong_element(operator):
    """Unitary evolution by a Hamiltonian that is not the one the energy is measured with."""
    wrong = [matrix.copy() for matrix in operator.doubled]
    hop = int(np.argmax(wrong[0][:1].indices))
    row, column = 0, int(wrong[0].indices[hop])
    for matrix, i, j in ((wrong[0], row, column), (wrong[1], column, row)):
        part = slice(matrix.indptr[i], matrix.indptr[i + 1])
        matrix.data[part][matrix.indices[part] == j] *= 1.01
    operator.__dict__["doubled"] = tuple(wrong)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (wrong_radius, r"the norm changed from 1 to .* between the times 0"),
        (wrong_element, "the mean square of the energy changed"),
    ],
)
def test_what_is_broken_is_withheld(change, message):
    with pytest.raises(ConservationError, match=message):
        broken(change).excitation(TIMES)


def test_what_is_not_a_number_is_withheld():
    with pytest.raises(ConservationError):
        check_conserved("the norm", float("nan"), 1.0, 1.0, 0.0, "at once")


def test_an_untouched_copy_passes():
    propagator = broken(lambda operator: None)
    expected = charge(MODEL).energy(TIMES)
    np.testing.assert_allclose(propagator.excitation(TIMES), expected, atol=1e-12)


def test_times_too_late_for_double_precision():
    battery = charge(MODEL)
    with pytest.raises(PrecisionError, match=r"at most 4\.\d+e\+04 .*numerics\.certified"):
        battery.energy([1.0, -1e6])
    refuse_late(1.0, 1e6)
    with pytest.raises(ValueError, match="`times`"):
        refuse_late(1.0, 1e7)
