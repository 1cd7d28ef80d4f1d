"""Batteries of a symbolic number of cells, where few excitations make the chain short."""

from functools import cache

import pytest
from sympy import Ge, Rational, pi, sin, sqrt

import numerics
from symbattery import (
    CavityCharger,
    SpinCharger,
    UnsolvedError,
    dicke,
    fock,
    from_json,
    solve,
    symbols,
    thermal,
    to_json,
)
from symbattery.model.exact_model import substituted
from symbattery.symbols import M, N, g, g_2, omega_0, omega_C, t

CASES = {
    "one photon": (CavityCharger(M), fock(1), {"cells": 7}),
    "three photons": (CavityCharger(M), fock(3), {"cells": 5}),
    "as many cells as photons": (CavityCharger(M), fock(3), {"cells": 3}),
    "one cell, two photons": (CavityCharger(M), fock(2, excited_cells=1), {"cells": 4}),
    "two spins up": (SpinCharger(M, N), dicke(0, 2), {"cells": 6, "chargers": 5}),
    "one cell of any": (SpinCharger(M, N), dicke(0, 2), {"cells": 1, "chargers": 4}),
    "two spins": (SpinCharger(M, 2), None, {"cells": 9}),
    "detuned": (
        SpinCharger(M, N, charger_frequency=omega_C),
        dicke(0, 1),
        {"cells": 3, "chargers": 2, "charger_frequency": 1.75},
    ),
    "crosstalk": (
        CavityCharger(M, cell_crosstalk=g_2), fock(1), {"cells": 5, "cell_crosstalk": 0.25}
    ),
    "a mixture": (SpinCharger(M, 2), thermal(charger_population=Rational(1, 4)), {"cells": 4}),
}  # fmt: skip
ROWS = (
    "energy", "power", "energy_variance", "instantaneous_power", "ergotropy",
    "ergotropy(sense=symmetric)", "ergotropy(sense=local)", "ergotropy(cells=1)", "locked_energy",
    "locked_energy(sense=local)", "capacity", "passive_energy", "entropy", "purity",
    "quantum_fisher_information", "fisher_information", "switching_work",
)  # fmt: skip
PURE = ("ergotropy(sense=daemonic)", "negativity", "coherence", "power_variance", "work_variance")


@cache
def solved(case):
    model, start, _ = CASES[case]
    return solve(model, start)


@pytest.mark.parametrize("case", CASES)
def test_every_row_is_that_of_the_numerics(case):
    s, at = solved(case), CASES[case][2]
    put = {s.parameters[name]: Rational(value) for name, value in at.items()} | {g: 1, omega_0: 1}
    charged = numerics.charge(substituted(s.model, put), substituted(s.initial, put))
    for name in (*ROWS, *(PURE if s.is_pure else ())):
        f = s.function(name)
        value = f(0.7, **{k: v for k, v in at.items() if k in f.arguments})
        stem, _, options = name.partition("(")
        given = dict(part.split("=") for part in options.strip(")").split(",") if part)
        given = {k: int(v) if v.isdigit() else v for k, v in given.items()}
        expected = getattr(charged, stem)(0.7, **given).item()
        assert value == pytest.approx(expected, rel=1e-11, abs=1e-12), name


@pytest.mark.parametrize("case", ["three photons", "two spins up", "a mixture"])
def test_proven_digits_at_random_sizes(case):
    names = ["ergotropy", "ergotropy(sense=local)", "quantum_fisher_information"]
    found = solved(case).verify(digits=30, points=3, names=names)
    assert found.digits >= 28
    assert str(found.certification).startswith("certified")


def test_one_excitation_is_a_rotation():
    s = solved("one photon")
    assert s.energy == omega_0 * sin(sqrt(M) * g * t) ** 2
    assert s.latex() == r"\omega_{0} \sin^{2}{\left(\sqrt{M} g t \right)}"
    top = s.maximum()
    assert (top.value, top.time) == (omega_0, pi / (2 * sqrt(M) * g))
    assert s.assumptions == ()


def test_two_spins_up():
    s = solved("two spins up")
    assert s.assumptions == (Ge(N, 2),)
    top = s.maximum()
    full = 8 * M * N * omega_0 * (M - 1) * (N - 1) / (2 * M * N - M - N) ** 2
    assert (top.value - full).simplify() == 0
    number = solve(SpinCharger(6, 5), dicke(0, 2)).maximum()
    assert top.value.subs({M: 6, N: 5}) == number.value
    # With one cell only one of two excitations finds room, and the other case holds.
    assert not top.condition.subs({M: 1, N: 4})
    assert top.otherwise.value.subs({M: 1, N: 4}) == omega_0


def test_chains_that_several_frequencies_move_need_all_their_cells():
    s = solved("three photons")
    assert s.assumptions == (Ge(M, 3),)
    with pytest.raises(ValueError, match=r"`cells` must satisfy M >= 3, but is cells = 2"):
        s.function("energy")(0.3, cells=2)


@pytest.mark.parametrize("case", ["three photons", "two spins up"])
def test_documents_and_source_code(case):
    s = solved(case)
    back = from_json(to_json(s, names=["energy", "ergotropy"])).quantities
    assert back["energy"] == s.energy
    assert "cells" in s.source("energy", language="c")


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: solve(SpinCharger(M, N)), "the chain of this start must end: `cells`, or"),
        (lambda: solve(CavityCharger(M)), "the chain of this start must end"),
        (lambda: solve(CavityCharger(M, anisotropy=Rational(1, 2)), fock(1)), "is no chain"),
        (lambda: solve(SpinCharger(M, 2), thermal(cell_population=0)), "`cells` must be a number"),
        (lambda: solved("two spins").quantity("concurrence"), "`concurrence` must be asked of a"),
        (lambda: solved("two spins").quantity("ergotropy(cells=2)"), "`cells` must be 1 or all"),
        (
            lambda: solved("two spins").quantity("ergotropy(sense=daemonic,cells=1)"),
            "`ergotropy` must be asked of a number of cells",
        ),
        (lambda: solved("three photons").maximum(), "needs numbers, but these are symbols: cells"),
        (lambda: solved("two spins").best_excited(), "needs a solution with a symbolic number"),
        (lambda: solved("two spins").maximum(quantity="capacity"), "no maximum is derived"),
    ],
)
def test_what_needs_a_number_of_cells_says_so(act, message):
    with pytest.raises(UnsolvedError, match=message):
        act()


def test_a_number_of_cells_is_positive():
    with pytest.raises(ValueError, match="`cells` must be"):
        solved("two spins up").function("energy")(0.3, cells=0, chargers=4)
    assert symbols.M.is_positive
