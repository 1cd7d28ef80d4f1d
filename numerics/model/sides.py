r"""Battery and charger as ladders: levels, squared raising elements, total spins.

Every coupling is collective, so all that an engine needs to know of a side is the ladder it climbs:
levels 0, 1, … up to a top (if there is one), and :math:`r(k)=\langle k+1|X_+|k\rangle^2`, an exact
integer. A side of :math:`n` spins :math:`s` holds one such ladder for every irrep of total spin
:math:`j\le ns`, labelled by its size :math:`2j`; levels count from the bottom of the irrep.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Any, ClassVar

import numpy as np

from numerics.model.checks import invalid, is_symbolic

__all__ = [
    "HALF",
    "CavityMode",
    "ClassicalField",
    "CollectiveSpin",
    "Oscillator",
    "Side",
    "TwoPhotonMode",
]

HALF = Fraction(1, 2)


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
    quanta_per_level: ClassVar[int] = 1
    linear: ClassVar[bool] = False
    r"""True where :math:`r(k)\le k+1`: then high levels have a proven bound without a top."""

    distinguishable: ClassVar[bool] = True
    """False where all levels are one and the same state, so that they only count excitations."""

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
        """The number of independent spins-1/2 on the side; None if it is made of others."""
        return None

    @property
    def spin(self) -> Fraction | None:
        """The spin of each member; None for a ladder that is no spin."""
        return None

    @property
    def members(self) -> Any:
        """The number of equal ladders, each thermal by itself, that the side is made of."""
        return 1

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

    def place(self, quanta: Any) -> tuple[Any, Any]:
        """The irrep and the level in it of so many quanta, in the ladders that occur once."""
        return self.size, quanta

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
        """The irreps among all states of the members with so many excitations together.

        Yields
        ------
        Size, level, and the share as numerator and denominator.
        """
        yield int(self.size), excited, 1, 1


@dataclass(frozen=True)
class CollectiveSpin(Side):
    r""":math:`n` spins :math:`s` that act as one: :math:`r(k)=(k+1)(2j-k)` for every j ≤ ns."""

    n: Any
    spin: Fraction = HALF
    noun: ClassVar[str] = "set of spins above 1/2"  # wherever spins-1/2 would be none
    states: ClassVar[str] = "a state of charger spins for a SpinCharger"

    @property
    def _most(self) -> int:
        """The highest level 2s of one of the spins."""
        return int(2 * self.spin)

    @property
    def top(self) -> Any:
        return self._most * self.n

    @property
    def size(self) -> Any:
        return self.top

    @property
    def spins(self) -> Any:
        return self.n if self.spin == HALF else None

    @property
    def members(self) -> Any:
        return self.n

    def raising(self, level: Any) -> Any:
        return (level + 1) * (self.top - level)

    def polarization(self, level: Any) -> Any:
        return 2 * level - self.top

    @property
    def strongest(self) -> int:
        return int((self.top + 1) // 2 * ((self.top + 2) // 2))

    def irrep(self, size: Any) -> CollectiveSpin:
        return CollectiveSpin(size)

    def bottom(self, size: Any) -> Any:
        return (self.top - size) // 2

    def multiplicity(self, size: int) -> int:
        lowest = (self.top - size) // 2
        return self.degeneracy(lowest) - (self.degeneracy(lowest - 1) if lowest else 0)

    def degeneracy(self, excited: int) -> int:
        if self.spin == HALF:
            return math.comb(self.n, excited)
        return next(islice(self._ways(), min(excited, self.top - excited), None))

    def irreps(self, excited: int) -> Iterator[tuple[int, int, int, int]]:
        most = min(excited, self.top - excited)
        ways = list(islice(self._ways(), most + 1))
        for i in range(most, -1, -1):
            share = ways[i] - (ways[i - 1] if i else 0)
            yield self.top - 2 * i, excited - i, share, ways[most]

    def _ways(self) -> Iterator[int]:
        r"""The coefficients of :math:`Q=(1+x+\dots+x^{2s})^n`, each from the 2s before it.

        They follow from :math:`(1+\dots+x^{2s})\,Q'=n\,(1+\dots+x^{2s})'\,Q`.
        """
        last = [1]
        yield 1
        for k in range(1, int(self.top) + 1):
            total = sum((i * (self.n + 1) - k) * way for i, way in enumerate(last, 1))
            last = [total // k, *last[: self._most - 1]]
            yield last[0]


@dataclass(frozen=True)
class CavityMode(Side):
    r"""A cavity mode: :math:`r(n)=n+1`, without a top."""

    quanta: ClassVar[str] = "photons"
    noun: ClassVar[str] = "cavity"
    states: ClassVar[str] = "fock, coherent, squeezed, thermal or a mixture of these for a cavity"
    linear: ClassVar[bool] = True

    def raising(self, level: Any) -> Any:
        return level + 1


@dataclass(frozen=True)
class Oscillator(CavityMode):
    """A harmonic oscillator, as a battery or beside one: the ladder of a cavity mode."""

    noun: ClassVar[str] = "harmonic oscillator"
    states: ClassVar[str] = "fock, thermal or a mixture of these for an oscillator"


@dataclass(frozen=True)
class TwoPhotonMode(Side):
    r"""A cavity mode that gives and takes photons by pairs: :math:`r=(n+1)(n+2)` of n photons.

    Even and odd photon numbers are a ladder each, the irreps 0 and 1, whose levels count pairs:
    :math:`n=2k` and :math:`n=2k+1`. Excitations are counted in pairs, too, and may be halves.
    """

    parity: Any = 0
    quanta: ClassVar[str] = "photons"
    noun: ClassVar[str] = "two-photon cavity"
    states: ClassVar[str] = "fock, thermal or a mixture of these for a cavity"
    quanta_per_level: ClassVar[int] = 2

    def raising(self, level: Any) -> Any:
        photons = 2 * level + self.parity
        # 0 below the lowest level of either ladder.
        return (photons + 1) * (photons + 2)

    def irrep(self, size: Any) -> TwoPhotonMode:
        return TwoPhotonMode(size)

    def bottom(self, size: Any) -> Any:
        return size / 2

    def place(self, quanta: Any) -> tuple[Any, Any]:
        parity = quanta % 2
        if is_symbolic(parity):
            raise invalid("photons", "be known to be even or odd, such as 2*n", quanta)
        return parity, (quanta - parity) // 2


@dataclass(frozen=True)
class ClassicalField(Side):
    """A classical field, which no exchange changes: r = 1, and all its levels are one state."""

    quanta: ClassVar[str] = "quanta of a drive"
    noun: ClassVar[str] = "classical drive"
    states: ClassVar[str] = "a state of the cells alone for a classical drive"
    distinguishable: ClassVar[bool] = False

    def raising(self, level: Any) -> Any:
        return 0 * level + 1
