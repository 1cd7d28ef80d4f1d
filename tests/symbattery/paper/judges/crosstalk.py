"""Judges of Sec. IV A: crosstalk, on all 2^(M+N) states, or by walking where they are too many."""

import itertools
import math

import numpy as np

from numerics.model.models import SpinCharger
from tests.symbattery.paper.judges.brute import peak, power
from tests.symbattery.paper.judges.histories import Mixed, flipped, spins
from tests.symbattery.paper.judges.register import judge, judges
from tests.systems import oracle


def coupled(g1):
    return SpinCharger(2, 4, 1, 1, charger_crosstalk=g1)


IDEAL = coupled(0)
STEPS = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 7.0, 10.0)


def falls(of):
    found = [of(coupled(step)) for step in STEPS]
    return min(a - b for a, b in itertools.pairwise(found))


@judge("IV.decouple")
def _():
    """E_max falls like (g/g₁)²: at g₁/g = 10⁶ nothing is left to twelve digits."""
    tops = [spins(2, 4, coupling=1.0, g1=g1).first(2 / g1, 200)[1] for g1 in (1e3, 1e6)]
    assert math.isclose(tops[0], 1e6 * tops[1], rel_tol=1e-3)
    return round(tops[1], 11)


def slow_top(g1):
    """The largest E/ω₀ of M = N = 2 until the slow oscillation is over."""
    return spins(2, 2, coupling=1.0, g1=g1).within(1.2 * np.pi * g1 / 4, 40_001)


def cells_coupled(g2):
    return spins(2, 4, coupling=1.0, g2=g2)


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


def partly_full(cells):
    """Eq. (19) with p₀ = 0.6 and 0.4/N for each number of spins up from 0 to N − 1."""
    n = 2 * cells
    return Mixed(
        (0.6, history(cells, 2)), *((0.4 / n, history(cells, 2, up=up)) for up in range(1, n))
    )


@judge("IV.size-start")
def _():
    """The flipped cell by itself, 2^M states of the cells."""

    def loss(m):
        mixed = Mixed((0.6, history(m, 2)), (0.4, flipped(m, 2 * m)))
        return 1 - mixed.first(2.0)[1] / history(m, 2).first(2.0)[1]

    return decline(loss, range(2, 7))


judges({
    "fig-6a.ideal": lambda: peak(IDEAL),
    "fig-6a.solid": lambda: peak(coupled(0.1)),
    "fig-6a.dash-dotted": lambda: peak(coupled(1)),
    "fig-6a.seven": lambda: peak(coupled(7)) / 2,
    "fig-6a.dotted": lambda: peak(coupled(10)),
    "fig-6a.dotted: reading 0": lambda: peak(coupled(10)) / 2,
    "fig-6b.ideal": lambda: power(IDEAL),
    "fig-6b.solid": lambda: power(coupled(0.1)),
    "fig-6b.dash-dotted": lambda: power(coupled(1)),
    "fig-6a.falls": lambda: falls(peak),
    "fig-6b.falls": lambda: falls(power),
    "IV.decouple-any: source 0": lambda: spins(2, 2, coupling=1.0, g1=100.0).within(1.0, 20_001),
    "IV.cells-weak": lambda: cells_coupled(0.0).within(10.0) - cells_coupled(0.1).within(10.0),
    "IV.cells-strong: plain, instead": lambda: cells_coupled(20.0).within(100.0, 100_001),
    "IV.cells-strong: source 0": lambda:
        peak(SpinCharger(2, 4, 1, 1, cell_crosstalk=20), None, 0.3),
    "IV.size: instead": lambda: energy_loss(2)(8),
    "IV.size: compared 0": lambda: energy_loss(2)(2),
    "IV.size-power: compared 0": lambda: power_loss(2)(2),
    "IV.size": lambda: decline(energy_loss(2)),
    "IV.size: reading 0": lambda: decline(energy_loss(1)),
    "IV.size-power": lambda: decline(power_loss(2)),
    "IV.size-power: reading 0": lambda: decline(power_loss(1)),
    "IV.size-power: instead": lambda: power_loss(2)(8),
    "IV.size-charger": lambda:
        decline(lambda m: 1 - partly_full(m).first(2.0)[1] / history(m, 2).first(2.0)[1]),
    "IV.size-charger: reading 0": lambda:
        decline(lambda m: 1 - partly_full(m).power(2.0)[1] / history(m, 2).power(2.0)[1]),
})  # fmt: skip


judges({
    # The fast ripple on the slow oscillation is of height (g/g₁)².
    "IV.decouple-any: plain, instead": lambda: slow_top(1000.0),
}, 1e-5)  # fmt: skip
