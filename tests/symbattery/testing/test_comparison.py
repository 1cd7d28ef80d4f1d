"""Simulations that are off in known ways: the message says how.

They are made of Pauli matrices, or of numbers, without the engines.
"""

import math
import re

import numpy as np
import pytest
import scipy

import numerics
from numerics import (
    CavityCharger,
    InvalidArgument,
    SpinCharger,
    coherent,
    dephasing,
    dicke,
    fock,
    loss,
    product,
    thermal,
)
from symbattery.testing import (
    HYPOTHESES,
    Candidate,
    Hypothesis,
    Simulation,
    System,
    assert_matches,
    comparison,
)
from tests.systems import open_systems, oracle

TIMES = np.linspace(0, 2, 9)
M, N = 2, 3
CELLS, CHARGERS, SPINS = range(M), range(M, M + N), M + N
UP = [oracle.site(oracle.RAISE @ oracle.LOWER, i, SPINS) for i in range(SPINS)]
STORED = sum(UP[:M])
S, J = (oracle.total(oracle.LOWER, side, SPINS) for side in (CELLS, CHARGERS))


def exchange(lower_cells=S, lower_chargers=J):
    return lower_cells.conj().T @ lower_chargers + lower_chargers.conj().T @ lower_cells


def paulis(matrices):
    """Σ over cells and charger spins of the products of some matrices."""
    return sum(oracle.total(m, CELLS, SPINS) @ oracle.total(m, CHARGERS, SPINS) for m in matrices)


def evolved(hamiltonian, start, times=TIMES):
    energies, modes = np.linalg.eigh(hamiltonian)
    phases = np.exp(-1j * np.multiply.outer(times, energies))
    return (phases * (modes.conj().T @ start)) @ modes.T


def means(operator, states):
    return np.real(np.einsum("ti,ij,tj->t", states.conj(), operator, states))


def stored(hamiltonian, start=None, times=TIMES, operator=STORED):
    states = evolved(hamiltonian, IDEAL if start is None else start, times)
    first = evolved(hamiltonian, IDEAL if start is None else start, np.zeros(1))
    return means(operator, states) - means(operator, first)


IDEAL = oracle.basis_vector((0,) * M + (1,) * N)
MODEL = SpinCharger(M, N)
BARE = sum(UP)
STATES = evolved(BARE + exchange(), IDEAL)
REDUCED = [
    np.einsum("ai,bi->ab", psi.reshape(2**M, -1), psi.reshape(2**M, -1).conj()) for psi in STATES
]
EIGENVALUES = np.linalg.eigvalsh(REDUCED)
LEVELS = np.sort([M - i.bit_count() for i in range(2**M)])
MEAN = means(STORED, STATES)
PAIRS = [(oracle.X, oracle.Y), (oracle.X / 2, oracle.Y / 2)]
CROSSTALK = sum(
    oracle.site(oracle.RAISE, i, SPINS) @ oracle.site(oracle.LOWER, j, SPINS)
    for i in CHARGERS for j in CHARGERS if i < j
)  # fmt: skip
CROSSTALK = CROSSTALK + CROSSTALK.conj().T
INSIDE = S.conj().T @ S + S @ S.conj().T
DETUNED = sum(UP[:M]) + 1.5 * sum(UP[M:])
COUNTER = S @ J + (S @ J).conj().T
ONE_UP = oracle.basis_vector((1, 0) + (1,) * N)
LATE = TIMES + 0.01
DRESSED = BARE + exchange() + 0.3 * INSIDE

# The list of times that begins at 0.01, as in a published code: M = N = 10, g = 1/N.
_K = np.arange(10)
CHAIN = np.diag((_K + 1) * (10 - _K) / 10, 1)
CHAIN = CHAIN + CHAIN.T
AT = np.arange(0.01, 5, 0.25)
SHIFTED = (np.abs(evolved(CHAIN, np.eye(11)[0], AT - AT[0])) ** 2) @ np.arange(11)
TEN = SpinCharger(10, 10, coupling="1/10")


def dephased(jump):
    """The energy of one cell and one charger spin whose cell is dephased by a jump."""
    model, rate = SpinCharger(1, 1), 0.3
    pair = open_systems.liouvillian(model, ())
    one = oracle.site(jump, 0, 2)
    number = one.conj().T @ one
    pair = pair.toarray() + rate * (
        np.kron(one, one.conj())
        - (np.kron(number, np.eye(4)) + np.kron(np.eye(4), number.T)) / 2
    )  # fmt: skip
    start = oracle.density_matrix(model).astype(complex).ravel()
    states = [(scipy.linalg.expm(pair * t) @ start).reshape(4, 4) for t in TIMES]
    up = np.kron(oracle.RAISE @ oracle.LOWER, np.eye(2))
    return np.real([np.trace(state @ up) for state in states])


def jaynes_cummings(shares):
    """One cell in a cavity, from probabilities of its photons."""
    n = np.arange(len(shares))
    return np.sin(np.multiply.outer(TIMES, np.sqrt(n))) ** 2 @ shares


POISSON = np.exp(-4) * np.array([4.0**n / math.factorial(n) for n in range(60)])

# Times, values, what is asserted, and words of the hypothesis.
WRONG = {
    "clock": ((AT, SHIFTED, TEN), {}, "another clock:", "the start is at t = 0.01"),
    "clock of a power": (
        (AT, SHIFTED / AT, TEN), {"quantity": "power"}, "another clock:", "while E is divided by t",
    ),
    "late": (
        (TIMES[1:], stored(BARE + exchange(), times=TIMES[:-1]), MODEL), {},
        "another clock:", "the start is at t = 0.25",
    ),
    "in cycles": (
        (TIMES, stored(BARE + exchange(), times=2 * np.pi * TIMES), MODEL), {},
        "another clock:", "2π",
    ),
    "active": (
        (TIMES, MEAN - EIGENVALUES @ LEVELS, MODEL), {"quantity": "ergotropy"},
        "another passive state:", "the active energy takes the place",
    ),
    "square": (
        (TIMES, MEAN - EIGENVALUES**2 @ LEVELS[::-1], MODEL), {"quantity": "ergotropy"},
        "another passive state:", "that of the eigenvalues of ρ²",
    ),
    "of the square": (
        (
            TIMES,
            [np.trace(rho @ rho @ np.diag([2, 1, 1, 0])).real - own**2 @ LEVELS[::-1]
             for rho, own in zip(REDUCED, EIGENVALUES, strict=True)],
            MODEL,
        ),
        {"quantity": "ergotropy"}, "another passive state:", "the ergotropy is that of ρ²",
    ),
    "Pauli matrices": (
        (TIMES, stored(BARE + paulis(PAIRS[0])), MODEL), {},
        "a factor in the coupling:", "the coupling is 2 g: σˣτˣ",
    ),
    "spin operators": (
        (TIMES, stored(BARE + paulis(PAIRS[1])), MODEL), {},
        "a factor in the coupling:", "the coupling is 0.5 g: SˣJˣ",
    ),
    "ladders of Pauli matrices": (
        (TIMES, stored(BARE + exchange(2 * S, 2 * J)), MODEL), {},
        "a factor in the coupling:", "the coupling is 4 g",
    ),
    "normalised": (
        (TIMES, stored(BARE + exchange() / np.sqrt(N)), MODEL), {},
        "a normalised coupling:", "g/√N",
    ),
    "not normalised": (
        (TIMES, stored(BARE + exchange()), SpinCharger(M, N, coupling=1 / (M * N))), {},
        "a normalised coupling:", "gMN",
    ),
    "pairs once": (
        (TIMES, stored(BARE + exchange() + 0.4 * CROSSTALK),
         SpinCharger(M, N, charger_crosstalk="0.4")), {},
        "other interactions:", "`charger_crosstalk` counts each pair of spins once",
    ),
    "resonant": (
        (TIMES, stored(BARE + exchange()), SpinCharger(M, N, charger_frequency="1.5")), {},
        "other frequencies:", "the charger is resonant",
    ),
    "frequencies twice": (
        (TIMES, stored(2 * BARE + exchange() + 0.3 * COUNTER),
         SpinCharger(M, N, anisotropy="0.3")), {},
        "other frequencies:", "H has ωΣσᶻ in place of ωΣσᶻ/2",
    ),
    "rotating wave": (
        (TIMES, stored(BARE + exchange()), SpinCharger(M, N, anisotropy="0.3")), {},
        "another anisotropy:", "the counter-rotating terms are left out",
    ),
    "dark": (
        (TIMES, stored(BARE + exchange(), ONE_UP), MODEL), {"start": dicke(1, N)},
        "another start:", "in part dark",
    ),
    "not dark": (
        (TIMES, stored(BARE + exchange(), (ONE_UP + ONE_UP.reshape(2, 2, -1)
                                           .swapaxes(0, 1).ravel()) / np.sqrt(2)), MODEL),
        {"start": product([1, 0], [1] * N)}, "another start:", "which has no dark part",
    ),
    "turned round": (
        (TIMES, stored(BARE + exchange(),
                       oracle.basis_vector((1, 1) + (0,) * N)), SpinCharger(M, N)),
        {"start": dicke(0, N)}, "another start:", "up and down exchanged",
    ),
    "populations": (
        (TIMES, 0.3 * np.sin(TIMES) ** 2, SpinCharger(1, 1)),
        {"start": thermal(cell_population=0, charger_population="0.7")},
        "another start:", "1 − p for `charger_population`",
    ),
    "coherent": (
        (TIMES, jaynes_cummings(POISSON), CavityCharger(1)), {"start": fock(4)},
        "another start:", "a coherent state of as many photons",
    ),
    "Fock": (
        (TIMES, jaynes_cummings(np.eye(5)[4]), CavityCharger(1)), {"start": coherent(2)},
        "another start:", "the Fock state of 4 photons",
    ),
    "dressed": (
        (TIMES, stored(DRESSED, operator=STORED + 0.3 * INSIDE),
         SpinCharger(M, N, cell_crosstalk="0.3")), {},
        "another energy:", "the energy is dressed",
    ),
    "with the coupling": (
        (TIMES, -stored(DETUNED + exchange(), operator=1.5 * sum(UP[M:])),
         SpinCharger(M, N, charger_frequency="1.5")), {},
        "another energy:", "what the charger has lost",
    ),
    "not from the start": (
        (TIMES, means(STORED, STATES) - M / 2, MODEL), {},
        "another zero of the energy:", "⟨H_B⟩ = ω₀⟨Σσᶻ⟩/2 itself",
    ),
    "twice the energy": (
        (TIMES, 2 * MEAN, MODEL), {}, "a factor in the values:", "ω₀Σσᶻ in place of ω₀Σσᶻ/2",
    ),
    "in units of the frequency": (
        (TIMES, stored(5 * BARE + exchange()), SpinCharger(M, N, frequency=5)), {},
        "a factor in the values:", "in units of ω₀",
    ),
    "of one cell": (
        (AT - AT[0], SHIFTED / 10, TEN), {}, "a factor in the values:", "those of one cell",
    ),
    "bits": (
        (TIMES, [-sum(x * np.log2(x) for x in row if x > 1e-15) for row in EIGENVALUES], MODEL),
        {"quantity": "entropy"}, "a factor in the values:", "in bits",
    ),
    "instantaneous": (
        (TIMES, means(1j * ((BARE + exchange()) @ STORED - STORED @ (BARE + exchange())), STATES),
         MODEL), {"quantity": "power"},
        "another quantity:", "`instantaneous_power`",
    ),
    "dephasing": (
        (TIMES, dephased(oracle.Z), SpinCharger(1, 1)), {"noise": [dephasing("cells", "0.3")]},
        "other noise:", "jumps σᶻ in place of σᶻ/2",
    ),
    "no noise": (
        (TIMES, stored(BARE + exchange()), MODEL), {"noise": [loss("cells", "0.2")]},
        "other noise:", "there is no noise",
    ),
    "some coupling": (
        (TIMES, stored(BARE + 1.1 * exchange()), MODEL), {"atol": 1e-7},
        "one number that is fitted:", "the coupling is 1.1 g",
    ),
    "some clock": (
        (TIMES + 0.5, stored(BARE + exchange(), times=TIMES + 0.617), MODEL), {"atol": 1e-7},
        "one number that is fitted:", "t +0.117",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_the_message_says_how_it_is_off(name):
    given, options, hypothesis, words = WRONG[name]
    with pytest.raises(AssertionError) as error:
        assert_matches(*given, **options)
    message = str(error.value)
    assert message.startswith("\nNot equal to tolerance rtol=0, atol=1e-0")
    assert "Max absolute difference" in message
    assert f"is {hypothesis}" in message
    assert words in message


CROWDED = exchange() + 0.4 * CROSSTALK
PAULI = "the coupling is 2 g: σˣτˣ"
AT_FIRST = "the start is at t = 0.01, the first of `times`"

# Times, values, what is asserted, and words of both hypotheses.
TWICE_WRONG = {
    "Pauli matrices, clock": (
        (LATE, stored(BARE + paulis(PAIRS[0])), MODEL), {},
        "a factor in the coupling and another clock", PAULI, AT_FIRST,
    ),
    "spin operators, clock": (
        (LATE, stored(BARE + paulis(PAIRS[1])), MODEL), {},
        "a factor in the coupling and another clock", "the coupling is 0.5 g", AT_FIRST,
    ),
    "normalised, in units of the coupling": (
        (TIMES, 4 * stored(BARE + np.sqrt(N) / 4 * exchange()),
         SpinCharger(M, N, coupling="1/4")), {},
        "a normalised coupling and a factor in the values", "g√N", "in units of g",
    ),
    "normalised, clock of a power": (
        (AT, np.abs(evolved(CHAIN * np.sqrt(10), np.eye(11)[0], AT - AT[0])) ** 2
         @ np.arange(11) / AT, TEN), {"quantity": "power"},
        "a normalised coupling and another clock", "g√M", "while E is divided by t",
    ),
    "times and energies in units": (
        (TIMES, 3 * MEAN, SpinCharger(M, N, coupling=7, frequency=21)), {},
        "another unit of time and a factor in the values", "those of gt", "in units of g",
    ),
    "not from the start, twice the energy": (
        (TIMES, 2 * (MEAN - M / 2), MODEL), {},
        "another zero of the energy and a factor in the values", "itself", "ω₀Σσᶻ in place",
    ),
    "active, clock": (
        (LATE, MEAN - EIGENVALUES @ LEVELS, MODEL), {"quantity": "ergotropy"},
        "another clock and another passive state", AT_FIRST, "the active energy",
    ),
    "square, clock": (
        (LATE, MEAN - EIGENVALUES**2 @ LEVELS[::-1], MODEL), {"quantity": "ergotropy"},
        "another clock and another passive state", AT_FIRST, "the eigenvalues of ρ²",
    ),
    "pairs once, clock": (
        (LATE, stored(BARE + CROWDED), SpinCharger(M, N, charger_crosstalk="0.4")), {},
        "other interactions and another clock", "counts each pair of spins once", AT_FIRST,
    ),
    "dark, Pauli matrices": (
        (TIMES, stored(BARE + 2 * exchange(), ONE_UP), MODEL), {"start": dicke(1, N)},
        "a factor in the coupling and another start", PAULI, "in part dark",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TWICE_WRONG)
def test_two_mistakes_at_once(name):
    given, options, hypotheses, first, second = TWICE_WRONG[name]
    with pytest.raises(AssertionError, match="No single hypothesis fits") as error:
        assert_matches(*given, **options)
    message = str(error.value)
    assert f" are {hypotheses}:\n" in message
    one, other = message.partition(f"{hypotheses}:\n")[2].splitlines()[:2]
    assert first in one
    assert one.endswith(", and")
    assert second in other


def test_each_pair_is_tried_once():
    asked = System(MODEL, dicke(0, N))
    simulation = Simulation(LATE, 0 * LATE, asked, asked, "energy", {})
    pairs = [frozenset({first, second}) for first, second, _ in comparison._combined(simulation)]
    assert len(set(pairs)) == len(pairs)
    assert all(len({name for name, _ in pair}) == 2 for pair in pairs)
    names = {name for pair in pairs for name, _ in pair}
    assert "one number that is fitted" not in names
    # Without other interactions and noise, and with the only passive state that an energy has.
    assert len(names) == len(HYPOTHESES) - 5


RIGHT = {
    "energy": ((TIMES, MEAN, MODEL), {}),
    "spins turned": ((TIMES, stored(BARE + exchange(), ONE_UP), MODEL),
                     {"start": product([1, 0], [1] * N)}),
    "scalar": ((0.5, numerics.charge(MODEL).energy(0.5), MODEL), {}),
    "complex": ((TIMES, MEAN + 1e-9j, MODEL), {}),
    "work": ((TIMES, MEAN - EIGENVALUES[:, ::-1] @ LEVELS, MODEL), {"quantity": "ergotropy"}),
    "options": ((TIMES, np.maximum(2 * MEAN - M, 0), MODEL),
                {"quantity": "ergotropy(sense=local)"}),
    "keywords": ((TIMES, np.maximum(2 * MEAN - M, 0), MODEL),
                 {"quantity": "ergotropy", "sense": "local"}),
    "undefined": (([0.0], [np.nan], MODEL), {"quantity": "energy_skewness"}),
    "rough": ((TIMES, MEAN + 0.01, MODEL), {"atol": 0.02}),
    "dephasing": ((TIMES, dephased(oracle.Z / 2), SpinCharger(1, 1)),
                  {"noise": [dephasing("cells", "0.3")]}),
    "clock": ((AT - AT[0], SHIFTED, TEN), {}),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_passes(name):
    given, options = RIGHT[name]
    assert assert_matches(*given, **options) is None


def test_populations_are_compared_too():
    p = np.real(np.array([[np.trace(rho @ np.diag(e)) for e in np.eye(4)] for rho in REDUCED]))
    p = np.stack([p[:, 3], p[:, 1] + p[:, 2], p[:, 0]], axis=1)
    assert_matches(TIMES, p, MODEL, quantity="populations")
    with pytest.raises(AssertionError, match="is another clock:"):
        assert_matches(LATE, p, MODEL, quantity="populations")


@pytest.mark.parametrize(
    ("made", "atol"), [(lambda r: MEAN + r.normal(0, 0.1, 9), 1e-6), (lambda r: r.random(9), 0.01)]
)
def test_no_hypothesis_fits_noise(made, atol):
    with pytest.raises(AssertionError, match=r"No hypothesis fits .* nor do two at once"):
        assert_matches(TIMES, made(np.random.default_rng(0)), SpinCharger(1, 1), atol=atol)


@pytest.mark.parametrize(
    ("constant", "value", "said"),
    [("_MOST_PAIRS", 7, r", nor do two at once \(7 pairs"), ("_SECONDS", 0, r"fitted\)\.$")],
)
def test_the_pairs_have_an_end(constant, value, said, monkeypatch):
    monkeypatch.setattr(comparison, constant, value)
    with pytest.raises(AssertionError) as error:
        assert_matches(*TWICE_WRONG["pairs once, clock"][0])
    (line,) = (line for line in str(error.value).splitlines() if line.startswith("No hypothesis"))
    assert re.search(said, line)


@pytest.mark.parametrize(("count", "atol"), [(9, 0.3), (2, 5e-3)])
def test_no_pair_is_named_that_may_fit_by_chance(count, atol):
    """A tolerance of a tenth, or two values: of so many pairs some would."""
    times, values, model = TWICE_WRONG["not from the start, twice the energy"][0]
    with pytest.raises(AssertionError, match=r"No hypothesis fits [^)]*\)\."):
        assert_matches(times[:count], values[:count], model, atol=atol)


def test_one_number_is_not_fitted_to_one_value():
    with pytest.raises(AssertionError, match="No hypothesis fits"):
        assert_matches(TIMES[:2], [0, 0.123], MODEL)


@pytest.mark.parametrize(("off", "hint"), [(1e-4, True), (1e-2, False)])
def test_a_loose_solver_is_thought_of(off, hint, monkeypatch):
    monkeypatch.setattr(comparison, "_MOST_PAIRS", 10)
    with pytest.raises(AssertionError) as caught:
        assert_matches(TIMES, MEAN + off * np.sin(37 * TIMES), MODEL)
    assert "No hypothesis fits" in str(caught.value)
    assert ("that of a solver's tolerance?" in str(caught.value)) == hint


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (stored(BARE + paulis(PAIRS[0])),
         f"but one nearly (to 3e-05): a factor in the coupling:\n  {PAULI}"),
        # The best number to fit is another one.
        (1 / M * MEAN, "but one nearly (to 3e-05): a factor in the values:\n  the values are half"),
        (means(STORED, evolved(BARE + 2 * exchange(), IDEAL)) - M / 2,
         "but two nearly (to 3e-05): a factor in the coupling and another zero of the energy:"),
    ],
)  # fmt: skip
def test_a_mistake_is_seen_behind_a_loose_solver(values, words, monkeypatch):
    monkeypatch.setattr(comparison, "_MOST_PAIRS", 500 if "two" in words else 10)
    with pytest.raises(AssertionError, match=r"No hypothesis fits, but .* nearly") as error:
        assert_matches(TIMES, values + 3e-5 * np.sin(37 * TIMES), MODEL)
    assert words in str(error.value)
    assert "Is what is left a solver's tolerance? (QuTiP's is strict" in str(error.value)


def test_what_does_not_change_at_all():
    with pytest.raises(AssertionError, match="nothing is coupled"):
        assert_matches(TIMES, 0 * MEAN, MODEL)


def test_a_row_adds_a_hypothesis(monkeypatch):
    row = Hypothesis(
        "a cube", lambda s: [Candidate("it is cubed", lambda: s.read(lambda _, e: e**3))]
    )
    monkeypatch.setattr("symbattery.testing.comparison.HYPOTHESES", [row, *HYPOTHESES])
    with pytest.raises(AssertionError, match=r"is a cube:\n  it is cubed"):
        assert_matches(TIMES, MEAN**3, MODEL)


BAD = {
    "quantity": ({"quantity": "voltage"}, "`quantity` must be one of energy"),
    "tolerance": ({"atol": 0}, "`atol` must be a positive finite number"),
    "option": ({"sense": "full"}, "`sense` must be an option of energy"),
    "no times": ({"times": [], "values": []}, "`times` must have at least one time"),
    "times": ({"times": [np.nan] * 9}, "`times` must be finite real numbers"),
    "shape": ({"values": MEAN[1:]}, r"`values` must have the shape \(9,\) at these times"),
    "text": ({"values": ["a"] * 9}, "`values` must be numbers"),
    "ragged": ({"values": [[1], [1, 2]]}, "`values` must be numbers in an array"),
    "mask": ({"values": np.ma.masked_less(MEAN, 1)}, "none of them masked"),
    "complex": ({"values": 1j * MEAN}, "`values` must be real"),
    "model": ({"model": 3}, "`model` must be a model"),
    "start": ({"start": fock(1)}, "`initial` must be a state of charger spins"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input(name):
    changed, message = BAD[name]
    with pytest.raises(InvalidArgument, match=re.sub(r"`(\w+)`", r"`\1`", message)):
        assert_matches(**{"times": TIMES, "values": MEAN, "model": MODEL, **changed})
