r"""The battery at some times: what the engines yield, once for all observables that are asked for.

A permutation-invariant battery is a sum over its irreps j, each :math:`d_j` times:
:math:`\rho=\bigoplus_j\rho_j\otimes1/d_j`, where :math:`\rho_j` (with trace the weight of j) is
diagonal in the number of excited cells for γ = 0, and a matrix over the levels k, k′ otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import factorial, prod
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

from numerics.dynamics.interface import Dynamics, Moments, Wave
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.problem import Parameters, Problem
from numerics.model.resources import Floats, Integers, require
from numerics.model.states import Independent
from numerics.sectors.starts import Levels, Start, at_rest

__all__ = ["Battery", "Complex", "Irrep", "Motion", "require_symmetric"]

Complex = npt.NDArray[np.complex128]

# Amplitudes that are kept for further observables.
_REMEMBERED = 2**21
# Of amplitudes.
_ROUNDING = 1e-15
# Bytes of one element of a density matrix, with what is made of it.
_BYTES = 48


def require_symmetric(
    problem: Problem[Any], name: str, sides: Sequence[str] = ("battery",)
) -> None:
    """Refuse starts that are not invariant under permutations of the spins of some sides.

    Raises
    ------
    InvalidArgument
        The spins of one of the sides have different populations.
    """
    for side in sides:
        if not all(map(_complete, _arrangements(problem, side).values())):
            noun = {"battery": "cells", "charger": "charger spins"}[side]
            raise InvalidArgument(
                f"`initial` must have {noun} of equal populations for `{name}`, which is no mean "
                f"over their permutations, but is {problem.initial}"
            )


_Groups = tuple[tuple[Any, Any], ...]


def _arrangements(problem: Problem[Any], side: str) -> dict[Any, list[_Groups]]:
    """The groups of unequal spins of a side, of branches that are alike but for their order."""
    found: dict[Any, list[_Groups]] = {}
    for branch in problem.branches():
        state = getattr(branch, side)
        if isinstance(state, Independent):
            groups = tuple((problem.number(p), count) for p, count in state.groups if count)
            if len({p for p, _ in groups}) > 1:
                other = branch.charger if side == "battery" else branch.battery
                key = branch.weights, tuple(sorted(groups)), other
                found.setdefault(key, []).append(groups)
    return found


def _complete(arrangements: list[_Groups]) -> bool:
    """True for every order of some spins, each once: that is its own mean over permutations."""
    spins = Counter({p: 0 for p, _ in arrangements[0]})
    for population, number in arrangements[0]:
        spins[population] += number
    # There are at least as many orders as spins; factorials of many are long.
    if spins.total() > len(arrangements):
        return False
    orders = {tuple(p for p, n in groups for _ in range(n)) for groups in arrangements}
    most = factorial(spins.total()) // prod(map(factorial, spins.values()))
    return len(arrangements) == len(orders) == most


class Irrep(NamedTuple):
    """The battery's state in one total spin, without the multiplicity.

    Attributes
    ----------
    size : int
        2j, the highest level.
    multiplicity : int
        The number of times that it occurs.
    cells : array (K,)
        The number of excited cells of each level that may have a probability.
    state : array (T, K) or (T, K, K)
        Its diagonal, where it has nothing else, or the density matrix; its trace is the weight.
    """

    size: int
    multiplicity: int
    cells: Integers
    state: npt.NDArray[Any]

    @property
    def populations(self) -> Floats:
        """The diagonal, (T, K)."""
        if self.state.ndim == 2:
            return np.real(self.state)
        return np.real(np.einsum("tkk->tk", self.state))


class Motion(NamedTuple):
    """The amplitudes of some starts at some times, with the ladders that they move on.

    Attributes
    ----------
    wave : Wave
    weight : array (S,)
    k, c : arrays
        Levels within the irreps; they broadcast against ``wave.psi[..., 0]``.
    up, down : arrays
        r(k) of the battery and of the charger, likewise.
    cells, quanta : arrays
        The numbers of excited cells and of excitations of the charger, likewise.
    """

    wave: Wave
    weight: Floats
    up: Floats
    down: Floats
    cells: Integers
    quanta: Integers

    @property
    def density(self) -> Floats:
        """|ψ|²."""
        return self.wave.psi.real**2 + self.wave.psi.imag**2

    def raised(self, into: int) -> Complex:
        """X ψ of X = S₊J₋ for ``into`` = −1, S₊J₊ for +1."""
        return self.applied(into, 0.0)

    def applied(self, into: int, back: float) -> Complex:
        """(X + ``back`` X†) ψ."""
        psi = self.wave.psi
        result = np.zeros_like(psi)
        if self.wave.sites is not None:
            if into > 0:
                return result
            hop = np.sqrt(self.up[:, :-1] * self.down[:, 1:])[:, :, None]
            np.multiply(hop, psi[:, :-1], out=result[:, 1:])
            if back:
                result[:, :-1] += (back * hop) * psi[:, 1:]
            return result
        low, high = slice(None, -1), slice(1, None)
        source, target = (high, low) if into < 0 else (low, high)
        hop = np.sqrt(self.up[:, low] * self.down[:, :, low])[..., None]
        result[:, high, target] = hop * psi[:, low, source]
        if back:
            result[:, low, source] += (back * hop) * psi[:, high, target]
        return result

    def coupled(self, anisotropy: float, back: float) -> Complex:
        """(X + ``back`` X† + γ(Y + ``back`` Y†)) ψ of X = S₊J₋ and Y = S₊J₊."""
        result = self.applied(-1, back)
        return result + anisotropy * self.applied(1, back) if anisotropy else result


def _singular_values(matrices: Complex) -> Floats:
    """The singular values (T, ·), by eigenvalues where the order of columns makes it Hermitian.

    It does where the sides are alike: Θ of :mod:`numerics.sectors.grids` takes ψ to its conjugate.
    """
    turned = matrices[:, :, ::-1]
    one = turned[len(turned) // 2]
    for phase in (1, -1):
        if one.shape == one.T.shape and np.allclose(one, phase * one.conj().T, 0, _ROUNDING):
            hermitian = turned if phase == 1 else 1j * turned
            return np.asarray(np.abs(np.linalg.eigvalsh(hermitian)), dtype=np.float64)
    return np.asarray(np.linalg.svd(matrices, compute_uv=False), dtype=np.float64)


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
        if self.problem.conserved:
            return max(self.size, self.levels.count)
        return max(self.size, *(int(spin + 1) ** 2 for spin in self.levels.spin))

    @cached_property
    def gain(self) -> Floats:
        """⟨K⟩ − ⟨K⟩ at the start, shape (T,); nothing cancels in it."""
        return self.dynamics.excitation(self.times)

    @cached_property
    def moments(self) -> Moments:
        """The same with its first two time derivatives."""
        return self.dynamics.moments(self.times)

    @cached_property
    def rows(self) -> Floats:
        """The probabilities of all `levels`, irrep by irrep, shape (T, R)."""
        if self._small and len(self.start.weight) == len(self.levels.spin) == 1:
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

    @cached_property
    def excited_at_first(self) -> float:
        """⟨K⟩ at the start."""
        cells = self.problem.battery.bottom(self.start.cell_spin) + self.start.cell_level
        return float(self.start.weight @ cells.astype(np.float64))

    @cached_property
    def excited(self) -> Floats:
        """⟨K⟩, shape (T,)."""
        return self.gain + self.excited_at_first

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
        """One start of one irrep each, that occurs once."""
        one = len(self.start.weight) == 1
        sizes = self.problem.battery.size, self.problem.charger.size
        labels = self.start.cell_spin, self.start.charger_spin
        return one and all(int(label[0]) == int(s) for label, s in zip(labels, sizes, strict=True))

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
        # Of the grid one parity of k + c is there: even and odd k are apart.
        odd = int((self.start.cell_level[0] + self.start.charger_level[0]) % 2)
        result = np.zeros((len(self.times), 0))
        for motion in self.motions():
            psi = np.moveaxis(motion.wave.psi[0], -1, 0)
            blocks = [psi[:, i::2, (i + odd) % 2 :: 2] for i in (0, 1)]
            roots = np.hstack([_singular_values(b) for b in blocks if min(b.shape[1:])])
            if not result.size:
                result = np.zeros((len(self.times), roots.shape[1]))
            result[motion.wave.window] = roots
        return result

    # The battery's state

    @cached_property
    def irreps(self) -> list[Irrep]:
        """The state of the battery, irrep by irrep."""
        matrices = None if self.problem.conserved else self._matrices
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
        require(_BYTES * count * sum(k * k for _, k in sizes), "The battery's state")
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
        return len(self.times) * self.numbers * len(self.start.weight) <= _REMEMBERED

    @cached_property
    def _remembered(self) -> list[Motion]:
        return list(self._motions())

    def _motions(self) -> Iterator[Motion]:
        for wave in self.dynamics.waves(self.times):
            yield self._motion(wave)
        still = np.flatnonzero(at_rest(self.problem, self.start))
        if self.problem.conserved or self.parameters.coupling == 0:
            sites = np.zeros(len(still), dtype=np.int64)
            if len(still):
                psi = np.ones((len(still), 1, len(self.times)), dtype=np.complex128)
                yield self._motion(Wave(still, slice(None), psi, sites))
            return
        for number in still:
            shape = (1, 1, int(self.start.charger_level[number]) + 1, len(self.times))
            alone = np.zeros(shape, dtype=np.complex128)
            alone[0, 0, -1] = 1
            yield self._motion(Wave(np.array([number]), slice(None), alone))

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
        battery, charger = self.problem.battery, self.problem.charger
        up, down = (
            np.asarray(side.irrep(label).raising(level), dtype=np.float64)
            for side, label, level in ((battery, spin, k), (charger, charger_spin, c))
        )
        bottoms = battery.bottom(spin), charger.bottom(charger_spin)
        return Motion(wave, start.weight[mine], up, down, bottoms[0] + k, bottoms[1] + c)

    def mean(self, value: Callable[[Motion], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """The mean (T,) of what ``value`` makes of every start, (S, …, T) summed over levels."""
        total = np.zeros(len(self.times), dtype=np.complex128)
        for motion in self.motions():
            values = value(motion)
            summed = values.reshape(len(values), -1, values.shape[-1]).sum(axis=1)
            total[motion.wave.window] += motion.weight @ summed
        return total

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
        own = p.detuning or p.cell_crosstalk or p.charger_crosstalk
        if self.problem.conserved and not own and p.coupling:
            # No energy but that of the coupling, which stays 0.
            return np.multiply(0.5j / p.coupling, self.moments.slope, dtype=np.complex128)
        return self.mean(lambda m: m.wave.psi.conj() * m.raised(-1))

    @cached_property
    def pair_creation(self) -> Complex:
        """⟨S₊J₊⟩, shape (T,)."""
        if self.problem.conserved:
            return np.zeros(len(self.times), dtype=np.complex128)
        return self.mean(lambda m: m.wave.psi.conj() * m.raised(1))
