r"""Open batteries against QuTiP: a product of two permutation-symmetric Liouvillians of its own.

``python -m pytest tests/benchmarks/test_open_batteries.py --benchmark-enable -s`` prints ratios of
medians, each with the generator built anew. In an ordinary run one small case runs once.
"""

import time

import numpy as np
import pytest

from numerics import SpinCharger, certified, charge, dephasing, loss, pump
from tests.benchmarks.measure import apart, peak_memory, timed
from tests.benchmarks.test_figures_of_merit import shown

RATES = {"loss": 0.1, "dephasing": 0.05}


def ours(model, times):
    noise = [loss("cells", RATES["loss"]), dephasing("chargers", RATES["dephasing"])]
    return charge(model, noise=noise).energy(times)


def piqs(model, times):
    """As its users write it, with tolerances that just reach 1e-9."""
    qutip = pytest.importorskip("qutip", minversion="5", reason="QuTiP 5 is in the extra `bench`")
    dicke = pytest.importorskip("qutip.piqs.piqs")
    size = model.cells
    own, other = dicke.Dicke(size), dicke.Dicke(size)
    own.emission, other.dephasing = RATES["loss"], RATES["dephasing"]
    raising = dicke.jspin(size, "+", basis="dicke")
    coupling = qutip.tensor(raising, raising.dag())
    one = qutip.qeye(raising.shape[0])
    generator = qutip.liouvillian(coupling + coupling.dag())
    for side, place in ((own, 0), (other, 1)):
        parts = [qutip.to_super(one)] * 2
        parts[place] = side.lindbladian()
        generator = generator + qutip.super_tensor(*parts)
    start = qutip.tensor(
        dicke.dicke(size, size / 2, -size / 2), dicke.dicke(size, size / 2, size / 2)
    )
    number = dicke.jspin(size, "z", basis="dicke") + size / 2 * one
    options = {"nsteps": 10**7, "progress_bar": "", "rtol": 1e-9, "atol": 1e-10}
    excited = qutip.tensor(number, one)
    return np.real(
        qutip.mesolve(generator, start, times, e_ops=[excited], options=options).expect[0]
    )


@pytest.mark.parametrize("cells", [5, 6])
def test_against_a_product_of_liouvillians(benchmark, cells):
    cells = 2 if benchmark.disabled else cells
    model = SpinCharger(cells, cells)
    times = np.linspace(0, 1.5 * charge(model).first_peak().time, 201)
    error = np.abs(ours(model, times) - piqs(model, times)).max()
    assert error < 1e-6 * cells
    case = f"open, M = N = {cells}, 201 times, QuTiP's error {error / cells:.0e} M ω0"
    shown(benchmark, case, lambda: piqs(model, times), lambda: ours(model, times), 3, "ours")


def large(cells, together):
    """Elements, seconds and gigabytes of a charging at 201 times."""
    model = SpinCharger(cells, cells)
    times = np.linspace(0, 1.5 * charge(model).first_peak().time, 201)
    kinds = (loss, "cells", 0.1), (dephasing, "chargers", 0.05), (pump, "cells", 0.02)
    begin = time.perf_counter()
    noisy = charge(
        model, noise=[kind(side, rate, collective=together) for kind, side, rate in kinds]
    )
    energy = noisy.energy(times)
    seconds = time.perf_counter() - begin
    assert 0.5 * cells < energy.max() < cells
    return len(noisy._dynamics.block.start), seconds, peak_memory() / 1e9


SCRIPT = """
import json, sys
from tests.benchmarks.test_open_batteries import large
print(json.dumps(large(int(sys.argv[1]), sys.argv[2] == "True")))
"""


@pytest.mark.parametrize(
    ("cells", "together", "gigabytes"),
    [(10, False, 2), (20, False, 2), (30, False, 8), (50, True, 2), (100, True, 8)],
)
def test_larger(benchmark, cells, together, gigabytes):
    """Loss and pumping of the cells, and dephasing of the charger: every element is reached."""
    if benchmark.disabled:
        benchmark.pedantic(large, args=(3, together), rounds=1)
        return
    run = benchmark.pedantic(lambda: apart(SCRIPT, cells, together), rounds=1)
    elements, seconds, memory = run
    assert memory < gigabytes
    kind = "collective" if together else "local"
    print(
        f"\nopen, {kind}, M = N = {cells}, {elements} elements, 201 times: "
        f"{seconds:.3g} s, {memory:.2g} GB"
    )


# Storage, and what the charger is asked for


@pytest.mark.parametrize("quantity", ["negativity", "coherence"])
def test_with_the_charger(benchmark, quantity):
    cells = 3 if benchmark.disabled else 10
    model, noise = SpinCharger(cells, cells), [loss("cells", 0.1), dephasing("chargers", 0.05)]
    times = np.linspace(0, 1.5 * charge(model).first_peak().time, 51)

    def run():
        return getattr(charge(model, noise=noise), quantity)(times)

    benchmark.pedantic(run, rounds=1)
    if not benchmark.disabled:
        print(f"\nopen, M = N = {cells}, {quantity} at 51 times: {timed(run, 3)[0]:.3g} s")


@pytest.mark.parametrize("cells", [5, 10])
def test_proven_digits(benchmark, cells):
    cells = 2 if benchmark.disabled else cells
    model, noise = SpinCharger(cells, cells), [loss("cells", "0.1"), pump("chargers", "0.05")]

    def run():
        return certified.energy(model, "0.5", digits=50, noise=noise)

    benchmark.pedantic(run, rounds=1)
    if not benchmark.disabled:
        print(f"\nopen, M = N = {cells}, 50 proven digits: {timed(run)[0]:.3g} s")
