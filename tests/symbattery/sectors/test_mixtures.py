"""Product states as mixtures over (j, m)."""

from fractions import Fraction
from functools import reduce
from itertools import product as tuples

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, S, binomial, simplify

from symbattery.sectors.mixtures import excited_spins, irreps
from symbattery.symbols import p_1

populations = st.lists(
    st.fractions(min_value=0, max_value=1, max_denominator=12), min_size=1, max_size=6
)


@given(populations)
def test_excited_spins_by_counting(values):
    """Against the sum over all 2^N arrangements."""
    counted = dict.fromkeys(range(len(values) + 1), Fraction(0))
    for bits in tuples((0, 1), repeat=len(values)):
        weight = Fraction(1)
        for bit, p in zip(bits, values, strict=True):
            weight *= p if bit else 1 - p
        counted[sum(bits)] += weight
    found = excited_spins([Rational(p.numerator, p.denominator) for p in values])
    assert {n: Rational(p.numerator, p.denominator) for n, p in counted.items() if p} == found


def test_symbolic_population_stays_in_factors():
    assert excited_spins([p_1] * 3)[2] == 3 * p_1**2 * (1 - p_1)
    assert simplify(sum(excited_spins([S.One, p_1, p_1]).values()) - 1) == 0


@pytest.mark.parametrize("spins", range(1, 9))
def test_shares_sum_to_one_and_count_all_states(spins):
    for excited in range(spins + 1):
        assert sum(irreps(spins, excited).values()) == 1
    multiplicity = {
        size: share * binomial(spins, spins // 2)
        for size, share in irreps(spins, spins // 2).items()
    }
    assert sum(d * (size + 1) for size, d in multiplicity.items()) == 2**spins


@pytest.mark.parametrize("spins", [2, 3, 4, 5])
def test_shares_by_diagonalising_the_total_spin(spins):
    """tr(Π_n P_j)/C(N, n) from explicit matrices of J²."""

    def total(matrix):
        return sum(
            reduce(np.kron, [matrix / 2 if i == site else np.eye(2) for i in range(spins)])
            for site in range(spins)
        )

    x, y, z = (np.array(m) for m in ([[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]))
    square = sum(total(axis) @ total(axis) for axis in (x, y, z))
    excitations = np.rint(np.diag(total(z)).real + spins / 2).astype(int)
    for excited in range(spins + 1):
        here = excitations == excited
        values = np.linalg.eigvalsh(square[np.ix_(here, here)])
        sizes = np.rint(np.sqrt(4 * values + 1) - 1).astype(int)
        for size, share in irreps(spins, excited).items():
            assert np.mean(sizes == size) == pytest.approx(float(share), abs=1e-12)


def test_one_flipped_spin_is_half_singlet():
    assert irreps(2, 1) == {2: Rational(1, 2), 0: Rational(1, 2)}
