r"""The exact motion on a chain with several frequencies.

**Chiral** chains (constant diagonal): with :math:`\chi(x)=x^{L\bmod2}Q(x^2)` and the roots
:math:`\lambda_r^2` of :math:`Q` (in units of :math:`g^2`),

.. math::

    c_k=-i\sum_r A_{kr}\sin\lambda_rgt\quad(k-s\text{ odd}),\qquad
    c_k=\delta_{ks}-\sum_r A_{kr}\sin^2\tfrac{\lambda_rgt}{2}\quad(k-s\text{ even}),

where :math:`A_{kr}` is the residue of the resolvent,
:math:`\prod b\;\chi_{<}\chi_{>}/\chi'` at :math:`\lambda_r`, times 2 or 4. All is real, and no
:math:`1-\cos` appears.

**Detuned** chains (detuning, crosstalk, pair terms): :math:`c_k=\sum_rA_{kr}e^{-ix_rt}` over all
roots, and :math:`|c_k|^2=-4\sum_{r<s}A_{kr}A_{ks}\sin^2\frac{(x_r-x_s)t}{2}` for :math:`k\ne s`,
because :math:`\sum_rA_{kr}=0`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

from sympy import Expr, I, Integer, S, Symbol, exp, sin

from symbattery.core.expressions import factored
from symbattery.core.named_roots import NamedExpression
from symbattery.dynamics.frequencies import (
    halved,
    positive_frequencies,
    real_roots,
    resolvent,
    slopes_at,
    x,
)
from symbattery.sectors.chains import Chain
from symbattery.symbols import t

__all__ = ["MultiFrequencyMotion", "multi_frequency_motion"]

_y = Symbol("y")


@dataclass(frozen=True)
class MultiFrequencyMotion:
    r"""The motion of one start.

    Attributes
    ----------
    definitions : mapping
        Named quantities, each in terms of those before it.
    rates : tuple of Expr
        Frequencies (chiral), or levels whose differences are the frequencies (detuned).
    amplitudes : tuple of Expr
        Of each level of the chain.
    sizes : tuple of tuples of Expr
        :math:`A_{kr}` by level and rate.
    energy : Expr
        :math:`E(t)/\omega_0`.
    form : str
        ``"radicals"`` or ``"roots"``.
    start : int
        Index of the start level.
    """

    definitions: Mapping[Symbol, Expr]
    rates: tuple[Expr, ...]
    amplitudes: tuple[Expr, ...]
    sizes: tuple[tuple[Expr, ...], ...]
    energy: Expr
    form: str
    start: int

    @cached_property
    def populations(self) -> tuple[Expr, ...]:
        """The probability of each level, in forms that keep their digits at small times."""
        if len(self.rates) < len(self.sizes):
            # Real, or imaginary at odd distance from the start.
            signs = ((-1) ** abs(k - self.start) for k in range(len(self.amplitudes)))
            return tuple(sign * c**2 for sign, c in zip(signs, self.amplitudes, strict=True))
        pairs = list(combinations(range(len(self.rates)), 2))
        waves = [sin((self.rates[s] - self.rates[r]) * t / 2) ** 2 for r, s in pairs]
        moved = (
            -4 * sum((row[r] * row[s] * w for (r, s), w in zip(pairs, waves, strict=True)), S.Zero)
            for row in self.sizes
        )
        return tuple(Integer(k == self.start) + p for k, p in enumerate(moved))

    def explicit(self) -> MultiFrequencyMotion:
        """The same motion with every definition substituted."""

        def written_out(expression: Expr) -> Expr:
            return NamedExpression(expression, self.definitions).explicit()

        return replace(
            self,
            definitions={},
            rates=tuple(written_out(rate) for rate in self.rates),
            amplitudes=tuple(written_out(c) for c in self.amplitudes),
            sizes=tuple(tuple(written_out(a) for a in row) for row in self.sizes),
            energy=written_out(self.energy),
        )


def _label(stem: str, label: str, *indices: int, known: str = "real") -> Symbol:
    name = "_".join([stem, *([label] if label else []), *map(str, indices)])
    return Symbol(name, **{known: True})


def multi_frequency_motion(
    chain: Chain, coupling: Expr, label: str = "", form: str | None = None
) -> MultiFrequencyMotion:
    """The exact motion on ``chain``.

    Parameters
    ----------
    chain : Chain
    coupling : Expr
        Unit of the frequencies of a chiral chain; its sign is that of the hops.
    label : str
        Distinguishes the named quantities of several chains.
    form : {"radicals", "roots"}, optional
        The best that exists if left out.

    Raises
    ------
    UnsolvedError
        Radicals were demanded and do not exist.
    """
    sign = -1 if coupling.is_negative else 1
    if chain.is_chiral:
        scaled = replace(
            chain, hops_squared=tuple(factored(h / coupling**2) for h in chain.hops_squared)
        )
        return _chiral(scaled, sign, sign * coupling * t, label, form)
    return _detuned(chain, sign, label, form)


def _chiral(
    chain: Chain, sign: int, phase: Expr, label: str, form: str | None
) -> MultiFrequencyMotion:
    parts = resolvent(chain)
    roots = positive_frequencies(parts.chi, form, f"_{label}" if label else "")
    count = range(1, len(roots.values) + 1)
    symbols = (_label("lambda", label, r, known="positive") for r in count)
    rates = dict(zip(symbols, roots.values, strict=True))
    definitions = {**roots.definitions, **rates}
    slopes = slopes_at([rate**2 for rate in rates])
    odd_length = len(chain.levels) % 2
    amplitudes: list[Expr] = []
    sizes: list[tuple[Expr, ...]] = []
    energy = S.Zero
    for k, excited in enumerate(chain.levels):
        distance = abs(k - chain.start)
        numerator = halved(parts.numerator(k)).as_expr()
        hops = sign**distance * parts.hops(k)
        size = S.Zero
        row = tuple(_label("A", label, k, r) for r in count)
        for a, rate, slope in zip(row, rates, slopes, strict=True):
            value = hops * numerator.subs(_y, rate**2) / slope
            if distance % 2:
                definitions[a] = value / rate
                size += a * sin(rate * phase)
            else:
                definitions[a] = 2 * value / rate**2 if odd_length else 2 * value
                size += a * sin(rate * phase / 2) ** 2
        amplitudes.append(-I * size if distance % 2 else Integer(distance == 0) - size)
        sizes.append(row)
        energy += excited * size**2
    return MultiFrequencyMotion(
        definitions, tuple(rates), tuple(amplitudes), tuple(sizes), energy, roots.form, chain.start
    )


def _detuned(chain: Chain, sign: int, label: str, form: str | None) -> MultiFrequencyMotion:
    parts = resolvent(chain)
    roots = real_roots(parts.chi, chain.hops_squared, form, f"_{label}" if label else "")
    names = [_label("x", label, r) for r in range(1, len(roots.values) + 1)]
    definitions = {**roots.definitions, **dict(zip(names, roots.values, strict=True))}
    slopes = slopes_at(names)
    sizes: list[tuple[Expr, ...]] = []
    amplitudes: list[Expr] = []
    for k in range(len(chain.levels)):
        numerator, hops = parts.numerator(k).as_expr(), parts.hops(k)
        sizes.append(tuple(_label("A", label, k, r) for r in range(1, len(names) + 1)))
        for size, root, slope in zip(sizes[k], names, slopes, strict=True):
            value = sign ** abs(k - chain.start) * hops * numerator.subs(x, root) / slope
            definitions[size] = value
        waves = (a * exp(-I * level * t) for a, level in zip(sizes[k], names, strict=True))
        amplitudes.append(sum(waves, S.Zero))
    energy = S.Zero
    for (r, lower), (s, upper) in combinations(enumerate(names), 2):
        wave_size = _label("B", label, r + 1, s + 1)
        weighted = (excited * sizes[k][r] * sizes[k][s] for k, excited in enumerate(chain.levels))
        definitions[wave_size] = -4 * sum(weighted, S.Zero)
        energy += wave_size * sin((upper - lower) * t / 2) ** 2
    return MultiFrequencyMotion(
        definitions, tuple(names), tuple(amplitudes), tuple(sizes), energy, roots.form, chain.start
    )
