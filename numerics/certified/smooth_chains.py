r"""As many cells as charger spins, all up, γ = 0: a chain in few numbers, whatever its length.

In units of g the amplitudes :math:`(-i)^ka_k` have :math:`\dot a=La`,

.. math:: (La)_k=b_{k-1}a_{k-1}-b_ka_{k+1},\qquad b_k=(k+1)(M-k),

and :math:`a_k` is smooth but at either end of the chain. So it is a polynomial of degree < p on
each of some blocks of sites that grow in proportion to their distance from the ends; at the ends
each site counts. With Q the orthonormal polynomials of Gram, the coefficients have the
antisymmetric generator :math:`G=Q^TLQ`.

As :math:`b_k` is a parabola, L makes of degree j at most degree j + 1: of :math:`\varphi_j` it is
:math:`2(j+1)\alpha_{j+1}\varphi_{j+1}` and less, where
:math:`x\varphi_j=\alpha_{j+1}\varphi_{j+1}+\alpha_j\varphi_{j-1}`. Beyond what G has, only
:math:`2p\,\alpha_p\varphi_p` is left of each block, and :math:`b_e` times the jump of the
polynomials at either site between two blocks: few numbers, whatever M is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from operator import add, mul, sub

from flint import arb, fmpq

from numerics.certified.exact import ball, upper, working

__all__ = ["Block", "SmoothChain", "Vector"]

Vector = list[list[int]]
"""Coefficients, or amplitudes of single sites, block by block, in units of 2^−bits."""

# Weights of a norm are integers of so many bits and more.
_BITS = 40
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
class Block:
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

    def times(self, own: list[arb]) -> list[arb]:
        """2k − M times a function on the block: of one degree more, where that is possible."""
        beside = self.beside
        found = [c * x for c, x in zip(self.centre, own, strict=False)]
        if not self.top:
            return found
        if len(own) > len(found):
            found.append(self.centre[0] * own[-1])
        else:
            found.append(arb(0))
        for j, slope in enumerate(beside):
            found[j] += slope * own[j + 1] if j + 1 < len(own) else 0
            found[j + 1] += slope * own[j]
        return found

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


def _sites(cells: int, first: int, length: int, scale: Fraction, bits: int) -> Block:
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
    return Block(
        first, length, (), inner, edges, [2**_BITS] * length, centre, [arb(0)] * length, 0.0
    )


def _polynomials(
    cells: int, first: int, length: int, count: int, scale: Fraction, bits: int
) -> Block:
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
    return Block(
        first,
        length,
        square,
        (),
        (edges[0], edges[1]),
        [_integer(x * 2**_BITS) for x in last],
        [2 * first + length - 1 - cells] * count,
        [2 * slope for slope in slopes],
        float(upper(2 * count * slopes[-1])) * _ROUNDED_UP,
    )


@dataclass(frozen=True)
class SmoothChain:
    """G is R A/2^bits but for ``error``, with antisymmetric integers A of norm ≤ 2^bits."""

    cells: int
    bits: int
    scale: Fraction  # R
    blocks: tuple[Block, ...]

    @classmethod
    def of(cls, cells: int, count: int, bits: int) -> SmoothChain:
        """With ``count`` polynomials on each block."""
        single = max(count + 8, count * count // 4)
        sites, bounds = cells + 1, [0, single]
        while 2 * (2 * bounds[-1]) < sites:
            bounds.append(2 * bounds[-1])
        # Single sites are fewer operations than polynomials up to about this size.
        if sites <= 24 * single:
            bounds = [0, sites]
        else:
            if sites - 2 * bounds[-1] < bounds[-1] // 4:
                bounds.pop()
            mirrored = [sites - bound for bound in reversed(bounds)]
            if mirrored[0] - bounds[-1] > bounds[-1]:
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
    def _neighbours(self) -> list[tuple[Block, Block | None, Block | None]]:
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
