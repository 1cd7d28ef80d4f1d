"""The solutions whose exported formulas are typeset and read back, and results of all kinds."""

from symbattery import (
    CavityCharger,
    SpinCharger,
    dicke,
    fock,
    product,
    short_times,
    single_cell,
    solve,
    thermal_charger,
    two_cells,
)
from symbattery.limits.many_chargers import charger_limit, many_chargers
from symbattery.limits.strong_crosstalk import strong_crosstalk
from symbattery.symbols import M, N, g_1, g_2, gamma, m, n, omega_C, p_1

SOLUTIONS = {
    "single": single_cell,
    "single-m": lambda: single_cell(excited_chargers=m),
    "single-gamma": lambda: single_cell(1, anisotropy=gamma),
    "single-gamma-2": lambda: solve(SpinCharger(1, 2, anisotropy=gamma)),
    "detuned": lambda: solve(SpinCharger(1, N, charger_frequency=omega_C)),
    "two": two_cells,
    "two-m": lambda: two_cells(excited_chargers=m),
    "two-1": lambda: two_cells(1),
    "two-7": lambda: two_cells(7),
    "two-crosstalk": lambda: solve(SpinCharger(2, N, charger_crosstalk=g_1)),
    "two-both": lambda: solve(SpinCharger(2, 3, charger_crosstalk=g_1, cell_crosstalk=g_2)),
    "two-detuned": lambda: solve(SpinCharger(2, N, charger_frequency=omega_C)),
    **{f"N-{c}": lambda c=c: solve(SpinCharger(c, N)) for c in range(3, 9)},
    "m-3": lambda: solve(SpinCharger(3, N), dicke(0, m)),
    "m-5": lambda: solve(SpinCharger(5, N), dicke(0, m)),
    "m-8": lambda: solve(SpinCharger(8, N), dicke(0, m)),
    "3-4": lambda: solve(SpinCharger(3, 4)),
    "4-4": lambda: solve(SpinCharger(4, 4)),
    "8-8": lambda: solve(SpinCharger(8, 8)),
    "roots-4": lambda: solve(SpinCharger(4, N), form="roots"),
    "roots-9": lambda: solve(SpinCharger(9, N)),
    "roots-crosstalk": lambda: solve(SpinCharger(4, N, charger_crosstalk=g_1)),
    "cavity": lambda: solve(CavityCharger(2)),
    "cavity-n": lambda: solve(CavityCharger(3), fock(n, excited_cells=0)),
    "cavity-6": lambda: solve(CavityCharger(6), fock(n, excited_cells=0)),
    "dark": lambda: solve(SpinCharger(2, 3), dicke(0, 0)),
    "flipped": lambda: solve(SpinCharger(2, 4), product([1, 0], [1] * 4)),
    "thermal": thermal_charger,
    "thermal-1-4": lambda: thermal_charger(cells=1, chargers=4, thermal=4),
    "thermal-2-8": lambda: thermal_charger(chargers=8, thermal=8),
    "thermal-1-N": lambda: thermal_charger(cells=1, chargers=N, thermal=N),
    "thermal-2-N": lambda: thermal_charger(chargers=N, thermal=N),
    "one-thermal-2-N": lambda: thermal_charger(chargers=N),
    "half-up": lambda: solve(SpinCharger(2, 2 * m), product([0, 0], [(1, m), (0, m)])),
    "thermal-3-N": lambda: solve(SpinCharger(3, N), product([0] * 3, [(p_1, N)])),
    "up-3": lambda: solve(SpinCharger(3, N), product([0] * 3, [(1, m), (0, N - m)])),
}

RESULTS = {
    "expansion": lambda: short_times(SpinCharger(M, N, anisotropy=gamma), dicke(0, m), order=4),
    "maximum": lambda: two_cells(excited_chargers=m).maximum(),
    "approached": lambda: solve(SpinCharger(3, 4)).maximum(),
    "power": lambda: two_cells().max_power(),
    "power-3-4": lambda: solve(SpinCharger(3, 4)).max_power(),
    "many chargers": lambda: many_chargers(two_cells(), 2),
    "limit": lambda: charger_limit(solve(SpinCharger(3, N))),
    "crosstalk": lambda: strong_crosstalk(SpinCharger(2, N, charger_crosstalk=g_1)),
    "crosstalk-M": lambda: strong_crosstalk(SpinCharger(M, N, charger_crosstalk=g_1), dicke(0, m)),
    **{f"comparison-{i}": lambda i=i: two_cells().comparisons()[i] for i in range(6)},
}
