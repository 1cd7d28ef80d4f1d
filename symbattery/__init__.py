"""Exact results on quantum batteries: closed forms, derived and checked."""

from numerics.checks import InvalidArgument
from numerics.models import CavityCharger, SpinCharger
from numerics.states import dicke, fock, mixture, product, thermal
from symbattery.cases import single_cell, thermal_charger, two_cells
from symbattery.emit.formula_json import FormulaSet, from_json, to_json
from symbattery.errors import MixedStateError, UnsolvedError
from symbattery.expansions import Expansion, short_times
from symbattery.solutions import Solution, solve

__all__ = [
    "CavityCharger",
    "Expansion",
    "FormulaSet",
    "InvalidArgument",
    "MixedStateError",
    "Solution",
    "SpinCharger",
    "UnsolvedError",
    "dicke",
    "fock",
    "from_json",
    "mixture",
    "product",
    "short_times",
    "single_cell",
    "solve",
    "thermal",
    "thermal_charger",
    "to_json",
    "two_cells",
]
