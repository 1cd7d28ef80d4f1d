"""Proven energies of open batteries: against the Liouvillian of all spins at fifty digits."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb

from numerics import (
    CavityCharger,
    CoupledOscillators,
    InvalidArgument,
    SpinCharger,
    bath,
    certified,
    charge,
    dephasing,
    dicke,
    fock,
    loss,
    pump,
    spin_coherent,
    stored,
    thermal,
)
from numerics.certified.exact import exact_problem, working
from numerics.certified.open_batteries import _prepared, _series, open_series
from numerics.model.noise import Channel
from tests.systems import open_systems, oracle

# Binary fractions, so that the Liouvillian in double precision is exact.
EVERY = [
    ("loss", "cells", 0.25, False),
    ("pump", "chargers", 0.125, False),
    ("dephasing", "cells", 0.5, False),
    ("loss", "chargers", 0.375, True),
    ("pump", "cells", 0.0625, True),
    ("dephasing", "chargers", 0.75, True),
]
TUNED = {"coupling": 0.75, "charger_frequency": 1.5, "cell_crosstalk": 0.25}
CASES = {
    "one and one": (SpinCharger(1, 1), None, EVERY[:3]),
    "two and one": (SpinCharger(2, 1, **TUNED), dicke(1, 1), EVERY),
    "one and two": (SpinCharger(1, 2, coupling=0.5), None, EVERY),
    "collective": (SpinCharger(2, 1), None, EVERY[3:]),
    "counter-rotating": (SpinCharger(2, 1, anisotropy=0.5, **TUNED), None, EVERY[::2]),
}


def brute(model, start, channels, time):
    """The excited cells gained, by the series of exp on all elements at eighty digits."""
    first = oracle.density_matrix(model, start).astype(complex)
    generator = open_systems.liouvillian(model, tuple(channels)).tocoo()
    rows = list(zip(generator.row, generator.col, generator.data.tolist(), strict=True))
    size, rest = len(first), 2**model.chargers
    ups = [model.cells - (i // rest).bit_count() for i in range(size)]
    with mpmath.workdps(80):
        vector = [mpmath.mpmathify(complex(x)) for x in first.ravel()]
        total, time = mpmath.mpf(0), mpmath.mpmathify(time)
        for n in range(1, 400):
            after = [mpmath.mpc(0)] * len(vector)
            for i, j, value in rows:
                if vector[j]:
                    after[i] += value * vector[j]
            vector = [x * time / n for x in after]
            total += sum(up * vector[i * (size + 1)].real for i, up in enumerate(ups))
            if max(map(abs, vector)) < mpmath.mpf(10) ** -75:
                break
        return total


@pytest.mark.parametrize("case", CASES)
def test_against_all_spins(case):
    model, start, channels = CASES[case]
    start = model.default_start() if start is None else start
    noise = [Channel(side, rate, together, kind) for kind, side, rate, together in channels]
    given = {"initial": start, "floats": True, "noise": noise}
    found = certified.energy(model, "0.75", digits=50, **given)
    assert found.radius < mpmath.mpf(10) ** -50 * model.cells
    with mpmath.workdps(70):
        wanted = brute(model, start, channels, "0.75")
        assert abs(found.midpoint - wanted) <= found.radius + mpmath.mpf(10) ** -65
    rough = certified.energy(model, "0.75", digits=20, **given)
    assert found.radius < rough.radius < mpmath.mpf(10) ** -20 * model.cells
    assert rough.contains(found)
    double = charge(model, start, noise=noise).energy(0.75)
    assert double == pytest.approx(float(found.midpoint), abs=1e-13)


def test_one_damped_excitation():
    """The closed form at sixty digits, of a battery of a hundred cells with a cavity."""
    noise = [loss("cells", "0.3"), loss("cavity", "0.1")]
    found = certified.energy(CavityCharger(100), "1/3", digits=60, initial=fock(1), noise=noise)
    with mpmath.workdps(80):
        time, own, other = mpmath.mpf(1) / 3, mpmath.mpf("0.3"), mpmath.mpf("0.1")
        frequency = mpmath.sqrt(100 - (other - own) ** 2 / 16)
        wave = mpmath.sin(frequency * time) / frequency
        wanted = 100 * mpmath.exp(-(own + other) * time / 2) * wave**2
        assert abs(found.midpoint - wanted) < found.radius + mpmath.mpf(10) ** -75
    assert found.radius < mpmath.mpf(10) ** -58


def test_baths_are_exact():
    """A mean number of quanta is no double: at zero coupling a cell relaxes to it."""
    model = SpinCharger(1, 1, coupling=0)
    for temperature in (Fraction(4, 5), mpmath.mpf("0.8"), "0.8"):
        noise = [bath("cells", "0.3", temperature)]
        found = certified.energy(model, 2, digits=40, noise=noise)
        with mpmath.workdps(60):
            heat = mpmath.mpmathify(temperature)
            share = 1 / (mpmath.exp(1 / heat) + 1)
            rate = mpmath.mpf(3) / 10 * mpmath.coth(1 / (2 * heat))
            wanted = share * -mpmath.expm1(-2 * rate)
            assert abs(found.midpoint - wanted) < mpmath.mpf(10) ** -39


def test_a_cut_of_photons_is_paid_for():
    """A pumped cavity: the cut of many photons lies inside the ball of the cut of few."""
    model = CavityCharger(2)
    noise = [bath("cavity", "0.2", "0.8"), pump("cells", "0.1")]
    fine, rough = (certified.energy(model, "0.5", digits=d, noise=noise) for d in (30, 8))
    assert rough.contains(fine)
    assert 0 < rough.remainder <= rough.radius < mpmath.mpf("2e-8")
    assert charge(model, noise=noise).energy(0.5) == pytest.approx(float(fine.midpoint), abs=1e-9)


@pytest.mark.parametrize("beyond", [0, 2, 6])
def test_a_cut_is_as_good_as_its_lost_trace(beyond):
    """The true energy lies in the ball of a cut that is far too low, and nearly fills it."""
    noise = [bath("cavity", "0.2", "0.8"), pump("cells", "0.1")]
    problem, time = exact_problem(CavityCharger(2), None, noise=noise), Fraction(1, 2)
    true, _ = open_series(problem, time, 30).energy(time)
    with working(300):
        cut = _series(problem, *_prepared(problem, beyond)[:2], time, 30, arb(0), 300)
        found, _ = cut.energy(time)
        assert found.contains(true)
        assert abs(found.mid() - true) > found.rad() / 4


def test_small_times_and_balls():
    model, noise = SpinCharger(3, 3), [loss("cells", "0.1")]
    small = certified.energy(model, "1e-20", digits=20, noise=noise)
    assert small.digits >= 18
    assert float(small.midpoint) == pytest.approx(9e-40, rel=1e-15)
    assert certified.energy(model, 0, noise=noise).contains(0)
    wide = certified.energy(model, arb("0.5", "1e-9"), digits=20, noise=noise)
    for time in ("0.5000000009", "0.4999999991"):
        assert wide.contains(certified.energy(model, time, digits=20, noise=noise))
    assert wide.radius < 1e-7
    wide = certified.energy(model, "0.5", digits=20, noise=[loss("cells", arb("0.1", "1e-12"))])
    assert wide.contains(certified.energy(model, "0.5", digits=20, noise=noise))


def test_how_many_digits_of_an_open_battery_are_right():
    noise = [loss("cells", 0.1), dephasing("chargers", 0.2)]
    found = certified.check(charge(SpinCharger(4, 4), noise=noise), np.linspace(0, 2, 9))
    assert found.digits >= 14


LOSS = [loss("cells", "0.1")]
REFUSED = [
    (r"noise\[0\].rate` must be exact", SpinCharger(2, 2), {"noise": [loss("cells", 0.1)]}),
    (r"noise\[0\].temperature` must be exact", SpinCharger(2, 2),
     {"noise": [bath("cells", "0.1", 0.7)]}),
    (r"noise\[0\].rate` must be", SpinCharger(2, 2), {"noise": [loss("cells", arb("0", "0.1"))]}),
    ("bath or pumping", SpinCharger(2, 2),
     {"noise": [bath("cells", "0.1", 1), pump("cells", "0.2")]}),
    ("`time` must not be negative", SpinCharger(2, 2), {"noise": LOSS, "time": -1}),
    ("`anisotropy` must be 0", CavityCharger(2, anisotropy="0.1"), {"noise": LOSS}),
    ("a battery with a top", CoupledOscillators(), {"noise": LOSS, "initial": fock(1)}),
    ("superposition on one side", SpinCharger(2, 2, anisotropy="0.1"),
     {"noise": LOSS, "initial": spin_coherent(1, 0)}),
    ("at most 20000 elements", SpinCharger(20, 20), {"noise": [*LOSS, pump("cells", 1)]}),
    ("must be earlier", SpinCharger(8, 8), {"noise": LOSS, "time": 10**4}),
]  # fmt: skip


@pytest.mark.parametrize("case", range(len(REFUSED)))
def test_what_is_not_certified(case):
    message, model, given = REFUSED[case]
    with pytest.raises(InvalidArgument, match=message):
        certified.energy(model, **{"time": 1, **given})


def test_a_stored_battery_is_not_checked():
    kept = stored(charge(SpinCharger(2, 2), noise=[loss("cells", 0.1)]), at=1.0)
    with pytest.raises(InvalidArgument, match="`charging` must be"):
        certified.check(kept)


def test_thermal_cells():
    """Weights that are left out of the start are in the radius."""
    start = thermal(cell_population="0.2", charger_population="0.9")
    found = certified.energy(SpinCharger(2, 3), "0.5", digits=30, initial=start, noise=LOSS)
    rough = charge(SpinCharger(2, 3), thermal(cell_population=0.2, charger_population=0.9),
                   noise=[loss("cells", 0.1)]).energy(0.5)  # fmt: skip
    assert rough == pytest.approx(float(found.midpoint), abs=1e-13)
