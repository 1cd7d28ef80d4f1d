"""Exact results on quantum batteries: closed forms, derived and checked."""

from numerics.model.checks import InvalidArgument
from numerics.model.models import CavityCharger, SpinCharger
from numerics.model.states import dicke, fock, mixture, product, thermal
from symbattery.api import Solution, single_cell, solve, thermal_charger, two_cells
from symbattery.core.errors import MixedStateError, UnsolvedError
from symbattery.limits.short_times import Expansion, short_times
from symbattery.output.data.formula_json import FormulaSet, from_json, to_json

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
