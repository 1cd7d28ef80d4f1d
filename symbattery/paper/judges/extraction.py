"""The most that unitaries take out of the density matrices of cells; energies in units of ω₀."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["extracted", "local_of_two", "of_cells", "pure", "reduced", "symmetric_of_two"]

Matrix = npt.NDArray[np.complex128]


def pure(vector: Sequence[float]) -> Matrix:
    """|v⟩⟨v|."""
    column = np.array(vector, dtype=complex)
    return np.outer(column, column.conj())


def reduced(vector: Any, cells: int) -> Matrix:
    """The density matrix of the cells, which come first, of a vector on all spins."""
    matrix = np.reshape(vector, (2**cells, -1))
    return np.asarray(matrix @ matrix.conj().T, dtype=np.complex128)


def extracted(rho: Any, levels: Sequence[float], room: Sequence[float] | None = None) -> float:
    """The mean energy less that of the passive state, whose eigenvalues decrease along ``room``.

    ``room`` has all levels that unitaries reach, by default those of the diagonal.
    """
    found = np.sort(np.linalg.eigvalsh(rho))[::-1]
    lowest = np.sort(levels if room is None else room)[: len(found)]
    return float(np.real(np.diagonal(rho)) @ np.array(levels) - found @ lowest)


def of_cells(rho: Any) -> float:
    """By all unitaries on all states of some cells, |1⟩ = (1, 0)."""
    cells = len(rho).bit_length() - 1
    return extracted(rho, [cells - state.bit_count() for state in range(len(rho))])


def symmetric_of_two(rho: Any) -> float:
    """By unitaries within the triplet of two cells; the singlet has one level."""
    basis = np.array([[1, 0, 0, 0], [0, 0.5**0.5, 0.5**0.5, 0], [0, 0, 0, 1]])
    return extracted(basis @ rho @ basis.T, [2, 1, 0])


def local_of_two(rho: Any) -> float:
    """By unitaries on each of two cells."""
    parts = np.reshape(rho, (2, 2, 2, 2))
    return sum(of_cells(np.einsum(trace, parts)) for trace in ("iaja->ij", "aiaj->ij"))
