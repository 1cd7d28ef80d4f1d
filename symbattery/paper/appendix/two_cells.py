"""What the claims on two cells share: their first peak, largest power and Eq. (A7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from numerics.model.models import SpinCharger
from symbattery.paper.ledger.context import Context

__all__ = ["ANY_N", "Compute", "largest_power", "peak_energy", "printed_a7"]

Compute = Callable[[Context], Any]
ANY_N = "derived for any N"


def printed_a7(chargers: Any) -> Any:
    """E_max/ω₀ of Eq. (A7)."""
    return 16 * chargers * (chargers - 1) / (3 * chargers - 2) ** 2


def peak_energy(chargers: int) -> Compute:
    """The first peak of E/ω₀."""
    return lambda c: c.first_peak(SpinCharger(2, chargers, 1))


def largest_power(chargers: int) -> Compute:
    """P_max/(√N gω₀)."""
    return lambda c: c.max_power(SpinCharger(2, chargers, 1)) / float(np.sqrt(chargers))
