"""Systems × methods × quantities: every engine on the same rows, against brute force.

The oracle works on all 2^(M+N) amplitudes and shares nothing with numerics but the descriptions of
models and states; where it would be too large, 20 digits judge. Deviations are in units of M ω₀.
"""

import itertools
from dataclasses import replace
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import CavityCharger, SpinCharger, certified, charge
from numerics.dynamics.eigenvectors import SpectralPropagator
from numerics.dynamics.grid_chebyshev import ChebyshevPropagator
from numerics.model.states import dicke, fock, mixture, product, thermal
from tests.systems import oracle, taylor
from tests.systems.drawn import cavity_problems, spin_problems
from tests.systems.rows import (
    CUTOFFS,
    GRIDS,
    GROUPS,
    LARGE,
    SYSTEMS,
    cavity_models,
    cavity_starts,
    one_flipped,
    spin_models,
    spin_starts,
    unit,
)
from tests.systems.ways import WAYS, force

TOLERANCE = 1e-11
TIMES = np.array([0.0, 1e-3, 0.31, 1.7, 6.2, 23.0, -2.4])

# ---------------------------------------------------------------------------------------------
# Named systems, in every way


@cache
def exact(name):
    """Times, energies there, and populations where brute force is small enough."""
    model, initial = SYSTEMS[name]
    times = TIMES[:5] if name in CUTOFFS | LARGE else TIMES
    if name in LARGE:
        found = [taylor.energy(model, float(t), initial, 20) for t in times]
        return times, np.array(found, dtype=float), None
    return times, oracle.energy(model, initial, times), oracle.populations(model, initial, times)


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize("way", WAYS)
def test_quantities(name, way, monkeypatch):
    (model, initial), (times, energies, p) = SYSTEMS[name], exact(name)
    force(way, monkeypatch)
    charging, size = charge(model, initial, tolerance=1e-12), unit(model)
    found = charging.energy(times)
    np.testing.assert_allclose(found, energies, rtol=0, atol=TOLERANCE * size)
    # Again from what is remembered, backwards in time, and one at a time.
    mirrored = charging.energy(-times[::-1])[::-1]
    alone = [float(charging.energy(t)) for t in times]
    np.testing.assert_allclose([mirrored, alone], [energies] * 2, rtol=0, atol=TOLERANCE * size)
    error = charging.error(times)
    assert error.shape == times.shape
    assert np.all((error >= 0) & (error <= (2e-12 if name in CUTOFFS else 1e-10) * size))
    np.testing.assert_allclose(charging.power(times) * times, found, rtol=1e-15)
    assert charging.power(0.0) == 0

    cells = oracle.number_of_cells(model)
    populations, k = charging.populations(times), np.arange(cells + 1)
    assert np.all(populations >= 0)
    np.testing.assert_allclose(populations.sum(axis=1), 1, atol=1e-12)
    gained = size / cells * (populations @ k - populations[0] @ k)
    np.testing.assert_allclose(gained, found, atol=TOLERANCE * size)
    if p is not None:
        np.testing.assert_allclose(populations, p, atol=1e-11)
        variance = (size / cells) ** 2 * (p @ k**2 - (p @ k) ** 2)
        np.testing.assert_allclose(charging.energy_variance(times), variance, atol=1e-11)


@cache
def _soon(name):
    model, initial = SYSTEMS[name]
    if name in GROUPS:
        return float(oracle.precise_energy(model, initial, 5e-6, digits=20))
    return float(taylor.energy(model, 5e-6, initial, digits=20))


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize("way", WAYS)
def test_small_times_are_relatively_accurate(name, way, monkeypatch):
    force(way, monkeypatch)
    found = charge(*SYSTEMS[name]).energy(5e-6)
    # From some starts E grows as t⁴ only.
    assert found == pytest.approx(_soon(name), rel=1e-9, abs=1e-21)


# What has no peak, and mixtures that take long.
_LEFT_OUT = ("uncoupled", "uncoupled groups", "cut cavity, thermal", "thermal groups")
_LEFT_OUT += ("product of groups",)
PEAKED = [name for name in SYSTEMS if name not in _LEFT_OUT]


@pytest.mark.parametrize("name", PEAKED)
def test_every_way_finds_the_same_peaks(name, monkeypatch):
    found, until = [], 3 if "thermal" in name or "product" in name else 20
    for way in WAYS:
        with monkeypatch.context() as patch:
            force(way, patch)
            charging = charge(*SYSTEMS[name])
            found.append(
                (charging.first_peak(), charging.max_power(), charging.maximum(until=until))
            )
    for others in found[1:]:
        for one, other in zip(found[0], others, strict=True):
            assert one.value == pytest.approx(other.value, rel=1e-11)
            assert one.time == pytest.approx(other.time, rel=1e-7)


def test_the_ways_are_what_they_are_called(monkeypatch):
    """Otherwise the matrix above would try one engine three times."""

    def kinds(name):
        return {type(part) for part in charge(*SYSTEMS[name])._dynamics.parts(np.zeros(1))}

    seen = {}
    for way in WAYS[1:]:
        with monkeypatch.context() as patch:
            force(way, patch)
            seen[way] = {name: kinds(name) for name in ("long", *GRIDS, *GROUPS)}
    for name in (*GRIDS, *GROUPS):
        assert seen["eigenvectors"][name] == {SpectralPropagator}
        assert seen["recurrences"][name] == {ChebyshevPropagator}
    assert seen["eigenvectors"]["long"].isdisjoint(seen["recurrences"]["long"])


# ---------------------------------------------------------------------------------------------
# Every size, coupling and state


def deviation(model, initial, times=TIMES):
    """The energy of numerics less that of brute force, in units of M ω₀."""
    found, wanted = charge(model, initial).energy(times), oracle.energy(model, initial, times)
    assert found.shape == wanted.shape
    return float(np.abs(found - wanted).max()) / unit(model)


@pytest.mark.parametrize("size", [(m, n - m) for n in range(2, 9) for m in range(1, n)], ids=str)
def test_spins(size):
    """Small sizes get every state; from six spins on a rotating third, the default always."""
    for i, model in enumerate(spin_models(*size)):
        for j, (name, initial) in enumerate(spin_starts(model).items()):
            if j == 0 or sum(size) < 6 or (i + j + sum(size)) % 3 == 0:
                assert deviation(model, initial) < TOLERANCE, (model, name)


@pytest.mark.parametrize(
    ("cells", "gamma"),
    [*((m, "0") for m in (1, 2, 3, 4)), *((m, gamma) for m in (1, 2) for gamma in ("1/5", "1"))],
)
def test_cavities(cells, gamma):
    """Photon numbers are unbounded at γ ≠ 0; the oracle's ladder is far longer than needed."""
    for model in cavity_models(cells, gamma):
        for name, initial in cavity_starts(model).items():
            times = TIMES if gamma == "0" else TIMES[:5]
            assert deviation(model, initial, times) < TOLERANCE, (model, name)


MIXED = SpinCharger(2, 3, anisotropy=0.3, cell_crosstalk=0.2, charger_crosstalk=0.1)
HOT = SpinCharger(2, 2, frequency=2, anisotropy=0.2, charger_frequency=3)
# Systems at the edges: (models, states).
EDGES = {
    f"every Dicke state of {m} and {n}": (
        [SpinCharger(m, n, anisotropy=gamma, charger_crosstalk=0.2) for gamma in (0, 0.6)],
        [dicke(k, c) for k, c in itertools.product(range(m + 1), range(n + 1))],
    )
    for m, n in ((1, 3), (2, 4), (3, 2), (4, 1))
} | {
    "every product of flipped spins": (
        [MIXED, replace(MIXED, anisotropy=0)],
        [product(spins[:2], spins[2:]) for spins in itertools.product((0, 1), repeat=5)],
    ),
    "extreme temperatures": (
        [HOT],
        [
            state
            for beta in (-300, -30, -1e-3, 0, 2e-9, 4, 45, 300)
            for state in (
                thermal(cell_inverse_temperature=beta),
                thermal(charger_inverse_temperature=beta),
                thermal(cell_inverse_temperature=-beta, charger_inverse_temperature=beta),
            )
        ],
    ),
    "no coupling at all, and far stronger crosstalk": (
        [
            SpinCharger(3, 2, g, omega, gamma, other, *crosstalk)
            for gamma in (0, 0.2)
            for g, omega, other, *crosstalk in (
                (0, 1, 1, 1.0),
                (1, 1, 1, 30.0),
                (1, 1, 1, 0, -20.0),
                (1, 1, 50.0),
                (1, 1e-3, 1e-3),
            )
        ],
        [None, product([0, 0.2, 1], [0.5, 1])],
    ),
}


@pytest.mark.parametrize("name", EDGES)
def test_edges(name):
    for model, initial in itertools.product(*EDGES[name]):
        assert deviation(model, initial) < TOLERANCE, (model, initial)


@given(problem=spin_problems(most=6), times=st.lists(st.floats(-20, 20), min_size=1, max_size=4))
@settings(max_examples=80)
def test_random_spins(problem, times):
    assert deviation(*problem, times) < TOLERANCE
    found, wanted = charge(*problem).populations(times), oracle.populations(*problem, times)
    np.testing.assert_allclose(found, wanted, atol=TOLERANCE)


@given(problem=cavity_problems(), time=st.floats(-20, 20))
def test_random_cavities(problem, time):
    assert deviation(*problem, [time]) < TOLERANCE


def test_exact_numbers_are_numbers():
    """A Fraction, an mpmath and a NumPy number stand for what they are."""
    plain = SpinCharger(2, 3, 0.75, 1.5, 0.25, 1.25, 0.125, -0.5)
    wanted = oracle.energy(plain, product([0.5, 0], [1, 0.25, 1]), TIMES)
    for kind in (Fraction, mpmath.mpf, np.float64):
        exact = SpinCharger(2, 3, *(kind(x) for x in (0.75, 1.5, 0.25, 1.25, 0.125, -0.5)))
        initial = product([kind(0.5), 0], [1, kind(0.25), kind(1)])
        assert np.abs(charge(exact, initial).energy(TIMES) - wanted).max() < TOLERANCE


def test_the_comparison_can_fail():
    """A wrong factor anywhere in a model is far above the tolerance."""
    model = SpinCharger(2, 3, 0.8, 1.2, 0.3, 0.9, 0.2, 0.1, 0.15, -0.2, 0.25)
    initial = product([0, 0.2], [1, 1, 0.4])
    wanted = oracle.energy(model, initial, TIMES)
    for field, value in list(model.values())[2:]:
        if field.endswith("spin"):
            continue
        found = charge(replace(model, **{field: value * (1 + 1e-6)}), initial).energy(TIMES)
        assert np.abs(found - wanted).max() > 100 * TOLERANCE, field


# ---------------------------------------------------------------------------------------------
# Fifty digits, and certified ones

ALL = SpinCharger(2, 2, "4/7", "6/5", "3/5", "8/9", "1/7", "-2/9")
PRECISE = (
    SpinCharger(2, 2),
    SpinCharger(2, 3, "1/3", "7/5"),
    SpinCharger(3, 2, "2/3", anisotropy="1/5"),
    SpinCharger(1, 3, anisotropy=1),
    SpinCharger(2, 3, charger_crosstalk="-1/7"),
    SpinCharger(3, 1, cell_crosstalk="3/7"),
    SpinCharger(2, 2, charger_frequency="9/7"),
    SpinCharger(1, 2, 0.1, 1.3, 0.2, 0.7, charger_crosstalk=0.3),
    ALL,
    CavityCharger(1),
    CavityCharger(2, "3/7", "6/5"),
    CavityCharger(3, "3/7", cell_crosstalk="1/5"),
    CavityCharger(2, "3/7", charger_frequency="6/5"),
)


def precise_states(model):
    """One state of each kind."""
    m = model.cells
    if isinstance(model, SpinCharger):
        states = spin_starts(model)
        flipped = product(one_flipped(m, 0), ["1/3"] + [1] * (model.chargers - 1))
        names = ("default", "next to the end", "thermal", "Eq. (21)")
        return [flipped, *(states[name] for name in names)]
    return [
        None,
        fock(m + 2, excited_cells=m - 1),
        mixture([("2/7", fock(0, excited_cells=m)), ("5/7", fock(3))]),
        thermal(cell_population="1/3"),
        thermal(charger_inverse_temperature=8),
    ]


def check_digits(model, initial, time, climb=oracle.CLIMB):
    """Fifty digits of one engine and 45 proven ones of the other, by 55 of brute force."""
    wanted = oracle.precise_energy(model, initial, time, digits=55, climb=climb)
    found = taylor.energy(model, time, initial, digits=50)
    proven = certified.energy(model, time, 45, initial, floats=True)
    with mpmath.workdps(70):
        size = model.battery.top * oracle.parameters(model, mpmath.mp).omega_0
        assert abs(found - wanted) / size < mpmath.mpf("1e-45"), (initial, time)
        assert abs(proven.midpoint - wanted) <= proven.radius + mpmath.mpf("1e-53"), (initial, time)
        assert proven.radius < mpmath.mpf("1e-44")


MANY_DIGITS = [
    *(
        (model, initial, Fraction(time))
        for model in PRECISE
        for initial in precise_states(model)
        for time in (("1/1000000", "29/10") if isinstance(model, SpinCharger) else ("7/5",))
    ),
    *((ALL, None, time) for time in (0, 1, -2, 0.3, Fraction(31, 3), mpmath.mpf("0.125"))),
]


@pytest.mark.parametrize(("model", "initial", "time"), MANY_DIGITS)
def test_many_digits(model, initial, time):
    check_digits(model, initial, time)


def test_many_digits_with_a_photon_cutoff():
    check_digits(CavityCharger(1, "1/4", anisotropy="1/2"), None, 1, climb=40)
