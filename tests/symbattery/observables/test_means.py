"""Long-time means, against dephased diagonalisation and averages over long times."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.signal.windows import blackmanharris
from sympy import Rational, Sum, fraction, sqrt

import numerics
from numerics.model.checks import InvalidArgument
from symbattery import (
    CavityCharger,
    SpinCharger,
    aslatex,
    dicke,
    fock,
    mixture,
    product,
    solve,
    thermal,
    two_cells,
)  # fmt: skip
from symbattery.core.expressions import UnsolvedError
from symbattery.dynamics.long_time import mean_populations
from symbattery.sectors.chains import Chain
from symbattery.symbols import N, g, g_1, gamma, m, omega_0, omega_C, p_1
from tests.systems import figures_of_merit

THIRD = Rational(1, 3)
HOT = thermal(charger_population=p_1)
# Model, start, and numbers for the symbols.
CASES = {
    "one cell": (lambda N: SpinCharger(1, N), None, {N: 4}),
    "one cell, detuned": (
        lambda N, f: SpinCharger(1, N, 1, 1, charger_frequency=f), None, {N: 4, omega_C: 2}
    ),
    "one cell, pairs": (lambda a: SpinCharger(1, 3, 1, 1, a), None, {gamma: Fraction(1, 4)}),
    "two cells": (lambda N: SpinCharger(2, N), None, {N: 5}),
    "two cells, m": (lambda N, m: SpinCharger(2, N), lambda N, m: dicke(0, m), {N: 5, m: 3}),
    "two cells, short": (lambda N: SpinCharger(2, N), None, {N: 1}),
    "two cells, crosstalk": (
        lambda N, x: SpinCharger(2, N, 1, 1, charger_crosstalk=x), None, {N: 4, g_1: THIRD}
    ),
    "three cells": (lambda N: SpinCharger(3, N), None, {N: 4}),
    "from the middle": (lambda N: SpinCharger(3, N), lambda N: dicke(1, N - 1), {N: 4}),
    "four cells": (lambda N: SpinCharger(4, N), lambda N: dicke(2, N), {N: 4}),
    "five cells": (lambda N: SpinCharger(5, N), None, {N: 5}),
    "four cells, m": (lambda m: SpinCharger(4, 6), lambda m: dicke(0, m), {m: 4}),
    "numbers": (lambda: SpinCharger(3, 3, 2, 1, charger_frequency=THIRD), None, {}),
    "all crosstalk": (
        lambda: SpinCharger(2, 4, 1, 1, charger_crosstalk=THIRD, cell_crosstalk=-1), None, {}
    ),
    "short": (lambda: SpinCharger(4, 2), lambda: dicke(0, 1), {}),
    "at rest": (lambda: SpinCharger(2, 2), lambda: dicke(2, 2), {}),
    "irrational": (lambda: SpinCharger(2, 3, sqrt(2), 1, charger_frequency=sqrt(3)), None, {}),
    "both thermal": (
        lambda: SpinCharger(2, 2), lambda: thermal(cell_population=THIRD, charger_population=0.3),
        {},
    ),
    "flipped cell": (
        lambda: SpinCharger(2, 3), lambda: product([1, 0], [1, 1, 0]), {}
    ),
    "mixture": (
        lambda p: SpinCharger(3, 2), lambda p: mixture([(p, dicke(0, 2)), (1 - p, dicke(2, 1))]),
        {p_1: Fraction(1, 4)},
    ),
    "cavity": (lambda: CavityCharger(3, 1, 1, charger_frequency=2),
               lambda: fock(3, excited_cells=1), {}),
}  # fmt: skip


def built(name, values):
    model, initial, _ = CASES[name]
    return model(*values), initial and initial(*values)


@pytest.mark.parametrize("name", CASES)
def test_a_dephased_diagonalisation_has_the_same_means(name):
    symbols = CASES[name][2]
    values = {s: Rational(Fraction(str(v))) for s, v in symbols.items()} | {g: 1, omega_0: 1}
    s = solve(*built(name, symbols))
    model, initial = built(name, symbols.values())
    wanted = figures_of_merit.mean_populations(model, initial)
    found = [float(s.mean(f"p{k}").subs(values)) if k in s.populations else 0
             for k in range(len(wanted))]  # fmt: skip
    assert np.abs(found - wanted).max() < 1e-12
    gained = np.arange(len(wanted)) @ (wanted - numerics.charge(model, initial).populations(0.0))
    assert abs(float(s.mean("energy").subs(values)) - gained) < 1e-12
    assert s.mean("power") == 0


@pytest.mark.parametrize(
    ("model", "initial"),
    [
        (SpinCharger(2, 7), None),
        (SpinCharger(20, 30), None),
        (SpinCharger(6, 6, 1, 1, charger_frequency=THIRD), dicke(1, 5)),
        (SpinCharger(7, 8, 1, 1, cell_crosstalk=Rational(1, 5)), None),
    ],
)
def test_averages_over_long_times(model, initial):
    """A smooth window makes the average converge by powers of the time."""
    window = blackmanharris(200_001)
    times = np.linspace(0, 4000, len(window))
    s, charging = solve(model, initial), numerics.charge(model, initial)
    populations = window @ charging.populations(times) / window.sum()
    for k in (0, 1, model.cells):
        assert abs(float(s.mean(f"p{k}").subs(g, 1)) - populations[k]) < 1e-7
    energy = window @ charging.energy(times) / window.sum()
    assert abs(float(s.mean("energy").subs({g: 1, omega_0: 1})) - energy) < 1e-6


def test_known_means():
    assert two_cells().mean("energy") == N * (15 * N - 14) * omega_0 / (2 * (3 * N - 2) ** 2)
    for cells in range(1, 8):
        assert solve(SpinCharger(cells, cells)).mean("energy") == cells * omega_0 / 2


@pytest.mark.parametrize("cells", [3, 4, 5])
def test_symbols_give_a_rational_function_of_the_charger_spins(cells):
    found = solve(SpinCharger(cells, N)).mean("energy") / omega_0
    assert all(part.is_polynomial(N) for part in fraction(found.together()))
    assert found.free_symbols == {N}
    for chargers in (cells, cells + 3):
        assert found.subs(N, chargers) == solve(SpinCharger(cells, chargers)).mean("energy").subs(
            omega_0, 1
        )


def test_the_sum_over_a_thermal_charger():
    found = solve(SpinCharger(2, N), HOT).mean("energy")
    assert found.has(Sum)
    number = solve(SpinCharger(2, 4), HOT).mean("energy")
    at = {p_1: Rational(1, 3), omega_0: 1}
    assert found.subs({**at, N: 4}).doit() == number.subs(at)


def test_latex():
    assert aslatex(two_cells().mean("p1")) == r"\frac{N}{2 \left(3 N - 2\right)}"


@pytest.mark.parametrize("name", ["variance", "c1", "p9", "nothing", 3, None])
def test_what_is_no_linear_quantity_is_refused(name):
    with pytest.raises(InvalidArgument, match="`name` must be"):
        two_cells().mean(name)


def test_many_levels_with_symbols_are_refused():
    chain = Chain(tuple(range(40)), (g**2,) * 39, (g,) * 39 + (2 * g,), 0)
    with pytest.raises(UnsolvedError, match=r"`cells` must be smaller.* long-time means of 40"):
        mean_populations(chain, g)
