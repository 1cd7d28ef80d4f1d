"""The paper's formulas as claims: the verdict is computed, and it can go either way."""

import pytest

from symbattery import SpinCharger, single_cell, solve, thermal_charger, two_cells
from symbattery.symbols import N


def verdicts(solution):
    return {(c.reference, c.quantity): c.agrees for c in solution.comparisons()}


def test_appendix_holds_for_two_charger_spins_or_more():
    found = verdicts(two_cells())
    assert len(found) == 6
    assert all(found.values())
    a7 = next(c for c in two_cells().comparisons() if c.quantity == r"E_{\max}")
    assert a7.condition == (N >= 2)
    assert "derived" in a7.remark
    # Word for word in the document.
    assert a7.as_printed.startswith(r"\frac{16(\xi^4+2\xi^2-8)}{9\xi^4}")


def test_equation_a7_fails_for_one_charger_spin():
    found = verdicts(two_cells(1))
    assert not found["Eq. (A7)", r"E_{\max}"]
    assert not found["Eq. (A7)", r"\bar t"]
    assert found["Eq. (A6)", "E(t)"]


def test_equation_17_holds_only_without_the_thermal_part():
    (claim,) = thermal_charger().comparisons()
    assert (claim.reference, claim.agrees) == ("Eq. (17)", False)
    assert "singlet" in claim.remark
    (claim,) = thermal_charger(population=1).comparisons()
    assert (claim.agrees, claim.remark) == (True, "")


@pytest.mark.parametrize("solution", [single_cell(), single_cell(1)])
def test_single_cell_claims_hold(solution):
    assert list(verdicts(solution).values()) == [True, True, True]


OTHERS = [two_cells(N + 1), single_cell(N + 1), solve(SpinCharger(2, N, coupling=-0.1))]


@pytest.mark.parametrize("solution", [*OTHERS, thermal_charger(chargers=4)])
def test_paper_is_silent_where_its_formulas_do_not_apply(solution):
    assert solution.comparisons() == ()
    assert solve(SpinCharger(2, 4, coupling=2)).comparisons() != ()
