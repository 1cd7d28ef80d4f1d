r"""The means that the symbols of a battery's state stand for, over the levels of all chains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, pairwise
from typing import Any, Protocol

from sympy import Expr, S, Symbol, conjugate, re, sin, sqrt

from symbattery.dynamics.closed_form import ClosedForm
from symbattery.observables.battery import most_excited
from symbattery.sectors.chains import Chain
from symbattery.symbols import t

__all__ = ["ClosedLevels", "Levels", "Means"]


class Levels(Protocol):
    """Quantities of the levels of a chain."""

    @property
    def solution(self) -> ClosedForm:
        """The closed form that the chain is part of."""

    def populations(self, chain: Chain) -> Sequence[Expr]:
        """The probability of each level."""

    def rates(self, chain: Chain) -> Sequence[Expr]:
        """The derivatives of the probabilities by time."""

    def pairs(self, chain: Chain) -> Sequence[Expr]:
        """The real parts of c* c'' for each level and the second after it."""

    def gained(self) -> Expr | None:
        """The rate of the number of excited cells, if there is a form that is better than a sum."""


@dataclass(frozen=True)
class ClosedLevels:
    """The levels in the closed forms of a solution."""

    solution: ClosedForm

    def populations(self, chain: Chain) -> Sequence[Expr]:
        return self.solution.level_populations(chain)

    def rates(self, chain: Chain) -> Sequence[Expr]:
        return [p.diff(t) for p in self.populations(chain)]

    def pairs(self, chain: Chain) -> Sequence[Expr]:
        amplitudes = self.solution.level_amplitudes(chain)
        second = zip(amplitudes, amplitudes[2:], strict=False)
        if chain.is_chiral:
            # Both real, or both imaginary.
            return [(-1) ** abs(i - chain.start) * c * later for i, (c, later) in enumerate(second)]
        if len(chain.levels) <= 2:
            return []
        if (motion := self.solution.motions.get(chain)) is None:
            return [re(conjugate(c) * later) for c, later in second]
        waves = {
            (r, s): sin((motion.rates[s] - motion.rates[r]) * t / 2) ** 2
            for r, s in combinations(range(len(motion.rates)), 2)
        }
        return [
            -2 * sum(((a[r] * b[s] + a[s] * b[r]) * w for (r, s), w in waves.items()), S.Zero)
            for a, b in zip(motion.sizes, motion.sizes[2:], strict=False)
        ]

    def gained(self) -> Expr | None:
        return self.solution.gain(lambda k: k, S.One).diff(t)


@dataclass(frozen=True)
class Means:
    """The expression of each symbol of a battery: means over all starts."""

    levels: Levels

    def every(self, formula: Expr) -> dict[Symbol, Expr]:
        """The expressions of all symbols of a battery that stand in a formula."""
        inside = (s for s in formula.free_symbols if s.name.startswith("_"))
        return {symbol: self.of(symbol) for symbol in sorted(inside, key=str)}

    def of(self, symbol: Symbol) -> Expr:
        """The expression that a symbol stands for."""
        kind, *key = symbol.name[1:].split("_")
        place = kind, len(key)
        if place not in self._derived:
            self._derived[place] = getattr(self, f"_{kind}")(*([len(key)] if key else []))
        if not key:
            return self._derived[place]
        index = tuple(map(int, key))
        return self._derived[place].get(index if len(index) > 1 else index[0], S.Zero)

    @cached_property
    def _derived(self) -> dict[tuple[str, int], Any]:
        """Means that were derived before, by kind and number of indices."""
        return {}

    @property
    def gains(self) -> Mapping[int, Expr]:
        """The probability of each gain of excited cells."""
        return self._gain(1)

    @property
    def solution(self) -> ClosedForm:
        """The closed form whose means they are."""
        return self.levels.solution

    def _population(self, indices: int) -> Mapping[Any, Expr]:
        if indices == 1:
            return self.solution.by_excited_cells(self.levels.populations)
        cells = most_excited(self.solution)
        return self.solution.means(
            self.levels.populations,
            lambda branch: [(cells - 2 * branch.bottom, k) for k in branch.cells],
            lambda each: [(cells, int(k)) for k in each.chain.levels],
        )

    def _rate(self, indices: int) -> Mapping[Any, Expr]:
        return self.solution.by_excited_cells(self.levels.rates)

    def _curvature(self, indices: int) -> Mapping[Any, Expr]:
        return self.solution.by_excited_cells(_curvatures)

    def _gain(self, indices: int) -> Mapping[Any, Expr]:
        return self.solution.means(
            self.levels.populations,
            lambda branch: branch.chain.levels,
            lambda each: each.chain.levels,
        )

    def _total(self, of_levels: Any) -> Expr:
        return sum(self.solution.by_excited_cells(of_levels).values(), S.Zero)

    def _power(self) -> Expr:
        gained = self.levels.gained()
        if gained is not None:
            return gained
        return self._total(lambda chain: _times(chain.levels, self.levels.rates(chain)))

    def _powersquared(self) -> Expr:
        return self._total(self._power_squared)

    def _power_squared(self, chain: Chain) -> Sequence[Expr]:
        """The part of each level in the mean of P̂²."""
        hops, steps = chain.hops_squared, [b - a for a, b in pairwise(chain.levels)]
        around = [h * step**2 for h, step in zip(hops, steps, strict=True)]
        near = [a + b for a, b in zip([S.Zero, *around], [*around, S.Zero], strict=True)]
        parts = _times(near, self.levels.populations(chain))
        for i, pair in enumerate(self.levels.pairs(chain)):
            both = chain.sign(i, i + 2) * sqrt(hops[i] * hops[i + 1])
            parts[i] -= 2 * steps[i] * steps[i + 1] * both * pair
        return parts

    def _exchange(self) -> Expr:
        """The energy of each level is conserved: what its own part loses, the exchange gains."""
        return -self._total(lambda chain: _times(chain.diagonal, self.levels.populations(chain)))

    def _bare(self) -> Expr:
        return self.solution.bare_gain(self.levels.populations)


def _times(weights: Iterable[Any], values: Iterable[Expr]) -> list[Expr]:
    return [S.Zero if w == 0 else w * v for w, v in zip(weights, values, strict=True)]


def _curvatures(chain: Chain) -> Sequence[Expr]:
    """The coefficients of t²: hops away from the start."""
    values: list[Expr] = [S.Zero] * len(chain.levels)
    for there, hop in ((chain.start - 1, chain.start - 1), (chain.start + 1, chain.start)):
        if 0 <= there < len(values):
            values[there] += chain.hops_squared[hop]
            values[chain.start] -= chain.hops_squared[hop]
    return values
