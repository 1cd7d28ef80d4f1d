"""The state of a large charged battery: its laws against quadrature and exact numerics."""

from fractions import Fraction
from functools import cache
from math import log as ln

import mpmath
import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from sympy import Float, Rational, S, Symbol, lambdify, log

from numerics import SpinCharger, certified, charge
from symbattery import InvalidArgument, large_battery
from symbattery.core.named_roots import ImplicitRoot
from symbattery.limits.trajectory_averages import SecondMoment
from symbattery.symbols import M, g, omega_0, t

UNIT = {g: S.One, omega_0: S.One}
HALF = Rational(1, 2)
SIZES = (10, 100, 1000, 10000)
POINTS = (-1.5, 0.49, 1.5)
QUANTITIES = {
    "energy": lambda c, t: c.energy(t),
    "variance": lambda c, t: c.energy_variance(t),
    "entropy": lambda c, t: c.entropy(t),
    "purity": lambda c, t: c.purity(t),
    "negativity": lambda c, t: c.negativity(t),
    "max_population": lambda c, t: c.populations(t).max(axis=1),
    "ergotropy": lambda c, t: c.ergotropy(t, sense="full"),
}


def number(expression, time=0, digits=20):
    """Of a law at a time, which is exact as a number of 30 digits."""
    value = expression.subs(UNIT).subs(t, Float(float(time), 30))
    return float(
        value.xreplace({r: r.evalf(digits) for r in value.atoms(ImplicitRoot)}).evalf(digits)
    )


@cache
def exact(cells):
    """Times and all quantities at some arguments u of M + 1 cells."""
    battery = charge(SpinCharger(cells, cells))
    times = (np.array(POINTS) + ln(4 * (cells + 1))) / (2 * (cells + 1))
    return times, {name: row(battery, times) for name, row in QUANTITIES.items()}


@pytest.mark.parametrize("name", QUANTITIES)
def test_errors_over_three_decades(name):
    """Those of the limit fall as 1/M, those of the next order as 1/M², both up to a logarithm."""
    law = getattr(large_battery(), name)
    for order, most in ((0, 1.6), (1, 6)):
        for place in range(len(POINTS)):
            scaled = []
            for cells in SIZES:
                times, found = exact(cells)
                error = number(law(cells, order=order), times[place]) / found[name][place] - 1
                scaled.append(abs(error) * cells ** (1 + order) / ln(cells))
            assert max(scaled[1:]) < most * (3 if POINTS[place] == 1.5 else 1), (
                order,
                place,
                scaled,
            )
            assert scaled[3] < 1.5 * max(scaled[1:3]) + 0.2, (order, place, scaled)


@pytest.mark.parametrize("cells", [1, 10, 100, 1000])
def test_certified_populations_over_three_decades(cells):
    """From which the numbers above are made; and all errors of the next order are bounded."""
    times, found = exact(cells)
    balls = certified.populations(SpinCharger(cells, cells, 1, 1), Fraction(times[1]), 16)
    doubles = charge(SpinCharger(cells, cells)).populations(times[1])
    for ball, double in zip(balls, doubles, strict=True):
        assert abs(float(ball.midpoint) - double) + float(ball.radius) < 1e-15
    for name in QUANTITIES:
        if found[name][1] > 1e-12:
            law = number(getattr(large_battery(), name)(cells, order=1), times[1])
            assert cells**2 * abs(law / found[name][1] - 1) < 6 * (1 + ln(cells)) / 2


@pytest.mark.parametrize("ratio", [2, HALF, 10])
def test_the_variance_of_unequal_sides(ratio):
    law = large_battery(ratio)
    for value in (-1, 1, 2.5):
        missed = []
        for cells in (50, 200):
            chargers, shifted = int(ratio * cells), float(law.ratio * cells + 1) / (cells + 1)
            rate = 2 * shifted**0.5 * (cells + 1)
            time = (value + ln(16 * shifted * (cells + 1) / (1 + shifted**0.5) ** 2)) / rate
            true = charge(SpinCharger(cells, chargers)).energy_variance(time)
            errors = [number(law.variance(cells, order=o), time) / true - 1 for o in (0, 1)]
            missed.append([abs(error) * cells ** (1 + o) for o, error in enumerate(errors)])
        (_, coarse), (first, fine) = missed
        assert first < 2 * ln(200) + 1
        assert fine < 1.6 * coarse + 1


@pytest.mark.parametrize("ratio", [1, 2, HALF, 10, Rational(1001, 1000), 10**4])
def test_no_digit_of_the_second_moment_is_lost(ratio):
    """Against quadrature over the trajectories, where z is small and large."""
    r = mpmath.mpf(Rational(ratio).p) / Rational(ratio).q
    law = large_battery(ratio)
    for z in (0.01, 1, 50, 10**9):
        with mpmath.workdps(40):
            root, z = mpmath.sqrt(r), mpmath.mpf(z)
            inverse = ((1 - root) / (1 + root)) ** 2

            def square(s, z=z, root=root, inverse=inverse):
                return (root * (1 / (1 + inverse * s / z) - 1 / (1 + s / z))) ** 2

            ends = sorted({0, min(z, 1), 1, 4, 16, 64, 256})
            mean = mpmath.quad(lambda s: mpmath.exp(-s) * square(s), ends)
        here = SecondMoment(0, law._inverse_rho, Rational(str(float(z)))) * law.ratio
        assert abs(mpmath.mpmathify(here.evalf(20)) / mean - 1) < 1e-15


@pytest.mark.parametrize("name", ["variance", "entropy", "negativity"])
def test_derivatives_and_numbers_of_the_functions_agree(name):
    curve = getattr(large_battery(), name)(50, order=1).subs(UNIT)
    slope, step = curve.diff(t), mpmath.mpf(10) ** -8
    numeric = lambdify(t, curve, "mpmath")
    for time in (0.03, 0.06):
        with mpmath.workdps(40):
            ends = [numeric(mpmath.mpf(time) + sign * step) for sign in (-1, 1)]
        secant = (ends[1] - ends[0]) / (2 * step)
        assert float(slope.subs(t, time).evalf(20)) == pytest.approx(float(secant), rel=1e-7)
        assert float(numeric(mpmath.mpf(time))) == pytest.approx(number(curve, time), rel=1e-13)


def test_the_density_is_that_of_exact_populations():
    x = Symbol("x", positive=True)
    for ratio, cells in ((1, 400), (2, 400), (HALF, 600)):
        shifted = Rational(ratio * cells + 1) / (cells + 1)
        law, value = large_battery(shifted), Rational(3, 2)
        root = float(shifted) ** 0.5
        time = (1.5 + float(law.lag(cells + 1).evalf())) / (2 * root * (cells + 1))
        p = charge(SpinCharger(cells, int(ratio * cells))).populations(time) * (cells + 1)
        density = lambdify(x, law.density(x, value), "mpmath")
        inner = np.arange(int(0.1 * cells), int(0.8 * min(1, ratio) * cells), 40)
        # Even and odd numbers, which alternate where two waves interfere, together.
        for k in inner:
            mean = (p[k - 1] + 2 * p[k] + p[k + 1]) / 4
            assert float(density((k + 0.5) / (cells + 1))) == pytest.approx(mean, rel=0.03)
    end = mpmath.mpf(shifted.p) / shifted.q
    total = mpmath.quad(density, [0, end / 2, end])
    assert float(total) == pytest.approx(1, abs=1e-3)


def test_two_waves_interfere():
    """For r ≠ 1 even and odd numbers of excited cells have two densities."""
    cells, u, r = 400, 2.5, mpmath.mpf(801) / 401
    law = large_battery(Rational(801, 401))
    time = (u + float(law.lag(401).evalf())) / (2 * float(r) ** 0.5 * 401)
    p = charge(SpinCharger(cells, 800)).populations(time) * 401
    z, root = mpmath.exp(-u), mpmath.sqrt(r)
    inverse = ((1 - root) / (1 + root)) ** 2
    for k in (200, 201, 300, 301):
        x = mpmath.mpf(2 * k + 1) / 802
        rate = mpmath.sqrt((1 - x) * (1 - x / r))
        w = (1 + root) ** 2 / (2 * r) * x / (1 - x * (1 + 1 / r) / 2 + rate)
        passed = w, 1 / (inverse * w)
        waves = [mpmath.sqrt(z * v * mpmath.exp(-z * v) / (x * rate)) for v in passed]
        wanted = (waves[0] + (-1) ** k * waves[1]) ** 2
        assert p[k] == pytest.approx(float(wanted), rel=0.02, abs=1e-3)


@pytest.mark.parametrize("point", range(3))
def test_other_senses_of_ergotropy(point):
    law = large_battery()
    for cells in (200, 1000):
        battery = charge(SpinCharger(cells, cells))
        time = (POINTS[point] + ln(4 * (cells + 1))) / (2 * (cells + 1))
        for sense in ("local", "symmetric", "daemonic"):
            found = number(law.ergotropy(cells, sense=sense), time)
            assert found == pytest.approx(battery.ergotropy(time, sense=sense), abs=4)
        fine = number(law.ergotropy(cells, order=1, sense="local"), time)
        assert fine == pytest.approx(battery.ergotropy(time, sense="local"), abs=0.05)


def test_entanglement_is_largest_at_half_charge():
    law, constant = large_battery(), mpmath.mpf("0.144987378774517")
    assert float((law.max_entropy().value - log(M)).subs(M, 1).evalf(20)) == pytest.approx(
        -float(constant), abs=1e-14
    )
    for cells in (1, *SIZES[:3]):
        battery, top = charge(SpinCharger(cells, cells)), law.max_entropy(cells, order=1)
        near = number(top.time)
        best = minimize_scalar(
            lambda t, b=battery: -b.entropy(t), bounds=(0.8 * near, 1.2 * near), method="bounded",
            options={"xatol": 1e-9 * near},
        )  # fmt: skip
        # S to 1/M², and the charge there is half of it to 1/M.
        assert abs(-best.fun - number(top.value)) * cells**2 < 6
        assert abs(battery.energy(best.x) - cells / 2) * cells < 3.2
        assert abs(best.x / near - 1) * cells**2 < 6
        assert abs(number(law.energy(cells, order=1), near) - cells / 2) < 2 / cells


@pytest.mark.parametrize("cells", [1, 10, 100, 1000])
def test_certified_entanglement_over_three_decades(cells):
    """Proven S at the time of the law, and to both sides: what is missed of the largest falls."""
    top = large_battery().max_entropy(cells, order=1)
    law, near = number(top.value), Fraction(number(top.time))
    model = SpinCharger(cells, cells, 1, 1)
    apart = Fraction(1, 8 * cells)
    before, here, after = (
        float(certified.entropy(model, near + side * apart, 10).midpoint) for side in (-1, 0, 1)
    )
    slope, bend = (after - before) / 2, before - 2 * here + after
    assert bend < 0
    largest = here - slope**2 / (2 * bend)
    assert abs(largest - law) * cells**2 < 6
    assert law - log(cells) - Float("-0.144987378774517") > 0


LAWS = ("variance", "entropy", "purity", "negativity", "max_population", "ergotropy", "max_entropy")


def asked(law, ratio=1, cells=9, **options):
    return getattr(large_battery(ratio), law)(cells, **options)


# what is called, its bad values, the message
BAD = [
    *((lambda bad, law=law: asked(law, cells=bad), (0, 2.5, None), "`cells`") for law in LAWS),
    *((lambda bad, law=law: asked(law, order=bad), (2, True), "`order`") for law in LAWS),
    *((lambda bad, law=law: asked(law, bad), (2, HALF), "`ratio` must be 1") for law in LAWS[1:]),
    (lambda x: large_battery(HALF).density(x), (0, HALF, -1, 2, None), "`filled` must be"),
    (lambda s: asked("ergotropy", sense=s), ("all", None, 1), "`sense` must be"),
    (lambda o: asked("ergotropy", order=o, sense="symmetric"), (1,), "`order` must be 0"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "values", "message"), BAD)
def test_bad_input(act, values, message):
    for value in values:
        with pytest.raises(InvalidArgument, match=message):
            act(value)
