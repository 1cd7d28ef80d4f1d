r"""The state of a large battery, M = N, all spins up, γ = 0: E and its largest power, proven.

The state is one of polynomials on blocks of sites (:mod:`numerics.certified.smooth_chains`). Of its
coefficients c, with the generator :math:`G=Q^TLQ` for L, the distance from the true state is
(Duhamel)

.. math:: \|a-Qc\|\le\int\|(1-QQ^T)LQc\|\,dt .

c is moved as in :mod:`numerics.certified.evolution`, by integers and series of proven error. At all
times within a step its expansion has coefficients of at most :math:`2|J_n|`, with
:math:`|J_n|<0.675\,n^{-1/3}` (Landau), growing where n is above the argument.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import mul

from flint import arb, fmpq

from numerics.certified.evolution import Series, series
from numerics.certified.exact import ball, centre, dyadic, inflated, upper, working
from numerics.certified.isolation import monotone, no_power_above, sample
from numerics.certified.peaks import PowerZero
from numerics.certified.results import CertifiedPeak, NotCertifiedError
from numerics.certified.smooth_chains import SmoothChain, Vector

__all__ = ["LargeBattery", "large_battery", "largest_power"]

_DIGITS_PER_DEGREE, _LOST_DIGITS = 0.74, 5.6
_GUARD_BITS = 40
# Of a step: 1/(M + 1) of it in the unit of time.
_STEP = Fraction(1, 2)
_LANDAU = 0.675
# Sums of some thousand doubles of one sign.
_ROUNDED_UP = 1 + 2**-30


@dataclass(frozen=True)
class LargeBattery:
    """The state at one time, E and its derivatives in units of g and ω0.

    Attributes
    ----------
    time : Fraction
    left_out, rounding : arb
        The distance from the true state: by the polynomials and the series, and by rounding.
    """

    chain: SmoothChain
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
            moved = block.times(own)
            first += sum(map(mul, own, moved), arb(0))
            second += sum(map(mul, moved, moved), arb(0))
            third += sum(map(mul, block.times(moved), moved), arb(0))
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
            moved = block.times([arb(x) for x in part])
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
    chain = SmoothChain.of(cells, count, bits)
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
