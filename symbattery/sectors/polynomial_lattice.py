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

from numerics.model.models import Model
from symbattery.core.expressions import rank
from symbattery.sectors.mixtures import Start

__all__ = ["CommonRing", "Lattice", "Site", "Vector", "common_ring"]

Site = tuple[int, int]
"""(x, y): exchanges and pair creations since the start."""

Vector = dict[Site, PolyElement]

_STEPS = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))


def _heights(site: Site) -> tuple[int, int, int, int]:
    """How far each ladder has been climbed: exchanges, pairs, cells, charger."""
    x, y = site
    return x, y, x + y, y - x


def _hopping(ladder: Mapping[int, PolyElement], height: int) -> PolyElement:
    # J₊J₋ + J₋J₊ is diagonal.
    return ladder[height - 1] + ladder[height]


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
        ω₀ - ω_C of an exchange, ω₀ + ω_C of a pair, crosstalk of the cells and of the charger.
    """

    weight: PolyElement
    ladders: tuple[Mapping[int, PolyElement], ...]
    energies: tuple[PolyElement, ...]

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
        exchange, pair, among_cells, among_charger = self.energies
        _, _, cells, charger = self.ladders
        return (
            exchange * x
            + pair * y
            + among_cells * (_hopping(cells, k) - _hopping(cells, 0))
            + among_charger * (_hopping(charger, c) - _hopping(charger, 0))
        )

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


def _place(generator: Expr) -> tuple[int, tuple[int, str]]:
    if isinstance(generator, Symbol):
        return (0, rank(generator))
    return (1, (0, str(generator)))


def _constants(model: Model) -> dict[str, Expr]:
    own, other = model.frequency, model.charger_frequency
    return {
        "g": model.coupling,
        "gamma": model.anisotropy,
        "Delta": own - other,
        "Sigma": own + other,
        "g_2": model.cell_crosstalk,
        "g_1": getattr(model, "charger_crosstalk", S.Zero),
    }


def common_ring(model: Model, begins: Sequence[Start], reach: int) -> CommonRing:
    """The lattices around ``begins``, up to ``reach`` steps from each."""
    symbols: dict[Expr, Symbol] = {}

    def symbol_for(name: str, value: Expr) -> Symbol:
        return symbols.setdefault(value, Dummy(name, real=True))

    # One generator for ω₀ - ω_C, and one for 1/(1 + e^{βω}), keeps polynomials short.
    constants = [
        symbol_for(name, value) if value.has(Add) else value
        for name, value in _constants(model).items()
    ]
    weights = [
        start.weight.xreplace(
            {d: symbol_for("p", 1 / d.base) ** -d.exp for d in _denominators(start.weight)}
        )
        for start in begins
    ]
    g, gamma, *energies = constants
    rungs = range(-reach - 1, reach + 1)
    expressions = [g**2, (g * gamma) ** 2, *energies, *weights]
    for start in begins:
        expressions += [start.cells.raised(start.k + j) for j in rungs]
        expressions += [start.charger.raised(start.c + j) for j in rungs]
    ring, elements = _common_ring(expressions)
    exchange, pair, *own = (next(elements) for _ in constants)
    shares = [next(elements) for _ in begins]

    def ladder() -> dict[int, PolyElement]:
        return {j: next(elements) for j in rungs}

    ladders = [
        (dict.fromkeys(rungs, exchange), dict.fromkeys(rungs, pair), ladder(), ladder())
        for _ in begins
    ]
    return CommonRing(
        ring,
        tuple(Lattice(w, four, tuple(own)) for w, four in zip(shares, ladders, strict=True)),
        frozenset().union(*(c.free_symbols for c in constants)),
        {symbol: value for value, symbol in symbols.items()},
    )


def _denominators(value: Expr) -> list[Pow]:
    return [p for p in value.atoms(Pow) if p.exp.is_Integer and p.exp.is_negative]


def _common_ring(expressions: Sequence[Expr]) -> tuple[PolyRing, Iterator[Any]]:
    """The expressions as polynomials, in a ring whose generators come in an author's order."""
    found, elements = sring(expressions)
    ring = found.clone(symbols=sorted(found.symbols, key=_place))
    return ring, (element.set_ring(ring) for element in elements)
