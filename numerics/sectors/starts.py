r"""Initial states in double precision, and the Hamiltonian of the chains at :math:`\gamma=0`.

Constants within a sector are dropped: with the total excitation conserved, the bare frequencies
leave only the detuning :math:`(\omega_0-\omega_C)k`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from numerics.dynamics.interface import Floats, Integers
from numerics.model.models import CavityCharger, Model
from numerics.model.parameters import Parameters, parameters
from numerics.model.resources import require
from numerics.model.states import InitialState
from numerics.sectors.chains import Chains
from numerics.sectors.irreps import photon_step, spin_crosstalk, spin_step, terms

__all__ = ["NEGLIGIBLE", "Start", "chains", "starts"]

NEGLIGIBLE = 1e-15
"""The total weight that may be dropped from an initial state: half by sides, half by pairs."""


# Bytes for each site of a sector and of a start: matrices, bounds, and the states on the way.
_BYTES = 160


@dataclass(frozen=True)
class _Doubles:
    """The arithmetic of weights in double precision."""

    negligible: float = NEGLIGIBLE / 4

    def number(self, value: object) -> float:
        return float(value)  # type: ignore[arg-type]

    def ratio(self, numerator: int, denominator: int) -> float:
        return numerator / denominator

    def exp(self, exponent: float) -> float:
        return float(np.exp(exponent))

    def expm1(self, exponent: float) -> float:
        return float(np.expm1(exponent))


@dataclass(frozen=True)
class Start:
    """Weighted initial basis states: (2j, level) of the cells and of the charger, arrays (S,)."""

    cell_spin: Integers
    cell_level: Integers
    charger_spin: Integers
    charger_level: Integers
    weight: Floats

    def __getitem__(self, chosen: np.ndarray) -> Start:
        return Start(
            self.cell_spin[chosen],
            self.cell_level[chosen],
            self.charger_spin[chosen],
            self.charger_level[chosen],
            self.weight[chosen],
        )


def starts(model: Model, initial: InitialState) -> Start:
    """The starts of a state, without those whose weights sum to less than `NEGLIGIBLE`."""
    keys, weights = [], []
    for share, cells, charger in terms(model, initial, _Doubles()):
        cell_keys = np.array(list(cells), dtype=np.int64)
        charger_keys = np.array(list(charger), dtype=np.int64)
        products = share * np.outer(list(cells.values()), list(charger.values()))
        i, j = np.nonzero(products)
        keys.append(np.hstack([cell_keys[i], charger_keys[j]]))
        weights.append(products[i, j])
    distinct, index = np.unique(np.vstack(keys), axis=0, return_inverse=True)
    weight = np.bincount(index.ravel(), weights=np.concatenate(weights)).astype(np.float64)
    order = np.argsort(weight)
    kept = np.sort(order[np.cumsum(weight[order]) > NEGLIGIBLE / 2])
    cell_spin, cell_level, charger_spin, charger_level = distinct.T
    return Start(cell_spin, cell_level, charger_spin, charger_level, weight)[kept]


@dataclass(frozen=True)
class _Elements:
    """Matrix elements for arrays of levels."""

    p: Parameters[float]
    cavity: bool

    @classmethod
    def of(cls, model: Model) -> _Elements:
        return cls(parameters(model, float), isinstance(model, CavityCharger))

    def charger_step(self, spin: Integers, level: Integers) -> Integers:
        return photon_step(level) if self.cavity else spin_step(spin, level)

    def crosstalk(self, start: tuple[Integers, Integers], k: Integers, c: Integers) -> Floats:
        cell_spin, charger_spin = start
        diagonal: Floats = self.p.cell_crosstalk * spin_crosstalk(cell_spin, k)
        if not self.cavity:
            diagonal = diagonal + self.p.charger_crosstalk * spin_crosstalk(charger_spin, c)
        return diagonal

    def exchange(self, spins: tuple[Integers, Integers], k: Integers, c: Integers) -> Floats:
        """⟨k+1, c−1| H |k, c⟩."""
        cell = spin_step(spins[0], k).astype(float)
        return self.p.coupling * np.sqrt(cell * self.charger_step(spins[1], c - 1))


def chains(model: Model, start: Start) -> Iterator[Chains]:
    """The sectors at γ = 0: (2j, 2j', total excitation), those of equal length stacked.

    Raises
    ------
    TooLargeError
        They do not fit into memory.
    """
    elements = _Elements.of(model)
    total = start.cell_level + start.charger_level
    keys = np.stack([start.cell_spin, start.charger_spin, total], axis=1)
    sectors, index = np.unique(keys, axis=0, return_inverse=True)
    index = index.ravel()
    cell_spin, charger_spin, total = sectors.T
    first = np.zeros_like(total) if elements.cavity else np.maximum(0, total - charger_spin)
    length = np.minimum(cell_spin, total) - first + 1
    require(
        _BYTES * (int(length.sum()) + int(length[index].sum())),
        f"`model` with `cells` = {model.cells} in this state",
    )
    for size in np.unique(length[length > 1]):
        members = np.flatnonzero(length == size)
        place = np.full(len(sectors), -1)
        place[members] = np.arange(len(members))
        mine = np.flatnonzero(place[index] >= 0)
        k = first[members, None] + np.arange(size)
        c = total[members, None] - k
        spins = cell_spin[members, None], charger_spin[members, None]
        detuning = elements.p.frequency - elements.p.charger_frequency
        diagonal = elements.crosstalk(spins, k, c) + detuning * k
        middle = (diagonal.min(axis=1) + diagonal.max(axis=1)) / 2
        yield Chains(
            diagonal=diagonal - middle[:, None],
            hops=elements.exchange(spins, k[:, :-1], c[:, :-1]),
            sectors=place[index[mine]],
            sites=start.cell_level[mine] - first[index[mine]],
            weights=start.weight[mine],
        )
