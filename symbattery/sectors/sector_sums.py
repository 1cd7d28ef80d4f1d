r"""Sums over sectors: the starts of a mixture whose terms are counted by summation indices.

With :math:`c` excitations in its charger, a chain from empty cells has :math:`\min(M,c)+1` levels.
Chains that are cut short, :math:`c<M`, are thus sums of their own, one for each :math:`c`.
Where the generic chain has only one frequency they are not needed: the hops beyond a short chain
vanish in it, and its formula stays right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sympy import Expr, Function, Piecewise, S, Symbol
from sympy.logic.boolalg import Boolean

from numerics.model.problem import Parameters
from symbattery.core.finite_sums import IndexRange, nested_sum, points
from symbattery.model.ladders import ladder
from symbattery.sectors.chains import Chain, chain_from
from symbattery.sectors.charger_ensembles import Part
from symbattery.sectors.mixtures import ChargerEnsembleTerm

__all__ = ["SectorSum", "indexed", "sector_sums"]


@dataclass(frozen=True)
class SectorSum:
    """Pure starts of one kind, one for each value of the indices.

    Attributes
    ----------
    weight : Expr
        The probability of one start.
    chain : Chain
        The sector it moves in.
    ranges : tuple of IndexRange
        (index, first, last), outermost index first; empty for a single start.
    condition : Boolean
        On the parameters: without it there is no such start.
    """

    weight: Expr
    chain: Chain
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
        """The sum of ``weight`` times ``term`` over all starts, not evaluated."""
        whole = nested_sum(self.weight * term, self.ranges)
        return whole if self.condition == S.true else Piecewise((whole, self.condition), (0, True))


def sector_sums(
    term: ChargerEnsembleTerm, constants: Parameters[Expr]
) -> tuple[list[SectorSum], tuple[Boolean, ...]]:
    """The sums over the starts of an ensemble, the dark ones (c = 0) included.

    Returned with what the parameters must satisfy for them.
    """
    ensemble, side = term.charger.ensemble, term.charger.side

    def chain(part: Part) -> Chain:
        irrep = ladder(side.irrep(part.size))
        return chain_from(term.battery.ladder, irrep, S.Zero, part.charged, constants)

    generic = chain(ensemble.beyond(1))
    whole = len(generic.levels) == 1 or generic.has_one_frequency
    least = 1 if whole else len(generic.levels) - 1
    parts = [*(ensemble.at(c) for c in range(least)), ensemble.beyond(least)]
    sums = [SectorSum(term.weight * p.weight, chain(p), p.ranges, p.condition) for p in parts]
    return sums, ensemble.conditions(least)


def indexed(names: Iterable[Symbol], indices: tuple[Symbol, ...]) -> Mapping[Symbol, Expr]:
    """Names as functions of the indices they depend on: λ₁ as λ₁(k, c)."""
    return {name: Function(name.name)(*indices) for name in names} if indices else {}
