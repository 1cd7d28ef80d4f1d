"""Statements of papers on central spins, mediators and arrays: values, or deviations.

Each was read in an abstract and is tested in the reading that the test says.
"""

from functools import cache

import numpy as np
import pytest
from sympy import Symbol, simplify, sin, sqrt

from numerics import GroupedSpins, SpinGroup, charge, group_dicke
from symbattery import solve
from symbattery.symbols import N, g, omega_0, t


def test_one_central_spin_has_closed_forms_at_any_size():
    """ArXiv 2103.07828: as in the ledger, by the room of groups."""
    solution = solve(GroupedSpins([1], [N]))
    assert simplify(solution.energy - omega_0 * sin(sqrt(N) * g * t) ** 2) == 0
    power = solution.max_power()
    # tan φ = 2φ at the largest power, whatever the couplings.
    phase = float((power.time * g * sqrt(N)).evalf())
    assert np.tan(phase) == pytest.approx(2 * phase, rel=1e-12)


@cache
def row(length):
    """A row of so many spins: charger, mediators and battery, with one excitation."""
    table = [[int(abs(i - j) == 1) for j in range(length)] for i in range(length)]
    return charge(GroupedSpins([1], [1], [1] * (length - 2), couplings=table))


def test_work_extracted_through_an_array():
    """ArXiv 2508.19135: the ergotropy at maximal power decreases with the length L of a row.

    One excitation in a row of cavities is one in a row of spins. It does from L = 3 on; but a
    direct charger is at 0.689 ω0 there, below all of L = 3 … 7. Maximal stored energies decrease.
    """
    lengths = range(2, 9)
    work = [row(n).ergotropy(row(n).max_power().time) for n in lengths]
    assert np.all(np.diff(work[1:]) < 0)
    assert work[0] == pytest.approx(0.68916, abs=1e-5)
    assert max(work) == pytest.approx(0.87717, abs=1e-5)
    assert [w > work[0] for w in work[1:]] == [True] * 5 + [False]
    peaks = [row(n).first_peak().value for n in lengths]
    assert peaks[:2] == pytest.approx([1, 1], abs=1e-12)
    assert np.all(np.diff(peaks[1:]) < 0)


def test_one_mediator_passes_all_but_later():
    """Andolina et al. 2018 and arXiv 2305.05291, direct and mediated: one step more costs √2."""
    direct, mediated = (row(n).first_peak() for n in (2, 3))
    assert mediated.value == pytest.approx(direct.value, rel=1e-12)
    assert mediated.time / direct.time == pytest.approx(np.sqrt(2), rel=1e-12)
    assert mediated.value / mediated.time < direct.value / direct.time


def test_a_star_is_decided_by_its_couplings_alone():
    """ArXiv 2603.10853: a star has the largest early power.

    In the reading of one charger spin in the middle with Σ g² given, no arrangement of couplings
    to its cells changes E; among rows and stars of four spins with the same largest eigenvalue of
    the couplings the star, whose cells are all next to the charger, is first at early times.
    """
    h = [Symbol(f"h_{i}", real=True) for i in range(3)]
    star = solve(GroupedSpins([SpinGroup(1, x) for x in h], [1]))
    square = sum(x**2 for x in h)
    assert simplify(star.explicit().energy - omega_0 * sin(g * sqrt(square) * t) ** 2) == 0
    edges = {"star": [(0, 3), (1, 3), (2, 3)], "row": [(0, 1), (1, 2), (2, 3)]}
    power = {}
    for name, pairs in edges.items():
        table = np.zeros((4, 4))
        for i, j in pairs:
            table[i, j] = table[j, i] = 1
        table /= np.linalg.eigvalsh(table)[-1]
        model = GroupedSpins([1, 1, 1], [1], couplings=table.tolist())
        power[name] = charge(model, group_dicke([0, 0, 0], [1])).power(0.3)
    assert power["star"] > power["row"]
