r"""E(t) and the populations of the battery to any number of digits, by mpmath arithmetic alone.

Every sector's matrix is built from exact integers under one square root and the exact values of
the parameters; :math:`e^{-iHt}|s\rangle` is summed as a Taylor series in steps of
:math:`\|H\|\tau\le\theta`. The n-th term is at most :math:`\theta^n/n!`, so partial sums lose at
most :math:`\theta\log_{10}e` digits, which are added beforehand, and the remainder after
:math:`n\ge2\theta` terms is at most :math:`2\theta^n/n!`. Meant for sectors up to a dimension of
about 200. It shares the exact weights (:mod:`numerics.sectors.irreps`) and ladder elements with the
double precision engine, but neither its matrices nor its propagators.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import mpmath
from mpmath import mpf

from numerics.dynamics.photon_cutoff import CutoffError
from numerics.model import checks
from numerics.model.checks import invalid
from numerics.model.models import Model
from numerics.model.problem import Parameters, Problem
from numerics.model.sides import Side
from numerics.model.states import InitialState
from numerics.sectors.irreps import Arithmetic, Sectors, State, basis, grouped, terms

__all__ = ["energy", "populations"]

_THETA = 64
# Digits beyond those asked for: for θ (64 log₁₀e = 28 twice, as products of two sums enter),
# for the accumulation over steps and terms, and for the truncations.
_GUARD = 75
_MOST_PHOTONS = 4000

Rows = list[list[tuple[int, Any]]]


def _exact(value: Any) -> Any:
    """A real number of any kind as mpf: exact, or correct to the working precision."""
    if hasattr(value, "_to_mpmath") and not hasattr(value, "as_integer_ratio"):
        return mpmath.re(value._to_mpmath(mpmath.mp.prec))
    if hasattr(value, "_mpf_"):
        return mpmath.mp.make_mpf(value._mpf_)
    if hasattr(value, "as_integer_ratio"):
        numerator, denominator = value.as_integer_ratio()
        return mpf(int(numerator)) / int(denominator)
    if hasattr(value, "__index__"):
        return mpf(int(value))
    if hasattr(value, "dtype"):
        return _exact(value.item())
    raise invalid("value", "be a number that can be taken exactly", value)


def _arithmetic(negligible: Any) -> Arithmetic[Any]:
    """That of weights at the working precision."""
    return Arithmetic(negligible, _exact, lambda a, b: mpf(a) / b, mpmath.exp, mpmath.expm1)


def _rows(battery: Side, charger: Side, states: list[State], p: Parameters[Any]) -> Rows:
    """The centred Hamiltonian of a sector, as the nonzero elements of each row."""
    position = {state: i for i, state in enumerate(states)}

    diagonals = [
        p.frequency * k
        + p.charger_frequency * c
        + p.cell_crosstalk * battery.crosstalk(k)
        + p.charger_crosstalk * charger.crosstalk(c)
        for k, c in states
    ]
    centre = (min(diagonals) + max(diagonals)) / 2
    rows: Rows = [[(i, value - centre)] for i, value in enumerate(diagonals)]
    for (k, c), i in position.items():
        for change, strength in ((-1, p.coupling), (1, p.coupling * p.anisotropy)):
            j = position.get((k + 1, c + change))
            if j is None or strength == 0:
                continue
            lower = charger.raising(min(c, c + change))
            element = strength * mpmath.sqrt(battery.raising(k) * lower)
            rows[i].append((j, element))
            rows[j].append((i, element))
    return rows


def _applied(rows: Rows, vector: list[Any], divisor: int) -> list[Any]:
    """A product over an integer."""
    if not any(vector):
        return vector
    zero = mpf(0)
    return [sum((a * vector[j] for j, a in row), zero) / divisor for row in rows]


def _step(rows: Rows, psi: tuple[list[Any], list[Any]], theta: Any) -> tuple[list[Any], list[Any]]:
    """e^{−iA} on ψ = real + i imag for ‖A‖ ≤ θ, to the working precision."""
    term, total = psi, (list(psi[0]), list(psi[1]))
    small = mpf(10) ** (-mpmath.mp.dps)
    bound, n = mpf(1), 0
    while n < 2 * theta or 2 * bound > small:
        n += 1
        bound *= theta / n
        # −iA(real + i imag)/n = (A imag − i A real)/n; a real start needs one product only.
        term = _applied(rows, term[1], n), _applied(rows, term[0], -n)
        for part, addition in zip(total, term, strict=True):
            for i, value in enumerate(addition):
                part[i] += value
    return total


def _evolved(rows: Rows, site: int, time: Any) -> Iterator[tuple[list[Any], list[Any]]]:
    """The states after each step on the way to ``time``."""
    # The largest absolute row sum bounds the norm.
    radians = max(mpmath.fsum(abs(element) for _, element in row) for row in rows) * abs(time)
    steps = max(1, int(mpmath.ceil(radians / _THETA)))
    tau = time / steps
    scaled = [[(j, element * tau) for j, element in row] for row in rows]
    psi = [mpf(i == site) for i in range(len(rows))], [mpf(0)] * len(rows)
    for _ in range(steps):
        psi = _step(scaled, psi, radians / steps)
        yield psi


Levels = dict[int, Any]
"""A number for each k."""


def _changes(
    problem: Problem[Any], sectors: Sectors[Any], time: Any, cutoff: int
) -> tuple[Levels, Any]:
    """The gain of each population, and the largest one at the photon cutoff on the way."""
    p = problem.parameters
    changes: Levels = defaultdict(mpf)
    at_top = mpf(0)
    for (cell, other, label), starts in sectors.items():
        sides = problem.battery.irrep(cell), problem.charger.irrep(other)
        states = basis(*sides, label, problem.conserved, cutoff)
        if len(states) == 1 or p.coupling == 0:
            continue
        rows, bottom = _rows(*sides, states, p), int(problem.battery.bottom(cell))
        top = [i for i, (_, c) in enumerate(states) if problem.counter_rotating and c == cutoff]
        for start, weight in starts.items():
            density: list[Any] = []
            for real, imag in _evolved(rows, states.index(start), time):
                density = [a * a + b * b for a, b in zip(real, imag, strict=True)]
                at_top = max(at_top, weight * mpmath.fsum(density[i] for i in top))
            changes[bottom + start[0]] -= weight
            for (k, _), value in zip(states, density, strict=True):
                changes[bottom + k] += weight * value
    return changes, at_top


def _converged(problem: Problem[Any], sectors: Sectors[Any], time: Any, error: Any) -> Levels:
    """The changes with a photon cutoff so large that neither a larger one nor its edge matters."""
    photons = max(c for starts in sectors.values() for _, c in starts)
    cutoff = photons + problem.battery.top + 16
    before, _ = _changes(problem, sectors, time, cutoff)
    while cutoff <= _MOST_PHOTONS:
        cutoff += cutoff // 3 + 8
        now, at_top = _changes(problem, sectors, time, cutoff)
        apart = mpmath.fsum(max(k, 1) * abs(now[k] - before[k]) for k in now)
        if apart <= error and at_top <= error**2:
            return now
        before = now
    raise CutoffError(
        f"`digits` cannot be reached at `time` = {mpmath.nstr(time, 6)} with photon numbers up to "
        f"{cutoff}; ask for an earlier time or fewer digits"
    )


def _evolution(
    model: Model, time: Any, initial: InitialState | None, digits: Any
) -> tuple[Any, Levels, Levels]:
    """The frequency, the populations at the start, and what they have gained."""
    problem: Problem[Any] = Problem.of(model, initial, _exact)
    checks.real("time", time)
    digits = checks.positive_integer("digits", digits)
    with mpmath.workdps(digits + _GUARD):
        error = mpf(10) ** (-digits - 5)
        sectors = grouped(terms(problem, _arithmetic(error)), problem.conserved)
        top = problem.battery.top
        most = max(k + c for starts in sectors.values() for k, c in starts) if top is None else top
        first = dict.fromkeys(range(int(most) + 1), mpf(0))
        for (cell, _, _), starts in sectors.items():
            for (k, _), weight in starts.items():
                first[int(problem.battery.bottom(cell)) + k] += weight
        when = _exact(time)
        if problem.counter_rotating:
            gained = _converged(problem, sectors, when, error)
        else:
            gained, _ = _changes(problem, sectors, when, 0)
        return problem.parameters.frequency, first, gained


def energy(model: Model, time: Any, initial: InitialState | None = None, digits: Any = 50) -> Any:
    """The stored energy E(t) of Eq. (7) to ``digits`` digits, in units of M times ``frequency``.

    Parameters
    ----------
    model : SpinCharger or CavityCharger
        Its numbers are taken exactly: integers, fractions, floats (their binary values), mpf and
        SymPy numbers.
    time : real
        In 1/energy; taken exactly as well.
    initial : state, optional
        The ideal start by default.
    digits : positive int
        The error is below ``10**(2 - digits)`` M ω0.

    Returns
    -------
    mpmath.mpf

    Raises
    ------
    InvalidArgument
        As for `charge`, or a ``time`` or ``digits`` that is no such number.
    CutoffError
        A cavity with γ > 0 would need too many photons.
    """
    frequency, _, gained = _evolution(model, time, initial, digits)
    with mpmath.workdps(digits + _GUARD):
        return frequency * mpmath.fsum(k * change for k, change in gained.items())


def populations(
    model: Model, time: Any, initial: InitialState | None = None, digits: Any = 50
) -> list[Any]:
    """The probabilities of 0, 1, … excited cells at a time, to ``digits`` digits.

    Parameters
    ----------
    model, time, initial, digits
        As in `energy`; the error of each probability is below ``10**(2 - digits)``.

    Returns
    -------
    list of mpmath.mpf
        Up to all cells; for a battery without a top, up to all excitations.

    Raises
    ------
    InvalidArgument, CutoffError
        As for `energy`.
    """
    _, first, gained = _evolution(model, time, initial, digits)
    with mpmath.workdps(digits + _GUARD):
        return [first[k] + gained[k] for k in range(max(first) + 1)]
