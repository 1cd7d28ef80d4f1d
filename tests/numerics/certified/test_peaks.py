"""Certified peaks: isolated, proven to be what they are called, and refused where they are not."""

from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from flint import arb
from mpmath import mpf

import numerics
from numerics import CavityCharger, NoPeakError, SpinCharger, certified, charge
from numerics.certified import NotCertifiedError, peaks
from numerics.certified import isolation as scan
from numerics.certified.exact import ball, exact_problem, working
from numerics.maxima.search import Peak
from numerics.model.states import dicke, fock, mixture, product, thermal
from tests.systems import taylor

PROBLEMS = [
    (SpinCharger(3, 5), None),
    (SpinCharger(6, 6, coupling="1/10"), None),
    (SpinCharger(4, 6, charger_frequency="7/5", charger_crosstalk="1/5"), dicke(1, 4)),
    (SpinCharger(3, 3, coupling="1/5", anisotropy="1/5"), None),
    (SpinCharger(2, 3, frequency=2, cell_crosstalk="1/3"), product(["1/10", 0], [1, "4/5", 1])),
    (SpinCharger(2, 2), thermal(charger_inverse_temperature=-2)),
    (CavityCharger(4, coupling="1/3"), None),
    (CavityCharger(3), mixture([("1/4", fock(2)), ("3/4", fock(5))])),
]


def _float(enclosure):
    return float(enclosure.midpoint)


@pytest.mark.parametrize(("model", "state"), PROBLEMS)
@pytest.mark.parametrize("name", ["first_peak", "max_power"])
def test_peaks_are_those_of_the_other_engines(model, state, name):
    """In doubles; and with sixty digits the value at the time, lower on both sides of it."""
    found, double = (
        getattr(certified, name)(model, 40, state),
        getattr(charge(model, state), name)(),
    )
    assert double.time == pytest.approx(_float(found.time), rel=1e-7, abs=0)
    assert double.value == pytest.approx(_float(found.value), rel=1e-11, abs=0)
    assert found.time.digits >= 40
    assert found.value.radius < mpf(10) ** -39
    assert 0 < found.value.remainder <= found.value.radius
    assert 0 < found.time.remainder <= found.time.radius
    assert found.samples > 1
    with mpmath.workdps(80):
        middle = found.time.midpoint
        side = mpf(10) ** -8 * middle
        low, top, high = (
            taylor.energy(model, t, state, digits=60) / (t if name == "max_power" else 1)
            for t in (middle - side, middle, middle + side)
        )
        assert abs(top - found.value.midpoint) <= found.value.radius + mpf(10) ** -45
        assert low < top > high


def test_peaks_of_a_counter_rotating_cavity():
    """With the photon cutoff in every derivative; judged by certified energies around them."""
    model = CavityCharger(1, coupling="1/2", anisotropy="1/10")
    peak, best = certified.first_peak(model, 15), certified.max_power(model, 15)
    here = charge(model)
    assert here.first_peak().time == pytest.approx(_float(peak.time), rel=1e-7)
    assert here.max_power().value == pytest.approx(_float(best.value), rel=1e-11)
    for found, power in ((peak, False), (best, True)):
        middle = (found.time.lower + found.time.upper) / 2
        side = middle / 10**5
        low, top, high = (
            certified.energy(model, t, 25).lower / (t if power else 1)
            for t in (middle - side, middle, middle + side)
        )
        assert low < top > high
        assert abs(found.value.lower - top) < Fraction(1, 10**22)
    assert peak.time.digits >= 15


def test_a_single_cell_in_closed_form():
    """E = sin²(gt) peaks at π/(2g), sin²(x)/x where tan x = 2x."""
    first = certified.first_peak(SpinCharger(1, 1, coupling="1/3"), 100)
    power = certified.max_power(SpinCharger(1, 1), 60)
    with mpmath.workdps(150):
        x = mpmath.findroot(lambda x: mpmath.tan(x) - 2 * x, mpf("1.165"))
        for found, time, value in (
            (first, 3 * mpmath.pi / 2, 1), (power, x, mpmath.sin(x) ** 2 / x)
        ):  # fmt: skip
            assert found.time.contains(time)
            assert found.value.contains(value)
    text = str(first)
    assert text.splitlines()[0] == "first local maximum of E"
    assert "time  4.7123889803" in text
    assert "±" in text


def test_the_first_of_several_peaks():
    """No peak before the one that is found, seen on a fine grid of another engine."""
    for model, state in (
        (SpinCharger(5, 6, anisotropy="1/3", coupling="1/2"), None),
        (SpinCharger(6, 6), dicke(3, 4)),
        (SpinCharger(4, 5), dicke(3, 1)),
    ):
        found = certified.first_peak(model, 20, state)
        times = np.linspace(0, _float(found.time), 4001)
        energy = charge(model, state).energy(times)
        inner = energy[1:-1]
        assert not np.any((inner > energy[:-2] + 1e-13) & (inner > energy[2:] + 1e-13))


def test_a_start_that_discharges_first():
    """From E' < 0 the first maximum comes after a minimum."""
    found = certified.first_peak(SpinCharger(2, 3), 30, dicke(2, 1))
    assert found.value.midpoint < 0.1
    assert charge(SpinCharger(2, 3), dicke(2, 1)).first_peak().time == pytest.approx(
        _float(found.time)
    )


def test_a_hint_at_a_lesser_peak_is_not_believed(monkeypatch):
    """The proof does not rest on double precision: a wrong hint is refuted."""
    model = SpinCharger(1, 1)

    class Misled:
        def max_power(self):
            # A local maximum of sin²(t)/t, but not the largest.
            return Peak(4.604216777200577, 0.2150)

    monkeypatch.setattr(peaks, "charge", lambda *_: Misled())
    with pytest.raises(NotCertifiedError, match="another time could have as much power"):
        certified.max_power(model)


def test_a_broken_bound_of_the_third_derivative_is_found(monkeypatch):
    """Steps a hundred times too long jump over a peak."""
    model, state = SpinCharger(6, 6), dicke(3, 4)
    right = certified.first_peak(model, 20, state)
    honest = scan.sample

    def careless(ensemble, third):
        return honest(ensemble, third / 10**4)

    monkeypatch.setattr(scan, "sample", careless)
    monkeypatch.setattr(peaks, "sample", careless)
    try:
        wrong = certified.first_peak(model, 20, state)
    except NotCertifiedError:
        return
    assert not wrong.time.overlaps(right.time)


@pytest.mark.parametrize("zero", [peaks._Zero, peaks.PowerZero])
def test_the_change_of_a_slope_is_bounded_up_to_twice_the_time(zero):
    """Of E′ and of tE′ − E, from both sides."""
    problem, time = exact_problem(SpinCharger(1, 1, coupling=10), None), Fraction(1, 3)
    with working(100):
        start = peaks._scanned(problem, Fraction(0))
        here = scan.sample(start.at(time), start.bounds()[2])
        slopes = [zero.curve(here.at(time * n / 40))[1] for n in range(1, 80)]
        fastest = max(abs(b - a).upper() for a, b in pairwise(slopes)) * 40 / ball(time)
        change = zero.curve(here)[2]
        assert fastest <= change <= 3 * fastest


def test_digits_follow_from_the_balls_of_the_model():
    blurred = arb(1, 1e-12)
    found = certified.first_peak(SpinCharger(2, 3, coupling=blurred), 50)
    for coupling in (1, 1 + Fraction(1, 10**12), 1 - Fraction(1, 10**12)):
        sharp = certified.first_peak(SpinCharger(2, 3, coupling=coupling), 30)
        assert found.time.contains(sharp.time)
        assert found.value.contains(sharp.value)
    assert 9 <= found.time.digits <= 12


def test_what_has_no_peak():
    for model, state in (
        (SpinCharger(2, 2, coupling=0), None),
        (SpinCharger(2, 2), dicke(0, 0)),
        (CavityCharger(2), fock(0)),
    ):
        with pytest.raises(NoPeakError):
            certified.first_peak(model, initial=state)
        with pytest.raises(NoPeakError):
            certified.max_power(model, initial=state)
    with pytest.raises(NoPeakError, match="no energy can be gained"):
        certified.max_power(SpinCharger(2, 3), initial=dicke(2, 0))


def test_what_cannot_be_proven_is_said():
    """E is constant by symmetry, which no sample can prove."""
    with pytest.raises(NotCertifiedError, match="both vanish"):
        certified.first_peak(SpinCharger(2, 2), initial=dicke(1, 1))


def test_searches_that_are_too_long_say_how_far_they_came(monkeypatch):
    monkeypatch.setattr(scan, "_MOST_SAMPLES", 5)
    with pytest.raises(NotCertifiedError, match=r"is proven up to time .* with 6 enclosures"):
        certified.max_power(SpinCharger(10, 10))
    with pytest.raises(NotCertifiedError, match=r"the search ended at time .* after 5 enclosures"):
        certified.first_peak(SpinCharger(10, 10))


# Double precision, checked.


@pytest.mark.parametrize(
    ("model", "state"),
    [
        (SpinCharger(20, 20), None),
        (SpinCharger(4, 5, coupling=0.1, anisotropy=0.3, cell_crosstalk=0.2), dicke(1, 4)),
        (SpinCharger(2, 3, coupling=0.3), product([0.1, 0.6], [1, 0.2, 0.9])),
        (CavityCharger(1, coupling=0.2, anisotropy=0.3), None),
    ],
)
def test_double_precision_is_right(model, state):
    found = certified.check(charge(model, state))
    assert len(found.times) == 33
    assert found.times[0] == 0
    assert found.digits >= 12
    assert found.deviation < 1e-11 * model.cells
    assert found.unit == model.cells


def test_an_error_in_a_curve_is_found_where_it_is(monkeypatch):
    here, times = charge(SpinCharger(5, 5, frequency=2)), np.array([1.0, 0.0, 0.3, -0.3])
    right = numerics.Charging.energy

    def wrong(self, times):
        return right(self, times) + np.where(np.asarray(times) == 0.3, 3e-7, 0.0)

    monkeypatch.setattr(numerics.Charging, "energy", wrong)
    found = certified.check(here, times)
    assert found.deviations[2] == pytest.approx(3e-7, rel=1e-6)
    assert found.deviation == found.deviations[2]
    assert found.correct[2] == found.digits == 7
    assert min(found.correct[0], found.correct[1], found.correct[3]) >= 13
    assert found.times == (1.0, 0.0, 0.3, -0.3)
    assert "7 digits of E/(M ω0) are correct at 4 times" in str(found)
    assert "at time 0.3" in str(found)
