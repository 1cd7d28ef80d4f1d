"""Starts that permutations of the spins of a side leave as they are, and those that they do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import factorial, prod
from typing import Any

from numerics.model.checks import InvalidArgument
from numerics.model.problem import Problem
from numerics.model.side_states import Independent

__all__ = ["is_symmetric", "require_symmetric"]


def is_symmetric(problem: Problem[Any], sides: Sequence[str]) -> bool:
    """True for starts that permutations of the spins of some sides do not change."""
    return all(_complete(some) for side in sides for some in _arrangements(problem, side).values())


def require_symmetric(
    problem: Problem[Any], name: str, sides: Sequence[str] = ("battery",)
) -> None:
    """Refuse starts that are not invariant under permutations of the spins of some sides.

    Raises
    ------
    InvalidArgument
        The spins of one of the sides have different populations.
    """
    for side in sides:
        if not is_symmetric(problem, (side,)):
            noun = {"battery": "cells", "charger": "charger spins"}[side]
            raise InvalidArgument(
                f"`initial` must have {noun} of equal populations for `{name}`, which is no mean "
                f"over their permutations, but is {problem.initial}"
            )


_Groups = tuple[tuple[Any, Any], ...]


def _arrangements(problem: Problem[Any], side: str) -> dict[Any, list[_Groups]]:
    """The groups of unequal spins of a side, of branches that are alike but for their order."""
    found: dict[Any, list[_Groups]] = {}
    for branch in problem.branches():
        state = getattr(branch, side)
        if isinstance(state, Independent):
            groups = tuple((problem.number(p), count) for p, count in state.groups if count)
            if len({p for p, _ in groups}) > 1:
                other = branch.charger if side == "battery" else branch.battery
                key = branch.weights, tuple(sorted(groups)), other
                found.setdefault(key, []).append(groups)
    return found


def _complete(arrangements: list[_Groups]) -> bool:
    """True for every order of some spins, each once: that is its own mean over permutations."""
    spins = Counter({p: 0 for p, _ in arrangements[0]})
    for population, number in arrangements[0]:
        spins[population] += number
    # There are at least as many orders as spins; factorials of many are long.
    if spins.total() > len(arrangements):
        return False
    orders = {tuple(p for p, n in groups for _ in range(n)) for groups in arrangements}
    most = factorial(spins.total()) // prod(map(factorial, spins.values()))
    return len(arrangements) == len(orders) == most
