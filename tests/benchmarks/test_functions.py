"""How long emitted functions take, against ``np.sin`` of the same array in the same run.

``python -m pytest tests/benchmarks/test_functions.py --benchmark-enable -s`` measures; in an
ordinary run each case is computed once and nothing is timed.
"""

import statistics

import mpmath
import numpy as np
import pytest

from symbattery import SpinCharger, solve, two_cells
from symbattery.symbols import N
from tests.benchmarks.measure import timed

TIMES = np.linspace(0, 50, 10**6)
_ROUNDS = 15


def with_numexpr():
    pytest.importorskip("numexpr", reason="the extra numexpr is not installed")
    return two_cells().function("energy", "numexpr", chargers=4)


# what is computed, how many sines it is set against, and how many times as long it may take
CASES = {
    "two cells, numpy": (lambda: two_cells().function("energy", chargers=4), 1, 2),
    "two cells, numexpr": (with_numexpr, 1, 1.3),
    "eight cells, numpy": (lambda: solve(SpinCharger(8, N)).function("energy", chargers=20), 4, 5),
}


def medians(ours, theirs):
    """Median times, taken in turns so that both see the same machine."""
    taken = [(timed(ours)[0], timed(theirs)[0]) for _ in range(_ROUNDS)]
    ratio = statistics.median(a / b for a, b in taken)
    return *map(statistics.median, zip(*taken, strict=True)), ratio


@pytest.mark.parametrize("name", CASES)
def test_a_million_times(benchmark, name):
    build, sines, aim = CASES[name]
    f = build()
    values = benchmark(f, TIMES)
    assert values.shape == TIMES.shape
    assert values[0] == 0
    if benchmark.disabled:
        return
    phases = [k * TIMES for k in range(1, sines + 1)]
    ours, theirs, ratio = medians(lambda: f(TIMES), lambda: [np.sin(p) for p in phases])
    print(f"\n{name}: E(t) {1e3 * ours:.1f} ms, {sines} np.sin {1e3 * theirs:.1f} ms")
    print(f"ratio {ratio:.2f}, aim {aim}")


@pytest.mark.parametrize("cells", [2, 3])
def test_very_many_parameters(benchmark, cells):
    """Sets of parameters that all differ, against 256 bits for each of them."""
    f = solve(SpinCharger(cells, N)).function("energy")
    count = 10**5 if not benchmark.disabled else 10**3
    sizes = np.arange(cells, cells + count)
    assert benchmark(f, 0.7, sizes).shape == sizes.shape
    if benchmark.disabled:
        return
    few, constants = sizes[:: count // 500].tolist(), f._constants
    with mpmath.workprec(256):
        points = [[mpmath.mpf(v) for v in (n, 1, 1)] for n in few]
        theirs = timed(lambda: [constants._define(*point) for point in points])[0] / len(few)
    ours = timed(lambda: f(0.7, sizes))[0] / count
    print(f"\n{cells} cells, a set: E {1e6 * ours:.2f} µs, its constants in mpmath ", end="")
    print(f"{1e6 * theirs:.0f} µs\nratio {theirs / ours:.0f}")
