r"""Mixed starts of a symbolic number of charger spins: which irreps, which levels, how likely.

The irrep :math:`j=N/2-k` occurs :math:`d_k=\binom Nk-\binom N{k-1}=\frac{N-2k+1}{N-k+1}\binom Nk`
times among :math:`N` spins, and holds :math:`c=0,\dots,N-2k` excitations of its own; :math:`k+c`
spins are up. How likely :math:`(k,c)` is:

- thermal spins of excited population :math:`p`: :math:`d_k\,p^{k+c}(1-p)^{N-k-c}`;
- :math:`n` spins up, the others down: :math:`d_k/\binom Nn` for :math:`k=0,\dots,\min(n,N-n)`, with
  :math:`c=n-k`.

SymPy counts a sum over a range that runs backwards (last < first - 1) as negative. ``conditions``
keep such ranges to k < 0, where the weight vanishes.

With :math:`c` excitations in its charger, a chain from empty cells has :math:`\min(M,c)+1` levels.
Chains that are cut short, :math:`c<M`, are thus sums of their own, one for each :math:`c`.
Where the generic chain has only one frequency they are not needed: the hops beyond a short chain
vanish in it, and its formula stays right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import Protocol

from sympy import Expr, Function, Ge, Integer, Min, Piecewise, S, Symbol, binomial, floor
from sympy.logic.boolalg import Boolean

from numerics.model.problem import Parameters
from numerics.model.sides import Side
from symbattery.core.finite_sums import Endless, IndexRange, nested_sum, points
from symbattery.model.ladders import Ladder, ladder
from symbattery.sectors.chains import Chain, chain_from

__all__ = [
    "Ensemble",
    "Part",
    "Photons",
    "SectorSum",
    "SideEnsemble",
    "SpinsUp",
    "ThermalSpins",
    "at_least",
    "indexed",
    "indices",
    "multiplicity",
    "photon_index",
    "sector_sums",
]


@dataclass(frozen=True)
class _Starts:
    """Starts of one kind, one for each value of the indices.

    Attributes
    ----------
    weight : Expr
        The probability of one start.
    ranges : tuple of IndexRange
        (index, first, last), outermost index first; empty for a single start.
    condition : Boolean
        On the parameters: without it there is no such start.
    """

    weight: Expr
    ranges: tuple[IndexRange, ...]
    condition: Boolean


@dataclass(frozen=True)
class Part(_Starts):
    """Some starts of an ensemble, with 2j of the charger and its excitations within the irrep."""

    size: Expr
    charged: Expr


class Ensemble(Protocol):
    """A mixture of charger starts, by their excitations c within the irrep."""

    def at(self, charged: int) -> Part:
        """The starts with exactly so many excitations."""

    def beyond(self, least: int) -> Part:
        """The starts with at least so many excitations."""

    def conditions(self, least: int) -> tuple[Boolean, ...]:
        """The conditions on the parameters, with ``at`` below and ``beyond`` from ``least`` on."""


@dataclass(frozen=True)
class SideEnsemble:
    """The many irreps and levels of a symbolic number of spins, with their probability together."""

    weight: Expr
    side: Side
    ensemble: Ensemble


def multiplicity(spins: Expr, k: Expr) -> Expr:
    """The number of irreps with j = N/2 - k; one binomial, so that nothing cancels."""
    return (spins - 2 * k + 1) / (spins - k + 1) * binomial(spins, k)


@dataclass(frozen=True)
class ThermalSpins:
    """``spins`` charger spins, each excited with ``population``; k and c are the indices."""

    spins: Expr
    population: Expr
    k: Symbol
    c: Symbol

    def _weight(self, charged: Expr) -> Expr:
        p, up = self.population, self.k + charged
        return multiplicity(self.spins, self.k) * p**up * (1 - p) ** (self.spins - up)

    def _irreps(self, charged: int) -> IndexRange:
        """The irreps with room for so many excitations."""
        return (self.k, S.Zero, floor((self.spins - charged) / 2))

    def at(self, charged: int) -> Part:
        c = Integer(charged)
        return Part(self._weight(c), (self._irreps(charged),), S.true, self.spins - 2 * self.k, c)

    def beyond(self, least: int) -> Part:
        size = self.spins - 2 * self.k
        # The inner sum over c = 1, ..., N - 2k is empty at k = N/2, so that k may end there.
        ranges = (self._irreps(0 if least == 1 else least), (self.c, Integer(least), size))
        return Part(self._weight(self.c), ranges, S.true, size, self.c)

    def conditions(self, least: int) -> tuple[Boolean, ...]:
        # With fewer spins the inner sum would run backwards as well, into chains that break off.
        return (at_least(self.spins, least - 3),)


@dataclass(frozen=True)
class SpinsUp:
    """``excited`` of ``spins`` charger spins up, the others down; k is the index."""

    spins: Expr
    excited: Expr
    k: Symbol

    @property
    def _down(self) -> Expr:
        return self.spins - self.excited

    def _weight(self, k: Expr) -> Expr:
        return multiplicity(self.spins, k) / binomial(self.spins, self.excited)

    def at(self, charged: int) -> Part:
        c, k = Integer(charged), self.excited - charged
        return Part(self._weight(k), (), Ge(self._down, k), self.spins - 2 * k, c)

    def beyond(self, least: int) -> Part:
        most = Min(self.excited - least, self._down)
        ranges, size = ((self.k, S.Zero, most),), self.spins - 2 * self.k
        return Part(self._weight(self.k), ranges, S.true, size, self.excited - self.k)

    def conditions(self, least: int) -> tuple[Boolean, ...]:
        # The range of k ends at -1 at least, and k = n - c is at least 0 for every c below `least`.
        return (at_least(self.excited, max(least - 1, 1)),)


@dataclass(frozen=True)
class Photons:
    """So many photons n, the index, with a probability that falls as ``end`` says."""

    probability: Expr
    n: Symbol
    end: Endless

    def at(self, charged: int) -> Part:
        c = Integer(charged)
        return Part(self.probability.subs(self.n, c), (), S.true, S.Zero, c)

    def beyond(self, least: int) -> Part:
        ranges = ((self.n, Integer(least), self.end),)
        return Part(self.probability, ranges, S.true, S.Zero, self.n)

    def conditions(self, least: int) -> tuple[Boolean, ...]:
        return ()


def photon_index(taken: set[str]) -> Symbol:
    """The index n, under a name that nothing else has."""
    return Symbol(_unused("n", taken), integer=True, positive=True)


def _unused(stem: str, taken: set[str]) -> str:
    tried = chain([stem], (f"{stem}_{i}" for i in count(1)))
    return next(name for name in tried if name not in taken)


def at_least(value: Expr, bound: Expr | int) -> Boolean:
    """A lower bound with the number on the right: N - 1 ≥ 2 is N ≥ 3."""
    constant, rest = value.as_coeff_Add()
    return Ge(rest, bound - constant)


def indices(taken: set[str]) -> tuple[Symbol, Symbol]:
    """The indices k and c, under names that nothing else has."""

    k = Symbol(_unused("k", taken), integer=True, nonnegative=True)
    return k, Symbol(_unused("c", taken), integer=True, positive=True)


# Sums over sectors


@dataclass(frozen=True)
class SectorSum(_Starts):
    """Pure starts of one kind, with the sector that they move in."""

    chain: Chain

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
    battery: Ladder, charger: SideEnsemble, constants: Parameters[Expr]
) -> tuple[list[SectorSum], tuple[Boolean, ...]]:
    """The sums over the starts of an ensemble, the dark ones (c = 0) included.

    Returned with what the parameters must satisfy for them. The battery starts at its bottom.
    """
    ensemble = charger.ensemble

    def spanned(part: Part) -> Chain:
        irrep = ladder(charger.side.irrep(part.size))
        return chain_from(battery, irrep, S.Zero, part.charged, constants)

    generic = spanned(ensemble.beyond(1))
    whole = len(generic.levels) == 1 or generic.has_rabi_term
    least = 1 if whole else len(generic.levels) - 1
    parts = [*(ensemble.at(c) for c in range(least)), ensemble.beyond(least)]
    sums = [SectorSum(charger.weight * p.weight, p.ranges, p.condition, spanned(p)) for p in parts]
    return sums, ensemble.conditions(least)


def indexed(names: Iterable[Symbol], indices: tuple[Symbol, ...]) -> Mapping[Symbol, Expr]:
    """Names as functions of the indices they depend on: λ₁ as λ₁(k, c)."""
    return {name: Function(name.name)(*indices) for name in names} if indices else {}
