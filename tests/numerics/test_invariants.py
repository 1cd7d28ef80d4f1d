"""What must not change: the unit of energy, the digits asked for, the order of terms."""

from dataclasses import fields, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from numerics import NoPeakError, SpinCharger, certified, charge
from numerics.model.problem import INTERACTIONS
from numerics.model.states import Mixture, Thermal, dicke, mixture, product
from tests.systems.rows import CHAINS, CUTOFFS, GRIDS, unit

TIMES = np.linspace(0.0, 7.0, 15)
SMALL = CHAINS | GRIDS | CUTOFFS
# Quick with certified digits.
PROVEN = [name for name in SMALL if name not in CUTOFFS and "product" not in name]


def scaled(description, factor):
    """A model or a state with every energy ``factor`` times as large."""
    if isinstance(description, Mixture):
        parts = [(weight, scaled(state, factor)) for weight, state in description.parts]
        return mixture(parts)
    energies = {
        "coupling", "frequency", "charger_frequency", *INTERACTIONS,
    }  # fmt: skip
    changed = {}
    for spot in fields(description) if description is not None else ():
        value = getattr(description, spot.name)
        if spot.name in ("coupling", "frequency") and value is None:
            value = 1
        if spot.name in energies and value is not None:
            changed[spot.name] = value * Fraction(factor)
        elif isinstance(description, Thermal) and "inverse" in spot.name and value is not None:
            changed[spot.name] = value / Fraction(factor)
    return replace(description, **changed) if changed else description


def peaks(battery, until):
    """All maxima that there are."""
    found = [battery.maximum(until=until), battery.max_power()]
    try:
        return [*found, battery.first_peak()]
    except NoPeakError:
        return found


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("factor", ["7/3", "1/1000"])
def test_units_do_not_matter(name, factor):
    """E(t; λg, λω0, …) = λ E(λt; g, ω0, …): curves, peaks and powers."""
    model, state = SMALL[name]
    size, size_of_unit = float(Fraction(factor)), unit(model)
    here, there = charge(model, state), charge(scaled(model, factor), scaled(state, factor))
    # A cutoff may differ by rounding; its error is within the tolerance.
    tolerance = (1e-9 if name in CUTOFFS else 1e-12) * size_of_unit
    np.testing.assert_allclose(
        there.energy(TIMES / size) / size, here.energy(TIMES), rtol=0, atol=tolerance
    )
    np.testing.assert_allclose(
        there.power(TIMES / size) / size**2, here.power(TIMES), rtol=0, atol=tolerance
    )
    np.testing.assert_allclose(
        there.populations(TIMES / size), here.populations(TIMES), rtol=0, atol=tolerance
    )
    if name in CUTOFFS:
        return
    one, other = peaks(here, 7.0), peaks(there, 7.0 / size)
    assert len(one) == len(other)
    powers = (1, 2, 1)
    for a, b, power in zip(one, other, powers[: len(one)], strict=True):
        assert b.value / size**power == pytest.approx(a.value, abs=tolerance)
        assert b.time * size == pytest.approx(a.time, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", PROVEN)
@pytest.mark.parametrize("factor", [1000, Fraction(1, 7)])
def test_units_do_not_matter_to_proven_digits(name, factor):
    """Across wholly different fixed-point scales."""
    model, state = SMALL[name]
    here = certified.energy(model, "3/2", 40, state)
    there = certified.energy(
        scaled(model, factor), Fraction(3, 2) / factor, 40, scaled(state, factor)
    )
    assert here.lower <= there.upper / factor
    assert there.lower / factor <= here.upper


@pytest.mark.parametrize("peak", [certified.first_peak, certified.max_power])
@pytest.mark.parametrize("name", ["unequal", "detuned", "folded", "cavity"])
def test_units_do_not_matter_to_proven_peaks(name, peak):
    model, state = SMALL[name]
    one, other = (peak(scaled(model, factor), 20, state) for factor in (1, 1000))
    power = 1 if peak is certified.first_peak else 2
    for a, b, scale in ((one.time, other.time, Fraction(1, 1000)), (one.value, other.value, 1000)):
        scale = Fraction(scale) ** (power if a is one.value else 1)
        assert a.lower <= b.upper / scale
        assert b.lower / scale <= a.upper


@pytest.mark.parametrize("name", PROVEN)
def test_more_digits_lie_inside_fewer(name):
    model, state = SMALL[name]
    balls = [certified.energy(model, "2.7", digits, state) for digits in (5, 20, 60)]
    for wide, narrow in pairwise(balls):
        assert wide.contains(narrow)
        assert narrow.radius < wide.radius or wide.radius == 0


# A drive has no anisotropy.
@pytest.mark.parametrize("name", [n for n in CHAINS if "driven" not in n])
def test_anisotropy_sets_in_continuously(name):
    model, state = CHAINS[name]
    curves = [charge(replace(model, anisotropy=a), state).energy(TIMES) for a in (0, 1e-9)]
    np.testing.assert_allclose(*curves, rtol=0, atol=1e-8)


@pytest.mark.parametrize("anisotropy", [0, 0.4])
def test_a_mixture_is_the_weighted_sum(anisotropy):
    model = SpinCharger(2, 4, anisotropy=anisotropy)
    states = [dicke(0, 4), dicke(1, 2), product([0.2, 0.4], [1, 0, 0.5, 0.5])]
    weights = [0.5, 0.25, 0.25]
    mixed = mixture(list(zip(weights, states, strict=True)))
    for quantity in ("energy", "power", "populations"):
        parts = [getattr(charge(model, state), quantity)(TIMES) for state in states]
        expected = sum(w * part for w, part in zip(weights, parts, strict=True))
        nested = 0.25 * expected + 0.75 * parts[0]
        for state, wanted in (
            (mixed, expected),
            (mixture([(1, mixed)]), expected),
            (mixture([(0.25, mixed), (0.75, states[0])]), nested),
        ):
            found = getattr(charge(model, state), quantity)(TIMES)
            np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-14)
    balls = [certified.energy(model, 3, 20, state, floats=True).ball for state in (mixed, *states)]
    nest = mixture([(0.25, mixed), (0.75, states[0])])
    found = certified.energy(model, 3, 20, nest, floats=True)
    assert found.overlaps(balls[0] / 4 + 3 * balls[1] / 4)
    assert (sum(w * b for w, b in zip(weights, balls[1:], strict=True)) - balls[0]).contains(0)


@pytest.mark.parametrize("anisotropy", [0, 0.4])
def test_the_singlet_of_two_cells_is_dark(anisotropy):
    """½(|10⟩⟨10| + |01⟩⟨01|) is half triplet: with the triplet it leaves the singlet alone."""
    model = SpinCharger(2, 3, anisotropy=anisotropy)
    both = charge(model, product([1, 0], [1, 1, 1])).energy(TIMES)
    triplet = charge(model, dicke(1, 3)).energy(TIMES)
    np.testing.assert_allclose(both - triplet / 2, 0, atol=1e-13)


def test_order_and_repetition_of_times_do_not_matter():
    battery = charge(SpinCharger(40, 40, anisotropy=0.2))
    times = np.array([0.3, 0.01, 0.3, 0.0, 0.12])
    alone = [float(battery.energy(t)) for t in times]
    np.testing.assert_allclose(battery.energy(times), alone, rtol=0, atol=1e-12)
