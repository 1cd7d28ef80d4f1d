r"""The state to which baths of one temperature lead.

On resonance that is the state of Gibbs of each total spin that the noise conserves, with the
weight it has at the start: exchange and crosstalk conserve the bare energy of both sides together,
and every jump is in detailed balance with it. Where single cells jump their total spin is not
conserved.
"""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Add, Expr, S, Symbol, binomial, exp

from numerics.model.checks import is_symbolic
from numerics.model.noise import Bath, Noise
from numerics.model.problem import Problem
from symbattery.core.expressions import UnsolvedError, exact, factored
from symbattery.sectors.mixtures import irreps, starts

# e^(ω/T).
_y = Symbol("y", positive=True)

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


def _factor(problem: Problem[Expr], noise: Iterable[Noise]) -> Expr:
    r""":math:`e^{\omega/T}`."""
    heat = next(one.temperature for one in noise if isinstance(one, Bath) and one.rate != 0)
    return exp(problem.parameters.frequency / exact(heat))


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
    put = {_y: _factor(problem, every)}
    return {key: p.xreplace(put) for key, p in _populations(problem, every).items()}


def _populations(problem: Problem[Expr], every: list[Noise]) -> dict[tuple[int, int], Expr]:
    """The same in the factor of each excitation: powers of an exponential are not factored."""
    top = problem.battery.top
    if top is None or is_symbolic(top):
        raise UnsolvedError(f"`cells` must be a number for populations, but is {top}")
    cells = int(top)
    found: dict[tuple[int, int], Expr] = {}
    if _local(problem, every, "battery"):
        for k in range(cells + 1):
            chance = binomial(cells, k) * _y ** (cells - k) / (1 + _y) ** cells
            for size, share in irreps(cells, k).items():
                found[(cells - size) // 2, k] = chance * share
        return found
    weights: dict[int, Expr] = {}
    for start in starts(problem):
        b = int(start.battery.bottom)
        weights[b] = weights.get(b, S.Zero) + start.weight
    for b, weight in sorted(weights.items()):
        above = range(cells - 2 * b + 1)
        total = Add(*(_y**level for level in above))
        found |= {(b, cells - b - level): weight * _y**level / total for level in above}
    return dict(sorted(found.items()))


def thermal_mean(problem: Problem[Expr], noise: Iterable[Noise]) -> Expr:
    """The mean number of excited cells after a long time.

    Raises
    ------
    UnsolvedError
        A symbolic number of cells that start in several total spins.
    """
    every, top = list(noise), problem.battery.top
    if top is None:
        mean = 1 / (_y - 1)
    elif _local(problem, every, "battery"):
        mean = exact(top) / (1 + _y)
    elif not is_symbolic(top):
        parts = _populations(problem, every)
        mean = factored(Add(*(k * p for (_, k), p in parts.items())))
    elif any(start.battery.bottom != 0 for start in starts(problem)):
        raise UnsolvedError(f"`cells` must be a number for several total spins, but is {top}")
    else:
        mean = 1 / (_y - 1) - (top + 1) / (_y ** (top + 1) - 1)
    return mean.xreplace({_y: _factor(problem, every)})
