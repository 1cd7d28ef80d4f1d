"""Verification finds what is wrong."""

from dataclasses import replace

import pytest
import sympy
from sympy import Piecewise, Rational, S, cos

from numerics import charge
from symbattery import (
    CavityCharger,
    SpinCharger,
    dicke,
    product,
    single_cell,
    solve,
    thermal_charger,
    two_cells,
    verification,
)
from symbattery.observables.quantities import quantities
from symbattery.observables.table import OBSERVABLES
from symbattery.symbols import N, m
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
    found = solution.verify(digits=40, points=2, names=tuple(quantities(solution).requests))
    assert found.certification.holds
    assert found.certification.points == 2
    assert 0 < found.certification.radius < 1e-40
    assert found.routes[2].digits == 40


def test_a_row_that_takes_no_balls_is_judged_by_their_midpoints(monkeypatch):
    row = replace(OBSERVABLES["energy_variance"], name="toy", order=0, aliases=())

    def toy(battery):
        p = battery.populations[0]
        return Piecewise((0, p < 0), (cos(p), True))

    monkeypatch.setitem(OBSERVABLES, "toy", replace(row, function=toy))
    found = two_cells().verify(digits=30, points=2, names=["toy"])
    assert found.digits == 30
    assert found.certification.holds


EXCITED = [(cells, excited) for cells in range(1, 5) for excited in range(cells + 1)]


@pytest.mark.parametrize(("cells", "excited"), EXCITED)
def test_symbolic_starts_hold_up_to_their_boundary(cells, excited):
    """Where the conditions allow it, the formula is right; where they do not, it is refused."""
    solution = solve(SpinCharger(cells, N), dicke(excited, m))
    energy = solution.function("energy")
    taken = 0
    for chargers in range(1, 7):
        for up in range(1, chargers + 1):
            at = {"chargers": chargers, "excited_chargers": up}
            levels = min(cells, excited + up) - max(0, excited + up - chargers) + 1
            # With one frequency it holds for a shorter chain, if not cut short at its first hop.
            one = cells == 1 or (cells == 2 and (excited < cells or up < chargers))
            allowed = levels > cells or one
            held = [a.subs({N: chargers, m: up}) for a in solution.assumptions]
            assert all(a == S.true for a in held) == allowed
            if allowed:
                numbers = charge(SpinCharger(cells, chargers), dicke(excited, up))
                assert abs(energy(0.7, **at) - numbers.energy(0.7)) < 1e-13
                taken += 1
    assert taken > 2
    space = {"__name__": "generated"}
    exec(solution.source("energy", "python"), space)
    space["self_check"]()
    found = verify(solution, digits=20, points=5, seed=cells)
    assert found.digits == 20
    assert found.certification.holds


def test_boundaries_of_the_conditions_are_among_the_points():
    solution = solve(SpinCharger(3, N), dicke(1, m))
    drawn = [values for values, _ in verification._points(solution, 5, 1)]
    spins, up = ([int(v[name]) for v in drawn] for name in ("chargers", "excited_chargers"))
    assert spins[0] == 3
    assert up[1] == 2
    assert up[2] == spins[2] - 1


def test_numbers_of_spins_beside_a_symbol_are_conditions_too():
    for start, least in ((dicke(1, 5), 6), (dicke(2, 1), 3), (dicke(0, 5), 5)):
        assert solve(SpinCharger(3, N), start).assumptions == (sympy.Ge(N, least),)
    few = solve(SpinCharger(3, N), product([1, 1, 1], [(1, 1), (0, N - 1)]))
    assert few.assumptions == (N >= 5,)


@pytest.mark.parametrize("name", ["digits", "points"])
@pytest.mark.parametrize("value", [0, -1, 2.5, "50", None, True])
def test_bad_numbers(name, value):
    message = f"`{name}` must be a positive integer"
    one_clear_error(name, lambda: two_cells().verify(**{name: value}), message)


@pytest.mark.parametrize("build", [lambda: two_cells(10**30), lambda: single_cell(10**12)])
def test_times_are_on_the_scale_of_the_system(build):
    """A time of 0 would prove nothing, and the powers would have no ball."""
    made = build().verify(digits=30, points=3)
    assert made.certification.holds
    assert made.digits == 30
