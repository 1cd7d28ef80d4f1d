r"""The exact motion on a chain that has one frequency.

With the leading and trailing characteristic polynomials of a Jacobi matrix the amplitude from
level :math:`s` to level :math:`k` is the sum of residues

.. math::

    c_k(t)=\Big(\prod_{\text{hops }s\to k} b\Big)\sum_x
    \frac{\chi_{<\min}(x)\,\chi_{>\max}(x)}{\chi'(x)}\,e^{-ixt}

over the roots :math:`x` of :math:`\chi`. A chiral chain (constant diagonal) has the roots
:math:`\pm\Omega`, and 0 for an odd length, which combine to real cosines and sines. The value at
:math:`t=0` fixes the part of the zero root, so that :math:`1-\cos` never appears, only
:math:`\sin^2`: nothing cancels at small times.

A dimensionless frequency that an author would spell out (:math:`\sqrt{N}`, :math:`2\sqrt5`) stays
in place; a longer one is named :math:`\xi` (or :math:`\xi_1,\xi_2,\dots`), and one that carries a
unit of its own (a detuning) :math:`\Omega`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from sympy import Abs, Add, Expr, I, Integer, Poly, S, Symbol, cancel, cos, exp, prod, sin, sqrt

from symbattery.core.expressions import factored, shortest_form
from symbattery.dynamics.frequencies import resolvent
from symbattery.sectors.chains import Chain

__all__ = [
    "Names",
    "RabiTerm",
    "amplitudes",
    "frequency_squared",
    "name_frequencies",
    "populations",
    "rabi_term",
]


@dataclass(frozen=True)
class RabiTerm:
    r"""A stored energy :math:`E/\omega_0=a\,\sin^2\varphi\,(1+r\sin^2\varphi)`.

    Attributes
    ----------
    rate : Expr
        :math:`\varphi/t`, as it is written.
    size, ratio : Expr
        :math:`a` and :math:`r`.
    """

    rate: Expr
    size: Expr
    ratio: Expr

    def energy(self, sine_squared: Expr) -> Expr:
        """The term in units of ω₀, with ``sine_squared`` for sin²φ."""
        return self.size * sine_squared * (1 + self.ratio * sine_squared)


def frequency_squared(chain: Chain) -> Expr:
    r"""The square of the only frequency :math:`\Omega` of the chain."""
    if len(chain.levels) == 2:
        # A detuned pair of levels: the generalised Rabi frequency.
        detuning = chain.diagonal[1] - chain.diagonal[0]
        # Not expanded: near resonance the terms of the square would cancel.
        return chain.hops_squared[0] + detuning**2 / 4
    return shortest_form(sum(chain.hops_squared, S.Zero))


def _residue(chain: Chain, k: int, rate: Expr) -> Expr:
    """Weight of e^(-iΩt) in c_k, for a chiral chain and ``rate`` = Ω."""
    parts = resolvent(chain)
    square = sum(chain.hops_squared, S.Zero)
    value, odd = _at_root(parts.numerator(k), square)
    steepness, slope_odd = _at_root(parts.chi.diff(), square)
    hops = prod(parts.hops_squared(k))
    if odd == slope_odd:
        return sqrt(hops) * factored(value / steepness)
    # A single power of Ω left over stands below the line, unless the hops cancel it.
    value = factored(value * square / steepness) if odd else factored(value / steepness)
    cancelled = factored(hops / square)
    return value * (sqrt(hops) / rate if cancelled.free_symbols else sqrt(cancelled))


def _at_root(polynomial: Poly, square: Expr) -> tuple[Expr, bool]:
    """An even or odd polynomial at x = Ω: its value but for a last odd power, and if it is odd."""
    terms = polynomial.terms()
    odd = bool(terms[0][0][0] % 2)
    return sum((a * square ** (power // 2) for (power,), a in terms), S.Zero), odd


@lru_cache(maxsize=1024)
def amplitudes(chain: Chain, rate: Expr, time: Expr, sign: int = 1) -> tuple[Expr, ...]:
    r"""The amplitude :math:`c_k(t)` of each level.

    Parameters
    ----------
    chain : Chain
        Of at most three levels (two, if it has a diagonal).
    rate : Expr
        How :math:`\Omega` is to be written.
    time : Expr
    sign : int
        Sign of the coupling: the hops are known by their squares only.
    """
    if not chain.is_chiral:
        return _detuned(chain, rate, time, sign)
    has_zero_root = len(chain.levels) % 2 == 1
    result = []
    for k in range(len(chain.levels)):
        distance = abs(k - chain.start)
        weight = sign**distance * chain.sign(chain.start, k) * _residue(chain, k, rate)
        if distance % 2:
            result.append(-2 * I * weight * sin(rate * time))
        elif has_zero_root:
            result.append(Integer(distance == 0) - 4 * weight * sin(rate * time / 2) ** 2)
        else:
            result.append(2 * weight * cos(rate * time))
    return tuple(result)


def _detuned(chain: Chain, rate: Expr, time: Expr, sign: int) -> tuple[Expr, ...]:
    half = chain.diagonal[1 - chain.start] / 2
    phase, wave = exp(-I * half * time), sin(rate * time)
    here = phase * (cos(rate * time) + I * half / rate * wave)
    there = -I * sign * chain.sign(0, 1) * phase * sqrt(chain.hops_squared[0]) / rate * wave
    return (there, here) if chain.start else (here, there)


@lru_cache(maxsize=1024)
def populations(chain: Chain, rate: Expr, time: Expr) -> tuple[Expr, ...]:
    """The probability of each level; arguments as for :func:`amplitudes`."""
    if chain.is_chiral:
        # Real, or imaginary at odd distance from the start.
        moved = enumerate(amplitudes(chain, rate, time))
        return tuple(c**2 * (-1) ** abs(k - chain.start) for k, c in moved)
    half, wave = chain.diagonal[1 - chain.start] / 2, sin(rate * time) ** 2
    here = cos(rate * time) ** 2 + half**2 / rate**2 * wave
    there = chain.hops_squared[0] / rate**2 * wave
    return (there, here) if chain.start else (here, there)


@lru_cache(maxsize=1024)
def rabi_term(chain: Chain, rate: Expr) -> RabiTerm | None:
    r"""The stored energy :math:`\sum_k k\,|c_k|^2` of a chain; None if the start is dark.

    ``rate`` is how :math:`\Omega` is to be written.
    """
    if len(chain.levels) == 1:
        return None
    square = frequency_squared(chain)
    if not chain.is_chiral:
        level = Integer(chain.levels[1 - chain.start])
        return RabiTerm(rate, level * chain.hops_squared[0] / square, S.Zero)
    # |c_k|² = 4w² sin²Ωt at odd distance, and 16w² sin⁴(Ωt/2) at even distance.
    plain = sqrt(square)
    near = far = S.Zero
    for k, excited in enumerate(chain.levels):
        distance = abs(k - chain.start)
        if distance:
            weight = 4 * factored(_residue(chain, k, plain) ** 2)
            if distance % 2:
                near += excited * weight
            else:
                far += 4 * excited * weight
    near, far = factored(near), factored(far)
    if far == 0:
        return None if near == 0 else RabiTerm(rate, near, S.Zero)
    # sin²Ωt = 4S(1-S) in S = sin²(Ωt/2)
    return RabiTerm(rate / 2, 4 * near, factored((far - 4 * near) / (4 * near)))


# The written form


@dataclass(frozen=True)
class Names:
    """The written form of every frequency, by its square, and the definitions it uses."""

    rates: Mapping[Expr, Expr] = field(default_factory=dict)
    definitions: Mapping[Symbol, Expr] = field(default_factory=dict)


def _needs_name(expression: Expr) -> bool:
    return any(part.free_symbols for part in expression.atoms(Add))


def name_frequencies(squares: Iterable[Expr], coupling: Expr) -> Names:
    """Written forms for the squared frequencies ``squares``, in units of ``coupling``."""
    distinct = list(dict.fromkeys(squares))
    speed = Abs(coupling)
    plain = {s: cancel(s / coupling**2) for s in distinct}
    scaled = [s for s in distinct if not plain[s].free_symbols & coupling.free_symbols]
    named = [s for s in scaled if _needs_name(plain[s])]
    bare = [s for s in distinct if s not in scaled]
    rates, definitions = {}, {}
    for stem, members, unit in (("xi", named, speed), ("Omega", bare, 1)):
        for i, square in enumerate(members, start=1):
            label = Symbol(stem if len(members) == 1 else f"{stem}_{i}", positive=True)
            value = plain[square] if stem == "xi" else square
            definitions[label] = sqrt(shortest_form(value) if stem == "xi" else value)
            rates[square] = label * unit
    for square in scaled:
        rates.setdefault(square, sqrt(plain[square]) * speed)
    return Names(rates, definitions)
