"""Backends of single numbers: mpmath, to any number of digits, and plain ``math``."""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterable, Sequence
from typing import Any

import mpmath
import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray
from sympy import Expr, Symbol

from numerics.model import checks
from symbattery.core.damped_waves import NearStart
from symbattery.observables.arguments import check_exact, read_exact
from symbattery.observables.arithmetic import Backend, Compiled, Term, shared
from symbattery.observables.constants import Constants, call

__all__ = ["Math", "Mpmath"]

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


class Mpmath(Backend):
    """Numbers of the working precision of mpmath."""

    name, relations = "mpmath", "math"

    @property
    def bits(self) -> int:
        return int(mpmath.mp.prec)

    def compiled(self, symbols: Sequence[Symbol], expression: Expr) -> Compiled:
        function = call(symbols, expression, [{"wave_rest": _wave_rest}, "mpmath"], cse=shared)
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


class Math(Backend):
    """Floating-point numbers."""

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
