"""Curves with kinks, whose maxima samples alone would miss."""

import numpy as np
import pytest

from numerics import Peak
from numerics.maxima import semiconvex
from numerics.maxima.semiconvex import SemiconvexCurve


def kinked(times):
    """Three hills with downward kinks between them, the second narrow and low."""
    hills = 1 - 4 * (times - 1) ** 2, 0.9 - 16 * (times - 1.7) ** 2, 1.1 - 4 * (times - 3) ** 2
    return np.maximum(np.max(hills, axis=0), 0)


@pytest.mark.parametrize("step", [0.05, 0.5, 30.0])
def test_no_hill_is_too_narrow(step, monkeypatch):
    """Whatever the samples to begin with: the bound decides, not their density."""
    monkeypatch.setattr(semiconvex, "_STEP", step)
    curve = SemiconvexCurve(kinked, 32.0, 1.1)
    assert semiconvex.first_peak(curve).time == pytest.approx(1, abs=1e-9)
    assert semiconvex.largest_value(curve, 2.5).time == pytest.approx(1, abs=1e-9)
    assert semiconvex.largest_value(curve, 5).time == pytest.approx(3, abs=1e-9)
    narrow = SemiconvexCurve(lambda t: np.maximum(0.9 - 16 * (t - 1.7) ** 2, 0), 32.0, 0.9)
    assert semiconvex.first_peak(narrow).time == pytest.approx(1.7, abs=1e-9)


def test_only_what_may_hide_a_maximum_is_halved():
    asked = []
    curve = SemiconvexCurve(lambda t: asked.extend(t) or kinked(t), 32.0, 1.1)
    semiconvex.largest_value(curve, 5)
    assert len(asked) < 2000


@pytest.mark.parametrize("step", [0.05, 0.5, 3.0])
def test_the_power_of_a_curve_with_hills(step, monkeypatch):
    """The largest of 8 − 3/t − 4t."""
    monkeypatch.setattr(semiconvex, "_STEP", step)
    power = semiconvex.highest_power(SemiconvexCurve(kinked, 32.0, 1.1))
    expected = np.sqrt(3 / 4), 8 - 4 * np.sqrt(3)
    assert (power.time, power.value) == pytest.approx(expected, rel=1e-9)


def test_a_curve_that_falls_at_first_and_a_hidden_hill(monkeypatch):
    """Nothing at the samples to begin with, but for the hill between two of them."""
    monkeypatch.setattr(semiconvex, "_STEP", 60.0)
    curve = SemiconvexCurve(
        lambda t: np.maximum(np.maximum(1 - t**2, 0), 0.01 - 400 * (t - 1.93) ** 2), 800.0, 1.0
    )
    peak = semiconvex.first_peak(curve)
    assert (peak.time, peak.value) == pytest.approx((1.93, 0.01), rel=1e-9)
    assert semiconvex.largest_value(curve, 3) == Peak(0.0, 1.0)
