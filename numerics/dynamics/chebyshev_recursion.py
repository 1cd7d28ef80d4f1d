r"""The Chebyshev vectors :math:`T_n(H/R)v` of a real v, and sums of them for many times at once.

Vectors are cut behind the last shell that the motion has reached. Every few orders the front is
looked for and given room to advance as it did before. What states at the edge would have passed on
is measured: if it is too much, these orders are worked out again with more room.

Limits, as measured: up to the first peak of M = N = 100 at γ = 0.2 even Lanczos vectors, the fewest
of all polynomials, are 280 where the series has 296 radians, so orders are not to be saved. A
product over compressed rows takes 5 to 9 ns a state, and 0.6 to 0.75 of that as diagonals
(``dia_array``) or as slices in blocks that fit the caches, which this order of states excludes; to
leave out what is not reached saves more in large sectors, nothing in small ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import scipy

from numerics.dynamics.bessel_series import Series
from numerics.dynamics.compiled_routines import add_product
from numerics.model.resources import Floats, Integers, slices
from numerics.sectors.operator import Operator

__all__ = ["Recursion", "add_series", "zeros"]

# Orders of one parity in a batch, at most, and bytes of the batch.
_LARGEST, _BYTES = 64, 2**27
# Orders between two looks for the front.
_STRIDE = 32
# The norm of what may be cut there, and how much more may leak over the edge in between.
_CUT, _LEAK = 1e-22, 10
# So few states are taken together: following the front would cost more than it saves.
_FEW = 2**13
# The room for the front: shells at first, later its last advance, some shells and a part of all.
_FIRST, _ADVANCE, _MARGIN, _SHARE = 16.0, 1.5, 8.0, 0.03
# Leading parts of less than the inverse of this are added in portions of so many states.
_PARTIAL, _COLUMNS = 1.3, 2**11

_Pair = tuple[Floats, Floats]
"""Vectors on either side, those of the start first."""


@dataclass
class _Window:
    """The states that have been reached or will be soon, a leading part of either side."""

    operator: Operator
    sides: tuple[int, int]
    room: float  # shells behind the front that are to be inside
    front: float = -1.0  # the last shell reached
    limit: float = -1.0  # the last shell inside
    lengths: tuple[int, int] = (0, 0)
    # 2H/R from either side onto what is inside, and the states there which H connects with others.
    matrices: list[scipy.sparse.csr_array] = field(default_factory=list)
    edges: list[Integers] = field(default_factory=list)

    @property
    def _shells(self) -> tuple[Floats, Floats]:
        return self.operator.shells[self.sides[0]], self.operator.shells[self.sides[1]]

    @property
    def whole(self) -> bool:
        """Nothing is outside."""
        return self.lengths == tuple(map(len, self._shells))

    def follow(self, vectors: _Pair) -> float:
        """Find the front in the latest vectors, and cut what is beyond; the norm of that."""
        before, lost = self.front, 0.0
        # At first everywhere, later in the window only.
        ends = [n if before >= 0 else len(v) for n, v in zip(self.lengths, vectors, strict=True)]
        for vector, shells, end in zip(vectors, self._shells, ends, strict=True):
            begin = int(np.searchsorted(shells, before))
            beyond = np.searchsorted(np.cumsum(vector[begin:end][::-1] ** 2), _CUT**2, side="right")
            if beyond < end - begin:
                self.front = max(self.front, float(shells[end - beyond - 1]))
        for vector, shells, end in zip(vectors, self._shells, ends, strict=True):
            rest = vector[np.searchsorted(shells, self.front, side="right") : end]
            lost += float(np.linalg.norm(rest))
            rest[:] = 0
        if before >= 0:
            self.room = _ADVANCE * (self.front - before) + _MARGIN + _SHARE * self.front
        return lost

    def widen(self) -> None:
        """Take in the states that there is room for."""
        if self.front + self.room <= self.limit:
            return
        self.limit = self.front + self.room
        inside = [int(np.searchsorted(s, self.limit, side="right")) for s in self._shells]
        doubled = [self.operator.doubled[side] for side in self.sides]
        self.lengths = inside[0], inside[1]
        self.matrices = [_leading(doubled[0], inside[1]), _leading(doubled[1], inside[0])]
        # H is symmetric: what something outside leads to leads there as well.
        self.edges = [_beyond(m, n) for m, n in zip(self.matrices[::-1], inside[::-1], strict=True)]

    def leak(self, vectors: _Pair) -> float:
        """A bound on the norms of all that vectors (n, L) would have passed on to others."""
        parts = (rows[:, edge] for rows, edge in zip(vectors, self.edges, strict=True))
        return 2 * float(sum(np.linalg.norm(part, axis=1).sum() for part in parts))


@dataclass
class Recursion:
    """T_n(H/R)v for n = 0, 1, …; even orders on the side of v, odd ones on the other.

    ``cut`` is the sum of the norms of all that was cut so far.
    """

    operator: Operator
    side: int
    vector: Floats
    cut: float = 0.0

    def batches(self, count: int) -> Iterator[tuple[int, _Pair, tuple[int, int]]]:
        """Batches of ``count`` orders, each to be used before the next.

        Yields
        ------
        The first order (even); the vectors of even and of odd order, shape (n, L); and how long the
        leading part of those vectors is beyond which all are zero.
        """
        lengths = self.operator.lengths[self.side], self.operator.lengths[1 - self.side]
        room = np.inf if sum(lengths) < _FEW else _FIRST
        window = _Window(self.operator, (self.side, 1 - self.side), room=room)
        size = int(np.clip(_BYTES // (8 * sum(lengths)), 2, _LARGEST))
        # The first rows hold the last orders of the batch before.
        vectors = zeros(size + 1, lengths)
        vectors[0][-1] = self.vector
        for first in range(0, count, 2 * size):
            end = min(first + 2 * size, count)
            for vector in vectors:
                vector[0] = vector[-1]
            for begin in range(first, end, _STRIDE):
                self._extend(range(begin, min(begin + _STRIDE, end)), first, vectors, window)
            rows = (end - first + 1) // 2 + 1, (end - first) // 2 + 1
            yield first, (vectors[0][1 : rows[0]], vectors[1][1 : rows[1]]), window.lengths

    def _extend(self, orders: range, first: int, vectors: _Pair, window: _Window) -> None:
        """Work out some orders, again and again until the window has been wide enough."""
        row = (orders.start - first) // 2
        if not window.whole:
            self.cut += window.follow((vectors[0][row], vectors[1][row]))
        leak = np.inf
        while leak > _LEAK * _CUT:
            window.widen()
            for n in orders:
                self._step(n, (n - first) // 2 + 1, vectors, window.matrices)
            rows = slice(row + 1, row + 1 + (len(orders) + 1) // 2)
            leak = window.leak((vectors[0][rows], vectors[1][rows]))
            window.room *= 2
        self.cut += leak

    def _step(
        self, n: int, row: int, vectors: _Pair, matrices: list[scipy.sparse.csr_array]
    ) -> None:
        """T_n into its row, by T_n = (2H/R)T_{n−1} − T_{n−2}."""
        parity = n % 2
        new = vectors[parity][row]
        if n == 0:
            new[:] = self.vector
            return
        matrix = matrices[1 - parity]
        rows = matrix.shape[0]
        np.negative(vectors[parity][row - 1][:rows], out=new[:rows])
        add_product(matrix, vectors[1 - parity][row if parity else row - 1], new[:rows])
        if n == 1:
            new[:rows] /= 2


def zeros(rows: int, lengths: tuple[int, int]) -> tuple[Floats, Floats]:
    """Two arrays (rows, length) in one block of memory, which large pages make cheaper."""
    both = np.zeros(rows * sum(lengths))
    first, second = both[: rows * lengths[0]], both[rows * lengths[0] :]
    return first.reshape(rows, lengths[0]), second.reshape(rows, lengths[1])


def _leading(matrix: scipy.sparse.csr_array, rows: int) -> scipy.sparse.csr_array:
    """The first rows of a matrix, nothing copied."""
    end = int(matrix.indptr[rows])
    parts = matrix.data[:end], matrix.indices[:end], matrix.indptr[: rows + 1]
    return scipy.sparse.csr_array(parts, shape=(rows, matrix.shape[1]))


def _beyond(matrix: scipy.sparse.csr_array, column: int) -> Integers:
    """The rows that have elements from a column on; elements are in order of their columns."""
    if not matrix.nnz:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(matrix.indices[matrix.indptr[1:] - 1] >= column)


def add_series(
    recursion: Recursion, terms: Series, even: Floats, odd: Floats, sign: int = 1
) -> None:
    """Add the even orders onto ``even`` (T, L), and ``sign`` times the odd ones onto ``odd``."""
    for first, (evens, odds), parts in recursion.batches(int(terms.orders[-1])):
        # The others need fewer orders.
        begin = int(np.searchsorted(terms.orders, first, side="right"))
        row = first // 2
        _add(even[begin:], terms.even[row : row + len(evens), begin:], evens, parts[0])
        _add(odd[begin:], sign * terms.odd[row : row + len(odds), begin:], odds, parts[1])


def _add(total: Floats, weights: Floats, vectors: Floats, part: int) -> None:
    """Add ``weights``ᵀ ``vectors``, of which only the leading ``part`` is not zero."""
    if _PARTIAL * part > total.shape[1]:
        scipy.linalg.blas.dgemm(1.0, vectors.T, weights, 1.0, total.T, overwrite_c=1)
        return
    # BLAS can add to whole arrays only: elsewhere it is done while products are in the caches.
    for columns in slices(part, _COLUMNS):
        total[:, columns] += weights.T @ vectors[:, columns]
