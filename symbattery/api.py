r"""The façade: a solution with all that can be asked of it, and the paper's sectors by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

from sympy import Expr, Symbol, oo

from numerics.model import checks
from numerics.model.checks import InvalidArgument
from numerics.model.models import Model, SpinCharger, check_model
from numerics.model.noise import Noise, check_noise
from numerics.model.pulses import require_resonance
from numerics.model.states import InitialState, dicke, product
from symbattery import symbols
from symbattery.core.expressions import UnsolvedError
from symbattery.core.latex_dispatch import NOTEBOOK, inline
from symbattery.dynamics import solve as dynamics
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.dynamics.open_form import OpenForm, solve_open
from symbattery.maxima import energy as largest
from symbattery.maxima import ergotropy
from symbattery.maxima.energy import BestStart
from symbattery.maxima.result import Maximum
from symbattery.model.exact_model import exact_problem
from symbattery.observables import means
from symbattery.observables.emission import emit
from symbattery.observables.function import EmittedFunction
from symbattery.observables.intervals import Intervals
from symbattery.observables.intervals import intervals as branch_intervals
from symbattery.observables.level_means import ClosedLevels, Means
from symbattery.observables.quantities import RowMethod, quantities
from symbattery.observables.table import described, reserved, row_named
from symbattery.open_verification import verify_open
from symbattery.output import code
from symbattery.output.latex import document as documents
from symbattery.output.latex.results import quantity, standalone
from symbattery.output.rich_display import solution_page
from symbattery.printed_formulas import Comparison, comparisons, reference
from symbattery.pulsed import PulsedSolution, checked_pulse
from symbattery.verification import verify
from symbattery.verification_results import Verification

__all__ = ["OpenSolution", "Solution", "single_cell", "solve", "thermal_charger", "two_cells"]


@reserved
@dataclass(frozen=True)
class Solution(ClosedForm):
    """The exact charging of one model from one start, with all that can be asked of it.

    Its attributes are those of :class:`~symbattery.dynamics.closed_form.ClosedForm`, and every row
    of :mod:`symbattery.observables.table`: the expressions ``energy``, ``power``,
    ``energy_variance`` (or ``variance``), …, and methods for those that have options,
    ``ergotropy("local")``, ``entropy(order=2)``, ….
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in quantities(self).observables:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        row = row_named(name)
        # Derived once, as by a cached property.
        self.__dict__[name] = RowMethod(self, row) if row.options else quantities(self)[name]
        return self.__dict__[name]

    def __repr__(self) -> str:
        return f"{type(self).__name__} of {self.summary()}"

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *quantities(self).observables})

    def maximum(
        self,
        kind: str | None = None,
        *,
        until: Any = None,
        digits: int = 30,
        quantity: str = "energy",
        **options: Any,
    ) -> Maximum:
        """The largest energy or ergotropy; see :func:`symbattery.maxima.ergotropy.maximum`."""
        return ergotropy.maximum(
            self, kind, until=until, digits=digits, quantity=quantity, **options
        )

    def max_power(self, quantity: str = "energy", **options: Any) -> Maximum:
        """The largest average power; see :func:`symbattery.maxima.ergotropy.max_power`."""
        return ergotropy.max_power(self, quantity, **options)

    def best_excited(self) -> BestStart:
        """The best number of excited spins; see :func:`symbattery.maxima.energy.best_excited`."""
        return largest.best_excited(self)

    def mean(self, name: str) -> Expr:
        """The long-time mean of ``name``; see :func:`symbattery.observables.means.mean`."""
        return means.mean(self, name)

    def comparisons(self) -> tuple[Comparison, ...]:
        """The paper's formulas for this case, compared with the derivation."""
        return comparisons(self)

    def quantity(self, name: str, **options: Any) -> Expr:
        """``name`` as an expression in ``definitions``, with options in the text or by keyword.

        Raises
        ------
        InvalidArgument
            An unknown name or option, a value that it cannot have, or a quantity that is not exact
            for this start.
        UnsolvedError
            A quantity without a closed form for this start.
        """
        every = quantities(self)
        request = every.only(name, options)
        return every[name] if request is None else request.expression

    def intervals(self, name: str, **options: Any) -> Intervals:
        """The intervals in which each branch of ``name`` holds, for one frequency.

        See :func:`symbattery.observables.intervals.intervals`.
        """
        request = quantities(self).only(name, options)
        if request is None or request.row.weight is not None:
            raise checks.invalid("name", "be a quantity with several branches", name)
        return branch_intervals(self, request)

    @property
    def work_distribution(self) -> dict[int, Expr]:
        """The probabilities of the work wω₀ that the charging does on the cells, by w."""
        return dict(Means(ClosedLevels(self)).gains)

    def function(self, name: str, backend: str = "numpy", **fixed: Any) -> EmittedFunction:
        """``name`` as a function of time; see :func:`symbattery.observables.emission.emit`."""
        return emit(self, name, backend, source=source, **fixed)

    def source(self, name: str, language: str = "c", **fixed: Any) -> str:
        """``name`` as source code; see :func:`symbattery.output.code.source`."""
        return code.source(self, name, language, **fixed)

    def latex(
        self,
        name: str = "energy",
        *,
        names: Mapping[Symbol, str] | None = None,
        width: str | float | None = None,
        **options: Any,
    ) -> str:
        """LaTeX of one quantity; see :func:`symbattery.output.latex.results.quantity`."""
        return quantity(self, name, names=names, width=width, **options)

    def to_tex(
        self,
        path: str | Path,
        document: str | None = "article",
        *,
        columns: int = 1,
        names: Mapping[Symbol, str] | None = None,
    ) -> Path:
        """A file with the LaTeX of everything; see :mod:`symbattery.output.latex.document`."""
        return documents.write(path, self, document_class=document, columns=columns, names=names)

    def verify(
        self,
        digits: int = 50,
        points: int = 8,
        seed: int = 2021,
        names: Iterable[str] | None = None,
    ) -> Verification:
        """A comparison with independent routes; see :func:`symbattery.verification.verify`."""
        return verify(self, digits=digits, points=points, seed=seed, names=names)

    def _repr_latex_(self) -> str:
        return inline(standalone(self, "energy", width=NOTEBOOK))

    def _repr_html_(self) -> str:
        return solution_page(self)


def source(solution: ClosedForm, name: str) -> str:
    """The source of one quantity of a solution, for the docstring of its function."""
    quantity = described(name)
    return reference(solution, name) if quantity.printed else f"derived; {quantity.reference}"


@reserved
@dataclass(frozen=True, repr=False)
class OpenSolution(OpenForm, Solution):
    """The exact charging of an open battery; made by :func:`solve` with ``noise``.

    Its attributes are those of :class:`Solution`, but for what needs amplitudes or a maximum.
    """

    def steady(self, name: str = "energy", **options: Any) -> Expr:
        """A quantity after a long time, with its options.

        Of baths of one temperature the state of Gibbs, for any size; else the limit of the closed
        form.

        Raises
        ------
        InvalidArgument
            An unknown name or option.
        UnsolvedError
            The state is not known in closed form, there is none, or the quantity is no function of
            the populations.
        """
        every = quantities(self.at_rest)
        request = every.only(name, options)
        # An average power has a time in it.
        return (every[name] if request is None else request.expression).subs(symbols.t, oo)

    def verify(
        self,
        digits: int = 50,
        points: int = 8,
        seed: int = 2021,
        names: Iterable[str] | None = None,
    ) -> Verification:
        """A comparison; see :func:`symbattery.open_verification.verify_open`."""
        return verify_open(self, digits=digits, points=points, seed=seed, names=names)


@overload
def solve(
    model: Model,
    initial: InitialState | None = ...,
    form: str | None = ...,
    *,
    coupling: None = ...,
) -> Solution: ...


@overload
def solve(
    model: Model, initial: InitialState | None = ..., form: str | None = ..., *, coupling: Any
) -> PulsedSolution: ...


@overload
def solve(
    model: Model, initial: InitialState | None = ..., *, noise: Iterable[Noise]
) -> OpenSolution: ...


def solve(
    model: Model,
    initial: InitialState | None = None,
    form: str | None = None,
    *,
    coupling: Any = None,
    noise: Iterable[Noise] = (),
) -> Solution | PulsedSolution:
    r"""The closed form of the charging of ``model`` from ``initial``.

    A thermal or product state of a symbolic number of charger spins gives an unevaluated ``Sum``
    over the irreps of the charger and their levels, if the cells start empty.

    Parameters
    ----------
    model : Model, such as SpinCharger
        Where few excitations make the chain short the number of cells may be a symbol, like
        anything else. An open coupling or frequency is kept as :math:`g` and :math:`\omega_0`.
    initial : optional
        Cells down and all charger spins up (as many photons as cells) if left out.
    form : {"radicals", "roots"}, optional
        How the frequencies are written: in real radicals and cosines, or as named roots of their
        polynomial. The best form that exists if left out.
    coupling : expression in symbattery.symbols.t, optional
        On resonance a real coupling g(t) in place of the constant one, which the model leaves open:
        the closed forms at the area :math:`\int_0^tg\,dt'`.
    noise : sequence, optional
        Of :func:`~symbattery.loss`, :func:`~symbattery.pump`, :func:`~symbattery.dephasing` and
        :func:`~symbattery.bath`, with numbers or symbols for rates. The populations are sums of
        damped waves, whose number grows fast with the excitations; where loss and pumping are the
        same everywhere, the energy of both sides has a closed form of its own.

    Raises
    ------
    InvalidArgument
        The model, the state, ``form``, ``coupling`` or ``noise`` is not what it must be, or
        ``coupling`` depends on time off resonance or beside noise.
    UnsolvedError
        The chain does not end (a symbolic number of cells, and of excitations of the charger), the
        sector is no chain (``anisotropy`` other than 0 with more than one cell, or with one
        and a symbolic number of charger spins), radicals were demanded and do not exist, no sum
        is derived for a mixture of a symbolic number of charger spins, or noise leads to too many
        elements of the state.

    Notes
    -----
    The model of Huangfu and Jing, Eqs. (1)–(4), with any number of cells.
    """
    given = check_noise(check_model(model), noise)
    if given:
        for name, value in (("coupling", coupling), ("form", form)):
            if value is not None:
                raise checks.invalid(name, "be left out where there is noise", value)
        return solve_open(OpenSolution, model, initial, given)
    if coupling is not None:
        pulse = checked_pulse(coupling)
        require_resonance(exact_problem(model, initial), model.coupling)
        return PulsedSolution(solve(model, initial, form), pulse)
    return dynamics.solve(Solution, model, initial, form)


def single_cell(
    chargers: Any = symbols.N, *, excited_chargers: Any = None, anisotropy: Any = 0
) -> Solution:
    r"""One cell charged by :math:`N` spins of which :math:`m` are up.

    With a number of charger spins every :math:`\gamma` is solved: the levels
    :math:`|0,N\rangle,|1,N-1\rangle,|0,N-2\rangle,\dots` form a chain. For one charger spin the
    pair terms :math:`\gamma\,\sigma^\pm\tau^\pm` have no matrix element in the sector of
    :math:`|0,1\rangle`: :math:`\gamma` drops out, and :math:`e(t)=\omega_0\sin^2 gt` (Huangfu and
    Jing, below Eq. (12)).

    Parameters
    ----------
    chargers : int or symbol
        :math:`N`.
    excited_chargers : int or symbol, optional
        :math:`m`; all of them if left out.
    anisotropy : real or symbol
        :math:`\gamma`; other than 0 for a number of charger spins only.

    Raises
    ------
    InvalidArgument
        An argument is not what it must be.
    UnsolvedError
        ``anisotropy`` other than 0 with a symbolic number of charger spins.
    """
    return _charged(1, chargers, excited_chargers, anisotropy)


def two_cells(chargers: Any = symbols.N, *, excited_chargers: Any = None) -> Solution:
    r"""Two cells charged by :math:`N` spins of which :math:`m` are up, at :math:`\gamma=0`.

    All up (:math:`m=N`), the energy equals Eq. (A6) of Huangfu and Jing, in a form that keeps its
    digits at small :math:`gt`. Their Eq. (A7) for the largest energy holds for :math:`N\ge2`; for
    :math:`N=1` it gives 0, whereas :math:`E_{\max}=\omega_0`, and the time it names is then a
    minimum.

    Parameters
    ----------
    chargers : int or symbol
        :math:`N`.
    excited_chargers : int or symbol, optional
        :math:`m`; all of them if left out. Best is :math:`m=\lfloor N/2\rfloor+1`
        (:meth:`Solution.best_excited`).

    Raises
    ------
    InvalidArgument
        An argument is not what it must be.
    """
    return _charged(2, chargers, excited_chargers, 0)


def _charged(cells: int, chargers: Any, excited_chargers: Any, anisotropy: Any) -> Solution:
    model = SpinCharger(cells, chargers, anisotropy=anisotropy)
    if excited_chargers is None:
        return solve(model)
    checks.positive_integer("excited_chargers", excited_chargers, symbolic=True)
    if (excited_chargers > model.chargers) == True:  # noqa: E712
        raise InvalidArgument(
            f"`excited_chargers` must be at most `chargers` = {model.chargers}, but is "
            f"{excited_chargers}"
        )
    return solve(model, dicke(0, excited_chargers))


def thermal_charger(
    *, cells: Any = 2, chargers: Any = 2, thermal: Any = 1, population: Any = symbols.p_1
) -> Solution:
    r"""One or two cells charged by :math:`N` spins of which the last ``thermal`` ones are thermal.

    Each thermal spin is excited with ``population``, the other charger spins are up, the cells
    down, and the product state is taken as written. The default is the case of Eq. (16) of Huangfu
    and Jing: two cells, two charger spins, the second one thermal with :math:`p_1+p_0=1`.

    Eq. (17) as printed has :math:`p_0` where :math:`p_0/2` results. It belongs to the collective
    state :math:`|m=0\rangle`; the product state :math:`|10\rangle` is half singlet, and the
    singlet stays dark.

    Parameters
    ----------
    cells : 1 or 2
    chargers : int or symbol
        :math:`N`.
    thermal : int or symbol
        How many of the charger spins are thermal, 1 to ``chargers``. With a symbol :math:`N` either
        a number, and the result has finitely many frequencies, or :math:`N`: a sum over
        :math:`(j,m)`, which is kept as an unevaluated ``Sum``.
    population : real in [0, 1] or symbol
        Excited population of a thermal spin.

    Raises
    ------
    InvalidArgument
        An argument is not what it must be.
    UnsolvedError
        ``thermal`` is a symbol other than ``chargers``.
    """
    if checks.positive_integer("cells", cells) > 2:
        raise checks.invalid("cells", "be 1 or 2", cells)
    spins = checks.positive_integer("chargers", chargers, symbolic=True)
    hot = checks.positive_integer("thermal", thermal, symbolic=True)
    if (hot > spins) == True:  # noqa: E712
        raise InvalidArgument(f"`thermal` must be at most `chargers` = {spins}, but is {hot}")
    if checks.is_symbolic(hot) and hot != spins:
        raise UnsolvedError(f"`thermal` must be a number or `chargers` = {spins}, but is {hot}")
    population = checks.exactly("population", population)
    checks.probability("population", population, symbolic=True)
    start = product([0] * cells, [(1, spins - hot), (population, hot)])
    return solve(SpinCharger(cells, spins), start)
