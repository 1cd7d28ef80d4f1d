"""Rows of the table at numbers that are put for the symbols of a battery."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import mpmath
from flint import arb
from sympy import Expr, I, Piecewise, Symbol

from symbattery.observables.constants import Pickled, call, of_ball
from symbattery.observables.quantities import Request
from symbattery.observables.table import Observable

__all__ = ["RowFunction", "weighted_mean"]

_ELEMENTARY = ("atanh", "cos", "exp", "log", "sin", "sqrt", "tanh")


def _extreme(name: str) -> Callable[..., arb]:
    return lambda *values: reduce(lambda one, other: getattr(one, name)(other), map(arb, values))


def _number(weight: Expr) -> Any:
    """A whole number as it is, any other to the working precision."""
    return int(weight) if weight.is_Integer else mpmath.mpmathify(weight.evalf(mpmath.mp.dps + 5))


def weighted_mean(
    row: Observable,
    gains: Iterable[tuple[int, Any]],
    unit: Any,
    time: Any,
    total: Callable[[Iterable[Any]], Any] = mpmath.fsum,
    number: Callable[[Expr], Any] = _number,
) -> Any:
    """A row that is the mean of a weight, in any arithmetic.

    Parameters
    ----------
    row : Observable
    gains : iterable of (k, change)
        What the probabilities of k excited cells have gained since the start.
    unit, time
        The frequency, and the time.
    total, number : callable, optional
        The sum of the arithmetic, and its number for a weight.
    """
    value = unit**row.order * total(number(row.weighed(k)) * change for k, change in gains)
    return value / time if row.per_time else value


@dataclass(frozen=True, eq=False)
class RowFunction(Pickled):
    """A row that is no mean of a weight, as a function of the symbols of a battery.

    Attributes
    ----------
    request : Request
    parameters : tuple of Symbol
        The parameters of the solution; their values come last.
    """

    request: Request
    parameters: tuple[Symbol, ...]

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols that the row depends on."""
        inside = self.request.computed.free_symbols - set(self.parameters)
        return tuple(sorted(inside, key=str))

    def needs_only(self, known: Collection[Symbol]) -> bool:
        """Every symbol that it depends on is among those that are known."""
        return set(self.symbols) <= set(known)

    @property
    def takes_balls(self) -> bool:
        """It is made of functions that balls have, without decisions and complex numbers."""
        return not self._formula.has(Piecewise, I)

    @property
    def _formula(self) -> Expr:
        return self.request.computed

    @cached_property
    def _of_numbers(self) -> Callable[..., Any]:
        return call((*self.symbols, *self.parameters), self._formula, "mpmath")

    @cached_property
    def _of_balls(self) -> Callable[..., Any]:
        known: dict[str, Any] = {name: of_ball(name) for name in _ELEMENTARY}
        known |= {"max": _extreme("max"), "min": _extreme("min"), "mpf": arb, "pi": arb.pi()}
        return call((*self.symbols, *self.parameters), self._formula, [known, "mpmath"])

    def at(self, known: Mapping[Symbol, Any], values: Mapping[Symbol, Any]) -> Any:
        """The value at mpmath numbers; None where it has none, as at 0/0."""
        arguments = [known[s] for s in self.symbols] + [values[s] for s in self.parameters]
        try:
            return self._of_numbers(*arguments)
        except ZeroDivisionError:
            return None

    def enclosure(self, known: Mapping[Symbol, arb], values: Mapping[Symbol, arb]) -> arb | None:
        """A ball around the value; None where there is no finite one."""
        if not self.takes_balls:
            return None
        arguments = [known[s] for s in self.symbols] + [values[s] for s in self.parameters]
        try:
            ball = arb(self._of_balls(*arguments))
        except (TypeError, ZeroDivisionError):
            return None
        return ball if ball.is_finite() else None
