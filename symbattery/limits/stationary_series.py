r"""The stationary point of a function that depends on a small parameter, in powers of it.

:math:`p(\varphi,\varepsilon)` is stationary where :math:`h(\varphi,\varepsilon)=0`. With the
total derivative
:math:`D=\partial_\varepsilon+\varphi'\partial_\varphi+\varphi''\partial_{\varphi'}+\dots`
:math:`D^kh=0` is linear in :math:`\varphi^{(k)}`, and :math:`D^kp/k!` at :math:`\varepsilon=0` is
the k-th coefficient of the stationary value; there :math:`\varphi^{(k)}` drops out, because its
factor is :math:`\partial_\varphi p=0`.
"""

from __future__ import annotations

from itertools import pairwise

from sympy import Expr, Symbol, factorial

__all__ = ["along_stationary_point"]


def along_stationary_point(
    value: Expr, equation: Expr, variable: Symbol, parameter: Symbol, root: Expr, order: int
) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    """Taylor coefficients in ``parameter`` of a stationary point and of the value there.

    Parameters
    ----------
    value : Expr
        p.
    equation : Expr
        h, which vanishes where the derivative of p with respect to φ does.
    variable, parameter : Symbol
        φ and ε.
    root : Expr
        φ at ε = 0, a simple root.
    order : int

    Returns
    -------
    points, values : tuple of Expr
        Entry k belongs to the k-th power, k = 0, …, ``order``.
    """
    moving = [variable, *(Symbol(f"{variable.name}_{k}") for k in range(1, order + 1))]

    def along(expression: Expr) -> Expr:
        moved = (after * expression.diff(phi) for phi, after in pairwise(moving))
        return expression.diff(parameter) + sum(moved)

    known: dict[Symbol, Expr] = {variable: root}
    values = [value.subs(parameter, 0).subs(known)]
    for k in range(1, order + 1):
        equation, value = along(equation), along(value)
        linear = equation.subs(parameter, 0)
        slope = linear.diff(moving[k])
        values.append(value.subs(parameter, 0).subs({moving[k]: 0, **known}) / factorial(k))
        known[moving[k]] = (-linear.subs(moving[k], 0) / slope).subs(known)
    return tuple(known[phi] / factorial(k) for k, phi in enumerate(moving)), tuple(values)
