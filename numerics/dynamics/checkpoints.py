r"""Evolution without eigenvectors: states carried from checkpoint to checkpoint.

Checkpoints are the latest times asked for, as many as fit into a fixed share of memory, so a search
that goes back and forth moves by small steps.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from numerics.dynamics.chain_chebyshev import ChiralRecurrence, DetunedRecurrence
from numerics.dynamics.conservation import check_conserved, latest_time, refuse_late
from numerics.dynamics.interface import Moments, Wave
from numerics.model.resources import Floats

__all__ = ["CheckpointPropagator"]

_REMEMBERED = 4096


@dataclass
class _Checkpoint:
    """A state, and what the truncated series may have changed in it so far."""

    time: float
    state: Floats
    error: float


@dataclass(frozen=True)
class CheckpointPropagator:
    """The evolution of the starts in some chains, and of all of them together."""

    recurrence: ChiralRecurrence | DetunedRecurrence
    share: int = 2**22  # numbers that all checkpoints may have together
    _checkpoints: list[_Checkpoint] = field(init=False, repr=False, compare=False)
    # By time: the moments, and a bound on the error of the state.
    _known: dict[float, tuple[Floats, float]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first = _Checkpoint(0.0, self.recurrence.initial(), 0.0)
        object.__setattr__(self, "_checkpoints", [first])
        object.__setattr__(self, "_known", {})

    @cached_property
    def _radius(self) -> float:
        return self.recurrence.radius

    @cached_property
    def _conserved(self) -> tuple[float, float]:
        return self.recurrence.conserved(self.recurrence.initial())

    def _checked(self, point: _Checkpoint, before: float) -> None:
        """Norm and energy are what they were."""
        norm, energy = self.recurrence.conserved(point.state)
        step = f"on the way from time {before:g} to {point.time:g}"
        radians = self._radius * point.time
        count, first = self._conserved
        check_conserved("the norm", norm, count, 2 * count, radians, step)
        # An error δ of the state changes ‖Hψ‖² by 2‖H‖‖Hψ‖δ + ‖H‖²δ² at most.
        scale = 2 * self._radius * np.sqrt(count * first) + 1e-9 * self._radius**2 * count
        check_conserved("the mean of H²", energy, first, scale, radians, step)

    def _at(self, time: float) -> _Checkpoint:
        """The state at one time, which becomes a checkpoint."""
        points = self._checkpoints
        place = bisect.bisect_right(points, time, key=lambda point: point.time)
        near = points[place - 1]
        if place < len(points) and points[place].time - time < time - near.time:
            near = points[place]
        if near.time == time:
            return near
        state, error = self.recurrence.evolved(near.state, time - near.time)
        point = _Checkpoint(time, state, near.error + error)
        self._checked(point, near.time)
        points.insert(place, point)
        if len(points) > max(4, self.share // state.size):
            points[:] = [p for i, p in enumerate(points) if i % 2 == 0 or p is point]
        return point

    def _refuse_late(self, times: Floats) -> None:
        refuse_late(self._radius, latest_time(times))

    def unknown(self, times: Floats) -> int:
        """The number of these times that have not been asked for lately."""
        return sum(time not in self._known for time in np.abs(times).tolist())

    def _columns(self, times: Floats) -> tuple[Floats, Floats]:
        """Moments (4, T) at the distances of some times from 0, and bounds (T,) on state errors."""
        self._refuse_late(times)
        result, errors, distances = np.zeros((4, len(times))), np.zeros(len(times)), np.abs(times)
        for i in np.argsort(distances, kind="stable"):
            time = float(distances[i])
            if time not in self._known:
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                point = self._at(time)
                self._known[time] = self.recurrence.moments(point.state), point.error
            result[:, i], errors[i] = self._known[time]
        return result, errors

    def moments(self, times: Floats) -> Moments:
        result, _ = self._columns(times)
        result[1] *= np.sign(times)
        return Moments(*result)

    def excitation(self, times: Floats) -> Floats:
        return self.moments(times).excitation

    def populations(self, times: Floats, count: int) -> Floats:
        rows, weights = self.recurrence.rows.ravel(), self.recurrence.weights.ravel()
        result = np.zeros((count, len(times)))
        for i, state in self._states(times):
            density = self.recurrence.density(state).ravel()
            result[:, i] = np.bincount(rows, weights * density, minlength=count)
        return result

    def waves(self, times: Floats) -> Iterator[Wave]:
        for i, state in self._states(times):
            for numbers, sites, psi, energies in self.recurrence.amplitudes(state):
                # Forward in |t|: a real H has conjugate amplitudes at −t.
                moved = psi if times[i] >= 0 else psi.conj()
                yield Wave(numbers, np.array([i]), moved[:, :, None], sites, energies)

    def _states(self, times: Floats) -> Iterator[tuple[int, Floats]]:
        """The state at the distance of each time from 0, with its place among them."""
        self._refuse_late(times)
        distances = np.abs(times)
        for i in np.argsort(distances, kind="stable").tolist():
            yield i, self._at(float(distances[i])).state

    def left_out(self, times: Floats) -> Floats:
        """Bounds on the norm of what truncated series left out of the states, all together."""
        return self._columns(times)[1]
