r"""A Hamiltonian between vectors of even and of odd order, and what follows from its commutators.

Where H anticommutes with a symmetry of the start, it leads from the states of one sign (the *even*
side) to those of the other (the *odd* side) and back: :math:`T_n(H)|s\rangle` lies on the side of n
and half of H is enough. Where it does not, both sides are the whole sector and both matrices are H.
A state is :math:`\psi = a - ib` with real a on the even and b on the odd side.

With :math:`C = [H, K]`, K the number of excited cells,

.. math::

    \frac{d}{dt}\langle K\rangle = \langle iC\rangle = 2a^TCb, \qquad
    \frac{d^2}{dt^2}\langle K\rangle = -\langle[H, C]\rangle
        = -2\,[(Ha)^T(Ca) + (Hb)^T(Cb)],

and every further derivative is one more commutator.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

from numerics.model.resources import Floats, Integers, slices

__all__ = [
    "Amplitudes",
    "Basis",
    "Block",
    "Operator",
    "density",
    "gershgorin",
    "symmetric",
]

# Rows of a product of sparse matrices worked out at a time.
_STRIP = 2**15


class Basis(NamedTuple):
    """Basis states in some of the states of a vector: levels in both irreps, and their share."""

    sites: Integers  # of the vector, as all others (L,)
    k: Integers
    c: Integers
    rows: Integers  # among all `levels`
    factor: Floats
    shape: tuple[int, int]  # the numbers of levels of battery and charger

    def place(self, amplitudes: Floats, total: Floats) -> None:
        """Put a real vector, at T times, in its places among all levels (K, C, T)."""
        total[self.k, self.c] = self.factor[:, None] * amplitudes[self.sites]


@dataclass(frozen=True)
class Block:
    """One sector: a real symmetric matrix, and S weighted starts in it.

    ``levels`` (L,) counts excited cells; start number s is basis state ``sites[s]``.
    """

    matrix: scipy.sparse.csr_array
    levels: Floats
    sites: Integers
    weights: Floats
    basis: Basis
    numbers: Integers  # which of all starts these are, (S,)
    # Superpositions, normalised, (S, L), if there are any; ``sites`` are their heads.
    vectors: npt.NDArray[np.complex128] | None = None

    @property
    def gains(self) -> Floats:
        """K − k_s for every start and basis state, shape (S, L)."""
        if self.vectors is not None:
            return self.levels - (np.abs(self.vectors) ** 2 @ self.levels)[:, None]
        return self.levels - self.levels[self.sites, None]

    @property
    def energies(self) -> Floats:
        """The diagonal elements at the starts, (S,)."""
        return np.asarray(self.matrix.diagonal()[self.sites], dtype=np.float64)

    @property
    def rows(self) -> Integers:
        """The row among all `levels` of every basis state of every start, (S, L)."""
        return np.broadcast_to(self.basis.rows, self.gains.shape)


class Amplitudes(NamedTuple):
    """Real and imaginary part of ψ, or of a power of H on it, each of shape (S, L, T)."""

    real: Floats
    imag: Floats


def density(psi: Amplitudes) -> Floats:
    """|ψ|²."""
    return psi.real**2 + psi.imag**2


@dataclass(frozen=True)
class Operator:
    """H from the even side (L0 states) to the odd (L1), and back: one matrix if nothing folds."""

    forward: scipy.sparse.csr_array  # (L1, L0)
    backward: scipy.sparse.csr_array  # its transpose
    levels: tuple[Floats, Floats]  # excited cells K in each state
    shells: tuple[Floats, Floats]  # about how late the motion comes to each state, ascending

    def __post_init__(self) -> None:
        # Others share the indices of these: sorting them later would pair them with wrong elements.
        for matrix in self.matrices:
            matrix.sort_indices()

    @property
    def folded(self) -> bool:
        """The two sides differ."""
        return self.forward is not self.backward

    @property
    def lengths(self) -> tuple[int, int]:
        """The dimensions of the sides."""
        return len(self.levels[0]), len(self.levels[1])

    @cached_property
    def radius(self) -> float:
        """No eigenvalue of H is larger in size: Gershgorin's bound."""
        return max(_row_sums(self.forward), _row_sums(self.backward), np.finfo(float).tiny)

    @property
    def matrices(self) -> tuple[scipy.sparse.csr_array, scipy.sparse.csr_array]:
        """H on either side."""
        return self.forward, self.backward

    @cached_property
    def doubled(self) -> tuple[scipy.sparse.csr_array, scipy.sparse.csr_array]:
        """2H/R on either side."""
        forward = _scaled(self.forward, 2 / self.radius)
        return forward, _scaled(self.backward, 2 / self.radius) if self.folded else forward

    @cached_property
    def commutators(self) -> tuple[scipy.sparse.csr_array, scipy.sparse.csr_array]:
        """C = [H, K] on either side."""
        forward = _commutator(self.forward, self.levels[0], self.levels[1])
        if not self.folded:
            return forward, forward
        return forward, _commutator(self.backward, self.levels[1], self.levels[0])

    @property
    def max_second_derivative(self) -> float:
        """No second derivative of ⟨K⟩ is larger: the row sums of [H, C]."""
        return self._nested[0]

    @property
    def max_third_derivatives(self) -> tuple[Floats, Floats]:
        r"""Row sums r of [H, [H, C]] on either side: no third derivative of ⟨K⟩ exceeds ⟨r⟩."""
        return self._nested[1]

    @cached_property
    def _nested(self) -> tuple[float, tuple[Floats, Floats]]:
        sides = (0, 1) if self.folded else (0,)
        double = [_bracket(self.matrices, self.commutators, side) for side in sides]
        max_second_derivative = max(_row_sums(matrix) for matrix in double)
        return max_second_derivative, _bracket_sums(self.forward, double[0], double[-1])

    def derivatives(self, even: Floats, odd: Floats) -> tuple[float, float]:
        """The first two time derivatives of ⟨K⟩ in the state a − ib."""
        c_odd = self.commutators[1] @ odd
        curvature = (self.forward @ even) @ (self.commutators[0] @ even)
        curvature += (self.backward @ odd) @ c_odd
        return float(2 * (even @ c_odd)), float(-2 * curvature)

    def energies(self, even: Floats, odd: Floats) -> tuple[float, float]:
        """⟨H⟩ (zero between different sides) and ⟨H²⟩ in the state a − ib."""
        h_even, h_odd = self.forward @ even, self.backward @ odd
        mean = 0.0 if self.folded else float(even @ h_even + odd @ h_odd)
        return mean, float(h_even @ h_even + h_odd @ h_odd)


def symmetric(matrix: scipy.sparse.csr_array, levels: Floats, shells: Floats) -> Operator:
    """The operator of one symmetric matrix."""
    return Operator(matrix, matrix, (levels, levels), (shells, shells))


def gershgorin(matrix: scipy.sparse.csr_array) -> tuple[float, float]:
    """Bounds on the spectrum of a symmetric matrix."""
    diagonal = matrix.diagonal()
    radii = np.asarray(abs(matrix).sum(axis=1)).ravel() - np.abs(diagonal)
    return float(np.min(diagonal - radii)), float(np.max(diagonal + radii))


def _scaled(matrix: scipy.sparse.csr_array, factor: float) -> scipy.sparse.csr_array:
    parts = factor * matrix.data, matrix.indices, matrix.indptr
    return scipy.sparse.csr_array(parts, shape=matrix.shape)


def _row_sums(matrix: scipy.sparse.csr_array) -> float:
    """The largest absolute row sum."""
    return float(np.max(abs(matrix).sum(axis=1), initial=0.0))


def _commutator(
    matrix: scipy.sparse.csr_array, into: Floats, out: Floats
) -> scipy.sparse.csr_array:
    """[H, K] of H from states with K = ``into`` to states with K = ``out``."""
    own = np.repeat(out, np.diff(matrix.indptr))
    data = matrix.data * (into[matrix.indices] - own)
    return scipy.sparse.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)


_Pair = tuple[Any, Any]
"""A matrix on either side."""


def _bracket(h: _Pair, c: _Pair, side: int) -> scipy.sparse.csr_array:
    """[H, C] on one side."""
    return scipy.sparse.csr_array(h[1 - side] @ c[side] - c[1 - side] @ h[side])


def _bracket_sums(
    h: scipy.sparse.csr_array, before: scipy.sparse.csr_array, after: scipy.sparse.csr_array
) -> tuple[Floats, Floats]:
    """Column and row sums of abs([H, D]), D being ``before`` on the side H comes from."""
    columns, rows = np.zeros(h.shape[1]), np.zeros(h.shape[0])
    for strip in slices(h.shape[0], _STRIP):
        size = abs(h[strip] @ before - after[strip] @ h)
        rows[strip] = size.sum(axis=1)
        columns += size.sum(axis=0)
    return columns, rows
