r"""The resolvent of a chain, and its frequencies: in closed form or as named roots.

A chiral chain has :math:`\chi(x)=x^{L\bmod2}\,Q(x^2)`: half the degree is enough, and the squared
frequencies :math:`y=\lambda^2` are the roots of :math:`Q`. With numbers in it :math:`\chi` may
factor over the rationals (at :math:`M=N` mirror symmetry always makes it), and each factor is
solved on its own; that of any other chain over the field of its parameters.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sympy import Expr, Integer, Poly, Rational, S, Symbol, prod, sqrt

from symbattery.core.expressions import UnsolvedError, factored
from symbattery.dynamics.radicals import OrderedRoot, radical_roots
from symbattery.sectors.chains import Chain

__all__ = [
    "FORMS",
    "Resolvent",
    "Spectrum",
    "characteristic_polynomials",
    "halved",
    "positive_frequencies",
    "real_roots",
    "resolvent",
    "slopes_at",
    "x",
]

FORMS = ("radicals", "roots")

# Closed forms exist up to this degree.
_SOLVABLE = 4
_MOST_BITS = 256
_y = Symbol("y")
x = Symbol("x")


def characteristic_polynomials(
    diagonal: Sequence[Expr], hops_squared: Sequence[Expr]
) -> list[Poly]:
    """det(x - H) of the first 0, 1, 2, … levels, by the three-term recurrence."""
    minors, before = [Poly(1, x)], Poly(0, x)
    for k, a in enumerate(diagonal):
        hop = hops_squared[k - 1] if k else S.Zero
        minors.append(Poly(x - a, x) * minors[-1] - Poly(hop, x) * before)
        before = minors[-2]
    return minors


@dataclass(frozen=True)
class Resolvent:
    """Numerators of the resolvent from the start, and the characteristic polynomial."""

    chain: Chain
    below: list[Poly]
    above: list[Poly]

    @property
    def chi(self) -> Poly:
        return self.below[-1]

    def numerator(self, k: int) -> Poly:
        low, high = sorted((self.chain.start, k))
        return self.below[low] * self.above[len(self.chain.levels) - 1 - high]

    def hops_squared(self, k: int) -> tuple[Expr, ...]:
        """The squared hops between the start and level ``k``."""
        low, high = sorted((self.chain.start, k))
        return self.chain.hops_squared[low:high]

    def hops(self, k: int) -> Expr:
        """The product of these hops."""
        sign = self.chain.sign(self.chain.start, k)
        return sign * sqrt(factored(prod(self.hops_squared(k))))


def resolvent(chain: Chain) -> Resolvent:
    """The resolvent of a chain between its start and every level."""
    return Resolvent(
        chain,
        characteristic_polynomials(chain.diagonal, chain.hops_squared),
        characteristic_polynomials(chain.diagonal[::-1], chain.hops_squared[::-1]),
    )


def slopes_at(roots: Sequence[Expr]) -> list[Expr]:
    """The derivative of the monic polynomial with these roots, at each of them."""
    return [prod(root - other for other in roots if other != root) for root in roots]


@dataclass(frozen=True)
class Spectrum:
    """Values in increasing order, the named quantities they are written in, and their form."""

    values: tuple[Expr, ...]
    definitions: dict[Symbol, Expr] = field(default_factory=dict)
    form: str = "radicals"


def halved(polynomial: Poly) -> Poly:
    """Q(y) of an even or odd polynomial x^s Q(x²)."""
    terms = {(power // 2,): a for (power,), a in polynomial.as_dict().items()}
    return Poly.from_dict(terms, _y, domain=polynomial.domain)


def _bits(polynomial: Poly) -> int:
    """The size of the longest number in the coefficients."""
    numbers = (r for a in polynomial.all_coeffs() for r in a.atoms(Rational))
    return max(max(int(r.p).bit_length(), int(r.q).bit_length()) for r in numbers)


def _solve(polynomial: Poly, label: str) -> Spectrum | None:
    """The roots of one polynomial in radicals or cosines.

    None beyond degree four, and for numbers so long that several symbols beside them cannot be
    factored in reasonable time.
    """
    several = len(getattr(polynomial.domain, "symbols", ())) > 1
    if polynomial.degree() > _SOLVABLE or (several and _bits(polynomial) > _MOST_BITS):
        return None
    values, angles = radical_roots(polynomial.all_coeffs())
    labelled = {old: Symbol(f"{old.name}{label}", positive=True) for old in angles}
    return Spectrum(
        tuple(value.xreplace(labelled) for value in values),
        {labelled[old]: value for old, value in angles.items()},
    )


def _explicit(spectrum: Spectrum) -> list[Expr]:
    return [value.xreplace(spectrum.definitions) for value in spectrum.values]


def _frequencies_of_factor(factor: Poly, label: str) -> Spectrum | None:
    """The positive frequencies among the roots ±λ of one rational factor of χ."""
    even = all(power % 2 == 0 for (power,) in factor.monoms())
    solved = _solve(halved(factor) if even else factor, label)
    if solved is None:
        return None
    if even:
        return Spectrum(tuple(sqrt(y) for y in solved.values), solved.definitions)
    pairs = zip(solved.values, _explicit(solved), strict=True)
    values = tuple(-value if exact.evalf(30) < 0 else value for value, exact in pairs)
    return Spectrum(values, solved.definitions)


def _by_factors(
    factors: Sequence[Poly],
    solve: Callable[[Poly, str], Spectrum | None],
    label: str,
    put: Mapping[Symbol, Expr] | None,
) -> Spectrum | None:
    """The values of each factor, in increasing order at ``put`` if that is given.

    None if one factor is out of reach.
    """
    solved: list[Spectrum] = []
    for i, factor in enumerate(factors, start=1):
        part = solve(factor, label if len(factors) == 1 else f"{label}_{i}")
        if part is None:
            return None
        solved.append(part)
    pairs = [(v, e) for part in solved for v, e in zip(part.values, _explicit(part), strict=True)]
    if put is not None:
        pairs.sort(key=lambda pair: pair[1].xreplace(put).evalf(30))
    definitions = {name: value for part in solved for name, value in part.definitions.items()}
    return Spectrum(tuple(value for value, _ in pairs), definitions)


def _frequency_factors(chi: Poly) -> list[Poly]:
    """The factors of a chiral chain of numbers: f(x) and f(-x) hold the same frequencies."""
    factors = [f.monic() for f, _ in chi.factor_list()[1] if f.degree() > 1 or f.TC() != 0]
    distinct: list[Poly] = []
    for factor in factors:
        mirrored = factor.compose(Poly(-factor.gen, factor.gen)).monic()
        if mirrored not in distinct:
            distinct.append(factor)
    return distinct


def _numbers(symbols: Iterable[Symbol], positive: Iterable[Expr]) -> dict[Symbol, Expr] | None:
    """Numbers for symbols at which some expressions are positive, if they are met soon.

    Levels of a chain whose hops do not vanish never cross: they have one order, at any numbers.
    """
    ordered, bounds, source = sorted(symbols, key=str), list(positive), random.Random(1)
    for bits in (6, 12, 24, 48, 96, 192):
        for _ in range(32):
            put: dict[Symbol, Expr] = {
                s: Integer(source.randint(2, 2**bits))
                if s.is_integer
                else Rational(source.randint(1, 96), 97)
                for s in ordered
            }
            if all(bound.xreplace(put) > 0 for bound in bounds):
                return put
    return None


def _level_factors(chi: Poly, put: Mapping[Symbol, Expr]) -> list[Poly]:
    """The factors over the field of the parameters; χ itself where it has none."""
    if put:
        # Irreducible at some numbers, and so with symbols; that is seen fast.
        there = Poly(chi.as_expr().xreplace(put), chi.gen, extension=True)
        if len(there.factor_list()[1]) == 1:
            return [chi]
    whole = chi if put else Poly(chi.as_expr(), chi.gen, extension=True)
    return [factor.monic() for factor, _ in whole.factor_list()[1]]


def _named_roots(polynomial: Poly) -> tuple[Expr, ...]:
    expression = polynomial.as_expr()
    return tuple(OrderedRoot(expression, polynomial.gen, i) for i in range(polynomial.degree()))


def _chosen(solved: Spectrum | None, named: Spectrum, form: str | None, what: str) -> Spectrum:
    if form == "radicals" and solved is None:
        raise UnsolvedError(
            f"`form` must be 'roots' here, but is 'radicals': {what} Radicals exist for up to 8 "
            "cells with any charger, and for as many charger spins as cells up to 8, 10, 12, 14 "
            "and 16"
        )
    return named if solved is None or form == "roots" else solved


def positive_frequencies(chi: Poly, form: str | None, label: str = "") -> Spectrum:
    """The positive roots of the characteristic polynomial of a chiral chain.

    Raises
    ------
    UnsolvedError
        Radicals were demanded and do not exist.
    """
    half = halved(chi)
    if form == "roots":
        solved = None
    elif chi.domain.is_QQ or chi.domain.is_ZZ:
        solved = _by_factors(_frequency_factors(chi), _frequencies_of_factor, label, {})
    else:
        squares = _solve(half, label)
        solved = squares and Spectrum(tuple(sqrt(y) for y in squares.values), squares.definitions)
    named = Spectrum(tuple(sqrt(y) for y in _named_roots(half)), form="roots")
    return _chosen(
        solved, named, form, f"the frequencies solve an equation of degree {half.degree()}."
    )


def real_roots(
    chi: Poly, hops_squared: Sequence[Expr], form: str | None, label: str = ""
) -> Spectrum:
    """All roots of the characteristic polynomial of any chain with these hops, in their order.

    Raises
    ------
    UnsolvedError
        Radicals were demanded and do not exist.
    """
    solved = None
    if form != "roots":
        symbols = chi.as_expr().free_symbols - {chi.gen}
        put = _numbers(symbols, hops_squared)
        factors = [chi] if put is None else _level_factors(chi, put)
        solved = _by_factors(factors, _solve, label, put)
    named = Spectrum(_named_roots(chi), form="roots")
    return _chosen(solved, named, form, f"the levels solve an equation of degree {chi.degree()}.")
