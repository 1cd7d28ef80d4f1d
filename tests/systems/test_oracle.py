"""The brute-force oracle judged by itself and by closed forms.

What the paper prints is judged, by the oracle too, in `tests.symbattery.paper.judges.operators`:
Eqs. (1), (3), (6), (13) to (15), and that a product state is not a Dicke state.
"""

import itertools
import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest

from numerics.model.models import CavityCharger, Model, SpinCharger
from numerics.model.problem import INTERACTIONS
from numerics.model.states import dicke, fock, mixture, product, thermal
from tests.systems import oracle
from tests.systems.closed_forms import CLOSED_FORMS

TIMES = np.array([0.0, 0.07, 0.9, 2.3, 11.0])
GAMMAS = (0, 0.2, 0.6, 1)
GENERAL = SpinCharger(2, 3, 0.7, 1.3, 0.4, 0.9, 0.25, -0.15, 0.2, -0.3, 0.1)
STATES = (
    dicke(1, 2),
    product([0.1, 1], [0, 0.6, 1]),
    thermal(cell_population=0.2, charger_inverse_temperature=-1.5),
    mixture([(0.3, dicke(2, 0)), (0.7, product([0, 1], [1, 1, 0]))]),
)


def differ(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())


every_state = pytest.mark.parametrize("initial", [None, *STATES], ids=str)


@pytest.mark.parametrize(
    ("model", "cutoff"),
    [
        *((replace(GENERAL, cells=m, chargers=n), 0) for m, n in ((1, 1), (2, 3), (3, 1))),
        *((CavityCharger(2, 0.7, 1.3, gamma, 0.9, 0.2), 4) for gamma in GAMMAS),
    ],
    ids=str,
)
def test_hamiltonian_is_hermitian_and_real(model: Model, cutoff: int) -> None:
    matrix = oracle.hamiltonian(model, cutoff)
    if cutoff == 0:
        assert matrix.shape == (2 ** (model.cells + model.chargers),) * 2
    assert differ(matrix, matrix.conj().T) == 0
    assert differ(matrix.imag, 0) == 0


def test_spin_convention() -> None:
    """|1⟩ is excited: σz|1⟩ = +|1⟩, and σ+ lifts |0⟩ to |1⟩."""
    assert np.array_equal(oracle.Z @ oracle.UP, oracle.UP)
    assert np.array_equal(oracle.RAISE @ oracle.DOWN, oracle.UP)
    assert np.array_equal(oracle.LOWER, oracle.RAISE.conj().T)
    assert np.array_equal(oracle.X @ oracle.Y - oracle.Y @ oracle.X, 2j * oracle.Z)


@every_state
def test_density_matrix(initial: Any) -> None:
    rho = oracle.density_matrix(GENERAL, initial)
    assert np.trace(rho) == pytest.approx(1, abs=1e-15)
    assert differ(rho, rho.T) == 0
    assert np.linalg.eigvalsh(rho).min() > -1e-15


def test_thermal_state_is_the_exponential_of_the_bare_hamiltonian() -> None:
    """By temperatures, and by the populations that these make."""
    betas, (omega_b, omega_c) = (0.7, -1.1), (1.3, 0.9)
    names = "cell_inverse_temperature", "charger_inverse_temperature"
    h_b = omega_b / 2 * oracle.total(oracle.Z, range(2), 5)
    h_c = omega_c / 2 * oracle.total(oracle.Z, range(2, 5), 5)
    boltzmann = np.exp(-(betas[0] * h_b + betas[1] * h_c).diagonal().real)
    rho = oracle.density_matrix(GENERAL, thermal(**dict(zip(names, betas, strict=True))))
    assert differ(rho, np.diag(boltzmann / boltzmann.sum())) < 1e-16
    by_population = thermal(
        cell_population=1 / (1 + math.exp(betas[0] * omega_b)),
        charger_population=1 / (1 + math.exp(betas[1] * omega_c)),
    )
    assert differ(rho, oracle.density_matrix(GENERAL, by_population)) < 1e-16


def test_dicke_state_is_symmetric_and_has_its_excitations() -> None:
    for spins, up in [(1, 0), (3, 1), (4, 2), (4, 4)]:
        vector = oracle.dicke_vector(spins, up)
        assert vector @ vector == math.comb(spins, up)
        total = oracle.total(oracle.Z, range(spins), spins)
        assert np.array_equal(total @ vector, (2 * up - spins) * vector)
        tensor = vector.reshape((2,) * spins)
        for order in itertools.permutations(range(spins)):
            assert np.array_equal(tensor.transpose(order), tensor)


@every_state
def test_doubles_and_many_digits_agree(initial: Any) -> None:
    assert abs(oracle.energy(GENERAL, initial, 0.0)) < 1e-14
    assert abs(oracle.energy(GENERAL, initial, 1.0)) > 1e-3  # so that zero means something
    assert oracle.precise_energy(GENERAL, initial, 0) == 0
    exact = [float(oracle.precise_energy(GENERAL, initial, t, digits=20)) for t in TIMES]
    assert differ(oracle.energy(GENERAL, initial, TIMES), exact) < 1e-13


@pytest.mark.parametrize(
    ("model", "initial"),
    [(SpinCharger(1, 1, 0.7, 1.3), None), *((GENERAL, i) for i in (None, *STATES))],
)
def test_populations_are_probabilities_and_give_the_energy(model: Model, initial: Any) -> None:
    p = oracle.populations(model, initial, TIMES)
    assert p.shape == (len(TIMES), model.cells + 1)
    assert p.min() > -1e-15
    assert differ(p.sum(axis=1), 1) < 1e-14
    gained = 1.3 * (p - p[0]) @ np.arange(model.cells + 1)
    assert differ(gained, oracle.energy(model, initial, TIMES)) < 1e-14


SMALL = [
    name
    for name, (model, _, _) in CLOSED_FORMS.items()
    if isinstance(model, CavityCharger) or model.cells + model.chargers <= 8
]


@pytest.mark.parametrize("name", SMALL)
def test_closed_forms(name: str) -> None:
    model, initial, energy = CLOSED_FORMS[name]
    wanted = [float(energy(mpmath.mpf(t))) for t in TIMES]
    bound = 1e-13 if model.cells == 2 else 1e-14
    assert differ(oracle.energy(model, initial, TIMES), wanted) < bound


def test_digits_of_two_spins() -> None:
    """E = 2ω₀ sin²(√2 gt) for M = N = 2, to 60 digits."""
    model = SpinCharger(2, 2, coupling=Fraction(1, 3), frequency=Fraction(7, 5))
    found = oracle.precise_energy(model, None, Fraction(41, 7), digits=60)
    with mpmath.workdps(80):
        wanted = mpmath.mpf(14) / 5 * mpmath.sin(mpmath.sqrt(2) * 41 / 21) ** 2
        assert abs(found - wanted) < mpmath.mpf(10) ** -60


def test_digits_asked_for_are_digits_given() -> None:
    for initial, at in [*((state, Fraction(37, 10)) for state in STATES), (None, 40)]:
        few, many = (oracle.precise_energy(GENERAL, initial, at, digits) for digits in (50, 90))
        with mpmath.workdps(90):
            assert abs(few - many) < mpmath.mpf(10) ** -50


def test_symmetries() -> None:
    """H is real; g → −g is a rotation of the charger; all spins flipped is ω → −ω."""
    for initial in STATES:
        there = oracle.energy(GENERAL, initial, TIMES)
        assert differ(there, oracle.energy(GENERAL, initial, -TIMES)) < 1e-14
        opposite = replace(GENERAL, coupling=-GENERAL.coupling)
        assert differ(there, oracle.energy(opposite, initial, TIMES)) < 1e-14
    flipped = replace(GENERAL, **{name: -getattr(GENERAL, name) for name in INTERACTIONS})
    for k, c in itertools.product(range(3), range(4)):
        there = oracle.energy(GENERAL, dicke(k, c), TIMES)
        back = oracle.energy(flipped, dicke(2 - k, 3 - c), TIMES)
        assert differ(there, -back) < 1e-13


def test_what_the_cells_gain_the_charger_loses() -> None:
    """At γ = 0 and resonance; cells and charger change places."""
    own = {"charger_crosstalk": 0.2, "charger_longitudinal": 0.3, "longitudinal": -0.25}
    here = SpinCharger(2, 3, 0.7, cell_crosstalk=-0.1, cell_longitudinal=0.1, **own)
    own = {"cell_crosstalk": 0.2, "cell_longitudinal": 0.3, "longitudinal": -0.25}
    there = SpinCharger(3, 2, 0.7, charger_crosstalk=-0.1, charger_longitudinal=0.1, **own)
    gained = oracle.energy(here, product([0, 0.4], [1, 0.9, 0]), TIMES)
    lost = oracle.energy(there, product([1, 0.9, 0], [0, 0.4]), TIMES)
    assert differ(gained, 0) > 0.1
    assert differ(gained, -lost) < 1e-14


def test_thermal_cavity_has_planck_photons() -> None:
    beta, omega_c = 1.1, 0.9
    model = CavityCharger(1, 0.7, 1.3, 0, omega_c)
    initial = thermal(charger_inverse_temperature=beta)
    vectors, cutoff = oracle.start(model, initial)
    number = np.tile(np.arange(cutoff + 1), 2)
    assert sum(w for w, _ in vectors) == pytest.approx(1, abs=1e-15)
    photons = sum(w * float(number @ v**2) for w, v in vectors)
    assert photons == pytest.approx(1 / math.expm1(beta * omega_c), abs=1e-14)
    exact = [float(oracle.precise_energy(model, initial, t, digits=20)) for t in TIMES[:3]]
    assert differ(oracle.energy(model, initial, TIMES[:3]), exact) < 1e-13


@pytest.mark.parametrize("anisotropy", [0, 0.2, 1])
def test_a_longer_photon_ladder_changes_nothing(anisotropy: float) -> None:
    warm = thermal(cell_population=0.2, charger_inverse_temperature=2)
    models = CavityCharger(2, 0.3, 1, anisotropy, 1.2, 0.1), CavityCharger(1, 0.5, 1, anisotropy)
    for model, initial in itertools.product(models, (None, fock(3, excited_cells=1), warm)):
        more = oracle.energy(model, initial, TIMES, climb=2 * oracle.CLIMB)
        assert differ(oracle.energy(model, initial, TIMES), more) < 2e-13
    # …and it is not that the cutoff were ignored.
    cut = differ(oracle.energy(model, None, TIMES), oracle.energy(model, None, TIMES, climb=0))
    assert cut > 1e-3 if anisotropy else cut == 0
