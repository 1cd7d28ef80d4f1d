"""Names of the command line: sectors, formats, parts of the report, sections and figures.

Nothing is loaded for them: a name that is not here is refused at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import symbattery

__all__ = ["FIGURES", "FORMATS", "PARTS", "SECTIONS", "SECTORS", "Entry", "Sector"]

PARTS = ("formulas", "ledger", "figures", "beyond", "maps")
"""The parts of the report, in the order in which they are made; the last one takes longest."""

SECTIONS = ("I", "II", "III", "IV", "V", "A")
FIGURES = (*"23456789", "beyond", "maps", "all")
_TEMPLATES = files("symbattery") / "output" / "code" / "templates"
FORMATS = ("latex", *sorted(one.name.partition(".")[0] for one in _TEMPLATES.iterdir()), "json")
"""The forms of ``export --to``: each language has its template."""


@dataclass(frozen=True)
class Entry:
    """One solution of a sector, derived when asked for."""

    title: str
    derive: Callable[[], symbattery.Solution]


@dataclass(frozen=True)
class Sector:
    """A solvable sector.

    Attributes
    ----------
    name, title : str
        On the command line, and in headings.
    function : str
        The name of the function of its solutions, with the options of the command line.
    entries : tuple of Entry
        The solutions that are verified and reported.
    curves : mapping of str to mapping
        The lines of its figure: labels, and the parameters of the solution without arguments.
    reach : float
        End of the time axis, in units of 1/g.
    """

    name: str
    title: str
    function: str
    entries: tuple[Entry, ...]
    curves: Mapping[str, Mapping[str, Any]]
    reach: float

    @property
    def derive(self) -> Callable[..., symbattery.Solution]:
        """The function of its solutions; its arguments are the options of the command line."""
        function: Callable[..., symbattery.Solution] = getattr(symbattery, self.function)
        return function


def _all_thermal() -> symbattery.Solution:
    every = symbattery.symbols.N
    return symbattery.thermal_charger(cells=1, chargers=every, thermal=every)


SECTORS = (
    Sector(
        "single-cell", "One cell", "single_cell",
        (
            Entry("One cell, all charger spins up", lambda: symbattery.single_cell()),
            Entry("One cell, m charger spins up",
                  lambda: symbattery.single_cell(excited_chargers=symbattery.symbols.m)),
            Entry("One cell, one charger spin, any anisotropy",
                  lambda: symbattery.single_cell(1, anisotropy=symbattery.symbols.gamma)),
        ),
        {f"$N={n}$": {"chargers": n} for n in (1, 4, 16)}, 3.2,
    ),
    Sector(
        "two-cells", "Two cells", "two_cells",
        (
            Entry("Two cells, all charger spins up", lambda: symbattery.two_cells()),
            Entry("Two cells, m charger spins up",
                  lambda: symbattery.two_cells(excited_chargers=symbattery.symbols.m)),
        ),
        {f"$N={n}$": {"chargers": n} for n in (1, 2, 20)}, 2.4,
    ),
    Sector(
        "thermal-charger", "Thermal charger", "thermal_charger",
        (
            Entry("Two cells, two charger spins, the second one thermal",
                  lambda: symbattery.thermal_charger()),
            Entry("One cell, N thermal charger spins", _all_thermal),
            Entry("One cell, four thermal charger spins",
                  lambda: symbattery.thermal_charger(cells=1, chargers=4, thermal=4)),
            Entry("Two cells, four thermal charger spins",
                  lambda: symbattery.thermal_charger(cells=2, chargers=4, thermal=4)),
        ),
        {f"$p_1={p}$": {"population": p} for p in (1.0, 0.5, 0.0)}, 4.5,
    ),
)  # fmt: skip
