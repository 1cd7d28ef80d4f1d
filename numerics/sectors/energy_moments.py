r"""Moments of the energy at the start, which no time changes, and what they bound.

:math:`d^2\langle O\rangle/dt^2=2\langle\dot\psi|O|\dot\psi\rangle+2\,\mathrm{Re}
\langle\ddot\psi|O|\psi\rangle` with :math:`\|\dot\psi\|^2=\langle(H-h)^2\rangle` and
:math:`\|\ddot\psi\|=\|(H-h)^2\psi\|`, :math:`h=\langle H\rangle`. Both are those of the start, so
that no operator with a spectrum of the width 2r has a second derivative above r times
`most_curved`. For M = N this is of order M² where the bandwidth of H allows M⁴.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from numerics.model.problem import Problem
from numerics.model.resources import Floats
from numerics.sectors.starts import Start

__all__ = ["energy_variances", "most_curved"]

_Move = tuple[int, int]


def _moves(problem: Problem[float]) -> list[_Move]:
    """The neighbours (k, c) of a state."""
    exchange = [(1, -1), (-1, 1)]
    return exchange if problem.conserved else [*exchange, (1, 1), (-1, -1)]


def _element(problem: Problem[float], start: Start, at: _Move, move: _Move) -> Floats:
    """The element of H that leads on by ``move`` from what is displaced by ``at``, (S,)."""
    p, product = problem.parameters, np.ones(len(start.weight))
    for side, label, level, here, step in (
        (problem.battery, start.cell_spin, start.cell_level, at[0], move[0]),
        (problem.charger, start.charger_spin, start.charger_level, at[1], move[1]),
    ):
        lower = level.astype(np.float64) + (here + min(step, 0))
        product = product * np.maximum(side.irrep(label.astype(np.float64)).raising(lower), 0.0)
    strength = p.coupling * (1.0 if move[0] != move[1] else p.anisotropy)
    return np.asarray(strength * np.sqrt(product), dtype=np.float64)


def _diagonal(problem: Problem[float], start: Start, at: _Move) -> Floats:
    """The diagonal of H there, but for a constant."""
    p = problem.parameters
    k, c = start.cell_level + float(at[0]), start.charger_level + float(at[1])
    # What is conserved drops out exactly.
    own = (p.detuning, 0.0) if problem.conserved else (p.frequency, p.charger_frequency)
    battery = problem.battery.irrep(start.cell_spin.astype(np.float64))
    charger = problem.charger.irrep(start.charger_spin.astype(np.float64))
    energy = own[0] * k + own[1] * c
    for strength, element in p.interactions(battery, charger):
        energy = energy + strength * element(k, c)
    return np.asarray(energy, dtype=np.float64)


def energy_variances(problem: Problem[float], start: Start) -> Floats:
    """The variance of H in each start, (S,)."""
    return sum(
        (_element(problem, start, (0, 0), move) ** 2 for move in _moves(problem)),
        np.zeros(len(start.weight)),
    )


def most_curved(problem: Problem[float], start: Start) -> float:
    """A bound at all times on the second derivative of the mean of an operator of norm 1."""
    middle, variance = _diagonal(problem, start, (0, 0)), energy_variances(problem, start)
    moved: dict[_Move, Floats] = defaultdict(lambda: np.zeros(len(start.weight)))
    for first in _moves(problem):
        once = _element(problem, start, (0, 0), first)
        moved[first] = moved[first] + once * (_diagonal(problem, start, first) - middle)
        for second in _moves(problem):
            end = first[0] + second[0], first[1] + second[1]
            moved[end] = moved[end] + once * _element(problem, start, first, second)
    square = np.sqrt(sum((amplitude**2 for amplitude in moved.values()), 0 * variance))
    return float(start.weight @ (2 * (variance + square)))
