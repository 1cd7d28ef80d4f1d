"""Judges of Sec. IV A: crosstalk, on all 2^(M+N) states, or by walking where they are too many."""

import itertools
import math

import numpy as np

from numerics.model.models import SpinCharger
from tests import oracle
from tests.symbattery.paper.judges.brute import peak, power
from tests.symbattery.paper.judges.histories import Mixed, flipped, spins
from tests.symbattery.paper.judges.register import judge


def coupled(g1):
    return SpinCharger(2, 4, 1, 1, charger_crosstalk=g1)


IDEAL = coupled(0)
STEPS = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 7.0, 10.0)


@judge("fig-6a.ideal")
def _():
    return peak(IDEAL)


@judge("fig-6a.solid")
def _():
    return peak(coupled(0.1))


@judge("fig-6a.dash-dotted")
def _():
    return peak(coupled(1))


@judge("fig-6a.seven")
def _():
    return peak(coupled(7)) / 2


@judge("fig-6a.dotted")
def _():
    return peak(coupled(10))


@judge("fig-6a.dotted", "reading 0")
def _():
    return peak(coupled(10)) / 2


@judge("fig-6b.ideal")
def _():
    return power(IDEAL)


@judge("fig-6b.solid")
def _():
    return power(coupled(0.1))


@judge("fig-6b.dash-dotted")
def _():
    return power(coupled(1))


def falls(of):
    found = [of(coupled(step)) for step in STEPS]
    return min(a - b for a, b in itertools.pairwise(found))


@judge("fig-6a.falls")
def _():
    return falls(peak)


@judge("fig-6b.falls")
def _():
    return falls(power)


@judge("IV.decouple")
def _():
    """E_max falls like (g/g₁)²: at g₁/g = 10⁶ nothing is left to twelve digits."""
    tops = [spins(2, 4, coupling=1.0, g1=g1).first(2 / g1, 200)[1] for g1 in (1e3, 1e6)]
    assert math.isclose(tops[0], 1e6 * tops[1], rel_tol=1e-3)
    return round(tops[1], 11)


def slow_top(g1):
    """The largest E/ω₀ of M = N = 2 until the slow oscillation is over."""
    return spins(2, 2, coupling=1.0, g1=g1).within(1.2 * np.pi * g1 / 4, 40_001)


# The fast ripple on the slow oscillation is of height (g/g₁)².
@judge("IV.decouple-any", tolerance=1e-5)
@judge("IV.decouple-any", "instead", tolerance=1e-5)
def _():
    return slow_top(1000.0)


@judge("IV.decouple-any", "source 0")
def _():
    return spins(2, 2, coupling=1.0, g1=100.0).within(1.0, 20_001)


def cells_coupled(g2):
    return spins(2, 4, coupling=1.0, g2=g2)


@judge("IV.cells-weak")
def _():
    return cells_coupled(0.0).within(10.0) - cells_coupled(0.1).within(10.0)


@judge("IV.cells-strong")
@judge("IV.cells-strong", "instead")
def _():
    return cells_coupled(20.0).within(100.0, 100_001)


@judge("IV.cells-strong", "source 0")
def _():
    return peak(SpinCharger(2, 4, 1, 1, cell_crosstalk=20), None, 0.3)


@judge("IV.self-charging")
@judge("IV.self-charging", "instead")
def _():
    """Without coupling to the charger, five cells: nothing moves."""
    model = SpinCharger(4, 1, 1, 1, cell_crosstalk=0.7)
    matrix = oracle.hamiltonian(model) - oracle.hamiltonian(SpinCharger(4, 1, 1, 1))
    empty = oracle.basis_vector((0, 0, 0, 0, 1))
    return np.abs(matrix @ empty).max()


@judge("IV.self-charging", "reading 0", tolerance=1e-6)
def _():
    """⟨H_B⟩ = ⟨H⟩ − ⟨the rest⟩ on all 64 states, on the same times."""
    bare, coupled_cells = (
        oracle.hamiltonian(SpinCharger(2, 4, 1, 1, cell_crosstalk=g2)) for g2 in (0, 1)
    )
    added = (coupled_cells - bare).real
    values, modes = np.linalg.eigh(coupled_cells)
    start = modes.conj().T @ oracle.basis_vector((0, 0, 1, 1, 1, 1))
    phases = np.exp(-1j * np.outer(values, np.linspace(0.0, 10.0, 4001))) * start[:, None]
    states = modes @ phases
    return (states.conj() * (added @ states)).sum(axis=0).real.max()


# By size of the system ----------------------------------------------------------------------------

SIZES = (2, 3, 4, 6, 8)


def history(cells, ratio, g1=0.0, up=None):
    return spins(cells, ratio * cells, coupling=1.0, g1=g1, up=up)


def decline(loss, sizes=SIZES):
    found = [loss(m) for m in sizes]
    return min(a - b for a, b in itertools.pairwise(found))


def energy_loss(ratio):
    return lambda m: 1 - history(m, ratio, 0.1).first(2.0)[1] / history(m, ratio).first(2.0)[1]


def power_loss(ratio):
    return lambda m: 1 - history(m, ratio, 0.1).power(2.0)[1] / history(m, ratio).power(2.0)[1]


@judge("IV.size")
def _():
    return decline(energy_loss(2))


@judge("IV.size", "reading 0")
def _():
    return decline(energy_loss(1))


@judge("IV.size-power")
def _():
    return decline(power_loss(2))


@judge("IV.size-power", "reading 0")
def _():
    return decline(power_loss(1))


@judge("IV.size-power", "instead")
def _():
    return power_loss(2)(8)


def partly_full(cells):
    """Eq. (19) with p₀ = 0.6 and 0.4/N for each number of spins up from 0 to N − 1."""
    n = 2 * cells
    return Mixed(
        (0.6, history(cells, 2)), *((0.4 / n, history(cells, 2, up=up)) for up in range(1, n))
    )


@judge("IV.size-charger")
def _():
    return decline(lambda m: 1 - partly_full(m).first(2.0)[1] / history(m, 2).first(2.0)[1])


@judge("IV.size-charger", "reading 0")
def _():
    return decline(lambda m: 1 - partly_full(m).power(2.0)[1] / history(m, 2).power(2.0)[1])


@judge("IV.size-start")
def _():
    """The flipped cell by itself, 2^M states of the cells."""

    def loss(m):
        mixed = Mixed((0.6, history(m, 2)), (0.4, flipped(m, 2 * m)))
        return 1 - mixed.first(2.0)[1] / history(m, 2).first(2.0)[1]

    return decline(loss, range(2, 7))
