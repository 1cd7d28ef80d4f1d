"""The largest stored energy in its three senses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import S

from numerics.model import checks
from symbattery.core.errors import UnsolvedError
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.maxima.peaks import CertainPeak, first_peak, largest_until
from symbattery.maxima.result import Maximum, needs_charging, needs_number
from symbattery.maxima.supremum import supremum

__all__ = ["KINDS", "maximum"]

KINDS = ("supremum", "first peak", "window")


def maximum(
    solution: ClosedForm, kind: str | None = None, *, until: Any = None, digits: int = 30
) -> Maximum:
    r"""A largest stored energy, in one of three senses.

    ``"supremum"``, over all times: exact for one frequency, with the condition on the parameters;
    for several that are rationally independent, the supremum over all phases
    (Kronecker), approached but never reached. ``"first peak"``, the first local maximum, and
    ``"window"``, the largest E up to ``until``, need numbers in place of N and m where there are
    several frequencies: a value to ``digits`` digits and proven bounds on its time.

    Parameters
    ----------
    solution : ClosedForm
    kind : {"supremum", "first peak", "window"}, optional
        Left out, the supremum where it is derived, else the first peak.
    until : real
        End of the window, in 1/energy (in 1/g where the coupling is open).
    digits : int
        Of a value that is not exact.

    Raises
    ------
    InvalidArgument
        An unknown ``kind``, or a window without its end.
    UnsolvedError
        The battery does not start empty, symbols where numbers are needed, or frequencies for
        which no supremum is derived.
    """
    if kind is not None:
        checks.choice("kind", kind, KINDS)
    needs_number(solution, "maximum")
    if (kind == "window") != (until is not None):
        raise checks.invalid("until", "be given for the kind 'window', and only for it", until)
    if kind == "window":
        return _certain(solution, largest_until(solution, until, digits), kind)
    if kind == "first peak":
        if solution.motions or len(solution.rabi_terms) > 1:
            return _certain(solution, first_peak(solution, digits), kind)
        return _renamed(supremum(solution), kind)
    needs_charging(solution)
    try:
        return supremum(solution)
    except UnsolvedError:
        if kind is not None or not solution.motions:
            raise
        return _certain(solution, first_peak(solution, digits), "first peak")


def _renamed(top: Maximum, kind: str) -> Maximum:
    """The supremum of a periodic energy is its first peak as well."""
    return replace(top, kind=kind, otherwise=top.otherwise and _renamed(top.otherwise, kind))


def _certain(solution: ClosedForm, peak: CertainPeak, kind: str) -> Maximum:
    unit = 1 / solution.model.coupling if "coupling" in solution.parameters else S.One
    scale = solution.model.frequency if "frequency" in solution.parameters else S.One
    bounds = tuple(unit * bound for bound in peak.enclosure)
    return Maximum(scale * peak.value, unit * peak.time, kind, enclosure=bounds)
