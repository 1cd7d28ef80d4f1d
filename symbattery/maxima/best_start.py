"""The number of excited charger spins that stores most."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import (
    Eq,
    Expr,
    Ge,
    Piecewise,
    Poly,
    Rational,
    Symbol,
    diff,
    floor,
    fraction,
    roots,
    together,
)
from sympy.logic.boolalg import Boolean

from symbattery.core.errors import UnsolvedError
from symbattery.core.expressions import factored
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.maxima.result import needs_number

__all__ = ["BestStart", "best_excited"]


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
    slope, _ = fraction(together(diff(value, m)))
    full = [
        root
        for factor_, _ in Poly(slope, m).factor_list()[1]
        for root in roots(factor_, m)
        if factored(value.subs(m, root)) == solution.model.cells
    ]
    if len(full) != 1:
        raise UnsolvedError("no number of excited charger spins charges the battery fully")
    (best,) = full
    half = Symbol("delta")
    if factored(value.subs(m, best + half) - value.subs(m, best - half)) != 0:
        raise UnsolvedError("the stored energy is not symmetric about the best start")
    odd = best - Rational(1, 2)
    chargers = solution.model.chargers
    omega = solution.model.frequency
    return BestStart(
        excited=floor(best.expand()),
        value=Piecewise(
            (omega * solution.model.cells, Eq(chargers % 2, 0)),
            (omega * factored(value.subs(m, odd)), True),
        ),
        condition=Ge(chargers, 2),
    )
