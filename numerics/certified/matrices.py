r"""A sector's Hamiltonian in integers, how far it is from the true one, and its commutators.

.. math:: \|H - c - R\,B/2^\mathrm{bits}\| \le \mathtt{error},\qquad \|B\| \le 2^\mathrm{bits},

with :math:`B` a symmetric matrix of integers. Norms are bounded by the largest absolute row sum
(Gershgorin), which for integers is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from flint import arb

from numerics.certified.exact import Exact, ball, dyadic, largest, upper
from numerics.model.problem import Problem
from numerics.model.sides import Side
from numerics.sectors.irreps import State

__all__ = ["Matrix", "Norms", "matrix"]

_Sparse = list[dict[int, int]]

Norms = tuple[arb, arb, arb]
r"""At least the norms of :math:`C_1=[H,K]`, :math:`C_2=[H,C_1]` and :math:`C_3=[H,C_2]`.

:math:`\|E^{(n)}\|\le\omega_0\|C_n\|` for every state and time.
"""


@dataclass(frozen=True)
class Matrix:
    """One sector: H − c is R B/2^bits but for ``error``, c a number, B of integers."""

    levels: tuple[int, ...]  # the number of excited cells at each site
    diagonal: tuple[int, ...]
    hops: tuple[tuple[int, int, int], ...]  # sites i < j and B[i, j]
    bits: int
    scale: Fraction  # R, with the bound ‖B‖ ≤ 2^bits proven by the row sums
    error: arb  # at least ‖H − c − R B/2^bits‖

    @property
    def size(self) -> int:
        return len(self.levels)

    @property
    def chiral(self) -> bool:
        """True where the diagonal vanishes: every hop changes k by one, so the spectrum is ±."""
        return not any(self.diagonal)

    @cached_property
    def rows(self) -> _Sparse:
        rows: _Sparse = [{i: d} if d else {} for i, d in enumerate(self.diagonal)]
        for i, j, element in self.hops:
            rows[i][j] = rows[j][i] = element
        return rows

    @cached_property
    def bounds(self) -> tuple[Norms, Norms]:
        """Norms for the true H, and how far the integers' commutators are from the true ones."""
        # Each commutator brings one R/2^bits; Fractions keep it exact.
        unit = self.scale / 2**self.bits
        k = self.levels
        first = [{j: x * (k[j] - k[i]) for j, x in row.items()} for i, row in enumerate(self.rows)]
        second = _commutator(self.rows, first, antisymmetric=True)
        third = _commutator(self.rows, second, antisymmetric=False)
        w1, w2, w3 = (ball(unit**n * _norm(c)) for n, c in enumerate((first, second, third), 1))
        r, delta = ball(self.scale), self.error
        # K changes by at most 1 along a hop, so [δH, K] has no larger row sums than δH.
        d1 = delta
        d2 = 2 * delta * (w1 + d1) + 2 * r * d1
        d3 = 2 * delta * (w2 + d2) + 2 * r * d2
        norms = upper(w1 + d1), upper(w2 + d2), upper(w3 + d3)
        return norms, (upper(d1), upper(d2), upper(d3))


def _commutator(h: _Sparse, x: _Sparse, *, antisymmetric: bool) -> _Sparse:
    """[H, X] = HX − (HX)ᵀ for symmetric X, HX + (HX)ᵀ for antisymmetric X."""
    product: _Sparse = []
    for row in h:
        total: dict[int, int] = {}
        for i, a in row.items():
            for j, b in x[i].items():
                total[j] = total.get(j, 0) + a * b
        product.append(total)
    sign = 1 if antisymmetric else -1
    result = [dict(row) for row in product]
    for i, row in enumerate(product):
        for j, value in row.items():
            result[j][i] = result[j].get(i, 0) + sign * value
    return result


def _norm(rows: _Sparse) -> int:
    return max((sum(map(abs, row.values())) for row in rows), default=0)


def _elements(
    problem: Problem[Exact], battery: Side, charger: Side, states: list[State]
) -> tuple[list[arb], list[tuple[int, int, arb]]]:
    """The diagonal (up to a constant) and the hops."""
    p = problem.parameters
    detuning, frequency, own = map(ball, (p.detuning, p.frequency, p.charger_frequency))
    # From the first state on, in integers: what all have in common may be far larger.
    first = states[0]
    interactions = [
        (ball(strength), element, element(*first))
        for strength, element in p.interactions(battery, charger)
    ]

    def diagonal(k: int, c: int) -> arb:
        more, rest = k - first[0], c - first[1]
        value = detuning * more if problem.conserved else frequency * more + own * rest
        for strength, element, base in interactions:
            value += strength * (element(k, c) - base)
        return value

    strengths = (-1, ball(p.coupling)), (1, ball(p.coupling * p.anisotropy))
    site = {state: i for i, state in enumerate(states)}
    hops = []
    for (k, c), i in site.items():
        for change, strength in strengths:
            j = site.get((k + 1, c + change))
            if j is not None:
                square = int(battery.raising(k)) * int(charger.raising(min(c, c + change)))
                hops.append((i, j, strength * arb(square).sqrt()))
    return [diagonal(k, c) for k, c in states], hops


def _ceiling(value: arb) -> Fraction:
    """A short dyadic number a little above the ball's largest absolute value."""
    exact = dyadic(upper(value))
    if exact == 0:
        return Fraction(0)
    # 32 bits, and room for the rounding of a row.
    shift = exact.numerator.bit_length() - exact.denominator.bit_length() - 32
    step = Fraction(2) ** shift
    return (exact // step + 4) * step


def _rounded(value: arb) -> tuple[int, arb]:
    """The middle of a ball as an integer, and how far from it the true number may be."""
    integer = int(value.mid().floor().fmpz())
    return integer, upper(value - integer)


def _row_sums(diagonal: list[arb], hops: list[tuple[int, int, arb]]) -> list[arb]:
    """At least the absolute row sums of a symmetric matrix of balls."""
    sums = [upper(d) for d in diagonal]
    for i, j, element in hops:
        sums[i] += upper(element)
        sums[j] += upper(element)
    return sums


def matrix(
    problem: Problem[Exact],
    battery: Side,
    charger: Side,
    states: list[State],
    bits: int,
    bottom: int = 0,
) -> Matrix:
    """The Hamiltonian of the sector with these ``states``, in order of k, to ``bits`` bits.

    ``bottom`` is the number of excited cells at level 0.
    """
    diagonal, hops = _elements(problem, battery, charger, states)
    # Any number may be taken off the diagonal; the middle keeps the norm small.
    ends = sorted(map(float, diagonal))
    middle = arb((ends[0] + ends[-1]) / 2)
    diagonal = [d - middle for d in diagonal]
    scale = _ceiling(largest(_row_sums(diagonal, hops)))
    levels = tuple(bottom + k for k, _ in states)
    if scale == 0:
        return Matrix(levels, (0,) * len(levels), (), bits, Fraction(0), arb(0))
    factor = 2**bits / ball(scale)
    integers, errors = zip(*(_rounded(factor * d) for d in diagonal), strict=True)
    rounded = [(i, j, _rounded(factor * element)) for i, j, element in hops]
    error = largest(_row_sums(list(errors), [(i, j, off) for i, j, (_, off) in rounded]))
    integral = tuple((i, j, integer) for i, j, (integer, _) in rounded)
    found = Matrix(levels, integers, integral, bits, scale, upper(error / factor))
    if _norm(found.rows) > 2**bits:
        raise ArithmeticError("the scaled Hamiltonian exceeds the norm that the proofs need")
    return found
