"""Collective against parallel charging."""

from __future__ import annotations

from typing import Any

from numerics.charging import charge
from numerics.maxima.search import NoPeakError
from numerics.model.models import Model
from numerics.model.problem import checked_model

__all__ = ["collective_advantage"]


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
    single = checked_model(model).single_cell(chargers_per_cell)
    parallel = charge(single).max_power().value
    if parallel == 0:
        raise NoPeakError("η has no value: a single cell gains no power (`coupling` = 0)")
    return charge(model).max_power().value / (model.battery.top * parallel)
