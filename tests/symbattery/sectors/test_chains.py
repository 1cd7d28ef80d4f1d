"""Sectors from the ladder algebra."""

from dataclasses import replace

import pytest
from sympy import Integer

from symbattery import SpinCharger, UnsolvedError
from symbattery.model.exact_model import exact_problem
from symbattery.model.ladders import Mode, Spin
from symbattery.sectors.chains import chain_from
from symbattery.symbols import N, g, g_1, g_2, gamma, m, n, omega_0, omega_C

RESONANT = exact_problem(SpinCharger(1, 1)).parameters
ANISOTROPIC = replace(RESONANT, anisotropy=gamma)


def chain(cells, charger, k, c, constants=RESONANT):
    return chain_from(Spin(Integer(cells)), charger, Integer(k), c, constants)


def test_two_cells_hops_are_those_of_the_paper():
    """Eq. (A2) in the symmetric state: √2 times √N and √2 times √(2N-2)."""
    hops = chain(2, Spin(N), 0, N).hops_squared
    assert [h.expand() for h in hops] == [2 * N * g**2, (2 * g**2 * (2 * N - 2)).expand()]


def test_where_a_chain_begins_and_ends():
    found = chain(2, Spin(Integer(5)), 1, Integer(3))
    assert (found.levels, found.start) == ((-1, 0, 1), 1)
    assert chain(2, Spin(N), 0, Integer(1)).levels == (0, 1)
    assert chain(2, Spin(N), 0, Integer(0)).levels == (0,)
    assert chain(2, Mode(), 0, n).hops_squared == (2 * g**2 * n, 2 * g**2 * (n - 1))


@pytest.mark.parametrize("cells", range(1, 8))
def test_mirror_symmetric_hops(cells):
    """M = N, all up: the hops read the same from both ends."""
    hops = chain(cells, Spin(Integer(cells)), 0, Integer(cells)).hops_squared
    assert hops == hops[::-1]


def test_anisotropy_drops_out_for_one_cell_and_one_spin_but_for_the_pair_sector():
    found = chain(1, Spin(Integer(1)), 0, Integer(1), ANISOTROPIC)
    assert found.hops_squared == (g**2,)
    assert found.is_chiral
    constants = replace(ANISOTROPIC, charger_frequency=omega_C)
    found = chain(1, Spin(Integer(1)), 0, Integer(0), constants)
    assert found.hops_squared == (g**2 * gamma**2,)
    assert found.diagonal == (0, omega_0 + omega_C)


@pytest.mark.parametrize(
    ("cells", "charger", "c"), [(2, Spin(N), N), (2, Spin(Integer(2)), Integer(2)), (1, Spin(N), N)]
)
def test_anisotropic_sector_is_refused(cells, charger, c):
    with pytest.raises(UnsolvedError, match="`anisotropy`"):
        chain(cells, charger, 0, c, ANISOTROPIC)


def test_crosstalk_and_detuning_stand_on_the_diagonal():
    model = SpinCharger(1, N, charger_frequency=omega_C, charger_crosstalk=g_1, cell_crosstalk=g_2)
    found = chain(1, Spin(N), 0, m, exact_problem(model).parameters)
    # ⟨J₊J₋ + J₋J₊⟩ = 2j(j+1) - 2μ²; with one spin excited less it changes by 4μ - 2, μ = m - N/2.
    difference = omega_0 - omega_C + g_1 * (4 * (m - N / 2) - 2)
    assert (found.diagonal[1] - difference).expand() == 0
