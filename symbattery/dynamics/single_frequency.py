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

A chain on which a spin j turns is that of n = 2j halves, each of which turns by itself: with the
amplitudes :math:`u_{11}=u_{00}^*=\cos\Omega t-\tfrac{i\delta}{2\Omega}\sin\Omega t` to stay and
:math:`-i\tfrac{b}{\Omega}\sin\Omega t` to move, n - s of them down at the start,

.. math::

    c_k\propto\sqrt{\tbinom ns/\tbinom nk}\;\sum_r\tbinom sr\tbinom{n-s}{k-r}\,
    u_{11}^r\,u_{00}^{n-s-k+r}\,\big(-i\tfrac{b}{\Omega}\sin\Omega t\big)^{s+k-2r}.

A dimensionless frequency that an author would spell out (:math:`\sqrt{N}`, :math:`2\sqrt5`) stays
in place; a longer one is named :math:`\xi` (or :math:`\xi_1,\xi_2,\dots`), and one that carries a
unit of its own (a detuning) :math:`\Omega`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from math import comb

from sympy import (
    Abs,
    Add,
    Expr,
    I,
    Integer,
    Poly,
    Rational,
    S,
    Symbol,
    cancel,
    cos,
    exp,
    prod,
    sin,
    sqrt,
)

from symbattery.core.expressions import UnsolvedError, factored, shortest_form
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


# Levels of the chains whose probabilities are the squares of real amplitudes.
_FEW = 3


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
    if chain.is_rotation:
        # The generalised Rabi frequency, not expanded: near resonance terms of the square cancel.
        return _own_hop(chain) + _detuning(chain) ** 2 / 4
    return shortest_form(sum(chain.hops_squared, S.Zero))


def _own_hop(chain: Chain) -> Expr:
    """The squared hop of each of the halves of a spin that turns."""
    return factored(chain.hops_squared[0] / (len(chain.levels) - 1))


def _detuning(chain: Chain) -> Expr:
    """The energy between neighbouring levels."""
    return chain.diagonal[1] - chain.diagonal[0]


def _turned(chain: Chain, k: int) -> tuple[Expr, dict[int, Expr]]:
    """The common factor of an amplitude, and its terms by r."""
    n, s = len(chain.levels) - 1, chain.start
    ways = {r: S(comb(s, r) * comb(n - s, k - r)) for r in range(max(0, s + k - n), min(s, k) + 1)}
    return sqrt(Rational(comb(n, s), comb(n, k))), ways


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
        Of at most three levels (two, if it has a diagonal), or of a spin that turns.
    rate : Expr
        How :math:`\Omega` is to be written.
    time : Expr
    sign : int
        Sign of the coupling: the hops are known by their squares only.
    """
    if chain.is_rotation and not (chain.is_chiral and len(chain.levels) == 2):
        return _rotated(chain, rate, time, sign)
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


def _rotated(chain: Chain, rate: Expr, time: Expr, sign: int) -> tuple[Expr, ...]:
    n, s, half = len(chain.levels) - 1, chain.start, _detuning(chain) / 2
    wave = sin(rate * time)
    down, up = (cos(rate * time) + way * I * half / rate * wave for way in (1, -1))
    hop, phase = sqrt(_own_hop(chain)) / rate, exp(-I * half * (n - 2 * s) * time)
    moved = -I * sign * chain.sign(0, 1) * hop * wave
    result = []
    for k in range(n + 1):
        factor, ways = _turned(chain, k)
        terms = (
            w * up**r * down ** (n - s - k + r) * moved ** (s + k - 2 * r) for r, w in ways.items()
        )
        result.append(factor * phase * Add(*terms))
    return tuple(result)


@lru_cache(maxsize=1024)
def populations(chain: Chain, rate: Expr, time: Expr) -> tuple[Expr, ...]:
    """The probability of each level; arguments as for :func:`amplitudes`."""
    if chain.is_chiral and len(chain.levels) <= _FEW:
        # Real, or imaginary at odd distance from the start.
        moved = enumerate(amplitudes(chain, rate, time))
        return tuple(c**2 * (-1) ** abs(k - chain.start) for k, c in moved)
    n, s, wave = len(chain.levels) - 1, chain.start, sin(rate * time) ** 2
    # The probabilities that a half has moved, or not.
    there = _own_hop(chain) / rate**2 * wave
    here = cos(rate * time) ** 2 + _detuning(chain) ** 2 / 4 / rate**2 * wave
    result = []
    for k in range(n + 1):
        factor, ways = _turned(chain, k)
        low, high = min(ways), max(ways)
        terms = ((-1) ** r * w * here ** (r - low) * there ** (high - r) for r, w in ways.items())
        outer = here ** (n - s - k + 2 * low) * there ** (s + k - 2 * high)
        result.append(factor**2 * outer * Add(*terms) ** 2)
    return tuple(result)


@lru_cache(maxsize=1024)
def rabi_term(chain: Chain, rate: Expr) -> RabiTerm | None:
    r"""The stored energy :math:`\sum_k k\,|c_k|^2` of a chain; None if the start is dark.

    ``rate`` is how :math:`\Omega` is to be written.
    """
    if len(chain.levels) == 1:
        return None
    square = frequency_squared(chain)
    if chain.is_rotation and not (chain.is_chiral and len(chain.levels) == 2):
        # Every half that moves takes a level along, up or down.
        n, (first, second) = len(chain.levels) - 1, chain.levels[:2]
        if any(b - a != second - first for a, b in pairwise(chain.levels)):
            raise UnsolvedError(
                "a mean of unequal steps between the levels of a spin that turns is no squared sine"
            )
        level = Integer((second - first) * (n - 2 * chain.start))
        return None if level == 0 else RabiTerm(rate, level * _own_hop(chain) / square, S.Zero)
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
