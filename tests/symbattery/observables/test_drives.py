"""Cells driven by a classical field: closed forms against the density matrix of all cells."""

from functools import cache

import mpmath
import numpy as np
import pytest
from sympy import Rational, cos, sin

from numerics.model.options import separated
from symbattery import (
    ClassicalDrive,
    InvalidArgument,
    SpinCharger,
    UnsolvedError,
    charger_limit,
    dicke,
    from_json,
    mixture,
    product,
    solve,
    strong_crosstalk,
    thermal,
    to_json,
)
from symbattery.output.latex.document import paragraph, parts
from symbattery.symbols import M, g, g_2, kappa_2, omega_0, omega_C, t
from tests.systems import figures_of_merit as judge

TIMES = [0.3, 0.9]
UNITS = {"coupling": Rational(3, 4), "frequency": Rational(5, 4)}
SYSTEMS = {
    "resonant": (ClassicalDrive(3, **UNITS), None),
    "detuned": (ClassicalDrive(3, **UNITS, charger_frequency="9/10"), dicke(1)),
    "everything": (ClassicalDrive(2, Rational(-3, 4), "5/4", "9/10", "1/3", "-1/5"), dicke(1)),
    "one spin 1": (ClassicalDrive(1, **UNITS, cell_crosstalk="1/5", cell_spin=1), None),
    "mixture": (ClassicalDrive(2, **UNITS), mixture([("1/3", dicke(0)), ("2/3", dicke(2))])),
}
NAMES = [
    "energy", "energy_variance", "instantaneous_power", "power_variance",
    "ergotropy", "ergotropy(sense=symmetric)", "ergotropy(sense=local)",
    "ergotropy(sense=daemonic)", "ergotropy(cells=1)", "ergotropy(part=coherent)",
    "ergotropy(part=incoherent)", "locked_energy", "locked_energy(sense=local)",
    "extractable_fraction", "passive_energy", "capacity", "work_variance", "entropy",
    "entropy(order=2)", "purity", "coherence", "quantum_fisher_information",
]  # fmt: skip
# What is made of populations, whatever the coherences.
LINEAR = {"energy", "energy_variance", "instantaneous_power", "power_variance"}


@cache
def states(name):
    return list(judge.states(*SYSTEMS[name], TIMES))


@pytest.mark.parametrize("name", SYSTEMS)
def test_rows_agree_with_the_whole_state(name):
    solution, refused = solve(*SYSTEMS[name]), {}
    for row in NAMES:
        try:
            found = solution.function(row)(np.array(TIMES))
        except (UnsolvedError, InvalidArgument) as error:
            refused[row] = str(error)
            continue
        stem, options = separated(row)
        options = {key: int(value) if value.isdigit() else value for key, value in options.items()}
        wanted = [getattr(state, stem)(**options) for state in states(name)]
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-11, err_msg=row)
    assert all("must" in message for message in refused.values())
    if name == "mixture":
        assert refused.keys().isdisjoint(LINEAR)
        assert "entropy" in refused
    else:
        assert refused.keys() <= {row for row in NAMES if "local" in row or "cells" in row}
        assert bool(refused) == (name == "one spin 1")


@pytest.mark.parametrize("cells", [1, 2, 3, 4, 40])
def test_cells_without_interactions_rotate_alone(cells):
    """E = M ω₀ sin²gt, and the generalised Rabi frequency of one cell off resonance."""
    solution = solve(ClassicalDrive(cells))
    assert solution.energy == cells * omega_0 * sin(g * t) ** 2
    assert solution.maximum().value == cells * omega_0
    assert solution.max_power().time == solve(ClassicalDrive(1)).max_power().time
    detuned = solve(ClassicalDrive(cells, charger_frequency=omega_C))
    one = solve(ClassicalDrive(1, charger_frequency=omega_C))
    assert detuned.energy == cells * one.energy
    assert detuned.definitions == one.definitions
    if cells == 4:
        p, q = sin(g * t) ** 2, cos(g * t) ** 2
        wanted = (q**4, 4 * p * q**3, 6 * p**2 * q**2, 4 * p**3 * q, p**4)
        assert tuple(solution.populations.values()) == wanted


@pytest.mark.parametrize(
    ("cells", "name", "strength"),
    [(2, "cell_crosstalk", g_2), (3, "cell_longitudinal", kappa_2), (4, "cell_crosstalk", g_2)],
)
def test_interacting_cells_have_closed_forms(cells, name, strength):
    solution = solve(ClassicalDrive(cells, **{name: strength}))
    assert solution.form == "radicals"
    assert solution.verify(digits=30, points=1).digits >= 28


def test_verification_knows_the_coherences():
    solution = solve(ClassicalDrive(2, charger_frequency=omega_C, cell_longitudinal=kappa_2))
    names = ["ergotropy", "ergotropy(sense=local)", "quantum_fisher_information", "purity"]
    assert solution.verify(digits=30, points=1, names=names).digits >= 28


def test_digits_of_many_cells():
    """Fifty of them, against the rotation of one cell."""
    function = solve(ClassicalDrive(30, charger_frequency=omega_C)).function("p7", backend="mpmath")
    with mpmath.workdps(50):
        p = mpmath.sin(mpmath.sqrt(1 + mpmath.mpf(1) / 16) * 2) ** 2 / (1 + mpmath.mpf(1) / 16)
        wanted = mpmath.binomial(30, 7) * p**7 * (1 - p) ** 23
        assert abs(function(2, coupling=1, frequency=1, charger_frequency=0.5) - wanted) < 1e-45


def test_documents_of_a_drive():
    solution = solve(ClassicalDrive(3, charger_frequency=omega_C), dicke(1))
    text = "".join(paragraph(part) for part in parts(solution).derived)
    assert "$M=3$ cells, a classical drive, charger frequency" in text
    assert "the symmetric state with $1$ excited cells" in text
    made = from_json(to_json(solution))
    assert (made.model, made.initial) == (solution.model, solution.initial)
    assert "double energy(" in solution.source("energy", "c")


DRIVE = ClassicalDrive(2)
REFUSED = {
    **{
        name: lambda name=name: solve(DRIVE).function(name)
        for name in ("negativity", "schmidt_number", "switching_work", "concurrence")
    },
    "concurrence with the drive": lambda: solve(DRIVE).function(
        "concurrence(between=cell-charger)"
    ),
    "entropy of a mixture": lambda: solve(*SYSTEMS["mixture"]).function("entropy"),
    "work of two of three": lambda: solve(ClassicalDrive(3)).function("ergotropy(cells=2)"),
    "charger spins": lambda: solve(DRIVE, dicke(0, 1)),
    "no charger spins": lambda: solve(SpinCharger(2, 2), dicke(0)),
    "charger populations": lambda: solve(DRIVE, product([0, 0], [1])),
    "a warm drive": lambda: solve(DRIVE, thermal(charger_inverse_temperature=1)),
    "too much": lambda: solve(DRIVE, dicke(3)),
    "a symbolic number of cells": lambda: solve(ClassicalDrive(M)),
    "a limit": lambda: charger_limit(solve(DRIVE)),
    "strong crosstalk": lambda: strong_crosstalk(DRIVE),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_drive_does_not_have_is_refused(name):
    with pytest.raises((InvalidArgument, UnsolvedError), match=r"must|needs"):
        REFUSED[name]()
