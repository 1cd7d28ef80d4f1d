r"""The series of E(t) in time, for any numbers of cells and charger spins at once.

:math:`E(t)=\omega_0\sum_p\frac{(it)^p}{p!}\langle[H,[H,\dots[H,k]]]\rangle`, where :math:`k`
counts the excited cells. In the basis :math:`|k,c\rangle` :math:`H` is real and the start is one
vector, so :math:`v_n=H^n|k_0,c_0\rangle` is real. Odd orders cancel, and

.. math::

    E=\omega_0\sum_{p\ \mathrm{even}}\frac{t^p}{p!}\sum_s (k_s-k_0)\,
      \sum_{n=1}^{p-1}(-1)^{p/2-n}\binom{p}{n}\,v_n(s)\,v_{p-n}(s).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from math import comb, factorial
from typing import Any

from sympy import Add, Expr, Mul, Rational, S, Symbol
from sympy.polys.rings import PolyElement

from numerics.model import checks
from numerics.model.checks import invalid
from numerics.model.models import Model
from numerics.model.states import InitialState
from symbattery.core.latex_dispatch import LatexRepr, aslatex
from symbattery.model.exact_model import exact_problem, system
from symbattery.sectors.mixtures import starts
from symbattery.sectors.polynomial_lattice import CommonRing, Lattice, Vector, common_ring
from symbattery.symbols import t

__all__ = ["Expansion", "short_times"]

_HIGHEST_ORDER = 60
# Longer polynomials hardly ever have other factors than the rungs beside the start.
_SHORT = 24

Factors = dict[PolyElement, int]


@dataclass(frozen=True)
class Expansion(LatexRepr):
    r"""The first terms of :math:`E(t)=\sum_p e_p t^p`; only even powers occur.

    Attributes
    ----------
    model, initial
        What was expanded, with exact numbers and symbols.
    order : int
        The highest power kept.
    coefficients : dict
        :math:`e_p` by the power :math:`p` = 2, 4, …, ``order``.
    """

    model: Model
    initial: InitialState
    order: int
    coefficients: Mapping[int, Expr]

    @property
    def remainder_order(self) -> int:
        """The lowest power of t in E that was left out."""
        return self.order + 2

    @property
    def terms(self) -> list[Expr]:
        """The terms of the energy that do not vanish, lowest power first."""
        return [c * t**p for p, c in self.coefficients.items() if c != 0]

    @property
    def expression(self) -> Expr:
        """The stored energy up to ``order``, a polynomial in t."""
        return Add(*self.terms)

    @property
    def power(self) -> Expr:
        """The average power P = E/t, up to one order less."""
        return Add(*(term / t for term in self.terms))

    def latex(
        self, *, names: Mapping[Symbol, str] | None = None, width: str | float | None = None
    ) -> str:
        """LaTeX of the series, lowest power first; see `aslatex`."""
        return aslatex(self, names=names, width=width)

    def __repr__(self) -> str:
        return f"Expansion of {system(self.model, self.initial)}, to order t**{self.order}"

    def __str__(self) -> str:
        rows = [*map(str, self.terms), f"O(t**{self.remainder_order})"]
        return "\n+ ".join(rows).replace("+ -", "- ")


def _overlap(p: int, v: Sequence[Any]) -> Any:
    """Σ (-1)^(p/2-n) C(p,n) vₙ v₍ₚ₋ₙ₎, in which n and p - n count alike."""
    half = p // 2
    pairs = sum((-1) ** (half - n) * comb(p, n) * v[n] * v[p - n] for n in range(1, half))
    return 2 * pairs + comb(p, half) * v[half] ** 2


def _gained(lattice: Lattice, order: int) -> dict[int, PolyElement]:
    """The coefficients of tᵖ/p! in the number of excitations gained by the cells."""
    vectors: list[Vector] = [lattice.start]
    for n in range(1, order):
        # What lies farther out than `order - n` has no partner in any product.
        vectors.append(lattice.applied(vectors[-1], within=order - n))
    total = dict.fromkeys(range(2, order + 1, 2), lattice.weight.ring.zero)
    for site in filter(sum, set().union(*vectors)):
        gain = sum(site) * lattice.squared_norm(site)
        v = [vector.get(site, 0) for vector in vectors]
        for p in total:
            total[p] += gain * _overlap(p, v)
    return total


def _shared(one: Factors, other: Factors) -> Factors:
    return {factor: min(e, other[factor]) for factor, e in one.items() if factor in other}


@dataclass(frozen=True)
class _Author:
    """Writes a polynomial by powers of the couplings and frequencies, the rest factored."""

    common_ring: CommonRing

    @cached_property
    def _likely(self) -> set[PolyElement]:
        """The factors of the rungs beside the starts."""
        ladders = [
            ladder for lattice in self.common_ring.lattices for ladder in lattice.ladders[2:]
        ]
        rungs = {ladder[j] for ladder in ladders for j in (-1, 0) if not ladder[j].is_ground}
        return {factor for rung in rungs for factor, _ in rung.factor_list()[1]}

    def _factors(self, poly: PolyElement) -> tuple[Any, Factors]:
        """A number, and factors with their powers."""
        if poly.is_ground:
            return poly.LC, {}
        if len(poly) <= _SHORT:
            number, factors = poly.factor_list()
            return number, dict(factors)
        found: Factors = defaultdict(int)
        for factor in self._likely:
            while (division := poly.div(factor))[1] == 0:
                poly = division[0]
                found[factor] += 1
        number, poly = poly.primitive()
        return (-number, found | {-poly: 1}) if poly.LC < 0 else (number, found | {poly: 1})

    def _groups(self, poly: PolyElement) -> list[tuple[Any, Factors]]:
        """The terms of a polynomial in the couplings and frequencies, each factored."""
        ring = self.common_ring.ring
        outer = [symbol in self.common_ring.parameters for symbol in ring.symbols]
        sizes: dict[tuple[int, ...], dict[tuple[int, ...], Any]] = defaultdict(dict)
        for powers, number in poly.terms():
            key = tuple(e * o for e, o in zip(powers, outer, strict=True))
            sizes[key][tuple(e - k for e, k in zip(powers, key, strict=True))] = number
        groups = []
        for key, terms in sorted(sizes.items(), reverse=True):
            number, factors = self._factors(ring.from_dict(terms))
            powers = {x: e for x, e in zip(ring.gens, key, strict=True) if e}
            groups.append((number, factors | powers))
        return groups

    def _product(self, number: Any, factors: Factors) -> Expr:
        ring = self.common_ring.ring
        values = [s.xreplace(self.common_ring.meanings) for s in ring.symbols]
        powers = (factor.as_expr(*values) ** e for factor, e in factors.items())
        return Mul(ring.domain.to_sympy(number), *powers)

    def written(self, poly: PolyElement, *units: Expr) -> Expr:
        """The polynomial times ``units``, with all that its terms share in front."""
        if poly == 0:
            return S.Zero
        content, poly = poly.primitive()
        groups = self._groups(poly)
        sign = -1 if groups[0][0] < 0 else 1
        shared = reduce(_shared, (factors for _, factors in groups))
        rest = (
            self._product(sign * number, {f: e - shared.get(f, 0) for f, e in factors.items()})
            for number, factors in groups
        )
        return Mul(self._product(sign * content, shared), *units, Add(*rest))


def _even_order(order: Any) -> int:
    number = checks.positive_integer("order", order)
    if number % 2:
        raise invalid("order", "be even, because E(t) has no odd powers", order)
    if number > _HIGHEST_ORDER:
        raise invalid("order", f"be at most {_HIGHEST_ORDER}", order)
    return number


def short_times(model: Model, initial: InitialState | None = None, order: int = 8) -> Expansion:
    r"""The series of E(t) at short times, up to an even ``order``.

    .. math:: E=g^2\omega_0 M\big[m(N-m+1)+\gamma^2(m+1)(N-m)\big]t^2+\dots

    Parameters
    ----------
    model : Model, such as SpinCharger
        Every field may be a symbol, the number of cells included.
    initial : optional
        Cells down and all charger spins up (as many photons as cells) if left out. Numbers of
        excited charger spins or photons may be symbols.
    order : int
        The highest power of t, even, from 2 to 60. The terms of one coefficient grow fast with the
        number of symbols.

    Raises
    ------
    InvalidArgument
        The model, the state or the order is not what it must be.
    UnsolvedError
        A thermal state of a symbolic number of spins, or of a cavity.
    """
    order = _even_order(order)
    problem = exact_problem(model, initial)
    polynomials = common_ring(problem.parameters, starts(problem), reach=order // 2)
    total: dict[int, PolyElement] = defaultdict(lambda: polynomials.ring.zero)
    for lattice in polynomials.lattices:
        for p, gained in _gained(lattice, order).items():
            total[p] += lattice.weight * gained
    author = _Author(polynomials)
    unit = problem.parameters.frequency
    coefficients = {p: author.written(c, Rational(1, factorial(p)), unit) for p, c in total.items()}
    return Expansion(problem.model, problem.initial, order, coefficients)
