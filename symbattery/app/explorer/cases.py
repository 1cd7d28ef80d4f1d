"""The batteries that the explorer offers, and the closed forms of each.

A form with symbols holds where its chain has all its levels. Fewer charger spins up (or photons)
than cells make a shorter chain, with a form of its own: together they leave no gap. With noise few
starts have a form that is written as source code. Times are in 1/g and energies in ω₀.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from sympy import And, Ge, Gt, Le, Symbol
from sympy.logic.boolalg import Boolean

from numerics.model.models import CavityCharger, Model, SpinCharger
from numerics.model.noise import Noise, dephasing, loss
from numerics.model.states import InitialState, dicke, fock
from symbattery.api import Solution, solve
from symbattery.symbols import N, g_1, m, n

__all__ = ["RATES", "Battery", "Case", "batteries", "h", "units"]

# Charger spins down at the start.
h = Symbol("h", integer=True, nonnegative=True)
RATES = ("Gamma", "kappa", "Gamma_phi", "kappa_phi")
"""Rates of the loss of cells and charger, and of their dephasing."""

_Gamma, _kappa, _Gamma_phi, _kappa_phi = (Symbol(name, nonnegative=True) for name in RATES)
_LARGEST = 4
# The symbols of the closed forms are positive; those of a condition may vanish.
_COUNTS = {symbol: Symbol(symbol.name, integer=True) for symbol in (N, m, n)}
# Three levels with a diagonal are a cubic; beyond, no formula is short enough to be read.
_LARGEST_CROSSTALK = 2
_SPINS = "SpinCharger({cells}, {{chargers}}{options}), dicke(0, {{excited_chargers}})"
_CAVITY = "CavityCharger({cells}), fock({{photons}})"
_CROSSED = ', coupling=1, frequency=1, charger_crosstalk="{charger_crosstalk}"'


@dataclass(frozen=True)
class Case:
    """One closed form, and where it holds.

    Attributes
    ----------
    key : str
        Unique among all cases.
    model : Model
    start : InitialState, optional
    where : str
        In LaTeX: the case among those of its battery.
    counts : Boolean
        The same for N, m, n and g₁.
    call : str
        Python of the same case in numbers, with fields ``{chargers}``, … to fill.
    noise : tuple of Noise
        Of one kind.
    """

    key: str
    model: Model
    start: InitialState | None
    where: str
    counts: Boolean
    call: str
    noise: tuple[Noise, ...] = ()

    @cached_property
    def solution(self) -> Solution:
        """The closed form that is shown."""
        return solve(self.model, self.start, noise=self.noise)

    @cached_property
    def computed(self) -> Solution:
        """The one that numbers are computed from.

        In m and the spins down h = N - m where both N and m are open: terms in powers of these
        cancel, and a large charger loses all digits.
        """
        if {"chargers", "excited_chargers"} <= self.solution.parameters.keys():
            return solve(replace(self.model, chargers=m + h), self.start, noise=self.noise)
        return self.solution

    @property
    def condition(self) -> Boolean:
        """Of a battery the first case with its noise whose condition holds is meant."""
        assumptions = (assumption.xreplace(_COUNTS) for assumption in self.solution.assumptions)
        return And(self.counts.xreplace(_COUNTS), *assumptions)

    @property
    def kind(self) -> str:
        """The kind of noise in a word, empty where there is none."""
        return self.noise[0].name if self.noise else ""

    @property
    def rates(self) -> list[str]:
        """The rates that are parameters."""
        return [name for name in RATES if name in self.computed.parameters]


@dataclass(frozen=True)
class Battery:
    """A number of cells, charged by a cavity or by spins, with or without forms with crosstalk."""

    key: str
    cells: int
    cavity: bool
    crosstalk: bool
    cases: tuple[Case, ...]


@cache
def batteries() -> tuple[Battery, ...]:
    """One to four cells, charged by N spins of which m are up, or by a cavity with n photons."""
    every = range(1, _LARGEST + 1)
    return (*map(_charged_by_spins, every), *map(_charged_by_cavity, every))


def _charged_by_spins(cells: int) -> Battery:
    crosstalk = cells <= _LARGEST_CROSSTALK
    cases = []
    for crossed in (True, False) if crosstalk else (False,):
        model = SpinCharger(cells, N, charger_crosstalk=g_1 if crossed else 0)
        call = _SPINS.format(cells=cells, options=_CROSSED if crossed else "")
        for excited in (N, *range(cells), m):
            where, condition = _exactly(m, excited)
            if crossed:
                where, condition = rf"{where}, g_1 \neq 0", And(condition, Gt(g_1**2, 0))
            key = f"spins-{cells}-{'crosstalk-' if crossed else ''}"
            start = None if excited is N else dicke(0, excited)
            key += "all" if excited is N else str(excited)
            cases.append(_case(key, model, start, where, condition, call))
    call = _SPINS.format(cells=cells, options="")
    for key, chargers, excited, noise in _noise_with_spins(cells):
        where, condition = _exactly(m, excited)
        if chargers is not N:
            also = _exactly(N, chargers)
            where, condition = f"{also[0]}, {where}", And(also[1], condition)
        model, start = SpinCharger(cells, chargers), dicke(0, excited)
        cases.append(_case(f"spins-{cells}-{key}", model, start, where, condition, call, noise))
    return Battery(f"spins-{cells}", cells, False, crosstalk, tuple(cases))


def _noise_with_spins(cells: int) -> Iterator[tuple[str, Any, Any, tuple[Noise, ...]]]:
    """Keys, charger spins, those of them that are up, and noise."""
    yield "loss-1", N, 1, (loss("cells", _Gamma), loss("chargers", _kappa))
    if cells == 1:
        dephased = dephasing("cells", _Gamma_phi)
        yield "dephasing-1", 1, 1, (dephased, dephasing("chargers", _kappa_phi))
        yield "dephasing-m", N, m, (dephased,)
    if cells == 2:
        yield "loss-2", 2, 2, (loss("cells", _Gamma), loss("chargers", _Gamma))


def _charged_by_cavity(cells: int) -> Battery:
    call, model = _CAVITY.format(cells=cells), CavityCharger(cells)
    every: list[tuple[str, Any, tuple[Noise, ...]]]
    every = [(str(photons), photons, ()) for photons in (*range(cells), n)]
    every += [("loss-1", 1, (loss("cells", _Gamma), loss("cavity", _kappa)))]
    if cells == 1:
        every += [("dephasing-n", n, (dephasing("cells", _Gamma_phi),))]
    cases = [
        _case(f"cavity-{cells}-{key}", model, fock(photons), *_exactly(n, photons), call, noise)
        for key, photons, noise in every
    ]
    return Battery(f"cavity-{cells}", cells, True, False, tuple(cases))


def _exactly(symbol: Symbol, value: Any) -> tuple[str, Boolean]:
    """That ``symbol`` has this value, in LaTeX and as a condition; at least 1 if left open."""
    if value is symbol:
        return rf"{symbol} \geq 1", Ge(_COUNTS[symbol], 1)
    return f"{symbol} = {value}", And(Ge(_COUNTS[symbol], value), Le(_COUNTS[symbol], value))


def _case(
    key: str,
    model: Model,
    start: InitialState | None,
    where: str,
    condition: Boolean,
    call: str,
    noise: Sequence[Noise] = (),
) -> Case:
    every = ", ".join(f'{one.name}("{one.side}", "{{{one.rate}}}")' for one in noise)
    call = f"solve({call}, noise=[{every}])" if noise else f"solve({call})"
    return Case(key, model, start, where, condition, call, tuple(noise))


def units(solution: Solution) -> dict[str, int]:
    """1 for the coupling and the frequency: times in 1/g, energies in ω₀."""
    return {name: 1 for name in ("coupling", "frequency") if name in solution.parameters}
