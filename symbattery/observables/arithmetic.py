"""The arithmetic of emitted formulas, of which every backend is one.

A backend reads numbers, compiles an expression, has the constants computed, and sums terms. The
constants come from :class:`~symbattery.observables.constants.Constants`, so that all of them start
from the same doubles (mpmath: from as many digits as it works with).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from typing import Any, Protocol

import mpmath
import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Symbol, cse, numbered_symbols

from numerics.model.checks import InvalidArgument
from symbattery.observables.constants import Constants, call
from symbattery.observables.rewriting import with_series

__all__ = ["Backend", "Compiled", "Term", "lambdified", "shared"]

Compiled = Callable[[tuple[int, ...], Sequence[Any]], Any]
"""The value at inputs that broadcast to a shape."""


class Term(Protocol):
    """The term of a sum, as a function of time, parameters and indices."""

    def value(
        self, time: Any, values: Sequence[Any], shape: tuple[int, ...], start: bool = False
    ) -> Any:
        """Its value, or the slope of its value over time at the start."""

    def whole(self, start: bool) -> Constants:
        """The same as the only constant, the time being one more parameter before the others."""


def lambdified(symbols: Sequence[Symbol], expression: Any, modules: Any) -> Callable[..., Any]:
    """``expression`` as a function, its series included."""
    return call(symbols, with_series(expression), modules, cse=shared)


def shared(whole: Any) -> Any:
    """Common parts of an expression, each of which is computed once."""
    return cse(whole, symbols=numbered_symbols("_shared"), list=False)


class Backend(ABC):
    """One way to compute."""

    name: str
    # The optional dependency it needs.
    extra: str | None = None
    # What relations of parameters are compiled for; the name if left out.
    relations: str | None = None

    @property
    def bits(self) -> int:
        """The working precision."""
        return 53

    def require(self) -> None:
        """Refuse to go on without the package."""
        if self.extra is not None and find_spec(self.extra) is None:
            raise InvalidArgument(
                f"`backend` must be one whose package is installed, but {self.extra} is not: "
                f'python -m pip install "symbattery[{self.extra}]"'
            )

    @abstractmethod
    def read(self, name: str, value: Any) -> Any:
        """A time or a parameter, checked."""

    def traced(self, value: Any) -> bool:
        """The value stands for one that is given later, or is differentiated by."""
        return False

    def shape(self, time: Any, values: Sequence[Any]) -> tuple[int, ...]:
        """The shape of the result; numbers have none."""
        return ()

    def everywhere(self, condition: Any) -> bool:
        """A condition on parameters holds for all of them."""
        return bool(condition)

    def condition(self, symbols: Sequence[Symbol], relation: Any) -> Callable[..., Any]:
        """A relation as a function of parameters."""
        return call(symbols, relation, self.relations or self.name)

    def compiled(self, symbols: Sequence[Symbol], expression: Expr) -> Compiled:
        """``expression`` as a function."""
        function = lambdified(symbols, expression, self.name)
        return lambda shape, inputs: function(*inputs)

    @abstractmethod
    def constants(self, constants: Constants, values: Sequence[Any]) -> list[Any]:
        """The constants for parameters that were read."""

    @abstractmethod
    def total(self, terms: Iterable[Any], shape: tuple[int, ...]) -> Any:
        """The sum of ``terms``, as accurate as they are."""

    def summed(
        self,
        term: Term,
        points: NDArray[np.float64],
        time: Any,
        values: Sequence[Any],
        shape: tuple[int, ...],
        start: bool,
    ) -> Any:
        """The sum of a term over its last arguments, of which ``points`` has a row for each."""
        rows = ([self.read("index", int(i)) for i in point] for point in points.tolist())
        each = (term.value(time, [*values, *row], shape, start) for row in rows)
        return self.total(each, shape)

    def finished(self, value: Any, shape: tuple[int, ...]) -> Any:
        """The result as the caller gets it."""
        return value

    def finite(self, value: Any) -> bool:
        """No result is infinite or undefined."""
        return bool(mpmath.isfinite(value))

    def over_time(self, value: Any, time: Any, shape: tuple[int, ...], start: Any) -> Any:
        """``value``/t, and 0 at t = 0; ``start`` gives the slope there."""
        return value / time if time else 0 * abs(value)
