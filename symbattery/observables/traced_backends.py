"""Backends that differentiate and transform what they compute: jax and torch."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
from sympy import Expr, Function, Pow, Symbol

from numerics.model.checks import InvalidArgument, invalid
from symbattery.dynamics.complex_roots import ComplexRoot
from symbattery.dynamics.radicals import OrderedRoot
from symbattery.observables import tensors
from symbattery.observables.arithmetic import Compiled, shared
from symbattery.observables.array_backends import Arrays
from symbattery.observables.constants import Constants, call
from symbattery.observables.rewriting import with_series

__all__ = ["Jax", "Torch"]


def _binomial(n: Any, k: Any) -> Any:
    each = np.vectorize(lambda n, k: float(math.comb(int(n), int(k))), otypes=[np.float64])
    return each(n, k)


def _with_powers(expression: Expr) -> Expr:
    """Powers with a symbol in the exponent as calls of a function."""
    symbolic = {power for power in expression.atoms(Pow) if power.exp.free_symbols}
    return expression.xreplace({power: Function("power")(*power.args) for power in symbolic})


class _Traced(Arrays):
    """Arithmetic in which what is traced stays traced, constants included."""

    # The languages of `lambdify` and its printer for constants that move.
    languages: tuple[str, ...] = ()

    @property
    def functions(self) -> Mapping[str, Any]:
        """The functions by their names in what is printed."""
        return {"binomial": _binomial, "power": partial(_power, self.library.where)}

    @property
    def printer(self) -> Any:
        """The printer of expressions; that of the language if None."""
        return None

    def doubles(self, value: Any) -> Any:
        """An array in double precision, real or complex."""
        raise NotImplementedError

    def finished(self, value: Any, shape: tuple[int, ...]) -> Any:
        return self.library.broadcast_to(self.doubles(value), shape)

    def over_time(self, value: Any, time: Any, shape: tuple[int, ...], start: Any) -> Any:
        # Both branches are differentiated, so that neither may divide by 0.
        where, at = self.library.where, self.array(time)
        return where(at == 0, start() * at, value / where(at == 0, 1.0, at))

    def constants(self, constants: Constants, values: Sequence[Any]) -> list[Any]:
        given = dict(zip(constants.symbols, values, strict=True))
        traced = [symbol for symbol, value in given.items() if self.traced(value)]
        # What does not move is computed exactly all the same.
        still, moving = constants.apart(traced)
        if any(value.has(OrderedRoot, ComplexRoot) for value in moving.definitions.values()):
            raise InvalidArgument(
                f"`parameters` must be numbers outside of {self.name}'s tracing where roots of "
                "polynomials without a closed form depend on them, but traced are "
                + ", ".join(map(str, traced))
            )
        known = still.arrays([given[symbol] for symbol in still.symbols])
        powers = {name: _with_powers(value) for name, value in moving.definitions.items()}
        moved = replace(moving, definitions=powers)
        compute = moved.compiled([dict(self.functions), *self.languages], self.printer)
        return list(compute(*map(self.array, (*values, *known))))


class Jax(_Traced):
    """Within a transformation of jax."""

    name = extra = relations = "jax"
    languages = ("jax",)

    def require(self) -> None:
        super().require()
        if not import_module("jax").config.jax_enable_x64:
            raise InvalidArgument(
                "`jax_enable_x64` must be on for double precision, but is off: first call "
                'jax.config.update("jax_enable_x64", True)'
            )

    def traced(self, value: Any) -> bool:
        jax = sys.modules.get("jax")
        return jax is not None and isinstance(value, jax.core.Tracer)

    def read(self, name: str, value: Any) -> Any:
        self.require()
        if not self.traced(value):
            return super().read(name, value)
        if value.dtype.kind not in "iuf":
            raise invalid(name, "be finite real numbers", value)
        return value.astype(np.float64)

    def unknown(self, value: Any) -> bool:
        return self.traced(value)

    @property
    def library(self) -> Any:
        return import_module("jax.numpy")

    def doubles(self, value: Any) -> Any:
        value = self.library.asarray(value)
        return value.astype(np.complex128 if value.dtype.kind == "c" else np.float64)


class Torch(_Traced):
    """Tensors in double precision: traced where they need gradients, or within torch.func.

    What is not traced stays an array of NumPy's until the formula is computed.
    """

    name = extra = "torch"

    def traced(self, value: Any) -> bool:
        return tensors.is_traced(value)

    def read(self, name: str, value: Any) -> Any:
        torch = self.library
        if not isinstance(value, torch.Tensor):
            return super().read(name, value)
        if value.dtype is torch.bool or value.dtype.is_complex:
            raise invalid(name, "be finite real numbers", value)
        if tensors.is_transformed(value):
            return value.to(torch.float64)
        plain = super().read(name, value.detach().cpu().numpy())
        return value.to(torch.float64) if value.requires_grad else plain

    def array(self, value: Any) -> Any:
        torch = self.library
        return value if isinstance(value, torch.Tensor) else torch.tensor(np.asarray(value))

    @property
    def functions(self) -> Mapping[str, Any]:
        return {**tensors.functions(), **super().functions}

    @property
    def printer(self) -> Any:
        return tensors.Printer()

    def unknown(self, value: Any) -> bool:
        return tensors.is_batched(value)

    @property
    def library(self) -> Any:
        return import_module("torch")

    @property
    def deciding(self) -> Any:
        return self.library

    def condition(self, symbols: Sequence[Symbol], relation: Any) -> Callable[..., Any]:
        return call(symbols, relation, [dict(self.functions)], printer=self.printer)

    def compiled(self, symbols: Sequence[Symbol], expression: Expr) -> Compiled:
        made = with_series(expression)
        function = call(symbols, made, [dict(self.functions)], cse=shared, printer=self.printer)
        return lambda shape, inputs: function(*map(self.array, inputs))

    def doubles(self, value: Any) -> Any:
        torch, value = self.library, self.array(value)
        return value.to(torch.complex128 if value.dtype.is_complex else torch.float64)


def _power(where: Callable[..., Any], base: Any, exponent: Any) -> Any:
    """A whole power; 0⁰ has no gradient."""
    none = exponent == 0
    return where(none, 1.0, base ** where(none, 1.0, exponent))
