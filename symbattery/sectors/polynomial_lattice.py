r"""H around a start as polynomials, for any symbols that stand in the model.

A sector is a lattice: :math:`x` exchanges and :math:`y` pair creations lead from
:math:`|k_0,c_0\rangle` to :math:`|k_0+x+y,\,c_0+y-x\rangle`. A step climbs or descends one rung of
three ladders: cells, charger, and exchanges or pairs. Matrix elements are products of square
roots. A rescaled basis has polynomials instead: a rung carries 1 away from the start and the
squared element towards it, and the squared norm of a basis vector is the product of the squared
elements on the way to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from sympy import Add, Dummy, Expr, Pow, S, Symbol
from sympy.polys.rings import PolyElement, PolyRing, sring
from sympy.utilities.iterables import sift

from numerics.model.problem import Parameters
from symbattery.core.expressions import rank
from symbattery.sectors.mixtures import Start

__all__ = ["CommonRing", "Lattice", "Site", "Vector", "common_ring"]

Site = tuple[int, int]
"""(x, y): exchanges and pair creations since the start."""

Vector = dict[Site, PolyElement]

_STEPS = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))


def _heights(site: Site) -> tuple[int, int, int, int]:
    """The heights on each ladder: exchanges, pairs, cells, charger."""
    x, y = site
    return x, y, x + y, y - x


@dataclass(frozen=True)
class Lattice:
    """H around one start, in the rescaled basis.

    Attributes
    ----------
    weight : PolyElement
        The probability of the start.
    ladders : tuple of dict
        Exchanges, pairs, cells, charger: the squared element of each rung by the height below it.
    energies : tuple of PolyElement
        ω₀ - ω_C of an exchange, ω₀ + ω_C of a pair.
    crosstalk : tuple of dict
        Of the cells and of the charger: the own energy by height, relative to that of the start.
    longitudinal : tuple of dict
        Likewise the factors of the energy that both have together.
    """

    weight: PolyElement
    ladders: tuple[Mapping[int, PolyElement], ...]
    energies: tuple[PolyElement, ...]
    crosstalk: tuple[Mapping[int, PolyElement], ...]
    longitudinal: tuple[Mapping[int, PolyElement], ...]

    @property
    def start(self) -> Vector:
        """The start itself."""
        return {(0, 0): self.weight.ring.one}

    def element(self, here: Site, there: Site) -> PolyElement:
        """The element of H from ``here`` to ``there``, a neighbour or ``here`` itself."""
        if here == there:
            return self._own_energy(here)
        product = self.weight.ring.one
        for ladder, low, high in zip(self.ladders, _heights(here), _heights(there), strict=True):
            if low != high:
                square = ladder[min(low, high)]
                # A rung that is climbed for 1 must exist all the same.
                product *= square if abs(high) < abs(low) or square == 0 else 1
        return product

    def _own_energy(self, site: Site) -> PolyElement:
        """The diagonal element of H, relative to that of the start."""
        x, y, k, c = _heights(site)
        exchange, pair = self.energies
        cells, charger = self.crosstalk
        own, other = self.longitudinal
        both = own[k] * other[c] - own[0] * other[0]
        return exchange * x + pair * y + cells[k] + charger[c] + both

    def squared_norm(self, site: Site) -> PolyElement:
        """The squared norm of a basis vector."""
        climbed = (
            ladder[below]
            for ladder, height in zip(self.ladders, _heights(site), strict=True)
            for below in range(min(height, 0), max(height, 0))
        )
        return prod(climbed, start=self.weight.ring.one)

    def applied(self, vector: Vector, within: int) -> Vector:
        """H on ``vector``, up to ``within`` steps from the start."""
        result: Vector = {}
        for here, value in vector.items():
            for there in ((here[0] + dx, here[1] + dy) for dx, dy in _STEPS):
                if abs(there[0]) + abs(there[1]) <= within:
                    result[there] = result.get(there, 0) + self.element(here, there) * value
        return {site: value for site, value in result.items() if value != 0}


@dataclass(frozen=True)
class CommonRing:
    """The lattices of all starts, in one ring.

    Attributes
    ----------
    ring : PolyRing
        Its generators are the symbols of the model and the start, sizes first.
    lattices : tuple of Lattice
    parameters : frozenset of Symbol
        The generators that are couplings or frequencies.
    meanings : dict
        What symbols made up for the ring stand for.
    """

    ring: PolyRing
    lattices: tuple[Lattice, ...]
    parameters: frozenset[Symbol]
    meanings: Mapping[Symbol, Expr]


def common_ring(constants: Parameters[Expr], begins: Sequence[Start], reach: int) -> CommonRing:
    """The lattices around ``begins``, up to ``reach`` steps from each."""
    symbols: dict[Expr, Symbol] = {}

    def symbol_for(name: str, value: Expr) -> Symbol:
        return symbols.setdefault(value, Dummy(name, real=True))

    # One generator for ω₀ - ω_C, and one for 1/(1 + e^{βω}), keeps polynomials short.
    g, gamma, detuning, double, g_2, g_1, kappa, kappa_2, kappa_1 = outer = [
        symbol_for(name, value) if value.has(Add) else value
        for name, value in (
            ("g", constants.coupling),
            ("gamma", constants.anisotropy),
            ("Delta", constants.detuning),
            ("Sigma", constants.frequency + constants.charger_frequency),
            ("g_2", constants.cell_crosstalk),
            ("g_1", constants.charger_crosstalk),
            ("kappa", constants.longitudinal),
            ("kappa_2", constants.cell_longitudinal),
            ("kappa_1", constants.charger_longitudinal),
        )
    ]
    rungs = range(-reach - 1, reach + 1)
    expressions = [g**2, (g * gamma) ** 2, detuning, double]
    for start in begins:
        powers = (p for p in start.weight.atoms(Pow) if p.exp.is_Integer and p.exp.is_negative)
        named = {p: symbol_for("p", 1 / p.base) ** -p.exp for p in powers}
        expressions.append(start.weight.xreplace(named))
        sides = (start.battery, g_2, kappa_2, kappa), (start.charger, g_1, kappa_1, S.One)
        for side, own, ising, both in sides:
            ladder, levels = side.ladder, [side.level + j for j in rungs]

            def among(level: Expr, of: Any = (ladder, own, ising)) -> Expr:
                return of[1] * of[0].crosstalk(level) + of[2] * of[0].polarization(level) ** 2

            expressions += [ladder.raised(level) for level in levels]
            expressions += [among(level) - among(side.level) for level in levels]
            expressions += [both * ladder.polarization(level) for level in levels]
    ring, elements = _common_ring(expressions)
    exchange, pair, *own_energies = (next(elements) for _ in range(4))

    def rung() -> dict[int, PolyElement]:
        return {j: next(elements) for j in rungs}

    lattices = []
    for _ in begins:
        weight = next(elements)
        cells, among_cells, up, charger, among_charger, other = (rung() for _ in range(6))
        ladders = (dict.fromkeys(rungs, exchange), dict.fromkeys(rungs, pair), cells, charger)
        own = (among_cells, among_charger)
        lattices.append(Lattice(weight, ladders, tuple(own_energies), own, (up, other)))
    return CommonRing(
        ring,
        tuple(lattices),
        frozenset().union(*(c.free_symbols for c in outer)),
        {symbol: value for value, symbol in symbols.items()},
    )


def _common_ring(expressions: Sequence[Expr]) -> tuple[PolyRing, Iterator[Any]]:
    """The expressions as polynomials, in a ring whose generators come in an author's order."""
    plain, elements = sring(expressions)
    symbols, others = sift(plain.symbols, lambda generator: generator.is_Symbol, binary=True)
    ring = plain.clone(symbols=[*sorted(symbols, key=rank), *sorted(others, key=str)])
    return ring, (element.set_ring(ring) for element in elements)
