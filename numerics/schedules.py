"""Couplings that are constant on intervals of time, and the best time to switch them off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.dynamics.constant_couplings import Segment, sectors, segment
from numerics.dynamics.interface import Bounds, Moments, Wave
from numerics.maxima import search
from numerics.maxima.search import Peak
from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import Model, brief
from numerics.model.problem import Problem, doubles
from numerics.model.resources import Floats
from numerics.model.states import InitialState
from numerics.observables.amplitudes import Motion
from numerics.observables.battery import Battery
from numerics.observables.methods import RowMethods, add_rows
from numerics.observables.table import Observable, evaluated
from numerics.sectors.starts import levels, populations_at_rest, starts

__all__ = ["ScheduledCharging", "schedule"]

_MOST = 10_000
_MUST = "be pairs (duration, coupling) of a positive and a real number"


@dataclass(frozen=True)
class _Late:
    """The motion of a segment, asked for at times since t = 0."""

    motion: Segment
    begin: float

    @property
    def bandwidth(self) -> float:
        return self.motion.bandwidth

    @property
    def bounds(self) -> Bounds:
        return self.motion.bounds

    def excitation(self, times: Floats) -> Floats:
        return self.motion.excitation(times - self.begin)

    def moments(self, times: Floats) -> Moments:
        return self.motion.moments(times - self.begin)

    def populations(self, times: Floats, count: int) -> Floats:
        return self.motion.populations(times - self.begin, count)

    def waves(self, times: Floats) -> Iterator[Wave]:
        return self.motion.waves(times - self.begin)


@dataclass(frozen=True)
class _MovedBattery(Battery):
    """The battery in one segment; what moved before does not rest where the coupling is 0."""

    def _motions(self) -> Iterator[Motion]:
        return Battery._motions(replace(self, problem=_coupled(self.problem, 1.0)))


@dataclass(frozen=True)
class ScheduledCharging(RowMethods):
    """A battery being charged by one constant coupling after another; made by :func:`schedule`.

    It has the rows of :class:`numerics.Charging`, at times from 0 on. After the last segment the
    coupling is 0, and what does not depend on phases stays as it is.

    Attributes
    ----------
    model, initial
    segments : tuple of pairs
        (duration, coupling).
    """

    model: Model
    initial: InitialState
    segments: tuple[tuple[float, float], ...]
    _motions: Sequence[Segment] = field(repr=False, compare=False)
    _at_start: Battery = field(repr=False, compare=False)

    def __repr__(self) -> str:
        what = f"{brief(self.model)} from {brief(self.initial)}"
        return f"Charging of {what} by {len(self.segments)} constant couplings"

    @property
    def _cells(self) -> int:
        return self._at_start.size - 1

    @property
    def _begins(self) -> Floats:
        """The times at which the segments begin, with the end of the last one."""
        return np.concatenate([[0.0], np.cumsum([duration for duration, _ in self.segments])])

    def _evaluated(self, row: Observable, times: Floats, options: Any) -> npt.NDArray[Any]:
        if np.any(times < 0):
            raise invalid("times", "be from 0 on for a schedule", float(times.min()))
        begins = self._begins
        number = np.searchsorted(begins, times, side="right") - 1
        result: npt.NDArray[Any] | None = None
        for i in np.unique(number).tolist() or [0]:
            mine = number == i
            coupling = [*(g for _, g in self.segments), 0.0][i]
            battery = replace(
                self._at_start,
                problem=_coupled(self._at_start.problem, coupling),
                dynamics=_Late(self._motions[i], float(begins[i])),
                times=times[mine],
            )
            values = evaluated(row, battery, **options)
            if result is None:
                result = np.zeros((len(times), *values.shape[1:]), dtype=values.dtype)
            result[mine] = values
        assert result is not None
        return result

    def first_peak(self) -> Peak:
        """The first local maximum of E in the last segment, were it to go on.

        As proven as :meth:`numerics.Charging.first_peak`.

        Raises
        ------
        NoPeakError
            E is constant in it, or has no maximum within a (long) bounded search.
        """
        return self._since_start(search.first_peak(self._motions[-2]))

    def best_switch_off(self, until: Any) -> Peak:
        """The largest E that is stored where the last segment ends at a time up to ``until``.

        As proven as :meth:`numerics.Charging.maximum`; of equal ones the earliest. The time counts
        from t = 0, and is not before the last segment begins.

        Parameters
        ----------
        until : positive
            The latest time.

        Raises
        ------
        InvalidArgument
            ``until`` is not after the beginning of the last segment, or too large for double
            precision.
        """
        end = float(checks.positive_number("until", until))
        begin = float(self._begins[-2])
        if end <= begin:
            raise invalid("until", f"be after the last segment begins, at {begin:g}", until)
        last = self._motions[-2]
        peak = search.largest_energy(last, end - begin)
        first = float(last.excitation(np.zeros(1))[0])
        if peak.time == 0 or peak.value <= first:
            peak = Peak(0.0, first)
        return self._since_start(peak)

    def _since_start(self, peak: Peak) -> Peak:
        frequency = self._at_start.frequency
        return Peak(float(self._begins[-2]) + peak.time, frequency * peak.value)


add_rows(ScheduledCharging)


def _coupled(problem: Problem[float], coupling: float) -> Problem[float]:
    return Problem(replace(problem.model, coupling=coupling), problem.initial, problem.number)


def schedule(
    model: Model, segments: Iterable[tuple[Any, Any]], initial: InitialState | None = None
) -> ScheduledCharging:
    """Charge a battery with one constant coupling after another, for any model.

    Each segment is propagated exactly, by all eigenvectors of its sectors.

    Parameters
    ----------
    model : Model, such as SpinCharger
        With numbers in every field, and its coupling left open; a cavity with anisotropy 0.
    segments : iterable of (duration, coupling)
        In the order of time; a coupling of 0 stores.
    initial : state, optional
        The ideal one if left out.

    Raises
    ------
    InvalidArgument
        No model, state or pairs, a coupling in the model, groups of spins, a cavity with γ ≠ 0, or
        a superposition.
    TooLargeError
        The eigenvectors do not fit into memory, or take too long.
    """
    pairs = []
    for i, pair in enumerate(checks.entries("segments", segments, _MUST)):
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise invalid(f"segments[{i}]", _MUST, pair)
        duration = float(checks.positive_number(f"segments[{i}] duration", pair[0]))
        pairs.append((duration, float(checks.real(f"segments[{i}] coupling", pair[1]))))
    if not 0 < len(pairs) <= _MOST:
        raise invalid("segments", f"be from one to {_MOST} pairs", len(pairs))
    problem = doubles(model, initial)
    if problem.model.coupling is not None:
        raise InvalidArgument(
            "`coupling` must be left open in the model of a schedule, but is "
            f"{problem.model.coupling}"
        )
    if problem.counter_rotating:
        must = f"be 0 for a {problem.charger.noun} with a schedule"
        raise invalid("anisotropy", must, problem.model.anisotropy)
    if problem.grouped:
        raise invalid("model", "have no groups of spins with a schedule", brief(problem.model))
    start = starts(problem)
    if start.superposed:
        raise invalid("initial", "be no superposition with a schedule", brief(problem.initial))
    every = sectors(problem, start)
    states = [sector.origin for sector in every]
    motions = []
    for duration, coupling in [*pairs, (0.0, 0.0)]:
        motions.append(segment(every, states, coupling))
        states = motions[-1].ends(duration)
    reached, top = levels(problem, start), problem.battery.top
    size = int(reached.cells.max() if top is None else top) + 1
    still = populations_at_rest(problem, start)
    battery = _MovedBattery(problem, start, motions[0], reached, still, size, np.zeros(1))
    return ScheduledCharging(problem.model, problem.initial, tuple(pairs), motions, battery)
