"""The part of a spectrum that a start at the end of a chain reaches, and evolutions in it."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from numerics import CavityCharger, SpinCharger, charge, dicke, fock
from numerics.dynamics import inner_spectrum
from numerics.dynamics.compiled_routines import call, number_up_to
from numerics.dynamics.conservation import PrecisionError
from numerics.dynamics.eigenvectors import ChiralPropagator
from numerics.sectors import chains as chains_module
from tests.systems import extended
from tests.systems.ways import chains_of


def growing(length, seed, power):
    """Random positive hops that grow along the chain."""
    rng = np.random.default_rng(seed)
    return rng.uniform(0.5, 1.5, length - 1) * np.arange(1.0, length) ** power


def matrix(hops):
    return np.diag(hops, 1) + np.diag(hops, -1)


@given(st.integers(4, 80), st.integers(0, 2**32 - 1), st.floats(0, 2), st.integers(1, 7))
def test_hardly_anything_is_beyond_the_reach(length, seed, power, digits):
    hops = growing(length, seed, power)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chains_module, "TAIL", 10.0**-digits)
        reach = chains_module.energy_cutoff(hops)
    values, vectors = np.linalg.eigh(matrix(hops))
    beyond = np.linalg.norm(vectors[0, np.abs(values) > reach])
    assert beyond <= 10.0**-digits + 1e-14


def test_the_reach_of_an_ideal_battery_is_short():
    """Some tens of the first hop, whatever the size; for a uniform chain it is all there is."""
    for cells in (300, 3000, 30000):
        k = np.arange(cells)
        assert 30 * cells < chains_module.energy_cutoff((k + 1.0) * (cells - k)) < 60 * cells
    assert chains_module.energy_cutoff(np.ones(300)) == np.inf


@given(st.integers(20, 90), st.integers(0, 2**32 - 1), st.booleans())
@example(81, 476, True)  # an eigenvalue next to 0
def test_eigenvalues_and_vectors_in_the_interval(length, seed, by_interval):
    hops = growing(length, seed, 1.5)
    reach = 0.6 * np.max(hops)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inner_spectrum, "_INCOMPLETE", np.inf)
        patch.setattr(inner_spectrum, "_ALL", 0 if by_interval else 2500)
        values, vectors = inner_spectrum.inner_spectrum(hops, reach)
    every = np.linalg.eigvalsh(matrix(hops))
    wanted = every[(every > 1e-9 * reach) & (every <= reach)]
    np.testing.assert_allclose(values, wanted, atol=1e-12 * every[-1])
    np.testing.assert_allclose(matrix(hops) @ vectors.T, vectors.T * values, atol=1e-11 * every[-1])
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(len(values)), atol=1e-11)
    assert number_up_to(hops, reach) // 2 == len(values)


@pytest.mark.parametrize("cells", [600, 601])
def test_the_recurrence_is_enough_for_a_battery(cells, monkeypatch):
    """No vector needs inverse iteration, and the energies are those of extended precision."""
    monkeypatch.setattr(inner_spectrum, "_ALL", 0)
    monkeypatch.setattr(inner_spectrum, "_vectors", None)
    (stack,) = chains_of(SpinCharger(cells, cells))
    times = np.linspace(0.003, 0.02, 4)
    found = ChiralPropagator(stack).excitation(times)
    wanted = extended.energies(cells, cells, times).astype(float)
    np.testing.assert_allclose(found, wanted, atol=2e-14 * cells)


def test_a_spectrum_that_does_not_make_up_the_start_is_refused():
    k = np.arange(300)
    hops = (k + 1.0) * (300 - k)
    with pytest.raises(np.linalg.LinAlgError, match="incomplete"):
        inner_spectrum.inner_spectrum(hops, 2000.0)


def test_failures_of_the_library_are_raised():
    indefinite = np.array([[1.0, 2.0], [2.0, 1.0]])
    with pytest.raises(np.linalg.LinAlgError, match="dpotrf has failed"):
        call("dpotrf", "U", 2, indefinite, 2)


CASES = {
    "equal, odd length": (SpinCharger(300, 300), None),
    "equal, even length": (SpinCharger(301, 301), None),
    "unequal": (SpinCharger(280, 350), None),
    "negative coupling": (SpinCharger(290, 300, coupling=-0.3, frequency=2), None),
    "charger partly up": (SpinCharger(300, 400), dicke(0, 310)),
    "discharging": (SpinCharger(300, 300), dicke(300, 0)),
    "discharging into a large charger": (SpinCharger(280, 2000), dicke(280, 0)),
    "the same, odd and even": (SpinCharger(281, 9000), dicke(281, 0)),
    "many cells, few spins": (SpinCharger(2000, 280), None),
    "cavity": (CavityCharger(300), fock(320)),
}


@pytest.mark.parametrize("case", CASES)
def test_evolutions_in_the_inner_part_are_those_in_all(case, monkeypatch):
    (stack,) = chains_of(*CASES[case])
    assert np.all(stack.cutoffs < np.inf)
    inner = ChiralPropagator(stack)
    scale = float(stack.radii[0])
    times = np.array([1e-12, 1e-6, 0.001, 0.1, 1.0, 40.0]) * 50 / scale
    found = inner.moments(times)
    monkeypatch.setattr(chains_module, "_LONG", 10**9)
    (whole,) = chains_of(*CASES[case])
    assert np.all(whole.cutoffs == np.inf)
    for power, (a, b) in enumerate(zip(found, ChiralPropagator(whole).moments(times), strict=True)):
        size = 300 * (1 if power == 3 else scale**power)
        np.testing.assert_allclose(a, b, atol=1e-13 * size)
    norms = inner.populations(times, stack.rows.max() + 1).sum(axis=0)
    np.testing.assert_allclose(norms, 1, atol=1e-12)


def test_only_what_is_reached_is_kept():
    (stack,) = chains_of(SpinCharger(1000, 1000))
    system = ChiralPropagator(stack)._system
    kept = system.symmetric.values.shape[1] + system.antisymmetric.values.shape[1]
    assert kept < 100
    dynamics = charge(SpinCharger(1000, 1000))._dynamics
    assert not dynamics.by_recurrence
    assert 0 < dynamics.error(np.array([0.01]))[0] < 1e-12


def test_starts_inside_a_chain_reach_everything():
    (stack,) = chains_of(SpinCharger(300, 300), dicke(1, 299))
    assert np.all(stack.cutoffs == np.inf)


def test_late_times_are_limited_by_the_reach_only():
    battery = charge(SpinCharger(300, 300))
    energy = battery.energy([150.0, 250.0])
    assert np.all((energy > 0) & (energy < 300))
    with pytest.raises(PrecisionError):
        battery.energy(350.0)


@pytest.mark.skipif(not extended.PRECISE, reason="longdouble is double here")
@pytest.mark.parametrize("chargers", [6000, 7000])
def test_long_chains_keep_their_digits(chargers):
    """By eigenvalues in an interval, where all of them would cost more."""
    battery = charge(SpinCharger(6000, chargers))
    times = np.array([1e-6, 0.3, 1.0]) * battery.first_peak().time
    wanted = extended.energies(6000, chargers, times)
    assert not battery._dynamics.by_recurrence
    assert np.max(np.abs(battery.energy(times) / wanted - 1)) < 1e-11
