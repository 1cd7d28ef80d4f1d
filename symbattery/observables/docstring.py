"""The docstring of an emitted function: formula, source, parameters, units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Symbol
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from symbattery.observables.table import described

__all__ = ["MEANINGS", "Origin"]

# What the parameters with a field of their own are.
MEANINGS = {
    "cells": "number of cells",
    "chargers": "number of charger spins",
    "excited_chargers": "number of charger spins that start up",
    "photons": "number of photons at the start",
    "coupling": "the coupling of cells and charger, an energy (ħ = 1)",
    "frequency": "the frequency of the cells, the unit of the energy",
    "charger_frequency": "the frequency of the charger, in the unit of the coupling",
    "charger_crosstalk": "the coupling of the charger spins, in the unit of the coupling",
    "cell_crosstalk": "the coupling of the cells, in the unit of the coupling",
    "anisotropy": "the anisotropy, between 0 and 1",
    "population": "the excited population of a thermal spin, between 0 and 1",
    "spins": "number of spins",
}


@dataclass(frozen=True)
class Origin:
    """The origin of an emitted function.

    Attributes
    ----------
    formula : Expr
        As an author prints it.
    definitions : mapping
        The named quantities of the solution, each in terms of those before it.
    source : str
        The place in the paper, or its derivation.
    assumptions : tuple of Boolean
    symbols : mapping
        Argument name to symbol.
    """

    formula: Expr
    definitions: Mapping[Expr, Expr]
    source: str
    assumptions: tuple[Boolean, ...]
    symbols: Mapping[str, Symbol]

    def _used(self) -> dict[Expr, Expr]:
        """The definitions that the formula depends on."""
        used: dict[Expr, Expr] = {}
        names = _names(self.formula)
        for symbol, value in reversed(list(self.definitions.items())):
            if symbol in names:
                names |= _names(value)
                used[symbol] = value
        return dict(reversed(list(used.items())))

    def text(
        self,
        name: str,
        arguments: Sequence[str],
        optional: Sequence[str],
        fixed: Mapping[str, Any],
    ) -> str:
        """The docstring of the function ``name`` of t and ``arguments``."""
        quantity = described(name)
        lines = [f"{quantity.title}, {quantity.unit}.", "", f"{quantity.symbol} = {self.formula}"]
        used = self._used()
        if used:
            lines += ["", "with", "", *(f"{s} = {v}" for s, v in used.items())]
        lines += ["", f"Source: {self.source}.", "", "Parameters", "----------"]
        lines.append("t : time, in the inverse unit of the coupling (1/g where that is left out)")
        for argument in arguments:
            meaning = MEANINGS.get(argument, "a number without a unit")
            default = ", 1 if left out" if argument in optional else ""
            lines.append(f"{argument} : {self.symbols[argument]}, {meaning}{default}")
        if fixed:
            lines.append("given: " + ", ".join(f"{n} = {v}" for n, v in fixed.items()))
        if self.assumptions:
            lines += ["", "For " + ", ".join(map(str, self.assumptions)) + "."]
        return "\n".join(lines)


def _names(expression: Expr) -> set[Expr]:
    """Symbols, and the functions of indices that stand for them within a sum."""
    return expression.atoms(Symbol, AppliedUndef)
