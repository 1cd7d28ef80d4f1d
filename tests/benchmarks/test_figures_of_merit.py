r"""All figures of merit against E alone, and against QuTiP as its users write them.

``python -m pytest tests/benchmarks/test_figures_of_merit.py --benchmark-enable -s`` prints ratios
of medians. QuTiP: the states of ``sesolve``, ``ptrace`` and ``eigenenergies``, sorted as ergotropy
asks for, on all 2^(M+N) states or on the symmetric ones. In an ordinary run every case runs once at
a small size and nothing is timed.
"""

import numpy as np
import pytest

from numerics import SpinCharger, charge
from numerics.observables.table import OBSERVABLES
from tests.benchmarks.measure import timed
from tests.systems import oracle

COUPLING = 0.1


def battery(cells, anisotropy=0):
    return SpinCharger(cells, cells, coupling=COUPLING, anisotropy=anisotropy)


def shown(benchmark, case, ours, theirs, times, other="E alone"):
    """Runs both, ours and what it is compared with, in turn."""
    benchmark.pedantic(ours, rounds=1)
    repeats = 1 if benchmark.disabled else times
    pairs = [(timed(ours)[0], timed(theirs)[0]) for _ in range(repeats)]
    if not benchmark.disabled:
        ratio = np.median([a / b for a, b in pairs])
        one, two = np.median(pairs, axis=0)
        print(f"\n{case}: {one:.3g} s, {other} {two:.3g} s, ratio {ratio:.3g}")


def test_all_quantities_of_a_chain(benchmark):
    cells = 12 if benchmark.disabled else 1000
    model = battery(cells)
    times = np.linspace(0, 1.5 * charge(model).first_peak().time, 201)

    def everything():
        charged = charge(model)
        for name in OBSERVABLES:
            getattr(charged, name)(times)

    case = f"all {len(OBSERVABLES)} quantities, M = N = {cells}, 201 times"
    shown(benchmark, case, everything, lambda: charge(model).energy(times), 9)


def test_ergotropy_of_a_grid(benchmark):
    cells = 6 if benchmark.disabled else 100
    model = battery(cells, 0.2)
    times = np.linspace(0, 1.5 * charge(model).first_peak().time, 201)
    case = f"ergotropy at γ = 0.2, M = N = {cells}, 201 times"
    shown(
        benchmark,
        case,
        lambda: charge(model).ergotropy(times),
        lambda: charge(model).energy(times),
        5,
    )


def test_populations_of_a_million_cells(benchmark):
    cells = 100 if benchmark.disabled else 10**6
    model = SpinCharger(cells, cells, coupling=1 / cells)
    time = [3.0]
    case = f"populations, M = N = {cells}, one time"
    shown(
        benchmark,
        case,
        lambda: charge(model).populations(time),
        lambda: charge(model).energy(time),
        1,
    )


def qutip_ergotropy(hamiltonian, energies, start, times):
    """The ergotropy of the first part of a pure state, as one writes it with QuTiP."""
    qutip = pytest.importorskip("qutip", minversion="5", reason="QuTiP 5 is in the extra `bench`")
    options = {"nsteps": 10**7, "progress_bar": "", "rtol": 1e-9, "atol": 1e-11}
    result = []
    for state in qutip.sesolve(hamiltonian, start, times, options=options).states:
        reduced = state.ptrace(list(range(len(energies.dims[0]))))
        spectrum = np.sort(reduced.eigenenergies())[::-1]
        result.append(qutip.expect(energies, reduced) - spectrum @ np.sort(energies.diag().real))
    return np.array(result)


@pytest.mark.parametrize("basis", ["full", "Dicke"])
def test_ergotropy_against_qutip(benchmark, basis):
    """On 2^(M+N) states the full sense, on the symmetric levels that of these."""
    qutip = pytest.importorskip("qutip", minversion="5", reason="QuTiP 5 is in the extra `bench`")
    small, large = (2, 4) if benchmark.disabled else (8, 100)
    cells = small if basis == "full" else large
    model = battery(cells)
    times = np.linspace(0, 1.5 * charge(model).first_peak().time, 51)
    if basis == "full":
        up = qutip.Qobj(oracle.RAISE.real)
        spins = [
            qutip.tensor([up if i == j else qutip.qeye(2) for j in range(cells)])
            for i in range(cells)
        ]
        raising, one = sum(spins), qutip.tensor([qutip.qeye(2)] * cells)
        ground = qutip.tensor([qutip.basis(2, 1)] * cells)
        top = qutip.tensor([qutip.basis(2, 0)] * cells)
    else:
        raising, one = qutip.jmat(cells / 2, "+"), qutip.qeye(cells + 1)
        ground, top = qutip.basis(cells + 1, cells), qutip.basis(cells + 1, 0)
    counted = sum(s * s.dag() for s in spins) if basis == "full" else qutip.num(cells + 1)
    if basis == "Dicke":
        counted = qutip.qdiags([float(cells - k) for k in range(cells + 1)], 0)
    coupling = COUPLING * qutip.tensor(raising, raising.dag())
    hamiltonian, start = coupling + coupling.dag(), qutip.tensor(ground, top)
    sense = "full" if basis == "full" else "symmetric"

    def theirs():
        return qutip_ergotropy(hamiltonian, counted, start, times)

    found = charge(model).ergotropy(times, sense=sense)
    assert np.abs(found - theirs()).max() < 1e-5 * cells
    shown(
        benchmark,
        f"ergotropy ({sense}), M = N = {cells}, 51 times, {one.shape[0]} states a side",
        theirs,
        lambda: charge(model).ergotropy(times, sense=sense),
        3,
        "ours",
    )
