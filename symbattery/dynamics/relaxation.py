r"""Means of an open battery as functions of time, from their rational transforms.

A factor :math:`(s+a)^2+w^2` of the denominator is a wave :math:`e^{-at}\cos wt`; where :math:`s+a`
stands beside it, the two make :math:`e^{-at}\sin^2\Omega t` with :math:`\Omega=w/2`. Factors of a
higher degree leave :math:`\sum_rA_re^{x_rt}` over their roots.

Waves are written with a frequency that is imaginary beyond critical damping, and computed as
functions of its square, entire ones. Where several of them cancel at small times, these are left to
the Taylor series, whose terms follow the recurrence that the denominator is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import (
    Abs,
    Add,
    Expr,
    Mul,
    Poly,
    Rational,
    S,
    Symbol,
    cos,
    exp,
    factorial,
    im,
    re,
    sin,
    sqrt,
)

from symbattery.core.damped_waves import DampedCosine, DampedSine, NearStart
from symbattery.core.expressions import UnsolvedError, factored
from symbattery.dynamics.complex_roots import ComplexRoot
from symbattery.dynamics.linear_equation import VARIABLE, LinearEquation, Transform, coefficient
from symbattery.sectors.liouville import OpenSector
from symbattery.symbols import g, t

__all__ = ["Decay", "Relaxation"]

_x = Symbol("x")
_TERMS = 20
# Terms of a polynomial that is factored, and operations of an amplitude without a name.
_LONG, _WIDE = 40, 80
_DOUBLE = (
    "`noise` must lead to simple {} for a closed form, but these rates make a double one; "
    "numerics.charge takes every rate"
)


@dataclass(frozen=True)
class Decay:
    """A function of time.

    Attributes
    ----------
    printed : Expr
        In the names of ``definitions``, as an author writes it.
    computed : Expr
        Without a name that may be imaginary, and without cancellation.
    final : Expr or None
        The limit at long times; None where there is none.
    factors : tuple of Expr
        Those of ``printed``, where a number is not multiplied out: 1/2 and 1 - cos x.
    """

    printed: Expr
    computed: Expr
    final: Expr | None = None
    factors: tuple[Expr, ...] = ()

    @classmethod
    def constant(cls, value: Expr) -> Decay:
        return cls(value, value, value)

    def combined(self, factor: Expr, constant: Expr) -> Decay:
        """The multiple of it, beside a constant."""
        if (factor, constant) == (1, 0):
            return self
        final = None if self.final is None else factored(factor * self.final + constant)
        return Decay(factor * self.printed + constant, factor * self.computed + constant, final)

    def less(self, other: Decay) -> Decay:
        """The difference from another one."""
        known = self.final is not None and other.final is not None
        final = factored(self.final - other.final) if known else None  # type: ignore[operator]
        return Decay(self.printed - other.printed, self.computed - other.computed, final)

    def renamed(self, names: Mapping[Symbol, Symbol]) -> Decay:
        """The same in other names."""
        parts = self.printed.xreplace(names), self.computed.xreplace(names)
        return Decay(*parts, self.final, tuple(part.xreplace(names) for part in self.factors))


@dataclass
class Relaxation:
    """Means of the unknowns of a sector as functions of time.

    Attributes
    ----------
    sector : OpenSector
    definitions : mapping
        The named quantities of what was asked for so far.
    hidden : mapping
        Those of the computed forms.
    equation : LinearEquation
        The equation of motion of the sector.
    """

    sector: OpenSector
    definitions: dict[Symbol, Expr] = field(default_factory=dict)
    hidden: dict[Symbol, Expr] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.equation = LinearEquation(self.sector)
        self.domain = self.equation.domain
        self._frequencies: dict[Expr, Symbol] = {}
        self._roots: dict[Poly, tuple[Symbol, ...]] = {}
        self._means: dict[frozenset[tuple[int, Expr]], Decay] = {}

    @property
    def names(self) -> dict[Symbol, Symbol]:
        """Names without a number where there is only one of a kind."""
        every = list(self.definitions)
        put: dict[Symbol, Symbol] = {}
        if len(self._frequencies) == 1:
            put |= {s: Symbol("Omega") for s in self._frequencies.values()}
        if len(self._roots) == 1:
            (own,) = self._roots.values()
            put |= {x: Symbol(f"x_{r}") for r, x in enumerate(own, start=1)}
            amplitudes = (s for s in every if s.name.startswith("A_"))
            for size in amplitudes:
                label, _, r = size.name.rsplit("_", 2)
                put[size] = Symbol(f"{label}_{r}")
        return put

    # One mean

    def mean(self, weights: Mapping[int, Expr], label: str) -> Decay:
        """The mean with the given weights; ``label`` names its amplitudes.

        Raises
        ------
        UnsolvedError
            Waves grow with the time.
        """
        if not weights:
            return Decay.constant(S.Zero)
        key = frozenset(weights.items())
        if key not in self._means:
            self._means[key] = self._derived(weights, label)
        return self._means[key]

    def _derived(self, weights: Mapping[int, Expr], label: str) -> Decay:
        transform = self.equation.transform(weights)
        parts = list(self._parts(transform, label))
        return self._put_together(parts, transform, label) if parts else Decay.constant(S.Zero)

    def _parts(self, transform: Transform, label: str) -> Iterator[Any]:
        """The waves of each factor, those of one damping together."""
        centres: dict[Any, list[tuple[Poly, Poly]]] = {}
        for factor, power in transform.factors.items():
            whole = factor**power
            others = Poly(1, VARIABLE, domain=self.domain)
            for other, times in transform.factors.items():
                for _ in range(times if other != factor else 0):
                    others = (others * other.rem(whole)).rem(whole)
            share = transform.above.rem(whole)
            if factor.degree() > 2:
                if power > 1:
                    raise UnsolvedError(_DOUBLE.format("roots"))
                yield self._root_waves(factor, share, others, label)
                continue
            if factor.degree() == 2 and power > 1:
                raise UnsolvedError(_DOUBLE.format("frequencies"))
            share = (share * others.invert(whole)).rem(whole)
            centre = coefficient(factor, factor.degree() - 1) / factor.degree()
            centres.setdefault(centre, []).append((whole, share))
        written = {a: self._written(a) for a in centres}
        for a in sorted(centres, key=lambda a: (written[a].count_ops(), str(written[a]))):
            yield self._centred(a, written[a], centres[a], label)

    def _written(self, value: Any) -> Expr:
        """An expression for an element of the domain, in factors where that is quick."""
        expression = self.domain.to_sympy(value)
        if self.equation.symbols and max(len(value.numer), len(value.denom)) > _LONG:
            return expression
        return factored(expression)

    def _named(self, value: Any, label: str) -> Expr:
        """An amplitude, by name where it is long."""
        expression = self._written(value)
        if expression.count_ops() <= _WIDE:
            return expression
        taken = sum(name.name.startswith(f"B_{label}_") for name in self.definitions)
        name = Symbol(f"B_{label}_{taken + 1}", real=True)
        self.definitions[name] = expression
        return name

    def _centred(
        self, a: Any, centre: Expr, every: Sequence[tuple[Poly, Poly]], label: str
    ) -> _Part:
        """The waves around one damping a, in the powers of s + a."""
        constants: dict[int, Any] = {}
        waves: list[tuple[Any, Any, Any]] = []
        zero = self.domain.zero
        for whole, share in every:
            shifted = share.compose(Poly([self.domain.one, -a], VARIABLE, domain=self.domain))
            if _is_wave(whole):
                square = coefficient(whole, 0) - a**2
                waves.append((square, *(coefficient(shifted, power) for power in (1, 0))))
                continue
            for power in range(whole.degree()):
                # The transform of t^n e^(-at) is n!/(s + a)^(n + 1).
                n = whole.degree() - 1 - power
                value = coefficient(shifted, power) / self.domain.from_sympy(factorial(n))
                constants[n] = constants.get(n, zero) + value
        halves = bool(constants) and bool(waves)
        if halves:
            # cos wt = 1 - 2 sin² Ωt, with Ω = w/2.
            constants[0] = constants.get(0, zero) + sum((c for _, c, _ in waves), zero)
        still = {n: self._named(v, label) for n, v in constants.items() if v}
        printed = [v * t**n for n, v in still.items()]
        computed = [v * t**n * exp(-centre * t) for n, v in still.items()]
        sizes = [(v, n) for n, v in still.items()]
        for square, cosine, sine in waves:
            x = self._written(square)
            own = self._named(sine, label)
            sizes.append((own, 1))
            if not halves:
                omega, size = self._frequency(x), self._named(cosine, label)
                printed += [size * cos(omega * t), own * sin(omega * t) / omega]
                computed += [size * DampedCosine(centre, x, t), own * DampedSine(centre, x, t)]
                sizes.append((size, 0))
                continue
            omega = self._frequency(factored(x / 4))
            size, plain = (self._written(v) for v in (-cosine * square / 2, -2 * cosine))
            short = plain.count_ops() <= size.count_ops() or not omega.is_Symbol
            wide = (plain if short else size).count_ops() > _WIDE
            size = self._named(-cosine * square / 2, label) if wide else size
            sizes.append((size, 2))
            wave = sin(omega * t) ** 2
            printed.append(plain * wave if short and not wide else size * wave / omega**2)
            printed.append(own * sin(2 * omega * t) / (2 * omega))
            computed += [
                size * DampedSine(centre / 2, x / 4, t) ** 2,
                own * DampedSine(centre, x, t),
            ]
        rests = bool(waves) or any(still.get(n, 0) != 0 for n in constants if n)
        final = None if rests else still.get(0, S.Zero)
        return _Part(centre, printed, Add(*computed), sizes, final)

    def _frequency(self, square: Expr) -> Expr:
        """The name of a frequency, or itself where it is short."""
        root = sqrt(square)
        if root.is_Rational or (root.is_positive and root.count_ops() <= 2 and not root.is_Pow):
            return root
        for known, name in self._frequencies.items():
            ratio = factored(square / known)
            if ratio.is_Rational and (times := sqrt(ratio)).is_Rational:
                return times * name
        name = Symbol(f"Omega_{len(self._frequencies) + 1}")
        self._frequencies[square] = name
        self.definitions[name] = sqrt(_completed(square))
        return name

    def _root_waves(self, factor: Poly, above: Poly, others: Poly, label: str) -> _Part:
        """Exponentials of the roots of one factor."""
        if factor not in self._roots:
            number = len(self._roots) + 1
            names = tuple(Symbol(f"x_{number}_{r}") for r in range(1, factor.degree() + 1))
            self._roots[factor] = names
            polynomial = factor.clear_denoms(convert=True)[1].as_expr().subs(VARIABLE, _x)
            for r, name in enumerate(names):
                self.definitions[name] = ComplexRoot(polynomial, _x, r)
        below = (others * factor.diff()).rem(factor)
        printed, computed, sizes = [], [], []
        number = list(self._roots).index(factor) + 1
        for r, x in enumerate(self._roots[factor], start=1):
            size = Symbol(f"A_{label}_{number}_{r}")
            value = above.as_expr() / below.as_expr()
            self.definitions[size] = value.subs(VARIABLE, x)
            printed.append(size * exp(x * t))
            wave = re(size) * cos(im(x) * t) - im(size) * sin(im(x) * t)
            computed.append(exp(re(x) * t) * wave)
            sizes.append((size, 0))
        return _Part(None, printed, Add(*computed), sizes)

    def _put_together(self, parts: Sequence[Any], transform: Transform, label: str) -> Decay:
        limit = next((p.final for p in parts if p.centre == 0), None)
        # ω₀/2 in front of a sum that tends to 1/2.
        unit = limit if len(parts) > 1 and limit and limit.is_Rational else S.One
        inner = Add(*(part.printed(unit) for part in parts))
        computed = Add(*(part.computed for part in parts))
        final: Expr | None = S.Zero
        for part in parts:
            if part.centre == 0:
                final = part.final
        if len(Add.make_args(computed)) > 1:
            sizes = [size for part in parts for size in part.sizes]
            computed = self._near_start(computed, transform, sizes)
        return Decay(unit * inner, computed, final, (unit, inner))

    def _near_start(
        self,
        closed: Expr,
        transform: Transform,
        sizes: Sequence[tuple[Expr, int]],
    ) -> Expr:
        """The function with its Taylor series while the fastest wave has hardly moved."""
        key = f"_q{len(self.hidden)}"
        powers = transform.below.rep.to_list()[1:]
        names = [Symbol(f"{key}_{i}", real=True) for i in range(len(powers))]
        self.hidden |= dict(zip(names, map(self._written, powers), strict=True))
        widest = Symbol(f"{key}_w", real=True)
        # No root is larger.
        self.hidden[widest] = Add(*(Abs(a) ** Rational(1, i) for i, a in enumerate(names, start=1)))
        whole = Symbol(f"{key}_a", real=True)
        self.hidden[whole] = Add(*(Abs(v, evaluate=False) / widest**n for v, n in sizes))
        terms: list[Expr] = []
        series = S.Zero
        for j in range(_TERMS):
            name = Symbol(f"{key}_m{j}", real=True)
            if j < len(names):
                value = self._written(transform.moments[j])
            else:
                value = -Add(*(a * terms[j - i] for i, a in enumerate(names, start=1)))
            if value.is_Rational:
                terms.append(value)
            else:
                self.hidden[name] = value
                terms.append(name)
            series += terms[-1] * t**j / factorial(j)
        return NearStart(closed, series, widest * t, whole)


@dataclass(frozen=True)
class _Part:
    """The waves of one damping, or of the roots of one factor; the limit without damping.

    ``sizes`` are the amplitudes, each with its power of a rate.
    """

    centre: Expr | None
    terms: Sequence[Expr]
    computed: Expr
    sizes: Sequence[tuple[Expr, int]]
    final: Expr | None = None

    def printed(self, unit: Expr) -> Expr:
        """The terms in a unit."""
        total = Add(*(term / unit for term in self.terms))
        if self.centre is None:
            return total
        # Three factors are not multiplied out: -(Γ + κ)t/2.
        content, rest = self.centre.as_content_primitive()
        return exp(Mul(-content, rest, t)) * total


def _is_wave(factor: Poly) -> bool:
    """True for a quadratic that is no square."""
    if factor.degree() != 2:
        return False
    return factored(factor.discriminant()) != 0


def _completed(square: Expr) -> Expr:
    """A squared frequency with what remains without coupling written as one factor."""
    whole = factored(square)
    bare = factored(whole.subs(g, 0)) if g in whole.free_symbols else S.Zero
    if bare == 0:
        return whole
    other = factored(whole - bare) + bare
    return min(whole, other, key=lambda form: form.count_ops())
