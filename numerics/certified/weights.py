r"""The weights of an initial state as balls, and what was dropped of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq

from numerics.certified.exact import Exact, ball, upper
from numerics.model.problem import Problem
from numerics.sectors.irreps import terms

__all__ = ["Weights", "weights"]

Key = tuple[int, int, int]
"""An irrep of the cells, one of the charger, and the excitation number or parity."""


@dataclass(frozen=True)
class _Balls:
    """The arithmetic of weights in balls."""

    negligible: arb
    exact: Callable[[Any], Exact]

    def number(self, value: Any) -> arb:
        return ball(self.exact(value))

    def ratio(self, numerator: int, denominator: int) -> arb:
        return arb(fmpq(numerator, denominator))

    def exp(self, exponent: arb) -> arb:
        return exponent.exp()

    def expm1(self, exponent: arb) -> arb:
        return exponent.expm1()


@dataclass(frozen=True)
class Weights:
    """An initial state as weighted basis states, sector by sector.

    Attributes
    ----------
    sectors : dict
        For each sector (irrep, irrep, excitations or parity) the weight of each start (k, c).
    dropped : arb
        At least the sum of all weights left out.
    photons : int
        The largest charger level of any start.
    """

    sectors: dict[Key, dict[tuple[int, int], arb]]
    dropped: arb
    photons: int


def weights(problem: Problem[Exact], negligible: arb) -> Weights:
    """The weights, each side without its least ones, whose sum is at most about ``negligible``.

    Every side is a distribution: what its weights fall short of 1 has been dropped.
    """
    arithmetic = _Balls(negligible, problem.number)
    sectors: dict[Key, dict[tuple[int, int], arb]] = defaultdict(lambda: defaultdict(arb))
    dropped, photons = arb(0), 0
    for share, cells, charger in terms(problem, arithmetic):
        dropped += upper(share * (1 - sum(cells.values()) * sum(charger.values())))
        for (cell_spin, k), cell_weight in cells.items():
            for (charger_spin, c), weight in charger.items():
                label = k + c if problem.conserved else (k + c) % 2
                sectors[cell_spin, charger_spin, label][k, c] += share * cell_weight * weight
                photons = max(photons, c)
    return Weights({key: dict(starts) for key, starts in sectors.items()}, dropped, photons)
