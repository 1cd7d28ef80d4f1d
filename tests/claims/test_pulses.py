"""Statements of other papers about couplings that depend on time."""

import math

import numpy as np
import pytest

import numerics
from numerics import SpinCharger


@pytest.mark.parametrize(("cells", "chargers"), [(1, 1), (1, 4), (2, 3), (3, 3)])
def test_rosen_zener_pulses_charge_by_their_area_alone(cells, chargers):
    r"""Full charging at a fixed relation of strength and duration (arXiv 2307.06741).

    Here it is :math:`\pi g_0T=A`, the area of :math:`g_0\,\mathrm{sech}(t/T)`, at which the
    constant coupling 1 has its first peak at the time A: π/2√N for one cell.
    """
    model = SpinCharger(cells, chargers)
    best = numerics.charge(model).first_peak()
    if cells == 1:
        assert best.time == pytest.approx(math.pi / 2 / math.sqrt(chargers))
        assert best.value == pytest.approx(1)
    for width in (0.1, 0.7, 3.0):
        strength, middle = best.time / (math.pi * width), 40 * width

        def pulse(t, strength=strength, middle=middle, width=width):
            return strength / math.cosh((t - middle) / width)

        charged = numerics.charge(model, coupling=pulse)
        end = 2 * middle
        assert charged.area(end) == pytest.approx(best.time, rel=1e-14)
        assert charged.energy(end) == pytest.approx(best.value, rel=1e-12)
        assert charged.maximum(until=end).value == pytest.approx(best.value, rel=1e-12)


def test_full_charging_by_a_pulse_is_for_one_cell_only():
    """Two cells never charge fully from all three spins up, whatever the pulse: 0.98 of 2."""
    top = numerics.charge(SpinCharger(2, 3)).maximum(until=50)
    assert top.value == pytest.approx(16 * 3 * 2 / 49)


@pytest.mark.parametrize("exponent", [1, 2, 3])
def test_slow_ramps_lose_power_where_nothing_drives_the_charger(exponent):
    r"""The largest power :math:`\sim\tau_Q^\alpha`, 0 < α ≤ 2, of a driven charger (2511.23081).

    The charger there gains energy all the time. From a charger that starts full the power of the
    first peak falls instead, with the exponent -r/(r + 1) of the ramp :math:`g=(t/\tau_Q)^r`.
    """
    model, powers = SpinCharger(2, 2), []
    for duration in (5.0, 40.0):
        charged = numerics.charge(model, coupling=lambda t, d=duration: (t / d) ** exponent)
        peak = charged.maximum(until=10 * duration ** (exponent / (exponent + 1)) * 0.2)
        powers.append(peak.value / peak.time)
    slope = np.log(powers[1] / powers[0]) / np.log(8)
    assert slope == pytest.approx(-exponent / (exponent + 1), rel=1e-6)
