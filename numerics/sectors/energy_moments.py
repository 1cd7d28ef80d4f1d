r"""Moments of the energy at the start, which no time changes, and what they bound.

:math:`d^2\langle O\rangle/dt^2=2\langle\dot\psi|O|\dot\psi\rangle+2\,\mathrm{Re}
\langle\ddot\psi|O|\psi\rangle` with :math:`\|\dot\psi\|^2=\langle(H-h)^2\rangle` and
:math:`\|\ddot\psi\|=\|(H-h)^2\psi\|`, :math:`h=\langle H\rangle`. Both are those of the start, so
that no operator with a spectrum of the width 2r has a second derivative above r times
`most_curved`. For M = N this is of order M² where the bandwidth of H allows M⁴.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from numerics.model.problem import Problem
from numerics.model.resources import Floats
from numerics.sectors.groups import group_grids
from numerics.sectors.starts import Complex, Start

__all__ = ["diagonal", "energy_variances", "most_curved"]

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
        # Beyond 2⁵³ a double does not know its neighbours.
        kind = object if label.max(initial=0) >= 2**53 else np.float64
        lower = level.astype(kind) + (here + min(step, 0))
        element = side.irrep(label.astype(kind)).raising(lower)
        product = product * np.maximum(np.asarray(element, dtype=np.float64), 0.0)
    strength = p.coupling * (1.0 if move[0] != move[1] else p.anisotropy)
    return np.asarray(strength * np.sqrt(product), dtype=np.float64)


def diagonal(problem: Problem[float], start: Start, at: _Move) -> Floats:
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
    if problem.grouped:
        return _of_grids(problem, start)[0]
    return sum(
        (_element(problem, start, (0, 0), move) ** 2 for move in _moves(problem)),
        np.zeros(len(start.weight)),
    )


def _of_grids(problem: Problem[float], start: Start) -> tuple[Floats, Floats]:
    """‖(H − h)ψ‖² and ‖(H − h)²ψ‖ of each start, (S,), by the columns of H."""
    variance, square = np.zeros(len(start.weight)), np.zeros(len(start.weight))
    for grid in group_grids(problem, start):
        block = grid.block()
        for number, site in zip(block.numbers.tolist(), block.sites.tolist(), strict=True):
            moved = block.matrix[:, [site]].toarray().ravel()
            mean = moved[site]
            moved[site] = 0
            variance[number] = moved @ moved
            square[number] = np.linalg.norm(block.matrix @ moved - mean * moved)
    return variance, square


def _most_curved_of_groups(problem: Problem[float], start: Start) -> float:
    """The same of superpositions, each on the grid of levels that H² leads to."""
    assert start.group is not None
    assert start.amplitude is not None
    total = 0.0
    for group in np.unique(start.group).tolist():
        mine = start[start.group == group]
        assert mine.amplitude is not None
        levels = mine.cell_level.astype(np.int64), mine.charger_level.astype(np.int64)
        (k, c), first = (
            np.meshgrid(
                *(np.arange(level.min() - 2, level.max() + 3) for level in levels), indexing="ij"
            ),
            [int(level.min()) - 2 for level in levels],
        )
        every = np.ones(k.size)
        grid = Start(
            (every * float(mine.cell_spin[0])).astype(np.int64), k.ravel(),
            (every * float(mine.charger_spin[0])).astype(np.int64), c.ravel(), every,
        )  # fmt: skip
        psi = np.zeros(k.shape, dtype=np.complex128)
        psi[levels[0] - first[0], levels[1] - first[1]] = mine.amplitude
        weight = float(mine.weight.sum())
        own = diagonal(problem, grid, (0, 0)).reshape(k.shape)
        steps = [(m, _element(problem, grid, (0, 0), m).reshape(k.shape)) for m in _moves(problem)]

        def applied(state: Complex, own: Floats = own, steps: Any = steps) -> Complex:
            moved = (np.roll(element * state, move, axis=(0, 1)) for move, element in steps)
            return sum(moved, own * state)

        once = applied(psi)
        mean = float(np.vdot(psi, once).real) / weight
        away = once - mean * psi
        square = np.linalg.norm(applied(away) - mean * away)
        total += 2 * float(np.linalg.norm(away) ** 2 + square * np.sqrt(weight))
    return total


def most_curved(problem: Problem[float], start: Start) -> float:
    """A bound at all times on the second derivative of the mean of an operator of norm 1."""
    if problem.grouped:
        variance, square = _of_grids(problem, start)
        return float(start.weight @ (2 * (variance + square)))
    if start.superposed:
        return _most_curved_of_groups(problem, start)
    middle, variance = diagonal(problem, start, (0, 0)), energy_variances(problem, start)
    moved: dict[_Move, Floats] = defaultdict(lambda: np.zeros(len(start.weight)))
    for first in _moves(problem):
        once = _element(problem, start, (0, 0), first)
        moved[first] = moved[first] + once * (diagonal(problem, start, first) - middle)
        for second in _moves(problem):
            end = first[0] + second[0], first[1] + second[1]
            moved[end] = moved[end] + once * _element(problem, start, first, second)
    square = np.sqrt(sum((amplitude**2 for amplitude in moved.values()), 0 * variance))
    return float(start.weight @ (2 * (variance + square)))
