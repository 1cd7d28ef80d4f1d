r"""The formulas that Huangfu and Jing (2021) print for the solvable sectors, as claims.

Nothing here is used in a derivation. :func:`comparisons` sets each printed formula beside the
derived one and decides by computation whether they agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sympy import Expr, I, Rational, S, cos, latex, pi, sin, sqrt
from sympy.logic.boolalg import Boolean

from numerics.model.problem import INTERACTIONS
from numerics.model.states import Dicke, Product
from symbattery.core.expressions import vanishes
from symbattery.core.latex_dispatch import LatexRepr
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.maxima.energy import maximum
from symbattery.maxima.power import max_power
from symbattery.observables.quantities import quantities
from symbattery.symbols import t, xi

__all__ = ["Comparison", "comparisons", "reference"]


# Word for word, by place and quantity.
_AS_PRINTED = {
    ("below Eq. (12)", "e(t)"): r"\omega_0\sin^2(gt)",
    ("below Eq. (12)", r"e_{\max}"): r"\omega_0",
    ("below Eq. (12)", r"p_{\max}"): r"0.72\,g\omega_0",
    ("Eq. (A5)", "c_1(t)"): r"-\frac{2\sqrt{2(\xi^2+4)(\xi^2-2)}}{3\xi^2}"
    r"\sin^2\left(\frac{\xi gt}{2}\right)",
    ("Eq. (A5)", "c_2(t)=c_3(t)"): r"-i\sqrt{\frac{\xi^2+4}{6\xi^2}}\sin(\xi gt)",
    ("Eq. (A5)", "c_4(t)"): r"\frac{1}{3\xi^2}\left[(\xi^2+4)\cos(\xi gt)+2(\xi^2-2)\right]",
    ("Eq. (A6)", "E(t)"): r"\frac{(\xi^2+4)\omega_0}{9\xi^4}"
    r"\left[(\xi^2-8)\cos(\xi gt)-(7\xi^2-8)\right]\left[\cos(\xi gt)-1\right]",
    ("Eq. (A7)", r"E_{\max}"): r"\frac{16(\xi^4+2\xi^2-8)}{9\xi^4}\omega_0"
    r"=\frac{16N(N-1)}{(3N-2)^2}\omega_0",
    ("Eq. (A7)", r"\bar t"): r"\frac{\pi}{\xi g}",
    ("Eq. (17)", "E(t)"): r"2\omega_0\sin^2\left(\sqrt{2}gt\right)"
    r"-p_0\omega_0\left[2\sin^2\left(\sqrt{2}gt\right)-\sin^2(2gt)\right]",
}


@dataclass(frozen=True)
class Comparison(LatexRepr):
    """One printed formula beside the derived one.

    Attributes
    ----------
    reference : str
        Where it stands in the paper.
    quantity : str
        Name of the quantity, in LaTeX.
    printed, derived : Expr
        Both sides.
    agrees : bool
        Whether they are equal (to the digits printed, for a number).
    condition : Boolean
        Where the derived one holds, if not everywhere.
    remark : str
        What the difference is, or what holds outside the condition; text with LaTeX mathematics.
    """

    reference: str
    quantity: str
    printed: Expr
    derived: Expr
    agrees: bool
    condition: Boolean = S.true
    remark: str = ""

    @property
    def as_printed(self) -> str:
        """The printed formula in the paper's own LaTeX (p₀ = 1 - p₁ in Eq. (17))."""
        return _AS_PRINTED[self.reference, self.quantity]


def _case(solution: ClosedForm) -> str:
    """The case of the paper that a solution is, or nothing."""
    model, initial = solution.model, solution.initial
    if solution.is_open:
        return ""
    ideal = (
        model.charger.spins is not None
        and model.battery.spins is not None
        and model.charger_frequency == model.frequency
        and all(getattr(model, name) == 0 for name in INTERACTIONS)
        and S(model.charger.spins).is_Atom
        and model.coupling.is_positive is True
        and all(branch.chain.is_chiral for branch in solution.branches)
    )
    if not ideal:
        return ""
    if isinstance(initial, Dicke) and len(solution.rabi_terms) == 1:
        all_up = initial == Dicke(0, model.chargers)
        return {1: "one cell", 2: "two cells"}.get(model.cells, "") if all_up else ""
    if isinstance(initial, Product) and model.cells == len(initial.charger_populations) == 2:
        cold = initial.charger_populations[0] == 1 and not any(initial.cell_populations)
        return "thermal spin" if cold else ""
    return ""


def _single_cell(solution: ClosedForm) -> Iterator[Comparison]:
    g, omega = solution.model.coupling, solution.model.frequency
    one, plain = {solution.model.chargers: 1}, solution.explicit()
    energy, top, power = (
        expression.subs(one)
        for expression in (
            quantities(plain)["energy"],
            maximum(plain).value,
            max_power(plain).value,
        )
    )
    where = "below Eq. (12)"
    e = omega * sin(g * t) ** 2
    yield Comparison(where, "e(t)", e, energy, vanishes(e - energy))
    yield Comparison(where, r"e_{\max}", omega, top, vanishes(omega - top))
    printed = Rational(72, 100)
    number = power / (g * omega)
    yield Comparison(
        where,
        r"p_{\max}",
        printed.evalf(2) * g * omega,
        power,
        bool(abs(number.evalf(15) - printed) < Rational(1, 200)),
        remark=rf"The derived value is ${number.evalf(10)}\,g\omega_0$.",
    )


def _two_cells(solution: ClosedForm) -> Iterator[Comparison]:
    model, g, omega = solution.model, solution.model.coupling, solution.model.frequency
    phase, c = xi * g * t, solution.amplitudes

    def compared(place: str, name: str, printed: Expr, derived: Expr, **rest: Any) -> Comparison:
        """The verdict once ξ and every named quantity is written out."""
        put = printed.subs(xi, sqrt(2 * (3 * model.chargers - 2)))
        agrees = vanishes(put - derived.subs(dict(solution.definitions)))
        return Comparison(place, name, printed, derived, agrees, **rest)

    full = -2 * sqrt(2 * (xi**2 + 4) * (xi**2 - 2)) / (3 * xi**2) * sin(phase / 2) ** 2
    half = -I * sqrt((xi**2 + 4) / (6 * xi**2)) * sin(phase)
    empty = ((xi**2 + 4) * cos(phase) + 2 * (xi**2 - 2)) / (3 * xi**2)
    yield compared("Eq. (A5)", "c_1(t)", full, c.get(2, S.Zero))
    # |10> and |01> share the amplitude of the symmetric state.
    yield compared("Eq. (A5)", "c_2(t)=c_3(t)", half, c[1] / sqrt(2))
    yield compared("Eq. (A5)", "c_4(t)", empty, c[0])
    size = (xi**2 + 4) * omega / (9 * xi**4)
    energy = size * ((xi**2 - 8) * cos(phase) - (7 * xi**2 - 8)) * (cos(phase) - 1)
    found = compared("Eq. (A6)", "E(t)", energy, quantities(solution)["energy"])
    remark = "Equal, but the printed form loses every digit near $gt=10^{-8}$."
    yield replace(found, remark=remark) if found.agrees else found
    top = maximum(solution)
    assert top.time is not None
    value = 16 * (xi**4 + 2 * xi**2 - 8) / (9 * xi**4) * omega
    for name, printed, derived, single in (
        (r"E_{\max}", value, top.value, "the printed formula gives 0"),
        (r"\bar t", pi / (xi * g), top.time, r"$\bar t$ is a minimum"),
    ):
        found = compared("Eq. (A7)", name, printed, derived, condition=top.condition)
        if top.otherwise is not None:
            other = top.otherwise.value if derived is top.value else top.otherwise.time
            symbol = latex(model.chargers)
            remark = f"For ${symbol}=1$ {single}; derived: ${name}={latex(other)}$."
        else:
            remark = "" if found.agrees else f"For one charger spin {single}."
        yield replace(found, remark=remark)


def _thermal(solution: ClosedForm) -> Iterator[Comparison]:
    g, omega = solution.model.coupling, solution.model.frequency
    initial = solution.initial
    assert isinstance(initial, Product)
    p_0 = 1 - initial.charger_populations[1]
    slow = sin(sqrt(2) * g * t) ** 2
    printed = 2 * omega * slow - p_0 * omega * (2 * slow - sin(2 * g * t) ** 2)
    energy = quantities(solution)["energy"]
    agrees = vanishes(printed - energy)
    remark = (
        ""
        if agrees
        else r"The printed formula belongs to the collective state $|m=0\rangle$. The product "
        r"state $|10\rangle$ is half singlet, which stays dark: half of $\sin^2(2gt)$ is left."
    )
    yield Comparison("Eq. (17)", "E(t)", printed, energy, agrees, remark=remark)


@lru_cache(maxsize=128)
def comparisons(solution: ClosedForm) -> tuple[Comparison, ...]:
    """The printed formulas that speak of this case; empty where the paper is silent."""
    cases = {"one cell": _single_cell, "two cells": _two_cells, "thermal spin": _thermal}
    case = _case(solution)
    return tuple(cases[case](solution)) if case else ()


def reference(solution: ClosedForm, name: str) -> str:
    """The place of the energy, the power or an amplitude of this case in the paper, if any."""
    paper, case = "Huangfu and Jing (2021)", _case(solution)
    if not case:
        return f"derived; {paper} have no formula for this case"
    place = {
        "one cell": f"e(t) below Eq. (12) of {paper} for one charger spin, derived for any number",
        "two cells": f"Eq. ({'A5' if name.startswith('c') else 'A6'}) of {paper}, derived again",
        "thermal spin": f"derived from Eq. (16) of {paper}, whose Eq. (17) differs by a factor "
        "at p_0",
    }[case]
    return f"{place}, with Eq. (8)" if name == "power" else place
