"""How long a closed form takes, against ``Matrix.exp`` of SymPy in the same run.

``python -m pytest tests/benchmarks --benchmark-enable -s`` measures; in an ordinary run each case
is derived once and nothing is timed.
"""

import statistics
import subprocess

import pytest
from sympy import I, Matrix, sqrt

from symbattery import SpinCharger, solve
from symbattery.dynamics import solve as derivation
from symbattery.symbols import N, g, t
from tests.benchmarks.measure import apart

CASES = {
    "two cells": SpinCharger(2, N),
    "three cells": SpinCharger(3, N),
    "eight cells, radicals": SpinCharger(8, N),
    "sixteen by sixteen": SpinCharger(16, 16),
    "twenty cells, roots": SpinCharger(20, N),
}
_TIME_OUT = 60


def derive(model):
    """E(t) and every definition, not from the cache."""
    derivation._solved.cache_clear()
    solution = solve(model)
    return solution.energy, solution.definitions


@pytest.mark.parametrize("name", CASES)
def test_derivation(benchmark, name):
    energy, definitions = benchmark(derive, CASES[name])
    assert energy.has(t)
    assert definitions


def evolution(cells):
    """exp(−iHt) of the chain of all charger spins up, by SymPy."""
    H = Matrix.zeros(cells + 1)
    for k in range(cells):
        H[k, k + 1] = H[k + 1, k] = g * sqrt((k + 1) * (cells - k) * (k + 1) * (N - k))
    return (-I * t * H).exp()


def first_seconds(work):
    """The time of a call that is the first of its process, or None when it does not end."""
    script = f"""
from symbattery import SpinCharger
from symbattery.symbols import N
from tests.benchmarks.measure import timed
from tests.benchmarks.test_closed_forms import derive, evolution
print(timed(lambda: {work})[0])
"""
    try:
        return apart(script, timeout=_TIME_OUT)
    except subprocess.TimeoutExpired:
        return None


@pytest.mark.parametrize("cells", [2, 3])
def test_against_the_matrix_exponential(benchmark, cells):
    model = SpinCharger(cells, N)
    if benchmark.disabled:
        benchmark(derive, model)
        return
    ours = statistics.median(first_seconds(f"derive(SpinCharger({cells}, N))") for _ in range(5))
    theirs = first_seconds(f"evolution({cells})")
    benchmark.pedantic(derive, args=(model,))
    if theirs is None:
        print(f"\n{cells} cells: solve {ours:.3f} s, Matrix.exp over {_TIME_OUT} s")
        print(f"ratio over {_TIME_OUT / ours:.0f}")
    else:
        print(f"\n{cells} cells: solve {ours:.3f} s, Matrix.exp {theirs:.2f} s")
        print(f"ratio {theirs / ours:.0f}")
