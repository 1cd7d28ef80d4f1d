"""The sectors that the command line derives, verifies and plots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from symbattery.api import Solution, single_cell, thermal_charger, two_cells
from symbattery.model.symbols import N, gamma, m

__all__ = ["SECTORS", "Curve", "Entry", "Sector"]


@dataclass(frozen=True)
class Entry:
    """One solution of a sector, derived when asked for."""

    title: str
    derive: Callable[[], Solution]


@dataclass(frozen=True)
class Curve:
    """One line of a sector's figure: a solution at fixed parameters."""

    label: str
    derive: Callable[[], Solution]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Sector:
    """A solvable sector.

    Attributes
    ----------
    name, title : str
        On the command line, and in headings.
    entries : tuple of Entry
        Its solutions.
    curves : tuple of Curve
        What its figure shows.
    reach : float
        End of the time axis, in units of 1/g.
    """

    name: str
    title: str
    entries: tuple[Entry, ...]
    curves: tuple[Curve, ...]
    reach: float


SECTORS = (
    Sector(
        "single-cell",
        "One cell",
        (
            Entry("One cell, all charger spins up", single_cell),
            Entry("One cell, m charger spins up", lambda: single_cell(excited_chargers=m)),
            Entry(
                "One cell, one charger spin, any anisotropy",
                lambda: single_cell(1, anisotropy=gamma),
            ),
        ),
        tuple(Curve(f"$N={n}$", single_cell, {"chargers": n}) for n in (1, 4, 16)),
        3.2,
    ),
    Sector(
        "two-cells",
        "Two cells",
        (
            Entry("Two cells, all charger spins up", two_cells),
            Entry("Two cells, m charger spins up", lambda: two_cells(excited_chargers=m)),
        ),
        (
            Curve("$N=1$", two_cells, {"chargers": 1}),
            Curve("$N=2$", two_cells, {"chargers": 2}),
            Curve("$N=20$", two_cells, {"chargers": 20}),
        ),
        2.4,
    ),
    Sector(
        "thermal-charger",
        "Thermal charger",
        (
            Entry("Two cells, two charger spins, the second one thermal", thermal_charger),
            Entry(
                "One cell, N thermal charger spins",
                lambda: thermal_charger(cells=1, chargers=N, thermal=N),
            ),
            Entry(
                "One cell, four thermal charger spins",
                lambda: thermal_charger(cells=1, chargers=4, thermal=4),
            ),
            Entry(
                "Two cells, four thermal charger spins",
                lambda: thermal_charger(cells=2, chargers=4, thermal=4),
            ),
        ),
        tuple(Curve(f"$p_1={p}$", thermal_charger, {"population": p}) for p in (1.0, 0.5, 0.0)),
        4.5,
    ),
)
