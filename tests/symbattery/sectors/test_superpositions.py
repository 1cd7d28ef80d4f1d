"""Closed forms from superpositions: sums over sectors, and what they refuse by name."""

import numpy as np
import pytest
from sympy import I, Rational, S, Symbol, cos, pi, sqrt

import numerics
from symbattery import (
    Bloch,
    CavityCharger,
    SpinCharger,
    UnsolvedError,
    from_json,
    mixture,
    solve,
    spin_coherent,
    squeezed,
    superposition,
    to_json,
)
from symbattery.observables.table import OBSERVABLES
from tests.systems import oracle

TIMES = [0.2, 0.9, 2.3]
SYSTEMS = {
    "photons": (CavityCharger(2), superposition([1, 1j, sqrt(2)])),
    "spin-coherent": (SpinCharger(2, 3), spin_coherent(pi / 3, 1)),
    "spin-coherent cells": (SpinCharger(2, 2), superposition(1, excited_cells=Bloch("0.7"))),
    "detuned": (SpinCharger(2, 2, charger_frequency=2), superposition(["1/2", 0, 1])),
    "in a mixture": (
        SpinCharger(1, 2),
        mixture([("1/3", superposition([1, 1])), ("2/3", superposition(2, excited_cells=[1, I]))]),
    ),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_energies_and_populations(name):
    model, initial = SYSTEMS[name]
    solution = solve(model, initial)
    energies, p = oracle.energy(model, initial, TIMES), oracle.populations(model, initial, TIMES)
    np.testing.assert_allclose(solution.function("energy")(TIMES), energies, atol=1e-13)
    for k in solution.populations:
        np.testing.assert_allclose(solution.function(f"p{k}")(TIMES), p[:, k], atol=1e-13)
    assert solution.verify(digits=30, points=2).certification.holds
    assert from_json(to_json(solution)).initial == solution.initial


def test_rows_are_right_or_refused():
    """None is that of a state without its coherences."""
    model, initial = SYSTEMS["photons"]
    solution, charging, refused = solve(model, initial), numerics.charge(model, initial), set()
    for name in OBSERVABLES:
        try:
            found = solution.function(name)(0.37)
        except UnsolvedError:
            refused.add(name)
            continue
        assert complex(found) == pytest.approx(complex(getattr(charging, name)(0.37)), rel=1e-11)
    assert {"ergotropy", "entropy", "purity", "negativity", "capacity", "locked_energy"} <= refused
    assert "energy_variance" not in refused
    for name in refused:
        with pytest.raises(UnsolvedError, match=f"`{name}` must be asked of a start without coh"):
            solution.quantity(name)


def test_weights_are_exact():
    (first, second), _ = (solve(*SYSTEMS[name]).branches for name in ("photons", "detuned")), None
    assert [branch.weight for branch in first] == [Rational(1, 4)] * 2 + [S.Half]
    assert [branch.weight for branch in second] == [Rational(1, 5), Rational(4, 5)]
    weights = [branch.weight for branch in solve(*SYSTEMS["spin-coherent"]).branches]
    assert weights[3] == cos(pi / 6) ** 6
    assert sum(weights) == 1


REFUSED = {
    "counter-rotating": (CavityCharger(2, anisotropy="1/5"), superposition([1, 1]), "one side"),
    "both sides": (SpinCharger(2, 2), superposition([1, 1], excited_cells=[1, 1]), "one side"),
    "a squeezed cavity": (CavityCharger(2), squeezed(1), "`squeezing` must be 0"),
    "any number of spins": (
        SpinCharger(2, Symbol("N", integer=True, positive=True)), spin_coherent(1), "be a number"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_closed_form(name):
    model, initial, message = REFUSED[name]
    with pytest.raises(UnsolvedError, match=message):
        solve(model, initial)
