"""The largest stored energy in its three senses, and the start that stores most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import sympy
from sympy import Eq, Expr, Ge, Piecewise, Rational, S, Symbol, diff, floor, fraction, roots
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from symbattery.core.expressions import UnsolvedError, factored
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.maxima.peaks import first_peak, largest_until
from symbattery.maxima.result import Maximum, needs_charging, needs_number
from symbattery.maxima.supremum import supremum

__all__ = ["KINDS", "BestStart", "best_excited", "maximum"]

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
    several = bool(solution.motions) or len(solution.rabi_terms) > 1
    if kind == "window" or (kind == "first peak" and several):
        return _certain(solution, kind, until, digits)
    if kind == "first peak":
        return _renamed(supremum(solution), kind)
    needs_charging(solution)
    try:
        return supremum(solution)
    except UnsolvedError:
        if kind is not None or not solution.motions:
            raise
        return _certain(solution, "first peak", None, digits)


def _renamed(top: Maximum, kind: str) -> Maximum:
    """The supremum of a periodic energy is its first peak as well."""
    return replace(top, kind=kind, otherwise=top.otherwise and _renamed(top.otherwise, kind))


def _certain(solution: ClosedForm, kind: str, until: Any, digits: int) -> Maximum:
    peak = first_peak(solution, digits) if until is None else largest_until(solution, until, digits)
    unit = 1 / solution.model.coupling if "coupling" in solution.parameters else S.One
    scale = solution.model.frequency if "frequency" in solution.parameters else S.One
    bounds = tuple(unit * bound for bound in peak.enclosure)
    return Maximum(scale * peak.value, unit * peak.time, kind, enclosure=bounds)


@dataclass(frozen=True)
class BestStart:
    """The number of excited charger spins with the largest stored energy.

    Attributes
    ----------
    excited : Expr
        The best number.
    value : Expr
        The stored energy it reaches.
    condition : Boolean
        On the parameters.
    """

    excited: Expr
    value: Expr
    condition: Boolean


def best_excited(solution: ClosedForm) -> BestStart:
    r"""The number :math:`m` of excited charger spins with the largest stored energy.

    For two cells :math:`E_{\max}(m)=8b_0^2b_1^2\omega_0/(b_0^2+b_1^2)^2` is largest, and equal to
    :math:`2\omega_0`, where the two hops agree, at :math:`m=N/2+1`. For odd :math:`N` the numbers
    next to it are equally good by the mirror symmetry :math:`m\to N+2-m`, and the smaller one is
    :math:`\lfloor N/2\rfloor+1` as well.

    Raises
    ------
    UnsolvedError
        The number of excited charger spins is no symbol, or the energy does not depend on it.
    """
    needs_number(solution, "best_excited")
    m = solution.parameters.get("excited_chargers")
    if m is None or len(solution.rabi_terms) != 1 or len(solution.branches) != 1:
        raise UnsolvedError(
            "`best_excited` needs a solution with a symbolic number of excited charger spins, "
            "such as two_cells(excited_chargers=m)"
        )
    (rabi_term,) = solution.rabi_terms
    value = factored(rabi_term.size * (1 + rabi_term.ratio))
    if m not in value.free_symbols:
        raise UnsolvedError(
            f"every number of excited charger spins reaches the same stored energy {value}"
        )
    cells, chargers = solution.model.cells, solution.model.chargers
    slope, _ = fraction(sympy.together(diff(value, m)))
    full = [root for root in roots(slope, m) if factored(value.subs(m, root)) == cells]
    if len(full) != 1:
        raise UnsolvedError("no number of excited charger spins charges the battery fully")
    (best,) = full
    step = Symbol("delta")
    if factored(value.subs(m, best + step) - value.subs(m, best - step)) != 0:
        raise UnsolvedError("the stored energy is not symmetric about the best start")
    omega = solution.model.frequency
    next_to_it = omega * factored(value.subs(m, best - Rational(1, 2)))
    return BestStart(
        excited=floor(best.expand()),
        value=Piecewise((omega * cells, Eq(chargers % 2, 0)), (next_to_it, True)),
        condition=Ge(chargers, 2),
    )
