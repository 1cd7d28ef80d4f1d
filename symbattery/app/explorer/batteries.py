"""The batteries that the explorer offers, each with every closed form that its sliders reach.

A form with symbols holds where its chain has all its levels. Fewer charger spins up (or photons)
than cells make a shorter chain, with a form of its own: together they leave no gap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sympy import And, Ge, Gt, Le, Symbol
from sympy.logic.boolalg import Boolean

from numerics.model.models import CavityCharger, Model, SpinCharger
from numerics.model.states import InitialState, dicke, fock
from symbattery.api import Solution, solve
from symbattery.symbols import N, g_1, m, n

__all__ = ["Battery", "Case", "batteries", "h"]

# Charger spins down at the start.
h = Symbol("h", integer=True, nonnegative=True)

_LARGEST = 4
# The symbols of the closed forms are positive; those of a condition may vanish.
_COUNTS = {symbol: Symbol(symbol.name, integer=True) for symbol in (N, m, n)}
# Three levels with a diagonal are a cubic; beyond, no formula is short enough to be read.
_LARGEST_CROSSTALK = 2
_SPINS_CALL = "solve(SpinCharger({cells}, {{chargers}}), dicke(0, {{excited_chargers}}))"
_CROSSED_CALL = (
    "solve(SpinCharger({cells}, {{chargers}}, coupling=1, frequency=1, "
    'charger_crosstalk="{{charger_crosstalk}}"), dicke(0, {{excited_chargers}}))'
)


@dataclass(frozen=True)
class Case:
    """One closed form, and where it holds.

    Attributes
    ----------
    key : str
        Unique among all cases.
    solution : Solution
    computed : Solution
        What numbers are computed from: the same, in m and the spins down h = N − m where both N
        and m are open. Terms in powers of N and m cancel, and a large charger loses all digits.
    where : str
        In LaTeX: the case among those of its battery.
    condition : Boolean
        On N, m, n and g₁; the first case of a battery whose condition holds is meant.
    call : str
        Python of the same case in numbers, with fields ``{chargers}``, … to fill.
    """

    key: str
    solution: Solution
    computed: Solution
    where: str
    condition: Boolean
    call: str


@dataclass(frozen=True)
class Battery:
    """A number of cells and what charges them.

    Attributes
    ----------
    key : str
    cells : int
    cavity : bool
        Whether a cavity charges, or spins.
    crosstalk : bool
        Whether there are forms with crosstalk among the charger spins.
    cases : tuple of Case
    """

    key: str
    cells: int
    cavity: bool
    crosstalk: bool
    cases: tuple[Case, ...]


def batteries() -> tuple[Battery, ...]:
    """One to four cells, charged by N spins of which m are up, or by a cavity with n photons."""
    every = range(1, _LARGEST + 1)
    return (*map(_charged_by_spins, every), *map(_charged_by_cavity, every))


def _charged_by_spins(cells: int) -> Battery:
    crosstalk = cells <= _LARGEST_CROSSTALK
    cases = []
    for crossed in (True, False) if crosstalk else (False,):
        model = SpinCharger(cells, N, charger_crosstalk=g_1 if crossed else 0)
        call = _CROSSED_CALL if crossed else _SPINS_CALL
        for excited in (N, *range(cells), m):
            where, condition = _exactly(m, excited)
            if crossed:
                where, condition = rf"{where}, g_1 \neq 0", And(condition, Gt(g_1**2, 0))
            key = f"spins-{cells}-{'crosstalk-' if crossed else ''}"
            start = None if excited is N else dicke(0, excited)
            key += "all" if excited is N else str(excited)
            cases.append(_case(key, model, start, where, condition, call.format(cells=cells)))
    return Battery(f"spins-{cells}", cells, False, crosstalk, tuple(cases))


def _charged_by_cavity(cells: int) -> Battery:
    call = f"solve(CavityCharger({cells}), fock({{photons}}))"
    model = CavityCharger(cells)
    cases = [
        _case(f"cavity-{cells}-{photons}", model, fock(photons), *_exactly(n, photons), call)
        for photons in (*range(cells), n)
    ]
    return Battery(f"cavity-{cells}", cells, True, False, tuple(cases))


def _exactly(symbol: Symbol, value: Any) -> tuple[str, Boolean]:
    """That ``symbol`` has this value, in LaTeX and as a condition; at least 1 if left open."""
    if value is symbol:
        return rf"{symbol} \geq 1", Ge(_COUNTS[symbol], 1)
    return f"{symbol} = {value}", And(Ge(_COUNTS[symbol], value), Le(_COUNTS[symbol], value))


def _case(
    key: str, model: Model, start: InitialState | None, where: str, condition: Boolean, call: str
) -> Case:
    solution = computed = solve(model, start)
    if {"chargers", "excited_chargers"} <= solution.parameters.keys():
        computed = solve(replace(model, chargers=m + h), start)
    assumptions = (assumption.xreplace(_COUNTS) for assumption in solution.assumptions)
    whole = And(condition.xreplace(_COUNTS), *assumptions)
    return Case(key, solution, computed, where, whole, call)
