r"""The largest energy and power of batteries of several sizes, in the paper's reading.

The numbers printed for Fig. 3 are the largest energies with :math:`gt\le10`, not the first peaks;
with more than two cells these differ. Both are kept.

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
from symbattery.paper.figures.table_tasks import TableTask
from symbattery.paper.figures.tables import Column, Head

__all__ = [
    "ANISOTROPIES",
    "BENCHMARKS",
    "COUPLING",
    "WINDOW",
    "benchmark_piece",
    "limit_chain",
    "spin_piece",
]

# g/ω0 of every figure, and the window in gt in which the paper looks for the largest energy.
COUPLING, WINDOW = 0.1, 10.0
ANISOTROPIES = (0.0, 0.2, 0.6, 1.0)
BENCHMARKS = {
    "photons": "M photons charge an empty battery",
    "limit": "N to infinity of Eq. (3): a full battery emits into an empty cavity",
}

_COLUMNS = (
    Column("M", "1", "number of cells"),
    Column("N", "1", "number of charger spins, or of photons"),
    Column("E_max", "omega_0", f"largest stored energy with 0 <= g t <= {WINDOW:g} (drawn)"),
    Column("t_E", "1/g", "its time"),
    Column("E_first", "omega_0", "first local maximum of the stored energy"),
    Column("t_first", "1/g", "its time"),
    Column("P_max", "sqrt(N) g omega_0", "largest average power, over all times"),
    Column("t_P", "1/g", "its time"),
)
_METHOD = (
    "numerics, double precision, peaks certified between samples; the paper's reading of a maximum "
    f"is the largest value with g t <= {WINDOW:g}, and first peaks are smaller for some sizes"
)


def _sizes(sizes: Sequence[int]) -> str:
    return f"{sizes[0]} ... {sizes[-1]}"


def spin_rows(sizes: Sequence[int], ratio: int, anisotropy: float) -> Iterator[Sequence[float]]:
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


def benchmark_rows(sizes: Sequence[int], reading: str) -> Iterator[Sequence[float]]:
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


def spin_piece(name: str, sizes: Sequence[int], ratio: int, anisotropy: float) -> TableTask:
    """The maxima of the spin-charging protocol."""
    parameters = (
        ("M", _sizes(sizes)),
        ("N/M", str(ratio)),
        ("gamma", f"{anisotropy:g}"),
        ("g/omega_0", f"{COUPLING:g}"),
        ("initial state", "all cells down, all charger spins up"),
    )
    head = Head(name, "E_max and P_max of M cells, spin charger", parameters, _METHOD, _COLUMNS)
    return TableTask(head, spin_rows, (tuple(sizes), ratio, anisotropy))


def benchmark_piece(name: str, sizes: Sequence[int], reading: str) -> TableTask:
    """The maxima of the cavity-charging protocol, in one of the two readings."""
    parameters = (
        ("M", _sizes(sizes)),
        ("N/M", "1"),
        ("gamma", "0"),
        ("coupling of the cavity", "sqrt(N) g"),
        ("initial state", BENCHMARKS[reading]),
    )
    head = Head(name, "E_max and P_max of M cells, cavity", parameters, _METHOD, _COLUMNS)
    return TableTask(head, benchmark_rows, (tuple(sizes), reading))
