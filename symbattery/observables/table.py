r"""The table of observables: what is made of the amplitudes and populations of a closed form.

A row is linear in the populations, :math:`\sum_kw(k)\,p_k(t)` less its value at the start, or any
other function of the battery's state, perhaps with options: ``"entropy(order=2)"``. Expressions,
functions, LaTeX, source code, JSON, docstrings, the choices of the command line and the
verification read this table: a new row is all that they need.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sympy import Expr, S, sympify

from numerics.model import checks
from numerics.model.checks import InvalidArgument
from numerics.model.options import (
    BETWEEN,
    CELLS,
    CONJUGATE,
    ORDER,
    PART,
    SENSE,
    Need,
    Option,
    check_row,
    checked,
    names_of,
    separated,
    written,
)
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.observables import correlations, ergotropy, fluctuations

__all__ = [
    "OBSERVABLES",
    "TAKEN",
    "USUAL",
    "Description",
    "Observable",
    "described",
    "register",
    "reserved",
    "row_named",
    "rows_by_name",
]


T = TypeVar("T")


@dataclass(frozen=True)
class Description:
    """The name of a function of time, and its written forms.

    Attributes
    ----------
    name : str
        In Python.
    symbol, latex : str
        In formulas of plain text and of LaTeX: ``"E(t)"``.
    title, unit : str
        What it is, and its unit, in words that make a sentence: "The stored energy", "in the unit
        of the frequency".
    reference : str
        The place of its definition.
    printed : bool
        Huangfu and Jing print formulas for it, with which those of a solution are compared.
    """

    name: str
    symbol: str
    latex: str
    title: str
    unit: str
    reference: str = ""
    printed: bool = False


@dataclass(frozen=True)
class Observable(Description):
    r"""A row of the table; exactly one of ``weight`` and ``function`` is given.

    Attributes
    ----------
    weight : callable, optional
        :math:`w(k)` of a number k of excited cells: the mean of :math:`w`, less that at the start.
    function : callable, optional
        Of a :class:`~symbattery.observables.battery.Battery`, whose ``populations`` {k: p_k} are
        symbols, and of the options by name; where it vanishes at t = 0 it must be written so that
        nothing cancels.
    options : tuple of Option
        Those that the function takes.
    order : int
        The power of the frequency that it is multiplied by.
    per_time : bool
        Divided by the time; 0 at t = 0.
    aliases : tuple of str
        Other names.
    brief : str
        LaTeX of the right-hand side in other rows, where that is shorter.
    displayed : bool
        Part of what is printed of a solution as a whole.
    undefined : bool
        Functions are nan where the quantity has no value, as 0/0.
    derivatives : int
        The number of derivatives by time in it; squares count twice.
    needs : frozenset of Need
        The conditions without which it has no value.
    """

    weight: Callable[[int], Any] | None = None
    function: Callable[..., Any] | None = None
    options: tuple[Option, ...] = ()
    order: int = 1
    per_time: bool = False
    aliases: tuple[str, ...] = ()
    brief: str = ""
    displayed: bool = False
    undefined: bool = False
    derivatives: int = 0
    needs: frozenset[Need] = frozenset()

    def __post_init__(self) -> None:
        if (self.weight is None) == (self.function is None):
            raise InvalidArgument(
                f"`weight` or `function` must be given for {self.name}, and not both"
            )
        if self.weight is not None and self.options:
            raise checks.invalid(
                "options", f"be left out beside the weight of {self.name}", "given"
            )

    def weighed(self, cells: int) -> Expr:
        """The weight of a number of excited cells.

        Raises
        ------
        InvalidArgument
            It is no finite real number.
        """
        assert self.weight is not None
        value = self.weight(cells)
        # True and False are 1 and 0.
        exact = S(int(value)) if isinstance(value, bool) or value in (S.true, S.false) else value
        exact = exact if isinstance(exact, str) else sympify(exact)
        if not (isinstance(exact, Expr) and exact.is_number and exact.is_real and exact.is_finite):
            words = f"give a finite real number for every number of excited cells in {self.name}"
            raise checks.invalid("weight", words, value)
        return exact


_ALONE = "be one that nothing else has"

OBSERVABLES: dict[str, Observable] = {}
"""The rows by name, in the order in which they are listed."""

TAKEN = names_of(ClosedForm)
"""The names that objects with the rows as attributes have besides these."""


def reserved(kind: type[T]) -> type[T]:
    """A class with the rows as attributes, whose other names no row may take.

    Raises
    ------
    InvalidArgument
        A row that was added before the class was loaded has one of them.
    """
    own = names_of(kind)
    for name in own & rows_by_name().keys():
        raise checks.invalid("name", _ALONE, name)
    TAKEN.update(own)
    return kind


def register(row: Observable) -> Observable:
    """Add a row to the table.

    Raises
    ------
    InvalidArgument
        As for `check_row`, of the name and its aliases.
    """
    for name in (row.name, *row.aliases):
        check_row(name, row.order, {*rows_by_name(), *TAKEN})
    OBSERVABLES[row.name] = row
    return row


def rows_by_name() -> dict[str, Observable]:
    """The rows by name and by alias."""
    return {name: row for row in OBSERVABLES.values() for name in (row.name, *row.aliases)}


for _row in (
    Observable(
        "energy", "E(t)", "E(t)", "The stored energy", "in the unit of the frequency",
        "Eq. (7) of Huangfu and Jing (2021)", printed=True, weight=lambda k: k, displayed=True,
    ),
    Observable(
        "power", "P(t)", "P(t)", "The average charging power E(t)/t, 0 at t = 0",
        "an energy over a time", "Eq. (8) of Huangfu and Jing (2021)",
        printed=True, weight=lambda k: k, per_time=True, brief=r"\frac{E(t)}{t}", displayed=True,
    ),
    Observable(
        "energy_variance", "Var E(t)", r"\operatorname{Var} H_{B}(t)",
        "The variance of the stored energy", "in the squared unit of the frequency",
        "the variance of H_B, from the populations",
        function=fluctuations.variance, order=2, aliases=("variance",),
    ),
    Observable(
        "energy_skewness", "skewness(t)", r"\operatorname{skew} H_{B}(t)",
        "The skewness of the stored energy", "without a unit",
        "the third cumulant over the cubed standard deviation",
        function=fluctuations.energy_skewness, order=0, undefined=True,
    ),
    Observable(
        "energy_kurtosis", "kurtosis(t)", r"\operatorname{kurt} H_{B}(t)",
        "The excess kurtosis of the stored energy", "without a unit",
        "the fourth cumulant over the squared variance",
        function=fluctuations.energy_kurtosis, order=0, undefined=True,
    ),
    Observable(
        "fano_factor", "F(t)", r"\frac{\operatorname{Var} K}{\langle K \rangle}(t)",
        "The variance of the number of excited cells over its mean, 1 where both vanish",
        "without a unit", "U. Fano, Phys. Rev. 72, 26 (1947)",
        function=fluctuations.fano_factor, order=0,
    ),
    Observable(
        "instantaneous_power", "dE/dt", r"\dot{E}(t)",
        "The derivative of the stored energy by time", "an energy over a time",
        "the derivative of Eq. (7) of Huangfu and Jing (2021)",
        function=fluctuations.instantaneous_power, derivatives=1,
    ),
    Observable(
        "power_variance", "Var P(t)", r"\operatorname{Var} \hat{P}(t)",
        "The variance of the power operator i[H, H_B]", "a squared energy over a squared time",
        "from the amplitudes of second neighbours", function=fluctuations.power_variance, order=2,
        derivatives=2,
    ),
    Observable(
        "switching_work", "W(t)", r"W_{\mathrm{sw}}(t)",
        "The gain of the bare energies of cells and charger, paid by switching the coupling",
        "in the unit of the frequency", "the bare Hamiltonians of both sides",
        function=fluctuations.switching_work, order=0, needs=frozenset({Need.CHARGER}),
    ),
    Observable(
        "ergotropy", "ergotropy(t)", r"\mathcal{E}(t)",
        "The ergotropy: the largest mean work that unitaries extract",
        "in the unit of the frequency",
        "A. E. Allahverdyan, R. Balian and T. M. Nieuwenhuizen, Europhys. Lett. 67, 565 (2004)",
        function=ergotropy.ergotropy, options=(SENSE, CELLS, PART),
    ),
    Observable(
        "locked_energy", "locked(t)", r"E_{\mathrm{locked}}(t)",
        "The energy above the ground state that is no ergotropy", "in the unit of the frequency",
        "energy less ergotropy, in a form without a difference",
        function=ergotropy.locked_energy, options=(SENSE, CELLS),
    ),
    Observable(
        "extractable_fraction", "fraction(t)", r"\frac{\mathcal{E}(t)}{E_{\mathrm{tot}}(t)}",
        "The ergotropy over the energy above the ground state, 0 where there is none",
        "without a unit", "ergotropy over energy",
        function=ergotropy.extractable_fraction, options=(SENSE,), order=0,
    ),
    Observable(
        "passive_energy", "passive(t)", r"E_{\mathrm{passive}}(t)",
        "The energy of the passive state, with the bare Hamiltonian of the cells",
        "in the unit of the frequency",
        "A. Lenard, J. Stat. Phys. 19, 575 (1978)", function=ergotropy.passive_energy,
    ),
    Observable(
        "capacity", "C(t)", r"\mathcal{C}(t)",
        "The capacity: the energy between the best and the worst unitary",
        "in the unit of the frequency",
        "X. Yang et al., Phys. Rev. Lett. 131, 030402 (2023)", function=ergotropy.capacity,
    ),
    Observable(
        "work_variance", "Var W(t)", r"\operatorname{Var} W(t)",
        "The variance of the work of the unitary that extracts the full ergotropy",
        "in the squared unit of the frequency", "from the populations and the largest of them",
        function=ergotropy.work_variance, order=2,
    ),
    Observable(
        "work_characteristic", "chi(t)", r"\chi(t)",
        "The characteristic function of the work that the charging does on the cells",
        "without a unit", "P. Talkner, E. Lutz and P. Hänggi, Phys. Rev. E 75, 050102 (2007)",
        function=fluctuations.work_characteristic, options=(CONJUGATE,), order=0,
    ),
    Observable(
        "entropy", "S(t)", "S(t)",
        "The entropy of the battery's state, from a pure start that of its entanglement",
        "in nats", "A. Rényi, Proc. 4th Berkeley Symp. 1, 547 (1961); order 1 is von Neumann's",
        function=correlations.entropy, options=(ORDER,), order=0,
    ),
    Observable(
        "purity", "Tr rho^2(t)", r"\operatorname{Tr} \rho_{B}^{2}(t)",
        "The purity of the battery's state", "without a unit", "the sum of squared eigenvalues",
        function=correlations.purity, order=0,
    ),
    Observable(
        "negativity", "negativity(t)", r"\mathcal{N}(t)",
        "The negativity of battery and charger, the sum of the sizes of negative eigenvalues",
        "without a unit", "G. Vidal and R. F. Werner, Phys. Rev. A 65, 032314 (2002)",
        function=correlations.negativity, order=0, needs=frozenset({Need.CHARGER}),
    ),
    Observable(
        "schmidt_number", "Schmidt number(t)", "K_{S}(t)",
        "The effective number of Schmidt coefficients of battery and charger",
        "without a unit", "R. Grobe, K. Rzazewski and J. H. Eberly, J. Phys. B 27, L503 (1994)",
        function=correlations.schmidt_number, order=0, needs=frozenset({Need.CHARGER}),
    ),
    Observable(
        "concurrence", "concurrence(t)", r"\mathcal{C}_{2}(t)",
        "The concurrence of two cells, or of one cell and one charger spin", "without a unit",
        "W. K. Wootters, Phys. Rev. Lett. 80, 2245 (1998)",
        function=correlations.concurrence, options=(BETWEEN,), order=0,
    ),
    Observable(
        "coherence", "coherence(t)", r"\left|\langle S_{+} J_{-} \rangle\right|(t)",
        "The coherence of battery and charger, the size of the mean of S₊J₋", "without a unit",
        "from the power and the exchange energy", function=correlations.coherence,
    order=0),
    Observable(
        "quantum_fisher_information", "F_Q(t)", "F_{Q}(t)",
        "The quantum Fisher information of the battery for rotations about x", "without a unit",
        "S. L. Braunstein and C. M. Caves, Phys. Rev. Lett. 72, 3439 (1994)",
        function=correlations.quantum_fisher_information, order=0,
    ),
    Observable(
        "fisher_information", "I_E(t)", "I_{E}(t)",
        "The Fisher information of the populations about the time", "the inverse of a squared time",
        "S. Julià-Farré et al., Phys. Rev. Research 2, 023113 (2020)",
        function=fluctuations.fisher_information, order=0, derivatives=2,
    ),
    Observable(
        "speed_ratio", "ratio(t)",
        r"\frac{\dot{E}(t)^{2}}{I_{E}(t) \operatorname{Var} H_{B}(t)}",
        "The squared power over its bound, at most 1", "without a unit",
        "S. Julià-Farré et al., Phys. Rev. Research 2, 023113 (2020)",
        function=fluctuations.speed_ratio, order=0,
    ),
):  # fmt: skip
    register(_row)


USUAL = ("energy", "power", "energy_variance")
"""The rows that are written and verified, besides the levels, where no others are asked for."""


# What a solution has


def described(name: str) -> Description:
    """The description of a quantity: a row of the table, a population ``p1``, an amplitude ``c1``.

    Options are named in the symbols and in the title.

    Raises
    ------
    InvalidArgument
        There is none of that name.
    """
    rows = rows_by_name()
    indexed = re.fullmatch(r"([cp])(\d+|\(\d+, \d+\))", str(name))
    if indexed is None:
        stem, given = separated(name)
        row = rows[checks.choice("name", stem, tuple(rows))]
        values = checked(row.name, row.options, given)
        differing = {o.name: values[o.name] for o in row.options if values[o.name] != o.default}
        return _with_options(row, differing) if differing else row
    stem, index = indexed[1], indexed[2].strip("()").replace(" ", "")
    latex = f"{stem}_{{{index}}}(t)"
    if stem == "c":
        title = "The amplitude of a number of excited cells"
        return Description(name, f"{name}(t)", latex, title, "without a unit", printed=True)
    title = f"The probability of {index} excited cells"
    return Description(name, f"{name}(t)", latex, title, "without a unit", "from the amplitudes")


def _with_options(row: Observable, values: Mapping[str, Any]) -> Description:
    name = written(row.name, row.options, {o.name: o.default for o in row.options} | dict(values))
    said = ", ".join(f"{option} = {value}" for option, value in values.items())
    label = r",\,".join(rf"\text{{{value}}}" for value in values.values())
    latex = row.latex.removesuffix("(t)")
    latex = rf"{{{latex}}}_{{{label}}}" + ("(t)" if latex != row.latex else "")
    symbol = f"{row.symbol.removesuffix('(t)')}[{said}](t)"
    return Description(name, symbol, latex, f"{row.title} ({said})", row.unit, row.reference)


def row_named(name: str) -> Observable:
    """The row of a name or an alias.

    Raises
    ------
    InvalidArgument
        There is none.
    """
    rows = rows_by_name()
    return rows[checks.choice("name", name, tuple(rows))]
