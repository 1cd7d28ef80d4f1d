"""The constants of an emitted formula, from its parameters: exact until they are rounded once.

Doubles come of 256 bits: closed forms are computed by Arb's balls (python-flint), some ten times
faster than mpmath, which takes roots of polynomials and what has no finite value in balls. Both
give the same doubles.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar

import mpmath
import numpy as np
import sympy
from flint import arb, ctx, fmpz
from numpy.typing import NDArray
from sympy import (
    Add,
    Expr,
    Mul,
    Pow,
    Rational,
    Symbol,
    acos,
    binomial,
    cos,
    exp,
    lambdify,
    log,
    pi,
    sin,
)
from sympy.core.basic import Basic
from sympy.printing.pycode import MpmathPrinter

from symbattery.dynamics.complex_roots import complex_root
from symbattery.dynamics.radicals import ordered_root
from symbattery.observables.constant_tables import Plan, distinct_rows, evaluated, planned

__all__ = ["Constants", "Pickled", "call", "of_ball", "own_names"]

_DOUBLE_BITS = 256
_GUARD_BITS = 64
# So many points are computed one by one.
_FEW = 32
# Sets that are remembered.
_MOST_SEEN = 65536

# What is computed in balls.
_IN_BALLS = (Add, Mul, Pow, Rational, Symbol, type(pi), acos, binomial, cos, exp, log, sin)


def of_ball(name: str) -> Callable[[Any], Any]:
    """An elementary function of balls by its name."""
    return lambda value: getattr(arb(value), name)()


@lru_cache(maxsize=4096)
def _combinations(n: int, k: int) -> fmpz:
    return fmpz.bin_uiui(n, k) if 0 <= k <= n else fmpz(0)


def _binomial(n: Any, k: Any) -> arb:
    spins, up = arb(n).unique_fmpz(), arb(k).unique_fmpz()
    if spins is None or up is None:
        return arb("nan")
    return arb(_combinations(int(spins), int(up)))


def _of_balls(bits: int) -> dict[str, Any]:
    """The elementary functions, and π to so many bits."""
    functions: dict[str, Any] = {
        name: of_ball(name) for name in ("acos", "cos", "exp", "log", "sin", "sqrt")
    }
    with ctx.workprec(bits):
        return {**functions, "binomial": _binomial, "mpf": arb, "pi": arb.pi()}


def own_names(symbols: Iterable[Symbol]) -> dict[Symbol, Symbol]:
    """A name for each symbol that no function, no constant and no other symbol has."""
    return {s: Symbol(f"_v{i}", **s.assumptions0) for i, s in enumerate(symbols)}


def call(
    symbols: Sequence[Symbol],
    expressions: Any,
    modules: Any,
    cse: Callable[[Any], Any] | None = None,
    definitions: Mapping[Symbol, Expr] | None = None,
    printer: Any = None,
) -> Callable[..., Any]:
    """One or more expressions as a function of ``symbols``, whatever these are called.

    ``cse`` names what they share; ``definitions`` are computed first, each in terms of those
    before it. Rational ones are put in: Python would divide whole numbers as doubles.
    """
    first: dict[Symbol, Expr] = {}
    known: dict[Symbol, Expr] = {}
    for name, value in (definitions or {}).items():
        first[name] = value.xreplace(known)
        if first[name].is_Rational:
            known[name] = first[name]
    own = own_names((*symbols, *first))

    def renamed(expression: Basic) -> Any:
        return expression.xreplace(own)

    def in_order(whole: Any) -> tuple[list[tuple[Symbol, Any]], Any]:
        return [(own[name], renamed(value)) for name, value in first.items()], whole

    single = isinstance(expressions, Basic)
    whole = renamed(expressions) if single else [renamed(each) for each in expressions]
    arguments = [own[symbol] for symbol in symbols]
    shared = in_order if first else cse or False
    options = {"cse": shared, "printer": printer, "docstring_limit": 0}
    return lambdify(arguments, whole, modules=modules, **options)


def _printer(functions: Mapping[str, Any]) -> MpmathPrinter:
    """The printer of mpmath, for some functions in place of its own.

    Terms are not put in order: that takes long, and no digit needs it.
    """
    settings = {
        "fully_qualified_modules": False, "inline": True, "allow_unknown_functions": True,
        "user_functions": {name: name for name in functions}, "order": "none",
    }  # fmt: skip
    return MpmathPrinter(settings)


class Pickled:
    """A dataclass of which only the fields are pickled.

    What is compiled and remembered is made again where the object arrives.
    """

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def __getstate__(self) -> dict[str, Any]:
        every: dict[str, Any] = vars(self)
        return {name: every[name] for name in type(self).__dataclass_fields__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


@dataclass(frozen=True, eq=False)
class Constants(Pickled):
    """Named quantities as functions of the parameters.

    Attributes
    ----------
    symbols : tuple of Symbol
        The parameters.
    definitions : mapping
        Each in terms of parameters and of those before it.
    wanted : tuple of Symbol
        Those of ``definitions`` that are returned, in this order.
    """

    symbols: tuple[Symbol, ...]
    definitions: Mapping[Symbol, Expr]
    wanted: tuple[Symbol, ...]

    def compiled(self, modules: Any, printer: Any = None) -> Callable[..., Any]:
        """A function of the parameters, for one of the languages of ``lambdify``."""
        own = {"definitions": self.definitions, "printer": printer}
        return call(self.symbols, self.wanted, modules, **own)

    def _by_mpmath(self, functions: Mapping[str, Any]) -> Callable[..., Any]:
        """The same in mpmath, with some functions in place of its own."""
        return self.compiled([dict(functions), "mpmath"], _printer(functions))

    def apart(self, moving: Collection[Symbol]) -> tuple[Constants, Constants]:
        """Those that do not depend on some parameters, and all, in terms of them."""
        moved = set(moving)
        for name, value in self.definitions.items():
            if value.free_symbols & moved:
                moved.add(name)
        still = {n: v for n, v in self.definitions.items() if n not in moved}
        later = {n: v for n, v in self.definitions.items() if n in moved}
        used = set(self.wanted).union(*(v.free_symbols for v in later.values()))
        known = tuple(name for name in still if name in used)
        rest = tuple(symbol for symbol in self.symbols if symbol not in moving)
        return Constants(rest, still, known), Constants((*self.symbols, *known), later, self.wanted)

    @cached_property
    def _define(self) -> Callable[..., Any]:
        functions = {"ordered_root": ordered_root, "complex_root": complex_root}
        return self._by_mpmath(functions)

    @cached_property
    def _seen(self) -> dict[tuple[float, ...], tuple[float, ...]]:
        """Doubles computed before, by parameters."""
        return {}

    @cached_property
    def _elementary(self) -> bool:
        """No definition holds more than functions of balls."""
        parts = (part for v in self.definitions.values() for part in sympy.preorder_traversal(v))
        return all(isinstance(part, _IN_BALLS) for part in parts)

    @cached_property
    def _define_in_balls(self) -> Callable[..., Any] | None:
        """The same in balls; None where a definition holds more than elementary functions."""
        return self._by_mpmath(_of_balls(_DOUBLE_BITS)) if self._elementary else None

    @cached_property
    def _plans(self) -> dict[tuple[frozenset[Symbol], int], Plan]:
        return {}

    def balls(
        self, still: Mapping[Symbol, Any], columns: Mapping[Symbol, NDArray[np.float64]], bits: int
    ) -> list[Sequence[arb]] | None:
        """At many points, each part once; None where more than elementary functions are needed.

        Parameters
        ----------
        still : mapping
            The balls of the parameters that are the same at each point.
        columns : mapping
            The doubles of the others; no two points are the same.
        bits : int
            The working precision.
        """
        if not self._elementary:
            return None
        key = frozenset(columns), bits
        if key not in self._plans:
            functions = _of_balls(bits)
            modules, printer = [functions, "mpmath"], _printer(functions)
            self._plans[key] = planned(
                self.definitions,
                self.wanted,
                columns,
                lambda arguments, values, cse: call(
                    arguments, values, modules, cse, printer=printer
                ),
            )
        with ctx.workprec(bits):
            return evaluated(self._plans[key], still, columns, arb)

    def exact(self, values: Sequence[Any]) -> list[Any]:
        """Of mpmath numbers, to more than the working precision."""
        if not self.wanted:
            return []
        with mpmath.workprec(2 * mpmath.mp.prec + _GUARD_BITS):
            return list(self._define(*values))

    def doubles(self, point: tuple[float, ...]) -> tuple[float, ...]:
        """Of one set of parameters, each rounded once: differences of roots may cancel."""
        if not self.wanted:
            return ()
        if point not in self._seen:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen[point] = self._rounded(point)
        return self._seen[point]

    def _rounded(self, point: tuple[float, ...]) -> tuple[float, ...]:
        if self._define_in_balls is not None:
            with ctx.workprec(_DOUBLE_BITS):
                balls = [arb(value) for value in self._define_in_balls(*map(arb, point))]
                if all(ball.is_finite() for ball in balls):
                    return tuple(map(float, balls))
        with mpmath.workprec(_DOUBLE_BITS):
            return tuple(map(float, self._define(*map(mpmath.mpf, point))))

    def arrays(self, values: Sequence[NDArray[np.float64]]) -> list[Any]:
        """Of parameters that are broadcast, each rounded once."""
        if not self.wanted:
            return []
        shape = np.broadcast_shapes(*(v.shape for v in values))
        if not shape:
            return [np.float64(v) for v in self.doubles(tuple(float(v) for v in values))]
        points = np.stack([np.broadcast_to(v, shape).ravel() for v in values], axis=-1)
        first, where = distinct_rows(points)
        columns = self._table(points[first])[where].T
        return [np.ascontiguousarray(column).reshape(shape) for column in columns]

    def _table(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """The doubles of every point, a row for each."""
        found = None
        if len(points) > _FEW:
            moving = np.ptp(points, axis=0) > 0
            each = list(zip(self.symbols, moving.tolist(), points.T, strict=True))
            still = {s: arb(float(column[0])) for s, moves, column in each if not moves}
            columns = {s: column for s, moves, column in each if moves}
            found = self.balls(still, columns, _DOUBLE_BITS)
        if found is None:
            rows = [self.doubles(tuple(point)) for point in points.tolist()]
            return np.reshape(rows, (len(points), len(self.wanted)))
        table = np.array([list(map(float, column)) for column in found]).T
        for i in np.flatnonzero(~np.isfinite(table).all(axis=1)).tolist():
            table[i] = self._rounded(tuple(points[i].tolist()))
        return table
