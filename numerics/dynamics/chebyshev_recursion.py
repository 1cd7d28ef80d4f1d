r"""The Chebyshev vectors :math:`T_n(H/R)v` of a real v, and sums of them for many times at once.

Vectors are cut behind the last shell that the motion has reached: before every batch of orders the
front is looked for, and during a batch it moves by one shell per order at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy

from numerics.dynamics.bessel_series import Series
from numerics.dynamics.compiled_routines import add_product
from numerics.model.resources import Floats
from numerics.sectors.operator import Operator

__all__ = ["Recursion", "add_series", "zeros"]

# Orders of one parity in a batch, at most, and bytes of the batch.
_LARGEST, _BYTES = 64, 2**27
# The norm of what may be cut each time.
_CUT = 1e-22


@dataclass
class Recursion:
    """T_n(H/R)v for n = 0, 1, …; even orders on the side of v, odd ones on the other.

    ``cut`` is the sum of the norms of all that was cut so far.
    """

    operator: Operator
    side: int
    vector: Floats
    cut: float = 0.0

    @property
    def _sides(self) -> tuple[int, int]:
        return self.side, 1 - self.side

    def batches(self, count: int) -> Iterator[tuple[int, tuple[Floats, Floats], tuple[int, int]]]:
        """Batches of ``count`` orders, each to be used before the next.

        Yields
        ------
        The first order (even); the vectors of even and of odd order, shape (n, L); and how long the
        leading part of those vectors is beyond which all are zero.
        """
        lengths = [self.operator.lengths[side] for side in self._sides]
        size = int(np.clip(_BYTES // (8 * sum(lengths)), 2, _LARGEST))
        vectors = zeros(size, (lengths[0], lengths[1]))
        vectors[0][-1] = self.vector
        matrices, parts, shells = self._matrices(-1), (0, 0), self.operator.shells
        last, limit = max(int(shell[-1]) for shell in shells), -1
        for first in range(0, count, 2 * size):
            if limit < last:
                limit = min(self._front((vectors[0][-1], vectors[1][-1])) + 2 * size, last)
                matrices = self._matrices(limit)
                parts = (matrices[1].shape[0], matrices[0].shape[0])
            end = min(first + 2 * size, count)
            for n in range(first, end):
                self._step(n, (n - first) // 2, vectors, matrices)
            rows = (end - first + 1) // 2, (end - first) // 2
            yield first, (vectors[0][: rows[0]], vectors[1][: rows[1]]), parts

    def _matrices(self, limit: int) -> list[scipy.sparse.csr_array]:
        """2H/R from either side, its leading rows up to a shell."""
        return [
            _leading(
                self.operator.doubled[side],
                int(np.searchsorted(self.operator.shells[1 - side], limit, side="right")),
            )
            for side in self._sides
        ]

    def _step(
        self,
        n: int,
        row: int,
        vectors: tuple[Floats, Floats],
        matrices: list[scipy.sparse.csr_array],
    ) -> None:
        """T_n into its row, by T_n = (2H/R)T_{n−1} − T_{n−2}; row −1 holds the last batch's end."""
        parity = n % 2
        new = vectors[parity][row]
        if n == 0:
            new[:] = self.vector
            return
        matrix = matrices[1 - parity]
        rows = matrix.shape[0]
        if n > 1:
            np.negative(vectors[parity][row - 1][:rows], out=new[:rows])
        add_product(matrix, vectors[1 - parity][row if parity else row - 1], new[:rows])
        if n == 1:
            new /= 2

    def _front(self, last_two: tuple[Floats, Floats]) -> int:
        """The last shell that counts in the latest vectors; what lies beyond is cut."""
        front = 0
        for vector, side in zip(last_two, self._sides, strict=True):
            size, end = 0.0, int(np.flatnonzero(vector)[-1]) + 1 if np.any(vector) else 0
            shells = self.operator.shells[side]
            while end and size <= _CUT**2:
                front_here = int(shells[end - 1])
                begin = int(np.searchsorted(shells, front_here))
                size += float(vector[begin:end] @ vector[begin:end])
                end = begin
                front = max(front, front_here) if size > _CUT**2 else front
        for vector, side in zip(last_two, self._sides, strict=True):
            beyond = vector[np.searchsorted(self.operator.shells[side], front, side="right") :]
            self.cut += float(np.linalg.norm(beyond))
            beyond[:] = 0
        return front


def zeros(rows: int, lengths: tuple[int, int]) -> tuple[Floats, Floats]:
    """Two arrays (rows, length) in one piece of memory, which large pages make cheaper."""
    both = np.zeros(rows * sum(lengths))
    first, second = both[: rows * lengths[0]], both[rows * lengths[0] :]
    return first.reshape(rows, lengths[0]), second.reshape(rows, lengths[1])


def _leading(matrix: scipy.sparse.csr_array, rows: int) -> scipy.sparse.csr_array:
    """The first rows of a matrix, nothing copied."""
    end = int(matrix.indptr[rows])
    parts = matrix.data[:end], matrix.indices[:end], matrix.indptr[: rows + 1]
    return scipy.sparse.csr_array(parts, shape=(rows, matrix.shape[1]))


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
    if 2 * part <= total.shape[1]:
        total[:, :part] += weights.T @ vectors[:, :part]
    elif len(vectors):
        scipy.linalg.blas.dgemm(1.0, vectors.T, weights, 1.0, total.T, overwrite_c=1)
