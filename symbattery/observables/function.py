r"""Closed forms as functions of time.

The emitted formula is built from :math:`\sin^2` of half phases, never from :math:`1-\cos`, and its
named quantities are computed first, so that it is as accurate as the arithmetic: to rounding at
small times, and to the rounding of the phase at large ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.model.symbols import t
from symbattery.observables.backends import BACKENDS, Backend, Compiled, backend_named
from symbattery.observables.constants import Constants
from symbattery.observables.docstring import Origin
from symbattery.observables.index_sums import EmittedSum
from symbattery.observables.rewriting import needed, prepared
from symbattery.sectors.sector_sums import SectorSum

__all__ = [
    "BACKENDS",
    "EmittedFunction",
    "emit",
    "energy_sums",
    "needed",
    "quantities",
    "sector_sum_quantity",
]

# Left open, a unit is 1: times in 1/g, energies in ω₀.
_UNITS = ("coupling", "frequency")


class _OwnDocstring:
    """The docstring of a class, and one of its own for each instance."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __get__(self, instance: EmittedFunction | None, owner: type) -> str:
        return self._text if instance is None else instance.describe()


@dataclass(frozen=True)
class EmittedFunction:
    """A closed form as a function ``f(t, ...)``.

    Parameters go by position, in the order of ``arguments``, or by name; ``coupling`` and
    ``frequency`` are 1 unless given. With numpy, numexpr and jax times and parameters are arrays
    that broadcast; with mpmath and math they are numbers. The constants of the formula are computed
    exactly and rounded once; mpmath takes them, and the result, to the working precision at the
    time of the call. In jax's transformations parameters may be traced: then their constants are
    computed by jax, in double precision.

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
    origin : Origin
        What ``__doc__`` tells.
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
    sums: tuple[EmittedSum, ...] = ()
    origin: Origin | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments after the time."""
        return tuple(name for name in self.symbols if name not in self.fixed)

    def describe(self) -> str:
        """The formula, where it comes from, its parameters and their units."""
        if self.origin is None:
            return f"{self.name}(t) = {self.expression}"
        optional = [name for name in _UNITS if name in self.arguments]
        return self.origin.text(self.name, self.arguments, optional, self.fixed)

    @cached_property
    def _with(self) -> Backend:
        return backend_named(self.backend)

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
        read = {name: self._with.read(name, values[name]) for name in self.symbols}
        self._check(read)
        return list(read.values())

    def _check(self, values: Mapping[str, Any]) -> None:
        """Refuse parameters for which the formula was not derived."""
        everywhere = self._with.everywhere
        for name, value in values.items():
            symbol = self.symbols[name]
            for must, holds in (
                ("integers", not symbol.is_integer or everywhere(value % 1 == 0)),
                ("positive", not symbol.is_positive or everywhere(value > 0)),
                ("non-negative", not symbol.is_nonnegative or everywhere(value >= 0)),
            ):
                if not holds:
                    raise invalid(name, f"be {must}", value)
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
        found = []
        for assumption in self.assumptions:
            names = [n for n, s in self.symbols.items() if s in assumption.free_symbols]
            if len(names) == len(assumption.free_symbols):
                holds = self._with.condition([self.symbols[n] for n in names], assumption)
                found.append((assumption, names, holds))
        return found

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
        return self._with.compiled([t, *(self.symbols[n] for n in names), *constants], expression)

    @cached_property
    def _evaluate(self) -> Compiled:
        return self._compiled(self.expression)

    @cached_property
    def _evaluate_start(self) -> Compiled:
        """The slope of ``expression``/t at t = 0."""
        return self._compiled(self.expression.diff(t, 2).subs(t, 0) / 2)

    def __call__(self, time: Any, *given: Any, **named: Any) -> Any:
        backend = self._with
        values = self._values(given, named)
        at = backend.read("time", time)
        shape = backend.shape(at, values)
        result = self._whole(self.value, at, values, shape)
        if self.divided_by_time:

            def start() -> Any:
                return self._whole(self.start, at, values, shape)

            result = backend.over_time(result, at, shape, start)
        return backend.finished(result, shape)

    def value(self, time: Any, values: Sequence[Any], shape: tuple[int, ...]) -> Any:
        """``expression`` for a time and parameters that were read and checked before."""
        return self._evaluate(shape, self._given(time, values))

    def start(self, time: Any, values: Sequence[Any], shape: tuple[int, ...]) -> Any:
        """The slope of ``expression``/t at t = 0, whatever the time."""
        return self._evaluate_start(shape, self._given(time, values))

    def _given(self, time: Any, values: Sequence[Any]) -> list[Any]:
        by_name = dict(zip(self.symbols, values, strict=True))
        named = self._with.constants(self._constants, values)
        return [time, *(by_name[name] for name in self._inputs[0]), *named]

    def _whole(
        self, part: Callable[..., Any], time: Any, values: list[Any], shape: tuple[int, ...]
    ) -> Any:
        own = part(time, values, shape)
        if not self.sums:
            return own
        given = dict(zip(self.symbols, values, strict=True))
        name = part.__name__
        return sum((summed(name, time, given, shape) for summed in self.sums), own)

    def __getstate__(self) -> dict[str, Any]:
        # The compiled function is made again where the object arrives.
        return {spot.name: getattr(self, spot.name) for spot in fields(self)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)


def quantities(solution: ClosedForm) -> dict[str, Expr]:
    """The quantities that can be emitted, by name: energy, power, and c0, c1, … of a pure start."""
    named = {"energy": solution.energy, "power": solution.power}
    if solution.is_pure:
        named |= {f"c{k}": amplitude for k, amplitude in solution.amplitudes.items()}
    return named


def emit(
    solution: ClosedForm,
    name: str,
    backend: str = "numpy",
    origin: Callable[[ClosedForm, str], Origin] | None = None,
    **fixed: Any,
) -> EmittedFunction:
    """One quantity of a solution as a function of time.

    Parameters
    ----------
    solution : ClosedForm
    name : str
        ``"energy"``, ``"power"``, or ``"c0"``, ``"c1"``, … for an amplitude.
    backend : {"numpy", "mpmath", "math", "numexpr", "jax"}
    origin : callable, optional
        Makes of the solution and the name what the docstring says of the source.
    **fixed
        Parameters given in advance, by field name.

    Raises
    ------
    InvalidArgument
        An unknown name, backend or parameter, a backend whose package is not installed, or a value
        that is no finite real number.
    """
    reader = backend_named(backend)
    available = quantities(solution)
    checks.choice("name", name, tuple(available))
    for parameter, value in fixed.items():
        checks.choice("parameter", parameter, tuple(solution.parameters))
        reader.read(parameter, value)
    divided = name == "power"
    whole = name in ("energy", "power")
    expression = solution.finite_energy if whole else available[name]
    expression, definitions = prepared(expression, solution.plain_definitions)
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
        origin=origin(solution, name) if origin else None,
    )


def energy_sums(solution: ClosedForm, backend: str) -> tuple[EmittedSum, ...]:
    """What each family of a solution stores, as sums."""
    omega = solution.model.frequency
    energies = [(f, omega * solution.sector_sum_energy(f)) for f in solution.sector_sums]
    return tuple(sector_sum_quantity(solution, f, e, backend) for f, e in energies if e != 0)


def sector_sum_quantity(
    solution: ClosedForm, sector_sum: SectorSum, term: Expr, backend: str
) -> EmittedSum:
    """The sum over a family of its weight times ``term``."""
    expression = sector_sum.weight * term
    expression, definitions = prepared(expression, solution.plain_definitions)
    indices = {f"index {index}": index for index in sector_sum.indices}
    return EmittedSum(
        EmittedFunction(
            name="term",
            backend=backend,
            expression=expression,
            definitions=definitions,
            symbols={**solution.parameters, **indices},
        ),
        sector_sum,
    )
