"""Initial states in double precision: weighted basis states of both sides."""

from __future__ import annotations

from dataclasses import dataclass
from operator import truediv

import numpy as np

from numerics.model.problem import Problem
from numerics.model.resources import Floats, Integers
from numerics.sectors.irreps import Arithmetic, terms

__all__ = ["NEGLIGIBLE", "Start", "chain_ends", "populations_at_rest", "starts"]

NEGLIGIBLE = 1e-15
"""The total weight that may be dropped from an initial state: half by sides, half by pairs."""


_DOUBLES = Arithmetic[float](
    NEGLIGIBLE / 4, float, truediv, lambda x: float(np.exp(x)), lambda x: float(np.expm1(x))
)


@dataclass(frozen=True)
class Start:
    """Weighted initial basis states: (irrep, level) of cells and charger, arrays (S,)."""

    cell_spin: Integers
    cell_level: Integers
    charger_spin: Integers
    charger_level: Integers
    weight: Floats

    def __getitem__(self, chosen: np.ndarray) -> Start:
        return Start(*(column[chosen] for column in vars(self).values()))


def starts(problem: Problem[float]) -> Start:
    """The starts of a problem, without those whose weights sum to less than `NEGLIGIBLE`."""
    keys, weights = [], []
    for share, cells, charger in terms(problem, _DOUBLES):
        cell_keys = np.array(list(cells), dtype=np.int64)
        charger_keys = np.array(list(charger), dtype=np.int64)
        products = share * np.outer(list(cells.values()), list(charger.values()))
        i, j = np.nonzero(products)
        keys.append(np.hstack([cell_keys[i], charger_keys[j]]))
        weights.append(products[i, j])
    distinct, index = np.unique(np.vstack(keys), axis=0, return_inverse=True)
    weight = np.bincount(index.ravel(), weights=np.concatenate(weights)).astype(np.float64)
    order = np.argsort(weight)
    heavy = np.sort(order[np.cumsum(weight[order]) > NEGLIGIBLE / 2])
    cell_spin, cell_level, charger_spin, charger_level = distinct.T
    return Start(cell_spin, cell_level, charger_spin, charger_level, weight)[heavy]


def chain_ends(
    problem: Problem[float], cell_spin: Integers, charger_spin: Integers, total: Integers
) -> tuple[Integers, Integers]:
    """The least and the highest level of the cells at γ = 0, for irreps and total excitations."""
    top, most = problem.battery.irrep(cell_spin).top, problem.charger.irrep(charger_spin).top
    first = np.zeros_like(total) if most is None else np.maximum(0, total - most)
    return first, total if top is None else np.minimum(top, total)


def populations_at_rest(problem: Problem[float], start: Start) -> Floats:
    """The probabilities of 0, 1, … excited cells, of the starts that no sector moves."""
    total = start.cell_level + start.charger_level
    top = problem.battery.top
    count = int(total.max(initial=0) if top is None else top) + 1
    if problem.parameters.coupling == 0:
        still = np.ones(len(total), dtype=bool)
    elif problem.conserved:
        first, last = chain_ends(problem, start.cell_spin, start.charger_spin, total)
        still = first == last
    else:
        still = np.broadcast_to(problem.battery.irrep(start.cell_spin).top == 0, total.shape)
    cells = problem.battery.bottom(start.cell_spin) + start.cell_level
    return np.bincount(cells[still], start.weight[still], minlength=count).astype(np.float64)
