r"""Open batteries: E(t) by the Taylor series of a Liouville block in balls.

With the terms :math:`v_n=A^n\rho_0\,T^n/n!` the energy is the polynomial of their means in t/T.
What follows the last of K terms is at most :math:`\|o\|_\infty\|v_K\|_1\,x/(1-x)` with
:math:`x=\|A\|_1T/(K+1)`. Nothing is done against cancellation but to carry more bits.

Where pumping leaves a cavity without a largest number of photons, states with more than some number
of excitations are cut off. H conserves that number, and what returns from beyond the cut is
positive: the state is off by no more than its trace has lost, which is itself a ball.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from flint import acb, arb, ctx, fmpq

from numerics.certified.exact import Exact, ball, inflated, largest, short, upper, working
from numerics.certified.weighted_states import weights
from numerics.model.checks import invalid
from numerics.model.noise import Bath, Jump
from numerics.model.problem import Problem
from numerics.model.resources import require_time
from numerics.model.sides import Side
from numerics.sectors.liouville import elements, endless, most_excited
from numerics.sectors.starts import Start

__all__ = ["OpenSeries", "open_series"]

_MOST_ELEMENTS = 20_000
# Weights below 2^−1000 vanish as doubles.
_LEAST = 1000
# Seconds of a product of balls with few bits, and the bits that double it.
_SECONDS, _BITS = 3e-7, 1500

Element = tuple[int, int, int, int, int, int]
"""Irrep, ket and bra of the battery, and of the charger."""


class _Generator(NamedTuple):
    """The generator, column by column and in compressed rows."""

    names: list[Element]
    columns: list[dict[Element, Any]]
    filled: Any  # the rows that have entries
    starts: Any  # and the first entry of each
    places: Any  # of the columns
    values: Any

    @classmethod
    def of(cls, names: list[Element], columns: list[dict[Element, Any]]) -> _Generator:
        index = {name: place for place, name in enumerate(names)}
        rows: list[list[tuple[int, Any]]] = [[] for _ in names]
        for place, column in enumerate(columns):
            for target, value in column.items():
                if target in index:
                    rows[index[target]].append((place, value))
        filled = np.array([place for place, row in enumerate(rows) if row], dtype=np.int64)
        counts = [len(rows[place]) for place in filled]
        entries = [entry for row in rows for entry in row]
        values = np.empty(len(entries), dtype=object)
        values[:] = [value for _, value in entries]
        places = np.array([place for place, _ in entries], dtype=np.int64)
        return cls(names, columns, filled, np.cumsum([0, *counts])[:-1], places, values)

    @property
    def cut(self) -> bool:
        """Something leads to elements that are not there."""
        return len(self.values) < sum(map(len, self.columns))

    @property
    def norm(self) -> arb:
        """At least ‖A‖₁."""
        sums = (sum(map(upper, map(abs, column.values())), arb(0)) for column in self.columns)
        return largest(sums)

    def applied(self, vector: Any) -> Any:
        result = np.full(len(vector), arb(0), dtype=object)
        if len(self.values):
            result[self.filled] = np.add.reduceat(self.values * vector[self.places], self.starts)
        return result

    def rate(self, observable: dict[Element, int]) -> arb:
        """At least the rate at which a mean changes, in any state: a norm of A†O."""
        rows: dict[tuple[int, ...], arb] = defaultdict(arb)
        for (j, k, _, J, c, _), column in zip(self.names, self.columns, strict=True):
            moved = sum((v * observable[e] for e, v in column.items() if e in observable), arb(0))
            rows[j, k, J, c] += upper(abs(moved))
        return largest(rows.values())


@dataclass(frozen=True)
class OpenSeries:
    """The Taylor series of the excitations gained, up to some time.

    Attributes
    ----------
    until : Fraction
        T.
    gained, lost : sequences of arb
        Of the excited cells, and of the trace beyond a cut, by powers of t/T.
    left : arb
        At least what the terms beyond the last make of either.
    slope : arb
        At least |dE/dt| over ω0, at any time.
    leaking : arb
        At least the rate at which the trace is lost.
    dropped : arb
        At least the weight of what is left out of the start.
    """

    problem: Problem[Exact]
    until: Fraction
    gained: Sequence[arb]
    lost: Sequence[arb]
    left: arb
    slope: arb
    leaking: arb
    dropped: arb
    bits: int  # the working precision

    @property
    def unit(self) -> arb:
        """M ω0, the scale of E."""
        return ball(self.problem.parameters.frequency) * int(self.problem.battery.top)

    def energy(self, time: Fraction, around: arb | None = None) -> tuple[arb, arb]:
        """E, and what of its radius the series and the cut make up; as ``Ensemble.energy``."""
        share = ball(time / self.until) if self.until else arb(0)
        gained, lost = _polynomial(self.gained, share), self.lost_at(share)
        if around is not None:
            gained = inflated(gained, upper(around * self.slope))
            lost = inflated(lost, upper(around * self.leaking))
        cells = int(self.problem.battery.top)
        remainder = upper(self.left + cells * (lost + self.left))
        total = inflated(inflated(gained, remainder), upper(self.dropped * cells))
        frequency = ball(self.problem.parameters.frequency)
        return frequency * total, upper(frequency * remainder)

    def lost_at(self, share: arb) -> arb:
        """At least the trace beyond the cut at this share of T."""
        return upper(_polynomial(self.lost, share))


def _polynomial(coefficients: Sequence[arb], at: arb) -> arb:
    total = arb(0)
    for coefficient in reversed(coefficients):
        total = total * at + coefficient
    return total


def open_series(problem: Problem[Exact], until: Fraction, digits: int) -> OpenSeries:
    """The series for times up to ``until``, with enough bits for about so many digits.

    Raises
    ------
    InvalidArgument
        The battery has no top, a cavity has γ ≠ 0, or a start is not one that is certified.
    TooLargeError
        The block has too many elements, or the proof takes too long.
    """
    if problem.battery.top is None:
        must = f"have a battery with a top, no {problem.battery.noun}, to be certified with noise"
        raise invalid("model", must, problem.model)
    if problem.counter_rotating:
        must = f"be 0 for certified digits of a {problem.charger.noun} with noise"
        raise invalid("anisotropy", must, problem.model.anisotropy)
    bits, beyond = math.ceil(digits * math.log2(10)) + 64, 0
    while True:
        with working(bits):
            made, begin, dropped = _prepared(problem, beyond)
            angle = float(upper(made.norm * ball(until)))
            growth = math.log2(len(made.names)) + 2 * math.log2(1 + 1 / max(angle, 1e-300))
            needed = math.ceil(digits * math.log2(10) + angle / math.log(2) + growth) + 64
            terms = 3 * angle + 3 * digits + 16
            seconds = terms * len(made.values) * _SECONDS * (1 + max(bits, needed) / _BITS)
            what = f"`time` must be earlier or `model` smaller, but the proof at {short(until)}"
            require_time(seconds, what, "earlier times or fewer spins are proven in proportion")
            if needed <= bits:
                series = _series(problem, made, begin, until, digits, dropped, bits)
                most = upper(series.lost_at(arb(1)))
                if not made.cut or most < arb(10) ** -digits:
                    return series
                beyond = 2 * beyond + 16
        bits = max(bits, needed)


def _prepared(problem: Problem[Exact], beyond: int) -> tuple[_Generator, dict[Element, arb], arb]:
    """The generator on the elements that are reached, the start, and the weight left out of it.

    Where the number of excitations has no end it is cut off so far beyond the start.
    """
    weighted = weights(problem, arb(2) ** -min(ctx.prec, _LEAST))
    begin = {
        (j, k, k, J, c, c): weight
        for (j, J, _), states in weighted.sectors.items()
        for (k, c), weight in states.items()
    }
    j, k, _, J, c, _ = np.array(list(begin), dtype=np.int64).T
    every, most = _jumps(problem), None
    start = Start(j, k, J, c, np.ones(len(begin)))
    if endless(problem, every):
        most = most_excited(problem, start) + int(problem.battery.top) + beyond
    columns = elements(problem, start, every, most, _MOST_ELEMENTS)
    names = list(zip(*(c.tolist() for labels in columns for c in labels), strict=True))
    column = _Columns(problem, every)
    return _Generator.of(names, [column(name) for name in names]), begin, weighted.dropped


def _series(
    problem: Problem[Exact],
    made: _Generator,
    begin: dict[Element, arb],
    until: Fraction,
    digits: int,
    dropped: arb,
    bits: int,
) -> OpenSeries:
    time, norm, bottom = ball(until), made.norm, problem.battery.bottom
    angle = upper(norm * time)
    trace = {e: 1 for e in made.names if e[1] == e[2] and e[4] == e[5]}
    excited = {e: int(bottom(e[0])) + e[1] for e in trace}
    vector = np.full(len(made.names), arb(0), dtype=object)
    vector[:] = [begin.get(name, arb(0)) for name in made.names]
    places = [place for place, name in enumerate(made.names) if name in trace]
    cells = np.full(len(places), 0, dtype=object)
    cells[:] = [excited[made.names[place]] for place in places]
    enough = upper(arb(10) ** -(digits + 2) * angle.min(arb(1)) ** 2)
    gained, lost, left = [arb(0)], [arb(0)], arb("inf")
    for n in count(1):
        vector = made.applied(vector) * (time / n)
        some = vector[places]
        gained.append(_real(np.sum(cells * some)))
        lost.append(-_real(np.sum(some)) if made.cut else arb(0))
        ratio = upper(angle / (n + 1))
        if ratio < 0.75:
            size = sum(map(upper, map(abs, vector)), arb(0))
            left = upper(
                largest([arb(1), *map(arb, excited.values())]) * size * ratio / (1 - ratio)
            )
            if left <= enough:
                break
    slope, leaking = made.rate(excited), made.rate(trace) if made.cut else arb(0)
    return OpenSeries(problem, until, gained, lost, left, slope, leaking, dropped, bits)


def _real(value: Any) -> arb:
    return value.real if isinstance(value, acb) else arb(value)


def _jumps(problem: Problem[Exact]) -> list[Jump]:
    """The jumps with rates as balls, without those that never happen."""
    found = []
    for one in problem.noise:
        for jump in one.jumps(problem.model):
            rate = ball(problem.number(jump.rate))
            if isinstance(one, Bath):
                own = problem.model.frequencies[jump.side == "charger"]
                x = ball(problem.number(own)) / ball(problem.number(one.temperature))
                rate *= ((-x).exp() if jump.step > 0 else 1) / -(-x).expm1()
            found.append(jump._replace(rate=rate, exponent=None))
    return [jump for jump in found if jump.rate != 0]


# The generator


class _Columns:
    """The entries of the generator, in the basis of :mod:`numerics.sectors.liouville`."""

    def __init__(self, problem: Problem[Exact], every: Sequence[Jump]) -> None:
        p = problem.parameters
        self.problem, self.every = problem, every
        self.strengths = ball(p.coupling), ball(p.coupling) * ball(p.anisotropy)
        self.root: Callable[[int], arb] = cache(lambda square: arb(square).sqrt())

    def __call__(self, element: Element) -> dict[Element, Any]:
        total: dict[Element, Any] = defaultdict(arb)
        for target, value in self._entries(element):
            if value != 0:
                total[target] += value
        return dict(total)

    def _entries(self, element: Element) -> Iterator[tuple[Element, Any]]:
        j, k, bra, J, c, bra_c = element
        sides = self.problem.battery.irrep(j), self.problem.charger.irrep(J)
        for up in (1, -1):
            for into, strength in zip((-up, up), self.strengths, strict=True):
                for place, (own, other) in enumerate(((k, c), (bra, bra_c))):
                    square = _raised(sides[0], own, up) * _raised(sides[1], other, into)
                    if square == 0 or strength == 0:
                        continue
                    if place == 0:
                        target = j, k + up, bra, J, c + into, bra_c
                    else:
                        target = j, k, bra + up, J, c, bra_c + into
                    yield target, up * strength * self.root(square)
        energy = self._own(sides, k, c) - self._own(sides, bra, bra_c)
        if energy != 0:
            yield element, acb(0, -energy)
        for jump in self.every:
            battery, charger = element[:3], element[3:]
            if jump.side == "battery":
                for moved, value in self._moved(self.problem.battery, jump, *battery):
                    yield moved + charger, jump.rate * value
            else:
                for moved, value in self._moved(self.problem.charger, jump, *charger):
                    yield battery + moved, jump.rate * value

    def _own(self, sides: tuple[Side, Side], k: int, c: int) -> arb:
        """The own energy of a level, but for what is conserved."""
        p = self.problem.parameters
        if self.problem.conserved:
            own = ball(p.detuning) * k
        else:
            own = ball(p.frequency) * k + ball(p.charger_frequency) * c
        for strength, element in p.interactions(*sides):
            own += ball(strength) * int(element(k, c))
        return own

    def _moved(
        self, side: Side, jump: Jump, size: int, ket: int, bra: int
    ) -> Iterator[tuple[tuple[int, int, int], arb]]:
        """D[L] of one element, with unit rate."""
        q = jump.step
        if jump.collective or side.spins is None:
            if q == 0:
                yield (size, ket, bra), arb(fmpq(-((ket - bra) ** 2), 2))
                return
            one, two = (_raised(side.irrep(size), level, q) for level in (ket, bra))
            yield (size, ket, bra), arb(fmpq(-(one + two), 2))
            yield (size, ket + q, bra + q), self.root(one * two)
            return
        spins = int(side.spins)
        # Twice ⟨Σ L†L⟩: twice the number of spins that can jump.
        ups = {1: 2 * spins, -1: 0, 0: spins}[q]
        able = spins if q == 0 else sum(abs(ups - (spins - size + 2 * k)) for k in (ket, bra))
        yield (size, ket, bra), arb(fmpq(-able, 4))
        for change, share in _shares(spins, size):
            factors, squares = zip(*(_single(change, q, size, k) for k in (ket, bra)), strict=True)
            if share != 0 and math.prod(squares) != 0:
                value = arb(share * math.prod(factors)) * self.root(math.prod(squares))
                yield (size + 2 * change, ket + q + change, bra + q + change), value


def _raised(side: Side, level: int, step: int) -> int:
    """The squared element of X₊ or X₋ from a level."""
    return max(0, int(side.raising(level if step > 0 else level - 1)))


def _shares(spins: int, size: int) -> Iterator[tuple[int, fmpq]]:
    """The changes of j by the jump of one spin, and a, b, c of each."""
    if size:
        yield 0, fmpq(spins + 2, size * (size + 2))
        yield -1, fmpq(spins + size + 2, 2 * size * (size + 1))
    yield 1, fmpq(spins - size, 2 * (size + 2) * (size + 1))


def _single(change: int, step: int, size: int, k: int) -> tuple[fmpq, int]:
    """A, B or C from level k of 2j = ``size``: a factor, and a square."""
    down = size - k
    if step == 0:
        if change == 0:
            return fmpq(2 * k - size, 2), 1
        return fmpq(1), k * down if change < 0 else (k + 1) * (down + 1)
    near, far = (k, down) if step < 0 else (down, k)
    square = {0: near * (far + 1), -1: near * (near - 1), 1: (far + 1) * (far + 2)}[change]
    return fmpq(1), square
