"""The largest stored energy in its three senses, and the start that stores most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import mpmath
import sympy
from sympy import (
    Eq,
    Expr,
    Ge,
    Piecewise,
    Poly,
    Rational,
    S,
    Symbol,
    floor,
    fraction,
    pi,
    sin,
)
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from symbattery.core.expressions import UnsolvedError, exact, factored
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.maxima.peaks import around, first_peak, largest_until
from symbattery.maxima.result import Maximum, needs_charging, needs_number
from symbattery.maxima.supremum import complement, half_reached, supremum
from symbattery.maxima.waves import time_unit
from symbattery.sectors.charger_ensembles import at_least

__all__ = ["KINDS", "BestStart", "best_excited", "checked_kind", "maximum"]

KINDS = ("supremum", "first peak", "window")

_DIGITS = 60
_EQUAL = Rational(1, 10**40)


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
        End of the window, in 1/energy (in units of 1/coupling where the coupling is no number).
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
    until = checked_kind(solution, kind, until)
    count = len(solution.rabi_terms)
    if solution.motions or count > 1 or (kind == "window" and not count):
        if kind in ("first peak", "window"):
            return _certain(solution, kind, until, digits)
    elif kind == "first peak":
        return _first_of_one(solution)
    elif kind == "window":
        return _window_of_one(solution, until, digits)
    needs_charging(solution)
    try:
        return supremum(solution)
    except UnsolvedError:
        if kind is not None or not solution.motions:
            raise
        return _certain(solution, "first peak", None, digits)


def checked_kind(solution: ClosedForm, kind: str | None, until: Any) -> Any:
    """The end of the window as an exact number; raises as `maximum`."""
    if kind is not None:
        checks.choice("kind", kind, KINDS)
    needs_number(solution, "maximum")
    if (kind == "window") != (until is not None):
        raise checks.invalid("until", "be given for the kind 'window', and only for it", until)
    return checks.exactly("until", until)


def _renamed(top: Maximum, kind: str) -> Maximum:
    """The supremum of a periodic energy is its first peak as well."""
    return replace(top, kind=kind, otherwise=top.otherwise and _renamed(top.otherwise, kind))


def _certain(solution: ClosedForm, kind: str, until: Any, digits: int) -> Maximum:
    peak = first_peak(solution, digits) if until is None else largest_until(solution, until, digits)
    unit = time_unit(solution)
    bounds = tuple(bound / unit for bound in peak.enclosure)
    value = solution.model.frequency * peak.value
    return Maximum(value, peak.time / unit, kind, enclosure=bounds)


def _falls_first(solution: ClosedForm) -> bool:
    r"""The sign of a in :math:`E/\omega_0=a\,S(1+rS)`, of the only frequency."""
    if all(branch.excited == 0 for branch in solution.branches):
        return False
    size = solution.rabi_terms[0].size
    if size.is_negative is None:
        raise UnsolvedError(
            f"this maximum needs the sign of {size}, which the battery may gain or lose; solve "
            "with numbers in the model"
        )
    return bool(size.is_negative)


def _first_of_one(solution: ClosedForm) -> Maximum:
    """The first peak for one frequency, also where the energy falls at first."""
    kind = "first peak"
    if not solution.rabi_terms:
        raise UnsolvedError("E(t) is constant: it has no peak")
    if not _falls_first(solution):
        return _renamed(supremum(solution), kind)
    (term,) = solution.rabi_terms
    # For a < 0 it rises again to S = 1 if r < -1/2, else back to where it began.
    condition = half_reached(term.ratio)
    back = Maximum(S.Zero, pi / term.rate, kind, condition)
    if condition == S.true:
        return back
    value = solution.model.frequency * factored(term.size * (1 + term.ratio))
    half = Maximum(value, pi / (2 * term.rate), kind)
    if condition == S.false:
        return half
    return replace(back, otherwise=replace(half, condition=complement(condition)))


def _window_of_one(solution: ClosedForm, until: Any, digits: int) -> Maximum:
    """The window for one frequency, exactly: the energy is monotone up to its first peak."""
    end, unit = exact(checks.positive_number("until", until)), time_unit(solution)
    plain = solution.explicit()
    (term,) = plain.rabi_terms
    top = _first_of_one(plain)
    last = plain.model.frequency * term.energy(sin(term.rate / unit * end) ** 2)
    value, time = last, end
    if _number(top.time * unit - end) <= _EQUAL:
        value, time = top.value, top.time * unit
    if _falls_first(plain) and _number(value / plain.model.frequency) <= _EQUAL:
        value = time = S.Zero
    low, high = (
        (time, time) if time.is_Rational else around(mpmath.mpmathify(_number(time)), digits)
    )
    return Maximum(value, time / unit, "window", enclosure=(low / unit, high / unit))


def _number(value: Expr) -> Expr:
    return S(value).evalf(_DIGITS)


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

    Where :math:`E_{\max}(m)` is symmetric about some :math:`\beta` and falls off on both sides, the
    best number is the nearest one: :math:`\lfloor\beta\rfloor` for an integer or half-integer
    :math:`\beta`, in the latter case as good as the next one. For two cells
    :math:`E_{\max}=8b_0^2b_1^2\omega_0/(b_0^2+b_1^2)^2` is :math:`2\omega_0` where the two hops
    agree, at :math:`\beta=N/2+1`; for a detuned single cell the hop is largest, and crosstalk of
    the charger does not detune, at :math:`\beta=(N+1)/2`.

    Raises
    ------
    UnsolvedError
        The number of excited charger spins is no symbol, there are several frequencies, or the
        energy does not depend on it, or not as above.
    """
    needs_number(solution, "best_excited")
    m = solution.parameters.get("excited_chargers")
    if m is None:
        raise UnsolvedError(
            "`best_excited` needs a solution with a symbolic number of excited charger spins, "
            "such as two_cells(excited_chargers=m)"
        )
    if len(solution.rabi_terms) != 1 or len(solution.branches) != 1:
        raise UnsolvedError(
            "`best_excited` is derived for a pure start with one frequency (one cell, or two "
            "without detuning and crosstalk): numerics.best_excited takes numbers in place of "
            "symbols, and tries every start"
        )
    if solution.model.battery.top is None:
        raise UnsolvedError("`best_excited` is derived for batteries of cells")
    needs_charging(solution)
    (term,) = solution.explicit().rabi_terms
    value = factored(term.size * (1 + term.ratio))
    if m not in value.free_symbols:
        raise UnsolvedError(
            f"every number of excited charger spins reaches the same stored energy {value}"
        )
    cells, chargers = solution.model.battery.top, S(solution.model.charger.top)
    center = _center(value, m)
    # Shorter chains have other maxima: the best start must reach all cells.
    condition = S.false if center is None else at_least(2 * center, 2 * cells)
    if center is None or not _falls_off(value, m, center, condition):
        raise UnsolvedError(
            "`best_excited` is derived where the largest energy is symmetric about one number of "
            "excited charger spins and falls off from there: numerics.best_excited takes numbers"
        )
    omega = solution.model.frequency
    offset = 2 * center - chargers
    whole = Eq(chargers % 2, offset % 2) if offset.is_Integer else Eq((2 * center) % 2, 0)
    at, next_to_it = (
        omega * factored(value.subs(m, place)) for place in (center, center - Rational(1, 2))
    )
    return BestStart(
        excited=floor(center),
        value=Piecewise((at, whole), (next_to_it, True)),
        condition=condition,
    )


def _center(value: Expr, m: Symbol) -> Expr | None:
    """The integer or half-integer about which a rational function of m is symmetric."""
    step = Symbol("delta")
    slope, _ = fraction(sympy.together(value.diff(m)))
    for root in sympy.roots(slope, m):
        center = root.expand()
        if (2 * center).expand().is_integer:
            mirrored = value.subs(m, center + step) - value.subs(m, center - step)
            if factored(mirrored) == 0:
                return center
    return None


def _falls_off(value: Expr, m: Symbol, center: Expr, condition: Boolean) -> bool:
    """A proof that it falls from the center to m = 1: coefficients of one sign."""
    step, s = Symbol("delta"), Symbol("s")
    put = {size: Symbol(f"{size}_", positive=True) + 1 for size in center.free_symbols}
    if isinstance(condition, Ge) and condition.lhs.is_Symbol:
        put[condition.lhs] = Symbol("n", positive=True) + condition.rhs
    # From the center to m = 1 as s goes from 0 to ∞.
    slope = factored(value.subs(m, center + step).diff(step))
    reached = factored(slope.subs(step, (center - 1) * s / (1 + s)).subs(put))
    sign = S.One
    for part in fraction(reached):
        number, factors = sympy.factor_list(part)
        sign *= sympy.sign(number)
        for factor, power in factors:
            if power % 2:
                signs = set(map(sympy.sign, Poly(factor, *factor.free_symbols).coeffs()))
                if len(signs) != 1:
                    return False
                sign *= signs.pop()
    return bool(sign <= 0)
