"""Names of the command line: sectors, formats, parts of the report, sections and figures.

Nothing is loaded for them: a name that is not here is refused at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from inspect import Signature, signature
from typing import Any

import symbattery

__all__ = ["FIGURES", "FORMATS", "PAPERS", "PARTS", "SECTIONS", "SECTORS", "Entry", "Sector"]

PARTS = ("formulas", "ledger", "figures", "beyond", "maps")
"""The parts of the report, in the order in which they are made; the last one takes longest."""

PAPERS = (
    "2109.00687", "2411.01175", "2502.07513", "2103.07828", "2606.11557", "2205.11074",
    "1707.04930", "1807.08656", "2107.05248", "2312.13444", "2412.15339", "2210.01355",
    "2603.10415", "2009.09791", "2308.01188", "2606.10054", "1811.04005", "2302.09905",
)  # fmt: skip
"""The papers of ``claims --paper``, the one that the package began with first."""
SECTIONS = ("I", "II", "III", "IV", "V", "A", "beyond")
FIGURES = (*"23456789", "beyond", "open", "maps", "best-starts", "all")
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
    derive: Callable[..., symbattery.Solution]
    entries: tuple[Entry, ...]
    curves: Mapping[str, Mapping[str, Any]]
    reach: float


@dataclass(frozen=True)
class _Public:
    """A function of the package, loaded once it is called or asked for its arguments."""

    name: str

    @property
    def _function(self) -> Callable[..., symbattery.Solution]:
        function: Callable[..., symbattery.Solution] = getattr(symbattery, self.name)
        return function

    @property
    def __signature__(self) -> Signature:
        return signature(self._function)

    def __call__(self, *arguments: Any, **named: Any) -> symbattery.Solution:
        return self._function(*arguments, **named)


_SINGLE, _TWO, _THERMAL = map(_Public, ("single_cell", "two_cells", "thermal_charger"))


def _all_thermal() -> symbattery.Solution:
    every = symbattery.symbols.N
    return _THERMAL(cells=1, chargers=every, thermal=every)


SECTORS = (
    Sector(
        "single-cell", "One cell", _SINGLE,
        (
            Entry("One cell, all charger spins up", _SINGLE),
            Entry("One cell, m charger spins up",
                  lambda: _SINGLE(excited_chargers=symbattery.symbols.m)),
            Entry("One cell, one charger spin, any anisotropy",
                  lambda: _SINGLE(1, anisotropy=symbattery.symbols.gamma)),
        ),
        {f"$N={n}$": {"chargers": n} for n in (1, 4, 16)}, 3.2,
    ),
    Sector(
        "two-cells", "Two cells", _TWO,
        (
            Entry("Two cells, all charger spins up", _TWO),
            Entry("Two cells, m charger spins up",
                  lambda: _TWO(excited_chargers=symbattery.symbols.m)),
        ),
        {f"$N={n}$": {"chargers": n} for n in (1, 2, 20)}, 2.4,
    ),
    Sector(
        "thermal-charger", "Thermal charger", _THERMAL,
        (
            Entry("Two cells, two charger spins, the second one thermal", _THERMAL),
            Entry("One cell, N thermal charger spins", _all_thermal),
            Entry("One cell, four thermal charger spins",
                  partial(_THERMAL, cells=1, chargers=4, thermal=4)),
            Entry("Two cells, four thermal charger spins",
                  partial(_THERMAL, cells=2, chargers=4, thermal=4)),
        ),
        {f"$p_1={p}$": {"population": p} for p in (1.0, 0.5, 0.0)}, 4.5,
    ),
)  # fmt: skip
