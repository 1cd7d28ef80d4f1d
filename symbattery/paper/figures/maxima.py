r"""Largest energies and powers of batteries of several sizes: the tables behind Figs. 2 to 5.

The numbers printed for Fig. 3 are the largest energies with :math:`gt\le10`, not the first peaks;
with more than two cells these differ. Both are in the tables.

In the limit of many charger spins, the benchmark has two readings: M photons that charge an empty
battery, as the paper describes it, and the limit of Eq. (3) with all spins up, which is the
emission of a full battery into an empty cavity, seen from the charger
(:mod:`symbattery.limits.infinite_charger`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from numerics import CavityCharger, SpinCharger, charge
from numerics.dynamics.chain_evolution import ChainDynamics
from numerics.maxima.search import first_peak, highest_power, largest_energy
from numerics.sectors.chains import Chains
from symbattery.api import solve
from symbattery.core.errors import UnsolvedError
from symbattery.limits.large_battery import LargeSize
from symbattery.model.symbols import g, omega_0
from symbattery.paper.figures.tables import Column, TableKind, TableTask

__all__ = [
    "ANISOTROPIES",
    "BENCHMARKS",
    "COUPLING",
    "IDEAL",
    "LAW_FROM",
    "SINGLE_POWER",
    "WINDOW",
    "benchmark_powers",
    "benchmark_rows",
    "benchmark_task",
    "law_rows",
    "law_task",
    "limit_chain",
    "power_tasks",
    "sense_rows",
    "sense_task",
    "spin_powers",
    "spin_rows",
    "spin_task",
]

Rows = Iterator[Sequence[float]]
Parameters = tuple[tuple[str, str], ...]

# g/ω0 of every figure, and the window in gt in which the paper looks for the largest energy.
COUPLING, WINDOW = 0.1, 10.0
ANISOTROPIES = (0.0, 0.2, 0.6, 1.0)
BENCHMARKS = {
    "photons": "M photons charge an empty battery",
    "limit": "N to infinity of Eq. (3): a full battery emits into an empty cavity",
}
IDEAL = ("initial state", "all cells down, all charger spins up")
# p_max/(g ω0) of one cell, below Eq. (12); the same for one photon.
SINGLE_POWER = charge(SpinCharger(1, 1)).max_power().value
# The law of large batteries has no largest power for fewer cells.
LAW_FROM = 3

_MAXIMA = (
    Column("M", "1", "number of cells"),
    Column("N", "1", "number of charger spins, or of photons"),
    Column("E_max", "omega_0", f"largest stored energy with 0 <= g t <= {WINDOW:g} (drawn)"),
    Column("t_E", "1/g", "its time"),
    Column("E_first", "omega_0", "first local maximum of the stored energy"),
    Column("t_first", "1/g", "its time"),
    Column("P_max", "sqrt(N) g omega_0", "largest average power, over all times"),
    Column("t_P", "1/g", "its time"),
)
_PAPERS_READING = (
    "numerics, double precision, peaks certified between samples; the paper's reading of a maximum "
    f"is the largest value with g t <= {WINDOW:g}, and first peaks are smaller for some sizes"
)
_POWERS = (
    Column("M", "1", "number of cells"),
    Column("P_max", "g omega_0", "largest average power, over all times"),
    Column("t_P", "1/g", "its time"),
    Column("eta", "1", "P_max/(M p_max) of Eq. (10), p_max of one cell with one spin or photon"),
)
_LAW = (
    Column("M", "1", "number of cells, and of charger spins"),
    Column("P_max", "g omega_0", "largest average power, over all times"),
    Column("eta", "1", "P_max/(M p_max) of Eq. (10)"),
    Column("eta_0", "1", "the law of large batteries, with the exact p_max; empty: no such law"),
    Column("eta_1", "1", "the law with the next order in 1/M"),
    Column("beta", "1", "d ln eta/d ln M of the law"),
)
_SENSES = (
    Column("M", "1", "number of cells, and of charger spins"),
    Column("E_first", "omega_0", "first local maximum"),
    Column("t_first", "1/g", "its time"),
    Column("E_window", "omega_0", f"largest value with 0 <= g t <= {WINDOW:g}"),
    Column("t_window", "1/g", "its time"),
    Column("E_supremum", "omega_0", "supremum over all times; empty: not derived"),
    Column("attained", "1", "1 where some time reaches the supremum, 0 where none does"),
    Column("P_max", "g omega_0", "largest average power, over all times"),
    Column("t_P", "1/g", "its time"),
)


def spin_rows(sizes: Sequence[int], ratio: int, anisotropy: float) -> Rows:
    """Rows for M cells and ``ratio`` M charger spins."""
    for cells in sizes:
        model = SpinCharger(cells, ratio * cells, coupling=COUPLING, anisotropy=anisotropy)
        charging = charge(model)
        top, first = charging.max_energy(WINDOW / COUPLING), charging.first_peak()
        power, root = charging.max_power(), float(np.sqrt(ratio * cells))
        yield (
            cells,
            ratio * cells,
            top.value,
            COUPLING * top.time,
            first.value,
            COUPLING * first.time,
            power.value / (COUPLING * root),
            COUPLING * power.time,
        )


def limit_chain(cells: int) -> ChainDynamics:
    r"""The chain of :math:`N\to\infty` at :math:`\tilde g=1`: hops :math:`(k+1)\sqrt{M-k}`."""
    k = np.arange(cells, dtype=np.float64)
    zero = np.zeros(1, dtype=np.intp)
    hops = (k + 1) * np.sqrt(cells - k)
    return ChainDynamics([Chains(np.zeros((1, cells + 1)), hops[None], zero, zero, np.ones(1))])


def benchmark_rows(sizes: Sequence[int], reading: str) -> Rows:
    r"""Rows for M cells and a cavity, with the coupling :math:`\tilde g=\sqrt N\,g`, N = M."""
    for cells in sizes:
        root = float(np.sqrt(cells))
        until = WINDOW * root
        if reading == "limit":
            chain = limit_chain(cells)
            peaks = largest_energy(chain, until), first_peak(chain), highest_power(chain)
        else:
            charging = charge(CavityCharger(cells))
            peaks = charging.max_energy(until), charging.first_peak(), charging.max_power()
        pairs = ((peak.value, peak.time / root) for peak in peaks)
        yield (cells, cells, *(number for pair in pairs for number in pair))


def spin_powers(sizes: Sequence[int], anisotropy: float) -> Rows:
    """Rows of the power for as many charger spins as cells."""
    for cells in sizes:
        model = SpinCharger(cells, cells, coupling=COUPLING, anisotropy=anisotropy)
        peak = charge(model).max_power()
        power = peak.value / COUPLING
        yield cells, power, COUPLING * peak.time, power / (cells * SINGLE_POWER)


def benchmark_powers(sizes: Sequence[int], reading: str) -> Rows:
    """Rows of the power for a cavity whose coupling g is the same for all sizes."""
    for cells in sizes:
        if reading == "limit":
            peak = highest_power(limit_chain(cells))
        else:
            peak = charge(CavityCharger(cells)).max_power()
        yield cells, peak.value, peak.time, peak.value / (cells * SINGLE_POWER)


def law_rows(sizes: Sequence[int]) -> Rows:
    """Rows of η for N = M at γ = 0, and of the law of large batteries."""
    law, units = LargeSize(), {g: 1, omega_0: 1}
    for cells in sizes:
        power, parallel = charge(SpinCharger(cells, cells)).max_power().value, cells * SINGLE_POWER
        laws = [np.nan] * 3
        if cells >= LAW_FROM:
            tops = (law.max_power(cells, order).value.subs(units) for order in (0, 1))
            laws = [float(top.evalf()) / parallel for top in tops]
            laws.append(float(law.exponent(cells).evalf()))
        yield (cells, power, power / parallel, *laws)


def sense_rows(sizes: Sequence[int]) -> Rows:
    """Rows of the largest energy in its three senses, for N = M at γ = 0."""
    for cells in sizes:
        model = SpinCharger(cells, cells)
        charging = charge(model)
        peaks = charging.first_peak(), charging.max_energy(WINDOW)
        power = charging.max_power()
        try:
            top = solve(model).maximum("supremum")
            supremum = float((top.value / omega_0).evalf()), float(top.attained)
        except UnsolvedError:
            supremum = np.nan, np.nan
        numbers = (number for peak in peaks for number in (peak.value, peak.time))
        yield (cells, *numbers, *supremum, power.value, power.time)


_SPINS = TableKind("E_max and P_max of M cells, spin charger", _PAPERS_READING, _MAXIMA, spin_rows)
_CAVITY = TableKind("E_max and P_max of M cells, cavity", _PAPERS_READING, _MAXIMA, benchmark_rows)
_ADVANTAGE = "collective advantage eta, N = M"
_GLOBAL = "numerics, double precision, every largest power is global"
_SPIN_POWERS = TableKind(_ADVANTAGE, _GLOBAL, _POWERS, spin_powers)
_CAVITY_POWERS = TableKind(_ADVANTAGE, _GLOBAL, _POWERS, benchmark_powers)
_LAW_TABLE = TableKind(
    "collective advantage eta",
    "P_max by numerics, double precision; laws by symbattery.limits.large_battery.LargeSize",
    _LAW,
    law_rows,
)
_SENSE_TABLE = TableKind(
    "largest energies in three senses",
    "first peak, window and power by numerics, double precision; suprema in closed form by "
    "symbattery.solve, which proves the frequencies rationally independent up to M = N = 8",
    _SENSES,
    sense_rows,
)


def _span(sizes: Sequence[int]) -> str:
    return f"{sizes[0]} ... {sizes[-1]}"


def _spin_parameters(sizes: Sequence[int], ratio: int, anisotropy: float) -> Parameters:
    return (
        ("M", _span(sizes)),
        ("N/M", str(ratio)),
        ("gamma", f"{anisotropy:g}"),
        ("g/omega_0", f"{COUPLING:g}"),
        IDEAL,
    )


def spin_task(name: str, sizes: Sequence[int], ratio: int, anisotropy: float) -> TableTask:
    """The maxima of the spin-charging protocol."""
    parameters = _spin_parameters(sizes, ratio, anisotropy)
    return _SPINS.task(name, parameters, tuple(sizes), ratio, anisotropy)


def benchmark_task(name: str, sizes: Sequence[int], reading: str) -> TableTask:
    """The maxima of the cavity-charging protocol, in one of the two readings."""
    parameters = (
        ("M", _span(sizes)),
        ("N/M", "1"),
        ("gamma", "0"),
        ("coupling of the cavity", "sqrt(N) g"),
        ("initial state", BENCHMARKS[reading]),
    )
    return _CAVITY.task(name, parameters, tuple(sizes), reading)


def power_tasks(name: str, sizes: Sequence[int]) -> Iterator[TableTask]:
    """The advantage for each γ, and for the cavity in both readings."""
    for gamma in ANISOTROPIES:
        parameters = _spin_parameters(sizes, 1, gamma)
        yield _SPIN_POWERS.task(f"{name}-gamma-{gamma:g}", parameters, tuple(sizes), gamma)
    for reading, start in BENCHMARKS.items():
        own: Parameters = (
            ("M", _span(sizes)),
            ("gamma", "0"),
            ("coupling of the cavity", "g, the same for all M"),
            ("initial state", start),
        )
        yield _CAVITY_POWERS.task(f"{name}-tc-{reading}", own, tuple(sizes), reading)


_EQUAL = (("N/M", "1"), ("gamma", "0"), IDEAL)


def law_task(name: str, sizes: Sequence[int]) -> TableTask:
    """The advantage up to large sizes, and its law."""
    parameters = (("M", f"{_span(sizes)}, {len(sizes)} sizes"), *_EQUAL)
    return _LAW_TABLE.task(name, parameters, tuple(sizes))


def sense_task(name: str, sizes: Sequence[int]) -> TableTask:
    """The largest energy in its three senses."""
    return _SENSE_TABLE.task(name, (("M", _span(sizes)), *_EQUAL), tuple(sizes))
