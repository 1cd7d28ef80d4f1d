"""Every start of an initial state, moved together: E and its derivatives as balls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from numerics.certified.evolution import Propagator, Walker, walker
from numerics.certified.exact import Exact, ball, inflated, largest, upper
from numerics.certified.matrices import Bounds, matrix
from numerics.certified.photons import Layers, photon_cutoff
from numerics.certified.results import NotCertifiedError
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.problem import Problem
from numerics.model.sides import Side
from numerics.sectors.irreps import Sectors, basis, dimension, grouped, terms

__all__ = ["Ensemble", "Weights", "ensemble", "weights"]

# Amplitudes in all sectors: each is an integer of some hundred bits.
_MOST_AMPLITUDES = 4_000_000


@dataclass(frozen=True)
class _Balls:
    """The arithmetic of weights in balls."""

    negligible: arb
    exact: Callable[[Any], Exact]

    def number(self, value: Any) -> arb:
        return ball(self.exact(value))

    def ratio(self, numerator: int, denominator: int) -> arb:
        return arb(fmpq(numerator, denominator))

    def exp(self, exponent: arb) -> arb:
        return exponent.exp()

    def expm1(self, exponent: arb) -> arb:
        return exponent.expm1()


@dataclass(frozen=True)
class Weights:
    """An initial state as weighted basis states, sector by sector.

    Attributes
    ----------
    sectors : dict
    dropped : arb
        At least the sum of all weights left out.
    photons : int
        The largest charger level of any start.
    """

    sectors: Sectors[arb]
    dropped: arb
    photons: int


def weights(problem: Problem[Exact], negligible: arb) -> Weights:
    """The weights, each side without its least ones, whose sum is at most about ``negligible``.

    Every side is a distribution: what its weights fall short of 1 has been dropped.
    """
    every = list(terms(problem, _Balls(negligible, problem.number)))
    missed = (
        upper(share * (1 - sum(cells.values()) * sum(charger.values())))
        for share, cells, charger in every
    )
    photons = max((c for _, _, charger in every for _, c in charger), default=0)
    return Weights(grouped(every, problem.conserved), sum(missed, arb(0)), photons)


@dataclass(frozen=True)
class Ensemble:
    r"""Weighted walkers at one time.

    Attributes
    ----------
    cells : int
    frequency : arb
    walkers : tuple of (arb, Walker)
        With their weights.
    dropped : arb
        At least the weight of what is left out.
    beyond : Bounds or None
        Norms of the commutators that hold for what is left out too; None where there are none.
    ceiling : arb
        At least the largest possible E.
    edge : Bounds
        What a photon cutoff changes of the derivatives of E/ω0.
    until : Fraction or None
        Up to which time the photon cutoff is proven.
    """

    cells: int
    frequency: arb
    walkers: tuple[tuple[arb, Walker], ...]
    dropped: arb
    beyond: Bounds | None
    ceiling: arb
    edge: Bounds
    until: Fraction | None

    def at(self, time: Fraction) -> Ensemble:
        if self.until is not None and abs(time) > self.until:
            raise NotCertifiedError(
                f"the photon cutoff is proven up to time {float(self.until):.6g} only"
            )
        moved = tuple((weight, walker.at(time)) for weight, walker in self.walkers)
        return replace(self, walkers=moved)

    @property
    def time(self) -> Fraction:
        return self.walkers[0][1].time

    @property
    def scale(self) -> Fraction:
        """The largest R."""
        return max((walker.matrix.scale for _, walker in self.walkers), default=Fraction(0))

    @property
    def size(self) -> int:
        """The largest number of sites."""
        return max((walker.matrix.size for _, walker in self.walkers), default=1)

    def energy(self, around: arb | None = None) -> tuple[arb, arb]:
        """E, and what of its radius the truncated series and the photon cutoff make up.

        With ``around``, at every time that is no farther away than this.
        """
        total, remainder = self._mean(
            2,
            (
                walker.gain() if around is None else walker.gain_around(around)
                for _, walker in self.walkers
            ),
        )
        total = inflated(total, self.dropped * self.cells)
        return self.frequency * total, upper(self.frequency * remainder)

    def _mean(self, count: int, columns: Iterable[Sequence[arb]]) -> list[arb]:
        """Weighted sums of ``count`` values over all walkers."""
        totals = [arb(0)] * count
        for (weight, _), values in zip(self.walkers, columns, strict=True):
            totals = [total + weight * value for total, value in zip(totals, values, strict=True)]
        return totals

    def truncation_of_slope(self) -> arb:
        """The part of the radius of E' that the truncated series makes."""
        parts = (weight * moved.truncation_of_slope() for weight, moved in self.walkers)
        return upper(self.frequency * sum(parts, arb(0)))

    def slopes(self) -> tuple[arb, arb]:
        """E' and E''."""
        first, second = self._mean(2, (walker.slopes() for _, walker in self.walkers))
        beyond = self._beyond
        first = inflated(first, upper(self.dropped * beyond.first + self.edge.first))
        second = inflated(second, upper(self.dropped * beyond.second + self.edge.second))
        return self.frequency * first, self.frequency * second

    @property
    def _beyond(self) -> Bounds:
        if self.beyond is None:
            raise InvalidArgument("`initial` must have a largest photon number, but has none")
        return self.beyond

    def bounds(self) -> tuple[arb, arb, arb]:
        """At least the largest |E'|, |E''| and |E'''| at any time."""
        beyond, edge = self._beyond.norms, self.edge.norms
        inside = self._mean(3, (walker.matrix.bounds.norms for _, walker in self.walkers))
        first, second, third = (
            upper(self.frequency * (self.dropped * b + e + i))
            for b, e, i in zip(beyond, edge, inside, strict=True)
        )
        return first, second, third


def _span(side: Side, frequency: Exact, crosstalk: Exact) -> arb:
    """At least the spread of the energies of one side."""
    return upper(ball(frequency)) * side.top + upper(ball(crosstalk)) * 2 * side.strongest


def _beyond(problem: Problem[Exact]) -> Bounds | None:
    """Crude norms for every sector; None where a side has no top."""
    battery, charger, p = problem.battery, problem.charger, problem.parameters
    if battery.top is None or charger.top is None:
        return None
    pull = upper(ball(p.coupling) * (1 + ball(p.anisotropy)))
    pull = upper(2 * pull * arb(battery.strongest * charger.strongest).sqrt())
    span = _span(battery, p.frequency, p.cell_crosstalk)
    span += _span(charger, p.charger_frequency, p.charger_crosstalk)
    full = 2 * (pull + span)
    return Bounds(pull, full * pull, full * full * pull, arb(0), arb(0))


@dataclass(frozen=True)
class _Cutoff:
    """The photon cutoff of a counter-rotating cavity, and what it costs."""

    photons: int
    state: arb
    derivatives: Bounds


def _cutoff(problem: Problem[Exact], found: Weights, until: Fraction, bits: int) -> _Cutoff:
    if not problem.counter_rotating:
        return _Cutoff(0, arb(0), Bounds.none())
    p, battery = problem.parameters, problem.battery
    if not problem.charger.linear:
        must = f"be 0 for certified digits of a {problem.charger.noun} without a top"
        raise invalid("anisotropy", must, problem.model.anisotropy)
    # The norm of the battery's raising operator.
    step = upper(arb(battery.strongest).sqrt())
    rate = upper(ball(p.coupling)) * (1 + upper(ball(p.anisotropy))) * step
    x, rate = upper(rate * ball(until)), upper(rate)
    photons = photon_cutoff(Layers(x, rate, found.photons), bits)
    spread = _span(battery, p.frequency, p.cell_crosstalk)
    own = upper(ball(p.charger_frequency))
    starts = {c for sector in found.sectors.values() for _, c in sector}
    every = [Layers(x, rate, c) for c in starts]
    first, second, third = (
        largest(
            layers.derivative_error(m, photons, battery.top, upper(m * own + spread))
            for layers in every
        )
        for m in (1, 2, 3)
    )
    return _Cutoff(
        photons,
        largest(layers.error(photons) for layers in every),
        Bounds(first, second, third, arb(0), arb(0)),
    )


def _cells(problem: Problem[Exact], found: Weights) -> int:
    """The number of cells, or of the excitations that a battery without a top can hold."""
    if problem.battery.top is not None:
        return int(problem.battery.top)
    if found.dropped != 0:
        raise InvalidArgument("`initial` must have finitely many excitations, but has no limit")
    return max(k + c for sector in found.sectors.values() for k, c in sector)


def ensemble(problem: Problem[Exact], bits: int, until: Fraction, negligible: arb) -> Ensemble:
    """The ensemble at time 0, to ``bits`` bits and for times up to ``until``.

    Raises
    ------
    InvalidArgument
        It would not fit into memory, or the battery or its charger has no end.
    CutoffError
        A cavity with γ > 0 would need too many photons.
    """
    p = problem.parameters
    if problem.battery.top is None and not problem.conserved:
        must = f"be 0 for a battery that is a {problem.battery.noun}"
        raise invalid("anisotropy", must, problem.model.anisotropy)
    found = weights(problem, negligible)
    cutoff, cells = _cutoff(problem, found, until, bits), _cells(problem, found)
    walkers: list[tuple[arb, Walker]] = []
    ceiling, amplitudes = upper(found.dropped * cells), 0
    for (cell_size, charger_size, label), starts in found.sectors.items():
        sides = problem.battery.irrep(cell_size), problem.charger.irrep(charger_size)
        sector = (*sides, label, problem.conserved, cutoff.photons)
        if p.coupling == 0:
            continue
        amplitudes += dimension(*sector) * len(starts)
        if amplitudes > _MOST_AMPLITUDES:
            raise InvalidArgument(
                f"`model` must have at most {_MOST_AMPLITUDES} amplitudes to be certified, but "
                f"has {amplitudes} or more"
            )
        site = {state: i for i, state in enumerate(basis(*sector))}
        if len(site) == 1:
            continue
        built = matrix(problem, *sides, list(site), bits)
        propagator = Propagator(built)
        for (k, c), weight in starts.items():
            walkers.append((weight, walker(propagator, site[k, c], cutoff.state)))
            ceiling += upper(weight) * (max(built.levels) - k)
    frequency = ball(p.frequency)
    beyond = Bounds.none() if found.dropped == 0 else _beyond(problem)
    return Ensemble(
        cells,
        frequency,
        tuple(walkers),
        found.dropped,
        beyond,
        upper(frequency * ceiling),
        cutoff.derivatives,
        until if problem.counter_rotating else None,
    )
