"""Every start of an initial state, moved together: E and its derivatives as balls."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

from flint import arb, fmpq

from numerics.certified.evolution import Propagator, Walker, walker
from numerics.certified.exact import Exact, ball, dyadic, inflated, short, upper
from numerics.certified.matrices import Norms, matrix
from numerics.certified.photons import photon_cutoff, span, strongest
from numerics.certified.results import NotCertifiedError
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.problem import Problem
from numerics.model.resources import require_time
from numerics.model.side_states import Level, Superposed
from numerics.sectors.irreps import (
    Arithmetic,
    Sectors,
    State,
    basis,
    dimension,
    extent,
    grouped,
    terms,
)

__all__ = ["Ensemble", "Sector", "Weights", "ensemble", "weights"]

# Amplitudes in all sectors: each is an integer of some hundred bits.
_MOST_AMPLITUDES = 4_000_000
# Of one term of a series for one amplitude of few bits; a term itself costs as much as some.
_SECONDS, _FEW, _BITS = 5e-7, 40, 500


@dataclass(frozen=True)
class Weights:
    """An initial state as weighted basis states, sector by sector."""

    sectors: Sectors[arb]
    dropped: arb  # at least the sum of all weights left out


def weights(problem: Problem[Exact], negligible: arb) -> Weights:
    """The weights, each side without its least ones, whose sum is at most about ``negligible``.

    Every side is a distribution: what its weights fall short of 1 has been dropped.
    """
    balls = Arithmetic(
        negligible,
        number=lambda value: ball(problem.number(value)),
        ratio=lambda part, whole: arb(fmpq(part, whole)),
        exp=arb.exp,
        expm1=arb.expm1,
        cos=arb.cos,
    )
    for branch in problem.branches():
        superposed = [isinstance(state, Superposed) for state in branch[1:]]
        apart = problem.conserved and problem.charger.distinguishable
        if any(superposed) and (all(superposed) or not apart):
            must = "be a superposition on one side only, with `anisotropy` 0, to be certified"
            raise invalid("initial", must, problem.initial)
    every = list(terms(problem, balls))
    missed = (
        upper(share * (1 - sum(cells.values()) * sum(charger.values())))
        for share, cells, charger in every
    )
    return Weights(grouped(every, problem), sum(missed, arb(0)))


def _require_time(work: Iterable[tuple[Fraction, int, int]], time: Fraction) -> None:
    """Refuse steps that take too long: of some radians, numbers of amplitudes and of bits."""
    seconds = sum(
        (angle + bits) * Fraction(_SECONDS * (_FEW + size) * (1 + bits / _BITS))
        for angle, size, bits in work
    )
    what = f"`time` must be earlier or `model` smaller, but the proof at {short(time)}"
    require_time(seconds, what, "earlier times or fewer spins are proven in proportion")


def _radians(problem: Problem[Exact], sector: Sequence[Any], time: Fraction) -> Fraction:
    """About the norm of a sector times ``time``, by some of its states."""
    battery, charger, label, conserved, _ = sector
    (levels, most), p = extent(*sector), problem.parameters
    coupling = dyadic(upper(ball(p.coupling)) * (1 + upper(ball(p.anisotropy))))
    squares = [0]
    for k in levels[:: max(1, len(levels) // 8)]:
        c = label - k if conserved else most // 2
        squares.append(int(battery.raising(k)) * int(charger.raising(c - 1)))
    return 2 * coupling * math.isqrt(max(squares)) * time


class Sector(NamedTuple):
    """The irreps of both sides, and the states of a sector by their numbers of excitations."""

    cells: int
    charger: int
    states: tuple[State, ...]


@dataclass(frozen=True)
class Ensemble:
    r"""Weighted walkers at one time."""

    cells: int
    frequency: arb
    walkers: tuple[tuple[arb, Walker], ...]  # with their weights
    sectors: tuple[Sector, ...]  # of the walkers
    at_rest: dict[Sector, arb]  # weights of starts that do not move, each in its one state
    dropped: arb  # at least the weight of what is left out
    beyond: Norms  # of the first three commutators, for what is left out too
    ceiling: arb  # at least the largest possible E
    edge: Norms  # what a photon cutoff changes of the first three derivatives of E/ω0
    until: Fraction | None  # up to which time the photon cutoff is proven
    bits: int  # the working precision

    def at(self, time: Fraction) -> Ensemble:
        """The same states at another time."""
        if self.until is not None and abs(time) > self.until:
            raise NotCertifiedError(
                f"the photon cutoff is proven up to time {float(self.until):.6g} only"
            )
        angles = ((walker.matrix, abs(time - walker.time)) for _, walker in self.walkers)
        work = ((matrix.scale * step, matrix.size, matrix.bits) for matrix, step in angles)
        _require_time(work, time)
        moved = tuple((weight, walker.at(time)) for weight, walker in self.walkers)
        return replace(self, walkers=moved)

    @property
    def time(self) -> Fraction:
        return self.walkers[0][1].time

    @property
    def unit(self) -> arb:
        """M ω0, the scale of E."""
        return self.frequency * self.cells

    def _mean(self, values: Callable[[Walker], Sequence[arb]], count: int) -> list[arb]:
        """Weighted sums of ``count`` values over all walkers."""
        totals = [arb(0)] * count
        for weight, moved in self.walkers:
            columns = zip(totals, values(moved), strict=True)
            totals = [total + weight * value for total, value in columns]
        return totals

    def energy(self, around: arb | None = None) -> tuple[arb, arb]:
        """E, and what of its radius the truncated series and the photon cutoff make up.

        With ``around``, at every time that is no farther away than this.
        """
        total, remainder = self._mean(lambda moved: moved.gain(around), 2)
        total = inflated(total, self.dropped * self.cells)
        return self.frequency * total, upper(self.frequency * remainder)

    def populations(self, around: arb | None = None) -> list[tuple[arb, arb]]:
        """The probabilities of 0, 1, … excited cells, with parts and times as in `energy`."""
        found = [(arb(0), arb(0))] * (self.cells + 1)
        for (_, _, ((k, _),)), weight in self.at_rest.items():
            found[k] = found[k][0] + weight, arb(0)
        for weight, moved in self.walkers:
            for k, (value, part) in moved.populations(around).items():
                total, parts = found[k]
                found[k] = total + weight * value, parts + weight * part
        possible = arb(0).union(arb(1))
        return [
            (inflated(total, self.dropped).intersection(possible), upper(parts))
            for total, parts in found
        ]

    def truncation_of_slope(self) -> arb:
        """The part of the radius of E' that the truncated series makes."""
        (part,) = self._mean(lambda moved: (moved.truncation_of_slope(),), 1)
        return upper(self.frequency * part)

    def slopes(self) -> tuple[arb, arb]:
        """E' and E''."""
        first, second = (
            self.frequency * inflated(mean, upper(self.dropped * beyond + edge))
            for mean, beyond, edge in zip(
                self._mean(Walker.slopes, 2), self.beyond, self.edge, strict=False
            )
        )
        return first, second

    def bounds(self) -> Norms:
        """At least the largest |E'|, |E''| and |E'''| at any time."""
        inside = self._mean(lambda moved: moved.matrix.bounds[0], 3)
        first, second, third = (
            upper(self.frequency * (self.dropped * b + e + i))
            for b, e, i in zip(self.beyond, self.edge, inside, strict=True)
        )
        return first, second, third


def _beyond(problem: Problem[Exact], dropped: arb, cells: int) -> Norms:
    """Crude norms for every sector, if any is left out; infinite where the charger has no top."""
    battery, charger, p = problem.battery, problem.charger, problem.parameters
    if dropped == 0:
        return arb(0), arb(0), arb(0)
    if charger.top is None:
        return arb("inf"), arb("inf"), arb("inf")
    pull = upper(ball(p.coupling)) * (1 + upper(ball(p.anisotropy)))
    pull = upper(2 * pull * arb(strongest(battery, cells) * charger.strongest).sqrt())
    full = span(battery, p.frequency, p.cell_crosstalk, p.cell_longitudinal, cells)
    full += span(charger, p.charger_frequency, p.charger_crosstalk, p.charger_longitudinal)
    both = battery.polarization(cells) * charger.polarization(charger.top)
    full = 2 * (pull + full + 2 * upper(ball(p.longitudinal)) * both)
    return pull, full * pull, full * full * pull


def _cells(problem: Problem[Exact], weighted: Weights) -> int:
    """The number of cells, or of the excitations that a battery without a top can hold."""
    if problem.battery.top is not None:
        return int(problem.battery.top)
    if weighted.dropped == 0:
        return max(k + c for sector in weighted.sectors.values() for k, c in sector)
    begin = [branch.battery for branch in problem.branches()]
    levels = [int(state.level) for state in begin if isinstance(state, Level)]
    if problem.charger.top is None or len(levels) < len(begin):
        raise InvalidArgument("`initial` must have finitely many excitations, but has no limit")
    return max(levels) + int(problem.charger.top)


def ensemble(problem: Problem[Exact], bits: int, until: Fraction, negligible: arb) -> Ensemble:
    """The ensemble at time 0, to ``bits`` bits and for times up to ``until``.

    Raises
    ------
    InvalidArgument
        It would not fit into memory, or the battery or its charger has no end.
    CutoffError
        A cavity with γ ≠ 0 would need too many photons.
    """
    p = problem.parameters
    if problem.battery.top is None and not problem.conserved:
        must = f"be 0 for a battery that is a {problem.battery.noun}"
        raise invalid("anisotropy", must, problem.model.anisotropy)
    weighted = weights(problem, negligible)
    photons = {c for sector in weighted.sectors.values() for _, c in sector}
    cutoff, cells = photon_cutoff(problem, photons, until, bits), _cells(problem, weighted)
    walkers: list[tuple[arb, Walker]] = []
    inside: list[Sector] = []
    at_rest: dict[Sector, arb] = defaultdict(arb)
    ceiling, amplitudes = upper(weighted.dropped * cells), 0
    for (cell_size, charger_size, label), starts in weighted.sectors.items():
        bottom = int(problem.battery.bottom(cell_size))
        empty = problem.charger.bottom(charger_size)

        def quanta(level: int, empty: Any = empty) -> Any:
            return empty + level if problem.charger.distinguishable else 0

        sides = problem.battery.irrep(cell_size), problem.charger.irrep(charger_size)
        sector = (*sides, label, problem.conserved, cutoff.photons)
        amplitudes += dimension(*sector) * len(starts) if p.coupling != 0 else 0
        if amplitudes > _MOST_AMPLITUDES:
            raise InvalidArgument(
                f"`model` must have at most {_MOST_AMPLITUDES} amplitudes to be certified, but "
                f"has {amplitudes} or more"
            )
        if p.coupling != 0:
            _require_time([(_radians(problem, sector, until), amplitudes, bits)], until)
        site = {state: i for i, state in enumerate(basis(*sector) if p.coupling != 0 else ())}
        if len(site) < 2:
            for (k, c), weight in starts.items():
                at_rest[Sector(cell_size, charger_size, ((bottom + k, quanta(c)),))] += weight
            continue
        states = tuple((bottom + k, quanta(c)) for k, c in site)
        propagator = Propagator(matrix(problem, *sides, list(site), bits, bottom))
        for (k, c), weight in starts.items():
            walkers.append((weight, walker(propagator, site[k, c], cutoff.state)))
            inside.append(Sector(cell_size, charger_size, states))
            ceiling += upper(weight) * (max(propagator.matrix.levels) - bottom - k)
    frequency = ball(p.frequency)
    return Ensemble(
        cells,
        frequency,
        tuple(walkers),
        tuple(inside),
        dict(at_rest),
        weighted.dropped,
        _beyond(problem, weighted.dropped, cells),
        upper(frequency * ceiling),
        cutoff.derivatives,
        until if problem.counter_rotating else None,
        bits,
    )
