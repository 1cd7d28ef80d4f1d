r"""The inner part of the spectrum of a long chain without diagonal: eigenvalues near zero only.

A chain of L sites has pairs of eigenvalues :math:`\pm\sigma`, and 0 where L is odd. Those below
some energy cost little where all would cost :math:`L^2` numbers. Eigenvalues come from the
bidiagonal half of the chain (``dbdsdc``, relative accuracy) or, of long chains, from ``dstemr`` in
the interval, refined by Rayleigh quotients; eigenvectors by inverse iteration (``dstein``).
"""

from __future__ import annotations

import ctypes

import numpy as np

from numerics.dynamics.bidiagonal_svd import singular_values
from numerics.dynamics.lapack import call
from numerics.model.arrays import Floats

__all__ = ["inner_count", "inner_spectrum"]

# Up to so many pairs of sites all eigenvalues cost less than those in an interval.
_ALL = 2500
_INCOMPLETE = 1e-10


def inner_spectrum(hops: Floats, reach: float) -> tuple[Floats, Floats]:
    r"""Eigenvalues :math:`0<\sigma\le` ``reach``, ascending, and their eigenvectors.

    Parameters
    ----------
    hops : array (L − 1,)
        Positive.
    reach
        Where one of the end sites has all but a negligible part of its amplitude.

    Returns
    -------
    arrays (n,), (n, L)

    Raises
    ------
    LinAlgError
        The algorithm has not converged, or no end is made up by what was found.
    """
    length = len(hops) + 1
    values = _all(hops) if length <= 2 * _ALL else _between(hops, reach)
    # An odd chain has a zero eigenvalue, which nothing depends on.
    values = values[length % 2 :]
    values = values[values <= reach]
    vectors = _vectors(hops, values)
    if length > 2 * _ALL:
        # The error is of the second order in that of the vector.
        values = 2 * (vectors[:, :-1] * vectors[:, 1:]) @ hops
    # The end that reaches least is made up by what was found, or something is missing.
    still = [_still(hops), _still(hops[::-1])] if length % 2 else [0.0, 0.0]
    found = 2 * np.sum(vectors[:, [0, -1]] ** 2, axis=0) + still
    if not np.min(np.abs(found - 1)) < _INCOMPLETE:
        raise np.linalg.LinAlgError(
            "the spectrum of a chain is incomplete: its ends count "
            f"{found[0]:.12g} and {found[1]:.12g} in place of 1"
        )
    return values, vectors


def inner_count(hops: Floats, reach: float) -> int:
    """How many positive eigenvalues there are up to ``reach``, by Sturm sequences."""
    size = len(hops) + 1
    count, below, above = ctypes.c_int(0), ctypes.c_int(0), ctypes.c_int(0)
    # What pivots may not fall below, so that their inverses do not overflow.
    smallest = float(np.finfo(float).tiny) * max(1.0, float(np.max(hops)) ** 2)
    chain = np.zeros(size), np.append(hops, 0.0), smallest
    # Those in both halves: at 0, where one may be, the routine divides by zero.
    call("dlarrc", "T", size, -float(reach), float(reach), *chain, count, below, above)
    return count.value // 2


def _all(hops: Floats) -> Floats:
    """All eigenvalues that are not negative, ascending."""
    padded = np.pad(hops, (0, (len(hops) + 1) % 2))
    return singular_values(padded[0::2], padded[1::2])[::-1]


def _between(hops: Floats, reach: float) -> Floats:
    """The eigenvalues in [−tiny, reach] where 0 is one of them, else in [0, reach]."""
    size = len(hops) + 1
    tiny = 1e-3 * reach if size % 2 else 0.0
    count, values = ctypes.c_int(0), np.empty(size)
    work, integers = np.empty(18 * size), np.empty(10 * size, dtype=np.int32)
    chain = np.zeros(size), np.append(hops, 0.0)
    unused = np.empty(1), 1, 1, np.empty(2, dtype=np.int32), ctypes.c_int(1)
    call(
        *("dstemr", "N", "V", size, *chain, -tiny, float(reach), 0, 0, count, values),
        *(*unused, work, len(work), integers, len(integers)),
    )
    return values[: count.value].copy()


def _vectors(hops: Floats, values: Floats) -> Floats:
    """Normalised eigenvectors (n, L) of ascending eigenvalues."""
    size, count = len(hops) + 1, len(values)
    vectors = np.empty((count, size))
    block, ends = np.ones(size, dtype=np.int32), np.full(size, size, dtype=np.int32)
    failed, integers = np.empty(count + 1, dtype=np.int32), np.empty(size, dtype=np.int32)
    call(
        *("dstein", size, np.zeros(size), np.append(hops, 0.0), count),
        *(np.ascontiguousarray(values), block, ends, vectors, size),
        *(np.empty(5 * size), integers, failed),
    )
    return vectors


def _still(hops: Floats) -> float:
    """What the state of eigenvalue 0 has on the first site of a chain of odd length, squared."""
    ratios = np.cumprod((hops[0::2] / hops[1::2]) ** 2)
    return float(1 / (1 + ratios.sum()))
