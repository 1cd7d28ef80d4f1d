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

from numerics import CavityCharger, Charging, SpinCharger, charge, fock
from numerics.dynamics.chain_evolution import ChainDynamics
from numerics.maxima.search import Peak, first_peak, highest_power, largest_energy
from numerics.model.models import Model
from numerics.sectors.chains import Chains
from numerics.sweeps.points import Point
from symbattery.paper.figures.tables import Column, Floats, Parameters, TableKind, TableTask

__all__ = [
    "ANISOTROPIES",
    "BENCHMARKS",
    "COUPLING",
    "IDEAL",
    "SINGLE_POWER",
    "WINDOW",
    "benchmark_task",
    "cavity_maxima",
    "cavity_point",
    "limit_chain",
    "limit_maxima",
    "limit_populations",
    "limit_powers",
    "limit_work",
    "power_tasks",
    "powers",
    "span",
    "spin_maxima",
    "spin_point",
    "spin_task",
]

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
    Column("W", "omega_0", "ergotropy at t_E, by all unitaries"),
    Column("W_local", "omega_0", "ergotropy at t_E, by rotations of each cell"),
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


def spin_maxima(charging: Charging) -> tuple[float, ...]:
    """The maxima of a spin charger."""
    peaks = (
        charging.maximum(until=WINDOW / COUPLING),
        charging.first_peak(),
        charging.max_power(),
    )
    units = (1.0, 1.0, COUPLING * float(np.sqrt(charging.model.chargers)))
    pairs = ((p.value / unit, COUPLING * p.time) for p, unit in zip(peaks, units, strict=True))
    return (*(number for pair in pairs for number in pair), *_work(charging, peaks[0].time))


def _work(charging: Charging, time: float) -> list[float]:
    return [charging.ergotropy(time, sense=sense) for sense in ("full", "local")]


def limit_chain(cells: int) -> ChainDynamics:
    r"""The chain of :math:`N\to\infty` at :math:`\tilde g=1`: hops :math:`(k+1)\sqrt{M-k}`."""
    k = np.arange(cells, dtype=np.float64)
    zero = np.zeros(1, dtype=np.intp)
    hops = (k + 1) * np.sqrt(cells - k)
    return ChainDynamics([Chains(np.zeros((1, cells + 1)), hops[None], zero, zero, np.ones(1))])


def limit_work(populations: Floats) -> tuple[Floats, Floats]:
    """The ergotropies by all and by local unitaries in the limit; ``populations`` (T, M + 1)."""
    cells = populations.shape[1] - 1
    k = np.arange(cells + 1.0)
    energy, lowest = populations @ k, populations.max(axis=1) - populations[:, 0]
    return populations @ np.maximum(k - 1, 0) + lowest, np.maximum(0, 2 * energy - cells)


def limit_populations(emitting: Charging, times: Floats) -> Floats:
    r"""The populations of the limit at :math:`\tilde g=1`: those of full cells, read backwards."""
    return np.asarray(emitting.populations(times)[:, ::-1], dtype=np.float64)


def cavity_maxima(charging: Charging) -> tuple[float, ...]:
    r"""The maxima of a cavity, with the coupling :math:`\tilde g=\sqrt N\,g`, N = M."""
    root = float(np.sqrt(charging.model.cells))
    peaks = charging.maximum(until=WINDOW * root), charging.first_peak(), charging.max_power()
    return (*_in_time(peaks, root), *_work(charging, peaks[0].time))


def limit_maxima(emitting: Charging) -> tuple[float, ...]:
    """The same in the limit, in which full cells emit."""
    root, chain = float(np.sqrt(emitting.model.cells)), limit_chain(emitting.model.cells)
    peaks = largest_energy(chain, WINDOW * root), first_peak(chain), highest_power(chain)
    at_peak = limit_populations(emitting, np.array([peaks[0].time]))
    return (*_in_time(peaks, root), *(float(found[0]) for found in limit_work(at_peak)))


def _in_time(peaks: Sequence[Peak], root: float) -> Iterator[float]:
    for peak in peaks:
        yield peak.value
        yield peak.time / root


def powers(charging: Charging) -> tuple[float, float, float]:
    """The largest power, its time, and η, in units of g."""
    return _in_coupling(charging.max_power(), charging.model)


def limit_powers(emitting: Charging) -> tuple[float, float, float]:
    """The same in the limit, in which full cells emit."""
    return _in_coupling(highest_power(limit_chain(emitting.model.cells)), emitting.model)


def _in_coupling(peak: Peak, model: Model) -> tuple[float, float, float]:
    unit = float(model.coupling or 1)
    power = peak.value / unit
    return power, unit * peak.time, power / (model.cells * SINGLE_POWER)


_SPINS = TableKind(
    "E_max and P_max of M cells, spin charger", _PAPERS_READING, _MAXIMA, spin_maxima
)
_CAVITY = "E_max and P_max of M cells, cavity"
_CAVITIES = {
    "photons": TableKind(_CAVITY, _PAPERS_READING, _MAXIMA, cavity_maxima),
    "limit": TableKind(_CAVITY, _PAPERS_READING, _MAXIMA, limit_maxima),
}
_ADVANTAGE = "collective advantage eta, N = M"
_GLOBAL = "numerics, double precision, every largest power is global"
_SPIN_POWERS = TableKind(_ADVANTAGE, _GLOBAL, _POWERS, powers)
_CAVITY_POWERS = {
    "photons": _SPIN_POWERS,
    "limit": TableKind(_ADVANTAGE, _GLOBAL, _POWERS, limit_powers),
}


def span(sizes: Sequence[int]) -> str:
    """Sizes in words, the first and the last."""
    return f"{sizes[0]} ... {sizes[-1]}"


def spin_point(cells: int, ratio: int, anisotropy: float) -> Point:
    """M cells and ``ratio`` M charger spins."""
    return Point(SpinCharger(cells, ratio * cells, coupling=COUPLING, anisotropy=anisotropy))


def cavity_point(cells: int, reading: str, coupling: float | None = None) -> Point:
    """M cells and a cavity in one of the two readings; that of the limit has no coupling."""
    if reading == "limit":
        return Point(CavityCharger(cells), fock(0, excited_cells=cells))
    return Point(CavityCharger(cells, coupling=coupling))


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
    points = (spin_point(cells, ratio, anisotropy) for cells in sizes)
    return _SPINS.task(name, parameters, (((p.model.cells, p.model.chargers), p) for p in points))


def benchmark_task(name: str, sizes: Sequence[int], reading: str) -> TableTask:
    """The maxima of the cavity-charging protocol, in one of the two readings."""
    parameters = (
        ("M", span(sizes)),
        ("N/M", "1"),
        ("gamma", "0"),
        ("coupling of the cavity", "sqrt(N) g"),
        ("initial state", BENCHMARKS[reading]),
    )
    points = (((cells, cells), cavity_point(cells, reading)) for cells in sizes)
    return _CAVITIES[reading].task(name, parameters, points)


def power_tasks(name: str, sizes: Sequence[int]) -> Iterator[TableTask]:
    """The advantage for each γ, and for the cavity in both readings."""
    for gamma in ANISOTROPIES:
        parameters = _spin_parameters(sizes, 1, gamma)
        points = [((cells,), spin_point(cells, 1, gamma)) for cells in sizes]
        yield _SPIN_POWERS.task(f"{name}-gamma-{gamma:g}", parameters, points)
    for reading, start in BENCHMARKS.items():
        own: Parameters = (
            ("M", span(sizes)),
            ("gamma", "0"),
            ("coupling of the cavity", "g, the same for all M"),
            ("initial state", start),
        )
        points = [((cells,), cavity_point(cells, reading)) for cells in sizes]
        yield _CAVITY_POWERS[reading].task(f"{name}-tc-{reading}", own, points)
