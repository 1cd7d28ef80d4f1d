r"""Long-time means of the energy at γ = 0 on resonance: exact for every size, and a law.

For every number of cells the mean is a ratio of two determinants
(``derivations/long_time_means.py``),

.. math:: \overline K=\mu^TG^{-1}\kappa,\quad \mu_a=\langle s|H^{2a}|s\rangle,\quad
   \kappa_b={\rm Tr}\,KH^{2b},\quad G_{ab}={\rm Tr}\,H^{2(a+b)},

and M/2 from (M+N)/2 excited charger spins, where the chain is its own mirror image. For large
batteries with all charger spins up, with :math:`\tilde M=M+1,\ \tilde N=N+1` and :math:`r\le1` the
ratio of the smaller to the larger of them,

.. math:: \overline K\simeq2\sqrt{\tilde M\tilde N}\,{\rm artanh}\sqrt r
   \int_{-\infty}^\infty\frac{ds}{\cosh\pi s}\,\frac1{\Lambda-{\rm Re}\,\psi(\frac12+is)}
   -\frac12,\qquad\Lambda=\ln\frac{8\tilde M\tilde N}{|\tilde N-\tilde M|}.
"""

from __future__ import annotations

from typing import Any

import mpmath
from sympy import Expr, Float, S

from numerics.model import checks
from numerics.model.checks import invalid
from symbattery.core.expressions import exact, factored
from symbattery.dynamics.long_time import mean_populations
from symbattery.model.exact_model import refuse_reserved
from symbattery.sectors.chains import Chain
from symbattery.symbols import N, omega_0

__all__ = ["long_time_energy", "long_time_law"]

# The weight of what lies beyond is 1e−16, and the logarithm is still positive there.
_FARTHEST = 12


def long_time_energy(cells: int, chargers: Any = N, excited: Any = None) -> Expr:
    r"""The mean of E over all times, exact, from empty cells.

    Parameters
    ----------
    cells : positive int
    chargers : positive int or Symbol
        A symbol stands for at least as many as cells.
    excited : positive int or Symbol, optional
        Charger spins up; all by default. A symbol stands for at least as many as cells.

    Raises
    ------
    InvalidArgument
        A number is no positive integer, a symbol is one that the derivation uses, or more charger
        spins are excited than there are.
    UnsolvedError
        So many cells with symbols would take hours.
    """
    size = checks.positive_integer("cells", cells)
    count = exact(checks.positive_integer("chargers", chargers, symbolic=True))
    up = count
    if excited is not None:
        up = exact(checks.positive_integer("excited", excited, symbolic=True))
    refuse_reserved("chargers", count)
    refuse_reserved("excited", up)
    if (count - up).is_negative:
        raise invalid("excited", f"be at most the {count} charger spins", excited)
    if 2 * up - count == size:
        return omega_0 * size / 2
    top = min(size, int(up)) if up.is_Integer else size
    hops = [(k + 1) * (size - k) * (up - k) * (count - up + k + 1) for k in range(top)]
    chain = Chain(tuple(range(top + 1)), tuple(map(S, hops)), (S.Zero,) * (top + 1), 0)
    means = mean_populations(chain, S.One)
    return omega_0 * factored(sum((k * p for k, p in enumerate(means)), S.Zero))


def long_time_law(cells: int, chargers: int) -> Float:
    r"""The law of a large battery for the mean of E/ω₀ over all times, all charger spins up.

    A semiclassical law: what it misses was seen to fall below 0.05 from 10 cells on for N ≥ 2M or
    N ≤ M/2, and more slowly than 1/M; it is not proven. For N = M it is M/2, which is exact.

    Raises
    ------
    InvalidArgument
        A number is no positive integer.
    """
    sides = [checks.positive_integer(name, value) for name, value in
             (("cells", cells), ("chargers", chargers))]  # fmt: skip
    less, more = (mpmath.mpf(int(side) + 1) for side in sorted(sides))
    if less == more:
        return Float((less - 1) / 2)
    lag = mpmath.log(8 * less * more / (more - less))

    def share(s: Any) -> Any:
        return mpmath.sech(mpmath.pi * s) / (lag - mpmath.re(mpmath.digamma(0.5 + 1j * s)))

    orbit = 2 * mpmath.sqrt(less * more) * mpmath.atanh(mpmath.sqrt(less / more))
    return Float(2 * orbit * mpmath.quad(share, [0, 1, 3, _FARTHEST]) - mpmath.mpf(1) / 2)
