"""Backends of arrays: NumPy and numexpr."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, I, Symbol
from sympy.printing.lambdarepr import LambdaPrinter, NumExprPrinter

from numerics.model.checks import invalid
from symbattery.observables.arguments import read_array
from symbattery.observables.arithmetic import Backend, Compiled, Term, lambdified
from symbattery.observables.constants import Constants, own_names
from symbattery.observables.rewriting import with_series
from symbattery.symbols import t

__all__ = ["Arrays", "Numexpr", "Numpy"]


def _kahan(terms: Iterable[Any], nothing: Any) -> Any:
    """The sum, with what rounding takes from it carried along."""
    total = lost = nothing
    for each in terms:
        term = each - lost
        larger = total + term
        lost = (larger - total) - term
        total = larger
    return total


class Arrays(Backend):
    """The arithmetic of arrays."""

    relations = "numpy"

    def read(self, name: str, value: Any) -> Any:
        return read_array(name, value)

    def shape(self, time: Any, values: Sequence[Any]) -> tuple[int, ...]:
        try:
            return np.broadcast_shapes(time.shape, *(v.shape for v in values))
        except ValueError:
            must = "be of a shape that goes with the parameters"
            raise invalid("time", must, time.shape) from None

    @property
    def library(self) -> Any:
        """The functions of its arrays, by NumPy's names."""
        return np

    @property
    def deciding(self) -> Any:
        """Those of them that decide by values."""
        return np

    def array(self, value: Any) -> Any:
        """An array of NumPy's as one of this arithmetic."""
        return value

    def unknown(self, value: Any) -> bool:
        """The values are given later, so that nothing is decided by them."""
        return False

    def everywhere(self, condition: Any) -> bool:
        met = self.array(condition)
        return self.unknown(met) or bool(self.deciding.all(met))

    def constants(self, constants: Constants, values: Sequence[Any]) -> list[Any]:
        return constants.arrays(values)

    def total(self, terms: Iterable[Any], shape: tuple[int, ...]) -> Any:
        return _kahan(terms, self.array(np.zeros(shape)))

    def summed(
        self,
        term: Term,
        points: NDArray[np.float64],
        time: Any,
        values: Sequence[Any],
        shape: tuple[int, ...],
        start: bool,
    ) -> Any:
        """Over arrays of times by indices, block by block."""
        at, *given = (v[..., None] for v in (time, *values))
        step = max(1, _MOST_SUMMED // max(1, math.prod(shape)))
        blocks = (points[i : i + step] for i in range(0, len(points), step))
        return self.total(
            (
                self.added(term.value(at, [*given, *b.T], (*shape, len(b)), start), len(b))
                for b in blocks
            ),
            shape,
        )

    def added(self, values: Any, count: int) -> Any:
        """The sum over the last axis, which may be broadcast to ``count``."""
        every = self.array(values)
        return self.library.broadcast_to(every, (*np.shape(every)[:-1], count)).sum(axis=-1)

    def finished(self, value: Any, shape: tuple[int, ...]) -> Any:
        if np.shape(value) != shape:
            value = np.array(np.broadcast_to(value, shape))
        return value[()] if shape == () else value

    def finite(self, value: Any) -> bool:
        return self.unknown(value) or bool(self.deciding.isfinite(value).all())

    def over_time(self, value: Any, time: Any, shape: tuple[int, ...], start: Any) -> Any:
        return np.divide(value, time, out=np.zeros(shape), where=time != 0)


# Doubles in a block of a sum.
_MOST_SUMMED = 2**20
# Doubles in a block: its handful of temporaries fit the second-level cache.
_BLOCK = 8192


def _filled(
    function: Callable[..., Any], inputs: Sequence[Any], shape: tuple[int, ...], kind: type
) -> NDArray[Any]:
    """An elementwise ``function`` of ``inputs`` that are broadcast to ``shape``, block by block."""
    out: NDArray[Any] = np.empty(shape, dtype=kind)
    whole = [np.reshape(v, (1,) * (len(shape) - np.ndim(v)) + np.shape(v)) for v in inputs]
    # Scalars stay scalars: that is the fast way through NumPy's functions.
    _fill(out, function, [v.ravel()[0] if v.size == 1 else v for v in whole])
    return out


def _fill(out: NDArray[Any], function: Callable[..., Any], inputs: list[Any]) -> None:
    if out.size <= _BLOCK:
        out[...] = function(*inputs)
        return
    axis = next(i for i, length in enumerate(out.shape) if length > 1)
    step = max(1, _BLOCK * out.shape[axis] // out.size)
    for start in range(0, out.shape[axis], step):
        cut = (*(slice(None) for _ in range(axis)), slice(start, start + step))
        blocks = [v[cut] if np.ndim(v) and v.shape[axis] > 1 else v for v in inputs]
        _fill(out[cut], function, blocks)


class Numpy(Arrays):
    """Arrays of NumPy's."""

    name = "numpy"

    def compiled(self, symbols: Sequence[Symbol], expression: Expr) -> Compiled:
        function = lambdified(symbols, expression, "numpy")
        kind = np.complex128 if expression.has(I) else np.float64

        def evaluate(shape: tuple[int, ...], inputs: Sequence[Any]) -> Any:
            if shape == ():
                return kind(function(*(v[()] for v in inputs)))
            # Over the shape of what the expression depends on; the rest is repeated afterwards.
            own = np.broadcast_shapes(*(np.shape(v) for v in inputs))
            return _filled(function, inputs, own, kind)

        return evaluate


class Numexpr(Arrays):
    """Arrays of NumPy's, by as many threads as numexpr has."""

    name = extra = "numexpr"

    def compiled(self, symbols: Sequence[Symbol], expression: Expr) -> Compiled:
        if not expression.has(t):
            return Numpy().compiled(symbols, expression)
        numexpr = import_module("numexpr")
        # What SymPy's printer puts around it compiles the text anew at every call.
        named = own_names(symbols)
        text = LambdaPrinter.doprint(NumExprPrinter(), with_series(expression).xreplace(named))
        try:
            function = numexpr.NumExpr(text, [(s.name, np.float64) for s in named.values()])
        except ValueError:
            # It counts its registers in bytes; a longer sum is one of arrays.
            return Numpy().compiled(symbols, expression)

        def evaluate(shape: tuple[int, ...], inputs: Sequence[Any]) -> Any:
            own = np.broadcast_shapes(*(np.shape(v) for v in inputs))
            return function(*inputs) if math.prod(own) else np.zeros(own)

        return evaluate
