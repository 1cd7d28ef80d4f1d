"""Chains with several frequencies: every form, every start, against independent evolutions."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from sympy import I, Integer, Rational, limit, oo, sin, sqrt

import symbattery
from symbattery import (
    CavityCharger,
    InvalidArgument,
    OscillatorBattery,
    SpinCharger,
    TwoPhotonCharger,
    dicke,
    fock,
    product,
    solve,
)
from symbattery.symbols import (
    N,
    g,
    g_1,
    g_2,
    gamma,
    kappa,
    kappa_2,
    m,
    n,
    omega_0,
    omega_C,
    p_1,
    t,
)
from tests.systems.accuracy import assert_accurate

CASES = {
    **{f"M={cells}": (SpinCharger(cells, N), None) for cells in range(3, 9)},
    **{f"M={cells}, m": (SpinCharger(cells, N), dicke(0, m)) for cells in (3, 4, 6)},
    **{f"M=N={size}": (SpinCharger(size, size), None) for size in (3, 4, 5, 6, 7, 8, 10, 16)},
    "from the middle": (SpinCharger(3, N), dicke(1, m)),
    "from the top": (SpinCharger(4, 6), dicke(4, 0)),
    "few charger spins": (SpinCharger(5, 2), None),
    "flipped cell": (SpinCharger(4, 4), product([1, 0, 0, 0], [1] * 4)),
    "thermal": (SpinCharger(3, 3), symbattery.thermal(charger_population=p_1)),
    "cavity, 3 cells": (CavityCharger(3), fock(n)),
    "cavity, 8 cells": (CavityCharger(8), fock(n)),
    "negative coupling": (SpinCharger(3, 4, coupling=-2), None),
    "detuned": (SpinCharger(2, N, charger_frequency=omega_C), None),
    "crosstalk": (SpinCharger(2, N, charger_crosstalk=g_1, cell_crosstalk=g_2), dicke(0, m)),
    "one cell, two spins, gamma": (SpinCharger(1, 2, anisotropy=gamma), None),
    "one cell, three spins, gamma": (
        SpinCharger(1, 3, anisotropy=gamma, charger_frequency=omega_C),
        dicke(0, 2),
    ),
    "two photons": (TwoPhotonCharger(3), fock(2 * n)),
    "oscillator": (OscillatorBattery(3), dicke(2, 2)),
    "longitudinal": (SpinCharger(2, 3, longitudinal=kappa, cell_longitudinal=kappa_2), dicke(0, 2)),
    "detuned cavity": (CavityCharger(2, charger_frequency=omega_C), fock(n)),
}
# Sectors whose polynomials factor over the field of the parameters.
FACTORED = {
    "cells, crosstalk": (SpinCharger(2, N, cell_crosstalk=g_2), None),
    "cavity, cell crosstalk": (CavityCharger(2, cell_crosstalk=g_2), None),
    "two and two": (SpinCharger(2, 2, charger_crosstalk=g_1), None),
    "one crosstalk for all": (SpinCharger(2, 2, charger_crosstalk=g_1, cell_crosstalk=g_1), None),
    "three and three": (SpinCharger(3, 3, charger_crosstalk=g_1, cell_crosstalk=g_1), None),
    "whole levels": (SpinCharger(2, 2, coupling=sqrt(3), cell_crosstalk=1), None),
    "irrational levels": (SpinCharger(2, 2, coupling=1, cell_crosstalk=1 / sqrt(3)), None),
}
# A quadratic and a cubic factor.
CASES |= FACTORED | {
    "four and four": (SpinCharger(4, 4, charger_crosstalk=g_1, cell_crosstalk=g_1), None)
}
ROOTS = {
    "M=N=9": (SpinCharger(9, 9), None),
    "M=12": (SpinCharger(12, N), None),
    "one cell, seven spins, gamma": (SpinCharger(1, 7, anisotropy=gamma), None),
    "detuned, 4 cells": (SpinCharger(4, 5, charger_frequency=omega_C), None),
}


@pytest.mark.parametrize("name", [*CASES, *ROOTS])
def test_fifty_digits_in_real_quantities(name):
    solution = solve(*(CASES | ROOTS)[name])
    assert solution.form == ("roots" if name in ROOTS else "radicals")
    verification = solution.verify(digits=50, points=1 if name in ROOTS else 2)
    assert verification.digits >= 48
    assert verification.routes[2].deviation < 1e-11
    assert not any(value.has(I) for value in (solution.energy, *solution.definitions.values()))


@pytest.mark.parametrize("name", FACTORED)
def test_square_roots_come_out_as_square_roots(name):
    """No cosines of a cubic; and the levels have one order at all numbers."""
    solution = solve(*FACTORED[name])
    (motion,) = solution.motions.values()
    rates = [motion.definitions[rate] for rate in motion.rates]
    assert not any(rate.has(sympy.acos, sympy.cos, sympy.sin) for rate in rates)
    for coupling, own, spins in ((1, Rational(1, 50), 2), (2, 30, 7), (Rational(1, 9), 1, 400)):
        put = {g: coupling, g_1: own, g_2: own, N: spins}
        numbers = [rate.subs(put).evalf() for rate in rates]
        assert numbers == sorted(numbers)


def test_pair_terms_reach_a_number_of_excited_cells_twice():
    """One cell and two charger spins: |0,2>, |1,1>, |0,0>, by two different terms of H."""
    solution = solve(SpinCharger(1, 2, anisotropy=gamma))
    assert set(solution.amplitudes) == {(0, 0), (1, 1), (0, 2)}
    without = solve(SpinCharger(1, 2, anisotropy=0)).energy
    assert (without - omega_0 * sin(sqrt(2) * g * t) ** 2).simplify() == 0


@pytest.mark.parametrize("name", ["M=3", "M=6", "M=N=4", "detuned"])
def test_both_forms_are_one_function(name):
    model, initial = CASES[name]
    radicals, roots = (solve(model, initial, form=form) for form in ("radicals", "roots"))
    assert roots.form == "roots"
    values = {"chargers": 11, "charger_frequency": 2}
    given = {key: v for key, v in values.items() if key in radicals.parameters}
    with mpmath.workdps(50):
        one, other = (
            s.function("energy", "mpmath", **given)(Fraction(7, 9)) for s in (radicals, roots)
        )
        assert abs(one - other) < mpmath.mpf(10) ** -46


def test_radicals_exist_at_some_equal_sizes():
    for size in (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16):
        assert solve(SpinCharger(size, size), form="radicals").form == "radicals"
    for model in (SpinCharger(9, 9), SpinCharger(11, 11), SpinCharger(9, N)):
        with pytest.raises(symbattery.UnsolvedError, match="must be 'roots' here") as caught:
            solve(model, form="radicals")
        assert "8, 10, 12, 14 and 16" in str(caught.value)


@pytest.mark.parametrize("form", ["radical", "", 3])
def test_unknown_form(form):
    with pytest.raises(InvalidArgument, match="`form` must be one of"):
        solve(SpinCharger(3, N), form=form)


def test_three_by_three_beats_at_the_sum_and_difference():
    """√13 ± 2, from the mirror factors x² ± 4x - 9."""
    solution = solve(SpinCharger(3, 3))
    rates = [
        solution.definitions[rate] for motion in solution.motions.values() for rate in motion.rates
    ]
    assert rates == [sqrt(13) - 2, sqrt(13) + 2]


@pytest.mark.parametrize("initial", [None, dicke(1, 2)])
def test_sizes_are_named_by_excited_cells_and_frequency(initial):
    names = {name.name for name in solve(SpinCharger(3, 4), initial).definitions}
    sizes = {f"A_{k}_{r}" for k in range(4) for r in (1, 2)}
    assert names == {"lambda_1", "lambda_2"} | sizes


def test_explicit_has_no_named_quantities():
    solution = solve(SpinCharger(3, N)).explicit()
    assert not solution.definitions
    assert solution.energy.free_symbols == {N, g, omega_0, t}
    assert solution.verify(digits=30, points=1).digits == 30


@pytest.mark.parametrize("cells", [3, 4])
def test_many_charger_spins_are_a_cavity_run_backwards(cells):
    """N → ∞ at fixed N g², by SymPy: the frequencies of a full battery that meets the vacuum."""
    (spins,) = solve(SpinCharger(cells, N)).explicit().motions.values()
    (cavity,) = (
        solve(CavityCharger(cells), fock(0, excited_cells=cells)).explicit().motions.values()
    )
    for spin, emitted in zip(spins.rates, cavity.rates, strict=True):
        assert abs(limit(spin / sqrt(N), N, oo).evalf(40) - emitted.evalf(40)) < 1e-35


def test_formula_is_refused_where_its_chain_breaks():
    """With fewer charger spins than cells the symbolic chain would pass through a missing hop."""
    f = solve(SpinCharger(4, N)).function("energy")
    with pytest.raises(InvalidArgument, match="`chargers` must satisfy N >= 4"):
        f(1.0, chargers=3)
    with pytest.raises(InvalidArgument, match="`excited_chargers` must satisfy m <= N"):
        solve(SpinCharger(2, N), dicke(0, m)).function("energy")(
            1.0, chargers=3, excited_chargers=4
        )
    numbers = solve(SpinCharger(4, 3))
    assert numbers.verify(digits=30, points=1).digits == 30


ACCURATE = [*(f"M={n}" for n in range(3, 9)), "M=N=7", "cavity, 8 cells", "detuned", "crosstalk"]


@pytest.mark.parametrize("name", ACCURATE)
@pytest.mark.parametrize("size", [8, 300])
def test_emitted_functions_keep_their_digits(name, size):
    solution = solve(*CASES[name])
    cells = solution.model.cells
    values = {
        "chargers": size, "excited_chargers": size - 2, "photons": size,
        "charger_frequency": 1.25, "charger_crosstalk": 0.125, "cell_crosstalk": -0.25,
    }  # fmt: skip
    given = {key: v for key, v in values.items() if key in solution.parameters}
    fast, exact = (solution.function("energy", b, **given) for b in ("numpy", "mpmath"))
    hops = [h.subs({N: size, m: size - 2, n: size, g: 1}) for h in solution.sectors[0].hops_squared]
    early, late = np.geomspace(1e-12, 1e-2, 25), np.random.default_rng(3).uniform(0.01, 40, 25)
    assert_accurate(fast, exact, early, late, 2 * float(max(hops)) ** 0.5, cells)


def test_solutions_are_cached_and_expanded_lazily():
    one = solve(SpinCharger(7, N))
    assert solve(SpinCharger(7, N)) is one
    assert "energy" not in vars(solve(SpinCharger(Integer(6), N, coupling=3)))
