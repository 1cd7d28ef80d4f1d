"""Exact results on quantum batteries: closed forms, derived and checked."""

from numerics.checks import InvalidArgument
from numerics.models import CavityCharger, SpinCharger
from numerics.states import dicke, fock, mixture, product, thermal
from symbattery.cases import single_cell, thermal_charger, two_cells
from symbattery.errors import MixedStateError, UnsolvedError
from symbattery.expansions import Expansion, short_times
from symbattery.solutions import Solution, solve

__all__ = [
    "CavityCharger",
    "Expansion",
    "InvalidArgument",
    "MixedStateError",
    "Solution",
    "SpinCharger",
    "UnsolvedError",
    "dicke",
    "fock",
    "mixture",
    "product",
    "short_times",
    "single_cell",
    "solve",
    "thermal",
    "thermal_charger",
    "two_cells",
]
