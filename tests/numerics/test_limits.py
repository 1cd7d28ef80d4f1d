"""What is too large, too late, too weak or in too small a unit is refused with a reason."""

import time as clock
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from numerics import CavityCharger, InvalidArgument, SpinCharger, TooLargeError, certified, charge
from numerics.dynamics.conservation import PrecisionError
from numerics.model.problem import _LEAST, _MOST
from numerics.model.states import dicke, mixture, product, thermal

SMALL, GRID = SpinCharger(2, 3), SpinCharger(2, 3, anisotropy="1/5")
HUGE = SpinCharger(10**6, 10**6)
HALF = product([(0.5, 10)], [("1/2", 10**5)])

LARGE = {
    "a product": lambda: charge(SpinCharger(10, 10**5), HALF),
    "a product of 10^30": lambda: charge(
        SpinCharger(1, 10**30), product([0], [(0.5, 10**30)])
    ),
    "a thermal charger": lambda: charge(SpinCharger(10, 10**5), thermal(charger_population=0.5)),
    "long to expand": lambda: charge(SpinCharger(2, 12_000), thermal(charger_population=0.5)),
    "hot in a mixture": lambda: charge(
        SpinCharger(10, 10**5), mixture([(0.5, dicke(0, 1)), (0.5, HALF)])
    ),
    "half of 10^30": lambda: charge(SpinCharger(10**30, 10**30), dicke(0, 10**29)),
    "a grid of 10^30": lambda: charge(SpinCharger(2, 10**30, anisotropy=0.5)),
    "certified, large": lambda: certified.energy(HUGE, 1),
    "certified, populations": lambda: certified.populations(HUGE, 1),
    "certified, late": lambda: certified.energy(SMALL, 10**7),
    "certified, 1e9": lambda: certified.energy(SMALL, "1e9"),
    "certified, 1e300": lambda: certified.populations(SMALL, "1e300"),
    "certified, at γ": lambda: certified.energy(GRID, "1e300"),
    "certified, digits": lambda: certified.energy(SpinCharger(60, 60, anisotropy="1/5"), 40, 900),
    "certified, thermal": lambda: certified.energy(
        SpinCharger(10, 10**5), 1, 20, thermal(charger_population="1/2")
    ),
    "a mean of a grid": lambda: charge(SpinCharger(100, 100, anisotropy=0.5)).mean(),
    "half of the cells, at many times": lambda: charge(
        SpinCharger(800, 1), thermal(cell_population=0.5)
    ).ergotropy(np.linspace(0, 1, 40), cells=400),
    "populations of 10^12": lambda: charge(SpinCharger(10**12, 1)).populations(0.1),
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_too_large(name):
    begun = clock.monotonic()
    with pytest.raises(TooLargeError, match=r"needs about .* of memory|would take about \d"):
        LARGE[name]()
    assert clock.monotonic() - begun < 10


@pytest.mark.parametrize("early", ["5e-324", "1e-320", "1e-999", Fraction(3, 10**500)])
@pytest.mark.parametrize("model", [SMALL, GRID, CavityCharger(2)])
def test_the_earliest_times_have_all_digits(model, early):
    """E begins as M·m g²ω₀t² and the populations as that, however small they are."""
    time = Fraction(early)
    begins = {"SpinCharger": 6, "CavityCharger": 4}[type(model).__name__] * time**2
    for found in (certified.energy(model, early), certified.populations(model, early)[1]):
        assert found.digits >= 45
        assert abs(found.lower / begins - 1) < Fraction(1, 10**45)
    strong = certified.energy(replace(model, coupling=early), 1)
    assert strong.contains(certified.energy(model, early).midpoint) or strong.digits >= 45


@pytest.mark.parametrize("model", [SMALL, GRID, SpinCharger(40, 40)])
def test_windows_may_be_as_small_as_doubles(model):
    for end in (5e-324, 1e-320, 1e-300):
        assert charge(model).maximum(until=end).time <= end


@pytest.mark.parametrize("late", [1e17, 1e300, "masked"])
@pytest.mark.parametrize("model", [SMALL, SpinCharger(40, 40), GRID, CavityCharger(3)])
def test_too_late(model, late):
    times = np.ma.array([1.0, 2.0], mask=[False, True]) if late == "masked" else [0.0, late]
    for quantity in ("energy", "power", "populations"):
        with pytest.raises(InvalidArgument, match="`times` must be"):
            getattr(charge(model), quantity)(times)


def test_masked_arrays_without_a_mask_are_times():
    times = np.ma.array([1.0, 2.0])
    assert np.array_equal(charge(SMALL).energy(times), charge(SMALL).energy([1.0, 2.0]))


ENERGIES = ["coupling", "frequency", "charger_frequency", "charger_crosstalk", "cell_crosstalk"]


@pytest.mark.parametrize("field", ENERGIES)
@pytest.mark.parametrize("size", [1e-320, 1e-200, 1e200, 1e308])
@pytest.mark.parametrize("anisotropy", [0, 0.3])
def test_energies_beyond_doubles_are_refused(field, size, anisotropy):
    model = SpinCharger(2, 4, anisotropy=anisotropy, **{field: size})
    if size > 1 or field.endswith("frequency"):
        with pytest.raises(InvalidArgument, match=f"`{field}` must be of a size between"):
            charge(model)
    elif field == "coupling":
        # E is 0 within rounding, but nobody knows where its peaks are.
        assert abs(float(charge(model).energy(1.0))) < 1e-15
        for name in ("first_peak", "max_power"):
            with pytest.raises(PrecisionError, match="`coupling` must be stronger"):
                getattr(charge(model), name)()
    else:
        plain = charge(SpinCharger(2, 4, anisotropy=anisotropy)).first_peak()
        assert charge(model).first_peak().value == pytest.approx(plain.value, rel=1e-12)


@pytest.mark.parametrize("unit", [1e-58, 1e-30, 1e30, 1e58])
@pytest.mark.parametrize("anisotropy", [0, 0.3])
def test_no_unit_that_is_taken_changes_a_result(unit, anisotropy):
    """Powers are quadratic in it, variances too, and nothing overflows on the way."""
    assert _LEAST < unit < _MOST
    here, there = (
        charge(SpinCharger(3, 4, u, 1.5 * u, anisotropy, 1.25 * u, 0.2 * u, -0.1 * u))
        for u in (1.0, unit)
    )
    for name, power in (("energy", 1), ("power", 2), ("energy_variance", 2), ("populations", 0)):
        one, other = getattr(here, name)([0.3, 1.7]), getattr(there, name)([0.3 / unit, 1.7 / unit])
        np.testing.assert_allclose(other / unit**power, one, rtol=1e-11, atol=1e-15)
    for name, power in (("first_peak", 1), ("max_power", 2)):
        one, other = getattr(here, name)(), getattr(there, name)()
        assert other.value / unit**power == pytest.approx(one.value, rel=1e-12)
        assert other.time * unit == pytest.approx(one.time, rel=1e-9)


@pytest.mark.parametrize("field", ["charger_crosstalk", "cell_crosstalk", "charger_frequency"])
@pytest.mark.parametrize("cells", [2, 30])
@pytest.mark.parametrize("anisotropy", [0, 0.3])
def test_a_peak_is_right_or_refused(field, cells, anisotropy):
    """Against ever stronger energies on the diagonal: E falls as their square, and never to 0."""
    for power in (2, 5, 8, 16, 25):
        model = SpinCharger(cells, 4, 1.0, 1.0, anisotropy, **{field: 10.0**power})
        battery = charge(model)
        if power > 15:
            for name in ("first_peak", "max_power"):
                with pytest.raises(PrecisionError, match="`coupling` must be stronger"):
                    getattr(battery, name)()
            continue
        time = 0.37 * 10.0**-power
        if anisotropy == 0 and cells == 2:
            peak = battery.first_peak()
            time, found = peak.time, peak.value
        else:
            found = float(battery.energy(time))
        wanted = certified.energy(model, time, 15, floats=True)
        assert found == pytest.approx(float(wanted.midpoint), rel=1e-4)
