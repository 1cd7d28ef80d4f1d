"""Functions of time and parameters: a formula with the arithmetic that computes it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Integer, Rational, S, Symbol
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from symbattery.core.damped_waves import NearStart
from symbattery.core.finite_sums import IndexRange, table
from symbattery.observables.arguments import MEANINGS, check_assumptions
from symbattery.observables.arithmetic import Backend, Compiled
from symbattery.observables.backends import backend_named
from symbattery.observables.constants import Constants, Pickled
from symbattery.observables.rewriting import needed
from symbattery.observables.table import described
from symbattery.symbols import t

__all__ = ["EmittedFunction", "EmittedSum", "Origin"]

# What is left out of a sum without end is so many bits below rounding.
_TAIL_BITS = 16

# Left open, a unit is 1: times in 1/g, energies in ω₀.
_UNITS = ("coupling", "frequency")


@dataclass(frozen=True)
class Origin:
    """The formula of an emitted function as an author prints it, and its source.

    Attributes
    ----------
    formula : Expr
    definitions : mapping
        The named quantities of the solution, each in terms of those before it.
    source : str
        The place in the paper, or its derivation.
    meanings : mapping
        What parameters are that have no field of a model.
    """

    formula: Expr
    definitions: Mapping[Expr, Expr]
    source: str
    meanings: Mapping[str, str] = field(default_factory=dict)


class _OwnDocstring:
    """The docstring of a class, and one of its own for each instance."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __get__(self, instance: EmittedFunction | None, owner: type) -> str:
        return self._text if instance is None else instance.describe()


# Compared and hashed as objects: fields may be mappings and arrays.
@dataclass(frozen=True, eq=False)
class EmittedFunction(Pickled):
    """A closed form as a function ``f(t, ...)``.

    Parameters go by position, in the order of ``arguments``, or by name; ``coupling`` and
    ``frequency`` are 1 unless given. With numpy, numexpr, jax and torch times and parameters are
    arrays that broadcast; with mpmath and math they are numbers. The constants of the formula are
    computed exactly and rounded once; mpmath takes them, and the result, to the working precision
    at the time of the call. Where jax or torch trace or differentiate by parameters, they compute
    the constants of these, in double precision.

    Attributes
    ----------
    name, backend : str
    expression : Expr
        In the named quantities of ``definitions``.
    definitions : mapping
        Computed first.
    symbols : mapping
        Argument name to symbol.
    assumptions : tuple of Boolean
        What the parameters must satisfy.
    fixed : mapping
        Arguments given in advance.
    divided_by_time : bool
        The value is ``expression``/t, and 0 at t = 0.
    sums : mapping of Symbol to EmittedSum
        What stands in ``expression`` by these names; computed for each time.
    inputs : mapping of Symbol to EmittedFunction
        Other functions of time that stand in it, such as populations.
    undefined : bool
        The value is nan where there is none.
    origin : Origin
        What ``__doc__`` says of the source.
    """

    __doc__ = _OwnDocstring(__doc__)

    name: str
    backend: str
    expression: Expr
    definitions: Mapping[Symbol, Expr]
    symbols: Mapping[str, Symbol]
    assumptions: tuple[Boolean, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    divided_by_time: bool = False
    sums: Mapping[Symbol, EmittedSum] = field(default_factory=dict)
    inputs: Mapping[Symbol, EmittedFunction] = field(default_factory=dict)
    undefined: bool = False
    origin: Origin | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments after the time."""
        return tuple(name for name in self.symbols if name not in self.fixed)

    def __repr__(self) -> str:
        return f"EmittedFunction {self.name}({', '.join(('t', *self.arguments))}) in {self.backend}"

    def describe(self) -> str:
        """The formula, where it comes from, its parameters and their units."""
        if self.origin is None:
            return f"{self.name}(t) = {self.expression}"
        quantity, formula = described(self.name), self.origin.formula
        lines = [f"{quantity.title}, {quantity.unit}.", "", f"{quantity.symbol} = {formula}"]
        used = needed(formula, self.origin.definitions)
        if used:
            lines += ["", "with", "", *(f"{s} = {v}" for s, v in used.items())]
        lines += ["", f"Source: {self.origin.source}.", "", "Parameters", "----------"]
        lines.append("t : time, in the inverse unit of the coupling (1/g where that is left out)")
        for argument in self.arguments:
            own = self.origin.meanings.get(argument)
            meaning = own or MEANINGS.get(argument, "a number without a unit")
            default = ", 1 if left out" if argument in _UNITS else ""
            lines.append(f"{argument} : {self.symbols[argument]}, {meaning}{default}")
        if self.fixed:
            lines.append("given: " + ", ".join(f"{n} = {v}" for n, v in self.fixed.items()))
        if self.assumptions:
            lines += ["", "For " + ", ".join(map(str, self.assumptions)) + "."]
        return "\n".join(lines)

    @cached_property
    def _with(self) -> Backend:
        return backend_named(self.backend)

    def _values(self, given: tuple[Any, ...], named: Mapping[str, Any]) -> list[Any]:
        if len(given) > len(self.arguments):
            raise InvalidArgument(
                f"`{self.name}` must have at most the arguments t, {', '.join(self.arguments)}, "
                f"but has {len(given) + 1}"
            )
        units = dict.fromkeys(_UNITS, 1)
        values = dict(self.fixed) | dict(zip(self.arguments, given, strict=False))
        for name, value in named.items():
            if name not in self.symbols:
                checks.choice("parameter", name, tuple(self.symbols))
            if name in values:
                raise InvalidArgument(f"`{name}` must be given once, but is given twice")
            values[name] = value
        values = units | values
        missing = [name for name in self.symbols if name not in values]
        if missing:
            raise InvalidArgument(f"`{missing[0]}` must be given: {self.name} depends on it")
        for name in self.symbols:
            if checks.is_labelled(values[name]):
                must = f"be plain numbers, numpy.asarray({name}): only the time has its labels back"
                raise invalid(name, must, values[name])
        read = {name: self._with.read(name, values[name]) for name in self.symbols}
        self._check(read)
        return list(read.values())

    def _check(self, values: Mapping[str, Any]) -> None:
        """Refuse parameters for which the formula was not derived."""
        everywhere = self._with.everywhere
        for name, value in values.items():
            check_assumptions(name, self.symbols[name], value, everywhere)
        for assumption, names, holds_for in self._assumed:
            given = [values[name] for name in names]
            if not everywhere(holds_for(*given)):
                worst = ", ".join(f"{n} = {v}" for n, v in zip(names, given, strict=True))
                raise InvalidArgument(
                    f"`{names[-1]}` must satisfy {assumption}, but is {worst}: solve "
                    "with numbers in the model instead"
                )

    @cached_property
    def _assumed(self) -> list[tuple[Boolean, list[str], Callable[..., Any]]]:
        """The assumptions on parameters of this function, with the arguments of each."""
        held = []
        for assumption in self.assumptions:
            names = [n for n, s in self.symbols.items() if s in assumption.free_symbols]
            if len(names) == len(assumption.free_symbols):
                holds = self._with.condition([self.symbols[n] for n in names], assumption)
                held.append((assumption, names, holds))
        return held

    @cached_property
    def used(self) -> set[str]:
        """The names of the parameters that the value depends on."""
        if self.sums:
            return set(self.symbols)
        parts = (self.expression, *self.definitions.values())
        free = set().union(*(part.free_symbols for part in parts))
        own = {name for name, symbol in self.symbols.items() if symbol in free}
        return own.union(*(function.used for function in self.inputs.values()))

    @cached_property
    def _inputs(self) -> tuple[tuple[str, ...], tuple[Symbol, ...]]:
        """The parameters and the named quantities that ``expression`` itself depends on."""
        used = self.expression.free_symbols
        names = tuple(name for name, symbol in self.symbols.items() if symbol in used)
        return names, tuple(symbol for symbol in self.definitions if symbol in used)

    @cached_property
    def _constants(self) -> Constants:
        return Constants(tuple(self.symbols.values()), self.definitions, self._inputs[1])

    def _compiled(self, expression: Expr) -> Compiled:
        names, constants = self._inputs
        arguments = [t, *(self.symbols[n] for n in names), *constants, *self.sums, *self.inputs]
        return self._with.compiled(arguments, expression)

    @cached_property
    def _near(self) -> Expr:
        """The slope of ``expression``/t at t = 0, from those of the sums."""
        near = self.expression.xreplace({total: total * t**2 for total in self.sums})
        return near.diff(t, 2).subs(t, 0) / 2

    @cached_property
    def _wholes(self) -> dict[bool, Constants]:
        return {}

    def whole(self, start: bool) -> Constants:
        """The value as the only constant, the time being one more parameter before the others."""
        if start not in self._wholes:
            value = Symbol("_value")
            defined = {**self.definitions, value: self._near if start else self.expression}
            self._wholes[start] = Constants((t, *self.symbols.values()), defined, (value,))
        return self._wholes[start]

    @cached_property
    def _evaluate(self) -> Compiled:
        return self._compiled(self.expression)

    @cached_property
    def _evaluate_start(self) -> Compiled:
        return self._compiled(self._near)

    def __call__(self, time: Any, *given: Any, **named: Any) -> Any:
        backend = self._with
        values = self._values(given, named)
        at = backend.read("time", time)
        shape = backend.shape(at, values)

        def start() -> Any:
            return self.value(at, values, shape, start=True)

        try:
            # What overflows shows in the result.
            with np.errstate(over="ignore", invalid="ignore"):
                result = self.value(at, values, shape)
                if self.divided_by_time:
                    result = backend.over_time(result, at, shape, start)
                result = backend.finished(result, shape)
        except InvalidArgument:
            raise
        except (ArithmeticError, ValueError):
            result = math.nan
        if not (self.undefined or backend.finite(result)):
            must = "be, with the parameters, so small that every phase and value is a double"
            more = "(the backend mpmath takes any size)"
            if self.expression.has(NearStart):
                more += ", and these such that no frequencies of the open battery all but coincide"
            raise invalid("time", f"{must} {more}", time)
        return checks.as_given("time", time, result)

    def value(
        self, time: Any, values: Sequence[Any], shape: tuple[int, ...], start: bool = False
    ) -> Any:
        """``expression`` for a time and parameters that were read and checked before.

        With ``start``, the slope of ``expression``/t at t = 0, whatever the time.
        """
        by_name = dict(zip(self.symbols, values, strict=True))
        inputs = [
            time,
            *(by_name[name] for name in self._inputs[0]),
            *self._with.constants(self._constants, values),
            *(summed(time, by_name, shape, start) for summed in self.sums.values()),
            *(
                function.value(time, [by_name[name] for name in function.symbols], shape)
                for function in self.inputs.values()
            ),
        ]
        return (self._evaluate_start if start else self._evaluate)(shape, inputs)


@dataclass(frozen=True, eq=False)
class EmittedSum(Pickled):
    """A sum over indices as a function of time: term by term, each as accurate as the rest.

    Attributes
    ----------
    term : EmittedFunction
        One term; its last arguments are the indices.
    ranges : tuple of IndexRange
        Outermost first.
    condition : Boolean
        On the parameters: without it the sum is 0.
    """

    term: EmittedFunction
    ranges: tuple[IndexRange, ...]
    condition: Boolean = S.true

    @cached_property
    def _sizes(self) -> tuple[str, ...]:
        """The parameters that decide how many terms there are."""
        bounds = (bound for _, *both in self.ranges for bound in both)
        free = self.condition.free_symbols.union(*(b.free_symbols for b in bounds))
        free -= {index for index, _, _ in self.ranges}
        return tuple(name for name, symbol in self.term.symbols.items() if symbol in free)

    @cached_property
    def _known_points(self) -> dict[tuple[float, ...], NDArray[np.float64]]:
        """The indices of every term, by the sizes that they belong to."""
        return {}

    def _points(self, sizes: Sequence[Any]) -> NDArray[np.float64]:
        """The indices of every term, a row for each."""
        bits = backend_named(self.term.backend).bits + _TAIL_BITS
        key = (*map(float, sizes), float(bits))
        if key not in self._known_points:
            sizes_of = ((self.term.symbols[n], v) for n, v in zip(self._sizes, key, strict=False))
            put = {s: Integer(int(v)) if s.is_integer else Rational(v) for s, v in sizes_of}
            held = self.condition.subs(put) == S.true
            none = np.zeros((0, len(self.ranges)))
            self._known_points[key] = table(self.ranges, put, bits) if held else none
        return self._known_points[key]

    def __call__(
        self, time: Any, values: Mapping[str, Any], shape: tuple[int, ...], start: bool
    ) -> Any:
        """The sum of the values of its terms, or of their slopes at the start.

        Parameters are numbers or arrays by name, read and checked.
        """
        backend = backend_named(self.term.backend)
        for name in self._sizes:
            if backend.traced(values[name]):
                must = f"be a number outside of {backend.name}'s tracing"
                raise invalid(name, must, values[name])
        if not any(np.ndim(values[name]) for name in self._sizes):
            sizes = [values[name] for name in self._sizes]
            return self._summed(sizes, time, list(values.values()), shape, start)
        if any(map(backend.traced, (time, *values.values()))):
            raise invalid(self._sizes[0], "be one number where others are traced", values)
        total = np.zeros(shape)
        every = np.stack([np.broadcast_to(values[name], shape) for name in self._sizes], axis=-1)
        for row in np.unique(every.reshape(-1, len(self._sizes)), axis=0):
            here = np.all(every == row, axis=-1)
            given = [np.broadcast_to(v, shape)[here] for v in values.values()]
            at = np.broadcast_to(time, shape)[here]
            total[here] = self._summed(row, at, given, at.shape, start)
        return total

    def _summed(self, sizes: Any, time: Any, values: Any, shape: Any, start: bool) -> Any:
        backend = backend_named(self.term.backend)
        return backend.summed(self.term, self._points(sizes), time, values, shape, start)
