r"""As many cells as charger spins, all up, γ = 0: of any size, in few numbers, and all proven.

In units of g the amplitudes :math:`(-i)^ka_k` have :math:`\dot a=La`,

.. math:: (La)_k=b_{k-1}a_{k-1}-b_ka_{k+1},\qquad b_k=(k+1)(M-k),

and :math:`a_k` is smooth but at either end of the chain. So it is a polynomial of degree < p on
each of some blocks of sites that grow in proportion to their distance from the ends; at the ends
each site counts. With Q the orthonormal polynomials of Gram, c has the antisymmetric generator
:math:`G=Q^TLQ`, and (Duhamel)

.. math:: \|a-Qc\|\le\int\|(1-QQ^T)LQc\|\,dt .

As :math:`b_k` is a parabola, L makes of degree j at most degree j + 1: of :math:`\varphi_j` it is
:math:`2(j+1)\alpha_{j+1}\varphi_{j+1}` and less, where
:math:`x\varphi_j=\alpha_{j+1}\varphi_{j+1}+\alpha_j\varphi_{j-1}`. Beyond what G has, only
:math:`2p\,\alpha_p\varphi_p` is left of each block, and :math:`b_e` times the jump of the
polynomials at either site between two blocks: few numbers, whatever M is.

c is moved as in :mod:`numerics.certified.evolution`, by integers and series of proven error. At all
times within a step its coefficients are at most :math:`2|J_n|`, with :math:`|J_n|<0.675\,n^{-1/3}`
(Landau), growing where n is above the argument.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from operator import add, mul, sub

from flint import arb, fmpq

from numerics.certified.evolution import Series, series
from numerics.certified.exact import ball, centre, dyadic, inflated, upper, working
from numerics.certified.isolation import monotone, no_power_above, sample
from numerics.certified.peaks import PowerZero
from numerics.certified.results import CertifiedPeak, NotCertifiedError

__all__ = ["LargeBattery", "large_battery", "largest_power"]

Vector = list[list[int]]
"""Coefficients, or amplitudes of single sites, block by block, in units of 2^−bits."""

_DIGITS_PER_DEGREE, _LOST_DIGITS = 0.74, 5.6
_GUARD_BITS = 40
# Of a step: 1/(M + 1) of it in the unit of time.
_STEP = Fraction(1, 2)
_LANDAU = 0.675
# Sums of some thousand doubles of one sign.
_ROUNDED_UP = 1 + 2**-30


@dataclass(frozen=True)
class _Row:
    """Integers × 2^bits from ``first`` on, 0 elsewhere."""

    first: int
    values: Sequence[int]

    def __call__(self, vector: list[int]) -> int:
        return sum(map(mul, self.values, vector[self.first : self.first + len(self.values)]))


@dataclass(frozen=True)
class _Edge:
    r""":math:`\sqrt{b/R}` times the functions at the last site of a block, and one site beyond."""

    hop: int  # b
    inside: _Row
    beyond: _Row | None  # None for a block of single sites


@dataclass(frozen=True)
class _Block:
    first: int
    length: int
    rows: Sequence[Sequence[int]]  # of A among polynomials
    hops: Sequence[int]  # or between single sites
    edges: tuple[_Edge, _Edge]
    weights: Sequence[int]  # for the norm of A
    centre: Sequence[int]  # 2k − M is `centre` on the diagonal and `beside` next to it
    beside: Sequence[arb]  # as many
    top: float  # at least 2pα_p

    def inside(self, v: Sequence[int]) -> list[int]:
        """Av within the block."""
        if self.rows:
            return [sum(map(mul, row, v)) for row in self.rows]
        before = (0, *map(mul, self.hops, v))
        return [*map(sub, before, (*map(mul, self.hops, v[1:]), 0))]

    def sums(self) -> list[int]:
        """The absolute row sums of A, weighted."""
        w = self.weights
        if self.rows:
            return [sum(map(mul, map(abs, row), w)) for row in self.rows]
        return [*map(add, (0, *map(mul, self.hops, w)), (*map(mul, self.hops, w[1:]), 0))]


def _gram(length: int, count: int) -> tuple[list[arb], list[arb], list[arb]]:
    """α_1 … α_p, and φ_0 … φ_{p−1} at the last site and one beyond."""
    root = [
        arb(fmpq(j * j * (length * length - j * j), 4 * (4 * j * j - 1))).sqrt()
        for j in range(1, count + 1)
    ]
    found: list[list[arb]] = []
    for twice in (length - 1, length + 1):
        values = [arb(0), 1 / arb(length).sqrt()]
        for j in range(count - 1):
            before = root[j - 1] * values[-2] if j else 0
            values.append((arb(twice) / 2 * values[-1] - before) / root[j])
        found.append(values[1:])
    return root, found[0], found[1]


def _integer(value: arb) -> int:
    """The nearest integer of the middle of a ball that is narrow."""
    if not value.rad() < 0.25:
        raise ArithmeticError("the functions of a block need more bits")
    return int((value.mid() + 0.5).floor().fmpz())


def _sites(cells: int, first: int, length: int, scale: Fraction, bits: int) -> _Block:
    """A block of single sites."""
    hops = [(k + 1) * (cells - k) for k in range(first - 1, first + length)]
    unit = 2**bits / ball(scale)
    inner = [_integer(unit * b) for b in hops[1:-1]]
    ends = [_integer((unit * 2**bits * b).sqrt()) for b in (hops[0], hops[-1])]
    edges = (
        _Edge(hops[0], _Row(0, ends[:1]), None),
        _Edge(hops[-1], _Row(length - 1, ends[1:]), None),
    )
    centre = [2 * k - cells for k in range(first, first + length)]
    return _Block(
        first, length, (), inner, edges, [2**_GUARD_BITS] * length, centre, [arb(0)] * length, 0.0
    )


def _polynomials(
    cells: int, first: int, length: int, count: int, scale: Fraction, bits: int
) -> _Block:
    """A block of polynomials, ``count`` of them."""
    slopes, last, beyond = _gram(length, count)
    hops = [(k + 1) * (cells - k) for k in (first - 1, first + length - 1)]
    unit = 2**bits / ball(scale)
    signs = [(-1) ** j for j in range(count)]
    square = [[0] * count for _ in range(count)]
    for i in range(count):
        for j in range(i):
            value = last[i] * beyond[j] * (hops[1] - signs[i] * signs[j] * hops[0])
            if i == j + 1:
                value += 2 * i * slopes[j]
            square[i][j] = _integer(unit * value)
            square[j][i] = -square[i][j]
    edges = []
    for hop, side in zip(hops, (signs, [1] * count), strict=True):
        root = (unit * 2**bits * hop).sqrt()
        inside, outside = (
            _Row(0, [_integer(root * sign * x) for sign, x in zip(side, values, strict=True)])
            for values in (last, beyond)
        )
        edges.append(_Edge(hop, inside, outside))
    return _Block(
        first,
        length,
        square,
        (),
        (edges[0], edges[1]),
        [_integer(x * 2**_GUARD_BITS) for x in last],
        [2 * first + length - 1 - cells] * count,
        [2 * slope for slope in slopes],
        float(upper(2 * count * slopes[-1])) * _ROUNDED_UP,
    )


@dataclass(frozen=True)
class _Chain:
    """G is R A/2^bits but for ``error``, with antisymmetric integers A of norm ≤ 2^bits."""

    cells: int
    bits: int
    scale: Fraction  # R
    blocks: tuple[_Block, ...]

    @classmethod
    def of(cls, cells: int, count: int, bits: int) -> _Chain:
        """With ``count`` polynomials on each block."""
        single = max(count + 8, count * count // 4)
        sites, bounds = cells + 1, [0, single]
        while 2 * (2 * bounds[-1]) < sites:
            bounds.append(2 * bounds[-1])
        # Single sites are fewer operations than polynomials up to about this size.
        if sites <= 24 * single:
            bounds = [0, sites]
        else:
            mirrored = [sites - bound for bound in reversed(bounds)]
            middle = mirrored[0] - bounds[-1]
            if middle < bounds[-1] // 4:
                bounds.pop()
                del mirrored[0]
            elif middle > bounds[-1]:
                bounds.append(sites // 2)
            bounds += mirrored
        scale = Fraction((cells + 1) ** 2)
        with working(2 * bits):
            for _ in range(3):
                spans = [(a, b - a) for a, b in pairwise(bounds)]
                blocks = tuple(
                    _sites(cells, *span, scale, bits)
                    if n in (0, len(spans) - 1)
                    else _polynomials(cells, *span, count, scale, bits)
                    for n, span in enumerate(spans)
                )
                found = cls(cells, bits, scale, blocks)
                norm = found._norm
                if 1 - Fraction(1, 2**16) < norm <= 1:
                    return found
                scale *= norm * (1 + Fraction(1, 2**20))
        raise ArithmeticError("the scaled generator exceeds the norm that the proofs need")

    @property
    def _norm(self) -> Fraction:
        """At least ‖A‖/2^bits, by weighted row sums (Schur)."""
        most, unit = Fraction(0), 2**self.bits
        for block, left, right in self._neighbours:
            sums = block.sums()
            for edge, other in ((0, left), (1, right)):
                if other is not None:
                    there, here = other.edges[1 - edge].inside, block.edges[edge].inside
                    total = sum(map(mul, map(abs, there.values), other.weights[there.first :]))
                    for i, value in enumerate(here.values, here.first):
                        sums[i] += -(-abs(value) * total // unit)
            ratios = (Fraction(s, w * unit) for s, w in zip(sums, block.weights, strict=True))
            most = max(most, *ratios)
        return most

    @property
    def _neighbours(self) -> list[tuple[_Block, _Block | None, _Block | None]]:
        return list(
            zip(self.blocks, (None, *self.blocks[:-1]), (*self.blocks[1:], None), strict=True)
        )

    @cached_property
    def size(self) -> int:
        return sum(len(block.weights) for block in self.blocks)

    @cached_property
    def error(self) -> arb:
        """‖G − R A/2^bits‖: elements of A are off by 1, those between blocks by 3, in 3p a row."""
        widest = max(len(block.rows) for block in self.blocks)
        return ball(self.scale) * 8 * (widest + 1) * arb(2) ** -self.bits

    @cached_property
    def speed(self) -> arb:
        """At least ‖L‖, and ‖[L, K]‖."""
        return arb((self.cells + 1) ** 2) / 2

    def twice(self, v: Vector) -> Vector:
        """2Av; every entry is off by less than 3."""
        bits, half = self.bits, 2 ** (self.bits - 1)
        # Rounded to nearest, zeros stay zeros.
        ends = [
            [edge.inside(part) + half >> bits for edge in block.edges]
            for block, part in zip(self.blocks, v, strict=True)
        ]
        after = []
        for n, (block, part) in enumerate(zip(self.blocks, v, strict=True)):
            below = ends[n - 1][1] if n else 0
            above = ends[n + 1][0] if n + 1 < len(ends) else 0
            total = block.inside(part) if any(part) else [0] * len(part)
            for edge, amount in zip(block.edges, (below, -above), strict=True):
                if amount:
                    for i, x in enumerate(edge.inside.values, edge.inside.first):
                        total[i] += x * amount
            after.append([2 * x + half >> bits for x in total])
        return after

    def left_over(self, v: Vector) -> float:
        """At least ‖(1 − QQᵀ)LQv‖, for a vector of norm 2 at most."""
        bits, unit, scale = self.bits, 2.0**-self.bits, float(self.scale)
        tops = sum(
            (b.top * float(p[-1])) ** 2 for b, p in zip(self.blocks, v, strict=True) if b.top
        )
        jumps, slack = 0.0, 0.0
        for n in range(len(self.blocks) - 1):
            (_, edge), (other, _) = self.blocks[n].edges, self.blocks[n + 1].edges
            here, there = v[n], v[n + 1]
            for one, across in ((edge.beyond, other.inside), (edge.inside, other.beyond)):
                if one is not None and across is not None:
                    jump = one(here) - across(there) >> bits
                    square = edge.hop * scale
                    jumps += square * float(jump) ** 2
                    # The functions are off by 1, and so is the last digit.
                    slack += square * (4.0 * (len(one.values) + len(across.values)) ** 0.5) ** 2
        return (math.sqrt(tops) + math.sqrt(jumps) + math.sqrt(slack)) * unit * _ROUNDED_UP


@dataclass(frozen=True)
class LargeBattery:
    """The state at one time, E and its derivatives in units of g and ω0.

    Attributes
    ----------
    time : Fraction
    left_out, rounding : arb
        The distance from the true state: by the polynomials and the series, and by rounding.
    """

    chain: _Chain
    time: Fraction
    vector: Vector
    left_out: arb
    rounding: arb

    @property
    def bits(self) -> int:
        return 2 * self.chain.bits

    @property
    def unit(self) -> arb:
        """M."""
        return arb(self.chain.cells)

    @property
    def distance(self) -> arb:
        return upper(self.left_out + self.rounding)

    def at(self, time: Fraction) -> LargeBattery:
        """The same battery at another time."""
        away = time - self.time
        count = math.ceil(abs(away) * (self.chain.cells + 1) / _STEP)
        here = self
        for _ in range(count):
            here = here._moved(away / count)
        return replace(here, time=time)

    def _moved(self, step: Fraction) -> LargeBattery:
        chain = self.chain
        bits, z = chain.bits, abs(step) * chain.scale
        terms = series(z, bits)
        vector, missed, shaken = self._summed(terms, 1 if step > 0 else -1, float(z))
        unit = arb(chain.size).sqrt() * arb(2) ** -bits
        tail = _tail(z, len(terms.coefficients))
        growth = ball(terms.growth())
        left_out = ball(terms.remainder) * (1 + self.distance)
        left_out += ball(abs(step)) * (missed + chain.speed * (tail + 3 * unit * shaken))
        rounding = unit * (1 + 3 * growth) + ball(abs(step)) * chain.error * (1 + self.distance)
        return replace(
            self,
            time=self.time + step,
            vector=vector,
            left_out=upper(self.left_out + left_out),
            rounding=upper(self.rounding + rounding),
        )

    def _summed(self, terms: Series, sign: int, z: float) -> tuple[Vector, arb, arb]:
        """The vector after a step, what its motion has left over at most, and errors in that."""
        chain, (first, *others) = self.chain, terms.coefficients
        old, new = self.vector, [[x >> 1 for x in part] for part in chain.twice(self.vector)]
        sums = [[first * x for x in part] for part in old]
        missed, shaken = chain.left_over(old), 0.0
        for n, c in enumerate(others, 1):
            signed = c * sign**n
            for total, part in zip(sums, new, strict=True):
                if any(part):
                    total[:] = [s + signed * x for s, x in zip(total, part, strict=True)]
            most = abs(c) * 2.0**-terms.bits + 2 * float(terms.remainder)
            if n <= z:
                most = max(most, 2 * _LANDAU * n ** (-1 / 3))
            missed += most * chain.left_over(new)
            shaken += most * (n * (n + 1) / 2)
            if n < len(others):
                doubled = chain.twice(new)
                old, new = (
                    new,
                    [
                        [a + b for a, b in zip(*pair, strict=True)]
                        for pair in zip(old, doubled, strict=True)
                    ],
                )
        moved = [[s >> terms.bits for s in part] for part in sums]
        return moved, arb(missed * _ROUNDED_UP), arb(shaken * _ROUNDED_UP)

    def _means(self) -> tuple[arb, arb, arb, arb]:
        r""":math:`\langle y\rangle`, :math:`\|y\|`, :math:`\langle y^3\rangle`; y = 2k − M.

        The last is what of y the polynomials do not hold.
        """
        first = second = third = beyond = arb(0)
        unit = arb(2) ** -self.chain.bits
        for block, part in zip(self.chain.blocks, self.vector, strict=True):
            if not any(part):
                continue
            own = [unit * x for x in part]
            moved = _times(block, own)
            first += sum(map(mul, own, moved), arb(0))
            second += sum(map(mul, moved, moved), arb(0))
            third += sum(map(mul, _times(block, moved), moved), arb(0))
            beyond += moved[-1] ** 2 if len(moved) > len(own) else 0
        return first, second.sqrt(), third, beyond.sqrt()

    def energy(self) -> tuple[arb, arb]:
        """E, and what of its radius is left out by polynomials and series."""
        size = arb(self.chain.cells)
        first, norm, *_ = self._means()
        errors = (upper(d * (norm + size * d / 2)) for d in (self.left_out, self.distance))
        left_out, error = errors
        return inflated((size + first) / 2, error), left_out

    def slopes(self) -> tuple[arb, arb]:
        """E' and E''."""
        chain, unit, size = self.chain, arb(2) ** -self.chain.bits, self.chain.cells
        first, _, third, beyond = self._means()
        slope, scale = arb(0), ball(chain.scale) * arb(2) ** (-2 * chain.bits)
        for block, part, doubled in zip(
            chain.blocks, self.vector, chain.twice(self.vector), strict=True
        ):
            # ⟨y a, G a⟩ = ½ d⟨y⟩/dt
            moved = _times(block, [arb(x) for x in part])
            slope += sum((m * d for m, d in zip(moved, doubled, strict=False)), arb(0))
        slope *= scale / 2
        norm = upper(self.norm + 1)
        error = norm * size * (chain.error + 3 * arb(chain.size).sqrt() * unit * ball(chain.scale))
        error += beyond * arb(chain.left_over(self.vector))
        off = self.distance * (2 + self.distance)
        curvature = third - size * (size + 2) * first
        return (
            inflated(slope, upper(error + chain.speed * off)),
            inflated(curvature, upper(off * arb(size + 1) ** 3 * arb(fmpq(2, 5)))),
        )

    @property
    def norm(self) -> arb:
        total = sum(x * x for part in self.vector for x in part)
        return (arb(total) * arb(2) ** (-2 * self.chain.bits)).sqrt()

    def truncation_of_slope(self) -> arb:
        """The part of the radius of E' that is left out."""
        return upper(self.chain.speed * self.left_out * (2 + self.left_out))

    @property
    def third(self) -> arb:
        r"""At least |E'''| at any time.

        It is at most four times the largest :math:`b\,|(b^2)''|`, with
        :math:`(b^2)''=2(M+1)^2-12b` where b may be off by M + 1 within two sites.
        """
        size = arb(self.chain.cells + 1)
        return size**4 + 12 * size**3


def _times(block: _Block, own: list[arb]) -> list[arb]:
    """2k − M times a function of a block: of one degree more, where that is possible."""
    beside = block.beside
    found = [c * x for c, x in zip(block.centre, own, strict=False)]
    if not block.top:
        return found
    if len(own) > len(found):
        found.append(block.centre[0] * own[-1])
    else:
        found.append(arb(0))
    for j, slope in enumerate(beside):
        found[j] += slope * own[j + 1] if j + 1 < len(own) else 0
        found[j + 1] += slope * own[j]
    return found


def _tail(z: Fraction, first: int) -> arb:
    r"""At least the sum of 2|J_n| from ``first`` on, at arguments up to z (Kapteyn).

    With s the root of 1 − (z/n)², :math:`J_n(z)\le q^ne^{ns}`, :math:`q=(z/n)/(1+s)`, and each is
    less than q times the one before.
    """
    part = ball(z / first)
    if not part < 1:
        return arb("inf")
    root = (1 - part * part).sqrt()
    ratio = part / (1 + root)
    return upper(2 * (ratio * root.exp()) ** first / (1 - ratio))


def large_battery(cells: int, digits: int) -> LargeBattery:
    """The start, for about so many digits of E/M."""
    count = math.ceil((digits + _LOST_DIGITS) / _DIGITS_PER_DEGREE)
    bits = math.ceil(digits * math.log2(10)) + 2 * cells.bit_length() + _GUARD_BITS
    chain = _Chain.of(cells, count, bits)
    vector = [[0] * len(block.weights) for block in chain.blocks]
    vector[0][0] = 2**bits
    return LargeBattery(chain, Fraction(0), vector, arb(0), arb(0))


def largest_power(cells: int, digits: int) -> CertifiedPeak:
    """The largest E/t of all times, in units of gω0, to about so many digits.

    Raises
    ------
    NotCertifiedError
        The maximum could not be proven to be the only one.
    """
    start = large_battery(cells, digits)
    with working(start.bits):
        step, third = _STEP / (cells + 1), start.third
        seen = [sample(start, third)]
        while not ball(seen[-1].time) * seen[-1].rise < seen[-1].value:
            seen.append(seen[-1].at(seen[-1].time + step))
        # From before the zero: polynomials fit less and less while the wave turns back.
        before, after = (centre(ball(s.time) * s.rise - s.value) for s in seen[-2:])
        hint = seen[-2].time + step * before / (before - after)
        zero = PowerZero.near(seen[-2].at(centre(ball(hint))), ball(step / 10 ** (digits + 1)))
        least, middle = zero.value.lower(), zero.sample.time
        around = min(monotone(zero.sample), middle / 16)
        if not (zero.sample.curvature < 0 and zero.radius < ball(around)):
            raise NotCertifiedError("the zero of tE' − E is no isolated maximum of P")
        ends = [s.time for s in seen[1:] if s.time < middle - around] + [middle - around]
        count = sum(map(no_power_above, seen, [least] * len(ends), ends))
        count += no_power_above(zero.sample.at(middle + around), least, cells / dyadic(least))
        return zero.peak("largest E/t of all times", count)
