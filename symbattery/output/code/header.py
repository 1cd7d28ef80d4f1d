"""What a generated function says of itself: formula, origin, conditions, parameters with units."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from sympy import Expr

from numerics.model.models import CavityCharger
from numerics.model.states import Dicke, Fock
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.observables.function import needed, quantities
from symbattery.output.code.program import Assign, Program, RootCall

__all__ = ["header"]

# A longer formula is read better in the code, step by step.
_LONGEST = 700

_TITLES = {
    "energy": "Stored energy E(t) of a quantum battery.",
    "power": "Average charging power P(t) = E(t)/t of a quantum battery; 0 at t = 0.",
}

_MEANINGS = {
    "chargers": "number of charger spins, a whole number",
    "excited": "charger spins up at the start, a whole number",
    "photons": "photons at the start, a whole number",
    "coupling": "coupling g, in 1/time (hbar = 1)",
    "frequency": "frequency of the cells; the result has its unit of energy (hbar = 1)",
    "anisotropy": "anisotropy, from 0 to 1",
    "charger_frequency": "frequency of the charger, in the unit of the coupling",
    "charger_crosstalk": "coupling among the charger spins, in the unit of the coupling",
    "cell_crosstalk": "coupling among the cells, in the unit of the coupling",
    "population": "excited population of a thermal spin, from 0 to 1",
    "spins": "number of spins, a whole number",
}


def header(solution: ClosedForm, made: Program, fixed: Mapping[str, Any]) -> list[str]:
    """Paragraphs; what belongs to a list is indented."""
    title = _TITLES.get(made.name, f"Amplitude {made.name}(t) of a quantum battery.")
    rows = [title, "", *_formula(solution, made), "", *_origin(solution)]
    held = [str(a) for a in solution.assumptions]
    rows += ["", "Conditions: " + "; ".join(held) + "."] if held else []
    if fixed:
        rows += ["Fixed: " + ", ".join(f"{n} = {v}" for n, v in fixed.items()) + "."]
    if any(s.value.has(RootCall) for s in made.statements() if isinstance(s, Assign)):
        rows += [
            "Frequencies are roots of their polynomial, found numerically: where radicals exist, "
            "they would lose digits in double precision."
        ]
    return [*rows, "", "Parameters:", *_parameters(made)]


def _parameters(made: Program) -> list[str]:
    rows = ["  t: time, in the unit of 1/coupling (hbar = 1)"]
    for name, symbol in made.arguments.items():
        called = f" ({symbol.name} above)" if symbol.name != name else ""
        rows.append(f"  {name}{called}: {_MEANINGS.get(name, 'a parameter of the model')}")
    return rows


def _formula(solution: ClosedForm, made: Program) -> list[str]:
    expression: Expr = quantities(solution)[made.name]
    sign = {"energy": "E(t)", "power": "P(t)"}.get(made.name, f"{made.name}(t)")
    text = f"  {sign} = {expression}"
    bare = quantities(solution)[made.name]
    named = (
        solution.definitions if solution.sector_sums else needed(bare, solution.plain_definitions)
    )
    rows = [f"  {symbol} = {value}" for symbol, value in named.items()]
    if len(text) + sum(map(len, rows)) <= _LONGEST:
        return [text, *(["with", *rows] if rows else [])]
    if len(text) <= _LONGEST:
        return [text, "with the named quantities computed below."]
    return ["The formula is computed below, step by step, in its named quantities."]


def _origin(solution: ClosedForm) -> list[str]:
    model = solution.model
    sizes = f"{model.cells} cell{'s' if model.cells != 1 else ''}"
    if isinstance(model, CavityCharger):
        charger = "one cavity mode"
    else:
        charger = f"{model.chargers} charger spins"
    start = solution.initial
    if isinstance(start, Dicke):
        begun = f"{start.cells} cells and {start.chargers} charger spins up"
    elif isinstance(start, Fock):
        begun = f"{start.cells} cells up and {start.photons} photons"
    else:
        begun = f"the mixture {start}"
    return [
        f"Derived exactly by symbattery {version('symbattery')} for {sizes} charged by {charger}, "
        f"starting from {begun}. The model is that of Y. Huangfu and J. Jing, High-capacity and "
        "high-power collective charging with spin chargers (2021), Eqs. (1)-(8). Only real "
        "arithmetic, in forms that keep their digits at small times."
    ]
