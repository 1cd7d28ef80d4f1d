"""Chains at γ = 0: every propagator against expm, against each other, and what bounds them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from numerics import SpinCharger, charge
from numerics.dynamics import chain_evolution, chain_svd
from numerics.dynamics.chain_chebyshev import ChiralRecurrence, DetunedRecurrence
from numerics.dynamics.chain_evolution import ChainDynamics
from numerics.dynamics.checkpoints import CheckpointPropagator
from numerics.dynamics.eigenvectors import ChiralPropagator, DetunedPropagator
from numerics.model.states import thermal
from numerics.sectors.chains import Chains
from numerics.sectors.operator import symmetric
from tests.systems.dense import derivatives
from tests.systems.rows import CHAINS, LARGE
from tests.systems.ways import chains_of, force

TIMES = np.concatenate([[0.0, 1e-7], np.linspace(-3.0, 9.0, 37)])


NAMES = (
    "mirror, odd length", "mirror, even length", "mirror, mixed", "from the middle", "product",
    "thermal, detuned", "excited cells in a cavity", "detuned, crosstalk", "cell crosstalk",
    "thermal cavity, detuned", "long", "long, from the middle",
)  # fmt: skip
PROBLEMS = {name: (CHAINS | LARGE)[name] for name in NAMES}


def dense(stack, sector):
    hops = stack.hops[sector]
    return np.diag(stack.diagonal[sector]) + np.diag(hops, 1) + np.diag(hops, -1)


def exact(stack, times):
    """E and its first two derivatives, sector by sector."""
    levels, found = np.arange(stack.length), np.zeros((3, len(times)))
    for sector in np.unique(stack.sectors):
        mine = stack.sectors == sector
        found += derivatives(
            dense(stack, sector), levels, stack.sites[mine], stack.weights[mine], times
        )
    return found


def propagators(stack):
    """Every propagator that can do it."""
    every = [DetunedPropagator(stack), CheckpointPropagator(DetunedRecurrence.of([stack]))]
    if stack.chiral:
        every += [ChiralPropagator(stack), CheckpointPropagator(ChiralRecurrence.of([stack]))]
    return every


@pytest.fixture(params=PROBLEMS)
def problem(request):
    return chains_of(*PROBLEMS[request.param])


def test_propagators_are_the_exponential(problem):
    times = TIMES[::6]
    for stack in problem:
        wanted, scale = exact(stack, times), float(np.max(stack.radii))
        for propagator in propagators(stack):
            found = propagator.moments(times)
            for power, (a, b) in enumerate(zip(found[:3], wanted, strict=True)):
                np.testing.assert_allclose(a, b, atol=2e-13 * max(1, scale) ** power)
            np.testing.assert_allclose(propagator.excitation(times), found[0], atol=1e-14)
            norms = propagator.populations(40 * TIMES, stack.rows.max() + 1).sum(axis=0)
            np.testing.assert_allclose(norms / stack.weights.sum(), 1, rtol=3e-13)


def test_small_times_are_relatively_exact(problem):
    """E = E''(0) t²/2 to the last digits, where that does not vanish."""
    times = np.array([1e-9, 3e-8])
    for stack in problem:
        curvature = 2 * (stack.weights @ stack.force[stack.sectors, stack.sites])
        for propagator in propagators(stack) if abs(curvature) > 1e-9 else ():
            found, wanted = propagator.excitation(times), curvature * times**2 / 2
            np.testing.assert_allclose(found, wanted, rtol=3e-12, atol=0)


@pytest.fixture(params=["as chosen", "recurrences"])
def dynamics(request, problem, monkeypatch):
    force(request.param, monkeypatch)
    return ChainDynamics(problem)


def test_the_bounds_hold(dynamics):
    times = np.linspace(0, 30, 3001)
    m = dynamics.moments(times)
    assert np.max(m.excitation) <= dynamics.bounds.gain + 1e-12
    assert np.max(np.abs(m.curvature)) <= dynamics.bounds.second * (1 + 1e-12)
    third = np.abs(np.diff(m.curvature)) / (times[1] - times[0])
    assert np.max(third) <= dynamics.bounds.third * (1 + 1e-9)
    # Between two samples E goes no further than its steepest slope lets it.
    room = np.max(np.abs(m.slope)) * (times[1] - times[0])
    low, high = (f(m.excitation[1:], m.excitation[:-1]) for f in (np.minimum, np.maximum))
    local = dynamics.max_third_derivative_between(low - room, high + room)
    assert np.all(third <= local * (1 + 1e-9) + 1e-9)


def test_the_banded_commutators_are_the_commutators(problem):
    for stack in problem:
        levels = np.arange(float(stack.length))
        for start in range(len(stack.weights)):
            one = stack.part(slice(start, start + 1))
            matrix = sparse.csr_array(dense(one, 0))
            whole = symmetric(matrix, levels, np.zeros(stack.length, dtype=int))
            wanted = np.array([whole.max_second_derivative, whole.max_third_derivatives[0].max()])
            wanted *= one.weights[0]
            np.testing.assert_allclose(one.rates(), wanted, rtol=1e-12, atol=1e-14)


@given(st.integers(1, 9), st.integers(0, 2**32 - 1))
def test_any_jacobi_matrix_will_do(half, seed):
    """Hops of any size and sign, some of them tiny."""
    rng = np.random.default_rng(seed)
    length = 2 * half + int(rng.integers(0, 2))
    hops = rng.normal(size=(2, length - 1)) * 10.0 ** rng.integers(-6, 1, (2, length - 1))
    starts = np.array([0, 0, 1])
    sites = rng.integers(0, length, 3)
    zero, weights = np.zeros((2, length)), np.array([0.5, 0.3, 0.2])
    stack = Chains(zero, hops, starts, sites, weights)
    wanted = exact(stack, TIMES[::12])
    for propagator in propagators(stack):
        found = propagator.moments(TIMES[::12])
        for a, b in zip(found[:3], wanted, strict=True):
            np.testing.assert_allclose(a, b, atol=1e-11)


@pytest.mark.parametrize(
    "name", ["mirror, mixed", "thermal charger", "thermal, detuned", "product"]
)
def test_eigenvectors_found_anew_are_the_same(name, monkeypatch):
    """In portions of few sectors, for more starts than could be stored."""
    model, state = CHAINS[name]
    times = np.linspace(0, 7, 12)
    stored = charge(model, state)
    monkeypatch.setattr(chain_evolution, "_STORED", 0)
    monkeypatch.setattr(chain_evolution, "_LARGEST_OF_MANY", 0)
    monkeypatch.setattr(chain_evolution, "_PORTION", 30)
    monkeypatch.setattr(chain_svd, "_WORTH", 0)
    renewed = charge(model, state)
    assert not isinstance(renewed._dynamics.parts(times), list)
    for quantity in ("energy", "power", "populations", "energy_variance", "error"):
        one, other = (getattr(battery, quantity)(times) for battery in (stored, renewed))
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-14 * model.cells)
    for a, b in zip(
        *(battery._dynamics.moments(times) for battery in (stored, renewed)), strict=True
    ):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-12 * model.cells**2)
    assert renewed.max_power().value == pytest.approx(stored.max_power().value, rel=1e-13)


@pytest.mark.parametrize(("cells", "chargers"), [(40, 40), (32, 37)])
def test_many_starts_in_short_chains(cells, chargers):
    """Against sums over the irreps by another way of evolving each."""
    state = thermal(cell_population=0.3, charger_population=0.6)
    battery = charge(SpinCharger(cells, chargers), state)
    assert battery._dynamics._many
    times = np.array([0.02, 0.1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chain_evolution, "_SHORT", 0)
        force("recurrences", patch)
        other = charge(SpinCharger(cells, chargers), state)
        wanted = other.energy(times)
        assert other._dynamics.by_recurrence
    np.testing.assert_allclose(battery.energy(times), wanted, rtol=0, atol=1e-13 * cells)
