r"""Groups of spins: E(t) and its maxima against as many bare sparse products.

``python -m pytest tests/benchmarks/test_groups.py --benchmark-enable -s`` measures both in turns,
in one run. In an ordinary run every case runs once at a small size and nothing is timed.
"""

import numpy as np
import pytest

from numerics import GroupedSpins, SpinGroup, charge
from numerics.dynamics import chebyshev_recursion, grid_evolution
from numerics.model.problem import doubles
from numerics.sectors.groups import group_grids
from numerics.sectors.starts import starts
from tests.benchmarks.measure import timed

TIMES = 33


def model(cells, gamma, chargers=1):
    """Cells in two groups, of which one is coupled half as strongly, on as many charger spins."""
    groups = [SpinGroup(cells), SpinGroup(cells, "0.5")]
    spins = [SpinGroup(2 * cells // chargers, i + 1) for i in range(chargers)]
    return GroupedSpins(groups, spins, coupling="0.1", anisotropy=gamma)


def bare(system):
    """The sector as a CSR matrix, and a vector."""
    problem = doubles(system)
    (grid,) = group_grids(problem, starts(problem))
    matrix = grid.block().matrix
    vector = np.random.default_rng(1).standard_normal(matrix.shape[0])
    return matrix, vector / np.linalg.norm(vector)


@pytest.mark.parametrize(("gamma", "chargers"), [("0", 1), ("0", 2), ("0.2", 1)])
@pytest.mark.parametrize("peaks", [1, 5])
def test_against_bare_products(benchmark, gamma, chargers, peaks, monkeypatch):
    cells, rounds = (4, 1) if benchmark.disabled else (20, 7)
    system, products = model(cells, gamma, chargers), [0]
    matrix, vector = bare(system)
    step = chebyshev_recursion.Recursion._step

    def counted(self, n, *rest):
        products[0] += n > 0
        return step(self, n, *rest)

    peak = charge(system).first_peak()
    times = np.linspace(0, 1.05 * peaks * peak.time, TIMES)
    with monkeypatch.context() as patch:
        # As many as the recursion takes, where eigenvectors are cheaper, too.
        patch.setattr(chebyshev_recursion.Recursion, "_step", counted)
        patch.setattr(grid_evolution, "DENSE_LIMIT", 0)
        energies = charge(system).energy(times)
    count = products[0]

    def multiplied():
        for _ in range(count):
            matrix @ vector

    def found():
        return charge(system).energy(times)

    pairs = [(timed(found)[0], timed(multiplied)[0]) for _ in range(rounds)]
    ours, theirs = np.median(pairs, axis=0)
    np.testing.assert_allclose(found(), energies, rtol=0, atol=1e-11 * 2 * cells)
    assert 0 < peak.value <= 2 * cells
    benchmark.pedantic(found, rounds=rounds)
    if not benchmark.disabled:
        print(
            f"\n{cells} + {cells} cells, {2 * cells} spins in {chargers} groups, {gamma = },",
            end="",
        )
        print(
            f" {matrix.shape[0]} states, {TIMES} times to {peaks} first peaks: {ours:.4f} s,",
            end="",
        )
        print(f" as many ({count}) bare CSR products {theirs:.4f} s, ratio {ours / theirs:.2f}")
