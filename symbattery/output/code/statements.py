"""Formulas as statements: named constants, each before its use, and loops for sums."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Add, Basic, Expr, Function, Integer, Mul, Piecewise, S, Sum, Symbol, cos, sin
from sympy.logic.boolalg import And, Boolean

from symbattery.core.expressions import UnsolvedError
from symbattery.core.finite_sums import Endless, IndexRange
from symbattery.dynamics.radicals import OrderedRoot
from symbattery.observables.rewriting import needed, with_series
from symbattery.symbols import t

__all__ = [
    "Assign", "Eigenvectors", "Entry", "Increase", "Loop", "Names", "RootCall", "Statement", "When",
    "Zero", "live", "straight", "used", "walk", "with_calls", "without_sums",
]  # fmt: skip

# Constants are computed with so many digits before they are rounded once.
_DIGITS = 120


class RootCall(Function):
    """An ordered root by the coefficients of its polynomial, highest power first, and its index."""

    is_real = True

    @classmethod
    def eval(cls, *_: Any) -> None:
        """Nothing: a call stays as it is."""


class Eigenvectors(RootCall):
    """The levels of a chain by its diagonal and hops, in order, and its eigenvectors.

    An array: the levels, then for each site its part in every eigenvector.
    """

    @property
    def size(self) -> int:
        """The length of the array."""
        sites = (len(self.args) + 1) // 2
        return sites * (sites + 1)


class Entry(RootCall):
    """An entry of an array, by its name and its index from 0."""


@dataclass(frozen=True)
class Assign:
    """A local constant; ``number`` is its value where it depends on no argument."""

    name: Symbol
    value: Expr
    number: Expr | None = None


@dataclass(frozen=True)
class Zero:
    """A sum that begins: ``name`` is 0, to be increased."""

    name: Symbol


@dataclass(frozen=True)
class Increase:
    """``name`` grows by ``value``."""

    name: Symbol
    value: Expr


@dataclass(frozen=True)
class Loop:
    """``body`` for each whole ``index`` from ``first`` to ``last``, or not at all."""

    index: Symbol
    first: Expr
    last: Expr
    body: tuple[Statement, ...]


@dataclass(frozen=True)
class When:
    """``body`` where ``condition`` holds."""

    condition: Boolean
    body: tuple[Statement, ...]


Statement = Assign | Zero | Increase | Loop | When


def walk(body: Sequence[Statement]) -> Iterator[Statement]:
    """Every statement, those inside loops included."""
    for statement in body:
        yield statement
        if isinstance(statement, Loop | When):
            yield from walk(statement.body)


class Names:
    """Fresh names for what several formulas share; none of them is ``taken``."""

    def __init__(self, taken: Collection[Symbol] = ()) -> None:
        kinds = ("w", "total", "sin", "cos")
        put = {"start": 1, "exclude": taken, "real": True}
        every = (sp.numbered_symbols(f"{kind}_", **put) for kind in kinds)
        self.shared, self.totals, *waves = every
        self.waves: dict[type, Iterator[Symbol]] = dict(zip((sin, cos), waves, strict=True))


def straight(
    parts: tuple[Expr, ...], definitions: Mapping[Symbol, Expr], names: Names
) -> tuple[list[Statement], tuple[Expr, ...]]:
    """The definitions that ``parts`` need, waves, and shared subexpressions, each before its use.

    Returned with the parts in these names.
    """
    whole = Add(*(Symbol(f"_{i}") * part for i, part in enumerate(parts)))
    wanted = {s: with_series(v) for s, v in needed(whole, definitions).items()}
    whole, parts = with_series(whole), tuple(map(with_series, parts))
    numbers = _numbers(wanted)
    moving = (wave for wave in sorted(whole.atoms(sin, cos), key=str) if wave.has(t))
    waves = {wave: next(names.waves[type(wave)]) for wave in moving}
    parts = tuple(part.xreplace(waves) for part in parts)
    steps = {s: v for s, v in wanted.items() if s not in numbers}
    steps |= {s: wave for wave, s in waves.items()}
    values = [with_calls(v) for v in (*steps.values(), *parts)]
    shared, reduced = sp.cse(values, symbols=names.shared, order="none")
    # What is named is a number: conditions stay in place.
    conditions = {s: v for s, v in shared if isinstance(v, Boolean)}
    shared = [(s, v.xreplace(conditions)) for s, v in shared if s not in conditions]
    reduced = [v.xreplace(conditions) for v in reduced]
    steps = dict(zip(steps, reduced, strict=False))
    body: list[Statement] = [Assign(s, wanted[s], numbers[s]) for s in wanted if s in numbers]
    results = tuple(reduced[len(steps) :])
    pending = {**dict(shared), **steps}

    def write(value: Expr) -> None:
        for symbol in sorted(value.free_symbols & pending.keys(), key=str):
            if symbol in pending:
                step = pending.pop(symbol)
                write(step)
                body.append(Assign(symbol, step))

    for value in (*steps, *results):
        write(value)
    return body, results


def with_calls(expression: Expr) -> Expr:
    """Ordered roots as calls, so that what their coefficients share is seen."""
    roots = expression.atoms(OrderedRoot)
    return expression.xreplace({r: RootCall(*r.coefficients(), Integer(r.index)) for r in roots})


def _numbers(definitions: Mapping[Symbol, Expr]) -> dict[Symbol, Expr]:
    """The definitions that depend on no argument, to many digits."""
    numbers: dict[Symbol, Expr] = {}
    for symbol, value in definitions.items():
        if value.free_symbols <= numbers.keys():
            numbers[symbol] = value.xreplace(numbers).evalf(_DIGITS)
    return numbers


def without_sums(
    expression: Expr, definitions: Mapping[Symbol, Expr], names: Names
) -> tuple[Expr, list[Statement]]:
    """Each sum over indices as the total of a loop that stands before."""
    body: list[Statement] = []
    put: dict[Expr, Symbol] = {}
    for part in _outermost(expression):
        put[part] = next(names.totals)
        body += [Zero(put[part]), *_summed(part, put[part], definitions, names)]
    return expression.xreplace(put), body


def _outermost(expression: Expr) -> list[Expr]:
    if isinstance(expression, Sum | Piecewise):
        return [expression]
    return list(dict.fromkeys(part for a in expression.args for part in _outermost(a)))


def _term(part: Expr) -> tuple[Expr, list[IndexRange], Boolean]:
    """The term of a nested sum, its ranges from the outermost one, and the condition on it."""
    factor, ranges, condition = S.One, [], S.true
    while part.has(Sum, Piecewise):
        if isinstance(part, Piecewise) and part.args[1:] == ((S.Zero, S.true),):
            part, holds = part.args[0]
            condition = And(condition, holds)
        elif isinstance(part, Sum):
            ranges += [tuple(limits) for limits in reversed(part.limits)]
            if any(isinstance(last, Endless) for *_, last in ranges):
                raise UnsolvedError(
                    "no source code is written for a sum without end; the functions of a solution "
                    "sum it to their precision"
                )
            part = part.function
        else:
            inner = [a for a in Mul.make_args(part) if a.has(Sum, Piecewise)]
            if not isinstance(part, Mul) or len(inner) > 1:
                raise UnsolvedError(f"no loop is written for {part}")
            factor *= Mul(*(a for a in part.args if a is not inner[0]))
            part = inner[0]
    return factor * part, ranges, condition


def _summed(
    part: Expr, total: Symbol, definitions: Mapping[Symbol, Expr], names: Names
) -> list[Statement]:
    term, ranges, condition = _term(part)
    body, (value,) = straight((term,), definitions, names)
    body.append(Increase(total, value))
    for index, first, last in reversed(ranges):
        within = {index}
        inside: list[Statement] = []
        before: list[Statement] = []
        # What an index does not move is computed before its loop.
        for statement in body:
            moved = not isinstance(statement, Assign) or statement.value.free_symbols & within
            if isinstance(statement, Assign) and moved:
                within.add(statement.name)
            (inside if moved else before).append(statement)
        body = [*before, Loop(index, first, last, tuple(inside))]
    return body if condition == S.true else [When(condition, tuple(body))]


def live(body: Sequence[Statement], result: tuple[Expr, ...], exact: bool) -> tuple[Statement, ...]:
    """The statements that the result depends on, where constants are written exactly or rounded."""
    wanted = set().union(*(part.free_symbols for part in result))
    every: list[Statement] = []
    for statement in reversed(body):
        if isinstance(statement, Assign) and statement.name not in wanted:
            continue
        every.insert(0, statement)
        if exact and isinstance(statement, Assign):
            wanted |= statement.value.free_symbols
        wanted |= used([statement], ())
    return tuple(every)


def used(body: Sequence[Statement], result: tuple[Expr, ...]) -> set[Symbol]:
    """The symbols that statements and a result are written in."""
    symbols: set[Symbol] = set().union(*(part.free_symbols for part in result))
    for statement in walk(body):
        if getattr(statement, "number", None) is None:
            parts = (part for part in vars(statement).values() if isinstance(part, Basic))
            symbols.update(*(part.free_symbols for part in parts))
    return symbols
