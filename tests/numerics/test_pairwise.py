"""numerics against brute force on all 2^(M+N) amplitudes, in doubles and to 50 digits.

Deviations are in units of M ω₀, the most there is to store. The oracle shares nothing with
numerics but the descriptions of models and states.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import numerics
from numerics.model.models import CavityCharger, Model, SpinCharger
from numerics.model.states import InitialState, dicke, fock, mixture, product, thermal
from tests import oracle

TOLERANCE = 1e-11
TIMES = np.array([0.0, 1e-3, 0.31, 1.7, 6.2, 23.0])
SIZES = [(m, total - m) for total in range(2, 9) for m in range(1, total)]
GAMMAS = (0, 0.2, 1)
VARIANTS: dict[str, dict[str, float]] = {
    "plain": {},
    "in other units": {"coupling": 0.37, "frequency": 2.3},
    "charger crosstalk": {"charger_crosstalk": 0.8},
    "cell crosstalk": {"cell_crosstalk": -0.45},
    "detuned": {"coupling": -0.6, "charger_frequency": 1.9},
    "all": {
        "coupling": 0.8,
        "frequency": 1.2,
        "charger_frequency": 0.7,
        "charger_crosstalk": -0.3,
        "cell_crosstalk": 0.55,
    },
}


def deviation(model: Model, initial: InitialState | None, times: Any = TIMES) -> float:
    """Compare E(t) of numerics with brute force, in units of M ω₀."""
    found = np.asarray(numerics.charge(model, initial).energy(times))
    wanted = oracle.energy(model, initial, times)
    assert found.shape == wanted.shape
    unit = model.cells * float(1 if model.frequency is None else model.frequency)
    return float(np.abs(found - wanted).max()) / unit


def one_flipped(spins: int, rest: int, where: int = 0) -> list[int]:
    """All spins as ``rest`` but one, as in Eq. (20)."""
    return [1 - rest if i == where % spins else rest for i in range(spins)]


def states(model: SpinCharger) -> dict[str, InitialState | None]:
    """Every kind of initial state there is, for the sizes of this model."""
    m, n = model.cells, model.chargers
    rng = np.random.default_rng(100 * m + n)
    eq_19 = [(0.6, dicke(0, n)), *((0.4 / n, dicke(0, up)) for up in range(n))]
    eq_21 = [
        (0.6, dicke(0, n)),
        *((0.4 / m, product(one_flipped(m, 0, k), [1] * n)) for k in range(m)),
    ]
    k, c = int(rng.integers(0, m + 1)), int(rng.integers(0, n + 1))
    return {
        "default": None,
        "some dicke": dicke(k, c),
        "half dicke": dicke((m + 1) // 2, n // 2),
        "empty": dicke(0, 0),
        "one cell flipped": product(one_flipped(m, 0, 1), [1] * n),
        "one charger flipped": product([0] * m, one_flipped(n, 1, 2)),
        "Eq. (16)": product([0] * m, [1] * (n - 1) + [0.7]),
        "random populations": product(rng.random(m).tolist(), rng.random(n).tolist()),
        "thermal, by temperature": thermal(
            cell_inverse_temperature=0.9, charger_inverse_temperature=-1.6
        ),
        "thermal cells": thermal(cell_inverse_temperature=-0.4),
        "thermal charger": thermal(charger_population=0.85),
        "infinitely hot": thermal(cell_population=0.5, charger_inverse_temperature=0),
        "Eq. (19)": mixture(eq_19),
        "Eq. (21)": mixture(eq_21),
        "mixture of mixtures": mixture(
            [
                (0.25, thermal(cell_population=0.1, charger_inverse_temperature=-0.7)),
                (0.35, mixture([(0.5, dicke(m, 0)), (0.5, product([0.3] * m, [1] * n))])),
                (0.4, dicke(0, n - 1)),
            ]
        ),
    }


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize(("cells", "chargers"), SIZES)
def test_grid(cells: int, chargers: int, gamma: float, variant: str) -> None:
    """Small sizes get every state; from six spins on a rotating third, the default always."""
    model = SpinCharger(cells, chargers, anisotropy=gamma, **VARIANTS[variant])
    shift = SIZES.index((cells, chargers)) + list(VARIANTS).index(variant) + round(5 * gamma)
    found = {
        name: deviation(model, initial)
        for i, (name, initial) in enumerate(states(model).items())
        if i == 0 or cells + chargers < 6 or (i + shift) % 3 == 0
    }
    assert max(found.values()) < TOLERANCE, found


@pytest.mark.parametrize("gamma", [0, 0.6])
@pytest.mark.parametrize(("cells", "chargers"), [(1, 3), (2, 4), (3, 2), (4, 1)])
def test_every_dicke_state(cells: int, chargers: int, gamma: float) -> None:
    model = SpinCharger(cells, chargers, anisotropy=gamma, charger_crosstalk=0.2)
    found = {
        (k, c): deviation(model, dicke(k, c))
        for k, c in itertools.product(range(cells + 1), range(chargers + 1))
    }
    assert max(found.values()) < TOLERANCE, found


@pytest.mark.parametrize("gamma", [0, 0.3])
def test_every_product_state_of_flipped_spins(gamma: float) -> None:
    model = SpinCharger(2, 3, anisotropy=gamma, cell_crosstalk=0.2, charger_crosstalk=0.1)
    found = {
        spins: deviation(model, product(spins[:2], spins[2:]))
        for spins in itertools.product((0, 1), repeat=5)
    }
    assert max(found.values()) < TOLERANCE, found


@pytest.mark.parametrize("beta", [-300, -30, -1e-3, 0, 2e-9, 4, 45, 300])
def test_extreme_temperatures(beta: float) -> None:
    model = SpinCharger(2, 2, frequency=2, anisotropy=0.2, charger_frequency=3)
    for initial in (
        thermal(cell_inverse_temperature=beta),
        thermal(charger_inverse_temperature=beta),
        thermal(cell_inverse_temperature=-beta, charger_inverse_temperature=beta),
    ):
        assert deviation(model, initial) < TOLERANCE


@pytest.mark.parametrize("gamma", [0, 0.2])
def test_special_couplings(gamma: float) -> None:
    """None at all, and crosstalk far above the coupling."""
    for fields in (
        {"coupling": 0, "charger_crosstalk": 1.0},
        {"charger_crosstalk": 30.0},
        {"cell_crosstalk": -20.0},
        {"charger_frequency": 50.0},
        {"frequency": 1e-3},
    ):
        model = SpinCharger(3, 2, anisotropy=gamma, **fields)
        for initial in (None, product([0, 0.2, 1], [0.5, 1])):
            assert deviation(model, initial) < TOLERANCE, fields


def test_times_of_every_shape() -> None:
    """Scalars, negative and repeated times, grids; the order given is the order returned."""
    model = SpinCharger(2, 3, anisotropy=0.2)
    for times in (0.7, -1.3, [3.0, 1.0, 3.0, -1.0], [[0.1, 0.2], [5.0, 4.0]], 2, []):
        found = np.asarray(numerics.charge(model).energy(times))
        wanted = np.array([float(oracle.energy(model, None, t)) for t in np.ravel(times)])
        assert found.shape == np.shape(times)
        assert np.abs(found.ravel() - wanted).max(initial=0) < 2 * TOLERANCE


def test_power_is_energy_over_time() -> None:
    model = SpinCharger(3, 3, coupling=0.4, frequency=1.5, anisotropy=0.2)
    times = TIMES[1:]
    found = numerics.charge(model).power(times)
    assert np.abs(found - oracle.energy(model, None, times) / times).max() < 1e-9
    assert numerics.charge(model).power(0.0) == 0


def test_exact_numbers_are_numbers() -> None:
    """A Fraction, an mpmath and a NumPy number stand for what they are."""
    plain = SpinCharger(2, 3, 0.75, 1.5, 0.25, 1.25, 0.125, -0.5)
    for kind in (Fraction, mpmath.mpf, np.float64):
        exact = SpinCharger(2, 3, *(kind(x) for x in (0.75, 1.5, 0.25, 1.25, 0.125, -0.5)))
        initial = product([kind(0.5), 0], [1, kind(0.25), kind(1)])
        found = numerics.charge(exact, initial).energy(TIMES)
        wanted = oracle.energy(plain, product([0.5, 0], [1, 0.25, 1]), TIMES)
        assert np.abs(np.asarray(found, dtype=float) - wanted).max() < TOLERANCE


# ---------------------------------------------------------------------------------------------
# The cavity

CAVITIES: dict[str, dict[str, float]] = {
    "plain": {},
    "in other units": {"coupling": 0.37, "frequency": 2.3},
    "cell crosstalk": {"coupling": 0.5, "cell_crosstalk": 0.35},
    "all": {
        "coupling": -0.3,
        "frequency": 1.2,
        "charger_frequency": 0.8,
        "cell_crosstalk": -0.25,
    },
}


def cavity_states(cells: int) -> dict[str, InitialState | None]:
    """Every kind of initial state a cavity takes."""
    hot = thermal(cell_inverse_temperature=0.7, charger_inverse_temperature=1.5)
    return {
        "default": None,
        "vacuum": fock(0, excited_cells=cells),
        "photons and cells": fock(cells + 2, cells // 2),
        "thermal cells": thermal(cell_population=0.3),
        "thermal cavity": thermal(charger_inverse_temperature=2.0),
        "both": hot,
        "mixture": mixture([(0.3, fock(1)), (0.5, fock(2, excited_cells=1)), (0.2, hot)]),
    }


@pytest.mark.parametrize("variant", CAVITIES)
@pytest.mark.parametrize("cells", [1, 2, 3, 4])
def test_cavity(cells: int, variant: str) -> None:
    model = CavityCharger(cells, **CAVITIES[variant])
    found = {name: deviation(model, initial) for name, initial in cavity_states(cells).items()}
    assert max(found.values()) < TOLERANCE, found


@pytest.mark.parametrize("gamma", [0.2, 1])
@pytest.mark.parametrize("cells", [1, 2])
@pytest.mark.parametrize("variant", ["in other units", "all"])
def test_anisotropic_cavity(variant: str, cells: int, gamma: float) -> None:
    """Photon numbers are unbounded here; the oracle's ladder is far longer than needed."""
    model = CavityCharger(cells, anisotropy=gamma, **CAVITIES[variant])
    found = {
        name: deviation(model, initial, TIMES[:5]) for name, initial in cavity_states(cells).items()
    }
    assert max(found.values()) < TOLERANCE, found


# ---------------------------------------------------------------------------------------------
# Fifty digits

PRECISE = {
    "plain": SpinCharger(2, 2),
    "fractions": SpinCharger(2, 3, Fraction(1, 3), Fraction(7, 5)),
    "anisotropic": SpinCharger(3, 2, Fraction(2, 3), anisotropy=Fraction(1, 5)),
    "Ising-like": SpinCharger(1, 3, anisotropy=1),
    "charger crosstalk": SpinCharger(2, 3, charger_crosstalk=Fraction(-1, 7)),
    "cell crosstalk": SpinCharger(3, 1, cell_crosstalk=Fraction(3, 7)),
    "detuned": SpinCharger(2, 2, charger_frequency=Fraction(9, 7)),
    "decimals": SpinCharger(1, 2, 0.1, 1.3, 0.2, 0.7, charger_crosstalk=0.3),
    "all": SpinCharger(
        2,
        2,
        coupling=Fraction(4, 7),
        frequency=Fraction(6, 5),
        anisotropy=Fraction(3, 5),
        charger_frequency=Fraction(8, 9),
        charger_crosstalk=Fraction(1, 7),
        cell_crosstalk=Fraction(-2, 9),
    ),
}


def precise_states(model: SpinCharger) -> dict[str, InitialState | None]:
    """One state of each kind, in exact numbers."""
    m, n = model.cells, model.chargers
    third = Fraction(1, 3)
    return {
        "default": None,
        "dicke": dicke(1, n - 1),
        "product": product(one_flipped(m, 0), [third] + [1] * (n - 1)),
        "thermal": thermal(
            cell_population=Fraction(1, 7), charger_inverse_temperature=Fraction(-3, 2)
        ),
        "mixture": mixture(
            [(third, dicke(0, n)), (2 * third, product(one_flipped(m, 0), [1] * n))]
        ),
    }


def precise_deviation(model: Model, initial: InitialState | None, time: Any) -> Any:
    """Compare with brute force at 50 digits, in units of M ω₀."""
    found = numerics.multiprecision.energy(model, time, initial, digits=50)
    assert isinstance(found, mpmath.mpf)
    wanted = oracle.precise_energy(model, initial, time, digits=55)
    with mpmath.workdps(70):
        unit = model.cells * oracle.parameters(model, mpmath.mp).omega_0
        return abs(found - wanted) / unit


@pytest.mark.parametrize("name", PRECISE)
def test_fifty_digits(name: str) -> None:
    model = PRECISE[name]
    found = {
        (kind, time): precise_deviation(model, initial, time)
        for kind, initial in precise_states(model).items()
        for time in (Fraction(1, 10**6), Fraction(29, 10))
    }
    assert max(found.values()) < mpmath.mpf("1e-45"), found


@pytest.mark.parametrize("time", [0, 1, -2, 0.3, Fraction(31, 3), mpmath.mpf("0.125")], ids=repr)
def test_fifty_digits_at_any_time(time: Any) -> None:
    assert precise_deviation(PRECISE["all"], None, time) < mpmath.mpf("1e-45")


@pytest.mark.parametrize(
    "model",
    [
        CavityCharger(1),
        CavityCharger(2, Fraction(3, 7), Fraction(6, 5)),
        CavityCharger(3, Fraction(3, 7), cell_crosstalk=Fraction(1, 5)),
        CavityCharger(2, Fraction(3, 7), charger_frequency=Fraction(6, 5)),
    ],
    ids=repr,
)
def test_fifty_digits_of_a_cavity(model: CavityCharger) -> None:
    m = model.cells
    for initial in (
        None,
        fock(m + 2, m - 1),
        mixture([(Fraction(2, 7), fock(0, excited_cells=m)), (Fraction(5, 7), fock(3))]),
        thermal(cell_population=Fraction(1, 3)),
        thermal(charger_inverse_temperature=8),
    ):
        assert precise_deviation(model, initial, Fraction(7, 5)) < mpmath.mpf("1e-45"), initial


# ---------------------------------------------------------------------------------------------
# Random models

COUPLINGS = st.floats(-2, 2)
POPULATIONS = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1))


@st.composite
def spin_models(draw: st.DrawFn) -> SpinCharger:
    """Up to six spins with every field at random."""
    cells = draw(st.integers(1, 4))
    return SpinCharger(
        cells,
        draw(st.integers(1, 6 - cells)),
        coupling=draw(st.none() | COUPLINGS),
        frequency=draw(st.none() | st.floats(0.1, 3)),
        anisotropy=draw(st.sampled_from([0.0, 1.0]) | st.floats(0, 1)),
        charger_frequency=draw(st.none() | st.floats(0.1, 3)),
        charger_crosstalk=draw(st.just(0) | COUPLINGS),
        cell_crosstalk=draw(st.just(0) | COUPLINGS),
    )


def spin_states(model: SpinCharger, depth: int = 1) -> st.SearchStrategy[InitialState]:
    """Any state of this model; mixtures of up to three."""
    m, n = model.cells, model.chargers
    betas = st.floats(-5, 5)
    kinds: list[st.SearchStrategy[InitialState]] = [
        st.builds(dicke, st.integers(0, m), st.integers(0, n)),
        st.builds(
            product,
            st.lists(POPULATIONS, min_size=m, max_size=m),
            st.lists(POPULATIONS, min_size=n, max_size=n),
        ),
        st.builds(
            lambda p, b: thermal(cell_population=p, charger_inverse_temperature=b),
            POPULATIONS,
            betas,
        ),
        st.builds(
            lambda p, b: thermal(charger_population=p, cell_inverse_temperature=b),
            POPULATIONS,
            betas,
        ),
    ]
    if depth:
        parts = st.lists(
            st.tuples(st.integers(1, 9), spin_states(model, depth - 1)), min_size=1, max_size=3
        )
        kinds.append(
            parts.map(
                lambda some: mixture(
                    [(Fraction(w, sum(x for x, _ in some)), state) for w, state in some]
                )
            )
        )
    return st.one_of(kinds)


@given(data=st.data(), model=spin_models())
@settings(max_examples=120, derandomize=True, deadline=None)
def test_random_models(data: st.DataObject, model: SpinCharger) -> None:
    initial = data.draw(spin_states(model))
    times = data.draw(st.lists(st.floats(-20, 20), min_size=1, max_size=4))
    assert deviation(model, initial, times) < TOLERANCE


@given(
    cells=st.integers(1, 3),
    photons=st.integers(0, 9),
    up=st.integers(0, 3),
    coupling=COUPLINGS,
    frequencies=st.tuples(st.floats(0.1, 3), st.none() | st.floats(0.1, 3)),
    crosstalk=st.just(0) | COUPLINGS,
    time=st.floats(-20, 20),
)
@settings(max_examples=60, derandomize=True, deadline=None)
def test_random_cavities(
    cells: int,
    photons: int,
    up: int,
    coupling: float,
    frequencies: tuple[float, float | None],
    crosstalk: float,
    time: float,
) -> None:
    model = CavityCharger(
        cells,
        coupling,
        frequencies[0],
        charger_frequency=frequencies[1],
        cell_crosstalk=crosstalk,
    )
    assert deviation(model, fock(photons, min(up, cells)), [time]) < TOLERANCE


def test_the_comparison_can_fail() -> None:
    """A wrong factor anywhere in a model is far above the tolerance."""
    model = SpinCharger(2, 3, 0.8, 1.2, 0.3, 0.9, 0.2, 0.1)
    initial = product([0, 0.2], [1, 1, 0.4])
    wanted = oracle.energy(model, initial, TIMES)
    for field in (
        "coupling",
        "frequency",
        "anisotropy",
        "charger_frequency",
        "charger_crosstalk",
        "cell_crosstalk",
    ):
        wrong = replace(model, **{field: getattr(model, field) * (1 + 1e-6)})
        found = numerics.charge(wrong, initial).energy(TIMES)
        assert np.abs(found - wanted).max() > 100 * TOLERANCE, field
