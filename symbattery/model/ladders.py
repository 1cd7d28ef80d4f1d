r"""The ladders of battery and charger in expressions, derived from their algebra.

A collective spin of :math:`n` spins s, 2sn spins-1/2, (or an irrep of it) has the levels
:math:`|j,\mu\rangle`, :math:`\mu=-j,\dots,j`, with
:math:`\langle\mu\pm1|J_\pm|\mu\rangle^2=j(j+1)-\mu(\mu\pm1)`; a cavity has
:math:`\langle n+1|b^\dagger|n\rangle^2=n+1`. Nothing is taken from the elements of
:mod:`numerics.model.sides`, which are thus checked.

A new side registers its ladder: ``ladder.register(MySide, lambda side: MyLadder(…))``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, singledispatch

from sympy import Expr, S, expand

from numerics.model.sides import (
    CavityMode,
    ClassicalField,
    CollectiveSpin,
    Side,
    TwoPhotonMode,
)
from symbattery.core.expressions import UnsolvedError, exact, factored

__all__ = [
    "Field",
    "Ladder",
    "Mode",
    "PhotonPairs",
    "Spin",
    "degeneracies",
    "ladder",
    "multiplicity",
]


class Ladder:
    """The levels of one side, counted from its lowest one.

    A new kind is a frozen dataclass that says `raised`, which vanishes at the top and below 0.
    """

    def raised(self, level: Expr) -> Expr:
        """The squared matrix element from ``level`` to ``level + 1``."""
        raise NotImplementedError(f"{type(self).__name__} does not say its squared elements")

    def lowered(self, level: Expr) -> Expr:
        """The squared matrix element from ``level`` to ``level - 1``."""
        return self.raised(level - 1)

    def crosstalk(self, level: Expr) -> Expr:
        """The diagonal element of X₊X₋ + X₋X₊: Eq. (15) up to a constant."""
        return self.raised(level) + self.lowered(level)

    def polarization(self, level: Expr) -> Expr:
        r"""The sum of :math:`\sigma^z` over the spins; 0 where there are none."""
        return S.Zero


@dataclass(frozen=True)
class Spin(Ladder):
    """A collective spin j = size/2; level = μ + j."""

    size: Expr

    def _casimir_minus(self, level: Expr, step: int) -> Expr:
        j = S(self.size) / 2
        mu = level - j
        return factored(expand(j * (j + 1) - mu * (mu + step)))

    def raised(self, level: Expr) -> Expr:
        return self._casimir_minus(level, +1)

    def lowered(self, level: Expr) -> Expr:
        return self._casimir_minus(level, -1)

    def polarization(self, level: Expr) -> Expr:
        return 2 * (level - S(self.size) / 2)


@dataclass(frozen=True)
class Mode(Ladder):
    """A cavity mode; level = number of photons."""

    def raised(self, level: Expr) -> Expr:
        return level + 1


@dataclass(frozen=True)
class PhotonPairs(Ladder):
    """A mode that climbs by pairs; a level is a pair, beside ``parity`` photons."""

    parity: Expr

    def raised(self, level: Expr) -> Expr:
        once, mode = 2 * level + self.parity, Mode()
        return factored(expand(mode.raised(once) * mode.raised(once + 1)))


@dataclass(frozen=True)
class Field(Ladder):
    """A classical field, the same at every level."""

    def raised(self, level: Expr) -> Expr:
        return S.One


@singledispatch
def ladder(side: Side) -> Ladder:
    """The ladder of a side, or of one irrep of it.

    Raises
    ------
    UnsolvedError
        No ladder is registered for this kind of side.
    """
    raise UnsolvedError(
        f"`model` must have sides whose ladders are registered, but has a {type(side).__name__}: "
        "symbattery.model.ladders.ladder.register takes one"
    )


@ladder.register
def _(side: CollectiveSpin) -> Ladder:
    return Spin(exact(2 * side.spin) * exact(side.n))


@ladder.register
def _(side: CavityMode) -> Ladder:
    return Mode()


@ladder.register
def _(side: TwoPhotonMode) -> Ladder:
    return PhotonPairs(exact(side.parity))


@ladder.register
def _(side: ClassicalField) -> Ladder:
    return Field()


@lru_cache(maxsize=128)
def degeneracies(side: Side) -> tuple[int, ...]:
    """The number of states of the members of a side with k excitations together."""
    members = int(side.members)
    most, ways = int(side.top) // members, [1]
    for _ in range(members):
        ends = [0] * most
        padded = [*ends, *ways, *ends]
        ways = [sum(padded[k : k + most + 1]) for k in range(len(ways) + most)]
    return tuple(ways)


def multiplicity(side: Side, bottom: int) -> int:
    """The number of irreps of a side whose lowest levels have so many excitations."""
    ways = degeneracies(side)
    return ways[bottom] - (ways[bottom - 1] if bottom else 0)
