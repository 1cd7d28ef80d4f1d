r"""All sectors at γ = 0 together: by eigenvectors or Chebyshev recurrences, what is cheaper.

Eigenvectors cost once and then little per time; recurrences cost in proportion to the time gone by,
little before a first peak. Nobody knows which times will be asked for, so recurrences are used
until they have cost as much as the eigenvectors would: never more than twice the better of the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from numerics.dynamics.chain_chebyshev import ChiralRecurrence, DetunedRecurrence
from numerics.dynamics.checkpoints import CheckpointPropagator
from numerics.dynamics.compiled_routines import number_up_to
from numerics.dynamics.concave_bounds import ConcaveBound, concave_bound
from numerics.dynamics.conservation import is_late, latest_time, refuse_late
from numerics.dynamics.eigenvectors import ChiralPropagator, DetunedPropagator
from numerics.dynamics.interface import Bounds, Evolution, SummedEvolution, Wave
from numerics.model.problem import Problem
from numerics.model.resources import Floats, fits, single_blas_thread
from numerics.sectors.chains import TAIL, Chains, chains
from numerics.sectors.starts import NEGLIGIBLE, Start, heavy, levels

__all__ = ["ChainDynamics", "SuperposedDynamics"]

# Seconds, as measured; only their ratios matter. A diagonalisation of n pairs of sites takes
# _EACH + n² _SQUARE (1 + n / _CUBIC), of its n inner pairs alone _EACH + n L _INNER; one order of a
# series _CALL + n _PAIR.
_EACH, _SQUARE, _CUBIC, _INNER = 3e-5, 8e-8, 3e3, 2e-7
_CALL, _PAIR, _ORDERS = 5e-6, 2.2e-9, 60
_DETUNED = 4
# Eigenvectors so cheap that nothing else is tried, and so large that they are never stored.
_CHEAP, _LARGEST, _LARGEST_OF_MANY, _LARGEST_INNER = 0.1, 2**25, 2**23, 2**28
# Chains so short that all their eigenvectors cost little, and the numbers in one portion of these.
_SHORT, _PORTION = 400, 2**21
# Pairs of sites in one recurrence, whose working arrays then fit into the caches, and the numbers
# that all checkpoints may have together.
_LENGTH, _STORED = 2**13, 2**23


@dataclass
class _Spent:
    """The cost of the recurrences so far, and the latest time they have come to."""

    seconds: float = 0.0
    reached: float = 0.0


@dataclass(frozen=True)
class ChainDynamics(SummedEvolution):
    """The evolution in all stacks of chains.

    Attributes
    ----------
    by_recurrence : bool
        The next request may still be answered without eigenvectors.
    """

    stacks: Sequence[Chains]
    _spent: _Spent = field(default_factory=_Spent, init=False, repr=False, compare=False)

    @cached_property
    def _radius(self) -> float:
        return max((float(np.max(stack.radii)) for stack in self.stacks), default=0.0)

    @cached_property
    def _cutoff(self) -> float:
        cutoffs = (np.minimum(stack.radii, stack.cutoffs) for stack in self.stacks)
        return max((float(np.max(cutoff)) for cutoff in cutoffs), default=0.0)

    @property
    def bandwidth(self) -> float:
        return 2 * self._radius

    @cached_property
    def bounds(self) -> Bounds:
        every = []
        for number, stack in enumerate(self.stacks):
            if not stack.chiral and not self.by_recurrence and self._storable:
                propagator = self._eigenvectors[number]
                assert isinstance(propagator, DetunedPropagator)
                every.append(propagator.bounds)
            else:
                most = float(stack.weights @ stack.most_gained)
                every.append(Bounds(most, *stack.rates()))
        return Bounds.sum(every)

    @cached_property
    def _local_bound(self) -> ConcaveBound:
        return concave_bound(
            (stack.gains for stack in self.stacks),
            (stack.max_third_derivatives()[stack.sectors] for stack in self.stacks),
        )

    def max_third_derivative_between(self, low: Floats, high: Floats) -> Floats:
        """No |d³/dt³| is larger while the excitations gained are between ``low`` and ``high``."""
        return self._local_bound.between(low, high)

    @cached_property
    def _pairs(self) -> list[Floats]:
        """The pairs of sites, or of eigenvectors if they are fewer, that each sector needs."""
        every = []
        for stack in self.stacks:
            pairs = np.full(len(stack.hops), stack.length / 2 if stack.chiral else stack.length)
            for sector in np.flatnonzero(stack.cutoffs < np.inf):
                # Both halves together: at 0, where an eigenvalue may be, the routine divides by 0.
                pairs[sector] = number_up_to(stack.hops[sector], stack.cutoffs[sector]) // 2
            every.append(pairs)
        return every

    @cached_property
    def _price(self) -> float:
        """The seconds that all eigenvectors take."""
        total = 0.0
        for stack, pairs in zip(self.stacks, self._pairs, strict=True):
            inner = stack.cutoffs < np.inf
            total += len(pairs) * _EACH + _INNER * stack.length * float(np.sum(pairs[inner]))
            every = pairs[~inner]
            total += float(np.sum(every**2 * _SQUARE * (1 + every / _CUBIC)))
        return total

    @cached_property
    def _storable(self) -> bool:
        inner = whole = 0.0
        for stack, pairs in zip(self.stacks, self._pairs, strict=True):
            few = stack.cutoffs < np.inf
            inner += stack.length * float(np.sum(pairs[few]))
            whole += stack.length * float(np.sum(pairs[~few]))
        most = _LARGEST_OF_MANY if self._many else _LARGEST
        # While they are found, inner eigenvectors are there twice.
        return whole <= most and inner <= _LARGEST_INNER and fits(int(16 * inner))

    @cached_property
    def _many(self) -> bool:
        """Starts in so many short chains that a recurrence for each would fill the memory."""
        longest = max((stack.length for stack in self.stacks), default=0)
        sites = sum(stack.length * len(stack.sites) for stack in self.stacks)
        return longest <= _SHORT and sites > _STORED // 8

    @property
    def by_recurrence(self) -> bool:
        dear = self._price > max(_CHEAP, self._spent.seconds)
        return bool(self.stacks) and not self._many and (dear or not self._storable)

    def _estimate(self, times: Floats) -> float:
        """The seconds that recurrences would take for these times."""
        latest = latest_time(times)
        further = max(0.0, latest - self._spent.reached)
        pairs, radians = 0.0, 0.0
        for stack in self.stacks:
            size = (stack.length / 2 + 1) * (1 if stack.chiral else _DETUNED)
            pairs += size * len(stack.sites)
            radians += size * float(np.sum(stack.radii[stack.sectors])) * further
        orders = radians / pairs + _ORDERS * self._recurrences[0].unknown(times)
        total = orders * (_CALL * max(1.0, pairs / _LENGTH) + _PAIR * pairs)
        self._spent.reached = max(self._spent.reached, latest)
        return total

    @cached_property
    def _eigenvectors(self) -> list[ChiralPropagator | DetunedPropagator]:
        return [
            ChiralPropagator(stack) if stack.chiral else DetunedPropagator(stack)
            for stack in self.stacks
        ]

    @cached_property
    def _recurrences(self) -> list[CheckpointPropagator]:
        groups = list(_groups(self.stacks))
        share = _STORED // max(1, len(groups))
        return [
            CheckpointPropagator(
                ChiralRecurrence.of(g) if g[0].chiral else DetunedRecurrence.of(g), share
            )
            for g in groups
        ]

    def parts(self, times: Floats) -> Iterable[Evolution]:
        latest = latest_time(times)
        if self.by_recurrence:
            # Recurrences carry all phases; eigenvectors only those below the cutoff of energy.
            late = self._storable and is_late(self._radius, latest)
            self._spent.seconds += np.inf if late else self._estimate(times)
            # Checkpoints of the way not taken are of no more use.
            if not self.by_recurrence:
                self.__dict__.pop("_recurrences", None)
        refuse_late(self._radius if self.by_recurrence else self._cutoff, latest)
        if self.by_recurrence:
            return self._recurrences
        return self._eigenvectors if self._storable else self._renewed()

    def _renewed(self) -> Iterator[Evolution]:
        """The same as `_eigenvectors`, found anew for each request, some sectors at a time."""
        for stack in self.stacks:
            for part in stack.portions(max(1, _PORTION // stack.length**2)):
                yield ChiralPropagator(part) if part.chiral else DetunedPropagator(part)

    excitation = single_blas_thread(SummedEvolution.excitation)
    moments = single_blas_thread(SummedEvolution.moments)
    populations = single_blas_thread(SummedEvolution.populations)

    def error(self, times: Floats) -> Floats:
        """Bounds on the error of `excitation` from what is left out, rounding apart."""
        self.parts(times)
        if self.by_recurrence:
            left_out = np.max([p.left_out(times) for p in self._recurrences], axis=0)
        else:
            # Both the amplitude that stays where it started and the one that moves.
            inner = any(np.any(stack.cutoffs < np.inf) for stack in self.stacks)
            left_out = np.full(len(times), 2 * TAIL * inner)
        moved = sum(float(stack.weights @ stack.most_moved) for stack in self.stacks)
        return moved * left_out * (2 + left_out)


@dataclass(frozen=True)
class SuperposedDynamics(ChainDynamics):
    """The evolution of superpositions of starts that share no sector.

    What is linear in the weights needs the heavy ones alone, which ``stacks`` are.
    """

    problem: Problem[float]
    start: Start

    @classmethod
    def of(cls, problem: Problem[float], start: Start) -> SuperposedDynamics:
        """Without starts whose weights sum to less than `NEGLIGIBLE`, but in amplitudes."""
        some = start[heavy(start.weight, NEGLIGIBLE)]
        return cls(list(chains(problem, some, levels(problem, start))), problem, start)

    @cached_property
    def _whole(self) -> ChainDynamics:
        return ChainDynamics(list(chains(self.problem, self.start)))

    def waves(self, times: Floats) -> Iterator[Wave]:
        return self._whole.waves(times)


def _groups(stacks: Sequence[Chains]) -> Iterator[list[Chains]]:
    """All starts, those in chains of similar norm together, in groups of about equal size."""
    for chiral in (True, False):
        mine = [stack for stack in stacks if stack.chiral is chiral]
        if not mine:
            continue
        radii = np.concatenate([stack.radii[stack.sectors] for stack in mine])
        number = np.concatenate([np.full(len(s.sites), i) for i, s in enumerate(mine)])
        start = np.concatenate([np.arange(len(s.sites)) for s in mine])
        order = np.argsort(radii, kind="stable")
        pairs = np.array([stack.length // 2 + 1 for stack in mine])[number[order]]
        group = np.cumsum(pairs) // _LENGTH
        for end in np.split(order, np.flatnonzero(np.diff(group)) + 1):
            yield [mine[i].part(start[end][number[end] == i]) for i in np.unique(number[end])]
