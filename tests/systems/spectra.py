"""Spectra of dense matrices in doubles or, as arrays of objects, in mpmath numbers; total spins."""

import itertools
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


def ups(spins: int) -> np.ndarray:
    """The number of spins up in each of the 2^spins product states."""
    return np.array([sum(state) for state in itertools.product((1, 0), repeat=spins)])


@lru_cache
def irreps(spins: int, digits: int) -> tuple[tuple[int, np.ndarray], ...]:
    """(Lowest number of spins up, basis) of each total spin, basis of shape (level, copy, 2^spins).

    Highest weights are what σ₊ summed over all spins annihilates; the sum of σ₋ leads down.
    """
    up = oracle.total(oracle.RAISE, range(spins), spins).real.astype(int)
    found = []
    for top in range((spins + 1) // 2, spins + 1):
        inside = np.flatnonzero(ups(spins) == top)
        square = up[:, inside].T @ up[:, inside]
        values, vectors = eigh(square.astype(object) * mpmath.mpf(1) if digits else square)
        copies = vectors[:, np.abs(values) < 1e-9]
        level = np.zeros((2**spins, copies.shape[1]), dtype=copies.dtype)
        level[inside] = copies
        levels = [level]
        for k in range(top, spins - top, -1):
            # In the spin j = top − spins/2, at m = k − spins/2.
            norm = (k - spins + top) * (top - k + 1)
            level = up.T @ level / (mpmath.sqrt(norm) if digits else np.sqrt(norm))
            levels.append(level)
        found.append((spins - top, np.array(levels[::-1]).transpose(0, 2, 1)))
    return tuple(found)
