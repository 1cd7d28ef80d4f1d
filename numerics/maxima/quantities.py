r"""The maxima of observables by name: which search finds them, and what it knows of them.

The local ergotropy is :math:`\max(0,2E_\mathrm{tot}-M\omega_0)`, as no start has a Bloch vector
that is not along z, and the daemonic one of a pure state is :math:`E_\mathrm{tot}`: their maxima
are those of E. The others, and of superpositions the local one too, are
:math:`\max_U\langle K-U^\dagger KU\rangle`, and the curvature of each mean is bounded by that of E
and by moments of the energy at the start. So is that of a row that is the mean of a weight w(k).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from numerics.dynamics.conservation import refuse_late
from numerics.dynamics.interface import Dynamics
from numerics.maxima import search, semiconvex
from numerics.maxima.search import NoPeakError, Peak
from numerics.maxima.semiconvex import SemiconvexCurve
from numerics.model.checks import invalid
from numerics.model.resources import Floats
from numerics.observables.battery import Battery
from numerics.observables.ergotropy import check_ergotropy
from numerics.observables.table import OBSERVABLES, Observable, evaluated

__all__ = ["Search", "check_search", "searched"]

_NAMES = ("energy", "ergotropy", "capacity")


class Search(Protocol):
    """The maxima of one quantity, in units of ω0."""

    def first_peak(self) -> Peak: ...

    def maximum(self, until: float) -> Peak: ...

    def max_power(self) -> Peak: ...


@dataclass(frozen=True)
class _OfEnergy:
    """``factor`` (K gained − ``less``), and 0 where that is negative and there is a ``floor``."""

    dynamics: Dynamics
    factor: float = 1.0
    less: float = 0.0
    floor: bool = False

    def _of(self, peak: Peak) -> Peak:
        return Peak(peak.time, self.factor * (peak.value - self.less))

    def first_peak(self) -> Peak:
        above = self.less if self.floor else -np.inf
        return self._of(search.first_peak(self.dynamics, above))

    def maximum(self, until: float) -> Peak:
        peak = self._of(search.largest_energy(self.dynamics, until))
        return peak if peak.value > 0 or not self.floor else Peak(0.0, 0.0)

    def max_power(self) -> Peak:
        less = max(self.less, 0.0) if self.floor else 0.0
        peak = search.highest_power(self.dynamics, less)
        return Peak(peak.time, self.factor * peak.value)


@dataclass(frozen=True)
class _OfBranches:
    """The largest of many means, of which the curve is what is above ``least``."""

    curve: SemiconvexCurve
    dynamics: Dynamics
    least: float = 0.0

    @property
    def _constant(self) -> bool:
        return self.curve.curvature == 0 or self.curve.scale <= 0

    def first_peak(self) -> Peak:
        if self._constant:
            raise NoPeakError("there is no peak: it is constant")
        return self._of(semiconvex.first_peak(self.curve))

    def _of(self, peak: Peak) -> Peak:
        return Peak(peak.time, peak.value + self.least)

    def maximum(self, until: float) -> Peak:
        if self._constant:
            return self._of(Peak(0.0, self.curve.start))
        if until > self.curve.longest:
            raise invalid("until", f"be at most {self.curve.longest:.3g} for this battery", until)
        refuse_late(self.dynamics.bandwidth / 2, until)
        return self._of(semiconvex.largest_value(self.curve, until))

    def max_power(self) -> Peak:
        return Peak(0.0, 0.0) if self._constant else semiconvex.highest_power(self.curve)


def check_search(row: Observable, battery: Battery, options: Mapping[str, Any]) -> None:
    """Refuse what has no maxima that are known.

    Raises
    ------
    InvalidArgument
        Nothing is proved of the maxima of this observable, or it is not known for the start.
    """
    if row.name not in _NAMES and row.weight is None:
        linear = (name for name, other in OBSERVABLES.items() if other.weight is not None)
        names = ", ".join((*_NAMES, *linear))
        raise invalid("quantity", f"be one whose maxima are provable, {names}", row.name)
    battery.require_known(row.name, row.needs, options)
    if row.name == "capacity":
        battery.require_symmetric("capacity")
    if row.name == "ergotropy":
        check_ergotropy(battery, options["sense"], options["cells"])
        if options["part"] == "coherent":
            raise invalid("part", "be left out or incoherent for a maximum", options["part"])


def searched(
    row: Observable, battery: Battery, dynamics: Dynamics, options: Mapping[str, Any]
) -> Search:
    """The search for maxima of an observable that has passed `check_search`."""
    if row.name == "energy":
        return _OfEnergy(dynamics, less=-battery.begun)
    if row.weight is not None:
        return _mean(row, battery, dynamics)
    start, most, side = battery.start, battery.size - 1, battery.problem.battery
    # One irrep, that occurs once, and no more levels than the two lowest energies have states.
    symmetric = side.spins is not None and bool(np.all(start.cell_spin == side.size))
    symmetric = symmetric and battery.levels.count <= most + 1
    if row.name == "capacity":
        share, width, scale = 0.0, 1.0 if symmetric else float(most), float(most)
    else:
        sense, cells, part = options["sense"], options["cells"], options["part"]
        initial, some = battery.excited_at_first, most if cells is None else cells
        share = some / most
        # No start but a superposition has a Bloch vector that is not along z.
        along = not start.superposed
        if along and (sense == "local" or (some == 1 and sense != "daemonic")):
            less = most / 2 - initial - battery.begun
            return _OfEnergy(dynamics, 2 * share, less, floor=True)
        if sense == "daemonic" and cells is None and part is None and battery.pure:
            return _OfEnergy(dynamics, 1.0, -initial)
        # Of the levels that are filled, all but one state are on the first level above the lowest.
        width = 0.5 if symmetric and sense not in ("symmetric", "local") else some / 2
        scale = share * min(most, max(dynamics.bounds.gain, 0.0) + initial)
    rate = battery.most_curved
    curvature = share * min(dynamics.bounds.second, rate * most / 2) + width * rate

    def function(times: Floats) -> Floats:
        return evaluated(row, replace(battery, times=times), **options) / battery.frequency

    return _OfBranches(SemiconvexCurve(function, curvature, scale), dynamics)


def _mean(row: Observable, battery: Battery, dynamics: Dynamics) -> Search:
    """The search for maxima of the mean of a weight, which has a range on the levels in reach."""
    weights = row.weights(battery, np.unique(battery.levels.cells)) / battery.frequency
    least, most = float(weights.min()), float(weights.max())
    curvature = (most - least) / 2 * battery.most_curved

    def above(times: Floats) -> Floats:
        return evaluated(row, replace(battery, times=times)) / battery.frequency - least

    return _OfBranches(SemiconvexCurve(above, curvature, most - least), dynamics, least)
