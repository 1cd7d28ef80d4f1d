r"""E(t) and the populations of the battery to any number of digits, by mpmath arithmetic alone.

:math:`e^{-iHt}|s\rangle` in every sector is summed as a Taylor series in steps of
:math:`\|H\|\tau\le\theta`. The n-th term is at most :math:`\theta^n/n!`, so partial sums lose at
most :math:`\theta\log_{10}e` digits, which are added beforehand. It shares the weights of starts
and the ladder elements with the engines that it judges, but neither matrices nor propagators;
photons are cut where a larger cutoff changes nothing.
"""

from collections import defaultdict
from typing import Any

import mpmath
from mpmath import mpf

from numerics.model.problem import Problem
from numerics.sectors.irreps import Arithmetic, basis, grouped, terms
from tests.systems.oracle import convert

_THETA = 64
# Digits beyond those asked for: for θ (28 twice, as products of two sums enter), for the
# accumulation over steps and terms, and for the truncations.
_GUARD = 75


def _number(value: Any) -> mpf:
    return convert(mpmath.mp, value)


def _rows(problem, battery, charger, states):
    """The centred Hamiltonian of a sector, as the nonzero elements of each row."""
    p, position = problem.parameters, {state: i for i, state in enumerate(states)}
    diagonal = [
        p.frequency * k + p.charger_frequency * c
        + p.cell_crosstalk * battery.crosstalk(k) + p.charger_crosstalk * charger.crosstalk(c)
        + p.longitudinal * battery.polarization(k) * charger.polarization(c)
        + p.cell_longitudinal * battery.polarization(k) ** 2
        + p.charger_longitudinal * charger.polarization(c) ** 2
        for k, c in states
    ]  # fmt: skip
    centre = (min(diagonal) + max(diagonal)) / 2
    rows = [[(i, value - centre)] for i, value in enumerate(diagonal)]
    for (k, c), i in position.items():
        for change, strength in ((-1, p.coupling), (1, p.coupling * p.anisotropy)):
            j = position.get((k + 1, c + change))
            if j is not None and strength:
                lower = charger.raising(min(c, c + change))
                element = strength * mpmath.sqrt(battery.raising(k) * lower)
                rows[i].append((j, element))
                rows[j].append((i, element))
    return rows


def _applied(rows, vector, divisor):
    if not any(vector):
        return vector
    return [sum((a * vector[j] for j, a in row), mpf(0)) / divisor for row in rows]


def _density(rows, site, time):
    """|ψ|² at a time."""
    # The largest absolute row sum bounds the norm.
    radians = max(mpmath.fsum(abs(element) for _, element in row) for row in rows) * abs(time)
    steps = max(1, int(mpmath.ceil(radians / _THETA)))
    rows, theta = [[(j, x * time / steps) for j, x in row] for row in rows], radians / steps
    psi = [mpf(i == site) for i in range(len(rows))], [mpf(0)] * len(rows)
    for _ in range(steps):
        term, psi, bound, n = psi, (list(psi[0]), list(psi[1])), mpf(1), 0
        while n < 2 * theta or 2 * bound > mpf(10) ** -mpmath.mp.dps:
            n += 1
            bound *= theta / n
            # −iA(real + i imag)/n = (A imag − i A real)/n; a real start needs one product only.
            term = _applied(rows, term[1], n), _applied(rows, term[0], -n)
            for part, addition in zip(psi, term, strict=True):
                part[:] = [a + b for a, b in zip(part, addition, strict=True)]
    return [a * a + b * b for a, b in zip(*psi, strict=True)]


def _changes(problem, sectors, time, cutoff):
    """The gain of each population."""
    changes = defaultdict(mpf)
    for (cell, other, label), starts in sectors.items():
        sides = problem.battery.irrep(cell), problem.charger.irrep(other)
        states = basis(*sides, label, problem.conserved, cutoff)
        if len(states) == 1 or problem.parameters.coupling == 0:
            continue
        rows, bottom = _rows(problem, *sides, states), int(problem.battery.bottom(cell))
        for start, weight in starts.items():
            changes[bottom + start[0]] -= weight
            density = _density(rows, states.index(start), time)
            for (k, _), value in zip(states, density, strict=True):
                changes[bottom + k] += weight * value
    return changes


def evolution(model: Any, time: Any, initial: Any, digits: int) -> tuple[mpf, list[mpf]]:
    """E(t) and the populations, with errors below ``10**(2 - digits)`` (times M ω0)."""
    with mpmath.workdps(digits + _GUARD):
        problem = Problem.of(model, initial, _number)
        error, when = mpf(10) ** (-digits - 5), _number(time)
        functions = mpmath.exp, mpmath.expm1, mpmath.cos
        weights = Arithmetic(error, _number, lambda a, b: mpf(a) / b, *functions)
        sectors = grouped(terms(problem, weights), problem)
        levels = [start for starts in sectors.values() for start in starts]
        top = problem.battery.top
        now = [mpf(0)] * ((max(map(sum, levels)) if top is None else top) + 1)
        for (cell, _, _), starts in sectors.items():
            for (k, _), weight in starts.items():
                now[int(problem.battery.bottom(cell)) + k] += weight
        cutoff = max(c for _, c in levels) + 16 + (top or 0)
        gained = _changes(problem, sectors, when, cutoff)
        while problem.counter_rotating:
            cutoff += cutoff // 3 + 8
            before, gained = gained, _changes(problem, sectors, when, cutoff)
            if mpmath.fsum(max(k, 1) * abs(gained[k] - before[k]) for k in gained) <= error:
                break
        frequency = problem.parameters.frequency
        energy = frequency * mpmath.fsum(k * change for k, change in gained.items())
        return energy, [p + gained[k] for k, p in enumerate(now)]


def energy(model: Any, time: Any, initial: Any = None, digits: int = 50) -> mpf:
    """E(t) alone."""
    return evolution(model, time, initial, digits)[0]
