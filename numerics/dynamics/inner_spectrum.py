r"""The inner part of the spectrum of a long chain without diagonal: eigenvalues near zero only.

A chain of L sites has pairs of eigenvalues :math:`\pm\sigma`, and 0 where L is odd. Those below
some energy cost little where all would cost :math:`L^2` numbers. Eigenvalues come from the
bidiagonal half of the chain (``dbdsdc``, relative accuracy) or, of long chains, from ``dstemr`` in
the interval, refined by Rayleigh quotients; eigenvectors by inverse iteration (``dstein``).
"""

from __future__ import annotations

import numpy as np
import scipy

from numerics.dynamics.compiled_routines import eigenvalues_up_to, singular_values
from numerics.model.resources import Floats

__all__ = ["inner_spectrum"]

# Up to so many pairs of sites all eigenvalues cost less than those in an interval.
_ALL = 2500
_INCOMPLETE = 1e-10


def inner_spectrum(hops: Floats, cutoff: float) -> tuple[Floats, Floats]:
    r"""Eigenvalues :math:`0<\sigma\le` ``cutoff``, ascending, and their eigenvectors.

    The ``hops`` (L − 1,) are positive; below ``cutoff`` one of the end sites has all but a
    negligible part of its amplitude. The results are (n,) and (n, L).

    Raises
    ------
    LinAlgError
        The algorithm has not converged, or no end is made up by what was found.
    """
    length = len(hops) + 1
    # An odd chain has a zero eigenvalue, which nothing depends on.
    if length <= 2 * _ALL:
        padded = np.pad(hops, (0, length % 2))
        values = singular_values(padded[0::2], padded[1::2])[::-1][length % 2 :]
    else:
        tiny = 1e-3 * cutoff if length % 2 else 0.0
        values = eigenvalues_up_to(hops, -tiny, cutoff)
        # Within this distance of it as many are below as above.
        values = values[(np.count_nonzero(values <= tiny) + 1) // 2 :]
    values = values[values <= cutoff]
    vectors = _vectors(hops, values)
    if length > 2 * _ALL:
        # The error is of the second order in that of the vector.
        values = 2 * (vectors[:, :-1] * vectors[:, 1:]) @ hops
    # The end that cutoffs least is made up by what was found, or something is missing.
    still = [_still(hops), _still(hops[::-1])] if length % 2 else [0.0, 0.0]
    found = 2 * np.sum(vectors[:, [0, -1]] ** 2, axis=0) + still
    if not np.min(np.abs(found - 1)) < _INCOMPLETE:
        raise np.linalg.LinAlgError(
            "the spectrum of a chain is incomplete: its ends count "
            f"{found[0]:.12g} and {found[1]:.12g} in place of 1"
        )
    return values, vectors


def _vectors(hops: Floats, values: Floats) -> Floats:
    """Normalised eigenvectors (n, L) of ascending eigenvalues."""
    size = len(hops) + 1
    block, ends = np.ones(size, dtype=np.int32), np.full(size, size, dtype=np.int32)
    vectors, info = scipy.linalg.lapack.dstein(np.zeros(size), hops, values, block, ends)
    if info:
        raise np.linalg.LinAlgError(f"LAPACK's dstein has failed (INFO = {info})")
    return vectors.T


def _still(hops: Floats) -> float:
    """The share of the first site in the state of eigenvalue 0 of a chain of odd length."""
    ratios = np.cumprod((hops[0::2] / hops[1::2]) ** 2)
    return float(1 / (1 + ratios.sum()))
