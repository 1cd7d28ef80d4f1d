"""Observables of a battery: one open table, filled by the rooms of this folder."""

from __future__ import annotations

from numerics.observables import (
    correlations,
    energy,
    ergotropy,
    open_correlations,  # noqa: F401  # what it registers
    speed,
)
from numerics.observables.table import register

for _row in (*energy.ROWS, *ergotropy.ROWS, *correlations.ROWS, *speed.ROWS):
    register(_row)
