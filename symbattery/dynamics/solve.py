r"""From a model and its start to a closed form: sectors, frequencies, names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from sympy import Expr, Le, S
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from numerics.model.models import Model
from numerics.model.problem import Problem
from numerics.model.states import InitialState
from symbattery.dynamics import single_frequency
from symbattery.dynamics.closed_form import Branch, ClosedForm
from symbattery.dynamics.frequencies import FORMS
from symbattery.dynamics.several_frequencies import MultiFrequencyMotion, multi_frequency_motion
from symbattery.dynamics.single_frequency import name_frequencies
from symbattery.model.exact_model import described_values, exact_problem
from symbattery.sectors.chains import Chain, chain_effort, chain_from, check_effort
from symbattery.sectors.charger_ensembles import SectorSum, at_least, sector_sums
from symbattery.sectors.group_chains import group_chain, group_starts
from symbattery.sectors.mixtures import SideStart, mixture

__all__ = ["from_branches", "solve"]

Form = TypeVar("Form", bound=ClosedForm)


def _motions(
    every: Iterable[Chain], coupling: Expr, form: str | None
) -> dict[Chain, MultiFrequencyMotion]:
    chains = [chain for chain in every if len(chain.levels) > 2]
    several = [c for c in dict.fromkeys(chains) if not c.has_rabi_term]
    labels = [""] if len(several) == 1 else [str(i) for i in range(1, len(several) + 1)]
    return {
        c: multi_frequency_motion(c, coupling, label, form)
        for c, label in zip(several, labels, strict=True)
    }


def _conditions(side: SideStart, reach: tuple[int, int]) -> tuple[Boolean, ...]:
    """The conditions for a start on a chain with all its levels, from the ends of this chain."""
    below, above = reach
    top = getattr(side.ladder, "size", None)
    if top is None:
        return side.conditions
    level, most = S(side.level), S(top) - above
    last = Le(level, most) if level.free_symbols else at_least(most, level)
    held = (*side.conditions, at_least(S(top), below + above), last)
    return tuple(h for h in held if h != S.true)


def solve(
    kind: type[Form], model: Model, initial: InitialState | None = None, form: str | None = None
) -> Form:
    """The closed form of the charging of ``model`` from ``initial``, as a ``kind`` of it.

    Raises
    ------
    InvalidArgument
        The model, the state or ``form`` is not what it must be.
    UnsolvedError
        No closed form is derived for this case; see :func:`symbattery.api.solve`.
    """
    problem = exact_problem(model, initial)
    if problem.grouped and checks.is_symbolic(cells := problem.model.number_of_cells):
        raise checks.invalid("cells", "be a number where there are groups of spins", cells)
    if form is not None:
        checks.choice("form", form, FORMS)
    return _solved(kind, problem, form)  # type: ignore[arg-type]  # types are hashable


@lru_cache(maxsize=128)
def _solved(kind: type[Form], problem: Problem[Expr], form: str | None) -> Form:
    model, initial, constants = problem.model, problem.initial, problem.parameters
    values = (value for _, value in described_values(model, initial))
    taken = {s.name for value in values for s in getattr(value, "free_symbols", ())}
    if problem.grouped:
        return _of_groups(kind, problem, form, taken)
    starts, ensembles = mixture(problem, taken)
    branches: list[Branch] = []
    members: list[SectorSum] = []
    conditions: list[Boolean] = []
    sides = [(start.battery, start.charger) for start in starts if start.weight != 0]
    efforts = [chain_effort(b.ladder, c.ladder, b.level, c.level, constants)[0] for b, c in sides]
    if len(efforts) > 1:
        what = f"a mixture of {len(efforts)} starts"
        check_effort(sum(efforts), "cells", what, "fewer spins, or one pure start, may do")
    for start in starts:
        if start.weight != 0:
            cells, charger = start.battery, start.charger
            chain = chain_from(cells.ladder, charger.ladder, cells.level, charger.level, constants)
            branches.append(Branch(start.weight, chain, cells.level, charger.level, cells.bottom))
            conditions += _conditions(cells, chain.battery_reach)
            conditions += _conditions(charger, chain.charger_reach)
    for battery, ensemble in ensembles:
        sums, held = sector_sums(battery, ensemble, constants)
        members += sums
        conditions += held
    solved = from_branches(kind, model, initial, tuple(branches), form, tuple(members))
    return replace(solved, conditions=tuple(dict.fromkeys(conditions)))


def _of_groups(kind: type[Form], problem: Problem[Expr], form: str | None, taken: set[str]) -> Form:
    branches: list[Branch] = []
    conditions: list[Boolean] = []
    cells = len(problem.model.cells)
    for start in group_starts(problem, taken):
        chain, held = group_chain(problem, start)
        bottom, excited = start.excited(cells)
        branches.append(Branch(start.weight, chain, S(excited), S.Zero, bottom))
        conditions += [h for h in held if h != S.true]
    solved = from_branches(kind, problem.model, problem.initial, tuple(branches), form)
    return replace(solved, conditions=tuple(dict.fromkeys(conditions)))


def from_branches(
    kind: type[Form],
    system: Model,
    initial: InitialState,
    branches: tuple[Branch, ...],
    form: str | None = None,
    members: tuple[SectorSum, ...] = (),
) -> Form:
    """The motion on the chains of ``branches``, whatever these chains were derived from."""
    chains = [branch.chain for branch in branches] + [member.chain for member in members]
    single = [c for c in chains if c.has_rabi_term]
    names = name_frequencies(map(single_frequency.frequency_squared, single), system.coupling)
    motions = _motions(chains, system.coupling, form)
    return kind(system, initial, branches, names, motions, members)
