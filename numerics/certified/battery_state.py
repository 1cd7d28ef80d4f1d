r"""Balls around functions of the battery's state: extractable work, entropies, negativity.

The battery's state in an irrep is :math:`R=AA^\dagger`, with the amplitudes of all starts, each
times the root of its weight, in the columns of A. If these are off by :math:`\|\delta A\|\le
\varepsilon`, so are the singular values of A, in order: the eigenvalues of R lie between
:math:`(\sqrt\lambda\pm\varepsilon)^2`, which keeps small ones small. Starts that are left out, of a
total weight D, add at most D to each.

Energies of passive states grow with every eigenvalue: those of the lower and of the upper bounds,
each in their own order, enclose it, whatever the order of the true ones. Branches that cannot be
decided are so covered by one ball.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import reduce
from itertools import product
from typing import Any, NamedTuple

from flint import acb, arb, ctx

from numerics.certified.eigenvalues import Block, add, eigenvalues, require_eigenvalues
from numerics.certified.exact import (
    Exact,
    ball,
    centre,
    inflated,
    upper,
)  # fmt: skip
from numerics.certified.weighted_states import Ensemble, Sector
from numerics.model.problem import Problem

__all__ = ["entropy_of", "extracted", "negativity_of", "purity_of"]


class Eigenvalue(NamedTuple):
    """An eigenvalue of the battery's state in one irrep, summed over the copies of the irrep."""

    low: arb
    high: arb
    irrep: int

    @property
    def ball(self) -> arb:
        return self.low.union(self.high)


class _Part(NamedTuple):
    """A start at one time: weight, amplitudes by state in units of 2^−bits, and their error."""

    weight: arb
    sector: Sector
    amplitudes: list[tuple[int, int]]
    bits: int
    error: arb


def _parts(here: Ensemble, around: arb | None) -> Iterator[_Part]:
    for (weight, walker), sector in zip(here.walkers, here.sectors, strict=True):
        pairs = list(zip(walker.real, walker.imaginary, strict=True))
        yield _Part(weight, sector, pairs, walker.matrix.bits, walker.distance(around))
    for sector, weight in here.at_rest.items():
        yield _Part(weight, sector, [(1, 0)], 0, arb(0))


def _product(part: _Part, first: int, second: int) -> acb:
    """The weight, times an amplitude, times another one conjugated."""
    (u, w), (x, y) = part.amplitudes[first], part.amplitudes[second]
    unit = part.weight * arb(2) ** (-2 * part.bits)
    return acb(unit * (u * x + w * y), unit * (w * x - u * y))


def _spectrum(here: Ensemble, parts: Iterable[_Part], quanta: int | None) -> list[Eigenvalue]:
    """All eigenvalues of the battery's state, or of it once so many quanta were counted."""
    blocks: dict[int, Block] = defaultdict(dict)
    errors: dict[int, arb] = defaultdict(arb)
    for part in parts:
        sites: dict[int, list[int]] = defaultdict(list)
        for i, (_, c) in enumerate(part.sector.states):
            if quanta is None or c == quanta:
                sites[c].append(i)
        for inside in sites.values():
            for n, i in enumerate(inside):
                for j in inside[: n + 1]:
                    row, column = part.sector.states[i][0], part.sector.states[j][0]
                    add(blocks[part.sector.cells], row, column, _product(part, i, j))
        errors[part.sector.cells] += upper(part.weight) * part.error * part.error
    every = []
    for irrep, block in blocks.items():
        error = upper(errors[irrep].sqrt())
        for value in eigenvalues(block):
            low, high = (v.max(arb(0)).sqrt() for v in (value.lower(), value.upper()))
            low, high = (low - error).max(arb(0)), high + error
            high = (high * high + here.dropped).upper()
            every.append(Eigenvalue((low * low).lower().max(arb(0)), high, irrep))
    return every


def _require(parts: Iterable[_Part], times: int) -> None:
    """Refuse spectra that take too long, each of them so many times."""
    sizes: dict[int, int] = {}
    for part in parts:
        levels = Counter(c for _, c in part.sector.states)
        # Rows are connected where they share a number of quanta.
        most = max(levels.values())
        sizes[part.sector.cells] = max(most, sizes.get(part.sector.cells, 0))
    require_eigenvalues(Counter({n: 2 * times for n in sizes.values() if n > 1}), 2 * ctx.prec)


def _passive(values: Iterable[tuple[arb, int]], slots: Iterable[tuple[int, int]]) -> arb:
    """The excitations of a passive state: (eigenvalue, copies) on (level, states of it)."""
    total, room, level, places = arb(0), 0, 0, iter(slots)
    for value, copies in sorted(values, key=lambda pair: centre(pair[0]), reverse=True):
        while copies:
            if not room:
                level, room = next(places)
            put = min(copies, room)
            total += value * (put * level)
            copies, room = copies - put, room - put
    return total


def _locked(problem: Problem[Exact], spectrum: list[Eigenvalue], sense: str) -> arb:
    """The excitations of the passive state of a spectrum."""
    side, ends = problem.battery, []
    for rounded, bound in ((arb.lower, "low"), (arb.upper, "high")):
        if sense == "symmetric":
            total = arb(0)
            for irrep in {value.irrep for value in spectrum}:
                own = [(getattr(v, bound), 1) for v in spectrum if v.irrep == irrep]
                bottom = int(side.bottom(irrep))
                total += _passive(own, ((bottom + i, 1) for i in range(len(own))))
        else:
            every = []
            for value in spectrum:
                copies = side.multiplicity(value.irrep)
                every.append((rounded(getattr(value, bound) / copies), copies))
            last = len(spectrum) if side.top is None else int(side.top) + 1
            total = _passive(every, ((k, side.degeneracy(k)) for k in range(last)))
        ends.append(total)
    return ends[0].union(ends[1])


def _by_rotation(here: Ensemble, around: arb | None, problem: Problem[Exact], stored: arb) -> arb:
    """⟨S_z⟩ + |⟨S⟩|: one rotation of all cells."""
    z, across, error = stored - arb(here.cells) / 2, acb(0), here.dropped
    for part in _parts(here, around):
        battery = problem.battery.irrep(part.sector.cells)
        bottom = int(problem.battery.bottom(part.sector.cells))
        site = {state: i for i, state in enumerate(part.sector.states)}
        for (k, c), i in site.items():
            if (k + 1, c) in site:
                hop = arb(int(battery.raising(k - bottom))).sqrt()
                across += hop * _product(part, site[k + 1, c], i)
        error += upper(part.weight * part.error * (2 + part.error))
    if not across.is_zero():
        # The norm of S₊ is the root of its strongest element squared.
        size = inflated(abs(across), error * arb(int(problem.battery.strongest)).sqrt())
        return z + (z * z + size.max(arb(0)) ** 2).sqrt()
    return (2 * z).max(arb(0))


def extracted(here: Ensemble, around: arb | None, problem: Problem[Exact], sense: str) -> arb:
    """The ergotropy in units of ω0."""
    energies = enumerate(value for value, _ in here.populations(around))
    stored = sum((k * p for k, p in energies), arb(0))
    possible = arb(0).union(upper(stored))
    if sense == "local":
        return _by_rotation(here, around, problem, stored).intersection(possible)
    parts = list(_parts(here, around))
    outcomes: list[int | None] = [None]
    if sense == "daemonic":
        outcomes = sorted({c for part in parts for _, c in part.sector.states})  # type: ignore[assignment]
    _require(parts, len(outcomes))
    locked = arb(0)
    for quanta in outcomes:
        locked += _locked(problem, _spectrum(here, parts, quanta), sense)
    # What is left out, also beyond a photon cutoff, would be locked at the top at worst.
    missed = sum((upper(p.weight) * p.error * p.error for p in parts), here.dropped)
    locked += arb(0).union(upper(missed * here.cells))
    return (stored - locked).intersection(possible)


def _logarithmic(value: Eigenvalue, copies: int) -> arb:
    """−λ ln(λ/copies)."""

    def at(x: arb) -> arb:
        return -x * (x / copies).log()

    if value.low > 0:
        return at(value.ball)
    if value.high == 0:
        return arb(0)
    # Concave, and largest at copies/e.
    top = copies * arb(-1).exp()
    ends = arb(0).union(at(value.high))
    return ends if value.high < top else ends.union(top)


def _power(x: arb, order: Fraction) -> arb:
    """x^order of an exact number ≥ 0."""
    return x ** ball(order) if x > 0 else arb(0)


def entropy_of(here: Ensemble, around: arb | None, problem: Problem[Exact], order: Any) -> arb:
    parts = list(_parts(here, around))
    _require(parts, 1)
    spectrum, side, missed = _spectrum(here, parts, None), problem.battery, here.dropped
    copies = [side.multiplicity(value.irrep) for value in spectrum]
    pairs = list(zip(spectrum, copies, strict=True))
    states = arb(2) ** here.cells  # at least the dimension: 2s + 1 ≤ 2^2s
    if order == math.inf:
        largest = [(v.low / d).union(v.high / d) for v, d in pairs]
        return -inflated(reduce(arb.max, largest), missed).log()
    if order == 1:
        total = sum((_logarithmic(v, d) for v, d in pairs), arb(0))
        if missed > 0:
            total += arb(0).union(missed * (states / missed).log())
        return total
    power = Fraction(order)
    total = arb(0)
    for value, d in pairs:
        ends = (_power(end, power) for end in (value.low, value.high))
        low, high = (end * _power(arb(d), 1 - power) for end in ends)
        total += low.union(high)
    more = max(Fraction(0), 1 - power)
    total += arb(0).union(_power(upper(missed), power) * states ** ball(more))
    return total.log() / ball(1 - power)


def purity_of(here: Ensemble, around: arb | None, problem: Problem[Exact]) -> arb:
    parts = list(_parts(here, around))
    _require(parts, 1)
    total = arb(0).union(here.dropped)
    for value in _spectrum(here, parts, None):
        total += value.ball * value.ball / problem.battery.multiplicity(value.irrep)
    return total.intersection(arb(0).union(arb(1)))


def _is_pure(problem: Problem[Exact], here: Ensemble) -> bool:
    """One start of one irrep each that occurs once."""
    sectors = [*here.sectors, *here.at_rest]
    if here.dropped != 0 or len(sectors) > 1:
        return False
    sides = problem.battery, problem.charger
    return all(s.multiplicity(i) == 1 for s, i in zip(sides, sectors[0][:2], strict=True))


def negativity_of(here: Ensemble, around: arb | None, problem: Problem[Exact]) -> arb:
    parts = list(_parts(here, around))
    if _is_pure(problem, here):
        _require(parts, 1)
        total, before = arb(0), arb(0)
        for schmidt in _spectrum(here, parts, None):
            root = schmidt.low.sqrt().union(schmidt.high.sqrt())
            total, before = total + before * root, before + root
        return total.intersection(arb(0).union(upper(total)))
    blocks: dict[tuple[int, int, int], Block] = defaultdict(dict)
    _require_transposed(parts, problem.conserved)
    for part in parts:
        states = part.sector.states
        for (i, (k, c)), (j, (m, d)) in product(enumerate(states), repeat=2):
            # ⟨k d| ρ^T |m c⟩, each pair of mirror images once.
            if (k, d) >= (m, c):
                block = blocks[*part.sector[:2], _label(k, d, problem.conserved)]
                add(block, _flat(k, d), _flat(m, c), _product(part, i, j))
    total = arb(0)
    for block in blocks.values():
        for value in eigenvalues(block):
            total += (-value).max(arb(0))
    # A partial transposition enlarges a trace norm by the smaller dimension at most.
    errors = (part.weight * part.error * (2 + part.error) for part in parts)
    error = sum(map(upper, errors), here.dropped) * (here.cells + 1)
    return inflated(total, error).intersection(arb(0).union(upper(total) + error))


def _label(k: int, c: int, conserved: bool) -> int:
    """The number that all rows of one block of the partial transpose share."""
    return k - c if conserved else (k + c) % 2


def _flat(k: int, c: int) -> int:
    """The number of a pair of levels (Cantor's)."""
    return (k + c) * (k + c + 1) // 2 + c


def _require_transposed(parts: Iterable[_Part], conserved: bool) -> None:
    rows: dict[tuple[int, int], set[int]] = defaultdict(set)
    columns: dict[tuple[int, int], set[int]] = defaultdict(set)
    for part in parts:
        for k, c in part.sector.states:
            rows[part.sector[:2]].add(k)
            columns[part.sector[:2]].add(c)
    sizes: Counter[int] = Counter()
    for key, levels in rows.items():
        most = min(len(levels), len(columns[key]))
        whole = len(levels) * len(columns[key])
        sizes[most if conserved else (whole + 1) // 2] += whole // most if conserved else 2
    require_eigenvalues(sizes, 2 * ctx.prec)
