r"""A cavity with counter-rotating terms: how many photons the numerics must keep.

Cut at :math:`n_c` photons, the state is off by at most
:math:`\int_0^t\|H_\mathrm{out}\,\psi(s)\|\,ds` (Duhamel), where :math:`H_\mathrm{out}` leads from
the topmost layer to photon number :math:`n_c+1`, and the mean number of excited cells by at most
M times that. So the cutoff grows until this integral, over *all* times up to the one asked for,
stays below the tolerance; it is never guessed from a final state that looks converged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from numerics.dynamics.conservation import latest_time
from numerics.dynamics.grid_evolution import Propagator, SectorEvolution, grid_propagators
from numerics.dynamics.interface import Bounds, Evolution, SummedEvolution
from numerics.model.problem import Problem
from numerics.model.resources import Floats
from numerics.sectors.grids import grids
from numerics.sectors.starts import Start

__all__ = ["CutoffDynamics", "CutoffError"]

# Photons that may be added to those of the initial state.
_MOST_ADDED = 2000
# Amplitudes of this size are rounding, not leakage.
_ROUNDING = 1e-15
_SAMPLES = 256


class CutoffError(ValueError):
    """No photon cutoff that can be afforded reaches the tolerance."""


@dataclass
class _Truncated:
    """The evolution below one cutoff, and what it has leaked so far."""

    cutoff: int
    evolution: SectorEvolution
    rims: Sequence[tuple[Propagator, Floats]]
    time: float = 0.0
    leaked: float = 0.0

    @classmethod
    def at(cls, problem: Problem[float], start: Start, cutoff: int) -> _Truncated:
        cut = list(grids(problem, start, cutoff))
        rims = [
            (propagator, grid.rim)
            for grid, sector in zip(cut, grid_propagators(cut), strict=True)
            for propagator in sector
        ]
        return cls(cutoff, SectorEvolution([propagator for propagator, _ in rims]), rims)

    def _rate(self, times: Floats) -> Floats:
        """Mean of ‖H_out ψ‖, at least: its bound by the amplitude of the topmost layer."""
        total = np.zeros(len(times))
        for propagator, rim in self.rims:
            norm = propagator.norms(times, rim)
            total += np.where(norm > _ROUNDING * rim.max(), norm, 0.0)
        return total

    def leak_until(self, time: float, enough: float) -> bool:
        """Integrate the leak up to ``time``; False as soon as it exceeds ``enough``."""
        if not self.rims:
            return True
        step = np.pi / (2 * self.evolution.bandwidth)
        while self.time < time and self.leaked <= enough:
            end = min(time, self.time + _SAMPLES * step)
            times = np.linspace(self.time, end, max(9, int((end - self.time) / step) + 2))
            self.leaked += float(np.trapezoid(self._rate(times), times))
            self.time = end
        return self.leaked <= enough


@dataclass(frozen=True)
class CutoffDynamics(SummedEvolution):
    """The evolution with a photon cutoff that grows with the times asked for."""

    problem: Problem[float]
    start: Start
    tolerance: float  # the largest error of E(t) from the cutoff, in units of M ω0
    # The one thing that changes: [the current truncation].
    _current: list[_Truncated] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        cutoff = self._photons + self.problem.battery.top + 16
        first = _Truncated.at(self.problem, self.start, cutoff)
        object.__setattr__(self, "_current", [first])

    @property
    def _photons(self) -> int:
        return int(self.start.charger_level.max(initial=0))

    @property
    def cutoff(self) -> int:
        """The largest photon number in use at present."""
        return self._current[0].cutoff

    @property
    def bandwidth(self) -> float:
        return self._current[0].evolution.bandwidth

    @property
    def bounds(self) -> Bounds:
        gains = self.problem.battery.irrep(self.start.cell_spin).top - self.start.cell_level
        bounds = self._current[0].evolution.bounds
        return bounds._replace(gain=float(self.start.weight @ gains))

    def parts(self, times: Floats) -> Sequence[Evolution]:
        return [self.reach(times)]

    def reach(self, times: Floats) -> SectorEvolution:
        """An evolution that has the tolerance at all times up to the latest of ``times``.

        Raises
        ------
        CutoffError
            There is none with a cutoff that can be afforded.
        """
        time = latest_time(times)
        while not self._current[0].leak_until(time, self.tolerance):
            last = self._current[0]
            cutoff = last.cutoff + last.cutoff // 4 + 8
            if cutoff > self._photons + self.problem.battery.top + _MOST_ADDED:
                raise CutoffError(
                    f"`tolerance` = {self.tolerance:g} cannot be kept up to time {time:g}: with "
                    f"photon numbers up to {last.cutoff}, E may be wrong by {last.leaked:.1e} M ω0 "
                    f"from time {last.time:g} on; ask for earlier times, a larger `tolerance`, or "
                    f"a charger frequency that is larger against `coupling`"
                )
            self._current[0] = _Truncated.at(self.problem, self.start, cutoff)
        return self._current[0].evolution

    def error(self, times: Floats) -> Floats:
        """Bounds on the error of `excitation` from the cutoff and from truncated series."""
        evolution = self.reach(times)
        return evolution.error(times) + self.problem.battery.top * self._current[0].leaked
