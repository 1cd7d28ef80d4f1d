r"""The table of observables: what is made of the amplitudes and populations of a closed form.

A row is linear in the populations, :math:`\sum_kw(k)\,p_k(t)` less its value at the start, or any
other function of the battery's state, perhaps with options: ``"entropy(order=2)"``. Expressions,
functions, LaTeX, source code, JSON, docstrings, the choices of the command line and the
verification read this table: a new row is all that they need.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from sympy import Basic, Expr, Mul, S, Symbol
from sympy.core.traversal import bottom_up

from numerics.model import checks
from numerics.model.checks import InvalidArgument
from numerics.model.options import (
    BETWEEN,
    CELLS,
    CONJUGATE,
    ORDER,
    PART,
    SENSE,
    Option,
    checked,
    separated,
    written,
)
from symbattery.core.expressions import UnsolvedError
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.observables import correlations, ergotropy, fluctuations
from symbattery.observables.battery import Battery, ClosedLevels, Means
from symbattery.symbols import t

__all__ = [
    "OBSERVABLES",
    "USUAL",
    "Description",
    "Observable",
    "Quantities",
    "Request",
    "RowMethod",
    "described",
    "named",
    "quantities",
    "register",
    "row_named",
]


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

    def __post_init__(self) -> None:
        if (self.weight is None) == (self.function is None):
            raise InvalidArgument(
                f"`weight` or `function` must be given for {self.name}, and not both"
            )


@dataclass(frozen=True)
class Request:
    """A row with values of its options, asked of a closed form.

    Attributes
    ----------
    row : Observable
    options : mapping
        The value of each option of the row, checked.
    means : Means
        The symbols of the formulas in terms of the solution.
    """

    row: Observable
    options: Mapping[str, Any]
    means: Means

    @property
    def solution(self) -> ClosedForm:
        """The closed form that it is asked of."""
        return self.means.solution

    @property
    def name(self) -> str:
        """The canonical text: the options that differ from their defaults."""
        return written(self.row.name, self.row.options, self.options)

    @property
    def differing(self) -> dict[str, Any]:
        """The options that differ from their defaults."""
        values = self.options
        return {o.name: values[o.name] for o in self.row.options if values[o.name] != o.default}

    def _formula(self, computed: bool) -> Expr:
        assert self.row.function is not None
        value = self.row.function(Battery(self.solution, computed), **self.options)
        value = self.solution.model.frequency**self.row.order * S(value)
        return value / t if self.row.per_time else value

    @cached_property
    def formula(self) -> Expr:
        """The function in the symbols of a battery, as an author prints it.

        Raises
        ------
        InvalidArgument, UnsolvedError
            It is not exact for this start, or has no closed form.
        """
        return self._formula(computed=False)

    @cached_property
    def computed(self) -> Expr:
        """The function in the symbols of a battery, in the form that keeps its digits.

        Raises
        ------
        InvalidArgument, UnsolvedError
            As for ``formula``.
        """
        return self._formula(computed=True)

    @property
    def expression(self) -> Expr:
        """The observable in the ``definitions`` of the solution; raises as ``formula``."""
        row, solution = self.row, self.solution
        if row.weight is not None:
            value = solution.gain(row.weight, solution.model.frequency**row.order)
            return value / t if row.per_time else value
        return bottom_up(self.formula.xreplace(self.means.every(self.formula)), _flat)

    @property
    def reduced(self) -> tuple[Expr, dict[Symbol, Expr]]:
        """The computed form, and the expressions of its symbols that move in time."""
        every = self.means.every(self.computed)
        still = {symbol: value for symbol, value in every.items() if value.is_number}
        formula = self.computed.xreplace(still)
        return formula, {s: v for s, v in every.items() if s in formula.free_symbols}

    @property
    def is_derived(self) -> bool:
        """The solution has it."""
        if self.row.weight is None:
            try:
                return bool(self.formula is not None)
            except (InvalidArgument, UnsolvedError):
                return False
        return True


def _flat(part: Basic) -> Basic:
    """A product without products in it, which roots that were squared leave behind."""
    nested = isinstance(part, Mul) and any(isinstance(factor, Mul) for factor in part.args)
    return part.func(*part.args) if nested else part


OBSERVABLES: dict[str, Observable] = {}
"""The rows by name, in the order in which they are listed."""


def register(row: Observable) -> Observable:
    """Add a row to the table.

    Raises
    ------
    InvalidArgument
        The name or an alias is taken, or is no lower-case word of three letters or more.
    """
    for name in (row.name, *row.aliases):
        if not re.fullmatch(r"[a-z][a-z_]{2,40}", name):
            raise checks.invalid("name", "be a lower-case word of at least three letters", name)
        if name in _names() or name in vars(ClosedForm):
            raise checks.invalid("name", "be one that nothing else has", name)
    OBSERVABLES[row.name] = row
    return row


def _names() -> dict[str, Observable]:
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
        function=fluctuations.instantaneous_power,
    ),
    Observable(
        "power_variance", "Var P(t)", r"\operatorname{Var} \hat{P}(t)",
        "The variance of the power operator i[H, H_B]", "a squared energy over a squared time",
        "from the amplitudes of second neighbours", function=fluctuations.power_variance, order=2,
    ),
    Observable(
        "switching_work", "W(t)", r"W_{\mathrm{sw}}(t)",
        "The gain of the bare energies of cells and charger, paid by switching the coupling",
        "in the unit of the frequency", "the bare Hamiltonians of both sides",
        function=fluctuations.switching_work, order=0,
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
        function=correlations.negativity, order=0,
    ),
    Observable(
        "schmidt_number", "Schmidt number(t)", "K_{S}(t)",
        "The effective number of Schmidt coefficients of battery and charger",
        "without a unit", "R. Grobe, K. Rzazewski and J. H. Eberly, J. Phys. B 27, L503 (1994)",
        function=correlations.schmidt_number, order=0,
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
        function=fluctuations.fisher_information, order=0,
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
    rows = _names()
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


class Quantities(Mapping[str, Expr]):
    """Every function of time that a closed form has, by name; each is derived when asked for.

    The rows of the table with each of the words that their options may be, the populations ``p0``,
    ``p1``, …, and the amplitudes ``c0``, ``c1``, … of a pure start. Not listed, but known, are
    aliases and all other values of options.
    """

    def __init__(self, solution: ClosedForm) -> None:
        self._solution = solution

    @cached_property
    def indexed(self) -> dict[str, Expr]:
        """The populations, and the amplitudes of a pure start, by name."""
        solution = self._solution
        every = {f"p{k}": p for k, p in solution.populations.items()}
        if solution.is_pure:
            every |= {f"c{k}": amplitude for k, amplitude in solution.amplitudes.items()}
        return every

    @property
    def observables(self) -> tuple[str, ...]:
        """The rows of the table, by their names and aliases."""
        return tuple(_names())

    @cached_property
    def _means(self) -> Means:
        return Means(ClosedLevels(self._solution))

    @property
    def requests(self) -> dict[str, Request]:
        """The rows that the solution has, with each of the words that their options may be."""
        found = {}
        for row in OBSERVABLES.values():
            words = ({o.name: word} for o in row.options for word in o.choices)
            for given in ({}, *words):
                request = self._requested(row, given)
                if request.name not in found and request.is_derived:
                    found[request.name] = request
        return found

    def _requested(self, row: Observable, given: Mapping[str, Any]) -> Request:
        cells = int(self._solution.model.cells)
        return Request(row, checked(row.name, row.options, given, cells), self._means)

    def knows(self, name: object) -> bool:
        """A row has that name, whatever stands behind it in brackets, or a level."""
        if not isinstance(name, str):
            return False
        return name in self.indexed or name.partition("(")[0].strip() in _names()

    def refuse(self, name: Any, more: Iterable[str] = (), argument: str = "name") -> NoReturn:
        """The error of a name that no quantity has.

        Raises
        ------
        InvalidArgument
        """
        every = dict.fromkeys((*_names(), *more, *self.indexed))
        raise checks.invalid(argument, f"be one of {', '.join(map(repr, every))}", name)

    def request(self, name: str) -> Request | None:
        """The row of a name; None for a population or an amplitude.

        Raises
        ------
        InvalidArgument
            The solution has nothing of that name, or an option is none or has a wrong value.
        """
        return self.asked(name, {})[0]

    def asked(self, name: str, given: Mapping[str, Any]) -> tuple[Request | None, dict[str, Any]]:
        """The row of a name and of options by keyword, and the keywords that are no options.

        Raises
        ------
        InvalidArgument
            As for `request`, or an option is given twice.
        """
        if not self.knows(name):
            self.refuse(name)
        if name in self.indexed:
            return None, dict(given)
        stem, options = separated(name)
        row = _names()[stem]
        known = {option.name for option in row.options}
        for option in known & given.keys() & options.keys():
            raise InvalidArgument(f"`{option}` must be given once, but is given twice")
        every = {**options, **{o: v for o, v in given.items() if o in known}}
        return self._requested(row, every), {o: v for o, v in given.items() if o not in known}

    def only(self, name: str, given: Mapping[str, Any]) -> Request | None:
        """The row of a name and of options by keyword, which must all be its own.

        Raises
        ------
        InvalidArgument
            As for `asked`, or a keyword is no option of the row.
        """
        request, rest = self.asked(name, given)
        if rest:
            checked(name, () if request is None else request.row.options, rest)
        return request

    def __getitem__(self, name: str) -> Expr:
        if name in self.indexed:
            return self.indexed[name]
        request = self.request(name)
        assert request is not None
        return request.expression

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        if name in self.indexed:
            return True
        try:
            request = self.request(name)
        except InvalidArgument:
            return False
        return request is not None and request.is_derived

    def __iter__(self) -> Iterator[str]:
        return iter((*self.requests, *self.indexed))

    def __len__(self) -> int:
        return len(self.requests) + len(self.indexed)


def row_named(name: str) -> Observable:
    """The row of a name or an alias.

    Raises
    ------
    InvalidArgument
        There is none.
    """
    rows = _names()
    return rows[checks.choice("name", name, tuple(rows))]


class RowMethod:
    """A row with options as a method of a solution: its expression for values of the options."""

    def __init__(self, solution: ClosedForm, row: Observable) -> None:
        self._solution, self._row = solution, row
        options = ", ".join(f"{o.name}={o.default!r}" for o in row.options)
        self.__doc__ = f"{row.title}, {row.unit} ({options}). Source: {row.reference}."

    def __repr__(self) -> str:
        return f"{self._row.name}({', '.join(option.name for option in self._row.options)})"

    def __call__(self, *values: Any, **given: Any) -> Expr:
        """The expression in the definitions of the solution.

        Raises
        ------
        InvalidArgument
            An unknown option, a value that it cannot have, one that is given twice, or a quantity
            that is not exact for this start.
        UnsolvedError
            There is no closed form for this start.
        """
        options = self._row.options
        if len(values) > len(options):
            most = f"have at most {len(options)} options"
            raise InvalidArgument(f"`{self._row.name}` must {most}, but has {len(values)}")
        for option, value in zip(options, values, strict=False):
            if option.name in given:
                raise InvalidArgument(f"`{option.name}` must be given once, but is given twice")
            given[option.name] = value
        request = Quantities(self._solution).only(self._row.name, given)
        assert request is not None
        return request.expression


def named(solution: ClosedForm, name: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The canonical name of a quantity, and what of the keywords is none of its options.

    Raises
    ------
    InvalidArgument
        An unknown name or option, or a value that an option cannot have.
    """
    request, rest = Quantities(solution).asked(name, given)
    return (name if request is None else request.name), rest


def quantities(solution: ClosedForm) -> Quantities:
    """Every function of time that ``solution`` has, by name."""
    return Quantities(solution)
