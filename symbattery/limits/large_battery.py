r"""Large batteries: M cells charged by N = rM charger spins, all up, for M → ∞ at γ = 0.

The hops :math:`g(k+1)\sqrt{(M-k)(N-k)}` first amplify: the number of excited cells is
geometrically distributed, with a mean that grows like :math:`X=\tfrac14e^{2\sqrt{MN}\,gt}`. Then
each :math:`k=sX`, with :math:`s` distributed as :math:`e^{-s}`, moves along the classical
trajectory :math:`\dot k=2gk\sqrt{(M-k)(N-k)}`. The average over :math:`s` is, with
:math:`z=e^{-u}`,

.. math:: \frac{E(t)}{M\omega_0}\to f_r(u)=\sqrt r\,[f(u)-f(u-\ln\rho)],\qquad
   f(u)=1-ze^zE_1(z)=e^zE_2(z),

.. math:: u=2\sqrt r\,Mgt-\Lambda,\qquad \Lambda=\ln\frac{16rM}{(1+\sqrt r)^2},\qquad
   \rho=\Big(\frac{1+\sqrt r}{1-\sqrt r}\Big)^2,

and :math:`f_1=f`, :math:`\Lambda=\ln4M` for :math:`r=1`: up to the first peak there, and beyond it
otherwise. ``derivations/asymptotics.py`` derives it and the next order in 1/M, proves that each
root below is the only one, and measures the errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import mpmath
from sympy import (
    Eq,
    Expr,
    Function,
    Min,
    Rational,
    S,
    Symbol,
    exp,
    expint,
    lambdify,
    log,
    sqrt,
)

from numerics.model import checks
from numerics.model.checks import invalid
from symbattery.core.expressions import exact
from symbattery.core.named_roots import ImplicitRoot, WrittenFunction
from symbattery.maxima.result import Maximum
from symbattery.symbols import M, g, omega_0, t

__all__ = ["LargeBattery"]

_u = Symbol("u", real=True)
_z = Symbol("z", positive=True)
# f = e^z E2(z) and its derivatives f′ and f″ in u.
_E1, _E2 = exp(_z) * expint(1, _z), exp(_z) * expint(2, _z)
_WAVES = (_E2, _z * (_E1 - _E2), _z - _z * (_E1 - _E2) - _z**2 * (2 * _E1 - _E2))
_in_e1 = exp(_z) * Function("e1")(_z)
_waves = [lambdify(_z, wave.subs({_E1: _in_e1, _E2: 1 - _z * _in_e1}), "mpmath") for wave in _WAVES]
_GUARD_BITS = 16
_LEAST_DEPTH = Rational(1, 2**20)


class _Filling(WrittenFunction):
    r"""The derivative of an order in u of :math:`f(u)-f(u-\ln\rho)`, of 1/ρ and :math:`z=e^{-u}`.

    Computed with as many more digits as cancel between its terms, where z is large or small or ρ is
    close to 1.
    """

    nargs = (3,)

    @property
    def expression(self) -> Expr:
        order, inverse, z = self.args
        wave = _WAVES[int(order)]
        return wave.subs(_z, z) - (wave.subs(_z, z / inverse) if inverse != 0 else S.Zero)

    @staticmethod
    def _imp_(order: Any, inverse: Any, z: Any) -> mpmath.mpf:
        wave, inverse, z = _waves[int(order)], mpmath.mpmathify(inverse), mpmath.mpmathify(z)
        lost = 3 * abs(mpmath.mag(z)) + abs(mpmath.mag(1 - inverse))
        with mpmath.workprec(mpmath.mp.prec + lost + _GUARD_BITS):
            value = wave(z) - (wave(z / inverse) if inverse else 0)
        return +value


class _Root(ImplicitRoot):
    """The root in z = e^(−u); refuses parameters for which there is none."""

    def _digits(self, prec: int) -> mpmath.mpf:
        if not _falls(self):
            raise ArithmeticError("the law has no such point: the battery is too small for it")
        return super()._digits(prec)


@lru_cache(maxsize=256)
def _falls(root: ImplicitRoot) -> bool:
    at_upper = root.function.subs(root.variable, root.upper)
    return bool(at_upper.evalf() < -_LEAST_DEPTH)


def _known(name: str, value: Expr) -> Expr:
    """``value``, once it is known to be positive."""
    if value.is_positive is not True:
        raise invalid(name, "be known to be positive (declare the symbol so)", value)
    return value


@dataclass(frozen=True)
class LargeBattery:
    r"""The laws of a large battery with :math:`N=rM` charger spins, all up at the start.

    Each law takes the number of cells as a number or a symbol. ``order=0`` is the limit, whose
    relative error falls like 1/M; ``order=1`` has the next term, and an error that falls like
    1/M² up to a logarithm.

    Parameters
    ----------
    ratio : positive
        :math:`r=N/M`; a float is read as its shortest decimal, and a symbol stands for r ≠ 1.

    Raises
    ------
    InvalidArgument
        ``ratio`` is not positive and finite, or a symbol not known to be positive. Of every law:
        ``cells`` is not a positive integer (or a symbol known to be one), ``order`` is neither 0
        nor 1, ``u`` is not finite and real, or the battery is so small (about two cells or charger
        spins) that the law has no largest power.
    """

    ratio: Any = 1

    def __post_init__(self) -> None:
        ratio = exact(checks.positive_number("ratio", self.ratio, symbolic=True))
        object.__setattr__(self, "ratio", _known("ratio", ratio))

    @property
    def return_delay(self) -> Expr:
        r""":math:`\ln\rho`: trajectories turn back so much later in u; infinite for r = 1."""
        return log(1 / self._inverse_rho) if self.ratio != 1 else S.Infinity

    @property
    def _inverse_rho(self) -> Expr:
        root = sqrt(self.ratio)
        return ((root - 1) / (root + 1)) ** 2

    def filling(self, u: Any = _u) -> Expr:
        r"""The limit :math:`f_r(u)` of :math:`E/(M\omega_0)` at a finite real ``u``."""
        return self._curve(0).subs(_z, exp(-exact(checks.real("u", u, symbolic=True))))

    def _curve(self, order: int) -> Expr:
        """The filling (order 0) or its derivative of an order with respect to u, in z."""
        return sqrt(self.ratio) * _Filling(order, self._inverse_rho, _z)

    def lag(self, cells: Any = M) -> Expr:
        r"""The constant :math:`\Lambda=\ln[16rM/(1+\sqrt r)^2]` of the start."""
        return log(16 * self.ratio * _cells(cells) / (1 + sqrt(self.ratio)) ** 2)

    def argument(self, cells: Any = M) -> Expr:
        r"""The variable :math:`u=2\sqrt r\,Mgt-\Lambda` as a function of t."""
        return 2 * sqrt(self.ratio) * _cells(cells) * g * t - self.lag(cells)

    def energy(self, cells: Any = M, order: int = 0) -> Expr:
        r"""The law of E(t).

        :math:`M\omega_0f_r(u)`, or to the next order, with :math:`\tilde M=M+1`,
        :math:`\tilde N=N+1` in place of M and N in r and u,

        .. math:: E=\omega_0\Big[\tilde Mf_r+\tfrac14\Big(1+\frac1r\Big)(f_r''-f_r')-\tfrac12\Big].
        """
        law, size = self._at(cells, order)
        return law._excitations(size, order).subs(_z, exp(-law.argument(size))) * omega_0

    def max_energy(self, cells: Any = M) -> Maximum:
        r"""The limit of the first peak of E, :math:`M\omega_0\max_uf_r(u)`.

        For r = 1 it is :math:`M\omega_0`, which the law approaches but never reaches.
        """
        size = _cells(cells)
        if self.ratio == 1:
            return Maximum(size * omega_0, None, "first peak")
        root = _Root(_z, -self._curve(1), self._upper, Eq(self._curve(1), 0))
        value = size * omega_0 * self._curve(0).subs(_z, root)
        return Maximum(value, self._time(root, size), "first peak")

    def max_power(self, cells: Any = M, order: int = 0) -> Maximum:
        r"""The law of the largest average power.

        :math:`2\sqrt r\,M^2g\omega_0f_r(u_*)/(u_*+\Lambda)` at the root of
        :math:`f_r'(u)(u+\Lambda)=f_r(u)`; its variable is :math:`z=e^{-u}`. To the next order the
        power of that order is taken at the same root (with M + 1, N + 1), where it is stationary
        to this accuracy.
        """
        law, size = self._at(cells, order)
        filling, slope, elapsed = law._curve(0), law._curve(1), law.lag(size) - log(_z)
        root = _Root(_z, filling - elapsed * slope, law._upper, Eq(slope * elapsed, filling))
        if not root.free_symbols and not _falls(root):
            raise invalid("cells", "be larger, for the law to have a largest power", cells)
        time = law._time(root, size)
        return Maximum(
            omega_0 * law._excitations(size, order).subs(_z, root) / time, time, "supremum"
        )

    def exponent(self, cells: Any = M) -> Expr:
        r"""The exponent :math:`\beta=d\ln\eta/d\ln M` of the law, :math:`1-1/(u_*+\Lambda)`.

        As :math:`P_{\max}\propto M^2\max_uf_r/(u+\Lambda)`, only the derivative of :math:`\Lambda`
        counts at the maximum; the single cell's power does not depend on M.
        """
        power = self.max_power(cells)
        return 1 - 1 / (2 * sqrt(self.ratio) * _cells(cells) * g * power.time)

    def size_for_exponent(self, beta: Any) -> Expr:
        r"""The size M beyond which the exponent of the law exceeds ``beta``.

        At the largest power :math:`\beta=1-f_r'/f_r`, in which M does not occur. Its root
        :math:`z` gives :math:`M=z\,e^{1/(1-\beta)}(1+\sqrt r)^2/(16r)`.

        Raises
        ------
        InvalidArgument
            ``beta`` is not below 1, or not above what the law gives for the smallest batteries
            (0.52 for r = 1, where it is 0.74 for three cells).
        """
        if checks.number("beta", beta) >= 1:
            raise invalid("beta", "be below 1", beta)
        rest = 1 - exact(beta)
        filling, slope = self._curve(0), self._curve(1)
        root = _Root(_z, rest * filling - slope, self._upper, Eq(slope / filling, rest))
        if not root.free_symbols and not _falls(root):
            least = (1 - slope / filling).subs(_z, self._upper).evalf(3)
            raise invalid("beta", f"be above {least}, which the smallest batteries have", beta)
        return root * (1 + sqrt(self.ratio)) ** 2 / (16 * self.ratio) * exp(1 / rest)

    @property
    def _upper(self) -> Expr:
        """A z close to where the slope of f_r(u) falls: E/t falls there at first, then rises."""
        return (2 - Min(sqrt(self.ratio), 1 / sqrt(self.ratio))) ** 2

    def _at(self, cells: Any, order: Any) -> tuple[LargeBattery, Expr]:
        """The ratio and the size that stand in the law of an order."""
        size = _cells(cells)
        if not isinstance(order, int) or isinstance(order, bool) or order not in (0, 1):
            raise invalid("order", "be 0 or 1", order)
        if order == 0:
            return self, size
        return LargeBattery((self.ratio * size + 1) / (size + 1)), size + 1

    def _excitations(self, size: Expr, order: int) -> Expr:
        """E/ω₀ in z, at the ratio and the size of the order."""
        if order == 0:
            return size * self._curve(0)
        early = (1 + 1 / self.ratio) / 4 * (self._curve(2) - self._curve(1))
        return size * self._curve(0) + early - S.Half

    def _time(self, z: Expr, size: Expr) -> Expr:
        return (self.lag(size) - log(z)) / (2 * sqrt(self.ratio) * size * g)


def _cells(value: Any) -> Expr:
    return _known("cells", exact(checks.positive_integer("cells", value, symbolic=True)))
