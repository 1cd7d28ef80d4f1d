r"""A pumped cavity, or one with counter-rotating terms and noise: a proven cut of its photons.

States with more than some number of excitations of both sides together are cut off. At γ = 0 the
Hamiltonian and the decay between jumps conserve that number, and what returns from beyond the cut
is positive. So the state is at least what the cut leaves of it, and no mean of an operator between
0 and M is off by more than M times what the trace has lost: :math:`\epsilon=1-\mathrm{Tr}\,\sigma`.
At γ ≠ 0 the trace norm of the error grows by no more (Duhamel) than

.. math::

    2\sqrt{\langle H_\mathrm{out}^\dagger H_\mathrm{out}\rangle}
      + 2\sqrt{q\,r} + q,

with :math:`H_\mathrm{out}` what leads beyond the cut, q the rate of jumps there and r that of all
jumps that pump. The cut grows until either stays below the tolerance up to the times asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from numerics.dynamics.interface import Bounds
from numerics.dynamics.lindblad import PAIRED, TRACE, Array, Functional, OpenEvolution, SteadyState
from numerics.dynamics.photon_cutoff import CutoffError
from numerics.model.problem import Problem
from numerics.model.resources import Floats
from numerics.sectors.liouville import liouville, most_excited
from numerics.sectors.starts import Start

__all__ = ["CutoffEvolution"]

# Excitations that may be added to those of the start.
_MOST_ADDED = 500
# Samples of the leak in a step of the series.
_SAMPLES = 8
# Of the time up to which a cut is tried: one that is too low shows early.
_SHARES = (1 / 16, 1 / 4, 1)
# Of the topmost excitations in a steady state.
_UNSEEN = 1e-14


@dataclass(frozen=True)
class _Truncated(OpenEvolution):
    """The motion below one cut."""

    most: int = 0
    _leak: list[tuple[float, float]] = field(default_factory=list, repr=False)

    @property
    def _scalars(self) -> list[Functional]:
        if self.block.problem.conserved:
            return super()._scalars
        return [*super()._scalars, *self.block.leaks(self.most)]

    def leaked(self, time: float) -> float:
        """At least the trace norm of what the cut has changed until then; of means at γ = 0."""
        if self.block.problem.conserved:
            trace = self._scalar(np.array([time]), TRACE)
            return max(0.0, -float(np.real(trace[0])))
        begin, total = self._leak[-1] if self._leak else (0.0, 0.0)
        if time > begin:
            count = _SAMPLES * (int((time - begin) / self._duration) + 2)
            times, rows = np.linspace(begin, time, count), slice(PAIRED + 1, PAIRED + 4)
            found = self._evaluated(times, rows) + self._origin[rows, None]
            out, beyond, every = np.real(found).clip(0)
            rate = 2 * np.sqrt(out) + 2 * np.sqrt(beyond * every) + beyond
            total += float(np.trapezoid(rate, times))
            self._leak[:] = [(time, total)]
        # It grows with the time.
        return total


@dataclass(frozen=True)
class CutoffEvolution(OpenEvolution):
    """The motion with a cut that grows with the times asked for.

    Attributes
    ----------
    start : Start
    tolerance : float
        The largest error of E from the cut, in units of M ω0.
    """

    start: Start | None = None
    tolerance: float = 0.0
    # The one thing that changes: [the motion below the present cut].
    _current: list[_Truncated] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def of(cls, problem: Problem[float], start: Start, tolerance: float) -> CutoffEvolution:
        """The motion that begins with a cut not far beyond the start."""
        most = most_excited(problem, start) + int(problem.battery.top) + 8
        first = _Truncated(liouville(problem, start, most), most=most)
        return cls(first.block, start=start, tolerance=tolerance, _current=[first])

    def _grown(self) -> _Truncated:
        """The motion below a higher cut, in place of the present one."""
        assert self.start is not None
        last, problem = self._current[0], self.block.problem
        most = last.most + last.most // 2 + 8
        if most > most_excited(problem, self.start) + int(problem.battery.top) + _MOST_ADDED:
            raise CutoffError(
                f"`tolerance` = {self.tolerance:g} cannot be kept with fewer than {most} "
                "excitations in all; ask for earlier times, a larger `tolerance`, or less pumping"
            )
        found = _Truncated(liouville(problem, self.start, most), most=most)
        self._current[0] = found
        return found

    def reach(self, times: Floats) -> _Truncated:
        """A motion that keeps the tolerance at all times up to the latest of ``times``.

        Raises
        ------
        CutoffError
            There is none with a cut that can be afforded.
        """
        time, found = float(np.max(times, initial=0.0)), self._current[0]
        for share in _SHARES:
            while found.leaked(share * time) > self.tolerance:
                found = self._grown()
        return found

    # What depends on the cut

    @property
    def bandwidth(self) -> float:
        return self._current[0].bandwidth

    @property
    def bounds(self) -> Bounds:
        return self._current[0].bounds

    @property
    def most_curved(self) -> float:
        return self._current[0].most_curved

    def _evaluated(self, times: Floats, rows: slice, derivative: int = 0) -> Array:
        found = self.reach(times)
        if rows.stop is None:
            rows = found._states
        return found._evaluated(times, rows, derivative)

    def error(self, times: Floats) -> Floats:
        found = self.reach(times)
        top = float(self.block.problem.battery.top)
        return found.error(times) + top * found.leaked(float(np.max(times, initial=0.0)))

    @property
    def steady(self) -> OpenEvolution:
        """The mean over all times, with a cut beyond which there is next to nothing."""
        found = self._current[0]
        while True:
            steady = SteadyState(found.block, self._origin)
            if steady.topmost(found.most) < _UNSEEN:
                return steady
            found = self._grown()
