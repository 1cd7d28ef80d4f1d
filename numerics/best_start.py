"""The number of excited charger spins that charges a battery best, by trying all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numerics.charging import charge
from numerics.maxima.search import NoPeakError, Peak
from numerics.model import checks
from numerics.model.checks import invalid
from numerics.model.models import Model
from numerics.model.problem import checked_model
from numerics.model.states import Dicke

__all__ = ["BestStart", "best_excited"]

FIGURES = ("first_peak", "max_power", "maximum")
# Values that are equal but for rounding.
_EQUAL = 1e-12


@dataclass(frozen=True)
class BestStart:
    """The best number of excited charger spins.

    Attributes
    ----------
    excited : int
        Of equal ones the least.
    peak : Peak
        The maximum that it reaches.
    """

    excited: int
    peak: Peak


def best_excited(
    model: Model,
    figure: str = "first_peak",
    quantity: str = "energy",
    *,
    until: Any = None,
    **options: Any,
) -> BestStart:
    """The number m of excited charger spins, cells down, with the largest maximum.

    Every m from 1 to all is charged: the result is as proven as each of these maxima.

    Parameters
    ----------
    model : Model with a charger of equal spins
        With numbers in every field; any number of cells.
    figure : {"first_peak", "max_power", "maximum"}
        The height of the first peak, the largest power, or the largest value up to ``until``.
    quantity, **options
        As for :meth:`numerics.Charging.first_peak`: "energy", "ergotropy", "ergotropy(cells=1)", ….
    until : positive, optional
        The end of the window of a "maximum".

    Raises
    ------
    InvalidArgument
        The charger does not consist of equal spins, or as for the maximum itself.
    NoPeakError
        No start has such a maximum.
    TooLargeError, PrecisionError, CutoffError
        As for the maximum itself.
    """
    checks.choice("figure", figure, FIGURES)
    if (figure == "maximum") != (until is not None):
        raise invalid("until", "be given for the figure 'maximum', and only for it", until)
    spins = checked_model(model).charger.spins
    if spins is None or model.groups:
        raise invalid("model", "have a charger of equal spins 1/2", model)
    window = {} if until is None else {"until": until}
    best: BestStart | None = None
    for excited in range(1, int(spins) + 1):
        charging = charge(model, Dicke(0, excited))
        try:
            peak: Peak = getattr(charging, figure)(quantity, **window, **options)
        except NoPeakError:
            continue
        if best is None or peak.value > best.peak.value + _EQUAL * abs(best.peak.value):
            best = BestStart(excited, peak)
    if best is None:
        raise NoPeakError("no number of excited charger spins has such a maximum")
    return best
