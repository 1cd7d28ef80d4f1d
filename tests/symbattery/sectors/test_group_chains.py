"""Closed forms of groups of spins: against brute force on all 2^n states, at 40 digits."""

from functools import cache

import mpmath
import numpy as np
import pytest
from sympy import Abs, IndexedBase, Rational, Sum, Symbol, simplify, sin, sqrt

from numerics import (
    GroupedSpins,
    InvalidArgument,
    SpinGroup,
    charge,
    group_dicke,
    group_product,
)
from symbattery import UnsolvedError, solve
from symbattery.model.exact_model import substituted
from symbattery.symbols import N, g, omega_0, t
from tests.systems import figures_of_merit as judge
from tests.systems import oracle

h_1, h_2 = (Symbol(f"h_{i}", real=True) for i in (1, 2))
omega_1 = Symbol("omega_1", positive=True)
# Models in symbols, their start, and numbers in place of the symbols.
VALUES = {h_1: Rational(2, 3), h_2: Rational(-3, 7), omega_1: Rational(4, 3), N: 2}
PUT = {**VALUES, g: Rational(4, 5), omega_0: Rational(6, 5)}
CLOSED = {
    "one cell": (GroupedSpins([1], [SpinGroup(N, h_1), SpinGroup(2, h_2)]), None),
    "one charger spin": (GroupedSpins([2, SpinGroup(1, h_1)], [1]), None),
    "detuned": (GroupedSpins([1], [SpinGroup(N, h_1, frequency=omega_1)]), None),
    "two frequencies": (
        GroupedSpins([1], [SpinGroup(2, h_1, frequency=omega_1), SpinGroup(1, h_2)]), None
    ),
    "one charger excitation": (
        GroupedSpins([1], [SpinGroup(2, h_1), SpinGroup(1, h_2)]), group_dicke([0], [1, 0])
    ),
    "mediator": (GroupedSpins([2], [N], [SpinGroup(1, h_1)]), group_dicke([0], [1])),
    "detuned mediator": (
        GroupedSpins([2], [1], [SpinGroup(1, h_1, frequency=omega_1)]), group_dicke([0], [1])
    ),
    "mediator up": (GroupedSpins([1], [1], [SpinGroup(N, h_1)]), group_dicke([0], [1], [N])),
    "full mediator and charger": (
        GroupedSpins([1], [2], [SpinGroup(1, h_1)]), group_dicke([0], [2], [0])
    ),
    "two cells, two groups": (GroupedSpins([2], [SpinGroup(2, h_1), SpinGroup(1, h_2)]), None),
    "crosstalk": (GroupedSpins([1], [SpinGroup(2, h_1, crosstalk=h_2), 1]), None),
    "mixed": (
        GroupedSpins([1], [SpinGroup(1, h_1), SpinGroup(2, h_2)]),
        group_product(["1/5"], ["1/3", 1]),
    ),
}  # fmt: skip


@cache
def closed(name):
    return solve(*CLOSED[name])


def numbers(value):
    """A description with numbers in place of its symbols."""
    return substituted(value, PUT)


@pytest.mark.parametrize("name", CLOSED)
def test_closed_forms_are_exact(name):
    solution = closed(name)
    model, initial = numbers(solution.model), numbers(solution.initial)
    put = {**PUT, t: Rational(13, 10)}
    for symbol, value in solution.definitions.items():
        put[symbol] = value.subs(put).evalf(60)
    with mpmath.workdps(50):
        found = mpmath.mpf(solution.energy.subs(put).evalf(45))
        wanted = oracle.precise_energy(model, initial, Rational(13, 10), digits=40)
        assert abs(found - wanted) < mpmath.mpf("1e-30")


TIMES = np.array([0.3, 1.7])


@pytest.mark.parametrize("name", ["one cell", "mediator", "two cells, two groups"])
@pytest.mark.parametrize("quantity", ["ergotropy", "entropy", "negativity", "energy_variance"])
def test_functions_of_the_battery_state(name, quantity):
    solution = closed(name)
    given = {key: PUT[symbol] for key, symbol in solution.parameters.items()}
    found = solution.function(quantity, **given)(TIMES)
    wanted = judge.quantity(quantity, numbers(solution.model), numbers(solution.initial), TIMES)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-11)


def test_the_bright_mode():
    """All up, one cell or one charger spin: ω0 sin²(√Σg² t), whatever the groups."""
    for name, square in (("one cell", N * h_1**2 + 2 * h_2**2), ("one charger spin", 2 + h_1**2)):
        found = closed(name).explicit().energy
        assert simplify(found - omega_0 * sin(g * sqrt(square) * t) ** 2) == 0
        assert closed(name).maximum().value == omega_0
    # One of two charger spins up: in the bright mode with its share.
    pair = solve(
        GroupedSpins([1], [SpinGroup(1, h_1), SpinGroup(1, h_2)]), group_dicke([0], [1, 0])
    )
    share = h_1**2 / (h_1**2 + h_2**2)
    assert simplify(pair.maximum().value - omega_0 * share) == 0


def test_couplings_of_each_spin():
    """One cell and N charger spins of any couplings g_l, with symbolic N: only Σg_l² counts."""
    each, index = IndexedBase("g", real=True), Symbol("l", integer=True)
    solution = solve(GroupedSpins([1], [SpinGroup(N, each[index])], coupling=1))
    square = Sum(each[index] ** 2, (index, 1, N))
    assert solution.energy == omega_0 * sin(sqrt(square) * t) ** 2
    assert solution.maximum().value == omega_0
    assert r"\sum_{l=1}^{N}" in solution.latex("energy")
    # With numbers: three groups of one spin each.
    numbered = solution.energy.subs({N: 3}).doit()
    couplings = [Rational(2, 3), Rational(-1, 4), Rational(5, 4)]
    for i, value in enumerate(couplings, start=1):
        numbered = numbered.subs(each[i], value)
    charging = charge(GroupedSpins([1], [SpinGroup(1, value) for value in couplings]))
    assert float(numbered.subs({omega_0: 1, t: 0.7})) == pytest.approx(charging.energy(0.7), 1e-13)
    for refused in (solution.function, lambda name: solution.source(name, language="c")):
        with pytest.raises(UnsolvedError, match="must be a number or a symbol for functions"):
            refused("energy")
    with pytest.raises(UnsolvedError, match="must be that of all spins of a group"):
        solve(GroupedSpins([2], [SpinGroup(N, each[index])]))


def test_a_mediator_passes_one_excitation_on():
    """Equal couplings on both sides pass all of it: 4ab/(a + b)² sin⁴ otherwise."""
    a, b, rate = 2 * h_1**2, N * h_1**2, g * Abs(h_1) * sqrt(N + 2)
    wanted = omega_0 * 4 * a * b / (a + b) ** 2 * sin(rate * t / 2) ** 4
    assert simplify(closed("mediator").explicit().energy - wanted) == 0


@pytest.mark.parametrize(
    ("model", "initial", "error", "text"),
    [
        (GroupedSpins([1, SpinGroup(2, 2)], [3]), None, UnsolvedError, "no chain of numbers"),
        (GroupedSpins([2], [2], anisotropy=h_1), None, UnsolvedError, "no chain of numbers"),
        (GroupedSpins([N], [2]), None, InvalidArgument, "`cells` must be a number"),
        (
            GroupedSpins([1], [N]), group_product([0], [h_1**2 / (1 + h_1**2)]),
            UnsolvedError, "numbers of spins in groups that are neither",
        ),
        (GroupedSpins([SpinGroup(1, frequency=2), 1], [1]), None, UnsolvedError, "one frequency"),
    ],
)  # fmt: skip
def test_what_is_not_closed_says_so(model, initial, error, text):
    with pytest.raises(error, match=text):
        solve(model, initial)


def test_quantities_of_unequal_cells_are_refused():
    solution = closed("one charger spin")
    with pytest.raises(InvalidArgument, match="must be asked of cells that start alike"):
        solution.ergotropy()


@pytest.mark.parametrize("name", ["one cell", "detuned mediator"])
def test_verification_has_no_proof_but_both_other_routes(name):
    verification = closed(name).verify(digits=30, points=2)
    exact, double = verification.routes
    assert exact.digits >= 28
    assert double.digits >= 11
    assert "without groups" in verification.certification.obstacle
