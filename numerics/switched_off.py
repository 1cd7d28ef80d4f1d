r"""Storage: the battery by itself, after its charger has been switched off.

The coupling is 0, and so is a longitudinal one; fields, interactions among the cells and their
noise stay. The clock begins at the switch-off, and the charger is no longer looked at, so that the
state is small: some elements for each pair of levels of the battery.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np
import scipy

from numerics.charging import Charging
from numerics.dynamics.interface import BoundedDynamics
from numerics.dynamics.lindblad import EXCITED, TRACE, OpenEvolution
from numerics.model import checks
from numerics.model.checks import invalid
from numerics.model.models import brief
from numerics.model.noise import Noise, check_noise
from numerics.model.problem import doubles
from numerics.model.resources import Floats
from numerics.observables.methods import add_rows
from numerics.observables.open_battery import StoredBattery
from numerics.sectors.liouville import alone

__all__ = ["StoredCharge", "stored"]

# Samples in the time of the fastest rate, or in half of the time so far.
_SAMPLES = 32
# Of M ω0.
_NOTHING = 1e-12


@dataclass(frozen=True)
class StoredCharge(Charging):
    """A charged battery without its charger; made by :func:`stored`.

    Its times count from the switch-off, and its energy from the start of the charging, so that E is
    what is left of what was stored. What belongs to the charger, or to a power, is refused.
    """

    charging: Charging | None = None
    switched_off: float = 0.0

    def __repr__(self) -> str:
        return f"Stored {super().__repr__()}"

    @property
    def _searchable(self) -> BoundedDynamics:
        assert isinstance(self._dynamics, OpenEvolution)
        return OpenEvolution(self._dynamics.block)

    @property
    def _grouped(self) -> None:
        return None

    def max_power(self, quantity: str = "energy", **options: Any) -> NoReturn:
        """Refused: nothing charges a battery that is stored.

        Raises
        ------
        InvalidArgument
            Always.
        """
        raise invalid("quantity", "be asked of the charging, whose power it is", quantity)

    def half_life(self, quantity: str = "energy", **options: Any) -> float:
        """The first time at which half of a quantity is left of what there was at the switch-off.

        Sampled by far more closely than the fastest rate, then refined.

        Parameters
        ----------
        quantity : str
            "energy" or "ergotropy".
        **options
            Those of the quantity.

        Returns
        -------
        float
            ``inf`` where more than half is left for ever. That is proven: no evolution of the
            battery brings two of its states farther apart, so that nothing that is near enough to
            its steady state loses half.

        Raises
        ------
        InvalidArgument
            The quantity is another one, or there is nothing of it to lose.
        PrecisionError, TooLargeError
            It takes too long.
        """
        row, given = self._named(quantity, options)
        if row.name not in ("energy", "ergotropy"):
            raise invalid("quantity", "be energy or ergotropy for a half-life", quantity)

        def left(times: Floats) -> Floats:
            return np.asarray(self._evaluated(row, times, given) / unit)

        unit = self._frequency * self._cells
        first = float(left(np.zeros(1))[0])
        if first <= _NOTHING:
            raise invalid("quantity", "have something to lose at the switch-off", quantity)

        def over(time: float) -> float:
            return float(left(np.array([time]))[0]) - first / 2

        # Without noise all but local rotations commute with what is left of H.
        rate = self._dynamics.bandwidth
        if not rate or not (self._at_start.problem.noise or given.get("sense") == "local"):
            return math.inf
        begin, end = 0.0, float(row.values(self._after_long, **given)[0]) / unit
        while True:
            # Ever faster: what is left to happen is as slow as what has.
            step = max(1 / rate, begin / 2) / _SAMPLES
            times = begin + step * np.arange(_SAMPLES + 1.0)
            (below,) = np.nonzero(left(times) <= first / 2)
            if len(below):
                a, b = times[below[0] - 1 : below[0] + 1]
                return float(scipy.optimize.brentq(over, a, b, xtol=1e-300))
            begin = float(times[-1])
            if self._apart(begin) < end - first / 2:
                return math.inf

    def _apart(self, time: float) -> float:
        """The trace distance from the steady state, twice."""
        now = replace(self._at_start, times=np.array([time])).irreps
        total = 0.0
        for one, other in zip(now, self._after_long.irreps, strict=True):
            difference = one.state[0] - other.state[0]
            some = difference if difference.ndim == 1 else np.linalg.eigvalsh(difference)
            total += float(np.abs(some).sum())
        return total


add_rows(StoredCharge)


def stored(charging: Charging, at: Any, noise: Iterable[Noise] | None = None) -> StoredCharge:
    """The battery after its charger has been switched off.

    Parameters
    ----------
    charging : Charging
        From `charge`; with groups of spins it cannot be stored.
    at : non-negative
        The time of the switch-off.
    noise : sequence, optional
        Of `loss`, `pump`, `dephasing` and `bath` of the cells; that of the charging if left out.

    Returns
    -------
    StoredCharge
        Times count from the switch-off; E counts from the start of the charging.

    Raises
    ------
    InvalidArgument
        No charging, no such time, or noise of the charger.
    TooLargeError
        The state does not fit into memory.
    """
    if not isinstance(charging, Charging) or isinstance(charging, StoredCharge):
        raise invalid("charging", "be what `numerics.charge` returns", charging)
    time, begin = float(checks.non_negative("at", at)), charging._at_start
    if begin.problem.grouped:
        raise invalid("charging", "be one without groups of spins", brief(charging.model))
    if noise is None:
        noise = [one for one in begin.problem.noise if one.side == "cells"]
    kept = check_noise(charging.model, noise)
    for i, one in enumerate(kept):
        if one.side != "cells":
            raise invalid(f"noise[{i}].side", "be cells for a battery that is stored", one.side)
    # Beside no charger spin a longitudinal coupling is 0 by itself.
    problem = doubles(replace(charging.model, coupling=0), charging.initial, kept)
    battery = replace(begin, times=np.array([time]))
    side = problem.battery
    block = alone(
        problem, [(i.size, i.cells - side.bottom(i.size), i.state[0]) for i in battery.irreps]
    )
    motion = OpenEvolution(block)
    origin = np.zeros_like(motion._origin)
    origin[EXCITED] = motion._origin[EXCITED] - battery.gain[0]
    origin[TRACE] = 1
    motion = OpenEvolution(block, origin)
    reached = motion.levels
    still = np.zeros(reached.count)
    size = max(begin.size, int(reached.cells.max()) + 1)
    kind = StoredBattery(problem, begin.start, motion, reached, still, size, np.zeros(1))
    return StoredCharge(
        problem.model, problem.initial, charging._frequency, motion, kind, noise=kept,
        charging=charging, switched_off=time,
    )  # fmt: skip
