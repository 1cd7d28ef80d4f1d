r"""Many charger spins: the limit :math:`N\to\infty`, and the maxima in powers of 1/N.

At fixed :math:`\tilde g=\sqrt N\,g`, that is with :math:`g/\sqrt N` in place of g, the squared hop
from level k is :math:`\tilde g^2(k+1)(M-k)\cdot c(N-c+1)/N` with :math:`c=m-k`. Then

- for a fixed number m of spins **up** :math:`c(N-c+1)/N\to m-k`: m photons that charge the cells,
  the cavity forwards;
- for a fixed number :math:`d=N-m` of spins **down** :math:`c(N-c+1)/N\to d+k+1`: the holes of the
  charger are the photons. Full cells emit into a cavity with d photons, and the energy stored by
  the spins is what *they* lose: the cavity backwards. All spins up are d = 0, the empty cavity.

Huangfu and Jing (2021, Appendix A) compare all spins up with the first kind, M photons. For two
cells the chain is the same but starts from its other end: the largest energies agree, E(t) and the
largest power do not.

**Powers of 1/N.** For a solution with one frequency, :math:`E/\omega_0=a\,S(1+rS)` with
:math:`a,r` and the rate :math:`\Phi/(\sqrt N g)` analytic in :math:`\varepsilon=1/N`. The largest
energy and its time are Taylor expanded. The largest power :math:`p(\varphi,\varepsilon)` sits
where :math:`h(\varphi,\varepsilon)=\varphi F'-F=0`, and is expanded along this root
(:mod:`symbattery.limits.perturbation`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Expr, S, Symbol, factorial, limit, oo, simplify, sin, sqrt

from numerics.model import checks
from numerics.model.checks import invalid
from numerics.model.models import CavityCharger, Model
from numerics.model.states import Fock, fock
from symbattery.core.expressions import UnsolvedError, factored
from symbattery.core.latex_dispatch import LatexRepr
from symbattery.dynamics.closed_form import Branch, ClosedForm, check_solution
from symbattery.dynamics.solve import from_branches, solve
from symbattery.limits.perturbation import along_stationary_point
from symbattery.maxima.energy import maximum
from symbattery.maxima.power import max_power, power_root
from symbattery.maxima.result import Maximum
from symbattery.model.exact_model import system
from symbattery.observables.quantities import quantities
from symbattery.sectors.chains import Chain
from symbattery.symbols import t

__all__ = ["ChargerLimit", "ManyChargers", "charger_limit", "many_chargers"]

_HIGHEST_ORDER = 6
_epsilon = Symbol("epsilon", positive=True)


@dataclass(frozen=True)
class ChargerLimit(LatexRepr):
    r"""The charging by infinitely many spins, in terms of :math:`\tilde g=\sqrt N\,g`.

    Attributes
    ----------
    spins : ClosedForm
        What the limit was taken of.
    coupling : Expr
        What stood in place of the coupling: :math:`g/\sqrt N`, so that g is :math:`\tilde g` now.
    chain : Chain
        The limiting sector.
    cavity : ClosedForm
        The cavity problem with the same chain, solved on its own.
    backwards : bool
        Whether the cells of the cavity emit what the cells of the spins store:
        :math:`E=-E_{\text{cavity}}` then, and :math:`E=E_{\text{cavity}}` otherwise.
    """

    spins: ClosedForm
    coupling: Expr
    chain: Chain
    cavity: ClosedForm
    backwards: bool
    _motion: ClosedForm = field(repr=False)

    @property
    def energy(self) -> Expr:
        """The limit of the stored energy."""
        return quantities(self._motion)["energy"]

    @property
    def power(self) -> Expr:
        """The limit of the average power, E(t)/t."""
        return self.energy / t

    @property
    def definitions(self) -> Mapping[Symbol, Expr]:
        """The named quantities of ``energy``, each in terms of those before it."""
        return self._motion.definitions

    def __repr__(self) -> str:
        return f"ChargerLimit of {self.spins!r}"

    def explicit(self) -> ChargerLimit:
        """The same limit with every definition substituted."""
        return replace(self, _motion=self._motion.explicit())

    def maximum(self, kind: str | None = None, *, until: Any = None, digits: int = 30) -> Maximum:
        """The largest stored energy; see :func:`symbattery.maxima.energy.maximum`."""
        return maximum(self._motion, kind, until=until, digits=digits)

    def max_power(self) -> Maximum:
        """The largest average power; see :func:`symbattery.maxima.power.max_power`."""
        return max_power(self._motion)

    @property
    def description(self) -> str:
        """The equal cavity problem in words."""
        initial = self.cavity.initial
        assert isinstance(initial, Fock)
        sign = "minus " if self.backwards else ""
        return (
            f"{sign}the energy stored in a cavity that starts with {initial.excited_cells} of "
            f"{self.cavity.model.cells} cells excited and photon number {initial.photons}"
        )


def charger_limit(solution: ClosedForm, *, down: Any = None) -> ChargerLimit:
    r"""The limit :math:`N\to\infty` of a spin charger at fixed :math:`\sqrt N\,g`.

    The number of spins up, or that of spins down at the start, stays as it is. For two cells and
    all spins up :math:`E=\tfrac43\omega_0\sin^2\varphi\,(1+\tfrac13\sin^2\varphi)` with
    :math:`\varphi=\sqrt{3/2}\,\tilde gt`: what two full cells emit into an empty cavity.

    Parameters
    ----------
    solution : ClosedForm
        Of a :class:`SpinCharger` whose number of charger spins is a symbol, with all of them up or
        a number of them that does not depend on it.
    down : int or symbol, optional
        How many charger spins are down at the start, for a solution with a symbolic number of
        spins up: that symbol becomes N - ``down``.

    Raises
    ------
    InvalidArgument
        ``down`` is no non-negative integer, or depends on the number of charger spins.
    UnsolvedError
        Not a pure start of a symbolic number of charger spins; crosstalk among them, which grows
        with their number; or both the spins up and the spins down grow.
    """
    check_solution("solution", solution)
    model, size = solution.model, solution.model.charger.spins
    # The levels of larger cells are those of so many spins-1/2, and the limit asks for no more.
    cells = model.battery.top
    if size is None or not S(size).is_Symbol:
        raise UnsolvedError(
            "`charger_limit` needs a symbolic number of charger spins-1/2, such as two_cells()"
        )
    if not solution.is_pure:
        raise UnsolvedError("`charger_limit` is derived for a number of charger spins up")
    if cells is None:
        raise UnsolvedError("`charger_limit` is derived for batteries of cells")
    for name in ("charger_crosstalk", "charger_longitudinal", "longitudinal"):
        if getattr(model, name) != 0:
            raise UnsolvedError(
                f"`charger_limit` is derived without `{name}`, which grows with their number"
            )
    (branch,) = solution.branches
    up, put = _spins_up(size, branch.charged, down)
    backwards = not (size - up).has(size)
    if not backwards and up.has(size):
        raise UnsolvedError(
            "`charger_limit` needs a fixed number of spins up, or of spins down, at the start, "
            f"but {up} of {size} are up"
        )

    def infinite(expression: Expr) -> Expr:
        return factored(limit(expression.subs(put), size, oo))

    chain = replace(
        branch.chain,
        hops_squared=tuple(infinite(hop / size) for hop in branch.chain.hops_squared),
        diagonal=tuple(infinite(a) for a in branch.chain.diagonal),
    )
    # The holes of the charger are the photons, and an excitation of the cavity's cells is one that
    # those of the spins lack. A common sign of the diagonal does not change any |c_k|².
    sign, photons, excited = S.One, up, branch.excited
    if backwards:
        sign, photons, excited = -sign, size - up, cells - excited
    own = {name: sign * getattr(model, name) for name in ("cell_crosstalk", "cell_longitudinal")}
    own["charger_frequency"] = model.charger_frequency
    mode = CavityCharger(cells, model.coupling, model.frequency, **own)
    cavity = solve(type(solution), mode, fock(photons, excited_cells=excited))
    whole = Branch(S.One, chain, branch.excited, branch.charged)
    motion = from_branches(type(solution), cavity.model, cavity.initial, (whole,))
    return ChargerLimit(solution, model.coupling / sqrt(size), chain, cavity, backwards, motion)


def _spins_up(size: Symbol, up: Expr, down: Any) -> tuple[Expr, dict[Symbol, Expr]]:
    """The number of spins up at the start, and what to put for its symbol."""
    if down is None:
        return up, {}
    checks.non_negative_integer("down", down, symbolic=True)
    if S(down).has(size):
        raise invalid("down", "not depend on the number of charger spins", down)
    if not up.is_Symbol or up == size:
        raise UnsolvedError(
            "`down` is for a symbolic number of excited charger spins, such as "
            "two_cells(excited_chargers=m)"
        )
    return size - down, {up: size - down}


@dataclass(frozen=True)
class ManyChargers(LatexRepr):
    r"""Expansions in 1/N; entry k belongs to :math:`N^{-k}`.

    Attributes
    ----------
    model : Model
        What was expanded.
    energy : tuple of Expr
        Of :math:`E_{\max}/\omega_0`.
    time : tuple of Expr
        Of :math:`\sqrt N|g|\,\bar t`, when the largest energy is reached first.
    power : tuple of Expr
        Of :math:`P_{\max}/(\sqrt N|g|\omega_0)`, in terms of an exact implicit root.
    """

    model: Model
    energy: tuple[Expr, ...]
    time: tuple[Expr, ...]
    power: tuple[Expr, ...]

    def __repr__(self) -> str:
        of = system(self.model, self.model.default_start())
        return f"ManyChargers of {of}, to order N**-{len(self.energy) - 1}"


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
    check_solution("solution", solution)
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
    (rabi_term,) = plain.rabi_terms
    unit, omega = sqrt(size) * abs(plain.model.coupling), plain.model.frequency
    put = {size: 1 / _epsilon}
    top = maximum(plain)
    assert top.time is not None
    energy, time, rate = (
        simplify(value.subs(put))
        for value in (top.value / omega, top.time * unit, rabi_term.rate / unit)
    )
    a, r = (factored(value.subs(put)) for value in (rabi_term.size, rabi_term.ratio))
    phi = Symbol("phi", positive=True)
    F = sin(phi) ** 2 * (1 + r * sin(phi) ** 2)
    _, power = along_stationary_point(
        value=rate * a * F / phi,
        equation=phi * F.diff(phi) - F,
        variable=phi,
        parameter=_epsilon,
        root=power_root(r.subs(_epsilon, 0)),
        order=order,
    )
    return ManyChargers(solution.model, _taylor(energy, order), _taylor(time, order), power)
