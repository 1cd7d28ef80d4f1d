"""Quantum batteries in numbers, for any size: sectors of total spin, double precision.

>>> import numerics
>>> battery = numerics.charge(numerics.SpinCharger(cells=10, chargers=10, coupling=0.1))
>>> battery.first_peak()
Peak(time=3.88844492..., value=9.56738294...)
>>> battery.max_power()
Peak(time=2.7535029..., value=2.92385184...)
>>> battery.energy([0.0, 1.0])
array([0.        , 1.16929662])

``numerics.certified`` gives E(t), the populations and the peaks to any number of proven digits.
"""

from __future__ import annotations

import importlib
from importlib import metadata
from typing import Any

from numerics.best_start import BestStart, best_excited
from numerics.charging import Charging, charge, collective_advantage
from numerics.dynamics.conservation import ConservationError, PrecisionError
from numerics.dynamics.photon_cutoff import CutoffError
from numerics.maxima.search import NoPeakError, Peak
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
from numerics.model.resources import TooLargeError
from numerics.model.states import dicke, fock, mixture, product, thermal
from numerics.model.superpositions import (
    Bloch,
    coherent,
    photon_distribution,
    spin_coherent,
    squeezed,
    superposition,
)
from numerics.observables.amplitudes import Irrep
from numerics.observables.bounds import energy_bound, fisher_information_bound, power_bound
from numerics.observables.speed import SpeedLimits
from numerics.pulsed import PulsedCharging
from numerics.schedules import ScheduledCharging, schedule
from numerics.sweeps import sweep
from numerics.switched_off import StoredCharge, stored

__all__ = [
    "BestStart",
    "Bloch",
    "CavityCharger",
    "Charging",
    "ClassicalDrive",
    "ConservationError",
    "CoupledOscillators",
    "CutoffError",
    "GroupedSpins",
    "InvalidArgument",
    "Irrep",
    "NoPeakError",
    "OscillatorBattery",
    "Peak",
    "PrecisionError",
    "PulsedCharging",
    "ScheduledCharging",
    "SpeedLimits",
    "SpinCharger",
    "SpinGroup",
    "StoredCharge",
    "TooLargeError",
    "TwoPhotonCharger",
    "bath",
    "best_excited",
    "certified",
    "charge",
    "coherent",
    "collective_advantage",
    "dephasing",
    "dicke",
    "energy_bound",
    "fisher_information_bound",
    "fock",
    "group_dicke",
    "group_product",
    "group_thermal",
    "loss",
    "mixture",
    "photon_distribution",
    "power_bound",
    "product",
    "pump",
    "schedule",
    "spin_coherent",
    "squeezed",
    "stored",
    "superposition",
    "sweep",
    "thermal",
]


__version__: str


def __getattr__(name: str) -> Any:
    if name == "__version__":
        # Both packages are in one distribution.
        return metadata.version("symbattery")
    # mpmath and FLINT are loaded only where digits beyond double precision are asked for.
    if name == "certified":
        return importlib.import_module("numerics.certified")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
