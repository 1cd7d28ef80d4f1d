"""Solutions of every kind by name: typeset, read back, exported; and results of other kinds."""

from functools import cache

from sympy import Rational

import symbattery as sb
from symbattery.symbols import M, N, g_1, g_2, gamma, m, n, omega_C, p_1

_PRINTED = {
    "single": sb.single_cell,
    "single-m": lambda: sb.single_cell(excited_chargers=m),
    "single-gamma": lambda: sb.single_cell(1, anisotropy=gamma),
    "single-gamma-2": lambda: sb.solve(sb.SpinCharger(1, 2, anisotropy=gamma)),
    "detuned": lambda: sb.solve(sb.SpinCharger(1, N, charger_frequency=omega_C)),
    "two": sb.two_cells,
    "two-m": lambda: sb.two_cells(excited_chargers=m),
    "two-1": lambda: sb.two_cells(1),
    "two-7": lambda: sb.two_cells(7),
    "two-crosstalk": lambda: sb.solve(sb.SpinCharger(2, N, charger_crosstalk=g_1)),
    "two-both": lambda: sb.solve(sb.SpinCharger(2, 3, charger_crosstalk=g_1, cell_crosstalk=g_2)),
    "two-detuned": lambda: sb.solve(sb.SpinCharger(2, N, charger_frequency=omega_C)),
    **{f"N-{c}": lambda c=c: sb.solve(sb.SpinCharger(c, N)) for c in range(3, 9)},
    "m-3": lambda: sb.solve(sb.SpinCharger(3, N), sb.dicke(0, m)),
    "m-5": lambda: sb.solve(sb.SpinCharger(5, N), sb.dicke(0, m)),
    "m-8": lambda: sb.solve(sb.SpinCharger(8, N), sb.dicke(0, m)),
    "3-4": lambda: sb.solve(sb.SpinCharger(3, 4)),
    "4-4": lambda: sb.solve(sb.SpinCharger(4, 4)),
    "8-8": lambda: sb.solve(sb.SpinCharger(8, 8)),
    "roots-4": lambda: sb.solve(sb.SpinCharger(4, N), form="roots"),
    "roots-9": lambda: sb.solve(sb.SpinCharger(9, N)),
    "roots-crosstalk": lambda: sb.solve(sb.SpinCharger(4, N, charger_crosstalk=g_1)),
    "cavity": lambda: sb.solve(sb.CavityCharger(2)),
    "cavity-n": lambda: sb.solve(sb.CavityCharger(3), sb.fock(n, excited_cells=0)),
    "cavity-6": lambda: sb.solve(sb.CavityCharger(6), sb.fock(n, excited_cells=0)),
    "dark": lambda: sb.solve(sb.SpinCharger(2, 3), sb.dicke(0, 0)),
    "flipped": lambda: sb.solve(sb.SpinCharger(2, 4), sb.product([1, 0], [1] * 4)),
    "thermal": sb.thermal_charger,
    "thermal-1-4": lambda: sb.thermal_charger(cells=1, chargers=4, thermal=4),
    "thermal-2-8": lambda: sb.thermal_charger(chargers=8, thermal=8),
    "thermal-1-N": lambda: sb.thermal_charger(cells=1, chargers=N, thermal=N),
    "thermal-2-N": lambda: sb.thermal_charger(chargers=N, thermal=N),
    "one-thermal-2-N": lambda: sb.thermal_charger(chargers=N),
    "half-up": lambda: sb.solve(sb.SpinCharger(2, 2 * m), sb.product([0, 0], [(1, m), (0, m)])),
    "thermal-3-N": lambda: sb.solve(sb.SpinCharger(3, N), sb.product([0] * 3, [(p_1, N)])),
    "up-3": lambda: sb.solve(sb.SpinCharger(3, N), sb.product([0] * 3, [(1, m), (0, N - m)])),
}

_PART = sb.mixture([(Rational(1, 3), sb.dicke(0, N)), (Rational(2, 3), sb.dicke(0, 1))])

_MORE = {
    "single-gamma-3": lambda: sb.single_cell(3, anisotropy=gamma),
    "two-explicit": lambda: sb.two_cells().explicit(),
    "two-numbers": lambda: sb.solve(sb.SpinCharger(2, 4, coupling=0.1, frequency=1.5)),
    "two-mixed": lambda: sb.solve(sb.SpinCharger(2, N), _PART),
    "warm": lambda: sb.solve(sb.SpinCharger(1, 2), sb.thermal(cell_population=p_1)),
    "3-3": lambda: sb.solve(sb.SpinCharger(3, 3)),
    "three-both": lambda: sb.solve(sb.SpinCharger(3, N, charger_crosstalk=g_1, cell_crosstalk=g_2)),
    "roots-9-12": lambda: sb.solve(sb.SpinCharger(9, 12)),
    "cavity-3": lambda: sb.solve(sb.CavityCharger(3)),
    "thermal-1-5": lambda: sb.thermal_charger(cells=1, chargers=5, thermal=2),
    "thermal-2-4": lambda: sb.thermal_charger(chargers=4, thermal=4),
}

# Each is derived once.
SOLUTIONS = {name: cache(make) for name, make in (_PRINTED | _MORE).items()}
PRINTED = {name: SOLUTIONS[name] for name in _PRINTED}

RESULTS = {
    "expansion": lambda: sb.short_times(
        sb.SpinCharger(M, N, anisotropy=gamma), sb.dicke(0, m), order=4
    ),
    "maximum": lambda: sb.two_cells(excited_chargers=m).maximum(),
    "approached": lambda: sb.solve(sb.SpinCharger(3, 4)).maximum(),
    "power": lambda: sb.two_cells().max_power(),
    "power-3-4": lambda: sb.solve(sb.SpinCharger(3, 4)).max_power(),
    "many chargers": lambda: sb.many_chargers(sb.two_cells(), 2),
    "limit": lambda: sb.charger_limit(sb.solve(sb.SpinCharger(3, N))),
    "crosstalk": lambda: sb.strong_crosstalk(sb.SpinCharger(2, N, charger_crosstalk=g_1)),
    "crosstalk-M": lambda: sb.strong_crosstalk(
        sb.SpinCharger(M, N, charger_crosstalk=g_1), sb.dicke(0, m)
    ),
    **{f"comparison-{i}": lambda i=i: sb.two_cells().comparisons()[i] for i in range(6)},
}
