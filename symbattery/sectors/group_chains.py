r"""Chains of groups of spins: the states that H makes of a start, one after another.

With :math:`v_0` the start, :math:`v_{n+1}=Hv_n-a_nv_n-b_{n-1}^2v_{n-1}` are orthogonal (Lanczos),
and H is tridiagonal in them, whatever the groups. Where each :math:`v_n` has one number of excited
cells, the sector of the start *is* a chain, and all closed forms of chains are those of the groups:
one cell that is coupled to any number of groups moves between two levels, as only their bright
mode takes part.

All is rational: a state is written in the unnormalised basis made by raising from the start,
:math:`S_+e_k=e_{k+1}`, :math:`S_-e_{k+1}=r(k)\,e_k`, :math:`\langle e_{k+1},e_{k+1}\rangle=r(k)\,
\langle e_k,e_k\rangle`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Indexed, S, Sum, expand
from sympy.logic.boolalg import Boolean

from numerics.model.groups import GroupedSpins
from numerics.model.problem import Problem
from numerics.model.side_states import Groupwise
from symbattery.core.expressions import UnsolvedError, exact, factored
from symbattery.model.ladders import Ladder
from symbattery.sectors.chains import Chain
from symbattery.sectors.charger_ensembles import at_least
from symbattery.sectors.mixtures import SideStart, side_starts

__all__ = ["GroupStart", "group_chain", "group_starts"]

# Levels of a chain, and states in one of them, that are followed.
_MOST_LEVELS, _MOST_STATES = 24, 200

_State = tuple[int, ...]
_Vector = dict[_State, Expr]


@dataclass(frozen=True)
class GroupStart:
    """A level of one irrep of each group, with the probability of all together."""

    weight: Expr
    groups: tuple[SideStart, ...]

    def excited(self, cells: int) -> tuple[int, int]:
        """The excited cells at the bottom of the irreps, and above it."""
        mine = self.groups[:cells]
        return sum(int(g.bottom) for g in mine), sum(int(g.level) for g in mine)


def group_starts(problem: Problem[Expr], taken: set[str]) -> Iterator[GroupStart]:
    """The pure starts of which the initial state is a mixture.

    Raises
    ------
    UnsolvedError
        A state of a symbolic number of independent spins that are neither up nor down.
    """
    sides = problem.battery, problem.charger
    for branch in problem.branches():
        every: list[list[SideStart]] = []
        for side, state in zip(sides, branch[1:], strict=True):
            assert isinstance(state, Groupwise)
            for group, own in zip(side.groups, state.groups, strict=True):
                found = side_starts(own, group, taken)
                starts = [start for start in found if isinstance(start, SideStart)]
                if len(starts) < len(found):
                    raise UnsolvedError(
                        "`initial` must have numbers of spins in groups that are neither up nor "
                        "down, for a closed form; numerics.charge takes numbers of spins"
                    )
                every.append(starts)
        factor = S.One
        for weight in branch.weights:
            factor = factor * exact(weight)
        for groups in itertools.product(*every):
            weight = factor
            for one in groups:
                weight = weight * one.weight
            if weight != 0:
                yield GroupStart(weight, groups)


@dataclass(frozen=True)
class _Individual(Ladder):
    r"""Spins coupled one by one, :math:`g_l`, all down or all up but for one excitation of them.

    That is in the bright mode, of :math:`\sum_lg_l^2` in place of a collective element.
    """

    size: Expr
    coupling: Indexed

    def raised(self, level: Expr) -> Expr:
        left = expand(self.size - level)
        if level in (-1, self.size):
            return S.Zero
        if level != 0 and left != 1:
            raise UnsolvedError(
                f"`coupling` must be that of all spins of a group, but is {self.coupling}: "
                "couplings of each spin are known where one excitation leaves or enters them"
            )
        (index,) = self.coupling.indices
        return Sum(self.coupling**2, (index, 1, self.size))


@dataclass(frozen=True)
class _Hamiltonian:
    """H of some groups at levels relative to those of a start."""

    ladders: tuple[Ladder, ...]
    levels: tuple[Expr, ...]
    energies: tuple[Expr, ...]  # of an excitation of each group
    crosstalk: tuple[Expr, ...]
    bonds: tuple[tuple[int, int, Expr, Expr], ...]  # exchange and pair terms

    @classmethod
    def of(cls, problem: Problem[Expr], start: GroupStart) -> _Hamiltonian:
        model, p = problem.model, problem.parameters
        assert isinstance(model, GroupedSpins)
        energies = [
            p.frequency if g.frequency is None else exact(g.frequency) for g in model.groups
        ]
        # What is conserved drops out.
        shift = p.frequency if problem.conserved else S.Zero
        bonds = []
        for a, b, factor, across in model.bonds():
            collective = dict.fromkeys(exact(factor).atoms(Indexed), S.One)
            exchange = p.coupling * exact(factor).xreplace(collective)
            bonds.append((a, b, exchange, exchange * (p.anisotropy if across else 0)))
        ladders = [
            _Individual(exact(group.spins), group.coupling)
            if isinstance(group.coupling, Indexed)
            else own.ladder
            for group, own in zip(model.groups, start.groups, strict=True)
        ]
        return cls(
            tuple(ladders),
            tuple(group.level for group in start.groups),
            tuple(energy - shift for energy in energies),
            tuple(exact(group.crosstalk) for group in model.groups),
            tuple(bonds),
        )

    def raised(self, group: int, level: int) -> Expr:
        """The squared element from a level to the next."""
        return self.ladders[group].raised(self.levels[group] + level)

    def diagonal(self, state: _State) -> Expr:
        """The own energy of a state, less that of the start."""
        total = S.Zero
        for ladder, first, moved, energy, own in zip(
            self.ladders, self.levels, state, self.energies, self.crosstalk, strict=True
        ):
            total += energy * moved
            if own != 0:
                total += own * (ladder.crosstalk(first + moved) - ladder.crosstalk(first))
        return expand(total)

    def _one(self, state: _State, group: int, step: int) -> tuple[Expr, _State]:
        """A group raised or lowered: the factor and the state."""
        level = state[group]
        # Beyond the top there is no state, though its basis vector would have no factor.
        element = self.raised(group, level if step > 0 else level - 1)
        factor = element if step < 0 else S.Zero if element == 0 else S.One
        return factor, (*state[:group], level + step, *state[group + 1 :])

    def applied(self, vector: Mapping[_State, Expr]) -> _Vector:
        """H on a vector."""
        result: _Vector = {}
        for state, value in vector.items():
            own = self.diagonal(state)
            if own != 0:
                result[state] = result.get(state, S.Zero) + own * value
            for a, b, exchange, pair in self.bonds:
                for strength, one, two in (
                    (exchange, 1, -1), (exchange, -1, 1), (pair, 1, 1), (pair, -1, -1),
                ):  # fmt: skip
                    if strength == 0:
                        continue
                    first, moved = self._one(state, a, one)
                    if first == 0:
                        continue
                    second, moved = self._one(moved, b, two)
                    if second != 0:
                        part = strength * first * second * value
                        result[moved] = result.get(moved, S.Zero) + part
        return {state: value for state, v in result.items() if (value := factored(v)) != 0}

    def norm(self, state: _State) -> Expr:
        """The squared norm of a basis vector."""
        result = S.One
        for group, level in enumerate(state):
            for k in range(min(level, 0), max(level, 0)):
                element = self.raised(group, k)
                result = result * element if level > 0 else result / element
        return result

    def product(self, left: _Vector, right: _Vector) -> Expr:
        """The inner product."""
        common = left.keys() & right.keys()
        return factored(sum((left[s] * right[s] * self.norm(s) for s in sorted(common)), S.Zero))


def _excited(vector: _Vector, cells: int) -> int:
    """The excited cells of a vector, relative to the start.

    Raises
    ------
    UnsolvedError
        It has not one number of them.
    """
    numbers = {sum(state[:cells]) for state in vector}
    if len(numbers) > 1:
        raise UnsolvedError(
            "the sector of this start is no chain of numbers of excited cells: closed forms of "
            "groups are derived where H leads through states of one number each, as with one cell, "
            "one charger spin or one excitation; numerics.charge takes all of them"
        )
    return numbers.pop()


def group_chain(problem: Problem[Expr], start: GroupStart) -> tuple[Chain, tuple[Boolean, ...]]:
    """The chain that H makes of a start, and what symbolic levels must satisfy for it.

    Raises
    ------
    UnsolvedError
        It is none.
    """
    h, model = _Hamiltonian.of(problem, start), problem.model
    if any(group.frequency not in (None, model.frequency) for group in model.cells):
        raise UnsolvedError(
            "`cells` must have one frequency for a closed form; numerics.charge takes any"
        )
    cells = len(model.cells)
    now: _Vector = {(0,) * len(h.ladders): S.One}
    before: _Vector = {}
    reached, norm = set(now), S.One
    levels = [0]
    hops: list[Expr] = []
    diagonal: list[Expr] = []
    while True:
        moved = h.applied(now)
        own = factored(h.product(now, moved) / norm)
        diagonal.append(own)
        for state, value in now.items():
            moved[state] = moved.get(state, S.Zero) - own * value
        for state, value in before.items():
            moved[state] = moved.get(state, S.Zero) - hops[-1] * value
        before, now = now, {s: v for s, value in moved.items() if (v := factored(value)) != 0}
        if not now:
            break
        if len(levels) >= _MOST_LEVELS or len(now) > _MOST_STATES:
            raise UnsolvedError(
                "`chargers` must be fewer for a closed form: the chain of this start has more than "
                f"{_MOST_LEVELS} levels or {_MOST_STATES} states in one; numerics.charge takes any"
            )
        levels.append(_excited(now, cells))
        reached |= now.keys()
        after = h.product(now, now)
        hops.append(factored(after / norm))
        norm = after
    first = diagonal[0]
    chain = Chain(
        levels=tuple(levels),
        hops_squared=tuple(hops),
        diagonal=tuple(factored(expand(own - first)) for own in diagonal),
        start=0,
        charger_levels=(0,) * len(levels),
    )
    return chain, tuple(_conditions(chain, start, reached))


def _conditions(chain: Chain, start: GroupStart, reached: set[_State]) -> Iterator[Boolean]:
    """With symbols a chain has all its levels, and with one frequency also where hops vanish."""
    for group, moved in zip(start.groups, zip(*reached, strict=True), strict=True):
        yield from group.conditions
        top: Any = getattr(group.ladder, "size", None)
        below = at_least(S(group.level), 1 if chain.has_rabi_term else -min(moved))
        above = at_least(S(top) - group.level, 1 if chain.has_rabi_term else max(moved))
        yield from (held for held, needed in ((below, min(moved)), (above, max(moved))) if needed)
