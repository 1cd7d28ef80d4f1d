"""Spectra of dense matrices in doubles or, as arrays of objects, in mpmath numbers; total spins."""

from functools import lru_cache
from typing import Any

import mpmath
import numpy as np

from tests.systems import oracle


def is_precise(x: np.ndarray) -> bool:
    return x.dtype == object


def digits_of(x: np.ndarray) -> int:
    """The working precision of mpmath, or 0 for doubles."""
    return mpmath.mp.dps if is_precise(x) else 0


def squares(x: np.ndarray) -> np.ndarray:
    """|x|² of each element."""
    if is_precise(x):
        return np.frompyfunc(lambda z: z.real**2 + z.imag**2, 1, 1)(x)
    return x.real**2 + x.imag**2


def real(x: np.ndarray) -> np.ndarray:
    return np.frompyfunc(lambda z: z.real, 1, 1)(x) if is_precise(x) else x.real


def eigh(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues, ascending, and eigenvectors."""
    if not is_precise(matrix):
        return np.linalg.eigh(matrix)
    values, vectors = mpmath.mp.eighe(mpmath.matrix(matrix.tolist()))
    return np.array(list(values), dtype=object), np.array(vectors.tolist(), dtype=object)


def spectrum(factor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues, descending, and eigenvectors of ``factor`` times its adjoint."""
    if is_precise(factor):
        values, vectors = eigh(factor @ factor.conj().T)
        return np.array([max(v, 0) for v in values[::-1]], dtype=object), vectors[:, ::-1]
    size = len(factor)
    padded = np.pad(factor, ((0, 0), (0, max(0, size - factor.shape[1]))))
    vectors, roots, _ = np.linalg.svd(padded, full_matrices=False)
    return roots**2, vectors


def singular_values(matrix: np.ndarray) -> list[Any]:
    if is_precise(matrix):
        return list(mpmath.mp.svd_c(mpmath.matrix(matrix.tolist()), compute_uv=False))
    return list(np.linalg.svd(matrix, compute_uv=False))


@lru_cache
def irreps(spins: oracle.Spins, digits: int) -> tuple[tuple[int, np.ndarray], ...]:
    """(Lowest number of excitations, basis) of each total spin, basis of shape (level, copy, ·).

    Highest weights are what S₊ of all spins annihilates; S₋ leads down.
    """
    x, y, _ = (oracle.summed(which, range(len(spins)), spins) for which in range(3))
    up, levels = ((x + 1j * y) / 2).real, oracle.levels(spins)
    if set(spins) <= {2}:
        up = up.astype(int)
    elif digits:
        up = np.frompyfunc(lambda element: mpmath.sqrt(round(element**2)), 1, 1)(up)
    most, found = int(max(levels)), []
    for top in range((most + 1) // 2, most + 1):
        inside = np.flatnonzero(levels == top)
        square = up[:, inside].T @ up[:, inside]
        values, vectors = eigh(square.astype(object) * mpmath.mpf(1) if digits else square)
        copies = vectors[:, np.abs(values) < 1e-9]
        level = np.zeros((len(levels), copies.shape[1]), dtype=copies.dtype)
        level[inside] = copies
        basis = [level]
        for k in range(top, most - top, -1):
            # In the spin j = top − most/2, at m = k − most/2.
            norm = (k - most + top) * (top - k + 1)
            level = up.T @ level / (mpmath.sqrt(norm) if digits else np.sqrt(norm))
            basis.append(level)
        found.append((most - top, np.array(basis[::-1]).transpose(0, 2, 1)))
    return tuple(found)
