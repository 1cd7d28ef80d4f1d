"""The public names, and where each is defined; ``__init__.py`` reads them here."""

from numerics.model.checks import InvalidArgument
from numerics.model.groups import (
    GroupedSpins,
    SpinGroup,
    group_dicke,
    group_product,
    group_thermal,
)
from numerics.model.models import CavityCharger, ClassicalDrive, SpinCharger
from numerics.model.noise import bath, dephasing, loss, pump
from numerics.model.oscillator_models import (
    CoupledOscillators,
    OscillatorBattery,
    TwoPhotonCharger,
)
from numerics.model.states import dicke, fock, mixture, product, thermal
from numerics.model.superpositions import (
    Bloch,
    coherent,
    photon_distribution,
    spin_coherent,
    squeezed,
    superposition,
)
from symbattery.api import OpenSolution, Solution, single_cell, solve, thermal_charger, two_cells
from symbattery.core.expressions import MixedStateError, UnsolvedError
from symbattery.core.latex_dispatch import aslatex
from symbattery.limits.best_start import BalancedStart as balanced_start
from symbattery.limits.best_start import best_power
from symbattery.limits.exponents import exponent_series
from symbattery.limits.large_battery import LargeBattery as large_battery
from symbattery.limits.long_time_means import long_time_energy, long_time_law
from symbattery.limits.many_chargers import charger_limit, many_chargers
from symbattery.limits.short_times import Expansion, short_times
from symbattery.limits.strong_crosstalk import strong_crosstalk
from symbattery.limits.weak_anisotropy import weak_anisotropy
from symbattery.output.data.formula_json import FormulaSet, from_json, to_json
from symbattery.output.latex.tables import macros
from symbattery.pulsed import PulsedSolution
from symbattery.qutip_export import to_qutip
from symbattery.qutip_figures import QutipSystem, from_qutip_result
from symbattery.sweeps import sweep

__all__ = [
    "Bloch",
    "CavityCharger",
    "ClassicalDrive",
    "CoupledOscillators",
    "Expansion",
    "FormulaSet",
    "GroupedSpins",
    "InvalidArgument",
    "MixedStateError",
    "OpenSolution",
    "OscillatorBattery",
    "PulsedSolution",
    "QutipSystem",
    "Solution",
    "SpinCharger",
    "SpinGroup",
    "TwoPhotonCharger",
    "UnsolvedError",
    "aslatex",
    "balanced_start",
    "bath",
    "best_power",
    "charger_limit",
    "coherent",
    "dephasing",
    "dicke",
    "exponent_series",
    "fock",
    "from_json",
    "from_qutip_result",
    "group_dicke",
    "group_product",
    "group_thermal",
    "large_battery",
    "long_time_energy",
    "long_time_law",
    "loss",
    "macros",
    "many_chargers",
    "mixture",
    "photon_distribution",
    "product",
    "pump",
    "short_times",
    "single_cell",
    "solve",
    "spin_coherent",
    "squeezed",
    "strong_crosstalk",
    "superposition",
    "sweep",
    "thermal",
    "thermal_charger",
    "to_json",
    "to_qutip",
    "two_cells",
    "weak_anisotropy",
]

__version__: str
