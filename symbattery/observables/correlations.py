r"""Entropies, entanglement and coherences of battery, charger and single spins.

The battery's state is diagonal in the number of excited cells, so that its eigenvalues are the
probabilities of (j, k), each in as many equal parts as there are irreps j. From a pure start they
are the squared Schmidt coefficients of battery and charger.
"""

from __future__ import annotations

import math
from typing import Any

from sympy import Abs, Expr, Integer, Rational, S, sqrt

from symbattery.observables.battery import Battery, multiplicity
from symbattery.observables.forms import Largest, pair_sum, quotient
from symbattery.observables.forms import entropy as entropy_of
from symbattery.observables.forms import renyi_entropy as renyi_entropy_of

__all__ = [
    "coherence",
    "concurrence",
    "entropy",
    "negativity",
    "purity",
    "quantum_fisher_information",
    "schmidt_number",
]

# Higher powers of numbers and waves are not written out, nor read from documents.
_MOST_ORDER = 100


def _shares(battery: Battery) -> list[int]:
    """The number of equal eigenvalues in each block."""
    if battery.side.spins is None:
        return [1] * len(battery.blocks)
    return [multiplicity(battery.cells, size) for size, _ in battery.blocks]


def entropy(battery: Battery, order: Any = 1) -> Expr:
    """The entropy of the battery's state in nats, von Neumann's or of another order of Rényi."""
    battery.require_invariant("entropy")
    if _MOST_ORDER < order < math.inf:
        battery.refuse("order", f"be at most {_MOST_ORDER}, or infinity,")
    values, shares = list(battery.blocks.values()), _shares(battery)
    if order == 1:
        return entropy_of(values, shares, battery.computed)
    return renyi_entropy_of(values, shares, order, battery.computed)


def purity(battery: Battery) -> Expr:
    """The purity of the battery's state."""
    battery.require_invariant("purity")
    pairs = zip(battery.blocks.values(), _shares(battery), strict=True)
    return sum((p**2 / d for p, d in pairs), S.Zero)


def negativity(battery: Battery) -> Expr:
    """The sum of the negative eigenvalues' sizes of the partial transpose, battery | charger."""
    battery.require_pure("negativity")
    every = {k: sqrt(p) for k, p in battery.populations.items()}
    return pair_sum(every, lambda k, m: 1)


def schmidt_number(battery: Battery) -> Expr:
    """The effective number of Schmidt coefficients of battery and charger, 1/Σp²."""
    battery.require_pure("schmidt_number")
    return 1 / purity(battery)


def coherence(battery: Battery) -> Expr:
    """The coherence |⟨S₊J₋⟩| of battery and charger.

    Its imaginary part is the power over 2gω₀, its real part the exchange energy over 2g.
    """
    battery.require_exchange("coherence")
    coupling = battery.solution.model.coupling
    if all(chain.is_chiral for chain in battery.solution.sectors):
        return Abs(battery.power) / (2 * Abs(coupling))
    return sqrt(battery.power**2 + battery.exchange**2) / (2 * Abs(coupling))


def concurrence(battery: Battery, between: str = "cells") -> Expr:
    """The concurrence of two cells, or of one cell and one charger spin."""
    return _of_cells(battery) if between == "cells" else _of_cell_and_charger(battery)


def _of_cells(battery: Battery) -> Expr:
    battery.require_spins("concurrence")
    whole = battery.cells
    if whole == 1:
        battery.refuse("between", "be cell-charger, or there must be two cells,")
    battery.require_invariant("concurrence")
    both = battery.mean({k: k * (k - 1) for k in battery.populations})
    none = battery.mean({k: (whole - k) * (whole - k - 1) for k in battery.populations})
    exchange = S.Zero
    for (size, k), p in battery.blocks.items():
        level = k - (whole - size) // 2
        exchange += (level * (size - level + 1) - k) * p
    size = exchange if battery.sizes == (whole,) else Abs(exchange)
    return Rational(2, whole * (whole - 1)) * Largest(S.Zero, size - sqrt(both) * sqrt(none))


def _of_cell_and_charger(battery: Battery) -> Expr:
    battery.require_pure("concurrence")
    battery.require_exchange("concurrence")
    battery.require_spins("concurrence")
    spins = battery.solution.model.charger.spins
    if spins is None:
        battery.refuse("between", "be cells, or the charger must consist of spins,")
    (branch,) = battery.solution.branches
    whole, quanta = battery.cells, branch.excited + branch.charged
    both = battery.mean({k: k * (quanta - k) for k in battery.populations})
    down = {k: spins - quanta + k for k in battery.populations}
    if battery.computed:
        # Levels at which it would be negative are not reached.
        down = {k: Largest(S.Zero, number) for k, number in down.items()}
    none = battery.mean({k: (whole - k) * number for k, number in down.items()})
    size = coherence(battery) - sqrt(both) * sqrt(none)
    return 2 / (Integer(whole) * spins) * Largest(S.Zero, size)


def quantum_fisher_information(battery: Battery) -> Expr:
    """The quantum Fisher information of the battery for rotations about x, generated by S_x."""
    battery.require_invariant("quantum_fisher_information")
    battery.require_spins("quantum_fisher_information")
    total, every = S.Zero, battery.blocks
    for size in battery.sizes:
        bottom = (battery.cells - size) // 2
        for level in range(size):
            p, q = (every.get((size, bottom + level + i), S.Zero) for i in (0, 1))
            if (p, q) != (0, 0):
                weight = (level + 1) * (size - level)
                total += weight * quotient((p - q) ** 2, p + q, 0, battery.computed)
    return total
