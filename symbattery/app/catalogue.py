"""The catalogue: the sectors that the command line derives by name, verifies and plots."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from symbattery.api import Solution, single_cell, thermal_charger, two_cells
from symbattery.symbols import N, gamma, m

__all__ = ["SECTORS", "Entry", "Sector"]


@dataclass(frozen=True)
class Entry:
    """One solution of a sector, derived when asked for."""

    title: str
    derive: Callable[[], Solution]


@dataclass(frozen=True)
class Sector:
    """A solvable sector.

    Attributes
    ----------
    name, title : str
        On the command line, and in headings.
    derive : callable
        The function of its solutions; its arguments are the options of the command line.
    entries : tuple of Entry
        The solutions that are verified and reported.
    curves : mapping of str to mapping
        The lines of its figure: labels, and the parameters of the solution without arguments.
    reach : float
        End of the time axis, in units of 1/g.
    """

    name: str
    title: str
    derive: Callable[..., Solution]
    entries: tuple[Entry, ...]
    curves: Mapping[str, Mapping[str, Any]]
    reach: float


SECTORS = (
    Sector(
        "single-cell", "One cell", single_cell,
        (
            Entry("One cell, all charger spins up", single_cell),
            Entry("One cell, m charger spins up", partial(single_cell, excited_chargers=m)),
            Entry("One cell, one charger spin, any anisotropy",
                  partial(single_cell, 1, anisotropy=gamma)),
        ),
        {f"$N={n}$": {"chargers": n} for n in (1, 4, 16)}, 3.2,
    ),
    Sector(
        "two-cells", "Two cells", two_cells,
        (
            Entry("Two cells, all charger spins up", two_cells),
            Entry("Two cells, m charger spins up", partial(two_cells, excited_chargers=m)),
        ),
        {f"$N={n}$": {"chargers": n} for n in (1, 2, 20)}, 2.4,
    ),
    Sector(
        "thermal-charger", "Thermal charger", thermal_charger,
        (
            Entry("Two cells, two charger spins, the second one thermal", thermal_charger),
            Entry("One cell, N thermal charger spins",
                  partial(thermal_charger, cells=1, chargers=N, thermal=N)),
            Entry("One cell, four thermal charger spins",
                  partial(thermal_charger, cells=1, chargers=4, thermal=4)),
            Entry("Two cells, four thermal charger spins",
                  partial(thermal_charger, cells=2, chargers=4, thermal=4)),
        ),
        {f"$p_1={p}$": {"population": p} for p in (1.0, 0.5, 0.0)}, 4.5,
    ),
)  # fmt: skip
