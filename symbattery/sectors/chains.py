r"""Sectors as chains, derived from the ladder algebra.

The sector of a start :math:`|k,c\rangle` is whatever :math:`H` reaches from it: the code applies
every term of :math:`H` and keeps the levels whose matrix element does not vanish. That
:math:`\gamma` drops out for one cell and one charger spin is thus a *result* (Huangfu and Jing
2021, below Eq. (12)).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from sympy import Abs, Expr, S, expand, prod

from numerics.model.problem import INTERACTIONS, Parameters
from symbattery.core.expressions import UnsolvedError, factored
from symbattery.model.ladders import Ladder

__all__ = ["Chain", "chain_effort", "chain_from", "check_effort", "own_energy"]

# With pair terms and a symbolic number of charger spins the search would not end.
_MOST_LEVELS = 64
# Longer chains are not written out to see whether they are those of a spin that turns.
_MOST_TRIED = 200
# Seconds that a derivation may take, and what they are for chains of L levels: a L^b, a factor more
# with a diagonal, and a factor for each symbol in it.
_LONGEST = 600
_SECONDS, _POWER, _DIAGONAL, _SYMBOL = 0.7e-6, 4.5, 8, 3


@dataclass(frozen=True)
class Chain:
    """A Jacobi chain: the sector that a start level spans.

    Attributes
    ----------
    levels : tuple of int
        Excited cells in each level, relative to the start.
    hops_squared : tuple of Expr
        Squares of the off-diagonal elements between neighbours.
    diagonal : tuple of Expr
        Diagonal elements, relative to that of the start.
    start : int
        Index of the start level.
    charger_levels : tuple of int
        Excited charger spins in each level, relative to the start.
    signs : tuple of Expr
        The sign of each off-diagonal element, over that of the coupling; empty where all are 1.
    """

    levels: tuple[int, ...]
    hops_squared: tuple[Expr, ...]
    diagonal: tuple[Expr, ...]
    start: int
    charger_levels: tuple[int, ...] = ()
    signs: tuple[Expr, ...] = ()

    def sign(self, level: int, other: int) -> Expr:
        """The sign of the product of the hops between two levels, over that of the coupling."""
        low, high = sorted((level, other))
        return prod(self.signs[low:high])

    @property
    def is_chiral(self) -> bool:
        """The diagonal is constant, so that the spectrum is ± symmetric."""
        return all(a == 0 for a in self.diagonal)

    @property
    def has_one_frequency(self) -> bool:
        """The chain has two levels, or three without a diagonal."""
        return len(self.levels) == 2 or (len(self.levels) == 3 and self.is_chiral)

    @property
    def has_rabi_term(self) -> bool:
        """The stored energy is a Rabi term: one frequency, at which the first hop charges."""
        if self.is_rotation or not self.has_one_frequency:
            return self.is_rotation
        return any(self.levels[k] for k in range(3) if abs(k - self.start) == 1)

    @cached_property
    def is_rotation(self) -> bool:
        r"""The chain of a spin that turns: hops² ∝ (k + 1)(n - k), and equally spaced energies.

        It has one frequency, whatever its length, and the chains of two levels are of this kind.
        """
        last = len(self.levels) - 1
        if last < 1 or (last == 2 and self.is_chiral):
            # Without a diagonal the general forms of three levels are shorter.
            return last == 1
        first, step = self.hops_squared[0], self.diagonal[1] - self.diagonal[0]
        hops = enumerate(self.hops_squared)
        if any(expand(h * last - first * (k + 1) * (last - k)) != 0 for k, h in hops):
            return False
        steps = (b - a - step for a, b in pairwise(self.diagonal))
        return all(expand(rest) == 0 for rest in steps)

    @property
    def charger_reach(self) -> tuple[int, int]:
        """The charger levels that must be there below and above that of the start."""
        return self._reach(self.charger_levels)

    @property
    def battery_reach(self) -> tuple[int, int]:
        """The battery levels that must be there below and above that of the start."""
        return self._reach(self.levels)

    def _reach(self, levels: tuple[int, ...]) -> tuple[int, int]:
        """The levels that must be there on one side.

        With symbols a chain has all its levels, and its formula holds for no shorter one. With one
        frequency it holds where a hop vanishes, if not the first one of two.
        """
        below, above = -min(levels), max(levels)
        if not self.has_rabi_term:
            return below, above
        between = below and above
        return (0 if between else min(below, 1), 0 if between else max(above - 1, 0))


def _moves(
    battery: Ladder, charger: Ladder, k: Expr, c: Expr, constants: Parameters[Expr]
) -> dict[tuple[int, int], Expr]:
    """The squared matrix elements of H₁ from |k, c⟩ that do not vanish, by (Δk, Δc)."""
    exchange, pair = constants.coupling**2, (constants.coupling * constants.anisotropy) ** 2
    elements = {
        (+1, -1): exchange * battery.raised(k) * charger.lowered(c),
        (-1, +1): exchange * battery.lowered(k) * charger.raised(c),
        (+1, +1): pair * battery.raised(k) * charger.raised(c),
        (-1, -1): pair * battery.lowered(k) * charger.lowered(c),
    }
    return {move: element for move, element in elements.items() if element != 0}


def own_energy(
    battery: Ladder, charger: Ladder, k: Expr, c: Expr, constants: Parameters[Expr]
) -> Expr:
    """The diagonal element of H; constants of the sector are left out."""
    return (
        constants.frequency * k
        + constants.charger_frequency * c
        + constants.cell_crosstalk * battery.crosstalk(k)
        + constants.charger_crosstalk * charger.crosstalk(c)
        + constants.longitudinal * battery.polarization(k) * charger.polarization(c)
        + constants.cell_longitudinal * battery.polarization(k) ** 2
        + constants.charger_longitudinal * charger.polarization(c) ** 2
    )


def check_effort(seconds: float, name: str, what: str, instead: str) -> None:
    """Refuse a derivation that would take hours, before it begins.

    Raises
    ------
    UnsolvedError
        The estimate is longer than ten minutes.
    """
    if seconds > _LONGEST:
        hours = seconds / 3600
        time = f"{hours:.1g} hours" if hours < 1e4 else f"{hours / 8766:.0e} years"
        raise UnsolvedError(
            f"`{name}` must be smaller for a closed form: {what} would take some {time}; "
            f"{instead}, and numerics.charge takes any size"
        )


def chain_effort(
    battery: Ladder, charger: Ladder, k: Expr, c: Expr, constants: Parameters[Expr]
) -> tuple[float, int]:
    """The estimate of the seconds that the chain of a start takes, and of its levels."""

    def room(most: Expr | None, level: Expr) -> float:
        left = S(math.inf if most is None else most) - level
        return math.inf if left.free_symbols else float(left)

    tops = (getattr(side, "size", None) for side in (battery, charger))
    above, below = (room(top, level) for top, level in zip(tops, (k, c), strict=True))
    levels = min(room(k, S.Zero), below) + min(above, room(c, S.Zero)) + 1
    if constants.anisotropy != 0:
        # Half of all pairs of levels, if they form a chain; else nothing is derived.
        pairs = math.prod(room(top, S.Zero) + 1 for top in tops)
        levels = math.ceil(pairs / 2) if pairs <= 2 * _MOST_LEVELS else 1
    elif levels == math.inf:
        raise UnsolvedError(
            "the chain of this start must end: `cells`, or the excitations of the charger at the "
            "start, must be a number"
        )
    own = (constants.detuning, *(getattr(constants, name) for name in INTERACTIONS))
    seconds = _SECONDS * levels**_POWER
    if any(energy != 0 for energy in own):
        symbols = set().union(*(S(e).free_symbols for e in (*own, c) if e != 0))
        seconds *= _DIAGONAL * float(_SYMBOL) ** len(symbols)
    return seconds, int(levels)


def _no_chain() -> UnsolvedError:
    return UnsolvedError(
        "the sector of this start is no chain, because `anisotropy` is not 0: closed forms are "
        "derived for anisotropy = 0, and for any anisotropy only with one cell and a number of "
        "charger spins; numerics.charge takes every anisotropy"
    )


_Site = tuple[int, int]


def _walk(neighbours: Mapping[_Site, Mapping[_Site, Expr]]) -> list[_Site]:
    """The sites in the order of the chain, from its end with the fewest excited cells.

    Raises
    ------
    UnsolvedError
        A site has more than two neighbours, or there is no end.
    """
    ends = sorted(site for site, moves in neighbours.items() if len(moves) < 2)
    if not ends or any(len(moves) > 2 for moves in neighbours.values()):
        raise _no_chain()
    path = [ends[0]]
    while onward := [site for site in neighbours[path[-1]] if site not in path[-2:]]:
        path += onward
    return path


def chain_from(
    battery: Ladder, charger: Ladder, k: Expr, c: Expr, constants: Parameters[Expr]
) -> Chain:
    """The chain spanned by H from the start |k, c⟩.

    Raises
    ------
    UnsolvedError
        The levels that H reaches do not form a chain (γ ≠ 0 in general), or have no end.
    """
    seconds, levels = chain_effort(battery, charger, k, c, constants)
    effort = seconds, "cells", f"a chain of {levels} levels", "ten minutes are enough for 60"
    if levels > _MOST_TRIED:
        check_effort(*effort)
    steps: dict[_Site, dict[_Site, Expr]] = {}
    waiting = [(0, 0)]
    while waiting:
        here = waiting.pop()
        moves = _moves(battery, charger, k + here[0], c + here[1], constants)
        steps[here] = {(here[0] + dk, here[1] + dc): b for (dk, dc), b in moves.items()}
        waiting += [there for there in steps[here] if there not in steps]
        if constants.anisotropy != 0 and len(steps) > _MOST_LEVELS:
            raise _no_chain()
    path = _walk(steps)
    own = [own_energy(battery, charger, k + a, c + b, constants) for a, b in path]
    start = path.index((0, 0))
    pair = constants.anisotropy / Abs(constants.anisotropy) if constants.anisotropy else S.One
    signs = tuple(pair if b[0] - a[0] == b[1] - a[1] else S.One for a, b in pairwise(path))
    found = Chain(
        levels=tuple(a for a, _ in path),
        hops_squared=tuple(factored(steps[a][b]) for a, b in pairwise(path)),
        diagonal=tuple(factored(expand(a - own[start])) for a in own),
        start=start,
        charger_levels=tuple(b for _, b in path),
        signs=signs if any(sign != 1 for sign in signs) else (),
    )
    if not found.is_rotation:
        check_effort(*effort)
    return found
