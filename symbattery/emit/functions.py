r"""Closed forms as functions of time.

The emitted formula is built from :math:`\sin^2` of half phases, never from :math:`1-\cos`, and its
named quantities are computed first, so that it is as accurate as the arithmetic: to rounding at
small times, and to the rounding of the phase at large ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
from sympy import Add, Expr, I, Mul, Symbol, cse, lambdify, numbered_symbols
from sympy.logic.boolalg import Boolean

from numerics import checks
from numerics.checks import InvalidArgument, invalid
from symbattery.emit.sums import EmittedSum
from symbattery.roots import ordered_root
from symbattery.symbols import t

if TYPE_CHECKING:
    from symbattery.families import Family
    from symbattery.solutions import Solution

__all__ = [
    "BACKENDS",
    "EmittedFunction",
    "emit",
    "energy_sums",
    "family_sum",
    "needed",
    "quantities",
]

BACKENDS = ("numpy", "mpmath")

# Named quantities are computed with so many bits, then rounded once.
_NUMPY_BITS = 256
_GUARD_BITS = 64

# Left open, a unit is 1: times in 1/g, energies in ω₀.
_UNITS = ("coupling", "frequency")


def _numpy_real(name: str, value: Any) -> Any:
    must = "be finite real numbers"
    try:
        array = np.asarray(value)
    except ValueError:
        raise invalid(name, f"{must} in an array", value) from None
    if array.dtype.kind not in "iuf":
        try:
            if array.dtype.kind != "O":
                raise TypeError
            array = array.astype(np.float64)
        except (TypeError, ValueError):
            raise invalid(name, must, value) from None
    array = array.astype(np.float64, copy=False)
    if not np.isfinite(array).all():
        raise invalid(name, must, value)
    return array


def _mpmath_real(name: str, value: Any) -> Any:
    must = "be a finite real number"
    if isinstance(value, bool | str | bytes | complex) or value is None:
        raise invalid(name, must, value)
    if hasattr(value, "_to_mpmath"):
        if checks.is_symbolic(value):
            raise invalid(name, must, value)
        value = value._to_mpmath(mpmath.mp.prec)
    try:
        number = mpmath.mpmathify(value)
    except (TypeError, ValueError):
        raise invalid(name, must, value) from None
    if not isinstance(number, mpmath.mpf):
        number = getattr(number, "real", number) * mpmath.mpf(1)
        if isinstance(value, mpmath.mpc) or not isinstance(number, mpmath.mpf):
            raise invalid(name, must, value)
    if not mpmath.isfinite(number):
        raise invalid(name, must, value)
    return number


_READ: Mapping[str, Callable[[str, Any], Any]] = {"numpy": _numpy_real, "mpmath": _mpmath_real}


@dataclass(frozen=True)
class EmittedFunction:
    """A closed form as a function ``f(t, ...)``.

    Parameters go by position, in the order of ``arguments``, or by name. With numpy, times and
    parameters are broadcast; with mpmath they are numbers, and the result has the working
    precision at the time of the call. ``coupling`` and ``frequency`` are 1 unless given.

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
        Whether the value is ``expression``/t, and 0 at t = 0.
    sums : tuple of EmittedSum
        Added to ``expression``.
    """

    name: str
    backend: str
    expression: Expr
    definitions: Mapping[Symbol, Expr]
    symbols: Mapping[str, Symbol]
    assumptions: tuple[Boolean, ...] = ()
    fixed: Mapping[str, Any] = field(default_factory=dict)
    divided_by_time: bool = False
    sums: tuple[EmittedSum, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments after the time."""
        return tuple(name for name in self.symbols if name not in self.fixed)

    def _values(self, given: tuple[Any, ...], named: Mapping[str, Any]) -> list[Any]:
        if len(given) > len(self.arguments):
            raise InvalidArgument(
                f"`{self.name}` must have at most the arguments t, {', '.join(self.arguments)}, "
                f"but has {len(given) + 1}"
            )
        values = dict(self.fixed) | dict(zip(self.arguments, given, strict=False))
        for name, value in named.items():
            if name not in self.symbols:
                checks.choice("parameter", name, tuple(self.symbols))
            if name in values:
                raise InvalidArgument(f"`{name}` must be given once, but is given twice")
            values[name] = value
        for unit in _UNITS:
            if unit in self.symbols:
                values.setdefault(unit, 1)
        missing = [name for name in self.symbols if name not in values]
        if missing:
            raise InvalidArgument(f"`{missing[0]}` must be given: {self.name} depends on it")
        read = {name: _READ[self.backend](name, values[name]) for name in self.symbols}
        self._check(read)
        return list(read.values())

    def _check(self, values: Mapping[str, Any]) -> None:
        """Refuse parameters for which the formula was not derived."""
        for name, value in values.items():
            symbol = self.symbols[name]
            for must, holds in (
                ("integers", not symbol.is_integer or np.all(value == np.floor(value))),
                ("positive", not symbol.is_positive or np.all(value > 0)),
                ("non-negative", not symbol.is_nonnegative or np.all(value >= 0)),
            ):
                if not holds:
                    raise invalid(name, f"be {must}", value)
        for assumption in self.assumptions:
            names = {n: s for n, s in self.symbols.items() if s in assumption.free_symbols}
            if len(names) < len(assumption.free_symbols):
                continue
            given = [values[name] for name in names]
            if not np.all(lambdify(list(names.values()), assumption)(*given)):
                worst = ", ".join(f"{n} = {v}" for n, v in zip(names, given, strict=True))
                raise InvalidArgument(
                    f"`{next(reversed(names))}` must satisfy {assumption}, but is {worst}: solve "
                    "with numbers in the model instead"
                )

    @cached_property
    def _evaluate(self) -> Callable[..., Any]:
        return lambdify(
            [t, *self.symbols.values(), *self.definitions],
            self.expression,
            modules=self.backend,
            cse=lambda e: cse(e, symbols=numbered_symbols("_shared"), list=False),
            docstring_limit=0,
        )

    @cached_property
    def _define(self) -> Callable[..., Any]:
        """The named quantities as a function of the parameters, in mpmath."""

        def in_order(names: Any) -> tuple[list[tuple[Symbol, Expr]], Any]:
            return list(self.definitions.items()), names

        return lambdify(
            list(self.symbols.values()),
            list(self.definitions),
            modules=[{"ordered_root": ordered_root}, "mpmath"],
            cse=in_order,
            docstring_limit=0,
        )

    def _named(self, values: list[Any]) -> list[Any]:
        """The named quantities, rounded once: differences of roots may cancel on the way."""
        if not self.definitions:
            return []
        if self.backend == "mpmath":
            with mpmath.workprec(2 * mpmath.mp.prec + _GUARD_BITS):
                return list(self._define(*values))
        if not values:
            return self._rounded(())
        shape = np.broadcast_shapes(*(v.shape for v in values))
        points = np.stack([np.broadcast_to(v, shape).ravel() for v in values], axis=-1)
        distinct, where = np.unique(points, axis=0, return_inverse=True)
        table = np.array([self._rounded(tuple(point)) for point in distinct.tolist()])
        table = table.reshape(len(distinct), len(self.definitions))[where.ravel()]
        return [column.reshape(shape) for column in table.T]

    def _rounded(self, point: tuple[float, ...]) -> list[float]:
        if point not in self._seen:
            with mpmath.workprec(_NUMPY_BITS):
                self._seen[point] = [float(v) for v in self._define(*map(mpmath.mpf, point))]
        return self._seen[point]

    @cached_property
    def _seen(self) -> dict[tuple[float, ...], list[float]]:
        """Named quantities computed before, by parameters."""
        return {}

    def __call__(self, time: Any, *given: Any, **named: Any) -> Any:
        values = self._values(given, named)
        at = _READ[self.backend]("time", time)
        if self.backend == "mpmath":
            result = self._whole(at, values)
            return (result / at if at else mpmath.mpf(0)) if self.divided_by_time else result
        try:
            shape = np.broadcast_shapes(at.shape, *(v.shape for v in values))
        except ValueError:
            raise invalid("time", "be of a shape that goes with the parameters", at.shape) from None
        result = np.asarray(self._whole(at, values))
        # A constant comes out as an integer, without the shape of the times.
        result = np.broadcast_to(result.astype(np.result_type(result, np.float64)), shape)
        if self.divided_by_time:
            result = np.divide(result, at, out=np.zeros(result.shape), where=at != 0)
        return result[()] if result.ndim == 0 else np.array(result)

    def value(self, time: Any, values: list[Any]) -> Any:
        """``expression`` for a time and parameters that were read and checked before."""
        return self._evaluate(time, *values, *self._named(values))

    def _whole(self, time: Any, values: list[Any]) -> Any:
        given = dict(zip(self.symbols, values, strict=True))
        return sum((summed(time, given) for summed in self.sums), self.value(time, values))

    def __getstate__(self) -> dict[str, Any]:
        # The compiled function is made again where the object arrives.
        return {spot.name: getattr(self, spot.name) for spot in fields(self)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def quantities(solution: Solution) -> dict[str, Expr]:
    """The quantities that can be emitted, by name: energy, power, and c0, c1, … of a pure start."""
    named = {"energy": solution.energy, "power": solution.power}
    if solution.is_pure:
        named |= {f"c{k}": amplitude for k, amplitude in solution.amplitudes.items()}
    return named


def needed(expression: Expr, definitions: Mapping[Symbol, Expr]) -> dict[Symbol, Expr]:
    """The definitions that ``expression`` depends on, directly or through others."""
    used = set(expression.free_symbols)
    kept = []
    for symbol, value in reversed(list(definitions.items())):
        if symbol in used:
            used |= value.free_symbols
            kept.append((symbol, value))
    return dict(reversed(kept))


def _apart(expression: Expr, definitions: dict[Symbol, Expr]) -> Expr:
    """``expression`` with everything that does not depend on time named and added to definitions.

    What is constant in time is thus computed once, at high precision, and rounded once.
    """
    if expression.is_Number or expression.is_Symbol or expression is I:
        return expression
    if not expression.has(t):
        name = Symbol(f"_constant{len(definitions)}")
        definitions[name] = expression
        return name
    if isinstance(expression, Add | Mul):
        constant, moving = expression.as_independent(t, as_Add=isinstance(expression, Add))
        if isinstance(expression, Mul) and constant.has(I):
            # i stays in place: what is named is real.
            parts = [I, _apart(constant / I, definitions)]
        else:
            parts = [_apart(constant, definitions)]
        parts += [_apart(part, definitions) for part in type(expression).make_args(moving)]
        return expression.func(*parts)
    return expression.func(*(_apart(argument, definitions) for argument in expression.args))


def emit(solution: Solution, name: str, backend: str = "numpy", **fixed: Any) -> EmittedFunction:
    """One quantity of a solution as a function of time.

    Parameters
    ----------
    solution : Solution
    name : str
        ``"energy"``, ``"power"``, or ``"c0"``, ``"c1"``, … for an amplitude.
    backend : {"numpy", "mpmath"}
    **fixed
        Parameters given in advance, by field name.

    Raises
    ------
    InvalidArgument
        An unknown name, backend or parameter, or a value that is no finite real number.
    """
    checks.choice("backend", backend, BACKENDS)
    available = quantities(solution)
    checks.choice("name", name, tuple(available))
    for parameter, value in fixed.items():
        checks.choice("parameter", parameter, tuple(solution.parameters))
        _READ[backend](parameter, value)
    divided = name == "power"
    whole = name in ("energy", "power")
    expression = solution.finite_energy if whole else available[name]
    definitions = needed(expression, solution.plain_definitions)
    expression = _apart(expression, definitions)
    sums = energy_sums(solution, backend) if whole else ()
    used = expression.free_symbols.union(*(value.free_symbols for value in definitions.values()))
    arguments = {
        p: symbol
        for p, symbol in solution.parameters.items()
        if symbol in used or any(p in summed.term.symbols for summed in sums)
    }
    return EmittedFunction(
        name=name,
        backend=backend,
        expression=expression,
        definitions=definitions,
        symbols=arguments,
        assumptions=solution.assumptions,
        fixed={p: value for p, value in fixed.items() if p in arguments},
        divided_by_time=divided,
        sums=sums,
    )


def energy_sums(solution: Solution, backend: str) -> tuple[EmittedSum, ...]:
    """What each family of a solution stores, as sums."""
    omega = solution.model.frequency
    energies = [(f, omega * solution.family_energy(f)) for f in solution.families]
    return tuple(family_sum(solution, f, e, backend) for f, e in energies if e != 0)


def family_sum(solution: Solution, family: Family, term: Expr, backend: str) -> EmittedSum:
    """The sum over a family of its weight times ``term``."""
    expression = family.weight * term
    definitions = needed(expression, solution.plain_definitions)
    expression = _apart(expression, definitions)
    indices = {f"index {index}": index for index in family.indices}
    return EmittedSum(
        EmittedFunction(
            name="term",
            backend=backend,
            expression=expression,
            definitions=definitions,
            symbols={**solution.parameters, **indices},
        ),
        family,
    )
