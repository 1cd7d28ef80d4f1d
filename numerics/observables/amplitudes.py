"""Amplitudes at some times on the levels of both sides, and the battery's state made of them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from numerics.dynamics.interface import Wave
from numerics.model.resources import Floats, Integers

__all__ = ["BYTES_OF_ELEMENT", "Complex", "Irrep", "Motion", "singular_values"]

Complex = npt.NDArray[np.complex128]

BYTES_OF_ELEMENT = 48
"""Bytes of one element of a density matrix, with what is made of it."""

# Of amplitudes.
_ROUNDING = 1e-15


class Irrep(NamedTuple):
    """The battery's state in one total spin, without the multiplicity.

    Attributes
    ----------
    size : int
        2j, the highest level; of groups of cells one for each.
    multiplicity : int
        The number of times that it occurs.
    cells : array (K,)
        The number of excited cells of each level that may have a probability.
    state : array (T, K) or (T, K, K)
        Its diagonal, where it has nothing else, or the density matrix; its trace is the weight.
    """

    size: Any
    multiplicity: int
    cells: Integers
    state: npt.NDArray[Any]

    @property
    def populations(self) -> Floats:
        """The diagonal, (T, K)."""
        if self.state.ndim == 2:
            return np.real(self.state)
        return np.real(np.einsum("tkk->tk", self.state))


class Motion(NamedTuple):
    """The amplitudes of some starts at some times, with the ladders that they move on.

    Attributes
    ----------
    wave : Wave
    weight : array (S,)
    k, c : arrays
        Levels within the irreps; they broadcast against ``wave.psi[..., 0]``.
    up, down : arrays
        r(k) of the battery and of the charger, likewise.
    cells, quanta : arrays
        The numbers of excited cells and of excitations of the charger, likewise.
    alone : bool
        The charger has one level only, which no exchange changes.
    """

    wave: Wave
    weight: Floats
    k: Integers
    c: Integers
    up: Floats
    down: Floats
    cells: Integers
    quanta: Integers
    alone: bool = False

    @property
    def density(self) -> Floats:
        """|ψ|²."""
        return self.wave.psi.real**2 + self.wave.psi.imag**2

    def raised(self, into: int) -> Complex:
        """X ψ of X = S₊J₋ for ``into`` = −1, S₊J₊ for +1."""
        return self.applied(into, 0.0)

    def applied(self, into: int, back: float) -> Complex:
        """(X + ``back`` X†) ψ."""
        psi = self.wave.psi
        result = np.zeros_like(psi)
        if self.wave.sites is not None:
            if into > 0:
                return result
            hop = np.sqrt(self.up[:, :-1] * self.down[:, 1:])[:, :, None]
            np.multiply(hop, psi[:, :-1], out=result[:, 1:])
            if back:
                result[:, :-1] += (back * hop) * psi[:, 1:]
            return result
        low, high = slice(None, -1), slice(1, None)
        source, target = (high, low) if into < 0 else (low, high)
        if self.alone:
            source = target = slice(None)
        hop = np.sqrt(self.up[:, low] * self.down[:, :, source if self.alone else low])[..., None]
        result[:, high, target] = hop * psi[:, low, source]
        if back:
            result[:, low, source] += (back * hop) * psi[:, high, target]
        return result

    def coupled(self, anisotropy: float, back: float) -> Complex:
        """(X + ``back`` X† + γ(Y + ``back`` Y†)) ψ of X = S₊J₋ and Y = S₊J₊."""
        result = self.applied(-1, back)
        return result + anisotropy * self.applied(1, back) if anisotropy else result


def singular_values(matrices: Complex) -> Floats:
    """The singular values (T, ·), by eigenvalues where the order of columns makes it Hermitian.

    It does where the sides are alike: Θ of :mod:`numerics.sectors.grids` takes ψ to its conjugate.
    """
    turned = matrices[:, :, ::-1]
    one = turned[len(turned) // 2]
    for phase in (1, -1):
        if one.shape == one.T.shape and np.allclose(one, phase * one.conj().T, 0, _ROUNDING):
            hermitian = turned if phase == 1 else 1j * turned
            return np.asarray(np.abs(np.linalg.eigvalsh(hermitian)), dtype=np.float64)
    return np.asarray(np.linalg.svd(matrices, compute_uv=False), dtype=np.float64)
