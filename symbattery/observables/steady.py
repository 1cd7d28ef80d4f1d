r"""The state after a long time.

Baths of one temperature on resonance leave the state of Gibbs of each total spin that the noise
conserves, with the weight it has at the start: exchange and crosstalk conserve the bare energy of
both sides together, and every jump is in detailed balance with it. Where single cells jump, the total
spin is not conserved. In all other cases it is the limit of the closed form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sympy import Add, Expr, S, binomial, exp

from numerics.model.checks import is_symbolic
from numerics.model.noise import Bath
from numerics.model.problem import Problem
from symbattery.core.expressions import UnsolvedError, exact, factored
from symbattery.dynamics.open_form import OpenForm, cell_branches
from symbattery.dynamics.relaxation import Decay
from symbattery.observables.quantities import quantities
from symbattery.sectors.mixtures import Start, irreps, starts

__all__ = ["steady"]

_NUMBER = "`cells` must be a number for populations after a long time, but is {}"
_NONE = (
    "`noise` must have a closed form, or be baths of one temperature on resonance that reach all "
    "cells, for a state after a long time; see numerics.charge"
)


def steady(solution: OpenForm, name: str = "energy", **options: Any) -> Expr:
    """A quantity after a long time, with its options.

    Raises
    ------
    InvalidArgument
        An unknown name or option.
    UnsolvedError
        The state after a long time is not known in closed form, there is none, or the quantity is
        none of the populations.
    """
    every = quantities(at_rest(solution))
    request = every.only(name, options)
    return every[name] if request is None else request.expression


def at_rest(solution: OpenForm) -> OpenForm:
    """The state after a long time, as a solution that does not change.

    Raises
    ------
    UnsolvedError
    """
    problem = Problem(solution.model, solution.initial, exact)
    every = starts(problem)
    before = solution.mean_excited
    if _is_balanced(solution, problem, every):
        ratio = _ratio(solution)
        local = _local(solution, "battery")
        cells = exact(problem.battery.spins or problem.battery.top or 0)
        if is_symbolic(cells):
            mean = _symbolic_mean(cells, ratio, local, every)
            part = Decay.constant(factored(mean - before))
            return replace(
                solution, parts={}, stored=part, charged=None, both=None, named={}, hidden={},
                unsolved=_NUMBER.format(cells),
            )  # fmt: skip
        parts = _gibbs(int(cells), ratio, local, every)
    else:
        finals = {key: part.final for key, part in solution.parts.items()}
        if solution.unsolved or not finals or any(value is None for value in finals.values()):
            raise UnsolvedError(_NONE)
        parts = {key: S(value) for key, value in finals.items()}
    mean = factored(Add(*(k * p for (_, k), p in parts.items())))
    return replace(
        solution,
        branches=cell_branches(parts, min(solution.first_cells)),
        parts={key: Decay.constant(p) for key, p in parts.items()},
        stored=Decay.constant(factored(mean - before)),
        charged=None, both=None, unsolved="",
    )  # fmt: skip


def _local(solution: OpenForm, side: str) -> bool:
    """Single spins of a side jump."""
    spins = getattr(solution.model, side).spins
    jumps = (jump for one in solution.noise for jump in one.jumps(solution.model))
    return spins is not None and any(j.side == side and not j.collective for j in jumps)


def _ratio(solution: OpenForm) -> Expr:
    r""":math:`e^{-\omega/T}`."""
    heat = next(one.temperature for one in solution.noise if isinstance(one, Bath))
    return exp(-solution.model.frequency / heat)


def _is_balanced(solution: OpenForm, problem: Problem[Expr], every: Iterable[Start]) -> bool:
    """Baths of one temperature, and dephasing, that reach the cells in every sector."""
    own, other = solution.model.frequencies
    baths = [one for one in solution.noise if isinstance(one, Bath) and one.rate != 0]
    others = (one for one in solution.noise if not isinstance(one, Bath))
    kept = all(j.step == 0 for one in others for j in one.jumps(solution.model))
    if own != other or len({one.temperature for one in baths}) != 1 or not kept:
        return False
    if any(one.side == "cells" for one in baths):
        return True
    # Through the charger, if that is not in a singlet.
    if _local(solution, "charger") or problem.charger.spins is None:
        return solution.model.coupling != 0
    sizes = (exact(problem.charger.spins) - 2 * start.charger.bottom for start in every)
    return solution.model.coupling != 0 and all(size != 0 for size in sizes)


def _gibbs(
    cells: int, ratio: Expr, local: bool, every: Iterable[Start]
) -> dict[tuple[int, int], Expr]:
    found: dict[tuple[int, int], Expr] = {}
    if local:
        for k in range(cells + 1):
            chance = binomial(cells, k) * ratio**k / (1 + ratio) ** cells
            for size, share in irreps(cells, k).items():
                found[(cells - size) // 2, k] = chance * share
        return found
    weights: dict[int, Expr] = {}
    for start in every:
        b = int(start.battery.bottom)
        weights[b] = weights.get(b, S.Zero) + start.weight
    for b, weight in sorted(weights.items()):
        levels = range(cells - 2 * b + 1)
        total = Add(*(ratio**level for level in levels))
        found |= {(b, b + level): weight * ratio**level / total for level in levels}
    return found


def _symbolic_mean(cells: Expr, ratio: Expr, local: bool, every: Iterable[Start]) -> Expr:
    """The mean number of excited cells of a symbolic number of them."""
    if local:
        return cells * ratio / (1 + ratio)
    if any(start.battery.bottom != 0 for start in every):
        raise UnsolvedError(_NUMBER.format(cells))
    return ratio / (1 - ratio) - (cells + 1) * ratio ** (cells + 1) / (1 - ratio ** (cells + 1))
