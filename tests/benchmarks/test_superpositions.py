"""A coherent start of 100 photons with 100 cells, at 201 times, against QuTiP's sesolve.

``python -m pytest tests/benchmarks/test_superpositions.py --benchmark-enable -s`` measures both in
one run, theirs as coarsely as an error below 1e-9 M ω0 allows, and prints the ratio and both
errors: ours at γ = 0 from sums over photon numbers, each evolved by itself. In an ordinary run
every case runs once at a small size and nothing is timed.
"""

import numpy as np
import pytest
from scipy import sparse
from scipy.special import gammaln

from numerics import CavityCharger, charge, coherent, fock
from tests.benchmarks.measure import sesolve, timed

TIMES = 201


def whole(model, photons):
    """H on cells and photons up to a number, without what is conserved, and the excited cells."""
    cells = model.cells
    k, n = np.arange(cells), np.arange(photons)
    up = sparse.diags_array(np.sqrt((k + 1.0) * (cells - k)), offsets=-1)
    more = sparse.diags_array(np.sqrt(n + 1.0), offsets=-1)
    exchange = sparse.kron(up, more.T) + model.anisotropy * sparse.kron(up, more)
    levels = np.repeat(np.arange(cells + 1.0), photons + 1)
    own = levels + np.tile(np.arange(photons + 1.0), cells + 1)
    free = float(model.frequency or 0) * sparse.diags_array(own) if model.anisotropy else 0 * up
    matrix = exchange + exchange.T
    return (matrix + free if model.anisotropy else matrix), levels


def poisson(mean, photons):
    """The amplitudes of a coherent state."""
    n = np.arange(photons + 1)
    return np.exp((n * np.log(mean) - mean - gammaln(n + 1)) / 2)


@pytest.mark.parametrize("gamma", [0, 0.2])
@pytest.mark.parametrize("method", ["adams", "vern7", "dop853"])
def test_against_qutip(benchmark, method, gamma):
    qutip = pytest.importorskip("qutip", minversion="5", reason="QuTiP 5 is in the extra `bench`")
    cells = 5 if benchmark.disabled else 100
    frequency = 20.0 if gamma else None
    model, start = (
        CavityCharger(cells, anisotropy=gamma, frequency=frequency), coherent(mean_photons=cells)
    )  # fmt: skip
    # 1.5 times the time of the first peak at γ = 0.
    times = np.linspace(0, 3.55 / np.sqrt(cells), TIMES) * (0.5 if gamma else 1)

    def ours():
        return charge(model, start).energy(times) / (frequency or 1)

    energies = benchmark.pedantic(ours, rounds=3)
    photons = int(cells + 14 * np.sqrt(cells) + 20 + (cells if gamma else 0))
    matrix, levels = whole(model, photons)
    state = qutip.Qobj(np.kron(np.eye(cells + 1)[0], poisson(cells, photons)).astype(complex))
    for tolerance in (1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12):
        options = {"method": method, "rtol": tolerance, "atol": tolerance / 100}
        solved = sesolve(matrix, levels, 0, **options)
        theirs, found = timed(lambda solved=solved: np.real(solved(times, state).expect[0]))
        their_error = np.abs(found - energies).max() / cells
        if their_error < 1e-9:
            break
    seconds, _ = timed(ours, 1 if benchmark.disabled else 9)
    assert their_error < 1e-9
    our_error = their_error
    if not gamma:
        rows = [20, 133, 200]
        weights = poisson(cells, photons) ** 2
        alone = sum(
            weight * charge(CavityCharger(cells), fock(n)).energy(times[rows])
            for n, weight in enumerate(weights) if weight > 1e-18
        )  # fmt: skip
        our_error = np.abs(alone - energies[rows]).max() / cells
        assert our_error < 1e-12
    if not benchmark.disabled:
        print(f"\nQuTiP sesolve, {method}, γ = {gamma}, {cells} cells, {cells} photons:", end=" ")
        print(f"ours {seconds:.3g} s (error ≤ {our_error:.1e} M ω0),", end=" ")
        print(f"theirs {theirs:.3g} s (error {their_error:.1e} M ω0),", end=" ")
        print(f"ratio {theirs / seconds:.1f}")
