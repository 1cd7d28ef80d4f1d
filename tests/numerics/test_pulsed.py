"""Couplings that depend on time on resonance: Schrödinger's equation, and areas."""

import math
import re
from functools import cache

import numpy as np
import pytest
import scipy

import numerics
from numerics import CavityCharger, InvalidArgument, SpinCharger, dicke, fock, product, thermal
from numerics.observables.table import OBSERVABLES
from tests.systems import oracle

SPINS = SpinCharger(2, 2)
TIMES = np.array([0.3, 0.9, 2.2, 4.0])


def wave(t):
    return 0.9 * math.cos(1.7 * t) + 0.2


def shut(t):
    """Switched on at 0.2 and off at 1.1."""
    return 0.8 * t if 0.2 <= t < 1.1 else 0.0


STARTS = {
    "all up": None,
    "from the middle": dicke(1, 1),
    "mixed": product(["1/4", 0], [1, "1/3"]),
    "warm": thermal(charger_inverse_temperature=1),
}


@cache
def integrated(start):
    """The energy by Schrödinger's equation on all 2⁴ states."""
    bare = oracle.hamiltonian(SpinCharger(2, 2, coupling=0))
    whole = oracle.hamiltonian(SpinCharger(2, 2, coupling=1))
    rho = oracle.density_matrix(SPINS, STARTS[start]).astype(complex)
    cells = np.diag(np.repeat(oracle._cells_up(SPINS), 4))

    def slope(t, u):
        h = bare + wave(t) * (whole - bare)
        return (-1j * h @ u.reshape(16, 16)).ravel()

    found = scipy.integrate.solve_ivp(
        slope, (0, TIMES[-1]), np.eye(16, dtype=complex).ravel(), "DOP853", TIMES,
        rtol=1e-13, atol=1e-14,
    )  # fmt: skip
    every = (u.reshape(16, 16) for u in found.y.T)
    return (
        np.array([np.trace(u @ rho @ u.conj().T @ cells).real for u in every])
        - np.trace(rho @ cells).real
    )


@pytest.mark.parametrize("start", STARTS)
def test_the_energy_solves_schroedingers_equation(start):
    charged = numerics.charge(SPINS, STARTS[start], coupling=wave)
    assert charged.energy(TIMES) == pytest.approx(integrated(start), abs=1e-11)
    assert charged.power(TIMES) == pytest.approx(integrated(start) / TIMES, abs=1e-11)


@pytest.mark.parametrize("model", [SPINS, CavityCharger(2)])
def test_every_row_is_that_at_the_area(model):
    charged, steady = numerics.charge(model, coupling=wave), numerics.charge(model)
    areas, g = charged.area(TIMES), np.array([wave(t) for t in TIMES])
    assert areas == pytest.approx(0.9 / 1.7 * np.sin(1.7 * TIMES) + 0.2 * TIMES, abs=2e-15)
    assert charged.area_error(4.0) < 1e-13
    paces = {
        "power": areas / TIMES, "instantaneous_power": g, "power_variance": g**2,
        "fisher_information": g**2,
    }  # fmt: skip
    for name in OBSERVABLES:
        try:
            expected = getattr(steady, name)(areas)
        except InvalidArgument as refused:
            with pytest.raises(InvalidArgument, match=re.escape(str(refused))):
                getattr(charged, name)(TIMES)
            continue
        values = getattr(charged, name)(TIMES)
        assert values == pytest.approx((expected.T * paces.get(name, 1)).T, nan_ok=True), name


def test_powers_are_derivatives_by_time():
    charged = numerics.charge(SpinCharger(3, 4), coupling=wave)
    h = 1e-5
    slope = (charged.energy(TIMES + h) - charged.energy(TIMES - h)) / (2 * h)
    assert charged.instantaneous_power(TIMES) == pytest.approx(slope, abs=1e-8)
    assert charged.power(0.0) == 0


def test_storage_after_the_switch():
    charged = numerics.charge(SpinCharger(3, 4), coupling=shut)
    assert charged.energy(0.15) == 0
    stored = charged.energy([1.1, 1.5, 40.0])
    assert np.ptp(stored) < 1e-13 * stored[0]
    assert stored[0] > 0.5
    assert charged.instantaneous_power([1.2, 9.0]).tolist() == [0, 0]
    assert charged.power(40.0) == pytest.approx(stored[0] / 40)


def test_the_maximum_over_the_areas_that_are_passed():
    model = SpinCharger(3, 4)
    steady = numerics.charge(model)
    charged = numerics.charge(model, coupling=lambda t: 0.5 * math.cos(t))
    peak = charged.maximum(until=10)
    assert peak.value == pytest.approx(steady.maximum(until=0.5).value, rel=1e-14)
    assert peak.time == pytest.approx(math.pi / 2, abs=1e-6)
    long = numerics.charge(model, coupling=lambda t: -2 * t)
    for quantity in ("energy", "ergotropy"):
        first = steady.maximum(quantity, until=4.0)
        peak = long.maximum(quantity, until=2.0)
        assert peak.value == pytest.approx(first.value, rel=1e-13)
        assert peak.time == pytest.approx(math.sqrt(first.time), rel=1e-7)
    assert numerics.charge(model, coupling=lambda t: 0).maximum(until=2) == numerics.Peak(0.0, 0.0)


def test_backwards_in_time():
    charged = numerics.charge(SPINS, coupling=math.exp)
    expected = numerics.charge(SPINS).energy(-math.expm1(-1.5))
    assert charged.energy(-1.5) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (SpinCharger(2, 2, coupling=1), "`coupling` must be left open in the model"),
        (SpinCharger(2, 2, anisotropy="1/2"), "`coupling` must be constant, or constant on"),
        (SpinCharger(2, 2, charger_frequency=2), "numerics.schedule"),
        (SpinCharger(2, 2, cell_crosstalk=1), "with crosstalk"),
        (SpinCharger(2, 2, charger_crosstalk=1), "with crosstalk"),
        (CavityCharger(2, charger_frequency=2), "off resonance"),
    ],
)
def test_only_on_resonance(model, message):
    with pytest.raises(InvalidArgument, match=message):
        numerics.charge(model, coupling=wave)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda c: c.maximum(until=-1), "`until` must be a positive"),
        (lambda c: c.maximum("entropy", until=1), "`quantity` must be"),
        (lambda c: c.area("x"), "`times` must be"),
        (lambda c: c.area_error(math.nan), "`time` must be"),
        (lambda c: c.energy(math.inf), "`times` must be"),
    ],
)
def test_bad_input(act, message):
    with pytest.raises(InvalidArgument, match=message):
        act(numerics.charge(CavityCharger(1), fock(2), coupling=wave))
    with pytest.raises(AttributeError):
        numerics.charge(SPINS, coupling=wave).nothing(1.0)
