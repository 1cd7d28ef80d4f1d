r"""Largest energies and powers of batteries of several sizes: the tables behind Figs. 2 to 5.

The numbers printed for Fig. 3 are the largest energies with :math:`gt\le10`, not the first peaks;
with more than two cells these differ. Both are in the tables.

In the limit of many charger spins, the benchmark has two readings: M photons that charge an empty
battery, as the paper describes it, and the limit of Eq. (3) with all spins up, which is the
emission of a full battery into an empty cavity, seen from the charger
(:mod:`symbattery.limits.many_chargers`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from numerics import CavityCharger, SpinCharger, charge
from numerics.dynamics.chain_evolution import ChainDynamics
from numerics.maxima.search import first_peak, highest_power, largest_energy
from numerics.sectors.chains import Chains
from symbattery.paper.figures.tables import Column, Rows, TableKind, TableTask

__all__ = [
    "ANISOTROPIES",
    "BENCHMARKS",
    "COUPLING",
    "IDEAL",
    "SINGLE_POWER",
    "WINDOW",
    "benchmark_powers",
    "benchmark_rows",
    "benchmark_task",
    "limit_chain",
    "power_tasks",
    "span",
    "spin_powers",
    "spin_rows",
    "spin_task",
]

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


def spin_rows(sizes: Sequence[int], ratio: int, anisotropy: float) -> Rows:
    """Rows for M cells and ``ratio`` M charger spins."""
    for cells in sizes:
        model = SpinCharger(cells, ratio * cells, coupling=COUPLING, anisotropy=anisotropy)
        charging, root = charge(model), float(np.sqrt(ratio * cells))
        peaks = (
            charging.maximum(until=WINDOW / COUPLING),
            charging.first_peak(),
            charging.max_power(),
        )
        units = (1.0, 1.0, COUPLING * root)
        pairs = ((p.value / unit, COUPLING * p.time) for p, unit in zip(peaks, units, strict=True))
        yield (cells, ratio * cells, *(number for pair in pairs for number in pair))


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
            peaks = charging.maximum(until=until), charging.first_peak(), charging.max_power()
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


_SPINS = TableKind("E_max and P_max of M cells, spin charger", _PAPERS_READING, _MAXIMA, spin_rows)
_CAVITY = TableKind("E_max and P_max of M cells, cavity", _PAPERS_READING, _MAXIMA, benchmark_rows)
_ADVANTAGE = "collective advantage eta, N = M"
_GLOBAL = "numerics, double precision, every largest power is global"
_SPIN_POWERS = TableKind(_ADVANTAGE, _GLOBAL, _POWERS, spin_powers)
_CAVITY_POWERS = TableKind(_ADVANTAGE, _GLOBAL, _POWERS, benchmark_powers)


def span(sizes: Sequence[int]) -> str:
    """Sizes in words, the first and the last."""
    return f"{sizes[0]} ... {sizes[-1]}"


def _spin_parameters(sizes: Sequence[int], ratio: int, anisotropy: float) -> Parameters:
    return (
        ("M", span(sizes)),
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
        ("M", span(sizes)),
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
            ("M", span(sizes)),
            ("gamma", "0"),
            ("coupling of the cavity", "g, the same for all M"),
            ("initial state", start),
        )
        yield _CAVITY_POWERS.task(f"{name}-tc-{reading}", own, tuple(sizes), reading)
