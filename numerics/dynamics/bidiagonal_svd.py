r"""Singular values and vectors of real bidiagonal matrices, by LAPACK's ``dbdsdc``.

A zero-diagonal chain couples even sites to odd ones by a bidiagonal B. Its eigenvalues are
± the singular values of B, found here to an absolute error of :math:`\epsilon\|B\|` without
squaring: :math:`BB^T` would cost the small ones, on which a start at the end of the chain depends
most, half of their digits.
"""

from __future__ import annotations

import numpy as np

from numerics.dynamics.lapack import call
from numerics.model.arrays import Floats

__all__ = ["singular", "singular_values"]


def singular(diagonal: Floats, above: Floats) -> tuple[Floats, Floats, Floats]:
    r"""U, σ, V with :math:`B = U\,\mathrm{diag}(\sigma)V^T` for an upper bidiagonal B.

    Parameters
    ----------
    diagonal, above : arrays (n,), (n − 1,)
        The elements of B.

    Raises
    ------
    LinAlgError
        The algorithm has not converged.
    """
    n = len(diagonal)
    # Column-major matrices are the transposes of these.
    left, right = np.empty((n, n)), np.empty((n, n))
    values = _decomposed("I", diagonal, above, left, right, np.empty(3 * n * n + 4 * n))
    return left.T, values, right


def singular_values(diagonal: Floats, above: Floats) -> Floats:
    """σ alone, in descending order, in n² operations; as `singular`."""
    unused = np.empty((1, 1))
    return _decomposed("N", diagonal, above, unused, unused, np.empty(4 * len(diagonal)))


def _decomposed(
    vectors: str, diagonal: Floats, above: Floats, left: Floats, right: Floats, work: Floats
) -> Floats:
    n = len(diagonal)
    values = np.array(diagonal, dtype=np.float64)
    rest = np.append(above, 0.0).astype(np.float64)
    integers, unused = np.empty(8 * n, dtype=np.int32), np.empty(1)
    unused_integers = np.empty(1, dtype=np.int32)
    matrices = left, len(left), right, len(right)
    call(
        "dbdsdc", "U", vectors, n, values, rest, *matrices, unused, unused_integers, work, integers
    )
    return values
