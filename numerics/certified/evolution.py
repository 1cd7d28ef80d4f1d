r"""One amplitude vector in fixed-point integers, moved in time with a proven error.

Balls would blow up exponentially in a three-term recurrence. In integers it is
:math:`V_{n+1}=2AV_n-V_{n-1}+e_n` with :math:`\|A\|\le1` and every entry of :math:`e_n` below one
unit in the last place, so :math:`V_n` is off by :math:`\sum_jU_{n-1-j}(A)e_j`, of norm at most
:math:`n(n+1)/2` times :math:`\max_j\|e_j\|`. All else is unitary: errors of consecutive steps add
up, and so does the distance :math:`\|\delta H\|\,|t|` from the true Hamiltonian (Duhamel).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from operator import itemgetter, mul

from flint import arb

from numerics.certified.chebyshev import Series, series
from numerics.certified.exact import ball, inflated, upper
from numerics.certified.matrices import Matrix

__all__ = ["Errors", "Walker", "walker"]

Vector = list[int]


@dataclass(frozen=True)
class Errors:
    """Proven distances of the vector from the true state, by where they come from."""

    series: arb
    rounding: arb
    hamiltonian: arb
    cutoff: arb

    @property
    def total(self) -> arb:
        return upper(self.series + self.rounding + self.hamiltonian + self.cutoff)


@dataclass(frozen=True)
class _Product:
    """2B from the sites of one class to those of the other, for a vector of integers."""

    coefficients: Sequence[Sequence[int]]
    gather: Sequence[Callable[[Vector], Sequence[int]]]

    def __call__(self, v: Vector) -> Vector:
        """2Bv, exactly."""
        parts = [map(mul, c, g(v)) for c, g in zip(self.coefficients, self.gather, strict=True)]
        return [sum(terms) for terms in zip(*parts, strict=True)]

    def step(self, v: Vector, old: Vector, bits: int) -> Vector:
        """2Av − ``old``, rounded down."""
        if len(self.gather) == 2:
            # A chain without a diagonal, where the time goes.
            (a, b), (left, right) = self.coefficients, self.gather
            return [
                (p * x + q * y >> bits) - o
                for p, x, q, y, o in zip(a, left(v), b, right(v), old, strict=True)
            ]
        return [(s >> bits) - o for s, o in zip(self(v), old, strict=True)]


def _gatherer(places: Sequence[int]) -> Callable[[Vector], Sequence[int]]:
    if len(places) == 1:
        (place,) = places
        return lambda v: (v[place],)
    return itemgetter(*places)


def _product(matrix: Matrix, source: Sequence[int], target: Sequence[int]) -> _Product:
    position = {site: n for n, site in enumerate(source)}
    rows = [
        [(position[j], 2 * x) for j, x in matrix.rows[i].items() if j in position] for i in target
    ]
    width = max(map(len, rows))
    slots = [[row[n] if n < len(row) else (0, 0) for row in rows] for n in range(width)]
    coefficients = [[x for _, x in slot] for slot in slots]
    return _Product(coefficients, [_gatherer([j for j, _ in slot]) for slot in slots])


@dataclass(frozen=True)
class Propagator:
    """Products with one matrix, arranged by its classes of sites (two where it is chiral)."""

    matrix: Matrix

    @cached_property
    def classes(self) -> list[list[int]]:
        k = self.matrix.levels
        if not self.matrix.chiral:
            return [list(range(len(k)))]
        return [[i for i, level in enumerate(k) if level % 2 == odd] for odd in (0, 1)]

    @cached_property
    def products(self) -> list[_Product]:
        """From each class to the other one."""
        n = len(self.classes)
        return [_product(self.matrix, self.classes[a], self.classes[(a + 1) % n]) for a in range(n)]

    def product(self, v: Vector) -> Vector:
        """2Bv for a whole vector, exactly."""
        out = [0] * len(v)
        for a, product in enumerate(self.products):
            moved = product([v[i] for i in self.classes[a]])
            for i, value in zip(self.classes[(a + 1) % len(self.classes)], moved, strict=True):
                out[i] += value
        return out

    def cosine_and_sine(self, v: Vector, terms: Series) -> tuple[Vector, Vector, int]:
        r""":math:`\cos(zA)v` and :math:`\sin(zA)v`, × 2^terms.bits, and how many classes moved."""
        cosine, sine = [0] * len(v), [0] * len(v)
        moved = 0
        for a, sites in enumerate(self.classes):
            start = [v[i] for i in sites]
            if not any(start):
                continue
            moved += 1
            other = (a + 1) % len(self.classes)
            even, odd = self._summed(a, other, start, terms)
            for i, value in zip(sites, even, strict=True):
                cosine[i] += value
            for i, value in zip(self.classes[other], odd, strict=True):
                sine[i] += value
        return cosine, sine, moved

    def _summed(self, a: int, b: int, start: Vector, terms: Series) -> tuple[Vector, Vector]:
        bits = self.matrix.bits
        sums = [[terms.coefficients[0] * x for x in start], [0] * len(self.classes[b])]
        if len(terms.coefficients) == 1:
            return sums[0], sums[1]
        products = self.products[a], self.products[b]
        old = start
        new = [x >> (bits + 1) for x in products[0](start)]
        for n, c in enumerate(terms.coefficients):
            if n == 0:
                continue
            # (−i)^n = (−1)^(n/2) for even n, −i(−1)^((n−1)/2) for odd n.
            signed = -c if n % 4 >= 2 else c
            sums[n % 2] = [s + signed * x for s, x in zip(sums[n % 2], new, strict=True)]
            if n + 1 < len(terms.coefficients):
                old, new = new, products[n % 2].step(new, old, bits)
        return sums[0], sums[1]


@dataclass(frozen=True)
class Walker:
    r"""The state :math:`(u+iw)/2^\mathrm{bits}` of one start at one time.

    Attributes
    ----------
    propagator : Propagator
    level : int
        k at the start.
    time : Fraction
    real, imaginary : list of int
    errors : Errors
    """

    propagator: Propagator
    level: int
    time: Fraction
    real: Vector
    imaginary: Vector
    errors: Errors

    @property
    def matrix(self) -> Matrix:
        return self.propagator.matrix

    def at(self, time: Fraction) -> Walker:
        """The same start at another time."""
        step = time - self.time
        if step == 0 or self.matrix.scale == 0:
            return replace(self, time=time)
        bits = self.matrix.bits
        terms = series(abs(step) * self.matrix.scale, bits)
        move = self.propagator.cosine_and_sine
        cos_u, sin_u, moved_u = move(self.real, terms)
        cos_w, sin_w, moved_w = move(self.imaginary, terms)
        sign = 1 if step > 0 else -1
        # e^{−iθ}(u + iw) = (cos u + sin w) + i(cos w − sin u).
        real = [a + sign * b >> terms.bits for a, b in zip(cos_u, sin_w, strict=True)]
        imaginary = [a - sign * b >> terms.bits for a, b in zip(cos_w, sin_u, strict=True)]
        unit = arb(2 * self.matrix.size).sqrt() / 2**bits
        before = self.errors
        errors = Errors(
            series=upper(before.series + ball(terms.remainder) * (1 + before.total)),
            rounding=upper(
                before.rounding + unit * (1 + ball(terms.growth() * (moved_u + moved_w)))
            ),
            hamiltonian=upper(before.hamiltonian + ball(abs(step)) * self.matrix.error),
            cutoff=before.cutoff,
        )
        return replace(self, time=time, real=real, imaginary=imaginary, errors=errors)

    @property
    def _density(self) -> Vector:
        return [u * u + w * w for u, w in zip(self.real, self.imaginary, strict=True)]

    def gain(self) -> tuple[arb, arb]:
        r"""A ball around :math:`\langle K\rangle-k_0`, and what of its radius truncation makes."""
        shift = [k - self.level for k in self.matrix.levels]
        density, unit = self._density, arb(2) ** (-2 * self.matrix.bits)
        value = arb(sum(map(mul, shift, density))) * unit
        # |⟨ψ+δ|k|ψ+δ⟩ − ⟨ψ|k|ψ⟩| ≤ 2‖δ‖‖kψ‖ + max|k|‖δ‖².
        moved = (arb(sum(x * x * d for x, d in zip(shift, density, strict=True))) * unit).sqrt()
        most = max(map(abs, shift))

        def spread(delta: arb) -> arb:
            return upper(delta * (2 * moved + most * delta))

        truncation = spread(self.errors.series + self.errors.cutoff)
        return inflated(value, spread(self.errors.total)), truncation

    def gain_around(self, radius: arb) -> tuple[arb, arb]:
        """As `gain`, for all times up to ``radius`` away."""
        gain, truncation = self.gain()
        rate, _ = self.slopes()
        shift = [level - self.level for level in self.matrix.levels]
        most = max(map(abs, shift))
        # At those times the photon cutoff may cost more than at this one.
        cutoff = upper(most * self.errors.cutoff * (2 + self.errors.cutoff))
        moved = upper(radius * (upper(rate) + radius * self.matrix.bounds.second / 2))
        possible = arb(min(shift)).union(arb(max(shift)))
        return inflated(gain, moved + cutoff).intersection(possible), truncation + cutoff

    def truncation_of_slope(self) -> arb:
        """The part of the radius of the slope from the truncated series and the photon cutoff."""
        left_out = self.errors.series + self.errors.cutoff
        return upper(self.matrix.bounds.first * left_out * (2 + left_out))

    def slopes(self) -> tuple[arb, arb]:
        """Balls around the first and second time derivative of ⟨K⟩."""
        m, bounds = self.matrix, self.matrix.bounds
        k = [level - self.level for level in m.levels]
        # Twice A times the state: real and imaginary part, × 2^(2 bits + 1).
        a, b = self.propagator.product(self.real), self.propagator.product(self.imaginary)
        rate = ball(m.scale) * arb(2) ** (-3 * m.bits)
        first = sum(
            n * (y * u - x * w)
            for n, x, y, u, w in zip(k, a, b, self.real, self.imaginary, strict=True)
        )
        aa, bb = self.propagator.product(a), self.propagator.product(b)
        second = sum(
            n * (x * x + y * y - xx * u - yy * w)
            for n, x, y, xx, yy, u, w in zip(
                k, a, b, aa, bb, self.real, self.imaginary, strict=True
            )
        )
        delta = self.errors.total
        spread = delta * (2 + delta)
        unit = ball(m.scale) ** 2 * arb(2) ** (-4 * m.bits - 1)
        return (
            inflated(rate * first, upper(bounds.first * spread + bounds.first_error)),
            inflated(unit * second, upper(bounds.second * spread + bounds.second_error)),
        )


def walker(propagator: Propagator, site: int, cutoff: arb) -> Walker:
    """The start on one site; ``cutoff`` bounds what a photon cutoff will have cost by the end."""
    m = propagator.matrix
    real = [0] * m.size
    real[site] = 2**m.bits
    errors = Errors(arb(0), arb(0), arb(0), cutoff)
    return Walker(propagator, m.levels[site], Fraction(0), real, [0] * m.size, errors)
