"""Closed forms for couplings that depend on time, against numerics and by hand."""

import math

import mpmath
import numpy as np
import pytest
from sympy import I, Integral, Piecewise, Symbol, atan, cos, exp, oo, pi, sech, sin, sqrt, tanh

import numerics
from symbattery import (
    CavityCharger,
    InvalidArgument,
    SpinCharger,
    UnsolvedError,
    fock,
    solve,
    thermal,
    two_cells,
)
from symbattery.symbols import M, N, g, omega_0, p_1, t

tau = Symbol("tau", positive=True)
real = Symbol("b", real=True)
TIMES = np.array([0.0, 0.1, 0.5, 3.0])
PULSES = {
    "Rosen-Zener": (sech(t / tau) / tau, {"tau": 0.7}, lambda x: 1 / math.cosh(x / 0.7) / 0.7),
    "oscillating": (g * cos(real * t), {"g": 1.2, "b": 2.5}, lambda x: 1.2 * math.cos(2.5 * x)),
    "switched off": (
        Piecewise((g, t < tau), (0, True)), {"g": 2, "tau": 0.4}, lambda x: 2.0 * (x < 0.4)
    ),
    "without a form": (
        g * exp(sin(t)), {"g": 1.1}, lambda x: 1.1 * math.exp(math.sin(x))
    ),
    "constant": (g, {"g": 1.3}, lambda x: 1.3),
}  # fmt: skip
ROWS = (
    "energy", "power", "instantaneous_power", "power_variance", "fisher_information",
    "ergotropy", "coherence", "energy_variance", "entropy",
)  # fmt: skip


@pytest.fixture(scope="module", params=PULSES)
def pulsed(request):
    pulse, given, function = PULSES[request.param]
    charged = numerics.charge(numerics.SpinCharger(2, 3), coupling=function)
    return solve(SpinCharger(2, N), coupling=pulse), given, charged


def test_every_row_is_that_of_the_numerics(pulsed):
    s, given, charged = pulsed
    for name in ROWS:
        values = s.function(name)(TIMES, chargers=3, **given)
        assert values == pytest.approx(getattr(charged, name)(TIMES), rel=1e-10, abs=1e-12), name
    first = s.function("p1")(TIMES, chargers=3, **given)
    assert first == pytest.approx(charged.populations(TIMES)[:, 1], abs=1e-13)


def test_one_time_in_many_digits(pulsed):
    s, given, charged = pulsed
    for name in ("energy", "power"):
        f = s.function(name, "mpmath", chargers=3, **given)
        assert float(f(mpmath.mpf("0.3"))) == pytest.approx(getattr(charged, name)(0.3), rel=1e-11)
        assert f(0) == 0
        assert s.function(name, "math", chargers=3, **given)(0.3) == pytest.approx(float(f(0.3)))


def test_a_rosen_zener_pulse_as_an_author_writes_it():
    s = solve(SpinCharger(1, N), coupling=sech(t / tau) / tau)
    assert s.area == 2 * atan(tanh(t / (2 * tau)))
    assert s.energy == omega_0 * sin(sqrt(N) * s.area) ** 2
    assert s.power == s.energy / t
    slope = s.energy.diff(t).subs({N: 3, tau: 2, t: 1, omega_0: 1}).evalf()
    made = s.instantaneous_power.subs({N: 3, tau: 2, t: 1, omega_0: 1}).evalf()
    assert float(made) == pytest.approx(float(slope), rel=1e-13)
    best = s.best_area()
    assert (best.value, best.time) == (omega_0, pi / (2 * sqrt(N)))


def test_a_steady_pulse_is_the_steady_solution():
    s, steady = solve(SpinCharger(2, N), coupling=g), two_cells()
    assert s.energy == steady.energy
    assert s.populations == steady.populations
    assert s.amplitudes == steady.amplitudes
    assert s.definitions == steady.definitions
    assert s.latex() == steady.latex()
    assert s.instantaneous_power.expand() == steady.instantaneous_power.expand()


def test_an_area_without_a_form_stays_an_integral():
    s = solve(CavityCharger(M), fock(1), coupling=g * exp(sin(t)))
    assert isinstance(s.area, Integral)
    assert s.latex() == (
        r"\omega_{0} \sin^{2}{\left(\sqrt{M} \int\limits_{0}^{t} "
        r"g e^{\sin{\left(t' \right)}}\, dt' \right)}"
    )
    assert s.quantity("ergotropy(sense=local)").has(Integral)


def test_storage():
    s = solve(SpinCharger(2, N), coupling=Piecewise((g, t < tau), (0, True)))
    values = s.function("energy", chargers=3, g=1, tau=0.4)([0.4, 1.0, 70.0])
    assert values == pytest.approx([float(two_cells(3).function("energy")(0.4))] * 3, rel=1e-13)


def test_sums_over_sectors():
    s = solve(SpinCharger(1, N), thermal(charger_population=p_1), coupling=cos(t))
    charged = numerics.charge(
        numerics.SpinCharger(1, 4), numerics.thermal(charger_population=0.25), coupling=math.cos
    )
    value = s.function("energy")(TIMES, chargers=4, charger_population=0.25)
    assert value == pytest.approx(charged.energy(TIMES), rel=1e-12)


PAIR = SpinCharger(2, 2)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: solve(SpinCharger(2, 2, charger_frequency=3), coupling=t), "`coupling` must be c"),
        (lambda: solve(SpinCharger(2, 2, cell_crosstalk=3), coupling=t), "numerics.schedule"),
        (lambda: solve(SpinCharger(1, 2, anisotropy=1), coupling=t), "where `anisotropy` is not 0"),
        (lambda: solve(SpinCharger(2, 2, coupling=1), coupling=t), "must be left open in the mod"),
        (lambda: solve(PAIR, coupling=math.sin), r"numerics.charge takes functions"),
        (lambda: solve(PAIR, coupling="sin(t)"), "`coupling` must be a real expression"),
        (lambda: solve(PAIR, coupling=I * t), "`coupling` must be a real expression"),
        (lambda: solve(PAIR, coupling=oo), "`coupling` must be a real expression"),
        (lambda: solve(PAIR, coupling=t < 1), "`coupling` must be a real expression"),
        (lambda: solve(PAIR, coupling=[t]), "`coupling` must be a real expression"),
        (lambda: solve(PAIR, coupling=True), "`coupling` must be a real expression"),
        (lambda: solve(PAIR, coupling=Symbol("q") * t), r"declare Symbol\('q', real=True\)"),
        (lambda: solve(PAIR, coupling=t).function("energy", "jax"), "`backend` must be one of"),
        (lambda: solve(PAIR, coupling=tau * t).function("energy")(1), "`tau` must be given"),
        (
            lambda: solve(PAIR, coupling=tau).function("energy")(1, tau="x"),
            "`tau` must be a finite",
        ),
        (lambda: solve(PAIR, coupling=t).function("energy")(1, x=1), "`parameter` must be one of"),
        (lambda: solve(PAIR, coupling=t).function("energy", x=1), "`parameter` must be one of"),
        (lambda: solve(PAIR, coupling=t).function("nothing"), "`name` must be one of"),
        (lambda: solve(PAIR, coupling=t).function("energy")("x"), "`times` must be"),
        (lambda: solve(PAIR, coupling=t).quantity("nothing"), "`name` must be one of"),
        (lambda: solve(PAIR, coupling=t).best_area("highest"), "`kind` must be one of"),
    ],
)
def test_bad_input(act, message):
    with pytest.raises(InvalidArgument, match=message):
        act()


def test_what_has_no_closed_form():
    with pytest.raises(UnsolvedError):
        solve(SpinCharger(M, N), coupling=t)
    with pytest.raises(AttributeError):
        _ = solve(PAIR, coupling=t).nothing
