r"""Charging by brute force: ladder matrices of both sides in their whole product.

Nothing is assumed to be conserved: what the Hamiltonian connects with the start is read off its
matrix, and diagonalised block by block. Descriptions of models and starts are all that it shares
with the engines. ω₀ and *g* that are left open are 1; peaks are found by sampling, not by slopes.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags, identity, kron
from scipy.sparse.csgraph import connected_components
from scipy.special import gammaln, xlogy

from numerics.maxima.search import Peak
from numerics.model.models import ClassicalDrive, Model, SpinCharger
from numerics.model.oscillator_models import TwoPhotonCharger
from numerics.model.states import Dicke, Fock, InitialState
from numerics.model.superpositions import Bloch, Gaussian
from symbattery.paper.judges.direct import Curve, Floats, top

__all__ = ["Brute"]

Matrix = npt.NDArray[np.complex128]
# Photons of a squeezed or coherent state are taken up to this probability of more.
_TAIL = 1e-13
# Photons that counter-rotating terms get to climb to above those of the start.
_CLIMB = 40
_CHUNK = 256


def _lowering(levels: int, photons: bool = False) -> csr_matrix:
    c = np.arange(1.0, levels + 1)
    return diags(np.sqrt(c if photons else c * (levels - c + 1)), 1, (levels + 1,) * 2).tocsr()


def _level(number: int, top_level: int) -> Floats:
    state = np.zeros(top_level + 1)
    state[number] = 1.0
    return state


def _mode(state: Gaussian) -> Floats:
    """Amplitudes of a coherent state with a positive amplitude, or of a squeezed vacuum."""
    alpha, r = float(state.displacement), float(state.squeezing)
    mean = alpha**2 + math.sinh(r) ** 2
    n = np.arange(int(40 * (mean + 2)) if r else int(mean + 14 * math.sqrt(mean) + 30))
    if r:
        half = n / 2.0
        logs = gammaln(n + 1) / 2 - half * math.log(2) - gammaln(half + 1)
        sizes = np.exp(logs + half * math.log(math.tanh(r)))
        found = np.where(n % 2, 0.0, sizes * np.where(n % 4, -1.0, 1.0)) / math.sqrt(math.cosh(r))
    else:
        found = np.exp(n * math.log(alpha) - gammaln(n + 1) / 2 - alpha**2 / 2)
    beyond = np.cumsum(found[::-1] ** 2)[::-1]
    return np.asarray(found[beyond > _TAIL])


def _sides(model: Model, initial: InitialState) -> tuple[Floats, Floats]:
    """The amplitudes of the levels of battery and charger at the start."""
    cells = int(2 * model.cell_spin * model.cells)
    state: Any = initial
    if isinstance(state, Fock):
        return _level(state.excited_cells, cells), _level(state.photons, state.photons)
    if isinstance(state, Dicke):
        spins = 0 if isinstance(model, ClassicalDrive) else int(model.chargers)
        return _level(state.excited_cells, cells), _level(state.excited_chargers or 0, spins)
    if isinstance(state.charger, Bloch):
        spins, angle = int(model.chargers), float(state.charger.theta) / 2
        up = np.arange(spins + 1)
        logs = gammaln(spins + 1) - gammaln(up + 1) - gammaln(spins - up + 1)
        found = np.exp(logs / 2 + up * np.log(np.cos(angle)) + up[::-1] * np.log(np.sin(angle)))
        return _level(0, cells), found
    return _level(0, cells), _mode(state.charger)


def _hill(curve: Curve, low: float, high: float) -> Peak:
    """The top of a smooth hill: that of the polynomial through samples around it."""
    around = top(curve, low, high, 9)[0]
    x = np.cos(np.pi * np.arange(13) / 12)
    half = min(high - low, around) / 4
    slope = np.polynomial.Chebyshev.fit(x, curve(around + half * x), 12).deriv()
    roots = slope.roots()
    best = float(np.real(roots[np.argmin(np.abs(roots))]))
    time = around + half * best
    return Peak(time, float(curve(np.array([time]))[0]))


class Brute:
    """A battery from a pure start; its methods are those of ``numerics.Charging``."""

    def __init__(self, model: Model, initial: InitialState | None = None) -> None:
        self.model = model
        battery, charger = _sides(model, model.default_start() if initial is None else initial)
        self._top = len(battery) - 1
        photons = not isinstance(model, SpinCharger | ClassicalDrive)
        if photons:
            room = self._top + (_CLIMB if model.anisotropy else 0)
            charger = np.concatenate([charger, np.zeros(room)])
        self._levels = np.arange(self._top + 1.0)
        self._shape = (self._top + 1, len(charger))
        self._start = np.kron(battery, charger)
        self._blocks = list(self._diagonalised(photons))

    def _diagonalised(self, photons: bool) -> Any:
        matrix = self._hamiltonian(photons)
        _, label = connected_components(matrix, directed=False)
        order = np.argsort(label, kind="stable")
        for places in np.split(order, np.flatnonzero(np.diff(label[order])) + 1):
            start = self._start[places]
            if np.any(start):
                values, modes = np.linalg.eigh(matrix[places][:, places].toarray())
                yield places, values, modes, modes.T @ start

    def _hamiltonian(self, photons: bool) -> csr_matrix:
        """H; of what is conserved nothing is left out but ω₀ on resonance at γ = 0."""
        m, (cells, others) = self.model, self._shape
        coupling = 1.0 if m.coupling is None else float(m.coupling)
        down = _lowering(self._top)
        ising = 4 * float(m.cell_longitudinal) * (np.arange(cells) - self._top / 2) ** 2
        if isinstance(m, ClassicalDrive):
            own, other = m.frequencies
            return csr_matrix(coupling * (down + down.T) + diags(
                ising + (float(own) - float(other)) * self._levels))  # fmt: skip
        lower = _lowering(others - 1, photons)
        lower = lower @ lower if isinstance(m, TwoPhotonCharger) else lower
        half = kron(float(m.anisotropy) * down + down.T, lower)
        own, other = (float(value) for value in m.frequencies)
        # The frequencies are those of whole levels; a level is one of two photons there.
        other /= 2 if isinstance(m, TwoPhotonCharger) else 1
        alone = kron(diags(own * self._levels), identity(others)) + kron(
            identity(cells), diags(other * np.arange(float(others)))
        )
        if not m.anisotropy and m.charger_frequency is None:
            alone = 0 * alone
        total = coupling * (half + half.T) + alone + kron(diags(ising), identity(others))
        return total.tocsr()

    @cached_property
    def width(self) -> float:
        """The largest difference of two energies of one block."""
        return max(
            float(np.ptp(values[np.abs(weights) > 1e-9])) if len(values) > 1 else 0.0
            for _, values, _, weights in self._blocks
            if np.any(np.abs(weights) > 1e-9)
        )

    def populations(self, times: Any) -> Floats:
        """The probabilities of k excited cells."""
        times = np.atleast_1d(np.asarray(times, dtype=float))
        total = np.zeros((len(times), self._shape[0]))
        for places, values, modes, weights in self._blocks:
            found = np.abs((np.exp(-1j * np.outer(times, values)) * weights) @ modes.T) ** 2
            np.add.at(total.T, places // self._shape[1], found.T)
        return total

    def _rows(self, times: Any, of: Any) -> Any:
        found = np.array([of(time) for time in np.atleast_1d(times)])
        return found if np.ndim(times) else float(found[0])

    def _state(self, time: float) -> Matrix:
        flat = np.zeros(len(self._start), dtype=complex)
        for places, values, modes, weights in self._blocks:
            flat[places] = modes @ (np.exp(-1j * time * values) * weights)
        psi = flat.reshape(self._shape)
        return np.asarray(psi @ psi.conj().T)

    def energy(self, times: Any) -> Any:
        """E(t)/ω₀."""
        found = self.populations(times) @ self._levels - self.populations(0.0)[0] @ self._levels
        return found if np.ndim(times) else float(found[0])

    def energy_variance(self, times: Any) -> Any:
        """Var H_B/ω₀²."""
        p = self.populations(times)
        found = p @ self._levels**2 - (p @ self._levels) ** 2
        return found if np.ndim(times) else float(found[0])

    def entropy(self, times: Any) -> Any:
        """The entropy of the battery's state."""

        def of(time: float) -> float:
            values = np.maximum(np.linalg.eigvalsh(self._state(time)), 0.0)
            return float(-xlogy(values, values).sum())

        return self._rows(times, of)

    def _slots(self) -> Floats:
        """The energies of all states of the cells, the lowest of them, one for each eigenvalue."""
        single = [1] * (int(2 * self.model.cell_spin) + 1)
        states = [1]
        for _ in range(int(self.model.cells)):
            states = [int(n) for n in np.convolve(np.array(states, dtype=object), single)]
        lowest: list[float] = []
        for level, number in enumerate(states):
            lowest += [float(level)] * min(number, len(self._levels) - len(lowest))
        return np.array(lowest)

    def ergotropy(self, times: Any, sense: str = "full", cells: int | None = None) -> Any:
        """By all unitaries on all states, by those on the symmetric ones, or of one cell."""

        def of(time: float) -> float:
            rho = self._state(time)
            if cells is not None:
                down = _lowering(self._top).toarray()
                z = float(np.real(np.diagonal(rho)) @ (2 * self._levels - self._top)) / self._top
                flips = 2 * abs(np.trace(rho @ down)) / self._top
                return (z + math.hypot(z, flips)) / 2
            values = np.sort(np.linalg.eigvalsh(rho))[::-1]
            room = self._slots() if sense == "full" else self._levels
            return float(np.real(np.diagonal(rho)) @ self._levels - values @ room)

        return self._rows(times, of)

    def capacity(self, times: Any) -> Any:
        """The energy between the best and the worst that unitaries on all states reach."""

        def of(time: float) -> float:
            values = np.sort(np.linalg.eigvalsh(self._state(time)))[::-1]
            return float(self._top - 2 * values @ self._slots())

        return self._rows(times, of)

    def instantaneous_power(self, times: Any) -> Any:
        """dE/dt in units of ω₀."""
        return self._flow(times) @ self._levels

    def _flow(self, times: Any) -> Floats:
        """The rates of the populations."""
        times = np.atleast_1d(np.asarray(times, dtype=float))
        total = np.zeros((len(times), self._shape[0]))
        for places, values, modes, weights in self._blocks:
            phases = np.exp(-1j * np.outer(times, values)) * weights
            flow = 2 * np.real((phases @ modes.T).conj() * ((-1j * values * phases) @ modes.T))
            np.add.at(total.T, places // self._shape[1], flow.T)
        return total

    def speed_ratio(self, times: Any) -> Any:
        """The squared power over Fisher information times variance."""
        p, flow = self.populations(times), self._flow(times)
        information = np.divide(flow**2, p, out=np.zeros_like(p), where=p > 1e-300).sum(axis=1)
        return (flow @ self._levels) ** 2 / (information * self.energy_variance(times))

    def maximum(self, *, until: float) -> Peak:
        """The largest E in [0, until]."""
        samples = max(64, int(8 * self.width * until / math.pi))
        return Peak(*top(self.energy, 0.0, until, samples))

    def first_peak(self) -> Peak:
        """The first local maximum of E."""
        step = math.pi / (4 * self.width)
        begin, rises = 0.0, 0.0
        while True:
            times = begin + step * np.arange(_CHUNK)
            found = self.energy(times)
            inner = np.flatnonzero((found[1:-1] > found[:-2]) & (found[1:-1] >= found[2:]))
            if len(inner) and found[inner[0] + 1] > rises:
                i = int(inner[0])
                return _hill(self.energy, times[i], times[i + 2])
            begin = float(times[-2])

    def max_power(self) -> Peak:
        """The largest E/t."""
        step = math.pi / (4 * self.width)
        number, best, place = 0, 0.0, 0
        while best == 0.0 or number * step <= self._top / best:
            count = number + np.arange(1, _CHUNK + 1)
            power = self.energy(step * count) / (step * count)
            if power.max() > best:
                best, place = float(power.max()), int(count[power.argmax()])
            number += _CHUNK
        low, high = step * max(place - 1, 0.1), step * (place + 1)
        return _hill(lambda times: self.energy(times) / times, low, high)
