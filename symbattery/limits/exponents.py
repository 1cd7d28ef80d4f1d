r"""The exponent β of M = N cells and charger spins, all up, in powers of 1/ln M.

In the law of large batteries :math:`\beta=1-1/(u+\Lambda)`, :math:`\Lambda=\ln4M`, at the root of
:math:`f'(u)(u+\Lambda)=f(u)`. For :math:`z=e^{-u}\to0` this is, with :math:`a=1+\gamma_E`,

.. math:: u-\ln(u-a)=\ln\Lambda+\frac1\Lambda\Big[u+\frac{u-\gamma_E}{u-a}
   +\frac{2(u-\gamma_E)+1}{(u-a)^2}\Big]+O\Big(\frac{u^2}{\Lambda^2}\Big),

whose leading part Lambert's function solves: :math:`u_1=a-W_{-1}(-e^a/\Lambda)`.
``derivations/exponents.py`` derives it.
"""

from __future__ import annotations

from typing import Any

from sympy import E, EulerGamma, Expr, LambertW, exp, log

from numerics.model import checks
from numerics.model.checks import invalid
from symbattery.core.expressions import exact
from symbattery.symbols import M

__all__ = ["exponent_series"]

_SHIFT = 1 + EulerGamma


def exponent_series(cells: Any = M, order: int = 2) -> Expr:
    r"""The exponent :math:`\beta=d\ln\eta/d\ln M` for N = M in powers of 1/Λ, Λ = ln 4M.

    .. math:: \beta=1-\frac1\Lambda+\frac{u_1}{\Lambda^2}-\frac{u_1^2-u_2}{\Lambda^3}
       +O\Big(\frac{u_1^3}{\Lambda^4}\Big),\qquad
       u_2=\frac{u_1-a}{u_1-a-1}\Big[u_1+\frac{u_1-\gamma_E}{u_1-a}
       +\frac{2(u_1-\gamma_E)+1}{(u_1-a)^2}\Big].

    It is the series of the law; β itself differs by O(1/M).

    Parameters
    ----------
    cells : positive number or Symbol
        At least 1; beyond the first order 130 000, below which :math:`u_1` is not real.
    order : int
        1, 2 or 3: the highest power of 1/Λ.

    Raises
    ------
    InvalidArgument
        ``cells`` is no such number, or ``order`` none of the three.
    """
    size = exact(checks.positive_number("cells", cells, symbolic=True))
    if size.is_number and size < 1:
        raise invalid("cells", "be at least 1", cells)
    if not isinstance(order, int) or isinstance(order, bool) or order not in (1, 2, 3):
        raise invalid("order", "be 1, 2 or 3", order)
    long = log(4 * size)
    series = 1 - 1 / long
    if order == 1:
        return series
    if size.is_number and (long / exp(_SHIFT)).evalf() <= E.evalf():
        raise invalid("cells", "be at least 130000 for more than the first order", cells)
    first = _SHIFT - LambertW(-exp(_SHIFT) / long, -1)
    series += first / long**2
    if order == 2:
        return series
    above = first - _SHIFT
    bent = first + (above + 1) / above + (2 * above + 3) / above**2
    second = above / (above - 1) * bent
    return series - (first**2 - second) / long**3
