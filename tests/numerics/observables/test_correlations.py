"""Entropies of all orders."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from numerics import SpinCharger, charge
from numerics.model.states import thermal
from numerics.observables.ergotropy import eigenvalues

ORDERS = [
    "1.0000000000000000000001",
    "0.999999999999",
    "1.000001",
    "0.99",
    "1.4",
    "1.6",
    "0.4",
    "1e-300",
    "7",
    "1e300",
]
STARTS = {
    "pure": (SpinCharger(3, 2), None),
    "mixed": (SpinCharger(3, 2), thermal(cell_population=0.2)),
    "anisotropic": (SpinCharger(2, 3, anisotropy=0.4), thermal(cell_population=0.2)),
}


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("order", ORDERS)
def test_orders_near_that_of_von_neumann_and_far_from_it(order, start):
    model, initial = STARTS[start]
    times = np.array([0.01, 0.7])
    found = charge(model, initial).entropy(times, order=order)
    spectrum = eigenvalues(charge(model, initial).battery_state(times))
    exact = Fraction(order)
    with mpmath.workdps(400):
        a = mpmath.mpf(exact.numerator) / exact.denominator
        for value, weights in zip(found, spectrum.weight, strict=True):
            pairs = list(zip(map(mpmath.mpf, weights.tolist()), spectrum.multiplicity, strict=True))
            whole = sum(w for w, _ in pairs)
            parts = [(w / whole / int(d), int(d)) for w, d in pairs if w > 0]
            wanted = mpmath.log(sum(d * x**a for x, d in parts)) / (1 - a)
            assert value == pytest.approx(float(wanted), rel=1e-12)


def test_an_order_that_no_double_tells_from_one():
    battery, order = charge(SpinCharger(2, 2)), f"1.{'0' * 400}1"
    assert battery.entropy(0.4, order=order) == battery.entropy(0.4)
