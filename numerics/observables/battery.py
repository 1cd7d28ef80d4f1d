r"""The battery at some times: what the engines yield, once for all observables that are asked for.

A permutation-invariant battery is a sum over its irreps j, each :math:`d_j` times:
:math:`\rho=\bigoplus_j\rho_j\otimes1/d_j`, where :math:`\rho_j` (with trace the weight of j) is
diagonal in the number of excited cells for γ = 0, and a matrix over the levels k, k′ otherwise, and
from superpositions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

from numerics.dynamics.interface import Dynamics, Moments, Wave
from numerics.dynamics.photon_cutoff import CutoffDynamics
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.options import Need
from numerics.model.permutations import require_symmetric
from numerics.model.problem import Parameters, Problem
from numerics.model.resources import Floats, Integers, require
from numerics.model.sides import Side
from numerics.observables.amplitudes import (
    BYTES_OF_ELEMENT,
    Complex,
    Irrep,
    Motion,
    singular_values,
)
from numerics.sectors.energy_moments import diagonal, most_curved
from numerics.sectors.starts import Levels, Start, at_rest

__all__ = ["Battery"]

# Amplitudes that are kept for further observables.
_REMEMBERED = 2**21


@dataclass(frozen=True)
class Battery:
    """The battery at some times, of which observables are functions."""

    problem: Problem[float]
    start: Start
    dynamics: Dynamics
    levels: Levels
    still: Floats  # the populations of the starts that do not move, (R,)
    size: int  # the number M + 1 of all populations
    times: Floats  # (T,)

    @property
    def parameters(self) -> Parameters[float]:
        return self.problem.parameters

    @property
    def diagonal(self) -> bool:
        """The battery's state is diagonal in the levels of its irreps."""
        return self.problem.chained and not self.start.superposed

    @property
    def lacks(self) -> frozenset[Need]:
        """The conditions of observables that such a battery does not meet."""
        return frozenset() if self.problem.charger.distinguishable else frozenset({Need.CHARGER})

    @property
    def known(self) -> str:
        """The observables that are known, in the words of an error."""
        return f"one that a {self.problem.charger.noun} has"

    def require_known(self, name: str, needs: frozenset[Need], options: Mapping[str, Any]) -> None:
        """Refuse observables that are not known of such a battery.

        Raises
        ------
        InvalidArgument
            With what is.
        """
        if (error := self.unknown(name, needs, options)) is not None:
            raise error

    def unknown(
        self, name: str, needs: frozenset[Need], options: Mapping[str, Any]
    ) -> InvalidArgument | None:
        """The error that refuses an observable; None for one that is known."""
        return invalid("quantity", f"be {self.known}", name) if needs & self.lacks else None

    @property
    def frequency(self) -> float:
        """ω0."""
        return self.problem.parameters.frequency

    @property
    def cells(self) -> Integers:
        """The numbers 0 … M of excited cells."""
        return np.arange(self.size)

    @property
    def numbers(self) -> int:
        """Numbers of the largest array at one time."""
        if self.diagonal:
            return max(self.size, self.levels.count)
        if self.start.superposed:
            return sum(len(c) * len(k) * len(groups) for groups, k, c in self._grids.values())
        return max(self.size, *(int(spin + 1) ** 2 for spin in self.levels.spin))

    @cached_property
    def gain(self) -> Floats:
        """⟨K⟩ − ⟨K⟩ at the start, shape (T,); nothing cancels in it."""
        return self.dynamics.excitation(self.times)

    @property
    def begun(self) -> float:
        """The gain at t = 0."""
        return 0.0

    @cached_property
    def moments(self) -> Moments:
        """The same with its first two time derivatives."""
        return self.dynamics.moments(self.times)

    @cached_property
    def rows(self) -> Floats:
        """The probabilities of all `levels`, irrep by irrep, shape (T, R)."""
        alone = len(self.start.weight) == len(self.levels.spin) == 1
        if alone and self._small and not self.start.superposed:
            # Of one start the amplitudes, which other observables want, cost no more.
            (first, *_) = self.levels.cells
            whole = self.by_cells(lambda motion: motion.density)
            return whole[:, int(first) : int(first) + self.levels.count]
        moving = self.dynamics.populations(self.times, self.levels.count)
        return (moving + self.still[:, None]).T

    @cached_property
    def occupied(self) -> tuple[Integers, Floats]:
        """The numbers of excited cells that may have a probability, and theirs (T, ·)."""
        cells, place = np.unique(self.levels.cells, return_inverse=True)
        if len(cells) == len(place):
            return cells, self.rows
        result = np.zeros((len(self.times), len(cells)))
        for _, part in self.levels.irreps:
            result[:, place[part]] += self.rows[:, part]
        return cells, result

    @cached_property
    def central_moments(self) -> tuple[Floats, Floats, Floats]:
        """⟨(K − ⟨K⟩)ⁿ⟩ for n = 2, 3, 4: about the mean nothing cancels."""
        cells, p = self.occupied
        k = (cells - cells[0]).astype(np.float64)
        away = k - (p @ k / p.sum(axis=1))[:, None]
        square = away * away
        weighted = p * square
        second = weighted.sum(axis=1)
        return second, np.vecdot(weighted, away), np.vecdot(weighted, square)

    @cached_property
    def populations(self) -> Floats:
        """p_k, shape (T, M + 1)."""
        cells, p = self.occupied
        if self.size == len(cells):
            return p
        require(8 * len(self.times) * self.size, f"{self.size} populations")
        result = np.zeros((len(self.times), self.size))
        result[:, cells.astype(np.int64)] = p
        return result

    @property
    def first_cells(self) -> Integers:
        """The number of excited cells of each start, (S,)."""
        return self.problem.battery.bottom(self.start.cell_spin) + self.start.cell_level

    @cached_property
    def excited_at_first(self) -> float:
        """⟨K⟩ at the start."""
        return float(self.start.weight @ self.first_cells.astype(np.float64))

    @cached_property
    def excited(self) -> Floats:
        """⟨K⟩, shape (T,)."""
        return self.gain + self.excited_at_first

    @property
    def most_curved(self) -> float:
        """The largest second derivative of the mean of any operator with spectrum in [−1, 1]."""
        return most_curved(self.problem, self.start)

    @cached_property
    def charged(self) -> Floats:
        """The excitations that the charger has gained, shape (T,)."""
        if self.problem.conserved:
            return -self.gain
        start = self.problem.charger.bottom(self.start.charger_spin) + self.start.charger_level
        quanta = self.mean(lambda m: m.density * m.quanta[..., None]).real
        return quanta - float(self.start.weight @ start.astype(np.float64))

    # What starts allow

    def require_symmetric(self, name: str, sides: tuple[str, ...] = ("battery",)) -> None:
        """Refuse starts that are not invariant under permutations of the spins of some sides.

        Raises
        ------
        InvalidArgument
            The spins of one of the sides have different populations.
        """
        require_symmetric(self.problem, name, sides)

    @property
    def pure(self) -> bool:
        """One start, or one superposition, of one irrep each, that occurs once."""
        start, group = self.start, self.start.group
        one = len(start.weight) == 1 if group is None else bool(np.all(group == group[0]))
        sides = self.problem.battery, self.problem.charger
        pairs = zip(sides, (start.cell_spin, start.charger_spin), strict=True)
        once = all(s.multiplicity(int(i)) == 1 for s, labels in pairs for i in np.unique(labels))
        return one and once and len(np.unique(start.cell_spin)) == 1

    def require_pure(self, name: str) -> None:
        """Refuse mixed starts.

        Raises
        ------
        InvalidArgument
            The start is no pure state of the largest total spin of either side.
        """
        if not self.pure:
            must = f"be pure for `{name}`, in the largest total spin of either side"
            raise invalid("initial", must, self.problem.initial)

    @cached_property
    def schmidt(self) -> Floats:
        """The Schmidt coefficients of a pure state at γ ≠ 0, shape (T, ·)."""
        if self.start.superposed:
            # Irreps of the charger are further levels of it.
            parts = [np.moveaxis(motion.wave.psi[0], -1, 0) for motion in self.motions()]
            roots = np.linalg.svd(np.concatenate(parts, axis=2), compute_uv=False)
            return np.asarray(roots, dtype=np.float64)
        # Of the grid one parity of k + c is there: even and odd k are apart.
        odd = int((self.start.cell_level[0] + self.start.charger_level[0]) % 2)
        result = np.zeros((len(self.times), 0))
        for motion in self.motions():
            psi = np.moveaxis(motion.wave.psi[0], -1, 0)
            blocks = [psi[:, i::2, (i + odd) % 2 :: 2] for i in (0, 1)]
            roots = np.hstack([singular_values(b) for b in blocks if min(b.shape[1:])])
            if not result.size:
                result = np.zeros((len(self.times), roots.shape[1]))
            result[motion.wave.window] = roots
        return result

    # The battery's state

    @cached_property
    def irreps(self) -> list[Irrep]:
        """The state of the battery, irrep by irrep."""
        matrices = None if self.diagonal else self._matrices
        result = []
        for i, part in self.levels.irreps:
            size = int(self.levels.spin[i])
            count = self.problem.battery.multiplicity(size)
            state = self.rows[:, part] if matrices is None else matrices[size]
            result.append(Irrep(size, count, self.levels.cells[part], state))
        return result

    @property
    def _matrices(self) -> dict[int, Complex]:
        """The density matrix (T, K, K) of each irrep."""
        result, count = {}, len(self.times)
        sizes = [(i, part.stop - part.start) for i, part in self.levels.irreps]
        require(BYTES_OF_ELEMENT * count * sum(k * k for _, k in sizes), "The battery's state")
        for i, k in sizes:
            result[int(self.levels.spin[i])] = np.zeros((count, k, k), dtype=np.complex128)
        for motion in self.motions():
            psi = np.moveaxis(motion.wave.psi, -1, 1)
            for spin, weight, one in zip(self._spins(motion), motion.weight, psi, strict=True):
                result[spin][motion.wave.window] += weight * (one @ one.conj().swapaxes(1, 2))
        return result

    def _spins(self, motion: Motion) -> list[int]:
        return [int(spin) for spin in self.start.cell_spin[motion.wave.numbers]]

    def motions(self) -> Iterable[Motion]:
        """All starts at all times; those at rest in their one level."""
        return self._remembered if self._small else self._motions()

    @property
    def _small(self) -> bool:
        starts = 1 if self.start.superposed else len(self.start.weight)
        return len(self.times) * self.numbers * starts <= _REMEMBERED

    @cached_property
    def _remembered(self) -> list[Motion]:
        return list(self._motions())

    def _motions(self) -> Iterator[Motion]:
        if self.start.superposed:
            return self._combined()
        return map(self._motion, self._waves())

    def _waves(self) -> Iterator[Wave]:
        yield from self.dynamics.waves(self.times)
        still = np.flatnonzero(at_rest(self.problem, self.start))
        if self.problem.conserved or self.parameters.coupling == 0:
            sites = np.zeros(len(still), dtype=np.int64)
            if len(still):
                psi = np.ones((len(still), 1, len(self.times)), dtype=np.complex128)
                yield Wave(still, slice(None), psi, sites)
            return
        for number in still:
            shape = (1, 1, int(self.start.charger_level[number]) + 1, len(self.times))
            alone = np.zeros(shape, dtype=np.complex128)
            alone[0, 0, -1] = 1
            yield Wave(np.array([number]), slice(None), alone)

    @cached_property
    def _grids(self) -> dict[tuple[int, int], tuple[Integers, Integers, Integers]]:
        """The pure states of each pair of irreps, and the levels k and c of their amplitudes."""
        start, found = self.start, {}
        assert start.group is not None
        total = start.cell_level + start.charger_level
        moving = self.parameters.coupling != 0
        for place, spin in enumerate(self.levels.spin.tolist()):
            own = start.cell_spin == spin
            k = np.arange(int(self.levels.least[place]), int(self.levels.most[place]) + 1)
            for label in np.unique(start.charger_spin[own]).tolist():
                mine = own & (start.charger_spin == label)
                side = self.problem.charger.irrep(label)
                if not side.distinguishable:
                    found[spin, label] = (
                        np.unique(start.group[mine]),
                        k,
                        np.zeros(1, dtype=np.int64),
                    )
                    continue
                if self.problem.conserved or not moving:
                    low, high = start.charger_level[mine].min(), start.charger_level[mine].max()
                    if moving:
                        low, high = total[mine].min() - k[-1], total[mine].max() - k[0]
                    high = high if side.top is None else min(int(side.top), high)
                    c = np.arange(max(0, int(low)), int(high) + 1)
                else:
                    c = np.arange(self._highest(side) + 1)
                found[spin, label] = np.unique(start.group[mine]), k, c
        return found

    def _highest(self, charger: Side) -> int:
        """The highest level of the charger in use."""
        if charger.top is not None:
            return int(charger.top)
        assert isinstance(self.dynamics, CutoffDynamics)
        self.dynamics.reach(self.times)
        return self.dynamics.cutoff

    @property
    def turned(self) -> Floats:
        """The angle that a conserved excitation turns the laboratory frame by, (T,).

        Engines leave it out. It is rounded once, so that no difference between levels suffers.
        """
        frequency = self.parameters.charger_frequency if self.problem.conserved else 0.0
        return np.fmod(frequency * self.times, 2 * np.pi)

    def _combined(self) -> Iterator[Motion]:
        """The amplitudes of every pure state, on a grid of the levels of both sides.

        At γ = 0 it moves in many sectors, between which all phases count: those of the constants
        that the engines drop, too.
        """
        start, count = self.start, len(self.times)
        assert start.amplitude is not None
        assert start.group is not None
        require(16 * count * self.numbers, "The amplitudes of these superpositions")
        total = start.cell_level + start.charger_level
        constants = diagonal(self.problem, start, (0, 0))
        angle = self.turned
        grids = {
            key: np.zeros((len(groups), len(k), len(c), count), dtype=np.complex128)
            for key, (groups, k, c) in self._grids.items()
        }
        for wave in self._waves():
            numbers, window = wave.numbers, np.arange(count)[wave.window]
            beyond = constants[numbers] - wave.energies
            phases = (
                np.exp(
                    -1j
                    * (beyond[:, None] * self.times[window] + total[numbers, None] * angle[window])
                )
                * start.amplitude[numbers, None]
            )
            for i, number in enumerate(numbers.tolist()):
                key = int(start.cell_spin[number]), int(start.charger_spin[number])
                groups, k, c = self._grids[key]
                target = grids[key][np.searchsorted(groups, start.group[number])]
                if wave.sites is None:
                    target[..., window] += phases[i] * wave.psi[i]
                    continue
                moved = np.arange(wave.psi.shape[1]) - wave.sites[i]
                rows = start.cell_level[number] + moved - k[0]
                columns = start.charger_level[number] - moved - c[0]
                if not self.problem.charger.distinguishable:
                    columns = 0 * columns
                target[rows[:, None], columns[:, None], window] = phases[i] * wave.psi[i]
        for key, psi in grids.items():
            groups, k, c = self._grids[key]
            (heads,) = np.nonzero((start.cell_spin == key[0]) & (start.charger_spin == key[1]))
            heads = heads[np.unique(start.group[heads], return_index=True)[1]]
            # Weights are in the amplitudes.
            weight = np.ones(len(heads))
            levels = k[None, :, None], c[None, None]
            yield self._on_levels(Wave(heads, slice(None), psi), weight, *levels, *key)

    def _motion(self, wave: Wave) -> Motion:
        start, mine = self.start, wave.numbers
        new = (slice(None), *(None for _ in wave.psi.shape[1:-1]))
        spin, charger_spin = start.cell_spin[mine][new], start.charger_spin[mine][new]
        if wave.sites is not None:
            moved = np.arange(wave.psi.shape[1]) - wave.sites[:, None]
            k, c = start.cell_level[mine][new] + moved, start.charger_level[mine][new] - moved
        else:
            k, c = np.arange(wave.psi.shape[1])[:, None], np.arange(wave.psi.shape[2])[None]
            k, c = k[None], c[None]
        return self._on_levels(wave, start.weight[mine], k, c, spin, charger_spin)

    def _on_levels(
        self, wave: Wave, weight: Floats, k: Integers, c: Integers, spin: Any, charger_spin: Any
    ) -> Motion:
        battery, charger = self.problem.battery, self.problem.charger
        up, down = (
            np.asarray(side.irrep(label).raising(level), dtype=np.float64)
            for side, label, level in ((battery, spin, k), (charger, charger_spin, c))
        )
        bottoms = battery.bottom(spin), charger.bottom(charger_spin)
        cells, quanta = bottoms[0] + k, bottoms[1] + c
        return Motion(wave, weight, k, c, up, down, cells, quanta, not charger.distinguishable)

    def mean(self, value: Callable[[Motion], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """The mean (T,) of what ``value`` makes of every start, (S, …, T) summed over levels."""
        total = np.zeros(len(self.times), dtype=np.complex128)
        for motion in self.motions():
            values = value(motion)
            summed = values.reshape(len(values), -1, values.shape[-1]).sum(axis=1)
            total[motion.wave.window] += motion.weight @ summed
        return total

    def joint_mean(self, value: Callable[[Any, Any], Any]) -> Floats:
        """The mean (T,) of a function of the excited cells and the charger's excitations."""
        return self.mean(
            lambda m: m.density * np.asarray(value(m.cells, m.quanta), dtype=float)[..., None]
        ).real

    def by_cells(
        self, value: Callable[[Motion], Floats], starts: npt.NDArray[np.bool_] | None = None
    ) -> Floats:
        """Sums (T, M + 1) of what ``value`` makes of the states with k excited cells.

        ``starts`` are those that are taken, all of them if left out.
        """
        total = np.zeros((len(self.times), self.size))
        for motion in self.motions():
            values, shape = value(motion), motion.wave.psi.shape
            weight = (
                motion.weight if starts is None else motion.weight * starts[motion.wave.numbers]
            )
            cells = np.broadcast_to(motion.cells, shape[:-1]).reshape(-1).astype(np.int64)
            weights = np.broadcast_to(weight.reshape(-1, *(1 for _ in shape[1:-1])), shape[:-1])
            places = weights.ravel(), (cells, np.arange(len(cells)))
            summing = scipy.sparse.csr_array(places, shape=(self.size, len(cells)))
            total[motion.wave.window] += (summing @ values.reshape(len(cells), -1)).T
        return total

    @cached_property
    def flow(self) -> Floats:
        """dp_k/dt, shape (T, M + 1)."""
        p = self.parameters

        def flow(motion: Motion) -> Floats:
            # ψ' = −iHψ, and the diagonal of H moves nothing.
            psi, moved = motion.wave.psi, motion.coupled(p.anisotropy, 1.0)
            return psi.real * moved.imag - psi.imag * moved.real

        return 2 * p.coupling * self.by_cells(flow)

    @cached_property
    def exchange(self) -> Complex:
        """⟨S₊J₋⟩, shape (T,)."""
        p = self.parameters
        steady = p.chiral and not self.start.superposed
        if self.problem.conserved and steady and p.coupling:
            # No energy but that of the coupling, which stays 0.
            return np.multiply(0.5j / p.coupling, self.moments.slope, dtype=np.complex128)
        return self.mean(lambda m: m.wave.psi.conj() * m.raised(-1))

    @cached_property
    def pair_creation(self) -> Complex:
        """⟨S₊J₊⟩, shape (T,)."""
        if self.problem.conserved and not self.start.superposed:
            return np.zeros(len(self.times), dtype=np.complex128)
        return self.mean(lambda m: m.wave.psi.conj() * m.raised(1))
