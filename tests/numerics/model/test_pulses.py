"""Areas of pulses, against integrals that are known."""

import math

import numpy as np
import pytest

from numerics.model.checks import InvalidArgument
from numerics.model.pulses import Pulse

ROOT = 1.2345678
CASES = {
    "constant": (lambda t: 0.3, 7.0, 2.1),
    "nothing": (lambda t: 0, 7.0, 0.0),
    "Rosen-Zener": (lambda t: 1 / math.cosh(t - 20), 40.0, 2 * math.atan(math.sinh(20))),
    "a short pulse in a long window": (lambda t: 1 / math.cosh(t - 500), 1000.0, math.pi),
    "switched off": (lambda t: 1.0 if t < ROOT else 0.0, 10.0, ROOT),
    "switched on": (lambda t: 2.0 if t >= ROOT else 0.0, 3.0, 2 * (3 - ROOT)),
    "oscillating": (lambda t: math.sin(3 * t), 50.0, (1 - math.cos(150)) / 3),
    "a kink": (lambda t: abs(t - ROOT), 3.0, (ROOT**2 + (3 - ROOT) ** 2) / 2),
    "a root": (math.sqrt, 2.0, 2**2.5 / 3),
    "backwards": (math.exp, -2.0, math.expm1(-2)),
    "NumPy's": (lambda t: np.exp(-np.array([t])), 2.0, -math.expm1(-2)),
}


@pytest.mark.parametrize("case", CASES)
def test_areas_are_exact_to_double_precision(case):
    function, until, area = CASES[case]
    window = Pulse(function).window(until)
    found = float(window.area(np.array([until]))[0])
    scale = max(1.0, abs(area))
    assert abs(found - area) <= 4e-15 * scale
    assert abs(found - area) <= window.error
    assert window.error <= 1e-12 * scale
    assert window.area(np.zeros(1))[0] == 0


def test_areas_inside_the_window_and_the_first_time_of_each():
    window = Pulse(math.cos).window(10.0)
    times = np.linspace(0, 10, 137)
    assert np.abs(window.area(times) - np.sin(times)).max() < 3e-15
    assert window.first(0.5) == pytest.approx(math.pi / 6, rel=1e-13)
    assert window.first(-0.5) == pytest.approx(7 * math.pi / 6, rel=1e-13)
    assert window.first(1.0) == pytest.approx(math.pi / 2, abs=1e-6)
    passed = window.area(window.turns)
    assert (passed.max(), passed.min()) == pytest.approx((1, -1), abs=1e-14)
    with pytest.raises(ValueError, match="is not reached"):
        window.first(1.001)


def test_areas_at_times_of_either_sign():
    times = np.array([2.0, -1.0, 0.0, 0.5, -3.0])
    assert np.abs(Pulse(math.cos).areas(times) - np.sin(times)).max() < 3e-15
    assert Pulse(math.cos).areas(np.zeros(0)).shape == (0,)


def test_what_was_stored_stays():
    window = Pulse(lambda t: 1.0 if t < 1.5 else 0.0).window(10.0)
    assert len(set(window.area(np.array([1.6, 3.0, 9.0])).tolist())) == 1
    assert window.first(1.5) == pytest.approx(1.5, rel=1e-13)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (0.3, "`coupling` must be a function from a time to a finite real number, but is 0.3"),
        (None, "must be a function"),
        ("sin", "must be a function"),
        (lambda t: "x", r"finite real number \(here at 0.0\), but is 'x'"),
        (lambda t: complex(1, t), "finite real number"),
        (lambda t: None, "finite real number"),
        (lambda t: math.nan, "but is nan"),
        (lambda t: math.inf, "but is inf"),
        (lambda t: [1, 2], "finite real number"),
        (lambda t: np.array([t, t]), "finite real number"),
        (lambda t: 1 / t, "but raises ZeroDivisionError"),
        (lambda t: True, "finite real number"),
        (lambda: 1, "but raises TypeError"),
        (lambda t: math.sin(1 / t) if t else 0, "it takes too many intervals up to the time 1"),
        (lambda t: math.nan if t > 0.5 else 1, "but is nan"),
    ],
)
def test_what_is_no_pulse(function, message):
    with pytest.raises(InvalidArgument, match=message):
        Pulse(function).window(1.0)
