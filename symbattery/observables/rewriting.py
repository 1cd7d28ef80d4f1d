r"""From the form an author prints to one that is computed with few operations, and accurately.

- What does not depend on time is named, so that it is computed once, exactly, and rounded once.
- :math:`\sin2\varphi` becomes :math:`2\sin\varphi\cos\varphi` where :math:`\sin\varphi` is needed
  anyhow: two transcendental functions for each frequency of a chiral chain, without cancellation.
- :math:`e^{-iy}` becomes :math:`1-2\sin^2\frac y2-2i\sin\frac y2\cos\frac y2`, and the ones are
  added up exactly: an amplitude that starts at 0 keeps its digits there.
- A polynomial in one :math:`S=\sin^2\varphi` becomes :math:`S(a_1+S(a_2+\dots))`.
- A start between two levels may gain and lose alike, so that :math:`t^2` cancels between waves. The
  rate :math:`\ddot E(0)/2`, known exactly, is taken out, and what is left is written in
  :math:`\sin y-y`. An amplitude at a distance d is written in waves without terms below
  :math:`y^d`, of which nothing is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, reduce
from typing import Any, TypeVar

import sympy
from sympy import (
    Abs,
    Add,
    Expr,
    Function,
    I,
    Integer,
    Mul,
    Piecewise,
    Pow,
    S,
    Sum,
    Symbol,
    cos,
    factorial,
    sin,
    sqrt,
)
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from symbattery.core.damped_waves import DampedCosine, DampedSine, NearStart
from symbattery.core.expressions import convolved, factored
from symbattery.core.finite_sums import IndexRange
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.dynamics.several_frequencies import MultiFrequencyMotion
from symbattery.sectors.chains import Chain
from symbattery.symbols import t

__all__ = [
    "Summed",
    "accurate_at_start",
    "needed",
    "prepared",
    "sums_apart",
    "with_series",
]

_Coefficients = dict[int, Expr]


_Name = TypeVar("_Name", bound=Expr)


def needed(expression: Expr, definitions: Mapping[_Name, Expr]) -> dict[_Name, Expr]:
    """The definitions that ``expression`` depends on, directly or through others.

    Their names are symbols, or functions of indices within a sum.
    """
    used = expression.atoms(Symbol, AppliedUndef)
    below = []
    for name, value in reversed(list(definitions.items())):
        if name in used:
            used |= value.atoms(Symbol, AppliedUndef)
            below.append((name, value))
    return dict(reversed(below))


def prepared(
    expression: Expr, definitions: Mapping[Symbol, Expr]
) -> tuple[Expr, dict[Symbol, Expr]]:
    """``expression`` ready to be computed, and everything it is written in, in order.

    Parameters
    ----------
    expression : Expr
        In :math:`t`, parameters and the names of ``definitions``.
    definitions : mapping
        Each in terms of those before it; what is not needed is left out.
    """
    below = needed(expression, definitions)
    names: dict[Expr, Symbol] = {}
    apart = _apart(_horner(_halved(_from_rest(expression))), names)
    return apart, {**below, **{name: value for value, name in names.items()}}


def _from_rest(expression: Expr) -> Expr:
    """The waves e^(-iy) as 1 and what they have moved away from it."""
    put = {}
    for wave in expression.atoms(sympy.exp):
        y = I * wave.args[0]
        if y.has(t) and not y.has(I):
            put[wave] = 1 - 2 * sin(y / 2) ** 2 - 2 * I * sin(y / 2) * cos(y / 2)
    return sympy.expand_mul(expression.xreplace(put)) if put else expression


def _halved(expression: Expr) -> Expr:
    """Write sin 2φ as 2 sin φ cos φ where sin φ is there as well."""
    phases = {wave.args[0] for wave in expression.atoms(sin)}
    doubled = {phase for phase in phases if phase / 2 in phases}
    put = {sin(x): 2 * sin(x / 2) * cos(x / 2) for x in doubled if x / 2 not in doubled}
    return expression.xreplace(put)


def _horner(expression: Expr) -> Expr:
    """The terms that are polynomials in a sin²φ, collected by φ; the others as they are."""
    collected: dict[Expr, _Coefficients] = {}
    rest = []
    for term in Add.make_args(expression):
        waves = [wave for wave in term.atoms(sin) if wave.has(t)]
        powers = _coefficients(term, waves[0]) if len(waves) == 1 else None
        if powers is None or powers.get(0, S.Zero) != 0:
            rest.append(term)
        else:
            collected[waves[0]] = _sum(collected.get(waves[0], {}), powers)
    for wave, coefficients in collected.items():
        total: Expr = S.Zero
        for power in range(max(coefficients), 0, -1):
            total = wave**2 * (coefficients.get(power, S.Zero) + total)
        rest.append(total)
    return Add(*rest)


def _coefficients(expression: Expr, wave: Expr) -> _Coefficients | None:
    """Coefficients by the power of ``wave``², not multiplied out; None if it is no polynomial."""
    if not expression.has(t):
        return {0: expression}
    if isinstance(expression, Pow) and expression.base == wave:
        power = expression.exp
        return {int(power) // 2: S.One} if power.is_Integer and power % 2 == 0 else None
    if not isinstance(expression, Add | Mul):
        return None
    parts = [_coefficients(argument, wave) for argument in expression.args]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return reduce(_sum if isinstance(expression, Add) else convolved, known)


def _sum(left: _Coefficients, right: _Coefficients) -> _Coefficients:
    return {k: left.get(k, S.Zero) + right.get(k, S.Zero) for k in left | right}


def _named(value: Expr, names: dict[Expr, Symbol]) -> Expr:
    if value.is_Symbol or value is I or (isinstance(value, Integer) and abs(value) < 2**53):
        return value
    return names.setdefault(value, Symbol(f"_constant{len(names)}"))


def _apart(expression: Expr, names: dict[Expr, Symbol]) -> Expr:
    """``expression`` with everything that does not depend on time named in ``names``."""
    if not expression.has(t):
        return _named(expression, names)
    if isinstance(expression, Add | Mul):
        constant, moving = expression.as_independent(t, as_Add=isinstance(expression, Add))
        if isinstance(expression, Mul) and constant.has(I):
            # i stays in place: what is named is real.
            parts = [I, _named(constant / I, names)]
        else:
            parts = [_named(constant, names)]
        parts += [_apart(part, names) for part in type(expression).make_args(moving)]
        return expression.func(*parts)
    if expression == t:
        return t
    if isinstance(expression, Pow):
        return Pow(_apart(expression.base, names), expression.exp)
    return expression.func(*(_apart(argument, names) for argument in expression.args))


# Starts between two levels


class SineRest(Function):
    """The value of sin y - y, which loses no digits where y is small."""

    nargs = 1
    is_real = True

    @classmethod
    def eval(cls, y: Expr) -> Expr | None:
        return S.Zero if y.is_zero else None

    def fdiff(self, argindex: int = 1) -> Expr:
        return -2 * sin(self.args[0] / 2) ** 2

    def _mpmathcode(self, printer: Any) -> str:
        return f"wave_rest({printer._print(self.args[0])}, 3)"


class FarWave(Function):
    """A wave, sin y (odd n) or cos y - 1 (even n), of a sum in which all powers below yⁿ vanish.

    They are left out while the largest phase of the sum, the last argument, is small.
    """

    nargs = 3
    is_real = True

    @classmethod
    def eval(cls, y: Expr, n: Expr, largest: Expr) -> Expr | None:
        if y.is_zero:
            return S.Zero
        return {1: sin(y), 2: -2 * sin(y / 2) ** 2}.get(int(n))

    def fdiff(self, argindex: int = 1) -> Expr:
        if argindex > 1:
            return S.Zero
        y, n, largest = self.args
        return FarWave(y, n - 1, largest) * (1 if n % 2 else -1)

    def _mpmathcode(self, printer: Any) -> str:
        y, n, largest = map(printer._print, self.args)
        return f"wave_rest({y}, {n} if abs({largest}) < 1 else {2 - int(self.args[1]) % 2})"


def _series(y: Expr, n: int) -> Expr:
    """The Taylor series of sin y (odd n) or cos y from yⁿ on: to the precision of doubles."""
    series, last = S.One, n + 14 + 2 * (n // 2)
    for k in range(last, n, -2):
        series = 1 - y**2 / (k * (k - 1)) * series
    return (-1) ** (n // 2) * y**n / factorial(n) * series


def with_series(expression: Expr) -> Expr:
    """``expression`` with waves that cancel where they are small as series there."""
    put = {}
    for rest in expression.atoms(SineRest):
        (y,) = rest.args
        put[rest] = Piecewise((_series(y, 3), y**2 < 1), (sin(y) - y, True))
    for wave in expression.atoms(FarWave):
        y, n, largest = wave.args
        plain = FarWave(y, 2 - n % 2, largest)
        put[wave] = Piecewise((_series(y, int(n)), largest**2 < (n // 2) ** 2), (plain, True))
    expression = expression.xreplace(put)
    # A series stands around waves.
    for kind in (NearStart, DampedCosine, DampedSine):
        expression = expression.xreplace({e: e.in_doubles for e in expression.atoms(kind)})
    return expression


@dataclass(frozen=True)
class _AccurateMotion(MultiFrequencyMotion):
    """A motion with the real and the imaginary part of the amplitudes of far levels."""

    far: Mapping[int, tuple[Expr, Expr]] = field(default_factory=dict)

    @cached_property
    def populations(self) -> tuple[Expr, ...]:
        plain = enumerate(super().populations)
        return tuple(
            sum((c**2 for c in self.far[k]), S.Zero) if k in self.far else p for k, p in plain
        )


def _far(motion: MultiFrequencyMotion, chain: Chain, phase: Expr) -> MultiFrequencyMotion:
    """The same motion, its levels at a distance d in waves without powers below tᵈ.

    The sums Σ Aλʲ of these vanish.
    """
    amplitudes, far = list(motion.amplitudes), dict[int, tuple[Expr, Expr]]()
    largest = motion.rates[-1] if chain.is_chiral else Abs(motion.rates[0]) + Abs(motion.rates[-1])
    for k, row in enumerate(motion.sizes):
        d = abs(k - chain.start)

        def total(n: int, unit: Expr, row: tuple[Expr, ...] = row) -> Expr:
            waves = (FarWave(rate * unit, n, largest * unit) for rate in motion.rates)
            return Add(*(a * wave for a, wave in zip(row, waves, strict=True)))

        if chain.is_chiral and d > 2:
            far[k] = (S.Zero, -total(d, phase)) if d % 2 else (total(d, phase) / 2, S.Zero)
        elif not chain.is_chiral and d > 1:
            even = d + d % 2
            far[k] = total(even, t), -total(d + 1 - d % 2, t)
        if k in far:
            amplitudes[k] = far[k][0] + I * far[k][1]
    known = {each.name: getattr(motion, each.name) for each in fields(motion)}
    return _AccurateMotion(**{**known, "amplitudes": tuple(amplitudes)}, far=far)


def accurate_at_start(solution: ClosedForm) -> ClosedForm:
    """The same solution, its energies in forms that keep their digits where t² cancels."""
    if (accurate := solution.accurate) is not None:
        return accurate
    sign = -1 if solution.model.coupling.is_negative else 1
    phase = sign * solution.model.coupling * t
    put = {}
    for chain, motion in solution.motions.items():
        s, last = chain.start, len(chain.levels) - 1
        motion = put[chain] = _far(motion, chain, phase)
        if 0 < s < last and chain.levels[s - 1] * chain.levels[s + 1] < 0:
            if len(motion.rates) < len(motion.sizes):
                energy = _chiral_energy(motion, chain, sign, phase)
            else:
                energy = _detuned_energy(motion, chain)
            put[chain] = replace(motion, energy=energy)
    return replace(solution, motions=put) if put else solution


def _chiral_energy(motion: MultiFrequencyMotion, chain: Chain, sign: int, phase: Expr) -> Expr:
    s = chain.start
    down, up = (chain.hops_squared[i] * (t / phase) ** 2 for i in (s - 1, s))
    below, above = motion.sizes[s - 1], motion.sizes[s + 1]
    waves = [rate * phase for rate in motion.rates]
    slope = sign * factored(up - down) / (sqrt(factored(up)) + sqrt(factored(down)))
    difference = slope * phase + Add(
        *((a - b) * SineRest(y) for a, b, y in zip(above, below, waves, strict=True))
    )
    both = Add(*((a + b) * sin(y) for a, b, y in zip(above, below, waves, strict=True)))
    energy = chain.levels[s + 1] * difference * both
    for k, row in enumerate(motion.sizes):
        if abs(k - s) > 1:
            # Of these Σ Aλ vanishes, too, at odd distance.
            moved = (SineRest(y) if (k - s) % 2 else sin(y / 2) ** 2 for y in waves)
            size = Add(*(a * wave for a, wave in zip(row, moved, strict=True)))
            energy += chain.levels[k] * size**2
    return energy


def _detuned_energy(motion: MultiFrequencyMotion, chain: Chain) -> Expr:
    s = chain.start
    gains = (chain.levels[k] * chain.hops_squared[min(k, s)] for k in (s - 1, s + 1))
    curvature = factored(Add(*gains))
    widest = (motion.rates[-1] - motion.rates[0]) / 2
    energy = curvature / widest**2 * sin(widest * t) ** 2
    for term in Add.make_args(motion.energy):
        size, wave = term.as_independent(t, as_Add=False)
        y = wave.as_base_exp()[0].args[0]
        ratio = y / (widest * t)
        if ratio != 1:
            apart = SineRest(y) - ratio * SineRest(widest * t)
            energy += size * apart * (sin(y) + ratio * sin(widest * t))
    return energy


# A sum without an index is there on a condition only.
_SUMS = (Sum, Piecewise)

Summed = tuple[Expr, tuple[IndexRange, ...], Boolean]
"""A term, its ranges, outermost first, and the condition for the sum to be there."""


def sums_apart(expression: Expr) -> tuple[Expr, dict[Expr, Summed]]:
    """``expression`` with a function of time in place of every sum, and what each of these is."""
    totals: dict[Expr, Expr] = {}
    rest = _without_sums(expression, totals)
    return rest, {total: _terms(whole) for whole, total in totals.items()}


def _without_sums(expression: Expr, totals: dict[Expr, Expr]) -> Expr:
    """``expression`` with a function of time for every sum, by which ``totals`` has it."""
    if not expression.has(*_SUMS):
        return expression
    factors = [factor for factor in Mul.make_args(expression) if factor.has(*_SUMS)]
    if len(factors) == 1 and isinstance(factors[0], _SUMS):
        return totals.setdefault(expression, Function(f"_total{len(totals)}")(t))
    return expression.func(*(_without_sums(part, totals) for part in expression.args))


def _terms(whole: Expr) -> Summed:
    if not whole.has(*_SUMS):
        return whole, (), S.true
    if isinstance(whole, Piecewise):
        (value, condition), _ = whole.args
        term, ranges, _ = _terms(value)
        return term, ranges, condition
    if isinstance(whole, Sum):
        term, inner, condition = _terms(whole.function)
        ranges = tuple(tuple(limits) for limits in reversed(whole.limits))
        return term, (*ranges, *inner), condition
    before, summed = whole.as_independent(*_SUMS, as_Add=False)
    term, ranges, condition = _terms(summed)
    return before * term, ranges, condition
