r"""Sectors as chains, derived from the ladder algebra.

A collective spin of :math:`n` spins-1/2 (or an irrep of it) has the levels
:math:`|j,\mu\rangle`, :math:`\mu=-j,\dots,j`, with
:math:`\langle\mu\pm1|J_\pm|\mu\rangle^2=j(j+1)-\mu(\mu\pm1)`; a cavity has
:math:`\langle n+1|b^\dagger|n\rangle^2=n+1`. The sector of a start
:math:`|k,c\rangle` is whatever :math:`H` reaches from it: the code applies every term of
:math:`H` and keeps the levels whose matrix element does not vanish. That :math:`\gamma` drops out
for one cell and one charger spin is thus a *result* (Huangfu and Jing 2021, below Eq. (12)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from sympy import Expr, Integer, expand

from symbattery.core.errors import UnsolvedError
from symbattery.core.expressions import factored

__all__ = ["Chain", "Couplings", "Ladder", "Mode", "Spin", "chain_from"]

# With pair terms and a symbolic number of charger spins the search would not end.
_MOST_LEVELS = 64


class Ladder(Protocol):
    """The levels of one side, counted from its lowest one."""

    def raised(self, level: Expr) -> Expr:
        """The squared matrix element from ``level`` to ``level + 1``."""

    def lowered(self, level: Expr) -> Expr:
        """The squared matrix element from ``level`` to ``level - 1``."""


@dataclass(frozen=True)
class Spin:
    """A collective spin j = size/2; level = μ + j."""

    size: Expr

    def _casimir_minus(self, level: Expr, step: int) -> Expr:
        j = self.size / 2
        mu = level - j
        return factored(expand(j * (j + 1) - mu * (mu + step)))

    def raised(self, level: Expr) -> Expr:
        return self._casimir_minus(level, +1)

    def lowered(self, level: Expr) -> Expr:
        return self._casimir_minus(level, -1)


@dataclass(frozen=True)
class Mode:
    """A cavity mode; level = number of photons."""

    def raised(self, level: Expr) -> Expr:
        return level + 1

    def lowered(self, level: Expr) -> Expr:
        return level


@dataclass(frozen=True)
class Couplings:
    """The constants of the Hamiltonian, as expressions."""

    coupling: Expr
    anisotropy: Expr
    frequency: Expr
    charger_frequency: Expr
    charger_crosstalk: Expr
    cell_crosstalk: Expr


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
    """

    levels: tuple[int, ...]
    hops_squared: tuple[Expr, ...]
    diagonal: tuple[Expr, ...]
    start: int
    charger_levels: tuple[int, ...] = ()

    @property
    def is_chiral(self) -> bool:
        """Whether the diagonal is constant, so that the spectrum is ± symmetric."""
        return all(a == 0 for a in self.diagonal)


def _moves(
    cells: Ladder, charger: Ladder, k: Expr, c: Expr, couplings: Couplings
) -> dict[tuple[int, int], Expr]:
    """The squared matrix elements of H₁ from |k, c⟩ that do not vanish, by (Δk, Δc)."""
    exchange, pair = couplings.coupling**2, (couplings.coupling * couplings.anisotropy) ** 2
    elements = {
        (+1, -1): exchange * cells.raised(k) * charger.lowered(c),
        (-1, +1): exchange * cells.lowered(k) * charger.raised(c),
        (+1, +1): pair * cells.raised(k) * charger.raised(c),
        (-1, -1): pair * cells.lowered(k) * charger.lowered(c),
    }
    return {move: element for move, element in elements.items() if element != 0}


def _own_energy(cells: Ladder, charger: Ladder, k: Expr, c: Expr, couplings: Couplings) -> Expr:
    # J₊J₋ + J₋J₊ is diagonal: lowered + raised. Constants of the sector are left out.
    return (
        couplings.frequency * k
        + couplings.charger_frequency * c
        + couplings.cell_crosstalk * (cells.raised(k) + cells.lowered(k))
        + couplings.charger_crosstalk * (charger.raised(c) + charger.lowered(c))
    )


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


def chain_from(cells: Ladder, charger: Ladder, k: Expr, c: Expr, couplings: Couplings) -> Chain:
    """The chain spanned by H from the start |k, c⟩.

    Raises
    ------
    UnsolvedError
        The levels that H reaches do not form a chain (γ ≠ 0 in general).
    """
    steps: dict[_Site, dict[_Site, Expr]] = {}
    waiting = [(0, 0)]
    while waiting:
        here = waiting.pop()
        moves = _moves(cells, charger, k + here[0], c + here[1], couplings)
        steps[here] = {(here[0] + dk, here[1] + dc): b for (dk, dc), b in moves.items()}
        waiting += [there for there in steps[here] if there not in steps]
        if couplings.anisotropy != 0 and len(steps) > _MOST_LEVELS:
            raise _no_chain()
    path = _walk(steps)
    own = [_own_energy(cells, charger, k + a, c + b, couplings) for a, b in path]
    start = path.index((0, 0))
    return Chain(
        levels=tuple(a for a, _ in path),
        hops_squared=tuple(factored(steps[a][b]) for a, b in pairwise(path)),
        diagonal=tuple(factored(expand(a - own[start])) for a in own),
        start=start,
        charger_levels=tuple(b for _, b in path),
    )


def level(value: object) -> Expr:
    """A level number as an expression."""
    return value if isinstance(value, Expr) else Integer(value)
