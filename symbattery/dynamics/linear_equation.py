r"""The transform of means :math:`w\cdot x` of a linear equation :math:`\dot x=Ax`.

It is rational,

.. math::

    \tilde f(s)=w\,(s-A)^{-1}x_0=\frac{P(s)}{Q(s)}=\sum_jm_js^{-j-1},\qquad m_j=wA^jx_0,

with the characteristic polynomials of the blocks of A that lead to w as factors of Q, until what P
has in common with them is taken out. What is left is factored over the field of the parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sympy import Expr, Poly, Symbol
from sympy.polys.constructor import construct_domain
from sympy.polys.matrices import DomainMatrix

from symbattery.core.expressions import UnsolvedError
from symbattery.sectors.liouville import OpenSector

__all__ = ["VARIABLE", "LinearEquation", "Transform", "coefficient"]

VARIABLE = Symbol("s")
# Of blocks, with symbols in them and without; more take hours.
_MOST = (36, 12)
# Of all blocks that a mean depends on, by the number of symbols.
_LARGEST = (60, 20, 20, 14)


@dataclass(frozen=True)
class Transform:
    """The transform P/Q of a mean.

    Attributes
    ----------
    above, below : Poly
        P and Q.
    factors : mapping
        Those of Q, irreducible, with their powers.
    moments : sequence
        The derivatives of the mean at t = 0.
    """

    above: Poly
    factors: Mapping[Poly, int]
    below: Poly
    moments: Sequence[Any]


@dataclass
class LinearEquation:
    """The equation of motion of a sector, in the field of its parameters.

    Raises
    ------
    UnsolvedError
        Too many unknowns belong together.
    """

    sector: OpenSector

    def __post_init__(self) -> None:
        every = [*self.sector.flows.values(), *self.sector.start.values()]
        weights = [*self.sector.cells.values(), self.sector.charged]
        every += [value for weight in weights for value in weight.values()]
        self.domain, elements = construct_domain(every, field=True, extension=True)
        known = dict(zip(every, elements, strict=True))
        self._rows: dict[int, list[tuple[int, Any]]] = {}
        for (i, j), value in self.sector.flows.items():
            self._rows.setdefault(i, []).append((j, known[value]))
        for block in self._blocks:
            most = _MOST[bool(self.symbols)]
            if len(block) > most:
                raise UnsolvedError(
                    f"`noise` must lead to equations of at most {most} unknowns for a closed form, "
                    f"but {len(block)} belong together; fewer excitations or numbers in place of "
                    "symbols may do, and numerics.charge takes any size"
                )

    @property
    def symbols(self) -> Sequence[Any]:
        """The parameters over whose field polynomials are factored."""
        return getattr(self.domain, "symbols", ())

    @cached_property
    def _blocks(self) -> list[tuple[int, ...]]:
        """The unknowns that lead to each other, in no order."""
        return _components(len(self.sector.unknowns), self._rows)

    @cached_property
    def _factors(self) -> list[list[tuple[Poly, int]]]:
        """The factors of the characteristic polynomial of each block."""
        return [self._factored(block) for block in self._blocks]

    def _factored(self, block: Sequence[int]) -> list[tuple[Poly, int]]:
        places = {unknown: i for i, unknown in enumerate(block)}
        rows = [[self.domain.zero] * len(block) for _ in block]
        for i in block:
            for j, value in self._rows.get(i, ()):
                if j in places:
                    rows[places[i]][places[j]] = value
        matrix = DomainMatrix(rows, (len(block), len(block)), self.domain)
        whole = Poly(matrix.charpoly(), VARIABLE, domain=self.domain)
        return [(factor.monic(), power) for factor, power in whole.factor_list()[1]]

    def _needed(self, weights: Mapping[int, Any]) -> set[int]:
        """The unknowns that a mean depends on at any time."""
        found, waiting = set(weights), list(weights)
        while waiting:
            for j, _ in self._rows.get(waiting.pop(), ()):
                if j not in found:
                    found.add(j)
                    waiting.append(j)
        return found

    def effort(self, weights: Mapping[int, Expr]) -> int:
        """The number of unknowns that a mean depends on."""
        return len(self._needed(weights))

    def require_few(self, effort: int) -> None:
        """Refuse means of so many unknowns, where they would take long.

        Raises
        ------
        UnsolvedError
        """
        symbols = len(self.symbols)
        most = _LARGEST[min(symbols, len(_LARGEST) - 1)]
        if effort > most:
            raise UnsolvedError(
                f"`noise` must lead to means of at most {most} unknowns with {symbols} symbols for "
                f"a closed form, but to {effort}; fewer excitations or numbers in place of symbols "
                "may do, and numerics.charge takes any size"
            )

    def transform(self, weights: Mapping[int, Expr]) -> Transform:
        """The transform of the mean with the given weights."""
        needed = self._needed(weights)
        factors: dict[Poly, int] = {}
        for block, own in zip(self._blocks, self._factors, strict=True):
            if block[0] in needed:
                for factor, power in own:
                    factors[factor] = factors.get(factor, 0) + power
        degree = sum(f.degree() * power for f, power in factors.items())
        moments = self._moments(weights, needed, degree)
        above = _above(_product(factors, self.domain), moments)
        for factor in factors:
            while factors[factor]:
                quotient, rest = above.div(factor)
                if not rest.is_zero:
                    break
                above, factors[factor] = quotient, factors[factor] - 1
        left = {factor: power for factor, power in factors.items() if power}
        return Transform(above, left, _product(left, self.domain), moments)

    def _moments(self, weights: Mapping[int, Expr], needed: set[int], count: int) -> list[Any]:
        """The derivatives of a mean at t = 0."""
        zero = self.domain.zero
        own = {i: self.domain.from_sympy(value) for i, value in weights.items()}
        at = {i: self.domain.from_sympy(v) for i, v in self.sector.start.items() if i in needed}
        moments = []
        for _ in range(count):
            moments.append(sum((w * at.get(i, zero) for i, w in own.items()), zero))
            at = {
                i: total
                for i in needed
                if (total := sum((a * at[j] for j, a in self._rows.get(i, ()) if j in at), zero))
            }
        return moments


def coefficient(polynomial: Poly, power: int) -> Any:
    """A coefficient in the domain."""
    every = polynomial.rep.to_list()[::-1]
    return every[power] if power < len(every) else polynomial.domain.zero


def _product(factors: Mapping[Poly, int], domain: Any) -> Poly:
    whole = Poly(1, VARIABLE, domain=domain)
    for factor, power in factors.items():
        whole *= factor**power
    return whole


def _above(below: Poly, moments: Sequence[Any]) -> Poly:
    """The numerator P with P/Q = Σ m_j s^(-j-1)."""
    q = below.rep.to_list()
    top: list[Any] = []
    for k in range(len(q) - 1):
        top.append(sum((q[i] * moments[k - i] for i in range(k + 1)), below.domain.zero))
    return Poly(top or [below.domain.zero], VARIABLE, domain=below.domain)


def _components(count: int, rows: Mapping[int, Iterable[tuple[int, Any]]]) -> list[tuple[int, ...]]:
    """Tarjan's strongly connected components."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on: set[int] = set()
    found: list[tuple[int, ...]] = []
    for root in range(count):
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        on.add(root)
        work = [(root, iter([j for j, _ in rows.get(root, ())]))]
        while work:
            node, below = work[-1]
            for there in below:
                if there not in index:
                    index[there] = low[there] = len(index)
                    stack.append(there)
                    on.add(there)
                    work.append((there, iter([j for j, _ in rows.get(there, ())])))
                    break
                if there in on:
                    low[node] = min(low[node], index[there])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    cut = stack.index(node)
                    found.append(tuple(stack[cut:]))
                    on.difference_update(stack[cut:])
                    del stack[cut:]
    return found
