"""Named quantities at many points: each part once for each value of what it depends on.

The terms of a sum over (k, c) hold factors of k alone, of c alone and powers with the exponent
k + c. Only what depends on both is computed for every pair.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Add, Dummy, Expr, Mul, Pow, Symbol, cse, lambdify, numbered_symbols

__all__ = ["Plan", "distinct_rows", "evaluated", "planned"]

Compiled = Callable[..., Sequence[Any]]
Compiler = Callable[[Sequence[Symbol], Sequence[Expr], Any], Compiled]
"""From arguments, expressions, and what finds the parts that these share, to a function."""


@dataclass(frozen=True)
class Stage:
    """The parts that depend on the same moving quantities.

    Attributes
    ----------
    moving : tuple of Symbol
        Parameters, or exponents made of them.
    inputs, outputs : tuple of Symbol
    compute : callable
        The outputs at one point, from the inputs.
    """

    moving: tuple[Symbol, ...]
    inputs: tuple[Symbol, ...]
    outputs: tuple[Symbol, ...]
    compute: Compiled


@dataclass(frozen=True)
class Plan:
    """The order of what is computed, and the exponents that count as moving quantities."""

    exponents: Mapping[Symbol, Expr]
    stages: tuple[Stage, ...]
    wanted: tuple[Symbol, ...]


class _Parts:
    """The parts of expressions, by what they depend on."""

    def __init__(self, moving: Iterable[Symbol]) -> None:
        self.depends: dict[Symbol, frozenset[Symbol]] = {s: frozenset([s]) for s in moving}
        self.values: dict[Symbol, Expr] = {}
        self.exponents: dict[Symbol, Expr] = {}
        self._names: dict[Expr, Symbol] = {}

    def moved_by(self, expression: Expr) -> frozenset[Symbol]:
        none: frozenset[Symbol] = frozenset()
        return none.union(*(self.depends.get(s, none) for s in expression.free_symbols))

    def define(self, name: Symbol, value: Expr) -> None:
        self.values[name] = self._split(value)
        self.depends[name] = self.moved_by(self.values[name])

    def _named(self, value: Expr) -> Expr:
        if value.is_Symbol or value.is_Number:
            return value
        if value not in self._names:
            name = self._names[value] = Dummy()
            self.values[name], self.depends[name] = value, self.moved_by(value)
        return self._names[value]

    def _exponent(self, value: Expr) -> Expr:
        """A whole exponent that moves, as a quantity of its own."""
        if not value.is_integer or len(self.moved_by(value)) < 2:
            return value
        if any(s in self.values for s in value.free_symbols):
            return value
        if value not in self._names:
            name = self._names[value] = Dummy(integer=True)
            self.exponents[name], self.depends[name] = value, frozenset([name])
        return self._names[value]

    def _split(self, expression: Expr) -> Expr:
        if isinstance(expression, Pow):
            # A power of one base may be several factors: p^(c+k) stays together.
            base, exponent = self._split(expression.base), self._exponent(expression.exp)
            return Pow(base, exponent, evaluate=False)
        if not expression.args:
            return expression
        parts = [self._split(part) for part in expression.args]
        if not isinstance(expression, Add | Mul):
            return expression.func(*parts)
        groups: dict[frozenset[Symbol], list[Expr]] = {}
        for part in parts:
            groups.setdefault(self.moved_by(part), []).append(part)
        whole = frozenset[Symbol]().union(*groups)
        if len(groups) == 1:
            return expression.func(*parts)
        rest = groups.pop(whole, [])
        apart = [self._named(expression.func(*group)) for group in groups.values()]
        return expression.func(*rest, *apart)


def planned(
    definitions: Mapping[Symbol, Expr],
    wanted: Sequence[Symbol],
    moving: Collection[Symbol],
    compiler: Compiler,
) -> Plan:
    """The order in which quantities are computed at many points.

    Parameters
    ----------
    definitions : mapping
        Each in terms of parameters and of those before it.
    wanted : sequence of Symbol
        Those of ``definitions`` that are asked for.
    moving : collection of Symbol
        The parameters that differ from point to point.
    compiler : callable
    """
    parts = _Parts(moving)
    for name, value in definitions.items():
        parts.define(name, value)
    # What depends on the same, each in terms of what depends on less.
    of: dict[frozenset[Symbol], dict[Symbol, Expr]] = {}
    for name, value in parts.values.items():
        together = of.setdefault(parts.depends[name], {})
        together[name] = value.xreplace(together)
    used = set(wanted)
    for together in of.values():
        for value in together.values():
            used |= value.free_symbols - together.keys()
    made = []
    for depends in sorted(of, key=len):
        outputs = {name: value for name, value in of[depends].items() if name in used}
        inputs = sorted(set().union(*(v.free_symbols for v in outputs.values())), key=str)
        compute = compiler(inputs, list(outputs.values()), _shared)
        made.append(Stage(tuple(depends), tuple(inputs), tuple(outputs), compute))
    return Plan(parts.exponents, tuple(made), tuple(wanted))


def _shared(whole: Any) -> Any:
    return cse(whole, symbols=numbered_symbols("_shared"), order="none", list=False)


def distinct_rows(
    table: NDArray[np.float64],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The first of all equal rows, and for each row which of these it equals."""
    columns = table[:, np.ptp(table, axis=0) > 0].T if len(table) else table.T
    codes = [np.unique(column, return_inverse=True)[1].ravel() for column in columns]
    return _distinct(codes, np.zeros(len(table), dtype=np.intp))


def _distinct(
    codes: Iterable[NDArray[np.intp]], nowhere: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """As `distinct_rows`, of columns of small whole numbers."""
    first, where = nowhere[:1], nowhere
    for code in codes:
        # Numbers of distinct rows stay below the number of rows.
        pair = where * (code.max(initial=0) + 1) + code
        _, first, where = np.unique(pair, return_index=True, return_inverse=True)
        where = where.ravel()
    return first, where


def evaluated(
    plan: Plan,
    still: Mapping[Symbol, Any],
    columns: Mapping[Symbol, NDArray[np.float64]],
    number: Callable[[float], Any],
) -> list[Sequence[Any]]:
    """The wanted quantities, each at every point.

    Parameters
    ----------
    plan : Plan
    still : mapping
        The values of the parameters that do not move.
    columns : mapping
        The doubles of those that do, at each point; no two points are the same.
    number : callable
        From a double to the kind of number that is computed with.
    """
    moved = dict(columns)
    for name, value in plan.exponents.items():
        own = sorted(value.free_symbols, key=str)
        at = [moved[s] if s in moved else float(still[s]) for s in own]
        moved[name] = np.asarray(lambdify(own, value, "numpy")(*at), dtype=np.float64)
    every = np.arange(len(next(iter(columns.values()), [None])))
    # Values, and for each point which of them.
    known: dict[Symbol, tuple[Sequence[Any], NDArray[np.intp]]] = {}
    nowhere = np.zeros_like(every)
    for symbol, given in still.items():
        known[symbol] = [given], nowhere
    for symbol, column in moved.items():
        distinct, where = np.unique(column, return_inverse=True)
        known[symbol] = list(map(number, distinct.tolist())), where.ravel()
    for stage in plan.stages:
        first, where = every, every
        if not columns.keys() <= set(stage.moving):
            first, where = _distinct([known[symbol][1] for symbol in stage.moving], nowhere)
        sources = map(known.__getitem__, stage.inputs)
        inputs = [[each[i] for i in at[first].tolist()] for each, at in sources]
        points = zip(*inputs, strict=True) if inputs else [()] * len(first)
        results = zip(*[stage.compute(*point) for point in points], strict=True)
        known |= {n: (each, where) for n, each in zip(stage.outputs, results, strict=True)}
    found = (known[name] for name in plan.wanted)
    return [[values[i] for i in where.tolist()] for values, where in found]
