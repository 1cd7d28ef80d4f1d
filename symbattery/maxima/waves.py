r"""The stored energy of a solution with numbers in it, as a sum of squared sines.

Every start of the mixture moves on a chain with the levels :math:`x_r` and the residues
:math:`A_{kr}` of :mod:`symbattery.dynamics.several_frequencies`, so that

.. math::

    E(\tau)/\omega_0=\sum_jB_j\sin^2\frac{w_j\tau}2,\qquad
    |E^{(n)}|\le D_n=\tfrac12\sum_j|B_j|\,w_j^n\quad(n\ge1),

with the distances :math:`w_j` of the levels. The average power is
:math:`P=E/\tau=\int_0^1E'(s\tau)\,ds`, hence :math:`|P^{(n)}|\le D_{n+1}/(n+1)`. Time is counted in
units of one over the coupling where the coupling is no number, and as it is otherwise.

Sturm's count of the levels below a point proves that each is where it is said to be and none is
missed; they are taken at more digits until the residues add up to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf
from sympy import Abs, Add, Expr, S, sin, sqrt

from symbattery.core.expressions import UnsolvedError, factored
from symbattery.dynamics.closed_form import Branch, ClosedForm
from symbattery.dynamics.solve import from_branches
from symbattery.sectors.chains import Chain
from symbattery.symbols import t

__all__ = ["Curve", "Waves", "force_bounds", "reduced", "sine_bounds", "time_unit", "waves"]

_GUARD_DIGITS = 15
# Relative rounding of a sum of squared sines in double precision, with a wide margin.
_MARGIN = 1e-12
_ULP = 2.0**-52
_SINE, _COSINE = (np.frompyfunc(f, 1, 1) for f in (mpmath.sin, mpmath.cos))


# The units


def time_unit(solution: ClosedForm) -> Expr:
    """The factor that makes a time a number: 1, or the coupling where it is a symbol.

    Raises
    ------
    UnsolvedError
        Other symbols than those of a unit stand in the motion.
    """
    coupling = solution.model.coupling
    entries = [
        entry / unit
        for chain in solution.sectors
        for entries, unit in ((chain.hops_squared, coupling**2), (chain.diagonal, coupling))
        for entry in entries
    ]
    in_units = bool(coupling.free_symbols)
    left = [factored(entry) if in_units else entry for entry in entries]
    left += [branch.weight for branch in solution.branches]
    symbols = set().union(*(value.free_symbols for value in left))
    if symbols:
        names = [name for name, symbol in solution.parameters.items() if symbol in symbols]
        raise UnsolvedError(
            "this maximum needs numbers, but these are symbols: "
            f"{', '.join(sorted(names))}; solve with numbers in the model"
        )
    return coupling if in_units else S.One


def reduced(solution: ClosedForm, unit: Expr) -> ClosedForm:
    """The solution with times in ``1/unit`` and energies in units of ω₀."""

    def without_units(branch: Branch) -> Branch:
        chain = replace(
            branch.chain,
            hops_squared=tuple(factored(hop / unit**2) for hop in branch.chain.hops_squared),
            diagonal=tuple(factored(a / unit) for a in branch.chain.diagonal),
        )
        return replace(branch, chain=chain)

    # From the chains: they need not be those of the model, as in a limit.
    model = replace(solution.model, coupling=solution.model.coupling / unit, frequency=S.One)
    branches = tuple(map(without_units, solution.branches))
    return from_branches(type(solution), model, solution.initial, branches, solution.form)


# The waves


@dataclass(frozen=True)
class Waves:
    """The sizes B and frequencies w of E/ω₀, no two frequencies alike.

    Attributes
    ----------
    sizes, frequencies : tuple of mpf
        To ``digits`` digits of the largest.
    ceiling : mpf
        A bound on E/ω₀ that holds at all times.
    digits : int
    offset : mpf
        The mean at the time 0: other than 0 for weights that the start has as well.
    """

    sizes: tuple[mpf, ...]
    frequencies: tuple[mpf, ...]
    ceiling: mpf
    digits: int
    offset: mpf

    def derivative_bound(self, n: int) -> mpf:
        """D_n, the bound on the n-th derivative of E/ω₀."""
        return self._moment(n, map(abs, self.sizes)) / 2

    def derivative_at_start(self, n: int) -> mpf:
        """The derivative of even order n ≥ 2 at the time 0; those of odd orders vanish."""
        return (-1) ** (n // 2 + 1) * self._moment(n, self.sizes) / 2

    def _moment(self, n: int, sizes: Iterable[mpf]) -> mpf:
        with mpmath.workdps(self.digits + _GUARD_DIGITS):
            pairs = zip(sizes, self.frequencies, strict=True)
            return sum((size * frequency**n for size, frequency in pairs), mpf(0))


def waves(solution: ClosedForm, digits: int) -> Waves:
    """The waves of a solution; units and errors as for `time_unit`."""
    unit = time_unit(solution)
    parts: dict[Chain, Expr] = {}
    for branch in solution.branches:
        parts[branch.chain] = parts.get(branch.chain, S.Zero) + branch.weight
    return _waves(tuple(parts.items()), unit, digits)


@lru_cache(maxsize=256)
def _waves(parts: tuple[tuple[Chain, Expr], ...], unit: Expr, digits: int) -> Waves:
    found: list[tuple[mpf, mpf]] = []
    most, offset, scale = mpf(0), mpf(0), max(abs(k) for chain, _ in parts for k in chain.levels)
    with mpmath.workdps(digits + _GUARD_DIGITS):
        for chain, weight in parts:
            share = _number(weight)
            diagonal = [_number(factored(a / unit)) for a in chain.diagonal]
            hops = [_number(factored(h / unit**2)) for h in chain.hops_squared]
            levels, residues = _motion(diagonal, hops, chain.start)
            most += share * max(chain.levels)
            offset += share * chain.levels[chain.start]
            for r, s in combinations(range(len(levels)), 2):
                moved = (k * a[r] * a[s] for k, a in zip(chain.levels, residues, strict=True))
                found.append((levels[s] - levels[r], -4 * share * sum(moved, mpf(0))))
        merged = _merged(sorted(found), scale)
        risen = sum((size for _, size in merged if size > 0), offset)
        return Waves(
            tuple(size for _, size in merged),
            tuple(frequency for frequency, _ in merged),
            min(most, risen),
            digits,
            offset,
        )


def _number(value: Expr) -> mpf:
    return mpmath.mpmathify(S(value).evalf(mpmath.mp.dps))


def _merged(pairs: list[tuple[mpf, mpf]], scale: int) -> list[tuple[mpf, mpf]]:
    """Frequencies and sizes, with equal frequencies taken together and none without a size."""
    small = mpf(10) ** (5 - mpmath.mp.dps)
    merged: list[tuple[mpf, mpf]] = []
    for frequency, size in pairs:
        if merged and frequency - merged[-1][0] <= small * pairs[-1][0]:
            merged[-1] = merged[-1][0], merged[-1][1] + size
        else:
            merged.append((frequency, size))
    return [pair for pair in merged if abs(pair[1]) > small * scale]


def _motion(
    diagonal: list[mpf], hops_squared: list[mpf], start: int
) -> tuple[list[mpf], list[list[mpf]]]:
    """The levels of a chain, and the residues A_kr but for signs that no population has."""
    wanted = mpf(10) ** (5 - mpmath.mp.dps)
    for factor in (1, 2, 4, 8):
        with mpmath.workprec(factor * mpmath.mp.prec):
            levels = _levels(diagonal, hops_squared)
            residues = _residues(diagonal, hops_squared, start, levels)
            sums = (abs(sum(row) - (k == start)) for k, row in enumerate(residues))
            if max(sums) < wanted:
                return levels, residues
    raise UnsolvedError("the levels of the chain lie too close together to be told apart")


def _levels(diagonal: list[mpf], hops_squared: list[mpf]) -> list[mpf]:
    """The eigenvalues of a chain, each in a bracket that holds it alone."""
    padded = [mpf(0), *map(mpmath.sqrt, hops_squared), mpf(0)]
    reach = max(abs(a) + b + c for a, (b, c) in zip(diagonal, pairwise(padded), strict=True)) + 1
    tiny = reach * mpmath.mpf(2) ** (-2 * mpmath.mp.prec)

    def below(x: mpf) -> int:
        """The number of levels below x."""
        count, pivot = 0, mpf(1)
        for a, hop in zip(diagonal, [mpf(0), *hops_squared], strict=True):
            pivot = a - x - hop / pivot
            if pivot == 0:
                pivot = tiny
            count += pivot < 0
        return count

    def step(x: mpf) -> mpf:
        """Newton's step of the characteristic polynomial."""
        value, slope, before, slope_before = mpf(1), mpf(0), mpf(0), mpf(0)
        for a, hop in zip(diagonal, [mpf(0), *hops_squared], strict=True):
            rising = value + (x - a) * slope - hop * slope_before
            value, before, slope_before = (x - a) * value - hop * before, value, slope
            slope = rising
        return value / slope if slope else mpf(0)

    fine = reach * mpf(2) ** (6 - mpmath.mp.prec)
    hops = np.sqrt(np.array(hops_squared, dtype=float))
    matrix = np.diag(np.array(diagonal, dtype=float)) + np.diag(hops, 1) + np.diag(hops, -1)
    width = reach * mpf(2) ** -40
    levels = []
    for r, guess in enumerate(map(float, np.linalg.eigvalsh(matrix))):
        low, high = guess - width, guess + width
        # Newton's steps from inside of the bracket, and Sturm's count at their end.
        x = mpf(guess)
        for _ in range(mpmath.mp.prec.bit_length()):
            x -= step(x)
        if below(x - fine) <= r < below(x + fine):
            levels.append(x)
            continue
        if not below(low) <= r < below(high):
            low, high = -reach, reach
        while high - low > fine:
            middle = (low + high) / 2
            low, high = (low, middle) if below(middle) > r else (middle, high)
        levels.append((low + high) / 2)
    return levels


def _residues(
    diagonal: list[mpf], hops_squared: list[mpf], start: int, levels: list[mpf]
) -> list[list[mpf]]:
    """A_kr = v_kr v_sr of the normalised eigenvectors, by leading and trailing minors."""
    size = len(diagonal)
    between = [(min(k, start), max(k, start)) for k in range(size)]
    hops = [mpmath.sqrt(mpmath.fprod(hops_squared[low:high])) for low, high in between]
    rows: list[list[mpf]] = [[] for _ in range(size)]
    for x in levels:
        under = _minors(x, diagonal, hops_squared)
        above = _minors(x, diagonal[::-1], hops_squared[::-1])[::-1]
        slope = sum((under[k] * above[k + 1] for k in range(size)), mpf(0))
        for row, hop, (low, high) in zip(rows, hops, between, strict=True):
            row.append(hop * under[low] * above[high + 1] / slope)
    return rows


def _minors(x: mpf, diagonal: Sequence[mpf], hops_squared: Sequence[mpf]) -> list[mpf]:
    minors, before = [mpf(1)], mpf(0)
    for a, hop in zip(diagonal, [mpf(0), *hops_squared], strict=True):
        minors.append((x - a) * minors[-1] - hop * before)
        before = minors[-2]
    return minors


# The curve


class Curve:
    """E/ω₀ of the time, or E/(ω₀τ), on arrays of times, with what its rounding can be.

    With an offset o < 0 of the power, E ≤ o + D₂τ²/2 is negative before τ₀ = √(-2o/D₂), where
    ``begin`` is; from there on it adds 2|o|/τ₀³ and 6|o|/τ₀⁴ to the bounds.

    Parameters
    ----------
    motion : Waves
    per_time : bool
        The average power in place of the energy, which is counted from the start.
    exact : bool
        In numbers of ``motion.digits`` digits, which are slow, in place of doubles.
    """

    def __init__(self, motion: Waves, per_time: bool = False, exact: bool = False) -> None:
        kind: Any = object if exact else float
        self.motion, self.per_time, self.exact = motion, per_time, exact
        self._sizes = np.array(motion.sizes, dtype=kind)
        self._frequencies = np.array(motion.frequencies, dtype=kind)
        self._fastest = float(max(motion.frequencies, default=0))
        size, slope, curvature, third, fourth = (
            float(motion.derivative_bound(n)) for n in range(5)
        )
        self._energy_bound, self._slope, self._curvature = 2 * size, slope, curvature
        # Of the height: E, or P with |P^(n)| ≤ D_(n+1)/(n + 1).
        self.curvature_bound = third / 3 if per_time else curvature
        self.third_bound = fourth / 4 if per_time else third
        self._offset, self.begin = motion.offset if exact else float(motion.offset), 0.0
        below = -float(motion.offset) if per_time else 0.0
        self._below = max(below, 0.0)
        if below > 0:
            self.begin = (2 * below / curvature) ** 0.5
            self.curvature_bound += 2 * below / self.begin**3
            self.third_bound += 6 * below / self.begin**4

    def __call__(self, times: Any) -> tuple[Any, Any, Any]:
        """The height, slope and curvature at each of ``times``."""
        with mpmath.workdps(self.motion.digits + _GUARD_DIGITS):
            return self._evaluated(times)

    def _evaluated(self, times: Any) -> tuple[Any, Any, Any]:
        sine_of: Callable[[Any], Any] = _SINE if self.exact else np.sin
        cosine_of: Callable[[Any], Any] = _COSINE if self.exact else np.cos
        phases = np.outer(times, self._frequencies / 2)
        sine, cosine = sine_of(phases), cosine_of(phases)
        square, moving = sine * sine, self._sizes * self._frequencies
        energy, slope = square @ self._sizes, (sine * cosine) @ moving
        curvature = (1 - 2 * square) @ (moving * self._frequencies) / 2
        if not self.per_time:
            return energy, slope, curvature
        power = (energy + self._offset) / times
        falling = (slope - power) / times
        return power, falling, (curvature - 2 * falling) / times

    def rounding(self, times: Any) -> tuple[Any, Any, Any]:
        """Bounds on the rounding of the height, slope and curvature."""
        if self.exact:
            share = 10.0**-self.motion.digits * (1 + self._fastest * times)
        else:
            share = _MARGIN + 8 * _ULP * self._fastest * times
        energy = share * np.minimum(self._energy_bound, self._curvature * times**2 / 2)
        slope = share * np.minimum(2 * self._slope, self._curvature * times)
        if not self.per_time:
            return energy, slope, share * self._curvature
        apart = share * self._below / times
        return (
            energy / times + apart,
            2 * (slope + apart) / times,
            (5 * share * self._curvature + 6 * apart / times) / times,
        )


# Bounds with symbols in them


def force_bounds(hops_squared: Sequence[Expr]) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    r"""Expressions of which the largest bound |E''|/ω₀ and |E'''|/ω₀ of a chiral chain.

    :math:`E''=2\omega_0\sum_k(b_k^2-b_{k-1}^2)|c_k|^2`, and :math:`E'''` is the mean of a matrix
    with the elements :math:`\pm2i\omega_0\,b_k(b_{k+1}^2-2b_k^2+b_{k-1}^2)` beside the diagonal:
    both are bounded by their rows.
    """
    padded = [S.Zero, *hops_squared, S.Zero]
    force = [2 * (after - before) for before, after in pairwise(padded)]
    changes = (abs(after - before) for before, after in pairwise(force))
    steps = (sqrt(h) * change for h, change in zip(hops_squared, changes, strict=True))
    return tuple(map(Abs, force)), tuple(a + b for a, b in pairwise((S.Zero, *steps, S.Zero)))


def sine_bounds(energy: Expr) -> tuple[Expr, Expr]:
    """The bounds on |E''| and |E'''| of an expanded sum of squared sines, term by term.

    Raises
    ------
    UnsolvedError
        The energy is no such sum.
    """
    second = third = S.Zero
    for size, wave in (term.as_independent(t) for term in Add.make_args(energy)):
        if not (wave.is_Pow and wave.base.func is sin and wave.exp == 2):
            raise UnsolvedError(
                "E(t) is no sum of squares of sines: no bound on its slope is derived"
            )
        rate = 2 * wave.base.args[0].diff(t)
        second += Abs(size) * rate**2 / 2
        third += Abs(size * rate**3) / 2
    return second, third
