r"""Fig. 5: the collective advantage :math:`\eta` of Eq. (10) against M, for N = M."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from numerics import CavityCharger, SpinCharger, charge
from numerics.maxima.search import highest_power
from symbattery.paper.figures.figure4 import BENCHMARK_LOOKS, LOOKS
from symbattery.paper.figures.maxima import ANISOTROPIES, BENCHMARKS, COUPLING, limit_chain
from symbattery.paper.figures.plots import Axis, Curve, Panel, Plot
from symbattery.paper.figures.table_tasks import FigureSpec, Tables, TableTask
from symbattery.paper.figures.tables import Column, Head, Table

__all__ = ["SHEET", "SINGLE_POWER", "fitted"]

SIZES = range(1, 101)
# The sizes of the fit: its slope is that of the curve at the end of the figure.
FITTED = (90, 100)
# Places of the sizes with a marker: more would cover each other.
_DRAWN = np.unique(np.round(np.geomspace(1, 100, 25)).astype(np.intp)) - 1
_COLUMNS = (
    Column("M", "1", "number of cells"),
    Column("P_max", "g omega_0", "largest average power, over all times"),
    Column("t_P", "1/g", "its time"),
    Column("eta", "1", "P_max/(M p_max) of Eq. (10), p_max of one cell with one spin or photon"),
)
_METHOD = "numerics, double precision, every largest power is global"
_FITS = Head(
    "figure-5-exponents",
    "power laws eta = prefactor M^beta of Eq. (11)",
    (("M", f"{FITTED[0]} ... {FITTED[1]}"), ("N/M", "1")),
    "least squares of ln eta against ln M, of the values in the other files",
    (
        Column("curve", "1", "gamma of the spin charger; -1 for M photons, -2 for the limit"),
        Column("beta", "1", "the exponent"),
        Column("prefactor", "1", "of the power law"),
    ),
)
# p_max/(g ω0) of one cell, below Eq. (12); the same for one photon.
SINGLE_POWER = charge(SpinCharger(1, 1)).max_power().value


def spin_rows(sizes: Sequence[int], anisotropy: float) -> Iterator[Sequence[float]]:
    """Rows for as many charger spins as cells."""
    for cells in sizes:
        model = SpinCharger(cells, cells, coupling=COUPLING, anisotropy=anisotropy)
        peak = charge(model).max_power()
        power = peak.value / COUPLING
        yield cells, power, COUPLING * peak.time, power / (cells * SINGLE_POWER)


def benchmark_rows(sizes: Sequence[int], reading: str) -> Iterator[Sequence[float]]:
    """Rows for a cavity whose coupling g is the same for all sizes."""
    for cells in sizes:
        if reading == "limit":
            peak = highest_power(limit_chain(cells))
        else:
            peak = charge(CavityCharger(cells)).max_power()
        yield cells, peak.value, peak.time, peak.value / (cells * SINGLE_POWER)


def fitted(cells: object, eta: object) -> tuple[float, float]:
    """The exponent and the prefactor at the end of a curve."""
    m, ratio = np.asarray(cells, dtype=np.float64), np.asarray(eta, dtype=np.float64)
    chosen = (m >= FITTED[0]) & (m <= FITTED[1])
    beta, constant = np.polyfit(np.log(m[chosen]), np.log(ratio[chosen]), 1)
    return float(beta), float(np.exp(constant))


def _curves() -> Iterator[tuple[str, str, str, float]]:
    """Table, label, look and number of each curve."""
    for anisotropy, look in zip(ANISOTROPIES, LOOKS, strict=True):
        label = rf"$\gamma={anisotropy:g}$"
        yield f"figure-5-gamma-{anisotropy:g}", label, look, anisotropy
    for number, (reading, (label, look)) in zip((-1, -2), BENCHMARK_LOOKS.items(), strict=True):
        yield f"figure-5-tc-{reading}", label, look, number


def _derive(tables: Tables) -> tuple[Table, ...]:
    rows = [(n, *fitted(tables[name]["M"], tables[name]["eta"])) for name, _, _, n in _curves()]
    return (Table.of(_FITS, rows),)


def _plate(tables: Tables) -> Plot:
    fits = tables[_FITS.name]
    curves: list[Curve] = []
    guides: list[Curve] = []
    for number, (name, label, look, _) in enumerate(_curves()):
        table = tables[name]
        beta, prefactor = fits["beta"][number], fits["prefactor"][number]
        text = rf"{label}, $\beta={beta:.2f}$"
        drawn = slice(None) if name.startswith("figure-5-gamma") else _DRAWN
        curves.append(Curve(text, table["M"][drawn], table["eta"][drawn], look))
        span = np.array([10.0, 100.0])
        label = r"$\propto M^{\beta}$" if not guides else ""
        guides.append(Curve(label, span, prefactor * span**beta, "guide"))
    x, y = Axis("$M$", (0.9, 112), "log"), Axis(r"$\eta$", (0.8, 40), "log")
    return Plot((Panel("", x, y, (*curves, *guides)),), height=3.4, legend_columns=2)


def _pieces() -> Iterator[TableTask]:
    what = "collective advantage eta, N = M"
    for anisotropy in ANISOTROPIES:
        parameters: tuple[tuple[str, str], ...] = (
            ("M", "1 ... 100"),
            ("N/M", "1"),
            ("gamma", f"{anisotropy:g}"),
            ("g/omega_0", f"{COUPLING:g}"),
            ("initial state", "all cells down, all charger spins up"),
        )
        head = Head(f"figure-5-gamma-{anisotropy:g}", what, parameters, _METHOD, _COLUMNS)
        yield TableTask(head, spin_rows, (tuple(SIZES), anisotropy))
    for reading, start in BENCHMARKS.items():
        parameters = (
            ("M", "1 ... 100"),
            ("gamma", "0"),
            ("coupling of the cavity", "g, the same for all M"),
            ("initial state", start),
        )
        head = Head(f"figure-5-tc-{reading}", what, parameters, _METHOD, _COLUMNS)
        yield TableTask(head, benchmark_rows, (tuple(SIZES), reading))


CAPTION = (
    "Collective advantage η of Eq. (10) against M, for N = M, with the exponents β of η ∝ "
    "M^β fitted from M = 90 to 100. The cavity is drawn in both readings: M photons that "
    "charge an empty battery, and the limit N → ∞ of the spins, full cells that emit into "
    "an empty cavity."
)
SHEET = FigureSpec("figure-5", tuple(_pieces()), _plate, _derive, caption=CAPTION)
