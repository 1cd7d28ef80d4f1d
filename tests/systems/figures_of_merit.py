r"""Every figure of merit by brute force, from the state of all cells and the whole charger.

The state is kept as a matrix :math:`A` with :math:`\rho=AA^\dagger`, one column for each vector of
the start, so that spectra come from singular values and zeros stay zero. Nothing is used but
Pauli matrices, partial traces and transposes, and sorted spectra; with the engines it shares only
descriptions. Two arithmetics: doubles, and mpmath numbers in arrays of objects.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import mpmath
import numpy as np

from numerics.model.models import CavityCharger, ClassicalDrive, Model, SpinCharger
from tests.systems import oracle
from tests.systems.spectra import (
    digits_of,
    eigh,
    irreps,
    is_precise,
    real,
    singular_values,
    spectrum,
    squares,
)

SENSES = ("full", "symmetric", "local", "daemonic")
_FLIP = np.kron(oracle.Y, oracle.Y).real


def _stored(factor: np.ndarray, levels: np.ndarray) -> Any:
    """⟨K⟩ of some cells."""
    return levels @ squares(factor).sum(axis=1)


def _extracted(factor: np.ndarray, levels: np.ndarray) -> Any:
    """⟨K⟩ less that of the passive state, on some levels."""
    return levels @ squares(factor).sum(axis=1) - np.sort(levels) @ spectrum(factor)[0]


def _symmetric(factor: np.ndarray, spins: oracle.Spins) -> Any:
    """⟨K⟩ that unitaries take which commute with every permutation of the cells."""
    total = 0
    for _, basis in irreps(spins, digits_of(factor)):
        inside = (basis.reshape(-1, len(factor)) @ factor).reshape(len(basis), -1)
        total += _extracted(inside, np.arange(len(basis)))
    return total


def _local(factor: np.ndarray, context: Any) -> Any:
    """⟨K⟩ that rotations of each cell by itself take: each Bloch vector is turned down."""
    total, size = 0, len(factor)
    for i in range(size.bit_length() - 1):
        cell = factor.reshape(2**i, 2, -1).transpose(1, 0, 2).reshape(2, -1)
        (up, across), (_, down) = cell @ cell.conj().T
        z = (up - down).real
        total += (z + context.sqrt(z**2 + 4 * (across.real**2 + across.imag**2))) / 2
    return total


@dataclass(frozen=True, eq=False)
class State:
    """Cells and charger at one time.

    Attributes
    ----------
    model : Model
        The system.
    time : number
        The time.
    hamiltonian : array (d, d)
        H, of the cells and the charger, d = 2^M times the size of the charger.
    start, columns : array (d, r)
        A at the start and now, ρ = A A†.
    energies, modes : arrays
        Eigenvalues and real eigenvectors of H.
    """

    model: Model
    time: Any
    hamiltonian: np.ndarray
    start: np.ndarray
    columns: np.ndarray
    energies: np.ndarray
    modes: np.ndarray

    # -- The state ----------------------------------------------------------------------------

    @property
    def context(self) -> Any:
        return mpmath.mp if is_precise(self.columns) else mpmath.fp

    @cached_property
    def omega(self) -> tuple[Any, Any]:
        p = oracle.parameters(self.model, self.context)
        return p.omega_0, p.omega_c

    @property
    def cells(self) -> oracle.Spins:
        """The spins of the cells."""
        return oracle.sides(self.model)[0]

    @property
    def most(self) -> int:
        """The largest number of excitations of the cells."""
        return int(max(oracle.levels(self.cells)))

    @property
    def sizes(self) -> tuple[int, int]:
        """Dimensions of battery and charger."""
        battery = len(oracle.levels(self.cells))
        return battery, len(self.columns) // battery

    @cached_property
    def charger_levels(self) -> np.ndarray:
        """Charger spins up, or photons, in each basis state of the charger."""
        if isinstance(self.model, CavityCharger):
            return np.arange(self.sizes[1])
        return oracle.levels(oracle.sides(self.model)[1])

    @cached_property
    def levels(self) -> np.ndarray:
        """Cells up in each basis state of the whole."""
        return np.repeat(oracle.levels(self.cells), self.sizes[1])

    def factor(self, cells: int | None = None, part: str | None = None) -> np.ndarray:
        """A of the first cells, shape (2^cells, other cells, charger, columns).

        The incoherent part has no coherence between different numbers of these cells that are up;
        what is coherent within one number (one energy) remains.
        """
        up = oracle.levels(self.cells[:cells])
        whole = self.columns.reshape(len(up), -1, self.sizes[1], self.columns.shape[1])
        if part is None:
            return whole
        dephased = [whole * (up == k)[:, None, None, None] for k in range(max(up) + 1)]
        return np.concatenate(dephased, axis=3)

    def reduced_state(self, cells: int | None = None) -> np.ndarray:
        """ρ of the first cells."""
        factor = self.factor(cells)
        flat = factor.reshape(len(factor), -1)
        return flat @ flat.conj().T

    def battery_state(self) -> list[tuple[int, int, np.ndarray]]:
        """Lowest k, number of copies, and the block of each total spin, summed over its copies."""
        rho, found = self.reduced_state(), []
        for lowest, basis in irreps(self.cells, digits_of(rho)):
            blocks = [
                basis[:, copy].conj() @ rho @ basis[:, copy].T for copy in range(basis.shape[1])
            ]
            found.append((lowest, len(blocks), sum(blocks)))
        return found

    def _by_level(self, values: np.ndarray) -> np.ndarray:
        """Sums over all basis states with k cells up, k = 0 … M."""
        return np.array([values[self.levels == k].sum() for k in range(self.most + 1)])

    @cached_property
    def _spectrum(self) -> tuple[np.ndarray, np.ndarray]:
        return spectrum(self.factor().reshape(self.sizes[0], -1))

    @cached_property
    def _slopes(self) -> tuple[np.ndarray, np.ndarray]:
        """The first and second time derivative of A."""
        once = -1j * (self.hamiltonian @ self.columns)
        return once, -1j * (self.hamiltonian @ once)

    # -- Populations --------------------------------------------------------------------------

    def populations(self) -> np.ndarray:
        return self._by_level(squares(self.columns).sum(axis=1))

    def _moment(self, order: int) -> Any:
        """The central moment of K."""
        p, k = self.populations(), np.arange(self.most + 1)
        return p @ (k - p @ k) ** order

    def _mean(self) -> Any:
        return self.populations() @ np.arange(self.most + 1)

    def energy(self) -> Any:
        before = self.levels @ squares(self.start).sum(axis=1)
        return self.omega[0] * (self._mean() - before)

    def power(self) -> Any:
        return self.energy() / self.time if self.time else self.instantaneous_power()

    def energy_variance(self) -> Any:
        return self.omega[0] ** 2 * self._moment(2)

    def energy_skewness(self) -> Any:
        return self._moment(3) / self.context.sqrt(self._moment(2)) ** 3

    def energy_kurtosis(self) -> Any:
        return self._moment(4) / self._moment(2) ** 2 - 3

    def fano_factor(self) -> Any:
        mean = self._mean()
        return self._moment(2) / mean if mean else mean + 1

    def work_distribution(self) -> np.ndarray:
        """P(W) at W/ω₀ = −M … M: H_B is measured, the battery charged, H_B measured again."""
        cells = self.most
        found = np.zeros(2 * cells + 1, dtype=self.columns.dtype) * 0
        for k0 in range(cells + 1):
            projected = self.start * (self.levels == k0)[:, None]
            after = _evolved(self.energies, self.modes, projected, self.time)
            here = self._by_level(squares(after).sum(axis=1))
            found[cells - k0 : 2 * cells + 1 - k0] += here
        return real(found)

    def work_characteristic(self, u: Any) -> Any:
        work = np.arange(-self.most, self.most + 1)
        phases = [self.context.expj(u * self.omega[0] * int(w)) for w in work]
        return sum(p * phase for p, phase in zip(self.work_distribution(), phases, strict=True))

    # -- Rates --------------------------------------------------------------------------------

    @cached_property
    def _power_columns(self) -> np.ndarray:
        """i[H, H_B] A."""
        k, h = self.levels[:, None], self.hamiltonian
        return 1j * self.omega[0] * (h @ (k * self.columns) - k * (h @ self.columns))

    def instantaneous_power(self) -> Any:
        return real((self.columns.conj() * self._power_columns).sum(keepdims=True))[0, 0]

    def power_variance(self) -> Any:
        return squares(self._power_columns).sum() - self.instantaneous_power() ** 2

    def switching_work(self) -> Any:
        battery, charger = self.omega
        levels = battery * self.levels + charger * np.tile(self.charger_levels, self.sizes[0])
        return levels @ (squares(self.columns) - squares(self.start)).sum(axis=1)

    def fisher_information(self) -> Any:
        """Σ ṗ²/p; where p_k vanishes its limit 2 p̈."""
        once, twice = self._slopes
        first = self._by_level(2 * real(self.columns.conj() * once).sum(axis=1))
        second = 2 * real(self.columns.conj() * twice) + 2 * squares(once)
        second = self._by_level(second.sum(axis=1))
        tiny = self.context.mpf(10) ** (-mpmath.mp.dps if is_precise(self.columns) else -20)
        rows = zip(self.populations(), first, second, strict=True)
        return sum(2 * b if p < tiny else a**2 / p for p, a, b in rows)

    def speed_ratio(self) -> Any:
        bound = self.fisher_information() * self.energy_variance()
        return self.instantaneous_power() ** 2 / bound

    def speed_limits(self) -> tuple[Any, Any]:
        """Mandelstam–Tamm L/ΔH and Margolus–Levitin 2L²/π(⟨H⟩ − E₀) from the start to now.

        L is the Bures angle of the whole, E₀ the lowest energy in which the start has a part.
        """
        fidelity = sum(singular_values(self.start.conj().T @ self.columns))
        angle = self.context.acos(min(fidelity, 1))
        weights = squares(self.modes.T @ self.start).sum(axis=1)
        mean = weights @ self.energies
        lowest = min(e for e, w in zip(self.energies, weights, strict=True) if w > 1e-20)
        width = self.context.sqrt(weights @ (self.energies - mean) ** 2)
        return angle / width, 2 * angle**2 / self.context.pi / (mean - lowest)

    # -- Extractable work ---------------------------------------------------------------------

    def ergotropy(
        self, sense: str = "full", cells: int | None = None, part: str | None = None
    ) -> Any:
        if part == "coherent":
            return self.ergotropy(sense, cells) - self.ergotropy(sense, cells, "incoherent")
        factor = self.factor(cells, part)
        flat = factor.reshape(len(factor), -1)
        levels = oracle.levels(self.cells[:cells])
        if sense == "full":
            work = _extracted(flat, levels)
        elif sense == "symmetric":
            work = _symmetric(flat, self.cells[:cells])
        elif sense == "local":
            work = _local(flat, self.context)
        else:
            assert sense == "daemonic"
            # The outcomes of a measurement of the charger's excitations.
            work = sum(
                _extracted(factor[:, :, self.charger_levels == c].reshape(len(factor), -1), levels)
                for c in range(max(self.charger_levels) + 1)
            )
        return self.omega[0] * work

    def total_energy(self, cells: int | None = None) -> Any:
        """E_tot, above all (of the first) cells down."""
        factor = self.factor(cells)
        levels = oracle.levels(self.cells[:cells])
        return self.omega[0] * _stored(factor.reshape(len(factor), -1), levels)

    def locked_energy(self, sense: str = "full", cells: int | None = None) -> Any:
        return self.total_energy(cells) - self.ergotropy(sense, cells)

    def extractable_fraction(self, sense: str = "full") -> Any:
        total = self.total_energy()
        return self.ergotropy(sense) / total if total else total

    def passive_energy(self) -> Any:
        return self.locked_energy() - self.omega[0] * self.most / 2

    def capacity(self) -> Any:
        """The energy of the active state less that of the passive one."""
        levels = np.sort(oracle.levels(self.cells))
        return self.omega[0] * ((levels[::-1] - levels) @ self._spectrum[0])

    def work_variance(self) -> Any:
        """The variance of H_B − U†H_B U, with U the ergotropic unitary.

        Where eigenvalues are degenerate U is not unique: that of the least variance.
        """
        values, vectors = self._spectrum
        up = oracle.levels(self.cells)
        passive = np.sort(up)
        width = self.context.mpf(10) ** -(mpmath.mp.dps // 2 if is_precise(self.columns) else 11)
        together, begin = 0, 0
        for end in range(1, len(values) + 1):
            if end == len(values) or values[end - 1] - values[end] > width:
                inside = vectors[:, begin:end]
                energies = eigh(inside.conj().T @ (up[:, None] * inside))[0]
                together += (values[begin:end] * energies) @ passive[begin:end]
                begin = end
        p, k = self.populations(), np.arange(self.most + 1)
        square = p @ k**2 + values @ passive**2 - 2 * together
        return self.omega[0] ** 2 * (square - (p @ k - values @ passive) ** 2)

    # -- Correlations -------------------------------------------------------------------------

    def entropy(self, order: Any = 1) -> Any:
        values, log = [v for v in self._spectrum[0] if v > 0], self.context.log
        if order == 1:
            return -sum(v * log(v) for v in values)
        if order == self.context.inf:
            return -log(values[0])
        return log(sum(v**order for v in values)) / (1 - order)

    def charger_entropy(self) -> Any:
        """The von Neumann entropy of the charger's state."""
        battery, charger = self.sizes
        factor = self.columns.reshape(battery, charger, -1).transpose(1, 0, 2)
        values = spectrum(factor.reshape(charger, -1))[0]
        return -sum(v * self.context.log(v) for v in values if v > 0)

    def purity(self) -> Any:
        return self._spectrum[0] @ self._spectrum[0]

    def schmidt_number(self) -> Any:
        return 1 / self.purity()

    def negativity(self) -> Any:
        """The absolute sum of the negative eigenvalues of ρ, transposed on the battery."""
        battery, charger = self.sizes
        rho = (self.columns @ self.columns.conj().T).reshape(battery, charger, battery, charger)
        values = eigh(rho.transpose(2, 1, 0, 3).reshape(len(self.columns), -1))[0]
        return -sum(v for v in values if v < 0)

    def concurrence(self, between: str = "cells") -> Any:
        """Wootters' concurrence of the first two cells, or of the first cell and charger spin."""
        whole = self.factor(1)
        if between == "cells":
            pair = self.factor(2).reshape(4, -1)
        else:
            pair = whole.reshape(2, -1, 2, self.sizes[1] // 2 * whole.shape[3])
            pair = pair.transpose(0, 2, 1, 3).reshape(4, -1)
        values, vectors = spectrum(pair)
        spinor = vectors * np.array([self.context.sqrt(v) for v in values])
        first, *rest = sorted(singular_values(spinor.T @ _FLIP @ spinor), reverse=True)
        return max(first - sum(rest), first * 0)

    def coherence(self) -> Any:
        """|⟨S₊J₋⟩|, or |⟨S₊b⟩| of a cavity, |⟨S₊b²⟩| where pairs are exchanged."""
        if isinstance(self.model, SpinCharger):
            lower = _raising(oracle.sides(self.model)[1]).T
        elif isinstance(self.model, ClassicalDrive):
            lower = np.ones((1, 1), dtype=int)
        else:
            lower = np.diag([self.context.sqrt(n) for n in range(1, self.sizes[1])], 1)
            lower = lower @ lower if oracle.together(self.model) == 2 else lower
        up = _raising(self.cells)
        whole = self.factor().reshape(*self.sizes, -1)
        moved = np.tensordot(up, np.tensordot(lower, whole, (1, 1)), (1, 1))
        return abs((whole.conj() * moved).sum())

    def quantum_fisher_information(self) -> Any:
        """Of the battery's state, for rotations by S_x = Σσx/2."""
        values, vectors = self._spectrum
        x = _raising(self.cells)
        turned = (x + x.T) @ vectors
        elements = squares(vectors.conj().T @ turned)
        pairs = itertools.product(range(len(values)), repeat=2)
        return sum(
            (values[i] - values[j]) ** 2 / (values[i] + values[j]) * elements[i, j] / 2
            for i, j in pairs
            if values[i] + values[j] > 0
        )


def _raising(spins: oracle.Spins) -> np.ndarray:
    """S₊; of spins-1/2 in integers."""
    x, y, _ = (oracle.summed(which, range(len(spins)), spins) for which in range(3))
    up = ((x + 1j * y) / 2).real
    return up.astype(int) if set(spins) <= {2} else up


def _evolved(energies: np.ndarray, modes: np.ndarray, start: np.ndarray, time: Any) -> np.ndarray:
    """exp(−iHt) on every column."""
    if is_precise(modes):
        phases = np.array([mpmath.expj(-e * time) for e in energies], dtype=object)
    else:
        phases = np.exp(-1j * energies * time)
    return modes @ (phases[:, None] * (modes.T @ start))


@lru_cache(maxsize=8)
def _system(
    model: Model, initial: Any, digits: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """H, the columns of the start, and the eigenvalues and real eigenvectors of H.

    In doubles for no digits, else in mpmath's working precision, which they are.
    """
    context = mpmath.mp if digits else mpmath.fp
    vectors, cutoff = oracle.start(model, initial, context, digits or 18)
    start = np.array([context.sqrt(weight) * vector for weight, vector in vectors]).T
    if not digits:
        h = oracle.hamiltonian(model, cutoff).real
        return h, start, *np.linalg.eigh(h)
    h = oracle.precise_hamiltonian(model, cutoff)
    values, modes = mpmath.mp.eigsy(mpmath.matrix(h.tolist()))
    return h, start, np.array(list(values)), np.array(modes.tolist())


def states(model: Model, initial: Any, times: Any, precise: bool = False) -> Iterator[State]:
    """The system at each of some times; in mpmath's working precision where ``precise``."""
    context = mpmath.mp if precise else mpmath.fp
    h, start, energies, modes = _system(model, initial, context.dps if precise else 0)
    for time in times:
        t = oracle.convert(context, time)
        columns = _evolved(energies, modes, start, t)
        yield State(model, t, h, start, columns, energies, modes)


def quantity(
    name: str, model: Model, initial: Any, times: Any, digits: int | None = None, **options: Any
) -> np.ndarray:
    """A figure of merit by name at some times, in doubles or correct to so many digits."""
    with mpmath.workdps(2 * (digits or 0) + 20):
        at = states(model, initial, times, precise=digits is not None)
        return np.array([getattr(state, name)(**options) for state in at])


def mean_populations(model: Model, initial: Any) -> np.ndarray:
    """The long-time means of p_k: what is coherent between different energies averages out."""
    _, start, energies, modes = _system(model, initial, 0)
    cells = oracle.levels(oracle.sides(model)[0])
    levels = np.repeat(cells, len(start) // len(cells))
    found, begin = np.zeros(max(cells) + 1), 0
    for end in range(1, len(energies) + 1):
        if end == len(energies) or energies[end] - energies[end - 1] > 1e-9:
            inside = modes[:, begin:end]
            density = squares(inside @ (inside.T @ start)).sum(axis=1)
            found += np.bincount(levels, weights=density, minlength=len(found))
            begin = end
    return found
