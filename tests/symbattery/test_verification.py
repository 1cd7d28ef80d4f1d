"""Verification finds what is wrong."""

from dataclasses import replace

import pytest
from sympy import Rational, cos

from symbattery import CavityCharger, SpinCharger, solve, thermal_charger, two_cells
from symbattery.observables.table import OBSERVABLES
from symbattery.verification import verify
from tests.errors import one_clear_error


def test_table():
    found = two_cells().verify(digits=20, points=2)
    text = str(found)
    *lines, last = text.splitlines()
    assert lines[0].startswith("closed form against")
    assert len({len(line) for line in lines}) == 1
    assert "proven enclosures" in text
    assert last.startswith("certified: inside proven balls of radius ")
    assert last.endswith("at all 2 points")
    # The same seed, the same points.
    assert found == two_cells().verify(digits=20, points=2)


def test_wrong_weight_is_found():
    solution = thermal_charger()
    *others, last = solution.branches
    wrong = replace(last, weight=last.weight * Rational(99, 100))
    found = replace(solution, branches=(*others, wrong)).verify(digits=30)
    assert found.digits < 4
    for route in found.routes[1:]:
        assert route.deviation > 1e-4
    assert found.certification.inside == 0
    assert str(found.certification).startswith("not certified: outside proven balls")


def test_wrong_hop_is_found():
    """A hop off by 1e-20 shows in the exact route, and not in double precision."""
    solution = two_cells(3)
    (branch,) = solution.branches
    b0, b1 = branch.chain.hops_squared
    tampered = replace(branch.chain, hops_squared=(b0, b1 * (1 + Rational(1, 10**20))))
    square = sum(tampered.hops_squared)
    rates = {square: next(iter(solution.names.rates.values()))}
    names = replace(solution.names, rates=rates)
    broken = replace(solution, branches=(replace(branch, chain=tampered),), names=names)
    found = verify(broken, digits=50)
    assert found.routes[1].deviation < 1e-11
    assert 15 < found.routes[2].digits < 25
    assert found.certification.radius < 1e-50
    assert not found.certification.holds


@pytest.mark.parametrize(
    "solution",
    [
        two_cells(),
        thermal_charger(),
        solve(SpinCharger(4, 4)),
        solve(CavityCharger(3)),
        solve(SpinCharger(2, 5, charger_crosstalk=Rational(1, 5), charger_frequency=2)),
    ],
    ids=["two cells", "thermal", "four by four", "cavity", "crosstalk"],
)
def test_closed_forms_are_certified(solution):
    found = solution.verify(digits=40, points=3)
    assert found.certification.holds
    assert found.certification.points == 3
    assert 0 < found.certification.radius < 1e-40
    assert found.routes[2].digits == 40


def test_a_row_that_takes_no_balls_is_judged_by_their_midpoints(monkeypatch):
    row = replace(OBSERVABLES["energy_variance"], name="toy", order=0, aliases=())
    monkeypatch.setitem(OBSERVABLES, "toy", replace(row, function=lambda p: cos(p[0])))
    found = two_cells().verify(digits=30, points=2)
    assert found.digits == 30
    assert found.certification.holds


@pytest.mark.parametrize("name", ["digits", "points"])
@pytest.mark.parametrize("value", [0, -1, 2.5, "50", None, True])
def test_bad_numbers(name, value):
    message = f"`{name}` must be a positive integer"
    one_clear_error(name, lambda: two_cells().verify(**{name: value}), message)
