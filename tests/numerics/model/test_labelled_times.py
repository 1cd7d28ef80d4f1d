"""Times that are more than numbers: labels come back, masks and units are refused."""

import numpy as np
import pytest

import numerics
from numerics import InvalidArgument, SpinCharger
from numerics.model import checks
from symbattery import solve, two_cells
from symbattery.symbols import g, t

BATTERY = numerics.charge(SpinCharger(2, 3))
PULSED = numerics.charge(SpinCharger(2, 3), coupling=lambda time: 1.0)
TIMES = np.array([0.0, 0.5, 1.0])
CALLS = {
    "energy": BATTERY.energy,
    "ergotropy": BATTERY.ergotropy,
    "error": BATTERY.error,
    "pulsed": PULSED.energy,
    "area": PULSED.area,
    "scheduled": numerics.schedule(SpinCharger(2, 3), [(2.0, 1.0)]).energy,
    "bound": lambda times: numerics.energy_bound(SpinCharger(2, 3), times),
    "formula": two_cells().function("energy", chargers=3),
    "formula of numexpr": two_cells().function("energy", "numexpr", chargers=3),
    "pulsed formula": solve(SpinCharger(2, 3), coupling=g * t).function("power", g=1),
}


class Own(np.ndarray):
    """A subclass of the user's own."""


class WithUnit(np.ndarray):
    """An array with a unit, as of astropy."""

    unit = "s"


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_arrays_come_back_as_they_were(call):
    plain = call(TIMES)
    assert type(plain) is np.ndarray
    for times in (np.ma.array(TIMES), np.ma.array(TIMES, mask=False), TIMES.view(Own)):
        values = call(times)
        assert type(values) is type(times)
        assert np.array_equal(np.asarray(values), plain)
    assert not isinstance(call(np.float64(0.5)), np.ma.MaskedArray)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_masks_and_units_are_refused(call):
    for times, word in (
        (np.ma.array(TIMES, mask=[0, 0, 1]), "none of them masked"),
        (TIMES.view(WithUnit), "without a unit"),
        ([np.ma.masked, 1.0], "in an array"),
    ):
        with pytest.raises(InvalidArgument, match=f"`times?` must be finite real numbers.*{word}"):
            call(times)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_labels_come_back(call):
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    xarray = pytest.importorskip("xarray", reason="xarray is not installed")
    plain = call(TIMES)
    series = call(pandas.Series(TIMES, index=list("abc"), name="t"))
    pandas.testing.assert_series_equal(series, pandas.Series(plain, index=list("abc"), name="t"))
    array = call(xarray.DataArray(TIMES, dims="run", coords={"run": [3, 4, 5]}))
    xarray.testing.assert_identical(
        array, xarray.DataArray(plain, dims="run", coords={"run": [3, 4, 5]})
    )
    said = {"units": "s"}
    assert call(xarray.DataArray(TIMES, attrs=said)).attrs == {}
    assert said == {"units": "s"}
    missing = pandas.array([0.5, None], dtype="Float64")
    for times in (missing, pandas.Series(missing), pandas.Series([0.5, None])):
        with pytest.raises(InvalidArgument, match=r"`times?` must be finite real"):
            call(times)


def test_where_no_labels_fit_they_are_refused():
    times = TIMES.view(Own)
    for call in (BATTERY.populations, BATTERY.battery_state):
        with pytest.raises(InvalidArgument, match=r"`times` must be a plain array, numpy\.asarray"):
            call(times)
    f = two_cells().function("energy")
    with pytest.raises(InvalidArgument, match="`chargers` must be plain numbers"):
        f(TIMES, chargers=np.array([3, 4, 5]).view(Own))
    with pytest.raises(InvalidArgument, match="`time` must be a plain array"):
        f(times, chargers=np.array([[3], [4]]))


def test_units_inside_others_are_refused():
    class Holder(np.ndarray):
        @property
        def data(self):
            return TIMES.view(WithUnit)

    with pytest.raises(InvalidArgument, match="without a unit"):
        checks.times_array(TIMES.view(Holder))
