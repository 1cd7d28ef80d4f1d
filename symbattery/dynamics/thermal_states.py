r"""The state to which baths of one temperature lead.

On resonance that is the state of Gibbs of each total spin that the noise conserves, with the
weight it has at the start: exchange and crosstalk conserve the bare energy of both sides together,
and every jump is in detailed balance with it. Where single cells jump their total spin is not
conserved.
"""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Add, Expr, S, binomial, exp

from numerics.model.checks import is_symbolic
from numerics.model.noise import Bath, Noise
from numerics.model.problem import Problem
from symbattery.core.expressions import UnsolvedError, exact
from symbattery.sectors.mixtures import Start, irreps, starts

__all__ = ["is_balanced", "thermal_mean", "thermal_populations"]


def is_balanced(problem: Problem[Expr], noise: Iterable[Noise]) -> bool:
    """Baths of one temperature, and dephasing, that reach the cells in every sector."""
    every, model = list(noise), problem.model
    own, other = model.frequencies
    baths = [one for one in every if isinstance(one, Bath) and one.rate != 0]
    others = (one for one in every if not isinstance(one, Bath))
    if own != other or len({one.temperature for one in baths}) != 1:
        return False
    if any(jump.step and jump.rate != 0 for one in others for jump in one.jumps(model)):
        return False
    if any(one.side == "cells" for one in baths):
        return True
    # Through the charger, if that is not in a singlet.
    if problem.parameters.coupling == 0:
        return False
    spins = problem.charger.spins
    if spins is None or _local(problem, every, "charger"):
        return True
    return all(exact(spins) != 2 * start.charger.bottom for start in starts(problem))


def _local(problem: Problem[Expr], noise: Iterable[Noise], side: str) -> bool:
    """Single spins of a side jump."""
    jumps = (jump for one in noise for jump in one.jumps(problem.model))
    single = any(j.side == side and not j.collective and j.rate != 0 for j in jumps)
    return single and getattr(problem, side).spins is not None


def _ratio(problem: Problem[Expr], noise: Iterable[Noise]) -> Expr:
    r""":math:`e^{-\omega/T}`."""
    heat = next(one.temperature for one in noise if isinstance(one, Bath) and one.rate != 0)
    return exp(-problem.parameters.frequency / exact(heat))


def thermal_populations(
    problem: Problem[Expr], noise: Iterable[Noise]
) -> dict[tuple[int, int], Expr]:
    """The probabilities of (bottom, excited cells) after a long time.

    Raises
    ------
    UnsolvedError
        The number of cells is a symbol, or has no end.
    """
    every = list(noise)
    ratio, top = _ratio(problem, every), problem.battery.top
    if top is None or is_symbolic(top):
        raise UnsolvedError(f"`cells` must be a number for populations, but is {top}")
    cells = int(top)
    found: dict[tuple[int, int], Expr] = {}
    if _local(problem, every, "battery"):
        for k in range(cells + 1):
            chance = binomial(cells, k) * ratio**k / (1 + ratio) ** cells
            for size, share in irreps(cells, k).items():
                found[(cells - size) // 2, k] = chance * share
        return found
    weights: dict[int, Expr] = {}
    for start in starts(problem):
        b = int(start.battery.bottom)
        weights[b] = weights.get(b, S.Zero) + start.weight
    for b, weight in sorted(weights.items()):
        levels = range(cells - 2 * b + 1)
        total = Add(*(ratio**level for level in levels))
        found |= {(b, b + level): weight * ratio**level / total for level in levels}
    return found


def thermal_mean(problem: Problem[Expr], noise: Iterable[Noise]) -> Expr:
    """The mean number of excited cells after a long time.

    Raises
    ------
    UnsolvedError
        A symbolic number of cells that start in several total spins.
    """
    every, top = list(noise), problem.battery.top
    local = _local(problem, every, "battery")
    if top is not None and not local and not is_symbolic(top):
        return Add(*(k * p for (_, k), p in thermal_populations(problem, every).items()))
    ratio = _ratio(problem, every)
    if top is None:
        return ratio / (1 - ratio)
    cells = exact(top)
    if local:
        return cells * ratio / (1 + ratio)
    return _of_one_spin(cells, ratio, starts(problem))


def _of_one_spin(cells: Expr, ratio: Expr, every: Iterable[Start]) -> Expr:
    if any(start.battery.bottom != 0 for start in every):
        raise UnsolvedError(f"`cells` must be a number for several total spins, but is {cells}")
    return ratio / (1 - ratio) - (cells + 1) * ratio ** (cells + 1) / (1 - ratio ** (cells + 1))
