r"""Damped waves as entire functions of their squared frequency, and sums of them near the start."""

from __future__ import annotations

from typing import Any, ClassVar

from sympy import Abs, Expr, Function, Piecewise, S, cos, exp, sin, sqrt, tanh

__all__ = ["DampedCosine", "DampedSine", "NearStart"]

# Next to nothing beside any frequency.
_TINY = S(2) ** -960
# Of terms that cancel in doubles. Its power is beyond these, those below it have slopes in them.
_LARGEST, _BEYOND = S(2) ** 20, 52


class _Damped(Function):
    r"""A wave with the damping a and the squared frequency x, at a time."""

    nargs = 3
    is_real = True
    mpmath: ClassVar[str]

    def _mpmathcode(self, printer: Any) -> str:
        damping, square, time = map(printer._print, self.args)
        return self.mpmath.format(a=damping, x=square, t=time)

    def _rate(self) -> Expr:
        return sqrt(Abs(self.args[1]) + _TINY)


class DampedSine(_Damped):
    r"""The wave :math:`e^{-at}\sin(\sqrt xt)/\sqrt x`."""

    mpmath = "re(exp(-({a})*({t}))*({t})*sinc(sqrt({x})*({t})))"

    def fdiff(self, argindex: int = 3) -> Expr:
        damping, square, time = self.args
        return DampedCosine(damping, square, time) - damping * self

    @property
    def in_doubles(self) -> Expr:
        """The wave in real functions, of which none overflows."""
        damping, square, time = self.args
        rate = self._rate()
        slope = tanh(rate * time)
        over = exp(-(damping - rate) * time) * slope / (1 + slope) / rate
        return Piecewise((exp(-damping * time) * sin(rate * time) / rate, square > 0), (over, True))


class DampedCosine(_Damped):
    r"""The wave :math:`e^{-at}\cos\sqrt xt`."""

    mpmath = "re(exp(-({a})*({t}))*cos(sqrt({x})*({t})))"

    def fdiff(self, argindex: int = 3) -> Expr:
        damping, square, time = self.args
        return -square * DampedSine(damping, square, time) - damping * self

    @property
    def in_doubles(self) -> Expr:
        """The wave in real functions, of which none overflows."""
        damping, square, time = self.args
        rate = self._rate()
        over = exp(-(damping - rate) * time) / (1 + tanh(rate * time))
        return Piecewise((exp(-damping * time) * cos(rate * time), square > 0), (over, True))


class NearStart(Function):
    """A function of time, and its Taylor series, to be taken while a phase is below 1.

    The size of its terms is the last argument: where two frequencies all but coincide these cancel,
    and have too few digits. There is no finite value then.
    """

    nargs = 4
    is_real = True

    def _eval_derivative(self, s: Expr) -> Expr:
        closed, series, phase, size = self.args
        return NearStart(closed.diff(s), series.diff(s), phase, size)

    def _mpmathcode(self, printer: Any) -> str:
        # Half of the digits are there to be lost.
        closed, _, _, size = map(printer._print, self.args)
        return f"(({closed}) if ({size})*sqrt(eps) < 1 else nan)"

    @property
    def in_doubles(self) -> Expr:
        """The series where it holds."""
        closed, series, phase, size = self.args
        return Piecewise((series, phase < 1), (closed, size < _LARGEST), (size**_BEYOND, True))
