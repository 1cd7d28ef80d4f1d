r"""Open batteries by brute force: the Liouvillian on all :math:`4^{M+N}` elements of the state.

Jumps are Pauli matrices of single spins, or their sums; nothing is shared with the engine.
"""

from collections.abc import Iterable

import mpmath
import numpy as np
import scipy

from numerics.model.models import Model
from tests.systems import oracle

JUMPS = {"loss": oracle.LOWER, "pump": oracle.RAISE, "dephasing": oracle.Z / 2}
SIDES = ("cells", "chargers")

Channels = Iterable[tuple[str, str, float, bool]]
"""Kind, side, rate, collective."""


def liouvillian(model: Model, channels: Channels) -> scipy.sparse.csr_array:
    """The generator for states written row after row."""
    spins = model.cells + model.chargers
    places = {"cells": range(model.cells), "chargers": range(model.cells, spins)}
    hamiltonian = sum(float(c) * m for c, m in oracle.terms(model, mpmath.fp))
    one = scipy.sparse.eye_array(2**spins)

    def kron(left, right):
        return scipy.sparse.kron(scipy.sparse.csr_array(left), right, format="csr")

    def right(matrix):
        return kron(one, scipy.sparse.csr_array(matrix.T))

    total = -1j * (kron(hamiltonian, one) - right(hamiltonian))
    for kind, side, rate, collective in channels:
        jumps = [oracle.site(JUMPS[kind], i, spins) for i in places[side]]
        for jump in [sum(jumps)] if collective else jumps:
            number = jump.conj().T @ jump
            both = kron(jump, scipy.sparse.csr_array(jump.conj()))
            total = total + rate * (both - (kron(number, one) + right(number)) / 2)
    return total


def evolved(model: Model, channels: Channels, start: np.ndarray, time: float) -> np.ndarray:
    """The state of all spins at a time."""
    generator = liouvillian(model, channels).tocsc()
    vector = scipy.sparse.linalg.expm_multiply(time * generator, start.astype(complex).ravel())
    return vector.reshape(start.shape)


def battery(model: Model, state: np.ndarray) -> np.ndarray:
    """The state of the cells."""
    cells, rest = 2**model.cells, 2**model.chargers
    return np.einsum("aibi->ab", state.reshape(cells, rest, cells, rest))


def figures(model: Model, state: np.ndarray) -> dict[str, float]:
    """What is known of the cells: in units of ω0 = 1."""
    own = battery(model, state)
    ups = np.array([model.cells - bin(i).count("1") for i in range(2**model.cells)])
    levels = np.linalg.eigvalsh((own + own.conj().T) / 2)[::-1]
    p = np.clip(levels, 1e-300, None)
    mean = float(np.real(np.diag(own)) @ ups)
    return {
        "excited": mean,
        "energy_variance": float(np.real(np.diag(own)) @ ups**2 - mean**2),
        "ergotropy": mean - float(levels @ np.sort(ups)),
        "entropy": float(-(p @ np.log(p))),
        "purity": float(p @ p),
    }


def starting(model: Model, initial: object) -> np.ndarray:
    """The state of all spins at the start."""
    vectors = oracle.starts(model, initial)
    return sum(float(w) * np.outer(v, np.conj(v)) for w, v in vectors)
