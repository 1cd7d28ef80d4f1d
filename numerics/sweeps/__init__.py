"""Sweeps: quantities of many batteries, on many workers, resumable, in one labelled table."""

from __future__ import annotations

from numerics.sweeps.running import sweep
from numerics.sweeps.table import Coordinate, Failure, Quantity, Table

__all__ = ["Coordinate", "Failure", "Quantity", "Table", "sweep"]
