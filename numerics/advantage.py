"""Collective against parallel charging."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from numerics.charging import charge
from numerics.maxima.search import NoPeakError
from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import CavityCharger, Model
from numerics.model.parameters import checked_model

__all__ = ["collective_advantage"]


def _single(model: Model, chargers_per_cell: Any) -> Model:
    """One cell with the charger it has to itself in the parallel scheme of Eq. (9)."""
    if isinstance(model, CavityCharger):
        if chargers_per_cell is not None:
            raise invalid("chargers_per_cell", "be left open for a cavity", chargers_per_cell)
        return replace(model, cells=1)
    if chargers_per_cell is None:
        share, rest = divmod(model.chargers, model.cells)
        if rest:
            raise InvalidArgument(
                "`chargers_per_cell` must be given where `cells` do not divide `chargers`, but is "
                f"None with {model.cells} cells and {model.chargers} chargers"
            )
        chargers_per_cell = share
    return replace(
        model,
        cells=1,
        chargers=checks.positive_integer("chargers_per_cell", chargers_per_cell),
    )


def collective_advantage(model: Model, chargers_per_cell: Any = None) -> float:
    r"""The ratio :math:`\eta = P_\max/(M\,p_\max)` of Eq. (10), from the ideal start.

    In the parallel scheme of Eq. (9) each of the M cells is charged by a charger of its own:
    ``chargers_per_cell`` spins (N/M by default), or a cavity with one photon; the coupling and
    all else stay the same. Both powers are global maxima.

    Raises
    ------
    InvalidArgument
        ``model`` is none or has a symbol, or M does not divide N and nothing else is given.
    NoPeakError
        A single cell is not charged at all.
    """
    single = _single(checked_model(model), chargers_per_cell)
    parallel = charge(single).max_power().value
    if parallel == 0:
        raise NoPeakError("η has no value: a single cell gains no power (`coupling` = 0)")
    return charge(model).max_power().value / (int(model.cells) * parallel)
