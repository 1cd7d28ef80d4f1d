r"""The number m of excited charger spins that charges best, at γ = 0 on resonance, cells down.

Measured from the middle of both ladders, :math:`y=k-\tfrac{M-1}2` and
:math:`\sigma=m-\tfrac{M+N}2`, the squared hop from k to k + 1 is

.. math:: g^2\Big[\big(\tfrac{M+1}2\big)^2-y^2\Big]\Big[\big(\tfrac{N+1}2\big)^2-(y-\sigma)^2\Big],

:math:`g(N+1)` times that of :math:`S_x` for the cells' spin M/2, but for the small
:math:`\epsilon^2=1/(N+1)^2` in :math:`\sqrt{1-4\epsilon^2(y-\sigma)^2}`. A half turn fills all
cells; perturbation theory in :math:`\epsilon^2` says what is missing
(``derivations/best_start.py``).

In large batteries, :math:`N=rM`, the energy follows the classical motion

.. math:: \dot k=2g\sqrt{k(k+d)(M-k)(m-k)},\qquad d=N-m,

which leaves the empty battery at once where d is a part of N. So the best power grows like
:math:`M^2` without the logarithm of the start with all spins up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mpmath
from sympy import Expr, Float, Rational, binomial, factor, pi

from numerics.model import checks
from numerics.model.checks import invalid
from symbattery.core.expressions import exact
from symbattery.maxima.power import power_root
from symbattery.maxima.result import Maximum
from symbattery.symbols import M, N, g, omega_0

__all__ = ["BalancedStart", "BestPower", "best_power"]

_GUARD_DIGITS = 10
_FARTHEST = 1000
# Near m/M - (1 + r)/2 and E/(Mω0): the values for r → ∞, and what of 1/r² is added.
_FAR = ((-0.1554, -0.0759), (0.8446, -0.1976))
# Near m/N and E/(Nω0): the values for r → 0, and what of r and of r³ is added.
_NEAR = ((0.8182, -0.0152, -0.034), (0.7702, -0.045, -0.078))


@dataclass(frozen=True)
class BalancedStart:
    r"""The best numbers of excited charger spins for N ≫ M, and what they reach.

    Parameters
    ----------
    cells, chargers : positive int or Symbol
        M and N, at least as many charger spins as cells.

    Raises
    ------
    InvalidArgument
        A number is no positive integer, ``chargers`` is less than ``cells``, or ``order`` is
        neither 0 nor 1.
    """

    cells: Any = M
    chargers: Any = N

    def __post_init__(self) -> None:
        for name in ("cells", "chargers"):
            value = checks.positive_integer(name, getattr(self, name), symbolic=True)
            object.__setattr__(self, name, exact(value))
        if (self.chargers - self.cells).is_negative:
            raise invalid("chargers", f"be at least the {self.cells} cells", self.chargers)

    @property
    def _small(self) -> Expr:
        """ε²."""
        return 1 / (self.chargers + 1) ** 2

    @property
    def excited_for_energy(self) -> Expr:
        r""":math:`(M+N)/2`; where that is no integer, both neighbours."""
        return (self.cells + self.chargers) / 2

    @property
    def excited_for_power(self) -> Expr:
        r""":math:`\tfrac{M+N}2-\frac{M-1}{1+4\varphi^2}` with :math:`\tan\varphi=2\varphi`."""
        return self.excited_for_energy - (self.cells - 1) / (1 + 4 * power_root(exact(0)) ** 2)

    def max_energy(self, order: int = 1) -> Maximum:
        r"""The first peak of E from (M+N)/2 excited charger spins.

        .. math:: \frac E{\omega_0}=M-\frac{27\pi^2}{16}\binom M3\epsilon^4
           \Big[1+\frac34M(M-1)\epsilon^2+O(\epsilon^4)\Big].

        ``order=0`` leaves the last term out, and the last of the time
        :math:`\pi\epsilon[1+\tfrac14M(M-1)\epsilon^2+\dots]/g`.
        """
        if not isinstance(order, int) or isinstance(order, bool) or order not in (0, 1):
            raise invalid("order", "be 0 or 1", order)
        if self.excited_for_energy.is_integer is False:
            raise invalid("chargers", "be even or odd as `cells` is", self.chargers)
        size, small = self.cells, self._small
        lost = Rational(27, 16) * pi**2 * _polynomial(binomial(size, 3)) * small**2
        later = size * (size - 1) * small / 4
        if order:
            lost *= 1 + Rational(3, 4) * size * (size - 1) * small
            bent = 9 * size**3 + 3 * size**2 - 102 * size + 144
            later += (size - 1) * bent * small**2 / 64
        time = pi * (1 + later) / ((self.chargers + 1) * g)
        return Maximum(omega_0 * (size - lost), time, "first peak")

    def missing(self, excited: Any) -> Expr:
        r"""The energy :math:`M\omega_0-E` missing at the first peak, to leading order in 1/N.

        .. math:: \frac{\omega_0}{(N+1)^4}\Big[16\sigma^2M(M-1)+\frac{27\pi^2}{16}\binom M3\Big].

        Parameters
        ----------
        excited : positive int or Symbol
            m, a bounded distance :math:`\sigma` from (M+N)/2.
        """
        number = exact(checks.positive_integer("excited", excited, symbolic=True))
        away = number - self.excited_for_energy
        size = self.cells
        turned = 16 * away**2 * size * (size - 1)
        bent = Rational(27, 16) * pi**2 * _polynomial(binomial(size, 3))
        return omega_0 * self._small**2 * (turned + bent)


def _polynomial(value: Expr) -> Expr:
    return factor(value.expand(func=True))


@dataclass(frozen=True)
class BestPower:
    r"""The largest power of the best start of a large battery, :math:`N=rM`.

    Attributes
    ----------
    excited : Float
        m/N, the part of the charger spins that is excited.
    power : Float
        :math:`P_{\max}/(g\omega_0MN)`.
    filling : Float
        :math:`E/(M\omega_0)` when the power is largest.
    """

    excited: Float
    power: Float
    filling: Float


def best_power(ratio: Any = 1, digits: int = 15) -> BestPower:
    r"""The law of the largest power, over all times and all starts, for M → ∞ at :math:`N=rM`.

    With :math:`\kappa=k/M` and :math:`\mu=m/M` the time of the classical motion is

    .. math:: Mgt=\int_0^{\sqrt\kappa}\frac{dq}{\sqrt{(q^2+r-\mu)(1-q^2)(\mu-q^2)}},

    and κ/t is stationary in κ and μ. Leading order, by the classical motion; the error falls like
    1/M.

    Parameters
    ----------
    ratio : positive
        N/M, from 1/1000 to 1000.
    digits : positive int

    Raises
    ------
    InvalidArgument
        ``ratio`` or ``digits`` is none.
    """
    wanted = checks.positive_number("ratio", ratio)
    if not 1 / _FARTHEST <= float(wanted) <= _FARTHEST:
        raise invalid("ratio", f"be between 1/{_FARTHEST} and {_FARTHEST}", ratio)
    digits = checks.digits(digits)
    with mpmath.workdps(digits + _GUARD_DIGITS):
        end = mpmath.mpmathify(exact(wanted).evalf(mpmath.mp.dps))
        if end >= 1:
            near = [far + more / end**2 for far, more in _FAR]
        else:
            up, filled = ((a + b * end + c * end**3) * end for a, b, c in _NEAR)
            near = [up - (1 + end) / 2, filled]
        away, filling = mpmath.findroot(_stationary(end), near)
        excited = away + (1 + end) / 2
        power = filling / (_duration(end, excited, filling) * end)
        return BestPower(*(Float(value, digits) for value in (excited / end, power, filling)))


def _duration(r: Any, m: Any, kappa: Any, weight: Any = lambda q: 1) -> Any:
    """The time in 1/(Mg), or the integral with a weight; m in units of M."""

    def integrand(q: Any) -> Any:
        return weight(q) / mpmath.sqrt((q**2 + r - m) * (1 - q**2) * (m - q**2))

    return mpmath.quad(integrand, [0, mpmath.sqrt(kappa)])


def _stationary(r: Any) -> Any:
    """Conditions for the best m - (1 + r)/2 and κ: the derivatives of t by m, of κ/t by κ."""

    def conditions(away: Any, kappa: Any) -> tuple[Any, Any]:
        m = away + (1 + r) / 2
        time = _duration(r, m, kappa)
        moved = _duration(r, m, kappa, lambda q: r / (q**2 + r - m) - r / (m - q**2))
        speed = mpmath.sqrt(kappa * (kappa + r - m) * (1 - kappa) * (m - kappa))
        return moved * r, 2 * speed * time / kappa - 1

    return conditions
