"""A quantity as a straight-line program: what every language prints, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import (
    Add,
    Expr,
    Function,
    I,
    Integer,
    Mul,
    Pow,
    S,
    Symbol,
    cos,
    cse,
    exp,
    expand,
    im,
    numbered_symbols,
    re,
    sin,
)
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from symbattery.core.errors import UnsolvedError
from symbattery.core.expressions import exact
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.dynamics.radicals import OrderedRoot
from symbattery.model.symbols import t
from symbattery.observables.function import needed, quantities
from symbattery.sectors.sector_sums import SectorSum

__all__ = [
    "TOTAL",
    "Assign",
    "Increase",
    "Loop",
    "Names",
    "Program",
    "RootCall",
    "Statement",
    "When",
    "fixed_values",
    "program",
    "straight",
    "with_calls",
]

# Constants are computed with so many digits before they are rounded once.
_DIGITS = 120

TOTAL = Symbol("total", real=True)


class RootCall(Function):
    """An ordered root by the coefficients of its polynomial, highest power first, and its index."""

    is_real = True

    @classmethod
    def eval(cls, *_: Any) -> None:
        return None


@dataclass(frozen=True)
class Assign:
    """A local constant; ``number`` is its value where it depends on no argument."""

    name: Symbol
    value: Expr
    number: Expr | None = None


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


Statement = Assign | Increase | Loop | When


@dataclass(frozen=True)
class Program:
    """One function of time.

    Attributes
    ----------
    name : str
        Of the quantity.
    arguments : mapping of str to Symbol
        After the time, by field name.
    body : tuple of Statement
        In order; the accumulator ``TOTAL`` starts at 0 where ``has_sum``.
    result : tuple of Expr
        The value, or its real and imaginary part.
    divided_by_time : bool
        Whether the value is ``result``/t, and 0 at t = 0.
    """

    name: str
    arguments: Mapping[str, Symbol]
    body: tuple[Statement, ...]
    result: tuple[Expr, ...]
    divided_by_time: bool = False

    @property
    def is_complex(self) -> bool:
        return len(self.result) == 2

    @property
    def has_sum(self) -> bool:
        return any(isinstance(s, Increase) for s in self.statements())

    def statements(self) -> Iterator[Statement]:
        """Every statement, those inside loops included."""
        return _walk(self.body)

    @property
    def locals(self) -> tuple[Symbol, ...]:
        """The named constants, in order."""
        return tuple(dict.fromkeys(s.name for s in self.statements() if isinstance(s, Assign)))

    @property
    def indices(self) -> tuple[Symbol, ...]:
        """The indices of the loops, in order."""
        return tuple(dict.fromkeys(s.index for s in self.statements() if isinstance(s, Loop)))


def _walk(body: Sequence[Statement]) -> Iterator[Statement]:
    for statement in body:
        yield statement
        if isinstance(statement, Loop | When):
            yield from _walk(statement.body)


def program(solution: ClosedForm, name: str, fixed: Mapping[str, Any]) -> Program:
    """One quantity of a solution as a program.

    Raises
    ------
    InvalidArgument
        An unknown quantity or parameter, or a value for which the formula was not derived.
    """
    available = quantities(solution)
    checks.choice("name", name, tuple(available))
    put = fixed_values(solution, fixed)
    whole = name in ("energy", "power")
    expression = (solution.finite_energy if whole else available[name]).xreplace(put)
    definitions = {s: v.subs(put) for s, v in solution.plain_definitions.items()}
    parts = (expression.doit(),) if whole else complex_parts(expression.doit())
    shared = Names()
    down = _spins_down(solution, put)
    if down is not None:
        parts = tuple(down.written(part) for part in parts)
        definitions = {s: down.written(v) for s, v in definitions.items()}
    body, result = straight(parts, definitions, shared)
    if whole:
        for sector_sum in solution.sector_sums:
            term = (
                sector_sum.weight
                * solution.model.frequency
                * solution.sector_sum_energy(sector_sum)
            )
            if term != 0:
                body += _summed(sector_sum, term.subs(put), definitions, put, shared)
    if any(isinstance(s, Increase) for s in _walk(body)):
        result = (result[0] + TOTAL,)
    if down is not None and down.count in _used(body, result):
        body.insert(0, Assign(down.count, down.chargers - down.excited))
    used = _used(body, result)
    if t not in used:
        # So that the result has the shape of the times, and the argument is used.
        result = (Add(result[0], Mul(S.Zero, t, evaluate=False), evaluate=False), *result[1:])
    arguments = {n: s for n, s in solution.parameters.items() if s in used and s not in put}
    return Program(name, arguments, tuple(body), result, divided_by_time=name == "power")


@dataclass(frozen=True)
class _SpinsDown:
    """The charger spins that start down, h = N − m: with N = m + h nothing cancels in m ≈ N."""

    chargers: Symbol
    excited: Symbol
    count: Symbol

    def written(self, expression: Expr) -> Expr:
        """In m and h, polynomials expanded."""
        return self._expanded(expression.xreplace({self.chargers: self.excited + self.count}))

    def _expanded(self, expression: Expr) -> Expr:
        if not expression.has(self.count):
            return expression
        if not expression.args:
            return expression
        expression = expression.func(*map(self._expanded, expression.args))
        polynomial = isinstance(expression, Add) and expression.is_polynomial(
            *expression.free_symbols
        )
        return expand(expression) if polynomial else expression


def _spins_down(solution: ClosedForm, put: Mapping[Symbol, Expr]) -> _SpinsDown | None:
    """Where N and m are both arguments."""
    chargers, excited = (solution.parameters.get(name) for name in ("chargers", "excited"))
    if chargers is None or excited is None or {chargers, excited} & put.keys():
        return None
    return _SpinsDown(chargers, excited, Symbol("down", integer=True, nonnegative=True))


def fixed_values(solution: ClosedForm, fixed: Mapping[str, Any]) -> dict[Symbol, Expr]:
    """Exact numbers for the symbols of parameters given in advance, checked.

    Raises
    ------
    InvalidArgument
        An unknown parameter, or a value for which the formula was not derived.
    """
    put: dict[Symbol, Expr] = {}
    for parameter, value in fixed.items():
        checks.choice("parameter", parameter, tuple(solution.parameters))
        checks.real(parameter, value)
        symbol, number = solution.parameters[parameter], exact(value)
        for must, holds in (
            ("an integer", not symbol.is_integer or number.is_integer),
            ("positive", not symbol.is_positive or number > 0),
            ("non-negative", not symbol.is_nonnegative or number >= 0),
        ):
            if not holds:
                raise checks.invalid(parameter, f"be {must}", value)
        put[symbol] = number
        for assumption in solution.assumptions:
            if symbol in assumption.free_symbols and assumption.subs(put) == S.false:
                raise checks.invalid(
                    parameter, f"satisfy {assumption} (or stand in the model itself)", value
                )
    return put


class Names:
    """Fresh names for what several formulas share."""

    def __init__(self) -> None:
        self.shared = numbered_symbols("w_", start=1, real=True)
        self.waves: dict[type, Iterator[Symbol]] = {
            kind: numbered_symbols(f"{kind.__name__}_", start=1, real=True) for kind in (sin, cos)
        }


def straight(
    parts: tuple[Expr, ...],
    definitions: Mapping[Symbol, Expr],
    names: Names,
    known: Sequence[Symbol] = (),
) -> tuple[list[Statement], tuple[Expr, ...]]:
    """The definitions that ``parts`` need, waves, and shared subexpressions, each before its use.

    Named quantities in ``known`` were computed before. Returned with the parts in these names.
    """
    whole = Add(*(Symbol(f"_{i}") * part for i, part in enumerate(parts)))
    wanted = {s: v for s, v in needed(whole, definitions).items() if s not in known}
    numbers = _numbers(needed(whole, definitions))
    waves: dict[Expr, Symbol] = {}
    for wave in sorted(whole.atoms(sin, cos), key=str):
        if wave.has(t):
            waves[wave] = next(names.waves[type(wave)])
    parts = tuple(part.xreplace(waves) for part in parts)
    steps = {s: v for s, v in wanted.items() if s not in numbers}
    steps |= {s: wave for wave, s in waves.items()}
    values = [with_calls(v) for v in (*steps.values(), *parts)]
    shared, reduced = cse(values, symbols=names.shared, order="none")
    steps = dict(zip(steps, reduced, strict=False))
    body: list[Statement] = [Assign(s, wanted[s], numbers[s]) for s in wanted if s in numbers]
    pending = dict(shared)
    done: set[Symbol] = set()

    def write(name: Symbol, value: Expr) -> None:
        first(value)
        if name not in done:
            done.add(name)
            body.append(Assign(name, value))

    def first(value: Expr) -> None:
        for symbol in sorted(value.free_symbols, key=str):
            if symbol in done:
                continue
            if symbol in pending:
                write(symbol, pending[symbol])
            elif symbol in steps:
                write(symbol, steps[symbol])

    for name, value in steps.items():
        write(name, value)
    results = tuple(reduced[len(steps) :])
    for result in results:
        first(result)
    return body, results


def with_calls(expression: Expr) -> Expr:
    """Ordered roots as calls, so that what their coefficients share is seen."""
    roots = expression.atoms(OrderedRoot)
    return expression.xreplace({r: RootCall(*r.coefficients(), Integer(r.index)) for r in roots})


def _numbers(definitions: Mapping[Symbol, Expr]) -> dict[Symbol, Expr]:
    """The definitions that depend on no argument, to many digits."""
    found: dict[Symbol, Expr] = {}
    for symbol, value in definitions.items():
        if value.free_symbols <= found.keys():
            found[symbol] = value.xreplace(found).evalf(_DIGITS)
    return found


def _summed(
    sector_sum: SectorSum,
    term: Expr,
    definitions: Mapping[Symbol, Expr],
    put: Mapping[Symbol, Expr],
    names: Names,
) -> list[Statement]:
    body, (value,) = straight((term,), definitions, names)
    body.append(Increase(TOTAL, value))
    ranges = [(index, first.subs(put), last.subs(put)) for index, first, last in sector_sum.ranges]
    for depth in reversed(range(len(ranges))):
        index, first, last = ranges[depth]
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
    condition = sector_sum.condition.subs(put)
    if condition == S.false:
        return []
    return body if condition == S.true else [When(condition, tuple(body))]


def _used(body: Sequence[Statement], result: tuple[Expr, ...]) -> set[Symbol]:
    found: set[Symbol] = set().union(*(part.free_symbols for part in result))
    for statement in _walk(body):
        if isinstance(statement, Assign) and statement.number is not None:
            continue
        if isinstance(statement, Assign | Increase):
            found |= statement.value.free_symbols
        elif isinstance(statement, Loop):
            found |= statement.first.free_symbols | statement.last.free_symbols
        else:
            found |= statement.condition.free_symbols
    return found


def complex_parts(expression: Expr) -> tuple[Expr, Expr]:
    """Real and imaginary part, all symbols being real, without expanding anything else.

    Raises
    ------
    UnsolvedError
        A function of a complex argument other than exp(iφ).
    """
    if not expression.has(I):
        return expression, S.Zero
    if expression is I:
        return S.Zero, S.One
    if isinstance(expression, Add):
        pairs = [complex_parts(term) for term in expression.args]
        return Add(*(a for a, _ in pairs)), Add(*(b for _, b in pairs))
    if isinstance(expression, Mul):
        real, imaginary = S.One, S.Zero
        for factor in expression.args:
            a, b = complex_parts(factor)
            real, imaginary = real * a - imaginary * b, real * b + imaginary * a
        return real, imaginary
    if isinstance(expression, exp):
        a, b = complex_parts(expression.exp)
        return exp(a) * cos(b), exp(a) * sin(b)
    if isinstance(expression, Pow) and expression.exp.is_Integer and expression.exp > 0:
        return complex_parts(Mul(*[expression.base] * int(expression.exp), evaluate=False))
    a, b = re(expression), im(expression)
    if a.has(re, im) or b.has(re, im):
        raise UnsolvedError(f"real and imaginary part of {expression} are not separated")
    return a, b
