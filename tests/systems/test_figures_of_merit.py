"""The brute force of the figures of merit, judged by states whose figures are known."""

import itertools
import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from scipy.optimize import minimize

from numerics import CavityCharger, SpinCharger, dicke, fock, mixture, product, thermal
from tests.systems import figures_of_merit, oracle
from tests.systems.figures_of_merit import SENSES, State, quantity, states
from tests.systems.spectra import irreps

PAIR = SpinCharger(2, 1, frequency=2)
GENERAL = SpinCharger(2, 2, 0.7, 1.3, 0.4, 0.9, 0.25, -0.15, 0.2, -0.3, 0.1)
MIXED = mixture([(0.3, thermal(cell_population=0.2, charger_population=0.7)), (0.7, dicke(1, 1))])
SYSTEMS = {
    "isotropic": (SpinCharger(2, 2), dicke(0, 1)),
    "general": (GENERAL, None),
    "mixed": (GENERAL, MIXED),
    "unequal": (SpinCharger(2, 1, anisotropy=0.3), product([0.2, 1], [0.6])),
    "three cells": (
        SpinCharger(3, 1, anisotropy=0.5), thermal(cell_population=0.2, charger_population=0.9)
    ),
    "cavity": (CavityCharger(2, 0.3, 1.2, charger_frequency=0.8), fock(2, excited_cells=1)),
}  # fmt: skip
NAMES = [
    "capacity", "coherence", "concurrence", "energy", "energy_kurtosis", "energy_skewness",
    "energy_variance", "entropy", "ergotropy", "extractable_fraction", "fano_factor",
    "fisher_information", "instantaneous_power", "locked_energy", "negativity", "passive_energy",
    "populations", "power", "power_variance", "purity", "quantum_fisher_information",
    "schmidt_number", "speed_limits", "speed_ratio", "switching_work", "work_distribution",
    "work_variance",
]  # fmt: skip
OPTIONS: list[tuple[str, dict[str, Any]]] = [
    *((name, {}) for name in NAMES),
    *(
        ("ergotropy", {"sense": sense, "cells": cells, "part": part})
        for sense, cells, part in itertools.product(SENSES, (None, 1), ("incoherent", "coherent"))
    ),
    ("work_characteristic", {"u": 1.5}),
    ("entropy", {"order": 2}),
    ("entropy", {"order": math.inf}),
]


def prepared(vector: Any, model: SpinCharger = PAIR) -> State:
    """Cells in a pure state, or in one of each column, with the charger down."""
    now = next(states(model, None, [0]))
    cells = np.reshape(vector, (2**model.cells, -1)).astype(complex)
    cells /= np.linalg.norm(cells)
    return replace(now, columns=np.kron(cells, oracle.dicke_vector(model.chargers, 0)[:, None]))


def close(found: Any, wanted: Any, error: float = 1e-14) -> bool:
    return bool(np.abs(np.asarray(found) - np.asarray(wanted)).max() < error)


def work(state: State, **options: Any) -> list[float]:
    return [state.ergotropy(sense, **options) for sense in SENSES]


# Figures in the order of SENSES, in units of ω₀ = 2.
KNOWN: dict[str, tuple[Any, dict[str, Any]]] = {
    "both up": (
        [1, 0, 0, 0],
        {"work": [2, 2, 2, 2], "incoherent": [2, 2, 2, 2], "one cell": [1, 1, 1, 1],
         "concurrence": 0, "quantum_fisher_information": 2, "capacity": 4, "work_variance": 0},
    ),
    "triplet": (
        [0, 1, 1, 0],
        {"work": [1, 1, 0, 1], "incoherent": [1, 1, 0, 1], "one cell": [0, 0, 0, 0],
         "fraction": [1, 1, 0, 1], "passive_energy": -2,
         "concurrence": 1, "quantum_fisher_information": 4, "capacity": 4, "work_variance": 0},
    ),
    "singlet": (
        [0, 1, -1, 0],
        {"work": [1, 0, 0, 1], "incoherent": [1, 0, 0, 1], "one cell": [0, 0, 0, 0],
         "concurrence": 1, "quantum_fisher_information": 0, "capacity": 4, "work_variance": 0},
    ),
    "both or none": (
        [1, 0, 0, 1],
        {"work": [1, 1, 0, 1], "incoherent": [0.5, 0.5, 0, 0.5], "one cell": [0, 0, 0, 0],
         "concurrence": 1, "quantum_fisher_information": 4, "capacity": 4, "work_variance": 4},
    ),
    "turned": (
        [1, 1, 1, 1],
        {"work": [1, 1, 1, 1], "incoherent": [0.5, 0.25, 0, 0.5], "one cell": [0.5] * 4,
         "concurrence": 0, "quantum_fisher_information": 0, "capacity": 4, "work_variance": 2},
    ),
    "one of two": (
        [0, 1, 0, 0],
        {"work": [1, 0.5, 1, 1], "incoherent": [1, 0.5, 1, 1], "concurrence": 0,
         "quantum_fisher_information": 2, "capacity": 4, "work_variance": 0},
    ),
    # Four fifths a singlet: a Werner state.
    "mostly singlet": (
        [[0, 1, 0, 0, 0], [4, 0, 1, 0, 0], [-4, 0, 0, 1, 0], [0, 0, 0, 0, 1]]
        @ np.diag([math.sqrt(0.5), 1, 1, 1, 1]),
        {"work": [0.8, 0, 0, 0.8], "incoherent": [0.8, 0, 0, 0.8], "one cell": [0] * 4,
         "concurrence": 0.7, "quantum_fisher_information": 0, "capacity": 3.2, "purity": 0.73},
    ),
    "any of four": (
        np.eye(4),
        {"work": [0, 0, 0, 0], "incoherent": [0, 0, 0, 0], "one cell": [0, 0, 0, 0],
         "concurrence": 0, "quantum_fisher_information": 0, "capacity": 0, "work_variance": 0,
         "purity": 0.25, "passive_energy": 0, "entropy": 2 * math.log(2)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_two_cells_in_known_states(name: str) -> None:
    vector, wanted = KNOWN[name]
    state = prepared(vector)
    parts = {
        "work": lambda: np.array(work(state)) / 2,
        "incoherent": lambda: np.array(work(state, part="incoherent")) / 2,
        "one cell": lambda: np.array(work(state, cells=1)) / 2,
        "fraction": lambda: [state.extractable_fraction(sense) for sense in SENSES],
    }
    for figure, value in wanted.items():
        assert close(parts.get(figure, getattr(state, figure, None))(), value), figure


def test_a_bell_state_of_cell_and_charger() -> None:
    state = next(states(SpinCharger(1, 1), None, [math.pi / 4]))
    assert close(work(state), [0, 0, 0, 0.5])
    assert close([state.entropy(order) for order in (0.5, 1, 2, math.inf)], math.log(2))
    assert close([state.charger_entropy(), state.negativity()], [math.log(2), 0.5])
    assert close([state.concurrence("cell-charger"), state.schmidt_number()], [1, 2])
    assert close([state.capacity(), state.purity(), state.coherence()], [0, 0.5, 0.5])


@pytest.mark.parametrize("chargers", [1, 3])
def test_one_cell_is_a_coin(chargers: int) -> None:
    """P(up) = sin²(√N gt), from which every figure follows."""
    rate = math.sqrt(chargers)
    for state in states(SpinCharger(1, chargers), None, [0.3, 0.7, math.pi / 2 / rate - 0.2]):
        p = math.sin(rate * state.time) ** 2
        q, slope = 1 - p, rate * math.sin(2 * rate * state.time)
        assert close([state.energy(), state.power()], [p, p / state.time])
        assert close(state.energy_variance(), p * q)
        assert close(state.energy_skewness(), (q - p) / math.sqrt(p * q), 1e-13)
        assert close(state.energy_kurtosis(), (1 - 6 * p * q) / (p * q), 1e-13)
        assert close(state.fano_factor(), q)
        assert close(state.work_distribution(), [0, q, p])
        assert close(state.work_characteristic(0.7), q + p * np.exp(0.7j))
        assert close(state.instantaneous_power(), slope)
        assert close(state.power_variance(), chargers - slope**2)
        assert close(state.fisher_information(), 4 * chargers, 1e-13)
        assert close(state.speed_ratio(), 1, 1e-13)
        # The start is half in each of the energies ±√N g: both limits are reached.
        limit = state.time, 4 * rate * state.time**2 / (2 * math.pi)
        assert close(state.speed_limits(), limit)
        assert close(state.negativity(), math.sqrt(p * q))
        assert close(state.entropy(), -p * math.log(p) - q * math.log(q))
        assert close(state.entropy(3), -math.log(p**3 + q**3) / 2)
        assert close(state.entropy(math.inf), -math.log(max(p, q)))
        assert close(work(state), [*[max(0, 2 * p - 1)] * 3, p])
    start = next(states(SpinCharger(1, chargers), None, [0]))
    assert close([start.fisher_information(), start.fano_factor()], [4 * chargers, 1], 1e-13)


@pytest.mark.parametrize(("cells", "chargers"), [(2, 2), (3, 2), (2, 4)])
def test_concurrence_by_populations(cells: int, chargers: int) -> None:
    """At γ = 0 two spins have one coherence, that of exchanging a quantum."""
    k, found = np.arange(cells + 1), []
    model, times = SpinCharger(cells, chargers), [0.1, 0.3, 0.6]
    for state in (*states(model, None, times), *states(model, dicke(1, chargers - 1), times)):
        p, pairs = state.populations(), cells * chargers
        up, down = p @ (k * (chargers - k)) / pairs, p @ ((cells - k) * k) / pairs
        across = 2 * max(0, state.coherence() / pairs - math.sqrt(up * down))
        pairs = cells * (cells - 1)
        both, none = p @ (k * (k - 1)) / pairs, p @ ((cells - k) * (cells - k - 1)) / pairs
        within = max(0, 1 - both - none - 2 * math.sqrt(both * none))
        assert close([state.concurrence("cell-charger"), state.concurrence()], [across, within])
        found.append((across, within))
    assert np.max(found, axis=0).min() > 0.05


@pytest.mark.parametrize("population", [0.2, 0.5, 0.7])
def test_independent_cells(population: float) -> None:
    """Passive below half filling; above it all cells are turned over."""
    cells, more = 3, max(0, 2 * population - 1)
    state = next(states(SpinCharger(cells, 1), product([population] * cells, [1]), [0]))
    assert close(work(state), cells * more)
    assert close(work(state, cells=2), 2 * more)
    assert close(work(state, part="coherent"), 0)
    assert close(state.capacity(), cells * abs(2 * population - 1))
    noise = 4 * cells * population * (1 - population)
    assert close(state.work_variance(), noise if more else 0)
    assert close(state.negativity(), 0)
    rare = min(population, 1 - population)
    assert close([state.locked_energy(), state.locked_energy(cells=2)], [cells * rare, 2 * rare])


def test_irreps_are_a_basis_of_definite_spin() -> None:
    for spins in (1, 2, 3, 4):
        x, y, z = (oracle.total(p, range(spins), spins) / 2 for p in (oracle.X, oracle.Y, oracle.Z))
        square, whole = x @ x + y @ y + z @ z, []
        for lowest, basis in irreps((2,) * spins, 0):
            j = spins / 2 - lowest
            assert len(basis) == 2 * j + 1
            for m, copies in zip(np.arange(-j, j + 1), basis, strict=True):
                assert close(copies @ square, j * (j + 1) * copies)
                assert close(copies @ z, m * copies)
            for below, above in itertools.pairwise(basis):
                raised = below @ (x + 1j * y).T
                size = np.linalg.norm(raised, axis=1)[:, None]
                assert close(raised, size * above)
            whole.append(basis.reshape(-1, 2**spins))
        whole = np.concatenate(whole)
        assert close(whole @ whole.T, np.eye(2**spins))


def test_no_product_of_rotations_takes_more_than_the_local_ergotropy() -> None:
    rng = np.random.default_rng(5)
    vector = rng.normal(size=(4, 2)) + 1j * rng.normal(size=(4, 2))
    state = prepared(vector)
    rho, up = state.reduced_state(), np.array([2, 1, 1, 0])

    def rotation(theta: float, phi: float) -> np.ndarray:
        sine, cosine = math.sin(theta), math.cos(theta)
        return np.array([[cosine, -sine * np.exp(-1j * phi)], [sine * np.exp(1j * phi), cosine]])

    def left(angles: np.ndarray) -> float:
        u = np.kron(rotation(*angles[:2]), rotation(*angles[2:]))
        return float(2 * up @ (u @ rho @ u.conj().T).diagonal().real)

    best = min(minimize(left, rng.uniform(0, 3, 4), tol=1e-12).fun for _ in range(4))
    assert close(state.locked_energy("local"), best, 1e-9)
    assert state.locked_energy() < best - 1e-2


def test_no_unitary_takes_more_than_the_ergotropy_and_the_sorting_one_does() -> None:
    rng = np.random.default_rng(6)
    state = next(states(GENERAL, MIXED, [0.8]))
    rho, up = state.reduced_state(), np.array([2, 1, 1, 0])
    _, vectors = np.linalg.eigh(rho)
    sorting = vectors.conj().T  # the rarest to the highest level
    left = 1.3 * up @ (sorting @ rho @ sorting.conj().T).diagonal().real
    assert close(state.locked_energy(), left)
    for _ in range(200):
        u, _ = np.linalg.qr(rng.normal(size=(4, 4)) + 1j * rng.normal(size=(4, 4)))
        assert 1.3 * up @ (u @ rho @ u.conj().T).diagonal().real > left
    # H_B − U†H_B U of that unitary.
    h = 1.3 * np.diag(up)
    extracted = h - sorting.conj().T @ h @ sorting
    mean = np.trace(rho @ extracted).real
    assert close(state.ergotropy(), mean)
    assert close(state.work_variance(), np.trace(rho @ extracted @ extracted).real - mean**2)


@pytest.mark.parametrize("name", SYSTEMS)
def test_rates_are_derivatives(name: str) -> None:
    model, initial = SYSTEMS[name]
    step = 1e-4
    before, now, after = states(model, initial, [0.6 - step, 0.6, 0.6 + step])
    slope = (after.energy() - before.energy()) / (2 * step)
    assert close(now.instantaneous_power(), slope, 1e-6)
    rate = (after.populations() - before.populations()) / (2 * step)
    assert close(now.fisher_information(), (rate**2 / now.populations()).sum(), 1e-6)


@pytest.mark.parametrize("name", SYSTEMS)
def test_energy_and_populations_are_those_of_the_oracle(name: str) -> None:
    model, initial = SYSTEMS[name]
    times = [0.0, 0.6, 3.1]
    assert close(quantity("energy", model, initial, times), oracle.energy(model, initial, times))
    found = quantity("populations", model, initial, times)
    assert close(found, oracle.populations(model, initial, times))
    work = np.arange(-model.cells, model.cells + 1)
    moments = quantity("work_distribution", model, initial, times) @ work
    gained = quantity("energy", model, initial, times) / float(model.frequency or 1)
    assert close(moments, gained)


@pytest.mark.parametrize(
    "model",
    [SpinCharger(2, 2, charger_frequency=0.4), CavityCharger(2, charger_frequency=0.4)],
    ids=str,
)
def test_switching_work_is_that_of_the_detuning(model: Any) -> None:
    """At γ = 0 the charger loses what the cells gain, in its own quanta."""
    for state in states(model, None, [0.0, 0.6, 3.1]):
        assert close(state.switching_work(), (1 - 0.4) * state.energy())


@pytest.mark.parametrize("name", SYSTEMS)
def test_blocks_of_the_battery_make_its_spectrum(name: str) -> None:
    """Each block, over the number of its copies, so many times; where the cells are alike."""
    model, initial = SYSTEMS[name]
    for state in states(model, initial, [0.0, 0.6]):
        blocks = state.battery_state()
        assert close(sum(np.trace(block) for _, _, block in blocks), 1)
        found = np.concatenate(
            [np.repeat(np.linalg.eigvalsh(block) / copies, copies) for _, copies, block in blocks]
        )
        same = close(np.sort(found), np.linalg.eigvalsh(state.reduced_state()))
        assert same == (name != "unequal")


@pytest.mark.parametrize("gamma", [0, 0.3])
@pytest.mark.parametrize("initial", [None, MIXED, product([0.3] * 3, [0.9, 0])], ids=str)
def test_ergotropies_are_in_order(gamma: float, initial: Any) -> None:
    model = SpinCharger(3, 2, anisotropy=gamma)
    for state in states(model, initial, [0.0, 0.4, 1.7]):
        for cells, part in itertools.product((None, 1, 2), (None, "incoherent")):
            senses = {sense: state.ergotropy(sense, cells, part) for sense in SENSES}
            order = [senses[sense] for sense in ("local", "symmetric", "full", "daemonic")]
            ascending = [0, *order, state.total_energy(cells)]
            assert all(b - a > -1e-14 for a, b in itertools.pairwise(ascending))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_long_time_means(size: int) -> None:
    half = figures_of_merit.mean_populations(SpinCharger(size, size), None)
    assert close(half @ np.arange(size + 1), size / 2)
    alike = figures_of_merit.mean_populations(SpinCharger(2, 2), None)
    assert close(alike, [3 / 8, 1 / 4, 3 / 8])  # of cos⁴, 2 sin² cos², sin⁴
    two = figures_of_merit.mean_populations(SpinCharger(2, size), None)
    assert close(two @ np.arange(3), size * (15 * size - 14) / (2 * (3 * size - 2) ** 2))


@pytest.mark.parametrize("name", SYSTEMS)
def test_doubles_and_many_digits_agree(name: str) -> None:
    model, initial = SYSTEMS[name]
    few = next(states(model, initial, [0.5]))
    with mpmath.workdps(50):
        many = next(states(model, initial, [0.5], precise=True))
        for figure, options in OPTIONS:
            values = (getattr(state, figure)(**options) for state in (few, many))
            a, b = (np.asarray(value).astype(complex) for value in values)
            assert close(a, b, 1e-12), figure


def test_digits_asked_for_are_digits_given() -> None:
    model, initial = SpinCharger(2, 1, anisotropy=Fraction(3, 10)), dicke(1, 1)
    for figure, options in OPTIONS:
        few, many = (
            quantity(figure, model, initial, [Fraction(1, 3)], digits, **options)
            for digits in (30, 45)
        )
        assert all(
            mpmath.almosteq(a, b, abs_eps=1e-30) for a, b in zip(few.flat, many.flat, strict=True)
        )


@pytest.mark.parametrize("digits", [20, 90])
def test_one_quantum_of_a_dicke_state_is_taken_to_all_digits(digits: int) -> None:
    (found,) = quantity("ergotropy", SpinCharger(3, 1), dicke(1, 0), [0], digits, sense="symmetric")
    with mpmath.workdps(digits):
        assert abs(found - 1) < mpmath.mpf(10) ** -digits
