r"""From a model and its start to a closed form: sectors, frequencies, names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from sympy import Expr, S
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from numerics.model.models import Model, SpinCharger
from numerics.model.problem import check_initial
from numerics.model.states import InitialState
from symbattery.dynamics import single_frequency
from symbattery.dynamics.closed_form import Branch, ClosedForm
from symbattery.dynamics.frequencies import FORMS
from symbattery.dynamics.frequency_names import name_frequencies
from symbattery.dynamics.several_frequencies import MultiFrequencyMotion, multi_frequency_motion
from symbattery.model.exact_model import described, described_initial, described_values
from symbattery.model.symbols import t
from symbattery.sectors.chains import Chain, Couplings, chain_from
from symbattery.sectors.charger_ensembles import at_least
from symbattery.sectors.mixtures import Start, initial_mixture
from symbattery.sectors.sector_sums import SectorSum, sector_sums

__all__ = ["from_branches", "solve"]

Form = TypeVar("Form", bound=ClosedForm)


def _couplings(model: Model) -> Couplings:
    return Couplings(
        coupling=model.coupling,
        anisotropy=model.anisotropy,
        frequency=model.frequency,
        charger_frequency=model.charger_frequency,
        charger_crosstalk=model.charger_crosstalk if isinstance(model, SpinCharger) else S.Zero,
        cell_crosstalk=model.cell_crosstalk,
    )


def _motions(
    every: Iterable[Chain], coupling: Expr, form: str | None
) -> dict[Chain, MultiFrequencyMotion]:
    chains = [chain for chain in every if len(chain.levels) > 2]
    several = [c for c in dict.fromkeys(chains) if not single_frequency.has_one_frequency(c)]
    labels = [""] if len(several) == 1 else [str(i) for i in range(1, len(several) + 1)]
    return {
        c: multi_frequency_motion(c, coupling, t, label, form)
        for c, label in zip(several, labels, strict=True)
    }


def _conditions(start: Start, chain: Chain) -> tuple[Boolean, ...]:
    """What keeps a start of symbolic irreps on a chain with all its levels."""
    if not start.conditions or len(chain.levels) == 1:
        return start.conditions
    least = 1 if single_frequency.has_one_frequency(chain) else len(chain.levels) - 1
    return (*start.conditions, at_least(start.c, least))


def _taken(model: Model, initial: InitialState) -> set[str]:
    """The names of all symbols of a description."""
    values = (value for _, value in described_values(model, initial))
    return {s.name for value in values for s in getattr(value, "free_symbols", ())}


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
    system = described(model)
    initial = described_initial(check_initial(model, initial))
    if form is not None:
        checks.choice("form", form, FORMS)
    return _solved(kind, system, initial, form)  # type: ignore[arg-type]  # types are hashable


@lru_cache(maxsize=128)
def _solved(kind: type[Form], system: Model, initial: InitialState, form: str | None) -> Form:
    couplings = _couplings(system)
    starts, ensemble_terms = initial_mixture(system, initial, _taken(system, initial))
    branches: list[Branch] = []
    conditions: list[Boolean] = []
    for start in starts:
        if start.weight != 0:
            chain = chain_from(start.cells, start.charger, start.k, start.c, couplings)
            branches.append(Branch(start.weight, chain, start.k, start.c))
            conditions += _conditions(start, chain)
    summed = [sector_sums(spread, couplings) for spread in ensemble_terms]
    members = tuple(member for each in summed for member in each.members)
    conditions += [held for each in summed for held in each.conditions]
    found = from_branches(kind, system, initial, tuple(branches), form, members)
    return replace(found, conditions=tuple(dict.fromkeys(conditions)))


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
    single = [c for c in chains if single_frequency.has_one_frequency(c)]
    names = name_frequencies(map(single_frequency.frequency_squared, single), system.coupling)
    motions = _motions(chains, system.coupling, form)
    return kind(system, initial, branches, names, motions, members)
