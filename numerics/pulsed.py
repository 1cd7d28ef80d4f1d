r"""The charging by a coupling g(t) on resonance: that by the coupling 1, at the area of the pulse.

With a coupling that conserves excitations, equal frequencies and no crosstalk
:math:`H(t)=H_0+g(t)H_1` where :math:`H_0` and :math:`H_1` commute, so that all that the charging
depends on is :math:`A(t)=\int_0^tg\,dt'`. Whatever the order in which areas are passed, a time
without coupling stores what is there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from numerics.maxima.search import Peak
from numerics.model import checks
from numerics.model.models import Model, brief
from numerics.model.pulses import Pulse
from numerics.model.resources import Floats
from numerics.model.states import InitialState
from numerics.observables.methods import RowMethods, add_rows
from numerics.observables.table import Observable

__all__ = ["PulsedCharging"]


class Steady(Protocol):
    """The charging by a constant coupling."""

    @property
    def _cells(self) -> int: ...

    def _evaluated(self, row: Observable, times: Floats, options: Any) -> npt.NDArray[Any]: ...

    def maximum(self, quantity: str = "energy", *, until: Any, **options: Any) -> Peak: ...


@dataclass(frozen=True)
class PulsedCharging(RowMethods):
    """A battery being charged by a coupling g(t); made by :func:`numerics.charge`.

    It has the rows of :class:`numerics.Charging`, at times: ``power`` is E(t)/t,
    ``instantaneous_power`` dE/dt.
    """

    model: Model
    initial: InitialState
    pulse: Pulse
    # With the coupling 1, and with -1 for areas below 0.
    _forward: Steady = field(repr=False)
    _backward: Steady = field(repr=False)

    def __repr__(self) -> str:
        what = f"{brief(self.model)} from {brief(self.initial)}"
        return f"Charging of {what} by a coupling that depends on time"

    @property
    def _cells(self) -> int:
        return self._forward._cells

    def area(self, times: Any) -> Any:
        """The area ∫g dt from 0 to some times, of either sign.

        To double precision of the area of |g|; :meth:`area_error` is a bound. A detail of g that is
        shorter than a thousandth of the latest time may be missed.

        Raises
        ------
        InvalidArgument
            ``times`` are not finite real numbers, or g is no function to such, or not smooth but
            for some steps and kinks.
        """
        t = checks.times_array(times)
        return checks.as_given("times", times, np.reshape(self.pulse.areas(t.ravel()), t.shape))

    def area_error(self, time: Any) -> float:
        """A bound on the error of all areas between 0 and a time; raises as :meth:`area`."""
        end = float(checks.real("time", time))
        return self.pulse.window(end).error if end else 0.0

    def _evaluated(self, row: Observable, times: Floats, options: Any) -> npt.NDArray[Any]:
        areas = self.pulse.areas(times)
        values = self._forward._evaluated(row, areas, options)
        if row.pace is None:
            return values
        factor = row.pace(times, areas, self.pulse.values(times))
        return values * factor.reshape(-1, *(1 for _ in values.shape[1:]))

    def maximum(self, quantity: str = "energy", *, until: Any, **options: Any) -> Peak:
        """The largest value in [0, ``until``], and the first time at which it is reached.

        As proven as :meth:`numerics.Charging.maximum`, over all areas that are passed.

        Parameters
        ----------
        quantity, **options
            As for :meth:`numerics.Charging.maximum`.
        until : positive
            The end of the window.

        Raises
        ------
        InvalidArgument
            As for :meth:`numerics.Charging.maximum` and :meth:`area`.
        """
        window = self.pulse.window(float(checks.positive_number("until", until)))
        passed = window.area(window.turns)
        found = []
        for sign, charging in ((1.0, self._forward), (-1.0, self._backward)):
            most = float(max(sign * passed))
            if most > 0:
                peak = charging.maximum(quantity, until=most, **options)
                found.append(Peak(window.first(sign * peak.time), peak.value))
        if not found:
            # Nothing moves: any window has the value at the start.
            start = self._forward.maximum(quantity, until=1e-300, **options)
            return Peak(0.0, start.value)
        return max(found, key=lambda peak: (peak.value, -peak.time))


add_rows(PulsedCharging)
