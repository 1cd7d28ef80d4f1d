r"""The inner part of the spectrum of a long chain without diagonal: eigenvalues near zero only.

A chain of L sites has pairs of eigenvalues :math:`\pm\sigma`, and 0 where L is odd. Those below
some energy cost little where all would cost :math:`L^2` numbers. Eigenvalues come from the
bidiagonal half of the chain (``dbdsdc``, relative accuracy) and eigenvectors by inverse iteration
(``dstein``). In long chains a few bisections separate the eigenvalues; for all of them at once the
recurrence along the sites, from both ends to the largest hop, gives vectors, and Rayleigh quotients
of these the next values, whose error is of the second order in that of the last.
"""

from __future__ import annotations

import numpy as np
import scipy

from numerics.dynamics.compiled_routines import singular_values
from numerics.model.resources import Floats, slices

__all__ = ["inner_spectrum"]

# Up to so many pairs of sites all eigenvalues cost less than those in an interval.
_ALL = 2500
_INCOMPLETE = 1e-10
# About as many as there are below the cutoff of a long chain, or more.
_LEVELS = 256
# Of their distances, what bisections leave open; and of the cutoff, the least distance in question.
_COARSE, _FINEST = 1e-3, 1e-9
# Rounds of refinement, at most, and the change of values, against the largest, before the last.
_ROUNDS, _CLOSE = 8, 1e-9
# The largest residual of vectors that are right, against the least distance of their values.
_RESIDUAL = 3e-12
# Numbers that are summed one after another.
_PORTION = 2**10


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
    if length <= 2 * _ALL:
        padded = np.pad(hops, (0, length % 2))
        # An odd chain has a zero eigenvalue, which nothing depends on.
        values = singular_values(padded[0::2], padded[1::2])[::-1][length % 2 :]
        values = values[values <= cutoff]
        vectors = _vectors(hops, values)
    else:
        separated = _separated(hops, cutoff, _COARSE)
        values, vectors, residual = _refined(hops, separated)
        moved = np.max(np.abs(values - separated), initial=0.0)
        least = np.min(np.diff(separated), initial=cutoff)
        if not (residual < _RESIDUAL * least and moved < least / 4):
            # Rough hops, which no battery has, confine vectors to some of the sites.
            vectors = _vectors(hops, _separated(hops, cutoff, 0.0))
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


def _separated(hops: Floats, cutoff: float, share: float) -> Floats:
    """The eigenvalues in (0, cutoff], to a share of their distances."""
    size, least = len(hops) + 1, cutoff / _LEVELS
    tiny = 1e-3 * cutoff if size % 2 else 0.0
    while True:
        values: Floats = scipy.linalg.eigvalsh_tridiagonal(
            np.zeros(size), hops, "v", (-tiny, cutoff), lapack_driver="stebz", tol=share * least
        )
        # Within this distance of zero as many are below as above.
        values = values[(np.count_nonzero(values <= tiny) + 1) // 2 :]
        distance = float(np.min(np.diff(values), initial=cutoff))
        if distance >= least or least <= _FINEST * cutoff:
            return values
        least = max(distance / 2, _FINEST * cutoff)


def _refined(hops: Floats, values: Floats) -> tuple[Floats, Floats, float]:
    """Eigenvalues, normalised eigenvectors (n, L) from values close to them, and the residual."""
    vectors = np.empty((len(hops) + 1, len(values)))
    # Where hops are largest all vectors oscillate: towards there amplitudes never decay.
    middle = min(int(np.argmax(hops)), len(hops) - 1)
    close = False
    for _ in range(_ROUNDS):
        _along(hops[: middle + 1], values, vectors[: middle + 2])
        left = vectors[middle : middle + 2].copy()
        _along(hops[middle:][::-1], values, vectors[middle:][::-1])
        right = vectors[middle : middle + 2]
        vectors[middle:] *= np.sum(left * right, axis=0) / np.sum(right**2, axis=0)
        norms, energies = np.zeros((2, len(values)))
        # Sums of sums: one after another so many numbers would lose digits.
        for part in slices(len(hops), _PORTION):
            here, there = vectors[part], vectors[part.start + 1 : part.stop + 1]
            norms += np.ones(len(here)) @ here**2
            energies += 2 * hops[part] @ (here * there)
        norms += vectors[-1] ** 2
        vectors /= np.sqrt(norms)
        before, values = values, energies / norms
        if close:
            break
        # The vectors are as far off as the values that they come from: one round more.
        close = bool(np.max(np.abs(values - before)) <= _CLOSE * values[-1])
    # Elsewhere the recurrence leaves none.
    ends = vectors[max(middle - 1, 0)] * hops[max(middle - 1, 0)] * (middle > 0)
    residual = ends + hops[middle] * vectors[middle + 1] - values * vectors[middle]
    return values, vectors.T, float(np.max(np.abs(residual), initial=0.0))


def _along(hops: Floats, values: Floats, amplitudes: Floats) -> None:
    """Fill in amplitudes (L, n) of the first site on, where they are 1, for every energy."""
    now, before, behind = np.ones(len(values)), np.zeros(len(values)), 0.0
    term, amplitudes[0] = np.empty(len(values)), 1.0
    for site, hop in enumerate(hops.tolist(), start=1):
        np.multiply(values, now, out=term)
        before *= behind
        term -= before
        term /= hop
        before, now, term, behind = now, term, before, hop
        amplitudes[site] = now


def _still(hops: Floats) -> float:
    """The share of the first site in the state of eigenvalue 0 of a chain of odd length."""
    ratios = np.cumprod((hops[0::2] / hops[1::2]) ** 2)
    return float(1 / (1 + ratios.sum()))
