"""One clear error that names the argument, before any work starts: the symbolic side."""

import pytest
from sympy import I, Symbol, nan, oo

from symbattery import (
    CavityCharger,
    InvalidArgument,
    SpinCharger,
    UnsolvedError,
    dicke,
    fock,
    product,
    short_times,
    single_cell,
    solve,
    thermal,
    thermal_charger,
    two_cells,
)
from symbattery.symbols import N, m, p_1

real = Symbol("x", real=True)
bare = Symbol("y")
loose = Symbol("s")

BAD = [
    (lambda: single_cell(0), "chargers"),
    (lambda: single_cell(-1), "chargers"),
    (lambda: single_cell(2.0), "chargers"),
    (lambda: single_cell("3"), "chargers"),
    (lambda: single_cell(None), "chargers"),
    (lambda: single_cell(True), "chargers"),
    (lambda: single_cell(bare), "chargers"),
    (lambda: single_cell(real), "chargers"),
    (lambda: single_cell(4, excited_chargers=0), "excited_chargers"),
    (lambda: single_cell(4, excited_chargers=5), "excited_chargers"),
    (lambda: single_cell(4, excited_chargers=1.5), "excited_chargers"),
    (lambda: single_cell(4, excited_chargers=bare), "excited_chargers"),
    (lambda: single_cell(N, excited_chargers=N + 1), "excited_chargers"),
    (lambda: single_cell(1, anisotropy=2), "anisotropy"),
    (lambda: single_cell(1, anisotropy=-0.1), "anisotropy"),
    (lambda: single_cell(1, anisotropy=float("nan")), "anisotropy"),
    (lambda: single_cell(1, anisotropy=I), "anisotropy"),
    (lambda: two_cells(0), "chargers"),
    (lambda: two_cells(nan), "chargers"),
    (lambda: two_cells(oo), "chargers"),
    (lambda: two_cells(4, excited_chargers=7), "excited_chargers"),
    (lambda: two_cells(4, excited_chargers="all"), "excited_chargers"),
    (lambda: thermal_charger(cells=0), "cells"),
    (lambda: thermal_charger(cells=3), "cells"),
    (lambda: thermal_charger(cells=N), "cells"),
    (lambda: thermal_charger(chargers=bare, thermal=bare), "chargers"),
    (lambda: thermal_charger(chargers=N, thermal=m), "thermal"),
    (lambda: thermal_charger(chargers=3, thermal=m), "thermal"),
    (lambda: thermal_charger(chargers=N, thermal=N + 1), "thermal"),
    (lambda: thermal_charger(chargers=0), "chargers"),
    (lambda: thermal_charger(thermal=0), "thermal"),
    (lambda: thermal_charger(thermal=3), "thermal"),
    (lambda: thermal_charger(population=1.2), "population"),
    (lambda: thermal_charger(population=-p_1 - 1), "population"),
    (lambda: thermal_charger(population=nan), "population"),
    (lambda: thermal_charger(population=None), "population"),
    (lambda: solve("two cells"), "model"),
    (lambda: solve(None), "model"),
    (lambda: solve(SpinCharger(N, 2)), "cells"),
    (lambda: solve(SpinCharger(2, bare)), "chargers"),
    (lambda: solve(SpinCharger(2, 2, coupling=real)), "coupling"),
    (lambda: solve(SpinCharger(2, 2, frequency=bare)), "frequency"),
    (lambda: solve(SpinCharger(2, 2), "up"), "initial"),
    (lambda: solve(SpinCharger(2, 2), fock(2)), "initial"),
    (lambda: solve(CavityCharger(2), dicke(0, 2)), "initial"),
    (lambda: solve(CavityCharger(2), fock(bare)), "photons"),
    (lambda: solve(SpinCharger(2, 2), dicke(3, 2)), "initial.excited_cells"),
    (lambda: solve(SpinCharger(2, 2), dicke(N, 2)), "initial.excited_cells"),
    (lambda: solve(SpinCharger(2, 2), product([0], [1, 1])), "cell_populations"),
    (lambda: solve(SpinCharger(2, N), product([0, 0], [1, 1])), "chargers"),
    (lambda: solve(SpinCharger(2, N), thermal(cell_population=p_1, charger_population=p_1)),
     "chargers"),
    (lambda: solve(SpinCharger(2, N), product([1, 0], [(p_1, N)])), "chargers"),
    (lambda: solve(SpinCharger(2, N), product([0, 0], [(1, m), (p_1, N - m)])),
     "charger_populations"),
    (lambda: solve(SpinCharger(2, N), product([0, 0], [(1, m), (0, N)])), "charger_populations"),
    (lambda: solve(SpinCharger(2, N), product([0, 0], [(1, loose), (0, N - loose)])), "spins"),
    (lambda: solve(SpinCharger(2, N), product([(0, m), (1, 2 - m)], [(p_1, N)])),
     "cell_populations"),
    (lambda: short_times(SpinCharger(2, N), thermal(charger_population=p_1)), "chargers"),
    (lambda: solve(CavityCharger(1), thermal(charger_inverse_temperature=1)),
     "charger_inverse_temperature"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "named"), BAD)
def test_error_names_the_argument(act, named):
    with pytest.raises((InvalidArgument, UnsolvedError), match=f"`{named}` must"):
        act()
