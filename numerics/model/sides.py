r"""Battery and charger as ladders: levels, squared raising elements, total spins.

Every coupling is collective, so all that an engine needs to know of a side is the ladder it climbs:
levels 0, 1, … up to a top (if there is one), and :math:`r(k)=\langle k+1|X_+|k\rangle^2`, an exact
integer. A side of :math:`n` spins-1/2 holds one such ladder for every irrep of total spin
:math:`j\le n/2`, labelled by its size :math:`2j`; levels count from the bottom of the irrep.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from numerics.model.checks import InvalidArgument

__all__ = ["CavityMode", "CollectiveSpin", "Side"]


class Side:
    """The ladder of a battery or a charger.

    A new kind of side is a frozen dataclass that derives from this one and says `raising`, with
    :math:`r(-1)=0`, and :math:`r=0` at the top. Levels are integers, or integer arrays.
    """

    quanta: ClassVar[str] = "spins"
    """The excitations of a charger: "spins" starts from `dicke`, "photons" from `fock`."""
    noun: ClassVar[str] = "ladder"
    states: ClassVar[str] = "a state of charger spins for this charger"
    """The initial states that a charger of this kind takes, in the words of an error."""
    linear: ClassVar[bool] = False
    r"""True where :math:`r(k)\le k+1`: then high levels have a proven bound without a top."""

    @property
    def top(self) -> Any:
        """The highest level; None where there is none."""
        return None

    @property
    def size(self) -> Any:
        """The label of the irrep that holds the highest level of all."""
        return 0

    @property
    def spins(self) -> Any:
        """The number of independent spins-1/2 on the side; None for a single ladder."""
        return None

    @property
    def groups(self) -> tuple[Side, ...]:
        """The sides that it is made of: itself, where it is one ladder."""
        return (self,)

    def raising(self, level: Any) -> Any:
        """The squared raising element r from ``level`` to the next."""
        raise NotImplementedError(f"{type(self).__name__} does not say its raising element")

    def crosstalk(self, level: Any) -> Any:
        """The diagonal element of X₊X₋ + X₋X₊: Eq. (15) up to a constant."""
        return self.raising(level - 1) + self.raising(level)

    def polarization(self, level: Any) -> Any:
        r"""The sum of :math:`\sigma^z` over the spins; 0 where there are none."""
        return 0 * level

    @property
    def strongest(self) -> int:
        """The largest squared raising element, where there is a top."""
        return max((int(self.raising(level)) for level in range(int(self.top))), default=0)

    def irrep(self, size: Any) -> Side:
        """The ladder of one irrep, or of an array of them."""
        return self

    def bottom(self, size: Any) -> Any:
        """The number of excitations at level 0 of an irrep."""
        return 0 * size

    def excited(self, size: int) -> Any:
        """The number of excitations of each level of an irrep."""
        return self.bottom(size) + np.arange(int(self.irrep(size).top) + 1)

    def multiplicity(self, size: int) -> int:
        """The number of times that an irrep occurs."""
        return 1

    def degeneracy(self, excited: int) -> int:
        """The number of states with so many excitations, all irreps together."""
        return 1

    def irreps(self, excited: int) -> Iterator[tuple[int, int, int, int]]:
        """The irreps among all arrangements of ``excited`` spins.

        Yields
        ------
        Size, level, and the share as numerator and denominator.

        Raises
        ------
        InvalidArgument
            The side does not consist of spins.
        """
        raise InvalidArgument(
            f"`initial` must be a state of a single ladder for a {self.noun}, but is one of spins"
        )


@dataclass(frozen=True)
class CollectiveSpin(Side):
    r""":math:`n` spins-1/2 that act as one: :math:`r(k)=(k+1)(2j-k)` in each irrep, 2j ≤ n."""

    n: Any
    noun: ClassVar[str] = "collective spin"
    states: ClassVar[str] = "a state of charger spins for a SpinCharger"

    @property
    def top(self) -> Any:
        return self.n

    @property
    def size(self) -> Any:
        return self.n

    @property
    def spins(self) -> Any:
        return self.n

    def raising(self, level: Any) -> Any:
        return (level + 1) * (self.n - level)

    def polarization(self, level: Any) -> Any:
        return 2 * level - self.n

    @property
    def strongest(self) -> int:
        return int((self.n + 1) // 2 * ((self.n + 2) // 2))

    def irrep(self, size: Any) -> CollectiveSpin:
        return CollectiveSpin(size)

    def bottom(self, size: Any) -> Any:
        return (self.n - size) // 2

    def multiplicity(self, size: int) -> int:
        lowest = (self.n - size) // 2
        return math.comb(self.n, lowest) - (math.comb(self.n, lowest - 1) if lowest else 0)

    def degeneracy(self, excited: int) -> int:
        return math.comb(self.n, excited)

    def irreps(self, excited: int) -> Iterator[tuple[int, int, int, int]]:
        n, most = self.n, min(excited, self.n - excited)
        # C(n, i) for i = 0 … most, each from the one before.
        combinations = [1]
        for i in range(most):
            combinations.append(combinations[-1] * (n - i) // (i + 1))
        for i in range(most, -1, -1):
            share = combinations[i] - (combinations[i - 1] if i else 0)
            yield n - 2 * i, excited - i, share, combinations[most]


@dataclass(frozen=True)
class CavityMode(Side):
    r"""A cavity mode: :math:`r(n)=n+1`, without a top."""

    quanta: ClassVar[str] = "photons"
    noun: ClassVar[str] = "cavity"
    states: ClassVar[str] = "fock, coherent, squeezed, thermal or a mixture of these for a cavity"
    linear: ClassVar[bool] = True

    def raising(self, level: Any) -> Any:
        return level + 1
