r"""Real roots of polynomials, in the form an author can use.

Every polynomial here has real roots only (it is the characteristic polynomial of a Jacobi matrix,
or a factor of one). Up to degree four they are written with real radicals and, where radicals would
be complex (*casus irreducibilis*), with cosines; beyond, each root is a named number with its
defining polynomial, :class:`OrderedRoot`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import mpmath
from sympy import Expr, Integer, Poly, Rational, Symbol, acos, cos, pi, sqrt

from symbattery.core.expressions import factored, shortest_form
from symbattery.core.named_roots import NamedNumber, argument

__all__ = ["GUARD_BITS", "OrderedRoot", "ordered_root", "radical_roots"]

# Guard for the evaluation of coefficients and roots of one another's size.
GUARD_BITS = 64


class OrderedRoot(NamedNumber):
    """The ``index``-th smallest root (from 0) of a polynomial with real simple roots only.

    Coefficients may hold symbols: ``subs`` reaches them, and ``evalf`` gives any number of digits
    once they are numbers.

    Parameters
    ----------
    polynomial : Expr
        In ``variable`` and parameters.
    variable : Symbol
    index : int
    """

    polynomial: Expr = argument(0)
    variable: Symbol = argument(1)

    def __new__(cls, polynomial: Expr, variable: Symbol, index: int) -> OrderedRoot:
        return Expr.__new__(cls, polynomial, variable, Integer(index))

    @property
    def index(self) -> int:
        return int(self.args[2])

    @property
    def bound(self) -> set[Symbol]:
        return {self.variable}

    def coefficients(self) -> list[Expr]:
        """From the highest power down."""
        return list(Poly(self.polynomial, self.variable).all_coeffs())

    @property
    def _function(self) -> Callable[..., Any]:
        """The function of the coefficients and the index that has its value."""
        return ordered_root

    def _value(self) -> Any:
        """The root in the working precision of mpmath."""
        values = [mpmath.mpmathify(a.evalf(mpmath.mp.dps)) for a in self.coefficients()]
        return self._function(*values, self.index)

    def _digits(self, prec: int) -> mpmath.mpf:
        with mpmath.workprec(prec + GUARD_BITS):
            return self._value()

    def _mpmathcode(self, printer: Any) -> str:
        rows = ", ".join(printer._print(a) for a in self.coefficients())
        return f"{self._function.__name__}({rows}, {self.index})"


def ordered_root(*arguments: Any) -> Any:
    """The root of a real-rooted polynomial by its coefficients and, last, its index."""
    *coefficients, index = arguments
    return _all_roots(tuple(coefficients), mpmath.mp.prec)[int(index)]


@lru_cache(maxsize=64)
def _all_roots(coefficients: tuple[Any, ...], precision: int) -> list[Any]:
    """All roots at once: whoever asks for one asks for the others next."""
    roots = mpmath.polyroots(list(coefficients), maxsteps=500, extraprec=2 * precision)
    return sorted(mpmath.re(root) for root in roots)


_THETA = Symbol("theta", positive=True)
_Roots = tuple[list[Expr], dict[Symbol, Expr]]


def radical_roots(coefficients: Sequence[Expr]) -> _Roots:
    """All roots of a monic polynomial of degree up to four, in increasing order.

    Parameters
    ----------
    coefficients : sequence of Expr
        From the highest power down; all roots are real and simple.

    Returns
    -------
    roots : list of Expr
    angle : dict
        Named intermediate quantities the roots are written in: empty, or {θ: …}.
    """
    match [factored(a / coefficients[0]) for a in coefficients[1:]]:
        case [b]:
            return [-b], {}
        case [b, c]:
            width = sqrt(shortest_form(b**2 - 4 * c))
            return [(-b - width) / 2, (-b + width) / 2], {}
        case [b, c, d]:
            return _cosines(b, c, d)
        case [b, c, d, e]:
            return _quartic(b, c, d, e)
    raise ValueError(f"no roots in radicals for {len(coefficients)} coefficients")


def _cosines(b: Expr, c: Expr, d: Expr) -> _Roots:
    """Viète: the roots of a cubic with three real ones, and the angle θ they are written in."""
    size = shortest_form(b**2 - 3 * c)
    angle = acos(shortest_form(-2 * b**3 + 9 * b * c - 27 * d) / (2 * size ** Rational(3, 2)))
    # θ in [0, π]: cos((θ + 2πj)/3) increases from j = 1 over j = 2 to j = 0.
    turns = (1, 2, 0)
    roots = [-b / 3 + 2 * sqrt(size) * cos((_THETA + 2 * pi * j) / 3) / 3 for j in turns]
    return roots, {_THETA: angle}


def _quartic(b: Expr, c: Expr, d: Expr, e: Expr) -> _Roots:
    """Euler: y = -b/4 + (±√u₁ ± √u₂ ± √u₃)/2 over the roots u of the resolvent cubic.

    With real roots only, all u are ≥ 0; √u₁√u₂√u₃ = -q fixes the signs.
    """
    p = shortest_form(c - 3 * b**2 / 8)
    q = shortest_form(d - b * c / 2 + b**3 / 8)
    r = shortest_form(e - b * d / 4 + b**2 * c / 16 - 3 * b**4 / 256)
    resolvent, angle = _cosines(2 * p, shortest_form(p**2 - 4 * r), -(q**2))
    first, second = sqrt(resolvent[2]), sqrt(resolvent[1])
    third = -q / (first * second)
    signs = ((-1, -1, 1), (-1, 1, -1), (1, -1, -1), (1, 1, 1))
    roots = [-b / 4 + (i * first + j * second + k * third) / 2 for i, j, k in signs]
    return roots, angle
