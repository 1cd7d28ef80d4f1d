"""Starts with coherences: energies in every way, tails, maxima, means, and what is refused."""

import math
from functools import cache

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import (
    Bloch,
    CavityCharger,
    InvalidArgument,
    SpinCharger,
    certified,
    charge,
    coherent,
    dicke,
    fock,
    loss,
    mixture,
    photon_distribution,
    spin_coherent,
    squeezed,
    superposition,
    thermal,
)
from numerics.dynamics.photon_cutoff import CutoffDynamics
from numerics.model.problem import doubles
from numerics.model.superpositions import Gaussian
from numerics.sectors.energy_moments import most_curved
from numerics.sectors.starts import starts
from tests.systems import figures_of_merit as judge
from tests.systems import oracle
from tests.systems.drawn import spin_models
from tests.systems.rows import unit
from tests.systems.ways import WAYS, force

TIMES = np.array([0.0, 0.31, 1.7, 6.2, -2.4])
MODE = CavityCharger(1).charger
ALL = {"coupling": 0.6, "charger_frequency": 1.4, "cell_crosstalk": 0.3}
# Each of these starts falls into many sectors; of those with superposed cells some share a sector.
SYSTEMS = {
    "coherent": (CavityCharger(3, 0.5), coherent(1.2)),
    "coherent, of any phase": (CavityCharger(2, **ALL), coherent(0.4 - 0.9j, excited_cells=1)),
    "squeezed": (CavityCharger(2), squeezed(0.4, 0.3, excited_cells=2)),
    "both coherent": (CavityCharger(3, **ALL), coherent(1j, excited_cells=Bloch(2, 0.7))),
    "coherent, counter-rotating": (
        CavityCharger(2, 0.2, anisotropy=0.4, charger_frequency=1.3), coherent(0.8 + 0.5j)
    ),
    "both, counter-rotating": (
        CavityCharger(2, 0.2, anisotropy=0.4), squeezed(0.3, displacement=0.5, excited_cells=[1, 1])
    ),
    "spin-coherent": (SpinCharger(3, 4, charger_crosstalk=0.2, **ALL), spin_coherent(0.7, 0.2)),
    "both spin-coherent": (SpinCharger(3, 3), spin_coherent(0.7, 0.2, excited_cells=Bloch(2, -1))),
    "all, anisotropic": (
        SpinCharger(3, 3, anisotropy=0.4, **ALL),
        superposition([0, 1, 1j], excited_cells=[0.3, 0, -1]),
    ),
    "mixed with others": (
        SpinCharger(3, 2, anisotropy=0.4),
        mixture([(0.3, superposition([1, 1], excited_cells=[1, 1j])), (0.7, dicke(1, 1))]),
    ),
}  # fmt: skip


@cache
def exact(name):
    model, initial = SYSTEMS[name]
    return oracle.energy(model, initial, TIMES), oracle.populations(model, initial, TIMES)


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.parametrize("way", WAYS)
def test_energies_and_populations_in_every_way(name, way, monkeypatch):
    force(way, monkeypatch)
    charging, (energies, populations) = charge(*SYSTEMS[name], tolerance=1e-12), exact(name)
    np.testing.assert_allclose(charging.energy(TIMES), energies, rtol=0, atol=1e-11)
    alone = [float(charging.energy(t)) for t in TIMES[::-1]]
    np.testing.assert_allclose(alone, energies[::-1], rtol=0, atol=1e-11)
    np.testing.assert_allclose(charging.populations(TIMES), populations, atol=1e-11)
    # The state, with all its phases, in every way.
    (wanted,) = (
        state
        for lowest, _, state in next(judge.states(*SYSTEMS[name], [1.7])).battery_state()
        if lowest == 0
    )
    (found, *_) = charging.battery_state(1.7)
    levels = found.cells[:, None], found.cells
    np.testing.assert_allclose(found.state, wanted[levels], atol=1e-11)


def amplitudes(size):
    """Of up to all levels of a side, not all of them 0."""
    parts = st.integers(-4, 4)
    number = st.builds(complex, parts, parts)
    return st.lists(number, min_size=1, max_size=size + 1).filter(any)


@st.composite
def problems(draw):
    """Any system of few spins from any superposition of either side, perhaps mixed with another."""
    model = draw(spin_models(spins=(3, 3), most=6))
    states = st.builds(
        lambda charger, cells: superposition(charger, excited_cells=cells),
        amplitudes(model.chargers), amplitudes(model.cells),
    )  # fmt: skip
    return model, draw(
        states | st.builds(lambda *two: mixture([(0.25, two[0]), (0.75, two[1])]), states, states)
    )


@given(problem=problems(), time=st.floats(-9, 9))
@settings(max_examples=40)
def test_random_superpositions(problem, time):
    charging, (model, initial) = charge(*problem), problem
    found, wanted = charging.energy([time]), oracle.energy(model, initial, [time])
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-11 * unit(model))
    (state,) = judge.states(model, initial, [time])
    assert charging.purity(time) == pytest.approx(float(state.purity()), abs=1e-11)
    assert charging.coherence(time) == pytest.approx(float(state.coherence()), abs=1e-10)


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_way_finds_the_same_peaks(name, monkeypatch):
    found, t = [], np.linspace(0, 3, 301)
    for way in WAYS[1:]:
        with monkeypatch.context() as patch:
            force(way, patch)
            charging = charge(*SYSTEMS[name])
            found.append((charging.first_peak(), charging.maximum(until=3)))
            assert found[-1][1].value >= charging.energy(t).max() - 1e-12
    for one, other in zip(*found, strict=True):
        assert one.value == pytest.approx(other.value, rel=1e-10)
        assert one.time == pytest.approx(other.time, rel=1e-6)


@pytest.mark.parametrize("name", ["coherent", "spin-coherent", "both spin-coherent"])
@pytest.mark.parametrize("sense", ["full", "symmetric", "local"])
def test_maxima_of_the_ergotropy(name, sense):
    """No sample is higher, and the curvature is within the bound that the proof takes."""
    charging, t = charge(*SYSTEMS[name]), np.linspace(0, 1.5, 151)
    samples = charging.ergotropy(t, sense=sense)
    peak = charging.maximum("ergotropy", sense=sense, until=1.5)
    assert samples.max() <= peak.value + 1e-9
    assert charging.ergotropy(peak.time, sense=sense) == pytest.approx(peak.value, abs=1e-9)
    problem = doubles(*SYSTEMS[name])
    rate = most_curved(problem, starts(problem)) * float(problem.battery.top)
    second = np.diff(charging.energy(t), 2) / 1e-4
    assert np.abs(second).max() < rate


@pytest.mark.parametrize("mean", [0, 0.3, 25, 2000])
def test_the_tail_of_a_coherent_state(mean):
    """What is left out is less than the tolerance says, by fifty digits."""
    first, amplitudes = Gaussian(math.sqrt(mean), tolerance=1e-10).expanded(MODE)
    with mpmath.workdps(50):
        x = mpmath.mpf(math.sqrt(mean)) ** 2
        wanted = [
            mpmath.exp((n * mpmath.log(x) if n else 0) - x - mpmath.loggamma(n + 1))
            for n in range(first, first + len(amplitudes))
        ] if mean else [mpmath.mpf(1)]  # fmt: skip
        assert 0 <= 1 - sum(wanted) < mpmath.mpf("1e-20")
        # And not much less: of every other level that is left out half of it is.
        deviation = np.abs(np.abs(amplitudes) ** 2 - np.array(wanted, dtype=float))
    assert deviation.max() < 1e-14


@pytest.mark.parametrize(("r", "angle", "alpha"), [(0.9, 0.4, 0), (-0.5, 0, 2), (0.7, 2, 1 - 2j)])
def test_squeezed_states_are_what_annihilates_them(r, angle, alpha):
    first, amplitudes = squeezed(r, angle, displacement=alpha).charger.expanded(MODE)
    assert first == 0
    n = np.arange(1, len(amplitudes) + 5)
    lower, psi = np.diag(np.sqrt(n), 1), np.pad(amplitudes, (0, 5))
    shifted = lower - alpha * np.eye(len(psi))
    none = np.cosh(r) * shifted @ psi + np.exp(1j * angle) * np.sinh(r) * shifted.conj().T @ psi
    assert np.abs(none[:-7]).max() < 1e-13
    mean = np.abs(amplitudes) ** 2 @ np.arange(len(amplitudes))
    assert mean == pytest.approx(abs(alpha) ** 2 + np.sinh(r) ** 2, rel=1e-13)
    assert np.linalg.norm(amplitudes) == pytest.approx(1, abs=1e-15)


def test_energies_are_sums_over_photons_where_the_cells_are_not_superposed():
    model, t = CavityCharger(4), np.linspace(0, 2, 9)
    p = np.exp(-2.25) * 2.25 ** np.arange(60) / [math.factorial(n) for n in range(60)]
    wanted = sum(w * charge(model, fock(n)).energy(t) for n, w in enumerate(p))
    for start in (coherent(1.5), coherent(mean_photons="9/4"), photon_distribution(p)):
        np.testing.assert_allclose(charge(model, start).energy(t), wanted, atol=1e-13)
    # The mixture has the populations of the pure state, but none of its coherences.
    assert charge(model, coherent(1.5)).ergotropy(0.7) > 1.5 * charge(
        model, photon_distribution(p)
    ).ergotropy(0.7)


def test_a_distribution_without_its_tail_is_scaled():
    p = np.exp(-1.0) / np.array([math.factorial(n) for n in range(13)])
    assert 1e-12 < 1 - p.sum() < 1e-9
    parts = mixture(list(zip(p, map(fock, range(13)), strict=True))).parts
    assert sum(weight for weight, _ in parts) == pytest.approx(1, abs=1e-15)
    assert photon_distribution(p) is not None
    with pytest.raises(InvalidArgument, match=r"`weights` must sum to 1, but sum to 0\.99999"):
        photon_distribution(p[:11])
    # What rounding leaves is as it was given.
    assert [weight for weight, _ in mixture([(0.1, fock(0))] * 10).parts] == [0.1] * 10


def test_a_thermal_cavity_by_its_mean_photon_number():
    model, beta, t = CavityCharger(2, frequency=2), math.log(1 + 1 / 0.8) / 2, [0.4, 1.3]
    one, other = thermal(charger_mean_photons=0.8), thermal(charger_inverse_temperature=beta)
    found, wanted = (charge(model, start).energy(t) for start in (one, other))
    np.testing.assert_allclose(found, wanted, rtol=1e-13)
    assert charge(model, thermal(charger_mean_photons=0)).energy(0.4) == 0
    proven = certified.energy(model, "1/3", 30, thermal(charger_mean_photons="4/5"))
    assert float(proven.midpoint) == pytest.approx(charge(model, one).energy(1 / 3), rel=1e-13)


@pytest.mark.parametrize("name", ["coherent", "both spin-coherent", "all, anisotropic"])
def test_long_time_means(name):
    found = charge(*SYSTEMS[name]).mean("populations")
    np.testing.assert_allclose(found, judge.mean_populations(*SYSTEMS[name]), atol=1e-11)


def test_a_start_at_one_level_of_either_side_is_no_superposition():
    """Definite levels and directions along z are evolved as what they are."""
    pairs = [
        (SpinCharger(2, 3), spin_coherent(0), dicke(0, 3)),
        (SpinCharger(2, 3), spin_coherent(math.pi, excited_cells=Bloch(0)), dicke(2, 0)),
        (SpinCharger(2, 3), superposition([0, 0, 2j], excited_cells=[0, 1]), dicke(1, 2)),
        (CavityCharger(2), superposition(3, excited_cells=1), fock(3, excited_cells=1)),
        (CavityCharger(2), coherent(0), fock(0)),
    ]
    for model, start, same in pairs:
        one, other = charge(model, start), charge(model, same)
        assert np.array_equal(one.energy(TIMES), other.energy(TIMES))
        assert np.array_equal(one.ergotropy(TIMES), other.ergotropy(TIMES))
        assert one.battery_state(0.3)[0].state.ndim == 1


def test_the_photon_cutoff_follows_a_coherent_state_as_one_vector_of_each_parity():
    model, start = SYSTEMS["coherent, counter-rotating"]
    charging = charge(model, start, tolerance=1e-6)
    dynamics = charging._dynamics
    assert isinstance(dynamics, CutoffDynamics)
    charging.energy(2.0)
    (evolution,) = dynamics.parts(np.array([2.0]))
    assert len(evolution.propagators) == 2
    assert 0 <= charging.error(2.0) < 1e-5
    wanted = oracle.energy(model, start, [2.0])
    assert abs(charging.energy(2.0) - wanted[0]) <= charging.error(2.0) + 1e-13


@pytest.mark.parametrize("name", ["spin-coherent", "both spin-coherent", "all, anisotropic"])
def test_open_batteries_begin_with_the_same_coherences(name):
    """Next to no noise changes nothing: not the state, nor what depends on its phases."""
    model, initial = SYSTEMS[name]
    closed, still = charge(model, initial), charge(model, initial, noise=[loss("cells", 1e-13)])
    for quantity in ("energy", "ergotropy", "entropy", "quantum_fisher_information"):
        found, wanted = (getattr(one, quantity)(TIMES[1:4]) for one in (still, closed))
        np.testing.assert_allclose(found, wanted, atol=1e-10)
    one, other = (battery.battery_state(1.7)[0].state for battery in (closed, still))
    np.testing.assert_allclose(one, other, atol=1e-11)


REFUSED = {
    "work_distribution": (SYSTEMS["both spin-coherent"], {}, "definite numbers of cells"),
    "concurrence": (SYSTEMS["spin-coherent"], {"between": "cell-charger"}, "be cells for a sup"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_by_name(name):
    system, options, message = REFUSED[name]
    with pytest.raises(InvalidArgument, match=message):
        getattr(charge(*system), name)(0.3, **options)


def test_what_else_is_refused_by_name():
    charging = charge(*SYSTEMS["coherent"])
    with pytest.raises(InvalidArgument, match="one level of either side for `speed_limits`"):
        charging.speed_limits()
    model, both = SpinCharger(2, 2), superposition([1, 1], excited_cells=[1, 1])
    for name in ("ergotropy", "entropy", "purity", "negativity"):
        with pytest.raises(InvalidArgument, match=f"be no superposition for a proven `{name}"):
            getattr(certified, name)(model, "1/3", 20, superposition([1, 1]))
    for system in ((model, both), (SpinCharger(2, 2, anisotropy="1/5"), superposition([1, 1]))):
        with pytest.raises(InvalidArgument, match="on one side only, with `anisotropy` 0"):
            certified.energy(system[0], "1/3", 20, system[1])
    with pytest.raises(InvalidArgument, match="must have finitely many photons"):
        certified.first_peak(CavityCharger(2), 20, coherent(1))


@pytest.mark.parametrize(
    ("model", "start"),
    [
        (CavityCharger(2), coherent(mean_photons=4)),
        (CavityCharger(2), coherent("1/2", excited_cells=1)),
        (SpinCharger(2, 3), spin_coherent("7/10", 1)),
        (SpinCharger(2, 3), superposition(1, excited_cells=["1/3", 1])),
    ],
    ids=str,
)
def test_proven_energies(model, start):
    proven = certified.energy(model, "1/3", 30, start)
    assert proven.radius < 1e-29
    assert float(proven.midpoint) == pytest.approx(charge(model, start).energy(1 / 3), abs=1e-14)
