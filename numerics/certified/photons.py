r"""A cavity with counter-rotating terms: a photon cutoff with a proven price.

Let :math:`a_n` bound the norm of the part of the state with n photons. One hop changes n by one
and has a norm of at most :math:`\lambda\sqrt{\max(n,n')}`, with
:math:`\lambda=|g|(1+|\gamma|)(j+\tfrac12)` because :math:`\|S_\pm\|\le j+\tfrac12`. In the
interaction picture of everything that conserves n, Dyson's series with norms in place of operators
gives, from :math:`n_0` photons and with :math:`x=\lambda t`,

.. math::

    a_n(t) \le \langle n|e^{x(b+b^\dagger)}|n_0\rangle
    = e^{x^2/2}\sum_{i\le n_0}\frac{x^{n_0-i}}{(n_0-i)!}\frac{x^{n-i}}{(n-i)!}
      \frac{\sqrt{n_0!\,n!}}{i!},

with or without a cutoff, and it grows with t. Cut at :math:`n_c`, the state is off by at most
:math:`\varepsilon=\int_0^t\lambda\sqrt{n_c+1}\,a_{n_c}(s)\,ds\le x\sqrt{n_c+1}\,a_{n_c}(t)`
(Duhamel).

The m-th derivative of E is the mean of :math:`X_m`, the m-fold commutator of H with K, whose blocks
between layers of n photons change n by at most m. A commutator multiplies the norm of a block by at
most :math:`m\omega_C+s+4\lambda\sqrt{n+1}`, with s the span of the cells' own energies, so
blocks up to layer n are at most :math:`x_m(n)=M(m\omega_C+s+4\lambda\sqrt{n+m+2})^m`. With and
without the cutoff they are equal up to layer :math:`n_c-m`, and the rest lies in layers beyond
:math:`n_c-2m`, where the state is at most :math:`a_n`. Both together,

.. math::

    |\langle X_m\rangle-\langle X_m\rangle_{n_c}|\le 2(2m+1)\Big[x_m(n_c)\,\varepsilon
    +\sum_{n>n_c-2m}x_m(n+m)\,a_n^2\Big],

and the sum is at most twice its first term once its terms fall by half or more:
:math:`a_{n+1}/a_n\le x\sqrt{n+1}/(n+1-n_0)`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from numerics.certified.exact import Exact, ball, largest, least, upper
from numerics.certified.matrices import Norms
from numerics.dynamics.photon_cutoff import CutoffError
from numerics.model.checks import invalid
from numerics.model.problem import Problem
from numerics.model.sides import Side

__all__ = ["Cutoff", "Layers", "photon_cutoff", "span", "strongest"]

_MOST = 4000
# The highest derivative that is bounded.
_HIGHEST = 3


@dataclass(frozen=True)
class Layers:
    """The reach of a start up the photon ladder until some time."""

    x: arb  # at least λt at the latest time
    rate: arb  # at least λ
    start: int  # photons at the start

    def amplitude(self, photons: int) -> arb:
        """At least the norm of the part with so many photons, at any time until then."""
        total = arb(0)
        for i in range(min(self.start, photons) + 1):
            square = arb(self.start).fac() * arb(photons).fac()
            total += (
                self.x ** (self.start + photons - 2 * i)
                * square.sqrt()
                / (arb(self.start - i).fac() * arb(photons - i).fac() * arb(i).fac())
            )
        return upper((self.x * self.x / 2).exp() * total)

    def error(self, cutoff: int) -> arb:
        """At least the distance from the true state with photons beyond ``cutoff`` left out."""
        return upper(self.x * arb(cutoff + 1).sqrt() * self.amplitude(cutoff))

    def falls(self, cutoff: int) -> bool:
        """True where each term of the sum for a derivative is at most half of the one before."""
        edge = cutoff - 2 * _HIGHEST + 1
        if edge <= max(self.start, 3):
            return False
        # Blocks grow by less than √(8/7) per order and layer.
        ratio = self.x * arb(edge + 1).sqrt() / (edge + 1 - self.start)
        return bool((arb(8) / 7) ** _HIGHEST * ratio**4 <= arb(1) / 4)

    def derivative_error(self, order: int, cutoff: int, cells: int, splitting: arb) -> arb:
        """At least the error of the derivative of ⟨K⟩ of this order.

        ``splitting`` is at least order × ω_C plus the span of the cells' own energies. The order
        is at most three and ``cutoff`` one at which the sum `falls`.
        """
        edge = cutoff - 2 * order + 1

        def block(layer: int) -> arb:
            return cells * (splitting + 4 * self.rate * arb(layer + order + 2).sqrt()) ** order

        tail = 2 * block(edge + order) * self.amplitude(edge) ** 2
        return upper(2 * (2 * order + 1) * (block(cutoff) * self.error(cutoff) + tail))


@dataclass(frozen=True)
class Cutoff:
    """The photon cutoff of a counter-rotating cavity, and what it costs."""

    photons: int
    state: arb  # at least the distance from the true state
    derivatives: Norms  # at least the errors of the first three derivatives of E/ω0


def span(side: Side, frequency: Exact, crosstalk: Exact, longitudinal: Exact, most: int = 0) -> arb:
    """At least the difference of the largest and the least energy of one side.

    Without a top up to the level ``most``.
    """
    top = most if side.top is None else int(side.top)
    among = upper(ball(crosstalk)) * 2 * strongest(side, most)
    among += upper(ball(longitudinal)) * side.polarization(top) ** 2
    return upper(ball(frequency)) * top + among


def strongest(side: Side, most: int) -> int:
    """The largest squared raising element; without a top that below the level ``most``."""
    if side.top is not None:
        return side.strongest
    return max((int(side.raising(level)) for level in range(most)), default=0)


def photon_cutoff(
    problem: Problem[Exact], starts: Collection[int], until: Fraction, bits: int
) -> Cutoff:
    """The cutoff with an error below 2^−bits, and its price, from some photon numbers.

    Raises
    ------
    InvalidArgument
        The charger's elements grow faster than those of a cavity.
    CutoffError
        There is none below some thousands.
    """
    if not problem.counter_rotating:
        return Cutoff(0, arb(0), (arb(0), arb(0), arb(0)))
    p, battery = problem.parameters, problem.battery
    if not problem.charger.linear:
        must = f"be 0 for certified digits of a {problem.charger.noun} without a top"
        raise invalid("anisotropy", must, problem.model.anisotropy)
    # The norm of the battery's raising operator.
    step = upper(arb(battery.strongest).sqrt())
    rate = upper(ball(p.coupling)) * (1 + upper(ball(p.anisotropy))) * step
    x, rate = upper(rate * ball(until)), upper(rate)
    every = [Layers(x, rate, start) for start in starts]
    furthest, small = Layers(x, rate, max(starts)), arb(2) ** -bits
    photons = least(
        lambda n: furthest.falls(n) and bool(furthest.error(n) < small),
        furthest.start,
        furthest.start + 16,
        _MOST,
    )
    if photons is None:
        raise CutoffError(
            f"the photon cutoff that `digits` needs at this `time` cannot be proven with {_MOST} "
            "photons (coupling × time is too large); ask for an earlier time"
        )
    own = upper(ball(p.charger_frequency))
    rest = span(battery, p.frequency, p.cell_crosstalk, p.cell_longitudinal)
    first, second, third = (
        largest(s.derivative_error(m, photons, battery.top, upper(m * own + rest)) for s in every)
        for m in (1, 2, 3)
    )
    return Cutoff(photons, largest(s.error(photons) for s in every), (first, second, third))
