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
otherwise. ``derivations/asymptotics.py`` derives it and the next order in 1/M,
``asymptotics_power.py`` proves that each root below is the only one, and
``asymptotics_measured.py`` measures the errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import mpmath
from sympy import Eq, Expr, Max, Min, Piecewise, Rational, S, Symbol, exp, log, sqrt

from numerics.model import checks
from numerics.model.checks import invalid
from symbattery.core.expressions import exact
from symbattery.core.named_roots import ImplicitRoot
from symbattery.limits.trajectory_averages import (
    Filling,
    Rearranged,
    SecondMoment,
    scaled_integral,
    square_root,
)
from symbattery.maxima.result import Maximum
from symbattery.symbols import M, g, omega_0, t

__all__ = ["LargeBattery"]

_u = Symbol("u", real=True)
_z = Symbol("z", positive=True)
_LEAST_DEPTH = Rational(1, 2**20)


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
        return sqrt(self.ratio) * Filling(order, self._inverse_rho, _z)

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
        return law._in_time(law._excitations(size, order), size) * omega_0

    def density(self, filled: Any, u: Any = _u) -> Expr:
        r"""The density of K/M at ``filled``: of both waves, for r ≠ 1, without interference.

        It is :math:`z(1-x)^{-2}e^{-zx/(1-x)}` for r = 1, and for r ≠ 1

        .. math:: \rho=\sum_\pm\rho_\pm,\quad
           \rho_\pm=\frac{zw_\pm e^{-zw_\pm}}{x\sqrt{(1-x)(1-x/r)}},

        where the trajectory passes x at :math:`w_+` and :math:`w_-`. The populations of even and
        odd numbers then have the densities :math:`(\sqrt{\rho_+}\pm\sqrt{\rho_-})^2`.

        Raises
        ------
        InvalidArgument
            ``filled`` is not between 0 and 1 and r.
        """
        x, top = exact(checks.real("filled", filled, symbolic=True)), Min(1, self.ratio)
        if (x > 0) == False or (x < top) == False:  # noqa: E712
            raise invalid("filled", f"be above 0 and below {top}", filled)
        z, r = exp(-exact(checks.real("u", u, symbolic=True))), self.ratio
        rate, half = sqrt((1 - x) * (1 - x / r)), 1 - x * (1 + 1 / r) / 2
        early = (1 + sqrt(r)) ** 2 / (2 * r) * x / (half + rate)
        passed = [early] if r == 1 else [early, 1 / (self._inverse_rho * early)]
        return sum((z * w * exp(-z * w) / (x * rate) for w in passed), S.Zero)

    def variance(self, cells: Any = M, order: int = 0) -> Expr:
        r"""The law of the variance of the stored energy.

        :math:`M^2\omega_0^2(\langle x^2\rangle-\langle x\rangle^2)`; for r = 1
        :math:`\langle x^2\rangle=1-2ze+z-z^2e` with :math:`e=e^zE_1(z)`.
        """
        law, size = self._at(cells, order)
        square = size**2 * law._square(0)
        if order:
            square += size * law._early * (law._square(2) - law._square(1))
        mean = law._excitations(size, order) + order * S.Half
        return law._in_time(square - mean**2, size) * omega_0**2

    def entropy(self, cells: Any = M, order: int = 0) -> Expr:
        r"""The law of the entropy of either side, :math:`\ln M+1-\ln z-2e`, for r = 1.

        To the next order :math:`\langle x^2\rangle/(M+1)` more, with M + 1 in place of M.
        """
        law, size = self._of_equal_sides(cells, order)
        value = log(size) + 1 - log(_z) - 2 * scaled_integral(_z)
        return law._in_time(value + order * law._square(0) / size, size)

    def purity(self, cells: Any = M, order: int = 0) -> Expr:
        r"""The law of the purity of either side for r = 1.

        :math:`(\frac z2+\frac12+\frac1{4z})/M`; to the next order with M + 1 in place of M and
        :math:`\frac14(z-1-\frac1z)/(M+1)` more in the brackets.
        """
        law, size = self._of_equal_sides(cells, order)
        value = _z / 2 + S.Half + 1 / (4 * _z) + order * (_z - 1 - 1 / _z) / (4 * size)
        return law._in_time(value / size, size)

    def negativity(self, cells: Any = M, order: int = 0) -> Expr:
        r"""The law of the negativity, :math:`\frac M2\,ze^zE_1(\frac z2)^2`, for r = 1.

        To the next order it is :math:`\frac12[(M+1)(\sqrt z\,h+c)^2-1]` with
        :math:`h=e^{z/2}E_1(\frac z2)` and
        :math:`c=\frac{\sqrt z}{2(M+1)}[(1+2z+\frac{z^2}2)h-2-z]`.
        """
        law, size = self._of_equal_sides(cells, order)
        root = square_root(_z)
        bent = (1 + 2 * _z + _z**2 / 2) * root - sqrt(_z) * (2 + _z)
        value = (size * (root + order * bent / (2 * size)) ** 2 - order) / 2
        return law._in_time(value, size)

    def max_population(self, cells: Any = M, order: int = 0) -> Expr:
        r"""The law of the largest population for r = 1.

        :math:`\frac4ze^{z-2}/M` for z < 2, and z/M before; to the next order with M + 1 in place of
        M, times :math:`1+(\frac{z^2}2-1)/(M+1)`, or :math:`1+(2-\frac z2)/(M+1)`.
        """
        law, size = self._of_equal_sides(cells, order)
        inside = 4 * exp(_z - 2) / _z * (1 + order * (_z**2 / 2 - 1) / size)
        at_start = _z * (1 + order * (2 - _z / 2) / size)
        return law._in_time(Piecewise((inside, _z < 2), (at_start, True)) / size, size)

    def ergotropy(self, cells: Any = M, order: int = 0, sense: str = "full") -> Expr:
        r"""The law of the ergotropy in a sense.

        ``"full"``: :math:`E-\omega_0(1-p_{\max})`, for r = 1. ``"symmetric"``: E less the energy of
        the populations in decreasing order, to order 0 for r = 1, and 0 before z = 2. ``"local"``:
        :math:`\max(0,2E-M\omega_0)`. ``"daemonic"``: E.

        Raises
        ------
        InvalidArgument
            ``sense`` is another, or ``order`` is not known of it.
        """
        energy, size = self.energy(cells, order), _cells(cells)
        if sense == "daemonic":
            return energy
        if sense == "local":
            return Max(0, 2 * energy - size * omega_0)
        if sense == "full":
            return energy - omega_0 * (1 - self.max_population(cells, order))
        if sense != "symmetric":
            raise invalid("sense", "be full, symmetric, local or daemonic", sense)
        law, size = self._of_equal_sides(cells, order)
        if order:
            raise invalid("order", "be 0 for the symmetric sense", order)
        value = Piecewise((size * (self._curve(0) - Rearranged(_z)), _z < 2), (0, True))
        return law._in_time(value, size) * omega_0

    def max_entropy(self, cells: Any = M, order: int = 0) -> Maximum:
        r"""The law of the largest entropy for r = 1, at half charge.

        :math:`S_{\max}=\ln M+1-\ln z_*-1/z_*` at the root of :math:`2z_*e^{z_*}E_1(z_*)=1`, where
        f = 1/2; to the next order :math:`z_*/2(M+1)` more, with M + 1 in place of M.
        """
        law, size = self._of_equal_sides(cells, order)
        filling = law._curve(0)
        root = _Root(_z, filling - S.Half, S(2), Eq(filling, S.Half))
        value = log(size) + 1 - log(root) - 1 / root + order * root / (2 * size)
        # S′ = 1 − 2f and S″ = −2f′; of the next order ⟨x²⟩′ = 1 − z − z²/2 and f′ = (1 − z)/2.
        later = order * (1 - root - root**2 / 2) / ((1 - root) * size)
        time = law._time(root, size) + later / (2 * size * g)
        return Maximum(value, time, "first peak")

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
        bent = self._early * (self._curve(2) - self._curve(1))
        return size * self._curve(0) + bent - S.Half

    @property
    def _early(self) -> Expr:
        r"""M times half the weight of :math:`L_2(s)` in the next order of the distribution."""
        return (1 + 1 / self.ratio) / 4

    def _square(self, order: int) -> Expr:
        """The mean square of the trajectory (order 0) or its derivative in u, in z."""
        return self.ratio * SecondMoment(order, self._inverse_rho, _z)

    def _of_equal_sides(self, cells: Any, order: Any) -> tuple[LargeBattery, Expr]:
        if self.ratio != 1:
            words = (
                "be 1: the waves of other ratios interfere, and only E and its variance are known"
            )
            raise invalid("ratio", words, self.ratio)
        return self._at(cells, order)

    def _in_time(self, value: Expr, size: Expr) -> Expr:
        return value.subs(_z, exp(-self.argument(size)))

    def _time(self, z: Expr, size: Expr) -> Expr:
        return (self.lag(size) - log(z)) / (2 * sqrt(self.ratio) * size * g)


def _cells(value: Any) -> Expr:
    return _known("cells", exact(checks.positive_integer("cells", value, symbolic=True)))
