r"""Families of chains: the starts of a mixture whose terms are counted by summation indices.

With :math:`c` excitations in its charger, a chain from empty cells has :math:`\min(M,c)+1` levels.
Chains that are cut short, :math:`c<M`, are thus families of their own, one for each :math:`c`.
Where the generic chain has only one frequency they are not needed: the hops beyond a short chain
vanish in it, and its formula stays right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sympy import Expr, Function, Piecewise, S, Symbol
from sympy.logic.boolalg import Boolean

from symbattery.core.finite_sums import IndexRange, nested_sum, points
from symbattery.dynamics.single_frequency import has_one_frequency
from symbattery.sectors.chains import Chain, Couplings, Spin, chain_from
from symbattery.sectors.charger_ensembles import Part
from symbattery.sectors.mixtures import ChargerEnsembleTerm

__all__ = ["Families", "SectorSum", "indexed", "sector_sums"]


@dataclass(frozen=True)
class SectorSum:
    """Pure starts of one kind, one for each value of the indices.

    Attributes
    ----------
    weight : Expr
        The probability of one start.
    chain : Chain
        The sector it moves in.
    charged : Expr
        Excitations of the charger at the start, within its irrep; the cells are at the bottom of
        theirs.
    ranges : tuple of IndexRange
        (index, first, last), outermost index first; empty for a single start.
    condition : Boolean
        On the parameters: without it there is no such start.
    """

    weight: Expr
    chain: Chain
    charged: Expr
    ranges: tuple[IndexRange, ...]
    condition: Boolean = S.true

    @property
    def indices(self) -> tuple[Symbol, ...]:
        """The summation indices, outermost first."""
        return tuple(index for index, _, _ in self.ranges)

    def points(self, values: Mapping[Symbol, Expr]) -> Iterator[dict[Symbol, Expr]]:
        """The indices of every start, for numbers in place of the parameters."""
        return points(self.ranges, values) if self.condition.subs(values) == S.true else iter(())

    def total(self, term: Expr) -> Expr:
        """The sum of ``weight`` times ``term`` over the family, not evaluated."""
        whole = nested_sum(self.weight * term, self.ranges)
        return whole if self.condition == S.true else Piecewise((whole, self.condition), (0, True))


@dataclass(frozen=True)
class Families:
    """All families of one spread, and what the parameters must satisfy for them."""

    members: tuple[SectorSum, ...]
    conditions: tuple[Boolean, ...]


def sector_sums(spread: ChargerEnsembleTerm, couplings: Couplings) -> Families:
    """The families of a spread of starts, the dark ones (c = 0) included."""
    ensemble = spread.charger

    def chain(part: Part) -> Chain:
        return chain_from(spread.cells, Spin(part.size), S.Zero, part.charged, couplings)

    generic = chain(ensemble.beyond(1))
    whole = len(generic.levels) == 1 or has_one_frequency(generic)
    least = 1 if whole else len(generic.levels) - 1
    parts = [*(ensemble.at(c) for c in range(least)), ensemble.beyond(least)]
    return Families(
        tuple(
            SectorSum(spread.weight * p.weight, chain(p), p.charged, p.ranges, p.condition)
            for p in parts
        ),
        ensemble.conditions(least),
    )


def indexed(names: Iterable[Symbol], indices: tuple[Symbol, ...]) -> Mapping[Symbol, Expr]:
    """Names as functions of the indices they depend on: λ₁ as λ₁(k, c)."""
    return {name: Function(name.name)(*indices) for name in names} if indices else {}
