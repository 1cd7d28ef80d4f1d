"""Sectors from the ladder algebra."""

import pytest
from sympy import Integer, S, Symbol

from symbattery import UnsolvedError
from symbattery.model.symbols import N, g, gamma, m, n, omega_0, omega_C
from symbattery.sectors.chains import Couplings, Mode, Spin, chain_from

RESONANT = Couplings(g, S.Zero, omega_0, omega_0, S.Zero, S.Zero)


def chain(cells, charger, k, c, couplings=RESONANT):
    return chain_from(Spin(Integer(cells)), charger, Integer(k), c, couplings)


@pytest.mark.parametrize("size", range(1, 7))
def test_spin_ladder_is_that_of_explicit_matrices(size):
    """J₊ built from Pauli matrices has the same elements between symmetric states."""
    for level in range(size):
        # S₊|k> over the C(n,k) arrangements: (k+1)(n-k) by counting.
        assert Spin(Integer(size)).raised(Integer(level)) == (level + 1) * (size - level)
        assert Spin(Integer(size)).lowered(Integer(level + 1)) == (level + 1) * (size - level)
    assert Spin(Integer(size)).raised(Integer(size)) == 0
    assert Spin(Integer(size)).lowered(Integer(0)) == 0


def test_symbolic_top_level_cannot_be_raised():
    assert Spin(N).raised(N) == 0


def test_two_cells_hops_are_those_of_the_paper():
    """Eq. (A2) in the symmetric state: √2 times √N and √2 times √(2N-2)."""
    hops = chain(2, Spin(N), 0, N).hops_squared
    assert [h.expand() for h in hops] == [2 * N * g**2, (2 * g**2 * (2 * N - 2)).expand()]


def test_start_inside_the_chain():
    found = chain(2, Spin(Integer(5)), 1, Integer(3))
    assert found.levels == (-1, 0, 1)
    assert found.start == 1


def test_chain_ends_where_the_charger_is_empty():
    assert chain(2, Spin(N), 0, Integer(1)).levels == (0, 1)
    assert chain(2, Spin(N), 0, Integer(0)).levels == (0,)


@pytest.mark.parametrize("cells", range(1, 8))
def test_mirror_symmetric_hops(cells):
    """M = N, all up: the hops read the same from both ends."""
    hops = chain(cells, Spin(Integer(cells)), 0, Integer(cells)).hops_squared
    assert hops == hops[::-1]


def test_anisotropy_drops_out_for_one_cell_and_one_spin():
    found = chain(1, Spin(Integer(1)), 0, Integer(1), Couplings(
        g, gamma, omega_0, omega_0, S.Zero, S.Zero))  # fmt: skip
    assert found.hops_squared == (g**2,)
    assert found.is_chiral


def test_anisotropy_stays_in_the_pair_sector():
    found = chain(1, Spin(Integer(1)), 0, Integer(0), Couplings(
        g, gamma, omega_0, omega_C, S.Zero, S.Zero))  # fmt: skip
    assert found.hops_squared == (g**2 * gamma**2,)
    assert found.diagonal == (0, omega_0 + omega_C)


@pytest.mark.parametrize(
    ("cells", "charger", "c"), [(2, Spin(N), N), (2, Spin(Integer(2)), Integer(2)), (1, Spin(N), N)]
)
def test_anisotropic_sector_is_refused(cells, charger, c):
    couplings = Couplings(g, gamma, omega_0, omega_0, S.Zero, S.Zero)
    with pytest.raises(UnsolvedError, match="`anisotropy`"):
        chain(cells, charger, 0, c, couplings)


def test_cavity_ladder():
    assert chain(2, Mode(), 0, n).hops_squared == (2 * g**2 * n, 2 * g**2 * (n - 1))


def test_crosstalk_and_detuning_stand_on_the_diagonal():
    g_1, g_2 = Symbol("g_1", real=True), Symbol("g_2", real=True)
    found = chain(1, Spin(N), 0, m, Couplings(g, S.Zero, omega_0, omega_C, g_1, g_2))
    # ⟨J₊J₋ + J₋J₊⟩ = 2j(j+1) - 2μ²; with one spin excited less it changes by 4μ - 2, μ = m - N/2.
    difference = omega_0 - omega_C + g_1 * (4 * (m - N / 2) - 2)
    assert (found.diagonal[1] - difference).expand() == 0
