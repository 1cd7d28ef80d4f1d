r"""The sectors at γ ≠ 0 in double precision: the half of a grid (k, c) that a parity leaves.

The exchange moves a state by (1, −1), the counter-rotating terms by (1, 1). States are ordered in
*shells*, by the larger of the number of exchanges they are away from the start and of the number
of counter-rotating terms, whichever are slower counted by the ratio \|γ\| of their speeds, so that
what the motion has reached is a leading part of every vector, and not much more: at M = N = 1000
and γ = 0.2 a third of all states up to the first peak.

**The fold.** For as many cells as charger spins, resonant and without crosstalk,
:math:`\Theta|k,c\rangle = (-1)^k|N-c,N-k\rangle` anticommutes with H. A start with
:math:`k = N-c` is an eigenstate of Θ, so Chebyshev vectors of even order have its sign and those of
odd order the other: of each pair of mirrored states one is enough, :math:`(|k,c\rangle \pm
\Theta|k,c\rangle)/\sqrt2`, in which K is on average :math:`(k+N-c)/2`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from numerics.model.checks import invalid
from numerics.model.problem import Parameters, Problem
from numerics.model.resources import Floats, Integers, require
from numerics.model.sides import Side
from numerics.sectors.operator import Basis, Block, Operator, gershgorin, symmetric
from numerics.sectors.starts import Start, levels, vectors

__all__ = ["Grid", "grids"]

# Bytes per state: five elements of H and four of [H, K] with their columns, the work of building
# them, and a few dozen vectors.
_BYTES = 5 * 12 + 4 * 8 + 150 + 64 * 8
# Moves that are weaker against the others move nothing in the time that there is.
_SLOWEST = 1e-3


@dataclass(frozen=True)
class Grid:
    """One sector at γ ≠ 0: two ladders, one irrep of each, and the weighted starts in it."""

    parameters: Parameters[float]
    battery: Side
    charger: Side
    top: int  # the highest charger level in use
    odd: int  # the parity of k + c
    start: Start
    numbers: Integers  # which of all starts these are
    lowest: int = 0  # the number of excited cells at level 0
    first_row: int = 0  # the row of level 0 among all `levels`

    @property
    def dimension(self) -> int:
        """The number of states in the sector."""
        states = (self.battery.top + 1) * (self.top + 1)
        return (states + 1 - self.odd) // 2

    @property
    def foldable(self) -> bool:
        """True where Θ anticommutes with H and the one start is an eigenstate of it."""
        p, start = self.parameters, self.start
        levels = np.arange(self.top)
        elements = self.battery.raising(levels)
        return (
            self.battery.top == self.charger.top
            and np.array_equal(elements, elements[::-1])
            and np.array_equal(elements, self.charger.raising(levels))
            and p.chiral
            and len(start.weight) == 1
            and int(start.cell_level[0] + start.charger_level[0]) == self.top
        )

    @property
    def bytes(self) -> int:
        """About how much memory an evolution takes."""
        return _BYTES * (self.dimension // 2 if self.foldable else self.dimension)

    def block(self) -> Block:
        """The whole sector as one sparse matrix."""
        basis = self._basis(folded=False)
        matrix = self._matrix(basis, basis)
        low, high = gershgorin(matrix)
        shift = scipy.sparse.eye_array(len(basis.k), format="csr") * ((low + high) / 2)
        sites = basis.site[self.start.cell_level, self.start.charger_level]
        numbers, weights, states = self.numbers, self.start.weight, None
        found = vectors(self.start, 0 * sites, sites, len(basis.k))
        if found is not None:
            sites, numbers = sites[found.heads], numbers[found.heads]
            weights, states = found.weights, found.amplitudes
        return Block(
            matrix=scipy.sparse.csr_array(matrix - shift),
            levels=(self.lowest + basis.k).astype(float),
            sites=sites,
            weights=weights,
            basis=self._states(basis),
            numbers=numbers,
            vectors=states,
        )

    def _states(self, basis: _Basis, factor: Any = 1.0) -> Basis:
        (sites,) = np.nonzero(np.broadcast_to(factor, basis.k.shape))
        scale = np.broadcast_to(factor, basis.k.shape)[sites].astype(np.float64)
        k, c = basis.k[sites], basis.c[sites]
        return Basis(sites, k, c, self.first_row + k, scale, (self.battery.top + 1, self.top + 1))

    @property
    def bases(self) -> tuple[tuple[Basis, ...], tuple[Basis, ...]]:
        """The basis states that each state of either side of `operator` is made of."""
        if not self.foldable:
            whole = (self._states(self._basis(folded=False)),)
            return whole, whole
        signs = ((-1) ** int(self.start.cell_level[0]), -((-1) ** int(self.start.cell_level[0])))
        even, odd = (self._mirrored(s, sign) for s, sign in zip(self._sides, signs, strict=True))
        return even, odd

    def _mirrored(self, side: _Basis, sign: int) -> tuple[Basis, ...]:
        """States and their mirror images, which those on the mirror line do not have."""
        line = side.k + side.c == self.top
        image = _Basis(self.top - side.c, self.top - side.k, side.shell, side.site)
        image_factor = np.where(line, 0.0, sign * (1 - 2 * (side.k % 2)) / np.sqrt(2))
        own = np.where(line, 1.0, 1 / np.sqrt(2))
        return self._states(side, own), self._states(image, image_factor)

    @property
    def _sides(self) -> tuple[_Basis, _Basis]:
        """The states of even and of odd orders, where they can be folded."""
        basis = self._basis(folded=True)
        # On the mirror line Θ is (−1)^k, so its states belong to one side each.
        line = basis.k + basis.c == self.top
        same = (basis.k - self.start.cell_level[0]) % 2 == 0
        return basis.part(~line | same), basis.part(~line | ~same)

    def operator(self) -> tuple[Operator, Integers]:
        """H between even and odd orders (folded if it can be), and the sites of the starts."""
        if not self.foldable:
            block, basis = self.block(), self._basis(folded=False)
            sites = basis.site[self.start.cell_level, self.start.charger_level]
            return symmetric(block.matrix, block.levels, basis.shell), sites
        even, odd = self._sides
        operator = Operator(
            forward=self._matrix(odd, even),
            backward=self._matrix(even, odd),
            levels=(
                even.excitation(self.top) + self.lowest,
                odd.excitation(self.top) + self.lowest,
            ),
            shells=(even.shell, odd.shell),
        )
        return operator, even.site[self.start.cell_level, self.start.charger_level]

    @property
    def rim(self) -> Floats:
        """The strength of the leak of each state of `block` beyond the photon cutoff."""
        # No more than this times the amplitude leaves the topmost layer.
        p = self.parameters
        step = np.sqrt(float(self.charger.raising(self.top)) * self.battery.strongest)
        leak = abs(p.coupling) * (1 + abs(p.anisotropy)) * step
        return np.where(self._basis(folded=False).c == self.top, leak, 0.0)

    def _basis(self, folded: bool) -> _Basis:
        k, c = np.meshgrid(np.arange(self.battery.top + 1), np.arange(self.top + 1), indexing="ij")
        inside = (k + c) % 2 == self.odd
        if folded:
            inside &= k + c >= self.top
        k, c = k[inside], c[inside]
        heaviest = int(np.argmax(self.start.weight))
        start = self.start.cell_level[heaviest], self.start.charger_level[heaviest]
        # Exchanges and counter-rotating terms that lead there; these move it γ times as fast.
        exchanges, pairs = (k - c - start[0] + start[1]) // 2, (k + c - sum(start)) // 2
        ratio = max(abs(self.parameters.anisotropy), _SLOWEST)
        slow = max(1.0, min(ratio, 1 / _SLOWEST)), max(1.0, 1 / ratio)
        shell = np.maximum(slow[0] * np.abs(exchanges), slow[1] * np.abs(pairs))
        order = np.lexsort((k, exchanges, shell))
        return _Basis.of(k[order], c[order], shell[order], inside.shape)

    def _up(self, k: Integers, c: Integers, into: int) -> Floats:
        """⟨k+1, c+into| H |k, c⟩ for ``into`` = ±1; 0 where it would lead out of the ladders."""
        p = self.parameters
        strength = p.coupling if into < 0 else p.coupling * p.anisotropy
        cell = self.battery.raising(k).astype(float)
        charger = self.charger.raising(np.minimum(c, c + into))
        return strength * np.sqrt(np.maximum(cell, 0) * np.maximum(charger, 0))

    def _diagonal(self, k: Integers, c: Integers) -> Floats:
        """The own energies of levels; the bare ones from k + c = top at resonance."""
        p = self.parameters
        diagonal = p.frequency * k + p.charger_frequency * (c - self.top)
        for strength, element in p.interactions(self.battery, self.charger):
            diagonal = diagonal + strength * element(k, c)
        return diagonal

    def _matrix(self, rows: _Basis, columns: _Basis) -> scipy.sparse.csr_array:
        """H between two sets of states."""
        k, c = rows.k, rows.c
        elements = [(columns.site[k, c], self._diagonal(k, c))]
        for into in (-1, 1):
            elements.append((columns.site[k + 1, c + into], self._up(k, c, into)))
            elements.append((columns.site[k - 1, c - into], self._up(k - 1, c - into, into)))
        positions = np.stack([position for position, _ in elements], axis=1)
        values = np.stack([value for _, value in elements], axis=1)
        if rows is not columns:
            # A pair of mirrored states meets a state of the mirror line twice, over √2.
            line = k + c == self.top
            met = np.append(columns.k + columns.c == self.top, False)[positions]
            values[met ^ line[:, None]] *= np.sqrt(2)
        inside = (positions >= 0) & (values != 0)
        ends = np.concatenate([[0], np.cumsum(np.count_nonzero(inside, axis=1))])
        return scipy.sparse.csr_array(
            (values[inside], positions[inside].astype(np.int32), ends.astype(np.int32)),
            shape=(len(k), len(columns.k)),
        )


@dataclass(frozen=True)
class _Basis:
    """States (k, c) in order of their shells, and where each is; −1 for those left out."""

    k: Integers
    c: Integers
    shell: Floats
    site: Integers

    @classmethod
    def of(cls, k: Integers, c: Integers, shell: Floats, shape: tuple[int, ...]) -> _Basis:
        # One layer more on either side, which the states next to the edge find empty.
        site = np.full((shape[0] + 1, shape[1] + 1), -1)
        site[k, c] = np.arange(len(k))
        return cls(k, c, shell, site)

    def part(self, chosen: np.ndarray) -> _Basis:
        shape = self.site.shape
        k, c, shell = self.k[chosen], self.c[chosen], self.shell[chosen]
        return _Basis.of(k, c, shell, (shape[0] - 1, shape[1] - 1))

    def excitation(self, top: int) -> Floats:
        """K of a state, or of a pair of mirrored ones on average."""
        return (self.k + top - self.c) / 2


def grids(problem: Problem[float], start: Start, cutoff: int = 0) -> Iterator[Grid]:
    """The sectors at γ ≠ 0: (irrep, irrep, parity), charger levels up to ``cutoff`` without a top.

    Raises
    ------
    InvalidArgument
        The battery has no highest level.
    TooLargeError
        They do not fit into memory.
    """
    if problem.battery.top is None:
        must = f"be 0 for a battery that is a {problem.battery.noun}"
        raise invalid("anisotropy", must, problem.model.anisotropy)
    parity = (start.cell_level + start.charger_level) % 2
    keys = np.stack([start.cell_spin, start.charger_spin, parity], axis=1)
    sectors, index = np.unique(keys, axis=0, return_inverse=True)
    index = index.ravel()
    size = states = 0
    rows = levels(problem, start).row(sectors[:, 0], 0 * sectors[:, 0])
    for number, (cell_spin, charger_spin, odd) in enumerate(sectors.tolist()):
        battery, charger = problem.battery.irrep(cell_spin), problem.charger.irrep(charger_spin)
        if battery.top == 0:
            continue
        top = cutoff if charger.top is None else charger.top
        lowest, mine = problem.battery.bottom(cell_spin), np.flatnonzero(index == number)
        row = int(rows[number])
        grid = Grid(problem.parameters, battery, charger, top, odd, start[mine], mine, lowest, row)
        size, states = size + grid.bytes, states + grid.dimension
        require(size, f"this battery, with sectors of {states} states,")
        yield grid
