r"""E(t) to any number of digits, by mpmath arithmetic alone.

Every sector's matrix is built from exact integers under one square root and the exact values of
the parameters; :math:`e^{-iHt}|s\rangle` is summed as a Taylor series in steps of
:math:`\|H\|\tau\le\theta`. The n-th term is at most :math:`\theta^n/n!`, so partial sums lose at
most :math:`\theta\log_{10}e` digits, which are added beforehand, and the remainder after
:math:`n\ge2\theta` terms is at most :math:`2\theta^n/n!`. Meant for sectors up to a dimension of
about 200. It shares the exact weights (:mod:`numerics.sectors.irreps`) and ladder elements with the
double precision engine, but neither its matrices nor its propagators.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
from numerics.sectors.irreps import State, basis, grouped, terms

__all__ = ["energy"]

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


@dataclass(frozen=True)
class _Digits:
    """The arithmetic of weights at the working precision."""

    negligible: Any

    def number(self, value: Any) -> Any:
        return _exact(value)

    def ratio(self, numerator: int, denominator: int) -> Any:
        return mpf(numerator) / denominator

    def exp(self, exponent: Any) -> Any:
        return mpmath.exp(exponent)

    def expm1(self, exponent: Any) -> Any:
        return mpmath.expm1(exponent)


@dataclass(frozen=True)
class _Sector:
    """One sector: an irrep of each side, the basis states (k, c), and the starts among them."""

    battery: Side
    charger: Side
    basis: list[State]
    starts: dict[State, Any]


def _rows(sector: _Sector, p: Parameters[Any]) -> Rows:
    """The centred Hamiltonian, as the nonzero elements of each row."""
    battery, charger = sector.battery, sector.charger
    position = {state: i for i, state in enumerate(sector.basis)}

    def diagonal(k: int, c: int) -> Any:
        value = p.frequency * k + p.charger_frequency * c
        value += p.cell_crosstalk * battery.crosstalk(k)
        return value + p.charger_crosstalk * charger.crosstalk(c)

    diagonals = [diagonal(k, c) for k, c in sector.basis]
    centre = (min(diagonals) + max(diagonals)) / 2
    rows: Rows = [[(i, value - centre)] for i, value in enumerate(diagonals)]
    for (k, c), i in position.items():
        neighbours = (
            (k + 1, c - 1, c - 1, p.coupling),
            (k + 1, c + 1, c, p.coupling * p.anisotropy),
        )
        for up, other, lower, strength in neighbours:
            j = position.get((up, other))
            if j is None or strength == 0:
                continue
            element = strength * mpmath.sqrt(battery.raising(k) * charger.raising(lower))
            rows[i].append((j, element))
            rows[j].append((i, element))
    return rows


def _norm(rows: Rows) -> Any:
    """A bound on the spectral norm: the largest absolute row sum."""
    return max(mpmath.fsum(abs(element) for _, element in row) for row in rows)


def _times(rows: Rows, vector: list[Any]) -> list[Any]:
    zero = mpf(0)
    return [sum((element * vector[j] for j, element in row), zero) for row in rows]


def _step(rows: Rows, psi: tuple[list[Any], list[Any]], theta: Any) -> tuple[list[Any], list[Any]]:
    """e^{−iA} on ψ = real + i imag for ‖A‖ ≤ θ, to the working precision."""
    term, total = psi, (list(psi[0]), list(psi[1]))
    small = mpf(10) ** (-mpmath.mp.dps)
    bound, n = mpf(1), 0
    while n < 2 * theta or 2 * bound > small:
        n += 1
        bound *= theta / n
        # −iA(real + i imag)/n = (A imag − i A real)/n; a real start needs one product only.
        real = _scaled(rows, term[1], n)
        imag = _scaled(rows, term[0], -n)
        term = real, imag
        for part, addition in zip(total, term, strict=True):
            for i, value in enumerate(addition):
                part[i] += value
    return total


def _scaled(rows: Rows, vector: list[Any], divisor: int) -> list[Any]:
    if not any(vector):
        return vector
    return [value / divisor for value in _times(rows, vector)]


def _evolved(rows: Rows, site: int, time: Any) -> Iterator[tuple[list[Any], list[Any]]]:
    """The states after each step on the way to ``time``."""
    radians = _norm(rows) * abs(time)
    steps = max(1, int(mpmath.ceil(radians / _THETA)))
    tau = time / steps
    scaled = [[(j, element * tau) for j, element in row] for row in rows]
    psi = [mpf(i == site) for i in range(len(rows))], [mpf(0)] * len(rows)
    for _ in range(steps):
        psi = _step(scaled, psi, radians / steps)
        yield psi


def _sector_gain(sector: _Sector, p: Parameters[Any], time: Any, top: int) -> tuple[Any, Any]:
    """Excitations gained, and the largest weighted population seen at charger level ``top``."""
    rows = _rows(sector, p)
    gained, at_top = mpf(0), mpf(0)
    for start, weight in sector.starts.items():
        density: list[Any] = []
        for real, imag in _evolved(rows, sector.basis.index(start), time):
            density = [a * a + b * b for a, b in zip(real, imag, strict=True)]
            edge = mpmath.fsum(
                d for d, (_, c) in zip(density, sector.basis, strict=True) if c == top
            )
            at_top = max(at_top, weight * edge)
        gained += weight * mpmath.fsum(
            (k - start[0]) * d for d, (k, _) in zip(density, sector.basis, strict=True)
        )
    return gained, at_top


def _gain(problem: Problem[Any], time: Any, arithmetic: _Digits, cutoff: int) -> tuple[Any, Any]:
    """Excitations gained over all sectors, and the population at the photon cutoff."""
    p = problem.parameters
    gained, at_top = mpf(0), mpf(0)
    sectors = grouped(terms(problem, arithmetic), problem.conserved)
    for (cell, other, label), starts in sectors.items():
        sides = problem.battery.irrep(cell), problem.charger.irrep(other)
        states = basis(*sides, label, problem.conserved, cutoff)
        if len(states) > 1 and p.coupling != 0:
            top = cutoff if problem.counter_rotating else -1
            more, edge = _sector_gain(_Sector(*sides, states, starts), p, time, top)
            gained, at_top = gained + more, max(at_top, edge)
    return gained, at_top


def _converged_gain(problem: Problem[Any], time: Any, arithmetic: _Digits, error: Any) -> Any:
    """The gain with a photon cutoff so large that neither a larger one nor its edge matters."""
    photons = max(c for _, _, charger in terms(problem, arithmetic) for _, c in charger)
    cutoff = photons + problem.battery.top + 16
    before, _ = _gain(problem, time, arithmetic, cutoff)
    while cutoff <= _MOST_PHOTONS:
        cutoff += cutoff // 3 + 8
        now, at_top = _gain(problem, time, arithmetic, cutoff)
        if abs(now - before) <= error and at_top <= error**2:
            return now
        before = now
    raise CutoffError(
        f"`digits` cannot be reached at `time` = {mpmath.nstr(time, 6)} with photon numbers up to "
        f"{cutoff}; ask for an earlier time or fewer digits"
    )


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
    problem: Problem[Any] = Problem.of(model, initial, _exact)
    checks.real("time", time)
    digits = checks.positive_integer("digits", digits)
    with mpmath.workdps(digits + _GUARD):
        error = mpf(10) ** (-digits - 5)
        arithmetic = _Digits(negligible=error)
        when = _exact(time)
        if problem.counter_rotating:
            gained = _converged_gain(problem, when, arithmetic, error)
        else:
            gained, _ = _gain(problem, when, arithmetic, 0)
        return problem.parameters.frequency * gained
