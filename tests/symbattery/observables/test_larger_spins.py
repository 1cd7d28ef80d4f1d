"""Cells and charger spins above 1/2: closed forms against density matrices of all spins."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from sympy import Rational, S

from numerics.model.options import separated
from symbattery import (
    CavityCharger,
    InvalidArgument,
    SpinCharger,
    UnsolvedError,
    charger_limit,
    dicke,
    from_json,
    mixture,
    product,
    short_times,
    solve,
    strong_crosstalk,
    thermal,
    to_json,
)
from symbattery.output.latex.document import paragraph, parts
from symbattery.symbols import N, g_1, t
from tests.systems import figures_of_merit as judge

TIMES = [0.3, 0.9]
UNITS = {"coupling": Rational(3, 4), "frequency": Rational(5, 4)}
SYSTEMS = {
    "a pair of spins 1": (SpinCharger(2, 1, **UNITS, cell_spin=1, charger_spin="3/2"), dicke(1, 2)),
    "one spin 2": (SpinCharger(1, 2, **UNITS, cell_spin=2), None),
    "hot cells": (SpinCharger(2, 1, **UNITS, cell_spin=1), thermal(cell_inverse_temperature="1/2")),
    "hot charger": (
        SpinCharger(1, 2, **UNITS, charger_spin=1), thermal(charger_inverse_temperature=-1)
    ),
}  # fmt: skip
NAMES = [
    "energy", "energy_variance", "ergotropy", "ergotropy(sense=symmetric)",
    "ergotropy(sense=daemonic)", "locked_energy", "passive_energy", "capacity", "entropy",
    "entropy(order=2)", "purity", "negativity", "quantum_fisher_information", "power_variance",
    "work_variance", "switching_work",
]  # fmt: skip

FEW = ["energy", "ergotropy", "capacity", "entropy", "quantum_fisher_information"]


@cache
def states(name):
    return list(judge.states(*SYSTEMS[name], TIMES))


@pytest.mark.parametrize("name", SYSTEMS)
def test_rows_agree_with_the_whole_state(name):
    solution, refused = solve(*SYSTEMS[name]), []
    for row in NAMES if "hot" not in name else FEW:
        try:
            found = solution.function(row)(np.array(TIMES))
        except UnsolvedError as error:
            refused.append((row, str(error)))
            continue
        stem, options = separated(row)
        options = {key: int(value) if value.isdigit() else value for key, value in options.items()}
        wanted = [getattr(state, stem)(**options) for state in states(name)]
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12, err_msg=row)
    # Mixed starts have no Schmidt coefficients, and the work of sorting is known of spins-1/2.
    assert len(refused) <= 4


def test_a_battery_is_one_of_more_halves_but_for_its_full_ergotropy():
    """From the symmetric levels; 2sM slots become one for each cell on the first level."""
    large, halves = solve(SpinCharger(1, N, cell_spin=1)), solve(SpinCharger(2, N))
    assert large.energy == halves.energy
    assert large.maximum().value == halves.maximum().value
    function = large.function("ergotropy", chargers=5)
    assert abs(function(0.4) - halves.function("ergotropy", chargers=5)(0.4)) > 1e-2
    when = [function(x) for x in (0.2, 0.4)]
    wanted = judge.quantity("ergotropy", SpinCharger(1, 5, cell_spin=1), None, [0.2, 0.4])
    np.testing.assert_allclose(when, wanted, atol=1e-13)


def test_symbolic_sizes_and_limits_count_excitations():
    solution = solve(SpinCharger(2, N, charger_spin=1), dicke(0, 1))
    assert solution.verify(digits=30, points=2).digits >= 28
    whole = solve(SpinCharger(1, N, cell_spin=1, charger_spin="3/2"))
    assert whole.explicit().energy.subs(N, 2) == solve(SpinCharger(2, 6)).energy
    series = short_times(SpinCharger(2, N, cell_spin=1, charger_spin=1), order=2).coefficients[2]
    assert series.subs(N, 3) == short_times(SpinCharger(4, 6), order=2).coefficients[2]
    cells = charger_limit(solve(SpinCharger(1, N, cell_spin=1)))
    assert cells.energy == charger_limit(solve(SpinCharger(2, N))).energy
    crosstalk = {"charger_crosstalk": g_1}
    strong = strong_crosstalk(SpinCharger(1, N, **crosstalk, cell_spin=1))
    other = strong_crosstalk(SpinCharger(2, N, **crosstalk))
    assert (strong.first_peak, strong.supremum) == (other.first_peak, other.supremum)
    cavity = solve(CavityCharger(1, cell_spin=1))
    assert (cavity.energy - solve(CavityCharger(2)).energy).subs(t, Rational(1, 3)).n(30) == 0


def test_documents_say_the_spins():
    solution = solve(*SYSTEMS["a pair of spins 1"])
    text = "".join(paragraph(part) for part in parts(solution).derived)
    assert "$M=2$ cells of spin $1$, $1$ charger spins of spin $\\frac{3}{2}$" in text
    assert from_json(to_json(solution)).model == solution.model
    assert solution.model.cell_spin == 1


LARGE = SpinCharger(2, 2, cell_spin=1, charger_spin=1)
REFUSED = {
    "local work": lambda: solve(LARGE).ergotropy("local"),
    "work of some cells": lambda: solve(LARGE).ergotropy(cells=1),
    "work of all cells by number": lambda: solve(LARGE).locked_energy(cells=2),
    "concurrence": lambda: solve(LARGE).concurrence(),
    "populations": lambda: solve(LARGE, product([0, 0], [1, 1])),
    "one population": lambda: solve(LARGE, thermal(cell_population="1/3")),
    "too much": lambda: solve(LARGE, dicke(0, 5)),
    "too much in a mixture": lambda: solve(LARGE, mixture([(1, dicke(5, 0))])),
    "a symbolic spin": lambda: solve(replace(LARGE, cell_spin=N)),
    "a quarter": lambda: solve(replace(LARGE, cell_spin=Rational(1, 4))),
    "no spin": lambda: solve(replace(LARGE, charger_spin=S.Zero)),
    "thermal spins of a symbolic number": lambda: solve(
        replace(LARGE, chargers=N), thermal(charger_inverse_temperature=1)
    ),
    "an infinite charger": lambda: charger_limit(solve(replace(LARGE, chargers=N))),
    "strong crosstalk": lambda: strong_crosstalk(replace(LARGE, charger_crosstalk=2)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_larger_spins_do_not_have_is_refused(name):
    with pytest.raises((InvalidArgument, UnsolvedError), match=r"must|needs"):
        REFUSED[name]()
