"""Chains at γ = 0: E(t), first peak and P_max, against QuTiP and SciPy in the same run.

``python -m pytest tests/benchmarks/test_chains.py --benchmark-enable -s`` measures and prints ours,
theirs, the ratio and both errors, in units of M ω0, against extended precision
(`tests.systems.extended`: a Chebyshev recurrence in 64-bit mantissas). In an ordinary run small
models take the same ways once, and nothing is timed.
"""

import time
from functools import partial

import numpy as np
import pytest
from scipy import sparse
from scipy.linalg import eigh_tridiagonal
from scipy.optimize import minimize_scalar

from numerics import SpinCharger, certified, charge, thermal
from tests.benchmarks.measure import apart, growth, sesolve, timed
from tests.systems import extended

TIMES = 400


def window(cells):
    """Times to one and a half first peaks."""
    return np.linspace(0, 1.5 * charge(SpinCharger(cells, cells)).first_peak().time, TIMES)


def ours(cells, times):
    """E(t), first peak and largest power: everything from the start."""
    battery = charge(SpinCharger(cells, cells))
    return battery.energy(times), battery.first_peak(), battery.max_power()


def chain(cells):
    k = np.arange(cells)
    return (k + 1.0) * (cells - k)


def searched(found, times, energy):
    """A curve, then bounded searches for the largest E and E/t from the samples before them."""
    power = np.divide(found, times, out=np.zeros_like(found), where=times > 0)
    peaks = []
    for curve, scale in ((found, lambda t: 1.0), (power, lambda t: t)):
        i = int(np.clip(np.argmax(curve), 1, len(times) - 2))

        def depth(t, before=i - 1, scale=scale):
            return -float(energy(before, t)) / scale(t)

        around, precise = (times[i - 1], times[i + 1]), {"xatol": 1e-9 * times[-1]}
        peaks.append(minimize_scalar(depth, bounds=around, method="bounded", options=precise))
    return found, *peaks


def dense(cells, times):
    """The same by all eigenvectors, dense sums and scalar searches, as one would write it."""
    values, vectors = eigh_tridiagonal(np.zeros(cells + 1), chain(cells))
    levels, overlaps = np.arange(cells + 1), vectors[0][:, None]

    def energy(t):
        psi = vectors @ (np.exp(-1j * np.outer(values, np.atleast_1d(t))) * overlaps)
        return levels @ np.abs(psi) ** 2

    return searched(energy(times), times, lambda _, t: energy(t)[0])


# Tolerances with which each of QuTiP's integrators comes to an error of about 1e-10.
INTEGRATORS = {"adams": (1e-10, 1e-8), "vern7": (1e-9, 1e-7)}


def qutip_search(cells, times, method):
    """The same by ``sesolve``: the curve, then searches that start from the states around."""
    hamiltonian = sparse.diags_array([chain(cells)] * 2, offsets=[-1, 1])
    absolute, relative = INTEGRATORS[method]
    options = {"method": method, "atol": absolute, "rtol": relative}
    solved = sesolve(hamiltonian, np.arange(cells + 1.0), 0, **options)
    curve = solved(times, store=True)

    def energy(before, t):
        return solved([times[before], t], curve.states[before]).expect[0][-1]

    return searched(np.asarray(curve.expect[0]), times, energy)


def error(found, cells, times, every=40):
    """The largest error in units of M ω0, on some of the times."""
    wanted = extended.energies(cells, cells, times[::every])
    return float(np.max(np.abs(found[::every] - wanted))) / cells


def certified_error(found, cells, times, every):
    """The same against certified values."""
    model, digits = SpinCharger(cells, cells), {"digits": 20, "floats": True}
    proven = [certified.energy(model, float(time), **digits) for time in times[::every]]
    pairs = zip(found[::every], proven, strict=True)
    return max(abs(value - float(one.midpoint)) for value, one in pairs) / cells


THEIRS = {
    "dense": ("eigh_tridiagonal and dense sums", dense),
    "adams": ("QuTiP sesolve, its default adams", partial(qutip_search, method="adams")),
    "vern7": ("QuTiP sesolve, its fastest vern7", partial(qutip_search, method="vern7")),
}


@pytest.mark.parametrize("which", THEIRS)
def test_a_thousand_cells(benchmark, which):
    name, theirs = THEIRS[which]
    cells = 40 if benchmark.disabled else 1000
    times = window(cells)
    if benchmark.disabled:
        mine, their = benchmark(ours, cells, times), theirs(cells, times)
        assert error(mine[0], cells, times) < 1e-13
        assert error(their[0], cells, times) < 1e-7
        return
    ours_seconds, mine = timed(lambda: ours(cells, times), 7)
    their_seconds, their = timed(lambda: theirs(cells, times), 3)
    benchmark.pedantic(ours, args=(cells, times))
    for mine_at, their_at in zip(mine[1:], their[1:], strict=True):
        assert their_at.x == pytest.approx(mine_at.time, rel=1e-4)
        assert -their_at.fun == pytest.approx(mine_at.value, rel=1e-7)
    print(f"\nM = N = {cells}, E at {TIMES} times, first peak, P_max")
    print(f"ours {ours_seconds:.4f} s, error {error(mine[0], cells, times):.1e}")
    print(f"{name} {their_seconds:.3f} s, error {error(their[0], cells, times):.1e}")
    print(f"ratio {their_seconds / ours_seconds:.1f}")


_LONG = """
import json, sys, time
from tests.benchmarks.measure import peak_memory
from numerics import SpinCharger, charge
start = time.perf_counter()
cells = int(sys.argv[1])
battery = charge(SpinCharger(cells, cells))
first, power = battery.first_peak(), battery.max_power()
seconds = time.perf_counter() - start
memory = peak_memory() / 1e6
cpu = time.process_time()
print(json.dumps([seconds, cpu, memory, first.time, first.value, power.value]))
"""


@pytest.mark.parametrize(("cells", "megabytes"), [(10_000, 400), (100_000, 300), (1_000_000, 2000)])
def test_long_chains(benchmark, cells, megabytes):
    """Time and peak memory of a process of its own."""
    size = 3000 if benchmark.disabled else cells
    seconds, cpu, memory, when, energy, power = benchmark.pedantic(apart, args=(_LONG, size))
    assert memory < megabytes
    if benchmark.disabled:
        return
    print(f"\nM = N = {cells}: first peak and P_max in {seconds:.1f} s ({cpu:.1f} s of processor)")
    print(f"peak memory {memory:.0f} MB; E = {energy!r} at t = {when!r}, P_max = {power!r}")


def test_cost_grows_less_than_the_square(benchmark):
    """First peak and P_max along the chain, on a logarithmic fit."""
    sizes = np.array([200, 400] if benchmark.disabled else [4000, 8000, 16000, 32000])

    def seconds(cells):
        battery = charge(SpinCharger(int(cells), int(cells)))
        start = time.process_time()
        battery.first_peak()
        battery.max_power()
        return time.process_time() - start

    measured = [seconds(cells) for cells in sizes]
    benchmark.pedantic(seconds, args=(sizes[0],))
    if not benchmark.disabled:
        table, exponent = growth(sizes, measured)
        print(f"\nfirst peak and P_max ({table}): time grows as M^{exponent:.2f}")


def test_errors_up_to_three_first_peaks(benchmark):
    """The table of errors, and that they stay within 1e-11 and 1e-9."""
    sizes = (30,) if benchmark.disabled else (100, 300, 1000, 3000)
    if not extended.PRECISE:
        pytest.skip("longdouble is double here: nothing to compare with")
    benchmark.pedantic(lambda: charge(SpinCharger(sizes[0], sizes[0])).energy([0.1]))
    for cells in sizes:
        battery = charge(SpinCharger(cells, cells))
        times = np.linspace(0, 3 * battery.first_peak().time, 31)
        found = battery.energy(times)
        off = error(found, cells, times, every=1)
        proven = certified_error(found, cells, times, every=10)
        assert max(off, proven) < (1e-11 if cells <= 1000 else 1e-9)
        if not benchmark.disabled:
            print(f"\nM = N = {cells}: error {off:.1e} M ω0 up to three first peaks", end="")
            print(f" (at four times against certified values: {proven:.1e})", end="")


@pytest.mark.parametrize(
    ("name", "size", "state"),
    [
        ("thermal charger", 200, thermal(charger_population=0.85)),
        ("both sides thermal", 40, thermal(cell_population=0.1, charger_population=0.9)),
    ],
)
def test_mixed_states(benchmark, name, size, state):
    model = SpinCharger(6, 6) if benchmark.disabled else SpinCharger(size, size)
    peak = benchmark.pedantic(lambda: charge(model, state).first_peak())
    assert 0 < peak.value < model.cells
    if not benchmark.disabled:
        seconds, _ = timed(lambda: charge(model, state).first_peak(), 3)
        print(f"\n{name}, M = N = {size}: first peak in {seconds:.2f} s")
