r"""Averages over the trajectories of a large battery, as functions that lose no digits.

The number of excited cells starts as :math:`sX` with s distributed as :math:`e^{-s}`, and fills
:math:`x(s/z)` of M cells, :math:`z=e^{-u}`, with the trajectory

.. math:: x(w)=\sqrt r\Big[\frac1{1+\kappa w}-\frac1{1+w}\Big],\qquad
   \kappa=\frac1\rho=\Big(\frac{1-\sqrt r}{1+\sqrt r}\Big)^2.
"""

from __future__ import annotations

from typing import Any

import mpmath
from sympy import Dummy, Expr, Function, Integral, LambertW, S, Symbol, exp, expint, lambdify, sqrt

from symbattery.core.named_roots import WrittenFunction

__all__ = ["Filling", "Rearranged", "SecondMoment", "scaled_integral", "square_root"]

_z, _c = Symbol("z", positive=True), Symbol("c")
_E1, _E2 = exp(_z) * expint(1, _z), exp(_z) * expint(2, _z)
_GUARD_BITS = 16


def _derivatives(wave: Expr) -> tuple[Expr, ...]:
    """A combination of E1 and E2 and its first two derivatives in u = −ln z."""
    one, two = Symbol("E1"), Symbol("E2")
    found = [wave.subs({_E1: one, _E2: two})]
    for _ in range(2):
        last = found[-1]
        by_z = last.diff(_z) + last.diff(one) * (one - 1 / _z) + last.diff(two) * (two - one)
        found.append((-_z * by_z).expand())
    return tuple(each.subs({one: _E1, two: _E2}) for each in found)


# f = e^z E2(z), and the square of a trajectory in two like terms, with f′ and f″ in u.
_FILLING = (_E2, _z * (_E1 - _E2), _z - _z * (_E1 - _E2) - _z**2 * (2 * _E1 - _E2))
_SQUARE = _derivatives((_z + _c) * _E2)


def _numerical(waves: tuple[Expr, ...]) -> list[Any]:
    in_e1 = exp(_z) * Function("e1")(_z)
    written = [wave.subs({_E1: in_e1, _E2: 1 - _z * in_e1}) for wave in waves]
    return [lambdify((_z, _c), wave, "mpmath") for wave in written]


_filling, _square = _numerical(_FILLING), _numerical(_SQUARE)


class Filling(WrittenFunction):
    r"""The derivative of an order in u of :math:`f(u)-f(u-\ln\rho)`, of 1/ρ and :math:`z=e^{-u}`.

    Computed with as many more digits as cancel between its terms, where z is large or small or ρ is
    close to 1.
    """

    nargs = (3,)

    @property
    def expression(self) -> Expr:
        order, inverse, z = self.args
        wave = _FILLING[int(order)]
        return wave.subs(_z, z) - (wave.subs(_z, z / inverse) if inverse != 0 else S.Zero)

    @staticmethod
    def _imp_(order: Any, inverse: Any, z: Any) -> mpmath.mpf:
        wave, inverse, z = _filling[int(order)], mpmath.mpmathify(inverse), mpmath.mpmathify(z)
        lost = 3 * abs(mpmath.mag(z)) + abs(mpmath.mag(1 - inverse))
        with mpmath.workprec(mpmath.mp.prec + lost + _GUARD_BITS):
            value = wave(z, 0) - (wave(z / inverse, 0) if inverse else 0)
        return +value


class SecondMoment(WrittenFunction):
    r"""The derivative of an order in u of :math:`\langle x^2\rangle/r`, of 1/ρ and z.

    With κ = 1/ρ it is :math:`f_2(z)+f_2'(z/\kappa)-2`, the two with
    :math:`(z+c)\,e^zE_2(z)`, :math:`c=\frac2{1-\kappa}` and :math:`\frac{-2\kappa}{1-\kappa}`.
    """

    nargs = (3,)

    @property
    def expression(self) -> Expr:
        order, inverse, z = self.args
        first = _SQUARE[int(order)].subs({_c: 2 / (1 - inverse), _z: z})
        if inverse == 0:
            # The second one, of an infinite argument, is 1.
            return first - 1 if order == 0 else first
        second = _SQUARE[int(order)].subs({_c: -2 * inverse / (1 - inverse), _z: z / inverse})
        return first + second - (2 if order == 0 else 0)

    @staticmethod
    def _imp_(order: Any, inverse: Any, z: Any) -> mpmath.mpf:
        wave, inverse, z = _square[int(order)], mpmath.mpmathify(inverse), mpmath.mpmathify(z)
        sizes = z, 1 - inverse, *([z / inverse] if inverse else [])
        lost = 6 * sum(abs(mpmath.mag(size)) for size in sizes)
        with mpmath.workprec(mpmath.mp.prec + lost + _GUARD_BITS):
            value = wave(z, 2 / (1 - inverse)) - (0 if order else 2 if inverse else 1)
            if inverse:
                value += wave(z / inverse, -2 * inverse / (1 - inverse))
        return +value


class Rearranged(WrittenFunction):
    r"""The mean :math:`\int x\,\rho^\downarrow dx` of the density in decreasing order, r = 1.

    It is :math:`\frac12\int\ell^2d\lambda` over the lengths where the density exceeds λ. With
    :math:`w=z/(1-x)` the density is :math:`w^2e^{z-w}/z`, as large at w as at
    :math:`w'=-2W_{-1}(-\frac w2e^{-w/2})`. From z = 2 on it decreases already.
    """

    nargs = (1,)

    @property
    def expression(self) -> Expr:
        (z,) = self.args
        w = Dummy("w")
        far = -2 * LambertW(-w / 2 * exp(-w / 2), -1)
        weight = w * exp(z - w) / z
        end = far.subs(w, z)
        both = Integral((z / w - z / far) ** 2 * (2 - w) * weight, (w, z, 2))
        one = Integral((1 - z / w) ** 2 * (w - 2) * weight, (w, end, S.Infinity))
        return (both + one) / 2

    @staticmethod
    def _imp_(z: Any) -> mpmath.mpf:
        z = mpmath.mpmathify(z)
        with mpmath.workprec(mpmath.mp.prec + 2 * _GUARD_BITS):
            near = z < 2

            def far(w: Any) -> mpmath.mpf:
                if w >= 2:
                    return w
                return -2 * mpmath.lambertw(-w / 2 * mpmath.exp(-w / 2), -1).real

            def weight(w: Any) -> mpmath.mpf:
                return w * mpmath.exp(z - w) / z

            end = far(z) if near else z
            both = (
                mpmath.quad(lambda w: (z / w - z / far(w)) ** 2 * (2 - w) * weight(w), [z, 2])
                if near
                else 0
            )
            scale = [end, end + 1, end + 4, end + 16, end + 64, mpmath.inf]
            one = mpmath.quad(lambda w: (1 - z / w) ** 2 * (w - 2) * weight(w), scale)
            value = (both + one) / 2
        return +value


def scaled_integral(z: Expr) -> Expr:
    """The function :math:`e^zE_1(z)`."""
    return (1 - Filling(0, 0, z)) / z


def square_root(z: Expr) -> Expr:
    r"""The integral of the root of the density, :math:`\sqrt z\,e^{z/2}E_1(z/2)`, r = 1."""
    return sqrt(z) * scaled_integral(z / 2)
