r"""Many charger spins at a fixed number of cells: maxima in powers of 1/N.

For a solution with one frequency, :math:`E/\omega_0=a\,S(1+rS)` with :math:`a,r` and the rate
:math:`\Phi/(\sqrt N g)` analytic in :math:`\varepsilon=1/N`. The largest energy and its time are
Taylor expanded. The largest power :math:`p(\varphi,\varepsilon)` sits where
:math:`h(\varphi,\varepsilon)=\varphi F'-F=0`, and is expanded along this root
(:mod:`symbattery.limits.stationary_series`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Symbol, factorial, limit, simplify, sin, sqrt

from numerics.model import checks
from symbattery.core.errors import UnsolvedError
from symbattery.core.expressions import factored
from symbattery.core.latex_dispatch import LatexRepr
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.limits.stationary_series import along_stationary_point
from symbattery.maxima.energy import maximum
from symbattery.maxima.power import power_root

__all__ = ["ManyChargers", "many_chargers"]

_HIGHEST_ORDER = 6
_epsilon = Symbol("epsilon", positive=True)


@dataclass(frozen=True)
class ManyChargers(LatexRepr):
    r"""Expansions in 1/N; entry k belongs to :math:`N^{-k}`.

    Attributes
    ----------
    energy : tuple of Expr
        Of :math:`E_{\max}/\omega_0`.
    time : tuple of Expr
        Of :math:`\sqrt N g\,\bar t`, when the largest energy is reached first.
    power : tuple of Expr
        Of :math:`P_{\max}/(\sqrt N g\omega_0)`, in terms of an exact implicit root.
    """

    energy: tuple[Expr, ...]
    time: tuple[Expr, ...]
    power: tuple[Expr, ...]


def _taylor(expression: Expr, order: int) -> tuple[Expr, ...]:
    """Coefficients of an expression analytic in ε, as exact numbers."""
    found, here = [], expression
    for k in range(order + 1):
        found.append(simplify(limit(here, _epsilon, 0) / factorial(k)))
        here = here.diff(_epsilon)
    return tuple(found)


def many_chargers(solution: ClosedForm, order: int = 2) -> ManyChargers:
    r"""The maxima for many charger spins, to order :math:`N^{-\text{order}}`.

    For two cells :math:`E_{\max}=\tfrac{16}9\omega_0\,(1+\tfrac1{3N}+\dots)`.

    Parameters
    ----------
    solution : ClosedForm
        All charger spins up, their number a symbol, one frequency.
    order : int
        Highest power of 1/N, at most 6.

    Raises
    ------
    InvalidArgument
        ``order`` is not a non-negative integer, or too high.
    UnsolvedError
        The number of charger spins is no symbol, or there are several frequencies.
    """
    if checks.non_negative_integer("order", order) > _HIGHEST_ORDER:
        raise checks.invalid("order", f"be at most {_HIGHEST_ORDER}", order)
    size = solution.parameters.get("chargers")
    if size is None or len(solution.rabi_terms) != 1 or solution.motions:
        raise UnsolvedError(
            "`many_chargers` needs a symbolic number of charger spins and one frequency, such as "
            "two_cells()"
        )
    if "excited_chargers" in solution.parameters:
        raise UnsolvedError("`many_chargers` is derived for all charger spins up")
    plain = solution.explicit()
    unit, omega = sqrt(size) * plain.model.coupling, plain.model.frequency
    put = {size: 1 / _epsilon}
    top = maximum(plain)
    assert top.time is not None
    return ManyChargers(
        energy=_taylor(simplify((top.value / omega).subs(put)), order),
        time=_taylor(simplify((top.time * unit).subs(put)), order),
        power=_power(plain, unit, size, order),
    )


def _power(plain: ClosedForm, unit: Expr, size: Symbol, order: int) -> tuple[Expr, ...]:
    (rabi_term,) = plain.rabi_terms
    put = {size: 1 / _epsilon}
    a, r = (factored(value.subs(put)) for value in (rabi_term.size, rabi_term.ratio))
    rate = simplify((rabi_term.rate / unit).subs(put))
    phi = Symbol("phi", positive=True)
    S = sin(phi) ** 2
    F = S * (1 + r * S)
    _, power = along_stationary_point(
        value=rate * a * F / phi,
        equation=phi * F.diff(phi) - F,
        variable=phi,
        parameter=_epsilon,
        root=power_root(r.subs(_epsilon, 0)),
        order=order,
    )
    return power
