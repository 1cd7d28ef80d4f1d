r"""γ ≠ 0: E(t) and its maxima against QuTiP, ``expm_multiply`` and bare sparse products.

``python -m pytest tests/benchmarks/test_grids.py --benchmark-enable -s`` measures and prints ours,
theirs, their ratio and *both* errors, in units of M ω0, against 80-bit values (`extended`). In an
ordinary run every case runs once at a small size and nothing is timed.
"""

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.linalg import expm_multiply

from numerics import SpinCharger, charge
from numerics.model.problem import doubles
from numerics.sectors.grids import grids
from numerics.sectors.starts import starts
from tests.benchmarks.measure import apart, timed
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


def report(case, ours, theirs, our_error, their_error):
    print(f"\n{case}: ours {ours:.3g} s (error {our_error:.1e} M ω0),", end=" ")
    print(f"theirs {theirs:.3g} s (error {their_error:.1e} M ω0), ratio {theirs / ours:.1f}")


def qutip_energies(cells, times, method, tolerance):
    qutip = pytest.importorskip("qutip", minversion="5", reason="QuTiP 5 is in the extra `bench`")
    matrix, site, levels = sector(cells)
    hamiltonian = qutip.Qobj(sparse.csr_matrix(matrix, dtype=complex))
    excited = qutip.Qobj(sparse.csr_matrix(sparse.diags_array(levels), dtype=complex))
    start = qutip.basis(len(levels), site)
    options = {"method": method, "rtol": tolerance, "atol": tolerance / 100}
    options |= {"nsteps": 10**7, "progress_bar": ""}

    def run():
        result = qutip.sesolve(hamiltonian, start, times, e_ops=[excited], options=options)
        return np.real(result.expect[0])

    return run


@pytest.mark.parametrize("method", ["adams", "vern7", "dop853"])
def test_against_qutip(benchmark, method):
    """The default method, and the two that are fastest here, each just accurate enough."""
    cells = 12 if benchmark.disabled else 100
    times, exact = prepared(cells)
    benchmark.pedantic(lambda: charge(battery(cells)).energy(times), rounds=3)
    for tolerance in (1e-7, 1e-8, 1e-9, 1e-10):
        run = qutip_energies(cells, times, method, tolerance)
        theirs, their_energies = timed(run, 1 if benchmark.disabled else 3)
        if worst(their_energies, exact, cells) < 1e-9:
            break
    ours, energies = timed(lambda: charge(battery(cells)).energy(times), 9)
    assert worst(energies, exact, cells) < 1e-12
    assert worst(their_energies, exact, cells) < 1e-9
    if not benchmark.disabled:
        case = f"QuTiP sesolve, {method}, rtol {tolerance:g}, M = N = {cells}, {TIMES} times"
        report(
            case, ours, theirs, worst(energies, exact, cells), worst(their_energies, exact, cells)
        )


def test_against_expm_multiply(benchmark):
    cells = 12 if benchmark.disabled else 100
    times, exact = prepared(cells)
    matrix, site, levels = sector(cells)
    start = np.zeros(len(levels), dtype=complex)
    start[site] = 1

    def theirs_run():
        states = expm_multiply(-1j * matrix, start, start=0, stop=times[-1], num=TIMES)
        return np.abs(states) ** 2 @ levels

    benchmark.pedantic(lambda: charge(battery(cells)).energy(times), rounds=3)
    theirs, their_energies = timed(theirs_run, 1 if benchmark.disabled else 3)
    ours, energies = timed(lambda: charge(battery(cells)).energy(times), 9)
    assert worst(energies, exact, cells) < 1e-12
    if not benchmark.disabled:
        case = f"expm_multiply, M = N = {cells}, {TIMES} times"
        report(
            case, ours, theirs, worst(energies, exact, cells), worst(their_energies, exact, cells)
        )


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

print(json.dumps({"search": search, "count": count, "plain": plain, "plain_count": plain_count,
    "memory": memory, "value": peak.value, "states": (cells + 1) ** 2 // 2 + 1}))
"""

_BARE = """
import json, sys, time
import numpy as np
from numerics import SpinCharger
from numerics.sectors.grids import grids
from numerics.sectors.starts import starts
from numerics.model.problem import doubles

cells, count = int(sys.argv[1]), 2000
problem = doubles(SpinCharger(cells, cells, coupling=0.1, anisotropy=0.2))
(grid,) = grids(problem, starts(problem))
matrix = grid.block().matrix
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
            count = found["count" if what == "search" else "plain_count"]
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
        peak = charge(battery(cells)).first_peak().time
        times = np.linspace(0, peak, 16)
        model = battery(cells)
        once, _ = timed(lambda m=model, t=times: charge(m).energy(t), 3)
        seconds.append(once)
    benchmark.pedantic(lambda: charge(battery(sizes[0])).first_peak(), rounds=1)
    if not benchmark.disabled:
        exponent = np.polyfit(np.log(sizes), np.log(seconds), 1)[0]
        shown = ", ".join(f"{m}: {s:.3f} s" for m, s in zip(sizes, seconds, strict=True))
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
