r"""The table of observables: what is made of the amplitudes and populations of a closed form.

A row is linear in the populations, :math:`\sum_kw(k)\,p_k(t)` less its value at the start, or any
other function of them. Expressions, functions, LaTeX, source code, JSON, docstrings, the choices of
the command line and the verification read this table: a new row is all that they need.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sympy import Expr, S

from numerics.model import checks
from numerics.model.checks import InvalidArgument
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.symbols import t

__all__ = [
    "OBSERVABLES",
    "Description",
    "Observable",
    "Quantities",
    "described",
    "quantities",
    "register",
    "variance",
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
        Of {k: p_k(t)}, whose values may be expressions or numbers; where it vanishes at t = 0 it
        must be written so that nothing cancels.
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
    """

    weight: Callable[[int], Any] | None = None
    function: Callable[[Mapping[int, Any]], Any] | None = None
    order: int = 1
    per_time: bool = False
    aliases: tuple[str, ...] = ()
    brief: str = ""
    displayed: bool = False

    def __post_init__(self) -> None:
        if (self.weight is None) == (self.function is None):
            raise InvalidArgument(
                f"`weight` or `function` must be given for {self.name}, and not both"
            )

    def expression(self, solution: ClosedForm) -> Expr:
        """The observable of a closed form, in its ``definitions``."""
        unit = solution.model.frequency**self.order
        if self.weight is not None:
            value = solution.gain(self.weight, unit)
        elif self.function is not None:
            value = unit * S(self.function(solution.populations))
        return value / t if self.per_time else value

    def of_populations(
        self, now: Mapping[int, Any], start: Mapping[int, Any], unit: Any, time: Any
    ) -> Any:
        """The observable of numbers p_k at a time and at t = 0, in the unit of the frequency."""
        if self.weight is not None:
            every = sorted({*now, *start})
            value = sum(self.weight(k) * (now.get(k, 0) - start.get(k, 0)) for k in every)
        else:
            assert self.function is not None
            value = self.function(now)
        value = unit**self.order * value
        return (value / time if time else 0 * value) if self.per_time else value


def variance(populations: Mapping[int, Any]) -> Any:
    r"""The variance of the number of excited cells, :math:`\sum_{k<l}(k-l)^2p_kp_l`."""
    pairs = combinations(populations.items(), 2)
    return sum((k - m) ** 2 * p * q for (k, p), (m, q) in pairs)


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
        function=variance, order=2, aliases=("variance",),
    ),
):  # fmt: skip
    register(_row)


# What a solution has


def described(name: str) -> Description:
    """The description of a quantity: a row of the table, a population ``p1``, an amplitude ``c1``.

    Raises
    ------
    InvalidArgument
        There is none of that name.
    """
    rows = _names()
    indexed = re.fullmatch(r"([cp])(\d+|\(\d+, \d+\))", str(name))
    if indexed is None:
        return rows[checks.choice("name", name, tuple(rows))]
    stem, index = indexed[1], indexed[2].strip("()").replace(" ", "")
    latex = f"{stem}_{{{index}}}(t)"
    if stem == "c":
        title = "The amplitude of a number of excited cells"
        return Description(name, f"{name}(t)", latex, title, "without a unit", printed=True)
    title = f"The probability of {index} excited cells"
    return Description(name, f"{name}(t)", latex, title, "without a unit", "from the amplitudes")


class Quantities(Mapping[str, Expr]):
    """Every function of time that a closed form has, by name; each is derived when asked for.

    The rows of the table (also by their aliases, which are not listed), the populations ``p0``,
    ``p1``, …, and the amplitudes ``c0``, ``c1``, … of a pure start.
    """

    def __init__(self, solution: ClosedForm) -> None:
        self._solution = solution

    @property
    def _indexed(self) -> dict[str, Expr]:
        solution = self._solution
        every = {f"p{k}": p for k, p in solution.populations.items()}
        if solution.is_pure:
            every |= {f"c{k}": amplitude for k, amplitude in solution.amplitudes.items()}
        return every

    @property
    def observables(self) -> tuple[str, ...]:
        """The rows of the table, by their names and aliases."""
        return tuple(_names())

    def __getitem__(self, name: str) -> Expr:
        row = _names().get(name)
        return self._indexed[name] if row is None else row.expression(self._solution)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in _names() or name in self._indexed)

    def __iter__(self) -> Iterator[str]:
        return iter((*OBSERVABLES, *self._indexed))

    def __len__(self) -> int:
        return len(OBSERVABLES) + len(self._indexed)


def quantities(solution: ClosedForm) -> Quantities:
    """Every function of time that ``solution`` has, by name."""
    return Quantities(solution)
