r"""The terms of a Lindblad generator between elements of permutation-invariant states.

Collective operators keep j and J; a jump of a single spin leads from j to j and j ± 1 (Chase and
Geremia, Phys. Rev. A 78, 052101 (2008)), for :math:`n` spins and
:math:`s_q=\sigma^\mp,\sigma^z/2` with

.. math::

    \sum_is^i_q|j,m\rangle\langle j,m'|s_q^{i\dagger} = a\,A_mA_{m'}|j\rangle\langle j|
      + b\,B_mB_{m'}|j-1\rangle\langle j-1| + c\,C_mC_{m'}|j+1\rangle\langle j+1|

at m + q, where :math:`A^2=(j+m)(j-m+1)`, :math:`B^2=(j+m)(j+m-1)`, :math:`C^2=(j-m+1)(j-m+2)` for
loss. The trace, :math:`n/2+m` at every m, leaves only
:math:`a=\frac{n/2+1}{2j(j+1)}`, :math:`b=\frac{n/2+j+1}{2j(2j+1)}`,
:math:`c=\frac{n/2-j}{2(j+1)(2j+1)}`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from numerics.model.noise import Jump
from numerics.model.problem import Problem
from numerics.model.resources import Floats, Integers
from numerics.model.sides import Side

__all__ = ["Labels", "able", "jumps", "raised", "terms"]


class Labels(NamedTuple):
    """The irrep (2j), ket level and bra level of each element on one side, (D,) each."""

    size: Integers
    ket: Integers
    bra: Integers

    def chosen(self, which: npt.NDArray[Any]) -> Labels:
        return Labels(*(column[which] for column in self))

    def moved(self, step: _Step) -> Labels:
        return Labels(*(column + change for column, change in zip(self, step, strict=True)))


_Step = tuple[int, int, int]
_STAY: _Step = (0, 0, 0)
_Term = tuple[_Step, _Step, npt.NDArray[Any]]
"""A term of the generator: the steps of the labels of both sides, and its size (D,)."""


def jumps(problem: Problem[float]) -> list[Jump]:
    """The jumps of the noise with rates in double precision, without those that never happen."""
    found = []
    for one in problem.noise:
        for jump in one.jumps(problem.model):
            rate = float(jump.rate)
            if jump.exponent is not None:
                x = float(jump.exponent)
                rate *= (math.exp(-x) if jump.step > 0 else 1.0) / -math.expm1(-x)
            found.append(jump._replace(rate=rate, exponent=None))
    return [jump for jump in found if jump.rate]


def terms(
    problem: Problem[float], battery: Labels, charger: Labels, every: Sequence[Jump]
) -> Iterator[_Term]:
    """Every term: the steps of the labels of both sides, and its size from each element."""
    p = problem.parameters
    sides = {"battery": (problem.battery, battery), "charger": (problem.charger, charger)}
    for up in (1, -1):
        for into, strength in ((-up, p.coupling), (up, p.coupling * p.anisotropy)):
            for place in (1, 2):
                hop = np.sqrt(
                    raised(problem.battery, battery, place, up)
                    * raised(problem.charger, charger, place, into)
                )
                steps = [tuple(step * (i == place) for i in range(3)) for step in (up, into)]
                yield steps[0], steps[1], up * strength * hop  # type: ignore[misc]
    own = _own_energies(problem, battery, charger, 1) - _own_energies(problem, battery, charger, 2)
    if np.any(own):
        yield _STAY, _STAY, -1j * own
    for jump in every:
        for step, factor in _jumps(*sides[jump.side], jump):
            there = (step, _STAY) if jump.side == "battery" else (_STAY, step)
            yield *there, jump.rate * factor


def _own_energies(problem: Problem[float], battery: Labels, charger: Labels, place: int) -> Floats:
    """The own energies of kets (1) or bras (2), but for what is conserved."""
    p, (k, c) = problem.parameters, (battery[place], charger[place])
    sides = problem.battery.irrep(battery.size), problem.charger.irrep(charger.size)
    own = p.detuning * k if problem.conserved else p.frequency * k + p.charger_frequency * c
    for strength, element in p.interactions(*sides):
        own = own + strength * element(k, c)
    return np.asarray(own, dtype=np.float64)


def raised(side: Side, labels: Labels, place: int, step: int) -> Floats:
    """The squared element of X± on ket (1) or bra (2)."""
    level = labels[place] if step > 0 else labels[place] - 1
    return np.maximum(np.asarray(side.irrep(labels.size).raising(level), dtype=np.float64), 0.0)


def _jumps(side: Side, labels: Labels, jump: Jump) -> Iterator[tuple[_Step, Floats]]:
    """The terms of D[L] on the labels of its side, with unit rate."""
    size, q = labels.size.astype(np.float64), jump.step
    levels = labels.ket.astype(np.float64), labels.bra.astype(np.float64)
    single = not jump.collective and side.spins is not None
    if not single:
        one, two = (_collective(side, labels, place, q) for place in (1, 2))
        yield (0, q, q), one * two
        yield _STAY, -(one**2 + two**2) / 2
        return
    n = float(side.spins)
    # ⟨Σ L†L⟩ of ket and bra.
    number = [{-1: (n - size) / 2 + k, 1: (n + size) / 2 - k, 0: n / 4 + 0 * k}[q] for k in levels]
    yield _STAY, -(number[0] + number[1]) / 2
    j = size / 2
    with np.errstate(divide="ignore"):
        weights = {
            0: np.where(j > 0, (n / 2 + 1) / (2 * j * (j + 1)), 0.0),
            -1: np.where(j > 0, (n / 2 + j + 1) / (2 * j * (2 * j + 1)), 0.0),
            1: (n / 2 - j) / (2 * (j + 1) * (2 * j + 1)),
        }
    for change, weight in weights.items():
        one, two = (_single(change, q, size, k) for k in levels)
        yield (2 * change, q + change, q + change), weight * one * two


def _collective(side: Side, labels: Labels, place: int, step: int) -> Floats:
    """The element of the collective operator on ket or bra."""
    if step:
        return np.sqrt(raised(side, labels, place, step))
    # Σσᶻ/2 but for a constant, or b†b.
    return labels[place].astype(np.float64)


def _single(change: int, step: int, size: Floats, k: Floats) -> Floats:
    """A, B or C of the jump of one spin from level k of 2j = ``size`` to j + ``change``."""
    down = size - k
    if step == 0:
        return {0: k - size / 2, -1: np.sqrt(k * down), 1: np.sqrt((k + 1) * (down + 1))}[change]
    # Loss from k is pumping from the mirror image.
    near, far = (k, down) if step < 0 else (down, k)
    squares = {0: near * (far + 1), -1: near * (near - 1), 1: (far + 1) * (far + 2)}
    return np.sqrt(squares[change])


def able(side: Side, labels: Labels, jump: Jump) -> Floats:
    """⟨L†L⟩ of elements of the diagonal, summed over the jumps of one kind."""
    return -next(factor for step, factor in _jumps(side, labels, jump) if step == _STAY)
