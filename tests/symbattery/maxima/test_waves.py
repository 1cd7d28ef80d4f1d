"""The energy as squared sines: against the closed form, and its bounds from both sides."""

import mpmath
import numpy as np
import pytest
from sympy import Rational, S, Symbol

from symbattery import CavityCharger, SpinCharger, UnsolvedError, dicke, solve, thermal
from symbattery.maxima.branches import branches
from symbattery.maxima.waves import Curve, force_bounds, reduced, sine_bounds, time_unit, waves
from symbattery.observables.quantities import quantities
from symbattery.symbols import g, g_1, omega_0

TIMES = np.linspace(0.01, 60, 6000)
THIRD = thermal(cell_population=Rational(1, 4), charger_population=Rational(2, 3))
DETUNED = SpinCharger(
    3, 4, coupling=2, frequency=3, charger_frequency=5, charger_crosstalk=1, cell_crosstalk=-2
)
CASES = [
    (SpinCharger(1, 3), None),
    (SpinCharger(3, 4), None),
    (SpinCharger(3, 10), dicke(1, 2)),
    (SpinCharger(9, 9), None),
    (CavityCharger(3), None),
    (SpinCharger(2, 2), THIRD),
    (DETUNED, None),
    (DETUNED, dicke(2, 1)),
    (SpinCharger(1, 4, coupling=1, frequency=1, anisotropy=Rational(1, 2)), None),
]


@pytest.mark.parametrize(("model", "initial"), CASES)
def test_energy_is_that_of_the_closed_form(model, initial):
    solution = solve(model, initial)
    motion = waves(solution, 25)
    assert all(abs(size) > 1e-15 for size in motion.sizes)
    energy, slope, _ = Curve(motion)(TIMES[:200])
    power, _, _ = Curve(waves(solution, 25), per_time=True)(TIMES[:200])
    unit = {"coupling": 1.0} if "coupling" in solution.parameters else {}
    unit |= {"frequency": 1.0} if "frequency" in solution.parameters else {}
    omega = float(S(solution.model.frequency).subs(omega_0, 1))
    f = solution.function("energy", **unit)
    scale = np.abs(energy).max()
    assert np.abs(f(TIMES[:200]) / omega - energy).max() < 1e-12 * scale
    assert np.abs(power * TIMES[:200] - energy).max() < 1e-14 * scale
    step = 1e-5
    steep = (f(TIMES[:200] + step) - f(TIMES[:200] - step)) / (2 * step * omega)
    assert np.abs(steep - slope).max() < 1e-6 * max(scale, np.abs(slope).max())


@pytest.mark.parametrize("per_time", [False, True])
@pytest.mark.parametrize(("model", "initial"), CASES)
def test_bounds_are_never_exceeded_and_not_far_above(model, initial, per_time):
    motion = waves(solve(model, initial), 25)
    curve = Curve(motion, per_time)
    times = np.concatenate([np.geomspace(1e-3, 1e-2, 5), TIMES / float(motion.frequencies[-1]) * 5])
    height, slope, turn = curve(times)
    third = np.abs(np.diff(turn) / np.diff(times)).max()
    small = 1 + 1e-9
    assert np.abs(turn).max() <= small * curve.curvature_bound <= 12 * np.abs(turn).max()
    assert third <= small * curve.third_bound <= 12 * third
    if not per_time:
        bound = float(motion.derivative_bound(1))
        assert np.abs(slope).max() <= small * bound <= 12 * np.abs(slope).max()
        assert height.max() <= small * float(motion.ceiling)
        assert initial is not None or float(motion.ceiling) < 4 * height.max()


@pytest.mark.parametrize("model", [SpinCharger(1, 100), SpinCharger(3, 10)])
def test_bounds_of_a_power_that_is_negative_at_first(model):
    """The lowest branch of an ergotropy, from the time on until which it certainly is."""
    solution = solve(model)
    means = branches(solution, quantities(solution).requests["ergotropy"])
    curve = Curve(min((m.waves(25) for m in means), key=lambda w: w.offset), per_time=True)
    assert curve(np.linspace(0.01, 1, 100) * curve.begin)[0].max() < 1e-12
    times = np.linspace(1, 20, 20_001) * curve.begin
    height, _, turn = curve(times)
    assert height.max() > 0
    for seen, bound in (
        (np.abs(turn).max(), curve.curvature_bound),
        (np.abs(np.diff(turn) / np.diff(times)).max(), curve.third_bound),
    ):
        assert seen <= bound * (1 + 1e-9) <= 12 * seen


@pytest.mark.parametrize("per_time", [False, True])
@pytest.mark.parametrize("model", [SpinCharger(3, 4), SpinCharger(9, 9), DETUNED])
def test_rounding_is_never_exceeded_and_small(model, per_time):
    times = np.array([1e-6, 1e-3, 0.1, 1.0, 40.0, 1e4])
    double = Curve(waves(solve(model), 25), per_time)
    many = Curve(waves(solve(model), 40), per_time, exact=True)
    for off, one, other in zip(double.rounding(times), double(times), many(times), strict=True):
        error = np.abs(one - other.astype(float))
        assert (error <= off).all()
        assert (off <= 1e9 * np.maximum(error.max(), 1e-17) + 1e-8).all()


def test_derivatives_at_the_start():
    """E''/ω₀ = 2 b₀² and, where that vanishes, the next one: by hand for both."""
    assert abs(waves(solve(SpinCharger(3, 4)), 25).derivative_at_start(2) - 24) < 1e-20
    flat = waves(solve(SpinCharger(3, 10), dicke(1, 2)), 25)
    assert abs(flat.derivative_at_start(2)) < 1e-20
    assert flat.derivative_at_start(4) > 1


def test_levels_that_nearly_agree():
    """Two levels that a high wall between them splits by 5e-14, against mpmath's matrices."""
    solution = solve(SpinCharger(8, 8, coupling=1, frequency=1, charger_crosstalk=20))
    (chain,) = solution.sectors
    found = waves(solution, 30)
    with mpmath.workdps(60):
        size = len(chain.levels)
        matrix = mpmath.zeros(size)
        for k, a in enumerate(chain.diagonal):
            matrix[k, k] = mpmath.mpf(int(a))
        for k, hop in enumerate(chain.hops_squared):
            matrix[k, k + 1] = matrix[k + 1, k] = mpmath.sqrt(int(hop))
        levels = mpmath.eigsy(matrix, eigvals_only=True)
        gaps = sorted(b - a for i, a in enumerate(levels) for b in list(levels)[i + 1 :])
        assert gaps[0] < 1e-8
        for frequency in found.frequencies:
            assert min(abs(frequency - gap) for gap in gaps) < mpmath.mpf(10) ** -38


def test_units():
    h = Symbol("h", positive=True)
    assert time_unit(solve(SpinCharger(3, 4))) == g
    assert time_unit(solve(SpinCharger(3, 4, coupling=2))) == 1
    twice = solve(SpinCharger(2, 4, coupling=2 * h, charger_crosstalk=h, frequency=h))
    with pytest.raises(UnsolvedError, match="symbols: charger_crosstalk"):
        time_unit(solve(SpinCharger(2, 4, coupling=1, charger_crosstalk=g_1)))
    with pytest.raises(UnsolvedError, match="symbols: coupling"):
        time_unit(solve(SpinCharger(2, 4, charger_crosstalk=1)))
    assert time_unit(twice) == 2 * h
    same = solve(SpinCharger(2, 4, coupling=1, charger_crosstalk=Rational(1, 2), frequency=1))
    assert reduced(twice, 2 * h).sectors == same.sectors


@pytest.mark.parametrize("size", [3, 6])
def test_bounds_with_symbols_from_both_sides(size):
    """The rows of a chiral chain, and the terms of a sum of squared sines."""
    chiral = solve(SpinCharger(size, size, coupling=1, frequency=1))
    own = solve(SpinCharger(2, size, coupling=1, frequency=1, charger_crosstalk=1))
    bounds = [max(float(b) for b in row) for row in force_bounds(chiral.sectors[0].hops_squared)]
    expanded = quantities(own.explicit())["energy"].expand()
    for solution, limits in ((chiral, bounds), (own, map(float, sine_bounds(expanded)))):
        curve = Curve(waves(solution, 25))
        _, _, turn = curve(TIMES)
        third = np.abs(np.diff(turn) / np.diff(TIMES))
        for seen, bound in zip((np.abs(turn).max(), third.max()), limits, strict=True):
            assert seen <= bound * (1 + 1e-9) <= 12 * seen
