r"""How an initial state spreads over the sectors of total spin, in any kind of arithmetic.

Every coupling is collective, so a side of :math:`n` spins decomposes into irreps of total spin
:math:`j` with the multiplicities :math:`d_j = C(n, n/2-j) - C(n, n/2-j-1)`, inside each of which
the *level* :math:`0..2j` counts excitations above :math:`n/2-j`. A state diagonal in the spins is
a set of weights over (:math:`2j`, level) for each side. Binomials are exact integers and only
their ratios are rounded, once; all sums run over positive terms.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from numerics.model.checks import InvalidArgument
from numerics.model.models import CavityCharger, Model
from numerics.model.parameters import parameters
from numerics.model.resources import require
from numerics.model.states import Dicke, Fock, InitialState, Mixture, Product, Thermal

__all__ = [
    "PHOTONS",
    "Arithmetic",
    "Side",
    "Term",
    "multiplicity",
    "photon_step",
    "spin_crosstalk",
    "spin_step",
    "terms",
]

T = TypeVar("T")

PHOTONS = -1
"""In place of 2j: the ladder of a cavity mode, which has no top."""

# A thermal cavity hotter than this needs more photon numbers than can be summed in reasonable time.
_MOST_PHOTONS = 200_000
# Of one (2j, level) and its weight.
_BYTES = 300

Side = dict[tuple[int, int], T]
"""The weight of each (2j, level) of one side."""

Term = tuple[T, Side[T], Side[T]]
"""A weight, the cells' side and the charger's side; a state is a sum of such products."""


class Arithmetic(Protocol[T]):
    """The few operations that weights need, in floats or at any precision."""

    @property
    def negligible(self) -> T:
        """The total weight that one side may lose by dropping its least likely entries."""

    def number(self, value: Any) -> T:
        """An exact or inexact number of any kind."""

    def ratio(self, numerator: int, denominator: int) -> T:
        """A quotient of integers that may be too large for T."""

    def exp(self, exponent: T) -> T:
        """The exponential function."""

    def expm1(self, exponent: T) -> T:
        """``exp(exponent) - 1`` without cancellation."""


# Squared matrix elements, for integers as for integer arrays.


def spin_step(twice_spin: Any, level: Any) -> Any:
    r""":math:`\langle k+1|S_+|k\rangle^2 = (k+1)(2j-k)`."""
    return (level + 1) * (twice_spin - level)


def photon_step(level: Any) -> Any:
    r""":math:`\langle n+1|b^\dagger|n\rangle^2 = n+1`."""
    return level + 1


def spin_crosstalk(twice_spin: Any, level: Any) -> Any:
    r""":math:`\langle J_+J_- + J_-J_+\rangle`, the crosstalk of Eq. (15) up to a constant."""
    return spin_step(twice_spin, level - 1) + spin_step(twice_spin, level)


def multiplicity(spins: int, twice_spin: int) -> int:
    r"""How often total spin :math:`j` occurs among ``spins`` spins: :math:`d_j`."""
    lowest = (spins - twice_spin) // 2
    return math.comb(spins, lowest) - (math.comb(spins, lowest - 1) if lowest else 0)


# One side.


@dataclass(frozen=True)
class _Sides:
    """The sides of a model's states, by kind of state."""

    model: Model
    arithmetic: Arithmetic[Any]

    def definite(self, twice_spin: int, level: int) -> Side[Any]:
        return {(twice_spin, level): self.arithmetic.number(1)}

    def ideal_charger(self) -> Side[Any]:
        if isinstance(self.model, CavityCharger):
            return self.definite(PHOTONS, self.model.cells)
        return self.definite(self.model.chargers, self.model.chargers)

    def populated(self, populations: Sequence[Any]) -> Side[Any]:
        numbers = [self.arithmetic.number(p) for p in populations]
        return self.spins([(p, 1 - p) for p in numbers])

    def spins(self, pairs: Sequence[tuple[Any, Any]]) -> Side[Any]:
        """Independent spins, each excited or not with probabilities (p, q), symmetrised."""
        n, side = len(pairs), {}
        for excited, weight in enumerate(_poisson_binomial(pairs)):
            if weight == 0:
                continue
            states = math.comb(n, excited)
            for twice_spin in range(abs(2 * excited - n), n + 1, 2):
                share = self.arithmetic.ratio(multiplicity(n, twice_spin), states)
                side[twice_spin, excited - (n - twice_spin) // 2] = weight * share
        return _without_negligible(side, self.arithmetic.negligible)

    def boltzmann(self, beta: Any, frequency: Any) -> tuple[Any, Any]:
        """Excited and ground population of a spin, each to full relative precision."""
        exponent = self.arithmetic.number(beta) * frequency
        factor = self.arithmetic.exp(-abs(exponent))
        rare, frequent = factor / (1 + factor), 1 / (1 + factor)
        return (rare, frequent) if exponent > 0 else (frequent, rare)

    def thermal_photons(self, beta: Any, frequency: Any) -> Side[Any]:
        """Geometric weights, until what is left is negligible."""
        exponent = self.arithmetic.number(beta) * frequency
        last = -math.log(float(self.arithmetic.negligible)) / max(float(exponent), 1e-300)
        if last > _MOST_PHOTONS:
            raise InvalidArgument(
                f"`charger_inverse_temperature` must leave at most {_MOST_PHOTONS} photon numbers "
                f"of any weight, but is {beta}, where {last:.3g} of them count"
            )
        ground = -self.arithmetic.expm1(-exponent)
        return {
            (PHOTONS, n): ground * self.arithmetic.exp(-n * exponent) for n in range(int(last) + 2)
        }

    def thermal_side(self, spins: int, population: Any, beta: Any, frequency: Any) -> Side[Any]:
        require(_BYTES * (spins + 2) ** 2 // 4, f"A thermal state of {spins} spins")
        if population is not None:
            return self.populated([population] * spins)
        return self.spins([self.boltzmann(beta, frequency)] * spins)

    def thermal(self, state: Thermal) -> tuple[Side[Any], Side[Any]]:
        p = parameters(self.model, self.arithmetic.number)
        cell = state.cell_population, state.cell_inverse_temperature
        charger = state.charger_population, state.charger_inverse_temperature
        cells, chargers = self.definite(self.model.cells, 0), self.ideal_charger()
        if cell != (None, None):
            cells = self.thermal_side(self.model.cells, *cell, p.frequency)
        if charger != (None, None):
            if isinstance(self.model, CavityCharger):
                chargers = self.thermal_photons(charger[1], p.charger_frequency)
            else:
                chargers = self.thermal_side(self.model.chargers, *charger, p.charger_frequency)
        return cells, chargers


def _poisson_binomial(pairs: Sequence[tuple[Any, Any]]) -> list[Any]:
    """The distribution of the number of successes; every term is positive."""
    distribution = [1]
    for success, failure in pairs:
        shifted = [0, *(success * w for w in distribution)]
        stayed = [*(failure * w for w in distribution), 0]
        distribution = [a + b for a, b in zip(shifted, stayed, strict=True)]
    return distribution


def _without_negligible(side: Side[Any], budget: Any) -> Side[Any]:
    """The entries without the least ones, whose weights sum to at most ``budget``."""
    lost = 0 * budget
    kept = dict(side)
    for key in sorted(side, key=lambda entry: side[entry]):
        lost += side[key]
        if lost > budget:
            break
        del kept[key]
    return kept


def terms(model: Model, state: InitialState, arithmetic: Arithmetic[T]) -> Iterator[Term[Any]]:
    """The state as a sum of products of sides; each side loses at most ``negligible``."""
    sides = _Sides(model, arithmetic)
    one = arithmetic.number(1)
    match state:
        case Mixture(parts):
            for weight, part in parts:
                share: Any = arithmetic.number(weight)
                if share != 0:
                    yield from ((share * w, b, c) for w, b, c in terms(model, part, arithmetic))
        case Dicke(cells, chargers):
            assert not isinstance(model, CavityCharger)
            yield one, sides.definite(model.cells, cells), sides.definite(model.chargers, chargers)
        case Fock(photons, cells):
            yield one, sides.definite(model.cells, cells), sides.definite(PHOTONS, photons)
        case Product(cell_populations, charger_populations):
            yield one, sides.populated(cell_populations), sides.populated(charger_populations)
        case Thermal():
            yield one, *sides.thermal(state)
