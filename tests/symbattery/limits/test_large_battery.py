"""Large batteries: the laws against quadrature, against themselves, and against exact numerics."""

from fractions import Fraction
from itertools import pairwise
from math import log as ln

import mpmath
import numpy as np
import pytest
from sympy import Float, I, Rational, S, Symbol, diff, exp, expint, lambdify, log, nan, oo

from numerics import SpinCharger, charge
from symbattery import InvalidArgument, single_cell
from symbattery.core.named_roots import ImplicitRoot, WrittenFunction
from symbattery.limits.large_battery import LargeBattery
from symbattery.symbols import M, N, g, omega_0, t

UNIT = {g: S.One, omega_0: S.One}
HALF = Rational(1, 2)
RATIOS = [1, 2, HALF, 10]
u = Symbol("u", real=True)


def number(expression, digits=17):
    roots = {root: root.evalf(digits) for root in expression.atoms(ImplicitRoot)}
    return float(expression.xreplace({**roots, **UNIT}))


def trajectory(ratio, w):
    """k/M on the classical trajectory, w = px, from the equation of motion in closed form."""
    r = mpmath.mpf(Rational(ratio).p) / Rational(ratio).q
    p, q = ((1 + r**-0.5) ** 2 / 4, (1 - r**-0.5) ** 2 / 4)
    return w / p / ((1 + w) * (1 + q / p * w))


def mean(ratio, value, weight=lambda s: 1):
    z = mpmath.exp(-mpmath.mpf(value))
    return mpmath.quad(
        lambda s: mpmath.exp(-s) * weight(s) * trajectory(ratio, s / z),
        [0, min(z, 1) / 4, 1, 4, 16, 64, 256],
    )


@pytest.mark.parametrize("ratio", RATIOS)
def test_law_is_the_mean_over_trajectories(ratio):
    law = LargeBattery(ratio)
    with mpmath.workdps(32):
        for value in (-3, 0, Rational(5, 2)):
            exact = mpmath.mpmathify(law.filling(value).evalf(32))
            assert abs(exact - mean(ratio, value)) < mpmath.mpf(10) ** -28


@pytest.mark.parametrize("ratio", [1, 2, HALF])
def test_next_order_is_the_mean_over_the_corrected_distribution(ratio):
    cells = 40
    size, chargers = cells + 1, ratio * cells + 1
    shifted, weight = Rational(chargers) / size, (S(1) / size + S(1) / chargers) / 2
    law = LargeBattery(shifted)
    energy = law.argument(size)
    with mpmath.workdps(30):
        eps = mpmath.mpf(weight.p) / weight.q
        for value in (-2, 1):
            time = ((value - energy.subs(t, 0)) / diff(energy, t)).subs(g, 1)
            exact = LargeBattery(ratio).energy(cells, order=1).subs(UNIT).subs(t, time).evalf(30)
            laguerre = mean(shifted, value, lambda s: 1 + eps * (1 - 2 * s + s**2 / 2))
            expected = size * laguerre - mpmath.mpf(1) / 2
            assert abs(mpmath.mpmathify(exact) - expected) < mpmath.mpf(10) ** -24


@pytest.mark.parametrize("ratio", [1, 2, HALF, Rational(1001, 1000), 10**6, Rational(1, 10**4)])
def test_no_digit_of_the_filling_is_lost_at_any_time(ratio):
    """Against 1 - f, whose terms cancel, at 700 digits; at u = ±700 no mere hundred is enough."""
    law = LargeBattery(ratio)
    computed = lambdify(u, law.filling(u), "mpmath")
    for value in (-700, -300, -50, -20, -5, 0, 5, 50, 300, 700):
        with mpmath.workdps(700):
            root, z = mpmath.sqrt(mpmath.mpf(law.ratio.p) / law.ratio.q), mpmath.exp(-value)
            later = z * ((root + 1) / (root - 1)) ** 2 if ratio != 1 else mpmath.inf
            empty, full = (
                x * mpmath.exp(x) * mpmath.e1(x) if mpmath.isfinite(x) else 1 for x in (z, later)
            )
            exact = root * (full - empty)
        assert abs(mpmath.mpf(float(law.filling(value))) / exact - 1) < 1e-15
        assert abs(computed(mpmath.mpf(value)) / exact - 1) < 1e-14
        with mpmath.workdps(60):
            assert abs(mpmath.mpmathify(law.filling(value).evalf(50)) / exact - 1) < 1e-49


def test_filling_and_its_slope_are_those_that_are_printed():
    z = Symbol("z", positive=True)
    for ratio in (1, 2):
        curve = LargeBattery(ratio).filling(-log(z))
        written = curve.replace(lambda e: isinstance(e, WrittenFunction), lambda e: e.expression)
        assert str(curve).replace("(exp(z)*expint(2, z))", "exp(z)*expint(2, z)") == str(written)
        for one, other in ((curve, written), (curve.diff(z), written.diff(z))):
            assert abs((one - other).subs(z, HALF).evalf(20, chop=True)) < 1e-19


def test_trajectory_solves_the_equation_of_motion():
    for ratio in RATIOS:
        r = mpmath.mpf(Rational(ratio).p) / Rational(ratio).q
        for w in (0.01, 0.3):
            k = trajectory(ratio, mpmath.mpf(w))
            # d/d(gt) = 2√r M d/d ln w, k′ = 2k√((M−k)(N−k)), with k in units of M
            speed = 2 * r**0.5 * w * mpmath.diff(lambda x: trajectory(ratio, x), w)  # noqa: B023
            assert speed == pytest.approx(2 * k * ((1 - k) * (r - k)) ** 0.5, rel=1e-9)


def test_both_ends_of_the_law():
    law = LargeBattery()
    for value in (-20, -40):
        z = exp(-S(value))
        # 1/z − 2/z² < f < 1/z, the first terms of the alternating series of the mean of s/(z + s)
        assert 1 / z - 2 / z**2 < law.filling(value).evalf(60) < 1 / z
    for value in (10, 40):
        deficit = (1 - law.filling(value)).evalf(40)
        assert abs(deficit / (exp(-S(value)) * (value - S.EulerGamma)).evalf(40) - 1) < 0.001
    values = [law.filling(Rational(n, 4)).evalf(20) for n in range(-40, 80)]
    assert all(a < b < 1 for a, b in pairwise(values))
    z = exp(-u)
    printed = 1 - z * exp(z) * expint(1, z)
    for value in (-3, 0, 4):
        assert abs((printed - law.filling(u)).subs(u, value).evalf(30, chop=True)) < 1e-28


@pytest.mark.parametrize("order", [0, 1])
def test_battery_and_charger_change_places(order):
    here = LargeBattery(2).energy(50, order=order).subs(UNIT)
    there = LargeBattery(HALF).energy(100, order=order).subs(UNIT)
    for time in (0.03, 0.06):
        assert abs(float((here - there).subs(t, time).evalf(20, chop=True))) <= 1e-15
    powers = [
        number(LargeBattery(r).max_power(c, order=order).value) for r, c in ((2, 50), (HALF, 100))
    ]
    assert powers[0] == pytest.approx(powers[1], rel=1e-14)


def test_ratios_next_to_one_join_the_law_of_one():
    near = LargeBattery(1 + 1e-12)
    assert number(near.max_power(1000).value) == pytest.approx(
        number(LargeBattery().max_power(1000).value), rel=1e-10
    )
    assert {LargeBattery(one) for one in (1.0, Fraction(1), Float(1))} == {LargeBattery()}
    assert LargeBattery(0.1).ratio == Rational(1, 10)
    assert LargeBattery().return_delay == oo
    assert float(LargeBattery(4).return_delay) == pytest.approx(ln(9))


# M × relative error of the law of P_max tends to −3/2 for r = 1; these are bounds for M ≥ 30.
BOUNDS = {1: (-1.4, -1.0), 2: (-1.0, -0.75), HALF: (-1.95, -1.4), 10: (-0.75, -0.55)}


@pytest.mark.parametrize(
    ("ratio", "cells"),
    [(1, 30), (1, 100), (1, 300), (1, 1000), (2, 30), (2, 300), (HALF, 30), (HALF, 300), (10, 100)],
)
def test_largest_power_against_numerics(ratio, cells):
    law = LargeBattery(ratio)
    best = charge(SpinCharger(cells, int(ratio * cells))).max_power()
    first, second = (law.max_power(cells, order=order) for order in (0, 1))
    low, high = BOUNDS[ratio]
    assert low < cells * (number(first.value) / best.value - 1) < high
    assert abs(number(second.value) / best.value - 1) < 0.7 * ln(cells) / cells**2
    assert abs(number(second.time) / best.time - 1) < 6 / cells


@pytest.mark.parametrize("ratio", [1, 2, HALF, 10])
def test_energy_against_numerics(ratio):
    missed = []
    for cells in (60, 240):
        law = LargeBattery(ratio)
        scale, offset = float(2 * law.ratio**HALF * cells), float(law.lag(cells))
        times = (np.linspace(-3, 3, 13) + offset) / scale
        exact = charge(SpinCharger(cells, int(ratio * cells))).energy(times)
        functions = [lambdify(t, law.energy(cells, o).subs(UNIT), "mpmath") for o in (0, 1)]
        missed.append([max(abs([float(f(x)) for x in times] - exact)) for f in functions])
    (_, coarse), (first, fine) = missed
    assert first < 3
    assert fine < 0.05
    assert 3.5 < coarse / fine < 4.5


@pytest.mark.parametrize("ratio", [2, 10])
def test_first_peak_against_numerics(ratio):
    errors = []
    for cells in (50, 200):
        top = LargeBattery(ratio).max_energy(cells)
        peak = charge(SpinCharger(cells, ratio * cells)).first_peak()
        assert top.kind == "first peak"
        assert number(top.time) == pytest.approx(peak.time, rel=2 / cells)
        errors.append(cells * (number(top.value) / peak.value - 1))
    assert errors[0] == pytest.approx(errors[1], abs=0.01)
    assert -0.4 < errors[1] < -0.3


def test_equal_sides_fill_the_battery():
    top = LargeBattery().max_energy(300)
    assert (top.value, top.time) == (300 * omega_0, None)
    assert 1 < 300 - charge(SpinCharger(300, 300)).first_peak().value < 2


@pytest.mark.parametrize("ratio", RATIOS)
def test_exponent_is_the_slope_of_the_law(ratio):
    law, cells, step = LargeBattery(ratio), 10**9, 10**5
    ends = [law.max_power(cells + d).value.subs(UNIT).evalf(40) for d in (-step, step)]
    slope = log(ends[1] / ends[0]) / log(S(cells + step) / (cells - step)) - 1
    assert float(slope - law.exponent(cells).evalf(40)) == pytest.approx(0, abs=1e-9)


def test_exponent_against_numerics_and_the_paper():
    """Exact slopes of ln η: 0.81, 0.87 as printed; 0.91 at M = 1000, where 0.99 is printed."""
    single = number(single_cell(1).max_power().value)
    for cells, step, printed in ((20, 1, 0.81), (100, 4, 0.87)):
        etas = [
            charge(SpinCharger(size, size)).max_power().value / (size * single)
            for size in (cells - step, cells + step)
        ]
        slope = ln(etas[1] / etas[0]) / ln((cells + step) / (cells - step))
        assert round(slope, 2) == printed
        assert number(LargeBattery().exponent(cells)) == pytest.approx(slope, abs=1.5 / cells)
    assert number(LargeBattery().exponent(1000)) == pytest.approx(0.91296, abs=1e-5)


@pytest.mark.parametrize("ratio", [1, 2, HALF])
@pytest.mark.parametrize("beta", [0.9, Rational(19, 20)])
def test_size_for_exponent_is_where_it_is_reached(ratio, beta):
    law = LargeBattery(ratio)
    size = int(number(law.size_for_exponent(beta)))
    assert number(law.exponent(size)) < beta < number(law.exponent(size + 1))


def test_sizes_for_exponents_near_one():
    sizes = [LargeBattery().size_for_exponent(b).evalf(20) for b in (0.9, 0.95, 0.99)]
    assert [int(size) for size in sizes[:2]] == [279, 2204197]
    assert 1.4 < sizes[2] / 10**40 < 1.5
    huge = LargeBattery().exponent(int(sizes[2]) + 10**22)
    assert 0 < huge.evalf(60) - Rational(99, 100) < 1e-10


@pytest.mark.parametrize("ratio", [1, Rational(11, 10), 2, 100, HALF])
@pytest.mark.parametrize("cells", [10, 10**6])
def test_largest_power_is_the_only_one(ratio, cells):
    """P of the law rises, then falls, from a point on; the root is its maximum."""
    law = LargeBattery(ratio)
    power = law.max_power(cells)
    (root,) = power.value.atoms(ImplicitRoot)
    sign = lambdify(root.variable, root.function, "mpmath")
    top = float(root.upper)
    signs = [sign(mpmath.mpf(z)) > 0 for z in np.geomspace(1e-12 * top, top, 200)]
    assert signs == sorted(signs, reverse=True)
    here, time = number(power.value), number(power.time)
    curve = lambdify(t, (law.energy(cells) / t).subs(UNIT), "mpmath")
    assert float(curve(mpmath.mpf(time))) == pytest.approx(here, rel=1e-12)
    assert all(float(curve(mpmath.mpf(time * f))) < here for f in (0.9, 0.99, 1.01, 1.1, 2))


def test_any_number_of_digits():
    for ratio in (1, 2, 1e14):
        value = LargeBattery(ratio).max_power(1000).value.subs(UNIT)
        few, many = value.evalf(25), value.evalf(60)
        assert abs(few / many - 1) < 1e-23
        (root,) = value.atoms(ImplicitRoot)
        residue = root.function.subs(root.variable, root.evalf(60)).evalf(10)
        assert abs(residue) < 1e-50


def test_symbols_stay():
    law = LargeBattery()
    assert law.argument() == 2 * M * g * t - log(4 * M)
    power = law.max_power()
    assert power.value.free_symbols == {M, g, omega_0}
    assert number(power.value.subs(M, 50)) == number(law.max_power(50).value)
    assert number(law.exponent().subs(M, 50)) == number(law.exponent(50))
    r = Symbol("r", positive=True)
    general = LargeBattery(r)
    assert number(general.max_power(50).value.subs(r, 2)) == pytest.approx(
        number(LargeBattery(2).max_power(50).value), rel=1e-14
    )
    assert general.filling(u).free_symbols == {r, u}
    with pytest.raises(ArithmeticError, match="too small"):
        power.value.subs(M, 1).evalf()


LAWS = ("energy", "max_power", "max_energy", "exponent", "lag")
ORDER, BARE = "`order` must be 0 or 1", Symbol("y")
# what is called, its bad values, the message
BAD = [
    (LargeBattery, (0, -1, oo, nan, I, None, "1", True, float("inf"), BARE, Symbol("x", real=True)),
     "`ratio` must be"),
    (LargeBattery, (0,), r"^`ratio` must be a positive finite number, but is 0$"),
    *((getattr(LargeBattery(), law), (0, -3, 2.5, 10.0, None, "5", BARE, True), "`cells` must be")
      for law in LAWS),
    (LargeBattery().max_power, (1, 2), "`cells` must be larger"),
    (lambda order: LargeBattery().energy(order=order), (2, -1, True, 0.0, None, N), ORDER),
    (LargeBattery().size_for_exponent, (1, 1.5, 0.3, -2, nan, None, "x", BARE), "`beta` must be"),
    (LargeBattery().filling, (oo, nan, I, None, "0"), "`u` must be"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "values", "message"), BAD)
def test_bad_input(act, values, message):
    for value in values:
        with pytest.raises(InvalidArgument, match=message):
            act(value)
