"""E(t) with a proven radius."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import mpmath
from flint import arb

from numerics.certified.exact import (
    Exact,
    ball,
    centre,
    dyadic,
    exact,
    exact_problem,
    is_blurred,
    upper,
    working,
)
from numerics.certified.results import Enclosure, NotCertifiedError
from numerics.certified.weighted_states import Ensemble, ensemble
from numerics.model.checks import positive_integer
from numerics.model.models import Model
from numerics.model.problem import Problem
from numerics.model.states import InitialState

__all__ = ["enclosed", "energy", "prepared"]

_TRIES = 6
# Weights below 2^−1000 vanish as doubles, which is how their number is estimated.
_LEAST = 1000


def enclosed(value: arb, remainder: arb) -> Enclosure:
    """A ball as midpoint and radius in mpmath's numbers, both exact."""
    return Enclosure(*(_mpf(part) for part in (value.mid(), value.rad(), upper(remainder))))


def _mpf(value: arb) -> mpmath.mpf:
    mantissa, exponent = (int(part) for part in value.man_exp())
    return mpmath.mp.make_mpf(mpmath.libmp.from_man_exp(mantissa, exponent))


def _bits(digits: int, angle: float, size: int) -> int:
    """Bits that make the sum of all bounds smaller than asked for: z^(5/2) √d units, and room.

    At small times E grows as t²; it shall have as many significant digits.
    """
    spread = 2.5 * math.log2(1 + angle) + 0.5 * math.log2(size) + 2 * math.log2(1 + 1 / angle)
    return math.ceil(digits * math.log2(10) + spread) + 16


def prepared(problem: Problem[Exact], until: Fraction, digits: int) -> tuple[int, Ensemble]:
    """An ensemble at time 0 that carries ``digits`` digits to the time ``until``, and its bits."""
    bits = math.ceil(digits * math.log2(10)) + 24
    while True:
        with working(bits):
            made = ensemble(problem, bits, until, arb(2) ** -min(bits, _LEAST))
            angle = float(made.scale * until)
            if not made.walkers or angle == 0:
                return bits, made
            needed = _bits(digits, angle, made.size)
            if needed <= bits:
                return bits, made
            bits = needed


def energy(
    model: Model,
    time: Any,
    digits: Any = 50,
    initial: InitialState | None = None,
    *,
    floats: bool = False,
) -> Enclosure:
    r"""The stored energy E(t) of Eq. (7), with a proven radius.

    Parameters
    ----------
    model : SpinCharger or CavityCharger
        With exact numbers; a ball (``arb``) stands for each of its values.
    time : real
        In 1/energy, exact or a ball.
    digits : positive int
        The radius is at most ``10**-digits`` M ω0 (balls in model, state or time make it as large
        as they must). At small times, where :math:`E\propto t^2`, so many digits are significant.
    initial : state, optional
        The ideal start by default.
    floats : bool
        Take floats for the binary numbers they are instead of refusing them.

    Returns
    -------
    Enclosure
        In the unit of ``frequency``.

    Raises
    ------
    InvalidArgument
        No model or state, a symbol or a float in it, or a ``time`` or ``digits`` that is none.
    CutoffError
        A cavity with γ > 0 would need more photons than can be afforded.
    """
    digits = positive_integer("digits", digits)
    when = exact("time", time, floats=floats)
    problem = exact_problem(model, initial, floats=floats)
    around: arb | None = None
    if isinstance(when, arb):
        # E is even in time, H and the start being real.
        middle = abs(centre(when))
        around = None if when.is_exact() else when.rad()
        until = middle + (Fraction(0) if around is None else dyadic(upper(around)))
    else:
        until = middle = abs(Fraction(int(when.p), int(when.q)))
    asked = digits
    for _ in range(_TRIES):
        bits, start = prepared(problem, until, asked)
        with working(bits):
            value, remainder = start.at(middle).energy(around)
            allowed = ball(Fraction(1, 10**digits)) * start.frequency * start.cells
            if is_blurred(problem) or around is not None or value.rad() <= allowed.lower():
                return enclosed(value, remainder)
        asked += 10
    raise NotCertifiedError(f"`digits` = {digits} could not be reached at `time` = {time}")
