r"""One amplitude vector in fixed-point integers, moved in time with a proven error.

Balls would blow up exponentially in a three-term recurrence. In integers it is
:math:`V_{n+1}=2AV_n-V_{n-1}+e_n` with :math:`\|A\|\le1` and every entry of :math:`e_n` below one
unit in the last place, so :math:`V_n` is off by :math:`\sum_jU_{n-1-j}(A)e_j`, of norm at most
:math:`n(n+1)/2` times :math:`\max_j\|e_j\|`. All else is unitary: errors of consecutive steps add
up, and so does the distance :math:`\|\delta H\|\,|t|` from the true Hamiltonian (Duhamel).

The coefficients of the series of :math:`e^{-izx}` are proven by their own residual. Any numbers
:math:`j_n = (-1)^n j_{-n}` that vanish for :math:`n>L` are coefficients of the series
:math:`f(\theta)=\sum_n j_n e^{in\theta}`, and

.. math::

    f'(\theta) - iz\cos\theta\,f(\theta) = i\sum_n\rho_n e^{in\theta},\qquad
    \rho_n = n j_n - \tfrac z2(j_{n-1}+j_{n+1}).

:math:`F=e^{iz\sin\theta}` has no such residual and :math:`F(0)=1`, so variation of constants gives
:math:`|f-F|\le|f(0)-1|+\pi\sum_n|\rho_n|` for all :math:`\theta`. With :math:`x=\cos\phi` and
:math:`\theta=\phi-\pi/2` the left side is the error of
:math:`\sum_n(2-\delta_{n0})(-i)^nj_nT_n(x)` as :math:`e^{-izx}`: rounding of the coefficients *and*
the terms left out, bounded by sums of integers. How the :math:`j_n` were found does not matter
(Miller's backward recurrence, as it happens, so they are all but Bessel functions).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from operator import itemgetter, mul

from flint import arb

from numerics.certified.exact import ball, inflated, least, upper
from numerics.certified.matrices import Matrix

__all__ = ["Errors", "Propagator", "Series", "Walker", "residual_bound", "series", "walker"]

Vector = list[int]

_PI_ABOVE = Fraction(22, 7)


@dataclass(frozen=True)
class Series:
    r""":math:`\sum_n c_n(-i)^nT_n(x)` in place of :math:`e^{-izx}` on [−1, 1]."""

    coefficients: tuple[int, ...]  # 2^bits c_n
    bits: int
    remainder: Fraction  # the proven largest error on [−1, 1]

    def growth(self) -> Fraction:
        r""":math:`\sum_n|c_n|\,n(n+1)/2`: what one unit of rounding in every step can become.

        An error :math:`e_j` made in step j returns as :math:`U_{n-1-j}(A)e_j` in :math:`T_n(A)v`,
        with :math:`\|U_k(A)\|\le k+1`.
        """
        total = sum(abs(c) * (n * (n + 1) // 2) for n, c in enumerate(self.coefficients))
        return Fraction(total, 2**self.bits)


def _length(z: Fraction, bits: int) -> int:
    """The least L with (z/2)^L/L! below 2^−bits: a matter of speed only."""
    logarithm = math.log(z.numerator) - math.log(z.denominator) - math.log(2)

    def enough(n: int) -> bool:
        return n * logarithm - math.lgamma(n + 1) < -bits * math.log(2)

    low = math.ceil(z / 2)
    found = least(enough, low, low + 2)
    assert found is not None  # there is no most
    return found


def residual_bound(values: list[int], bits: int, z: Fraction) -> Fraction:
    """The proven error on [−1, 1] of the series with ``values`` / 2^bits as the j_n, n ≥ 0."""
    p, q = z.numerator, z.denominator
    around = [*values, 0, 0]
    residual = sum(
        abs(2 * q * n * around[n] - p * (around[n - 1] + around[n + 1]))
        for n in range(1, len(values) + 1)
    )
    at_zero = values[0] + 2 * sum(values[2::2])
    # Twice for the negative n; the residual at n = 0 vanishes by symmetry.
    return abs(Fraction(at_zero, 2**bits) - 1) + _PI_ABOVE * 2 * Fraction(residual, 2 * q) / 2**bits


def series(z: Fraction, bits: int) -> Series:
    """The series for z ≥ 0 with a remainder of about 2^−bits."""
    if z == 0:
        return Series((2**bits,), bits, Fraction(0))
    # The residual of the first term left out is z times that term.
    last = _length(z, bits + math.ceil(z).bit_length() + 3)
    # The residual is a sum of as many roundings, each enlarged by n and z.
    bits += 2 * (last + math.ceil(z)).bit_length() + 4
    p, q = z.numerator, z.denominator
    values = [0] * (last + 2)
    values[last] = 2 ** (bits - last.bit_length())
    for n in range(last, 0, -1):
        values[n - 1] = 2 * n * q * values[n] // p - values[n + 1]
        if values[n - 1].bit_length() > 4 * bits:
            # Only ratios count: what falls below the last bit will be seen in the residual.
            values[n - 1 :] = [v >> 2 * bits for v in values[n - 1 :]]
    total = values[0] + 2 * sum(values[2::2])
    scaled = [(v << bits) // total for v in values]
    while scaled[-1] == 0:
        scaled.pop()
    remainder = residual_bound(scaled, bits, z)
    return Series((scaled[0], *(2 * c for c in scaled[1:])), bits, remainder)


@dataclass(frozen=True)
class Errors:
    """Proven distances of the vector from the true state, by where they come from."""

    series: arb
    rounding: arb
    hamiltonian: arb
    cutoff: arb

    @property
    def truncation(self) -> arb:
        """Of the series and of the photon numbers."""
        return self.series + self.cutoff

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


def _product(matrix: Matrix, source: Sequence[int], target: Sequence[int]) -> _Product:
    position = {site: n for n, site in enumerate(source)}
    rows = [
        [(position[j], 2 * x) for j, x in matrix.rows[i].items() if j in position] for i in target
    ]
    width = max(map(len, rows))
    slots = [[row[n] if n < len(row) else (0, 0) for row in rows] for n in range(width)]
    coefficients = [[x for _, x in slot] for slot in slots]
    return _Product(
        coefficients,
        [
            # A single item would come without its tuple.
            itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))
            for places in ([j for j, _ in slot] for slot in slots)
        ],
    )


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

    @cached_property
    def whole(self) -> _Product:
        """From all sites to all."""
        sites = range(self.matrix.size)
        return _product(self.matrix, sites, sites)

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
        first, *others = terms.coefficients
        sums = [[first * x for x in start], [0] * len(self.classes[b])]
        products = self.products[a], self.products[b]
        old, new = start, [x >> (bits + 1) for x in products[0](start)]
        for n, c in enumerate(others, 1):
            # (−i)^n = (−1)^(n/2) for even n, −i(−1)^((n−1)/2) for odd n.
            signed = -c if n % 4 >= 2 else c
            sums[n % 2] = [s + signed * x for s, x in zip(sums[n % 2], new, strict=True)]
            if n + 1 < len(terms.coefficients):
                old, new = new, products[n % 2].step(new, old, bits)
        return sums[0], sums[1]


@dataclass(frozen=True)
class Walker:
    r"""The state :math:`(u+iw)/2^\mathrm{bits}` of one start at one time."""

    propagator: Propagator
    level: int  # the number of excited cells at the start
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
    def _gains(self) -> list[int]:
        """Excitations gained at each site."""
        return [k - self.level for k in self.matrix.levels]

    def gain(self, around: arb | None = None) -> tuple[arb, arb]:
        r"""A ball around :math:`\langle K\rangle-k_0`, and what of its radius truncation makes.

        With ``around``, for all times up to so far away.
        """
        shift, most = self._gains, max(map(abs, self._gains))
        density = [u * u + w * w for u, w in zip(self.real, self.imaginary, strict=True)]
        unit = arb(2) ** (-2 * self.matrix.bits)
        value = arb(sum(map(mul, shift, density))) * unit
        # |⟨ψ+δ|k|ψ+δ⟩ − ⟨ψ|k|ψ⟩| ≤ 2‖δ‖‖kψ‖ + max|k|‖δ‖².
        moved = (arb(sum(x * x * d for x, d in zip(shift, density, strict=True))) * unit).sqrt()
        truncation, error = (
            upper(delta * (2 * moved + most * delta))
            for delta in (self.errors.truncation, self.errors.total)
        )
        value = inflated(value, error)
        if around is None:
            return value, truncation
        (_, second, _), _ = self.matrix.bounds
        # At those times the photon cutoff may cost more than at this one.
        cutoff = upper(most * self.errors.cutoff * (2 + self.errors.cutoff))
        change = upper(around * (upper(self.slopes()[0]) + around * second / 2))
        possible = arb(min(shift)).union(arb(max(shift)))
        return inflated(value, change + cutoff).intersection(possible), truncation + cutoff

    def distance(self, around: arb | None = None) -> arb:
        """At least the distance from the true state, but for a phase.

        With ``around``, at every time that is no farther away than this.
        """
        moved = 0 if around is None else around * (ball(self.matrix.scale) + self.matrix.error)
        return upper(self.errors.total + moved)

    def populations(self, around: arb | None = None) -> dict[int, tuple[arb, arb]]:
        """The probability of each number of excited cells, and the part of truncation as in `gain`.

        With ``around``, for all times up to so far away.
        """
        density: dict[int, int] = defaultdict(int)
        for k, u, w in zip(self.matrix.levels, self.real, self.imaginary, strict=True):
            density[k] += u * u + w * w
        distance, found = self.distance(around), {}
        for k, total in density.items():
            value = arb(total) * arb(2) ** (-2 * self.matrix.bits)
            # ‖P(ψ+δ)‖² − ‖Pψ‖² is at most 2‖δ‖‖Pψ‖ + ‖δ‖² for a projector P.
            truncation, error = (
                upper(delta * (2 * value.sqrt() + delta))
                for delta in (self.errors.truncation, distance)
            )
            found[k] = inflated(value, error), truncation
        return found

    def truncation_of_slope(self) -> arb:
        """The part of the radius of the slope from the truncated series and the photon cutoff."""
        left_out = self.errors.truncation
        return upper(self.matrix.bounds[0][0] * left_out * (2 + left_out))

    def slopes(self) -> tuple[arb, arb]:
        """Balls around the first and second time derivative of ⟨K⟩."""
        m, k, (norms, distances) = self.matrix, self._gains, self.matrix.bounds
        # Twice A times the state: real and imaginary part, × 2^(2 bits + 1).
        product, state = self.propagator.whole, (self.real, self.imaginary)
        a, b = map(product, state)
        aa, bb = product(a), product(b)
        rate = ball(m.scale) * arb(2) ** (-3 * m.bits)
        first = second = 0
        for n, u, w, x, y, xx, yy in zip(k, *state, a, b, aa, bb, strict=True):
            first += n * (y * u - x * w)
            second += n * (x * x + y * y - xx * u - yy * w)
        factor = self.errors.total * (2 + self.errors.total)
        unit = ball(m.scale) ** 2 * arb(2) ** (-4 * m.bits - 1)
        return (
            inflated(rate * first, upper(norms[0] * factor + distances[0])),
            inflated(unit * second, upper(norms[1] * factor + distances[1])),
        )


def walker(propagator: Propagator, site: int, cutoff: arb) -> Walker:
    """The start on one site; ``cutoff`` bounds what a photon cutoff will have cost by the end."""
    m = propagator.matrix
    real = [0] * m.size
    real[site] = 2**m.bits
    errors = Errors(arb(0), arb(0), arb(0), cutoff)
    return Walker(propagator, m.levels[site], Fraction(0), real, [0] * m.size, errors)
