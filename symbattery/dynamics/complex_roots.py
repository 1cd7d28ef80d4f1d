"""Complex roots of polynomials, as named numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import mpmath
from sympy import Expr, Float, I

from symbattery.dynamics.radicals import GUARD_BITS, OrderedRoot

__all__ = ["ComplexRoot", "complex_root"]


class ComplexRoot(OrderedRoot):
    """The ``index``-th root (from 0) of a real polynomial, by real part; pairs side by side.

    Of a pair the one below the real axis is the first.
    """

    is_real = None  # type: ignore[assignment]  # not known, in SymPy's words

    def _eval_evalf(self, prec: int) -> Expr:
        if self.free_symbols:
            return self
        with mpmath.workprec(prec + GUARD_BITS):
            root = self._value()
            return Float(root.real, mpmath.mp.dps) + I * Float(root.imag, mpmath.mp.dps)

    @property
    def _function(self) -> Callable[..., Any]:
        return complex_root


def complex_root(*arguments: Any) -> Any:
    """The root of a real polynomial by its coefficients and, last, its index."""
    *coefficients, index = arguments
    return _all_roots(tuple(coefficients), mpmath.mp.prec)[int(index)]


@lru_cache(maxsize=64)
def _all_roots(coefficients: tuple[Any, ...], precision: int) -> list[Any]:
    roots = mpmath.polyroots(list(coefficients), maxsteps=500, extraprec=2 * precision)
    size = max(map(abs, roots))
    least = mpmath.ldexp(size, -precision // 2)
    # Real roots, and one of each pair.
    upper = [
        mpmath.mpc(x.real, 0 if abs(x.imag) <= least else x.imag) for x in map(mpmath.mpc, roots)
    ]
    upper = sorted((x for x in upper if x.imag >= 0), key=lambda x: (x.real, x.imag))
    return [part for x in upper for part in ([mpmath.conj(x), x] if x.imag else [x])]
