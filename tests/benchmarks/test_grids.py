r"""γ ≠ 0: E(t) and its maxima against QuTiP, ``expm_multiply`` and bare sparse products.

``python -m pytest tests/benchmarks/test_grids.py --benchmark-enable -s`` measures and prints ours,
theirs, their ratio and *both* errors, in units of M ω0, against 80-bit values (`extended`). In an
ordinary run every case runs once at a small size and nothing is timed.
"""

import numpy as np
import pytest
from scipy.sparse.linalg import expm_multiply

from numerics import SpinCharger, charge
from numerics.model.problem import doubles
from numerics.sectors.grids import grids
from numerics.sectors.starts import starts
from tests.benchmarks.measure import apart, growth, sesolve, timed
from tests.systems import extended

COUPLING, ANISOTROPY = 0.1, 0.2
TIMES = 201


def battery(cells):
    return SpinCharger(cells, cells, coupling=COUPLING, anisotropy=ANISOTROPY)


def sector(cells):
    """The whole parity sector as a CSR matrix, the start's site and the excited cells."""
    problem = doubles(battery(cells), None)
    (grid,) = grids(problem, starts(problem))
    block = grid.block()
    return block.matrix, int(block.sites[0]), block.levels


def worst(energies, exact, cells):
    """The largest error at the times of the exact values, in units of M ω0."""
    return max(abs(energies[i] - value) / cells for i, value in exact.items())


def prepared(cells):
    """Times to 1.5 first-peak times, and the 80-bit values at four of them."""
    times = np.linspace(0, 1.5 * charge(battery(cells)).first_peak().time, TIMES)
    rows = [20, 80, 133, TIMES - 1]
    values = extended.energies(cells, cells, times[rows], COUPLING, ANISOTROPY)
    return times, dict(zip(rows, values, strict=True))


def compared(benchmark, case, runs):
    """Ours against theirs, the first of some runs that is accurate to 1e-9."""
    cells = 12 if benchmark.disabled else 100
    times, exact = prepared(cells)
    benchmark.pedantic(lambda: charge(battery(cells)).energy(times), rounds=3)
    for run in runs(*sector(cells), times):
        theirs, their_energies = timed(run, 1 if benchmark.disabled else 3)
        their_error = worst(their_energies, exact, cells)
        if their_error < 1e-9:
            break
    ours, energies = timed(lambda: charge(battery(cells)).energy(times), 9)
    our_error = worst(energies, exact, cells)
    assert our_error < 1e-12
    assert their_error < 1e-9
    if not benchmark.disabled:
        print(f"\n{case}, M = N = {cells}, {TIMES} times:", end=" ")
        print(f"ours {ours:.3g} s (error {our_error:.1e} M ω0),", end=" ")
        print(f"theirs {theirs:.3g} s (error {their_error:.1e} M ω0), ratio {theirs / ours:.1f}")


@pytest.mark.parametrize("method", ["adams", "vern7", "dop853"])
def test_against_qutip(benchmark, method):
    """The default method, and the two that are fastest here, each just accurate enough."""

    def runs(matrix, site, levels, times):
        for tolerance in (1e-7, 1e-8, 1e-9, 1e-10):
            options = {"method": method, "rtol": tolerance, "atol": tolerance / 100}
            solved = sesolve(matrix, levels, site, **options)
            yield lambda solved=solved: np.real(solved(times).expect[0])

    compared(benchmark, f"QuTiP sesolve, {method}", runs)


def test_against_expm_multiply(benchmark):
    def runs(matrix, site, levels, times):
        start = np.eye(len(levels), dtype=complex)[site]
        between = {"start": 0, "stop": times[-1], "num": TIMES}
        yield lambda: np.abs(expm_multiply(-1j * matrix, start, **between)) ** 2 @ levels

    compared(benchmark, "expm_multiply", runs)


# In a process of its own, whose peak memory is that of the battery alone. Of the bare products the
# mean is taken, before the long runs (in a process of their own) and after: the machine may not be
# ours, and long runs share it, while a median of milliseconds would not.
_LARGE = """
import json, sys, time
import numpy as np
from numerics import SpinCharger, charge
from numerics.dynamics import chebyshev_recursion as recursion
from tests.benchmarks.measure import peak_memory

cells = int(sys.argv[1])
model = SpinCharger(cells, cells, coupling=0.1, anisotropy=0.2)
products, step = [0], recursion.Recursion._step
def counted(self, n, *rest):
    products[0] += n > 0
    return step(self, n, *rest)
recursion.Recursion._step = counted

begin = time.perf_counter()
battery = charge(model)
peak, power = battery.first_peak(), battery.max_power()
search, count = time.perf_counter() - begin, products[0]
begin, before = time.perf_counter(), products[0]
curve = charge(model)
curve.energy(np.linspace(0, 1.05 * peak.time, 33))
plain, plain_count = time.perf_counter() - begin, products[0] - before
memory = peak_memory()

print(json.dumps({"search": search, "search_count": count, "plain": plain,
    "plain_count": plain_count, "memory": memory, "value": peak.value,
    "states": (cells + 1) ** 2 // 2 + 1}))
"""

_BARE = """
import json, sys, time
import numpy as np
from tests.benchmarks.test_grids import sector

matrix, count = sector(int(sys.argv[1]))[0], 2000
vector = np.random.default_rng(1).normal(size=matrix.shape[0])
vector /= np.linalg.norm(vector)
begin = time.perf_counter()
for _ in range(count):
    matrix @ vector
print(json.dumps((time.perf_counter() - begin) / count))
"""


def test_against_bare_products(benchmark):
    cells = 40 if benchmark.disabled else 1000
    before = apart(_BARE, cells)
    found = benchmark.pedantic(apart, args=(_LARGE, cells), rounds=1)
    product = (before + apart(_BARE, cells)) / 2
    assert 0.5 * cells < found["value"] < cells
    assert found["memory"] < 2**30
    if not benchmark.disabled:
        for what in ("search", "plain"):
            count = found[f"{what}_count"]
            bare = count * product
            name = "first peak and P_max" if what == "search" else "E(t) at 33 times to the peak"
            print(f"\nM = N = {cells}, {found['states']} amplitudes, {name}: {found[what]:.1f} s,")
            print(f"as many ({count}) bare CSR products {bare:.1f} s,", end=" ")
            print(f"ratio {found[what] / bare:.2f}; peak memory {found['memory'] / 1e6:.0f} MB")


def test_growth_with_size(benchmark):
    """The exponent of the time to the first peak against M: 3, products of M² each, M of them."""
    sizes = [10, 20] if benchmark.disabled else [150, 250, 400, 600]
    seconds = []
    for cells in sizes:
        model = battery(cells)
        times = np.linspace(0, charge(model).first_peak().time, 16)
        seconds.append(timed(lambda m=model, t=times: charge(m).energy(t), 3)[0])
    benchmark.pedantic(lambda: charge(battery(sizes[0])).first_peak(), rounds=1)
    if not benchmark.disabled:
        shown, exponent = growth(sizes, seconds)
        print(f"\n16 times to the first peak, M = N = {shown}; fitted exponent {exponent:.2f}")


def test_errors_against_extended_precision(benchmark):
    """Up to three first-peak times, as tabulated: at most 1e-11 M ω0."""
    sizes = [6, 20] if benchmark.disabled else [20, 60, 100, 200]
    benchmark.pedantic(lambda: charge(battery(sizes[0])).first_peak(), rounds=1)
    for cells in sizes:
        model = charge(battery(cells))
        times = [share * model.first_peak().time for share in (0.3, 1.0, 3.0)]
        exact = extended.energies(cells, cells, times, COUPLING, ANISOTROPY)
        errors = np.abs(model.energy(times) - exact) / cells
        assert np.max(errors) < 1e-11
        if not benchmark.disabled:
            shown = ", ".join(f"{error:.1e}" for error in errors)
            print(f"\nM = N = {cells}, errors at 0.3, 1 and 3 first-peak times: {shown} M ω0")
