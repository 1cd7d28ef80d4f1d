r"""Mixed starts of a symbolic number of charger spins: which irreps, which levels, how likely.

The irrep :math:`j=N/2-k` occurs :math:`d_k=\binom Nk-\binom N{k-1}=\frac{N-2k+1}{N-k+1}\binom Nk`
times among :math:`N` spins, and holds :math:`c=0,\dots,N-2k` excitations of its own; :math:`k+c`
spins are up. How likely :math:`(k,c)` is:

- thermal spins of excited population :math:`p`: :math:`d_k\,p^{k+c}(1-p)^{N-k-c}`;
- :math:`n` spins up, the others down: :math:`d_k/\binom Nn` for :math:`k=0,\dots,\min(n,N-n)`, with
  :math:`c=n-k`.

SymPy counts a sum over a range that runs backwards (last < first - 1) as negative. ``conditions``
keep such ranges to k < 0, where the weight vanishes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sympy import Expr, Ge, Integer, Min, S, Symbol, binomial, floor
from sympy.logic.boolalg import Boolean

from symbattery.core.finite_sums import IndexRange

__all__ = [
    "Ensemble",
    "Part",
    "SpinsUp",
    "ThermalSpins",
    "at_least",
    "indices",
    "multiplicity",
]


@dataclass(frozen=True)
class Part:
    """Some starts of an ensemble.

    Attributes
    ----------
    weight : Expr
        The probability of one start.
    size : Expr
        :math:`2j` of the charger.
    charged : Expr
        Excitations of the charger within its irrep.
    ranges : tuple of IndexRange
        The starts, outermost index first; empty for a single one.
    condition : Boolean
        On the parameters: without it there is no such start.
    """

    weight: Expr
    size: Expr
    charged: Expr
    ranges: tuple[IndexRange, ...]
    condition: Boolean = S.true


class Ensemble(Protocol):
    """A mixture of charger starts, by their excitations c within the irrep."""

    def at(self, charged: int) -> Part:
        """The starts with exactly so many excitations."""

    def beyond(self, least: int) -> Part:
        """The starts with at least so many excitations."""

    def conditions(self, least: int) -> tuple[Boolean, ...]:
        """The conditions on the parameters, with ``at`` below and ``beyond`` from ``least`` on."""


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
        return Part(self._weight(c), self.spins - 2 * self.k, c, (self._irreps(charged),))

    def beyond(self, least: int) -> Part:
        size = self.spins - 2 * self.k
        # The inner sum over c = 1, ..., N - 2k is empty at k = N/2, so that k may end there.
        ranges = (self._irreps(0 if least == 1 else least), (self.c, Integer(least), size))
        return Part(self._weight(self.c), size, self.c, ranges)

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
        return Part(self._weight(k), self.spins - 2 * k, c, (), Ge(self._down, k))

    def beyond(self, least: int) -> Part:
        most = Min(self.excited - least, self._down)
        weight, size = self._weight(self.k), self.spins - 2 * self.k
        return Part(weight, size, self.excited - self.k, ((self.k, S.Zero, most),))

    def conditions(self, least: int) -> tuple[Boolean, ...]:
        # The range of k ends at -1 at least, and k = n - c is at least 0 for every c below `least`.
        return (at_least(self.excited, max(least - 1, 1)),)


def at_least(value: Expr, bound: Expr | int) -> Boolean:
    """A lower bound with the number on the right: N - 1 ≥ 2 is N ≥ 3."""
    constant, rest = value.as_coeff_Add()
    return Ge(rest, bound - constant)


def indices(taken: set[str]) -> tuple[Symbol, Symbol]:
    """The indices k and c, under names that nothing else has."""
    assumptions = ({"nonnegative": True}, {"positive": True})
    return tuple(
        Symbol(next(n for n in _names(stem) if n not in taken), integer=True, **known)
        for stem, known in zip(("k", "c"), assumptions, strict=True)
    )


def _names(stem: str) -> Iterator[str]:
    yield stem
    count = 0
    while True:
        count += 1
        yield f"{stem}_{count}"
