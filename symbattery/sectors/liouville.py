r"""The equation of motion of an open battery and its charger, in elements of their state.

No permutation of the spins of a side changes the state, which is thus a matrix over the levels
:math:`(b,e)` of each side: :math:`e` spins are up, of the total spin :math:`n/2-b`. A jump of one
spin is found on the last of them. The others have the bottom :math:`B`, which is :math:`b` or
:math:`b-1`, in shares of :math:`d_{n-1}(B)/d_n(b)`, and Clebsch's coefficients are

.. math::

    |b{=}B,e\rangle&=\tfrac{\sqrt{e-B}\,|e-1\rangle|{\uparrow}\rangle
        +\sqrt{n-B-e}\,|e\rangle|{\downarrow}\rangle}{\sqrt{n-2B}},\\
    |b{=}B+1,e\rangle&=\tfrac{-\sqrt{n-B-e}\,|e-1\rangle|{\uparrow}\rangle
        +\sqrt{e-B}\,|e\rangle|{\downarrow}\rangle}{\sqrt{n-2B}}.

Nothing is taken from :mod:`numerics.sectors.liouville`. With levels times
:math:`\sqrt{(e-b)!/(n-b-e)!}`, :math:`\sqrt{n!}` of a mode, all is rational, also of a symbolic
number of spins of which a number is up, or down. The phases :math:`(-i)^k` of k excited cells make
it real where no level has an energy of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from sympy import Add, Expr, Ge, S, prod
from sympy.logic.boolalg import Boolean

from numerics.model.checks import invalid
from numerics.model.noise import Jump
from numerics.model.problem import Problem
from numerics.model.side_states import Superposed
from numerics.model.sides import Side
from symbattery.core.expressions import UnsolvedError, exact, factored
from symbattery.model.ladders import Ladder, Spin
from symbattery.sectors.chains import own_energy
from symbattery.sectors.mixtures import SideStart, starts

__all__ = ["Element", "OpenSector", "Unknown", "open_sector"]

# Elements of the state; more take hours.
_MOST = 300
_INSTEAD = (
    "fewer excitations or spins may do, or loss and pumping that are equal on both sides, where "
    "the energy of both has a closed form; numerics.charge takes any size"
)
_DOWN, _UP = 1, 0


class Level(NamedTuple):
    """Levels of one side in ket and bra: the bottom of the irrep, and what is excited beyond it.

    Counted from the excitations of the first start.
    """

    bottom: int
    ket: int
    bra: int


class Element(NamedTuple):
    """An element of the state of both sides."""

    battery: Level
    charger: Level

    @property
    def swapped(self) -> Element:
        """The element that is its complex conjugate."""
        return Element(*(Level(b, bra, ket) for b, ket, bra in self))

    @property
    def diagonal(self) -> bool:
        """It is a probability."""
        return self == self.swapped

    def with_level(self, charger: bool, level: Level) -> Element:
        """The same with other levels of one side."""
        return Element(self.battery, level) if charger else Element(level, self.charger)


Unknown = tuple[Element, bool]
"""An element, and whether it is its imaginary part in place of the real one."""


@dataclass(frozen=True)
class _OpenSide:
    """One side: its spins, or the ladder of a mode, and the excitations at the start."""

    name: str
    side: Side
    ladder: Ladder
    up: Expr

    @property
    def n(self) -> Expr:
        return exact(self.side.spins)

    def irrep(self, bottom: int) -> Ladder:
        return self.ladder if self.side.spins is None else Spin(self.n - 2 * bottom)

    def excited(self, level: int) -> Expr:
        return self.up + level

    def exists(self, bottom: int, level: int) -> bool:
        """False for what is known to be no level."""
        x = self.excited(level) - bottom
        top = getattr(self.irrep(bottom), "size", None)
        return bottom >= 0 and not x.is_negative and (top is None or not (top - x).is_negative)

    def lowered(self, bottom: int, level: int) -> Expr:
        return self.irrep(bottom).lowered(self.excited(level) - bottom)

    def scale(self, bottom: int, level: int) -> Expr:
        """The square of the factor of a level, over that of the start in the first irrep."""
        if self.side.spins is None:
            return _rising(lambda x: self.ladder.lowered(S(x)), self.up, level)
        x, room = self.up, self.n - self.up
        above = _rising(lambda x: x, x, level - bottom)
        return factored(above / _rising(lambda x: x, room, -bottom - level))

    # Jumps

    def number(self, jump: Jump, bottom: int, level: int) -> Expr:
        """The element of L†L, summed over all spins, on a level."""
        x = self.excited(level)
        if jump.step == 0 and not self._single(jump):
            return self._counted(level) ** 2
        if self._single(jump):
            return {-1: x, 1: self.n - x, 0: self.n / 4}[jump.step]
        return self.lowered(bottom, level + (jump.step > 0))

    def _single(self, jump: Jump) -> bool:
        return self.side.spins is not None and not jump.collective

    def _counted(self, level: int) -> Expr:
        """Σσᶻ/2, or b†b."""
        half = S.Zero if self.side.spins is None else self.n / 2
        return self.excited(level) - half

    def jumps(self, jump: Jump, at: Level) -> Iterator[tuple[Level, Expr]]:
        """The places to which LρL† takes an element, and its factors there."""
        q = jump.step
        if not self._single(jump):
            there = Level(at.bottom, at.ket + q, at.bra + q)
            if q < 0:
                factor = self.lowered(at.bottom, at.ket) * self.lowered(at.bottom, at.bra)
            else:
                factor = S.One if q else self._counted(at.ket) * self._counted(at.bra)
            if self.holds(there):
                yield there, factor
            return
        for bottom in (at.bottom - 1, at.bottom, at.bottom + 1):
            there = Level(bottom, at.ket + q, at.bra + q)
            if not self.holds(there):
                continue
            factor = S.Zero
            for others in {at.bottom, at.bottom - 1} & {bottom, bottom - 1}:
                left = self.n - 2 * others
                share = self._share(at.bottom, others)
                if others < 0 or left.is_nonpositive or share == 0:
                    continue
                both = prod(
                    _turned(left, self.excited(x) - others, at.bottom - others, bottom - others, q)
                    for x in (at.ket, at.bra)
                )
                factor += self.n * share * both / left**2
            if (factor := factored(factor)) != 0:
                yield there, factor

    def holds(self, at: Level) -> bool:
        return self.exists(at.bottom, at.ket) and self.exists(at.bottom, at.bra)

    def _share(self, bottom: int, others: int) -> Expr:
        """The irreps of n spins whose others have the bottom ``others``, over all."""
        n, b = self.n, bottom
        same = (n - 2 * b) * (n - b + 1) / (n * (n - 2 * b + 1))
        return same if others == b else factored(1 - same)


def _turned(left: Expr, x: Expr, before: int, after: int, step: int) -> Expr:
    """The amplitude of a jump of the last spin, times the number ``left`` = n - 2B.

    From x excitations above B; ``before`` and ``after`` are b - B.
    """
    out = (x, S.One) if before == 0 else (x - left, S.One)
    y = x + step
    into = (S.One, left - y) if after == 0 else (S.NegativeOne, y)
    if step:
        return into[_DOWN] * out[_UP] if step < 0 else into[_UP] * out[_DOWN]
    return (into[_UP] * out[_UP] - into[_DOWN] * out[_DOWN]) / 2


def _rising(factor: Callable[[Expr], Expr], start: Expr, steps: int) -> Expr:
    """The product of factors from ``start`` + 1 on; below it their inverses."""
    if steps >= 0:
        return prod((factor(start + i) for i in range(1, steps + 1)), start=S.One)
    return 1 / prod((factor(start - i) for i in range(-steps)), start=S.One)


@dataclass(frozen=True)
class OpenSector:
    r"""The linear equation :math:`\dot x=Ax` of what a start reaches, as plain data.

    Attributes
    ----------
    unknowns : tuple
        Real and imaginary parts of elements.
    flows : mapping of (int, int) to Expr
        The entries of A that do not vanish.
    start : mapping of int to Expr
        Of x at t = 0.
    cells : mapping of (int, int) to mapping of int to Expr
        The probabilities of (bottom, excited cells) as sums over x.
    charged : mapping of int to Expr
        The gain of charger excitations as a sum over x.
    first : tuple of int
        Excited cells at the start.
    conditions : tuple of Boolean
        What the numbers of spins must satisfy.
    """

    unknowns: tuple[Unknown, ...]
    flows: Mapping[tuple[int, int], Expr]
    start: Mapping[int, Expr]
    cells: Mapping[tuple[int, int], Mapping[int, Expr]]
    charged: Mapping[int, Expr]
    first: tuple[int, ...]
    conditions: tuple[Boolean, ...]

    def value(self, weights: Mapping[int, Expr]) -> Expr:
        """A mean at t = 0."""
        return factored(Add(*(w * self.start.get(i, S.Zero) for i, w in weights.items())))


class _Motion:
    """The equation of motion of single elements."""

    def __init__(
        self, problem: Problem[Expr], battery: _OpenSide, charger: _OpenSide, every: Iterable[Jump]
    ) -> None:
        self.sides, self.every = (battery, charger), list(every)
        self.constants = problem.parameters

    @cache  # noqa: B019  # as long-lived as what it remembers
    def _own(self, b: int, k: int, c: int, e: int) -> Expr:
        battery, charger = self.sides
        levels = battery.excited(k) - b, charger.excited(e) - c
        return own_energy(battery.irrep(b), charger.irrep(c), *levels, self.constants)

    def own(self, at: Element) -> Expr:
        """The energy of the ket less that of the bra."""
        (b, k, m), (c, e, f) = at
        energy = self._own(b, k, c, e) - self._own(b, m, c, f)
        return factored(energy.expand())

    def terms(self, at: Element) -> Iterator[tuple[Element, Expr]]:
        """The real part of the equation: where an element leads, with which factor."""
        battery, charger = self.sides
        (b, k, m), (c, e, f) = at
        g = self.constants.coupling
        for up in (1, -1):
            kets = Element(Level(b, k + up, m), Level(c, e - up, f))
            bras = Element(Level(b, k, m + up), Level(c, e, f - up))
            for moved, cells, level in ((kets, k, e), (bras, m, f)):
                if not battery.holds(moved.battery) or not charger.holds(moved.charger):
                    continue
                hop = charger.lowered(c, level) if up > 0 else -battery.lowered(b, cells)
                yield moved, g * hop
        lost = S.Zero
        for jump in self.every:
            own = jump.side != "battery"
            side, here = self.sides[own], at[own]
            for there, factor in side.jumps(jump, here):
                yield at.with_level(own, there), jump.rate * factor
            numbers = (side.number(jump, here.bottom, x) for x in (here.ket, here.bra))
            lost += jump.rate * Add(*numbers) / 2
        yield at, -lost

    def flow(self, at: Unknown) -> Iterator[tuple[Unknown, Expr]]:
        """The change of real parts and imaginary parts that one of them leads to."""
        element, imaginary = at
        for there, factor in self.terms(element):
            if there.battery.ket >= there.battery.bra:
                if not (imaginary and there.diagonal):
                    both = 2 if there.diagonal and not element.diagonal else 1
                    yield (there, imaginary), both * factor
            elif not element.diagonal:
                yield (there.swapped, imaginary), (-1 if imaginary else 1) * factor
        energy = S.Zero if element.diagonal else self.own(element)
        if energy != 0:
            # y' = -iωy.
            yield (element, not imaginary), energy if imaginary else -energy


def _sides(problem: Problem[Expr]) -> tuple[_OpenSide, _OpenSide, list[tuple[Expr, Element]]]:
    """Both sides, and the start: weights, and elements without scales."""
    every = [start for start in starts(problem) if start.weight != 0]
    sides: list[_OpenSide] = []
    for name, side in (("battery", problem.battery), ("charger", problem.charger)):
        own: SideStart = getattr(every[0], name)
        sides.append(_OpenSide(name, side, own.ladder, S(own.bottom + own.level)))
    battery, charger = sides
    first = []
    for start in every:
        levels = []
        for one, own in ((battery, start.battery), (charger, start.charger)):
            offset = int((own.bottom + own.level - one.up).expand())
            levels.append(Level(int(own.bottom), offset, offset))
        first.append((start.weight, Element(*levels)))
    return battery, charger, first


def refuse_start(problem: Problem[Expr]) -> None:
    """Refuse what conserves no number of excitations, or starts in a superposition.

    Raises
    ------
    InvalidArgument, UnsolvedError
    """
    if not problem.conserved:
        raise UnsolvedError(
            "`anisotropy` must be 0 for the closed forms of an open battery, but is "
            f"{problem.model.anisotropy}; numerics.charge takes it"
        )
    if any(isinstance(s, Superposed) for branch in problem.branches() for s in branch[1:]):
        raise invalid(
            "initial",
            "be no superposition for the closed forms of an open battery",
            problem.initial,
        )


def _require_end(battery: _OpenSide, charger: _OpenSide, every: Iterable[Jump]) -> None:
    """Refuse jumps that would go on without end.

    Raises
    ------
    UnsolvedError
    """
    up = battery.up + charger.up
    tops = [side.side.top for side in (battery, charger)]
    room = S.Infinity if None in tops else Add(*map(exact, tops)) - up
    for step, left in ((-1, up), (1, room)):
        if any(jump.step == step for jump in every) and not left.is_Integer:
            way = "lost" if step < 0 else "pumped"
            raise UnsolvedError(
                f"`noise` must lead to a number of elements of the state for a closed form, but "
                f"{left} excitations can be {way}: {_INSTEAD}"
            )


def open_sector(problem: Problem[Expr], every: Iterable[Jump], most: int = _MOST) -> OpenSector:
    """The elements that a start reaches, and their equation of motion.

    Raises
    ------
    UnsolvedError
        There are too many, or no end of them; the number of spins is no number where it must be.
    InvalidArgument
        The start is a superposition.
    """
    refuse_start(problem)
    every = list(every)
    battery, charger, first = _sides(problem)
    _require_end(battery, charger, every)
    motion = _Motion(problem, battery, charger, every)
    places: dict[Unknown, int] = {}
    start: dict[int, Expr] = {}
    for weight, element in first:
        scales = (
            side.scale(at.bottom, at.ket)
            for side, at in zip((battery, charger), element, strict=True)
        )
        place = places.setdefault((element, False), len(places))
        start[place] = start.get(place, S.Zero) + weight / prod(scales)
    flows: dict[tuple[int, int], Expr] = {}
    waiting = list(places)
    while waiting:
        here = waiting.pop()
        for there, factor in motion.flow(here):
            if factor == 0:
                continue
            if there not in places:
                places[there] = len(places)
                waiting.append(there)
            key = places[there], places[here]
            flows[key] = flows.get(key, S.Zero) + factor
        if len(places) > most:
            raise UnsolvedError(
                f"`noise` must lead to at most {most} elements of the state for a closed form, but "
                f"more are reached: {_INSTEAD}"
            )
    cells: dict[tuple[int, int], dict[int, Expr]] = {}
    charged: dict[int, Expr] = {}
    for (element, _), place in places.items():
        if element.diagonal:
            (b, k, _), (c, e, _) = element
            share = battery.scale(b, k) * charger.scale(c, e)
            cells.setdefault((b, int(battery.excited(k))), {})[place] = factored(share)
            if e:
                charged[place] = factored(e * share)
    held = []
    for side in (battery, charger):
        if side.side.spins is not None:
            reached = max(element[side is charger].bottom for element, _ in places)
            held.append(Ge(side.n, 2 * reached) if reached else S.true)
    return OpenSector(
        tuple(places),
        {key: value for key, flow in flows.items() if (value := factored(flow)) != 0},
        start,
        dict(sorted(cells.items())),
        charged,
        tuple(sorted({int(battery.excited(e.battery.ket)) for _, e in first})),
        tuple(h for h in held if h != S.true),
    )
