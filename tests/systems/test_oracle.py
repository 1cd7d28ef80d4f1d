"""The brute-force oracle judged by itself, by closed forms and by the paper's Hamiltonians.

What else the paper prints is judged, by the oracle too, in `tests.symbattery.paper.judges`.
"""

import itertools
import math
from dataclasses import replace
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from numerics.model.models import CavityCharger, Model, SpinCharger
from numerics.model.states import InitialState, dicke, fock, mixture, product, thermal
from tests.systems import oracle
from tests.systems.closed_forms import CLOSED_FORMS

TIMES = np.array([0.0, 0.07, 0.9, 2.3, 11.0])
GAMMAS = (0, 0.2, 0.6, 1)
GENERAL = SpinCharger(
    cells=2,
    chargers=3,
    coupling=0.7,
    frequency=1.3,
    anisotropy=0.4,
    charger_frequency=0.9,
    charger_crosstalk=0.25,
    cell_crosstalk=-0.15,
)
STATES = (
    dicke(1, 2),
    product([0.1, 1], [0, 0.6, 1]),
    thermal(cell_population=0.2, charger_inverse_temperature=-1.5),
    mixture([(0.3, dicke(2, 0)), (0.7, product([0, 1], [1, 1, 0]))]),
)


def ladder(operators: str, sites: range, spins: int) -> np.ndarray:
    """Σ σ±, from σ± = (σx ± iσy)/2 as below Eq. (1)."""
    sign = {"+": 1j, "-": -1j}[operators]
    one = (oracle.PAULI_X + sign * oracle.PAULI_Y) / 2
    return sum(oracle.site(one, i, spins) for i in sites)


def differ(a: np.ndarray, b: np.ndarray) -> float:
    """Return the largest deviation."""
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())


# ---------------------------------------------------------------------------------------------
# The oracle by itself


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
    assert np.array_equal(oracle.PAULI_Z @ oracle.UP, oracle.UP)
    assert np.array_equal(ladder("+", range(1), 1) @ oracle.DOWN, oracle.UP)
    commutator = oracle.PAULI_X @ oracle.PAULI_Y - oracle.PAULI_Y @ oracle.PAULI_X
    assert np.array_equal(commutator, 2j * oracle.PAULI_Z)


@pytest.mark.parametrize("initial", [None, *STATES], ids=str)
def test_density_matrix(initial: object) -> None:
    rho = oracle.density_matrix(GENERAL, initial)
    assert np.trace(rho) == pytest.approx(1, abs=1e-15)
    assert differ(rho, rho.T) == 0
    assert np.linalg.eigvalsh(rho).min() > -1e-15


def test_thermal_state_is_the_exponential_of_the_bare_hamiltonian() -> None:
    beta_b, beta_c = 0.7, -1.1
    rho = oracle.density_matrix(
        GENERAL, thermal(cell_inverse_temperature=beta_b, charger_inverse_temperature=beta_c)
    )
    spins = range(2), range(2, 5)
    h_b, h_c = (
        omega / 2 * sum(oracle.site(oracle.PAULI_Z, i, 5) for i in where)
        for omega, where in zip((1.3, 0.9), spins, strict=True)
    )
    boltzmann = np.exp(-(beta_b * h_b + beta_c * h_c).diagonal().real)
    assert differ(rho, np.diag(boltzmann / boltzmann.sum())) < 1e-16


def test_thermal_state_by_population_and_by_temperature_agree() -> None:
    beta = 0.8
    by_temperature = thermal(cell_inverse_temperature=beta, charger_inverse_temperature=-beta)
    by_population = thermal(
        cell_population=1 / (1 + math.exp(beta * 1.3)),
        charger_population=1 / (1 + math.exp(-beta * 0.9)),
    )
    rho = oracle.density_matrix(GENERAL, by_temperature)
    assert differ(rho, oracle.density_matrix(GENERAL, by_population)) < 1e-16


def test_dicke_state_is_symmetric_and_has_its_excitations() -> None:
    for spins, up in [(1, 0), (3, 1), (4, 2), (4, 4)]:
        vector = oracle.dicke_vector(spins, up)
        assert vector @ vector == math.comb(spins, up)
        total = sum(oracle.site(oracle.PAULI_Z, i, spins) for i in range(spins))
        assert np.array_equal(total @ vector, (2 * up - spins) * vector)
        tensor = vector.reshape((2,) * spins)
        for order in itertools.permutations(range(spins)):
            assert np.array_equal(tensor.transpose(order), tensor)


@pytest.mark.parametrize("initial", [None, *STATES], ids=str)
def test_doubles_and_many_digits_agree(initial: InitialState | None) -> None:
    assert abs(oracle.energy(GENERAL, initial, 0.0)) < 1e-14
    assert abs(oracle.energy(GENERAL, initial, 1.0)) > 1e-3  # so that zero means something
    assert oracle.precise_energy(GENERAL, initial, 0) == 0
    exact = [float(oracle.precise_energy(GENERAL, initial, t, digits=20)) for t in TIMES]
    assert differ(oracle.energy(GENERAL, initial, TIMES), exact) < 1e-13


@pytest.mark.parametrize("initial", [None, *STATES], ids=str)
def test_populations_are_probabilities_and_give_the_energy(initial: InitialState | None) -> None:
    p = oracle.populations(GENERAL, initial, TIMES)
    assert p.shape == (len(TIMES), 3)
    assert p.min() > -1e-15
    assert differ(p.sum(axis=1), 1) < 1e-14
    gained = 1.3 * (p - p[0]) @ np.arange(3)
    assert differ(gained, oracle.energy(GENERAL, initial, TIMES)) < 1e-14


def test_populations_of_two_spins() -> None:
    """cos²(gt) and sin²(gt)."""
    p = oracle.populations(SpinCharger(1, 1, 0.7), None, TIMES)
    assert differ(p, np.array([np.cos(0.7 * TIMES) ** 2, np.sin(0.7 * TIMES) ** 2]).T) < 1e-14


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
    flipped = replace(GENERAL, charger_crosstalk=-0.25, cell_crosstalk=0.15)
    for k, c in itertools.product(range(3), range(4)):
        there = oracle.energy(GENERAL, dicke(k, c), TIMES)
        back = oracle.energy(flipped, dicke(2 - k, 3 - c), TIMES)
        assert differ(there, -back) < 1e-13


def test_what_the_cells_gain_the_charger_loses() -> None:
    """At γ = 0 and resonance; cells and charger change places."""
    here = SpinCharger(2, 3, 0.7, charger_crosstalk=0.2, cell_crosstalk=-0.1)
    there = SpinCharger(3, 2, 0.7, charger_crosstalk=-0.1, cell_crosstalk=0.2)
    gained = oracle.energy(here, product([0, 0.4], [1, 0.9, 0]), TIMES)
    lost = oracle.energy(there, product([1, 0.9, 0], [0, 0.4]), TIMES)
    assert differ(gained, 0) > 0.1
    assert differ(gained, -lost) < 1e-14


def test_equal_mixture_of_one_flipped_cell() -> None:
    """The order of the cells does not matter, and a product state is not a Dicke state."""
    model = SpinCharger(2, 2)
    one = oracle.energy(model, product([1, 0], [1, 1]), TIMES)
    other = oracle.energy(model, product([0, 1], [1, 1]), TIMES)
    assert differ(one, other) < 1e-14
    assert differ(one, oracle.energy(model, dicke(1, 2), TIMES)) > 0.1


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
    for model in (
        CavityCharger(2, 0.3, 1, anisotropy, 1.2, 0.1),
        CavityCharger(1, 0.5, 1, anisotropy),
    ):
        states = (
            None,
            fock(3, excited_cells=1),
            thermal(cell_population=0.2, charger_inverse_temperature=2),
        )
        for initial in states:
            enough = oracle.energy(model, initial, TIMES)
            more = oracle.energy(model, initial, TIMES, climb=2 * oracle.CLIMB)
            assert differ(enough, more) < 2e-13
    # …and it is not that the cutoff were ignored.
    model = CavityCharger(1, 0.5, 1, anisotropy)
    cut = differ(oracle.energy(model, None, TIMES), oracle.energy(model, None, TIMES, climb=0))
    assert cut > 1e-3 if anisotropy else cut == 0


# ---------------------------------------------------------------------------------------------
# The paper's formulas


@pytest.mark.parametrize("anisotropy", GAMMAS)
@pytest.mark.parametrize(("cells", "chargers"), [(1, 1), (2, 2), (1, 3), (3, 2)])
def test_eq_3_is_eq_1(cells: int, chargers: int, anisotropy: float) -> None:
    """And Eq. (13) is Eq. (1) at γ = 0."""
    n = cells + chargers
    full = oracle.hamiltonian(SpinCharger(cells, chargers, 0.7, 1.3, anisotropy))
    battery, charger = range(cells), range(cells, n)
    free = 1.3 / 2 * sum(oracle.site(oracle.PAULI_Z, i, n) for i in range(n))
    j_minus = ladder("-", charger, n)
    s_minus, s_plus = ladder("-", battery, n), ladder("+", battery, n)
    half = j_minus @ (anisotropy * s_minus + s_plus)
    assert differ(full, free + 0.7 * (half + half.conj().T)) < 1e-14


@pytest.mark.parametrize("chargers", [1, 2, 3, 4])
def test_eq_15_needs_n_times_the_identity(chargers: int) -> None:
    """Eq. (15) prints g₁(J₊J₋ + J₋J₊ − I); the terms l = j of N spins sum to N·I."""
    n, g_1 = chargers + 1, 0.3
    crosstalk = oracle.hamiltonian(
        SpinCharger(1, chargers, charger_crosstalk=g_1)
    ) - oracle.hamiltonian(SpinCharger(1, chargers))
    plus, minus = (ladder(sign, range(1, n), n) for sign in "+-")
    both = plus @ minus + minus @ plus
    assert differ(crosstalk, g_1 * (both - chargers * np.eye(2**n))) < 1e-14
    printed = differ(crosstalk, g_1 * (both - np.eye(2**n)))
    assert printed == pytest.approx(g_1 * (chargers - 1), abs=1e-14)


def test_cell_crosstalk_is_eq_14_for_the_cells() -> None:
    n, g_2 = 5, -0.4
    crosstalk = oracle.hamiltonian(SpinCharger(3, 2, cell_crosstalk=g_2)) - oracle.hamiltonian(
        SpinCharger(3, 2)
    )
    plus, minus = (ladder(sign, range(3), n) for sign in "+-")
    wanted = g_2 * (plus @ minus + minus @ plus - 3 * np.eye(2**n))
    assert differ(crosstalk, wanted) < 1e-14


# ---------------------------------------------------------------------------------------------
# The numbers the paper reads off its Figs. 6 and 7 (M = 2, N = 4), at the first peak. They pin
# down that Eq. (14) counts every pair twice and that Eqs. (20), (21) are product states.
