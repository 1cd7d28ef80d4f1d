r"""The arithmetic of emitted formulas: NumPy, mpmath, plain ``math``, numexpr, jax or torch.

A backend reads numbers, compiles an expression, has the constants computed, and sums terms. The
constants come from :class:`~symbattery.observables.constants.Constants`, so that all of them start
from the same doubles (mpmath: from as many digits as it works with).
"""

from __future__ import annotations

import cmath
import math
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import mpmath
import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray
from sympy import Expr, Function, I, Pow, Symbol, cse, numbered_symbols
from sympy.printing.lambdarepr import LambdaPrinter, NumExprPrinter

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from symbattery.core.damped_waves import NearStart
from symbattery.dynamics.complex_roots import ComplexRoot
from symbattery.dynamics.radicals import OrderedRoot
from symbattery.observables import tensors
from symbattery.observables.arguments import check_exact, read_array, read_exact
from symbattery.observables.constants import Constants, call, own_names
from symbattery.observables.rewriting import with_series
from symbattery.symbols import t

__all__ = ["BACKENDS", "Backend", "Compiled", "backend_named"]

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


def _lambdified(symbols: Sequence[Symbol], expression: Any, modules: Any) -> Callable[..., Any]:
    return call(symbols, with_series(expression), modules, cse=_shared)


def _shared(whole: Any) -> Any:
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
        function = _lambdified(symbols, expression, self.name)
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


# Bits beyond the working precision in a sum.
_GUARD_BITS = 16


def _ball(value: Any) -> arb:
    """An mpmath number, exactly."""
    sign, mantissa, exponent, _ = mpmath.mpf(value)._mpf_
    with ctx.workprec(max(64, mantissa.bit_length())):
        return arb((-mantissa if sign else mantissa, exponent))


def _wave_rest(y: Any, n: int) -> Any:
    """The sine (odd n) or cosine of y less its terms below yⁿ, at mpmath's working precision."""
    lost = -n * int(mpmath.mag(y)) if y else 0
    with mpmath.workprec(mpmath.mp.prec + max(lost, 0) + 8 * n):
        lower = ((-1) ** (k // 2) * y**k / mpmath.factorial(k) for k in range(n % 2, n, 2))
        return (mpmath.sin(y) if n % 2 else mpmath.cos(y)) - mpmath.fsum(lower)


class _Mpmath(Backend):
    name, relations = "mpmath", "math"

    @property
    def bits(self) -> int:
        return int(mpmath.mp.prec)

    def compiled(self, symbols: Sequence[Symbol], expression: Expr) -> Compiled:
        function = call(symbols, expression, [{"wave_rest": _wave_rest}, "mpmath"], cse=_shared)
        if not expression.has(NearStart):
            return lambda shape, inputs: function(*inputs)

        def precise(shape: tuple[int, ...], inputs: Sequence[Any]) -> Any:
            # Waves that cancel at small times; the constants have as many digits.
            with mpmath.workprec(2 * mpmath.mp.prec):
                return function(*inputs)

        return precise

    def finished(self, value: Any, shape: tuple[int, ...]) -> Any:
        # A formula without time may be a whole number.
        return mpmath.mpf(1) * value

    def read(self, name: str, value: Any) -> Any:
        return read_exact(name, value)

    def constants(self, constants: Constants, values: Sequence[Any]) -> list[Any]:
        return constants.exact(values)

    def total(self, terms: Iterable[Any], shape: tuple[int, ...]) -> Any:
        return mpmath.fsum(terms)

    def summed(
        self,
        term: Term,
        points: NDArray[np.float64],
        time: Any,
        values: Sequence[Any],
        shape: tuple[int, ...],
        start: bool,
    ) -> Any:
        """In balls, with more bits until they are as small as the working precision."""
        whole = term.whole(start)
        given = dict(zip(whole.symbols, [time, *values], strict=False))
        columns = dict(zip(whole.symbols[len(given) :], points.T, strict=True))
        wanted = mpmath.mp.prec + _GUARD_BITS
        for bits in (2 * wanted, 4 * wanted) if len(points) else ():
            still = {symbol: _ball(value) for symbol, value in given.items()}
            found = whole.balls(still, columns, bits)
            if found is None:
                break
            with ctx.workprec(bits):
                total = sum(found[0], arb(0))
            if total.is_exact() or total.rel_accuracy_bits() > wanted:
                mantissa, exponent = total.mid().man_exp()
                return mpmath.ldexp(mpmath.mpf(int(mantissa)), int(exponent))
        return super().summed(term, points, time, values, shape, start)


class _Math(Backend):
    name = "math"

    def read(self, name: str, value: Any) -> Any:
        number = checks.number(name, value)
        check_exact(name, [value])
        return number

    def constants(self, constants: Constants, values: Sequence[Any]) -> list[Any]:
        return list(constants.doubles(tuple(values)))

    def total(self, terms: Iterable[Any], shape: tuple[int, ...]) -> Any:
        each = list(terms)
        return math.fsum(each) if all(isinstance(v, float) for v in each) else sum(each)

    def finished(self, value: Any, shape: tuple[int, ...]) -> Any:
        return value if isinstance(value, complex) else float(value)

    def finite(self, value: Any) -> bool:
        return cmath.isfinite(value)


def _kahan(terms: Iterable[Any], nothing: Any) -> Any:
    """The sum, with what rounding takes from it carried along."""
    total = lost = nothing
    for each in terms:
        term = each - lost
        larger = total + term
        lost = (larger - total) - term
        total = larger
    return total


class _Arrays(Backend):
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

    def everywhere(self, condition: Any) -> bool:
        return bool(np.all(condition))

    def constants(self, constants: Constants, values: Sequence[Any]) -> list[Any]:
        return constants.arrays(values)

    def total(self, terms: Iterable[Any], shape: tuple[int, ...]) -> Any:
        return _kahan(terms, np.zeros(shape))

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
        return np.broadcast_to(values, (*np.shape(values)[:-1], count)).sum(axis=-1)

    def finished(self, value: Any, shape: tuple[int, ...]) -> Any:
        if np.shape(value) != shape:
            value = np.array(np.broadcast_to(value, shape))
        return value[()] if shape == () else value

    def finite(self, value: Any) -> bool:
        return bool(np.isfinite(value).all())

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


class _Numpy(_Arrays):
    name = "numpy"

    def compiled(self, symbols: Sequence[Symbol], expression: Expr) -> Compiled:
        function = _lambdified(symbols, expression, "numpy")
        kind = np.complex128 if expression.has(I) else np.float64

        def evaluate(shape: tuple[int, ...], inputs: Sequence[Any]) -> Any:
            if shape == ():
                return kind(function(*(v[()] for v in inputs)))
            # Over the shape of what the expression depends on; the rest is repeated afterwards.
            own = np.broadcast_shapes(*(np.shape(v) for v in inputs))
            return _filled(function, inputs, own, kind)

        return evaluate


class _Numexpr(_Arrays):
    name = extra = "numexpr"

    def compiled(self, symbols: Sequence[Symbol], expression: Expr) -> Compiled:
        if not expression.has(t):
            return _Numpy().compiled(symbols, expression)
        numexpr = import_module("numexpr")
        # What SymPy's printer puts around it compiles the text anew at every call.
        named = own_names(symbols)
        text = LambdaPrinter.doprint(NumExprPrinter(), with_series(expression).xreplace(named))
        try:
            function = numexpr.NumExpr(text, [(s.name, np.float64) for s in named.values()])
        except ValueError:
            # It counts its registers in bytes; a longer sum is one of arrays.
            return _Numpy().compiled(symbols, expression)

        def evaluate(shape: tuple[int, ...], inputs: Sequence[Any]) -> Any:
            own = np.broadcast_shapes(*(np.shape(v) for v in inputs))
            return function(*inputs) if math.prod(own) else np.zeros(own)

        return evaluate


def _binomial(n: Any, k: Any) -> Any:
    each = np.vectorize(lambda n, k: float(math.comb(int(n), int(k))), otypes=[np.float64])
    return each(n, k)


def _with_powers(expression: Expr) -> Expr:
    """Powers with a symbol in the exponent as calls of a function."""
    symbolic = {power for power in expression.atoms(Pow) if power.exp.free_symbols}
    return expression.xreplace({power: Function("power")(*power.args) for power in symbolic})


class _Traced(_Arrays):
    """Arithmetic in which what is traced stays traced, constants included."""

    # The languages of `lambdify` and its printer for constants that move.
    languages: tuple[str, ...] = ()

    @property
    def functions(self) -> Mapping[str, Any]:
        """The functions by their names in what is printed."""
        raise NotImplementedError

    @property
    def printer(self) -> Any:
        """The printer of expressions; that of the language if None."""
        return None

    def array(self, value: Any) -> Any:
        """An array of NumPy's as one of this arithmetic."""
        return value

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


class _Jax(_Traced):
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

    def everywhere(self, condition: Any) -> bool:
        # What is traced has no value yet.
        return self.traced(condition) or super().everywhere(condition)

    @property
    def functions(self) -> Mapping[str, Any]:
        where = import_module("jax.numpy").where
        return {"binomial": _binomial, "power": partial(_power, where)}

    def total(self, terms: Iterable[Any], shape: tuple[int, ...]) -> Any:
        return _kahan(terms, import_module("jax.numpy").zeros(shape))

    def added(self, values: Any, count: int) -> Any:
        numpy = import_module("jax.numpy")
        return numpy.broadcast_to(values, (*numpy.shape(values)[:-1], count)).sum(axis=-1)

    def finished(self, value: Any, shape: tuple[int, ...]) -> Any:
        numpy = import_module("jax.numpy")
        value = numpy.asarray(value)
        kind = np.complex128 if value.dtype.kind == "c" else np.float64
        return numpy.broadcast_to(value.astype(kind), shape)

    def finite(self, value: Any) -> bool:
        return self.traced(value) or super().finite(value)

    def over_time(self, value: Any, time: Any, shape: tuple[int, ...], start: Any) -> Any:
        return _over_time(import_module("jax.numpy").where, value, time, start)


class _Torch(_Traced):
    """Tensors in double precision: traced where they need gradients, or within torch.func.

    What is not traced stays an array of NumPy's until the formula is computed.
    """

    name = extra = "torch"

    def traced(self, value: Any) -> bool:
        return tensors.is_traced(value)

    def read(self, name: str, value: Any) -> Any:
        torch = import_module("torch")
        if not isinstance(value, torch.Tensor):
            return super().read(name, value)
        if value.dtype is torch.bool or value.dtype.is_complex:
            raise invalid(name, "be finite real numbers", value)
        if tensors.is_transformed(value):
            return value.to(torch.float64)
        plain = super().read(name, value.detach().cpu().numpy())
        return value.to(torch.float64) if value.requires_grad else plain

    def array(self, value: Any) -> Any:
        torch = import_module("torch")
        return value if isinstance(value, torch.Tensor) else torch.tensor(np.asarray(value))

    @property
    def functions(self) -> Mapping[str, Any]:
        where = import_module("torch").where
        return {**tensors.functions(), "binomial": _binomial, "power": partial(_power, where)}

    @property
    def printer(self) -> Any:
        return tensors.Printer()

    def everywhere(self, condition: Any) -> bool:
        torch = import_module("torch")
        met = torch.as_tensor(condition)
        return tensors.is_batched(met) or bool(torch.all(met))

    def condition(self, symbols: Sequence[Symbol], relation: Any) -> Callable[..., Any]:
        return call(symbols, relation, [dict(self.functions)], printer=self.printer)

    def compiled(self, symbols: Sequence[Symbol], expression: Expr) -> Compiled:
        made = with_series(expression)
        function = call(symbols, made, [dict(self.functions)], cse=_shared, printer=self.printer)
        return lambda shape, inputs: function(*map(self.array, inputs))

    def total(self, terms: Iterable[Any], shape: tuple[int, ...]) -> Any:
        return _kahan(terms, self.array(np.zeros(shape)))

    def added(self, values: Any, count: int) -> Any:
        every = self.array(values)
        return every.expand(*every.shape[:-1], count).sum(dim=-1)

    def finished(self, value: Any, shape: tuple[int, ...]) -> Any:
        torch = import_module("torch")
        value = self.array(value)
        kind = torch.complex128 if value.dtype.is_complex else torch.float64
        return value.to(kind).expand(shape)

    def finite(self, value: Any) -> bool:
        torch = import_module("torch")
        return tensors.is_batched(value) or bool(torch.isfinite(value).all())

    def over_time(self, value: Any, time: Any, shape: tuple[int, ...], start: Any) -> Any:
        return _over_time(import_module("torch").where, value, self.array(time), start)


def _power(where: Callable[..., Any], base: Any, exponent: Any) -> Any:
    """A whole power; 0⁰ has no gradient."""
    none = exponent == 0
    return where(none, 1.0, base ** where(none, 1.0, exponent))


def _over_time(where: Callable[..., Any], value: Any, time: Any, start: Any) -> Any:
    """The quotient by t; both branches are differentiated, so that neither may divide by 0."""
    return where(time == 0, start() * time, value / where(time == 0, 1.0, time))


_EVERY: Mapping[str, Backend] = {
    backend.name: backend
    for backend in (_Numpy(), _Mpmath(), _Math(), _Jax(), _Torch(), _Numexpr())
}

BACKENDS = tuple(_EVERY)


def backend_named(name: str) -> Backend:
    """A backend that can be used here.

    Raises
    ------
    InvalidArgument
        There is none of that name, its package is not installed, or jax has no double precision.
    """
    checks.choice("backend", name, BACKENDS)
    backend = _EVERY[name]
    backend.require()
    return backend
